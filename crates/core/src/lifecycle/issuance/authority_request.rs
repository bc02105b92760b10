//! Ask for a CA below somebody else's: its key is made here, or is in a token here, and a request leaves.

use std::sync::Arc;

use super::authority::{AuthorityKey, check_name};
use super::authority_key::OwnKey;
use super::authority_plan::{self, AuthorityCertificate};
use super::authority_row::AuthorityChange;
use super::context::IssuingContext;
use super::pipeline::{self, Started};
use super::resume;
use crate::audit::record::facts::Why;
use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use crate::issuer::ExternalCa;
use crate::lifecycle::delivery::name_lock::NameLock;
use crate::lifecycle::recovery::{self, UnresolvedIntent};
use crate::lifecycle::session::Session;
use crate::lifecycle::session::attempt::Attempt;
use crate::lifecycle::signing::expectation::ExpectedCertificate;
use crate::lifecycle::signing::poll;
use crate::store::{Authority, IntentKind, Pointers};
use crate::template::{IssuerPointers, Overrides, Template, TemplateKind};
use certroll_pki::digest::Fingerprint;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::request;
use certroll_pki::x509::validity::Lifetime;

/// What is asked for.
pub struct AuthorityRequest {
    /// The name as an issuer.
    pub name: String,
    /// The template; `issuing-ca` when `None`.
    pub template: Option<String>,
    /// The subject, in place of the template's.
    pub subject: Option<DistinguishedName>,
    /// The key.
    pub key: AuthorityKey,
    /// The lifetime that is asked for, in place of the template's.
    pub lifetime: Option<Lifetime>,
    /// Path length and name constraints that are asked for.
    pub overrides: Overrides,
    /// URIs for what it will issue.
    pub pointers: Pointers,
    /// For what reason.
    pub why: Option<Arc<Why>>,
}

/// A request that may leave.
pub struct LeavingRequest {
    /// The certificate request (PKCS#10) in DER.
    pub csr: Vec<u8>,
    /// Whether an earlier run had made it.
    pub again: bool,
}

impl AuthorityRequest {
    fn certificate(&self, csr: Option<Vec<u8>>) -> AuthorityCertificate<'_> {
        AuthorityCertificate {
            name: &self.name,
            subject: self.subject.as_ref(),
            lifetime: self.lifetime,
            why: self.why.clone(),
            csr,
            replaces: None,
        }
    }
}

/// Makes the request. Its intent is on record, and stays open until the certificate is accepted or the request is given up.
/// Repeated with the same arguments, it gives the same request out again.
///
/// # Errors
/// The name is taken, policy refuses, or the key cannot be used.
pub fn request(session: &mut Session, asked: AuthorityRequest) -> Result<LeavingRequest, Error> {
    let attempt = Attempt::to_issue(&asked.name, asked.template.as_deref(), asked.why.clone());
    let ended = request_as_asked(session, asked);
    attempt.ended(session, ended)
}

fn request_as_asked(session: &mut Session, asked: AuthorityRequest) -> Result<LeavingRequest, Error> {
    let _lock = NameLock::of(&session.home, &asked.name)?;
    let mut recovered = recovery::recover(session)?;
    session.journal.require_clock()?;
    check_name(session, &asked.name)?;
    let template_name = asked.template.as_deref().unwrap_or("issuing-ca");
    let template = &session.template(template_name)?.clone();
    if template.kind() != TemplateKind::Ca {
        let message = format!("template `{template_name}` is not for a CA below another one");
        return Err(Error::new(ErrorKind::Usage, message).hint(AuthorityHint::ChooseAuthorityTemplate));
    }
    if let Some(open) = recovered.take(IntentKind::Issue, &asked.name) {
        return same_again(open, template, &asked);
    }
    let key = OwnKey::of(session, &asked.key, template)?;
    let remains = key.remains();
    anew(session, &asked, template, &key).map_err(|error| match remains {
        Some(place) => error.hint(AuthorityHint::UseMadeKey(place)),
        None => error,
    })
}

/// The request that an earlier run made, if it is the one that is asked for now.
fn same_again(open: UnresolvedIntent, template: &Template, asked: &AuthorityRequest) -> Result<LeavingRequest, Error> {
    let kind = match &asked.key {
        AuthorityKey::Home(kind) => Some(kind.unwrap_or(template.key()).into()),
        // Its kind is not known before it is opened, and it is not opened for this.
        AuthorityKey::Elsewhere { .. } => ExpectedCertificate::read(&open.intent)?.request.key,
    };
    let spec = authority_plan::spec(template, ExternalCa::KIND, &asked.certificate(None), kind);
    let intent = resume::of_the_same(open, true, (&spec.digest(&asked.name), None))?;
    let missing = || Error::new(ErrorKind::Verification, format!("the request of `{}` is not kept", asked.name));
    Ok(LeavingRequest { csr: intent.csr.ok_or_else(missing)?, again: true })
}

fn anew(
    session: &mut Session,
    asked: &AuthorityRequest,
    template: &Template,
    key: &OwnKey,
) -> Result<LeavingRequest, Error> {
    let profile = template.profile(&IssuerPointers::default(), &asked.overrides)?;
    let issuing = IssuingContext { issuer: Box::new(ExternalCa), chain: Vec::new(), issuer_key: None, profile };
    let content = authority_plan::content(template, &asked.certificate(None), &issuing.profile, session.clock.now())?;
    let csr = leaving(&content, key)?;
    let key_file = key.keep(session, &asked.name)?;
    let authority = Authority {
        name: asked.name.clone(),
        parent: None,
        certificate: Fingerprint::new([0; 32]),
        key_file,
        pointers: asked.pointers.clone(),
    };
    let certificate = asked.certificate(Some(csr.clone()));
    let change = AuthorityChange::Add(authority);
    let plan = authority_plan::plan(session, &issuing, template, &certificate, key, change)?;
    announce(session, &issuing, template, plan)?;
    Ok(LeavingRequest { csr, again: false })
}

/// The request with everything that is asked for, signed by its own key.
pub(super) fn leaving(
    content: &certroll_pki::x509::signing::CertificateContent,
    key: &OwnKey,
) -> Result<Vec<u8>, Error> {
    request::make_asking_with(content, (key.algorithm, &*key.signing))
        .map_err(|error| Error::new(ErrorKind::Failed, "the certificate request cannot be made").because(error))
}

/// Makes the intent durable and says on record that the request goes out by hand.
pub(super) fn announce(
    session: &mut Session,
    issuing: &IssuingContext,
    template: &Template,
    plan: pipeline::IssuancePlan<'_>,
) -> Result<(), Error> {
    let started = pipeline::begin(session, issuing, template, plan)?;
    let open = match started {
        Started::Intended(intended) => intended.open,
        Started::Issued(_) => None,
    };
    let mut open = open.ok_or_else(|| Error::new(ErrorKind::Failed, "the intent of a CA was not announced"))?;
    poll::hold(&mut session.journal, &mut open, ExternalCa::HANDLE)?;
    session.journal.publish()
}
