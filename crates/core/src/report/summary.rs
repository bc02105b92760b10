//! What the report keeps of the records.

use std::collections::{BTreeMap, HashMap};

use super::actor;
use super::figures::{
    Activity, AuthorityFigures, Deeds, Delays, Ending, Issuance, Lists, Mishap, OpenIntentFigures, RevocationFigures,
    authentication_of, kind_of,
};
use super::month::{Day, Month};
use super::tally::{NewestEntries, Tally};
use crate::audit::record::Record;
use crate::audit::record::event::{Event, Intent};
use crate::audit::record::facts::{CertificateFacts, Outcome, RequestFacts, TargetFacts};
use crate::audit::record::value::Id;
use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;

/// How many entries of each kind are shown one by one.
const SHOWN: usize = 200;
/// How many of its names a certificate or request is shown with.
const NAMES: usize = 4;
/// One certificate, as short as it goes.
#[derive(Clone, Copy, Debug)]
struct Life {
    /// Seconds since 1970 when it was issued.
    issued: u32,
    ends: Day,
    state: CertificateState,
}

/// What became of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CertificateState {
    Current,
    Replaced,
    Revoked,
}

/// A log, folded record by record.
#[derive(Clone, Debug)]
pub struct LogSummary {
    pub(super) records: u64,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    pub(super) origin: Option<String>,
    pub(super) events: BTreeMap<Event, u64>,
    pub(super) months: BTreeMap<Month, Activity>,
    pub(super) issuers: Tally<Issuance>,
    pub(super) templates: Tally<Issuance>,
    pub(super) total: Issuance,
    pub(super) imported: u64,
    lives: HashMap<[u8; 16], Life>,
    pub(super) endings: BTreeMap<Day, Ending>,
    pub(super) reasons: Tally<u64>,
    pub(super) request_delays: Delays,
    pub(super) revocations: NewestEntries<RevocationFigures>,
    pub(super) refusal_reasons: Tally<u64>,
    pub(super) refusals: NewestEntries<Mishap>,
    pub(super) failed_issues: NewestEntries<Mishap>,
    pub(super) failed_deploys: NewestEntries<Mishap>,
    pub(super) deployed: u64,
    open: HashMap<(Id, Intent), OpenIntentFigures>,
    /// Requests for a revocation that has not been done yet.
    asked: HashMap<Id, Timestamp>,
    /// The last operation that issued, and for what: what is installed next is usually that.
    latest: Option<(Id, String)>,
    pub(super) actors: Tally<Deeds>,
    pub(super) lists: Tally<Lists>,
    pub(super) authorities: NewestEntries<AuthorityFigures>,
    pub(super) versions: Tally<u64>,
    pub(super) hosts: Tally<u64>,
    pub(super) regressions: u64,
    pub(super) handed_out: NewestEntries<Mishap>,
    pub(super) alarms: NewestEntries<Mishap>,
}

impl Default for LogSummary {
    fn default() -> Self {
        Self::new()
    }
}

impl LogSummary {
    /// The summary of no record.
    pub fn new() -> Self {
        Self {
            records: 0,
            first: None,
            last: None,
            origin: None,
            events: BTreeMap::new(),
            months: BTreeMap::new(),
            issuers: Tally::default(),
            templates: Tally::default(),
            total: Issuance::default(),
            imported: 0,
            lives: HashMap::new(),
            endings: BTreeMap::new(),
            reasons: Tally::default(),
            request_delays: Delays::default(),
            revocations: NewestEntries::new(SHOWN),
            refusal_reasons: Tally::default(),
            refusals: NewestEntries::new(SHOWN),
            failed_issues: NewestEntries::new(SHOWN),
            failed_deploys: NewestEntries::new(SHOWN),
            deployed: 0,
            open: HashMap::new(),
            asked: HashMap::new(),
            latest: None,
            actors: Tally::default(),
            lists: Tally::default(),
            authorities: NewestEntries::new(SHOWN),
            versions: Tally::default(),
            hosts: Tally::default(),
            regressions: 0,
            handed_out: NewestEntries::new(SHOWN),
            alarms: NewestEntries::new(SHOWN),
        }
    }

