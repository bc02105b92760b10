//! No secret of a server is seen: tokens, secret ids, wrapped ones, tokens of jobs, and what servers repeat of them.

use serde_json::{Value, json};

use super::fake::{Fake, says};
use super::scene::Scene;
use crate::home::text;
use crate::peers::openbao::{self, ROOT};
use crate::secrets::{Needle, leaks, watched};

#[test]
fn no_secret_of_the_server_leaves() {
    let Some(scene) = Scene::new() else { return };
    let (home, server) = (&scene.home, &scene.server);
    server.must("POST", "sys/auth/approle", &json!({"type": "approle"}));
    server.must("POST", "auth/approle/role/certroll", &json!({"token_policies": "root-like"}));
    let all = "pki/* create,read,update,list";
    scene.policy("root-like", all);
    let role_id = server.must("GET", "auth/approle/role/certroll/role-id", &Value::Null);
    let role_id = text(&role_id, "data/role_id").to_owned();
    let secret = server.must("POST", "auth/approle/role/certroll/secret-id", &json!({}));
    let secret = text(&secret, "data/secret_id").to_owned();
    let path = "auth/approle/role/certroll/secret-id";
    let header = "root\r\nX-Vault-Wrap-TTL: 5m";
    let (_, wrapped) = openbao::call(server.address(), (ROOT, header), ("POST", path), &json!({}));
    let wrapped = text(&wrapped, "wrap_info/token").to_owned();
    // A server that tells everybody what it was told, in its errors and where no JSON is expected.
    let parrot = Fake::start(|request| match request.starts_with("GET /v1/sys/health") {
        true => says("200 OK", &json!({})),
        false if request.contains("wrapping") => Some(("500 Oops", String::new(), request.to_owned())),
        false => says("400 Bad Request", &json!({"errors": [request]})),
    });
    let needles = [
        Needle::new("the token", ROOT.as_bytes()),
        Needle::new("the secret id", secret.as_bytes()),
        Needle::new("the wrapping token", wrapped.as_bytes()),
    ];
    home.write("secrets/token", ROOT);
    home.write("secrets/secret-id", &secret);
    home.write("secrets/wrapped", &wrapped);
    let approle = format!("method = \"approle\"\nrole_id = \"{role_id}\"\n");
    let plain = format!("{approle}secret_id_file = \"../secrets/secret-id\"");
    let sealed = format!("{approle}secret_id_file = \"../secrets/wrapped\"\nwrapped = true");
    let bad = format!("address = \"{}\"", parrot.address());
    let issue: &[&str] = &["issue", "NAME", "-t", "https-server", "--issuer", "vault", "--key", "ec:p256"];
    let mut at = 0;
    for (keys, auth) in [("", ""), ("", &*plain), ("", &sealed), (&*bad, ""), (&bad, &plain), (&bad, &sealed)] {
        scene.settings(keys, auth);
        at += 1;
        let name = format!("a{at}.example.net");
        let issue: Vec<&str> = issue.iter().map(|word| if *word == "NAME" { &*name } else { word }).collect();
        for arguments in [
            &issue[..],
            &["issuer", "test", "vault"],
            &["issuer", "capabilities", "vault"],
            &["revoke", &name, "--reason", "superseded"],
            &["audit", "reconcile"],
            &["doctor"],
        ] {
            let ran = watched(home, arguments, &needles);
            if keys.is_empty() && arguments[0] != "doctor" {
                assert_eq!(ran.code, 0, "{arguments:?}: {ran:#?}");
            }
            let left = leaks(&home.path(""), &needles);
            assert!(left.is_empty(), "after {arguments:?}: {left:#?}");
        }
    }
    // The errors had something to hide.
    let denied = home.records("auth.denied");
    assert!(
        !denied.is_empty() && denied.iter().any(|record| text(record, "err/text").contains("(secret)")),
        "{denied:#?}"
    );
}

/// What a program prints of itself when it is asked to by a developer.
#[test]
fn debug_shows_no_secret() {
    let secrets = std::collections::HashMap::from([("VAULT_TOKEN".to_owned(), ROOT.to_owned())]);
    let settings = json!({"address": "http://127.0.0.1:1", "role": "web"});
    let issuer = crate::issuers::vault::open(settings, secrets, std::path::Path::new("/"));
    let error = issuer.check(certroll_base::clock::Timestamp::from_secs(0)).expect_err("nobody is there");
    assert!(!format!("{error:?}").contains(ROOT), "{error:?}");
}
