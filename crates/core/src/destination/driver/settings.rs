//! What a driver wants to know.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Something that a driver wants to know.
#[derive(Clone, Copy, Debug)]
pub struct DriverSetting {
    /// Its name.
    pub name: &'static str,
    /// What it means, in one line.
    pub meaning: &'static str,
    /// What it is if it is not given; `None` when there is no such value.
    pub default: Option<&'static str>,
}

/// What every driver can be told.
pub const COMMON: &[DriverSetting] = &[
    DriverSetting { name: "timeout", meaning: "seconds that a command may take", default: Some("60") },
    DriverSetting {
        name: "patience",
        meaning: "seconds until every handshake shows the new certificate, if not as the driver knows it",
        default: None,
    },
];

/// Why settings are of no use.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

impl SettingsError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// The settings of a service, for its driver.
#[derive(Debug)]
pub struct DriverSettings<'a> {
    /// The name of the driver.
    driver: &'static str,
    /// What it wants to know.
    own: &'static [DriverSetting],
    patience_secs: u64,
    given: &'a BTreeMap<String, String>,
}

impl<'a> DriverSettings<'a> {
    /// Those of a service with the driver of that name, which wants to know that and has that patience.
    ///
    /// # Errors
    /// One is not known to the driver, or of no use.
    pub(super) fn new(
        driver: &'static str,
        (own, patience_secs): (&'static [DriverSetting], u64),
        given: &'a BTreeMap<String, String>,
    ) -> Result<Self, SettingsError> {
        let known = || own.iter().chain(COMMON);
        if let Some(name) = given.keys().find(|name| known().all(|setting| setting.name != *name)) {
            let known: Vec<_> = known().map(|setting| setting.name).collect();
            let known = known.join("`, `");
            return Err(SettingsError(format!("driver `{driver}` has no setting `{name}`, only `{known}`")));
        }
        let settings = Self { driver, own, patience_secs, given };
        settings.timeout()?;
        settings.patience()?;
        Ok(settings)
    }

    /// The value of a setting, or what stands for it.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let default = || {
            let known = self.own.iter().chain(COMMON);
            known.filter(|setting| setting.name == name).find_map(|setting| setting.default)
        };
        self.given.get(name).map(String::as_str).or_else(default)
    }

    pub(super) fn require(&self, name: &str) -> Result<&'a str, SettingsError> {
        let missing = || SettingsError(format!("driver `{}` needs the setting `{name}`", self.driver));
        self.get(name).ok_or_else(missing)
    }

    /// The one of two settings that is given.
    pub(super) fn either(&self, one: &str, other: &str) -> Result<(Option<&'a str>, Option<&'a str>), SettingsError> {
        match (self.get(one), self.get(other)) {
            (None, None) | (Some(_), Some(_)) => {
                let id = self.driver;
                Err(SettingsError(format!("driver `{id}` needs one of the settings `{one}` or `{other}`")))
            }
            found => Ok(found),
        }
    }

    /// An absolute path.
    pub(super) fn path(&self, name: &str) -> Result<Option<PathBuf>, SettingsError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        if Path::new(text).is_absolute() {
            return Ok(Some(PathBuf::from(text)));
        }
        Err(SettingsError(format!("`{name}` is `{text}`, which is no absolute path")))
    }

    /// The words of a command line, as a shell would split them; nothing else of it is for a shell.
    pub(super) fn words(&self, name: &str) -> Result<Option<Vec<String>>, SettingsError> {
        self.get(name).map(|line| words(name, line)).transpose()
    }

    /// The name of a systemd unit.
    pub(super) fn unit(&self) -> Result<Option<&'a str>, SettingsError> {
        let Some(unit) = self.get("unit") else { return Ok(None) };
        let plain = |c: char| c.is_ascii_alphanumeric() || ":-_.\\@".contains(c);
        if unit.is_empty() || unit.starts_with('-') || !unit.chars().all(plain) {
            return Err(SettingsError(format!("`unit` is `{unit}`, which is no name of a unit")));
        }
        Ok(Some(unit))
    }

    /// How long a command may take.
    ///
    /// # Errors
    /// It is no number of seconds.
    pub fn timeout(&self) -> Result<Duration, SettingsError> {
        self.seconds("timeout").map(|given| given.unwrap_or(Duration::from_secs(60)))
    }

    /// How long it may take until every handshake shows the new certificate.
    ///
    /// # Errors
    /// It is no number of seconds.
    pub fn patience(&self) -> Result<Duration, SettingsError> {
        let known = Duration::from_secs(self.patience_secs);
        self.seconds("patience").map(|given| given.unwrap_or(known))
    }

    fn seconds(&self, name: &str) -> Result<Option<Duration>, SettingsError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        match text.parse::<u32>() {
            Ok(secs @ 1..=3600) => Ok(Some(Duration::from_secs(secs.into()))),
            _ => Err(SettingsError(format!("`{name}` is a number of seconds from 1 to 3600, not `{text}`"))),
        }
    }
}

/// The words of a command line.
///
/// # Errors
/// A quote is open at its end, or there is no word.
pub(super) fn words(name: impl fmt::Display, line: &str) -> Result<Vec<String>, SettingsError> {
    match shlex::split(line) {
        Some(words) if words.first().is_some_and(|program| !program.is_empty()) => Ok(words),
        Some(_) => Err(SettingsError(format!("`{name}` names no program"))),
        None => Err(SettingsError(format!("`{name}` is `{line}`, in which a quote is not closed"))),
    }
}
