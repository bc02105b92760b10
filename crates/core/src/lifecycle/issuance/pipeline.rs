//! The one way of every certificate, single or one of many: prepare, announce, sign or send, record, publish.
//!
//! [`prepare`] asks policy and the issuer without side effects. [`carry`] takes what was allowed through intent, signature,
//! record and checkpoint; for an issuer elsewhere [`begin`] stops at the intent and [`poll`] goes on. Delivery follows.

use super::authority_row::AuthorityChange;
use super::context::IssuingContext;
use super::key_history::KeyHistory;
use super::precheck::{self, IssuerDemand};
use super::{issuer_account, refusal};
use crate::audit::record::event::Event;
use crate::error::{Error, ErrorKind};
use crate::issuer::SigningPlan;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::shared::SharedSession;
use crate::lifecycle::signing::announce::{self, Intended, IntentScope, Planned, RequestContext, SingleIntent};
use crate::lifecycle::signing::expectation::{ExpectationContext, ExpectedAuthority, ExpectedCertificate};
use crate::lifecycle::signing::poll;
use crate::lifecycle::signing::record::{self, InventoryFields, IssuedCertificate, SignedCertificate};
use crate::lifecycle::signing::sign::{self, VerifyLevel};
use crate::policy::{PolicyContext, PolicySet, Refused, Request};
use crate::store::{Change, IntentMemory};
use crate::template::Template;
use crate::tools::csr_lint::subject_kind;
use certroll_base::clock::Timestamp;
use certroll_pki::key::KeyPair;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::extensions::KeyUsage;
use certroll_pki::x509::request;

/// What is asked for, before policy has seen it.
pub(crate) struct Proposal {
    pub(crate) request: Request,
    /// Where the key is from, as records tell it: `generated ec:p256`.
    pub(crate) key: String,
    /// Whether the key was made here, even if it is kept elsewhere.
    pub(crate) own_key: bool,
    pub(crate) inventory: InventoryFields,
}

/// A proposal that policy has allowed and the issuer has planned. Nothing has been written or sent.
pub(crate) struct Prepared {
    planned: Planned,
    inventory: InventoryFields,
}

impl Prepared {
    /// What was asked for.
    pub(crate) fn request(&self) -> &Request {
        self.planned.request.subject()
    }
}

/// Why a proposal goes no further.
pub(crate) enum Rejection {
    /// Policy does not allow it.
    Policy(Refused),
    /// The issuer cannot do what is asked, each lack on a line.
    Unsupported(Box<(Request, InventoryFields)>, Vec<String>),
    /// The issuer refuses to plan it.
    Other(Error),
}

/// Asks policy, what the issuer can do, and the issuer for its plan. No side effects. `history` says what is known of the key; in a
/// rotation, not that it has a certificate.
pub(crate) fn prepare(
    policies: &PolicySet,
    template: &Template,
    issuing: &IssuingContext,
    proposal: Proposal,
    history: &KeyHistory,
) -> Result<Prepared, Rejection> {
    let Proposal { mut request, key, own_key, inventory } = proposal;
    let spki = request.spki.clone();
    let context = PolicyContext {
        template: template.name(),
        kind: subject_kind(template),
        chain: &issuing.chain,
        issuer_key: issuing.issuer_key.as_ref(),
        key: &inventory.key_kind,
        own_key,
        key_known: history.known,
        spki: &spki,
        key_flaws: &history.flaws,
        outlives_issuer: template.outlives_issuer(),
    };
    let capabilities = issuing.issuer.capabilities();
    if !capabilities.in_process {
        request.tolerated = policies.tolerated(&context, &request.content);
    }
    let request = policies.approve(&context, request).map_err(Rejection::Policy)?;
    let missing = precheck::missing(&capabilities, &IssuerDemand::of(request.subject(), &inventory));
    if !missing.is_empty() {
        return Err(Rejection::Unsupported(Box::new((request.into_subject(), inventory)), missing));
    }
    let plan = issuing.issuer.plan(&request).map_err(|error| Rejection::Other(error.into()))?;
    Ok(Prepared { planned: Planned { request, plan, key }, inventory })
}

/// One certificate on its way.
pub(crate) struct IssuancePlan<'a> {
    pub(crate) context: RequestContext,
    pub(crate) proposal: Proposal,
    /// Our own key, to be kept encrypted with the intent.
    pub(crate) key: Option<&'a KeyPair>,
    /// What must still hold about the name.
    pub(crate) expected: Change,
    /// Row number of the certificate that this one replaces.
    pub(crate) replaced: Option<i64>,
    /// The CA of this home that it is of.
    pub(crate) authority: Option<AuthorityChange>,
}

