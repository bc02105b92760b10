//! Files that hold CRLs of this home's CAs for relying parties.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A file that is kept as the CRLs of CAs are: written anew with each of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrlPublication {
    /// The file, absolute.
    #[serde(skip)]
    pub path: PathBuf,
    /// The CAs whose CRLs it holds, in this order; none for all CAs of the home.
    pub authorities: Vec<String>,
    /// How it holds them.
    pub form: CrlForm,
    /// The services that are made to load it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Why it is not as it should be, or a service is not known to have loaded it; `None` when all is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<String>,
}

/// A change of what is known of a file that holds CRLs.
#[derive(Clone, Debug)]
pub enum PublicationChange {
    /// Remembers it, in place of what was known of that path.
    Set(Box<CrlPublication>),
    /// Forgets the file of that path.
    Forget(PathBuf),
}

/// How CRLs stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CrlForm {
    /// PEM, one after the other.
    Pem,
    /// DER, which has room for one.
    Der,
}

impl CrlPublication {
    /// Whether it holds the CRL of that CA.
    pub fn holds(&self, authority: &str) -> bool {
        self.authorities.is_empty() || self.authorities.iter().any(|name| name == authority)
    }
}
