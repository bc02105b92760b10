//! Whose tokens are believed: claims that strangers cannot have, tokens that live for hours at most, keys from a file or from the
//! issuer; and how the log shows who it was.

use serde_json::{Value, json};

use crate::home::{Ran, TestHome, text};
use crate::session::Pipeline;

const GITHUB: &str = "https://token.actions.githubusercontent.com";
const PINNED: &str = "jwks = \"issuer.jwks\"\n";
const RULES: &str = "jwks = \"issuer.jwks\"\n[identity.claims]\nrepository = \"example/meters\"\n\
                     ref = [\"refs/heads/main\", \"refs/tags/*\"]\nenvironment = \"production\"\nrepository_id = \"4711\"\n";

fn act(home: &TestHome, token: &str) -> Ran {
    home.write("secrets/token", token);
    home.certroll(&["ca", "crl", "issuing", "--renew", "--identity-token-file", "secrets/token"])
}

fn ours() -> Value {
    json!({"sub": "repo:example/meters:environment:production", "repository": "example/meters", "ref": "refs/heads/main",
           "environment": "production", "repository_id": "4711"})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = ours();
    claims[name] = value;
    claims
}

/// Each is signed by the right key, for the right audience, and in time; but it is not ours.
#[test]
fn a_token_of_a_stranger_is_refused() {
    let home = TestHome::quick();
    let pipeline = Pipeline::pinned_in(&home, GITHUB);
    pipeline.settle_in(&home, RULES);
    act(&home, &pipeline.token(&ours())).expect(0);
    act(&home, &pipeline.token(&with("ref", "refs/tags/v1.2".into()))).expect(0);
    act(&home, &pipeline.token(&with("repository_id", 4711.into()))).expect(0);
    let strange = [
        ("repository", json!("stranger/meters")),
        ("repository", json!("example/meters-evil")),
        ("repository", json!("evil/example/meters")),
        ("repository", json!("Example/meters")),
        ("repository", json!("example/meters ")),
        ("repository", json!(" example/meters")),
        ("repository", json!("example/meters\u{0}")),
        ("repository", json!("ex\u{430}mple/meters")),
        ("repository", json!("example\u{2215}meters")),
        ("repository", json!("")),
        ("repository", json!(null)),
        ("repository", json!(["example/meters"])),
        ("repository", json!({"name": "example/meters"})),
        ("repository", json!(true)),
        ("ref", json!("refs/heads/main2")),
        ("ref", json!("refs/heads/")),
        ("ref", json!("refs/pull/1/merge")),
        ("ref", json!("refs/tags")),
        ("ref", json!("refs/heads/refs/tags/v1")),
        ("ref", json!(["refs/heads/main"])),
        ("environment", json!("Production")),
        ("environment", json!("staging")),
        ("environment", json!(null)),
        ("repository_id", json!("47110")),
        ("repository_id", json!(4711.5)),
        ("repository_id", json!("04711")),
        ("repository_id", json!(-4711)),
        ("aud", json!(["certroll", "other"])),
        ("aud", json!(["other", "certroll"])),
        ("azp", json!("certroll")),
    ];
    for (name, value) in strange {
        let mut claims = with(name, value);
        if name == "azp" {
            // Handed on by one who got it for itself.
            claims["aud"] = json!(["certroll", "other"]);
            claims["azp"] = "other".into();
        }
        let ran = act(&home, &pipeline.token(&claims)).expect(5);
        assert!(ran.stderr.contains("is not accepted"), "{claims}: {ran:?}");
    }
    let denied = home.records("auth.denied");
    assert_eq!(denied.len(), 30);
    assert!(denied.iter().all(|record| text(record, "err/code") == "identity-token"), "{denied:?}");
    home.verify();
}

