//! The table of kinds of keys elsewhere, by the scheme of their references: a new one is a file of its own and a line here.

use crate::signer::{KeyAccess, ListedKey, OpenedKey, SignerError, SignerErrorClass, SignerKind};
use certroll_pki::key::KeyAlgorithm;

/// The schemes that mean a key elsewhere, those that this build leaves out too.
const SCHEMES: &[&str] = &["pkcs11", "awskms"];

/// All kinds of this build.
pub const KINDS: &[SignerKind] = &[
    #[cfg(feature = "pkcs11")]
    super::pkcs11::KIND,
    #[cfg(feature = "aws")]
    super::awskms::KIND,
];

/// Whether the text is a reference to a key elsewhere, and not the name of a file or a kind of key.
pub fn is_reference(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}

/// The part of a reference that may be shown: what follows the question mark is how the key is reached, and may be what
/// should not have been written there.
pub fn place(reference: &str) -> &str {
    reference.split('?').next().unwrap_or_default()
}

fn kind(reference: &str) -> Result<&'static SignerKind, SignerError> {
    let scheme = reference.split(':').next().unwrap_or_default();
    KINDS.iter().find(|kind| kind.scheme.eq_ignore_ascii_case(scheme)).ok_or_else(|| {
        SignerError::new(
            SignerErrorClass::Unsupported,
            format!("this build of certroll opens no keys of the kind `{scheme}`"),
        )
        .hint(format!("use one that was built with the feature `{}`", scheme.trim_end_matches("kms")))
    })
}

/// Opens the key of that reference.
///
/// # Errors
/// It cannot be opened; the reference is none.
pub fn open(reference: &str, access: &dyn KeyAccess) -> Result<OpenedKey, SignerError> {
    (kind(reference)?.open)(reference, access)
}

/// Makes a new key where the reference says.
///
/// # Errors
/// There is one already, or none can be made there.
pub fn generate(reference: &str, algorithm: KeyAlgorithm, access: &dyn KeyAccess) -> Result<OpenedKey, SignerError> {
    let kind = kind(reference)?;
    let generate = kind.generate.ok_or_else(|| {
        let message = format!("keys of the kind `{}` are not made here", kind.scheme);
        SignerError::new(SignerErrorClass::Unsupported, message).hint("make one with the tools of its place")
    })?;
    generate(reference, algorithm, access)
}

/// The keys that the reference may mean.
///
/// # Errors
/// They cannot be asked for.
pub fn list(reference: &str, access: &dyn KeyAccess) -> Result<Vec<ListedKey>, SignerError> {
    let kind = kind(reference)?;
    let list = kind.list.ok_or_else(|| {
        let message = format!("keys of the kind `{}` cannot be listed here", kind.scheme);
        SignerError::new(SignerErrorClass::Unsupported, message).hint("list them with the tools of their place")
    })?;
    list(reference, access)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_keys_and_files_are_no_references() {
        for text in ["rsa:3072", "ec:p256", "ed25519", "ca/root.key.pem", "pkcs11", ""] {
            assert!(!is_reference(text), "{text}");
        }
        assert!(is_reference("pkcs11:token=a") && is_reference("PKCS11:"));
        for kind in KINDS {
            assert!(SCHEMES.contains(&kind.scheme));
        }
    }
}
