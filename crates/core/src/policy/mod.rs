//! May it be issued? A policy looks at the facts of one certificate and names every reason against it.
//!
//! Policies are data in `policies/`: blocks of rules, each for certain certificates. All that apply must agree;
//! none can lift what another refuses. What a certificate looks like is no business of this module: it sees finished
//! content and knows a template by its name only. Pure: no files, no clock, no environment.

mod approval;
mod decision;
mod definition;
mod document;
mod error;
mod facts;
#[cfg(test)]
mod fixture;
mod key_rules;
mod name_rules;
mod refusal;
mod request;
mod rule;
mod scope;
pub mod shipped;
mod usage_rules;
mod wildcard;

pub use approval::{Approved, PolicyContext, PolicySet, Refused};
pub use definition::{Policy, PolicyDigest};
pub use error::{PolicyError, PolicyProblem};
pub use facts::{KeyOrigin, PolicyFacts, SubjectKind};
pub use refusal::Refusal;
pub use request::Request;