#[test]
fn who_signs_for_everybody_is_not_believed_without_rules() {
    let home = TestHome::quick();
    let pipeline = Pipeline::pinned_in(&home, GITHUB);
    let token = pipeline.token(&ours());
    for rules in ["", "[identity.claims]\nref = \"refs/heads/main\"\n", "[identity.claims]\nrepository = \"*\"\n"] {
        pipeline.settle_in(&home, &format!("{PINNED}{rules}"));
        let ran = act(&home, &token).expect(2);
        assert!(ran.stderr.contains("`[identity.claims]` of certroll.toml"), "{ran:?}");
    }
    pipeline.settle_in(&home, &format!("{PINNED}[identity.claims]\nrepository = \"example/*\"\n"));
    act(&home, &token).expect(0);
    // An instance of our own knows our people only.
    let own = Pipeline::pinned_in(&home, "https://gitlab.example.net");
    act(&home, &own.token(&json!({"sub": "project_path:ops/meters"}))).expect(0);
}

#[test]
fn a_token_lives_for_hours_at_most() {
    let home = TestHome::quick();
    let pipeline = Pipeline::pinned_in(&home, "https://gitlab.example.net");
    let now = certroll_base::clock::Clock::now(&certroll_base::clock::SystemClock).secs();
    let lives = |secs: i64| pipeline.token(&json!({"sub": "x", "iat": now - 10, "exp": now - 10 + secs}));
    act(&home, &lives(6 * 3600)).expect(0);
    let ran = act(&home, &lives(6 * 3600 + 1)).expect(5);
    assert!(ran.stderr.contains("the token lives for 21601 s, more than the 21600 s that are allowed"), "{ran:?}");
    act(&home, &lives(10 * 365 * 86_400)).expect(5);
    pipeline.settle_in(&home, &format!("{PINNED}longest_life_secs = 600\n"));
    act(&home, &lives(600)).expect(0);
    act(&home, &lives(601)).expect(5);
    pipeline.settle_in(&home, &format!("{PINNED}longest_life_secs = 86401\n"));
    act(&home, &lives(600)).expect(2);
}

#[test]
fn the_log_shows_how_somebody_is_known() {
    let home = TestHome::quick();
    let pipeline = Pipeline::pinned_in(&home, "https://gitlab.example.net");
    let claims = json!({"sub": "root (uid:0)", "acr": "urn:mace:incommon:iap:silver", "amr": ["otp", "pwd", 7]});
    act(&home, &pipeline.token(&claims)).expect(0);
    let start = home.records("session.start").pop().expect("there is one");
    let actor = &start["actor"];
    assert_eq!(
        (&actor["iss"], &actor["acr"], &actor["amr"]),
        (&json!("https://gitlab.example.net"), &json!("urn:mace:incommon:iap:silver"), &json!(["otp", "pwd"]))
    );
    let mut command = home.command(&["ca", "crl", "issuing", "--renew"]);
    command.env("SUDO_USER", "alice");
    let ran: Ran = command.output().expect("it can be started").into();
    ran.expect(0);
    let shown = home.ok(&["audit", "show"]).stdout;
    let crls: Vec<&str> = shown.lines().filter(|line| line.contains("crl.signed")).collect();
    let [.., by_token, by_user] = &crls[..] else { panic!("{shown}") };
    assert!(by_token.contains("oidc:root (uid:0)"), "{by_token}");
    assert!(by_user.contains(", claimed sudo_user alice") && !by_user.contains("oidc:"), "{by_user}");
    home.ok(&["audit", "report", "--out", "report.html"]);
    let page = String::from_utf8(home.read("report.html")).expect("it is text");
    assert!(page.contains("oidc:root (uid:0)"), "the page tells them apart, too");
}

