//! Runs a program under strace, with or without a fault, and reads what strace wrote down.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is done to one system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// The process gets SIGKILL when it enters the call, which is not made.
    Kill,
    /// The call is not made and answers EIO.
    InputOutput,
    /// The call is not made and answers ENOSPC.
    NoSpace,
    /// The call is not made and answers success: a lie.
    Skipped,
}

impl Fault {
    fn injection(self) -> &'static str {
        match self {
            Self::Kill => "signal=KILL",
            Self::InputOutput => "error=EIO",
            Self::NoSpace => "error=ENOSPC",
            Self::Skipped => "retval=0",
        }
    }
}

/// One call of the undisturbed run: the `nth` of its name, from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Point {
    pub(super) name: String,
    pub(super) nth: usize,
    /// Whether it closes a directory: Rust's library panics when that fails, which Linux never lets happen.
    pub(super) closes_directory: bool,
}

/// How a traced run ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// The exit code; `None` when it was killed.
    pub(super) code: Option<i32>,
    pub(super) stderr: String,
    /// Whether the fault came to pass.
    pub(super) struck: bool,
    /// Whether it had to be stopped because it did not end.
    pub(super) hung: bool,
}

/// One system call as strace saw it.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    /// Which call of that name it is in its thread, from 1.
    pub(super) nth: usize,
    pub(super) arguments: String,
    /// What it answered, with strace's remarks; empty when it never returned.
    pub(super) answer: String,
}

impl Call {
    /// Whether it was made and succeeded.
    pub(super) fn done(&self) -> bool {
        !self.answer.is_empty() && !self.answer.starts_with('-') && !self.answer.contains("(INJECTED)")
    }

    /// The paths of its arguments: file descriptors by the file they are open on, names made absolute.
    pub(super) fn paths(&self, root: &Path) -> Vec<PathBuf> {
        let arguments = self.arguments.replace("(deleted)", "");
        // The directory that a relative name begins at is no argument of its own.
        let arguments = arguments.split(", ").filter(|one| !one.starts_with("AT_FDCWD"));
        let mut paths = Vec::new();
        for argument in arguments {
            if let Some(name) = argument.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                let name = name.strip_prefix("./").unwrap_or(name);
                if !name.is_empty() {
                    paths.push(root.join(name));
                }
            } else if let Some((number, rest)) = argument.split_once('<')
                && number.bytes().all(|byte| byte.is_ascii_digit())
                && let Some((path, _)) = rest.rsplit_once('>')
            {
                paths.push(PathBuf::from(path));
            }
        }
        paths
    }

    /// The file that an `openat` opened.
    pub(super) fn opened(&self) -> Option<PathBuf> {
        self.answer.split_once('<')?.1.rsplit_once('>').map(|(path, _)| PathBuf::from(path))
    }
}

/// Where standard output goes: a file in the program's directory, so that writing it is a point like any other.
pub(super) const STDOUT: &str = "stdout";

/// Seconds after which a run hangs.
const DEADLINE: &str = "60";

fn traced(program: &Command, root: &Path, options: &[String], log: &Path) -> Ended {
    // `timeout` asks strace to end, and strace ends the program, which a signal to strace alone would leave running.
    let mut strace = Command::new("timeout");
    strace
        .args(["--kill-after=5", DEADLINE, "strace", "-f", "-y", "-qq", "-s", "0", "-o"])
        .arg(log)
        .args(options)
        .arg("--");
    strace.arg(program.get_program()).args(program.get_args()).current_dir(root).env_clear().stdin(Stdio::null());
    for (name, value) in program.get_envs() {
        strace.env(name, value.expect("no variable is taken away"));
    }
    // What cannot be said cannot be judged: standard error goes where no fault is tried.
    let (stdout, stderr) = (root.join(STDOUT), log.with_file_name("stderr"));
    let stream = |path: &Path| File::create(path).expect("a file can be made");
    let status = strace.stdout(stream(&stdout)).stderr(stream(&stderr)).status().expect("strace can be started");
    let stderr = String::from_utf8_lossy(&fs::read(&stderr).unwrap_or_default()).into_owned();
    assert!(!stderr.contains("strace: "), "strace cannot trace here (does the container forbid ptrace?): {stderr}");
    // strace ends as the program did, by the same signal, and `timeout` as strace did.
    let killed = status.signal() == Some(9);
    assert!(killed || status.code().is_some(), "{status}: {stderr}");
    Ended { code: status.code(), stderr, struck: killed, hung: status.code() == Some(124) }
}

/// Runs the program to its end and answers every system call it made.
pub(super) fn watch(program: &Command, root: &Path, fault: Option<(&Point, Fault)>, log: &Path) -> (Ended, Vec<Call>) {
    let options: Vec<String> = fault.map_or_else(Vec::new, |(point, fault)| injection(point, fault));
    let mut ended = traced(program, root, &options, log);
    let text = fs::read(log).expect("strace wrote its log");
    let text = String::from_utf8_lossy(&text);
    ended.struck |= text.contains("(INJECTED)");
    (ended, calls(&text))
}

