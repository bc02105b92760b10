//! kill -9 at random moments of a batch, again and again: the log verifies after every kill, nothing has left that it does
//! not know, and in the end every line was issued exactly once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::{Duration, Instant};

use certroll_base::secret::Secret;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::KeyPair;
use certroll_pki::key::encryption::Decryptor;
use certroll_pki::x509::certificate::Certificate;
use serde_json::Value;

use crate::home::{STOREPASS, TestHome, text};

/// Lines of the batch.
const LINES: usize = 5_000;
/// Kills for each kind of output, at least.
const KILLS: usize = 30;
/// Kills for each kind of output, at most, until they have hit every kind of moment.
const PATIENCE: usize = 200;
/// Kills of one batch, at most; then it must come to its end undisturbed, however slow the machine has become.
const KILLS_OF_ONE: usize = 10;

/// A certificate that the log knows.
#[derive(Clone, Debug)]
struct Logged {
    name: String,
    serial: String,
    sha256: String,
    spki: String,
}

/// A certificate found among the results.
#[derive(Clone, Debug)]
struct Found {
    place: String,
    name: String,
    sha256: String,
    key: Option<Vec<u8>>,
}

fn logged(home: &TestHome) -> Vec<Logged> {
    let one = |record: Value| Logged {
        name: text(&record, "cert/san/0").strip_prefix("name:").expect("the first name is the inventory's").to_owned(),
        serial: text(&record, "cert/sn").to_owned(),
        sha256: text(&record, "cert/sha256").to_owned(),
        spki: text(&record, "cert/spki").to_owned(),
    };
    home.records("cert.issued").into_iter().map(one).collect()
}

fn fingerprint(text: &[u8]) -> String {
    let blocks = pem::read(text).expect("results are whole PEM files");
    Certificate::from_der(blocks[0].der.expose()).expect("the first block is a certificate").fingerprint().to_string()
}

/// What stands in the files of a directory, temporary files apart.
fn in_directory(directory: &Path) -> Vec<Found> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        if file.starts_with('.') || file.ends_with(".key.pem") {
            continue;
        }
        let name = file.strip_suffix(".pem").unwrap_or_else(|| panic!("`{file}` is no result of a batch"));
        found.push(Found {
            place: file.clone(),
            name: name.to_owned(),
            sha256: fingerprint(&fs::read(entry.path()).expect("a result can be read")),
            key: fs::read(directory.join(format!("{name}.key.pem"))).ok(),
        });
    }
    found
}

/// What stands on the whole lines of a file that may still be growing.
fn in_lines(file: &Path) -> Vec<Found> {
    let Ok(text) = fs::read_to_string(file) else { return Vec::new() };
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    let one = |(at, line): (usize, &str)| {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("line {at}: {error}"));
        let certificate = self::text(&value, "certificate");
        let sha256 = fingerprint(certificate.as_bytes());
        assert_eq!(sha256, self::text(&value, "cert_sha256"), "line {at}");
        Found {
            place: format!("line {}", at + 1),
            name: self::text(&value, "name").to_owned(),
            sha256,
            key: value["key"].as_str().map(|key| key.as_bytes().to_vec()),
        }
    };
    text[..whole].lines().enumerate().map(one).collect()
}

/// What must hold at every moment: no result without a record, nothing twice.
fn defects(found: &[Found], log: &[Logged]) -> Vec<String> {
    let mut defects = Vec::new();
    let by_print: BTreeMap<&str, &Logged> = log.iter().map(|one| (one.sha256.as_str(), one)).collect();
    let (mut serials, mut names, mut delivered) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for one in log {
        if !serials.insert(&one.serial) {
            defects.push(format!("serial {} is in the log twice", one.serial));
        }
        if !names.insert(&one.name) {
            defects.push(format!("`{}` was issued twice", one.name));
        }
    }
    for one in found {
        match by_print.get(one.sha256.as_str()) {
            None => defects.push(format!("{}: the log does not know its certificate", one.place)),
            Some(logged) if logged.name != one.name => defects.push(format!("{}: not its certificate", one.place)),
            Some(_) => {}
        }
        if !delivered.insert(&one.name) {
            defects.push(format!("{}: `{}` was delivered before", one.place, one.name));
        }
    }
    defects
}

