//! The ways to answer an ACME server's challenges, against real DNS servers and without an ACME server.

mod orders;
mod updates;

use std::path::Path;
use std::sync::Arc;

use certroll_base::clock::{Clock, SystemClock};
use certroll_base::encoding::{base64, sha256};
use certroll_base::secret::Secret;
use certroll_core::issuer::acme::challenge::{self, Challenge, ChallengeKind, Solver};
use certroll_core::issuer::{IssuerError, IssuerSettings, RemoteIssuer, SecretPlace, Secrets};
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::session::home_key::HomeKeys;
use certroll_core::lifecycle::session::issuer_memory::IssuerMemory;
use certroll_pki::key::encryption::{Decryptor, KeyEncryption};

/// The issuer whose challenges they are.
const ISSUER: &str = "le";

/// Secrets in files alone.
struct Files;

impl Secrets for Files {
    fn secret(&self, place: &SecretPlace) -> std::io::Result<Option<Secret>> {
        match place {
            SecretPlace::File(file) => Secret::from_file(file).map(Some),
            _ => Err(std::io::ErrorKind::Unsupported.into()),
        }
    }

    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
}

/// A connection with a memory in the home `root`.
fn connection(root: &Path, clock: Arc<dyn Clock>) -> RemoteIssuer {
    let passphrase = Secret::new("correct horse".to_owned());
    let encryption = Arc::new(KeyEncryption::new(&passphrase, 1).expect("a key can be derived"));
    let keys = Arc::new(HomeKeys::under_passphrase(encryption, Decryptor::new(passphrase)));
    RemoteIssuer {
        name: ISSUER.to_owned(),
        settings: IssuerSettings::default(),
        root: root.to_owned(),
        clock,
        memory: Arc::new(IssuerMemory::new(&Home::new(root.to_owned()), ISSUER, keys)),
        secrets: Arc::new(Files),
    }
}

/// The solver of a table `[issuers.le.challenge]`.
fn solver(root: &Path, table: &str) -> Result<Box<dyn Solver>, IssuerError> {
    solver_at(root, table, Arc::new(SystemClock))
}

fn solver_at(root: &Path, table: &str, clock: Arc<dyn Clock>) -> Result<Box<dyn Solver>, IssuerError> {
    let settings: challenge::ChallengeSettings =
        toml::from_str(table).unwrap_or_else(|error| panic!("{table}: {error}"));
    challenge::solver(ISSUER, &settings, &connection(root, clock))
}

/// A challenge of type dns-01; each `token` gives a value of its own.
fn dns(name: &str, wildcard: bool, token: &str) -> Challenge {
    let key_authorization = format!("{token}.thumbprint");
    let digest = sha256(key_authorization.as_bytes()).to_vec();
    Challenge {
        kind: ChallengeKind::Dns01,
        identifier: name.to_owned(),
        ip: false,
        wildcard,
        token: token.to_owned(),
        dns_value: base64(&digest).replace('+', "-").replace('/', "_").replace('=', ""),
        key_authorization,
        digest,
    }
}

/// What is remembered of open challenges.
fn notes(root: &Path) -> Vec<String> {
    connection(root, Arc::new(SystemClock)).memory.notes("challenge-").expect("the memory can be read")
}
