//! The key of a CA: made in the home and encrypted there, or one that stays elsewhere and is known by reference.

use std::sync::Arc;

use super::subject_key::key_error;
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::issuer::SigningKey;
use crate::lifecycle::session::{self, Session};
use crate::signer::registry as signers;
use crate::store::Authority;
use crate::template::Template;
use certroll_base::encoding;
use certroll_pki::key::{KeyAlgorithm, KeyPair};

/// Where a key of the home is, for records.
const HOME: &str = "kept encrypted in the home";

/// Which key a CA gets.
#[derive(Clone, Debug)]
pub enum AuthorityKey {
    /// A new one, encrypted in the home; of the template's kind when `None`.
    Home(Option<KeyAlgorithm>),
    /// One elsewhere, by reference: it stays there.
    Elsewhere {
        /// Where it is.
        reference: String,
        /// Make it there, of that kind; it is there already when `None`.
        generate: Option<KeyAlgorithm>,
    },
}

/// Who keeps the key of a CA.
enum AuthorityKeyCustody {
    /// The home does; whether it was brought, and not made here.
    Home { pair: Arc<KeyPair>, brought: bool },
    /// It stays at that reference; whether it was made there just now.
    Elsewhere { reference: String, made: bool },
}

/// The key of a CA that is being made.
pub(crate) struct OwnKey {
    /// Signs, for a root its own certificate.
    pub(crate) signing: SigningKey,
    /// Its kind.
    pub(crate) algorithm: KeyAlgorithm,
    /// DER of its public half.
    pub(crate) spki: Vec<u8>,
    /// Where it is, for records.
    pub(crate) place: String,
    custody: AuthorityKeyCustody,
}

impl OwnKey {
    /// Makes the key that is asked for, or opens it.
    ///
    /// # Errors
    /// It cannot be made or opened.
    pub(crate) fn of(session: &mut Session, asked: &AuthorityKey, template: &Template) -> Result<Self, Error> {
        match asked {
            AuthorityKey::Home(kind) => {
                let pair = Arc::new(KeyPair::generate(kind.unwrap_or(template.key())).map_err(key_error)?);
                let (algorithm, spki) = (pair.algorithm(), pair.spki().to_vec());
                let place = HOME.to_owned();
                let custody = AuthorityKeyCustody::Home { pair: pair.clone(), brought: false };
                Ok(Self { signing: pair, algorithm, spki, place, custody })
            }
            AuthorityKey::Elsewhere { reference, generate } => Self::opened(session, reference, *generate),
        }
    }

    /// A key elsewhere, made there first where a kind is given.
    ///
    /// # Errors
    /// It cannot be made or opened.
    pub(crate) fn opened(
        session: &mut Session,
        reference: &str,
        generate: Option<KeyAlgorithm>,
    ) -> Result<Self, Error> {
        let access = session.access.clone();
        let opened = match generate {
            Some(kind) => signers::generate(reference, kind, &*access),
            None => signers::open(reference, &*access),
        };
        let key = opened.map_err(|error| session.key_denied(reference, error))?;
        let (algorithm, spki) = (key.algorithm(), key.spki().to_vec());
        let place = format!("stays in {}", signers::place(reference));
        let custody = AuthorityKeyCustody::Elsewhere { reference: reference.to_owned(), made: generate.is_some() };
        Ok(Self { signing: Arc::new(key), algorithm, spki, place, custody })
    }

    /// The key that a CA of the home has.
    ///
    /// # Errors
    /// It cannot be opened.
    pub(crate) fn existing(session: &mut Session, authority: &Authority) -> Result<Self, Error> {
        if signers::is_reference(&authority.key_file) {
            return Self::opened(session, &authority.key_file, None);
        }
        let pair = session::authority_key(&session.home, &session.keys, authority)?;
        Ok(Self { place: format!("reused, {HOME}"), ..Self::brought(pair) })
    }

    /// A key that was used elsewhere before, to be kept in the home.
    pub(crate) fn brought(pair: KeyPair) -> Self {
        let (algorithm, spki, pair) = (pair.algorithm(), pair.spki().to_vec(), Arc::new(pair));
        let custody = AuthorityKeyCustody::Home { pair: pair.clone(), brought: true };
        Self { signing: pair, algorithm, spki, place: HOME.to_owned(), custody }
    }

    /// Where a key that was made just now stays whatever becomes of the CA; `None` for other keys.
    pub(crate) fn remains(&self) -> Option<String> {
        match &self.custody {
            AuthorityKeyCustody::Elsewhere { reference, made: true } => Some(signers::place(reference).to_owned()),
            _ => None,
        }
    }

    /// Records it for the CA of that name, and answers where the home finds it again.
    ///
    /// # Errors
    /// The home cannot be written.
    pub(crate) fn keep(&self, session: &mut Session, name: &str) -> Result<String, Error> {
        let kept = self.store(session, name)?;
        let record = self.record(session, name);
        session.journal.append(vec![record], Vec::new())?;
        Ok(kept)
    }

    /// Writes it into the home, encrypted, if it is to lie there; answers where the home finds it again.
    ///
    /// # Errors
    /// The home cannot be written.
    pub(crate) fn store(&self, session: &Session, name: &str) -> Result<String, Error> {
        match &self.custody {
            AuthorityKeyCustody::Home { pair, .. } => session.keep_authority_key(name, pair),
            AuthorityKeyCustody::Elsewhere { reference, .. } => Ok(reference.clone()),
        }
    }

    /// The record that it is the key of that CA.
    pub(crate) fn record(&self, session: &Session, name: &str) -> Draft {
        let (event, is_here) = match &self.custody {
            AuthorityKeyCustody::Home { brought: false, .. } => (Event::CaKeyGenerate, true),
            AuthorityKeyCustody::Home { brought: true, .. } => (Event::CaKeyImport, true),
            AuthorityKeyCustody::Elsewhere { made: true, .. } => (Event::CaKeyGenerate, false),
            AuthorityKeyCustody::Elsewhere { made: false, .. } => (Event::CaKeyImport, false),
        };
        let mut record = session.journal.draft(event, Outcome::Ok, Id::new(session.clock.now()));
        record.x.insert("ca".to_owned(), name.into());
        record.x.insert("key".to_owned(), self.algorithm.to_string().into());
        record.x.insert("spki".to_owned(), encoding::hex(&encoding::sha256(&self.spki)).into());
        if !is_here {
            record.x.insert("place".to_owned(), self.place.clone().into());
        }
        record
    }
}
