//! A home with one issuer from outside, in which an issuance is tried, and what must hold about it at every moment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use certroll_base::clock::SystemClock;
use certroll_base::secret::Secret;
use certroll_core::audit::verify::Verification;
use certroll_core::config;
use certroll_core::destination::Place;
use certroll_core::error::Error;
use certroll_core::lifecycle::delivery::{Output, OutputForm, Password};
use certroll_core::lifecycle::issuance::issue;
use certroll_core::lifecycle::issuance::request::{IssueRequest, KeySource};
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::log;
use certroll_core::lifecycle::revocation::{self, ListWhen, RevokeRequest};
use certroll_core::lifecycle::rotation::{self, RotateRequest};
use certroll_core::lifecycle::session::Session;
use certroll_core::lifecycle::session::remote::Watcher;
use certroll_core::lifecycle::session::select;
use certroll_pki::container::pem;
use certroll_pki::key::KeyPair;
use certroll_pki::key::encryption::Decryptor;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::reason::RevocationReason;
use serde_json::Value;

use super::suite::Backend;
use super::trouble::{Plot, Trouble};
use crate::home::{PASSPHRASE, STOREPASS, TestHome, text};

/// The name under which the issuer stands in the home.
pub(crate) const ISSUER: &str = "elsewhere";
/// What is issued.
pub(crate) const NAME: &str = "shop.example.net";

/// What a run is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Issue,
    Rotate,
    Revoke,
}

/// Remembers what it was told.
#[derive(Default)]
pub(crate) struct Heard(pub(crate) Mutex<Vec<String>>);

impl Watcher for Heard {
    fn warn(&self, text: &str) {
        self.0.lock().expect("no thread panicked").push(text.to_owned());
    }
    fn act(&self, _text: &str) {}
    fn waiting(&self, _text: &str) {}
    fn over(&self) {}
}

pub(crate) struct Bench<'a> {
    pub(crate) home: TestHome,
    pub(crate) backend: &'a dyn Backend,
}

impl Bench<'_> {
    /// Does it in this process.
    pub(crate) fn run(&self, act: Act, plot: Plot) -> Result<(), Error> {
        run(&self.home.path("."), self.backend, act, Arc::new(plot))
    }

    /// Does it in a process that dies at that point; `false` if it came to its end before.
    pub(crate) fn killed(&self, act: Act, at: usize) -> Result<bool, String> {
        let mut child = Command::new(std::env::current_exe().map_err(|error| error.to_string())?);
        child.args(["issuers::a_process_to_be_killed", "--exact", "--nocapture"]);
        child.env("SUITE_ROOT", self.home.path(".")).env("SUITE_SPEC", self.backend.spec());
        child.env("SUITE_ACT", format!("{act:?}")).env("SUITE_KILL", at.to_string());
        let output = child.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
        use std::os::unix::process::ExitStatusExt as _;
        match (output.status.signal(), output.status.code()) {
            (Some(9), _) => Ok(true),
            (None, Some(0)) => Ok(false),
            other => Err(format!("{other:?}: {}", String::from_utf8_lossy(&output.stdout))),
        }
    }

    pub(crate) fn session(&self, plot: Plot) -> Result<Session, Error> {
        session(&self.home.path("."), self.backend, Arc::new(plot))
    }

    /// Every record so far.
    pub(crate) fn records(&self, event: &str) -> Vec<Value> {
        records(&self.home.path(".")).into_iter().filter(|record| text(record, "ev") == event).collect()
    }

    /// The log verifies and balances, and the issuer has signed nothing that the log does not know: every certificate there
    /// is recorded, or belongs to an intent that is visibly open; nothing is open when all is `settled`.
    pub(crate) fn agree(&self, settled: bool) -> Result<Verification, String> {
        let view = config::view(Home::new(self.home.path("home")), Arc::new(SystemClock));
        let found = view.and_then(|view| log::verify_home(&view, None)).map_err(|error| format!("{error:?}"))?;
        let open: u64 = found.open.iter().map(|open| open.remaining).sum();
        let (mut logged, mut intents) = (BTreeSet::new(), BTreeMap::new());
        for record in records(&self.home.path(".")) {
            let op = text(&record, "op").to_owned();
            match text(&record, "ev") {
                // Where the issuer makes the key, nobody knows it yet.
                "cert.issue.intent" => {
                    let spki = record["req"]["spki"].as_str().unwrap_or_default();
                    intents.insert(op, spki.to_owned());
                }
                "cert.issue.failed" | "cert.issue.abandoned" => drop(intents.remove(&op)),
                "cert.issued" => {
                    intents.remove(&op);
                    if !logged.insert(text(&record, "cert/sha256").to_owned()) {
                        return Err("a certificate is recorded twice".to_owned());
                    }
                }
                _ => {}
            }
        }
        if settled && open > 0 {
            return Err(format!("{open} intents are open"));
        }
        for der in self.backend.issued().into_iter().flatten() {
            let certificate = Certificate::from_der(&der).map_err(|error| error.to_string())?;
            let spki = certificate.key_hash().to_string();
            if !logged.contains(&certificate.fingerprint().to_string())
                && !intents.values().any(|open| *open == spki || open.is_empty())
            {
                return Err(format!("certificate {} is outside the log", certificate.serial));
            }
        }
        Ok(found)
    }

    /// The files are there, belong together, and hold a certificate that is on record.
    pub(crate) fn handed_out(&self) -> Result<Certificate, String> {
        let read = |name: &str| std::fs::read(self.home.path(name)).map_err(|error| format!("`{name}`: {error}"));
        let blocks = pem::read(&read("out.pem")?).map_err(|error| error.to_string())?;
        let certificate = Certificate::from_der(blocks[0].der.expose()).map_err(|error| error.to_string())?;
        let blocks = pem::read(&read("out.key.pem")?).map_err(|error| error.to_string())?;
        let plain = Decryptor::new(Secret::new(STOREPASS.to_owned())).decrypt(blocks[0].der.expose());
        let key = KeyPair::from_pkcs8(plain.map_err(|error| error.to_string())?.expose());
        if key.map_err(|error| error.to_string())?.spki() != certificate.spki {
            return Err("key and certificate in the files do not belong together".to_owned());
        }
        let sha256 = certificate.fingerprint().to_string();
        let known = self.records("cert.issued").iter().any(|record| text(record, "cert/sha256") == sha256);
        if known { Ok(certificate) } else { Err("a certificate was handed out that is not on record".to_owned()) }
    }
}

