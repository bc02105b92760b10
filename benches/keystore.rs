//! How long an RSA-2048 keystore takes beside keytool's, in one run: `cargo bench --bench keystore [ROUNDS]`.
//!
//! Both make a key pair of 2048 bits and write it into a new keystore under a password from a file, each in a process of its
//! own, taking turns, so that what else the machine does hits both. keytool also signs a certificate with the key, which is
//! a thousandth of it. What counts is the ratio; finding the primes takes a different time for every key, so give it rounds.
//!
//! The last lines say what is left without the key: opening a keystore, and adding a trusted certificate to it.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

/// USER_HZ, in which Linux tells of processor time on every architecture that has a JDK.
const TICKS_PER_SECOND: f64 = 100.0;
const PASSWORD: &str = "bench-storepass";

fn main() -> Result<(), Failure> {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(15_usize);
    let directory = tempfile::tempdir()?;
    let at = directory.path();
    std::fs::write(at.join("password"), format!("{PASSWORD}\n"))?;
    if Command::new("keytool").arg("-help").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        return Err("keytool is not installed: there is nothing to compare with".into());
    }
    println!("{rounds} rounds, medians in milliseconds: wall and processor");
    println!("{:<40} {:>9} {:>9} {:>9} {:>9} {:>8} {:>8}", "", "certroll", "CPU", "keytool", "CPU", "wall", "CPU");
    for (kind, extension) in [("PKCS12", "p12"), ("JKS", "jks")] {
        let ours = |n: usize| {
            let file = format!("ours-{n}.{extension}");
            certroll(at, &["keystore", "create", &file, "--alias", "a", "--key", "rsa:2048"])
        };
        let theirs = |n: usize| {
            let file = format!("theirs-{n}.{extension}");
            let pair = ["-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-alias", "a", "-dname", "CN=a"];
            let passwords = ["-storepass:file", "password", "-keypass:file", "password"];
            keytool(at, &[&pair[..], &["-storetype", kind, "-keystore", &file], &passwords].concat())
        };
        show(&format!("make an RSA-2048 {kind}"), rounds, ours, theirs)?;
    }
    // A certificate to be trusted, and a keystore to look into: keytool's own, so that nobody is at an advantage.
    let export = ["-exportcert", "-rfc", "-alias", "a", "-keystore", "theirs-0.p12", "-file", "a.pem"];
    keytool(at, &[&export[..], &["-storepass:file", "password"]].concat())?;
    let file = ["-keystore", "theirs-0.p12", "-storepass:file", "password"];
    show(
        "list a PKCS12",
        rounds,
        |_| certroll(at, &["keystore", "list", "theirs-0.p12"]),
        |_| keytool(at, &[&["-list"], &file[..]].concat()),
    )?;
    show(
        "make a truststore, PKCS12",
        rounds,
        |n| certroll(at, &["truststore", "create", &format!("our-trust-{n}.p12"), "--cert", "a.pem", "--alias", "a"]),
        |n| {
            let store = format!("their-trust-{n}.p12");
            let import = ["-importcert", "-noprompt", "-alias", "a", "-file", "a.pem", "-keystore", &store];
            keytool(at, &[&import[..], &["-storepass:file", "password"]].concat())
        },
    )
}

/// Wall and processor milliseconds.
type Taken = (f64, f64);

fn certroll(at: &Path, arguments: &[&str]) -> Result<Taken, Failure> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certroll"));
    // The file system of the temporary directory decides what a flush costs; keytool flushes nothing.
    command.args(arguments).env_clear().env("CERTROLL_STOREPASS_FILE", "password");
    taken(command.current_dir(at))
}

fn keytool(at: &Path, arguments: &[&str]) -> Result<Taken, Failure> {
    taken(Command::new("keytool").args(arguments).env_remove("JAVA_TOOL_OPTIONS").current_dir(at))
}

fn taken(command: &mut Command) -> Result<Taken, Failure> {
    let (started, before) = (Instant::now(), children());
    let output = command.stdin(Stdio::null()).output()?;
    let taken = (started.elapsed().as_secs_f64() * 1e3, (children() - before) * 1e3);
    match output.status.success() {
        true => Ok(taken),
        false => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// Processor seconds of all children that have ended, as the kernel counts them for this process (proc(5): cutime, cstime).
fn children() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> =
        text.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
    let ticks: f64 = fields.get(13..15).into_iter().flatten().filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / TICKS_PER_SECOND
}

fn show(
    what: &str,
    rounds: usize,
    ours: impl Fn(usize) -> Result<Taken, Failure>,
    theirs: impl Fn(usize) -> Result<Taken, Failure>,
) -> Result<(), Failure> {
    let (mut mine, mut other) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        mine.push(ours(round)?);
        other.push(theirs(round)?);
    }
    let (mine, other) = (median(mine), median(other));
    let ratio = |mine: f64, other: f64| if mine > 0.0 { format!("1 : {:.1}", other / mine) } else { "-".to_owned() };
    println!(
        "{what:<40} {:>9.0} {:>9.0} {:>9.0} {:>9.0} {:>8} {:>8}",
        mine.0,
        mine.1,
        other.0,
        other.1,
        ratio(mine.0, other.0),
        ratio(mine.1, other.1)
    );
    Ok(())
}

fn median(mut all: Vec<Taken>) -> Taken {
    let middle = all.len() / 2;
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wall = all.get(middle).map_or(0.0, |taken| taken.0);
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    (wall, all.get(middle).map_or(0.0, |taken| taken.1))
}
