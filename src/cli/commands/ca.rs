//! `certroll ca`.

mod crl;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::{FormatArgs, OutputFormat, ProfileArgs, ReplaceArgs, StorepassArgs, WhyArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::audit::record::facts::Why;
use certroll_core::destination::Place;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::hint::home::SecretHint;
use certroll_core::lifecycle::issuance::authority::{self, AuthorityKey, CreateRequest};
use certroll_core::lifecycle::issuance::request::{IssueAct, IssueOutcome};
use certroll_core::lifecycle::truststore::remember::{self, TruststoreChange};
use certroll_core::lifecycle::truststore::trust;
use certroll_core::signer::registry as signers;
use certroll_core::store::{Authority, Pointers};
use certroll_core::template::Overrides;
use certroll_core::tools::keystore::edit::EditRequest;
use certroll_core::tools::keystore::file::{Choices, Passwords};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::{KeyAlgorithm, KeyError};
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::PointerUri;
use certroll_pki::x509::extensions::Subtree;
use certroll_pki::x509::validity::Lifetime;

/// Create and look at the CAs of the home, and write their CRLs and truststores
#[derive(Debug, Subcommand)]
pub(crate) enum CaCommand {
    Create(Box<CreateArgs>),
    List(ListArgs),
    Show(ShowArgs),
    Crl(crl::CrlArgs),
    Export(ExportArgs),
}

/// Create a CA: a root, or with --issuer one below another CA
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// Name of the CA as an issuer; becomes a file name
    name: String,
    /// CA of the home that signs it; without one it is a root
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Subject: "DC=com, DC=example, OU=a, OU=b, CN=Corp CA", first attribute first [default: the template's]
    #[arg(long, value_name = "DN", value_parser = super::issue::distinguished_name)]
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
    /// How many CAs may stand below it in a chain [default: the template's]
    #[arg(long, value_name = "N")]
    path_length: Option<u8>,
    /// Names it may issue for: dns:example.net, ip:10.0.0.0/8, email:example.net, uri:.example.net, dir:DN (repeatable)
    #[arg(long, value_name = "SUBTREE")]
    permit: Vec<Subtree>,
    /// Names it may not issue for (repeatable)
    #[arg(long, value_name = "SUBTREE")]
    exclude: Vec<Subtree>,
    /// URI of its CRL, for the certificates that it issues (repeatable)
    #[arg(long, value_name = "URI")]
    crl_url: Vec<PointerUri>,
    /// URI of its OCSP responder, for the certificates that it issues (repeatable)
    #[arg(long, value_name = "URI")]
    ocsp_url: Vec<PointerUri>,
    /// URI of its own certificate, for the certificates that it issues (repeatable)
    #[arg(long, value_name = "URI")]
    issuer_url: Vec<PointerUri>,
    #[command(flatten)]
    why: WhyArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// List the CAs
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    format: FormatArgs,
}

/// Show a CA with its certificates and its CRL
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Name of the CA [default: the one that signs no other CA]
    name: Option<String>,
    #[command(flatten)]
    format: FormatArgs,
}

/// Write the certificates of a CA and those above it: as PEM, or as a truststore that Java reads
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Name of the CA [default: the one that signs no other CA]
    name: Option<String>,
    /// File to write; the extension decides: .pem .crt, .p12, .jks. Other entries of an existing truststore stay
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    profile: ProfileArgs,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    storepass: StorepassArgs,
}

pub(super) fn run(command: CaCommand, context: &mut Context<'_>) -> CommandOutcome {
    match command {
        CaCommand::Create(args) => create(*args, context),
        CaCommand::List(args) => list(&args, context),
        CaCommand::Show(args) => show(&args, context),
        CaCommand::Crl(args) => crl::run(&args, context),
        CaCommand::Export(args) => export(&args, context),
    }
}

/// A kind of key to be made in the home, or a reference to one elsewhere.
#[derive(Clone, Debug)]
enum KeyChoice {
    Kind(KeyAlgorithm),
    Reference(String),
}

impl std::str::FromStr for KeyChoice {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        // What is wrong with a reference is said later: the parser of arguments would repeat it.
        if signers::is_reference(text) { Ok(Self::Reference(text.to_owned())) } else { text.parse().map(Self::Kind) }
    }
}

fn key_of(choice: Option<KeyChoice>, generate: Option<KeyAlgorithm>) -> Result<AuthorityKey, Error> {
    match (choice, generate) {
        (Some(KeyChoice::Reference(reference)), generate) => Ok(AuthorityKey::Elsewhere { reference, generate }),
        (_, Some(kind)) => {
            Err(Error::new(ErrorKind::Usage, "`--generate` makes a key in a token, and `--key` names none")
                .hint(format!("say `--key {kind}` for a key in the home, or `--key 'pkcs11:token=T;object=NAME'`")))
        }
        (Some(KeyChoice::Kind(kind)), None) => Ok(AuthorityKey::Home(Some(kind))),
        (None, None) => Ok(AuthorityKey::Home(None)),
    }
}

fn texts(uris: &[PointerUri]) -> Vec<String> {
    uris.iter().map(ToString::to_string).collect()
}

