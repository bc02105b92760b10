//! Services: the servers that use certificates. A certificate is delivered when each of them was seen to serve it.
//!
//! ```text
//! pre hook -> files written -> test -> reload -> handshakes -> post hook -> delivered
//!                                 \        \          \
//!                                  the files hold the predecessor again, reload, handshakes: owed
//! ```
//!
//! A step that is done is on record, and in the inventory with the certificate that it is done for. One that failed is owed: the next
//! rotation of what is due takes it up with the same certificate. Nothing but a handshake counts as proof, because servers say that
//! they have reloaded and go on with what they had.
//!
//! | module | what is in it |
//! |---|---|
//! | [`inventory`] | services are added, changed, removed |
//! | [`probe`] | what a listener shows |
//! | [`mod@deliver`] | a certificate is written, and used by every service |
//! | [`mod@adopt`] | the steps of one service |
//! | [`take_back`] | the predecessor is put in force again |
//! | [`status`] | what each service serves now, for those who look |

mod adopt;
mod deliver;
pub mod inventory;
pub mod probe;
pub mod status;
mod take_back;

pub(crate) use deliver::{Again, Delivery, deliver, differing};
pub use deliver::{load, reload};

use crate::error::Error;
use crate::store::{Service, Store};

/// The services that use the certificate of that name.
///
/// # Errors
/// The inventory cannot be read.
pub(crate) fn users_of(store: &dyn Store, name: &str) -> Result<Vec<Service>, Error> {
    Ok(store.services()?.into_iter().filter(|service| service.uses(name)).collect())
}
