//! The passphrase changed under faults: whatever is struck, exactly one of the old and the new one opens the home, and every key
//! in it; and the same command again brings it to its end.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use certroll_base::durable;
use certroll_base::secret::Secret;
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::session::home_key;
use certroll_pki::container::pem;
use certroll_pki::key::encryption;
use tempfile::TempDir;

use super::sweep::{CHANGING, GROWING};
use super::trace::{self, Fault, Point};
use super::{FAULTS, say};
use crate::home::{TestHome, copy_tree};
use crate::peers::{self, Peer};

/// The key file that takes the place of the passphrase.
const NEW: &str = "secrets/new";
const OLD: &str = "secrets/passphrase";
const CHANGE: &[&str] = &["passwd", "--key-file", NEW];
/// A key of an account at an issuer elsewhere.
const ACCOUNT: &str = "home/issuers/elsewhere/account.key.pem";

/// Who changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doer {
    /// The program.
    Certroll,
    /// A program that puts the new key of the home in its place in that order.
    Pieces(Order),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Right,
    /// The file is written under its own name, and not renamed to it when whole.
    InPlace,
    /// The old file goes before the new one is there.
    RemovedFirst,
}

const ORDER: &str = "CERTROLL_TEST_PASSPHRASE_ORDER";
const ORDERS: [Order; 3] = [Order::Right, Order::InPlace, Order::RemovedFirst];

/// In a directory prepared by a stage: the new key put into place in the order given.
#[test]
fn a_key_put_into_place() {
    let Ok(named) = env::var(ORDER) else { return };
    let order = ORDERS.into_iter().find(|order| format!("{order:?}") == named).expect("a known order");
    let (from, to) = (Path::new("next"), Path::new("home/home.key.pem"));
    let text = fs::read(from).expect("it was prepared");
    // A fault strikes the thread that first comes to the nth call of a name, and the test runner's own thread writes a few
    // lines. Behind these the calls below are the only ones of their number.
    for _ in 0..10 {
        fs::write("padding", b"x").expect("it can be written");
    }
    match order {
        Order::Right => durable::write(to, &text, durable::PRIVATE),
        Order::InPlace => fs::write(to, &text),
        Order::RemovedFirst => fs::remove_file(to).and_then(|()| durable::write(to, &text, durable::PRIVATE)),
    }
    .expect("it can be written");
}

struct Stage {
    home: TestHome,
    saved: TempDir,
    doer: Doer,
}

const PARTS: [&str; 2] = ["home", "state"];

impl Stage {
    fn new(home: TestHome, doer: Doer) -> Self {
        home.ok(&["issue", "held", "-t", "jms-client", "--key", "ec:p256"]);
        fs::create_dir_all(home.path(ACCOUNT).parent().expect("it has one")).expect("a directory can be made");
        fs::copy(home.path("home/log/key.pem"), home.path(ACCOUNT)).expect("a file can be copied");
        home.write(NEW, format!("{}\n", "5eed".repeat(16)));
        home.keep_private(NEW);
        let saved = TempDir::with_prefix_in("certroll-saved-", home.path("..")).expect("a directory can be made");
        for part in PARTS {
            copy_tree(&home.path(part), &saved.path().join(part));
        }
        let stage = Self { home, saved, doer };
        if doer != Doer::Certroll {
            // What a change makes of the file, for others to put into place.
            stage.home.ok(CHANGE);
            fs::copy(stage.home.path("home/home.key.pem"), stage.home.path("next")).expect("a file can be copied");
        }
        stage
    }

    fn put_back(&self) {
        for part in PARTS {
            let _ = fs::remove_dir_all(self.home.path(part));
            copy_tree(&self.saved.path().join(part), &self.home.path(part));
        }
        let _ = fs::remove_file(self.home.path("held.p12"));
    }

    fn command(&self) -> Command {
        let Doer::Pieces(order) = self.doer else { return self.home.command(CHANGE) };
        let mut command = Command::new(env::current_exe().expect("this program has a path"));
        command.args(["--exact", "faults::passphrase::a_key_put_into_place", "--test-threads=1", "--nocapture"]);
        command.current_dir(self.home.path("")).env(ORDER, format!("{order:?}"));
        command
    }

    /// Whether it opens the home and the key of a CA.
    fn opens(&self, with: &str) -> Result<bool, String> {
        let ran = self.home.certroll(&["ca", "crl", "issuing", "--renew", "--passphrase-file", with]);
        match ran.code {
            0 => Ok(true),
            5 if ran.stderr.contains("does not open the keys of this home") => Ok(false),
            _ => Err(format!("with {with}: {ran:?}")),
        }
    }

