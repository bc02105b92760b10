//! What every issuer must pass, whatever its back end: the home and the back end never disagree about what exists, however
//! a run ends, and the same command brings it to its end.
//!
//! A new back end is an implementation of [`Backend`] and a line in [`super::backend`].

use std::collections::BTreeSet;
use std::sync::Arc;

use certroll_base::clock::Timestamp;
use certroll_base::encoding::hex;
use certroll_core::audit::record::facts::Why;
use certroll_core::error::ErrorKind;
use certroll_core::issuer::{Issuer, KeyCustody};
use certroll_core::lifecycle::issuance::issue;
use certroll_core::lifecycle::issuance::redeliver;
use certroll_core::lifecycle::issuance::request::KeySource;
use certroll_core::lifecycle::recovery;
use certroll_core::lifecycle::recovery::abandon::{self, AbandonOutcome, KeyEnd};
use certroll_core::lifecycle::session::select;

use super::bench::{Act, Bench, Heard, ISSUER, NAME, request};
use super::trouble::{LIMITED_UNTIL, Mishap, Plot};
use crate::home::{TestHome, text};

/// A back end of which the truth can be asked.
pub(crate) trait Backend {
    /// A new door to it.
    fn open(&self) -> Box<dyn Issuer>;

    /// What [`super::backend`] makes the same one of, in another process.
    fn spec(&self) -> String;

    /// Another back end that has done the same so far, and shares nothing of what comes.
    ///
    /// A server that cannot be copied may stay the same one, as long as [`Backend::issued`] and [`Backend::revoked`] of the
    /// sibling tell what was done before it was asked for, and what its own doors have done since.
    fn sibling(&self, number: usize) -> Box<dyn Backend>;

    /// Every certificate that it has ever signed; `None` if that cannot be told.
    fn issued(&self) -> Option<Vec<Vec<u8>>>;

    /// How many certificates it has revoked.
    fn revoked(&self) -> usize;

    /// A door with a credential that it refuses; `None` if it needs none.
    fn with_wrong_credential(&self) -> Option<Box<dyn Issuer>>;

    /// From now on it leaves so many questions unanswered before it knows what it has signed; `false` if it never does.
    fn answer_late(&self, questions: usize) -> bool;
}

/// Points at which a run is killed, at most: more than any run has.
const POINTS: usize = 40;
/// How often the same command may be repeated until it succeeds.
const REPEATS: usize = 4;

type Check = fn(&Bench<'_>) -> Result<(), String>;

const CHECKS: &[(&str, Check)] = &[
    ("issue", issues),
    ("killed anywhere", killed_anywhere),
    ("killed again while recovering", killed_while_recovering),
    ("killed, then handed out by another command", handed_out_by_another),
    ("rotation killed anywhere", rotation_killed),
    ("answer lost", answer_lost),
    ("request lost", request_lost),
    ("answer lost and nobody to ask", nobody_to_ask),
    ("answered late", answered_late),
    ("abandoned", abandoned),
    ("still at work", still_at_work),
    ("rate limit", rate_limit),
    ("refusal", refusal),
    ("wrong credential", wrong_credential),
    ("another request under the same name", another_request),
    ("revoked twice", revoked_twice),
    ("revocation in trouble", revocation_in_trouble),
];

/// Runs the checks whose names begin so, each with a back end of its own; one line for each that fails.
pub(crate) fn defects(backend: &dyn Fn(usize) -> Box<dyn Backend>, only: &str) -> Vec<String> {
    let founded = TestHome::founded();
    let mut defects = Vec::new();
    let mut at = 0;
    for (name, check) in CHECKS.iter().filter(|(name, _)| name.starts_with(only)) {
        let fresh = || {
            at += 1;
            (backend(at), founded.copy())
        };
        if let Err(defect) = with(fresh, *check) {
            defects.push(format!("{name}: {defect}"));
        }
    }
    defects
}

fn with(fresh: impl FnOnce() -> (Box<dyn Backend>, TestHome), check: Check) -> Result<(), String> {
    let (backend, home) = fresh();
    check(&Bench { home, backend: &*backend })
}

fn none() -> Plot {
    Plot::default()
}

fn plot<const N: usize>(mishaps: [Mishap; N]) -> Plot {
    Plot { mishaps: BTreeSet::from(mishaps), ..Plot::default() }
}

fn elsewhere(bench: &Bench<'_>) -> bool {
    !bench.backend.open().capabilities().in_process
}

fn ensure(holds: bool, what: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.into()) }
}

