//! The key of a CA: made in the home and encrypted there, or one that stays elsewhere and is known by reference.

use std::sync::Arc;

use super::subject_key::key_error;
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::issuer::SigningKey;
use crate::lifecycle::session::Session;
use crate::signer::registry as signers;
use crate::template::Template;
use certroll_base::encoding;
use certroll_pki::key::{KeyAlgorithm, KeyPair};

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
    /// The home does.
    Home(Arc<KeyPair>),
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
        let (reference, generate) = match asked {
            AuthorityKey::Home(kind) => {
                let pair = Arc::new(KeyPair::generate(kind.unwrap_or(template.key())).map_err(key_error)?);
                let (algorithm, spki) = (pair.algorithm(), pair.spki().to_vec());
                let place = "kept encrypted in the home".to_owned();
                return Ok(Self {
                    signing: pair.clone(),
                    algorithm,
                    spki,
                    place,
                    custody: AuthorityKeyCustody::Home(pair),
                });
            }
            AuthorityKey::Elsewhere { reference, generate } => (reference, generate),
        };
        let access = session.access.clone();
        let opened = match generate {
            Some(kind) => signers::generate(reference, *kind, &*access),
            None => signers::open(reference, &*access),
        };
        let key = opened.map_err(|error| session.key_denied(reference, error))?;
        let (algorithm, spki) = (key.algorithm(), key.spki().to_vec());
        let place = format!("stays in {}", signers::place(reference));
        let custody = AuthorityKeyCustody::Elsewhere { reference: reference.clone(), made: generate.is_some() };
        Ok(Self { signing: Arc::new(key), algorithm, spki, place, custody })
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
        let (event, kept) = match &self.custody {
            AuthorityKeyCustody::Home(pair) => (Event::CaKeyGenerate, session.keep_authority_key(name, pair)?),
            AuthorityKeyCustody::Elsewhere { reference, made: true } => (Event::CaKeyGenerate, reference.clone()),
            AuthorityKeyCustody::Elsewhere { reference, made: false } => (Event::CaKeyImport, reference.clone()),
        };
        let mut record = session.journal.draft(event, Outcome::Ok, Id::new(session.clock.now()));
        record.x.insert("ca".to_owned(), name.into());
        record.x.insert("key".to_owned(), self.algorithm.to_string().into());
        record.x.insert("spki".to_owned(), encoding::hex(&encoding::sha256(&self.spki)).into());
        if matches!(self.custody, AuthorityKeyCustody::Elsewhere { .. }) {
            record.x.insert("place".to_owned(), self.place.clone().into());
        }
        session.journal.append(vec![record], Vec::new())?;
        Ok(kept)
    }
}