    /// The name of the log, from its first record.
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Takes the next record into account. Records come in the order of the log, from the first on.
    pub fn add(&mut self, record: &Record<'_>) {
        self.records += 1;
        self.regressions += u64::from(self.last.is_some_and(|last| record.ts < last));
        self.first = Some(self.first.map_or(record.ts, |first| first.min(record.ts)));
        self.last = Some(self.last.map_or(record.ts, |last| last.max(record.ts)));
        *self.events.entry(record.ev).or_default() += 1;
        self.note_actor(record);
        // Before the intent is closed: it knows the template.
        match record.ev {
            Event::CertIssued | Event::CaCertIssued | Event::CertImported | Event::CaImported => {
                self.note_issued(record)
            }
            Event::CertRevokeRequest => {
                self.asked.insert(record.op, record.ts);
            }
            Event::CertRevoked => self.note_revoked(record),
            Event::CertIssueFailed => {
                self.months.entry(Month::of(record.ts)).or_default().failed += 1;
                self.failed_issues.push(self.mishap(record));
            }
            Event::CertDeployed => self.deployed += 1,
            Event::CertDeployFailed => {
                self.months.entry(Month::of(record.ts)).or_default().failed += 1;
                self.failed_deploys.push(self.mishap(record));
            }
            _ => self.note_log(record),
        }
        if record.out == Outcome::Denied {
            self.note_refusal(record);
        }
        self.pair(record);
    }

    /// Intents that have not ended, in the order of the log.
    pub(super) fn open(&self) -> Vec<&OpenIntentFigures> {
        let mut open: Vec<_> = self.open.values().collect();
        open.sort_unstable_by_key(|open| open.seq);
        open
    }

    fn note_issued(&mut self, record: &Record<'_>) {
        let Some(cert) = record.cert.as_deref() else { return };
        let rotated = u64::from(cert.prev.is_some());
        let template = self.open.get(&(record.op, Intent::Issue)).and_then(|open| open.template.clone());
        let month = self.months.entry(Month::of(record.ts)).or_default();
        month.issued += 1;
        month.rotations += rotated;
        let template = template.as_deref().unwrap_or("(not recorded)");
        for count in [&mut self.total, self.issuers.of(&cert.iss), self.templates.of(template)] {
            count.issued += 1;
            count.rotations += rotated;
        }
        self.imported += u64::from(record.is_imported() || record.ev == Event::CaImported);
        let ends = Day::of(cert.na);
        let issued = u32::try_from(record.ts.secs()).unwrap_or(u32::MAX);
        self.lives.insert(short(&cert.sha256.0), Life { issued, ends, state: CertificateState::Current });
        self.endings.entry(ends).or_default().current += 1;
        if let Some(before) = cert.prev.as_ref().and_then(|prev| self.lives.get_mut(&short(&prev.0)))
            && before.state == CertificateState::Current
        {
            before.state = CertificateState::Replaced;
            let ending = self.endings.entry(before.ends).or_default();
            ending.current = ending.current.saturating_sub(1);
            ending.replaced += 1;
        }
        self.latest = Some((record.op, names_of_certificate(cert)));
        let told = record.x.get("ca").is_some_and(|value| *value == true);
        if told || matches!(record.ev, Event::CaCertIssued | Event::CaImported) {
            let (names, issuer, key) = (names_of_certificate(cert), cert.iss.clone(), cert.alg.clone());
            let (until, sha256) = (cert.na, short(&cert.sha256.0));
            self.authorities.push(AuthorityFigures { names, issuer, key, until, sha256 });
        }
    }

    /// Whether the certificate of a CA is revoked: then nothing below it is valid.
    pub(super) fn is_revoked(&self, authority: &AuthorityFigures) -> bool {
        self.lives.get(&authority.sha256).is_some_and(|life| life.state == CertificateState::Revoked)
    }

