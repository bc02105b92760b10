//! `certroll forget` and `certroll relocate`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::lifecycle::delivery::places;
use certroll_core::store::Installation;

/// Forget that certificates belong into a file
///
/// Rotations write it no more, and `certroll check` looks at it no more. The file stays as it is, and its certificate is neither
/// revoked nor replaced by this.
#[derive(Debug, Args)]
pub(crate) struct ForgetArgs {
    /// The file, or the address of an object at a service
    #[arg(value_name = "FILE|KIND:ADDRESS")]
    place: PathBuf,
    /// Only the entry of that alias
    #[arg(long, value_name = "ALIAS")]
    alias: Option<String>,
}

/// Remember a file under another path: it was moved
///
/// The file must lie there already, and hold what was written under its old path.
#[derive(Debug, Args)]
pub(crate) struct RelocateArgs {
    /// The path that it had
    old: PathBuf,
    /// The path that it has now
    new: PathBuf,
}

pub(super) fn forget(args: &ForgetArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    let gone = places::forget(&mut session, &args.place, args.alias.as_deref())?;
    context.say(&format!("`{}` is forgotten: it was a place of {}", args.place.display(), names(&gone)));
    Ok(exit::DONE)
}

pub(super) fn relocate(args: &RelocateArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let mut session = context.session()?;
    let moved = places::relocate(&mut session, &view, &args.old, &args.new)?;
    context.say(&format!("{} belongs to `{}` from now on", names(&moved), args.new.display()));
    Ok(exit::DONE)
}

fn names(places: &[Installation]) -> String {
    let names: Vec<_> = places.iter().map(|place| format!("`{}`", place.name)).collect();
    names.join(", ")
}
