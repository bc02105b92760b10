//! What some back ends can do beside signing. Each is a trait of its own, and [`crate::issuer::Issuer`] answers `None` for one that
//! a back end lacks, so that what it cannot do is known before it is called.

mod accounts;
mod crl_lister;
mod crl_signer;
mod custodian;
mod lister;
mod renewal;
mod revoker;

pub use accounts::{Account, AccountChange, Accounts, NewAccount};
pub use crl_lister::CrlLister;
pub use crl_signer::CrlSigner;
pub use custodian::{Custodian, Deletion, IssuanceReport, Reporter};
pub use lister::{Lister, Statement};
pub use renewal::{Advice, RenewalAdvice};
pub use revoker::{Revocation, RevocationState, Revoker};
