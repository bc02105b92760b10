//! The way of every single certificate: approve, plan, intend, execute or pursue, record, publish.

use super::approve::{self, Circumstances};
use super::execute::{self, Remembered, Scrutiny};
use super::expectation::{Claim, Remembering};
use super::intend::{self, Intended, Occasion};
use super::issue::Desk;
use super::issuer_account;
use super::poll;
use super::precheck::{self, Wanted};
use crate::audit::record::event::Event;
use crate::audit::record::value::Id;
use crate::error::{Error, Kind};
use crate::issuer;
use crate::lifecycle::session::Services;
use crate::lifecycle::session::attempt;
use crate::lifecycle::session::shared::Turns;
use crate::store::{CertificateEntry, Change};
use certroll_base::encoding;
use certroll_pki::key::KeyPair;
use certroll_pki::name::distinguished_name::DistinguishedName;

/// A request on its way through approval, intent and signature.
pub(crate) struct Making<'a> {
    pub(crate) occasion: Occasion,
    pub(crate) request: issuer::Request,
    /// Our own key, to be kept encrypted with the intent.
    pub(crate) key: Option<&'a KeyPair>,
    /// Whether the key was made here, even if it is kept elsewhere.
    pub(crate) own_key: bool,
    /// What must still hold about the name.
    pub(crate) expected: Change,
    /// Row number of the certificate that this one replaces.
    pub(crate) replaced: Option<i64>,
    pub(crate) remembered: Remembered,
}

/// A certificate that is recorded and may go out.
pub(crate) struct Made {
    pub(crate) entry: CertificateEntry,
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) op: Id,
}

/// How far a certificate came without anybody being asked.
pub(crate) enum Begun {
    /// Signed in this process, recorded, and free to go out.
    Made(Made),
    /// Its intent is durable; the issuer elsewhere has not heard of it yet.
    Intended(Intended),
}

/// The way of every single certificate: approve, plan, intend, execute or pursue, record, publish.
pub(crate) fn make(services: &mut Services, desk: &Desk, making: Making<'_>) -> Result<Made, Error> {
    match begin(services, desk, making)? {
        Begun::Made(made) => Ok(made),
        Begun::Intended(intended) => poll::begin(&Turns::of(services), &*desk.issuer, intended),
    }
}

/// All of the way in this process, or, for an issuer elsewhere, up to the intent.
pub(crate) fn begin(services: &mut Services, desk: &Desk, making: Making<'_>) -> Result<Begun, Error> {
    let event = if desk.profile.key_usage.contains(&certroll_pki::x509::extensions::KeyUsage::KeyCertSign) {
        Event::CaCertIssued
    } else {
        Event::CertIssued
    };
    let key_known = making.replaced.is_none()
        && !making.own_key
        && services.journal.store().knows_key(&encoding::sha256(&making.request.spki))?;
    let circumstances = Circumstances {
        template: services.template(&making.request.template)?,
        chain: &desk.chain,
        issuer_key: &desk.issuer_key,
        key: &making.remembered.key_kind,
        own_key: making.own_key,
        key_known,
    };
    let mut request = making.request;
    if !desk.issuer.capabilities().in_process {
        request.tolerated = approve::tolerated(&services.policies, &circumstances, &request.content);
    }
    let approved = match approve::approve(&services.policies, &circumstances, request) {
        Ok(approved) => approved,
        Err(refused) => return Err(attempt::by_policy(services, &making.occasion, refused)?),
    };
    let remembered = &making.remembered;
    let wanted = Wanted { request: approved.subject(), key: &remembered.key_kind, asked: &remembered.request };
    precheck::check(services, &*desk.issuer, &wanted)?;
    let plan = desk.issuer.plan(approved.subject())?;
    issuer_account::ensure(services, &*desk.issuer)?;
    let held = making.key.map(|key| services.encrypt(key)).transpose()?;
    let rest = Remembering {
        replaced: making.replaced,
        remembered: &making.remembered,
        lifetime: desk.issuer.capabilities().lifetime,
    };
    let kept = keep(desk, (approved.subject(), &plan), making.key, held.clone(), &rest)?;
    let now = services.clock.now();
    let intended =
        intend::intend(&mut services.journal, now, &making.occasion, (approved, plan), kept, making.expected)?;
    if !desk.issuer.capabilities().in_process {
        return Ok(Begun::Intended(intended));
    }
    let signed = match execute::execute(&*desk.issuer, intended, Scrutiny::Full) {
        Ok(signed) => signed,
        Err(failure) => return execute::failed(&mut services.journal, *failure, 1),
    };
    let remembered = Remembered { key: held, ..making.remembered };
    let (record, mut entry, change) =
        execute::issued(&services.journal, event, &signed, desk.issuer.name(), remembered);
    let mut changes = vec![change, Change::CloseIntent(signed.op)];
    changes.extend(making.replaced.map(|id| Change::Replace { id, by: entry.sha256 }));
    let appended = services.journal.append(vec![record], changes)?;
    let_out(services, &entry.name)?;
    entry.id = appended.certificates.first().copied().unwrap_or_default();
    let chain = [vec![signed.issued.certificate], signed.issued.chain].concat();
    Ok(Begun::Made(Made { entry, chain, op: signed.op }))
}

/// What is kept with the intent: for an issuer elsewhere also the request that will leave, and what ends it later.
fn keep(
    desk: &Desk,
    (request, plan): (&issuer::Request, &issuer::Plan),
    key: Option<&KeyPair>,
    held: Option<Vec<u8>>,
    rest: &Remembering<'_>,
) -> Result<intend::Kept, Error> {
    let capabilities = desk.issuer.capabilities();
    if capabilities.in_process {
        return Ok(intend::Kept { key: held, csr: None, memory: String::new(), bound_secs: None, recoverable: true });
    }
    let csr = match key {
        Some(key) => {
            let failed = |error| Error::new(Kind::Failed, "the certificate request cannot be made").because(error);
            let mut content = request.content.clone();
            if plan.names_only {
                content.subject = DistinguishedName::empty();
            }
            Some(certroll_pki::x509::request::make(&content, key).map_err(failed)?)
        }
        None => request.csr.clone(),
    };
    let memory = Claim::of(request, plan, rest).to_json();
    Ok(intend::Kept {
        key: held,
        csr,
        memory,
        bound_secs: capabilities.bound_secs,
        recoverable: capabilities.recoverable,
    })
}

/// A checkpoint over the record of a certificate: without one nobody sees a byte of it.
pub(crate) fn let_out(services: &mut Services, name: &str) -> Result<(), Error> {
    services.journal.publish().map_err(|error| {
        let message = format!("`{name}` is issued, but not let out: the log's checkpoint cannot be written");
        error.reworded(Kind::Deploy, message).hint("make room in the home, then run `certroll deliver` for the files")
    })
}
