//! Found a home: settings, database, log key, and the first record.

use std::sync::Arc;

use serde_json::Value;

use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::hint::home::HomeHint;
use crate::lifecycle::journal::{Agent, Journal, store_key};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::home_key::{HomeKey, Opener};
use crate::store::StoreAccess;
use crate::store::registry::StoreKind;
use certroll_base::clock::Clock;
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::random;
use certroll_pki::container::pem::{self, Label};
use certroll_tlog::LogKey;

/// What a new home is made with.
pub struct FoundRequest<'a> {
    /// Where.
    pub home: Home,
    /// The text of its settings file.
    pub settings: String,
    /// The kind of its store.
    pub store: &'a StoreKind,
    /// Who the log belongs to: the first part of its origin, such as a domain name.
    pub origin: String,
    /// What will open it.
    pub opener: &'a Opener,
    /// Who founds it.
    pub agent: Agent,
    /// The present.
    pub clock: Arc<dyn Clock>,
}

/// Makes a home. The settings file comes last: a directory without it is no home, and can be tried again.
///
/// # Errors
/// The directory is a home already, or cannot be written.
pub fn found(asked: FoundRequest<'_>) -> Result<(), Error> {
    let home = &asked.home;
    if home.settings().exists() {
        return Err(Error::new(ErrorKind::Usage, format!("`{}` is a home already", home.root().display()))
            .hint(HomeHint::UseExisting));
    }
    if home.database().exists() {
        // Left by an init that was interrupted: without settings nothing was ever issued from it.
        for file in [home.database(), home.key(), home.log_key(), home.checkpoint(), home.verifier_key()] {
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::file(&file, "remove", error));
                }
                _ => {}
            }
        }
    }
    let root = home.root().to_owned();
    for directory in std::iter::once(root).chain(home.directories()) {
        durable::create_directory(&directory).map_err(|error| Error::file(&directory, "make the directory", error))?;
    }
    // A random end tells a copied directory from its original in any auditor's list of origins.
    let origin = format!("{}/certroll/{}", asked.origin, encoding::hex(&random::bytes::<4>()));
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Failed, "the log key cannot be made").because(error)
    };
    let key = LogKey::generate(&origin).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("`{}` cannot begin the name of a log", asked.origin)).because(error)
    })?;
    let access = StoreAccess::Create(store_key(&key)?);
    let store = (asked.store.open)(&home.database(), access, asked.clock.clone())?;
    let home_key = HomeKey::generate();
    let encryption = home_key.encryption().map_err(|error| failed(error.into()))?;
    let plain = key.to_pkcs8().map_err(|error| failed(error.into()))?;
    let encrypted = encryption.encrypt(&plain).map_err(|error| failed(error.into()))?;
    for (file, text, mode) in [
        (home.key(), home_key.wrapped(asked.opener)?, durable::PRIVATE),
        (home.log_key(), pem::encode(Label::EncryptedPrivateKey, &encrypted), durable::PRIVATE),
        (home.verifier_key(), format!("{}\n", key.verifier()), durable::PUBLIC),
    ] {
        durable::write(&file, text.as_bytes(), mode).map_err(|error| Error::file(&file, "write", error))?;
    }
    let vkey = key.verifier().to_string();
    let mut journal = Journal::open(store, key, home.clone(), asked.agent, asked.clock.clone())?;
    let mut genesis = journal.draft(Event::LogGenesis, Outcome::Ok, Id::new(asked.clock.now()));
    genesis.x.insert("origin".to_owned(), Value::String(origin));
    genesis.x.insert("vkey".to_owned(), Value::String(vkey));
    journal.commit(vec![genesis], Vec::new())?;
    let file = home.settings();
    durable::create(&file, asked.settings.as_bytes(), durable::PUBLIC)
        .map_err(|error| Error::file(&file, "write", error))
}