#[cfg(feature = "acme")]
mod fetched {
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, Instant};

    use super::*;
    use crate::acme::server::{Reply, Server};

    /// A server that says of its keys what it is told, and a home that asks it.
    fn asking(home: &TestHome, pipeline: &Pipeline, server: &Server) {
        let (uri, roots) = (format!("https://127.0.0.1:{}/jwks", server.port()), server.ca_file());
        pipeline.settle_in(home, &format!("jwks_uri = \"{uri}\"\nca_file = \"{}\"\n", roots.display()));
    }

    #[test]
    fn keys_of_the_issuer_are_fetched_kept_and_fetched_again_for_a_new_one() {
        let home = TestHome::quick();
        let issuer = "https://gitlab.example.net";
        let (first, second) = (Pipeline::new(issuer), Pipeline::new(issuer));
        let keys = Arc::new(Mutex::new(first.jwks()));
        let told = keys.clone();
        let server = Server::start(move |path, _| {
            (path == "/jwks").then(|| Reply::new(200, told.lock().expect("no thread panicked").clone()))
        });
        asking(&home, &first, &server);
        let claims = json!({"sub": "someone"});
        for _ in 0..3 {
            act(&home, &first.token(&claims)).expect(0);
        }
        assert_eq!(server.asked("/jwks"), 1, "kept for an hour");
        // A forged signature is no reason to ask again; a key of another name is.
        act(&home, &second.token(&claims)).expect(5);
        assert_eq!(server.asked("/jwks"), 1);
        *keys.lock().expect("no thread panicked") = second.jwks().replace("\"one\"", "\"two\"");
        act(&home, &second.token_by(&claims, "two")).expect(0);
        assert_eq!(server.asked("/jwks"), 2);
        act(&home, &second.token_by(&claims, "three")).expect(5);
        act(&home, &first.token(&claims)).expect(5);
        // What was fetched an hour ago is asked for anew.
        let kept = String::from_utf8(home.read("home/identity/fetched.jwks")).expect("it is text");
        let mut lines: Vec<&str> = kept.splitn(3, '\n').collect();
        let old = (lines[1].parse::<i64>().expect("a time") - 3601).to_string();
        lines[1] = &old;
        home.write("home/identity/fetched.jwks", lines.join("\n"));
        let before = server.asked("/jwks");
        act(&home, &second.token_by(&claims, "two")).expect(0);
        assert_eq!(server.asked("/jwks"), before + 1);
        home.verify();
    }

    #[test]
    fn an_issuer_that_misbehaves_is_not_believed_and_costs_no_time() {
        let pipeline = Pipeline::new("https://gitlab.example.net");
        let token = pipeline.token(&json!({"sub": "someone"}));
        let keys = pipeline.jwks();
        let replies: Vec<(Reply, i32, &str)> = vec![
            (Reply::new(500, "no"), 6, "status 500"),
            (Reply::new(404, "no"), 6, "status 404"),
            (Reply::new(302, "").with("location", "https://127.0.0.1:1/jwks"), 6, "status 302"),
            (Reply::new(200, "<html>"), 2, "is not a set of public keys"),
            (Reply::new(200, ""), 2, "is not a set of public keys"),
            (Reply::new(200, format!("{keys}{}", " ".repeat(300_000))), 6, "more than"),
            (Reply::new(200, keys.replace("\"kty\":\"EC\"", "\"kty\":\"EC\",\"d\":\"AA\"")), 2, "is not a set"),
        ];
        for (reply, code, message) in replies {
            let home = TestHome::quick();
            let server = Server::start(move |path, _| (path == "/jwks").then(|| reply.clone()));
            asking(&home, &pipeline, &server);
            let began = Instant::now();
            let ran = act(&home, &token).expect(code);
            assert!(ran.stderr.contains(message), "{message}: {ran:?}");
            assert!(began.elapsed() < Duration::from_secs(10));
            assert!(!home.path("home/identity/fetched.jwks").exists(), "{message}");
            assert_eq!(server.asked("/jwks"), 1, "{message}");
        }
        let home = TestHome::quick();
        let server = Server::start(|_, _| None);
        // Roots that do not know it; no TLS at all; neither or both of the two ways.
        let uri = format!("jwks_uri = \"https://127.0.0.1:{}/jwks\"\n", server.port());
        for (lines, code) in [
            (uri.clone(), 6),
            (uri.replace("https:", "http:"), 2),
            (uri.replace("https://", "https://user:pass@"), 2),
            (String::new(), 2),
            (format!("{uri}{PINNED}"), 2),
        ] {
            pipeline.settle_in(&home, &lines);
            act(&home, &token).expect(code);
        }
    }
}
