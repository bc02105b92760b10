//! Sign a CA's CRL: everything revoked until now, under the next number.

use std::collections::HashSet;

use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{CrlFacts, Outcome};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::issuer::Issuer;
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::Session;
use crate::store::{Change, CrlEntry, Store};
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::lock::Lock;
use certroll_pki::x509::crl::Crl;
use certroll_pki::x509::validity::Lifetime;

/// nextUpdate of a CRL less its thisUpdate by default, in seconds: a week.
pub(crate) const NEXT_UPDATE_SECS: i64 = 7 * 86_400;
/// How often another process may take our number before we give up.
const ATTEMPTS: usize = 50;

/// Signs the CRL of an issuer, records it, publishes it as `ca/NAME.crl` in the home, and returns it.
///
/// # Errors
/// The issuer signs no CRLs here, or the log cannot be written.
pub fn sign(session: &mut Session, issuer: &dyn Issuer, next_update: Option<Lifetime>) -> Result<CrlEntry, Error> {
    sign_above(session, issuer, next_update, 0)
}

/// As [`sign`], with a number greater than one that was used but is not in the store.
pub(crate) fn sign_above(
    session: &mut Session,
    issuer: &dyn Issuer,
    next_update: Option<Lifetime>,
    used: u64,
) -> Result<CrlEntry, Error> {
    let signer = issuer.crl_signer().ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, format!("issuer `{}` publishes its own CRL", issuer.name()))
            .hint("fetch it from the distribution point in its certificates")
    })?;
    for _ in 0..ATTEMPTS {
        let this_update = session.clock.now().whole_secs();
        let next_update = match next_update {
            None => this_update.plus_secs(NEXT_UPDATE_SECS),
            Some(Lifetime::Seconds(secs)) => this_update.plus_secs(secs),
            Some(Lifetime::Never) => this_update.plus_secs(i64::MAX / 1000),
        };
        let content = session.journal.crl_content(issuer.name(), used, (this_update, next_update))?;
        let crl = content.signed(issuer.name(), signer.sign_crl(&content)?);
        let mut record = session.journal.draft(Event::CrlSigned, Outcome::Ok, Id::new(session.clock.now()));
        describe(&mut record, &crl);
        match session.journal.commit(vec![record], vec![Change::AddCrl(crl.clone())]) {
            // Another process took the number; it may have revoked something too, so the list is made anew.
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
            Ok(_) => {
                publish(&session.home, session.journal.store(), &crl)?;
                super::publication::publish(session, &crl.authority)?;
                return Ok(crl);
            }
        }
    }
    Err(Error::new(ErrorKind::Locked, format!("other runs keep signing CRLs of `{}`", issuer.name()))
        .hint("repeat the command"))
}

/// Whether a certificate of that CA is revoked and its newest CRL does not say so: a run was killed before it signed one.
///
/// # Errors
/// The inventory cannot be read.
pub(crate) fn is_behind(store: &dyn Store, authority: &str) -> Result<bool, Error> {
    let revoked = store.revoked(authority)?;
    let Some(latest) = store.latest_crl(authority)? else { return Ok(!revoked.is_empty()) };
    let listed = Crl::from_der(&latest.der).map(|crl| crl.entries).unwrap_or_default();
    let listed: HashSet<_> = listed.iter().map(|(serial, ..)| serial).collect();
    Ok(revoked.iter().any(|entry| !listed.contains(&entry.serial)))
}

/// What a record says of a CRL.
pub(crate) fn describe(record: &mut Draft, crl: &CrlEntry) {
    let entries = Crl::from_der(&crl.der).map_or(0, |read| read.entries.len());
    record.crl = Some(CrlFacts {
        iss: crl.authority.clone(),
        number: crl.number,
        sha256: encoding::sha256(&crl.der).into(),
        entries: u64::try_from(entries).unwrap_or(u64::MAX),
        this: crl.this_update,
        next: crl.next_update,
        covers: crl.covers,
    });
}

/// Writes the newest list, which may be one that another process has signed since: the published number never goes back.
pub(crate) fn publish(home: &Home, store: &dyn Store, signed: &CrlEntry) -> Result<(), Error> {
    let file = home.authorities().join(format!("{}.crl", signed.authority));
    let unwritable = |error| Error::file(&file, "write", error).of_kind_unless_locked(ErrorKind::Deploy);
    let _lock = Lock::acquire(&home.run().join("publish.lock")).map_err(unwritable)?;
    let newest = store.latest_crl(&signed.authority)?;
    let der = newest.as_ref().map_or(&signed.der, |newest| &newest.der);
    durable::write(&file, der, durable::PUBLIC).map_err(unwritable)
}
