//! One issuance put together from the library's pieces, in the right order or in a wrong one: what the harness must tell
//! apart. Nothing of this is in the program.
//!
//! The CA's key is behind a door that remembers, as a hardware module with a counter would: each signature leaves a file in
//! `signed/`, named by the SHA-256 of what was signed.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use certroll_base::clock::{Clock, FixedClock, SystemClock};
use certroll_base::durable;
use certroll_base::encoding::{hex, sha256};
use certroll_base::secret::Secret;
use certroll_core::audit::record::draft::Draft;
use certroll_core::audit::record::event::Event;
use certroll_core::audit::record::facts::{CertificateFacts, Outcome, Reference, RequestFacts};
use certroll_core::audit::record::value::Id;
use certroll_core::config;
use certroll_core::issuer::{
    Announced, Approved, ErrorClass, Issued, IssuerError, PendingRequest, Progress, Request, SigningPlan,
};
use certroll_core::lifecycle::issuance::context::IssuingContext;
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::session::Session;
use certroll_core::policy::{PolicyContext, SubjectKind};
use certroll_core::store::{
    CertificateEntry, Change, IntentMemory, IntentSubject, NewCertificate, OpenIntent, RequestDigest,
};
use certroll_core::template::{Overrides, TemplateInputs};
use certroll_keystore::{Entry, EntryKey, Item, formats};
use certroll_pki::container::pem;
use certroll_pki::digest::KeyHash;
use certroll_pki::key::KeyPair;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::validity::RenewBefore;
use certroll_tlog::{Checkpoint, LogKey, VerifierKey, leaf_hash};

use super::stage::{KEYSTORE, NAME};
use crate::announce::announced;
use crate::home::{PASSPHRASE, STOREPASS, TestHome};

/// In which order the steps are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Right,
    /// The CA signs before the intent is durable.
    ActFirst,
    /// The file is written before the certificate is on record.
    ReleaseFirst,
    /// The checkpoint is published before the record that it covers is durable.
    PublishFirst,
    /// The file is written under its own name, and not renamed to it when whole.
    InPlace,
}

const ORDER: &str = "CERTROLL_TEST_FAULTS_ORDER";
const ALL: [Order; 5] = [Order::Right, Order::ActFirst, Order::ReleaseFirst, Order::PublishFirst, Order::InPlace];

impl Order {
    fn name(self) -> String {
        format!("{self:?}")
    }
}

/// A process of its own that issues in that order: this test binary, told to run the test below on its main thread.
pub(super) fn command(order: Order, root: &Path) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command.args(["--exact", "faults::variants::an_issuance_from_pieces", "--test-threads=1", "--nocapture"]);
    command.current_dir(root).env(ORDER, order.name());
    command
}

/// In a directory prepared by a stage: one issuance in the order given. By itself: the right order, in a home of its own.
#[test]
fn an_issuance_from_pieces() {
    let order = env::var(ORDER).unwrap_or_else(|_| Order::Right.name());
    let order = ALL.into_iter().find(|one| one.name() == order).expect("a known order");
    if env::var_os(ORDER).is_some() {
        return Issuance::prepare(Path::new("home"), PathBuf::from(KEYSTORE), "signed".into()).run(order);
    }
    let home = TestHome::quick();
    fs::create_dir(home.path("out")).expect("a directory can be made");
    Issuance::prepare(&home.path("home"), home.path(KEYSTORE), home.path("signed")).run(order);
    assert_eq!(home.verify()["open_intents"], serde_json::json!([]));
    assert_eq!((home.records("cert.issued").len(), home.names("signed").len()), (1, 1));
    home.ok(&["inspect", KEYSTORE]);
}

struct Issuance {
    services: Session,
    desk: IssuingContext,
    clock: FixedClock,
    keystore: PathBuf,
    signed: PathBuf,
    key: KeyPair,
    spki: Vec<u8>,
    approved: Option<Approved<Request>>,
    announced: Option<Announced<Approved<Request>>>,
    plan: Option<SigningPlan>,
    op: Id,
    reference: Option<Reference>,
    issued: Option<Issued>,
    id: i64,
}