/// So many certificates exist at the back end.
fn exist(bench: &Bench<'_>, count: usize) -> Result<(), String> {
    match bench.backend.issued() {
        Some(issued) if issued.len() != count => Err(format!("{} certificates exist, not {count}", issued.len())),
        _ => Ok(()),
    }
}

/// Repeats a command until it succeeds; home and back end agree all the time.
fn repeat(bench: &Bench<'_>, act: Act) -> Result<(), String> {
    let mut last = String::new();
    for _ in 0..REPEATS {
        match bench.run(act, none()) {
            Ok(()) => return Ok(()),
            Err(error) => last = format!("{error:?}"),
        }
        bench.agree(false)?;
    }
    Err(format!("repeated {REPEATS} times: {last}"))
}

fn settled(bench: &Bench<'_>, certificates: usize) -> Result<(), String> {
    bench.agree(true)?;
    bench.handed_out()?;
    exist(bench, certificates)?;
    ensure(bench.records("cert.issued").len() == certificates, "not everything that exists is on record once")
}

fn issues(bench: &Bench<'_>) -> Result<(), String> {
    bench.run(Act::Issue, none()).map_err(|error| format!("{error:?}"))?;
    settled(bench, 1)?;
    let (intent, issued) = (bench.records("cert.issue.intent"), bench.records("cert.issued"));
    ensure(text(&issued[0], "cert/iss") == ISSUER, "the record names another issuer")?;
    if elsewhere(bench) {
        let ours = bench.backend.open().capabilities().key_custody == KeyCustody::Local;
        ensure(intent[0]["req"]["csr"].is_string() == ours, "the intent does not name the request that leaves")?;
        ensure(issued[0]["rem"]["id"] == ISSUER, "the record does not say where it was issued")?;
        let handle = issued[0]["rem"]["handle"].as_str();
        let submitted = bench.records("cert.issue.submitted");
        ensure(handle.is_none() == submitted.is_empty(), "handle and its record do not go together")?;
    }
    let again = bench.run(Act::Issue, none()).expect_err("it has a current certificate");
    ensure(again.kind == ErrorKind::Usage, "a second issuance under the name was not refused")?;
    exist(bench, 1)
}

fn killed_anywhere(outer: &Bench<'_>) -> Result<(), String> {
    each_point(outer, Act::Issue, &|bench, at| {
        bench.agree(false).map_err(|defect| format!("killed at {at}: {defect}"))?;
        repeat(bench, Act::Issue)?;
        settled(bench, 1).map_err(|defect| format!("killed at {at}: {defect}"))
    })
}

