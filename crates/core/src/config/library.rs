//! Templates and policies: the shipped ones, and those of the home, which win by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::broken::BrokenFiles;
use crate::lifecycle::layout::home::Home;
use crate::policy::{Policy, PolicySet};
use crate::template::{self, Template};

/// The templates of a home, by name.
///
/// # Errors
/// One of them is not valid.
pub fn templates(home: &Home) -> Result<BTreeMap<String, Template>, Error> {
    let mut all = BTreeMap::new();
    let invalid = |error| Error::new(ErrorKind::Usage, "a template is not valid").because(error);
    for template in template::shipped::all().map_err(invalid)? {
        all.insert(template.name().to_owned(), template);
    }
    for (path, text) in documents(&home.templates())? {
        let template = Template::parse(&path.to_string_lossy(), &text).map_err(invalid)?;
        all.insert(template.name().to_owned(), template);
    }
    Ok(all)
}

/// The policies of a home.
///
/// # Errors
/// One of them is not valid.
pub fn policies(home: &Home) -> Result<PolicySet, Error> {
    let invalid = |error| Error::new(ErrorKind::Usage, "a policy is not valid").because(error);
    let parsed =
        documents(&home.policies())?.into_iter().map(|(path, text)| Policy::parse(&path.to_string_lossy(), &text));
    let local = parsed.collect::<Result<Vec<_>, _>>().map_err(invalid)?;
    PolicySet::with_local(local).map_err(invalid)
}

/// What is in force in a home as far as it can be read, and what cannot: a file that is not valid stops what needs it, not the
/// revocation of a certificate.
pub(super) struct Library {
    pub(super) templates: BTreeMap<String, Template>,
    pub(super) policies: PolicySet,
    pub(super) broken: BrokenFiles,
}

impl Library {
    /// # Errors
    /// The shipped ones are not valid, or a directory cannot be read.
    pub(super) fn read(home: &Home) -> Result<Self, Error> {
        let mut broken = BrokenFiles::default();
        let invalid = |error| Error::new(ErrorKind::Usage, "a template is not valid").because(error);
        let shipped = template::shipped::all().map_err(invalid)?;
        let mut templates: BTreeMap<_, _> =
            shipped.into_iter().map(|template| (template.name().to_owned(), template)).collect();
        for (path, text) in documents(&home.templates())? {
            match Template::parse(&path.to_string_lossy(), &text) {
                Ok(template) => drop(templates.insert(template.name().to_owned(), template)),
                Err(error) => broken.add_template(&path, &text, &error),
            }
        }
        let mut local = Vec::new();
        for (path, text) in documents(&home.policies())? {
            match Policy::parse(&path.to_string_lossy(), &text) {
                Ok(policy) => local.push(policy),
                Err(error) => broken.add_policy(&path, &error),
            }
        }
        // What is wrong between them, such as a name that two have, is wrong with all: only the shipped ones are left.
        let policies = match PolicySet::with_local(local) {
            Ok(policies) => policies,
            Err(error) => {
                broken.add_policy(&home.policies(), &error);
                let invalid = |error| Error::new(ErrorKind::Usage, "a policy is not valid").because(error);
                PolicySet::with_local(Vec::new()).map_err(invalid)?
            }
        };
        Ok(Self { templates, policies, broken })
    }
}

/// The TOML files of a directory, sorted by name; none if it does not exist.
fn documents(directory: &Path) -> Result<Vec<(PathBuf, String)>, Error> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file(directory, "read", error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Error::file(directory, "read", error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: PathBuf| match certroll_base::input::read_text(&path) {
        Ok(text) => Ok((path, text)),
        Err(error) => Err(Error::file(&path, "read", error)),
    };
    paths.into_iter().map(read).collect()
}
