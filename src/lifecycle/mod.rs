//! The use cases: the only place where policy, templates, issuers, keystores, targets and the store meet.
//!
//! Every certificate goes one way: [`approve`] asks policy and gives out an approval that cannot be copied; [`intend`]
//! spends it on a durable intent; [`execute`] spends that on a signature and checks what came back; the record of the
//! certificate, its row and the end of the intent are one transaction; a checkpoint is published over it; and only then
//! [`deliver`] lets a byte of it out. An issuer elsewhere answers later, or not at all: [`pursue`] follows a request there
//! with every handle durable before the next step. [`recover`] asks the issuers what became of the intents that dead
//! processes left open, before anything new begins.
//!
//! Use cases take plain requests and return plain outcomes: they know no command line and print nothing.

pub mod abandon;
pub mod acm_import;
mod again;
mod anchors;
pub mod approve;
mod arrival;
pub mod audit_log;
pub mod audit_report;
pub mod authority;
mod authority_key;
pub mod batch;
pub mod batch_lines;
pub mod batch_output;
mod batch_shop;
pub mod break_glass;
mod claim;
pub mod clock_watch;
pub mod cosign;
pub mod cosigned;
pub mod crl;
pub mod csr;
pub mod csr_lint;
pub mod custody;
pub mod deliver;
pub mod due;
pub mod error;
mod execute;
pub mod found;
pub mod heal;
pub mod heal_source;
pub mod home;
pub mod in_force;
pub mod inspect;
pub mod installed;
mod intend;
pub mod issue;
pub mod issuer_account;
pub mod issuer_memory;
pub mod journal;
pub mod key_file;
pub mod keystores;
mod make;
pub mod message;
pub mod new_origin;
pub mod possession;
pub mod publish;
pub mod published;
mod pursue;
pub mod receipt;
pub mod reconcile;
pub mod recover;
pub mod refusal;
pub mod remote;
pub mod revoke;
pub mod rotate;
pub mod rotate_all;
pub mod select;
pub mod server_config;
pub mod services;
pub mod sessions;
mod side_by_side;
pub mod spool;
pub mod status;
mod subject_key;
mod suitable;
pub mod trust;
pub mod truststore;
mod turns;

pub use batch_lines::read_request;
pub use error::{Error, Kind};
