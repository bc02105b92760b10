//! Delivery: key and chain where they were asked for, each place remembered so that a rotation finds it again.
//!
//! | module | what is in it |
//! |---|---|
//! | [`output`] | what is to be written where |
//! | [`trial`] | whether it can be, before anything is signed |
//! | [`content`] | the bytes of a file |
//! | [`owner`] | whose is what lies there already |
//! | [`mod@write`] | all files of a certificate or none |
//! | [`mod@record`] | what became of each, in log and inventory |
//! | [`mod@restore`] | all files of a certificate as they were before |
//! | [`installed`] | where a certificate is, and its key there |
//! | [`look`] | what lies there now |
//! | [`places`] | a place is given up, or has moved |
//! | [`name_lock`] | one run at a time for each name |

mod content;
pub mod installed;
pub mod look;
pub(crate) mod name_lock;
pub mod output;
pub(crate) mod owner;
pub mod places;
mod record;
mod restore;
mod trial;
mod write;

pub(super) use content::without_root;
pub use output::{Material, Output, OutputForm, Password, no_password};
pub(crate) use owner::Lineage;
pub(crate) use record::{Settled, record};
pub(crate) use restore::{Restored, restore};
pub use trial::{ExpectedKey, preflight};
pub(crate) use write::write_all;
