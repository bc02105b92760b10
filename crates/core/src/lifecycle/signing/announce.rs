//! Intent before act: what is about to be signed is durable before it is signed or sent.

use crate::template::TemplateDigest;
use std::sync::Arc;

use serde_json::Value;

use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Action, Outcome, PolicyDecision, Reference, Remote, RequestFacts, SignerFacts, Why};
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::issuer::SigningPlan;
use crate::lifecycle::journal::Journal;
use crate::policy::{Approved, Request};
use crate::store::{Announced, Change, IntentMemory, IntentSubject, OpenIntent};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::sha256;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::certificate::Certificate;
use certroll_tlog::{Frontier, leaf_hash};

/// A request that policy has allowed, with what its issuer will do.
pub(crate) struct Planned {
    pub(crate) request: Approved<Request>,
    pub(crate) plan: SigningPlan,
    /// Where the key is from, as records tell it: `generated ec:p256`.
    pub(crate) key: String,
}

/// An approved request whose intent is durable. Only this can be signed or sent, and only once.
pub(crate) struct Intended {
    pub(crate) request: Announced<Approved<Request>>,
    pub(crate) plan: SigningPlan,
    /// The operation that joins intent and ending.
    pub op: Id,
    /// Its number in an operation for a group.
    pub item: Option<u64>,
    /// The intent's record, for the ending to point at.
    pub reference: Reference,
    /// The intent as it stands in the store; `None` for one of a group.
    pub open: Option<Box<OpenIntent>>,
}

/// Who asks for what, and why: the same for all requests of one command.
#[derive(Clone, Debug)]
pub(crate) struct RequestContext {
    /// The template and the hash of its text.
    pub template: (String, TemplateDigest),
    /// The issuer.
    pub issuer: String,
    /// Its kind.
    pub issuer_kind: &'static str,
    /// For what reason.
    pub why: Option<Arc<Why>>,
}

/// What one intent covers.
pub(crate) enum IntentScope {
    /// One certificate; its name is exclusive until the intent ends.
    One(Box<SingleIntent>),
    /// A group of a batch of that name, signed in this process: one intent with their number and the Merkle root over the hashes
    /// of what is to be signed.
    Group(String),
}

/// What is kept with the intent of one certificate until it ends, and what must still hold about its name.
pub(crate) struct SingleIntent {
    /// The encrypted private key.
    pub key: Option<Vec<u8>>,
    /// The certificate request that will leave, in DER.
    pub csr: Option<Vec<u8>>,
    /// What another process needs to end it; empty when the issuer signs inside this one.
    pub memory: IntentMemory,
    /// The issuer's bound, in seconds.
    pub bound_secs: Option<i64>,
    /// Whether the issuer can always tell what became of a request.
    pub recoverable: bool,
    /// What must still hold about the name; another process may have been quicker.
    pub expected: Change,
}

