//! Open a home: settings first, then store, log key, templates and policies.

use std::path::Path;
use std::sync::Arc;

use super::agent::{self, agent};
use super::document::SettingsFile;
use super::identity;
use super::issuers;
use super::library::{self, Library};
use crate::audit::record::facts::Why;
use crate::error::{Error, ErrorKind, describe};
use crate::lifecycle::journal::spool;
use crate::lifecycle::journal::{Journal, store_key};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::layout::in_force::InForce;
use crate::lifecycle::log;
use crate::lifecycle::log::replace::{self, NewOrigin, ReplacedLog};
use crate::lifecycle::log::restore::Restored;
use crate::lifecycle::log::restore_source::{self, ExportOnDisk};
use crate::lifecycle::recovery::crashed;
use crate::lifecycle::revocation::break_glass::Emergency;
use crate::lifecycle::revocation::late;
use crate::lifecycle::session::home_key::{self, HomeKeys, Opener, UnlockError};
use crate::lifecycle::session::init::{self, FoundRequest};
use crate::lifecycle::session::remote::Unwatched;
use crate::lifecycle::session::{Session, View};
use crate::signer::NoAccess;
use crate::store::registry;
use crate::store::{StoreAccess, StoreKey};
use certroll_base::clock::Clock;
use certroll_base::secret::Secret;
use certroll_tlog::{LogKey, VerifierKey};

fn store_kind(document: &SettingsFile) -> Result<&'static registry::StoreKind, Error> {
    registry::kind(&document.store).ok_or_else(|| {
        let known: Vec<_> = registry::KINDS.iter().map(|kind| kind.name).collect();
        Error::new(ErrorKind::Usage, format!("there is no store of kind `{}`", document.store))
            .hint(format!("set `store` in certroll.toml to one of {}", known.join(", ")))
    })
}

/// Opens a home for reading.
///
/// # Errors
/// The settings are not valid, or the database cannot be read.
pub fn view(home: Home, clock: Arc<dyn Clock>) -> Result<View, Error> {
    view_with(None, home, clock)
}

fn view_with(key: Option<StoreKey>, home: Home, clock: Arc<dyn Clock>) -> Result<View, Error> {
    let kind = store_kind(&SettingsFile::read(&home.settings())?)?;
    let store = (kind.open)(&home.database(), StoreAccess::Read(key), clock.clone())?;
    Ok(View { home, clock, store })
}

/// Opens a home for changing it. What was kept while its log could not be written is in the log afterwards, and so is the
/// end of every process that died.
///
/// # Errors
/// As [`view`]; or a template or policy is not valid, the passphrase is wrong, the log was rolled back or altered, or the
/// identity token in the file `token` does not verify, which is recorded.
pub fn session(home: Home, passphrase: Secret, clock: Arc<dyn Clock>, token: Option<&Path>) -> Result<Session, Error> {
    let settings = home.settings();
    let document = SettingsFile::read(&settings)?;
    let kind = store_kind(&document)?;
    let verified = token.map(|file| identity::verify(&home, document.identity.as_ref(), file, clock.now())).transpose();
    let Library { templates, policies, mut broken } = Library::read(&home)?;
    document.broken.iter().for_each(|(name, why)| broken.add_issuer(name, &settings, why.clone()));
    let settings =
        certroll_base::input::read(&settings).map_err(|error| Error::file(&settings, "read the settings", error))?;
    let in_force = InForce::new(&templates, &policies, &settings, agent::program()).without(&broken);
    let (keys, key) = keys(&home, passphrase, &*clock)?;
    let store = (kind.open)(&home.database(), StoreAccess::Write(store_key(&key)?), clock.clone())?;
    let open =
        |identity| Journal::open(store, key, home.clone(), agent(in_force, identity, clock.now()), clock.clone());
    let mut journal = match verified {
        Ok(identity) => open(identity)?,
        // What the operating system says of who came with it is on record; as that party nothing goes on.
        Err(rejected) => {
            identity::record_denied(&mut open(None)?, &rejected)?;
            return Err(rejected.error);
        }
    };
    if keys.is_under_passphrase() && home.key().exists() {
        // What this process would keep under the passphrase, the next passphrase could not open.
        return Err(Error::new(ErrorKind::Locked, "another process is changing the passphrase of this home")
            .hint("run the command again"));
    }
    crashed::end_crashed(&mut journal, &home)?;
    late::merge(&mut journal, &home, &*clock)?;
    let keys = Arc::new(keys);
    let remotes = issuers::remotes(&document, &home, &keys, &clock, journal.store())?;
    let (access, watcher) = (Arc::new(NoAccess), Arc::new(Unwatched));
    let modules = document.pkcs11_modules;
    Ok(Session {
        home,
        clock,
        journal,
        keys,
        templates,
        policies,
        broken,
        remotes,
        access,
        modules,
        watcher,
        moduli: None,
    })
}

