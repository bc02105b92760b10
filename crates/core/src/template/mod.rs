//! What a certificate looks like: a named set of defaults, read from TOML and applied to one name.
//!
//! Everything particular to a kind of machine (broker, meter, CA) is data in `templates/`; nothing here knows any of
//! them. Whether a certificate may be issued is not decided here either, only what it would contain.
//!
//! What holds: a [`Template`] that exists is consistent, so that [`Template::apply`] fails only over its inputs;
//! patterns are compiled when the document is read; no value put into a pattern can add an attribute or change the kind
//! of a name. Pure: no files, no clock, no environment.

mod apply;
mod compile;
mod consistency;
mod definition;
mod document;
mod error;
mod names;
mod parameter;
mod pattern;
mod profile;
pub mod shipped;
mod subject;

pub use apply::TemplateInputs;
pub use definition::{Template, TemplateDigest};
pub use document::TemplateKind;
pub use error::{TemplateError, TemplateProblem};
pub use parameter::{Parameter, ParameterKind};
pub use profile::{IssuerPointers, Overrides};
