//! A server that misbehaves: each fault is a clear error or a correct retry, and never a certificate too many.

use super::server::{Reply, Server};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::{Value, json};

use crate::home::{Ran, TestHome, text};

struct Room {
    home: TestHome,
    server: Server,
}

impl Room {
    fn new(misbehaviour: impl Fn(&str, usize) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let (home, server) = (TestHome::founded(), Server::start(misbehaviour));
        home.write(
            "home/certroll.toml",
            format!(
                "schema = 1\nstore = \"sqlite\"\n\n[issuers.public]\nkind = \"acme\"\ndirectory = \"{}\"\nca_file = \"{}\"\n\
                 terms_agreed = true\ntimeout_secs = 3\npatience_secs = 1\n",
                server.url(),
                server.ca_file().display()
            ),
        );
        Self { home, server }
    }

    fn issue(&self) -> Ran {
        self.home.certroll(&["issue", "shop.example.net", "--template", "https-server", "--format", "json"])
    }
}

fn at(wanted: &'static str, reply: Reply) -> impl Fn(&str, usize) -> Option<Reply> + Send + Sync + 'static {
    move |path, _| (path == wanted).then(|| reply.clone())
}

#[test]
fn a_limit_is_obeyed_and_said() {
    let limited = Reply::problem(429, "rateLimited", "too many orders").with("retry-after", "3600");
    let room = Room::new(at("/new-order", limited));
    let ran = room.issue().expect(6);
    assert!(ran.stderr.contains("too many orders") && ran.stderr.contains("try again after 20"), "{ran:?}");
    let until = text(&ran.json(), "retry_after").to_owned();
    assert!(ran.stderr.contains(&until), "{ran:?}");
    assert_eq!(ran.json()["exit_code"], 6);
    assert_eq!(room.server.asked("/new-order"), 1, "it did not wait");
    assert_eq!(text(&room.home.records("cert.issue.failed")[0], "err/code"), "rate-limited");
    // The same as a date, and from something in between that does not speak ACME.
    let date = "Fri, 31 Dec 2099 23:59:59 GMT";
    let room = Room::new(at("/new-order", Reply::new(429, "slow down").with("retry-after", date)));
    assert_eq!(text(&room.issue().expect(6).json(), "retry_after"), "2099-12-31T23:59:59Z");
}

#[test]
fn what_is_no_acme_server_is_called_so() {
    let page =
        |status| Reply::new(status, "<html>Service unavailable\u{1b}[31m</html>").with("content-type", "text/html");
    let room = Room::new(at("/new-order", page(503)));
    let ran = room.issue().expect(6);
    assert!(ran.stderr.contains("status 503") && ran.stderr.contains("text/html"), "{ran:?}");
    assert!(!ran.stderr.contains('\u{1b}'), "the page reached the terminal");
    for (reply, said) in [
        (page(200), "is no ACME directory"),
        (page(404), "is no ACME directory"),
        (Reply::new(200, "{\"new-reg\": \"https://ca.example/acme/new-reg\"}"), "missing field `newNonce`"),
        (Reply::new(301, "").with("location", "https://elsewhere.example/"), "is no ACME directory"),
    ] {
        let ran = Room::new(at("/dir", reply)).issue().expect(2);
        assert!(ran.stderr.contains(said), "{ran:?}");
        assert!(ran.stderr.contains("correct `directory` in `[issuers.public]`"), "{ran:?}");
    }
    let ran = Room::new(at("/dir", page(503))).issue().expect(6);
    assert!(ran.stderr.contains("status 503"), "{ran:?}");
}

#[test]
fn nonces_are_asked_for_again_but_not_for_ever() {
    let refused = || Reply::problem(400, "badNonce", "stale");
    let some = move |path: &str, before| (path == "/new-account" && before < 5).then(refused);
    let room = Room::new(some);
    room.home.ok(&["issuer", "account", "create", "public"]);
    assert_eq!(room.server.asked("/new-account"), 6);
    let room = Room::new(at("/new-account", refused()));
    let ran = room.home.certroll(&["issuer", "account", "create", "public"]).expect(6);
    assert!(ran.stderr.contains("badNonce"), "{ran:?}");
    assert!(room.server.asked("/new-account") < 20);
    let room = Room::new(at("/new-order", refused()));
    let ran = room.issue().expect(6);
    assert!(ran.stderr.contains("badNonce"), "{ran:?}");
    assert!(room.server.asked("/new-order") < 20);
}

/// The request that makes a certificate is sent once, however its answer is lost: then the order is asked.
#[test]
fn a_request_without_an_answer_is_not_repeated() {
    for (reply, code) in [
        (Reply::new(502, "bad gateway"), 6),
        (Reply::problem(500, "serverInternal", "oops"), 6),
        (Reply::new(200, "{\"status\": \"undecided\"}"), 6),
    ] {
        let room = Room::new(move |path, _| match path {
            "/finalize" => Some(reply.clone()),
            "/order" => {
                let body = "{\"status\": \"processing\", \"authorizations\": [], \"finalize\": \"https://127.0.0.1/\"}";
                Some(Reply::new(200, body).with("retry-after", "30"))
            }
            _ => None,
        });
        let ran = room.issue().expect(code);
        assert!(ran.stderr.contains("the request stays open"), "{ran:?}");
        assert_eq!(room.server.asked("/finalize"), 1);
        let again = room.issue().expect(6);
        assert_eq!(room.server.asked("/finalize"), 1, "{again:?}");
        assert_eq!(room.home.records("cert.issue.intent").len(), 1);
        assert!(room.home.records("cert.issue.failed").is_empty());
    }
}

#[test]
fn a_server_that_does_not_answer_is_waited_for_once() {
    let room = Room::new(|path, _| {
        if path == "/new-order" {
            std::thread::sleep(std::time::Duration::from_secs(20));
        }
        None
    });
    let ran = room.issue().expect(6);
    assert!(ran.stderr.contains("did not answer"), "{ran:?}");
    assert_eq!(room.server.asked("/new-order"), 1);
    assert_eq!(room.home.records("cert.issue.failed").len(), 1);
}

/// An order that the server forgot is placed again, for the same key and under the same intent.
#[test]
fn a_forgotten_order_is_placed_again() {
    let room = Room::new(|path, _| match path {
        "/finalize" => Some(Reply::new(502, "bad gateway")),
        "/order" => Some(Reply::problem(404, "malformed", "no such order")),
        _ => None,
    });
    room.issue().expect(6);
    room.issue().expect(6);
    assert_eq!(room.server.asked("/new-order"), 2);
    let requests = room.server.payloads("/finalize");
    assert!(requests.len() > 1 && requests.iter().all(|request| *request == requests[0]), "the request changed");
    assert_eq!(room.home.records("cert.issue.intent").len(), 1);
    assert!(room.home.records("cert.issue.failed").is_empty());
    assert_eq!(room.home.records("cert.issue.indeterminate").len(), 1);
}

/// What a server says of an order goes into DNS records and to hooks: an authorization for a name that was not ordered reaches neither.
#[test]
fn an_authorization_for_another_name_ends_the_order_and_reaches_no_hook() {
    for (identifier, wildcard) in [
        (json!({"type": "dns", "value": "victim.example.org"}), false),
        (json!({"type": "dns", "value": "shop.example.net; touch hooked"}), false),
        (json!({"type": "dns", "value": "shop.example.net"}), true),
        (json!({"type": "ip", "value": "10.0.0.1"}), false),
    ] {
        let room = hooked(identifier.clone(), wildcard);
        let ran = room.issue().expect(1);
        assert!(ran.stderr.contains("which was not ordered"), "{identifier}: {ran:?}");
        assert!(!room.home.path("hooked").exists(), "{identifier}: the hook was called");
        assert_eq!(room.home.records("cert.issue.failed").len(), 1, "{identifier}: the order is not given up");
    }
    // The control: the name that was ordered reaches the hook.
    let room = hooked(json!({"type": "dns", "value": "SHOP.example.net"}), false);
    let ran = room.issue();
    assert!(ran.code != 0 && room.home.path("hooked").exists(), "{ran:?}");
}

/// A server whose one authorization is for that identifier, and a DNS hook that leaves a file.
fn hooked(identifier: Value, wildcard: bool) -> Room {
    let known = Arc::new(AtomicU16::new(0));
    let port = known.clone();
    let room = Room::new(move |path, _| {
        let url = |name: &str| format!("https://127.0.0.1:{}/{name}", port.load(Ordering::SeqCst));
        let answer = match path {
            "/authz" => json!({
                "status": "pending", "identifier": identifier, "wildcard": wildcard,
                "challenges": [{"type": "dns-01", "url": url("challenge"), "token": "dG9rZW4", "status": "pending"}],
            }),
            "/new-order" | "/order" => {
                json!({"status": "pending", "authorizations": [url("authz")], "finalize": url("finalize")})
            }
            _ => return None,
        };
        let reply = Reply::new(if path == "/authz" { 200 } else { 201 }, answer.to_string());
        Some(reply.with("location", url("order")))
    });
    known.store(room.server.port(), Ordering::SeqCst);
    let settings = room.home.read("home/certroll.toml");
    let hook = format!("touch {}", room.home.path("hooked").display());
    let challenge = format!(
        "\n[issuers.public.challenge]\nkind = \"dns-01\"\n\n[issuers.public.challenge.hook]\nshell = \"{hook}\"\n"
    );
    room.home.write("home/certroll.toml", [&settings[..], challenge.as_bytes()].concat());
    room
}

/// Requests are signed with the account's key, and go to no other host than the server's.
#[test]
fn urls_of_another_host_are_not_asked() {
    for (place, at) in
        [("http://127.0.0.1/nonce", "no plain https URL"), ("https://ca.elsewhere.example/nonce", "not on the host")]
    {
        let room = Room::new(move |path, _| {
            let url = |name: &str| format!("https://127.0.0.1:1/{name}");
            let directory = json!({"newNonce": place, "newAccount": url("a"), "newOrder": url("o"), "revokeCert": url("r"),
                                   "keyChange": url("k")});
            (path == "/dir").then(|| Reply::new(200, directory.to_string()))
        });
        let ran = room.home.certroll(&["issuer", "account", "create", "public"]).expect(2);
        assert!(ran.stderr.contains(at) && ran.stderr.contains("nothing was sent"), "{ran:?}");
    }
}
