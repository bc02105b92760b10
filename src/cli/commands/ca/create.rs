//! `certroll ca create`.

use clap::Args;

use super::args::{ConstraintArgs, KeyChoice, PointerArgs, key_of};
use crate::cli::args::{FormatArgs, WhyArgs};
use crate::cli::commands::issue;
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_core::destination::Place;
use certroll_core::lifecycle::issuance::authority::{self, AuthorityPreview, CreateRequest};
use certroll_core::lifecycle::issuance::request::{IssueAct, IssueOutcome};
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::x509::extensions::{BasicConstraints, Subtree};
use certroll_pki::x509::validity::Lifetime;

/// Create a CA: a root, or with --issuer one below another CA
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// Name of the CA as an issuer; becomes a file name
    name: String,
    /// CA of the home that signs it; without one it is a root
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Subject: "DC=com, DC=example, OU=a, OU=b, CN=Corp CA", first attribute first [default: the template's]
    #[arg(long, value_name = "DN", value_parser = issue::distinguished_name)]
    subject: Option<DistinguishedName>,
    /// Template [default: root-ca, or issuing-ca with --issuer]
    #[arg(long, short, value_name = "TEMPLATE")]
    template: Option<String>,
    /// Kind of key: rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519 [default: the template's]; or the key of a hardware
    /// token, which stays there: 'pkcs11:token=ca;object=root?module-path=/usr/lib/vendor.so'
    #[arg(long, value_name = "KEY")]
    key: Option<KeyChoice>,
    /// Make the key in the token first, of that kind
    #[arg(long, value_name = "KIND", requires = "key")]
    generate: Option<KeyAlgorithm>,
    /// Lifetime: 10y, 3650d [default: the template's]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Lifetime>,
    #[command(flatten)]
    constraints: ConstraintArgs,
    #[command(flatten)]
    pointers: PointerArgs,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// What is about to be made, and cannot be changed once it is.
fn ahead(preview: &AuthorityPreview) -> String {
    let list = |trees: &[Subtree]| trees.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (permitted, excluded) = (list(&preview.profile.permitted), list(&preview.profile.excluded));
    let below = match preview.profile.basic_constraints {
        BasicConstraints::Ca { path_length: Some(0) } => "no CA below it".to_owned(),
        BasicConstraints::Ca { path_length: Some(length) } => format!("at most {length} CAs in a chain below it"),
        _ => "any number of CAs below it".to_owned(),
    };
    let names = match (permitted.as_str(), excluded.as_str()) {
        ("", "") => "every name".to_owned(),
        (permitted, "") => format!("only {permitted}"),
        ("", excluded) => format!("every name but {excluded}"),
        (permitted, excluded) => format!("only {permitted}, but not {excluded}"),
    };
    let (subject, until) = (&preview.subject, preview.validity.not_after);
    format!(
        "making the CA `{subject}`, until {until}; {below}; for {names}. Subject, key and constraints stay for its life; its end \
         moves with `certroll ca renew`"
    )
}

pub(super) fn create(args: CreateArgs, context: &mut Context<'_>) -> CommandOutcome {
    let key = key_of(args.key, args.generate)?;
    let mut session = context.session()?;
    let asked = CreateRequest {
        name: args.name,
        template: args.template,
        parent: args.issuer,
        subject: args.subject,
        key,
        lifetime: args.ttl,
        overrides: args.constraints.overrides(),
        pointers: args.pointers.pointers(),
        why: args.why.shared("manual"),
    };
    // For a person at a terminal; what is wrong with it is said, and recorded, where it is made.
    if let (Some(_), Ok(preview)) = (context.width(), authority::preview(&session, &asked)) {
        context.say(&ahead(&preview));
    }
    let entry = authority::create(&mut session, asked)?;
    let file = session.home.authorities().join(format!("{}.pem", entry.name));
    let outcome = IssueOutcome {
        entry,
        chain: Vec::new(),
        files: vec![Place::File(file)],
        key_kept: true,
        act: IssueAct::Issued,
    };
    issue::report(&outcome, args.format.format, context)?;
    Ok(exit::DONE)
}
