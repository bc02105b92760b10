//! Apache Kafka: loads a keystore again when the dynamic configuration of its listener is set, to the same path as well. Its tool
//! ends with status 0 although the broker has refused a keystore, so that only a handshake tells.

use std::path::{Path, PathBuf};

use super::no_test;
use crate::destination::driver::action::Action;
use crate::destination::driver::contract::Driver;
use crate::destination::driver::settings::{DriverSetting, SettingsError};

pub(in crate::destination::driver) static DRIVER: Driver = Driver {
    id: "kafka",
    summary: "Apache Kafka, by its dynamic configuration",
    effect: "none",
    interrupts: false,
    settings: &[
        DriverSetting { name: "program", meaning: "its tool", default: Some("kafka-configs.sh") },
        DriverSetting { name: "bootstrap", meaning: "HOST:PORT of the broker, for its tool", default: None },
        DriverSetting { name: "command-config", meaning: "properties file of its tool", default: None },
        DriverSetting { name: "broker", meaning: "the broker's number", default: None },
        DriverSetting { name: "listener", meaning: "the listener's name, in lower case", default: None },
        DriverSetting { name: "keystore", meaning: "its keystore, if the certificate has several", default: None },
    ],
    patience_secs: 30,
    // Old and new alternate for a moment.
    in_a_row: 4,
    test: no_test,
    reload: |settings, files| {
        let keystore = match settings.path("keystore")? {
            Some(path) => path,
            None => first_keystore(files)?,
        };
        let location = keystore.display();
        let config = format!("listener.name.{}.ssl.keystore.location={location}", settings.require("listener")?);
        let mut words = vec![settings.require("program")?, "--bootstrap-server", settings.require("bootstrap")?];
        words.extend(settings.get("command-config").into_iter().flat_map(|file| ["--command-config", file]));
        words.extend(["--alter", "--entity-type", "brokers", "--entity-name", settings.require("broker")?]);
        words.extend(["--add-config", &config]);
        Ok(Action::Run(words.into_iter().map(str::to_owned).collect()))
    },
};

fn first_keystore(files: &[PathBuf]) -> Result<PathBuf, SettingsError> {
    let is_keystore = |path: &&PathBuf| {
        let extension = path.extension().and_then(std::ffi::OsStr::to_str);
        extension.is_some_and(|extension| ["p12", "pfx", "jks", "ks"].contains(&extension))
    };
    let found = files.iter().find(is_keystore).map(|path| Path::new(path).to_owned());
    found.ok_or_else(|| {
        SettingsError::new("no keystore is known for its certificate: driver `kafka` needs the setting `keystore`")
    })
}
