//! From the tables `[issuers.NAME]` of the settings to issuers elsewhere, which are opened when they are needed.

use std::path::PathBuf;
use std::sync::Arc;

use super::document::SettingsFile;
use super::secrets;
use crate::error::{Error, ErrorKind};
use crate::issuer::registry::{self, Opener};
use crate::issuer::{ErrorClass, IssuerError, RemoteIssuer, SecretPlace, Secrets};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::home_key::HomeKeys;
use crate::lifecycle::session::issuer_memory::IssuerMemory;
use crate::lifecycle::session::remote::Remotes;
use crate::store::Store;
use certroll_base::clock::Clock;
use certroll_base::secret::Secret;

/// The issuers elsewhere that the settings name.
///
/// # Errors
/// One has the name of a CA of the home, so that the name is ambiguous. Or the home cannot be read.
pub(super) fn remotes(
    document: &SettingsFile,
    home: &Home,
    keys: &Arc<HomeKeys>,
    clock: &Arc<dyn Clock>,
    store: &dyn Store,
) -> Result<Remotes, Error> {
    let mut remotes = Remotes::default();
    for (name, why) in &document.broken {
        let (of, why) = (name.clone(), why.clone());
        remotes.add(name.clone(), Box::new(move || Err(IssuerError::new(&of, ErrorClass::Config, &why))));
    }
    if document.issuers.is_empty() {
        return Ok(remotes);
    }
    let authorities = store.authorities()?;
    for (name, issuer) in &document.issuers {
        if authorities.iter().any(|authority| authority.name == *name) {
            let message = format!("`[issuers.{name}]` in certroll.toml has the name of a CA of this home");
            return Err(Error::new(ErrorKind::Usage, message).hint("give one of them another name"));
        }
        let Some(Opener::Elsewhere { open, .. }) = registry::kind(&issuer.kind).map(|kind| &kind.opener) else {
            continue;
        };
        let (name, settings) = (name.clone(), issuer.settings());
        let (home, keys, clock) = (home.clone(), keys.clone(), clock.clone());
        let secrets = Arc::new(Environment { root: home.root().to_owned() });
        let connection = {
            let name = name.clone();
            move || RemoteIssuer {
                memory: Arc::new(IssuerMemory::new(&home, &name, keys.clone())),
                name: name.clone(),
                settings: settings.clone(),
                root: home.root().to_owned(),
                clock: clock.clone(),
                secrets: secrets.clone(),
            }
        };
        remotes.add(name, Box::new(move || open(connection())));
    }
    Ok(remotes)
}

/// An issuer elsewhere as the settings name it.
pub struct ListedIssuer {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static registry::IssuerKind,
}

/// The issuers elsewhere that the settings of a home name, by name; none is contacted.
///
/// # Errors
/// The settings are not valid.
pub fn listed(home: &Home) -> Result<Vec<ListedIssuer>, Error> {
    let document = SettingsFile::read(&home.settings())?;
    if let Some(why) = document.broken.values().next() {
        let what = format!("the settings in `{}` are not valid", home.settings().display());
        return Err(Error::new(ErrorKind::Usage, what).because(why.clone()));
    }
    let kind = |(name, issuer): (&String, &super::document::IssuerTable)| {
        Some(ListedIssuer { name: name.clone(), kind: registry::kind(&issuer.kind)? })
    };
    Ok(document.issuers.iter().filter_map(kind).collect())
}

/// The environment of this process; relative files are below the home.
struct Environment {
    root: PathBuf,
}

impl Secrets for Environment {
    fn secret(&self, place: &SecretPlace) -> std::io::Result<Option<Secret>> {
        match place {
            SecretPlace::File(file) => secrets::of_file(&self.root.join(file)).map(Some),
            SecretPlace::Command(command) => secrets::of_command(command).map(Some),
            SecretPlace::Variable(name) => Ok(self.variable(name).map(Secret::new)),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        secrets::variable(name)
    }
}
