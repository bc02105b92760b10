//! Bulk issuance beside the raw limit: the same keys and signatures on the same threads, in the same run.
//!
//! `cargo bench --bench issuance [-- COUNT [--keys-only]]`. Nothing passes or fails by time; the ratios are what to look at. "Raw" makes
//! a P-256 key and a signature for each certificate (or, for requests, verifies one signature and makes one) and keeps
//! nothing. Ours does all the rest too: template, policy, intent, record, tree, inventory, encrypted key, fsync.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

mod fresh_home;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use certroll_base::secret::Secret;
use certroll_core::lifecycle::batch::input::BatchLines;
use certroll_core::lifecycle::batch::output::{BatchLock, BatchOutput};
use certroll_core::lifecycle::batch::{self, BatchRequest};
use certroll_core::lifecycle::delivery::Password;
use certroll_pki::key::{KeyAlgorithm, KeyPair};
use certroll_pki::verify::signature;

use fresh_home::{Failure, home};

/// Rounds of each measurement; the median is reported.
const ROUNDS: usize = 3;
/// Bytes signed for a device's certificate.
const TO_BE_SIGNED: usize = 420;

fn main() -> Result<(), Failure> {
    let count = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(20_000);
    let threads = std::thread::available_parallelism()?.get();
    let directory = tempfile::tempdir()?;
    println!("{count} certificates, P-256 under a P-256 CA, {threads} processors, {ROUNDS} rounds");
    println!("{:<46} {:>10} {:>12} {:>12} {:>12}", "", "per s", "us CPU each", "of raw, wall", "of raw, CPU");
    let raw = median(|_| Ok(raw_keys(count, threads)))?;
    show("raw: key + signature", raw, raw, count);
    let stay = median(|round| keys(directory.path(), round, count, None))?;
    show("batch, keys made, kept encrypted in the home", stay, raw, count);
    if std::env::args().any(|argument| argument == "--keys-only") {
        return Ok(());
    }
    let leave = median(|round| keys(directory.path(), round, count, Some("ndjson")))?;
    show("batch, keys made, leaving as NDJSON", leave, raw, count);
    let files = median(|round| keys(directory.path(), round, count, Some("dir")))?;
    show("batch, keys made, two files for each device", files, raw, count);
    let requests = count.min(10_000);
    let brought = requests_in(directory.path(), requests)?;
    let raw = median(|_| Ok(raw_requests(requests, threads)))?;
    show("raw: verification + signature", raw, raw, requests);
    let signed = median(|round| from_requests(directory.path(), round, &brought))?;
    show("batch from requests (one file each)", signed, raw, requests);
    Ok(())
}

/// Wall and processor seconds.
#[derive(Clone, Copy)]
struct Taken {
    wall: f64,
    cpu: f64,
}

fn measure(work: impl FnOnce()) -> Taken {
    let (started, before) = (Instant::now(), cpu_seconds());
    work();
    Taken { wall: started.elapsed().as_secs_f64(), cpu: cpu_seconds() - before }
}

fn cpu_seconds() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
}

fn median(mut once: impl FnMut(usize) -> Result<Taken, Failure>) -> Result<Taken, Failure> {
    let mut all = (0..ROUNDS).map(&mut once).collect::<Result<Vec<_>, _>>()?;
    all.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    Ok(all[ROUNDS / 2])
}

fn show(what: &str, taken: Taken, raw: Taken, count: usize) {
    let each = taken.cpu / count as f64 * 1e6;
    let (wall, cpu) = (raw.wall / taken.wall, raw.cpu / taken.cpu);
    println!("{what:<46} {:>10.0} {each:>12.1} {wall:>12.2} {cpu:>12.2}", count as f64 / taken.wall);
}

fn on_all(count: usize, threads: usize, work: impl Fn() + Sync) -> Taken {
    let next = AtomicUsize::new(0);
    measure(|| {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while next.fetch_add(1, Ordering::Relaxed) < count {
                        work();
                    }
                });
            }
        });
    })
}

fn new_key() -> KeyPair {
    KeyPair::generate(KeyAlgorithm::EcP256).expect("a P-256 key can be made")
}

fn raw_keys(count: usize, threads: usize) -> Taken {
    let ca = new_key();
    let message = [9; TO_BE_SIGNED];
    on_all(count, threads, || {
        std::hint::black_box(new_key().spki());
        std::hint::black_box(ca.sign(&message).expect("a P-256 key can sign"));
    })
}

fn raw_requests(count: usize, threads: usize) -> Taken {
    let (ca, subject) = (new_key(), new_key());
    let message = [9; TO_BE_SIGNED];
    let proof = subject.sign(&message).expect("a P-256 key can sign");
    on_all(count, threads, || {
        signature::verify(subject.spki(), "1.2.840.10045.4.3.2", &message, &proof).expect("it verifies");
        std::hint::black_box(ca.sign(&message).expect("a P-256 key can sign"));
    })
}

fn keys(directory: &Path, round: usize, count: usize, out: Option<&str>) -> Result<Taken, Failure> {
    let mut text = "name,serial\n".to_owned();
    (0..count).for_each(|n| text.push_str(&format!("meter-{n:08},1BEN{n:010}\n")));
    let csv = directory.join("meters.csv");
    std::fs::write(&csv, text)?;
    let place = out.map(|kind| directory.join(format!("out-{round}.{kind}")));
    run(directory, &format!("home-{}-{round}", out.unwrap_or("none")), &csv, place, count)
}

fn from_requests(directory: &Path, round: usize, csv: &(PathBuf, usize)) -> Result<Taken, Failure> {
    run(directory, &format!("home-requests-{round}"), &csv.0, None, csv.1)
}

/// One batch in a home of its own. Homes stay until the end: removing thousands of files would slow the next round down.
fn run(directory: &Path, name: &str, csv: &Path, place: Option<PathBuf>, count: usize) -> Result<Taken, Failure> {
    let mut session = home(directory, name)?;
    let lock = BatchLock::take(&session.home)?;
    let password = Password { secret: Secret::new("bench storepass".to_owned()), file: None };
    let output = match place {
        None => None,
        Some(place) if place.extension().is_some_and(|kind| kind == "dir") => {
            Some(BatchOutput::directory(&lock, &place, Vec::new(), password, false)?)
        }
        Some(place) => Some(BatchOutput::ndjson(&lock, &place, password, false)?),
    };
    let request = BatchRequest {
        lock,
        lines: BatchLines::open(csv)?,
        template: "meter".to_owned(),
        issuer: None,
        key: None,
        lifetime: None,
        output,
        why: None,
        workers: None,
        progress: &|_| {},
    };
    let mut outcome = None;
    let taken = measure(|| outcome = Some(batch::issue_batch(&mut session, request)));
    let outcome = outcome.expect("it ran")?;
    assert_eq!((outcome.issued, outcome.failed.len()), (count as u64, 0), "{:?}", outcome.failed.first());
    Ok(taken)
}

/// Requests of as many keys, each in a file, and the CSV that names them.
fn requests_in(directory: &Path, count: usize) -> Result<(PathBuf, usize), Failure> {
    let folder = directory.join("requests");
    std::fs::create_dir(&folder)?;
    let mut text = "name,csr\n".to_owned();
    for n in 0..count {
        let request = rcgen::CertificateParams::new(Vec::new())?.serialize_request(&new_key())?;
        std::fs::write(folder.join(format!("{n}.csr")), request.der())?;
        text.push_str(&format!("meter-{n:08},requests/{n}.csr\n"));
    }
    let csv = directory.join("requests.csv");
    std::fs::write(&csv, text)?;
    Ok((csv, count))
}
