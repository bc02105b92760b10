//! Configuration of servers that use certificates: which files each server has, and what stands in them.
//!
//! Pure: values in, text out. It knows no keystore, no home and no file; who calls it does. The texts are data, in
//! `templates/servers`: everything between `{{` and `}}` is replaced by the value of that name, and a line that begins
//! with `{{?NAME}}` is there only if the value is. An unknown name, a value that is missing, and a value that
//! the syntax of the file cannot carry are errors: a configuration is written whole and right, or not at all.

mod fill;
mod keep;
pub mod registry;
mod syntax;
mod values;

pub use fill::{FillError, Filled, fill};
pub use keep::{ChangedByOthers, keep};
pub use registry::{FileTemplate, ServerKind, Stores};
pub use syntax::Syntax;
pub use values::{PLACEHOLDERS, SECRETS, ServerValues};
