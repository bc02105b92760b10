//! Arguments that say which files a certificate is written to.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::args::StorepassArgs;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::delivery::acm_import;
use certroll_core::lifecycle::delivery::{Output, OutputForm, Password};
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
    /// Import key and chain into AWS Certificate Manager: the ARN of an imported certificate whose place it takes, or new;
    /// rotations import in the same place (repeatable)
    #[arg(long, value_name = "ARN|new")]
    pub(super) acm_import: Vec<String>,
    /// Alias in keystores [default: the name]
    #[arg(long, value_name = "ALIAS")]
    pub(super) alias: Option<String>,
    #[command(flatten)]
    pub(super) storepass: StorepassArgs,
}

impl OutputArgs {
    /// The files, with the password if one of them holds a key. Without our own key a .pem is the certificate alone.
    pub(super) fn outputs(&self, name: &str, own_key: bool) -> Result<Vec<Output>, Error> {
        let mut files: Vec<(PathBuf, OutputForm)> = Vec::new();
        for path in &self.keystore {
            let format = formats::by_extension(path).ok_or_else(|| unknown_extension(path))?;
            let bare = !own_key && format.holds_bare_certificates;
            let form = if bare { OutputForm::Certificate } else { OutputForm::Keystore(format) };
            files.push((path.clone(), form));
        }
        files.extend(self.out_cert.iter().map(|path| (path.clone(), OutputForm::Certificate)));
        files.extend(self.out_key.iter().map(|path| (path.clone(), OutputForm::Key)));
        for address in &self.acm_import {
            files.push((acm_import::address(address)?, OutputForm::Acm));
        }
        let needs_password = own_key && files.iter().any(|(_, form)| form.has_password());
        let password = if needs_password { Some(self.storepass.source().require(true)?) } else { None };
        let alias = self.alias.clone().unwrap_or_else(|| name.to_owned());
        Ok(files.into_iter().map(|(path, form)| output(path, form, &alias, password.as_ref())).collect())
    }
}

fn output(path: PathBuf, form: OutputForm, alias: &str, password: Option<&Password>) -> Output {
    Output { path, form, alias: alias.to_owned(), password: password.filter(|_| form.has_password()).cloned() }
}

pub(super) fn unknown_extension(path: &Path) -> Error {
    let known: Vec<_> = formats::FORMATS.iter().flat_map(|format| format.extensions).map(|e| format!(".{e}")).collect();
    Error::new(ErrorKind::Usage, format!("`{}` has no extension of a known keystore format", path.display()))
        .hint(format!("use one of {}", known.join(" ")))
}
