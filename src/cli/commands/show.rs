//! `certroll show`.

use clap::Args;

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::certificate::{self, CertificateDocument};
use crate::cli::render::json;
use certroll_core::lifecycle::session::status;
use certroll_pki::container::pem::{self, Label};

/// Show everything about a certificate
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Name, serial number, fingerprint or certificate file
    selector: String,
    /// Replaced and revoked ones too, when the name has a current certificate
    #[arg(long)]
    all: bool,
    /// Print the certificate and its issuers as PEM instead
    #[arg(long)]
    pem: bool,
    #[command(flatten)]
    format: FormatArgs,
}

pub(super) fn run(args: &ShowArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let shown = status::show(&view, &args.selector, args.all)?;
    let pem_of = |one: &status::ShownCertificate| -> String {
        let chain = std::iter::once(&one.certificate).chain(&one.issuers);
        chain.map(|certificate| pem::encode(Label::Certificate, certificate.as_der())).collect()
    };
    let text = if args.pem {
        shown.iter().map(pem_of).collect()
    } else if args.format.format == OutputFormat::Table {
        shown.iter().map(|one| certificate::details(one, context.width())).collect::<Vec<_>>().join("\n")
    } else {
        let document = |one: &status::ShownCertificate| {
            let files = one.places.iter().map(|place| place.installation.path.display().to_string());
            CertificateDocument::listed(&one.listed).with_files(files).with_certificate(pem_of(one))
        };
        let documents: Vec<_> = shown.iter().map(document).collect();
        match documents.as_slice() {
            [one] => json::document(one, args.format.format)?,
            several => json::list("certroll/certificates/v1", "certificates", several, args.format.format)?,
        }
    };
    context.data(&text)?;
    Ok(exit::DONE)
}
