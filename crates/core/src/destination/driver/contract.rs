//! What a driver is.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::action::Action;
use super::settings::{DriverSetting, DriverSettings, SettingsError};

/// How one kind of server is made to use new files.
#[derive(Debug)]
pub struct Driver {
    /// Its name in the inventory.
    pub id: &'static str,
    /// What it is for, in one line.
    pub summary: &'static str,
    /// What its clients notice when it loads a certificate.
    pub effect: &'static str,
    /// Whether connections end and none can be made for a while.
    pub interrupts: bool,
    /// What it wants to know, beside what all do ([`super::COMMON`]).
    pub settings: &'static [DriverSetting],
    /// So many seconds may pass until every handshake shows the new certificate.
    pub patience_secs: u64,
    /// So many handshakes in a row must show it: threads and workers may differ for a moment.
    pub in_a_row: u32,
    /// The server's own test of its configuration and files; `None` when it has none.
    pub test: fn(&DriverSettings<'_>) -> Result<Option<Action>, SettingsError>,
    /// What makes it load its files again.
    pub reload: fn(&DriverSettings<'_>, &[PathBuf]) -> Result<Action, SettingsError>,
}

impl Driver {
    /// The settings of a service, for this driver.
    ///
    /// # Errors
    /// One is not known to it, or of no use.
    pub fn settings<'a>(&self, given: &'a BTreeMap<String, String>) -> Result<DriverSettings<'a>, SettingsError> {
        DriverSettings::new(self.id, (self.settings, self.patience_secs), given)
    }
}

impl PartialEq for Driver {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Driver {}
