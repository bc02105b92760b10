//! One run at a time for each name: who issues, rotates or delivers it reads its state after the others have written theirs.

use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::home::Home;
use certroll_base::durable;
use certroll_base::encoding::sha256;
use certroll_base::lock::Lock;

/// The lock of a name, until it is dropped.
///
/// Names share some lock files, so that these do not grow with the inventory: two names may then wait for each other, and none for
/// itself, because a thread holds one of each kind at a time. They are many, because a name is held until its services were seen to serve it. It is
/// taken before the session is locked and before any directory is.
pub(crate) struct NameLock {
    _lock: Lock,
}

impl NameLock {
    /// Waits for that of a certificate's name.
    ///
    /// # Errors
    /// The lock file cannot be opened.
    pub(crate) fn of(home: &Home, name: &str) -> Result<Self, Error> {
        Self::among(home, "names", name)
    }

    /// Waits for that of a service, so that two certificates of one server are not put in force in one moment. It is taken after that of
    /// the certificate's name.
    ///
    /// # Errors
    /// The lock file cannot be opened.
    pub(crate) fn of_service(home: &Home, service: &str) -> Result<Self, Error> {
        Self::among(home, "services", service)
    }

    fn among(home: &Home, kind: &str, name: &str) -> Result<Self, Error> {
        let [high, low, ..] = sha256(name.as_bytes());
        let file = home.run().join(kind).join(format!("{high:02x}{:x}.lock", low >> 4));
        // Where no lock can be taken no record can be written.
        let failed = |error| Error::file(&file, "lock", error).of_kind_unless_locked(ErrorKind::Audit);
        durable::create_directory(durable::parent(&file)).map_err(failed)?;
        Ok(Self { _lock: Lock::acquire(&file).map_err(failed)? })
    }
}
