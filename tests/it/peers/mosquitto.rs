//! Mosquitto with a directory of configuration under test.

use std::fs;
use std::path::Path;

use super::{Listening, command};

/// Starts Mosquitto in a directory of its own; `configure` writes the listener for a port into the directory it is given.
pub(crate) fn mosquitto(directory: &Path, mut configure: impl FnMut(u16, &Path)) -> Listening {
    let included = directory.join("conf.d");
    fs::create_dir_all(&included).expect("a directory can be made");
    Listening::start(|port| {
        configure(port, &included);
        // Started by root it would become another user, who may not read the files of the test.
        let text = format!("user root\npersistence false\nlog_dest stderr\ninclude_dir {}\n", included.display());
        fs::write(directory.join("mosquitto.conf"), text).expect("a configuration can be written");
        let mut mosquitto = command("mosquitto");
        mosquitto.arg("-c").arg(directory.join("mosquitto.conf"));
        mosquitto
    })
}
