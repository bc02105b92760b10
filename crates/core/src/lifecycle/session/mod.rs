//! What a use case works with: an opened home with its journal, keys, templates, policies and CAs.

pub mod accept_clock;
pub mod attempt;
pub mod authority_health;
pub mod authority_state;
pub mod home_key;
pub mod init;
pub mod issuer_memory;
pub mod passphrase;
pub mod remote;
pub mod select;
pub(crate) mod shared;
pub mod status;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use self::home_key::HomeKeys;
use self::remote::{Remotes, Watcher};
use super::journal::Journal;
use super::layout::broken::BrokenFiles;
use super::layout::home::Home;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::hint::issuer::AuthorityHint;
use crate::issuer::registry::{self, AuthorityOpening};
use crate::issuer::{Issuer, SigningKey};
use crate::policy::PolicySet;
use crate::signer::{self, KeyAccess, SignerError, registry as signers};
use crate::store::{Authority, CertificateEntry, Query, Selector, Store};
use crate::template::Template;
use certroll_base::clock::Clock;
use certroll_base::durable;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::KeyPair;
use certroll_pki::key::weakness::RsaModuli;
use certroll_pki::x509::certificate::Certificate;

/// An opened home.
pub struct Session {
    /// Where everything lies.
    pub home: Home,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The log.
    pub journal: Journal,
    /// The keys.
    pub keys: Arc<HomeKeys>,
    /// The templates, by name.
    pub templates: BTreeMap<String, Template>,
    /// The policies; all that apply must allow.
    pub policies: PolicySet,
    /// Files that cannot be used: templates, policies, settings of issuers.
    pub broken: BrokenFiles,
    /// The issuers elsewhere.
    pub remotes: Remotes,
    /// The way to the PINs of keys elsewhere.
    pub access: Arc<dyn KeyAccess>,
    /// The PKCS#11 libraries that the settings list.
    pub modules: Vec<PathBuf>,
    /// Told what a person should know meanwhile.
    pub watcher: Arc<dyn Watcher>,
    /// The RSA moduli of the inventory, once one was to be held against them.
    pub moduli: Option<RsaModuli>,
}

impl Session {
    /// The template of that name, to issue from.
    ///
    /// # Errors
    /// There is none; or a file of the home that has a say in it, a policy say, is not valid.
    pub fn template(&self, name: &str) -> Result<&Template, Error> {
        self.broken.refuse_issuing(name)?;
        template(&self.templates, name)
    }

    /// The CA of that name; without a name the one CA that has no other below it.
    ///
    /// # Errors
    /// There is none, or more than one fits.
    pub fn authority(&self, name: Option<&str>) -> Result<Authority, Error> {
        choose_authority(self.journal.store().authorities()?, name)
    }

    /// Opens the issuer of that name, a CA of this home or one elsewhere.
    ///
    /// # Errors
    /// There is none, or it cannot be opened.
    pub fn issuer(&mut self, name: &str) -> Result<Box<dyn Issuer>, Error> {
        match self.remotes.open(name) {
            Some(opened) => Ok(opened?),
            None => self.open_issuer(&self.authority(Some(name))?),
        }
    }

    /// DER of the issuers of a certificate, nearest first.
    ///
    /// # Errors
    /// One is missing.
    pub(super) fn issuers_of(&self, entry: &CertificateEntry) -> Result<Vec<Vec<u8>>, Error> {
        issuers_of(self.journal.store(), entry, |name| self.authority(Some(name)))
    }

    /// The issuer elsewhere that is meant; `None` when a CA of this home is. Without a name, one elsewhere is meant only
    /// if it is the only issuer at all.
    ///
    /// # Errors
    /// The home cannot be read.
    pub(super) fn elsewhere(&self, name: Option<&str>) -> Result<Option<String>, Error> {
        let mut names = self.remotes.names();
        Ok(match name {
            Some(name) => names.find(|known| *known == name).map(str::to_owned),
            None if self.journal.store().authorities()?.is_empty() => {
                names.next().filter(|_| names.next().is_none()).map(str::to_owned)
            }
            None => None,
        })
    }

