//! The example in `examples/meter-reading` does what it says, with the real servers.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::peers::{self, Peer};

/// It starts two servers and a dozen Java programs one after the other.
const PATIENCE: Duration = Duration::from_secs(900);

#[test]
fn live_example_meter_reading() {
    let servers = [Peer::ActiveMq, Peer::ActiveMqPackage, Peer::JettyPackage, Peer::Jdk, Peer::Curl];
    if !peers::require(&servers) {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/meter-reading/run");
    let mut example = Command::new(run);
    example.arg(directory.path().join("story")).env("CERTROLL", env!("CARGO_BIN_EXE_certroll"));
    // Whatever the user of this machine has set is not the example's business.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CERTROLL_")) {
        example.env_remove(name);
    }
    let output = peers::run_within(PATIENCE, &mut example, b"").expect_success("the example");
    let said: Vec<&str> = output.stdout.lines().filter_map(|line| line.strip_prefix("ok: ")).collect();
    let expected = [
        "signed, sent over mutual TLS, taken off the queue, verified",
        "as JSON over HTTPS with a client certificate: {\"meter\":\"1EXM",
        "a plaintext connection to the broker is refused",
        "a plaintext connection to Jetty is refused",
        "a foreign client at the broker is refused",
        "a foreign client at Jetty is refused",
        "a client without a certificate at Jetty is refused",
        "a tampered message is refused: the envelope cannot be used: the signature does not verify",
        "a replayed message is refused: number 1 of `head-end-signer` was accepted before",
    ];
    assert!(said.len() >= expected.len(), "{output:?}");
    for (line, expected) in said.iter().zip(expected) {
        assert!(line.starts_with(expected), "{expected}: {output:?}");
    }
    // Only root may listen to the wire: elsewhere the example says that it does not.
    if output.stdout.contains("skipped: the look at the wire") {
        assert!(!is_root() || !peers::require(&[Peer::Tcpdump]), "{output:?}");
    } else {
        assert!(peers::require(&[Peer::Tcpdump]) && said[expected.len()].starts_with("no plaintext"), "{output:?}");
    }
    assert_eq!(said.last(), Some(&"done"), "{output:?}");
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
