//! The issuers at AWS in the suite, against the server that answers as AWS documents it.
//!
//! Credentials come by AWS's own chain, which reads the environment: so the suite runs in a process that was started with
//! one.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use certroll_base::clock::{Clock, FixedClock, SystemClock, Timestamp};
use certroll_base::encoding::from_hex;
use certroll_base::lock::Lock;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_core::audit::record::value::Id;
use certroll_core::hint::Hint;
use certroll_core::hint::issuer::IssuerHint;
use certroll_core::issuer::registry::{self, Opener};
use certroll_core::issuer::{
    IssuanceReport, Issuer, IssuerSettings, Memory, PendingRequest, Recovery, RemoteIssuer, SecretPlace, Secrets,
};
use certroll_pki::key::KeyPair;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::extensions::ExtensionProfile;
use certroll_pki::x509::request;
use certroll_pki::x509::signing::CertificateContent;
use certroll_pki::x509::validity::{Lifetime, Validity};
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::bench::ISSUER;
use super::suite::Backend;
use crate::announce::announced;
use crate::aws::replay::{ACCESS_KEY, CA, Known, Replay};

/// One of the two kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    AcmPca,
    /// With a private CA, so that renewals can be asked for, and with keys that are exported.
    Acm,
}

impl Service {
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::AcmPca, Self::Acm].into_iter().find(|service| format!("{service:?}") == name)
    }
}

pub(crate) struct Aws {
    service: Service,
    replay: Replay,
}

impl Aws {
    pub(crate) fn at(directory: &Path, service: Service) -> Self {
        Self { service, replay: Replay::at(directory) }
    }

    fn with_profile(&self, profile: &str) -> Box<dyn Issuer> {
        let url = self.replay.url();
        let reaching = [("ca_arn", CA), ("endpoint", &url), ("profile", profile)];
        match self.service {
            Service::AcmPca => open("aws-acmpca", &self.replay, Arc::new(SystemClock), &reaching),
            Service::Acm => {
                let settings = [&reaching[..], &[("export", "true")]].concat();
                open("aws-acm", &self.replay, Arc::new(SystemClock), &settings)
            }
        }
    }

    /// Those of the service in question.
    fn known(&self) -> Vec<Known> {
        let known = self.replay.state().known.into_iter();
        known.filter(|known| (known.kind == "PRIVATE-CA") == (self.service == Service::AcmPca)).collect()
    }
}

/// Opens an issuer of that kind with those settings, with a directory for its notes.
fn open(kind: &str, replay: &Replay, clock: Arc<dyn Clock>, settings: &[(&str, &str)]) -> Box<dyn Issuer> {
    let directory = replay.directory();
    let kind = registry::kind(kind).expect("the kind is in the registry");
    let Opener::Elsewhere { check, open } = &kind.opener else { panic!("{} is elsewhere", kind.name) };
    let table = settings.iter().map(|(key, value)| {
        let value = value.parse::<bool>().map_or_else(|_| Value::from(*value), Value::from);
        ((*key).to_owned(), value)
    });
    let table: BTreeMap<_, _> = table.collect();
    let settings = IssuerSettings(Map::<String, Value>::from_iter(table));
    check(&settings).expect("the settings are good");
    let connection = RemoteIssuer {
        name: ISSUER.to_owned(),
        settings,
        root: directory.to_owned(),
        clock,
        memory: Arc::new(Notes { directory: directory.join("notes") }),
        secrets: Arc::new(NoSecrets),
    };
    open(connection).unwrap_or_else(|error| panic!("{error:?}"))
}

impl Backend for Aws {
    fn open(&self) -> Box<dyn Issuer> {
        self.with_profile("good")
    }

    fn spec(&self) -> String {
        format!("{:?}::{}", self.service, self.replay.directory().display())
    }

    fn sibling(&self, number: usize) -> Box<dyn Backend> {
        super::copied(self, number)
    }

    fn issued(&self) -> Option<Vec<Vec<u8>>> {
        let known = self.known();
        let all = known.iter().flat_map(|known| known.before.iter().chain([&known.der])).filter(|der| !der.is_empty());
        Some(all.map(|der| from_hex(der).expect("hexadecimal")).collect())
    }

    fn revoked(&self) -> usize {
        self.known().iter().filter(|known| known.revoked.is_some()).count()
    }

    fn with_wrong_credential(&self) -> Option<Box<dyn Issuer>> {
        Some(self.with_profile("wrong"))
    }

    fn answer_late(&self, _questions: usize) -> bool {
        false
    }
}

/// Notes in a directory.
struct Notes {
    directory: PathBuf,
}

impl Memory for Notes {
    fn note(&self, item: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.directory.join(item)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }

    fn keep_note(&self, item: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.directory)?;
        fs::write(self.directory.join(item), bytes)
    }

    fn notes(&self, prefix: &str) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(&self.directory).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        Ok(names.filter(|name| name.starts_with(prefix)).collect())
    }

    fn key(&self, _item: &str) -> io::Result<Option<SecretBytes>> {
        Ok(None)
    }

    fn keep_key(&self, _item: &str, _pkcs8: &SecretBytes) -> io::Result<()> {
        Err(io::Error::other("no issuer at AWS keeps a key of its own"))
    }

    fn forget(&self, item: &str) -> io::Result<()> {
        fs::remove_file(self.directory.join(item))
    }

    fn promote_key(&self, _from: &str, _to: &str) -> io::Result<()> {
        Err(io::Error::other("no issuer at AWS keeps a key of its own"))
    }

    fn try_lock(&self, item: &str) -> io::Result<Option<Lock>> {
        self.lock(item).map(Some)
    }

    fn lock(&self, item: &str) -> io::Result<Lock> {
        fs::create_dir_all(&self.directory)?;
        Lock::acquire(&self.directory.join(format!("{item}.lock")))
    }
}

