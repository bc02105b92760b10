//! Intent before act: what is about to be signed is durable before anybody signs it.

use serde_json::{Map, Value};

use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, PolicyDecision, Reference, Remote, RequestFacts, Why};
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::issuer::{Request, SigningPlan};
use crate::lifecycle::issuance::approve::Approved;
use crate::lifecycle::journal::Journal;
use crate::store::{Change, IntentKind, OpenIntent};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_tlog::merkle;
use std::sync::Arc;

/// An approved request whose intent is durable. Only this can be executed, and only once.
pub(crate) struct Intended {
    pub(crate) request: Approved<Request>,
    pub(crate) plan: SigningPlan,
    /// The operation that joins intent and ending.
    pub op: Id,
    /// The intent's record, for the ending to point at.
    pub reference: Reference,
    /// The intent as it stands in the store; `None` for one of a batch.
    pub open: Option<Box<OpenIntent>>,
}

/// What is kept with the intent of one certificate until it ends.
pub(crate) struct IntentMaterial {
    /// The encrypted private key.
    pub key: Option<Vec<u8>>,
    /// The certificate request that will leave, in DER.
    pub csr: Option<Vec<u8>>,
    /// What another process needs to end it; empty when the issuer signs inside this one.
    pub memory: String,
    /// The issuer's bound, in seconds.
    pub bound_secs: Option<i64>,
    /// Whether the issuer can always tell what became of a request.
    pub recoverable: bool,
}

impl IntentMaterial {
    fn elsewhere(&self) -> bool {
        !self.memory.is_empty()
    }
}

/// Who asks for what, and why: the same for all requests of one command.
#[derive(Clone, Debug)]
pub(crate) struct RequestContext {
    /// The template and the hash of its text.
    pub template: (String, Sha256),
    /// The issuer.
    pub issuer: String,
    /// Its kind.
    pub issuer_kind: &'static str,
    /// Where the key is from and where it goes.
    pub key: String,
    /// For what reason.
    pub why: Option<Arc<Why>>,
}

/// Writes request, approval and intent of one certificate.
///
/// What is kept is durable from here on, the key before any request with it leaves; `expected` is what must still hold
/// about the name.
///
/// # Errors
/// The log cannot be written, another process is at work on the same name, or the clock is behind the log.
pub(crate) fn intend(
    journal: &mut Journal,
    now: Timestamp,
    occasion: &RequestContext,
    (request, plan): (Approved<Request>, SigningPlan),
    kept: IntentMaterial,
    expected: Change,
) -> Result<Intended, Error> {
    journal.require_clock()?;
    let op = Id::new(now);
    let mut asked = journal.draft(Event::CertRequest, Outcome::Ok, op);
    asked.why = occasion.why.clone();
    asked.req = Some(facts(occasion, request.subject(), None));
    let mut approval = journal.draft(Event::CertApprove, Outcome::Ok, op);
    approval.pol = Some(Arc::new(request.decision().clone()));
    let mut intent = journal.draft(Event::CertIssueIntent, Outcome::Pending, op);
    let mut req = facts(occasion, request.subject(), Some(&plan));
    req.csr = kept.csr.as_ref().map(|csr| certroll_base::encoding::sha256(csr).into()).or(req.csr);
    intent.req = Some(req);
    intent.x = issuer_fact(&occasion.issuer);
    let (t, id) = (occasion.issuer_kind.to_owned(), occasion.issuer.clone());
    intent.rem = kept.elsewhere().then(|| Remote { t, id, ..Remote::default() });
    let due = kept.bound_secs.map(|secs| now.plus_secs(secs));
    intent.x.extend(due.map(|due| ("due".to_owned(), Value::String(due.to_string()))));
    if !kept.recoverable {
        intent.x.insert("unrecoverable".to_owned(), true.into());
    }
    let mut open = OpenIntent {
        op,
        session: journal.session(),
        kind: IntentKind::Issue,
        name: request.subject().name.clone(),
        issuer: occasion.issuer.clone(),
        issuer_kind: occasion.issuer_kind.to_owned(),
        subject: spki(request.subject()),
        handle: None,
        key: kept.key,
        csr: kept.csr,
        memory: kept.memory,
        due,
        in_doubt: false,
        count: 1,
        reference: (0, [0; 32]),
    };
    let changes = vec![expected, Change::OpenIntent { intent: Box::new(open.clone()), record: 2 }];
    let appended = journal.append(vec![asked, approval, intent], changes)?;
    open.reference = appended.reference(2).unwrap_or_default();
    let (seq, leaf) = open.reference;
    Ok(Intended { request, plan, op, reference: Reference { seq, leaf: leaf.into() }, open: Some(Box::new(open)) })
}

