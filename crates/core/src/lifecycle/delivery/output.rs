//! What is to be written where.

use std::path::{Path, PathBuf};

use crate::destination::{Place, kinds};
use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_keystore::{Format, Profile, formats};

/// A password for what leaves the home, and the file it came from, which a rotation may read again.
#[derive(Clone, Debug)]
pub struct Password {
    /// The password.
    pub secret: Secret,
    /// The file it was read from.
    pub file: Option<PathBuf>,
}

/// What a place gets of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputForm {
    /// Key and chain in one keystore.
    Keystore(&'static Format),
    /// The certificate and its intermediates, PEM.
    Certificate,
    /// The private key alone, encrypted PKCS#8, PEM.
    Key,
    /// The private key alone, PKCS#8 in the clear, PEM: for servers that open no encrypted one.
    PlainKey,
    /// Key and chain as a service takes them.
    Service,
}

impl OutputForm {
    /// Its name in the inventory and in records; `None` for what depends on the service.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Keystore(format) => Some(format.id),
            Self::Certificate => Some(CERTIFICATE),
            Self::Key => Some(KEY),
            Self::PlainKey => Some(PLAIN_KEY),
            Self::Service => None,
        }
    }

    /// Whether it holds the private key.
    pub fn has_key(self) -> bool {
        !matches!(self, Self::Certificate)
    }

    /// Whether a password protects the private key in it.
    pub fn has_password(self) -> bool {
        matches!(self, Self::Keystore(_) | Self::Key)
    }

    /// Whether entries of others may be in the same file.
    pub fn is_shared(self) -> bool {
        matches!(self, Self::Keystore(format) if format.has_aliases)
    }
}

/// The name of the form of a certificate alone, in the inventory.
pub const CERTIFICATE: &str = "certificate";
/// The name of the form of a key alone.
pub const KEY: &str = "key";
/// The name of the form of a key alone, in the clear.
pub const PLAIN_KEY: &str = "plain-key";

/// A place that is to hold a certificate.
#[derive(Clone, Debug)]
pub struct Output {
    /// Where.
    pub place: Place,
    /// As what.
    pub form: OutputForm,
    /// The alias in a keystore.
    pub alias: String,
    /// Protects the key.
    pub password: Option<Password>,
    /// How PKCS#12 is encrypted; `None` for as the file is, and for a new one as is best for most.
    pub profile: Option<Profile>,
    /// Whether what this program did not write there is replaced.
    pub replace: bool,
}

impl Output {
    /// The name of its form in the inventory and in records.
    pub fn format(&self) -> &'static str {
        self.form.name().unwrap_or(kinds::of(&self.place).id)
    }

    /// The form that stands in the inventory for that place; `None` for what holds no certificate with its key, a truststore.
    pub(crate) fn form_of(place: &Place, format: &str) -> Option<OutputForm> {
        match (place, format) {
            (Place::Service(..), _) => Some(OutputForm::Service),
            (_, CERTIFICATE) => Some(OutputForm::Certificate),
            (_, KEY) => Some(OutputForm::Key),
            (_, PLAIN_KEY) => Some(OutputForm::PlainKey),
            (_, id) => formats::by_id(id).map(OutputForm::Keystore),
        }
    }

    /// The password of the key.
    pub(crate) fn secret(&self) -> Option<&Secret> {
        self.password.as_ref().map(|password| &password.secret)
    }
}

/// A certificate with what goes into files beside it.
pub struct Material {
    /// The plain private key, if it is ours to give.
    pub key: Option<SecretBytes>,
    /// The certificate and its issuers in DER, root last.
    pub chain: Vec<Vec<u8>>,
}

/// The error for a key that would leave without protection.
pub fn no_password(place: &Path) -> Error {
    Error::new(ErrorKind::Usage, format!("the key in `{}` needs a password", place.display()))
        .hint(SecretHint::Storepass)
}
