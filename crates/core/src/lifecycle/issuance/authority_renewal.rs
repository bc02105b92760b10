//! A further certificate for a CA, with the same key: what it has signed stays good below both.

use std::path::PathBuf;
use std::sync::Arc;

use super::authority_key::OwnKey;
use super::authority_plan::{self, AuthorityCertificate};
use super::authority_request::{self, LeavingRequest};
use super::authority_row::{self, AuthorityChange};
use super::context::IssuingContext;
use super::pipeline;
use super::resume;
use crate::audit::record::facts::Why;
use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use crate::issuer::{ExternalCa, Founding, PrivateCa};
use crate::lifecycle::delivery::name_lock::NameLock;
use crate::lifecycle::delivery::output;
use crate::lifecycle::recovery::{self, Recovered};
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::session::{self, Session};
use crate::lifecycle::signing::expectation::ExpectedCertificate;
use crate::store::{Authority, IntentKind, Query, Selector};
use crate::template::{IssuerPointers, Overrides, Template};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::{BasicConstraints, ExtensionProfile, Subtree};
use certroll_pki::x509::validity::Lifetime;

/// What is asked for.
pub struct RenewalRequest {
    /// The CA.
    pub name: String,
    /// The lifetime, in place of the template's.
    pub lifetime: Option<Lifetime>,
    /// For what reason.
    pub why: Option<Arc<Why>>,
}

/// What came of it.
pub enum Renewal {
    /// It has the certificate.
    Renewed,
    /// Somebody else's CA is above it: a request for its operators.
    Requested(LeavingRequest),
}

/// Renews it: subject, key and key identifier, path length and name constraints stay. A root signs itself, a CA below one of the home is
/// signed by that, and for one below somebody else's a request is made. Certificates below it whose files have the old one in
/// their chain are owed from then on.
///
/// # Errors
/// Policy refuses, the CA above cannot sign, or what the old certificate has cannot be asked for again.
pub fn renew(session: &mut Session, asked: &RenewalRequest) -> Result<Renewal, Error> {
    let attempt = Attempt::to_issue(&asked.name, None, asked.why.clone());
    let ended = renew_as_asked(session, asked);
    attempt.ended(session, ended)
}

fn renew_as_asked(session: &mut Session, asked: &RenewalRequest) -> Result<Renewal, Error> {
    let _lock = NameLock::of(&session.home, &asked.name)?;
    let recovered = recovery::recover(session)?;
    session.journal.require_clock()?;
    let authority = session.authority(Some(&asked.name))?;
    let chain = session::authority_chain(session.journal.store(), &authority)?;
    let lost = || Error::new(ErrorKind::Verification, format!("the certificate of CA `{}` is missing", authority.name));
    let own = chain.first().ok_or_else(lost)?;
    let found = session.journal.store().certificates(&Query::of(Selector::Fingerprint(authority.certificate)))?;
    let entry = found.into_iter().next().ok_or_else(lost)?;
    if let Some((at, reason)) = entry.revoked {
        let message = format!("CA `{}` is revoked since {at}, {reason}", authority.name);
        return Err(Error::new(ErrorKind::Refused, message).hint(AuthorityHint::CreateAnother));
    }
    let memory = entry.request.as_ref().ok_or_else(lost)?;
    let template = &session.template(&memory.template)?.clone();
    let certificate = AuthorityCertificate {
        name: &authority.name,
        subject: Some(&own.subject),
        lifetime: asked.lifetime,
        why: asked.why.clone(),
        csr: None,
        replaces: Some(&entry),
    };
    let above = match (&authority.parent, own.is_self_issued()) {
        (Some(parent), _) => Above::Home(IssuingContext::open(session, template, Some(parent), &Overrides::default())?),
        (None, true) => Above::Itself,
        (None, false) => Above::Others,
    };
    let renewing = Renewing { authority: &authority, own, template, certificate };
    match above {
        Above::Home(issuing) => renewing.signed(session, issuing),
        Above::Itself => {
            let key = OwnKey::existing(session, &authority)?;
            let issuing = renewing.founding(&key)?;
            renewing.signed(session, issuing)
        }
        Above::Others => renewing.requested(session, recovered).map(Renewal::Requested),
    }
}

/// Who signs.
enum Above {
    Home(IssuingContext),
    Itself,
    Others,
}

struct Renewing<'a> {
    authority: &'a Authority,
    own: &'a Certificate,
    template: &'a Template,
    certificate: AuthorityCertificate<'a>,
}

