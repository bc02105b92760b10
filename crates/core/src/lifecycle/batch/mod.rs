//! Issue many: every line of a CSV, in groups, on all processors, resumable.
//!
//! Each worker takes a group of lines and carries it through alone: keys and to-be-signed bytes, then one intent for the
//! group, then the signatures, then one transaction with a record for each certificate, then a checkpoint, then the
//! files. While one worker waits for the disk, the others compute. A certificate stays undelivered, and its encrypted key
//! in the home, until its file is on disk: whatever moment a run is killed at, the next one goes on from there.

pub(crate) mod context;
pub mod input;
pub mod output;

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use self::context::{BatchContext, BatchTally};
use self::input::{BatchLine, BatchLines, BatchOutcome, FailedLine};
use self::output::{BatchLock, BatchOutput, Package};
use super::issuance::approve::{self, Approved, PolicyContext};
use super::issuance::issue::{self, IssuingContext};
use super::recovery;
use super::session::Session;
use super::session::attempt::Attempt;
use super::signing::announce::{self, RequestContext};
use super::signing::record::{self, InventoryFields};
use super::signing::sign::{self, VerifyLevel};
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, TargetFacts, Why};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::issuer::{self, SigningPlan};
use crate::store::{Change, NewestCertificate, Query, Selector};
use crate::template::{Overrides, TemplateInputs};
use certroll_base::encoding::Sha256;
use certroll_base::secret::SecretBytes;
use certroll_pki::key::{KeyAlgorithm, KeyPair};
use certroll_pki::x509::validity::Lifetime;

/// Lines that one worker carries at a time: enough for one flush to cost little, few enough to lose little.
const GROUP: usize = 1024;

