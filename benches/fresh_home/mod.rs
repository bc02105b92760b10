//! What both benchmarks begin with.

use std::path::Path;
use std::sync::Arc;

use certroll::base::clock::{Clock, SystemClock};
use certroll::base::secret::Secret;
use certroll::lifecycle::authority::{self, AuthorityKey, CreateRequest};
use certroll::lifecycle::home::Home;
use certroll::lifecycle::services::Services;
use certroll::pki::distinguished_name::DistinguishedName;
use certroll::pki::key::KeyAlgorithm;
use certroll::store::Pointers;
use certroll::template::Overrides;

/// Any error: a benchmark ends with it.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// A fresh home with one CA.
pub(crate) fn home(directory: &Path, name: &str) -> Result<Services, Failure> {
    let home = Home::new(directory.join(name));
    let passphrase = Secret::new("bench passphrase".to_owned());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    certroll::config::found(home.clone(), "bench".to_owned(), &passphrase, clock.clone())?;
    let mut services = certroll::config::services(home, passphrase, clock, None)?;
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
    authority::create(&mut services, request)?;
    Ok(services)
}