    fn note_revoked(&mut self, record: &Record<'_>) {
        let Some(cert) = record.cert.as_deref() else { return };
        self.months.entry(Month::of(record.ts)).or_default().revoked += 1;
        self.total.revoked += 1;
        self.issuers.of(&cert.iss).revoked += 1;
        let why = record.why.as_deref();
        let reason = why.and_then(|why| why.reason.clone()).unwrap_or_else(|| "unspecified".to_owned());
        *self.reasons.of(&reason) += 1;
        let life = self.lives.get_mut(&short(&cert.sha256.0));
        let issued = life.as_ref().map(|life| life.issued);
        if let Some(life) = life {
            let ending = self.endings.entry(life.ends).or_default();
            match life.state {
                CertificateState::Current => ending.current = ending.current.saturating_sub(1),
                CertificateState::Replaced => ending.replaced = ending.replaced.saturating_sub(1),
                CertificateState::Revoked => {}
            }
            life.state = CertificateState::Revoked;
        }
        let from_request = self.asked.get(&record.op).map(|asked| record.ts.millis() - asked.millis());
        if let Some(millis) = from_request {
            self.request_delays.add(millis);
        }
        let said = [why.and_then(|why| why.text.as_deref()), why.and_then(|why| why.ticket.as_deref())];
        self.revocations.push(RevocationFigures {
            seq: record.seq,
            at: record.ts,
            names: names_of_certificate(cert),
            serial: cert.sn.clone(),
            issuer: cert.iss.clone(),
            reason,
            text: said.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            actor: actor::of(record),
            from_request,
            from_issuance: issued.map(|issued| record.ts.secs() - i64::from(issued)),
        });
    }

    fn note_refusal(&mut self, record: &Record<'_>) {
        self.months.entry(Month::of(record.ts)).or_default().refused += 1;
        self.total.refused += 1;
        if let Some(template) = record.req.as_deref().and_then(|req| req.template.as_deref()) {
            self.templates.of(template).refused += 1;
        }
        let mishap = self.mishap(record);
        let code = record.err.as_deref().map_or_else(|| record.ev.name(), |error| error.code.as_str());
        *self.refusal_reasons.of(code) += 1;
        self.refusals.push(mishap);
    }

    fn note_actor(&mut self, record: &Record<'_>) {
        let Some(actor) = record.actor.as_deref() else { return };
        let deeds = self.actors.of(&actor::shown(actor));
        deeds.kind = kind_of(actor);
        deeds.auth = authentication_of(actor);
        deeds.records += 1;
        deeds.issued += u64::from(record.ev.issues());
        deeds.revoked += u64::from(record.ev == Event::CertRevoked);
        deeds.refused += u64::from(record.out == Outcome::Denied);
        deeds.first.get_or_insert(record.ts);
        deeds.last = Some(record.ts);
        for (name, value) in &actor.claimed {
            *deeds.claims.of(&format!("{name}={value}")) += 1;
        }
    }

    /// What tells of the log and its keepers rather than of a certificate.
    fn note_log(&mut self, record: &Record<'_>) {
        let text = |name: &str| record.x.get(name).and_then(|value| value.as_str());
        match record.ev {
            Event::LogGenesis => self.origin = text("origin").map(str::to_owned),
            Event::SessionStart => {
                *self.versions.of(text("version").unwrap_or("(not recorded)")) += 1;
                *self.hosts.of(text("host").unwrap_or("(not recorded)")) += 1;
            }
            Event::CrlSigned => {
                let crl = record.crl_facts();
                let lists = self.lists.of(crl.as_ref().map_or("(not recorded)", |crl| &crl.iss));
                lists.signed += 1;
                lists.number = crl.as_ref().map(|crl| crl.number);
                lists.entries = crl.as_ref().map(|crl| crl.entries);
                lists.next_update = crl.map(|crl| crl.next);
            }
            Event::AuditExport => self.handed_out.push(self.mishap(record)),
            Event::SessionCrash
            | Event::ClockStep
            | Event::ClockRegressed
            | Event::AuditDegraded
            | Event::AuditRollbackDetected
            | Event::AuditForkDetected
            | Event::CertIssueAbandoned
            | Event::CertIssueIndeterminate
            | Event::CertRevokeFailed
            | Event::ReconcileFinding => self.alarms.push(self.mishap(record)),
            _ => {}
        }
    }

