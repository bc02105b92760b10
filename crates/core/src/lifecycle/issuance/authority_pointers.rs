//! Where relying parties find what belongs to a CA: changed for what it issues from now on, and on record.

use std::sync::Arc;

use super::authority_row;
use crate::audit::record::facts::Why;
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::attempt::Attempt;
use crate::store::{Authority, Pointers};

/// What is changed; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct PointerChange {
    /// URIs of the CRL.
    pub crl: Option<Vec<String>>,
    /// URIs of OCSP responders.
    pub ocsp: Option<Vec<String>>,
    /// URIs of the CA's certificate.
    pub ca_issuers: Option<Vec<String>>,
}

/// Changes them, and answers whether anything did. Certificates that are out keep what they have.
///
/// # Errors
/// There is no such CA, or the log cannot be written.
pub fn set(session: &mut Session, name: &str, change: PointerChange, why: Option<Arc<Why>>) -> Result<bool, Error> {
    let attempt = Attempt::to_issue(name, None, why.clone());
    let ended = set_as_asked(session, name, change, why);
    attempt.ended(session, ended)
}

fn set_as_asked(
    session: &mut Session,
    name: &str,
    change: PointerChange,
    why: Option<Arc<Why>>,
) -> Result<bool, Error> {
    let before = session.authority(Some(name))?;
    let old = before.pointers.clone();
    let pointers = Pointers {
        crl: change.crl.unwrap_or(old.crl),
        ocsp: change.ocsp.unwrap_or(old.ocsp),
        ca_issuers: change.ca_issuers.unwrap_or(old.ca_issuers),
    };
    if pointers == before.pointers {
        return Ok(false);
    }
    let after = Authority { pointers, ..before.clone() };
    let lists = [
        ("crl_urls", after.pointers.crl.clone()),
        ("ocsp_urls", after.pointers.ocsp.clone()),
        ("issuer_urls", after.pointers.ca_issuers.clone()),
    ];
    let op = Id::new(session.clock.now());
    let (mut record, changes) = authority_row::changed(&session.journal, op, before, after);
    record.why = why;
    record.x.extend(lists.map(|(name, list)| (name.to_owned(), list.into())));
    session.journal.commit(vec![record], changes)?;
    Ok(true)
}
