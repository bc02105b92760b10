//! One run at a time for each service: two certificates of one server are not put in force in one moment.

use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::home::Home;
use certroll_base::durable;
use certroll_base::encoding::sha256;
use certroll_base::lock::Lock;

/// The lock of a service, until it is dropped. It is taken after that of the certificate's name.
pub(super) struct ServiceLock {
    _lock: Lock,
}

impl ServiceLock {
    /// Waits for it.
    ///
    /// # Errors
    /// The lock file cannot be opened.
    pub(super) fn of(home: &Home, service: &str) -> Result<Self, Error> {
        let file = home.run().join("services").join(format!("{:02x}.lock", sha256(service.as_bytes())[0]));
        let failed = |error| Error::file(&file, "lock", error).of_kind_unless_locked(ErrorKind::Audit);
        durable::create_directory(durable::parent(&file)).map_err(failed)?;
        Ok(Self { _lock: Lock::acquire(&file).map_err(failed)? })
    }
}