/// Opens a home whose log cannot be written, for the one thing that is still allowed.
///
/// # Errors
/// As [`session()`], but for the log; that a token is not believed stays unrecorded.
pub fn emergency(
    home: Home,
    passphrase: Secret,
    clock: Arc<dyn Clock>,
    token: Option<&Path>,
) -> Result<Emergency, Error> {
    let identity = identity_of(&home, token, &*clock)?;
    let (keys, log_key) = keys(&home, passphrase, &*clock)?;
    let agent = agent(InForce::default(), identity, clock.now());
    let modules = SettingsFile::read(&home.settings())?.pkcs11_modules;
    let view = view_with(Some(store_key(&log_key)?), home, clock)?;
    Ok(Emergency { view, keys, log_key, agent, access: Arc::new(NoAccess), modules })
}

/// Brings back from an export what the log of a home lost, and opens it.
///
/// # Errors
/// The export does not fit, or as [`session()`].
pub fn heal(
    home: Home,
    passphrase: Secret,
    clock: Arc<dyn Clock>,
    token: Option<&Path>,
    from: &Path,
) -> Result<Restored, Error> {
    identity_of(&home, token, &*clock)?;
    let kind = store_kind(&SettingsFile::read(&home.settings())?)?;
    let (_, key) = keys(&home, passphrase.clone(), &*clock)?;
    let mut store = (kind.open)(&home.database(), StoreAccess::Write(store_key(&key)?), clock.clone())?;
    let healed = ExportOnDisk::at(from).heal(&mut *store, &home, key.verifier())?;
    drop(store);
    let mut session = session(home, passphrase, clock, token)?;
    if healed.after > healed.before {
        restore_source::conclude(&mut session, &healed)?;
    }
    Ok(healed)
}

/// Begins a new log in a home whose log lost records.
///
/// # Errors
/// As [`replace::begin`].
pub fn new_origin(
    home: Home,
    passphrase: Secret,
    clock: Arc<dyn Clock>,
    token: Option<&Path>,
    (origin, from, why): (&str, Option<&Path>, Why),
) -> Result<ReplacedLog, Error> {
    let identity = identity_of(&home, token, &*clock)?;
    let from = from.map(ExportOnDisk::at);
    let kind = store_kind(&SettingsFile::read(&home.settings())?)?;
    let (keys, key) = keys(&home, passphrase.clone(), &*clock)?;
    let mut store = (kind.open)(&home.database(), StoreAccess::Write(store_key(&key)?), clock.clone())?;
    let agent = agent(InForce::default(), identity, clock.now());
    let from = from.as_ref();
    let asked = NewOrigin { home: &home, old: &key, keys: &keys, origin, agent: &agent, why, from, clock: &*clock };
    let begun = replace::begin(&mut *store, &asked)?;
    drop(store);
    if !begun.lost_crls.is_empty() {
        restore_source::sign_lost_crls(&mut session(home, passphrase, clock, token)?, &begun.lost_crls)?;
    }
    Ok(begun)
}

/// Whom a token names, where a refusal cannot be recorded because the log itself is in question.
fn identity_of(home: &Home, token: Option<&Path>, clock: &dyn Clock) -> Result<Option<identity::Identity>, Error> {
    let Some(file) = token else { return Ok(None) };
    let document = SettingsFile::read(&home.settings())?;
    let verified = identity::verify(home, document.identity.as_ref(), file, clock.now());
    verified.map(Some).map_err(|rejected| rejected.error)
}

/// What the passphrase opens. A wrong one is kept for the log.
fn keys(home: &Home, passphrase: Secret, clock: &dyn Clock) -> Result<(HomeKeys, LogKey), Error> {
    let verifier: VerifierKey = log::read_key(&home.verifier_key())?;
    let (keys, plain) = home_key::unlock(home, passphrase).map_err(|unopened| match unopened {
        UnlockError::Other(error) => error,
        UnlockError::Denied(error) => {
            let kept = spool::keep_denied(home, verifier.name(), &agent(InForce::default(), None, clock.now()), clock);
            let denied = home_key::wrong_passphrase(error);
            match kept {
                Ok(()) => denied,
                Err(unkept) => denied.hint(format!("that it was refused is NOT on record: {}", describe(&unkept))),
            }
        }
    })?;
    let key = LogKey::from_pkcs8(verifier.name(), plain.expose()).map_err(|error| {
        let file = home.log_key();
        Error::new(ErrorKind::Failed, format!("`{}` is not the key of a log", file.display())).because(error)
    })?;
    if *key.verifier() != verifier {
        return Err(Error::new(ErrorKind::Verification, "the log key does not belong to `log/vkey`")
            .hint("restore the file `log/vkey` from the copy that the auditors have"));
    }
    Ok((keys, key))
}

/// Makes a new home.
///
/// # Errors
/// It is one already, or cannot be written.
pub fn found(home: Home, origin: String, opener: &Opener, clock: Arc<dyn Clock>) -> Result<(), Error> {
    let document = SettingsFile::default();
    let store = store_kind(&document)?;
    let settings = document.to_text();
    let (templates, policies) = (library::templates(&home)?, library::policies(&home)?);
    let in_force = InForce::new(&templates, &policies, settings.as_bytes(), agent::program());
    let agent = agent(in_force, None, clock.now());
    init::found(FoundRequest { home, settings, store, origin, opener, agent, clock })
}
