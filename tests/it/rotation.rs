//! Many rotations in one command: at the same time, within bounds, and none in the way of another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use certroll_base::clock::{SystemClock, Timestamp};
use certroll_base::secret::Secret;
use certroll_core::config;
use certroll_core::error::ErrorKind;
use certroll_core::issuer::{
    Announced, Approved, Capabilities, ErrorClass, HandleCheckpoint, Issuer, IssuerError, PendingRequest, Progress,
    Recovery, Request, SigningPlan,
};
use certroll_core::lifecycle::issuance::issue;
use certroll_core::lifecycle::issuance::request::{IssueRequest, KeySource};
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::rotation::RotateRequest;
use certroll_core::lifecycle::rotation::many::rotate_all;
use certroll_core::lifecycle::session::Session;
use certroll_core::store::Query;

use crate::home::{PASSPHRASE, TestHome, text};
use crate::issuers::fake::{Fake, Manner};

const ISSUER: &str = "elsewhere";
const COUNT: usize = 24;

/// A back end that takes its time, and knows how many requests it had at once.
struct Slow {
    inner: Fake,
    turn: Arc<Mutex<()>>,
    seen: Arc<Seen>,
    /// Every request is refused until then.
    limit: Option<Timestamp>,
}

#[derive(Default)]
struct Seen {
    now: AtomicUsize,
    most: AtomicUsize,
    all: AtomicUsize,
}

impl Issuer for Slow {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn kind(&self) -> &'static str {
        self.inner.kind()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn check(&self, now: Timestamp) -> Result<(), IssuerError> {
        self.inner.check(now)
    }

    fn plan(&self, request: &Approved<Request>) -> Result<SigningPlan, IssuerError> {
        self.inner.plan(request)
    }

    fn submit(
        &self,
        request: Announced<Approved<Request>>,
        plan: SigningPlan,
        ticket: &PendingRequest,
        checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        self.seen.all.fetch_add(1, Ordering::SeqCst);
        let now = self.seen.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.seen.most.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(40));
        self.seen.now.fetch_sub(1, Ordering::SeqCst);
        if let Some(until) = self.limit {
            return Err(IssuerError::new(ISSUER, ErrorClass::RateLimited(Some(until)), "too many requests"));
        }
        let _lock = self.turn.lock().expect("no thread panicked");
        self.inner.submit(request, plan, ticket, checkpoint)
    }

    fn advance(&self, ticket: &PendingRequest, checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError> {
        self.inner.advance(ticket, checkpoint)
    }

    fn recover(&self, ticket: &PendingRequest) -> Result<Recovery, IssuerError> {
        self.inner.recover(ticket)
    }
}

fn session(home: &TestHome, seen: &Arc<Seen>, limit: Option<Timestamp>) -> Session {
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    let opened = config::session(Home::new(home.path("home")), passphrase, Arc::new(SystemClock), None);
    let mut session = opened.expect("the home can be opened");
    let (directory, turn, seen) = (home.path("elsewhere"), Arc::new(Mutex::new(())), seen.clone());
    let open = move || -> Result<Box<dyn Issuer>, IssuerError> {
        let inner = Fake::at(&directory, Manner::List, None);
        Ok(Box::new(Slow { inner, turn: turn.clone(), seen: seen.clone(), limit }))
    };
    session.remotes.add(ISSUER, Box::new(open));
    session
}

/// So many certificates from elsewhere, whose keys are kept in the home.
fn issue_all(session: &mut Session) {
    for at in 0..COUNT {
        let asked = IssueRequest {
            name: format!("host-{at:02}.example.net"),
            template: "https-server".to_owned(),
            issuer: Some(ISSUER.to_owned()),
            subject: None,
            names: Vec::new(),
            parameters: BTreeMap::new(),
            lifetime: None,
            key: KeySource::Generate(Some("ec:p256".parse().expect("a kind of key"))),
            outputs: Vec::new(),
            why: None,
            force: false,
        };
        issue::issue(session, asked).expect("it is issued");
    }
}

