//! Any server that systemd keeps.

use super::{UNIT, no_test, run};
use crate::destination::driver::contract::Driver;
use crate::destination::driver::settings::{DriverSetting, SettingsError};

/// What systemd may be asked to do.
const ACTIONS: [&str; 4] = ["reload-or-restart", "reload", "restart", "try-reload-or-restart"];

pub(in crate::destination::driver) static DRIVER: Driver = Driver {
    id: "systemd",
    summary: "any server that systemd keeps",
    effect: "as its unit says; without a way to reload it restarts",
    interrupts: true,
    settings: &[
        UNIT,
        DriverSetting {
            name: "action",
            meaning: "reload-or-restart, reload, restart or try-reload-or-restart",
            default: Some(ACTIONS[0]),
        },
    ],
    patience_secs: 60,
    in_a_row: 2,
    test: no_test,
    reload: |settings, _| {
        settings.require("unit")?;
        let action = settings.require("action")?;
        if !ACTIONS.contains(&action) {
            return Err(SettingsError::new(format!("`action` is `{action}`, not one of {}", ACTIONS.join(", "))));
        }
        Ok(run(&["systemctl", action, settings.unit()?.unwrap_or_default()]))
    },
};
