//! RabbitMQ with a directory of configuration under test.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use super::{Listening, Peer, command};

/// A broker, and the name service of Erlang without which it does not start; both end when this is dropped.
pub(crate) struct RabbitMq {
    pub(crate) server: Listening,
    names: Listening,
}

impl RabbitMq {
    /// Where the name service listens, by which its tools find the broker.
    pub(crate) fn names_port(&self) -> u16 {
        self.names.port()
    }
}

/// Starts RabbitMQ in a directory of its own; `configure` writes the listener for a port into the directory it is given.
pub(crate) fn rabbitmq(directory: &Path, mut configure: impl FnMut(u16, &Path)) -> RabbitMq {
    let included = directory.join("conf.d");
    fs::create_dir_all(&included).expect("a directory can be made");
    // It opens an encrypted key for each handshake anew, and a busy machine needs more than the usual five seconds for that.
    let patience = "ssl_handshake_timeout = 60000\nhandshake_timeout = 60000\n";
    for (name, text) in [("rabbitmq.conf", patience), ("advanced.config", "[]."), ("plugins", "[].")] {
        fs::write(directory.join(name), text).expect("a file can be written");
    }
    // Of its own, in the foreground: RabbitMQ would start one that outlives it, on all addresses.
    let names = Listening::start(|port| {
        let mut epmd = command("epmd");
        epmd.args(["-address", "127.0.0.1", "-port", &port.to_string()]);
        epmd
    });
    let server = Listening::start(|port| {
        configure(port, &included);
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
        let nodes = free.expect("a port is free").port().to_string();
        // The script itself: the one on the search path becomes another user, who may not read the files of the test.
        let mut server = command(Peer::RabbitMq.starter().expect("a package has a starter"));
        server.env("HOME", directory).env("ERL_EPMD_PORT", names.port().to_string());
        server.env("ERL_EPMD_ADDRESS", "127.0.0.1").env("RABBITMQ_DIST_PORT", nodes);
        server.env("RABBITMQ_NODENAME", "certroll@localhost").env("RABBITMQ_LOGS", "-");
        server.env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
        server.env("RABBITMQ_CONF_ENV_FILE", "/dev/null");
        for (name, file) in [
            ("RABBITMQ_CONFIG_FILE", "rabbitmq.conf"),
            ("RABBITMQ_CONFIG_FILES", "conf.d"),
            ("RABBITMQ_ADVANCED_CONFIG_FILE", "advanced.config"),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", "plugins"),
            ("RABBITMQ_MNESIA_BASE", "mnesia"),
            ("RABBITMQ_PID_FILE", "pid"),
        ] {
            server.env(name, directory.join(file));
        }
        // The script turns into the broker, instead of waiting for it.
        server.env("RUNNING_UNDER_SYSTEMD", "true");
        server
    });
    RabbitMq { server, names }
}
