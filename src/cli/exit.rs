//! Exit codes. Scripts depend on them: a number never changes its meaning.

use certroll_core::error::ErrorKind;

/// Done, or nothing to do.
pub const DONE: u8 = 0;
/// Failed, nothing more specific.
pub const FAILED: u8 = 1;
/// Wrong usage or settings.
pub const USAGE: u8 = 2;
/// Refused by policy, or waiting for approval.
pub const REFUSED: u8 = 3;
/// The back end cannot do that; no repetition helps.
pub const UNSUPPORTED: u8 = 4;
/// Permission or authentication: wrong passphrase, file not accessible.
pub const PERMISSION: u8 = 5;
/// Temporary; try later.
pub const TEMPORARY: u8 = 6;
/// Part of a batch failed; the rest is done.
pub const PARTIAL: u8 = 7;
/// Issued, but a file could not be written or a check of what is served failed.
pub const DEPLOY: u8 = 8;
/// The audit log cannot be written: nothing was done.
pub const AUDIT: u8 = 9;
/// With `--detailed-exitcode`: done, and something changed.
pub const CHANGED: u8 = 10;
/// `check`: something is due; `lint`: something should be changed.
pub const DUE: u8 = 11;
/// `check`, `lint`, `message`: something is expired or revoked.
pub const EXPIRED: u8 = 12;
/// Verification failed: tampering, rollback, damage, or an error that `lint` found.
pub const VERIFICATION: u8 = 13;
/// Another run holds what this one needs.
pub const LOCKED: u8 = 14;

/// Every code with its meaning, for the manual.
pub const ALL: &[(u8, &str)] = &[
    (DONE, "done, or nothing to do"),
    (FAILED, "failed"),
    (USAGE, "wrong usage or settings"),
    (REFUSED, "refused by policy, or waiting for approval"),
    (UNSUPPORTED, "the back end cannot do that"),
    (PERMISSION, "permission or authentication"),
    (TEMPORARY, "temporary; try later"),
    (PARTIAL, "part of a batch failed; the rest is done"),
    (DEPLOY, "issued, but a file could not be written"),
    (AUDIT, "the audit log cannot be written: nothing was done"),
    (CHANGED, "done, and something changed (--detailed-exitcode)"),
    (DUE, "something is due (check), or should be changed (lint)"),
    (EXPIRED, "something is expired or revoked (check, lint, message)"),
    (VERIFICATION, "verification failed: tampering, rollback, damage, replay, or an error that lint found"),
    (LOCKED, "another run holds what this one needs"),
];

/// The code for a failed use case.
pub fn code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Failed => FAILED,
        ErrorKind::Usage => USAGE,
        ErrorKind::Refused => REFUSED,
        ErrorKind::Unsupported => UNSUPPORTED,
        ErrorKind::Permission => PERMISSION,
        ErrorKind::Temporary(_) => TEMPORARY,
        ErrorKind::Partial => PARTIAL,
        ErrorKind::Deploy => DEPLOY,
        ErrorKind::Audit => AUDIT,
        ErrorKind::Expired => EXPIRED,
        ErrorKind::Verification => VERIFICATION,
        ErrorKind::Locked => LOCKED,
    }
}