/// Writes the request of each certificate, one approval for each decision of policy, and one intent.
///
/// What is kept with the intent is durable from here on: the key before any request with it leaves.
///
/// # Errors
/// The log cannot be written, another process is at work on the same name, or the clock is behind the log.
pub(crate) fn announce(
    journal: &mut Journal,
    now: Timestamp,
    context: &RequestContext,
    planned: Vec<Planned>,
    scope: IntentScope,
) -> Result<Vec<Intended>, Error> {
    journal.require_clock()?;
    let op = Id::new(now);
    let in_group = matches!(scope, IntentScope::Group(_));
    let number = |at: usize| in_group.then(|| u64::try_from(at).unwrap_or(u64::MAX));
    let mut records = match &scope {
        IntentScope::One(_) => requests(journal, context, &planned, op),
        IntentScope::Group(_) => group_requests(journal, context, &planned, op),
    };
    records.extend(approvals(journal, &planned, op));
    let (intent, mut open) = match &scope {
        IntentScope::One(single) => one(journal, now, context, &planned, (op, single)),
        IntentScope::Group(batch) => group(journal, context, &planned, (op, batch)),
    };
    let at = records.len();
    let mut changes = Vec::with_capacity(2);
    let single = if let IntentScope::One(single) = scope {
        open.key = single.key;
        open.csr = single.csr;
        open.memory = single.memory;
        changes.push(single.expected);
        true
    } else {
        false
    };
    changes.push(Change::OpenIntent { intent: Box::new(open.clone()), record: at });
    let (requests, plans): (Vec<_>, Vec<_>) = planned.into_iter().map(|one| (one.request, one.plan)).unzip();
    let (appended, announced) = journal.announce_all(records, intent, changes, requests)?;
    open.reference = appended.reference(at).unwrap_or_default();
    let (seq, leaf) = open.reference;
    let reference = Reference { seq, leaf: leaf.into() };
    let open = single.then(|| Box::new(open));
    let intended = |(at, (request, plan))| {
        let (item, open) = (number(at), open.clone());
        Intended { request, plan, op, item, reference, open }
    };
    Ok(announced.into_iter().zip(plans).enumerate().map(intended).collect())
}

/// One `cert.request` for each certificate.
fn requests(journal: &Journal, context: &RequestContext, planned: &[Planned], op: Id) -> Vec<Draft> {
    let record = |one: &Planned| {
        let mut asked = journal.draft(Event::CertRequest, Outcome::Ok, op);
        asked.why = context.why.clone();
        asked.req = Some(facts(context, one.request.subject(), &one.key, None));
        asked
    };
    planned.iter().map(record).collect()
}

/// One `cert.request` for the group, with what is the same for all of it, and one for each certificate.
fn group_requests(journal: &Journal, context: &RequestContext, planned: &[Planned], op: Id) -> Vec<Draft> {
    let mut shared = journal.draft(Event::CertRequest, Outcome::Ok, op);
    shared.why = context.why.clone();
    shared.req = Some(RequestFacts { count: Some(count(planned)), ..group_facts(context) });
    let mut records = vec![shared];
    for (item, mut record) in (0..).zip(requests(journal, context, planned, op)) {
        record.item = Some(item);
        if let Some(req) = &mut record.req {
            (req.template, req.template_sha256) = (None, None);
        }
        records.push(record);
    }
    records
}

fn group_facts(context: &RequestContext) -> RequestFacts {
    RequestFacts {
        template: Some(context.template.0.clone()),
        template_sha256: Some(context.template.1.into()),
        ..RequestFacts::default()
    }
}

fn count(planned: &[Planned]) -> u64 {
    u64::try_from(planned.len()).unwrap_or(u64::MAX)
}

/// One `cert.approve` for each decision: lines of a batch are mostly allowed by the same policies.
fn approvals(journal: &Journal, planned: &[Planned], op: Id) -> Vec<Draft> {
    let mut decisions: Vec<&PolicyDecision> = Vec::new();
    for one in planned {
        if !decisions.contains(&one.request.decision()) {
            decisions.push(one.request.decision());
        }
    }
    let record = |decision: &PolicyDecision| {
        let mut approval = journal.draft(Event::CertApprove, Outcome::Ok, op);
        approval.pol = Some(Arc::new(decision.clone()));
        approval
    };
    decisions.into_iter().map(record).collect()
}

