//! Every fault at every call of a run: strike, look, repeat, look again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::oracle::{self, Sight};
use super::stage::{Act, Doer, Stage};
use super::trace::{self, Ended, Fault, Point};

/// What came of a sweep.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) what: String,
    pub(super) calls: usize,
    pub(super) kinds: BTreeSet<String>,
    pub(super) points: usize,
    pub(super) died: usize,
    pub(super) errored: usize,
    /// Runs that succeeded although a call failed, rightly: all was done.
    pub(super) tolerated: usize,
    /// Calls that a run did not come to.
    pub(super) missed: usize,
    /// Runs that ended in an error although the act is on record, by the call that failed.
    pub(super) unsure: BTreeMap<String, usize>,
    pub(super) violations: Vec<String>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, calls, points, died, errored, tolerated, missed, .. } = self;
        write!(f, "faults: {what}: {calls} calls of {} kinds, {points} points: ", self.kinds.len())?;
        write!(f, "{died} died, {errored} failed, {tolerated} tolerated, {missed} missed; ")?;
        let unsure: usize = self.unsure.values().sum();
        write!(f, "{unsure} failed after the record; {} violations", self.violations.len())
    }
}

impl Summary {
    /// Shows itself, past the test runner that would swallow it.
    pub(super) fn show(&self) {
        writeln!(std::io::stderr(), "{self}").expect("stderr takes a line");
        if std::env::var_os("CERTROLL_TEST_FAULTS_VERBOSE").is_some() {
            let (unsure, violations) = (&self.unsure, &self.violations);
            writeln!(std::io::stderr(), "{unsure:#?}\n{violations:#?}").expect("stderr takes a line");
        }
    }
}

/// Calls that change what is on disk. Killed before any other call, a process leaves what it leaves before the next of these.
pub(super) const CHANGING: &[&str] =
    &["openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "link", "unlink", "mkdir"];

/// Calls that can find no space; no other ever answers ENOSPC.
pub(super) const GROWING: &[&str] =
    &["openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "link", "mkdir"];

/// Tries every fault at every call that `act` makes below its directory; of a doer that is not the program only at those
/// that change something, to save time.
pub(super) fn sweep(act: Act, doer: Doer, faults: &[Fault]) -> Summary {
    let stage = Stage::new(act, doer);
    stage.put_back();
    let (ended, calls) = trace::watch(&stage.command(), &stage.root(), None, &stage.log());
    assert_eq!(ended.code, Some(0), "the undisturbed run fails: {ended:?}");
    let mut points = trace::points(&calls, &stage.root());
    if doer != Doer::Certroll {
        points.retain(|point| CHANGING.contains(&point.name.as_str()));
    }
    let possible = |(fault, point): &(Fault, Point)| match fault {
        Fault::NoSpace => GROWING.contains(&point.name.as_str()),
        Fault::InputOutput => !point.closes_directory,
        _ => true,
    };
    let tries: Vec<(Fault, Point)> =
        faults.iter().flat_map(|fault| points.iter().map(|point| (*fault, point.clone()))).filter(possible).collect();
    let summary = Mutex::new(Summary {
        what: format!("{} by {doer:?}", act.name()),
        calls: points.len(),
        kinds: points.iter().map(|point| point.name.clone()).collect(),
        points: tries.len(),
        ..Summary::default()
    });
    let next = AtomicUsize::new(0);
    let work = |stage: Stage| {
        stage.put_back();
        let first = oracle::look(&stage);
        while let Some((fault, point)) = tries.get(next.fetch_add(1, Ordering::Relaxed)) {
            try_one(&stage, &first, *fault, point, &summary);
        }
    };
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        for _ in 1..workers {
            scope.spawn(|| work(Stage::new(act, doer)));
        }
        work(stage);
    });
    summary.into_inner().expect("no worker panicked")
}

fn try_one(stage: &Stage, first: &Sight, fault: Fault, point: &Point, summary: &Mutex<Summary>) {
    stage.put_back();
    let ended = trace::strike(&stage.command(), &stage.root(), point, fault, &stage.log());
    let sight = oracle::look(stage);
    let mut violations = sight.defects(first);
    let done = sight.done(first, stage.act);
    let recorded = sight.recorded(first, stage.act);
    let mut unsure = false;
    if ended.hung {
        violations.push("it does not end".to_owned());
    } else if ended.code.is_some() {
        match said(&ended, recorded, &done) {
            Ok(sure) => unsure = !sure,
            Err(what) => violations.push(what),
        }
    }
    if let Err(error) = stage.repeat() {
        violations.push(error);
    } else {
        let sight = oracle::look(stage);
        violations.extend(sight.defects(first).into_iter().map(|defect| format!("after recovery: {defect}")));
        if let Err(missing) = sight.done(first, stage.act) {
            violations.push(format!("after recovery: {missing}"));
        }
    }
    let place = format!("{fault:?} at {} {}", point.name, point.nth);
    let mut summary = summary.lock().expect("no worker panicked");
    match ended.code {
        _ if !ended.struck => summary.missed += 1,
        None => summary.died += 1,
        Some(0) => summary.tolerated += 1,
        Some(_) => summary.errored += 1,
    }
    if unsure {
        *summary.unsure.entry(format!("{place}: exit {:?}: {}", ended.code, ended.stderr)).or_default() += 1;
    }
    summary.violations.extend(violations.into_iter().map(|what| format!("{place}: {what}: {ended:?}")));
}

/// Whether exit code and message agree with what happened. `false`: it failed after the record, and said something else than
/// that; repeating settles it.
fn said(ended: &Ended, recorded: bool, done: &Result<(), String>) -> Result<bool, String> {
    let plain = ended.stderr.lines().any(|line| line.starts_with("error: ")) && !ended.stderr.contains("panicked");
    match ended.code {
        Some(0) => done.clone().map(|()| true).map_err(|missing| format!("exit code 0, but {missing}")),
        Some(_) if !plain => Err("it does not say what went wrong".to_owned()),
        // On record, but not delivered.
        Some(8) if recorded => Ok(true),
        Some(8) => Err("exit code 8, but nothing is on record".to_owned()),
        Some(1 | 2 | 5 | 6 | 9 | 13 | 14) => Ok(!recorded),
        code => Err(format!("exit code {code:?} is not one for this")),
    }
}
