//! How results look: tables for people, versioned JSON documents for programs. Foreign text is made safe here.

pub(super) mod certificate;
pub(super) mod inspected;
pub(super) mod json;
pub(super) mod keystore;
pub(super) mod lint;
pub(super) mod message;
pub(super) mod record;
pub(super) mod request;
pub(super) mod table;
pub(super) mod truststore;
pub(super) mod verification;