/// Kills a run at its first point, the next at its second, and so on, each in a copy of the home.
fn each_point(
    outer: &Bench<'_>,
    act: Act,
    then: &dyn Fn(&Bench<'_>, usize) -> Result<(), String>,
) -> Result<(), String> {
    // A copy of a home knows its files where they were: each finds them as they were when it was copied.
    let files = ["out.pem", "out.key.pem"].map(|name| outer.home.path(name));
    let before = files.each_ref().map(|file| std::fs::read(file).ok());
    for at in 0..POINTS {
        for (file, bytes) in files.iter().zip(&before) {
            bytes.as_ref().map_or(Ok(()), |bytes| std::fs::write(file, bytes)).map_err(|error| error.to_string())?;
        }
        let backend = outer.backend.sibling(at);
        let bench = Bench { home: outer.home.copy(), backend: &*backend };
        if !bench.killed(act, at)? {
            return ensure(at > 1, "a run has no points at which it could be killed");
        }
        then(&bench, at)?;
    }
    Err(format!("a run has more than {POINTS} points"))
}

fn killed_while_recovering(outer: &Bench<'_>) -> Result<(), String> {
    each_point(outer, Act::Issue, &|bench, at| {
        // The first point of the second run is its question, the second the answer.
        bench.killed(Act::Issue, 1)?;
        bench.agree(false).map_err(|defect| format!("killed at {at} and again: {defect}"))?;
        repeat(bench, Act::Issue)?;
        // Where nothing had been sent yet, each attempt is a new one; but none leaves a certificate behind.
        bench.agree(true)?;
        bench.handed_out()?;
        exist(bench, 1)
    })
}

/// The certificate of a killed run is found by a command that is about something else, with its key.
fn handed_out_by_another(outer: &Bench<'_>) -> Result<(), String> {
    each_point(outer, Act::Issue, &|bench, at| {
        let mut session = bench.session(none()).map_err(|error| format!("{error:?}"))?;
        let recovered = recovery::recover(&mut session).map_err(|error| format!("{error:?}"))?;
        bench.agree(false)?;
        if recovered.found.is_empty() {
            return Ok(());
        }
        let failed = |error| format!("killed at {at}: {error:?}");
        let found = select::find(session.journal.store(), NAME).map_err(failed)?;
        let outputs = request(&bench.home.path(".")).outputs;
        redeliver::deliver_again(&mut session, &found[0], None, outputs).map_err(failed)?;
        let record = bench.records("cert.issued").pop().ok_or("nothing is on record")?;
        ensure(record["x"]["recovered"] == true, "the record does not say that it was recovered")?;
        settled(bench, 1)
    })
}

fn rotation_killed(outer: &Bench<'_>) -> Result<(), String> {
    outer.run(Act::Issue, none()).map_err(|error| format!("{error:?}"))?;
    each_point(outer, Act::Rotate, &|bench, at| {
        let failed = |defect| format!("killed at {at}: {defect}");
        bench.agree(false).map_err(failed)?;
        repeat(bench, Act::Rotate).map_err(failed)?;
        // The run that goes on with a dead one's certificate asks for no further one.
        bench.agree(true).map_err(failed)?;
        exist(bench, 2).map_err(failed)?;
        let current = bench.records("cert.issued").pop().ok_or("nothing is on record")?;
        ensure(current["cert"]["prev"].is_string(), "the new one does not name the one that it replaces")?;
        // The files are where the home knows them to be: beside the home that was copied.
        let written = std::fs::read(outer.home.path("out.pem")).map_err(|error| error.to_string())?;
        let written = certroll_pki::container::pem::read(&written).map_err(|error| error.to_string())?;
        let sha256 = hex(&certroll_base::encoding::sha256(written[0].der.expose()));
        ensure(sha256 == text(&current, "cert/sha256"), format!("killed at {at}: the file has another certificate"))
    })
}

fn answer_lost(bench: &Bench<'_>) -> Result<(), String> {
    if bench.run(Act::Issue, plot([Mishap::AnswerLost])).is_err() {
        bench.agree(false)?;
        repeat(bench, Act::Issue)?;
    }
    settled(bench, 1)
}

fn request_lost(bench: &Bench<'_>) -> Result<(), String> {
    if let Err(error) = bench.run(Act::Issue, plot([Mishap::RequestLost])) {
        let retried = !elsewhere(bench) || matches!(error.kind, ErrorKind::Temporary(_));
        ensure(retried, format!("it cannot simply be repeated: {error:?}"))?;
        bench.agree(false)?;
        repeat(bench, Act::Issue)?;
    }
    settled(bench, 1)
}

/// Nobody knows, so it is on record that nobody knows; other issuers are not affected; later the issuer tells.
fn nobody_to_ask(bench: &Bench<'_>) -> Result<(), String> {
    if !elsewhere(bench) {
        return Ok(());
    }
    let error = bench.run(Act::Issue, plot([Mishap::AnswerLost, Mishap::NoQuestions]));
    let error = error.err().ok_or("it succeeded without an answer")?;
    ensure(matches!(error.kind, ErrorKind::Temporary(_)), format!("not an error to be repeated: {error:?}"))?;
    ensure(bench.records("cert.issue.indeterminate").len() == 1, "it is not on record that nobody knows")?;
    let found = bench.agree(false)?;
    ensure(found.open.len() == 1 && found.open[0].indeterminate, "the intent is not open and in doubt")?;
    ensure(found.open[0].due.is_some(), "the intent has no bound")?;
    ensure(found.open[0].is_overdue(Timestamp::NO_EXPIRY), "the bound never passes")?;
    // With the issuer down, this issuer stops and another one goes on.
    let error = bench.run(Act::Issue, plot([Mishap::Unreachable])).err().ok_or("it did not stop")?;
    ensure(matches!(error.kind, ErrorKind::Temporary(_)), format!("not an error to be repeated: {error:?}"))?;
    bench.home.ok(&["ca", "create", "own", "--key", "ec:p256", "--subject", "CN=Own"]);
    let mut session = bench.session(plot([Mishap::Unreachable])).map_err(|error| format!("{error:?}"))?;
    let heard = Arc::new(Heard::default());
    session.watcher = heard.clone();
    let mut other = request(&bench.home.path("."));
    (other.name, other.issuer, other.outputs) = ("own.example.net".to_owned(), Some("own".to_owned()), Vec::new());
    issue::issue(&mut session, other).map_err(|error| format!("another issuer was stopped: {error:?}"))?;
    ensure(heard.0.lock().is_ok_and(|heard| heard.len() == 1), "nobody was warned, or more than once")?;
    let mut new = request(&bench.home.path("."));
    (new.name, new.outputs) = ("new.example.net".to_owned(), Vec::new());
    let error = issue::issue(&mut session, new)
        .err()
        .ok_or("it asked for more while it could not ask what became of the first")?;
    ensure(matches!(error.kind, ErrorKind::Temporary(_)), format!("not an error to be repeated: {error:?}"))?;
    drop(session);
    ensure(bench.records("cert.issue.indeterminate").len() == 1, "the same doubt is on record twice")?;
    repeat(bench, Act::Issue)?;
    bench.agree(true)?;
    bench.handed_out()?;
    exist(bench, 1)
}

fn answered_late(bench: &Bench<'_>) -> Result<(), String> {
    if !bench.backend.answer_late(3) {
        return Ok(());
    }
    let error = bench.run(Act::Issue, plot([Mishap::AnswerLost])).err().ok_or("it knew at once")?;
    ensure(matches!(error.kind, ErrorKind::Temporary(_)), format!("not an error to be repeated: {error:?}"))?;
    let error = bench.run(Act::Issue, none()).err().ok_or("it asked for a second one")?;
    ensure(matches!(error.kind, ErrorKind::Temporary(_)), format!("not an error to be repeated: {error:?}"))?;
    exist(bench, 1)?;
    repeat(bench, Act::Issue)?;
    ensure(bench.records("cert.issue.indeterminate").len() == 1, "the same doubt is on record twice, or never")?;
    settled(bench, 1)
}

/// A request whose answer is lost is abandoned where the issuer can never tell, and nowhere else.
fn abandoned(bench: &Bench<'_>) -> Result<(), String> {
    if !elsewhere(bench) {
        return Ok(());
    }
    let error = bench.run(Act::Issue, plot([Mishap::AnswerLost, Mishap::NoQuestions])).err();
    error.ok_or("it succeeded without an answer")?;
    let why = Arc::new(Why { code: "abandoned".to_owned(), text: Some("tired".to_owned()), ..Why::default() });
    let abandon = |mishaps: Plot| {
        let mut session = bench.session(mishaps).map_err(|error| format!("{error:?}"))?;
        Ok::<_, String>(abandon::abandon(&mut session, NAME, why.clone()))
    };
    let error = abandon(plot([Mishap::NoQuestions]))?.err().ok_or("it was abandoned while nobody could be asked")?;
    ensure(matches!(error.kind, ErrorKind::Temporary(_)), format!("not an error to be repeated: {error:?}"))?;
    match abandon(none())? {
        Ok(AbandonOutcome::Abandoned { key, .. }) => {
            ensure(!bench.backend.open().capabilities().recoverable, "abandoned, and the issuer could tell")?;
            let destroyed = usize::from(key == KeyEnd::Destroyed);
            ensure(bench.records("key.destroy").len() == destroyed, "what became of the key is not on record")?;
            let found = bench.agree(true)?;
            ensure((found.unknown, found.issued) == (1, 0), "it is not counted as unknown")?;
            let again = abandon(none())?.err().ok_or("it was abandoned twice")?;
            ensure(again.kind == ErrorKind::Usage, format!("not an error of usage: {again:?}"))?;
            bench.run(Act::Issue, none()).map_err(|error| format!("the name is not free: {error:?}"))?;
            bench.agree(true)?;
            bench.handed_out()?;
            return exist(bench, 2);
        }
        Ok(AbandonOutcome::NothingIssued) => exist(bench, 0)?,
        // It was found; or it is still under way.
        Err(error) => {
            let told = matches!(error.kind, ErrorKind::Usage | ErrorKind::Temporary(_));
            ensure(told, format!("neither found nor under way: {error:?}"))?;
            exist(bench, 1)?;
        }
    }
    repeat(bench, Act::Issue)?;
    settled(bench, 1)
}

/// A request that outlasts the command's patience, twice, is gone on with: same key, same handle.
fn still_at_work(bench: &Bench<'_>) -> Result<(), String> {
    if let Err(error) = bench.run(Act::Issue, plot([Mishap::Impatient])) {
        ensure(matches!(error.kind, ErrorKind::Temporary(_)), format!("not an error to be repeated: {error:?}"))?;
        // Its handle is taken up again; or the issuer has it ready by then and says so when it is asked.
        if let Err(error) = bench.run(Act::Issue, plot([Mishap::Impatient, Mishap::NoPolls])) {
            ensure(matches!(error.kind, ErrorKind::Temporary(_)), format!("not an error to be repeated: {error:?}"))?;
            let found = bench.agree(false)?;
            ensure(found.open.len() == 1 && !found.open[0].indeterminate, "a pending request is not just open")?;
            repeat(bench, Act::Issue)?;
        }
        ensure(bench.records("cert.issue.submitted").len() == 1, "its handle is not on record once")?;
        ensure(bench.records("cert.issue.intent").len() == 1, "it was announced again")?;
    }
    settled(bench, 1)
}

fn rate_limit(bench: &Bench<'_>) -> Result<(), String> {
    let error = bench.run(Act::Issue, plot([Mishap::RateLimit])).err().ok_or("it ignored the limit")?;
    let until = ErrorKind::Temporary(Some(Timestamp::from_secs(LIMITED_UNTIL)));
    ensure(error.kind == until, format!("it does not say until when: {error:?}"))?;
    ensure(bench.records("cert.issue.failed").len() == 1, "it is not on record")?;
    bench.agree(true)?;
    exist(bench, 0)?;
    repeat(bench, Act::Issue)?;
    settled(bench, 1)
}

fn refusal(bench: &Bench<'_>) -> Result<(), String> {
    let error = bench.run(Act::Issue, plot([Mishap::Refusal])).err().ok_or("it was issued all the same")?;
    ensure(error.kind == ErrorKind::Refused, format!("not a refusal: {error:?}"))?;
    let failed = bench.records("cert.issue.failed");
    ensure(failed.len() == 1 && failed[0]["err"]["text"].to_string().contains("role"), "its words are not on record")?;
    bench.agree(true)?;
    exist(bench, 0)
}

fn wrong_credential(bench: &Bench<'_>) -> Result<(), String> {
    if bench.backend.with_wrong_credential().is_none() {
        return Ok(());
    }
    let mut session = bench.session(none()).map_err(|error| format!("{error:?}"))?;
    let spec = bench.backend.spec();
    let open = move || Ok(super::backend(&spec).with_wrong_credential().expect("it was there a moment ago"));
    session.remotes.add(ISSUER, Box::new(open));
    let error = issue::issue(&mut session, request(&bench.home.path("."))).err().ok_or("it was let in")?;
    ensure(error.kind == ErrorKind::Permission, format!("not an error of permission: {error:?}"))?;
    drop(session);
    let denied = bench.records("auth.denied").len() + bench.records("cert.issue.failed").len();
    ensure(denied == 1, "the refusal is not on record")?;
    bench.agree(true)?;
    exist(bench, 0)?;
    repeat(bench, Act::Issue)?;
    settled(bench, 1)
}

/// An open request is not taken for another one, and does not give its key to another one.
fn another_request(bench: &Bench<'_>) -> Result<(), String> {
    if !elsewhere(bench) {
        return Ok(());
    }
    bench.run(Act::Issue, plot([Mishap::AnswerLost, Mishap::NoQuestions])).err().ok_or("it succeeded")?;
    let mut session = bench.session(plot([Mishap::NoQuestions])).map_err(|error| format!("{error:?}"))?;
    let mut other = request(&bench.home.path("."));
    other.key = KeySource::Generate(Some("ec:p384".parse().expect("a kind of key")));
    let error = issue::issue(&mut session, other).err().ok_or("two requests are open under one name")?;
    ensure(error.kind == ErrorKind::Locked, format!("not told apart: {error:?}"))?;
    drop(session);
    exist(bench, 1)?;
    repeat(bench, Act::Issue)?;
    settled(bench, 1)
}

fn revoked_twice(bench: &Bench<'_>) -> Result<(), String> {
    bench.run(Act::Issue, none()).map_err(|error| format!("{error:?}"))?;
    for _ in 0..2 {
        bench.run(Act::Revoke, none()).map_err(|error| format!("{error:?}"))?;
        bench.agree(true)?;
        ensure(bench.records("cert.revoked").len() == 1, "it is not on record once")?;
        let has_door = bench.backend.open().revoker().is_some();
        ensure(bench.backend.revoked() == usize::from(has_door), "the back end has not revoked it once")?;
    }
    Ok(())
}

/// Killed anywhere, answer lost, request lost: repeated, it is revoked once, here and there.
fn revocation_in_trouble(outer: &Bench<'_>) -> Result<(), String> {
    if outer.backend.open().revoker().is_none() {
        return Ok(());
    }
    outer.run(Act::Issue, none()).map_err(|error| format!("{error:?}"))?;
    let end = |bench: &Bench<'_>| {
        bench.agree(false)?;
        repeat(bench, Act::Revoke)?;
        bench.agree(true)?;
        ensure(bench.records("cert.revoked").len() == 1, "it is not on record once")?;
        ensure(bench.backend.revoked() == 1, "the back end has not revoked it once")
    };
    each_point(outer, Act::Revoke, &|bench, at| end(bench).map_err(|defect| format!("killed at {at}: {defect}")))?;
    for (at, mishaps) in [
        plot([Mishap::AnswerLost]),
        plot([Mishap::RequestLost]),
        plot([Mishap::AnswerLost, Mishap::NoQuestions]),
        plot([Mishap::RequestLost, Mishap::NoQuestions]),
        plot([Mishap::RateLimit]),
    ]
    .into_iter()
    .enumerate()
    {
        let backend = outer.backend.sibling(POINTS + at);
        let bench = Bench { home: outer.home.copy(), backend: &*backend };
        let _ = bench.run(Act::Revoke, mishaps);
        end(&bench).map_err(|defect| format!("mishap {at}: {defect}"))?;
    }
    Ok(())
}
