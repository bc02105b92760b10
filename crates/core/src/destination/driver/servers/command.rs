//! Any server, by commands of the operator: on this host, or on another one by ssh or Ansible.

use crate::destination::driver::action::Action;
use crate::destination::driver::contract::Driver;
use crate::destination::driver::settings::{DriverSetting, SettingsError};

pub(in crate::destination::driver) static DRIVER: Driver = Driver {
    id: "command",
    summary: "any server, by a command of yours, which is told on its standard input what has changed",
    effect: "as the command does it",
    interrupts: false,
    settings: &[
        DriverSetting { name: "reload", meaning: "command that makes the server load its files", default: None },
        DriverSetting { name: "test", meaning: "command that tests its files beforehand", default: None },
    ],
    patience_secs: 60,
    in_a_row: 2,
    test: |settings| Ok(settings.words("test")?.map(Action::Run)),
    reload: |settings, _| {
        settings.require("reload")?;
        let words = settings.words("reload")?;
        words.map(Action::Run).ok_or_else(|| SettingsError::new("there is no command"))
    },
};