    /// Opens a CA for signing.
    ///
    /// # Errors
    /// Its key or certificate cannot be read.
    pub fn open_issuer(&mut self, authority: &Authority) -> Result<Box<dyn Issuer>, Error> {
        match open_issuer(&self.home, self.journal.store(), &self.keys, authority, &*self.access) {
            Ok(issuer) => Ok(issuer),
            Err(Unopened::Key(error)) => Err(self.key_denied(&authority.key_file, error)),
            Err(Unopened::Other(error)) => Err(error),
        }
    }

    /// The error for a key elsewhere that cannot be opened. That a token refuses us is on record.
    pub(super) fn key_denied(&mut self, reference: &str, error: SignerError) -> Error {
        if error.class != signer::SignerErrorClass::Auth {
            return Error::key(reference, error);
        }
        let mut record = self.journal.draft(Event::AuthDenied, Outcome::Denied, Id::new(self.clock.now()));
        record.x.insert("key".to_owned(), signers::place(reference).into());
        record.err = Some(Failure { code: "auth".to_owned(), text: describe(&error) });
        match self.journal.commit(vec![record], Vec::new()) {
            Ok(_) => Error::key(reference, error).on_record(),
            Err(unwritable) => unwritable,
        }
    }

    /// Writes the key of a CA, encrypted, into the home; returns its place relative to the home.
    ///
    /// # Errors
    /// It cannot be encrypted or written.
    pub fn keep_authority_key(&self, name: &str, key: &KeyPair) -> Result<String, Error> {
        let place = Home::authority_key(name);
        let file = self.home.root().join(&place);
        let encrypted = self.encrypt(key)?;
        let text = pem::encode(Label::EncryptedPrivateKey, &encrypted);
        durable::write(&file, text.as_bytes(), durable::PRIVATE)
            .map_err(|e| Error::file(&file, "write the CA key", e))?;
        Ok(place)
    }

    /// A key encrypted for keeping in the home.
    ///
    /// # Errors
    /// The library refuses.
    pub fn encrypt(&self, key: &KeyPair) -> Result<Vec<u8>, Error> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            Error::new(ErrorKind::Failed, "a private key cannot be encrypted").because(error)
        };
        let plain = key.to_pkcs8().map_err(|error| failed(error.into()))?;
        self.keys.encryption.encrypt(plain.expose()).map_err(|error| failed(error.into()))
    }
}

/// A home opened for reading: needs no passphrase, and works on a read-only medium.
pub struct View {
    /// Where everything lies.
    pub home: Home,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The database.
    pub store: Box<dyn Store>,
}

impl View {
    /// As [`Session::authority`].
    ///
    /// # Errors
    /// There is none, or more than one fits.
    pub fn authority(&self, name: Option<&str>) -> Result<Authority, Error> {
        choose_authority(self.store.authorities()?, name)
    }
}

/// The template of that name.
///
/// # Errors
/// There is none; the known ones are named.
pub fn template<'a>(templates: &'a BTreeMap<String, Template>, name: &str) -> Result<&'a Template, Error> {
    templates.get(name).ok_or_else(|| {
        let known: Vec<_> = templates.keys().cloned().collect();
        Error::new(ErrorKind::Usage, format!("there is no template `{name}`"))
            .hint(CertificateHint::ChooseTemplate(known))
    })
}

