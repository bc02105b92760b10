//! Break glass: revoke although the log cannot be written.
//!
//! Issuing stays closed without a log; leaving a stolen key valid would be worse than a late record. The revocation is kept in
//! the spool, outside the home and signed by the log's key, before a CRL is signed; the next command that can write the log
//! merges both, under the same CRL number.

use certroll_pki::digest::Fingerprint;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{crl, unlogged};
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, Reference, Why};
use crate::audit::record::late::LateEntry;
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::journal::spool;
use crate::lifecycle::journal::{Agent, Journal};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::revocation::RevokeRequest;
use crate::lifecycle::session::home_key::HomeKeys;
use crate::lifecycle::session::select;
use crate::lifecycle::session::{self, Unopened, View};
use crate::signer::KeyAccess;
use crate::store::{
    Authority, CertificateEntry, Change, CrlContent, CrlEntry, IntentMemory, IntentSubject, OpenIntent, Query, Selector,
};
use certroll_base::clock::Timestamp;
use certroll_base::durable;
use certroll_base::encoding;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::{Crl, RevokedEntry};
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;
use certroll_tlog::LogKey;

/// A home of which everything can be read and nothing written.
pub struct Emergency {
    /// The home.
    pub view: View,
    /// Its keys.
    pub keys: HomeKeys,
    /// The key that signs what is kept.
    pub log_key: LogKey,
    /// Who acts.
    pub agent: Agent,
    /// The way to the PINs of keys elsewhere.
    pub access: Arc<dyn KeyAccess>,
    /// The PKCS#11 libraries that the settings list.
    pub modules: Vec<PathBuf>,
}

/// What was done without the log.
pub struct EmergencyRevocation {
    /// The certificate.
    pub entry: CertificateEntry,
    /// The CRL that lists it.
    pub crl: CrlEntry,
    /// Where that CRL stands: it has to be published by hand if the home's copy could not be replaced.
    pub crl_file: PathBuf,
    /// Where the record waits for the log.
    pub spool: PathBuf,
}

/// Revokes one certificate, and signs a CRL that lists it.
///
/// # Errors
/// Nothing or several certificates are named, it is revoked already, or the second place cannot be written either: then
/// nothing was done.
pub fn revoke(emergency: &Emergency, asked: &RevokeRequest) -> Result<EmergencyRevocation, Error> {
    let view = &emergency.view;
    let store = &*view.store;
    let origin = emergency.log_key.verifier().name();
    let now = view.clock.now();
    // What the inventory does not have, because it was set back or never knew, is still a certificate of this CA.
    let mut brought = None;
    let found = match select::find(store, &asked.selector) {
        Ok(found) => found,
        Err(error) => {
            let (certificate, entry) = unlogged::recognised(store, &asked.selector)?.ok_or(error)?;
            brought = Some(certificate);
            vec![entry]
        }
    };
    let revoked_already =
        || Error::new(ErrorKind::Usage, format!("`{}` is revoked already, or has expired", asked.selector));
    let entry = select::only(&found, &asked.selector, now)?.cloned().ok_or_else(revoked_already)?;
    let waiting = waiting(&view.home, emergency, &entry.issuer)?;
    if waiting.entries.iter().any(|revoked| revoked.serial == entry.serial) {
        return Err(
            revoked_already().hint("its revocation waits for the log: any command that can write the log merges it")
        );
    }
    let authority = view.authority(Some(&entry.issuer))?;
    let issuer = session::open_issuer(&view.home, store, &emergency.keys, &authority, &*emergency.access);
    let issuer = issuer.map_err(|unopened| match unopened {
        Unopened::Key(error) => Error::key(&authority.key_file, error),
        Unopened::Other(error) => error,
    })?;
    let signer = issuer.crl_signer().ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, format!("issuer `{}` signs no CRL here", entry.issuer))
            .hint("revoke the certificate with the back end's own tools")
    })?;
    let this_update = now.whole_secs();
    let next_update = this_update.plus_secs(crl::NEXT_UPDATE_SECS);
    let mut late = waiting.entries;
    late.push(RevokedEntry { serial: entry.serial.clone(), revoked_at: this_update, reason: asked.reason });
    let published = published(view, &authority);
    let times = (this_update, next_update);
    let content = CrlContent::in_emergency(store, &entry.issuer, published.as_ref(), (late, waiting.number), times)?;
    // The list stays in memory until the revocation is kept: what is on a CRL must be on record, whatever happens.
    let crl = content.signed(&entry.issuer, signer.sign_crl(&content)?);
    let mut late = spool::entry(&emergency.agent, &*view.clock, Event::CertRevoked, Outcome::Ok);
    late.why = Some(Why { reason: Some(asked.reason.to_string()), ..asked.why.clone() });
    late.cert = Some(entry.facts());
    late.keep = kept(&crl, asked.reason);
    late.keep.extend(brought.map(|der| ("certificate".to_owned(), encoding::base64(der.as_der()).into())));
    let spool = spool::keep(&view.home, origin, &late, Some(&emergency.log_key))?;
    let crl_file = durable::parent(&spool).join(format!("{}.crl", crl.authority));
    durable::write(&crl_file, &crl.der, durable::PUBLIC).map_err(|error| Error::file(&crl_file, "write", error))?;
    // The home is where servers may fetch it from; if it takes no file, the copy outside is what is published by hand.
    let home_file = view.home.authorities().join(format!("{}.crl", crl.authority));
    let crl_file = if durable::write(&home_file, &crl.der, durable::PUBLIC).is_ok() { home_file } else { crl_file };
    Ok(EmergencyRevocation { entry, crl, crl_file, spool })
}

