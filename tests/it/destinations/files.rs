//! Files: of others, under links, on full and read-only disks, several at once.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use certroll_base::encoding::{hex, sha256};
use certroll_base::secret::Secret;
use certroll_keystore::{Item, formats};
use certroll_pki::container::pem;

use super::Bench;
use crate::home::{Ran, STOREPASS, TestHome};
use crate::scarce::Mount;

pub(super) struct FileBench {
    home: TestHome,
}

impl FileBench {
    pub(super) fn new() -> Self {
        let home = TestHome::new();
        fs::create_dir(home.path("out")).expect("a directory can be made");
        Self { home }
    }
}

impl Bench for FileBench {
    fn home(&self) -> &TestHome {
        &self.home
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.home.certroll(arguments)
    }

    fn new_place(&self) -> Vec<String> {
        vec!["--out-cert".to_owned(), "out/a.pem".to_owned()]
    }

    fn observed(&self, address: &str) -> Option<String> {
        let blocks = pem::read(&fs::read(self.home.path(address)).ok()?).ok()?;
        Some(hex(&sha256(blocks.first()?.der.expose())))
    }

    fn break_next(&self) {
        fs::rename(self.home.path("out"), self.home.path("gone")).expect("a directory can be renamed");
    }

    fn repair(&self) {
        fs::rename(self.home.path("gone"), self.home.path("out")).expect("a directory can be renamed");
    }

    fn keeps_predecessor(&self) -> bool {
        true
    }
}

const ISSUE: [&str; 3] = ["-t", "https-server", "--key=ec:p256"];

fn issue(home: &TestHome, name: &str, rest: &[&str]) -> Ran {
    home.certroll(&[&["issue", name], &ISSUE[..], rest].concat())
}

/// The aliases of a keystore, and of each the certificate.
fn entries(home: &TestHome, file: &str) -> Vec<(String, String)> {
    let bytes = home.read(file);
    let format = formats::detect(&bytes).unwrap_or_else(|| panic!("{file} is no keystore"));
    let entries = format.read(&bytes, Some(&Secret::new(STOREPASS.to_owned()))).expect("it opens");
    let leaf = |item: &Item| match item {
        Item::Key { chain, .. } => chain.first().map(|leaf| hex(&sha256(leaf))).unwrap_or_default(),
        _ => String::new(),
    };
    entries.iter().map(|entry| (entry.alias.clone(), leaf(&entry.item))).collect()
}

fn intents(home: &TestHome) -> usize {
    home.records("cert.issue.intent").len()
}

/// Two rotations at once turned a keystore with six keys into a PEM file with one certificate.
#[test]
fn two_rotations_at_once_rotate_each_name_once_and_lose_nothing() {
    let home = TestHome::quick();
    for round in 0..4 {
        let file = format!("all{round}.p12");
        let names: Vec<String> = (0..6).map(|at| format!("n{at}.r{round}.example.net")).collect();
        for name in &names {
            issue(&home, name, &["--keystore", &file, "--alias", name]).expect(0);
        }
        let before = entries(&home, &file);
        let line: Vec<String> = ["rotate"].into_iter().map(str::to_owned).chain(names.iter().cloned()).collect();
        let ran = home.at_once(&[line.clone(), line]);
        for one in &ran {
            assert_eq!(one.code, 0, "{ran:#?}");
        }
        let after = entries(&home, &file);
        assert_eq!(after.len(), 6, "{after:?}");
        for (alias, leaf) in &after {
            assert!(!before.contains(&(alias.clone(), leaf.clone())), "`{alias}` was not rotated: {ran:#?}");
        }
    }
    // Of each name there is the first certificate and a successor; another one where the second run began after that.
    assert!(home.records("cert.issued").len() >= 4 * 12);
}

