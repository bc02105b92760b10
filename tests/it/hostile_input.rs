//! Files without an end, locks that are not given back, files that others can write, memory that would be dumped.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use certroll_base::lock::Lock;

use crate::home::{Ran, TestHome};

/// Runs a command line in at most so much address space; answers how it ended and how long it took.
fn bounded(home: &TestHome, line: &[&str]) -> (Ran, Duration) {
    let program = home.command(line);
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 524288; exec \"$0\" \"$@\""]).arg(program.get_program()).args(program.get_args());
    command.env_clear().current_dir(home.path("."));
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::null());
    let begun = Instant::now();
    (command.output().expect("sh can be started").into(), begun.elapsed())
}

#[test]
fn what_has_no_end_or_no_content_is_an_error_within_a_moment() {
    let home = TestHome::new();
    File::create(home.path("huge")).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    let fifo = Command::new("mkfifo").arg(home.path("fifo")).status().expect("mkfifo can be started");
    assert!(fifo.success());
    std::fs::create_dir(home.path("directory")).expect("a directory");
    for (place, said) in [
        ("/dev/zero", "larger than"),
        ("huge", "larger than"),
        ("fifo", "no process writes"),
        ("directory", "is a directory"),
    ] {
        for line in [
            &["inspect", place][..],
            &["keystore", "list", place],
            &["verify", place, "--trust", "home/ca/root.pem"],
            &["verify", "home/ca/issuing.pem", "--trust", "home/ca/root.pem", "--crl", place],
            &["csr", "lint", place],
            &["key", "inspect", place],
            &["issue", "a.example.net", "-t", "jms-client", "--csr", place, "--out-cert", "a.pem"],
            &["list", "--passphrase-file", place],
            &["issue", "b", "-t", "jms-client", "--keystore", "b.p12", "--storepass-file", place],
            &["audit", "verify", "log.jsonl", "--key", place],
            &["revoke", place, "--reason", "superseded"],
            &["truststore", "list", place],
        ] {
            if line[0] == "list" {
                continue;
            }
            let (ran, time) = bounded(&home, line);
            assert!((1..=13).contains(&ran.code), "{line:?}: {ran:?}");
            assert!(ran.stderr.contains(said) || ran.stderr.contains("error:"), "{line:?}: {ran:?}");
            assert!(time < Duration::from_secs(10), "{line:?} took {time:?}");
        }
    }
    home.verify();
}

/// The lock of a home is waited for, but not for ever, and the error names who holds it.
#[test]
fn a_lock_that_is_not_given_back_ends_in_14_with_its_holder() {
    let home = TestHome::new();
    let lock = Lock::acquire(&home.path("home/run/publish.lock")).expect("it can be locked");
    let begun = Instant::now();
    let line =
        ["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "c.pem", "--lock-timeout", "1"];
    let ran = home.certroll(&line).expect(14);
    assert!(begun.elapsed() < Duration::from_secs(20), "{ran:?}");
    let process = format!("process {}", std::process::id());
    assert!(ran.stderr.contains(&process) && ran.stderr.contains("holds its lock"), "{ran:?}");
    assert!(ran.stderr.contains("hint: wait for that run"), "{ran:?}");
    drop(lock);
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "c.pem"]);
    home.verify();
}

#[test]
fn a_password_file_that_others_can_write_is_refused() {
    let home = TestHome::new();
    let file = home.path("secrets/passphrase");
    let mode =
        |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("its mode can be set");
    mode(0o666);
    let line = ["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "c.pem"];
    let ran = home.certroll(&line).expect(5);
    assert!(ran.stderr.contains("others can write it"), "{ran:?}");
    // As a container platform mounts secrets.
    mode(0o644);
    home.ok(&line);
}

#[test]
fn the_password_of_a_key_of_the_home_is_not_changed_alone() {
    let home = TestHome::new();
    home.write("new", "another-password\n");
    let keys: Vec<String> = home.names("home/ca").into_iter().filter(|name| name.ends_with(".key.pem")).collect();
    assert!(!keys.is_empty());
    let before = home.read(format!("home/ca/{}", keys[0]));
    for key in keys.iter().map(|key| format!("home/ca/{key}")).chain(["home/log/key.pem".to_owned()]) {
        let line = ["key", "passwd", &key, "--keypass-file", "secrets/passphrase", "--new-keypass-file", "new"];
        let ran = home.certroll(&line).expect(2);
        assert!(ran.stderr.contains("is a key of the home"), "{ran:?}");
    }
    assert_eq!(home.read(format!("home/ca/{}", keys[0])), before);
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "c.pem"]);
}

/// A process that dies of a signal leaves no core file; one that is not protected would, where the system allows it.
#[test]
fn memory_is_not_dumped() {
    let home = TestHome::new();
    let fifo = Command::new("mkfifo").arg(home.path("held")).status().expect("mkfifo can be started");
    assert!(fifo.success());
    let dumps = |program: &[&std::ffi::OsStr], variables: &[(&str, &str)]| {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\" \"$@\""]).args(program);
        command.current_dir(home.path(".")).envs(variables.iter().copied()).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("sh can be started");
        std::thread::sleep(Duration::from_secs(1));
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("its limits can be read");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("one is for core files");
        let none = core.split_whitespace().nth(4) == Some("0");
        let signal =
            Command::new("kill").args(["-QUIT", &child.id().to_string()]).status().expect("kill can be started");
        assert!(signal.success());
        let status = child.wait().expect("it can be waited for");
        (status.signal(), status.core_dumped(), none)
    };
    // Holds the pipe open, so that the program waits for a passphrase in it.
    let writer = OpenOptions::new().read(true).write(true).open(home.path("held")).expect("the pipe can be opened");
    let ours = home.command(&["issue", "c", "-t", "jms-client", "--out-cert", "c.pem", "--passphrase-file", "held"]);
    let line: Vec<_> = std::iter::once(ours.get_program()).chain(ours.get_args()).collect();
    let ended = dumps(&line, &[("CERTROLL_HOME", "home"), ("CERTROLL_STATE_DIR", "state")]);
    assert_eq!(ended, (Some(3), false, true));
    drop(writer);
    // The control, but for systems that take no core file from anything.
    let (signal, _, none) = dumps(&["sleep".as_ref(), "60".as_ref()], &[]);
    assert_eq!((signal, none), (Some(3), false));
}