fn asked() -> RotateRequest {
    RotateRequest { issuer: None, reuse_key: false, request: None, password: None, why: None }
}

#[test]
fn several_are_under_way_at_once_and_no_more_than_asked_for() {
    let (home, seen) = (TestHome::founded(), Arc::new(Seen::default()));
    let mut session = session(&home, &seen, None);
    issue_all(&mut session);
    let current = Query { current: true, ..Query::default() };
    let before = session.journal.store().certificates(&current).expect("the inventory can be read");
    seen.most.store(0, Ordering::SeqCst);
    let done = AtomicUsize::new(0);
    let counted = || {
        done.fetch_add(1, Ordering::SeqCst);
    };
    let outcomes = rotate_all(&mut session, &before, &asked(), 6, &counted).expect("the log can be written");
    assert_eq!((outcomes.len(), done.into_inner()), (COUNT, COUNT));
    for (old, outcome) in before.iter().zip(&outcomes) {
        let new = outcome.as_ref().unwrap_or_else(|error| panic!("`{}`: {error:?}", old.name));
        assert_eq!(new.entry.name, old.name, "the outcomes are in the order of what was named");
        assert_ne!(new.entry.key_hash, old.key_hash);
    }
    let most = seen.most.load(Ordering::SeqCst);
    assert!((2..=6).contains(&most), "{most} at once");
    drop(session);
    let verified = home.verify();
    assert_eq!(verified["issued"], 2 * COUNT, "{verified}");
    assert_eq!(home.current().len(), COUNT);
}

#[test]
fn an_issuer_that_wants_to_be_left_alone_is() {
    let (home, seen) = (TestHome::founded(), Arc::new(Seen::default()));
    let mut first = session(&home, &seen, None);
    issue_all(&mut first);
    drop(first);
    let until = Timestamp::from_secs(4_102_444_800);
    let limited = Arc::new(Seen::default());
    let mut session = session(&home, &limited, Some(until));
    let current = Query { current: true, ..Query::default() };
    let before = session.journal.store().certificates(&current).expect("the inventory can be read");
    let outcomes = rotate_all(&mut session, &before, &asked(), 3, &|| ()).expect("the log can be written");
    for outcome in outcomes {
        let error = outcome.err().expect("it is refused");
        assert_eq!(error.kind, ErrorKind::Temporary(Some(until)), "{error:?}");
    }
    let sent = limited.all.load(Ordering::SeqCst);
    assert!((1..=3).contains(&sent), "{sent} requests were sent");
    drop(session);
    // Each of them is on record, sent or not, and nothing is open.
    assert_eq!(home.verify()["open"].as_array().map_or(0, Vec::len), 0);
    assert_eq!(home.records("cert.issue.failed").len(), sent);
    assert_eq!(home.records("cert.reject").len(), COUNT - sent);
}

/// Two certificates in one file: whoever reads it, changes it and writes it must not lose what the other wrote.
#[test]
fn certificates_that_share_a_keystore_do_not_lose_each_other() {
    let home = TestHome::new();
    let names: Vec<String> = (0..8).map(|at| format!("entry-{at}.example.net")).collect();
    for name in &names {
        home.ok(&["issue", name, "-t", "https-server", "--key", "ec:p256", "--keystore", "all.jks", "--alias", name]);
    }
    let serials = |home: &TestHome| -> BTreeSet<String> {
        let shown = home.ok(&["inspect", "all.jks", "--format", "json"]).json().to_string();
        let current = home.current();
        let entries = current.iter().filter(|one| text(one, "name").starts_with("entry-"));
        entries.map(|one| text(one, "serial").to_owned()).filter(|serial| shown.contains(serial)).collect()
    };
    let before = serials(&home);
    assert_eq!(before.len(), names.len());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    home.ok(&[&["rotate", "--jobs", "8"], names.as_slice()].concat());
    let after = serials(&home);
    assert_eq!(after.len(), names.len(), "an entry was lost");
    assert!(before.is_disjoint(&after));
    assert!(Path::new(&home.path("all.jks.previous")).exists());
}
