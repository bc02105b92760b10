//! The words of hints about the home, its secrets and its log.

use certroll_core::hint::home::{HomeHint, LogHint, SecretHint};

pub(super) fn home(hint: &HomeHint) -> &'static str {
    match hint {
        HomeHint::Create => "make one with `certroll init DIR`, or try `certroll quickstart DIR`",
        HomeHint::Choose => "name it with `--home DIR` or CERTROLL_HOME",
        HomeHint::UseExisting => "use it with `--home`, or choose another directory",
        HomeHint::CreateWithoutToken => {
            "make the home without `--identity-token-file` and CERTROLL_IDENTITY_TOKEN_FILE, then write `[identity]` into \
             certroll.toml"
        }
        HomeHint::SetStateDirectory => "set CERTROLL_STATE_DIR to a directory, best on another disk",
        HomeHint::SetClock => "set the clock; `certroll doctor` shows what is behind",
        HomeHint::AcceptClock => {
            "if it is right now and was wrong then, put that on record with `certroll doctor --accept-clock`"
        }
    }
}

pub(super) fn secret(hint: &SecretHint) -> String {
    match hint {
        SecretHint::Give(stem) => {
            let variable = format!("CERTROLL_{}", stem.to_uppercase().replace('-', "_"));
            format!("give it with `--{stem}-file FILE`, {variable}_FILE=FILE, {variable} or `--{stem}-command COMMAND`")
        }
        SecretHint::StrongerPassphrase => {
            "choose another, or take random bits with `--key-file FILE`; `--allow-weak` takes it as it is".into()
        }
        SecretHint::OtherPassphrase => {
            "give the right one with CERTROLL_PASSPHRASE_FILE=FILE or `--passphrase-file FILE`".into()
        }
        SecretHint::OfKeystore => "give its password with `--storepass-file FILE` or in CERTROLL_STOREPASS".into(),
        SecretHint::Storepass => {
            "give it with `--storepass-file FILE`, in CERTROLL_STOREPASS, or with `--storepass-command COMMAND`".into()
        }
        SecretHint::OfTruststore => "give it with `--storepass-file FILE` or in CERTROLL_STOREPASS".into(),
        SecretHint::InFile => "give it with `--storepass-file FILE` or CERTROLL_STOREPASS_FILE=FILE".into(),
        SecretHint::OfKey => "give its password with `--keypass-file FILE` or in CERTROLL_KEYPASS".into(),
        SecretHint::Keypass => "give it with `--keypass-file FILE` or in CERTROLL_KEYPASS".into(),
        SecretHint::OfKeyOrStore => {
            "give its password with `--keypass-file FILE` or in CERTROLL_KEYPASS, or the common one with \
             `--storepass-file FILE`"
                .into()
        }
        SecretHint::OfEntry => "give the password of its key with `--keypass-file FILE`".into(),
        SecretHint::Pin => "give it with `--pin-file FILE`, `--pin-command COMMAND` or in CERTROLL_PIN".into(),
        SecretHint::OtherPin => {
            "give the right PIN with `--pin-file FILE` or in CERTROLL_PIN; most tokens lock after a few wrong ones"
                .into()
        }
        SecretHint::PinElsewhere => {
            "leave it out; give the PIN with `--pin-file FILE`, in CERTROLL_PIN, or by `pin-source=FILE`".into()
        }
    }
}

pub(super) fn log(hint: &LogHint) -> &'static str {
    match hint {
        LogHint::WhatHolds => "run `certroll audit verify` to see what still holds",
        LogHint::Verify => "run `certroll audit verify` to see more",
        LogHint::MoreByVerifying => "`certroll audit verify` says more",
        LogHint::CompareCheckpoints => "an auditor who doubts it compares checkpoints; see `certroll audit verify`",
        LogHint::ListRecords => "`certroll audit show` lists the records with their numbers",
        LogHint::ChooseRecord => "name one of them by its number, or add `--event EVENT`",
        LogHint::GiveKey => "add `--key FILE` or `--key VKEY`, or a policy that lists the log",
        LogHint::Export => "give a JSON Lines export: `certroll audit export --out log.jsonl`",
        LogHint::ExportBundle => {
            "heal from a bundle (`certroll audit export --format bundle --out FILE.tar`): it has the certificates"
        }
        LogHint::Since => "give the one of your last visit with `--since FILE`",
        LogHint::Restore => {
            "bring lost records back with `certroll audit restore --from EXPORT`, or restore the newest backup of the home"
        }
        LogHint::Replace => {
            "`certroll audit start-new-log --origin NAME --from EXPORT` begins a new log that embeds the old one and takes over what the export knows"
        }
    }
}