/// How far a certificate came without an issuer elsewhere being asked.
pub(crate) enum Started {
    /// Signed in this process, recorded, and free to go out.
    Issued(Box<IssuedCertificate>),
    /// Its intent is durable; the issuer elsewhere has not heard of it yet.
    Intended(Box<Intended>),
}

/// The whole way of one certificate, up to delivery.
///
/// # Errors
/// Policy or the issuer refuses; or the log cannot be written.
pub(crate) fn issue_one(
    session: &mut Session,
    issuing: &IssuingContext,
    template: &Template,
    plan: IssuancePlan<'_>,
) -> Result<IssuedCertificate, Error> {
    match begin(session, issuing, template, plan)? {
        Started::Issued(issued) => Ok(*issued),
        Started::Intended(intended) => poll::begin(&SharedSession::of(session), &*issuing.issuer, *intended),
    }
}

/// The whole way in this process; for an issuer elsewhere, up to the intent.
///
/// # Errors
/// As [`issue_one`].
pub(crate) fn begin(
    session: &mut Session,
    issuing: &IssuingContext,
    template: &Template,
    plan: IssuancePlan<'_>,
) -> Result<Started, Error> {
    let IssuancePlan { context, proposal, key, expected, replaced, authority } = plan;
    let mut history = KeyHistory::of(session, &proposal.request, !proposal.own_key)?;
    history.known &= replaced.is_none() && !proposal.own_key;
    let key_told = proposal.key.clone();
    let mut prepared = match prepare(&session.policies, template, issuing, proposal, &history) {
        Ok(prepared) => prepared,
        Err(Rejection::Policy(refused)) => return Err(refusal::by_policy(session, &context, &key_told, &refused)?),
        Err(Rejection::Unsupported(asked, missing)) => {
            let demand = IssuerDemand::of(&asked.0, &asked.1);
            return Err(precheck::error(session, &*issuing.issuer, &demand, &missing)?);
        }
        Err(Rejection::Other(error)) => return Err(error),
    };
    issuer_account::ensure(session, &*issuing.issuer)?;
    let held = key.map(|key| session.encrypt(key)).transpose()?;
    let asked_for = authority.as_ref().map(AuthorityChange::expected);
    let single = single_intent(issuing, &prepared, key, (held.clone(), replaced, asked_for), expected)?;
    let scope = IntentScope::One(Box::new(single));
    let now = session.clock.now();
    if !issuing.issuer.capabilities().in_process {
        let intended = announce::announce(&mut session.journal, now, &context, vec![prepared.planned], scope)?;
        let intended = intended.into_iter().next().map(Box::new).map(Started::Intended);
        return intended.ok_or_else(|| Error::new(ErrorKind::Failed, "an intent was not announced"));
    }
    prepared.inventory.key = held;
    let label = prepared.request().name.clone();
    let group = Group { context: &context, scope, replaced, authority, label: &label };
    let issued = carry(&SharedSession::of(session), issuing, group, vec![prepared], now)?;
    let issued = issued.into_iter().next().map(Box::new).map(Started::Issued);
    issued.ok_or_else(|| Error::new(ErrorKind::Failed, "a certificate was not recorded"))
}

/// What certificates that are carried together share.
pub(crate) struct Group<'a> {
    pub(crate) context: &'a RequestContext,
    pub(crate) scope: IntentScope,
    /// Row number of the certificate that the one of the group replaces.
    pub(crate) replaced: Option<i64>,
    /// The CA of this home that the one of the group is of.
    pub(crate) authority: Option<AuthorityChange>,
    /// The name of the certificate or of the batch, for errors.
    pub(crate) label: &'a str,
}