/// Writes approval and one intent for a whole batch: their number, and the Merkle root over what is to be signed.
///
/// # Errors
/// The log cannot be written, or the clock is behind it.
pub(crate) fn intend_all(
    journal: &mut Journal,
    now: Timestamp,
    occasion: &RequestContext,
    batch: &str,
    requests: Vec<(Approved<Request>, SigningPlan)>,
) -> Result<Vec<Intended>, Error> {
    journal.require_clock()?;
    let op = Id::new(now);
    let count = u64::try_from(requests.len()).unwrap_or(u64::MAX);
    let mut frontier = merkle::Frontier::new();
    for (_, plan) in &requests {
        frontier.push(merkle::leaf_hash(&plan.tbs_sha256.unwrap_or_default()));
    }
    let mut approval = journal.draft(Event::CertApprove, Outcome::Ok, op);
    let decision: Option<&PolicyDecision> = requests.first().map(|(request, _)| request.decision());
    approval.pol = decision.map(|decision| Arc::new(decision.clone()));
    let mut intent = journal.draft(Event::CertIssueIntent, Outcome::Pending, op);
    intent.why = occasion.why.clone();
    intent.req = Some(RequestFacts {
        template: Some(occasion.template.0.clone()),
        template_sha256: Some(occasion.template.1.into()),
        key: Some(occasion.key.clone()),
        count: Some(count),
        root: Some(frontier.root().into()),
        ..RequestFacts::default()
    });
    intent.x = issuer_fact(&occasion.issuer);
    let open = OpenIntent {
        op,
        session: journal.session(),
        kind: IntentKind::Issue,
        name: batch.to_owned(),
        issuer: occasion.issuer.clone(),
        issuer_kind: occasion.issuer_kind.to_owned(),
        subject: None,
        handle: None,
        key: None,
        csr: None,
        memory: String::new(),
        due: None,
        in_doubt: false,
        // A batch of one is still a batch: a count of 1 would make its name exclusive.
        count: count.max(2),
        reference: (0, [0; 32]),
    };
    let changes = vec![Change::OpenIntent { intent: Box::new(open), record: 1 }];
    let appended = journal.append(vec![approval, intent], changes)?;
    let (seq, leaf) = appended.reference(1).unwrap_or_default();
    let reference = Reference { seq, leaf: leaf.into() };
    Ok(requests.into_iter().map(|(request, plan)| Intended { request, plan, op, reference, open: None }).collect())
}

fn issuer_fact(issuer: &str) -> Map<String, Value> {
    Map::from_iter([("issuer".to_owned(), Value::String(issuer.to_owned()))])
}

/// What a record says of a request; with `plan`, also what is about to be signed.
pub(crate) fn facts(occasion: &RequestContext, request: &Request, plan: Option<&SigningPlan>) -> RequestFacts {
    let content = &request.content;
    RequestFacts {
        template: Some(occasion.template.0.clone()),
        template_sha256: Some(occasion.template.1.into()),
        names: names_of(&request.name, &content.subject, &content.names),
        nb: Some(content.validity.not_before),
        na: Some(content.validity.not_after),
        csr: request.csr.as_ref().map(|csr| certroll_base::encoding::sha256(csr).into()),
        tbs: plan.and_then(|plan| plan.tbs_sha256).map(Into::into),
        spki: spki(request).map(Into::into),
        key: Some(occasion.key.clone()),
        count: None,
        root: None,
    }
}

/// SHA-256 of the public key; none where the issuer will make the key.
fn spki(request: &Request) -> Option<Sha256> {
    (!request.spki.is_empty()).then(|| certroll_base::encoding::sha256(&request.spki))
}

/// The inventory name, the subject, and the alternative names, in this order.
pub(crate) fn names_of(name: &str, subject: &DistinguishedName, alternative: &[GeneralName]) -> Vec<String> {
    let mut names = vec![format!("name:{name}")];
    if !subject.is_empty() {
        names.push(format!("dn:{subject}"));
    }
    names.extend(alternative.iter().map(ToString::to_string));
    names
}
