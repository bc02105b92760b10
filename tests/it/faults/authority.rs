//! A CA taken over, and the answer to the request for one, under faults: afterwards all of it is in the home or nothing, and the
//! same command again brings it to its end.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::sweep::{CHANGING, GROWING};
use super::trace::{self, Fault, Point};
use super::{FAULTS, say};
use crate::home::{TestHome, copy_tree};
use crate::peers::{self, Peer};

const PARTS: [&str; 2] = ["home", "state"];
/// The CA that comes.
const NAME: &str = "coming";
/// How many certificates a CA brings that is taken over.
const BROUGHT: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Import,
    Accept,
}

impl Act {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Import => &[
                "ca",
                "import",
                NAME,
                "--cert",
                "old/ca.pem",
                "--key",
                "old/ca.key",
                "--issued",
                "old/issued",
                "--crl",
                "old/ca.crl",
            ],
            Self::Accept => &["ca", "accept", NAME, "--cert", "answer.pem"],
        }
    }
}

struct Stage {
    home: TestHome,
    saved: TempDir,
    act: Act,
}

impl Stage {
    fn new(act: Act) -> Self {
        let home = TestHome::quick();
        match act {
            Act::Import => old_ca(&home),
            Act::Accept => {
                home.ok(&[
                    "ca",
                    "request",
                    NAME,
                    "--subject",
                    "O=Test, CN=Coming",
                    "--key",
                    "ec:p256",
                    "--out",
                    "r.csr",
                ]);
                let above = TestHome::quick();
                above.write("r.csr", home.read("r.csr"));
                above.ok(&["ca", "sign", "r.csr", "--issuer", "root", "--out", "answer.pem"]);
                home.write("answer.pem", above.read("answer.pem"));
            }
        }
        let saved = TempDir::with_prefix_in("certroll-saved-", home.path("..")).expect("a directory can be made");
        for part in PARTS {
            copy_tree(&home.path(part), &saved.path().join(part));
        }
        Self { home, saved, act }
    }

    fn put_back(&self) {
        for part in PARTS {
            let _ = fs::remove_dir_all(self.home.path(part));
            copy_tree(&self.saved.path().join(part), &self.home.path(part));
        }
    }

    fn command(&self) -> Command {
        self.home.command(self.act.arguments())
    }

    fn json(&self, arguments: &[&str]) -> Result<Value, String> {
        let ran = self.home.certroll(&[arguments, &["--format", "json"]].concat());
        if ran.code == 0 { Ok(ran.json()) } else { Err(format!("{arguments:?}: {ran:?}")) }
    }

    /// Whether the CA is there, with all that belongs to it; an error when a part is.
    fn is_there(&self) -> Result<bool, String> {
        self.json(&["audit", "verify"])?;
        let cas = self.json(&["ca", "list"])?;
        let known = cas["cas"].as_array().is_some_and(|cas| cas.iter().any(|ca| ca["name"] == NAME));
        let listed = self.json(&["list"])?;
        let rows = listed["certificates"].as_array().cloned().unwrap_or_default();
        let of_it = rows.iter().filter(|row| row["issuer"] == NAME && row["name"] != NAME).count();
        let own = rows.iter().filter(|row| row["name"] == NAME).count();
        let expected = match (known, self.act) {
            (true, Act::Import) => (BROUGHT, 1),
            (true, Act::Accept) => (0, 1),
            (false, _) => (0, 0),
        };
        if (of_it, own) == expected { Ok(known) } else { Err(format!("{known}, and {of_it} and {own} certificates")) }
    }

    /// What is wrong after a fault, and after the same command once more.
    fn judge(&self) -> Result<bool, String> {
        let there = self.is_there()?;
        let again = self.home.certroll(self.act.arguments());
        if again.code != 0 {
            return Err(format!("the repetition failed: {again:?}"));
        }
        if !self.is_there()? {
            return Err("it is not there after the repetition".to_owned());
        }
        if !self.home.path(format!("home/ca/{NAME}.pem")).is_file() {
            return Err("its certificate was not written".to_owned());
        }
        // Its key is there and fits.
        let issue = ["issue", "x.example", "-t", "jms-client", "--key", "ec:p256", "--issuer", NAME];
        let issued = self.home.certroll(&issue);
        if issued.code != 0 {
            return Err(format!("it cannot issue: {issued:?}"));
        }
        let verified = self.json(&["audit", "verify"])?;
        if verified["result"] != "verified" {
            return Err(format!("the log is not complete: {verified}"));
        }
        Ok(there)
    }
}

/// A CA with certificates and a CRL, from a home of its own.
fn old_ca(home: &TestHome) {
    fs::create_dir_all(home.path("old/issued")).expect("a directory can be made");
    let old = TestHome::quick();
    for n in 0..BROUGHT {
        let file = format!("{n}.pem");
        old.ok(&[
            "issue",
            &format!("n{n}"),
            "-t",
            "jms-client",
            "--key",
            "ec:p256",
            "--issuer",
            "root",
            "--out-cert",
            &file,
        ]);
        home.write(format!("old/issued/{n}.pem"), old.read(&file));
    }
    old.ok(&["revoke", "n0", "--reason", "superseded"]);
    home.write("old/ca.crl", old.read("home/ca/root.crl"));
    home.write("old/ca.pem", old.read("home/ca/root.pem"));
    home.write("old/ca.key", old.plain_authority_key("root"));
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
    let (mut found, mut tried, mut died, mut before) = (Vec::new(), 0, 0, 0);
    for fault in faults {
        for point in points.iter().filter(|point| possible(fault, point)) {
            stage.put_back();
            let ended = trace::strike(&stage.command(), &root, point, *fault, &log);
            tried += 1;
            died += usize::from(ended.struck && ended.code.is_none());
            match stage.judge() {
                Ok(there) => before += usize::from(!there),
                Err(what) => found.push(format!("{fault:?} at {} {}: {what}: {ended:?}", point.name, point.nth)),
            }
        }
    }
    let (act, wrong) = (stage.act, found.len());
    say(&format!(
        "faults: {act:?}: {} calls, {tried} points: {died} died, {before} left nothing of it; {wrong} violations",
        points.len()
    ));
    assert!(
        points.len() > 20 && died > 20 && before > 5 && before < tried,
        "{tried} tried, {died} died, {before} before"
    );
    found
}

#[test]
fn a_ca_that_is_taken_over_survives_every_fault() {
    if peers::require(&[Peer::Strace]) {
        assert_eq!(violations(&Stage::new(Act::Import), FAULTS), [""; 0]);
    }
}

#[test]
fn an_accepted_answer_survives_every_fault() {
    if peers::require(&[Peer::Strace]) {
        assert_eq!(violations(&Stage::new(Act::Accept), FAULTS), [""; 0]);
    }
}