#[test]
fn a_key_that_somebody_else_put_there_is_not_lost() {
    let home = TestHome::new();
    issue(&home, "one", &["--keystore", "s.p12", "--alias", "server"]).expect(0);
    let (first, made) = (entries(&home, "s.p12"), intents(&home));
    let ran = issue(&home, "two", &["--keystore", "s.p12", "--alias", "SERVER"]).expect(2);
    assert!(ran.stderr.contains("alias `SERVER`") && ran.stderr.contains("--replace"), "{ran:#?}");
    assert_eq!((entries(&home, "s.p12"), intents(&home)), (first.clone(), made), "nothing was issued");
    issue(&home, "two", &["--keystore", "s.p12", "--alias", "two"]).expect(0);
    // Rotations replace their own.
    home.ok(&["rotate", "one"]);
    let after = entries(&home, "s.p12");
    assert_eq!(after.len(), 2);
    assert_ne!(after.iter().find(|(alias, _)| alias == "server"), first.first());
    issue(&home, "three", &["--keystore", "s.p12", "--alias", "server", "--replace"]).expect(0);
    assert_eq!(entries(&home, "s.p12").len(), 2);
}

#[test]
fn what_certroll_did_not_write_is_not_overwritten_unasked() {
    let home = TestHome::new();
    home.write("notes.txt", "precious");
    home.write("notes.pem", "precious");
    let made = intents(&home);
    for output in [["--out-cert", "notes.txt"], ["--out-key", "notes.txt"], ["--keystore", "notes.pem"]] {
        let ran = issue(&home, "a.example.net", &output).expect(2);
        assert!(ran.stderr.contains("--replace"), "{ran:#?}");
    }
    assert_eq!(
        (home.read("notes.txt"), home.read("notes.pem"), intents(&home)),
        (b"precious".into(), b"precious".into(), made)
    );
    issue(&home, "a.example.net", &["--out-cert", "notes.txt", "--replace"]).expect(0);
    assert_eq!(home.read("notes.txt.previous"), b"precious");
}

#[test]
fn a_path_is_named_once_and_a_directory_is_no_file() {
    let home = TestHome::new();
    fs::create_dir(home.path("dir")).unwrap();
    symlink("k.pem", home.path("link.pem")).unwrap();
    let made = intents(&home);
    for outputs in [
        vec!["--out-cert", "k.pem", "--out-key", "k.pem"],
        vec!["--out-cert", "k.pem", "--out-key", "./k.pem"],
        vec!["--keystore", "k.p12", "--keystore", "dir/../k.p12"],
        vec!["--out-cert", "dir"],
    ] {
        let ran = issue(&home, "a.example.net", &outputs).expect(2);
        assert!(ran.stderr.contains("named twice") || ran.stderr.contains("is a directory"), "{ran:#?}");
    }
    assert_eq!(intents(&home), made, "nothing was issued");
}

