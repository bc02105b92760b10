//! Hold the log against everything else that speaks of certificates: the inventory, the issuers' own lists, files in which
//! certificates lie, and endpoints that present them.
//!
//! A certificate is looked up by its SHA-256. One that the log does not have is held against the keys of our CAs, and its
//! public key against the intents: one fresh key per intent leads back to the operation it was made for.

mod ledger;
mod places;

use certroll_pki::digest::Fingerprint;
use std::path::PathBuf;
use std::time::Duration;

use self::ledger::{Ledger, Logged};
use super::session::{Session, View, authority_chain};
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome};
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::issuer::{CrlLister, Issuer, Lister};
use crate::scan::endpoint::Endpoint;
use crate::store::Query;
use certroll_base::clock::Timestamp;
use certroll_base::secret::Secret;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::serial::SerialNumber;

/// How far the times of a revocation in the log and on a CRL may lie apart: the one is when the record got its place, the
/// other when the revocation was decided, and another process may have been writing in between.
const SAME_TIME_SECS: i64 = 300;
/// How many findings the record of a run tells one by one.
const RECORDED: usize = 20;
/// How many characters of a finding it tells.
const RECORDED_CHARS: usize = 300;

/// What kind of disagreement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// Signed with the key of one of our CAs, but not in the log: the key was used elsewhere. Or asked for here, and given up
    /// without knowing that it exists.
    Unlogged,
    /// Signed by no CA that is known here.
    Unknown,
    /// Revoked in one place and not in another, or no longer valid and yet in use.
    StatusDiffers,
    /// In use, though it has been replaced.
    Superseded,
    /// In the log, but not in the inventory.
    LoggedNotInventoried,
    /// It could not be looked into.
    Unread,
}

impl FindingKind {
    /// The stable word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unlogged => "unlogged",
            Self::Unknown => "unknown",
            Self::StatusDiffers => "status-differs",
            Self::Superseded => "superseded",
            Self::LoggedNotInventoried => "logged-not-inventoried",
            Self::Unread => "unread",
        }
    }
}

/// How grave a finding is. Later ones outweigh earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It needs to be looked at.
    Attention,
    /// Something expired or revoked is in use.
    Expired,
    /// What must agree does not: log, inventory, CRLs and the CAs' keys.
    Wrong,
}

impl Severity {
    /// The stable word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attention => "attention",
            Self::Expired => "expired",
            Self::Wrong => "wrong",
        }
    }
}

/// One disagreement.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// What kind.
    pub kind: FindingKind,
    /// How grave.
    pub severity: Severity,
    /// Where it was found: a file and entry, an endpoint, `inventory`, a CRL.
    pub place: String,
    /// What the certificate is called.
    pub subject: String,
    /// Its serial number, if known.
    pub serial: Option<SerialNumber>,
    /// SHA-256 of the certificate, if known.
    pub sha256: Option<Fingerprint>,
    /// What disagrees, in words.
    pub detail: String,
}

/// What to look at besides log, inventory and CRLs.
#[derive(Clone, Debug)]
pub struct Places {
    /// Folders with certificates and keystores.
    pub folders: Vec<PathBuf>,
    /// TLS endpoints.
    pub endpoints: Vec<Endpoint>,
    /// How long an endpoint may take.
    pub timeout: Duration,
    /// Opens keystores that do not open without a password.
    pub password: Option<Secret>,
}

/// What was compared, and what disagreed.
#[derive(Debug, Default)]
pub struct Reconciliation {
    /// Certificates of the log.
    pub logged: usize,
    /// Certificates found in files and at endpoints.
    pub seen: usize,
    /// The disagreements, gravest first.
    pub findings: Vec<Disagreement>,
}

impl Reconciliation {
    /// The gravest finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    fn add(&mut self, kind: FindingKind, severity: Severity, place: &str, about: About<'_>, detail: String) {
        let (subject, serial, sha256) = match about {
            About::Logged(sha256, logged) => (logged.name.clone(), Some(logged.serial.clone()), Some(*sha256)),
            About::Certificate(cert) => (cert.display_name(), Some(cert.serial.clone()), Some(cert.fingerprint())),
            About::Serial(serial) => (String::new(), Some(serial.clone()), None),
            About::Nothing => (String::new(), None, None),
        };
        self.findings.push(Disagreement { kind, severity, place: place.to_owned(), subject, serial, sha256, detail });
    }
}

