//! The conformance suite of issuers, run over each there is, and over faulty ones that it must find.

#[cfg(feature = "aws")]
mod aws;
mod bench;
pub(crate) mod fake;
#[cfg(feature = "acme")]
mod pebble;
mod private;
mod suite;
mod trouble;
#[cfg(feature = "vault")]
pub(crate) mod vault;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use fake::found_ca;
use fake::{Fake, Flaw, Manner};
use suite::Backend;
use tempfile::TempDir;

use crate::home::{TestHome, copy_tree};

/// The back end of that spec: kind, flaw and directory.
pub(crate) fn backend(spec: &str) -> Box<dyn Backend> {
    let mut parts = spec.splitn(3, ':');
    let (kind, flaw) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let directory = PathBuf::from(parts.next().unwrap_or_default());
    let flaw = Flaw::ALL.iter().copied().find(|known| format!("{known:?}") == flaw);
    #[cfg(feature = "aws")]
    if let Some(service) = aws::Service::named(kind) {
        return Box::new(aws::Aws::at(&directory, service));
    }
    let manners = [Manner::Order, Manner::Token, Manner::List];
    #[cfg(feature = "vault")]
    if kind == "Vault" {
        return Box::new(vault::Mount::at(&directory));
    }
    match manners.into_iter().find(|known| format!("{known:?}") == kind) {
        Some(manner) => Box::new(Fake::at(&directory, manner, flaw)),
        #[cfg(feature = "acme")]
        None if kind == pebble::KIND => Box::new(pebble::Server::at(&directory)),
        None => Box::new(private::Private::at(&directory)),
    }
}

/// A copy of a back end that is all in the directory at the end of its spec.
pub(crate) fn copied(of: &dyn Backend, number: usize) -> Box<dyn Backend> {
    let spec = of.spec();
    let (start, directory) = spec.rsplit_once(':').expect("a spec ends with its directory");
    let copy = format!("{directory}-{number}");
    copy_tree(Path::new(directory), Path::new(&copy));
    backend(&format!("{start}:{copy}"))
}

fn defects_of(kind: &str, flaw: &str, only: &str) -> Vec<String> {
    let room = TempDir::with_prefix("certroll-issuer-").expect("a temporary directory can be made");
    suite::defects(&|at| backend(&format!("{kind}:{flaw}:{}", room.path().join(at.to_string()).display())), only)
}

#[test]
fn an_order_that_is_polled_conforms() {
    assert_eq!(defects_of("Order", "", ""), Vec::<String>::new());
}

#[test]
fn a_call_with_a_token_conforms() {
    assert_eq!(defects_of("Token", "", ""), Vec::<String>::new());
}

#[test]
fn a_call_with_a_list_conforms() {
    assert_eq!(defects_of("List", "", ""), Vec::<String>::new());
}

#[test]
fn the_private_ca_conforms() {
    assert_eq!(defects_of("Private", "", ""), Vec::<String>::new());
}

#[cfg(feature = "acme")]
#[test]
fn an_acme_server_conforms() {
    use crate::peers::{self, Manners, Pebble, Peer};
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let running = Pebble::start(&Manners::default());
    let room = TempDir::with_prefix("certroll-issuer-").expect("a temporary directory can be made");
    let backend = |at: usize| -> Box<dyn Backend> {
        Box::new(pebble::Server::found(&room.path().join(at.to_string()), &running))
    };
    assert_eq!(suite::defects(&backend, ""), Vec::<String>::new());
}

#[cfg(feature = "vault")]
#[test]
fn a_role_of_openbao_conforms() {
    if !crate::peers::require(&[crate::peers::Peer::OpenBao]) {
        return;
    }
    let server = crate::peers::openbao::OpenBao::start();
    let room = TempDir::with_prefix("certroll-issuer-").expect("a temporary directory can be made");
    std::fs::write(room.path().join("address"), server.address()).expect("a file can be written");
    let backend = |at: usize| backend(&format!("Vault::{}", room.path().join(at.to_string()).display()));
    assert_eq!(suite::defects(&backend, ""), Vec::<String>::new());
}

/// What it does not keep nobody can find: a person ends the request, and everything else goes as with any other.
#[test]
fn a_call_that_leaves_no_trace_conforms_but_for_what_it_cannot_tell() {
    for check in ["issue", "abandoned", "rate limit", "refusal", "wrong credential", "revoked twice"] {
        assert_eq!(defects_of("List", "KeepsNothing", check), Vec::<String>::new());
    }
}