fn choose_authority(mut authorities: Vec<Authority>, name: Option<&str>) -> Result<Authority, Error> {
    let names = |list: &[Authority]| list.iter().map(|a| a.name.clone()).collect::<Vec<_>>();
    if let Some(name) = name {
        let known = names(&authorities);
        let found = authorities.into_iter().find(|authority| authority.name == name);
        return found.ok_or_else(|| {
            let error = Error::new(ErrorKind::Usage, format!("there is no issuer `{name}` in this home"));
            match known.is_empty() {
                true => error.hint(AuthorityHint::Create),
                false => error.hint(format!("choose one of {}", known.join(", "))),
            }
        });
    }
    // The CA that certificates come from is the one at the bottom: roots sign other CAs.
    let parents: Vec<_> = authorities.iter().filter_map(|authority| authority.parent.clone()).collect();
    authorities.retain(|authority| !parents.contains(&authority.name));
    match authorities.len() {
        0 => Err(Error::new(ErrorKind::Usage, "this home has no CA yet").hint(AuthorityHint::Create)),
        1 => Ok(authorities.remove(0)),
        _ => {
            let names = names(&authorities);
            Err(Error::new(ErrorKind::Usage, "several CAs could issue this").hint(CertificateHint::NameIssuer(names)))
        }
    }
}

/// Why a CA is not open.
pub(super) enum Unopened {
    /// Its key is elsewhere and cannot be opened.
    Key(SignerError),
    /// Anything else.
    Other(Error),
}

impl From<Error> for Unopened {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// Opens a CA for signing.
///
/// # Errors
/// Its key or certificate cannot be read.
pub(super) fn open_issuer(
    home: &Home,
    store: &dyn Store,
    keys: &HomeKeys,
    authority: &Authority,
    access: &dyn KeyAccess,
) -> Result<Box<dyn Issuer>, Unopened> {
    let chain = authority_chain(store, authority)?;
    let key = if signers::is_reference(&authority.key_file) {
        let key = signers::open(&authority.key_file, access).map_err(Unopened::Key)?;
        let algorithm = key.algorithm();
        (Arc::new(key) as SigningKey, algorithm)
    } else {
        let key = authority_key(home, keys, authority)?;
        let algorithm = key.algorithm();
        (Arc::new(key) as SigningKey, algorithm)
    };
    Ok(registry::open_private_ca(AuthorityOpening { name: authority.name.clone(), chain, key: Some(key) })
        .map_err(Error::from)?)
}

pub(super) fn authority_key(home: &Home, keys: &HomeKeys, authority: &Authority) -> Result<KeyPair, Error> {
    let file = home.root().join(&authority.key_file);
    let damaged = || Error::new(ErrorKind::Failed, format!("`{}` is not an encrypted private key", file.display()));
    let plain = keys.open(home_key::read_encrypted(&file)?.1.expose())?;
    KeyPair::from_pkcs8(plain.expose()).map_err(|error| damaged().because(error))
}

/// Those that came with a certificate from elsewhere, or those of the CA of this home.
pub(super) fn issuers_of(
    store: &dyn Store,
    entry: &CertificateEntry,
    authority: impl FnOnce(&str) -> Result<Authority, Error>,
) -> Result<Vec<Vec<u8>>, Error> {
    let came = store.certificate_chain(entry)?;
    if !came.is_empty() {
        return Ok(came);
    }
    let authority = authority(&entry.issuer)?;
    if authority.certificate == entry.fingerprint {
        return Ok(Vec::new());
    }
    Ok(authority_chain(store, &authority)?.iter().map(|issuer| issuer.as_der().to_vec()).collect())
}

/// The certificate of a CA and those above it, nearest first.
pub(super) fn authority_chain(store: &dyn Store, authority: &Authority) -> Result<Vec<Certificate>, Error> {
    let all = store.authorities()?;
    let mut chain = Vec::new();
    let mut next = Some(authority.clone());
    while let Some(authority) = next {
        let entries = store.certificates(&Query::of(Selector::Fingerprint(authority.certificate)))?;
        let missing =
            || Error::new(ErrorKind::Verification, format!("the certificate of CA `{}` is missing", authority.name));
        let entry = entries.first().ok_or_else(missing)?;
        let mut ders = vec![store.certificate_der(entry)?];
        // Below a CA of others: what stands above it came with its certificate.
        ders.extend(store.certificate_chain(entry)?);
        for der in ders {
            chain.push(Certificate::from_der(&der).map_err(|error| missing().because(error))?);
        }
        next = authority.parent.and_then(|parent| all.iter().find(|a| a.name == parent).cloned());
    }
    Ok(chain)
}
