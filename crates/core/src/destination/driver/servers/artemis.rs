//! ActiveMQ Artemis with `sslAutoReload=true`: looks at its stores every few seconds.

use super::no_test;
use crate::destination::driver::action::Action;
use crate::destination::driver::contract::Driver;

pub(in crate::destination::driver) static DRIVER: Driver = Driver {
    id: "artemis",
    summary: "ActiveMQ Artemis with `sslAutoReload`",
    effect: "none: the port is closed for some milliseconds",
    interrupts: false,
    settings: &[],
    patience_secs: 60,
    in_a_row: 2,
    test: no_test,
    reload: |_, _| Ok(Action::Nothing),
};