#[test]
fn a_link_stays_a_link_and_attributes_stay() {
    let home = TestHome::new();
    for name in ["live", "archive"] {
        fs::create_dir(home.path(name)).unwrap();
        fs::set_permissions(home.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    // As certbot has it: a link that leads nowhere yet.
    symlink("../archive/k1.p12", home.path("live/k.p12")).unwrap();
    issue(&home, "a.example.net", &["--keystore", "live/k.p12"]).expect(0);
    let file = home.path("archive/k1.p12");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let acl = with_reader(&file);
    let before = fs::metadata(&file).unwrap();
    // The same file by its other path is the same place; a copy gets its key from here.
    home.ok(&["deliver", "a.example.net", "--keystore", "archive/k1.p12", "--keystore", "copy.p12"]);
    assert_eq!(entries(&home, "copy.p12"), entries(&home, "archive/k1.p12"));
    home.ok(&["rotate", "a.example.net"]);
    assert!(fs::symlink_metadata(home.path("live/k.p12")).unwrap().is_symlink());
    let after = fs::metadata(&file).unwrap();
    assert_eq!((after.mode(), after.uid(), after.gid()), (before.mode(), before.uid(), before.gid()));
    assert_ne!(after.ino(), before.ino(), "negative control: it was replaced");
    assert_eq!(read_acl(&file), acl);
}

/// Gives user 12 the right to read, as `setfacl -m u:12:r` does; `None` where the file system has no ACLs.
fn with_reader(path: &Path) -> Option<Vec<u8>> {
    let mut acl = 2_u32.to_le_bytes().to_vec();
    let anyone = u32::MAX;
    for (tag, rights, id) in [(1_u16, 6_u16, anyone), (2, 4, 12), (4, 0, anyone), (16, 4, anyone), (32, 0, anyone)] {
        acl.extend(tag.to_le_bytes());
        acl.extend(rights.to_le_bytes());
        acl.extend(id.to_le_bytes());
    }
    let set = rustix::fs::setxattr(path, "system.posix_acl_access", &acl, rustix::fs::XattrFlags::empty());
    set.ok().map(|()| acl)
}

fn read_acl(path: &Path) -> Option<Vec<u8>> {
    let mut value = vec![0; 1024];
    let length = rustix::fs::getxattr(path, "system.posix_acl_access", &mut *value).ok()?;
    value.truncate(length);
    Some(value)
}

#[test]
fn devices_and_standard_output_are_written_into() {
    let home = TestHome::new();
    let is_device = || !fs::symlink_metadata("/dev/null").unwrap().is_file();
    issue(&home, "a.example.net", &["--out-cert", "/dev/null", "--out-key", "/dev/null"]).expect(0);
    assert!(is_device());
    // Nothing is known of it afterwards: a device keeps nothing.
    assert!(home.ok(&["show", "a.example.net", "--format", "json"]).json()["files"].is_null());
    let ran = issue(&home, "b.example.net", &["--out-cert", "/dev/stdout", "--quiet"]).expect(0);
    assert!(ran.stdout.contains("BEGIN CERTIFICATE"), "{ran:#?}");
    assert!(is_device());
}

/// Three files of one certificate, the third of which cannot be written.
#[test]
fn all_files_of_a_certificate_change_or_none() {
    let home = TestHome::new();
    fs::create_dir(home.path("c")).unwrap();
    issue(&home, "a.example.net", &["--keystore", "a.p12", "--out-cert", "c/a.pem", "--out-key", "a.key"]).expect(0);
    let before = (home.read("a.p12"), home.read("c/a.pem"), home.read("a.key"));
    let Some(mount) = Mount::read_only(&home.path("c")) else { return };
    let made = intents(&home);
    let ran = home.certroll(&["rotate", "a.example.net"]);
    assert_eq!(ran.code, 5, "{ran:#?}");
    drop(mount);
    assert_eq!((home.read("a.p12"), home.read("c/a.pem"), home.read("a.key")), before);
    assert_eq!(intents(&home), made, "nothing was issued");
    home.ok(&["rotate", "a.example.net"]);
    assert_ne!(home.read("c/a.pem"), before.1);
}

#[test]
fn a_full_disk_and_a_file_that_is_a_mount_point_are_found_before_anything_is_signed() {
    let home = TestHome::new();
    fs::create_dir(home.path("small")).unwrap();
    let made = intents(&home);
    let Some(small) = Mount::small(&home.path("small"), 8) else { return };
    let ran = issue(&home, "a.example.net", &["--out-cert", "small/a.pem"]).expect(1);
    assert!(ran.stderr.contains("No space left"), "{ran:#?}");
    drop(small);
    assert_eq!(intents(&home), made, "nothing was issued");
    issue(&home, "a.example.net", &["--out-cert", "a.pem"]).expect(0);
    let file = home.path("a.pem");
    let Some(mount) = Mount::file(&file) else { return };
    let made = intents(&home);
    let ran = home.certroll(&["rotate", "a.example.net"]);
    assert_eq!(ran.code, 2, "{ran:#?}");
    assert!(ran.stderr.contains("mount its directory"), "{ran:#?}");
    assert_eq!(intents(&home), made, "nothing was issued");
    drop(mount);
}