/// What a finding is about.
#[derive(Clone, Copy)]
enum About<'a> {
    Logged(&'a Fingerprint, &'a Logged),
    Certificate(&'a Certificate),
    Serial(&'a SerialNumber),
    Nothing,
}

/// A CA of the home.
struct HomeAuthority {
    name: String,
    certificate: Certificate,
}

/// Compares. Changes nothing and needs no passphrase; issuers elsewhere that keep lists are asked for them.
///
/// # Errors
/// The home cannot be read. What disagrees, or cannot be looked into, is no error but a finding.
pub fn reconcile(view: &View, places: &Places, issuers: &[Box<dyn Issuer>]) -> Result<Reconciliation, Error> {
    let ledger = Ledger::read(&*view.store)?;
    let mut cas = Vec::new();
    for authority in view.store.authorities()? {
        let certificate = authority_chain(&*view.store, &authority)?.swap_remove(0);
        cas.push(HomeAuthority { name: authority.name, certificate });
    }
    let mut result = Reconciliation { logged: ledger.certificates.len(), ..Reconciliation::default() };
    inventory(view, &ledger, &mut result)?;
    for ca in &cas {
        crls(view, &ledger, ca, &mut result)?;
    }
    for lister in issuers.iter().filter_map(|issuer| issuer.lister()) {
        let place = format!("issuer {}", lister.issuer());
        if let Err(error) = statements(view, &ledger, &place, lister, &mut result) {
            let why = crate::error::describe(&error);
            result.add(FindingKind::Unread, Severity::Attention, &place, About::Nothing, why);
        }
    }
    let mut visitor = places::Visitor { ledger: &ledger, cas: &cas, now: view.clock.now(), result: &mut result };
    visitor.folders(&places.folders, places.password.as_ref());
    visitor.endpoints(&places.endpoints, places.timeout);
    result
        .findings
        .sort_by(|a, b| (b.severity, a.kind, &a.place, &a.subject).cmp(&(a.severity, b.kind, &b.place, &b.subject)));
    Ok(result)
}

/// The inventory against the log, both ways.
fn inventory(view: &View, ledger: &Ledger, result: &mut Reconciliation) -> Result<(), Error> {
    const PLACE: &str = "inventory";
    let mut missing: std::collections::HashSet<&Fingerprint> = ledger.certificates.keys().collect();
    for entry in view.store.certificates(&Query::default())? {
        missing.remove(&entry.fingerprint);
        let Some(logged) = ledger.certificates.get(&entry.fingerprint) else {
            let der = view.store.certificate_der(&entry)?;
            match Certificate::from_der(&der) {
                Ok(cert) => result.add(
                    FindingKind::Unlogged,
                    Severity::Wrong,
                    PLACE,
                    About::Certificate(&cert),
                    "it is in the inventory, but no record says that it was issued".to_owned(),
                ),
                Err(error) => {
                    result.add(FindingKind::Unread, Severity::Wrong, PLACE, About::Nothing, error.to_string())
                }
            }
            continue;
        };
        let here = entry.revoked.map(|(_, reason)| reason.to_string());
        let there = logged.revoked.as_ref().map(|(_, reason)| reason.clone());
        if here != there {
            let say = |reason: Option<String>| reason.unwrap_or_else(|| "not revoked".to_owned());
            let detail = format!("the inventory says {}, the log says {}", say(here), say(there));
            let about = About::Logged(&entry.fingerprint, logged);
            result.add(FindingKind::StatusDiffers, Severity::Wrong, PLACE, about, detail);
        }
    }
    for sha256 in missing {
        if let Some(logged) = ledger.certificates.get(sha256) {
            result.add(
                FindingKind::LoggedNotInventoried,
                Severity::Wrong,
                PLACE,
                About::Logged(sha256, logged),
                "the log says that it was issued, but the inventory does not have it".to_owned(),
            );
        }
    }
    Ok(())
}

/// The lists of one CA against the log: the one in the database, and the published file if it is another.
fn crls(view: &View, ledger: &Ledger, ca: &HomeAuthority, result: &mut Reconciliation) -> Result<(), Error> {
    let latest = view.store.latest_crl(&ca.name)?;
    let file = view.home.authorities().join(format!("{}.crl", ca.name));
    let published = match std::fs::read(&file) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::file(&file, "read the CRL", error)),
    };
    let own = latest.map(|crl| (format!("CRL {} of {}", crl.number, ca.name), crl.der));
    let public = published.map(|der| (format!("ca/{}.crl", ca.name), der));
    let same = matches!((&own, &public), (Some((_, a)), Some((_, b))) if a == b);
    let mut any = false;
    for (place, der) in own.into_iter().chain(public.filter(|_| !same)) {
        any = true;
        match CrlLister::open(&ca.name, &ca.certificate, &der) {
            Ok(lister) => statements(view, ledger, &place, &lister, result)?,
            Err(error) => {
                result.add(FindingKind::Unknown, Severity::Wrong, &place, About::Nothing, error.message);
            }
        }
    }
    if !any {
        let of = |logged: &&Logged| logged.issuer == ca.name && logged.revoked.is_some();
        let count = ledger.certificates.values().filter(of).count();
        if count > 0 {
            let detail = format!("the log says that {count} certificates are revoked, but there is no CRL");
            result.add(FindingKind::StatusDiffers, Severity::Wrong, &ca.name, About::Nothing, detail);
        }
    }
    Ok(())
}

