//! `certroll ca crl`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::args::ReplaceArgs;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::issuance::authority;
use certroll_core::lifecycle::revocation::{crl, publication};
use certroll_core::store::{Authority, CrlEntry, CrlForm, CrlPublication};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::crl::Crl;
use certroll_pki::x509::validity::Lifetime;

/// Write the CRL of a CA; sign a new one first with --renew, or when there is none or it is past half of its time
///
/// With --all the CRLs of all CAs go into one PEM file, as nginx and `openssl verify -crl_check_all` want them. With --keep the file is
/// remembered: it is written anew whenever one of its CRLs is signed, `certroll rotate --due` signs them again while a third of their
/// time is left, and `certroll check` looks at it. A server that has to be told is named with --service.
#[derive(Debug, Args)]
pub(crate) struct CrlArgs {
    /// Name of the CA [default: the one that signs no other CA]
    #[arg(conflicts_with = "all")]
    name: Option<String>,
    /// The CRLs of all CAs of the home
    #[arg(long)]
    all: bool,
    /// File to write; .pem for PEM, else DER; standard output in PEM when left out
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Sign a new one now
    #[arg(long)]
    renew: bool,
    /// Time until its next update; with --renew [default: 7d]
    #[arg(long, value_name = "DURATION", requires = "renew")]
    next_update: Option<Lifetime>,
    /// Remember the file, and write it anew with each CRL
    #[arg(long, requires = "out")]
    keep: bool,
    /// Service that is made to load the file whenever it was written (repeatable)
    #[arg(long, value_name = "SERVICE", requires = "keep")]
    service: Vec<String>,
    /// Forget the file, which stays as it is
    #[arg(long, requires = "out", conflicts_with_all = ["keep", "renew", "all", "name"])]
    forget: bool,
    #[command(flatten)]
    replace: ReplaceArgs,
}

pub(super) fn run(args: &CrlArgs, context: &mut Context<'_>) -> CommandOutcome {
    if let (true, Some(path)) = (args.forget, &args.out) {
        return forget(path, context);
    }
    let authorities = chosen(args, context)?;
    let subjects = authorities.iter().map(|authority| subject(context, authority)).collect::<Result<Vec<_>, _>>()?;
    // Earlier CRLs of the same CAs are replaced without a question.
    let is_ours = |bytes: &[u8]| {
        let found = read_crls(bytes);
        !found.is_empty() && found.iter().all(|crl| subjects.contains(&crl.issuer))
    };
    let is_pem = args.out.as_ref().is_none_or(|path| path.extension().is_some_and(|extension| extension == "pem"));
    if !is_pem && authorities.len() > 1 {
        let error = Error::new(ErrorKind::Usage, "DER has room for one CRL");
        return Err(error.hint("name the file `.pem`, or name one CA"));
    }
    if let Some(path) = &args.out {
        let tried = args.replace.file(path).knowing(&is_ours).check(0);
        tried.map_err(|error| Error::destination(path.display(), "write", error))?;
    }
    let mut entries = Vec::with_capacity(authorities.len());
    for authority in &authorities {
        entries.push(current(args, authority, context)?);
    }
    let text: String = entries.iter().map(|entry| pem::encode(Label::Crl, &entry.der)).collect();
    match &args.out {
        None => context.data(&text)?,
        Some(path) => {
            let first = entries.first().map(|entry| entry.der.as_slice()).unwrap_or_default();
            let bytes = if is_pem { text.as_bytes() } else { first };
            let written = args.replace.file(path).knowing(&is_ours).write(bytes, false);
            written.map_err(|error| Error::destination(path.display(), "write", error))?;
            entries.iter().for_each(|entry| say(entry, context));
            if args.keep {
                keep(args, path, is_pem, &authorities, context)?;
            }
        }
    }
    Ok(exit::DONE)
}

fn chosen(args: &CrlArgs, context: &mut Context<'_>) -> Result<Vec<Authority>, Error> {
    let view = context.view()?;
    match args.all {
        true => Ok(view.store.authorities()?),
        false => Ok(vec![view.authority(args.name.as_deref())?]),
    }
}

/// The newest CRL of a CA, signed now if need be.
fn current(args: &CrlArgs, authority: &Authority, context: &mut Context<'_>) -> Result<CrlEntry, Error> {
    let (latest, now) = {
        let view = context.view()?;
        (view.store.latest_crl(&authority.name)?, view.clock.now())
    };
    let fresh = latest.filter(|crl| {
        let half = crl.this_update.plus_secs((crl.next_update.secs() - crl.this_update.secs()) / 2);
        !args.renew && now < half
    });
    match fresh {
        Some(crl) => Ok(crl),
        None => {
            let mut session = context.session()?;
            let issuer = session.open_issuer(authority)?;
            crl::sign(&mut session, &*issuer, args.next_update)
        }
    }
}

fn say(entry: &CrlEntry, context: &mut Context<'_>) {
    let revoked = Crl::from_der(&entry.der).map_or(0, |crl| crl.entries.len());
    let (number, until, name) = (entry.number, entry.next_update, &entry.authority);
    context.say(&format!("wrote CRL number {number} of `{name}`: {revoked} revoked, next update {until}"));
}

fn keep(
    args: &CrlArgs,
    path: &Path,
    is_pem: bool,
    authorities: &[Authority],
    context: &mut Context<'_>,
) -> Result<(), Error> {
    let absolute = std::path::absolute(path).map_err(|error| Error::file(path, "find", error))?;
    let names = authorities.iter().map(|authority| authority.name.clone()).collect();
    let publication = CrlPublication {
        path: absolute,
        authorities: if args.all { Vec::new() } else { names },
        form: if is_pem { CrlForm::Pem } else { CrlForm::Der },
        services: args.service.clone(),
        owed: None,
    };
    publication::keep(&mut context.session()?, publication)?;
    context.say("it is written anew with each CRL, and before the next update by `certroll rotate --due`");
    Ok(())
}

fn forget(path: &Path, context: &mut Context<'_>) -> CommandOutcome {
    let absolute = std::path::absolute(path).map_err(|error| Error::file(path, "find", error))?;
    if !publication::forget(&mut context.session()?, &absolute)? {
        return Err(Error::new(ErrorKind::Usage, format!("`{}` is not kept as a file of CRLs", path.display())));
    }
    context.say(&format!("`{}` is not written any more; it stays as it is", path.display()));
    Ok(exit::DONE)
}

/// The name of a CA, as its CRLs have it.
fn subject(context: &mut Context<'_>, authority: &Authority) -> Result<DistinguishedName, Error> {
    let view = context.view()?;
    let chain = authority::chain(&view, authority)?;
    let missing = || Error::new(ErrorKind::Verification, format!("CA `{}` has no certificate", authority.name));
    Ok(chain.first().ok_or_else(missing)?.subject.clone())
}

/// All CRLs of a file, PEM or DER.
fn read_crls(bytes: &[u8]) -> Vec<Crl> {
    let blocks = pem::read(bytes).unwrap_or_default();
    let ders: Vec<_> =
        blocks.iter().filter(|block| block.label == Label::Crl).map(|block| block.der.expose()).collect();
    let ders = if ders.is_empty() { vec![bytes] } else { ders };
    ders.into_iter().filter_map(|der| Crl::from_der(der).ok()).collect()
}
