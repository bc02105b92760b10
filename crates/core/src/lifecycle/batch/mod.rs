//! Issue many: every line of a CSV, in groups, on all processors, resumable.
//!
//! Each worker takes a group of lines and carries it through alone: keys and to-be-signed bytes, then one intent for the
//! group, then the signatures, then one transaction with a record for each certificate, then a checkpoint, then the
//! files. While one worker waits for the disk, the others compute. A certificate stays undelivered, and its encrypted key
//! in the home, until its file is on disk: whatever moment a run is killed at, the next one goes on from there.

pub(crate) mod context;
mod deployed;
pub mod handover;
pub mod input;
mod ndjson;
pub mod output;

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use self::context::{BatchContext, BatchTally};
use self::input::{BatchLine, BatchLines, BatchOutcome, FailedLine};
use self::output::{BatchLock, BatchOutput, Package};
use super::issuance::context::IssuingContext;
use super::issuance::issue;
use super::issuance::key_history::KeyHistory;
use super::issuance::pipeline::{self, Group, Prepared, Proposal, Rejection};
use super::recovery;
use super::session::Session;
use super::session::attempt::Attempt;
use super::session::shared::SharedSession;
use super::signing::announce::{IntentScope, RequestContext};
use super::signing::record::{InventoryFields, IssuedCertificate};
use crate::audit::record::facts::Why;
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind, describe};
use crate::hint::certificate::CertificateHint;
use crate::policy::Request;
use crate::store::{NewestCertificate, Query, RequestSpec, Selector};
use crate::template::{Overrides, TemplateInputs};
use certroll_base::secret::SecretBytes;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::key::{KeyAlgorithm, KeyPair};
use certroll_pki::x509::validity::Lifetime;

/// Lines that one worker carries at a time: enough for one flush to cost little, few enough to lose little.
const GROUP: usize = 1024;

/// What is asked for.
pub struct BatchRequest<'a> {
    /// The right to run a batch, taken before its output was opened.
    #[allow(dead_code, reason = "it is held until the batch ends")]
    pub lock: BatchLock,
    /// The lines.
    pub lines: BatchLines,
    /// The template of all of them.
    pub template: String,
    /// The issuer; the one CA of the home when `None`.
    pub issuer: Option<String>,
    /// The kind of key, in place of the template's.
    pub key: Option<KeyAlgorithm>,
    /// The lifetime, in place of the template's.
    pub lifetime: Option<Lifetime>,
    /// Where keys and certificates go; they stay in the home when `None`.
    pub output: Option<BatchOutput>,
    /// For what reason.
    pub why: Option<Arc<Why>>,
    /// How many threads; one more than there are processors when `None`.
    pub workers: Option<usize>,
    /// Told how many lines are done.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// Issues every line that has not been issued by an earlier run, and delivers what an earlier run did not.
///
/// A bad line is recorded and reported, and does not stop the others.
///
/// # Errors
/// Before anything is issued: wrong template, issuer or columns. Later: the log or the output
/// cannot be written; what is issued by then is on record, and the same command goes on.
pub fn issue_batch(session: &mut Session, asked: BatchRequest<'_>) -> Result<BatchOutcome, Error> {
    let name = asked.lines.file().display().to_string();
    let attempt = Attempt::to_issue(&name, Some(&asked.template), asked.why.clone());
    let ended = issue_lines(session, asked);
    attempt.ended(session, ended)
}

fn issue_lines(session: &mut Session, asked: BatchRequest<'_>) -> Result<BatchOutcome, Error> {
    recovery::recover(session)?;
    session.journal.require_clock()?;
    let template = session.template(&asked.template)?.clone();
    issue::refuse_authority(&template, false)?;
    asked.lines.check_columns(&template)?;
    let issuing = IssuingContext::open(session, &template, asked.issuer.as_deref(), &Overrides::default())?;
    if !issuing.issuer.capabilities().in_process {
        let issuer = issuing.issuer.name();
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("issuer `{issuer}` signs elsewhere, one request at a time"),
        )
        .hint(CertificateHint::IssueEachLine));
    }
    let key = asked.key.unwrap_or(template.key());
    let context = BatchContext {
        request: RequestContext {
            template: (template.name().to_owned(), template.digest()),
            issuer: issuing.issuer.name().to_owned(),
            issuer_kind: issuing.issuer.kind(),
            why: asked.why,
        },
        template,
        issuing,
        key,
        lifetime: asked.lifetime,
        output: asked.output.as_ref(),
        batch: asked.lines.file().display().to_string(),
        clock: session.clock.clone(),
        policies: session.policies.clone(),
        home_encryption: session.keys.encryption.clone(),
        shared: SharedSession::of(session),
        tally: BatchTally {
            issued: AtomicU64::new(0),
            skipped: AtomicU64::new(0),
            failed: Mutex::default(),
            done: AtomicU64::new(0),
            report: asked.progress,
        },
    };
    let lines = Mutex::new((asked.lines, HashSet::new()));
    let one_more = || std::thread::available_parallelism().map_or(2, |processors| processors.get() + 1);
    let count = asked.workers.unwrap_or_else(one_more).max(1);
    let stopped = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(|| work(&context, &lines))).collect();
        // All of them are waited for, and the first failure is the one to report.
        let ended: Vec<_> = workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        let stopped = |_| Err(Error::new(ErrorKind::Failed, "a worker stopped unexpectedly"));
        ended.into_iter().try_for_each(|ended| ended.unwrap_or_else(stopped))
    });
    // An output that is not whole keeps its unfinished name; the next run takes it up.
    let issued = context.tally.issued.into_inner();
    stopped.map_err(|error| if issued > 0 { error.after_some() } else { error })?;
    asked.output.as_ref().map_or(Ok(()), BatchOutput::finish)?;
    let mut failed = context.tally.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_by_key(|line| line.line);
    Ok(BatchOutcome { issued, skipped: context.tally.skipped.into_inner(), failed })
}

