//! A million mutated inputs: whatever somebody brings is answered, without a panic, an abort, or memory beyond measure.
//!
//! The inputs are the same in each run (the generator starts from a fixed number). Each format is tried in a process of its
//! own, whose address space may grow by 64 MiB and no more, so that an allocation by an announced length ends it. Beside
//! this stand the targets in `fuzz/`, which are guided by coverage and share the parsers and seeds with these tests.
//!
//! `CERTROLL_TEST_MUTATIONS` sets the number of inputs of all formats together: by default a million in an optimised build,
//! which is what `tests/run` makes, and a tenth of that in any other.

use crate::generator::Generator;
use std::env;
use std::io::Write as _;
use std::process::Command;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[path = "../../fuzz/shared/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is shared with the fuzz targets, which are programs of their own")]
mod shared;

use shared::seeds::Seeds;
use shared::{log, parsers, seal};

const MUTATIONS: u64 = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
/// How much larger the address space may grow than it was before the first input.
const GROWTH: u64 = 64 << 20;
/// Tells the process that is one of the children which format it tries.
const CHILD: &str = "CERTROLL_TEST_MUTATIONS_CHILD";

/// What lengths and counts are set to: at the limits of signed and unsigned numbers, and of DER's short form.
const NUMBERS: [u32; 10] = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/// One to four changes of one of the seeds.
fn mutated(seeds: &[Vec<u8>], generator: &mut Generator) -> Vec<u8> {
    let mut bytes = seeds[generator.below(seeds.len())].clone();
    for _ in 0..=generator.below(4) {
        let at = generator.below(bytes.len());
        let end = (at + 1 + generator.below(16)).min(bytes.len());
        match generator.below(10) {
            0..=2 if !bytes.is_empty() => bytes[at] ^= 1 << generator.below(8),
            3 if !bytes.is_empty() => bytes[at] = generator.byte(),
            4 => {
                let width = 1 << generator.below(3);
                let number = &NUMBERS[generator.below(NUMBERS.len())].to_be_bytes()[4 - width..];
                bytes.iter_mut().skip(at).zip(number).for_each(|(byte, new)| *byte = *new);
            }
            5 => drop(bytes.drain(at..end)),
            6 => bytes.extend_from_within(at..end),
            7 => {
                let new: Vec<u8> = (0..=generator.below(8)).map(|_| generator.byte()).collect();
                bytes.splice(at..at, new);
            }
            8 => bytes.truncate(at),
            _ => {
                let other = &seeds[generator.below(seeds.len())];
                let from = generator.below(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
        }
    }
    bytes
}

/// Tries `count` mutations; tells how many of them were still read as something.
fn tried(seeds: &[Vec<u8>], count: u64, start: u64, parse: impl Fn(&[u8]) -> bool) -> u64 {
    assert!(seeds.iter().any(|seed| parse(seed)), "at least one seed is read, or nothing would be tried");
    let mut generator = Generator(start);
    (0..count).map(|_| u64::from(parse(&mutated(seeds, &mut generator)))).sum()
}

/// The two ways into a format, half of the inputs each: as it is, and with its check value made anew.
fn format(name: &str, seeds: &Seeds, count: u64) -> u64 {
    match name {
        "jks" => tried(&seeds.jks, count, 0x6a6b73, parsers::jks),
        "pkcs12" => {
            tried(&seeds.pkcs12, count / 2, 0x703132, parsers::pkcs12)
                + tried(&seeds.safes, count / 2, 0x736166, parsers::safe)
        }
        "message" => tried(&seeds.messages, count, 0x6d7367, parsers::message),
        "pem" => tried(&seeds.pem, count, 0x70656d, parsers::pem),
        "csr" => {
            let signed = |info: &[u8]| parsers::csr(&seal::request(info, &seeds.key));
            tried(&seeds.csr, count / 2, 0x637372, parsers::csr) + tried(&seeds.infos, count / 2, 0x696e66, signed)
        }
        "log" => {
            let seeds = log::seeds();
            let key = &seeds.key;
            let share = count / 5;
            tried(&seeds.records, share, 0x726563, log::record)
                + tried(&seeds.notes, share, 0x6e6f74, |bytes| log::note(bytes, key))
                + tried(&seeds.receipts, share, 0x726370, |bytes| log::receipt(bytes, key))
                + tried(&seeds.policies, share, 0x706f6c, log::policy)
                + tried(&seeds.late, share, 0x6c6174, |bytes| log::late(bytes, key))
        }
        // Each takes as long as a hundred others.
        "bundle" => {
            let seeds = log::seeds();
            tried(&seeds.bundles, count / 100, 0x746172, |bytes| log::bundle(bytes, &seeds.key))
        }
        // Negative controls: a parser that believes a length, and one that stops at a surprise.
        "greedy" => {
            let length = usize::try_from(u32::MAX).expect("it fits");
            u64::from(vec![1_u8; length].iter().all(|byte| *byte == 1))
        }
        "hasty" => tried(&seeds.jks, count, 1, |bytes| bytes[900] == 0),
        other => panic!("no format `{other}`"),
    }
}

/// What runs in a child: nothing, unless it is one.
#[test]
fn mutations_child() {
    let Ok(name) = env::var(CHILD) else { return };
    let count = env::var("CERTROLL_TEST_MUTATIONS").ok().map_or(MUTATIONS, |text| text.parse().expect("a number"));
    let seeds = shared::seeds::all();
    limit_memory();
    let read = format(&name, &seeds, count / 6);
    say(&format!("{name}: {} inputs, {read} still read, peak memory {} KiB", count / 6, status("VmHWM")));
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("stdout takes a line");
}

/// A figure of this process in KiB.
fn status(field: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("the state of a process can be read");
    let line = text.lines().find_map(|line| line.strip_prefix(field)).expect("the kernel tells it");
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("a number")
}

fn limit_memory() {
    let limit = (status("VmSize") << 10) + GROWTH;
    let maximum = getrlimit(Resource::As).maximum;
    setrlimit(Resource::As, Rlimit { current: Some(limit), maximum }).expect("a limit can be set");
}

/// Runs one format in a process of its own.
fn in_child(name: &str) -> std::process::Output {
    let mut child = Command::new(env::current_exe().expect("this program has a path"));
    child.args(["--exact", "mutations::mutations_child", "--nocapture", "--test-threads", "1"]).env(CHILD, name);
    child.env("RUST_BACKTRACE", "0");
    child.output().expect("a child can be started")
}

fn survives(name: &str) {
    let output = in_child(name);
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{name}: {}\n{said}{errors}", output.status);
    let line = said.lines().find(|line| line.contains(" still read")).unwrap_or_else(|| panic!("{name}: {said}"));
    say(line);
    // Mutations that break everything would try nothing but the first check.
    assert!(!line.contains(" 0 still read"), "{line}");
}

#[test]
fn mutated_jks() {
    survives("jks");
}

#[test]
fn mutated_pkcs12() {
    survives("pkcs12");
}

#[test]
fn mutated_pem() {
    survives("pem");
}

#[test]
fn mutated_requests() {
    survives("csr");
}

#[test]
fn mutated_messages() {
    survives("message");
}

#[test]
fn mutated_logs() {
    survives("log");
}

/// No change of a bundle leaves a bundle: that it is not read any more is what must be seen.
#[test]
fn mutated_bundles() {
    let output = in_child("bundle");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("bundle: "), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_children_end_when_a_parser_misbehaves() {
    for (name, words) in [("greedy", "memory allocation of 4294967295 bytes failed"), ("hasty", "index out of bounds")]
    {
        let output = in_child(name);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && errors.contains(words), "{name}: {errors}");
    }
}
