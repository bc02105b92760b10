//! What both benchmarks begin with.

use std::path::Path;
use std::sync::Arc;

use certroll_base::clock::{Clock, SystemClock};
use certroll_base::secret::Secret;
use certroll_core::lifecycle::issuance::authority::{self, AuthorityKey, CreateRequest};
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::session::Session;
use certroll_core::lifecycle::session::home_key::Opener;
use certroll_core::store::Pointers;
use certroll_core::template::Overrides;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::name::distinguished_name::DistinguishedName;

/// Any error: a benchmark ends with it.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// A fresh home with one CA.
pub(crate) fn home(directory: &Path, name: &str) -> Result<Session, Failure> {
    let home = Home::new(directory.join(name));
    let passphrase = Secret::new("bench passphrase".to_owned());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let opener = Opener::Passphrase(passphrase.clone());
    certroll_core::config::found(home.clone(), "bench".to_owned(), &opener, clock.clone())?;
    let mut session = certroll_core::config::session(home, passphrase, clock, None)?;
    let request = CreateRequest {
        name: "ca".to_owned(),
        template: None,
        parent: None,
        subject: Some(DistinguishedName::parse("O=Bench, CN=Bench CA")?),
        key: AuthorityKey::Home(Some(KeyAlgorithm::EcP256)),
        lifetime: None,
        overrides: Overrides::default(),
        pointers: Pointers::default(),
        why: None,
    };
    authority::create(&mut session, request)?;
    Ok(session)
}
