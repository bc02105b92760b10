//! Truststores: the CAs that a relying party trusts, as JKS or PKCS#12 for Java, or as a PEM bundle.
//!
//! [`edit`] changes one file and needs no home. [`remember`] does the same for a home: what was put where is on record and
//! in the inventory. [`sync`] brings every truststore that the inventory knows up to date: revoked CAs out, current ones in.

pub mod trust;

pub mod bundle;
pub mod edit;
pub mod open;
pub mod remember;
pub mod sync;
