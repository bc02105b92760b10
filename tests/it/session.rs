//! The facts of a session: who acts, with which program, under which templates and policies, by which clock; and that whatever
//! changes or is refused is on record.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use certroll::cli::{CommandOutput, Environment};
use certroll_base::clock::{Clock, SetClock, SystemClock, Timestamp};
use certroll_base::encoding::{hex, sha256};
use certroll_base::secret::Secret;
use certroll_core::audit::record::event::Event;
use certroll_core::audit::record::facts::Outcome;
use certroll_core::lifecycle::layout::home::Home;
use serde_json::{Value, json};

use crate::home::{PASSPHRASE, Ran, TestHome, text};

const ISSUE: &[&str] = &["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"];

/// Some command that changes something.
fn touch(home: &TestHome) {
    home.ok(&["ca", "crl", "issuing", "--renew"]);
}

fn events(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| text(record, "ev")).collect()
}

/// The records that a run adds.
fn added(home: &TestHome, run: impl FnOnce()) -> Vec<Value> {
    let before = home.all_records().len();
    run();
    home.all_records().split_off(before)
}

#[test]
fn what_comes_into_force_changes_and_goes_is_told_once() {
    let home = TestHome::new();
    let shipped = |event: &str, facts: &str| {
        let records = home.records(event);
        records.iter().map(|record| text(record, facts).to_owned()).collect::<Vec<_>>()
    };
    let templates = shipped("profile.add", "x/template");
    assert_eq!(templates.len(), certroll_core::template::shipped::names().count());
    assert_eq!(shipped("policy.change", "x/policy").len(), certroll_core::policy::shipped::names().count());
    let meter = &home.records("profile.add")[templates.iter().position(|name| name == "meter").expect("it is shipped")];
    let own = certroll_core::template::shipped::find("meter").expect("it is valid").expect("it is shipped");
    assert_eq!((text(meter, "x/after"), meter["x"].get("before")), (own.digest().to_string().as_str(), None));
    assert_eq!(events(&home.all_records()[..2]), ["log.genesis", "session.start"]);

    assert_eq!(events(&added(&home, || touch(&home))), ["session.start", "crl.signed", "session.stop"]);
    let source = home.ok(&["template", "show", "meter"]).stdout;
    let policy = home.ok(&["policy", "show", "devices"]).stdout;
    for (change, file, content, expected) in [
        (
            "a template in the place of a shipped one",
            "templates/meter.toml",
            format!("{source}\n# ours\n"),
            "profile.change",
        ),
        (
            "a policy in the place of a shipped one",
            "policies/devices.toml",
            format!("{policy}\n# ours\n"),
            "policy.change",
        ),
        ("another template", "templates/z.toml", source.replace("name = \"meter\"", "name = \"z\""), "profile.add"),
    ] {
        home.write(format!("home/{file}"), content);
        let new = added(&home, || touch(&home));
        assert_eq!(events(&new), ["session.start", expected, "crl.signed", "session.stop"], "{change}");
        assert_eq!(events(&added(&home, || touch(&home))), ["session.start", "crl.signed", "session.stop"]);
    }
    for (file, expected, word, both) in [
        ("templates/z.toml", "profile.retire", "removed", false),
        ("templates/meter.toml", "profile.change", "changed", true),
        ("policies/devices.toml", "policy.change", "changed", true),
    ] {
        fs::remove_file(home.path("home").join(file)).expect("it is there");
        let new = added(&home, || touch(&home));
        assert_eq!(events(&new), ["session.start", expected, "crl.signed", "session.stop"], "{file} removed");
        assert_eq!(text(&new[1], "x/change"), word);
        assert_eq!((new[1]["x"].get("before").is_some(), new[1]["x"].get("after").is_some()), (true, both), "{file}");
    }
    assert_eq!(text(&home.records("profile.change")[1], "x/after"), own.digest().to_string(), "the shipped one again");
    // The way an auditor makes the hash over the templates.
    let start = home.records("session.start").pop().expect("there are some");
    let mut lines: Vec<String> = certroll_core::template::shipped::all()
        .expect("valid")
        .iter()
        .map(|t| format!("{} {}\n", t.name(), t.digest()))
        .collect();
    lines.sort();
    assert_eq!(text(&start, "x/templates_sha256"), hex(&sha256(lines.concat().as_bytes())));
    assert_eq!(text(&start, "x/settings_sha256"), hex(&sha256(&home.read("home/certroll.toml"))));
    home.verify();
}

