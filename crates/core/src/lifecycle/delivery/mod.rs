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
mod trial;
mod write;

use crate::audit::record::value::Id;
use crate::destination::Place;
use crate::error::Error;
use crate::lifecycle::session::Session;
use crate::store::CertificateEntry;

pub(super) use content::without_root;
pub use output::{Material, Output, OutputForm, Password, no_password};
pub(crate) use owner::Lineage;
pub(crate) use record::record;
pub use trial::{ExpectedKey, preflight};
pub(crate) use write::write_all;

/// Writes the places, records each, and remembers them under the certificate's name; answers where it is.
///
/// The files are changed all together or not at all; the key is forgotten by the home only when every place that should hold it
/// does.
///
/// # Errors
/// Of kind [`crate::error::ErrorKind::Deploy`] when any place could not be written: the certificate is issued all the same.
pub fn deliver(
    session: &mut Session,
    entry: &CertificateEntry,
    material: &Material,
    outputs: &[Output],
    op: Id,
) -> Result<Vec<Place>, Error> {
    let now = session.clock.now();
    let lineage = Lineage::of(session.journal.store(), &entry.name)?;
    let written = write_all(&lineage, outputs, material, now);
    record(session, entry, outputs, written, op)
}
