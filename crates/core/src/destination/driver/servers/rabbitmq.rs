//! RabbitMQ: keeps PEM files in a cache for up to two minutes, which can be emptied.

use super::{no_test, run};
use crate::destination::driver::contract::Driver;
use crate::destination::driver::settings::DriverSetting;

pub(in crate::destination::driver) static DRIVER: Driver = Driver {
    id: "rabbitmq",
    summary: "RabbitMQ",
    effect: "none",
    interrupts: false,
    settings: &[
        DriverSetting { name: "program", meaning: "its tool", default: Some("rabbitmqctl") },
        DriverSetting { name: "node", meaning: "the node, if not the one of this host", default: None },
    ],
    patience_secs: 150,
    in_a_row: 2,
    test: no_test,
    reload: |settings, _| {
        let mut words = vec![settings.require("program")?];
        words.extend(settings.get("node").into_iter().flat_map(|node| ["-n", node]));
        words.extend(["eval", "ssl:clear_pem_cache()."]);
        Ok(run(&words))
    },
};
