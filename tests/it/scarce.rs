//! Full disks and homes that cannot be written: the documented exit code, nothing half-written, and all well afterwards.
//!
//! The disks are small ones in memory, mounted for a test and gone after it. That takes root; without it the tests say
//! `skipped` and pass, unless `CERTROLL_TEST_PEERS` is `required`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use certroll_pki::container::pem;
use serde_json::Value;

use crate::home::{TestHome, copy_tree, files_below, text};

/// A file system that is unmounted when dropped.
pub(crate) struct Mount(PathBuf);

impl Mount {
    fn run(arguments: &[&str]) -> Result<(), String> {
        let output = Command::new("mount").args(arguments).output().map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    /// An empty disk of so many KiB at a directory, which is made when missing.
    pub(crate) fn small(directory: &Path, kib: u32) -> Option<Self> {
        fs::create_dir_all(directory).expect("a directory can be made");
        let size = format!("size={kib}k,mode=0755");
        Self::checked(Self::run(&["-t", "tmpfs", "-o", &size, "none", &shown(directory)]), directory)
    }

    /// A file, mounted on itself as containers have it.
    pub(crate) fn file(file: &Path) -> Option<Self> {
        Self::checked(Self::run(&["--bind", &shown(file), &shown(file)]), file)
    }

    /// The directory as it is, but not to be written.
    pub(crate) fn read_only(directory: &Path) -> Option<Self> {
        let path = shown(directory);
        let mount = Self::checked(Self::run(&["--bind", &path, &path]), directory)?;
        Self::run(&["-o", "remount,ro,bind", &path]).expect("what is mounted can be mounted read-only");
        Some(mount)
    }

    #[expect(clippy::print_stderr, reason = "a test that cannot run must say so")]
    fn checked(result: Result<(), String>, directory: &Path) -> Option<Self> {
        match result {
            Ok(()) => Some(Self(directory.to_owned())),
            Err(error) => {
                let required = std::env::var("CERTROLL_TEST_PEERS").is_ok_and(|word| word == "required");
                assert!(!required, "nothing can be mounted here: {error}");
                eprintln!("skipped: nothing can be mounted here: {error}");
                None
            }
        }
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

fn shown(path: &Path) -> String {
    path.to_str().expect("test paths are UTF-8").to_owned()
}

/// Fills a disk until that many KiB are left.
fn fill(directory: &Path, free_kib: u64) {
    let mut file = fs::File::create(directory.join("filler")).expect("a file can be made");
    // Space that was just freed may come back a moment late, so the disk is full only when it stays so.
    for _ in 0..3 {
        while file.write_all(&[0; 1_024]).is_ok() {}
        std::thread::sleep(Duration::from_millis(20));
    }
    let size = file.metadata().expect("its size can be read").len();
    file.set_len(size.saturating_sub(free_kib << 10)).expect("a file can be cut");
}

fn make_room(directory: &Path) {
    fs::remove_file(directory.join("filler")).expect("a file can be removed");
}

/// Every file is whole: what can be read as PEM is, and nothing temporary is left.
fn all_whole(directory: &Path) {
    for file in files_below(directory) {
        let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
        assert!(!name.ends_with(".tmp"), "`{name}` is left behind");
        if name.ends_with(".pem") {
            let text = fs::read(&file).expect("a file can be read");
            assert!(pem::read(&text).is_ok_and(|blocks| !blocks.is_empty()), "`{name}` is half-written");
        }
    }
}

#[test]
fn a_full_home_does_nothing_and_recovers() {
    let template = TestHome::new();
    let (mut refused, mut done) = (0, 0);
    for free in [0, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512] {
        let home = TestHome::unfounded();
        let Some(_disk) = Mount::small(&home.path("home"), 4_096) else { return };
        copy_tree(&template.path("home"), &home.path("home"));
        fill(&home.path("home"), free);
        let mut late = Vec::new();
        for n in 0..4 {
            let (name, file) = (format!("client-{n}"), format!("client-{n}.p12"));
            let ran = home.certroll(&["issue", &name, "-t", "jms-client", "--key", "ec:p256", "--keystore", &file]);
            match ran.code {
                0 => done += 1,
                9 => {
                    refused += 1;
                    assert!(ran.stderr.starts_with("error: "), "{ran:?}");
                    assert!(!home.path(&file).exists(), "{free} KiB: a file was let out: {ran:?}");
                }
                // The certificate is on record, but not under a checkpoint or not recorded as delivered.
                8 => late.push((name, file)),
                _ => panic!("{free} KiB: {ran:#?}"),
            }
        }
        home.write("meters.csv", "name\nmeter-1\nmeter-2\n");
        let batch = ["issue", "--batch", "meters.csv", "-t", "meter", "--out", "out"];
        let ran = home.certroll(&batch);
        assert!(matches!(ran.code, 0 | 9), "{free} KiB: {ran:#?}");
        all_whole(&home.path("out"));
        make_room(&home.path("home"));
        home.verify();
        for (name, file) in late {
            home.ok(&["deliver", &name, "--keystore", &file]);
        }
        home.ok(&["issue", "afterwards", "-t", "jms-client", "--key", "ec:p256", "--keystore", "afterwards.p12"]);
        home.ok(&batch);
        assert_eq!(home.names("out").len(), 4);
        assert_eq!(home.verify()["open_intents"], serde_json::json!([]));
        all_whole(&home.path("home"));
    }
    assert!(refused > 0 && done > 0, "the disks were not around the right size: {refused} refused, {done} done");
}

#[test]
fn a_full_output_directory_is_found_before_anything_is_signed() {
    let home = TestHome::new();
    let Some(_disk) = Mount::small(&home.path("full"), 256) else { return };
    fill(&home.path("full"), 0);
    let files = ["full/client.p12", "full/client.jks", "full/client.pem"];
    let issue = ["issue", "client", "-t", "jms-client", "--key", "ec:p256"];
    let outputs: Vec<&str> = files.iter().flat_map(|file| ["--keystore", file]).collect();
    let issued = || home.records("cert.issue.intent").len();
    let before = issued();
    let ran = home.certroll(&[&issue[..], &outputs[..]].concat()).expect(1);
    assert!(ran.stderr.starts_with("error: cannot write `full/client.p12`\n"), "{ran:?}");
    assert_eq!((home.names("full").into_iter().collect::<Vec<_>>(), issued()), (vec!["filler".to_owned()], before));
    make_room(&home.path("full"));
    home.ok(&[&issue[..], &outputs[..]].concat());
    for file in files {
        assert!(
            home.ok(&["inspect", file, "--format", "json"]).stdout.contains(text(&home.current()[2], "cert_sha256"))
        );
    }

    // The same with a rotation: it stays due, and the old files are whole.
    let (old, before) = (home.read("full/client.p12"), issued());
    fill(&home.path("full"), 0);
    home.certroll(&["rotate", "client"]).expect(1);
    assert_eq!((home.read("full/client.p12"), issued()), (old.clone(), before));
    all_whole(&home.path("full"));
    make_room(&home.path("full"));
    home.ok(&["rotate", "client"]);
    assert_ne!(home.read("full/client.p12"), old);
    assert_eq!(home.records("cert.issued").len(), 2);
    home.verify();
}

fn full_batch(out: &str) {
    let home = TestHome::new();
    let names: String = (0..300).map(|n| format!("meter-{n}\n")).collect();
    home.write("meters.csv", format!("name\n{names}"));
    let Some(_disk) = Mount::small(&home.path("full"), 4_096) else { return };
    let batch = ["issue", "--batch", "meters.csv", "-t", "meter", "--jobs", "3", "--out", out];
    for free in [0, 40, 333] {
        fill(&home.path("full"), free);
        // Where there is next to no room nothing is begun; where there is too little, the rest stays owed.
        let ran = home.certroll(&batch).expect(if free < 64 { 1 } else { 8 });
        assert!(ran.stderr.starts_with("error: ") && (free < 64 || ran.stderr.contains("hint: ")), "{ran:?}");
        all_whole(&home.path("full"));
        assert!(!home.path("full/out.ndjson").exists(), "an unfinished batch has the final name");
        home.verify();
        make_room(&home.path("full"));
    }
    home.ok(&batch);
    assert_eq!(home.records("cert.issued").len(), 300);
    home.verify();
    if out.ends_with("ndjson") {
        let lines = String::from_utf8(home.read(out)).expect("it is UTF-8");
        let values: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
        assert_eq!(values.len(), 300);
    } else {
        assert_eq!(home.names(out).len(), 600);
        all_whole(&home.path("full"));
    }
}

#[test]
fn a_batch_into_a_full_directory_goes_on_when_there_is_room() {
    full_batch("full/out");
}

#[test]
fn a_batch_into_a_file_on_a_full_disk_goes_on_when_there_is_room() {
    full_batch("full/out.ndjson");
}

#[test]
fn a_home_that_cannot_be_written_can_be_read() {
    let home = TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"]);
    let Some(_mount) = Mount::read_only(&home.path("home")) else { return };
    let reading: &[&[&str]] = &[
        &["list"],
        &["show", "client"],
        &["check"],
        &["ca", "list"],
        &["ca", "show"],
        &["ca", "export"],
        &["ca", "export", "--out", "ca.pem"],
        &["template", "list"],
        &["policy", "list"],
        &["issuer", "list"],
        &["audit", "show"],
        &["audit", "verify"],
        &["audit", "reconcile"],
        &["inspect", "client.p12"],
    ];
    for arguments in reading {
        home.ok(arguments);
    }
    home.write("meters.csv", "name\nmeter-1\n");
    let writing: &[&[&str]] = &[
        &["issue", "other", "-t", "jms-client", "--key", "ec:p256", "--keystore", "other.p12"],
        &["issue", "--batch", "meters.csv", "-t", "meter", "--out", "out"],
        &["rotate", "client"],
        &["revoke", "client", "--reason", "superseded"],
        &["deliver", "client", "--out-cert", "client.crt"],
        &["ca", "create", "third", "--issuer", "root"],
        &["ca", "crl", "--renew"],
        &["audit", "export", "--out", "log.jsonl"],
        &["audit", "publish", "site"],
        &["audit", "report", "--out", "report.html"],
        &["rollback", "client.p12"],
    ];
    for arguments in writing {
        let ran = home.certroll(arguments);
        assert!(matches!(ran.code, 5 | 9), "{arguments:?}: {ran:#?}");
        assert!(ran.stderr.starts_with("error: ") && ran.stdout.is_empty(), "{arguments:?}: {ran:#?}");
    }
    for file in ["other.p12", "client.crt", "log.jsonl", "client.p12.previous"] {
        assert!(!home.path(file).exists(), "`{file}` was written");
    }
    assert!(home.names("out").is_empty());
}
