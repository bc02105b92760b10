//! `certroll audit cosign`.

use std::path::PathBuf;

use clap::Args;

use super::verify;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::config::secrets::SecretSource;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::log;
use certroll_core::lifecycle::log::witness::{self, CosignRequest};

/// As a witness, without the home: verify a log and cosign its checkpoint (C2SP tlog-cosignature)
#[derive(Debug, Args)]
pub(crate) struct CosignArgs {
    /// JSON Lines export, or a directory that `audit publish` wrote
    #[arg(value_name = "FILE.jsonl|DIR", required_unless_present = "new_key")]
    log: Option<PathBuf>,
    /// Signed checkpoint [default: FILE.jsonl.checkpoint or DIR/checkpoint]
    #[arg(long, value_name = "FILE", conflicts_with = "new_key")]
    checkpoint: Option<PathBuf>,
    /// Public key of the log, or the file that holds it: the one you were given when the log began
    #[arg(long, value_name = "VKEY|FILE", required_unless_present = "new_key")]
    key: Option<String>,
    /// Encrypted private key of the witness; FILE.vkey and FILE.seen, what it has cosigned, lie beside it
    #[arg(long, value_name = "FILE")]
    witness_key: PathBuf,
    /// Make the key of a witness of that name, such as auditor.example/w1, and print its public half
    #[arg(long, value_name = "NAME", conflicts_with = "log")]
    new_key: Option<String>,
}

pub(super) fn run(args: &CosignArgs, context: &mut Context<'_>) -> CommandOutcome {
    let source = SecretSource { title: "passphrase of the witness's key", ..context.global.passphrase() };
    if let Some(name) = &args.new_key {
        let passphrase = source.require(true)?.secret;
        let verifier = witness::create_key(name, &args.witness_key, &passphrase)?;
        context.data(&format!("{verifier}\n"))?;
        context
            .say(&format!("the key is in `{}`; give its public half, above, to the logs", args.witness_key.display()));
        return Ok(exit::DONE);
    }
    let (Some(log), Some(key)) = (&args.log, &args.key) else {
        return Err(Error::new(ErrorKind::Usage, "a log and its key are needed"));
    };
    let key = verify::key(key)?;
    let outcome = witness::cosign(CosignRequest {
        log,
        checkpoint: args.checkpoint.as_deref(),
        key: &key,
        witness_key: &args.witness_key,
        passphrase: source.require(false)?.secret,
        clock: &*context.environment.clock,
    })?;
    context.data(&outcome.line)?;
    let checkpoint = &outcome.checkpoint;
    context.say(&format!("verified {}", log::head_line(&outcome.verification)));
    context.say(&match outcome.before {
        None => format!("cosigned {} records of `{}`, the first time", checkpoint.size, checkpoint.origin),
        Some(before) => format!("cosigned {} records of `{}`, {before} before", checkpoint.size, checkpoint.origin),
    });
    Ok(exit::DONE)
}
