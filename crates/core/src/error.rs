//! What a use case can end in: the kind decides the exit code, the hints what the user tries next.

use std::fmt;

use crate::destination::{DestinationError, Remedy};
use crate::hint::Hint;
use crate::hint::certificate::DeliveryHint;
use crate::hint::home::{LogHint, SecretHint};
use crate::hint::keystore::KeystoreHint;
use crate::issuer::{ErrorClass, IssuerError};
use crate::signer::{SignerError, SignerErrorClass as SignerClass, registry as signers};
use crate::store::StoreError;
use crate::template::TemplateError;
use certroll_base::clock::Timestamp;
use certroll_base::encoding;
use certroll_keystore::{EntryProblem, KeystoreError};

/// What kind of failure it is, by what the caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Nothing more specific.
    Failed,
    /// Wrong input or settings.
    Usage,
    /// Refused by policy.
    Refused,
    /// The back end cannot do that.
    Unsupported,
    /// Wrong passphrase, missing right.
    Permission,
    /// Temporary; try again, not before that time if one is given.
    Temporary(Option<Timestamp>),
    /// Part of a batch failed.
    Partial,
    /// Issued, but not installed.
    Deploy,
    /// The audit log cannot be written: nothing was done.
    Audit,
    /// A certificate has expired or is revoked.
    Expired,
    /// Verification failed: tampering, rollback.
    Verification,
    /// Another run is at work on the same thing.
    Locked,
}

/// A failed use case: what failed on which input, why, and what to try.
#[derive(Debug)]
pub struct Error {
    /// What the caller can do.
    pub kind: ErrorKind,
    message: String,
    /// What to try next.
    pub hints: Vec<Hint>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
    recorded: bool,
}

impl Error {
    /// Whether another process changed the same thing first: the caller may look again and decide anew.
    pub fn is_conflict(&self) -> bool {
        let cause = std::error::Error::source(self).and_then(|cause| cause.downcast_ref());
        cause.is_some_and(|error| matches!(error, StoreError::Conflict(_)))
    }