impl Issuance {
    fn prepare(home: &Path, keystore: PathBuf, signed: PathBuf) -> Self {
        // A clock that stands still: only so can a checkpoint over a record be made before the record.
        let clock = FixedClock(SystemClock.now());
        let passphrase = Secret::new(PASSPHRASE.to_owned());
        let mut services =
            config::session(Home::new(home.to_owned()), passphrase, Arc::new(clock), None).expect("a home");
        let template = services.template("jms-client").expect("it is shipped").clone();
        let desk =
            IssuingContext::open(&mut services, &template, None, &Overrides::default()).expect("one CA to issue from");
        let key = KeyPair::generate("ec:p256".parse().expect("a kind of key")).expect("a key can be made");
        let content = template.apply(&TemplateInputs {
            name: NAME,
            subject: None,
            names: &[],
            parameters: &BTreeMap::new(),
            lifetime: None,
            now: clock.now(),
            profile: &desk.profile,
        });
        let content = content.expect("the template takes a name");
        let spki = key.spki().to_vec();
        let (name, template) = (NAME.to_owned(), "jms-client".to_owned());
        let request = Request {
            name,
            template,
            content,
            csr: None,
            replaces: None,
            predecessor: None,
            tolerated: Vec::new(),
            spki,
            key: None,
        };
        let context = PolicyContext {
            template: "jms-client",
            kind: SubjectKind::EndEntity,
            chain: &desk.chain,
            issuer_key: desk.issuer_key.as_ref(),
            key: &"ec:p256".into(),
            own_key: true,
            key_known: false,
            spki: &[],
            key_flaws: &[],
            outlives_issuer: false,
        };
        let spki = request.spki.clone();
        let approved = services.policies.approve(&context, request).expect("policy allows it");
        let plan = Some(desk.issuer.plan(&approved).expect("a plan"));
        let op = Id::new(clock.now());
        Self {
            services,
            desk,
            clock,
            keystore,
            signed,
            key,
            spki,
            approved: Some(approved),
            announced: None,
            plan,
            op,
            reference: None,
            issued: None,
            id: 0,
        }
    }

    fn run(mut self, order: Order) {
        use Order::{ActFirst, InPlace, PublishFirst, ReleaseFirst, Right};
        match order {
            Right | InPlace | ReleaseFirst | PublishFirst => {
                self.intend();
                self.act();
            }
            ActFirst => {
                self.act();
                self.intend();
            }
        }
        let (record, change) = self.outcome();
        match order {
            ReleaseFirst => self.release(order),
            PublishFirst => self.publish_ahead(&record),
            _ => {}
        }
        let changes = vec![change, Change::CloseIntent(self.op)];
        let appended = self.services.journal.append(vec![record], changes).expect("the log can be written");
        self.id = appended.certificates.first().copied().expect("a certificate was added");
        self.services.journal.publish().expect("the checkpoint can be written");
        if order != ReleaseFirst {
            self.release(order);
        }
        let mut record = self.services.journal.draft(Event::CertDeployed, Outcome::Ok, self.op);
        record.reference = None;
        let delivered = Change::Delivered { ids: vec![self.id], drop_keys: true };
        self.services.journal.commit(vec![record], vec![delivered]).expect("the log can be written");
    }

    fn tbs(&self) -> [u8; 32] {
        self.plan.as_ref().and_then(|plan| plan.tbs_sha256).unwrap_or_default()
    }

    fn intend(&mut self) {
        let spki = sha256(&self.spki);
        // What was planned may be spent by now, if the order is wrong; the door remembers it.
        let tbs = if self.plan.is_some() { hex(&self.tbs()) } else { self.remembered() };
        let mut record = self.services.journal.draft(Event::CertIssueIntent, Outcome::Pending, self.op);
        record.req = Some(RequestFacts {
            names: vec![format!("name:{NAME}")],
            tbs: Some(serde_json::from_value(tbs.into()).expect("a digest")),
            spki: Some(spki.into()),
            ..RequestFacts::default()
        });
        let open = OpenIntent {
            op: self.op,
            session: self.services.journal.session(),
            name: NAME.to_owned(),
            issuer: self.desk.issuer.name().to_owned(),
            issuer_kind: self.desk.issuer.kind().to_owned(),
            subject: IntentSubject::Issuance(Some(KeyHash::new(spki))),
            handle: None,
            key: Some(self.services.encrypt(&self.key).expect("it can be encrypted")),
            csr: None,
            memory: IntentMemory::default(),
            due: None,
            in_doubt: false,
            count: 1,
            reference: (0, [0; 32]),
        };
        let changes = vec![Change::OpenIntent { intent: Box::new(open), record: 0 }];
        let appended = match self.approved.take() {
            Some(approved) => {
                let announced = self.services.journal.announce(Vec::new(), record, changes, approved);
                let (appended, announced) = announced.expect("the log can be written");
                self.announced = Some(announced);
                appended
            }
            // The order is wrong, and the act was done before.
            None => self.services.journal.append(vec![record], changes).expect("the log can be written"),
        };
        let (seq, leaf) = appended.reference(0).expect("one record");
        self.reference = Some(Reference { seq, leaf: leaf.into() });
    }