/// The CRL in the home, if the CA signed it: it may list what a log that was set back does not tell of.
fn published(view: &View, authority: &Authority) -> Option<Crl> {
    let der = std::fs::read(view.home.authorities().join(format!("{}.crl", authority.name))).ok()?;
    let chain = session::authority_chain(&*view.store, authority).ok()?;
    Crl::from_der(&der).ok().filter(|crl| chain.first().is_some_and(|issuer| crl.verify(&issuer.spki).is_ok()))
}

/// What earlier emergencies did that the log does not know yet.
#[derive(Default)]
struct UnmergedRevocations {
    number: u64,
    entries: Vec<RevokedEntry>,
}

fn waiting(home: &Home, emergency: &Emergency, authority: &str) -> Result<UnmergedRevocations, Error> {
    let mut waiting = UnmergedRevocations::default();
    for line in spool::lines(home, emergency.log_key.verifier())? {
        let Ok((entry, true)) = line else { continue };
        let (Some(kept), Some(cert)) = (KeptRevocation::read(&entry.keep), &entry.cert) else { continue };
        let merged = emergency.view.store.record(&entry.id)?.is_some();
        if let (true, false, Some(serial)) = (kept.crl.authority == authority, merged, SerialNumber::parse(&cert.sn)) {
            waiting.number = waiting.number.max(kept.crl.number);
            let revoked_at = entry.ts.whole_secs();
            waiting.entries.push(RevokedEntry { serial, revoked_at, reason: kept.reason });
        }
    }
    Ok(waiting)
}

/// What an entry keeps for the home beside its record.
struct KeptRevocation {
    crl: CrlEntry,
    reason: RevocationReason,
    /// The certificate, where the inventory did not have it.
    certificate: Option<Vec<u8>>,
}

fn kept(crl: &CrlEntry, reason: RevocationReason) -> Map<String, Value> {
    Map::from_iter([
        ("authority".to_owned(), crl.authority.clone().into()),
        ("number".to_owned(), crl.number.into()),
        ("this_update".to_owned(), crl.this_update.to_string().into()),
        ("next_update".to_owned(), crl.next_update.to_string().into()),
        ("reason".to_owned(), reason.to_string().into()),
        ("crl".to_owned(), encoding::base64(&crl.der).into()),
    ])
}

impl KeptRevocation {
    fn read(map: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| map.get(name)?.as_str();
        let time = |name: &str| Timestamp::parse(text(name)?);
        let crl = CrlEntry {
            authority: text("authority")?.to_owned(),
            number: map.get("number")?.as_u64()?,
            this_update: time("this_update")?,
            next_update: time("next_update")?,
            der: encoding::from_base64(text("crl")?)?,
            // Made without the log, it says nothing of how far it goes.
            covers: None,
        };
        let certificate = text("certificate").and_then(encoding::from_base64);
        Some(Self { crl, reason: text("reason")?.parse().ok()?, certificate })
    }
}

