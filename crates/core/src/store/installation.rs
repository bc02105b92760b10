//! How far a certificate is installed at a place: one row for each step, done for a certificate, or owed.

use std::path::PathBuf;

use super::model::Installation;
use super::step_state::StepState;
use crate::audit::record::value::Id;
use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;
use certroll_pki::digest::Fingerprint;

/// A step of an installation. Each is done after the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstallationStep {
    /// It lies there, and was read back.
    Written,
}

impl InstallationStep {
    /// Its name in the inventory.
    pub fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
        }
    }
}

/// A place with the state of its first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledPlace {
    /// Where and what.
    pub installation: Installation,
    /// Whether it is written.
    pub written: StepState,
}

/// A change of one step at one place.
#[derive(Clone, Debug)]
pub struct StepChange {
    /// The file, absolute, or the address.
    pub path: PathBuf,
    /// The alias, in lower case.
    pub alias: String,
    /// The step.
    pub step: InstallationStep,
    /// The operation that did it, or should have.
    pub op: Id,
    /// What became of it.
    pub outcome: StepOutcome,
}

/// What became of a step.
#[derive(Clone, Debug)]
pub enum StepOutcome {
    /// It is done.
    Done {
        /// SHA-256 of the certificate.
        certificate: Fingerprint,
        /// SHA-256 of the file; it holds for all entries of that file.
        digest: Option<Sha256>,
        /// When.
        at: Timestamp,
    },
    /// It is owed, and why; what was done before stands.
    Owed(String),
    /// What was there before is there again, and the certificate that should be is owed.
    TakenBack {
        /// SHA-256 of the certificate that lies there.
        certificate: Fingerprint,
        /// SHA-256 of the file.
        digest: Sha256,
        /// When.
        at: Timestamp,
        /// Why.
        why: String,
    },
}
