//! Mosquitto: loads certificate and key again when it is told to hang up. A pair that does not fit leaves the listener dead and the
//! process alive, so it is told only after both files are in place.

use super::{UNIT, no_test, run};
use crate::destination::driver::action::Action;
use crate::destination::driver::contract::Driver;
use crate::destination::driver::settings::DriverSetting;

pub(in crate::destination::driver) static DRIVER: Driver = Driver {
    id: "mosquitto",
    summary: "Eclipse Mosquitto 2",
    effect: "none; a CA taken out of `cafile` is trusted until it is started anew",
    interrupts: false,
    settings: &[UNIT, DriverSetting { name: "pid-file", meaning: "in place of `unit`: its `pid_file`", default: None }],
    patience_secs: 15,
    in_a_row: 2,
    test: no_test,
    reload: |settings, _| {
        settings.either("unit", "pid-file")?;
        Ok(match (settings.unit()?, settings.path("pid-file")?) {
            (_, Some(pid_file)) => Action::HangUp { pid_file, program: "mosquitto" },
            (unit, None) => run(&["systemctl", "reload", unit.unwrap_or_default()]),
        })
    },
};
