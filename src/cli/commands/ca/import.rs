//! `certroll ca import`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::PointerArgs;
use crate::cli::args::{FormatArgs, OutputFormat, WhyArgs};
use crate::cli::commands::key::KeypassArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::json;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::import::known::ImportSources;
use certroll_core::lifecycle::import::{self, ImportRequest, ImportedKey};
use certroll_core::signer::registry as signers;
use certroll_core::tools::keystore::key_of_any::key_of_any;

/// Take over a CA that worked elsewhere before, with what it has issued
///
/// Its key comes into the home, or stays in its token. What its index, folders and last CRL tell goes on record and into
/// the inventory: its certificates can be revoked, are watched, and are on the next CRL, whose number goes on. From this record
/// on no certificate of it exists without one; what it signed before is as these files tell it. All of it is taken over, or nothing.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Name of the CA as an issuer; becomes a file name
    name: String,
    /// Files with its certificate and those above it up to the root, in any order (repeatable)
    #[arg(long = "cert", value_name = "FILE", required_unless_present = "easy_rsa")]
    certificates: Vec<PathBuf>,
    /// Its private key: PEM, DER, PKCS#12 or JKS; or the key of a hardware token, which stays there: 'pkcs11:token=ca;object=root'
    #[arg(long, value_name = "KEY", required_unless_present = "easy_rsa")]
    key: Option<String>,
    #[command(flatten)]
    keypass: KeypassArgs,
    /// Directory of easy-rsa (`pki`): certificate, key, index, numbers, certificates and CRL are taken from it
    #[arg(long, value_name = "DIR")]
    easy_rsa: Option<PathBuf>,
    /// Index of OpenSSL's `ca` (index.txt); name the folder of its certificates with --issued
    #[arg(long, value_name = "FILE", conflicts_with = "easy_rsa")]
    index: Option<PathBuf>,
    /// File with the next serial number, of OpenSSL's `ca`
    #[arg(long, value_name = "FILE", conflicts_with = "easy_rsa")]
    serial: Option<PathBuf>,
    /// File with the next CRL number, of OpenSSL's `ca`
    #[arg(long, value_name = "FILE", conflicts_with = "easy_rsa")]
    crlnumber: Option<PathBuf>,
    /// Folder with certificates that it has issued (repeatable)
    #[arg(long, value_name = "DIR")]
    issued: Vec<PathBuf>,
    /// Its last CRL
    #[arg(long, value_name = "FILE")]
    crl: Option<PathBuf>,
    /// Template by which its certificates are rotated, of each the first with the same extended key usages (repeatable)
    #[arg(long, value_name = "TEMPLATE", default_values = ["https-server", "jms-client", "message-signer"])]
    template: Vec<String>,
    #[command(flatten)]
    pointers: PointerArgs,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    format: FormatArgs,
}

impl ImportArgs {
    /// What is given, and what the directory of easy-rsa has.
    fn sources(&self) -> Result<(Vec<PathBuf>, Option<PathBuf>, ImportSources), Error> {
        let mut sources = ImportSources {
            index: self.index.clone(),
            serial: self.serial.clone(),
            crl_number: self.crlnumber.clone(),
            folders: self.issued.clone(),
            crl: self.crl.clone(),
        };
        let Some(pki) = &self.easy_rsa else { return Ok((self.certificates.clone(), None, sources)) };
        if !pki.join("index.txt").is_file() {
            let message = format!("`{}` is no directory of easy-rsa: it has no `index.txt`", pki.display());
            return Err(Error::new(ErrorKind::Usage, message).hint("name the directory `pki` itself"));
        }
        let there = |path: &str| Some(pki.join(path)).filter(|path| path.exists());
        sources.index = there("index.txt");
        sources.serial = there("serial");
        sources.crl_number = there("crlnumber");
        sources.crl = sources.crl.or_else(|| there("crl.pem"));
        let folders = [
            "certs_by_serial",
            "revoked/certs_by_serial",
            "renewed/certs_by_serial",
            "renewed/issued",
            "expired",
            "issued",
        ];
        sources.folders.extend(folders.iter().filter_map(|folder| there(folder)));
        let mut certificates = self.certificates.clone();
        certificates.push(pki.join("ca.crt"));
        Ok((certificates, Some(pki.join("private/ca.key")), sources))
    }

    fn key(&self, own: Option<&Path>) -> Result<ImportedKey, Error> {
        if let Some(reference) = self.key.as_deref().filter(|key| signers::is_reference(key)) {
            return Ok(ImportedKey::Elsewhere(reference.to_owned()));
        }
        let path = self.key.as_deref().map(Path::new).or(own);
        let path = path.ok_or_else(|| Error::new(ErrorKind::Usage, "no key is named"))?;
        let source = self.keypass.source();
        let ask = || source.require(false).map(|password| password.secret);
        Ok(ImportedKey::Brought(Box::new(key_of_any(path, &ask)?)))
    }
}

pub(super) fn import(args: &ImportArgs, context: &mut Context<'_>) -> CommandOutcome {
    let (certificates, own, sources) = args.sources()?;
    let key = args.key(own.as_deref())?;
    let is_here = matches!(key, ImportedKey::Brought(_));
    let mut session = context.session()?;
    let request = ImportRequest {
        name: args.name.clone(),
        certificates,
        key,
        sources,
        templates: args.template.clone(),
        pointers: args.pointers.pointers(),
        why: args.why.shared("manual"),
    };
    let taken = import::import(&mut session, request)?;
    drop(session);
    taken.told.iter().for_each(|line| context.say(line));
    if args.format.format != OutputFormat::Table {
        let document = serde_json::json!({
            "schema": "certroll/ca-import/v1",
            "name": taken.authority.name,
            "parent": taken.authority.parent,
            "cert_sha256": taken.authority.certificate.to_string(),
            "certificates": taken.certificates,
            "current": taken.current,
            "revoked": taken.revoked,
            "crl_number": taken.crl_number,
            "remarks": taken.told,
        });
        context.data(&json::document(&document, args.format.format)?)?;
        return Ok(exit::DONE);
    }
    let (name, count, current, revoked) = (&taken.authority.name, taken.certificates, taken.current, taken.revoked);
    context.data(&format!(
        "CA `{name}` is taken over with {count} certificates, {current} of them current, and {revoked} revocations; \
         its next CRL is number {} or later\n",
        taken.crl_number + 1
    ))?;
    if is_here {
        context.say("whoever has another copy of its key can sign outside this log: destroy it, and its index with it");
    }
    Ok(exit::DONE)
}
