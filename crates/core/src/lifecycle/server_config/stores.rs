//! What the files that a server uses must hold.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use crate::hint::keystore::{ServerFile, ServerHint};
use crate::lifecycle::delivery::Password;
use crate::lifecycle::server_config::{ConfigRequest, absolute, utf8};
use crate::server::{ServerValues, Stores};
use certroll_base::secret::Secret;
use certroll_keystore::formats;
use certroll_keystore::{Entry, EntryKey, Format, Item, KeystoreError, pem as pem_format};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::certificate::Certificate;

/// A keystore and a truststore, and the files with their passwords.
pub(super) fn java(request: &ConfigRequest, values: &mut ServerValues, notes: &mut Vec<String>) -> Result<(), Error> {
    if request.certificate.is_some() || request.key.is_some() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("{} takes a keystore, not PEM files", request.server.summary),
        )
        .hint(ServerHint::GiveKeystore));
    }
    let keystore =
        given(request, request.keystore.as_ref(), "keystore", ServerHint::NameInstalled(ServerFile::Keystore))?;
    let truststore = given(request, request.truststore.as_ref(), "truststore", ServerHint::MakeTruststore)?;
    let storepass = password(request.storepass.as_ref(), &keystore)?;
    let trustpass = match &request.trustpass {
        Some(password) => self::password(Some(password), &truststore)?,
        None => storepass.clone(),
    };
    let (format, entries) = open(&keystore, &storepass.secret)?;
    let keys: Vec<&Entry> = entries.iter().filter(|entry| matches!(entry.item, Item::Key { .. })).collect();
    let usable =
        |entry: &&&Entry| matches!(&entry.item, Item::Key { key: EntryKey::Plain(_), chain } if !chain.is_empty());
    let Some(Item::Key { chain, .. }) = keys.iter().find(usable).map(|entry| &entry.item) else {
        let error =
            Error::new(ErrorKind::Usage, format!("`{}` holds no key that a server could use", keystore.display()));
        return Err(error.hint("the key must have a certificate and the same password as the keystore"));
    };
    if keys.len() > 1 {
        notes.push(format!(
            "`{}` holds {} keys, and the server chooses: keep one in a keystore",
            keystore.display(),
            keys.len()
        ));
    }
    if request.server.calls_peers {
        peer(request, &keystore, chain, values)?;
    }
    values.set("keystore_type", store_type(format, &keystore)?);
    let (format, entries) = open(&truststore, &trustpass.secret)?;
    if !entries.iter().any(|entry| matches!(entry.item, Item::Trusted(_))) {
        let error =
            Error::new(ErrorKind::Usage, format!("`{}` holds no certificate that Java trusts", truststore.display()));
        return Err(error.hint(ServerHint::MakeJavaTruststore));
    }
    values.set("truststore_type", store_type(format, &truststore)?);
    values.set("keystore", utf8(&keystore)?);
    values.set("truststore", utf8(&truststore)?);
    set_password(values, "storepass", "storepass_file", &storepass)?;
    set_password(values, "trustpass", "trustpass_file", &trustpass)
}

/// The certificate of a server that calls others of its kind: it must be good for a client too. The name that the server
/// is to tell its clients is one that the certificate carries, where it carries any.
fn peer(request: &ConfigRequest, keystore: &Path, chain: &[Vec<u8>], values: &mut ServerValues) -> Result<(), Error> {
    let (keystore, summary) = (keystore.display(), request.server.summary);
    let unreadable = || Error::new(ErrorKind::Usage, format!("the certificate in `{keystore}` cannot be read"));
    let leaf = chain.first().ok_or_else(unreadable)?;
    let leaf = Certificate::from_der(leaf).map_err(|error| unreadable().because(error))?;
    if !leaf.allows("clientAuth") {
        let what = format!("the certificate in `{keystore}` lacks clientAuth: {summary} does not start with it");
        return Err(Error::new(ErrorKind::Usage, what)
            .hint("its brokers log in to each other: issue it from a template with serverAuth and clientAuth"));
    }
    let mut names = leaf.names.iter().filter_map(|name| match name {
        GeneralName::Dns(name) if !name.starts_with("*.") => Some(name.clone()),
        GeneralName::Ip(IpAddr::V4(address)) => Some(address.to_string()),
        GeneralName::Ip(IpAddr::V6(address)) => Some(format!("[{address}]")),
        _ => None,
    });
    let first = names.next();
    let asked = request.name.clone().filter(|asked| Some(asked) == first.as_ref() || names.any(|name| name == *asked));
    let name = asked.or(first).or_else(|| request.name.clone()).ok_or_else(|| {
        let what =
            format!("the certificate in `{keystore}` carries no host name or address that {summary} could advertise");
        Error::new(ErrorKind::Usage, what).hint("issue it for the name by which clients know the server")
    })?;
    values.set("name", name);
    Ok(())
}