/// What must hold in the end: every line issued once and delivered once, with a key that opens and fits.
fn incomplete(found: &[Found], log: &[Logged], lines: &[String]) -> Vec<String> {
    let mut defects = defects(found, log);
    let issued: BTreeMap<&str, &Logged> = log.iter().map(|one| (one.name.as_str(), one)).collect();
    let delivered: BTreeMap<&str, &Found> = found.iter().map(|one| (one.name.as_str(), one)).collect();
    let decryptor = Decryptor::new(Secret::new(STOREPASS.to_owned()));
    for line in lines {
        let (Some(issued), Some(found)) = (issued.get(line.as_str()), delivered.get(line.as_str())) else {
            defects.push(format!("`{line}` is not both issued and delivered"));
            continue;
        };
        match found.key.as_deref().map(|key| spki(key, &decryptor)) {
            Some(Ok(spki)) if spki == issued.spki => {}
            other => defects.push(format!("`{line}`: its key does not open or fit: {other:?}")),
        }
    }
    if log.len() != lines.len() || found.len() != lines.len() {
        defects.push(format!("{} lines, {} issued, {} delivered", lines.len(), log.len(), found.len()));
    }
    defects
}

fn spki(key: &[u8], decryptor: &Decryptor) -> Result<String, String> {
    let blocks = pem::read(key).map_err(|error| error.to_string())?;
    let block = blocks.iter().find(|block| block.label == Label::EncryptedPrivateKey).ok_or("not an encrypted key")?;
    let plain = decryptor.decrypt(block.der.expose()).map_err(|error| error.to_string())?;
    let key = KeyPair::from_pkcs8(plain.expose()).map_err(|error| error.to_string())?;
    Ok(key.key_hash().to_string())
}