/// Takes a revocation of an emergency over: request, intent and ending, the inventory, and the CRL under its number.
///
/// # Errors
/// The log cannot be written.
pub(crate) fn merge(journal: &mut Journal, home: &Home, entry: &LateEntry) -> Result<(), Error> {
    let op = Id::new(entry.ts);
    let row = match (&entry.cert, KeptRevocation::read(&entry.keep)) {
        (Some(cert), Some(kept)) => {
            let mut found =
                journal.store().certificates(&Query::of(Selector::Fingerprint(Fingerprint::new(cert.sha256.0))))?;
            if let (true, Some(der)) = (found.is_empty(), &kept.certificate) {
                found.extend(brought_in(journal, entry.ts, der)?);
            }
            found.into_iter().find(|row| row.revoked.is_none()).map(|row| (row, kept))
        }
        _ => None,
    };
    let Some((row, kept)) = row else {
        // Revoked by another process meanwhile: the record says that it was asked for, and changes nothing.
        let mut draft = spool::late(journal, entry, op, true);
        draft.ev = Event::CertRevokeRequest;
        journal.append(vec![draft], Vec::new())?;
        return Ok(());
    };
    let reference = intend(journal, entry, op, &row)?;
    let mut revoked = spool::late(journal, entry, op, true);
    revoked.reference = Some(reference);
    let mut signed = spool::late(journal, entry, Id::new(entry.ts), true);
    (signed.id, signed.ev, signed.why, signed.cert) = (Id::new(entry.ts), Event::CrlSigned, None, None);
    crl::describe(&mut signed, &kept.crl);
    let mut changes =
        vec![Change::Revoke { id: row.id, at: entry.ts.whole_secs(), reason: kept.reason }, Change::CloseIntent(op)];
    // Another user may have signed under that number meanwhile; then the next CRL lists this certificate.
    let latest = journal.store().latest_crl(&kept.crl.authority)?.map_or(0, |crl| crl.number);
    if latest < kept.crl.number {
        changes.push(Change::AddCrl(kept.crl.clone()));
    } else {
        signed.x.insert("superseded_by".to_owned(), latest.into());
    }
    journal.append(vec![revoked, signed], changes)?;
    crl::publish(home, journal.store(), &kept.crl)
}

/// The row of a certificate that came with an emergency, unless no CA of this home signed it.
fn brought_in(journal: &mut Journal, now: Timestamp, der: &[u8]) -> Result<Option<CertificateEntry>, Error> {
    let Ok(certificate) = Certificate::from_der(der) else { return Ok(None) };
    let Some(entry) = unlogged::entry_of(journal.store(), &certificate)? else { return Ok(None) };
    Ok(Some(unlogged::adopt(journal, now, &certificate, entry)?.0))
}

fn intend(journal: &mut Journal, entry: &LateEntry, op: Id, row: &CertificateEntry) -> Result<Reference, Error> {
    let why = entry.why.clone().map(Arc::new);
    let mut asked = spool::late(journal, entry, op, true);
    (asked.id, asked.ev, asked.cert, asked.why) = (Id::new(entry.ts), Event::CertRevokeRequest, None, why);
    let mut intent = spool::late(journal, entry, op, true);
    (intent.id, intent.ev, intent.out) = (Id::new(entry.ts), Event::CertRevokeIntent, Outcome::Pending);
    let open = OpenIntent {
        op,
        session: journal.session(),
        name: row.name.clone(),
        issuer: row.issuer.clone(),
        // Only those that sign their own CRLs here get this far.
        issuer_kind: "private-ca".to_owned(),
        subject: IntentSubject::Revocation(row.fingerprint),
        handle: None,
        key: None,
        csr: None,
        memory: IntentMemory::default(),
        due: None,
        in_doubt: false,
        count: 1,
        reference: (0, [0; 32]),
    };
    let changes = vec![Change::ExpectUnrevoked(row.id), Change::OpenIntent { intent: Box::new(open), record: 1 }];
    let appended = journal.append(vec![asked, intent], changes)?;
    let (seq, leaf) = appended.reference(1).unwrap_or_default();
    Ok(Reference { seq, leaf: leaf.into() })
}
