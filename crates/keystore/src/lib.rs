// Read by rustdoc alone.
#![cfg_attr(any(doc, doctest), doc = include_str!("../README.md"))]
//!
//! # Where to look
//!
//! * What a keystore holds: [`Entry`], an alias with an [`Item`]: a key with its chain, a trusted certificate, a secret key.
//! * Formats: [`formats::detect`] finds the one that bytes are in; [`Format::read`] and [`Format::write`], with [`Format::options`],
//!   go both ways. In what formats differ is data of [`Format`].
//! * Keys under passwords of their own: [`EntryKey::unlock`]. How a file is protected: [`Format::protection`].
//! * What two keystores have in common: [`compare`]. Keys and chains in PEM files of their own: [`pem`].
//!
//! # Reading
//!
//! A JKS can be listed without its password, but then nothing is authenticated. Keys may have a password of their own.
//!
//! ```
//! use certroll_keystore::{EntryKey, Item, Secret, formats};
//!
//! let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/fixtures/keytool.jks"));
//! assert_eq!(formats::detect(bytes), Some(&formats::JKS));
//! let listed = formats::JKS.read(bytes, None)?;
//! let mut aliases: Vec<_> = listed.iter().map(|entry| entry.alias.as_str()).collect();
//! aliases.sort();
//! assert_eq!(aliases, ["ca-a", "server"]);
//!
//! let entries = formats::JKS.read(bytes, Some(&Secret::new("changeit".to_owned())))?;
//! let server = entries.iter().find(|entry| entry.is_named("Server")).ok_or("no such entry")?;
//! let Item::Key { key: key @ EntryKey::Protected(_), chain } = &server.item else { panic!("a closed key") };
//! let pkcs8 = key.unlock(&Secret::new("secret77".to_owned()))?;
//! assert_eq!((pkcs8.expose()[0], chain.len()), (0x30, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Writing
//!
//! ```
//! use certroll_keystore::{Entry, Item, Secret, Timestamp, compare, formats};
//!
//! # let jks = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/fixtures/keytool.jks"));
//! # let listed = formats::JKS.read(jks, None)?;
//! # let ca = listed.iter().find(|entry| entry.is_named("ca-a")).ok_or("no such entry")?;
//! # let certificate = ca.item.certificates()[0].clone();
//! // `certificate` is the DER of one; a truststore in which Java sees it.
//! let truststore = [Entry::new("Corporate-CA", None, Item::Trusted(certificate))];
//! let password = Secret::new("correct horse".to_owned());
//! let options = formats::PKCS12.options(&password, Timestamp::from_secs(1_800_000_000));
//! let bytes = formats::PKCS12.write(&truststore, &options)?;
//!
//! let read = formats::PKCS12.read(&bytes, Some(&password))?;
//! assert_eq!(read[0].alias, "corporate-ca");
//! assert!(compare::differences(&truststore, &read, false).is_empty());
//! assert!(formats::PKCS12.read(&bytes, Some(&Secret::new("wrong".to_owned()))).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assemble;
mod attributes;
mod bundle;
mod chain_order;
pub mod compare;
mod error;
mod format;
pub mod formats;
mod jks;
mod jks_protection;
mod modified_utf8;
pub mod pem;
mod pem_format;
mod pkcs12;
pub mod protection;
mod verify;

pub use attributes::{Attribute, Attributes};
pub use bundle::{Entry, EntryKey, Item, Profile, SecretKey, WriteOptions, stored_alias};
#[doc(inline)]
pub use certroll_base::clock::Timestamp;
#[doc(inline)]
pub use certroll_base::secret::{Secret, SecretBytes};
#[doc(inline)]
pub use certroll_pki::container::pem::PemError;
#[doc(inline)]
pub use certroll_pki::key::encryption::{EncryptionError, KeyEncryption};
pub use error::{EntryProblem, KeystoreError};
pub use format::Format;

#[cfg(test)]
mod samples;