    /// An error without a deeper cause.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new(), source: None, recorded: false }
    }

    /// The same error, of another kind: who calls knows better what it means for the user. That something was tampered with
    /// stays the first thing to say.
    #[must_use]
    pub fn of_kind(mut self, kind: ErrorKind) -> Self {
        if self.kind != ErrorKind::Verification {
            self.kind = kind;
        }
        self
    }

    /// As [`Error::of_kind`], unless another process holds the lock that was needed: that means the same everywhere.
    #[must_use]
    pub fn of_kind_unless_locked(self, kind: ErrorKind) -> Self {
        if self.kind == ErrorKind::Locked { self } else { self.of_kind(kind) }
    }

    /// The same cause, in the words of who knows what had been done by then; tampering keeps its own.
    #[must_use]
    pub fn reworded(mut self, kind: ErrorKind, message: impl Into<String>) -> Self {
        if self.kind == ErrorKind::Verification {
            return self;
        }
        self.kind = kind;
        self.message = message.into();
        self.hints.clear();
        self
    }

    /// The same, when part of a batch was done before the log could not be written any more.
    #[must_use]
    pub fn after_some(self) -> Self {
        match self.kind {
            ErrorKind::Audit => self
                .reworded(ErrorKind::Partial, "the batch stopped: the log cannot be written any more")
                .hint("make room in the home, then run the same command again"),
            _ => self,
        }
    }

    /// The same, once a record tells of it.
    #[must_use]
    pub(crate) fn on_record(mut self) -> Self {
        self.recorded = true;
        self
    }

    /// Whether a record tells of it already.
    pub(crate) fn is_on_record(&self) -> bool {
        self.recorded
    }

    /// Adds what to try next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the cause below.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A file that could not be read or written. A missing right is its own kind.
    pub fn file(path: &std::path::Path, what: &str, source: std::io::Error) -> Self {
        let kind = io_kind(&source);
        let error = Self::new(kind, format!("cannot {what} `{}`", path.display())).because(source);
        if kind == ErrorKind::Locked {
            error.hint("wait for that run or end it, then repeat the command")
        } else {
            error
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}

impl From<TemplateError> for Error {
    fn from(error: TemplateError) -> Self {
        Self::new(ErrorKind::Usage, "the template does not take these inputs").because(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let (kind, message, hint): (_, _, Hint) = match &error {
            StoreError::Busy(_) => (
                ErrorKind::Locked,
                "another run is at work on this home",
                "wait for it, then repeat the command".into(),
            ),
            StoreError::Conflict(_) => {
                (ErrorKind::Locked, "another run changed the same thing at the same time", "repeat the command".into())
            }
            StoreError::Unavailable { what: "written", .. } => (
                ErrorKind::Audit,
                "the audit log cannot be written, so nothing was done",
                "make room or restore write access to the home, then repeat the command".into(),
            ),
            StoreError::Unavailable { .. } => (
                ErrorKind::Failed,
                "the home's database cannot be used",
                "check that the home exists and may be read".into(),
            ),
            StoreError::Schema { .. } => {
                (ErrorKind::Usage, "the home was written by a newer certroll", "update this program".into())
            }
            StoreError::Contradiction(found) => {
                let (size, root) = (found.known.0, encoding::hex(&found.known.1));
                let message = format!("{found}; when it was checked it had {size} with the root {root}");
                return Self::new(ErrorKind::Verification, message)
                    .hint(LogHint::WhatHolds)
                    .hint("find out who writes in the home; nothing is signed until this is settled");
            }
            StoreError::Damaged(_) | StoreError::Missing(_) => {
                (ErrorKind::Verification, "the home's database is damaged", LogHint::WhatHolds.into())
            }
            StoreError::Record(_) => {
                (ErrorKind::Failed, "a record cannot be written", "shorten the names or texts of the request".into())
            }
        };
        Self::new(kind, message).hint(hint).because(error)
    }
}

impl From<IssuerError> for Error {
    fn from(mut error: IssuerError) -> Self {
        let kind = match error.class {
            ErrorClass::Retryable => ErrorKind::Temporary(None),
            ErrorClass::RateLimited(until) => ErrorKind::Temporary(until),
            ErrorClass::Policy => ErrorKind::Refused,
            ErrorClass::Auth => ErrorKind::Permission,
            ErrorClass::Unsupported => ErrorKind::Unsupported,
            ErrorClass::Config | ErrorClass::NotFound => ErrorKind::Usage,
            ErrorClass::Ambiguous | ErrorClass::Protocol | ErrorClass::Permanent => ErrorKind::Failed,
        };
        let outer = Self::new(kind, format!("issuer `{}` did not do it", error.issuer));
        match error.hint.take() {
            Some(hint) => outer.hint(*hint).because(error),
            None => outer.because(error),
        }
    }
}

impl Error {
    /// A key elsewhere that could not be opened or made.
    pub fn key(reference: &str, mut source: SignerError) -> Self {
        let kind = match source.class {
            SignerClass::Config => ErrorKind::Usage,
            SignerClass::Auth => ErrorKind::Permission,
            SignerClass::Unsupported => ErrorKind::Unsupported,
            SignerClass::Unavailable => ErrorKind::Temporary(None),
            SignerClass::Failed => ErrorKind::Failed,
        };
        let outer = Self::new(kind, format!("the key `{}` cannot be used", signers::place(reference)));
        match source.hint.take() {
            Some(hint) => outer.hint(hint).because(source),
            None => outer.because(source),
        }
    }

    /// A keystore that could not be read or written.
    pub fn keystore(path: &std::path::Path, source: KeystoreError) -> Self {
        let path = path.display();
        match source {
            KeystoreError::WrongPassword | KeystoreError::PasswordRequired => {
                Self::new(ErrorKind::Permission, format!("keystore `{path}` cannot be opened"))
                    .hint(SecretHint::OfKeystore)
                    .because(source)
            }
            KeystoreError::Entry { problem: EntryProblem::Attribute(_), .. } => {
                Self::new(ErrorKind::Unsupported, format!("keystore `{path}` cannot hold all of it"))
                    .hint(KeystoreHint::DropAttributes)
                    .because(source)
            }
            _ => Self::new(ErrorKind::Usage, format!("keystore `{path}` cannot be used")).because(source),
        }
    }
}

impl Error {
    /// A place to which something could not be delivered, or which could not be looked at.
    pub fn destination(place: impl fmt::Display, what: &str, source: DestinationError) -> Self {
        let kind = match &source {
            DestinationError::Io(error) => io_kind(error),
            DestinationError::Refused(_) | DestinationError::Occupied => ErrorKind::Usage,
            DestinationError::Foreign(_) => ErrorKind::Permission,
            DestinationError::Unsuitable(_) | DestinationError::Unsupported(_) => ErrorKind::Unsupported,
            DestinationError::Service { remedy, .. } => match remedy {
                Remedy::Credentials => ErrorKind::Permission,
                Remedy::Correct => ErrorKind::Usage,
                Remedy::Retry => ErrorKind::Temporary(None),
                Remedy::Elsewhere => ErrorKind::Unsupported,
                Remedy::Unknown => ErrorKind::Failed,
            },
        };
        let error = Self::new(kind, format!("cannot {what} `{place}`"));
        let error = match &source {
            DestinationError::Occupied => error.hint(DeliveryHint::Replace),
            DestinationError::Unsuitable(_) => error.hint(DeliveryHint::OtherKey),
            DestinationError::Service { advice: Some(advice), .. } => error.hint(*advice),
            _ => error,
        };
        match source {
            // The system's words, without ours around them.
            DestinationError::Io(source) => error.because(source),
            source => error.because(source),
        }
    }
}

/// A missing right is its own kind of failure.
fn io_kind(error: &std::io::Error) -> ErrorKind {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => ErrorKind::Permission,
        std::io::ErrorKind::NotFound | std::io::ErrorKind::InvalidData | std::io::ErrorKind::AlreadyExists => {
            ErrorKind::Usage
        }
        // A lock of ours that is held; the system says the same of a mount point, with a code of its own.
        std::io::ErrorKind::ResourceBusy if error.raw_os_error().is_none() => ErrorKind::Locked,
        _ => ErrorKind::Failed,
    }
}

/// An error and its causes on one line, for a record.
pub fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