struct NoSecrets;

impl Secrets for NoSecrets {
    fn secret(&self, _place: &SecretPlace) -> io::Result<Option<Secret>> {
        Ok(None)
    }

    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
}

/// Runs the suite, or what else is named so, in a process that has the profiles `good` and `wrong`.
fn in_a_process(what: &str) {
    let room = TempDir::with_prefix("certroll-aws-").expect("a temporary directory can be made");
    let profiles = room.path().join("config");
    let profile = |name: &str, key: &str| {
        format!("[profile {name}]\naws_access_key_id = {key}\naws_secret_access_key = of-nobody\n")
    };
    fs::write(&profiles, profile("good", ACCESS_KEY) + &profile("wrong", "AKIAWRONG")).expect("a file can be written");
    let mut suite = Command::new(std::env::current_exe().expect("the program of the tests is known"));
    suite.args(["issuers::aws::the_suite_in_a_process_of_its_own", "--exact", "--nocapture"]);
    suite.env("SUITE_SERVICE", what).env("AWS_CONFIG_FILE", &profiles);
    suite.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_MAX_ATTEMPTS", "1");
    // Keys in the environment must not outweigh the profile that the settings name.
    suite.env("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT").env("AWS_SECRET_ACCESS_KEY", "of-nobody");
    for variable in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "HTTP_PROXY", "http_proxy"] {
        suite.env_remove(variable);
    }
    let output = suite.stdin(Stdio::null()).output().expect("a process can be started");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn private_ca_at_aws_conforms() {
    in_a_process("AcmPca");
}

#[test]
fn certificate_manager_conforms() {
    in_a_process("Acm");
}

#[test]
fn what_the_token_no_longer_tells_the_report_does() {
    in_a_process("forgotten");
}

/// A request whose answer was lost: found by its token for five minutes, by the audit report for good.
fn forgotten() {
    let room = TempDir::with_prefix("certroll-aws-").expect("a temporary directory can be made");
    let replay = Replay::at(room.path());
    let url = replay.url();
    let settings = [
        ("ca_arn", CA),
        ("endpoint", &url),
        ("profile", "good"),
        ("audit_bucket", "reports"),
        ("audit_reports", "fetched"),
    ];
    let now = SystemClock.now();
    let at = |secs: i64| open("aws-acmpca", &replay, Arc::new(FixedClock(now.plus_secs(secs))), &settings);
    let lost = pending(now);
    let Ok(Recovery::Found(first)) = at(60).recover(&lost) else { panic!("the token finds it") };
    let Ok(Recovery::Found(again)) = at(120).recover(&lost) else { panic!("the token finds it again") };
    assert_eq!((first.certificate.clone(), replay.state().known.len()), (again.certificate, 1));
    let late = at(3_600);
    for pending in [&lost, &pending(now)] {
        let Ok(Recovery::Unknowable { hint, .. }) = late.recover(pending) else { panic!("nobody can tell") };
        let Some(Hint::Issuer(IssuerHint::ReadAuditReport { issuer, configured: true, .. })) = hint else {
            panic!("{hint:?}")
        };
        assert_eq!(issuer, ISSUER);
    }
    assert_eq!(replay.state().known.len(), 1, "asking signs nothing once the token is forgotten");
    let fetch =
        late.reporter().expect("there is a bucket").report(announced(IssuanceReport)).expect("a report is written");
    let key = fetch.split("s3://reports/").nth(1).and_then(|rest| rest.split(' ').next()).expect("a command");
    let from = room.path().join("bucket/reports").join(key);
    fs::create_dir(room.path().join("fetched")).expect("a directory can be made");
    let to = room.path().join("fetched").join(from.file_name().expect("a name"));
    fs::copy(from, to).expect("a report can be fetched");
    let Ok(Recovery::Found(found)) = late.recover(&lost) else { panic!("the report finds it") };
    assert_eq!(found.certificate, first.certificate);
    // Of one that was never signed the report proves that there is none.
    assert!(matches!(late.recover(&pending(now)), Ok(Recovery::Nothing)));
    // Not of one that was begun after the report was asked for.
    let Ok(Recovery::Unknowable { .. }) = at(7_200).recover(&pending(now.plus_secs(3_500))) else {
        panic!("it is too old")
    };
}

/// A request with a key of its own, begun at that time.
fn pending(begun: Timestamp) -> PendingRequest {
    let key = KeyPair::generate("ec:p256".parse().expect("a kind of key")).expect("a key can be made");
    let content = CertificateContent {
        subject: DistinguishedName::parse("CN=lost").expect("a name"),
        names: Vec::new(),
        validity: Validity::starting(begun, Lifetime::Seconds(86_400)),
        extensions: Arc::new(ExtensionProfile::default()),
    };
    PendingRequest {
        op: Id::new(begun),
        key_hash: Some(key.key_hash()),
        names: Vec::new(),
        key_kind: "ec:p256".to_owned(),
        replaces: None,
        csr: Some(request::make(&content, &key).expect("a request can be made")),
        until: Some(begun.plus_secs(86_400)),
        handle: None,
    }
}

#[test]
fn the_suite_in_a_process_of_its_own() {
    // Another test starts it with an environment; on its own it has nothing to do.
    let Ok(service) = std::env::var("SUITE_SERVICE") else { return };
    if service == "forgotten" {
        return forgotten();
    }
    assert_eq!(super::defects_of(&service, "", &std::env::var("SUITE_ONLY").unwrap_or_default()), Vec::<String>::new());
}