fn session(root: &Path, backend: &dyn Backend, plot: Arc<Plot>) -> Result<Session, Error> {
    let home = Home::new(root.join("home"));
    let mut session = config::session(home, Secret::new(PASSPHRASE.to_owned()), Arc::new(SystemClock), None)?;
    let spec = backend.spec();
    let open = move || -> Result<Box<dyn certroll_core::issuer::Issuer>, certroll_core::issuer::IssuerError> {
        Ok(Box::new(Trouble::with(super::backend(&spec).open(), plot.clone())))
    };
    session.remotes.add(ISSUER, Box::new(open));
    Ok(session)
}

/// What any process does.
pub(crate) fn run(root: &Path, backend: &dyn Backend, act: Act, plot: Arc<Plot>) -> Result<(), Error> {
    let mut session = session(root, backend, plot)?;
    match act {
        Act::Issue => issue::issue(&mut session, request(root)).map(drop),
        Act::Rotate => {
            let mut found = select::find(session.journal.store(), NAME)?;
            found.retain(|entry| entry.revoked.is_none() && entry.replaced_by.is_none());
            let password = Some(Password { secret: Secret::new(STOREPASS.to_owned()), file: None });
            let asked = RotateRequest { issuer: None, reuse_key: false, request: None, password, why: None };
            rotation::rotate(&mut session, &found.pop().expect("there is one"), &asked).map(drop)
        }
        Act::Revoke => {
            let why = certroll_core::audit::record::facts::Why { code: "manual".to_owned(), ..Default::default() };
            let (reason, list) = (RevocationReason::Superseded, ListWhen::Now);
            let asked = RevokeRequest { selector: NAME.to_owned(), reason, why, key: None, list };
            revocation::revoke(&mut session, &asked).map(drop)
        }
    }
}

/// The issuance that is tried: with its key, into two files.
pub(crate) fn request(root: &Path) -> IssueRequest {
    let password = Password { secret: Secret::new(STOREPASS.to_owned()), file: None };
    let output = |name: &str, form: OutputForm, password: Option<Password>| Output {
        place: Place::File(root.join(name)),
        form,
        alias: NAME.to_owned(),
        password,
        profile: None,
        replace: false,
    };
    IssueRequest {
        name: NAME.to_owned(),
        template: "https-server".to_owned(),
        issuer: Some(ISSUER.to_owned()),
        subject: None,
        names: Vec::new(),
        parameters: BTreeMap::new(),
        lifetime: None,
        key: KeySource::Generate(Some("ec:p256".parse().expect("a kind of key"))),
        outputs: vec![
            output("out.pem", OutputForm::Certificate, None),
            output("out.key.pem", OutputForm::Key, Some(password)),
        ],
        why: None,
        force: false,
    }
}

fn records(root: &Path) -> Vec<Value> {
    let view = config::view(Home::new(root.join("home")), Arc::new(SystemClock)).expect("the home can be read");
    let mut found = Vec::new();
    let read = view.store.records(0, &mut |_, line| {
        found.push(serde_json::from_slice(line).expect("a record is JSON"));
        Ok(())
    });
    read.expect("the records can be read");
    found
}