    fn remembered(&self) -> String {
        let entry = fs::read_dir(&self.signed).expect("it can be read").flatten().next().expect("it has signed");
        entry.file_name().to_string_lossy().into_owned()
    }

    fn act(&mut self) {
        let tbs = self.tbs();
        let mut checkpoint = |_: &str| Err(IssuerError::new("ca", ErrorClass::Unsupported, "no handles here"));
        let plan = self.plan.take().expect("it is planned");
        let key_hash = Some(KeyHash::of(&self.spki));
        let ticket = PendingRequest {
            op: self.op,
            key_hash,
            names: Vec::new(),
            key_kind: None,
            replaces: None,
            csr: None,
            until: None,
            handle: None,
        };
        // Whoever acts first has to have announced it somewhere: into a log of no consequence.
        let request = self.announced.take().or_else(|| self.approved.take().map(announced)).expect("it is approved");
        let answer = self.desk.issuer.submit(request, plan, &ticket, &mut checkpoint).expect("it signs");
        let Progress::Issued(issued) = answer else { panic!("a private CA answers at once") };
        self.issued = Some(issued);
        durable::create_directory(&self.signed).expect("a directory can be made");
        durable::write(&self.signed.join(hex(&tbs)), b"", durable::PRIVATE).expect("a file can be written");
    }

    fn outcome(&self) -> (Draft, Change) {
        let issued = self.issued.as_ref().expect("it is signed");
        let certificate = Certificate::from_der(&issued.certificate).expect("a certificate");
        let mut record = self.services.journal.draft(Event::CertIssued, Outcome::Ok, self.op);
        record.reference = self.reference;
        record.cert = Some(CertificateFacts {
            iss: self.desk.issuer.name().to_owned(),
            sn: certificate.serial.to_string(),
            sha256: certificate.fingerprint().into(),
            spki: certificate.key_hash().into(),
            san: vec![format!("name:{NAME}")],
            nb: certificate.validity.not_before,
            na: certificate.validity.not_after,
            alg: "ec:p256".to_owned(),
            prev: None,
        });
        let entry = CertificateEntry {
            id: 0,
            name: NAME.to_owned(),
            template: "jms-client".to_owned(),
            issuer: self.desk.issuer.name().to_owned(),
            serial: certificate.serial.clone(),
            subject: certificate.subject.to_string(),
            names: Vec::new(),
            validity: certificate.validity,
            renew_before: "30d".parse::<RenewBefore>().expect("a span"),
            key: "ec:p256".into(),
            key_hash: certificate.key_hash(),
            fingerprint: certificate.fingerprint(),
            request_digest: RequestDigest::new([0; 32]),
            request: None,
            delivered: false,
            revoked: None,
            replaced_by: None,
        };
        let key = Some(self.services.encrypt(&self.key).expect("it can be encrypted"));
        let new = NewCertificate { entry, der: issued.certificate.clone(), key, chain: Vec::new() };
        (record, Change::AddCertificate(Box::new(new)))
    }

    fn publish_ahead(&self, record: &Draft) {
        let mut head = self.services.journal.store().stored_head().expect("the head can be read");
        let line = record.seal(head.size(), self.clock.now()).expect("it can be sealed");
        head.push(leaf_hash(&line));
        let home = &self.services.home;
        let text = fs::read(home.log_key()).expect("the log key can be read");
        let plain = self.services.keys.open(pem::read(&text).expect("it is PEM")[0].der.expose()).expect("it opens");
        let verifier = fs::read_to_string(home.verifier_key()).expect("the public key can be read");
        let verifier = VerifierKey::parse(verifier.trim_end()).expect("a public key");
        let key = LogKey::from_pkcs8(verifier.name(), plain.expose()).expect("a key");
        let checkpoint = Checkpoint { origin: verifier.name().to_owned(), size: head.size(), root: head.root() };
        let signed = checkpoint.sign(&key).expect("it can be signed");
        durable::write(&home.checkpoint(), &signed, durable::PUBLIC).expect("it can be written");
    }

    fn release(&self, order: Order) {
        let password = Secret::new(STOREPASS.to_owned());
        let issued = self.issued.as_ref().expect("it is signed");
        let chain = [vec![issued.certificate.clone()], issued.chain.clone()].concat();
        let key = EntryKey::Plain(self.key.to_pkcs8().expect("it can be encoded"));
        let entry = Entry::new(NAME.to_owned(), None, Item::Key { key, chain });
        let format = &formats::PKCS12;
        let bytes = format.write(&[entry], &format.options(&password, self.clock.now())).expect("it can be written");
        if order == Order::InPlace {
            fs::write(&self.keystore, &bytes).expect("it can be written");
        } else {
            durable::write(&self.keystore, &bytes, durable::PRIVATE).expect("it can be written");
        }
    }
}
