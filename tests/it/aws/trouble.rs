//! What goes wrong at AWS is said on a line, with what to do next; and what became of requests that were lost.

use std::fs;

use super::replay::CA;
use super::{AwsHome, Ran};
use crate::home::text;

const ISSUE: [&str; 10] = [
    "issue",
    "shop.example.net",
    "--template",
    "https-server",
    "--issuer",
    "cloud",
    "--key",
    "ec:p256",
    "--out-cert",
    "shop.pem",
];

fn private_ca() -> (AwsHome, super::replay::Replay) {
    let (aws, replay) = AwsHome::replayed();
    aws.issuer("cloud", &[("kind", "aws-acmpca"), ("ca_arn", CA)]);
    (aws, replay)
}

/// An error of a few short lines, the last of them a hint, without a word of a secret.
fn short(ran: &Ran) {
    let lines: Vec<_> = ran.stderr.lines().collect();
    assert!((2..=6).contains(&lines.len()) && lines.iter().all(|line| line.len() < 500), "{ran:#?}");
    assert!(lines.iter().any(|line| line.starts_with("hint: ")), "{ran:#?}");
    assert!(!ran.stderr.contains("test-secret-of-nobody") && !ran.stderr.contains("SdkError"), "{ran:#?}");
}

#[test]
fn what_is_wrong_is_said_in_a_line_with_the_next_step() {
    let (aws, replay) = private_ca();
    let with = |changes: &[(&str, Option<&str>)]| -> Ran {
        let mut command = aws.command(&ISSUE);
        for (name, value) in changes {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.output().expect("the program can be started").into()
    };
    let ran = with(&[("AWS_ACCESS_KEY_ID", None), ("AWS_SECRET_ACCESS_KEY", None)]).expect(5);
    assert!(ran.stderr.contains("no credentials were found") && ran.stderr.contains("aws sso login"), "{ran:#?}");
    short(&ran);
    let ran = with(&[("AWS_ACCESS_KEY_ID", Some("AKIAWRONG"))]).expect(5);
    assert!(ran.stderr.contains("UnrecognizedClientException"), "{ran:#?}");
    short(&ran);
    let ran = with(&[("AWS_ENDPOINT_URL", Some("http://127.0.0.1:1"))]).expect(6);
    assert!(ran.stderr.contains("HTTPS_PROXY"), "{ran:#?}");
    short(&ran);
    aws.home.write("roots.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let ran = with(&[("AWS_CA_BUNDLE", Some("roots.pem"))]).expect(2);
    assert!(ran.stderr.contains("roots.pem"), "{ran:#?}");
    let ran = with(&[("HTTP_PROXY", Some("http://127.0.0.1:1"))]).expect(6);
    short(&ran);
    assert_eq!(aws.home.records("auth.denied").len(), 2, "credentials that are refused are on record");
    assert!(replay.state().known.is_empty() && aws.home.records("cert.issue.intent").is_empty());
    replay.set(|state| state.throttled = 1);
    let ran = with(&[]).expect(6);
    assert!(ran.stderr.contains("ThrottlingException"), "{ran:#?}");
    short(&ran);
    assert_eq!(text(&aws.home.records("cert.issue.failed")[0], "err/code"), "rate-limited");
    with(&[]).expect(0);
}

/// Keys in the environment must not outweigh the profile that the settings name; a profile that is not there is an error.
#[test]
fn the_profile_of_the_settings_counts() {
    let (aws, replay) = AwsHome::replayed();
    aws.issuer("cloud", &[("kind", "aws-acmpca"), ("ca_arn", CA), ("profile", "pki")]);
    aws.home.write("aws.config", "[profile pki]\naws_access_key_id = AKIAWRONG\naws_secret_access_key = x\n");
    let run = |config: &str| -> Ran {
        let mut command = aws.command(&ISSUE);
        command.env("AWS_CONFIG_FILE", aws.home.path(config));
        command.output().expect("the program can be started").into()
    };
    assert!(run("aws.config").expect(5).stderr.contains("UnrecognizedClientException"));
    run("none.config").expect(5);
    let process = format!(
        "[profile pki]\ncredential_process = echo '{{\"Version\":1,\"AccessKeyId\":\"{}\",\"SecretAccessKey\":\"x\"}}'\n",
        super::replay::ACCESS_KEY
    );
    aws.home.write("process.config", process);
    run("process.config").expect(0);
    assert_eq!(replay.state().known.len(), 1);
}

#[test]
fn states_and_modes_of_the_ca_are_known_beforehand() {
    let (aws, replay) = private_ca();
    for (status, said) in [
        ("DISABLED", "update-certificate-authority"),
        ("PENDING_CERTIFICATE", "import-certificate-authority-certificate"),
        ("EXPIRED", "has expired"),
        ("DELETED", "restore-certificate-authority"),
        ("FAILED", "the state FAILED"),
    ] {
        replay.set(|state| state.ca_status = status.to_owned());
        let ran = aws.run(&ISSUE).expect(2);
        assert!(ran.stderr.contains(said), "{ran:#?}");
        aws.run(&["issuer", "test", "cloud"]).expect(2);
    }
    replay.set(|state| (state.ca_status, state.short_lived) = (String::new(), true));
    let ran = aws.run(&ISSUE).expect(3);
    assert!(ran.stderr.contains("seven days at most") && ran.stderr.contains("--ttl 7d"), "{ran:#?}");
    assert!(aws.home.records("cert.issue.intent").is_empty(), "nothing was announced");
    // Asked while it is still being signed, it is asked again.
    replay.set(|state| state.polls = 2);
    aws.ok(&[&ISSUE[..], &["--ttl", "7d"]].concat());
    assert_eq!(aws.home.records("cert.issue.submitted").len(), 1);
    let ran = aws.run(&[&["issue", "x.example.net"], &ISSUE[2..7], &["ed25519"]].concat()).expect(4);
    assert!(ran.stderr.contains("ec:p256"), "{ran:#?}");
}

/// The audit report is asked for, fetched, and held against the log: what somebody had signed outside it is found.
#[test]
fn the_audit_report_is_held_against_the_log() {
    let (aws, replay) = AwsHome::replayed();
    let settings =
        [("kind", "aws-acmpca"), ("ca_arn", CA), ("audit_bucket", "reports"), ("audit_reports", "../fetched")];
    aws.issuer("cloud", &settings);
    aws.ok(&ISSUE);
    fs::create_dir(aws.home.path("fetched")).expect("a directory can be made");
    let fetch = || {
        let command = aws.ok(&["issuer", "report", "cloud"]).stdout;
        let key = command.split("s3://reports/").nth(1).and_then(|rest| rest.split(' ').next()).expect("a command");
        let from = replay.directory().join("bucket/reports").join(key);
        let name = from.file_name().expect("a name").to_owned();
        fs::copy(&from, aws.home.path("fetched").join(name)).expect("a report can be fetched");
    };
    fetch();
    let able = aws.ok(&["issuer", "capabilities", "cloud", "--format", "json"]).json();
    assert_eq!(able["lists"], true);
    aws.ok(&["audit", "reconcile"]);
    // Somebody else has one signed.
    let mut stranger = replay.state().known[0].clone();
    let other = AwsHome::replayed();
    other.0.issuer("cloud", &settings[..2]);
    other.0.ok(&ISSUE);
    stranger.der = other.1.state().known[0].der.clone();
    stranger.arn = format!("{CA}/certificate/stranger");
    replay.set(|state| state.known.push(stranger));
    fetch();
    let ran = aws.run(&["audit", "reconcile", "--format", "json"]);
    assert!(ran.code != 0 && ran.stdout.contains("unlogged"), "{ran:#?}");
}

#[test]
fn usages_and_issuer_are_those_that_were_approved() {
    let (aws, replay) = private_ca();
    let template = |name: &str| format!("arn:aws:acm-pca:::template/{name}/V1");
    for (issuer, name, words) in [
        ("clients", "EndEntityClientAuthCertificate", "leaves out serverAuth, which is asked for"),
        ("code", "CodeSigningCertificate", "adds codeSigning, which was not asked for"),
        ("servers", "EndEntityServerAuthCertificate", ""),
    ] {
        aws.issuer(issuer, &[("kind", "aws-acmpca"), ("ca_arn", CA), ("template_arn", &template(name))]);
        let line = ["issue", issuer, "--template", "https-server", "--issuer", issuer, "--key", "ec:p256"];
        let line = [&line[..], &["--san", "dns:a.example.net"]].concat();
        if words.is_empty() {
            aws.ok(&line);
        } else {
            let ran = aws.run(&line).expect(3);
            assert!(ran.stderr.contains(words) && ran.stderr.contains("template_arn"), "{ran:#?}");
            assert!(aws.home.records("cert.issue.intent").is_empty(), "it was announced");
        }
    }
    // Rights that were given for an older version do not let us see the CA: then nothing is held against it.
    replay.set(|state| state.ca_hidden = true);
    aws.ok(&ISSUE);
    replay.set(|state| (state.ca_hidden, state.ca_another) = (false, true));
    let ran = aws.run(&[&["issue", "b.example.net", "--replace"], &ISSUE[2..]].concat()).expect(1);
    assert!(ran.stderr.contains("the signature of another CA") && ran.stderr.contains("not handed out"), "{ran:#?}");
    aws.home.verify();
}
