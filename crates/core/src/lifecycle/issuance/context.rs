//! An opened issuer with what the certificates of one command share.

use std::sync::Arc;

use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Remote};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind, describe};
use crate::hint::issuer::AuthorityHint;
use crate::issuer;
use crate::lifecycle::session::{self, Session};
use crate::store::{Authority, Query, Selector};
use crate::template::{IssuerPointers, Overrides, Template};
use certroll_pki::verify::signature;
use certroll_pki::x509::certificate::Certificate;

/// An opened issuer plus the state shared by all certificates it issues in this command: chain, key kind, extension profile.
pub struct IssuingContext {
    /// Its open door.
    pub issuer: Box<dyn issuer::Issuer>,
    /// Its certificate and those above it; empty for an issuer elsewhere.
    pub chain: Vec<Certificate>,
    /// Kind of its key; empty for an issuer elsewhere.
    pub issuer_key: String,
    /// The extensions of this template under this issuer.
    pub profile: Arc<certroll_pki::x509::extensions::ExtensionProfile>,
}

impl IssuingContext {
    /// Opens the issuer for a template.
    ///
    /// # Errors
    /// It cannot be opened, is not ready, or cannot do what the template needs.
    pub fn open(
        session: &mut Session,
        template: &Template,
        issuer: Option<&str>,
        overrides: &Overrides,
    ) -> Result<Self, Error> {
        if let Some(name) = session.elsewhere(issuer)? {
            return Self::elsewhere(session, template, &name, overrides);
        }
        let authority = session.authority(issuer)?;
        refuse_revoked(session, &authority)?;
        let issuer = session.open_issuer(&authority)?;
        issuer.check(session.clock.now())?;
        let chain = session::authority_chain(session.journal.store(), &authority)?;
        let pointers = IssuerPointers {
            crl: authority.pointers.crl.clone(),
            ocsp: authority.pointers.ocsp.clone(),
            ca_issuers: authority.pointers.ca_issuers.clone(),
        };
        let profile = template.profile(&pointers, overrides)?;
        let issuer_key = chain.first().map(|own| signature::key_description(&own.spki)).unwrap_or_default();
        Ok(Self { issuer, chain, issuer_key, profile })
    }

    /// Opens an issuer elsewhere. That it refuses our credentials is on record.
    fn elsewhere(session: &mut Session, template: &Template, name: &str, overrides: &Overrides) -> Result<Self, Error> {
        if session.remotes.unreachable.contains(name) {
            let message = format!("issuer `{name}` could not be asked what became of an earlier request");
            return Err(
                Error::new(ErrorKind::Temporary(None), message).hint("repeat the command once it can be reached")
            );
        }
        let issuer = session.issuer(name)?;
        if let Err(error) = issuer.check(session.clock.now()) {
            if error.class == issuer::ErrorClass::Auth {
                let op = Id::new(session.clock.now());
                let mut record = session.journal.draft(Event::AuthDenied, Outcome::Denied, op);
                let (t, id) = (issuer.kind().to_owned(), name.to_owned());
                record.rem = Some(Remote { t, id, ..Remote::default() });
                record.err = Some(Failure { code: "auth".to_owned(), text: describe(&error) });
                session.journal.commit(vec![record], Vec::new())?;
                return Err(Error::from(error).on_record());
            }
            return Err(error.into());
        }
        let profile = template.profile(&IssuerPointers::default(), overrides)?;
        Ok(Self { issuer, chain: Vec::new(), issuer_key: String::new(), profile })
    }
}

/// A CA that is revoked, or below one that is, signs nothing any more.
fn refuse_revoked(session: &Session, authority: &Authority) -> Result<(), Error> {
    let store = session.journal.store();
    let all = store.authorities()?;
    let mut next = Some(authority);
    while let Some(one) = next {
        let entry = store.certificates(&Query::of(Selector::Fingerprint(one.certificate)))?.pop();
        if let Some((at, reason)) = entry.and_then(|entry| entry.revoked) {
            return Err(Error::new(ErrorKind::Refused, format!("CA `{}` is revoked since {at}, {reason}", one.name))
                .hint(AuthorityHint::CreateAnother));
        }
        next = one.parent.as_ref().and_then(|parent| all.iter().find(|a| a.name == *parent));
    }
    Ok(())
}