    fn one_opens(&self) -> Result<&'static str, String> {
        match (self.opens(OLD)?, self.opens(NEW)?) {
            (true, false) => Ok(OLD),
            (false, true) => Ok(NEW),
            (true, true) => Err("both open the home".to_owned()),
            (false, false) => Err("neither opens the home".to_owned()),
        }
    }

    /// What is wrong after a fault, and after the same command once more.
    fn judge(&self) -> Result<&'static str, String> {
        let opens = self.one_opens()?;
        if opens == OLD && self.doer == Doer::Certroll {
            let again = self.home.certroll(CHANGE);
            if again.code != 0 {
                return Err(format!("the repetition failed: {again:?}"));
            }
            let opens = self.one_opens()?;
            if opens != NEW {
                return Err("the old one still opens it after the repetition".to_owned());
            }
        }
        let with = self.one_opens()?;
        let ran = self.home.certroll(&["deliver", "held", "--keystore", "held.p12", "--passphrase-file", with]);
        if ran.code != 0 {
            return Err(format!("the key held for a certificate does not open: {ran:?}"));
        }
        self.account_key(with)?;
        let verified = self.home.certroll(&["audit", "verify"]);
        if verified.code != 0 {
            return Err(format!("the log does not verify: {verified:?}"));
        }
        Ok(opens)
    }

    fn account_key(&self, with: &str) -> Result<(), String> {
        let given = Secret::from_first_line(&self.home.read(with)).map_err(|error| error.to_string())?;
        let secret = home_key::secret(&Home::new(self.home.path("home")), given).map_err(|error| error.to_string())?;
        let blocks = pem::read(&self.home.read(ACCOUNT)).map_err(|error| error.to_string())?;
        let opened = encryption::decrypt(blocks[0].der.expose(), &secret);
        opened.map(drop).map_err(|error| format!("the key of the account does not open: {error}"))
    }
}

/// Every fault at every call that changes something; answers what was wrong.
fn violations(stage: &Stage, faults: &[Fault]) -> Vec<String> {
    stage.put_back();
    let (root, log) = (stage.home.path("").canonicalize().expect("it is there"), stage.saved.path().join("trace"));
    let (ended, calls) = trace::watch(&stage.command(), &root, None, &log);
    assert_eq!(ended.code, Some(0), "the undisturbed run fails: {ended:?}");
    let changing = |point: &Point| CHANGING.contains(&point.name.as_str());
    let points: Vec<Point> = trace::points(&calls, &root).into_iter().filter(changing).collect();
    let possible = |fault: &Fault, point: &Point| *fault != Fault::NoSpace || GROWING.contains(&point.name.as_str());
    let (mut found, mut tried, mut died, mut old) = (Vec::new(), 0, 0, 0);
    for fault in faults {
        for point in points.iter().filter(|point| possible(fault, point)) {
            stage.put_back();
            let ended = trace::strike(&stage.command(), &root, point, *fault, &log);
            tried += 1;
            died += usize::from(ended.struck && ended.code.is_none());
            match stage.judge() {
                Ok(opens) => old += usize::from(opens == OLD),
                Err(what) => found.push(format!("{fault:?} at {} {}: {what}: {ended:?}", point.name, point.nth)),
            }
        }
    }
    let (doer, wrong) = (stage.doer, found.len());
    say(&format!(
        "faults: passphrase by {doer:?}: {} calls, {tried} points: {died} died, {old} left the old one; {wrong} violations",
        points.len()
    ));
    if doer == Doer::Certroll {
        assert!(points.len() > 20 && died > 20 && old > 5 && old < tried, "{tried} tried, {died} died, {old} old");
    }
    found
}

#[test]
fn a_change_of_the_passphrase_survives_every_fault() {
    if peers::require(&[Peer::Strace]) {
        assert_eq!(violations(&Stage::new(TestHome::quick(), Doer::Certroll), FAULTS), [""; 0]);
    }
}

/// Its keys are encrypted under the passphrase itself, and each has to be encrypted anew.
#[test]
fn a_change_of_the_passphrase_in_a_home_of_the_first_version_survives_every_fault() {
    if peers::require(&[Peer::Strace]) {
        assert_eq!(violations(&Stage::new(TestHome::of_first_version(), Doer::Certroll), FAULTS), [""; 0]);
    }
}

#[test]
fn a_key_put_into_place_in_a_wrong_order_is_caught() {
    if !peers::require(&[Peer::Strace]) {
        return;
    }
    for order in ORDERS {
        let found = violations(&Stage::new(TestHome::quick(), Doer::Pieces(order)), &[Fault::Kill]);
        assert_eq!(found.is_empty(), order == Order::Right, "{order:?}: {found:?}");
    }
}
