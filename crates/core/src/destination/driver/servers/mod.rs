//! The drivers, one file for each kind of server.

pub(super) mod activemq;
pub(super) mod artemis;
pub(super) mod command;
pub(super) mod jetty;
pub(super) mod kafka;
pub(super) mod mosquitto;
pub(super) mod nginx;
pub(super) mod rabbitmq;
pub(super) mod systemd;

use crate::destination::driver::action::Action;
use crate::destination::driver::settings::{DriverSetting, DriverSettings, SettingsError};

/// The setting of those that are told by systemd.
const UNIT: DriverSetting = DriverSetting { name: "unit", meaning: "its unit of systemd", default: None };

fn run(words: &[&str]) -> Action {
    Action::Run(words.iter().map(|word| (*word).to_owned()).collect())
}

/// For servers that have no test of their own.
#[expect(clippy::unnecessary_wraps, reason = "it stands where other drivers may refuse settings")]
fn no_test(_: &DriverSettings<'_>) -> Result<Option<Action>, SettingsError> {
    Ok(None)
}
