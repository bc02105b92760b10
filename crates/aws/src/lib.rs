//! The services of AWS as calls that block: Certificate Manager, Private CA, and KMS.
//!
//! Three modules above speak to AWS (issuers, a target, a signer), so what they share is here: the connection with its
//! credentials, roots and proxies ([`AwsSession`]), the meaning of its errors, and the calls in plain types. The SDK is named
//! nowhere else. Nothing here knows a template, a policy or the log.
//!
//! Calls that only ask are repeated by the SDK when they fail on the way; calls that make or change something are sent
//! once, so that their failure says whether they were ever sent.

mod acm;
mod failure;
mod kms;
mod pca;
mod session;

pub use acm::{Acm, CertificateSummary, Detail, ExportedCertificate, Import, Order, Tag, ValidationRecord};
pub use failure::advice;
pub use kms::{Kms, KmsKey};
pub use pca::{Pca, PcaAuthority, Report, Signing};
pub use session::{AwsSession, Reach};