#[test]
fn processes_that_find_the_same_change_tell_it_once() {
    let home = TestHome::new();
    let source = home.ok(&["template", "show", "meter"]).stdout;
    home.write("home/templates/meter.toml", format!("{source}\n# ours\n"));
    let line =
        |n: usize| ["issue", &format!("c{n}"), "-t", "jms-client", "--key", "ec:p256"].map(str::to_owned).to_vec();
    let ran = home.at_once(&(0..6).map(line).collect::<Vec<_>>());
    assert!(ran.iter().all(|ran| ran.code == 0), "{ran:#?}");
    assert_eq!(home.records("profile.change").len(), 1);
    assert_eq!(home.records("cert.issued").len(), 6);
    home.verify();
}

#[test]
fn a_ca_that_is_changed_behind_our_back_is_not_used() {
    let home = TestHome::new();
    let database = rusqlite::Connection::open(home.path("home/state.db")).expect("it can be opened");
    let changed = r#"UPDATE authority SET pointers = '{"crl":["http://evil.example/x.crl"],"ocsp":[],"ca_issuers":[]}' WHERE name = 'issuing'"#;
    assert_eq!(database.execute(changed, []).expect("it can be changed"), 1);
    drop(database);
    // What a row says of a CA is used only if somebody with the passphrase wrote it.
    let new = added(&home, || drop(home.certroll(&["ca", "crl", "issuing", "--renew"]).expect(13)));
    assert!(events(&new).is_empty(), "{new:?}");
}

#[test]
fn another_program_is_told_once() {
    let home = TestHome::new();
    let start = home.records("session.start").pop().expect("there are some");
    let program = fs::read(env!("CARGO_BIN_EXE_certroll")).expect("it can be read");
    assert_eq!(text(&start, "x/program_sha256"), hex(&sha256(&program)));
    for fact in ["host", "boot", "version", "clock", "policies_sha256"] {
        assert!(!text(&start, &format!("x/{fact}")).is_empty(), "{fact}");
    }
    assert!(start["x"]["pid"].is_u64() && start["x"]["uid"].is_u64());
    // The same bytes elsewhere are the same program; one byte more is another one.
    let other = home.path("other");
    fs::copy(env!("CARGO_BIN_EXE_certroll"), &other).expect("it can be copied");
    let run = || {
        let model = home.command(&["ca", "crl", "issuing", "--renew"]);
        let mut command = Command::new(&other);
        command.args(model.get_args()).current_dir(home.path("")).env_clear();
        command.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let ran: Ran = command.output().expect("it can be started").into();
        ran.expect(0);
    };
    assert_eq!(events(&added(&home, run)), ["session.start", "crl.signed", "session.stop"]);
    fs::write(&other, [&program[..], b"\n"].concat()).expect("it can be written");
    let new = added(&home, run);
    assert_eq!(events(&new), ["session.start", "sw.update", "crl.signed", "session.stop"]);
    assert_eq!(text(&new[1], "x/before"), hex(&sha256(&program)));
    assert_eq!(text(&new[1], "x/after"), hex(&sha256(&[&program[..], b"\n"].concat())));
    assert_eq!(events(&added(&home, run)), ["session.start", "crl.signed", "session.stop"]);
}

