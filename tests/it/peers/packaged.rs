//! ActiveMQ and Jetty as their packages start them.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Listening, Peer, command};

const QUICK: [&str; 2] = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

fn java(peer: Peer) -> (Command, &'static str) {
    let mut java = command("java");
    java.args(QUICK);
    (java, peer.starter().expect("a package has a starter"))
}

fn option(name: &str, value: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(value);
    option
}

/// Starts the broker; `configure` writes its `activemq.xml` for a port into the directory it is given.
pub(crate) fn activemq(directory: &Path, mut configure: impl FnMut(u16, &Path)) -> Listening {
    // The package logs with log4j 1.2, which needs to be told of its configuration by itself.
    let log = directory.join("log4j.properties");
    let text = "log4j.rootLogger=WARN, out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\n\
                log4j.appender.out.layout=org.apache.log4j.SimpleLayout\n";
    fs::write(&log, text).expect("a file can be written");
    Listening::start(|port| {
        configure(port, directory);
        let (mut java, starter) = java(Peer::ActiveMqPackage);
        java.arg("-Dactivemq.home=/usr/share/activemq");
        java.arg(option("-Dactivemq.base=", directory)).arg(option("-Dactivemq.conf=", directory));
        java.arg(option("-Dactivemq.data=", &directory.join("data")));
        java.arg(option("-Dlog4j.configuration=file:", &log));
        java.arg("-jar").arg(starter).arg("start");
        java.arg(option("xbean:file:", &directory.join("activemq.xml")));
        java
    })
}

/// Starts Jetty; `configure` makes `directory` its base, for a port.
pub(crate) fn jetty(directory: &Path, mut configure: impl FnMut(u16, &Path)) -> Listening {
    Listening::start(|port| {
        configure(port, directory);
        let (mut java, starter) = java(Peer::JettyPackage);
        java.arg("-jar").arg(starter).arg("jetty.home=/usr/share/jetty9").arg(option("jetty.base=", directory));
        java
    })
}
