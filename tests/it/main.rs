//! The integration tests: one binary, so that everything is linked once.

#[cfg(feature = "acme")]
mod acme;
mod anchors;
mod announce;
mod architecture;
mod arguments;
#[cfg(feature = "aws")]
mod aws;
mod bad_input;
mod c2sp;
mod challenges;
mod concurrent;
mod crash;
mod deploy;
mod desk;
mod exports;
mod faults;
mod generated;
mod home;
mod issuers;
mod json;
mod live_broker;
mod live_csr;
mod live_deploy;
mod live_example;
mod live_interop_read;
mod live_jetty;
mod live_keys;
mod live_keystore_files;
mod live_keystores;
mod live_messages;
mod live_names;
mod live_pkcs11;
mod live_requests;
mod live_revocation;
mod live_templates;
mod live_truststores;
mod mutations;
mod peers;
mod peers_selftest;
mod proofs;
mod readme;
mod reconcile;
mod records;
mod recovery;
mod report;
mod rotation;
mod scarce;
mod scratch;
mod secrets;
mod session;
mod shipped;
mod strict;
mod tampering;
#[cfg(feature = "vault")]
mod vault;
