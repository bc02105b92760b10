//! Jetty with a `KeyStoreScanner`, from our configuration or its module `ssl-reload`: looks at its keystore every second. Jetty 12 fails every handshake while the file is
//! damaged, which a file that is replaced in one step never is.

use super::no_test;
use crate::destination::driver::action::Action;
use crate::destination::driver::contract::Driver;

pub(in crate::destination::driver) static DRIVER: Driver = Driver {
    id: "jetty",
    summary: "Jetty 9.4 to 12 that looks for a new keystore, as `service config` or the module `ssl-reload` makes it",
    effect: "none",
    interrupts: false,
    settings: &[],
    patience_secs: 60,
    in_a_row: 2,
    test: no_test,
    reload: |_, _| Ok(Action::Nothing),
};
