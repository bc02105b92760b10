//! The ACME server inside a mount, with our back end for ACME.

use serde_json::json;

use super::logins::with_tls;
use crate::home::text;
use crate::peers::{self, Manners, Pebble, Peer};

#[test]
fn the_acme_server_of_a_mount_issues_too() {
    if !peers::require(&[Peer::Pebble]) {
        return;
    }
    let Some(scene) = with_tls() else { return };
    let (home, server) = (&scene.home, &scene.server);
    // Only for its DNS server.
    let dns = Pebble::start(&Manners::default());
    let tune = json!({
        "passthrough_request_headers": ["If-Modified-Since"],
        "allowed_response_headers": ["Last-Modified", "Location", "Replay-Nonce", "Link"],
    });
    server.must("POST", "sys/mounts/pki/tune", &tune);
    server.must("POST", "pki/config/cluster", &json!({"path": format!("{}/v1/pki", server.address())}));
    server.must("POST", "pki/config/acme", &json!({"enabled": true, "dns_resolver": dns.resolver()}));
    let settings = String::from_utf8(home.read("home/certroll.toml")).expect("text");
    let acme = format!(
        "\n[issuers.acme]\nkind = \"acme\"\ndirectory = \"{}/v1/pki/roles/web/acme/directory\"\nca_file = \"../ca.pem\"\n\
         terms_agreed = true\n\n[issuers.acme.challenge]\nkind = \"dns-01\"\nhook = {{ shell = '''{}''' }}\n",
        server.address(),
        dns.dns_hook()
    );
    home.write("home/certroll.toml", settings + &acme);
    home.ok(&["issuer", "test", "acme"]);
    let issue = ["issue", "a.example.net", "-t", "https-server", "--issuer", "acme", "--key", "ec:p256"];
    home.ok(&[&issue[..], &["--out-cert", "a.pem", "--out-key", "a.key.pem"]].concat());
    let serial = text(home.records("cert.issued").last().expect("a record"), "cert/sn").to_owned();
    assert!(scene.serials().contains(&serial));
    home.ok(&["rotate", "a.example.net"]);
    // It takes no reason through this door either, and says so.
    let ran = home.certroll(&["revoke", &serial, "--reason", "superseded"]).expect(4);
    assert!(ran.stderr.contains("does not support revocation reasons"), "{ran:?}");
    home.ok(&["revoke", &serial, "--reason", "unspecified"]);
    home.verify();
}