    /// Follows intents to their ends, as `audit verify` does, for a log that it has found in order.
    fn pair(&mut self, record: &Record<'_>) {
        if let Some(intent) = record.ev.opens() {
            let open = OpenIntentFigures {
                seq: record.seq,
                at: record.ts,
                intent,
                subject: subject_of(record),
                template: record.req.as_deref().and_then(|req| req.template.clone()),
                actor: actor::of(record),
                remaining: record.count(),
                indeterminate: false,
            };
            self.open.insert((record.op, intent), open);
        } else if let Some(intent) = record.ev.closes().filter(|_| !(record.ev.issues() && record.is_imported())) {
            if intent == Intent::Revoke {
                self.asked.remove(&record.op);
            }
            if let Some(open) = self.open.get_mut(&(record.op, intent)) {
                open.remaining = if record.ev.closes_all() { 0 } else { open.remaining.saturating_sub(1) };
                if open.remaining == 0 {
                    self.open.remove(&(record.op, intent));
                }
            }
        } else if record.ends_unknown() {
            self.open.remove(&(record.op, Intent::Issue));
        } else if let Some(intent) = record.ev.continues()
            && let Some(open) = self.open.get_mut(&(record.op, intent))
        {
            open.indeterminate |= record.ev == Event::CertIssueIndeterminate;
        }
    }

    fn mishap(&self, record: &Record<'_>) -> Mishap {
        let mut subject = subject_of(record);
        if let (true, Some((op, names))) = (subject.is_empty(), &self.latest)
            && *op == record.op
        {
            subject.clone_from(names);
        }
        let error = record.err.as_deref().map(|error| error.text.clone());
        let said = record.why.as_deref().and_then(|why| why.text.clone());
        let place = |target: &TargetFacts| match &target.method {
            Some(method) => format!("{} ({method})", target.id),
            None => target.id.clone(),
        };
        Mishap {
            seq: record.seq,
            at: record.ts,
            event: record.ev,
            subject,
            place: record.tgt.as_deref().map(place).unwrap_or_default(),
            text: error.or(said).unwrap_or_else(|| facts_of(record)),
            actor: actor::of(record),
        }
    }
}

/// The first 16 bytes of a fingerprint: enough to tell certificates apart that a CA gave random serial numbers.
fn short(sha256: &Sha256) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&sha256[..16]);
    short
}

/// The names of the certificate or request that a record is about; for a batch, how many it has.
fn subject_of(record: &Record<'_>) -> String {
    match (record.cert.as_deref(), record.req.as_deref()) {
        (Some(cert), _) => names_of_certificate(cert),
        (None, Some(RequestFacts { count: Some(count), .. })) => format!("{count} certificates"),
        (None, Some(req)) => names(&req.names),
        (None, None) => String::new(),
    }
}

fn names_of_certificate(cert: &CertificateFacts) -> String {
    names(&cert.san)
}

/// The name in the inventory, else the first names of the certificate.
fn names(list: &[String]) -> String {
    if let Some(name) = list.iter().find_map(|name| name.strip_prefix("name:")) {
        return name.to_owned();
    }
    let shown = list.iter().take(NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    if list.len() > NAMES { format!("{shown}, and {} more", list.len() - NAMES) } else { shown }
}

/// The further facts of a record in one line.
fn facts_of(record: &Record<'_>) -> String {
    let shown = record.x.iter().map(|(name, value)| match value.as_str() {
        Some(text) => format!("{name} {text}"),
        None => format!("{name} {value}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}