/// The intent of one certificate.
fn one(
    journal: &Journal,
    now: Timestamp,
    context: &RequestContext,
    planned: &[Planned],
    (op, kept): (Id, &SingleIntent),
) -> (Draft, OpenIntent) {
    let mut intent = journal.draft(Event::CertIssueIntent, Outcome::Pending, op);
    let mut open = open_intent(journal, context, op);
    if let [Planned { request, plan, key }] = planned {
        let mut req = facts(context, request.subject(), key, Some(plan));
        req.csr = kept.csr.as_ref().map(|csr| sha256(csr).into()).or(req.csr);
        intent.req = Some(req);
        open.name.clone_from(&request.subject().name);
        open.subject = IntentSubject::Issuance(request.subject().key_hash());
    }
    intent.signer = Some(signer(context, planned));
    let (t, id) = (context.issuer_kind.to_owned(), context.issuer.clone());
    intent.rem = (!kept.memory.is_empty()).then(|| Remote { t, id, ..Remote::default() });
    open.due = kept.bound_secs.map(|secs| now.plus_secs(secs));
    intent.x.extend(open.due.map(|due| ("due".to_owned(), Value::String(due.to_string()))));
    if !kept.recoverable {
        intent.x.insert("unrecoverable".to_owned(), true.into());
    }
    (intent, open)
}

/// The intent of a group of a batch.
fn group(
    journal: &Journal,
    context: &RequestContext,
    planned: &[Planned],
    (op, batch): (Id, &str),
) -> (Draft, OpenIntent) {
    let mut frontier = Frontier::new();
    for one in planned {
        frontier.push(leaf_hash(&one.plan.tbs_sha256.unwrap_or_default()));
    }
    let count = count(planned);
    let mut intent = journal.draft(Event::CertIssueIntent, Outcome::Pending, op);
    let root = Some(frontier.root().into());
    intent.req = Some(RequestFacts { count: Some(count), root, ..group_facts(context) });
    intent.signer = Some(signer(context, planned));
    let mut open = open_intent(journal, context, op);
    batch.clone_into(&mut open.name);
    // A group of one is still a group: a count of 1 would make its name exclusive.
    open.count = count.max(2);
    (intent, open)
}

fn open_intent(journal: &Journal, context: &RequestContext, op: Id) -> OpenIntent {
    OpenIntent {
        op,
        session: journal.session(),
        name: String::new(),
        issuer: context.issuer.clone(),
        issuer_kind: context.issuer_kind.to_owned(),
        subject: IntentSubject::Issuance(None),
        handle: None,
        key: None,
        csr: None,
        memory: IntentMemory::default(),
        due: None,
        in_doubt: false,
        count: 1,
        reference: (0, [0; 32]),
    }
}

/// Whose signature is asked for, as far as it is known.
fn signer(context: &RequestContext, planned: &[Planned]) -> SignerFacts {
    let key = planned.first().and_then(|one| one.plan.signer_key.as_ref());
    SignerFacts {
        id: context.issuer.clone(),
        spki: key.map(|key| key.hash.into()),
        alg: key.and_then(|key| key.algorithm).map(str::to_owned),
    }
}

/// What a record says of a request; with `plan`, also what is about to be signed.
pub(crate) fn facts(
    context: &RequestContext,
    request: &Request,
    key: &str,
    plan: Option<&SigningPlan>,
) -> RequestFacts {
    let content = &request.content;
    RequestFacts {
        act: Some(action(request)),
        prev: request.replaces.map(Into::into),
        template: Some(context.template.0.clone()),
        template_sha256: Some(context.template.1.into()),
        names: names_of(&request.name, &content.subject, &content.names),
        nb: Some(content.validity.not_before),
        na: Some(content.validity.not_after),
        csr: request.csr.as_ref().map(|csr| sha256(csr).into()),
        tbs: plan.and_then(|plan| plan.tbs_sha256).map(Into::into),
        spki: request.key_hash().map(Into::into),
        key: Some(key.to_owned()),
        count: None,
        root: None,
    }
}

/// A rotation keeps the key or takes another one. Where the issuer will make the key, it is another one.
fn action(request: &Request) -> Action {
    let Some(predecessor) = request.predecessor.as_deref().filter(|_| request.replaces.is_some()) else {
        return Action::Issue;
    };
    let same = Certificate::from_der(predecessor).is_ok_and(|old| old.spki == request.spki);
    if same { Action::Renew } else { Action::Rekey }
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