/// Takes groups of lines until there are none left.
fn work(context: &BatchContext<'_>, lines: &Mutex<(BatchLines, HashSet<String>)>) -> Result<(), Error> {
    loop {
        let mut group = Vec::with_capacity(GROUP);
        let mut bad = Vec::new();
        {
            let mut guard = lines.lock().unwrap_or_else(PoisonError::into_inner);
            let (lines, seen) = &mut *guard;
            while group.len() + bad.len() < GROUP {
                match lines.next_line() {
                    None => break,
                    Some(Ok(line)) if !seen.insert(line.name.clone()) => {
                        bad.push(line.failed("the name stands on an earlier line already"));
                    }
                    Some(Ok(line)) => group.push(line),
                    Some(Err(line)) => bad.push(line),
                }
            }
        }
        if group.is_empty() && bad.is_empty() {
            return Ok(());
        }
        carry(context, group, bad)?;
    }
}

/// One line on its way, with its plain key until it is handed over.
struct BatchItem {
    prepared: Prepared,
    key: Option<SecretBytes>,
}

/// One group from lines to files.
fn carry(context: &BatchContext<'_>, group: Vec<BatchLine>, mut bad: Vec<FailedLine>) -> Result<(), Error> {
    let (fresh, earlier) = sort_out(context, group, &mut bad)?;
    let mut items = Vec::with_capacity(fresh.len());
    for (line, spec) in fresh {
        if let Some(obstacle) = context.output.and_then(|output| output.obstacle(&line.name)) {
            bad.push(line.failed(&obstacle));
            continue;
        }
        match prepare(context, line, spec) {
            Ok(item) => items.push(item),
            Err(failed) => bad.push(failed),
        }
    }
    record_bad(context, &bad)?;
    let packages = sign_and_record(context, items)?;
    let issued = packages.len() as u64;
    deliver(context, packages)?;
    deliver(context, earlier.packages)?;
    context.tally.issued.fetch_add(issued, Ordering::Relaxed);
    context.tally.skipped.fetch_add(earlier.lines, Ordering::Relaxed);
    let step = issued + earlier.lines + bad.len() as u64;
    context.tally.failed.lock().unwrap_or_else(PoisonError::into_inner).extend(bad);
    let done = context.tally.done.fetch_add(step, Ordering::Relaxed) + step;
    (context.tally.report)(done);
    Ok(())
}

/// Lines that an earlier run has issued, and what of them it has not delivered.
struct EarlierLines {
    lines: u64,
    packages: Vec<Package>,
}

type Fresh = Vec<(BatchLine, RequestSpec)>;

/// Tells lines that are new from those that an earlier run has issued.
fn sort_out(
    context: &BatchContext<'_>,
    group: Vec<BatchLine>,
    bad: &mut Vec<FailedLine>,
) -> Result<(Fresh, EarlierLines), Error> {
    let session = context.shared.lock();
    let store = session.journal.store();
    let names: Vec<&str> = group.iter().map(|line| line.name.as_str()).collect();
    let newest = store.newest(&names)?;
    let mut fresh = Vec::with_capacity(group.len());
    let mut earlier = EarlierLines { lines: 0, packages: Vec::new() };
    for (line, newest) in group.into_iter().zip(newest) {
        let spec = context.memory(&line);
        let digest = spec.digest(&line.name);
        match newest {
            None => fresh.push((line, spec)),
            Some(NewestCertificate { revoked: Some(reason), .. }) => {
                bad.push(line.failed(&format!("its certificate was revoked ({reason}); issue a new one by name")))
            }
            Some(NewestCertificate { id, request_digest, delivered, .. }) if request_digest == digest => {
                earlier.lines += 1;
                if !delivered && context.output.is_some() {
                    let entries = store.certificates(&Query::of(Selector::Name(line.name.clone())))?;
                    let Some(entry) = entries.into_iter().find(|entry| entry.id == id) else { continue };
                    let key = store.held_key(&entry.key_hash)?.map(|key| session.keys.open(&key)).transpose()?;
                    let chain = std::iter::once(store.certificate_der(&entry)?).chain(context.issuers());
                    let op = Id::new(context.clock.now());
                    earlier.packages.push(Package {
                        chain: chain.collect(),
                        entry,
                        key,
                        op,
                        item: None,
                        may_exist: true,
                    });
                }
            }
            Some(_) => bad.push(line.failed(
                "the name has a current certificate that was asked for differently; rotate or revoke that one first",
            )),
        }
    }
    Ok((fresh, earlier))
}