fn create(args: CreateArgs, context: &mut Context<'_>) -> CommandOutcome {
    let key = key_of(args.key, args.generate)?;
    let mut session = context.session()?;
    let entry = authority::create(
        &mut session,
        CreateRequest {
            name: args.name,
            template: args.template,
            parent: args.issuer,
            subject: args.subject,
            key,
            lifetime: args.ttl,
            overrides: Overrides { path_length: args.path_length, permitted: args.permit, excluded: args.exclude },
            pointers: Pointers {
                crl: texts(&args.crl_url),
                ocsp: texts(&args.ocsp_url),
                ca_issuers: texts(&args.issuer_url),
            },
            why: args.why.shared("manual"),
        },
    )?;
    let file = session.home.authorities().join(format!("{}.pem", entry.name));
    let outcome = IssueOutcome {
        entry,
        chain: Vec::new(),
        files: vec![Place::File(file)],
        key_kept: true,
        act: IssueAct::Issued,
    };
    super::issue::report(&outcome, args.format.format, context)?;
    Ok(exit::DONE)
}

fn document(view: &certroll_core::lifecycle::session::View, authority: &Authority) -> Result<serde_json::Value, Error> {
    let chain = authority::chain(view, authority)?;
    let own = chain.first();
    let crl = view.store.latest_crl(&authority.name)?;
    Ok(serde_json::json!({
        "schema": "certroll/ca/v1",
        "name": authority.name,
        "parent": authority.parent,
        "subject": own.map(|c| c.subject.to_string()),
        "serial": own.map(|c| c.serial.to_string()),
        "key": own.map(|c| certroll_pki::verify::signature::key_description(&c.spki)),
        "not_after": own.map(|c| c.validity.not_after.to_string()),
        "cert_sha256": authority.certificate.to_string(),
        "path_length": own.and_then(|c| c.path_length),
        "permitted": own.map(|c| c.permitted.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "excluded": own.map(|c| c.excluded.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "crl_urls": authority.pointers.crl,
        "ocsp_urls": authority.pointers.ocsp,
        "issuer_urls": authority.pointers.ca_issuers,
        "crl_number": crl.as_ref().map(|crl| crl.number),
        "crl_next_update": crl.as_ref().map(|crl| crl.next_update.to_string()),
    }))
}

fn list(args: &ListArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let authorities = view.store.authorities()?;
    let documents = authorities.iter().map(|authority| document(&view, authority)).collect::<Result<Vec<_>, _>>()?;
    let text = match args.format.format {
        OutputFormat::Table => {
            let cell = |value: &serde_json::Value| if value.is_null() { "-".to_owned() } else { plain(value) };
            let keys = ["name", "parent", "subject", "key", "not_after", "crl_number"];
            let rows = documents.iter().map(|one| keys.iter().map(|key| cell(&one[*key])).collect());
            table::rows(&["NAME", "SIGNED BY", "SUBJECT", "KEY", "VALID UNTIL", "CRL"], rows, context.width())
        }
        format => json::list("certroll/cas/v1", "cas", &documents, format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

fn show(args: &ShowArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let authority = view.authority(args.name.as_deref())?;
    let document = document(&view, &authority)?;
    let text = match args.format.format {
        OutputFormat::Table => {
            let fields = [
                ("name", "name"),
                ("signed by", "parent"),
                ("subject", "subject"),
                ("serial", "serial"),
                ("key", "key"),
                ("valid until", "not_after"),
                ("path length", "path_length"),
                ("permits only", "permitted"),
                ("excludes", "excluded"),
                ("sha256", "cert_sha256"),
                ("crl number", "crl_number"),
                ("crl next update", "crl_next_update"),
                ("crl urls", "crl_urls"),
                ("ocsp urls", "ocsp_urls"),
                ("issuer urls", "issuer_urls"),
            ];
            let pairs: Vec<_> = fields.iter().map(|(title, key)| (*title, plain(&document[*key]))).collect();
            table::pairs(&pairs, context.width())
        }
        format => json::document(&document, format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

/// A JSON value as a person reads it.
fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

fn export(args: &ExportArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let authority = view.authority(args.name.as_deref())?;
    let wanted = remember::of_authority(&view, &authority.name)?;
    let Some(path) = &args.out else {
        let text: String = wanted.iter().map(|one| pem::encode(Label::Certificate, one.certificate.as_der())).collect();
        context.data(&text)?;
        return Ok(exit::DONE);
    };
    let keystore = certroll_keystore::formats::by_extension(path).is_some_and(|format| !format.holds_bare_certificates);
    let password = if keystore { args.storepass.source().read(true)? } else { None };
    if keystore && password.is_none() {
        return Err(Error::new(ErrorKind::Usage, format!("the truststore `{}` needs a password", path.display()))
            .hint(SecretHint::OfTruststore));
    }
    let passwords = Passwords { store: password.as_ref().map(|password| password.secret.clone()), keys: None };
    let choices = Choices { profile: args.profile.profile(), iterations: None, now: view.clock.now() };
    let request = EditRequest { path, passwords: &passwords, choices, replace: true };
    if remember::knows(&*view.store, path)? {
        drop(view);
        let why = Why { code: "manual".to_owned(), ..Why::default() };
        let change = TruststoreChange { password_file: password.and_then(|password| password.file), why: &why };
        remember::add(&mut context.session()?, &request, &wanted, &change)?;
    } else {
        trust::export(&request, &wanted, args.replace.replace)?;
    }
    let count = wanted.len();
    let certificates = if count == 1 { "1 CA certificate".to_owned() } else { format!("{count} CA certificates") };
    context.say(&format!("wrote {certificates} to `{}`", path.display()));
    Ok(exit::DONE)
}
