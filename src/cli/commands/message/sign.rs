//! `certroll message sign`.

use std::path::PathBuf;

use clap::Args;

use super::args::{FormArgs, KeypassArgs};
use crate::cli::args::{ReplaceArgs, StorepassArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_base::encoding;
use certroll_core::error::Error;
use certroll_core::tools::message::key::{self, KeyPlace};
use certroll_core::tools::message::{self, sign};
use certroll_pki::container::signed_data;

/// Sign a message: a detached signature in CMS, or with --raw or --envelope in another form
///
/// Needs no home. The key comes from a JKS, a PKCS#12, a PEM or DER file, or stays in a hardware token. CMS is written as DER,
/// and as PEM to standard output and to files named .pem; a bare signature as base64.
#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The message; - for standard input
    file: PathBuf,
    /// Key: a keystore or key file, or 'pkcs11:token=T;object=O'
    #[arg(long, value_name = "KEY")]
    key: String,
    /// Alias of the key, in a keystore with several
    #[arg(long, value_name = "ALIAS")]
    alias: Option<String>,
    /// File with the certificate of the key and those above it, when they do not lie beside the key
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    #[command(flatten)]
    form: FormArgs,
    /// File with the last number that this sender used; made when missing
    #[arg(long, value_name = "FILE", requires = "envelope", required_if_eq("envelope", "true"))]
    sequence_file: Option<PathBuf>,
    /// Media type of the message, for the envelope: application/xml
    #[arg(long, value_name = "TYPE", requires = "envelope")]
    content_type: Option<String>,
    /// Write the bare signature as bytes, not as base64
    #[arg(long, requires = "raw")]
    binary: bool,
    /// File to write; standard output when left out
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    storepass: StorepassArgs,
    #[command(flatten)]
    keypass: KeypassArgs,
}

pub(super) fn run(args: SignArgs, context: &mut Context<'_>) -> CommandOutcome {
    let pins = context.global.pins();
    let password = || super::args::ask(&args.storepass);
    let sender = key::open(&KeyPlace {
        key: &args.key,
        alias: args.alias.as_deref(),
        certificates: args.cert.as_deref(),
        password: &password,
        key_password: args.keypass.read()?,
        access: &pins,
    })?;
    let content = message::read(&args.file)?;
    let now = context.environment.clock.now();
    let mut numbered = String::new();
    let bytes = if args.form.raw {
        let signature = sign::raw(&content, &sender)?;
        if args.binary { signature } else { format!("{}\n", encoding::base64(&signature)).into_bytes() }
    } else if let Some(sequence_file) = &args.sequence_file {
        let (text, facts) = sign::envelope(&content, &sender, sequence_file, args.content_type, now)?;
        numbered = format!(" as number {} of `{}`", facts.number, facts.sender);
        format!("{text}\n").into_bytes()
    } else {
        let der = sign::cms(&content, &sender, now)?;
        let as_pem = args.out.as_ref().is_none_or(|path| path.extension().is_some_and(|end| end == "pem"));
        if as_pem { signed_data::to_pem(&der).into_bytes() } else { der }
    };
    match &args.out {
        None => context.environment.output.bytes(&bytes)?,
        Some(path) => {
            // An envelope holds the message, which is for whom it is sent to; a signature alone is for everybody.
            let written = args.replace.file(path).write(&bytes, args.form.envelope);
            written.map_err(|error| Error::destination(path.display(), "write", error))?;
            context.say(&format!(
                "signed `{}`{numbered} with a key of the kind {}",
                args.file.display(),
                sender.algorithm
            ));
        }
    }
    Ok(exit::DONE)
}