/// Runs the program in this process, by that clock.
fn run_by(clock: Arc<dyn Clock>, home: &TestHome, arguments: &[&str]) -> (u8, String) {
    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("nobody panics here").extend(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let said = Sink::default();
    let place = |name: &str| home.path(name).display().to_string();
    let (dir, passphrase) = (place("home"), place("secrets/passphrase"));
    let mut line = vec!["certroll"];
    line.extend(arguments);
    line.extend(["--home", &dir, "--passphrase-file", &passphrase]);
    let output = CommandOutput::to(Box::new(said.clone()), Box::new(said.clone()));
    let code = certroll::cli::run(line.into_iter().map(Into::into).collect(), Environment { clock, output });
    let text = String::from_utf8_lossy(&said.0.lock().expect("nobody panics here")).into_owned();
    (code, text)
}

/// A clock that many seconds off the right time.
fn off_by(secs: i64) -> Arc<dyn Clock> {
    Arc::new(SetClock::new(SystemClock.now().plus_secs(secs)))
}

#[test]
fn a_clock_behind_the_log_stops_issuing_but_neither_logging_nor_revoking() {
    let home = TestHome::new();
    let ahead = ["issue", "ahead", "-t", "jms-client", "--key", "ec:p256"];
    assert_eq!(run_by(off_by(3600), &home, &ahead).0, 0);
    home.write("batch.csv", "name\nmeter-1\n");
    let batch = ["issue", "--batch", "batch.csv", "-t", "meter", "--out", "out"];
    for (arguments, stops) in [
        (ISSUE, true),
        (&["rotate", "ahead"][..], true),
        (&["ca", "create", "more", "--key", "ec:p256"], true),
        (&batch, true),
        (&["revoke", "ahead", "--reason", "keyCompromise"], false),
    ] {
        let mut ran = None;
        let new = added(&home, || ran = Some(home.certroll(arguments)));
        let ran = ran.expect("it ran");
        // The program that ran here before was the test itself.
        let new: Vec<Value> = new.into_iter().filter(|record| record["ev"] != "sw.update").collect();
        assert_eq!(events(&new)[..2], ["session.start", "clock.regressed"], "{arguments:?}");
        assert!(new[1]["x"]["behind_ms"].as_i64().is_some_and(|ms| (3_500_000..=3_600_000).contains(&ms)), "{new:?}");
        if stops {
            assert_eq!(ran.code, 3, "{ran:#?}");
            assert!(ran.stderr.contains("the clock shows") && ran.stderr.contains("--accept-clock"), "{ran:#?}");
            assert_eq!(events(&new)[2..], ["cert.reject", "session.stop"], "{arguments:?}");
        } else {
            assert_eq!(ran.code, 0, "{ran:#?}");
            assert!(events(&new).contains(&"cert.revoked"));
        }
    }
    assert!(!home.path("client.p12").exists() && !home.path("home/ca/more.key.pem").exists());
    assert!(home.certroll(&["doctor"]).expect(11).stdout.contains("behind the record of"));
    home.certroll(&["doctor", "--accept-clock", "--comment", "the clock was an hour ahead"]);
    let accepted = home.records("clock.step").pop().expect("it is on record");
    assert_eq!(
        (&accepted["x"]["accepted"], text(&accepted, "why/text")),
        (&json!(true), "the clock was an hour ahead")
    );
    home.ok(ISSUE);
    home.verify();
}

#[test]
fn five_minutes_behind_are_tolerated_and_no_more() {
    for (behind, code) in [(280, 0), (400, 3)] {
        let home = TestHome::new();
        assert_eq!(run_by(off_by(behind), &home, &["ca", "crl", "issuing", "--renew"]).0, 0);
        home.certroll(&["issue", "x", "-t", "jms-client", "--key", "ec:p256"]).expect(code);
        assert_eq!(home.records("clock.regressed").len(), 1, "{behind} s");
    }
}

/// A clock that somebody sets by that many milliseconds when told to.
#[derive(Default)]
struct Meddled(AtomicI64);

impl Clock for Meddled {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(SystemClock.now().millis() + self.0.load(Ordering::Relaxed))
    }

    fn since_boot(&self) -> u64 {
        SystemClock.since_boot()
    }
}

#[test]
fn a_clock_that_is_set_while_we_run_is_told_before_the_next_record() {
    let home = TestHome::new();
    let clock = Arc::new(Meddled::default());
    let opened = certroll_core::config::session(
        Home::new(home.path("home")),
        Secret::new(PASSPHRASE.to_owned()),
        clock.clone(),
        None,
    );
    let mut services = opened.expect("it opens");
    let mut step = |millis: i64| {
        let before = home.all_records().len();
        clock.0.fetch_add(millis, Ordering::Relaxed);
        let record = services.journal.draft(Event::ReconcileFinding, Outcome::Ok, services.journal.session());
        services.journal.commit(vec![record], Vec::new()).expect("it can be written");
        home.all_records().split_off(before)
    };
    assert_eq!(events(&step(0)), ["session.start", "sw.update", "reconcile.finding"], "the test is another program");
    assert_eq!(events(&step(4900)), ["reconcile.finding"], "within what slewing may do");
    let new = step(120_000);
    assert_eq!(events(&new), ["clock.step", "reconcile.finding"]);
    assert!(new[0]["x"]["step_ms"].as_i64().is_some_and(|ms| (124_000..126_000).contains(&ms)), "{new:?}");
    let back = step(-3_600_000);
    assert_eq!(events(&back), ["clock.step", "reconcile.finding"]);
    assert!(back[0]["mono"].as_u64().is_some_and(|mono| mono < 600_000), "mono does not follow the clock");
    drop(services);
    home.verify();
}