impl Renewing<'_> {
    /// The extensions that it has, where they are not those of its template.
    fn profile(&self, of_issuer: &ExtensionProfile) -> Result<Arc<ExtensionProfile>, Error> {
        let own = self.own;
        let subtrees = |list: &[certroll_pki::name::name_constraints::Constraint]| {
            list.iter().map(|one| Subtree::of(one.clone())).collect::<Option<Vec<_>>>()
        };
        let (Some(permitted), Some(excluded)) = (subtrees(&own.permitted), subtrees(&own.excluded)) else {
            let message =
                format!("CA `{}` has name constraints of a form that is not issued here", self.authority.name);
            return Err(Error::new(ErrorKind::Unsupported, message).hint(AuthorityHint::CreateSuccessor));
        };
        let path_length = own.path_length.map(|length| u8::try_from(length).unwrap_or(u8::MAX));
        Ok(Arc::new(ExtensionProfile {
            basic_constraints: BasicConstraints::Ca { path_length },
            permitted,
            excluded,
            own_key_id: own.subject_key_id.clone(),
            ..of_issuer.clone()
        }))
    }

    /// A root signs itself again.
    fn founding(&self, key: &OwnKey) -> Result<IssuingContext, Error> {
        let profile = self.template.profile(&IssuerPointers::default(), &Overrides::default())?;
        let founding = Founding {
            subject: self.own.subject.clone(),
            key_id: self.own.subject_key_id.clone(),
            algorithm: key.algorithm,
        };
        let issuer = Box::new(PrivateCa::found(&self.authority.name, founding, key.signing.clone()));
        Ok(IssuingContext { issuer, chain: Vec::new(), issuer_key: None, profile })
    }

    fn signed(&self, session: &mut Session, issuing: IssuingContext) -> Result<Renewal, Error> {
        let issuing = IssuingContext { profile: self.profile(&issuing.profile)?, ..issuing };
        let key = OwnKey::existing(session, self.authority)?;
        let change = renewed(session, self.authority, self.own)?;
        let plan = authority_plan::plan(session, &issuing, self.template, &self.certificate, &key, change)?;
        pipeline::issue_one(session, &issuing, self.template, plan)?;
        authority_row::publish_below(session, &self.authority.name)?;
        Ok(Renewal::Renewed)
    }

    fn requested(&self, session: &mut Session, mut recovered: Recovered) -> Result<LeavingRequest, Error> {
        let profile = self.template.profile(&IssuerPointers::default(), &Overrides::default())?;
        let profile = self.profile(&profile)?;
        let kind = self.certificate.replaces.and_then(|old| old.request.as_ref()?.key.clone());
        if let Some(open) = recovered.take(IntentKind::Issue, &self.authority.name) {
            let spec = authority_plan::spec(self.template, ExternalCa::KIND, &self.certificate, kind);
            let digest = spec.digest(&self.authority.name);
            let intent = resume::of_the_same(open, true, (&digest, Some(&self.authority.certificate)))?;
            ExpectedCertificate::read(&intent)?;
            let lost = || Error::new(ErrorKind::Verification, "the request of the CA is not kept".to_owned());
            return Ok(LeavingRequest { csr: intent.csr.ok_or_else(lost)?, again: true });
        }
        let issuing = IssuingContext { issuer: Box::new(ExternalCa), chain: Vec::new(), issuer_key: None, profile };
        let key = OwnKey::existing(session, self.authority)?;
        let now = session.clock.now();
        let content = authority_plan::content(self.template, &self.certificate, &issuing.profile, now)?;
        let csr = authority_request::leaving(&content, &key)?;
        let certificate = AuthorityCertificate { csr: Some(csr.clone()), ..self.certificate.clone() };
        let change = renewed(session, self.authority, self.own)?;
        let plan = authority_plan::plan(session, &issuing, self.template, &certificate, &key, change)?;
        authority_request::announce(session, &issuing, self.template, plan)?;
        Ok(LeavingRequest { csr, again: false })
    }
}

/// The CA with another certificate, and what is owed then: every place that has a chain with the old one.
///
/// # Errors
/// The store cannot be read.
pub(super) fn renewed(session: &Session, authority: &Authority, own: &Certificate) -> Result<AuthorityChange, Error> {
    let store = session.journal.store();
    let all = store.authorities()?;
    let mut below = vec![authority.name.clone()];
    let mut at = 0;
    while let Some(name) = below.get(at).cloned() {
        below.extend(all.iter().filter(|one| one.parent.as_deref() == Some(&name)).map(|one| one.name.clone()));
        at += 1;
    }
    let mut owed: Vec<(i64, Vec<(PathBuf, String)>)> = Vec::new();
    // Verifiers have a root of their own, and what is sent ends below it.
    if !own.is_self_issued() {
        for issuer in below {
            let query = Query { issuer: Some(issuer), current: true, ..Query::default() };
            for entry in store.certificates(&query)? {
                let places = store.places(Some(&entry.name))?;
                let has_chain = |place: &&crate::store::InstalledPlace| {
                    ![output::KEY, output::PLAIN_KEY].contains(&place.installation.format.as_str())
                        && place.written.certificate == Some(entry.fingerprint)
                };
                let places: Vec<_> = places.iter().filter(has_chain).collect();
                if !places.is_empty() {
                    let named = |place: &&crate::store::InstalledPlace| {
                        (place.installation.path.clone(), place.installation.alias.clone())
                    };
                    owed.push((entry.id, places.iter().map(named).collect()));
                }
            }
        }
    }
    Ok(AuthorityChange::Renew { before: authority.clone(), key_file: authority.key_file.clone(), owed })
}
