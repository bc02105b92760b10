//! Hints about the home, its secrets and its log.

/// What to do about the home itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeHint {
    /// Make one.
    Create,
    /// Say which one is meant.
    Choose,
    /// Use the one that is there, or make one elsewhere.
    UseExisting,
    /// Make it without an identity token: there are no settings yet that say whom to believe.
    CreateWithoutToken,
    /// Name a directory for what must not be set back together with the home.
    SetStateDirectory,
    /// Set the clock of the machine; the log knows how far it is behind.
    SetClock,
    /// Put on record that the clock is right although the log has later records.
    AcceptClock,
}

/// How to give a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretHint {
    /// By any way there is to the secret of that name, such as `passphrase` or `storepass`.
    Give(String),
    /// A passphrase that is not tried first, or a key file.
    StrongerPassphrase,
    /// The passphrase that was given is wrong.
    OtherPassphrase,
    /// The password of the keystore that the error names.
    OfKeystore,
    /// The password of a keystore, none having been given.
    Storepass,
    /// The password of a truststore, none having been given.
    OfTruststore,
    /// The password of a keystore, in a file that a server can read too.
    InFile,
    /// The password of the key that the error names.
    OfKey,
    /// The password of a key, none having been given.
    Keypass,
    /// The password of the key in a keystore, or one for the keystore and its keys.
    OfKeyOrStore,
    /// The password that the key of an entry has for itself.
    OfEntry,
    /// The PIN of a token, none having been given.
    Pin,
    /// The PIN that was given is wrong.
    OtherPin,
    /// The PIN stands in a reference, where it must not stand.
    PinElsewhere,
}

/// What to do about the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogHint {
    /// Verify it, to see what still holds.
    WhatHolds,
    /// Verify it, to see where it is wrong.
    Verify,
    /// Verify it, which says more than the error.
    MoreByVerifying,
    /// Compare checkpoints, as verifying it does.
    CompareCheckpoints,
    /// List its records with their numbers.
    ListRecords,
    /// Choose one of the records that the selector names.
    ChooseRecord,
    /// Give the key that it is verified with, or a policy that lists it.
    GiveKey,
    /// Give a JSON Lines export.
    Export,
    /// Give an export with certificates.
    ExportBundle,
    /// Give the checkpoint of the last visit.
    Since,
    /// Bring lost records back from an export.
    Restore,
    /// Begin a new log that embeds the old one.
    Replace,
}
