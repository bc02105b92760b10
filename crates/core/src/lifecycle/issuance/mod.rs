//! One way for every certificate: prepare, approve, announce, sign, record, deliver.
//!
//! [`pipeline`] is that way. [`issue`] and [`authority`] begin it for one certificate and for a CA; `rotation` and `batch` begin it
//! for a successor and for many. An issuer elsewhere answers later, or not at all: [`poll`](super::signing::poll) follows a request there, with every
//! handle durable before the next step, and [`accept`](super::signing::accept) compares what comes back with what was approved.

pub mod authority;
pub(crate) mod authority_check;
pub(crate) mod authority_key;
pub(crate) mod authority_plan;
pub mod authority_pointers;
pub mod authority_removal;
pub mod authority_renewal;
pub mod authority_reply;
pub mod authority_request;
pub(crate) mod authority_row;
pub mod brought;
pub mod context;
pub mod issue;
pub mod issuer_account;
pub mod key_history;
pub mod others_authority;
pub(crate) mod pipeline;
pub(crate) mod precheck;
pub mod redeliver;
pub(crate) mod refusal;
pub mod request;
pub(crate) mod resume;
pub(crate) mod subject_key;