/// Runs the program with one fault, tracing nothing else.
pub(super) fn strike(program: &Command, root: &Path, point: &Point, fault: Fault, log: &Path) -> Ended {
    // The filter makes all other calls fast, but strace 6.1 does not send signals when it is on.
    let mut options = Vec::new();
    if fault != Fault::Kill {
        options.push("--seccomp-bpf".to_owned());
    }
    // A lock that could not be given back is waited for half a minute; here that costs nothing.
    for option in [format!("trace={},{SLEEP}", point.name), format!("inject={SLEEP}:retval=0")] {
        options.extend(["-e".to_owned(), option]);
    }
    options.extend(injection(point, fault));
    let mut ended = traced(program, root, &options, log);
    let text = fs::read_to_string(log).expect("strace wrote its log");
    ended.struck |= text.lines().any(|line| line.contains(&format!(" {}(", point.name)) && line.contains("(INJECTED)"));
    ended
}

/// What SQLite sleeps with between two tries to get a lock.
const SLEEP: &str = "nanosleep,clock_nanosleep";

fn injection(point: &Point, fault: Fault) -> Vec<String> {
    let Point { name, nth, .. } = point;
    vec!["-e".to_owned(), format!("inject={name}:{}:when={nth}", fault.injection())]
}

/// Reads a log; calls that another thread interrupted stand where they returned.
fn calls(log: &str) -> Vec<Call> {
    let mut counts: HashMap<(String, String), usize> = HashMap::new();
    let mut unfinished: BTreeMap<String, (String, usize, String)> = BTreeMap::new();
    let mut found = Vec::new();
    for line in log.lines() {
        let Some((process, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let (_, tail) = resumed.split_once("resumed>").unwrap_or_default();
            if let Some((name, nth, head)) = unfinished.remove(process) {
                found.push(call(name, nth, &format!("{head}{tail}")));
            }
            continue;
        }
        let Some((name, body)) = rest.split_once('(') else { continue };
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            continue;
        }
        let nth = counts.entry((process.to_owned(), name.to_owned())).or_default();
        *nth += 1;
        match body.strip_suffix(" <unfinished ...>") {
            Some(head) => drop(unfinished.insert(process.to_owned(), (name.to_owned(), *nth, head.to_owned()))),
            None => found.push(call(name.to_owned(), *nth, body)),
        }
    }
    found
}

fn call(name: String, nth: usize, body: &str) -> Call {
    // Padding stands between the closing parenthesis and the answer.
    let (arguments, answer) = body.rsplit_once(" = ").unwrap_or((body, ""));
    let arguments = arguments.trim_end();
    let arguments = arguments.strip_suffix(')').unwrap_or(arguments);
    Call { name, nth, arguments: arguments.to_owned(), answer: answer.trim().to_owned() }
}

/// The calls that touch something below `root`: where faults are tried.
pub(super) fn points(calls: &[Call], root: &Path) -> Vec<Point> {
    let touches = |call: &&Call| {
        call.name != "execve"
            && (call.paths(root).iter().any(|path| path.starts_with(root))
                || call.opened().is_some_and(|path| path.starts_with(root)))
    };
    let closes_directory = |call: &Call| call.name == "close" && call.paths(root).iter().any(|path| path.is_dir());
    let point =
        |call: &Call| Point { name: call.name.clone(), nth: call.nth, closes_directory: closes_directory(call) };
    let mut points: Vec<Point> = calls.iter().filter(touches).map(point).collect();
    points.sort();
    points.dedup();
    points
}

#[test]
fn a_log_of_strace_is_read() {
    let log = "12 openat(AT_FDCWD</r>, \"home/a\", O_RDWR|O_CREAT, 0600) = 3</r/home/a>\n\
               12 write(3</r/home/a>, \"\"..., 5) = 5\n\
               13 fsync(3</r/home/a> <unfinished ...>\n\
               12 write(1</r/stdout>, \"\"..., 5) = -1 EIO (Input/output error) (INJECTED)\n\
               13 <... fsync resumed>) = 0\n\
               12 rename(\"./home/a\", \"home/b\") = 0\n\
               12 openat(AT_FDCWD</r>, \"/etc/ld.so.cache\", O_RDONLY) = 3</etc/ld.so.cache>\n\
               12 exit_group(0) = ?\n\
               12 +++ exited with 0 +++\n";
    let root = Path::new("/r");
    let calls = calls(log);
    let seen: Vec<_> = calls.iter().map(|call| (call.name.as_str(), call.nth, call.done(), call.paths(root))).collect();
    let path = |path: &str| PathBuf::from(path);
    assert_eq!(
        seen,
        [
            ("openat", 1, true, vec![path("/r/home/a")]),
            ("write", 1, true, vec![path("/r/home/a")]),
            ("write", 2, false, vec![path("/r/stdout")]),
            ("fsync", 1, true, vec![path("/r/home/a")]),
            ("rename", 1, true, vec![path("/r/home/a"), path("/r/home/b")]),
            ("openat", 2, true, vec![path("/etc/ld.so.cache")]),
            ("exit_group", 1, true, vec![]),
        ]
    );
    assert_eq!(calls[0].opened(), Some(path("/r/home/a")));
    assert_eq!(points(&calls, root).len(), 5);
}