/// Numbers that differ from run to run; the seed is said when something fails.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("the clock is set");
        Self(since.as_nanos() as u64 | 1)
    }

    /// Evenly between zero and `limit`.
    fn up_to(&mut self, limit: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        limit.mul_f64((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// Where a batch goes, and how its results are found at any moment.
struct Kind {
    out: &'static str,
    find: fn(&TestHome) -> Vec<Found>,
}

const DIRECTORY: Kind = Kind { out: "out", find: |home| in_directory(&home.path("out")) };

const NDJSON: Kind = Kind {
    out: "out.ndjson",
    find: |home| {
        let partial = home.path("out.ndjson.partial");
        if partial.exists() {
            assert!(!home.path("out.ndjson").exists(), "an unfinished batch has no result of the final name");
            return in_lines(&partial);
        }
        in_lines(&home.path("out.ndjson"))
    },
};

fn line_names() -> Vec<String> {
    (1..=LINES).map(|n| format!("meter-{n:06}")).collect()
}

fn write_lines(home: &TestHome) {
    home.write("meters.csv", format!("name\n{}\n", line_names().join("\n")));
}

fn batch(kind: &Kind) -> [&str; 8] {
    ["issue", "--batch", "meters.csv", "--template", "meter", "--out", kind.out, "--key=ec:p256"]
}

/// Kills a run after that time; whether it was still running.
fn killed(home: &TestHome, kind: &Kind, after: Duration) -> bool {
    let mut child = home.start(&batch(kind));
    std::thread::sleep(after);
    child.kill().expect("a child can be killed");
    let output = child.wait_with_output().expect("a child can be waited for");
    match output.status.signal() {
        Some(signal) => signal == 9,
        None => {
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            false
        }
    }
}

fn survives(kind: &Kind) {
    let fresh = TestHome::new();
    let undisturbed = fresh.copy();
    write_lines(&undisturbed);
    let began = Instant::now();
    undisturbed.ok(&batch(kind));
    let whole = began.elapsed();
    assert_eq!(incomplete(&(kind.find)(&undisturbed), &logged(&undisturbed), &line_names()), [""; 0]);
    let mut dice = Dice::new();
    let seed = dice.0;
    let (mut kills, mut stages) = (0, BTreeSet::<(usize, usize)>::new());
    // Other tests make the machine faster and slower: the time to live follows what it was enough for.
    let mut longest = whole.mul_f64(0.6);
    // A group is a thousand lines, so there are not many stages; the kills must have hit several, and the worst of them.
    let enough =
        |stages: &BTreeSet<(usize, usize)>| stages.len() >= 4 && stages.iter().any(|(issued, found)| found < issued);
    while kills < KILLS || (kills < PATIENCE && !enough(&stages)) {
        let home = fresh.copy();
        write_lines(&home);
        for _ in 0..KILLS_OF_ONE {
            // Each run goes on where the last was killed, so that shorter ones reach every stage more often.
            let real = killed(&home, kind, dice.up_to(longest));
            home.verify();
            let (found, log) = ((kind.find)(&home), logged(&home));
            assert_eq!(defects(&found, &log), [""; 0], "seed {seed}, kill {kills}");
            if !real {
                longest = longest.mul_f64(0.7);
                break;
            }
            kills += 1;
            if !stages.insert((log.len(), found.len())) {
                longest = longest.mul_f64(1.1);
            }
        }
        home.ok(&batch(kind));
        home.verify();
        assert_eq!(incomplete(&(kind.find)(&home), &logged(&home), &line_names()), [""; 0], "seed {seed}");
        leftovers(&home, kind);
    }
    assert!(enough(&stages), "the kills all hit the same few moments: {stages:?}");
}

/// Nothing but results is left, and no intent is open.
fn leftovers(home: &TestHome, kind: &Kind) {
    let expected: BTreeSet<String> =
        line_names().iter().flat_map(|name| [format!("{name}.pem"), format!("{name}.key.pem")]).collect();
    if kind.out == DIRECTORY.out {
        let more: Vec<_> = home.names("out").difference(&expected).cloned().collect();
        assert!(more.is_empty(), "{} files left behind, such as {:?}", more.len(), more.first());
    }
    assert!(!home.path("out.ndjson.partial").exists(), "the unfinished file is left behind");
    assert_eq!(home.verify()["open_intents"], serde_json::json!([]));
}

#[test]
fn a_batch_into_a_directory_survives_every_kill() {
    survives(&DIRECTORY);
}

#[test]
fn a_batch_into_one_file_survives_every_kill() {
    survives(&NDJSON);
}

/// The checker itself must find what it looks for.
#[test]
fn the_checker_finds_strangers_and_doubles() {
    let home = TestHome::new();
    home.write("meters.csv", "name\nmeter-1\nmeter-2\n");
    home.ok(&batch(&DIRECTORY));
    let lines = ["meter-1".to_owned(), "meter-2".to_owned()];
    let whole = (in_directory(&home.path("out")), logged(&home));
    assert_eq!(incomplete(&whole.0, &whole.1, &lines), [""; 0]);

    let other = home.copy();
    other.ok(&["issue", "meter-3", "--template", "meter", "--out-cert", "extra.pem"]);
    fs::copy(other.path("extra.pem"), home.path("out/meter-3.pem")).expect("a file can be copied");
    let found = defects(&in_directory(&home.path("out")), &whole.1);
    assert_eq!(found, ["meter-3.pem: the log does not know its certificate"]);
    fs::remove_file(home.path("out/meter-3.pem")).expect("a file can be removed");

    fs::copy(home.path("out/meter-1.pem"), home.path("out/meter-2.pem")).expect("a file can be copied");
    let found = incomplete(&in_directory(&home.path("out")), &whole.1, &lines);
    assert!(found.contains(&"meter-2.pem: not its certificate".to_owned()), "{found:?}");

    let issued_twice = [whole.1.clone(), vec![whole.1[0].clone()]].concat();
    let found = defects(&whole.0, &issued_twice);
    assert!(found.iter().any(|defect| defect.contains("twice")), "{found:?}");
    let found = incomplete(&whole.0[..1], &whole.1, &lines);
    assert!(found.iter().any(|defect| defect.ends_with("is not both issued and delivered")), "{found:?}");
}

#[test]
fn the_checker_finds_a_line_twice_and_a_strangers_key() {
    let home = TestHome::new();
    home.write("meters.csv", "name\nmeter-1\nmeter-2\n");
    home.ok(&batch(&NDJSON));
    let lines = ["meter-1".to_owned(), "meter-2".to_owned()];
    let log = logged(&home);
    let text = String::from_utf8(home.read("out.ndjson")).expect("it is UTF-8");
    assert_eq!(incomplete(&in_lines(&home.path("out.ndjson")), &log, &lines), [""; 0]);
    home.write("out.ndjson", format!("{text}{}\n", text.lines().next().expect("there is a line")));
    let found = defects(&in_lines(&home.path("out.ndjson")), &log);
    assert_eq!(found, ["line 3: `meter-1` was delivered before"]);
    let mut values: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let stranger = values[1]["key"].clone();
    values[0]["key"] = stranger;
    home.write("out.ndjson", values.iter().map(|value| format!("{value}\n")).collect::<String>());
    let found = incomplete(&in_lines(&home.path("out.ndjson")), &log, &lines);
    assert!(found.len() == 1 && found[0].starts_with("`meter-1`: its key"), "{found:?}");
}