/// An issuer of tokens that does not exist, pinned in a home.
pub(crate) struct Pipeline {
    key: EcdsaKeyPair,
    issuer: String,
}

impl Pipeline {
    pub(crate) fn pinned_in(home: &TestHome, issuer: &str) -> Self {
        let pipeline = Self::new(issuer);
        home.write("home/issuer.jwks", pipeline.jwks());
        pipeline.settle_in(home, "jwks = \"issuer.jwks\"\n");
        pipeline
    }

    pub(crate) fn new(issuer: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self { key, issuer: issuer.to_owned() }
    }

    /// Its public key.
    pub(crate) fn jwks(&self) -> String {
        let url = Base64UrlUnpadded::encode_string;
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        let jwk = json!({"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "x": url(x), "y": url(y)});
        json!({"keys": [jwk]}).to_string()
    }

    /// Writes `[identity]` with its issuer and those lines into the settings, in place of what is there.
    pub(crate) fn settle_in(&self, home: &TestHome, lines: &str) {
        let settings = String::from_utf8(home.read("home/certroll.toml")).expect("it is text");
        let before = settings.split("\n[identity]").next().unwrap_or_default();
        let issuer = &self.issuer;
        let identity = format!("\n[identity]\nissuer = \"{issuer}\"\naudience = \"certroll\"\n{lines}");
        home.write("home/certroll.toml", format!("{before}{identity}"));
    }

    /// A token that holds for five minutes, with these claims in addition or instead.
    pub(crate) fn token(&self, claims: &Value) -> String {
        self.token_by(claims, "one")
    }

    /// As [`Pipeline::token`], by a key that it calls so.
    pub(crate) fn token_by(&self, claims: &Value, kid: &str) -> String {
        let now = SystemClock.now().secs();
        let mut payload = json!({"iss": self.issuer, "aud": "certroll", "iat": now, "exp": now + 300});
        for (name, value) in claims.as_object().expect("claims are an object") {
            payload[name] = value.clone();
        }
        let url = |value: Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
        let message = format!("{}.{}", url(json!({"alg": "ES256", "typ": "JWT", "kid": kid})), url(payload));
        let signature = self.key.sign(&SystemRandom::new(), message.as_bytes()).expect("it signs");
        format!("{message}.{}", Base64UrlUnpadded::encode_string(signature.as_ref()))
    }
}

#[test]
fn a_verified_pipeline_is_who_acts() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    for (issuer, claims, ci, run) in [
        (
            "https://token.actions.githubusercontent.com",
            json!({"sub": "repo:example/meters:ref:refs/heads/main", "repository": "example/meters", "run_id": "77",
                   "run_attempt": "2", "sha": commit}),
            "github",
            "https://github.com/example/meters/actions/runs/77/attempts/2",
        ),
        (
            "https://gitlab.example.net",
            json!({"sub": "project_path:ops/meters:ref_type:branch:ref:main", "project_path": "ops/meters", "job_id": "9",
                   "sha": commit}),
            "gitlab",
            "https://gitlab.example.net/ops/meters/-/jobs/9",
        ),
    ] {
        let home = TestHome::new();
        let pipeline = Pipeline::pinned_in(&home, issuer);
        let ours = "jwks = \"issuer.jwks\"\n[identity.claims]\nsub = [\"repo:example/*\", \"project_path:ops/*\"]\n";
        pipeline.settle_in(&home, ours);
        let token = pipeline.token(&claims);
        home.write("secrets/token", format!("{token}\n"));
        let before = home.all_records().len();
        let mut command = home.command(ISSUE);
        command.env("CERTROLL_IDENTITY_TOKEN_FILE", "secrets/token").env("GITHUB_RUN_ID", "4711").env("CI", "true");
        let ran: Ran = command.output().expect("it starts").into();
        ran.expect(0);
        let new = home.all_records().split_off(before);
        assert!(new.len() > 5);
        for record in &new {
            assert_eq!(text(record, "actor/t"), "ci");
            assert_eq!(record["actor"]["id"], claims["sub"]);
            assert_eq!(text(record, "actor/auth"), "oidc");
            assert_eq!(text(record, "actor/ev"), hex(&sha256(token.as_bytes())));
            assert_eq!(record["actor"]["claimed"]["github_run_id"], "4711", "claimed stays claimed");
            assert_eq!(record["src"], json!({"ci": ci, "run": run, "commit": commit}));
        }
        home.verify();
    }
}

#[test]
fn a_token_that_does_not_verify_stops_the_command_and_is_on_record() {
    let home = TestHome::new();
    let pipeline = Pipeline::pinned_in(&home, "https://gitlab.example.net");
    let good = pipeline.token(&json!({"sub": "someone"}));
    let with_token = |token: &str, arguments: &[&str]| {
        home.write("secrets/token", token);
        home.certroll(&[arguments, &["--identity-token-file", "secrets/token"]].concat())
    };
    let other = Pipeline::pinned_in(&TestHome::founded(), "https://gitlab.example.net");
    for (token, message) in [
        (pipeline.token(&json!({"sub": "x", "aud": "other"})), "not for the audience"),
        (pipeline.token(&json!({"sub": "x", "exp": 1})), "expired"),
        (pipeline.token(&json!({})), "no claim `sub`"),
        (other.token(&json!({"sub": "x"})), "signature"),
        (good.replace('.', ","), "three parts"),
        (format!("{good}\n\n"), "three parts"),
        (good.repeat(90), "more than"),
        (String::new(), "three parts"),
    ] {
        let mut ran = None;
        let new = added(&home, || ran = Some(with_token(&token, ISSUE)));
        let ran = ran.expect("it ran");
        assert_eq!(ran.code, 5, "{ran:#?}");
        assert!(ran.stderr.contains(message), "`{message}` in {ran:#?}");
        assert_eq!(events(&new), ["session.start", "auth.denied", "session.stop"]);
        assert_eq!((text(&new[1], "out"), text(&new[1], "actor/auth")), ("denied", "os-uid"));
        assert!(text(&new[1], "err/text").contains(message), "{new:?}");
    }
    with_token("\u{fffd}", ISSUE).expect(5);
    home.certroll(&[ISSUE, &["--identity-token-file", "secrets/nothing"]].concat()).expect(5);
    assert!(!home.path("client.p12").exists());
    with_token(&good, &["list"]).expect(0);
    with_token(&good, &["revoke", "root", "--reason", "superseded"]).expect(0);
    // Without settings, or without the keys, a token is no token.
    fs::remove_file(home.path("home/issuer.jwks")).expect("it is there");
    with_token(&good, ISSUE).expect(2);
    let home = TestHome::new();
    home.write("secrets/token", &good);
    home.certroll(&[ISSUE, &["--identity-token-file", "secrets/token"]].concat()).expect(2);
    home.certroll(&["init", "more", "--identity-token-file", "secrets/token"]).expect(2);
    home.certroll(&["quickstart", "story", "--identity-token-file", "secrets/token"]).expect(2);
    assert!(!home.path("more").exists() && !home.path("client.p12").exists());
}

#[test]
fn whatever_is_refused_or_fails_is_on_record() {
    let home = TestHome::new();
    home.ok(&["issue", "held", "-t", "jms-client", "--key", "ec:p256"]);
    home.ok(&["ca", "create", "narrow", "--issuer", "root", "--key", "ec:p256", "--permit", "dns:narrow.example"]);
    home.write("batch.csv", "name,colour\nmeter-1,red\n");
    home.write("plain", "not a certificate request");
    let table: &[(&[&str], i32, &str, &str)] = &[
        (&["issue", "held", "-t", "jms-client"], 2, "cert.reject", "denied"),
        (&["issue", "x", "-t", "no-such"], 2, "cert.reject", "denied"),
        (&["issue", "x", "-t", "root-ca"], 2, "cert.reject", "denied"),
        (&["issue", "x", "-t", "jms-client", "--issuer", "issuing", "--ttl", "50y"], 3, "cert.reject", "denied"),
        (
            &["issue", "x", "-t", "jms-client", "--issuer", "issuing", "--param", "nothing=1"],
            2,
            "cert.reject",
            "denied",
        ),
        (&["issue", "x", "-t", "jms-client", "--issuer", "nobody"], 2, "cert.reject", "denied"),
        (
            &["issue", "x", "-t", "jms-client", "--issuer", "issuing", "--keystore", "missing/x.p12"],
            2,
            "cert.reject",
            "denied",
        ),
        (
            &[
                "issue",
                "x",
                "-t",
                "https-server",
                "--issuer",
                "narrow",
                "--san",
                "dns:wide.example",
                "--key",
                "ec:p256",
            ],
            3,
            "cert.reject",
            "denied",
        ),
        (
            &["issue", "--batch", "batch.csv", "-t", "meter", "--issuer", "issuing", "--out", "out"],
            2,
            "cert.reject",
            "denied",
        ),
        (&["rotate", "root"], 4, "cert.reject", "denied"),
        (&["ca", "create", "root"], 2, "cert.reject", "denied"),
        (&["ca", "create", "a b"], 2, "cert.reject", "denied"),
        (&["ca", "create", "y", "--template", "meter"], 2, "cert.reject", "denied"),
        (&["ca", "create", "y", "--ttl", "90y", "--key", "ec:p256"], 3, "cert.reject", "denied"),
        (&["revoke", "nobody", "--reason", "keyCompromise"], 2, "cert.revoke.refused", "denied"),
        (&["deliver", "held"], 2, "cert.deploy.failed", "fail"),
        (&["deliver", "held", "--out-cert", "missing/held.pem"], 2, "cert.deploy.failed", "fail"),
        (&["rollback", "nothing.p12"], 2, "cert.deploy.failed", "fail"),
    ];
    for (arguments, code, event, outcome) in table {
        let mut ran = None;
        let new = added(&home, || ran = Some(home.certroll(arguments)));
        let ran = ran.expect("it ran");
        assert_eq!(ran.code, *code, "{arguments:?}: {ran:#?}");
        let told: Vec<_> = new.iter().filter(|record| text(record, "ev") == *event).collect();
        assert_eq!(told.len(), 1, "{arguments:?} left {:?}", events(&new));
        assert_eq!(text(told[0], "out"), *outcome, "{arguments:?}");
        assert!(!text(told[0], "err/text").is_empty(), "{arguments:?}");
    }
    // A file of a batch that cannot be written, once it is issued.
    home.write("more.csv", "name\nmeter-1\n");
    fs::create_dir_all(home.path("out/meter-1.pem/in-the-way")).expect("a directory can be made");
    let batch = ["issue", "--batch", "more.csv", "-t", "meter", "--issuer", "issuing"];
    let ran = home.certroll(&[&batch[..], &["--out", "out"]].concat()).expect(7);
    assert!(ran.stderr.contains("is there already"), "found before anything is signed: {ran:#?}");
    home.ok(&batch);
    let mut ran = None;
    let new = added(&home, || ran = Some(home.certroll(&["deliver", "--all", "--out", "out"])));
    assert_ne!(ran.expect("it ran").code, 0);
    let failed = new.iter().filter(|record| text(record, "ev") == "cert.deploy.failed");
    let failed: Vec<_> = failed.filter(|record| text(record, "tgt/id").contains("meter-1")).collect();
    assert_eq!(failed.len(), 2, "certificate and key, as for one that is asked for alone: {:?}", events(&new));
    assert!(failed.iter().all(|record| !text(record, "err/text").is_empty() && !text(record, "tgt/id").is_empty()));
    home.verify();
}

#[test]
fn events_are_found_by_the_clauses_that_ask_for_them() {
    let home = TestHome::founded();
    let found = |clause: &str| -> Vec<Value> {
        home.ok(&["audit", "events", "--clause", clause, "--format", "ndjson"]).ndjson()
    };
    let names = |clause: &str| found(clause).iter().map(|event| text(event, "event").to_owned()).collect::<Vec<_>>();
    assert_eq!(names("nerc cip-007-6 r4.1"), ["auth.denied"]);
    assert_eq!(names("SR 2.10"), ["audit.degraded", "audit.recovered"]);
    assert!(names("7.10-06").iter().all(|name| name.starts_with("clock.")));
    assert_eq!(names("no such clause"), [""; 0]);
    assert!(names("NIS2").contains(&"policy.change".to_owned()));
    let change = found("NIS2").into_iter().find(|event| event["event"] == "policy.change").expect("it is there");
    assert_eq!(
        (text(&change, "br_5_4_1"), text(&change, "iec_62443"), text(&change, "nis2_2024_2690")),
        ("3.3", "SR 2.8", "3.2")
    );
    let table = home.ok(&["audit", "events"]).stdout;
    let heading = table.lines().next().expect("there is a heading");
    assert!(heading.starts_with("EVENT") && heading.contains("ASKED FOR BY"), "{heading}");
}
