//! How servers are made to use the files that were written for them.
//!
//! A driver is data: which program tests the server's configuration, what tells it to load its files again, what its clients notice
//! of that, and how long it may take until every handshake shows the new certificate. That a server said it had reloaded proves
//! nothing: several say so and go on with what they had. Who calls a driver looks at the server's listeners afterwards.

mod action;
mod contract;
mod servers;
mod settings;

pub use action::{Action, ActionError, ActionFacts, FACTS, run};
pub use contract::Driver;
pub use settings::{COMMON, DriverSetting, DriverSettings, SettingsError};

/// All drivers. A new one is a file in `servers` and its line here.
pub const DRIVERS: &[&Driver] = &[
    &servers::activemq::DRIVER,
    &servers::artemis::DRIVER,
    &servers::command::DRIVER,
    &servers::jetty::DRIVER,
    &servers::kafka::DRIVER,
    &servers::mosquitto::DRIVER,
    &servers::nginx::DRIVER,
    &servers::rabbitmq::DRIVER,
    &servers::systemd::DRIVER,
];

/// The driver of that name.
pub fn by_id(id: &str) -> Option<&'static Driver> {
    DRIVERS.iter().copied().find(|driver| driver.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;

    /// Driver, settings, its test, and what loads the files.
    type Row = (&'static str, &'static [(&'static str, &'static str)], Option<&'static str>, &'static str);

    /// What a driver does with the settings that it requires, each set to a value that it takes.
    fn told(driver: &Driver, given: &[(&str, &str)]) -> (Option<String>, String) {
        let given: BTreeMap<String, String> = given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let settings = driver.settings(&given).unwrap();
        let files = [PathBuf::from("/etc/broker/key.p12")];
        let test = (driver.test)(&settings).unwrap().map(|action| action.to_string());
        (test, (driver.reload)(&settings, &files).unwrap().to_string())
    }

    #[test]
    fn each_driver_does_what_its_server_wants() {
        const KAFKA: &[(&str, &str)] = &[
            ("program", "/opt/kafka/bin/kafka-configs.sh"),
            ("bootstrap", "127.0.0.1:9093"),
            ("broker", "1"),
            ("listener", "tls"),
            ("command-config", "/etc/kafka/admin.properties"),
        ];
        let table: &[Row] = &[
            ("nginx", &[], Some("nginx -t -q"), "nginx -s reload"),
            (
                "nginx",
                &[("program", "/opt/nginx"), ("config", "/etc/n.conf")],
                Some("/opt/nginx -t -q -c /etc/n.conf"),
                "/opt/nginx -s reload -c /etc/n.conf",
            ),
            ("mosquitto", &[("pid-file", "/run/m.pid")], None, "SIGHUP to mosquitto, process in /run/m.pid"),
            ("mosquitto", &[("unit", "mosquitto")], None, "systemctl reload mosquitto"),
            ("rabbitmq", &[], None, "rabbitmqctl eval ssl:clear_pem_cache()."),
            ("rabbitmq", &[("node", "r@a")], None, "rabbitmqctl -n r@a eval ssl:clear_pem_cache()."),
            ("jetty", &[], None, "nothing: it looks at its files by itself"),
            ("artemis", &[], None, "nothing: it looks at its files by itself"),
            ("activemq", &[("unit", "activemq")], None, "systemctl restart activemq"),
            ("activemq", &[("restart", "/opt/a 'b c'")], None, "/opt/a 'b c'"),
            ("systemd", &[("unit", "x.service")], None, "systemctl reload-or-restart x.service"),
            ("systemd", &[("unit", "x"), ("action", "restart")], None, "systemctl restart x"),
            ("command", &[("reload", "ssh host true"), ("test", "a b")], Some("a b"), "ssh host true"),
            (
                "kafka",
                KAFKA,
                None,
                "/opt/kafka/bin/kafka-configs.sh --bootstrap-server 127.0.0.1:9093 --command-config /etc/kafka/admin.properties \
                 --alter --entity-type brokers --entity-name 1 --add-config \
                 listener.name.tls.ssl.keystore.location=/etc/broker/key.p12",
            ),
        ];
        for (id, given, test, reload) in table {
            let driver = by_id(id).unwrap();
            assert_eq!(told(driver, given), (test.map(str::to_owned), (*reload).to_owned()), "{id}");
        }
        let tried: Vec<_> = table.iter().map(|row| row.0).collect();
        assert!(DRIVERS.iter().all(|driver| tried.contains(&driver.id)), "every driver has a row");
    }

    #[test]
    fn settings_that_are_missing_unknown_or_of_no_use_are_refused() {
        for (id, given, said) in [
            ("nginx", &[("unit", "nginx")][..], "no setting `unit`"),
            ("nginx", &[("patience", "soon")], "`patience` is a number of seconds"),
            ("systemd", &[], "needs the setting `unit`"),
            ("systemd", &[("unit", "a b")], "`unit`"),
            ("systemd", &[("unit", "--user")], "`unit`"),
            ("systemd", &[("unit", "x"), ("action", "stop")], "`action`"),
            ("command", &[("reload", "a 'b")], "`reload`"),
            ("command", &[("reload", " ")], "`reload`"),
            ("kafka", &[("bootstrap", "a:1")], "needs the setting"),
            ("activemq", &[], "`unit` or `restart`"),
            ("activemq", &[("unit", "a"), ("restart", "b")], "`unit` or `restart`"),
            ("mosquitto", &[], "`unit` or `pid-file`"),
            ("mosquitto", &[("pid-file", "m.pid")], "`pid-file`"),
        ] {
            let given: BTreeMap<String, String> =
                given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            let driver = by_id(id).unwrap();
            let refused = driver
                .settings(&given)
                .and_then(|settings| (driver.test)(&settings).and((driver.reload)(&settings, &[])).map(|_| ()));
            let text = refused.expect_err(id).to_string();
            assert!(text.contains(said), "{id}: {text}");
        }
    }

    #[test]
    fn what_interrupts_says_so() {
        for driver in DRIVERS {
            assert_eq!(driver.interrupts, driver.effect.contains("restart"), "{}", driver.id);
        }
    }
}
