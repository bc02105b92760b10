//! The table of back ends: a new one is a file of its own and a line here.

use super::private_ca::{self, SigningKey};
use super::{Issuer, IssuerError, PrivateCa, Recovery, Ticket};
use crate::pki::certificate::Certificate;
use crate::pki::key::KeyAlgorithm;

/// What a back end is opened with.
pub struct Opening {
    /// The name it has in this home.
    pub name: String,
    /// Its own certificate and those above it, nearest first.
    pub chain: Vec<Certificate>,
    /// Its signing key and the kind of it, for those that sign here.
    pub key: Option<(SigningKey, KeyAlgorithm)>,
}

/// One kind of back end.
pub struct Kind {
    /// Its name in settings and records.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// Opens one.
    pub open: fn(Opening) -> Result<Box<dyn Issuer>, IssuerError>,
    /// What became of a request whose process died, for kinds that know it without opening the issuer: those that sign
    /// inside the process. The issuer may not even exist yet, as a root that was being founded.
    pub lost: Option<fn(&Ticket) -> Recovery>,
}

/// All kinds of back ends of this build.
pub const KINDS: &[Kind] = &[Kind {
    name: private_ca::KIND,
    summary: "a CA of this home: signs here, with a key that never leaves it unencrypted",
    open: open_private_ca,
    lost: Some(private_ca::recover),
}];

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

fn open_private_ca(opening: Opening) -> Result<Box<dyn Issuer>, IssuerError> {
    let missing = || IssuerError::new(&opening.name, super::ErrorClass::Config, "its signing key is missing");
    let (key, algorithm) = opening.key.ok_or_else(missing)?;
    Ok(Box::new(PrivateCa::open(&opening.name, opening.chain, key, algorithm)?))
}