/// What is asked for.
pub struct BatchRequest<'a> {
    /// The right to run a batch, taken before its output was opened.
    pub turn: BatchLock,
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
    issue::refuse_authority(&template)?;
    asked.lines.check_columns(&template)?;
    let issuing = IssuingContext::open(session, &template, asked.issuer.as_deref(), &Overrides::default())?;
    if !issuing.issuer.capabilities().in_process {
        let issuer = issuing.issuer.name();
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("issuer `{issuer}` signs elsewhere, one request at a time"),
        )
        .hint("issue each line by name: `certroll issue NAME --template T --issuer I`"));
    }
    let key = asked.key.unwrap_or(template.key());
    let context = BatchContext {
        occasion: RequestContext {
            template: (template.name().to_owned(), template.sha256()),
            issuer: issuing.issuer.name().to_owned(),
            issuer_kind: issuing.issuer.kind(),
            key: format!("generated {key}, or brought as requests"),
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
        session: Mutex::new(session),
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

/// One line on its way.
struct BatchItem {
    request: Approved<issuer::Request>,
    plan: SigningPlan,
    key: Option<SecretBytes>,
    key_kind: String,
    held: Option<Vec<u8>>,
    remembered: (String, Sha256),
}

/// One group from lines to files.
fn carry(context: &BatchContext<'_>, group: Vec<BatchLine>, mut bad: Vec<FailedLine>) -> Result<(), Error> {
    let (fresh, earlier) = sort_out(context, group, &mut bad)?;
    let mut items = Vec::with_capacity(fresh.len());
    for (line, memory) in fresh {
        match prepare(context, line, memory) {
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

type Fresh = Vec<(BatchLine, (String, Sha256))>;

/// Tells lines that are new from those that an earlier run has issued.
fn sort_out(
    context: &BatchContext<'_>,
    group: Vec<BatchLine>,
    bad: &mut Vec<FailedLine>,
) -> Result<(Fresh, EarlierLines), Error> {
    let session = context.session();
    let store = session.journal.store();
    let names: Vec<&str> = group.iter().map(|line| line.name.as_str()).collect();
    let newest = store.newest(&names)?;
    let mut fresh = Vec::with_capacity(group.len());
    let mut earlier = EarlierLines { lines: 0, packages: Vec::new() };
    for (line, newest) in group.into_iter().zip(newest) {
        let memory = context.memory(&line).seal(&line.name);
        match newest {
            None => fresh.push((line, memory)),
            Some(NewestCertificate { revoked: Some(reason), .. }) => bad.push(line.failed(&format!(
                "its certificate was revoked ({reason}); issue a new one by name with `certroll issue`"
            ))),
            Some(NewestCertificate { id, request_sha256, delivered, .. }) if request_sha256 == memory.1 => {
                earlier.lines += 1;
                if !delivered && context.output.is_some() {
                    let entries = store.certificates(&Query::of(Selector::Name(line.name.clone())))?;
                    let Some(entry) = entries.into_iter().find(|entry| entry.id == id) else { continue };
                    let key = store.held_key(&entry.spki_sha256)?.map(|key| session.keys.open(&key)).transpose()?;
                    let chain = std::iter::once(store.certificate_der(&entry)?).chain(context.issuers());
                    earlier.packages.push(Package { chain: chain.collect(), entry, key, may_exist: true });
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
fn prepare(context: &BatchContext<'_>, line: BatchLine, remembered: (String, Sha256)) -> Result<BatchItem, FailedLine> {
    let reason = |error: &dyn std::error::Error| line.failed(&describe(error));
    let key = match &line.request {
        Some(_) => None,
        None => Some(KeyPair::generate(context.key).map_err(|error| reason(&error))?),
    };
    let spki = match (&line.request, &key) {
        (Some(request), _) => request.spki.clone(),
        (None, Some(key)) => key.spki().to_vec(),
        (None, None) => Vec::new(),
    };
    let inputs = TemplateInputs {
        name: &line.name,
        subject: None,
        names: &line.names,
        parameters: &line.parameters,
        lifetime: context.lifetime,
        now: context.clock.now(),
        profile: &context.issuing.profile,
    };
    let content = context.template.apply(&inputs).map_err(|error| reason(&error))?;
    let key_kind = line.request.as_ref().map_or_else(|| context.key.to_string(), |request| request.key.clone());
    let plain = key.map(|key| key.to_pkcs8()).transpose().map_err(|error| reason(&error))?;
    let held = plain.as_ref().map(|plain| context.home_encryption.encrypt(plain.expose()));
    let held = held.transpose().map_err(|error| reason(&error))?;
    let key_known = match &line.request {
        Some(request) => {
            let known = context.session().journal.store().knows_key(&certroll_base::encoding::sha256(&request.spki));
            known.map_err(|error| reason(&error))?
        }
        None => false,
    };
    let request = issuer::Request {
        name: line.name.clone(),
        template: context.template.name().to_owned(),
        content,
        spki,
        csr: line.request.as_ref().map(|request| request.der.clone()),
        replaces: None,
        key: None,
        predecessor: None,
        tolerated: Vec::new(),
    };
    let circumstances = PolicyContext {
        template: &context.template,
        chain: &context.issuing.chain,
        issuer_key: &context.issuing.issuer_key,
        key: &key_kind,
        own_key: plain.is_some(),
        key_known,
    };
    let request = approve::approve(&context.policies, &circumstances, request)
        .map_err(|refused| line.failed(&format!("policy refuses it: {}", refused.reasons.join("; "))))?;
    let plan = context.issuing.issuer.plan(request.subject()).map_err(|error| reason(&error))?;
    Ok(BatchItem { request, plan, key: plain, key_kind, held, remembered })
}

/// Every line that is not issued is a refusal on record.
fn record_bad(context: &BatchContext<'_>, bad: &[FailedLine]) -> Result<(), Error> {
    if bad.is_empty() {
        return Ok(());
    }
    let mut session = context.session();
    let draft = || session.journal.draft(Event::CertReject, Outcome::Denied, Id::new(context.clock.now()));
    let records = bad.iter().map(|line| line.refusal(&context.batch, draft())).collect();
    session.journal.append(records, Vec::new())?;
    Ok(())
}

/// One intent, all signatures, one transaction, one checkpoint.
fn sign_and_record(context: &BatchContext<'_>, items: Vec<BatchItem>) -> Result<Vec<Package>, Error> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let mut requests = Vec::with_capacity(items.len());
    let mut rest = Vec::with_capacity(items.len());
    for item in items {
        requests.push((item.request, item.plan));
        rest.push((item.key, item.key_kind, item.held, item.remembered));
    }
    let intended = announce::intend_all(
        &mut context.session().journal,
        context.clock.now(),
        &context.occasion,
        &context.batch,
        requests,
    )?;
    let mut signed = Vec::with_capacity(intended.len());
    for (index, intended) in intended.into_iter().enumerate() {
        let scrutiny = if index == 0 { VerifyLevel::Full } else { VerifyLevel::Content };
        match sign::execute(&*context.issuing.issuer, intended, scrutiny) {
            Ok(one) => signed.push(one),
            // The private CA signs all of a group or, its key being unusable, none.
            Err(failure) => return sign::failed(&mut context.session().journal, *failure, rest.len()),
        }
    }
    let mut session = context.session();
    let mut records = Vec::with_capacity(signed.len());
    let mut changes = Vec::with_capacity(signed.len() + 1);
    let mut packages = Vec::with_capacity(signed.len());
    let op = signed.first().map(|one| one.op);
    for (signed, (key, key_kind, held, (request, request_sha256))) in signed.into_iter().zip(rest) {
        let remembered = InventoryFields {
            key_kind,
            request,
            request_sha256,
            renew_before: context.template.renew_before(),
            key: held,
            chain: Vec::new(),
            delivered: context.output.is_none(),
        };
        let made =
            record::issued(&session.journal, Event::CertIssued, &signed, context.issuing.issuer.name(), remembered);
        let (record, entry, change) = made;
        records.push(record);
        changes.push(change);
        let chain = std::iter::once(signed.issued.certificate).chain(context.issuers()).collect();
        packages.push(Package { entry, key, chain, may_exist: false });
    }
    changes.extend(op.map(Change::CloseIntent));
    let appended = session.journal.append(records, changes)?;
    for (package, id) in packages.iter_mut().zip(appended.certificates) {
        package.entry.id = id;
    }
    session.journal.publish()?;
    Ok(packages)
}

/// That the files of a group could not be written is on record, as it is for a single certificate, if it can be.
fn record_undelivered(context: &BatchContext<'_>, output: &BatchOutput, count: usize, error: Error) -> Error {
    let mut session = context.session();
    let mut record = session.journal.draft(Event::CertDeployFailed, Outcome::Fail, Id::new(context.clock.now()));
    let id = std::path::absolute(output.path()).unwrap_or_else(|_| output.path().to_owned());
    record.tgt = Some(TargetFacts { t: "file".to_owned(), id: id.display().to_string(), ..TargetFacts::default() });
    record.err = Some(Failure { code: "write".to_owned(), text: describe(&error) });
    record.x.insert("count".to_owned(), count.into());
    record.x.insert("batch".to_owned(), context.batch.clone().into());
    match session.journal.commit(vec![record], Vec::new()) {
        Ok(_) => error.on_record(),
        // A full disk takes neither; the user is to hear of the files.
        Err(_) => error,
    }
}

/// Files first, then the mark that they are there, with which the home forgets the keys.
fn deliver(context: &BatchContext<'_>, packages: Vec<Package>) -> Result<(), Error> {
    let Some(output) = context.output.filter(|_| !packages.is_empty()) else { return Ok(()) };
    if let Err(error) = output.write(&packages, context.clock.now()) {
        return Err(record_undelivered(context, output, packages.len(), error));
    }
    let written = Change::Delivered { ids: packages.iter().map(|package| package.entry.id).collect(), drop_keys: true };
    context.session().journal.append(Vec::new(), vec![written])?;
    Ok(())
}
