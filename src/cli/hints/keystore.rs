//! The words of hints about keys, keystores, truststores, messages and configurations of servers.

use certroll_core::hint::keystore::{KeyHint, KeystoreHint, MessageHint, ServerFile, ServerHint, TruststoreHint};

pub(super) fn key(hint: &KeyHint) -> String {
    match hint {
        KeyHint::Encrypt(path) => format!("encrypt it with `certroll key passwd {}`", path.display()),
        KeyHint::ChangeAsKeystore(path) => format!("use `certroll keystore passwd {}`: it keeps them", path.display()),
        KeyHint::NameInToken => {
            "name one by `object=LABEL` or `id=%01`; `certroll key list 'pkcs11:token=LABEL'` shows them".into()
        }
        KeyHint::UseExisting => "leave `--generate` out to use it, or choose another name".into(),
        KeyHint::OtherKind => "choose another kind for `--generate`: rsa:3072, ec:p256".into(),
        KeyHint::NameModule => {
            "add `?module-path=/usr/lib/softhsm/libsofthsm2.so` to it, or set CERTROLL_PKCS11_MODULE".into()
        }
    }
}

pub(super) fn keystore(hint: &KeystoreHint) -> String {
    match hint {
        KeystoreHint::InspectOther => "expected PKCS#12, JKS or PEM; `certroll inspect` knows other files too".into(),
        KeystoreHint::Inspect(path) => format!("see what it holds with `certroll inspect {}`", path.display()),
        KeystoreHint::Add(path) => {
            format!("add to it with `certroll keystore add {} --alias ALIAS --key KIND`, or choose another name", path.display())
        }
        KeystoreHint::NewKey => "add `--alias ALIAS --key KIND` for a new key".into(),
        KeystoreHint::ReplaceEntry => {
            "choose another alias, or add `--replace`: the old file stays beside it as `.previous`".into()
        }
        KeystoreHint::ReplaceFile => {
            "choose another name, or add `--replace`: the old file stays beside it as `.previous`".into()
        }
        KeystoreHint::GiveAlias => "add `--alias ALIAS`".into(),
        KeystoreHint::NameAlias => "name the one that is meant with `--alias`".into(),
        KeystoreHint::AliasAmong(aliases) => {
            format!("name one with `--alias`: {}", aliases.join(", "))
        }
        KeystoreHint::ConvertPem(path) => {
            format!("bring it into a keystore with `certroll keystore convert {} --out FILE.p12`", path.display())
        }
        KeystoreHint::ConvertJceks(path) => format!(
            "bring its trusted certificates along with `certroll keystore convert {} --out FILE.p12`",
            path.display()
        ),
        KeystoreHint::ImportReply => {
            "import the CA's reply first: `certroll keystore import FILE --alias ALIAS --cert REPLY`".into()
        }
        KeystoreHint::RequestFromKey => {
            "the reply must answer a request made with this very key: `certroll csr new NAME --template T --keystore FILE --alias ALIAS`"
                .into()
        }
        KeystoreHint::CompleteChain => {
            "add it with a further `--cert FILE`, or take the chain as it is with `--partial-chain`".into()
        }
        KeystoreHint::DropAttributes => {
            "choose a file `.p12`, which can, or leave such attributes behind with `--drop-attributes`".into()
        }
        KeystoreHint::MarkTrusted => {
            "add `--mark-trusted` if all such certificates of the file are to be trusted".into()
        }
        KeystoreHint::ChangeStorepass => "change it with `--new-storepass-file FILE` alone".into(),
    }
}

pub(super) fn truststore(hint: &TruststoreHint) -> String {
    match hint {
        TruststoreHint::AddTo(path) => {
            format!("for a bundle of CA certificates use `certroll truststore add {} --cert FILE`", path.display())
        }
        TruststoreHint::NameCertificate => "name the certificate with `--cert FILE` or `--sha256 FINGERPRINT`".into(),
        TruststoreHint::OtherAlias => {
            "choose another `--alias`, or replace a trusted certificate with `--replace`".into()
        }
        TruststoreHint::MakeAgain(path) => {
            let path = path.display();
            format!(
                "make it again with `certroll truststore create {path} --ca NAME`, or stop tracking it with `certroll truststore untrack {path}`"
            )
        }
    }
}

pub(super) fn message(hint: &MessageHint) -> String {
    match hint {
        MessageHint::GiveCertificate => "give the certificate of this key with `--cert FILE`".into(),
        MessageHint::GiveCertificateOrRaw => "give it with `--cert FILE`, or sign without one: `--raw`".into(),
        MessageHint::GetCertificate => {
            "get one for messages: `certroll issue NAME --template message-signer --keystore FILE.p12`".into()
        }
        MessageHint::ChooseAlias(aliases) => format!("choose one with `--alias ALIAS`: {aliases}"),
        MessageHint::NameTrusted => "name whom to trust with `--trust FILE`".into(),
    }
}

pub(super) fn server(hint: &ServerHint) -> String {
    match hint {
        ServerHint::AddService => "add it with `certroll service add`".to_owned(),
        ServerHint::ReplaceService => "describe it anew with `certroll service add` and `--replace`".to_owned(),
        ServerHint::SeeDrivers => "`certroll service drivers` shows the drivers and their settings".to_owned(),
        ServerHint::Install { name, file: ServerFile::Keystore } => format!(
            "write one with `certroll rotate {name}` or `certroll deliver {name} --keystore FILE.p12`, or name the file"
        ),
        ServerHint::Install { name, file: ServerFile::Certificate } => format!(
            "write one with `certroll rotate {name}` or `certroll deliver {name} --out-cert FILE.pem`, or name the file"
        ),
        ServerHint::Install { name, file: ServerFile::Key } => format!(
            "write one with `certroll rotate {name}` or `certroll deliver {name} --out-key FILE.pem`, or name the file"
        ),
        ServerHint::NameFile(file) => format!("name the right one with {}", option(*file)),
        ServerHint::NameInstalled(file) => format!(
            "name a certificate that certroll has installed with `--name NAME`, or the file itself with {}",
            option(*file)
        ),
        ServerHint::GiveKeystore => "give it with `--keystore FILE.p12`".into(),
        ServerHint::GivePem => "give them with `--cert FILE.pem --key FILE.pem --truststore FILE.pem`".into(),
        ServerHint::MakeStores => {
            "`certroll deliver NAME --keystore FILE.p12` writes a keystore, `certroll ca export --out FILE.p12` a truststore"
                .into()
        }
        ServerHint::MakeTruststore => {
            "make a truststore with `certroll ca export --out FILE`, and name it with `--truststore FILE`".into()
        }
        ServerHint::MakeJavaTruststore => "make a truststore with `certroll ca export --out FILE.p12`".into(),
        ServerHint::MakePemTruststore => "make one with `certroll ca export --out FILE.pem`".into(),
        ServerHint::NoAddress => "leave `--listen` out".into(),
        ServerHint::OtherDirectory => "choose another directory with `--out DIR`".into(),
    }
}

/// How `service config` is told a file.
fn option(file: ServerFile) -> &'static str {
    match file {
        ServerFile::Keystore => "`--keystore FILE`",
        ServerFile::Certificate => "`--cert FILE`",
        ServerFile::Key => "`--key FILE`",
    }
}