/// The negative control: what each faulty issuer does must be seen, by the check that is there for it.
#[test]
fn faulty_issuers_are_found() {
    for (kind, flaw, check, seen) in [
        ("List", "Forgets", "answer lost", "outside the log"),
        ("List", "SignsTwice", "answer lost", "outside the log"),
        ("Order", "SignsTwice", "issue", "outside the log"),
        ("Token", "OtherKey", "issue", "another public key"),
        ("Order", "SkipsCheckpoint", "killed anywhere", "outside the log"),
        ("List", "DropsUsage", "issue", "no extended key usage serverAuth, which was asked for"),
        ("Token", "AddsUsage", "issue", "the extended key usage codeSigning, which was not asked for"),
        ("Order", "AddsSigning", "issue", "the key usage keyCertSign, which is for CAs"),
        ("List", "OtherIssuer", "issue", "the signature of another CA"),
        ("Order", "OtherIssuer", "killed anywhere", "the signature of another CA"),
        ("Token", "NoAuthority", "issue", "is not for signing certificates"),
    ] {
        let defects = defects_of(kind, flaw, check);
        assert!(defects.iter().any(|defect| defect.contains(seen)), "{kind} {flaw}: {defects:#?}");
    }
}

#[test]
fn a_process_to_be_killed() {
    // The suite starts it, to kill it; on its own it has nothing to do.
    if std::env::var_os("SUITE_ACT").is_none() {
        return;
    }
    let variable = |name: &str| std::env::var(name).expect("the suite sets it");
    let acts = [bench::Act::Issue, bench::Act::Rotate, bench::Act::Revoke];
    let act = acts.into_iter().find(|act| format!("{act:?}") == variable("SUITE_ACT")).expect("an act");
    let kill_at = Some(variable("SUITE_KILL").parse().expect("a number"));
    let plot = Arc::new(trouble::Plot { kill_at, ..trouble::Plot::default() });
    let root = PathBuf::from(variable("SUITE_ROOT"));
    bench::run(&root, &*backend(&variable("SUITE_SPEC")), act, plot).expect("it comes to its end");
}

/// What CAs add by habit is told and on record; where a policy would not have allowed it, it does not fit.
#[test]
fn what_an_issuer_adds_is_told_unless_policy_forbids_it() {
    let room = TempDir::with_prefix("certroll-issuer-").expect("a temporary directory can be made");
    let founded = TestHome::founded();
    for strict in [false, true] {
        let backend = Fake::at(&room.path().join(strict.to_string()), Manner::Order, Some(Flaw::AddsClient));
        let bench = bench::Bench { home: founded.copy(), backend: &backend };
        if strict {
            let policy = "name = \"servers\"\nsummary = \"servers are no clients\"\n\n[[rules]]\nextended_key_usage = [\"serverAuth\"]\n";
            bench.home.write("home/policies/servers.toml", policy);
        }
        let mut session = bench.session(trouble::Plot::default()).expect("a home");
        let heard = Arc::new(bench::Heard::default());
        session.watcher = heard.clone();
        let issued =
            certroll_core::lifecycle::issuance::issue::issue(&mut session, bench::request(&bench.home.path(".")));
        drop(session);
        let record = bench.records("cert.issued").pop().expect("it is on record");
        let told = heard.0.lock().expect("no thread panicked").join("\n");
        if strict {
            let error = issued.err().expect("it does not fit");
            assert!(
                error.to_string().contains("the extended key usage clientAuth, which was not asked for"),
                "{error}"
            );
            assert!(record["x"]["unfit"].is_string() && record["x"]["added_usages"].is_null(), "{record}");
        } else {
            assert!(issued.is_ok());
            assert_eq!(record["x"]["added_usages"], serde_json::json!(["clientAuth"]));
            assert!(told.contains("gave `shop.example.net` usages that were not asked for: clientAuth"), "{told}");
        }
        bench.agree(true).expect("home and back end agree");
    }
}

/// One that is found and does not fit is neither handed out nor said to be none.
#[test]
fn what_is_found_and_does_not_fit_is_not_abandoned() {
    use certroll_core::error::ErrorKind;
    use certroll_core::lifecycle::recovery::abandon;
    let room = TempDir::with_prefix("certroll-issuer-").expect("a temporary directory can be made");
    let backend = Fake::at(room.path(), Manner::List, Some(Flaw::DropsUsage));
    let bench = bench::Bench { home: TestHome::founded(), backend: &backend };
    let mishaps = [trouble::Mishap::AnswerLost, trouble::Mishap::NoQuestions];
    let plot = trouble::Plot { mishaps: mishaps.into(), ..trouble::Plot::default() };
    bench.run(bench::Act::Issue, plot).expect_err("its answer is lost");
    let mut session = bench.session(trouble::Plot::default()).expect("a home");
    let heard = Arc::new(bench::Heard::default());
    session.watcher = heard.clone();
    let why = Arc::new(certroll_core::audit::record::facts::Why::default());
    let error = abandon::abandon(&mut session, bench::NAME, why).err().expect("it was found");
    drop(session);
    assert_eq!(error.kind, ErrorKind::Usage, "{error:?}");
    assert!(format!("{error:?}").contains("it is not what was asked for"), "{error:?}");
    let told = heard.0.lock().expect("no thread panicked").join("\n");
    assert!(told.contains("no extended key usage serverAuth") && told.contains("is not handed out"), "{told}");
    let record = bench.records("cert.issued").pop().expect("it is on record");
    assert!(record["x"]["unfit"].is_string() && record["x"]["recovered"] == true, "{record}");
    assert!(bench.handed_out().is_err());
    bench.agree(true).expect("home and back end agree");
}
