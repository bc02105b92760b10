//! The ways to a token.

use std::fs;
use std::path::Path;

use base64ct::{Base64UrlUnpadded, Encoding};
use certroll_base::clock::{Clock, SystemClock};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::KeyPair;
use serde_json::{Value, json};

use super::fake::{Fake, says};
use super::scene::Scene;
use crate::home::{Ran, TestHome, text};
use crate::peers::openbao::{self, OpenBao, ROOT};
use crate::peers::{self, Peer, openssl};

/// All that is needed, as docs/vault.md tells it.
const RULES: &str = "pki/sign/web update
    pki/roles/web read
    pki/certs list
    pki/certs/* list
    pki/cert/* read
    pki/issuers list
    pki/issuer/+/json read
    pki/revoke update";

/// That the login works is seen by what it is good for.
fn works(scene: &Scene) {
    scene.home.ok(&["issuer", "test", "vault"]);
    scene.issue("a.example.net").expect(0);
    scene.home.ok(&["revoke", "a.example.net", "--reason", "superseded"]);
    scene.home.ok(&["audit", "reconcile"]);
}

/// That a login is refused is on record, and nothing was announced.
fn refused(scene: &Scene, words: &str) -> Ran {
    let (denied, intents) = (scene.home.records("auth.denied").len(), scene.home.records("cert.issue.intent").len());
    let ran = scene.issue("refused.example.net").expect(5);
    assert!(ran.stderr.contains(words) && ran.stderr.contains("hint: "), "{ran:?}");
    assert_eq!(scene.home.records("auth.denied").len(), denied + 1, "{ran:?}");
    assert_eq!(scene.home.records("cert.issue.intent").len(), intents);
    ran
}

#[test]
fn a_token_lies_in_a_file_or_in_the_environment() {
    let Some(scene) = Scene::new() else { return };
    works(&scene);
    scene.home.write("secrets/token", "wrong\n");
    let ran = refused(&scene, "the server says 403 (not allowed): permission denied");
    assert!(ran.stderr.contains("its token is not accepted"), "{ran:?}");
    scene.home.write("secrets/token", "not\ta token\n");
    let ran = scene.issue("b.example.net").expect(2);
    assert!(ran.stderr.contains("characters that no token has"), "{ran:?}");
    scene.settings("", "method = \"token\"");
    refused(&scene, "there is no token");
    for (variable, value) in [("VAULT_TOKEN", ROOT.to_owned()), ("BAO_TOKEN", ROOT.to_owned())] {
        let ran = scene.home.command(&["issuer", "test", "vault"]).env(variable, value).output();
        assert!(ran.expect("it can be started").status.success(), "{variable}");
    }
    scene.home.write(".vault-token", ROOT);
    let ran = scene.home.command(&["issuer", "test", "vault"]).env("HOME", scene.home.path("")).output();
    assert!(ran.expect("it can be started").status.success());
    // An environment that turns off verification, or names another server, is not listened to.
    let mut command = scene.home.command(&["issuer", "test", "vault"]);
    command.env("VAULT_TOKEN", ROOT).env("VAULT_ADDR", "http://127.0.0.1:1").env("VAULT_SKIP_VERIFY", "");
    command.env("VAULT_NAMESPACE", "nowhere").env("VAULT_CACERT", "/nowhere");
    assert!(command.output().expect("it can be started").status.success());
}

#[test]
fn an_approle_logs_in_also_with_a_wrapped_secret() {
    let Some(scene) = Scene::new() else { return };
    let server = &scene.server;
    scene.policy("issuing", RULES);
    server.must("POST", "sys/auth/approle", &json!({"type": "approle"}));
    server.must("POST", "auth/approle/role/certroll", &json!({"token_policies": "issuing", "token_ttl": "10m"}));
    let role_id = server.must("GET", "auth/approle/role/certroll/role-id", &Value::Null);
    let role_id = text(&role_id, "data/role_id").to_owned();
    let secret = server.must("POST", "auth/approle/role/certroll/secret-id", &json!({}));
    scene.home.write("secrets/secret-id", text(&secret, "data/secret_id"));
    let auth = |more: &str| {
        format!("method = \"approle\"\nrole_id = \"{role_id}\"\nsecret_id_file = \"../secrets/secret-id\"\n{more}")
    };
    scene.settings("", &auth(""));
    works(&scene);
    scene.home.write("secrets/secret-id", "wrong");
    refused(&scene, "the login by `approle` failed: the server says 400");

    // Wrapped: unwrapped once, and kept.
    let wrapped = || {
        let body = serde_json::to_string(&json!({})).expect("JSON");
        let (_, answer) = wrap(server.address(), "auth/approle/role/certroll/secret-id", &body);
        text(&answer, "wrap_info/token").to_owned()
    };
    scene.settings("", &auth("wrapped = true"));
    scene.home.write("secrets/secret-id", wrapped());
    scene.home.ok(&["issuer", "test", "vault"]);
    scene.home.ok(&["issuer", "test", "vault"]);
    let runs = scene.home.at_once(&vec![vec!["issuer".to_owned(), "test".to_owned(), "vault".to_owned()]; 4]);
    assert!(runs.iter().all(|ran| ran.code == 0), "{runs:?}");

    // Somebody else was there first.
    let stolen = wrapped();
    server.must("POST", "sys/wrapping/unwrap", &json!({"token": stolen}));
    scene.home.write("secrets/secret-id", &stolen);
    let ran = refused(&scene, "the secret id cannot be unwrapped");
    assert!(ran.stderr.contains("another party has the secret id"), "{ran:?}");
    scene.home.write("secrets/secret-id", wrapped());
    scene.home.ok(&["issuer", "test", "vault"]);
}

/// A call whose answer comes wrapped.
fn wrap(address: &str, path: &str, body: &str) -> (u16, Value) {
    // The header goes where a namespace would: after a namespace that is the root's.
    openbao::call(
        address,
        (ROOT, "root\r\nX-Vault-Wrap-TTL: 5m"),
        ("POST", path),
        &serde_json::from_str(body).expect("JSON"),
    )
}

/// A token in the form of a JWT with these claims, signed by an RSA key.
fn jwt(key: &KeyPair, claims: &Value) -> String {
    let url = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let message = format!("{}.{}", url(&json!({"alg": "RS256", "typ": "JWT"})), url(claims));
    let signature = key.sign(message.as_bytes()).expect("it signs");
    format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature))
}

#[test]
fn a_job_logs_in_with_the_token_of_its_ci() {
    let Some(scene) = Scene::new() else { return };
    let server = &scene.server;
    scene.policy("issuing", RULES);
    let key = KeyPair::generate("rsa:2048".parse().expect("a kind of key")).expect("a key");
    server.must("POST", "sys/auth/ci", &json!({"type": "jwt"}));
    let keys = pem::encode(Label::PublicKey, key.spki());
    server.must(
        "POST",
        "auth/ci/config",
        &json!({"jwt_validation_pubkeys": [keys], "bound_issuer": "https://ci.test"}),
    );
    let role = json!({
        "role_type": "jwt", "user_claim": "sub", "bound_audiences": ["openbao"], "token_policies": ["issuing"],
        "bound_claims": {"ref": "main"},
    });
    server.must("POST", "auth/ci/role/certroll", &role);
    let now = SystemClock.now().secs();
    let claims = |branch: &str| json!({"iss": "https://ci.test", "aud": "openbao", "sub": "job-1", "ref": branch, "iat": now, "exp": now + 600});
    scene.home.write("secrets/jwt", jwt(&key, &claims("main")));
    let auth = "method = \"jwt\"\nmount = \"ci\"\nrole = \"certroll\"\n";
    scene.settings("", &format!("{auth}jwt_file = \"../secrets/jwt\""));
    works(&scene);
    scene.home.write("secrets/jwt", jwt(&key, &claims("feature")));
    refused(&scene, "the login by `jwt` failed: the server says");
    // From the environment of a job.
    scene.settings("", &format!("{auth}jwt_variable = \"CI_JOB_JWT\""));
    refused(&scene, "CI_JOB_JWT is not set");
    let ran = scene.home.command(&["issuer", "test", "vault"]).env("CI_JOB_JWT", jwt(&key, &claims("main"))).output();
    assert!(ran.expect("it can be started").status.success());
}

#[test]
fn a_pod_logs_in_with_its_service_account() {
    let Some(scene) = Scene::new() else { return };
    let server = &scene.server;
    scene.policy("issuing", RULES);
    let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "status": {
        "authenticated": true,
        "user": {"username": "system:serviceaccount:ci:certroll", "uid": "u-1", "groups": ["system:serviceaccounts"]},
    }});
    // The API server of a cluster, as far as it reviews tokens.
    let cluster = Fake::start(move |_| says("201 Created", &review));
    server.must("POST", "sys/auth/kubernetes", &json!({"type": "kubernetes"}));
    let root = server.must("GET", "pki/cert/ca", &Value::Null);
    let config = json!({
        "kubernetes_host": cluster.address(), "disable_local_ca_jwt": true,
        "kubernetes_ca_cert": text(&root, "data/certificate"), "token_reviewer_jwt": "reviewer",
    });
    server.must("POST", "auth/kubernetes/config", &config);
    let role = json!({
        "bound_service_account_names": ["certroll"], "bound_service_account_namespaces": ["ci"],
        "token_policies": ["issuing"],
    });
    server.must("POST", "auth/kubernetes/role/certroll", &role);
    let key = KeyPair::generate("rsa:2048".parse().expect("a kind of key")).expect("a key");
    let now = SystemClock.now().secs();
    let claims = json!({
        "iss": "kubernetes/serviceaccount", "sub": "system:serviceaccount:ci:certroll", "iat": now, "exp": now + 600,
        "kubernetes.io": {"namespace": "ci", "serviceaccount": {"name": "certroll", "uid": "u-1"}},
    });
    scene.home.write("secrets/pod", jwt(&key, &claims));
    scene.settings("", "method = \"kubernetes\"\nrole = \"certroll\"\njwt_file = \"../secrets/pod\"");
    works(&scene);
    scene.settings("", "method = \"kubernetes\"\nrole = \"other\"\njwt_file = \"../secrets/pod\"");
    refused(&scene, "the login by `kubernetes` failed");
}

/// A server with TLS, and a home with CAs: `server.pem` and `server.key` are the server's, `ca.pem` is the root.
pub(super) fn with_tls() -> Option<Scene> {
    if !peers::require(&[Peer::OpenBao, Peer::OpenSsl, Peer::Curl]) {
        return None;
    }
    let home = TestHome::new();
    let file = |name: &str| home.path(name);
    let issue = ["issue", "127.0.0.1", "-t", "https-server", "--issuer", "issuing", "--key", "ec:p256"];
    home.ok(&[&issue[..], &["--out-cert", "server.pem", "--out-key", "server.enc"]].concat());
    let words = [
        ("pkey", "-in"),
        (&*file("server.enc").display().to_string(), "-passin"),
        (&*format!("file:{}", file("secrets/storepass").display()), "-out"),
    ]
    .map(|(one, two)| [one.to_owned(), two.to_owned()])
    .concat();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let key = file("server.key").display().to_string();
    openssl(&[&words[..], &[&key]].concat()).expect_success("openssl pkey");
    home.write("ca.pem", home.ok(&["ca", "export", "root"]).stdout);
    let directory = home.path("server");
    fs::create_dir(&directory).expect("a directory can be made");
    let (certificate, key, ca) = (file("server.pem"), file("server.key"), file("ca.pem"));
    let server = OpenBao::with_tls(&directory, (&certificate, &key, &ca));
    let scene = Scene::with(server, home);
    scene.home.write("secrets/token", scene.server.token());
    scene.server.must("POST", "sys/mounts/pki", &json!({"type": "pki", "config": {"max_lease_ttl": "87600h"}}));
    let root = json!({"common_name": "Root", "ttl": "87600h", "key_type": "ec", "key_bits": 256});
    scene.server.must("POST", "pki/root/generate/internal", &root);
    scene.role("web", json!({}));
    scene.settings("ca_file = \"../ca.pem\"", "");
    Some(scene)
}

#[test]
fn a_certificate_logs_in_over_tls() {
    let Some(scene) = with_tls() else { return };
    let (home, server) = (&scene.home, &scene.server);
    scene.policy("issuing", RULES);
    let issue = ["issue", "operator", "-t", "jms-client", "--issuer", "issuing", "--key", "ec:p256"];
    home.ok(&[&issue[..], &["--out-cert", "operator.pem", "--out-key", "operator.key.pem"]].concat());
    server.must("POST", "sys/auth/cert", &json!({"type": "cert"}));
    let trusted = json!({
        "certificate": home.ok(&["ca", "export", "issuing"]).stdout, "token_policies": "issuing",
        "allowed_common_names": "operator",
    });
    server.must("POST", "auth/cert/certs/operators", &trusted);
    let auth = |name: &str| {
        format!(
            "method = \"cert\"\nrole = \"operators\"\ncertificate_file = \"../{name}.pem\"\n\
             key_file = \"../{name}.key.pem\"\nkey_password_file = \"../secrets/storepass\""
        )
    };
    scene.settings("ca_file = \"../ca.pem\"", &auth("operator"));
    works(&scene);
    let issue = ["issue", "stranger", "-t", "jms-client", "--issuer", "issuing", "--key", "ec:p256"];
    home.ok(&[&issue[..], &["--out-cert", "stranger.pem", "--out-key", "stranger.key.pem"]].concat());
    scene.settings("ca_file = \"../ca.pem\"", &auth("stranger"));
    refused(&scene, "the login by `cert` failed");
    scene.settings("ca_file = \"../ca.pem\"", &auth("operator").replace("storepass", "passphrase"));
    let ran = home.certroll(&["issuer", "test", "vault"]).expect(5);
    assert!(ran.stderr.contains("the key for the login does not open"), "{ran:?}");
}

#[test]
fn a_namespace_is_a_server_of_its_own() {
    let Some(scene) = Scene::new() else { return };
    let server = &scene.server;
    server.must("POST", "sys/namespaces/team", &json!({}));
    let within = |method: &str, path: &str, body: &Value| {
        let (status, said) = openbao::call(server.address(), (ROOT, "team"), (method, path), body);
        assert!((200..300).contains(&status), "{path}: {said}");
    };
    within("POST", "sys/mounts/certs", &json!({"type": "pki", "config": {"max_lease_ttl": "87600h"}}));
    let root = json!({"common_name": "Team Root", "ttl": "87600h", "key_type": "ec", "key_bits": 256});
    within("POST", "certs/root/generate/internal", &root);
    let role =
        json!({"allowed_domains": "example.net", "allow_subdomains": true, "key_type": "any", "max_ttl": "2160h"});
    within("POST", "certs/roles/web", &role);
    scene.settings("namespace = \"team\"\nmount = \"certs\"", "");
    works(&scene);
    assert!(scene.serials().len() == 1, "the root namespace has its root alone");
    scene.settings("namespace = \"nobody\"\nmount = \"certs\"", "");
    let ran = scene.home.certroll(&["issuer", "test", "vault"]);
    assert!(ran.code != 0 && ran.stderr.contains("namespace"), "{ran:?}");
    assert!(Path::new(&scene.home.path("a.example.net.pem")).is_file());
}
