//! What can go wrong with a keystore, and with which of its entries.

use certroll_base::text::printable;
use certroll_pki::container::pem::PemError;
use certroll_pki::key::encryption::EncryptionError;

/// What can go wrong with a keystore as a whole.
///
/// Sources of errors are for display: their types come from crates that may change.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeystoreError {
    /// The format encrypts everything, and no password was given.
    #[error("this keystore cannot be read without its password")]
    PasswordRequired,
    /// The password does not fit. A keystore that was altered without the password looks just the same.
    #[error("wrong password, or the keystore was altered")]
    WrongPassword,
    /// The bytes break the rules of their format.
    #[error("the keystore is damaged: {0}")]
    Damaged(&'static str),
    /// Well-formed, but beyond what is read or written here.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// Java refuses such a password for PKCS#12 ("Password is not ASCII"), whichever program wrote the file.
    #[error("the password of a PKCS#12 keystore must be printable ASCII: Java accepts no other")]
    NonAsciiPassword,
    /// A PKCS#12 file without a MAC: its certificates could have been put there without the password.
    #[error("the PKCS#12 file has no MAC, so its content is not authenticated")]
    NoMac,
    /// PKCS#12 and PEM have one password for everything.
    #[error("only JKS can give keys a password of their own")]
    KeyPassword,
    /// Outside 1 to 1 000 000, beyond which readers refuse.
    #[error("{0} iterations: expected 1 to 1000000")]
    Iterations(u32),
    /// The cause lies in one entry.
    #[error("keystore entry `{alias}` is refused")]
    Entry {
        /// Its alias, safe to print.
        alias: String,
        /// What is wrong with it.
        #[source]
        problem: EntryProblem,
    },
    /// The PEM text is malformed.
    #[error("the PEM text is malformed")]
    Pem(#[from] PemError),
    /// A key could not be encrypted or decrypted.
    #[error("a private key cannot be encrypted or decrypted")]
    Encryption(#[source] EncryptionError),
    /// Something in a PKCS#12 file cannot be decoded or encoded.
    #[error("malformed PKCS#12 content")]
    Pkcs12(#[source] pkcs8::der::Error),
    /// What was written does not read back as what was meant; the bytes have been thrown away.
    #[error("the keystore did not survive reading back: {0}")]
    NotReproduced(&'static str),
}

/// What is wrong with one entry. Certificates are counted from 1, the key's own.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntryProblem {
    /// Another entry has this alias, or differs in case only: Java would drop one of them.
    #[error("another entry has the same alias (case does not count)")]
    DuplicateAlias,
    /// Longer than 65535 bytes.
    #[error("the alias is too long")]
    AliasTooLong,
    /// PKCS#12 stores aliases as BMPString.
    #[error("a PKCS#12 alias cannot hold characters beyond U+FFFF")]
    AliasBeyondBmp,
    /// The key is still encrypted under a password of its own.
    #[error("the private key is protected by a password that was not given")]
    Protected,
    /// The key password does not open the key.
    #[error("wrong key password")]
    WrongKeyPassword,
    /// The protection of a JKS key is not laid out as it must be.
    #[error("the protection of the private key is malformed")]
    Protection,
    /// The key's encryption cannot be undone.
    #[error("the private key cannot be decrypted")]
    Encryption(#[source] EncryptionError),
    /// The bytes of a private key are not PKCS#8.
    #[error("the private key is not PKCS#8")]
    NotPkcs8,
    /// Key and certificate do not belong together.
    #[error("certificate 1 of the chain does not hold the public key of the private key")]
    KeyMismatch,
    /// Not a certificate, or followed by other bytes.
    #[error("certificate {position} is not an X.509 certificate")]
    Certificate {
        /// Which one.
        position: usize,
    },
    /// The chain is out of order or has a gap.
    #[error("certificate {position} of the chain was not issued by certificate {next}", next = position + 1)]
    BrokenChain {
        /// The certificate whose issuer does not follow.
        position: usize,
    },
    /// The format cannot hold an entry of this kind.
    #[error("this format cannot hold {0}")]
    Kind(&'static str),
    /// Something that PKCS#12 says beside the entry.
    #[error("this format has no place for {0}")]
    Attribute(String),
    /// What was written does not read back as what was meant.
    #[error("it did not survive reading the keystore back")]
    NotReproduced,
}

impl EntryProblem {
    /// This problem, of the entry named `alias`.
    pub(super) fn of(self, alias: &str) -> KeystoreError {
        KeystoreError::Entry { alias: printable(alias).into_owned(), problem: self }
    }
}
