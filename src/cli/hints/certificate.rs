//! The words of hints about issuing, rotating, revoking and handing out.

use certroll_core::hint::certificate::{CertificateHint, DeliveryHint, IntentHint};

pub(super) fn certificate(hint: &CertificateHint) -> String {
    match hint {
        CertificateHint::Rotate(name) => format!("replace it with `certroll rotate {name}`"),
        CertificateHint::IssueAnother => "add `--force` to issue a further one beside it".into(),
        CertificateHint::IssueEachLine => {
            "issue each line by name: `certroll issue NAME --template T --issuer I`".into()
        }
        CertificateHint::FindName => {
            "`certroll list` shows names and serial numbers; a certificate file is accepted too".into()
        }
        CertificateHint::FindCurrent => "`certroll list --current` shows the names".into(),
        CertificateHint::InspectKeystore => {
            "keystores are read by `certroll inspect`; name the certificate instead".into()
        }
        CertificateHint::ChooseTemplate(known) => {
            format!("choose one of {}; `certroll template list` describes them", known.join(", "))
        }
        CertificateHint::SeePolicies => {
            "see the rules with `certroll policy list` and `certroll policy show NAME`".into()
        }
        CertificateHint::SeeCapabilities(issuer) => {
            format!("see what it can do with `certroll issuer capabilities {issuer}`")
        }
        CertificateHint::UseIssuer(able) => format!("use `--issuer {}`: it can", able.join("` or `--issuer ")),
        CertificateHint::NameIssuer(known) => format!("add `--issuer NAME`: one of {}", known.join(", ")),
        CertificateHint::LetKeyBeMade => {
            "leave `--csr` and `--reuse-key` out, or choose another issuer with `--issuer`: `certroll issuer list`"
                .into()
        }
        CertificateHint::NewKeyOrKeep => "make a new key and request, or add `--reuse-key` to keep this one".into(),
        CertificateHint::LintRequest(file) => format!("see all of it with `certroll csr lint {file}`"),
        CertificateHint::NewKey => "rotate with a new key: leave `--reuse-key` out".into(),
        CertificateHint::NewRequest(name) => format!("bring a new request: `certroll rotate {name} --csr FILE`"),
        CertificateHint::RevokeUnused(serial) => {
            format!("it is on record and was not handed out; revoke it: `certroll revoke {serial} --reason superseded`")
        }
        CertificateHint::RevokeBySerial(name) => {
            format!("revoke it: `certroll list {name}` shows its serial number")
        }
        CertificateHint::TakeOutOfUse(issuer) => {
            format!("take it out of use; `certroll issuer capabilities {issuer}` tells what the issuer can do")
        }
        CertificateHint::Show => "`certroll show NAME` tells what the home knows of one".into(),
    }
}

pub(super) fn delivery(hint: &DeliveryHint) -> String {
    match hint {
        DeliveryHint::SayWhere => "say where with `--keystore FILE.p12`, `--out-cert FILE` or `--out-key FILE`".into(),
        DeliveryHint::MakeNew(name) => format!("make a new one with `certroll rotate {name}`"),
        DeliveryHint::ImportAtKey => {
            "write the certificate with `--out-cert FILE.pem` and import it where the key is".into()
        }
        DeliveryHint::MakeRoom => "make room in the home, then run `certroll deliver` for the files".into(),
        DeliveryHint::MakeRoomFor(name) => {
            format!("the key is kept in the home; make room, then run `certroll deliver {name}`")
        }
        DeliveryHint::HandOut(name) => format!("hand it out with `certroll deliver {name}`"),
        DeliveryHint::OtherKey => {
            "choose the same kind of key with `--key`, or import a new one with `--acm-import new`".into()
        }
        DeliveryHint::HandOutAll => {
            "hand it out with `certroll deliver --all --out DIR|FILE.ndjson`, or one with `certroll deliver NAME --keystore FILE`"
                .into()
        }
        DeliveryHint::StaysOwed => {
            "the same certificate is delivered by the next `certroll rotate --due`, or by `certroll deliver NAME`".into()
        }
        DeliveryHint::Serve(name) => format!(
            "see to the service, then run `certroll rotate {name} --due`: it goes on with the same certificate"
        ),
        DeliveryHint::Replace => "choose another name, or add `--replace` to lose what is there".into(),
        DeliveryHint::OtherAlias => "choose another alias with `--alias`, or another file".into(),
    }
}

pub(super) fn intent(hint: &IntentHint) -> String {
    match hint {
        IntentHint::AskAgain => {
            "the intent stays open: repeat the command, it asks the issuer before it sends anything; `certroll doctor` \
             asks too"
                .into()
        }
        IntentHint::AskLater => {
            "repeat the command that began it once the issuer has an answer; `certroll doctor` asks too".into()
        }
        IntentHint::GoOn => "repeat the command that began it to go on with it; `certroll doctor` shows it".into(),
        IntentHint::Abandon(name) => format!("end it with `certroll issuer abandon {name} --comment WHY`"),
        IntentHint::AbandonForName(name) => format!(
            "the intent stays open; to end it and have the name free again: `certroll issuer abandon {name} --comment WHY`"
        ),
        IntentHint::SeeOpen => "`certroll doctor` shows what is open".into(),
    }
}
