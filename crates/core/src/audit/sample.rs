//! Drafts and logs for tests.

use std::sync::Arc;

use super::record::draft::Draft;
use super::record::event::Event;
use super::record::facts::{
    Action, Actor, ActorKind, Authentication, CertificateFacts, Decision, InstallationState, Outcome, PolicyDecision,
    Reference, RequestFacts, SignerFacts, TargetFacts, Why,
};
use super::record::value::{Digest, Id};
use certroll_base::clock::Timestamp;
use certroll_tlog::{Checkpoint, Frontier, leaf_hash};

/// A draft with most of its parts.
pub(super) fn full() -> Draft {
    let mut draft = of_version_1();
    draft.item = Some(7);
    draft.plan = Some(Digest([6; 32]));
    draft.signer =
        Some(SignerFacts { id: "issuing".into(), spki: Some(Digest([7; 32])), alg: Some("ecdsa-with-SHA256".into()) });
    draft.tgt = Some(TargetFacts {
        t: "file".into(),
        id: "/etc/broker.p12".into(),
        state: Some(InstallationState::Written),
        sha256: Some(Digest([8; 32])),
        ..TargetFacts::default()
    });
    if let Some(req) = &mut draft.req {
        (req.act, req.prev) = (Some(Action::Rekey), Some(Digest([9; 32])));
    }
    draft
}

/// A draft with the parts that version 1 of the schema has.
pub(super) fn of_version_1() -> Draft {
    let actor = Actor {
        ev: Some(Digest([1; 32])),
        claimed: [("GITLAB_USER".to_owned(), "kim".to_owned())].into(),
        ..Actor::new(ActorKind::Ci, "repo:utility/pki:ref:refs/heads/main".into(), Authentication::Oidc)
    };
    let id = |n| Id::new(Timestamp::from_secs(n));
    let policy = PolicyDecision {
        id: "baseline".into(),
        sha256: Digest([2; 32]),
        rule: Some("ttl".into()),
        decision: Decision::Allow,
    };
    Draft {
        why: Some(Arc::new(Why { code: "due".into(), text: Some("a\r\n\0b".into()), ..Why::default() })),
        pol: Some(Arc::new(policy)),
        req: Some(RequestFacts {
            template: Some("broker".into()),
            names: vec!["CN=b1".into(), "DNS:b1.example".into()],
            na: Some(Timestamp::from_secs(1_800_000_000)),
            ..RequestFacts::default()
        }),
        cert: Some(CertificateFacts {
            iss: "CN=Issuing CA".into(),
            sn: "0a1b".into(),
            sha256: Digest([3; 32]),
            spki: Digest([4; 32]),
            san: vec!["DNS:b1.example".into()],
            nb: Timestamp::from_secs(1_790_000_000),
            na: Timestamp::NO_EXPIRY,
            alg: "ec:p256".into(),
            prev: None,
        }),
        reference: Some(Reference { seq: 6, leaf: Digest([5; 32]) }),
        actor: Some(Arc::new(actor)),
        ..Draft::new(Event::CertIssued, Outcome::Ok, id(1), id(2))
    }
}

/// A log under construction.
#[derive(Clone)]
pub(super) struct Log(pub(super) Vec<Vec<u8>>);

impl Log {
    /// The actor of every record: these logs have no sessions.
    pub(super) fn actor() -> Option<Arc<Actor>> {
        let (t, id, auth) = (ActorKind::System, "uid:0".to_owned(), Authentication::OsUid);
        Some(Arc::new(Actor::new(t, id, auth)))
    }

    pub(super) fn draft(ev: Event, op: Id) -> Draft {
        Draft { actor: Self::actor(), ..Draft::new(ev, Outcome::Ok, op, op) }
    }

    pub(super) fn add(&mut self, draft: &Draft) {
        let seq = self.0.len() as u64;
        self.0.push(draft.seal(seq, Timestamp::from_secs(1_795_000_000)).unwrap());
    }

    pub(super) fn event(&mut self, ev: Event, op: Id) {
        self.add(&Self::draft(ev, op));
    }

    pub(super) fn about(&mut self, ev: Event, op: Id, sn: &str) {
        let (sha256, spki) = (Digest([1; 32]), Digest([2; 32]));
        let (iss, sn, alg) = ("CN=CA".to_owned(), sn.to_owned(), "ec:p256".to_owned());
        let (nb, na) = (Timestamp::from_secs(0), Timestamp::NO_EXPIRY);
        let cert = CertificateFacts { iss, sn, sha256, spki, san: vec![], nb, na, alg, prev: None };
        self.add(&Draft { cert: Some(cert), ..Self::draft(ev, op) });
    }

    pub(super) fn batch(&mut self, op: Id, count: u64) {
        let req = RequestFacts { count: Some(count), ..RequestFacts::default() };
        self.add(&Draft { req: Some(req), ..Self::draft(Event::CertIssueIntent, op) });
    }

    /// The same records as another version of the program would have written them.
    pub(super) fn rewrite_as(&mut self, version: u32) {
        for line in &mut self.0 {
            let text = String::from_utf8(std::mem::take(line)).unwrap();
            *line = text.replacen("{\"v\":2,", &format!("{{\"v\":{version},"), 1).into_bytes();
        }
    }

    pub(super) fn checkpoint(&self, size: usize) -> Checkpoint {
        let mut frontier = Frontier::new();
        self.0[..size].iter().for_each(|line| frontier.push(leaf_hash(line)));
        Checkpoint { origin: "log".into(), size: size as u64, root: frontier.root() }
    }
}

pub(super) fn ids() -> [Id; 4] {
    [1, 2, 3, 4].map(|n| format!("019aa5c3-8a00-7000-8000-00000000000{n}").parse().unwrap())
}

/// One certificate, a batch of three with one abandoned, a revocation, an unknown outcome.
pub(super) fn log() -> Log {
    let (mut log, [a, b, c, d]) = (Log(Vec::new()), ids());
    log.event(Event::LogGenesis, a);
    log.event(Event::CertIssueIntent, a);
    log.event(Event::CertIssueSubmitted, a);
    log.about(Event::CertIssued, a, "01");
    log.batch(b, 3);
    log.about(Event::CertIssued, b, "02");
    log.about(Event::CertIssued, b, "03");
    log.event(Event::CertIssueAbandoned, b);
    log.event(Event::CertRevokeIntent, c);
    log.about(Event::CertRevoked, c, "02");
    log.event(Event::CertIssueIntent, d);
    log.event(Event::CertIssueIndeterminate, d);
    log
}
