//! Arguments that say which files a certificate is written to.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::args::{ProfileArgs, ReplaceArgs, StorepassArgs};
use certroll_core::destination::{Place, kinds};
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::delivery::{Output, OutputForm};
use certroll_keystore::formats;

#[derive(Clone, Debug, Args)]
pub(super) struct OutputArgs {
    /// Keystore to write key and chain to; the extension decides: .p12 .pfx, .jks .ks, .pem (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(super) keystore: Vec<PathBuf>,
    /// File for the certificate and its intermediates, PEM
    #[arg(long, value_name = "FILE")]
    pub(super) out_cert: Option<PathBuf>,
    /// File for the private key, encrypted PKCS#8 in PEM
    #[arg(long, value_name = "FILE")]
    pub(super) out_key: Option<PathBuf>,
    /// File for the private key in the clear, PKCS#8 in PEM: for servers that open no encrypted key, such as Mosquitto
    #[arg(long, value_name = "FILE")]
    pub(super) out_plain_key: Option<PathBuf>,
    /// Import key and chain into AWS Certificate Manager: the ARN of an imported certificate whose place it takes, or new;
    /// rotations import in the same place (repeatable)
    #[arg(long, value_name = "ARN|new")]
    pub(super) acm_import: Vec<String>,
    /// Install at a service: its kind and an address there, or new (repeatable)
    #[arg(long, value_name = "KIND:ADDRESS")]
    pub(super) install: Vec<String>,
    #[command(flatten)]
    pub(super) replace: ReplaceArgs,
    /// Alias in keystores [default: the name]
    #[arg(long, value_name = "ALIAS")]
    pub(super) alias: Option<String>,
    #[command(flatten)]
    pub(super) profile: ProfileArgs,
    #[command(flatten)]
    pub(super) storepass: StorepassArgs,
}

impl OutputArgs {
    /// The files, with the password if one of them holds a key. Without our own key a .pem is the certificate alone.
    pub(super) fn outputs(&self, name: &str, own_key: bool) -> Result<Vec<Output>, Error> {
        let mut files: Vec<(Place, OutputForm)> = Vec::new();
        for path in &self.keystore {
            let format = formats::by_extension(path).ok_or_else(|| unknown_extension(path))?;
            let bare = !own_key && format.holds_bare_certificates;
            let form = if bare { OutputForm::Certificate } else { OutputForm::Keystore(format) };
            files.push((Place::File(path.clone()), form));
        }
        files.extend(self.out_cert.iter().map(|path| (Place::File(path.clone()), OutputForm::Certificate)));
        files.extend(self.out_key.iter().map(|path| (Place::File(path.clone()), OutputForm::Key)));
        files.extend(self.out_plain_key.iter().map(|path| (Place::File(path.clone()), OutputForm::PlainKey)));
        for address in &self.acm_import {
            files.push((service("acm", address)?, OutputForm::Service));
        }
        for text in &self.install {
            let (kind, address) = text.split_once(':').unwrap_or((text, ""));
            files.push((service(kind, address)?, OutputForm::Service));
        }
        let needs_password = own_key && files.iter().any(|(_, form)| form.has_password());
        let password = if needs_password { Some(self.storepass.source().require(true)?) } else { None };
        let alias = self.alias.clone().unwrap_or_else(|| name.to_owned());
        let password = |form: OutputForm| password.as_ref().filter(|_| form.has_password()).cloned();
        let output = |(place, form)| {
            let (alias, password) = (alias.clone(), password(form));
            Output { place, form, alias, password, profile: self.profile.profile(), replace: self.replace.replace }
        };
        Ok(files.into_iter().map(output).collect())
    }
}

/// An object at a service of that kind.
fn service(kind: &str, address: &str) -> Result<Place, Error> {
    let known = kinds::services().find(|known| known.id == kind).ok_or_else(|| {
        let known: Vec<_> = kinds::services().map(|known| format!("{}: {}", known.id, known.summary)).collect();
        Error::new(ErrorKind::Usage, format!("`{kind}` is no kind of service that certroll installs at"))
            .hint(format!("known are: {}", known.join("; ")))
    })?;
    let refused = |why| Error::new(ErrorKind::Usage, format!("`{address}` is no address of `{kind}`")).hint(why);
    known.place(address).map_err(|why: String| refused(why))
}

pub(super) fn unknown_extension(path: &Path) -> Error {
    let known: Vec<_> = formats::FORMATS.iter().flat_map(|format| format.extensions).map(|e| format!(".{e}")).collect();
    Error::new(ErrorKind::Usage, format!("`{}` has no extension of a known keystore format", path.display()))
        .hint(format!("use one of {}", known.join(" ")))
}
