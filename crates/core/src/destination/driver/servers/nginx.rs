//! nginx: tests its files by itself; a reload starts new workers and lets the old ones finish.

use super::run;
use crate::destination::driver::action::Action;
use crate::destination::driver::contract::Driver;
use crate::destination::driver::settings::{DriverSetting, DriverSettings, SettingsError};

pub(in crate::destination::driver) static DRIVER: Driver = Driver {
    id: "nginx",
    summary: "nginx",
    effect: "none: connections that are kept alive lose at most one request",
    interrupts: false,
    settings: &[
        DriverSetting { name: "program", meaning: "the program", default: Some("nginx") },
        DriverSetting { name: "config", meaning: "its configuration, if not the built-in one", default: None },
    ],
    patience_secs: 30,
    in_a_row: 3,
    test: |settings| Ok(Some(command(settings, &["-t", "-q"])?)),
    // `-s reload` reads the configuration first and fails if it is wrong; a bare signal would fail unseen.
    reload: |settings, _| command(settings, &["-s", "reload"]),
};

fn command(settings: &DriverSettings<'_>, words: &[&str]) -> Result<Action, SettingsError> {
    let mut all = vec![settings.require("program")?];
    all.extend(words);
    let config = settings.path("config")?;
    let config = config.as_deref().and_then(std::path::Path::to_str);
    all.extend(config.into_iter().flat_map(|config| ["-c", config]));
    Ok(run(&all))
}