/// Certificate, key and CAs in PEM. Answers the text of the key in the clear, to be written to `plain`, when the server
/// cannot open the one that is there.
pub(super) fn pem(
    request: &ConfigRequest,
    plain: &Path,
    values: &mut ServerValues,
    notes: &mut Vec<String>,
) -> Result<Option<Secret>, Error> {
    if request.keystore.is_some() || request.trustpass.is_some() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("{} takes PEM files, not a keystore", request.server.summary),
        )
        .hint(ServerHint::GivePem));
    }
    let certificate = given(
        request,
        request.certificate.as_ref(),
        "certificate",
        ServerHint::NameInstalled(ServerFile::Certificate),
    )?;
    let key = given(request, request.key.as_ref(), "key", ServerHint::NameInstalled(ServerFile::Key))?;
    let truststore = given(request, request.truststore.as_ref(), "truststore", ServerHint::MakeTruststore)?;
    trusted(&truststore)?;
    let encrypted = blocks(&key)?.iter().any(|block| block.label == Label::EncryptedPrivateKey);
    let storepass = encrypted.then(|| password(request.storepass.as_ref(), &key)).transpose()?;
    let opened = pair(&certificate, &key, storepass.as_ref().map(|password| &password.secret))?;
    values.set("certificate", utf8(&certificate)?);
    values.set("truststore", utf8(&truststore)?);
    match storepass {
        Some(_) if request.server.stores == Stores::PlainPem => {
            values.set("key", utf8(plain)?);
            notes.push(format!(
                "{} cannot be given a password when it starts: its key lies in the clear in `{}`",
                request.server.summary,
                plain.display()
            ));
            return Ok(Some(pem_format::plain_key_text(opened.expose())));
        }
        Some(password) => {
            notes.extend(request.server.encrypted_key.map(str::to_owned));
            set_password(values, "storepass", "storepass_file", &password)?;
        }
        None => {}
    }
    values.set("key", utf8(&key)?);
    Ok(None)
}

fn given(request: &ConfigRequest, path: Option<&PathBuf>, what: &str, hint: ServerHint) -> Result<PathBuf, Error> {
    let missing = || Error::new(ErrorKind::Usage, format!("{} needs a {what}", request.server.summary)).hint(hint);
    absolute(path.ok_or_else(missing)?)
}

/// A password that a server can read again: it must come from a file.
fn password(given: Option<&Password>, what: &Path) -> Result<Password, Error> {
    let error = |message: String| Error::new(ErrorKind::Usage, message).hint(SecretHint::InFile);
    let password = given.ok_or_else(|| error(format!("`{}` needs its password", what.display())))?;
    match &password.file {
        Some(_) => Ok(password.clone()),
        None => Err(error(format!("the password of `{}` must be in a file: the server needs it too", what.display()))),
    }
}

fn set_password(
    values: &mut ServerValues,
    secret: &'static str,
    file: &'static str,
    password: &Password,
) -> Result<(), Error> {
    if let Some(path) = &password.file {
        values.set(file, utf8(path)?);
    }
    values.set_secret(secret, password.secret.clone());
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))
}

fn open(path: &Path, password: &Secret) -> Result<(&'static Format, Vec<Entry>), Error> {
    let bytes = read(path)?;
    let format = formats::detect(&bytes).filter(|format| format.java_type.is_some()).ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("`{}` is neither PKCS#12 nor JKS", path.display()))
            .hint(ServerHint::MakeStores)
    })?;
    let entries = format.read(&bytes, Some(password)).map_err(|error| Error::keystore(path, error))?;
    Ok((format, entries))
}

/// The type in Java's words.
fn store_type(format: &Format, path: &Path) -> Result<&'static str, Error> {
    format.java_type.ok_or_else(|| {
        let what = format!("`{}` is of type `{}`, which servers do not read", path.display(), format.id);
        Error::new(ErrorKind::Usage, what)
    })
}

fn blocks(path: &Path) -> Result<Vec<pem::Block>, Error> {
    pem::read(&read(path)?).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("`{}` cannot be read as PEM", path.display())).because(error)
    })
}

fn trusted(path: &Path) -> Result<(), Error> {
    let blocks = blocks(path)?;
    if blocks.is_empty() || blocks.iter().any(|block| block.label != Label::Certificate) {
        let error =
            Error::new(ErrorKind::Usage, format!("`{}` is not a PEM file of CA certificates alone", path.display()));
        return Err(error.hint(ServerHint::MakePemTruststore));
    }
    Ok(())
}

/// The plain key, which must belong to the first certificate.
fn pair(
    certificate: &Path,
    key: &Path,
    password: Option<&Secret>,
) -> Result<certroll_base::secret::SecretBytes, Error> {
    let mut together = zeroize::Zeroizing::new(read(certificate)?);
    if certificate != key {
        let key = zeroize::Zeroizing::new(read(key)?);
        together.reserve_exact(key.len() + 1);
        together.push(b'\n');
        together.extend_from_slice(&key);
    }
    let unusable = || {
        let (key, certificate) = (key.display(), certificate.display());
        Error::new(
            ErrorKind::Usage,
            format!("the key in `{key}` does not belong to the certificate in `{certificate}`"),
        )
    };
    let entries = formats::PEM.read(&together, password).map_err(|error| match error {
        KeystoreError::WrongPassword => Error::keystore(key, error),
        other => unusable().because(other),
    })?;
    let leaf = blocks(certificate)?.into_iter().find(|block| block.label == Label::Certificate);
    let leaf = leaf.ok_or_else(unusable)?;
    entries
        .into_iter()
        .find_map(|entry| match entry.item {
            Item::Key { key: EntryKey::Plain(key), chain }
                if chain.first().is_some_and(|first| first == leaf.der.expose()) =>
            {
                Some(key)
            }
            _ => None,
        })
        .ok_or_else(unusable)
}