/// What an issuer says of its certificates against what the log says of them.
fn statements(
    view: &View,
    ledger: &Ledger,
    place: &str,
    lister: &dyn Lister,
    result: &mut Reconciliation,
) -> Result<(), Error> {
    let (issuer, now) = (lister.issuer(), view.clock.now());
    let mut told = std::collections::HashMap::new();
    lister.statements(&mut |statement| {
        let is_told = statement.revoked.is_some() && ledger.is_revoked_alone(issuer, &statement.serial);
        if !is_told && ledger.by_serial(issuer, &statement.serial).is_none() {
            let what = if statement.revoked.is_some() { "revoked" } else { "issued" };
            let detail = format!("issuer `{issuer}` says that it has {what} it, but no record says that it was issued");
            let theirs = statement.certificate.as_deref().and_then(|der| Certificate::from_der(der).ok());
            let stray = theirs.and_then(|theirs| ledger.stray(&theirs.key_hash()));
            let (severity, detail) = match (stray, lister.is_shared()) {
                (Some(stray), _) => (Severity::Wrong, format!("{detail}; {stray}")),
                (None, true) => (Severity::Attention, format!("{detail}; others use it too")),
                (None, false) => (Severity::Wrong, detail),
            };
            result.add(FindingKind::Unlogged, severity, place, About::Serial(&statement.serial), detail);
        }
        told.insert(statement.serial, statement.revoked);
    })?;
    for (sha256, logged) in &ledger.certificates {
        if logged.issuer != issuer {
            continue;
        }
        let theirs = told.get(&logged.serial);
        let detail = match (&logged.revoked, theirs) {
            // A CRL no longer lists what has expired.
            (_, None) if logged.not_after < now => continue,
            (Some((_, reason)), None) => format!("the log says revoked, {reason}; it is not on this list"),
            (None, None) if lister.tells_issued() => "the log says issued; it is not on this list".to_owned(),
            (None, None | Some(None)) => continue,
            (Some((_, reason)), Some(None)) => format!("the log says revoked, {reason}; this list says valid"),
            (None, Some(Some((_, reason)))) => {
                let reason = reason.as_deref().unwrap_or("for no reason that it keeps");
                format!("this list says revoked, {reason}; the log does not")
            }
            (Some((at, reason)), Some(Some((their_at, their_reason)))) => {
                let near = (at.secs() - their_at.secs()).abs() <= SAME_TIME_SECS;
                let same = their_reason.as_ref().is_none_or(|theirs| theirs == reason);
                if same && near {
                    continue;
                }
                let theirs = their_reason.as_deref().unwrap_or("no reason");
                format!("the log says revoked at {at}, {reason}; this list says at {their_at}, {theirs}")
            }
        };
        result.add(FindingKind::StatusDiffers, Severity::Wrong, place, About::Logged(sha256, logged), detail);
    }
    Ok(())
}

/// Puts a run that found something on record: how many of each kind, and the first twenty in words.
///
/// # Errors
/// The log cannot be written.
pub fn record(session: &mut Session, found: &Reconciliation) -> Result<(), Error> {
    let mut record = session.journal.draft(Event::ReconcileFinding, Outcome::Fail, Id::new(session.clock.now()));
    let mut counts = serde_json::Map::new();
    for finding in &found.findings {
        let count = counts.entry(finding.kind.name()).or_insert_with(|| 0.into());
        *count = (count.as_u64().unwrap_or_default() + 1).into();
    }
    let text = |finding: &Disagreement| {
        let serial = finding.serial.as_ref().map(|serial| format!(" serial {serial}")).unwrap_or_default();
        let text =
            format!("{}: {} {}{serial}: {}", finding.kind.name(), finding.place, finding.subject, finding.detail);
        text.chars().take(RECORDED_CHARS).collect::<String>()
    };
    let details: Vec<_> = found.findings.iter().take(RECORDED).map(text).collect();
    let worst = found.worst().map_or("none", Severity::name);
    record.err = Some(Failure { code: worst.to_owned(), text: format!("{} findings", found.findings.len()) });
    record.x.insert("count".to_owned(), found.findings.len().into());
    record.x.insert("kinds".to_owned(), counts.into());
    record.x.insert("findings".to_owned(), details.into());
    let digest = |finding: &Disagreement| finding.sha256.map(|sha256| sha256.to_string());
    let digests: Vec<_> = found.findings.iter().filter_map(digest).take(RECORDED).collect();
    record.x.insert("certificates".to_owned(), digests.into());
    session.journal.commit(vec![record], Vec::new())?;
    Ok(())
}

/// Whether a certificate has run out.
fn expired(cert: &Certificate, now: Timestamp) -> bool {
    cert.validity.not_after < now
}
