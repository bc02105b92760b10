//! Verification of exports beside plain SHA-256 over the same bytes, in the same run.
//!
//! `cargo bench --bench verify [-- RECORDS]`, 1,000,000 records unless told otherwise. Nothing passes or fails by time. The
//! log is made by the journal of a real home: five records for each certificate that is requested, approved, announced,
//! issued and installed. The bundle is of a second home, with certificates that were really issued in a batch, because it
//! carries them; one certificate for every fifty records asked for. Memory is that of a process which does nothing but
//! verify.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

mod fresh_home;

use std::io::Read;
use std::path::Path;
use std::time::Instant;

use certroll_base::clock::Timestamp;
use certroll_base::encoding::{self, Hasher};
use certroll_core::audit::record::event::Event;
use certroll_core::audit::record::facts::{CertificateFacts, Outcome, Reference, RequestFacts, TargetFacts};
use certroll_core::audit::record::value::Id;
use certroll_core::lifecycle::batch::input::BatchLines;
use certroll_core::lifecycle::batch::output::BatchLock;
use certroll_core::lifecycle::batch::{self, BatchRequest};
use certroll_core::lifecycle::log::{self, ExportChecks, ExportForm, ExportRequest, ExportSink};
use certroll_core::lifecycle::session::Session;
use certroll_tlog::VerifierKey;

use fresh_home::{Failure, home};

/// Rounds of each measurement; the median is reported.
const ROUNDS: usize = 3;
/// Records that are appended in one transaction.
const GROUP: usize = 1000;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [word, export, key] = &arguments[..]
        && word == "measure-memory"
    {
        verify(export.as_ref(), &log::read_key(key.as_ref())?)?;
        let status = std::fs::read_to_string("/proc/self/status")?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown");
        println!("{}", peak.trim());
        return Ok(());
    }
    let records: usize = arguments.first().map_or(Ok(1_000_000), |argument| argument.parse())?;
    let directory = tempfile::tempdir()?;
    println!("{ROUNDS} rounds, one thread");
    println!(
        "{:<34} {:>9} {:>9} {:>12} {:>12} {:>12}",
        "", "MB/s", "us CPU", "of SHA, wall", "of SHA, CPU", "peak memory"
    );
    let mut session = home(directory.path(), "synthetic")?;
    let made = Instant::now();
    fill(&mut session, records)?;
    println!("(a log of {records} records in {:.0} s)", made.elapsed().as_secs_f64());
    compare(&mut session, ExportForm::Jsonl, &directory.path().join("log.jsonl"))?;
    let mut session = home(directory.path(), "issued")?;
    issue(&mut session, directory.path(), records / 50)?;
    compare(&mut session, ExportForm::Bundle, &directory.path().join("bundle.tar"))
}

fn compare(session: &mut Session, form: ExportForm, file: &Path) -> Result<(), Failure> {
    let began = Instant::now();
    let exported = log::export(
        session,
        &ExportRequest::new(form),
        ExportSink::File(certroll_core::destination::kinds::file::OutputFile::new(file)),
    )?;
    let wrote = began.elapsed().as_secs_f64();
    let key = session.home.verifier_key();
    let (bytes, records) = (std::fs::metadata(file)?.len(), exported.records);
    let verifier = log::read_key(&key)?;
    let raw = median(|| hash(file))?;
    let ours = median(|| verify(file, &verifier))?;
    let child = std::process::Command::new(std::env::current_exe()?)
        .args(["measure-memory".as_ref(), file.as_os_str(), key.as_os_str()])
        .output()?;
    let memory = String::from_utf8_lossy(&child.stdout).trim().to_owned();
    println!("{}: {records} records, {:.1} MB, written in {wrote:.1} s", form.name(), bytes as f64 / 1e6);
    show("plain SHA-256 of the file", raw, raw, (bytes, records), "");
    show("verify", ours, raw, (bytes, records), &memory);
    Ok(())
}

/// Wall and processor seconds.
#[derive(Clone, Copy)]
struct Taken {
    wall: f64,
    cpu: f64,
}

fn median(mut work: impl FnMut() -> Result<(), Failure>) -> Result<Taken, Failure> {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let (started, before) = (Instant::now(), cpu_seconds());
        work()?;
        all.push(Taken { wall: started.elapsed().as_secs_f64(), cpu: cpu_seconds() - before });
    }
    all.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    Ok(all[ROUNDS / 2])
}

fn cpu_seconds() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}

fn show(what: &str, taken: Taken, raw: Taken, (bytes, records): (u64, u64), memory: &str) {
    let (rate, each) = (bytes as f64 / taken.wall / 1e6, taken.cpu / records as f64 * 1e6);
    let (wall, cpu) = (raw.wall / taken.wall, raw.cpu / taken.cpu);
    println!("{what:<34} {rate:>9.0} {each:>9.2} {wall:>12.2} {cpu:>12.2} {memory:>12}");
}

