//! ActiveMQ Classic: has no way to load a keystore again but to start anew. Stopping and starting its connector by JMX goes on with
//! the old one.

use super::{UNIT, no_test, run};
use crate::destination::driver::action::Action;
use crate::destination::driver::contract::Driver;
use crate::destination::driver::settings::DriverSetting;

pub(in crate::destination::driver) static DRIVER: Driver = Driver {
    id: "activemq",
    summary: "ActiveMQ Classic",
    effect: "it restarts: all clients lose their connection, and for some seconds none can connect",
    interrupts: true,
    settings: &[
        UNIT,
        DriverSetting { name: "restart", meaning: "in place of `unit`: a command that starts it anew", default: None },
    ],
    patience_secs: 120,
    in_a_row: 1,
    test: no_test,
    reload: |settings, _| {
        settings.either("unit", "restart")?;
        Ok(match settings.words("restart")? {
            Some(words) => Action::Run(words),
            None => run(&["systemctl", "restart", settings.unit()?.unwrap_or_default()]),
        })
    },
};