/// Key, content, approval and to-be-signed bytes of one line.
fn prepare(context: &BatchContext<'_>, line: BatchLine, spec: RequestSpec) -> Result<BatchItem, FailedLine> {
    let reason = |error: &dyn std::error::Error| line.failed(&describe(error));
    let request_digest = spec.digest(&line.name);
    let key = match &line.request {
        Some(_) => None,
        None => Some(KeyPair::generate(context.key).map_err(|error| reason(&error))?),
    };
    let (spki, key_kind, key_told) = match (&line.request, &key) {
        (Some(request), _) => {
            (request.get().spki.clone(), request.get().key.clone(), "brought as a request".to_owned())
        }
        (None, Some(key)) => {
            (key.spki().to_vec(), PublicKeyKind::from(context.key), format!("generated {}", context.key))
        }
        (None, None) => (Vec::new(), PublicKeyKind::from(context.key), String::new()),
    };
    let subject = line.request.as_ref().and_then(|request| request.subject(None));
    let inputs = TemplateInputs {
        name: &line.name,
        subject: subject.as_ref(),
        names: &line.names,
        parameters: &line.parameters,
        lifetime: context.lifetime,
        now: context.clock.now(),
        profile: &context.issuing.profile,
    };
    let content = context.template.apply(&inputs).map_err(|error| {
        // The line says what is wrong with it; that the template did not take it is for the record.
        let reason = describe(&error);
        FailedLine { reason, ..line.stopped(&error.into()) }
    })?;
    let plain = key.map(|key| key.to_pkcs8()).transpose().map_err(|error| reason(&error))?;
    let held = plain.as_ref().map(|plain| context.home_encryption.encrypt(plain.expose()));
    let held = held.transpose().map_err(|error| reason(&error))?;
    let request = Request {
        name: line.name.clone(),
        template: context.template.name().to_owned(),
        content,
        spki,
        csr: line.request.as_ref().map(|request| request.get().der.clone()),
        replaces: None,
        key: None,
        predecessor: None,
        tolerated: Vec::new(),
    };
    let own_key = plain.is_some();
    // A key that was made a moment ago has no history.
    let history = match own_key {
        true => Ok(KeyHistory::default()),
        false => KeyHistory::of(&mut context.shared.lock(), &request, true),
    };
    let history = history.map_err(|error| reason(&error))?;
    let inventory = InventoryFields {
        key_kind,
        request: spec,
        request_digest,
        renew_before: context.template.renew_before(),
        key: held,
        chain: Vec::new(),
        delivered: context.output.is_none(),
    };
    let proposal = Proposal { request, key: key_told.clone(), own_key, inventory };
    match pipeline::prepare(&context.policies, &context.template, &context.issuing, proposal, &history) {
        Ok(prepared) => Ok(BatchItem { prepared, key: plain }),
        Err(Rejection::Policy(refused)) => Err(line.refused(key_told, refused)),
        Err(Rejection::Unsupported(_, missing)) => Err(line.failed(&missing.join("; "))),
        Err(Rejection::Other(error)) => Err(line.stopped(&error)),
    }
}

/// Every line that is not issued is a refusal on record, as it is for a certificate that is asked for alone.
fn record_bad(context: &BatchContext<'_>, bad: &[FailedLine]) -> Result<(), Error> {
    if bad.is_empty() {
        return Ok(());
    }
    let mut session = context.shared.lock();
    let now = context.clock.now();
    let records = bad.iter().map(|line| line.record(&session.journal, now, &context.request, &context.batch)).collect();
    session.journal.append(records, Vec::new())?;
    Ok(())
}

/// One intent, all signatures, one transaction, one checkpoint.
fn sign_and_record(context: &BatchContext<'_>, items: Vec<BatchItem>) -> Result<Vec<Package>, Error> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let (prepared, keys): (Vec<_>, Vec<_>) = items.into_iter().map(|item| (item.prepared, item.key)).unzip();
    let scope = IntentScope::Group(context.batch.clone());
    let group = Group { context: &context.request, scope, replaced: None, authority: None, label: &context.batch };
    let issued = pipeline::carry(&context.shared, &context.issuing, group, prepared, context.clock.now())?;
    let package = |(issued, key)| {
        let IssuedCertificate { entry, chain, op, item } = issued;
        Package { entry, key, chain, op, item, may_exist: false }
    };
    Ok(issued.into_iter().zip(keys).map(package).collect())
}

/// Files first, then their records and the mark that they are there, with which the home forgets the keys.
fn deliver(context: &BatchContext<'_>, packages: Vec<Package>) -> Result<(), Error> {
    let Some(output) = context.output.filter(|_| !packages.is_empty()) else { return Ok(()) };
    let written = output.write(&packages, context.clock.now());
    deployed::record(&mut context.shared.lock().journal, output, &packages, written)
}