/// Announces, signs in this process, records in one transaction, and publishes a checkpoint: one certificate or a group.
///
/// The session is locked for each step that writes, and free while signatures are made.
///
/// # Errors
/// The log cannot be written, or the key refuses. Of kind [`ErrorKind::Deploy`] the certificates are on record, and not let out.
pub(crate) fn carry(
    shared: &SharedSession<'_>,
    issuing: &IssuingContext,
    group: Group<'_>,
    prepared: Vec<Prepared>,
    now: Timestamp,
) -> Result<Vec<IssuedCertificate>, Error> {
    let Group { context, scope, replaced, authority, label } = group;
    let (planned, inventories): (Vec<_>, Vec<_>) = prepared.into_iter().map(|one| (one.planned, one.inventory)).unzip();
    let intended = announce::announce(&mut shared.lock().journal, now, context, planned, scope)?;
    let count = intended.len();
    let mut signed = Vec::with_capacity(count);
    for (index, intended) in intended.into_iter().enumerate() {
        let level = if index == 0 { VerifyLevel::Full } else { VerifyLevel::Content };
        match sign::sign(&*issuing.issuer, intended, level) {
            Ok(one) => signed.push(one),
            // The private CA signs all of a group or, its key being unusable, none.
            Err(failure) => return sign::failed(&mut shared.lock().journal, *failure, count),
        }
    }
    let mut session = shared.lock();
    let issued = record_all(&mut session, issuing, signed, inventories, (replaced, authority))?;
    record::require_checkpoint(&mut session, label)?;
    Ok(issued)
}

/// The record and the row of each certificate, and the end of their intent: one transaction.
fn record_all(
    session: &mut Session,
    issuing: &IssuingContext,
    signed: Vec<SignedCertificate>,
    inventories: Vec<InventoryFields>,
    (replaced, authority): (Option<i64>, Option<AuthorityChange>),
) -> Result<Vec<IssuedCertificate>, Error> {
    let event = if issuing.profile.key_usage.contains(&KeyUsage::KeyCertSign) {
        Event::CaCertIssued
    } else {
        Event::CertIssued
    };
    let mut records = Vec::with_capacity(signed.len());
    let mut changes = Vec::with_capacity(signed.len() + 2);
    let mut issued = Vec::with_capacity(signed.len());
    let op = signed.first().map(|one| one.op);
    for (one, inventory) in signed.into_iter().zip(inventories) {
        let made = record::issued(&session.journal, event, &one, issuing.issuer.name(), inventory);
        let (record, entry, change) = made;
        records.push(record);
        changes.push(change);
        let chain = std::iter::once(one.issued.certificate).chain(one.issued.chain).collect();
        issued.push(IssuedCertificate { entry, chain, op: one.op, item: one.item });
    }
    changes.extend(op.map(Change::CloseIntent));
    changes
        .extend(replaced.zip(issued.first()).map(|(id, issued)| Change::Replace { id, by: issued.entry.fingerprint }));
    if let (Some(authority), Some(one)) = (authority, issued.first()) {
        let (record, row) = authority.written(&session.journal, one.op, one.entry.fingerprint);
        records.push(record);
        changes.extend(row);
    }
    let appended = session.journal.append(records, changes)?;
    for (issued, id) in issued.iter_mut().zip(appended.certificates) {
        issued.entry.id = id;
    }
    Ok(issued)
}

/// What is kept with the intent: for an issuer elsewhere also the request that will leave, and what ends it later.
fn single_intent(
    issuing: &IssuingContext,
    prepared: &Prepared,
    key: Option<&KeyPair>,
    (held, replaced, authority): (Option<Vec<u8>>, Option<i64>, Option<ExpectedAuthority>),
    expected: Change,
) -> Result<SingleIntent, Error> {
    let capabilities = issuing.issuer.capabilities();
    if capabilities.in_process {
        return Ok(SingleIntent {
            key: held,
            csr: None,
            memory: IntentMemory::default(),
            bound_secs: None,
            recoverable: true,
            expected,
        });
    }
    let (request, plan) = (prepared.request(), &prepared.planned.plan);
    let csr = match key {
        Some(key) => Some(leaving(request, plan, key)?),
        None => request.csr.clone(),
    };
    let rest =
        ExpectationContext { replaced, remembered: &prepared.inventory, lifetime: capabilities.lifetime, authority };
    Ok(SingleIntent {
        key: held,
        csr,
        memory: IntentMemory::of(&ExpectedCertificate::of(request, plan, &rest)),
        bound_secs: capabilities.bound_secs,
        recoverable: capabilities.recoverable,
        expected,
    })
}

/// The certificate request (PKCS#10) that leaves, signed with our key.
fn leaving(asked: &Request, plan: &SigningPlan, key: &KeyPair) -> Result<Vec<u8>, Error> {
    let failed = |error| Error::new(ErrorKind::Failed, "the certificate request cannot be made").because(error);
    let mut content = asked.content.clone();
    if plan.names_only {
        content.subject = DistinguishedName::empty();
    }
    request::make(&content, key).map_err(failed)
}