fn hash(file: &Path) -> Result<(), Failure> {
    let (mut file, mut hasher, mut buffer) = (std::fs::File::open(file)?, Hasher::default(), vec![0; 1 << 17]);
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    std::hint::black_box(hasher.sha256());
    Ok(())
}

fn verify(file: &Path, key: &VerifierKey) -> Result<(), Failure> {
    let checked = log::verify_export(file, &ExportChecks { key, checkpoint: None, since: None })?;
    assert_eq!(checked.verification.unsigned_tail(), 0);
    Ok(())
}

/// Appends the records of issuances that did not happen: the log does not know the difference.
fn fill(session: &mut Session, records: usize) -> Result<(), Failure> {
    let mut certificates = 0_u64;
    let mut left = records;
    while left > 0 {
        let operations = (GROUP / 5).min(left.div_ceil(5));
        let ids: Vec<Id> = (0..operations).map(|_| Id::new(session.clock.now())).collect();
        let mut announced = Vec::new();
        for op in &ids {
            let mut asked = session.journal.draft(Event::CertRequest, Outcome::Ok, *op);
            asked.req = Some(request(certificates));
            announced.push(asked);
            announced.push(session.journal.draft(Event::CertApprove, Outcome::Ok, *op));
            let mut intent = session.journal.draft(Event::CertIssueIntent, Outcome::Pending, *op);
            intent.req = Some(request(certificates));
            announced.push(intent);
        }
        let appended = session.journal.append(announced, Vec::new())?;
        let mut ended = Vec::new();
        for (index, op) in ids.iter().enumerate() {
            let mut issued = session.journal.draft(Event::CertIssued, Outcome::Ok, *op);
            let (seq, leaf) = appended.reference(3 * index + 2).ok_or("an intent is missing")?;
            issued.reference = Some(Reference { seq, leaf: leaf.into() });
            issued.cert = Some(certificate(certificates));
            ended.push(issued);
            let mut deployed = session.journal.draft(Event::CertDeployed, Outcome::Ok, *op);
            let id = format!("/srv/meters/meter-{certificates:08}.pem");
            let (t, method) = ("file".to_owned(), Some("pem".to_owned()));
            deployed.tgt = Some(TargetFacts { t, id, method, ..TargetFacts::default() });
            ended.push(deployed);
            certificates += 1;
        }
        session.journal.append(ended, Vec::new())?;
        left = left.saturating_sub(5 * operations);
    }
    session.journal.publish()?;
    Ok(())
}

fn digest(number: u64) -> certroll_core::audit::record::value::Digest {
    encoding::sha256(&number.to_be_bytes()).into()
}

fn names(number: u64) -> Vec<String> {
    vec![format!("name:meter-{number:08}"), format!("dn:SERIALNUMBER=1BEN{number:010},CN=meter-{number:08}")]
}

fn request(number: u64) -> RequestFacts {
    RequestFacts {
        template: Some("meter".to_owned()),
        template_sha256: Some(digest(1)),
        names: names(number),
        nb: Some(Timestamp::from_secs(1_795_000_000)),
        na: Some(Timestamp::NO_EXPIRY),
        spki: Some(digest(number)),
        ..RequestFacts::default()
    }
}

fn certificate(number: u64) -> CertificateFacts {
    CertificateFacts {
        iss: "ca".to_owned(),
        sn: encoding::hex(&digest(number).0[..16]),
        sha256: digest(number ^ 1),
        spki: digest(number),
        san: names(number),
        nb: Timestamp::from_secs(1_795_000_000),
        na: Timestamp::NO_EXPIRY,
        alg: "ec:p256".to_owned(),
        prev: None,
    }
}

/// Certificates that are really issued; their keys stay in the home.
fn issue(session: &mut Session, directory: &Path, count: usize) -> Result<(), Failure> {
    let mut text = "name,serial\n".to_owned();
    (0..count).for_each(|n| text.push_str(&format!("meter-{n:08},1BEN{n:010}\n")));
    let csv = directory.join("meters.csv");
    std::fs::write(&csv, text)?;
    let request = BatchRequest {
        lock: BatchLock::take(&session.home)?,
        lines: BatchLines::open(&csv)?,
        template: "meter".to_owned(),
        issuer: None,
        key: None,
        lifetime: None,
        output: None,
        why: None,
        workers: None,
        progress: &|_| {},
    };
    let outcome = batch::issue_batch(session, request)?;
    assert_eq!(outcome.issued, count as u64);
    Ok(())
}
