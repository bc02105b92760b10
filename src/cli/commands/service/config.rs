//! `certroll service config` and `certroll service kinds`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{ChangeArgs, FormatArgs, OutputFormat, ReplaceArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::config::secrets::SecretSource;
use certroll_core::error::Error;
use certroll_core::lifecycle::server_config::{self, ConfigRequest, Configured, FileState};
use certroll_core::server::registry as servers;
use certroll_core::server::registry::{ServerKind, Stores};

/// Write the TLS configuration of a broker or web server
///
/// TLS 1.2 and 1.3 with forward secrecy alone, client certificates required, and no password inline where the server can
/// avoid it. The files must be here and fit each other; `--name` takes them from the inventory, and a copy of the key that the server
/// needs in the clear is renewed with them from then on. Lines that you added to a file stay in it. Without `--out` the
/// configuration is shown, but for files that hold a secret.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// Server to configure; `certroll service kinds` shows them
    #[arg(long, value_name = "SERVER", value_parser = server)]
    server: &'static ServerKind,
    /// Certificate of the home whose files the server uses
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Keystore of the server, PKCS#12 or JKS
    #[arg(long, value_name = "FILE")]
    keystore: Option<PathBuf>,
    /// Certificate of the server with its intermediates, PEM
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// Private key of the server, PEM
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// CAs whose clients are let in: a truststore, or PEM for a server that reads PEM
    #[arg(long, value_name = "FILE")]
    truststore: Option<PathBuf>,
    /// File whose first line opens the keystore or the key (also CERTROLL_STOREPASS_FILE)
    #[arg(long, value_name = "FILE")]
    storepass_file: Option<PathBuf>,
    /// File whose first line opens the truststore (also CERTROLL_TRUSTPASS_FILE) [default: as the keystore]
    #[arg(long, value_name = "FILE")]
    trustpass_file: Option<PathBuf>,
    /// Address and port to listen on [default: all addresses, the server's usual port]
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<SocketAddr>,
    /// Directory to write the files to
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    change: ChangeArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// List the kinds of servers that `service config` knows
#[derive(Debug, Args)]
pub(crate) struct KindsArgs {
    #[command(flatten)]
    format: FormatArgs,
}

fn server(text: &str) -> Result<&'static ServerKind, String> {
    servers::by_id(text).ok_or_else(|| {
        let known: Vec<_> = servers::SERVERS.iter().map(|server| server.id).collect();
        format!("expected one of {}", known.join(", "))
    })
}

pub(super) fn kinds(args: &KindsArgs, context: &mut Context<'_>) -> CommandOutcome {
    let text = list(args.format.format, context.width())?;
    context.data(&text)?;
    Ok(exit::DONE)
}

pub(super) fn config(args: &ConfigArgs, context: &mut Context<'_>) -> CommandOutcome {
    let source = |title, stem, file: &Option<PathBuf>| SecretSource { title, stem, file: file.clone(), command: None };
    let storepass = source("password for keys and keystores", "storepass", &args.storepass_file);
    let trustpass = source("password of the truststore", "trustpass", &args.trustpass_file);
    let mut request = ConfigRequest {
        server: args.server,
        name: args.name.clone(),
        listen: args.listen,
        keystore: args.keystore.clone(),
        certificate: args.cert.clone(),
        key: args.key.clone(),
        truststore: args.truststore.clone(),
        storepass: storepass.is_given().then(|| storepass.require(false)).transpose()?,
        trustpass: trustpass.is_given().then(|| trustpass.require(false)).transpose()?,
        out: args.out.clone(),
        replace: args.replace.replace,
    };
    if let Some(name) = &args.name {
        server_config::complete(&context.view()?, &mut request, name)?;
    }
    let configured = server_config::configure(&request)?;
    let owed = configured.changed() || configured.plain_key.is_some();
    if let (Some(name), Some(_), true) = (&args.name, &args.out, owed) {
        server_config::remember(&mut context.session()?, args.server, name, &configured)?;
    }
    let text = match args.format.format {
        OutputFormat::Table => shown(&configured, context.width()),
        format => json::document(&document(args.server, &configured), format)?,
    };
    context.data(&text)?;
    configured.notes.iter().for_each(|note| context.say(&format!("note: {note}")));
    if args.out.is_some() {
        context.say(&format!("next: {}", args.server.next));
    }
    Ok(args.change.code(configured.changed()))
}

/// What was written, or the files themselves.
fn shown(configured: &Configured, width: Option<u16>) -> String {
    if configured.files.iter().any(|file| file.state != FileState::Shown) {
        let row = |file: &server_config::ConfigFile| {
            let mode = if file.private { "private" } else { "" };
            vec![file.state.as_str().to_owned(), file.path.display().to_string(), mode.to_owned()]
        };
        return table::rows(&["STATE", "FILE", ""], configured.files.iter().map(row), width);
    }
    let mut text = String::new();
    for file in &configured.files {
        text.push_str(&format!("==> {} <==\n", certroll_base::text::printable(&file.path.to_string_lossy())));
        text.push_str(file.text.as_deref().unwrap_or("(holds a secret: written with `--out DIR` only)\n"));
    }
    text
}

fn document(server: &ServerKind, configured: &Configured) -> serde_json::Value {
    let file = |file: &server_config::ConfigFile| {
        let mut value = serde_json::json!({
            "path": file.path.to_string_lossy(), "state": file.state.as_str(), "private": file.private,
        });
        if let (Some(text), FileState::Shown) = (&file.text, file.state) {
            value["text"] = text.as_str().into();
        }
        value
    };
    serde_json::json!({
        "schema": "certroll/server-config/v1",
        "server": server.id,
        "files": configured.files.iter().map(file).collect::<Vec<_>>(),
        "notes": configured.notes,
    })
}

fn takes(server: &ServerKind) -> &'static str {
    match server.stores {
        Stores::Java => "keystore, truststore",
        Stores::Pem | Stores::PlainPem => "certificate, key, truststore in PEM",
    }
}

fn list(format: OutputFormat, width: Option<u16>) -> Result<String, Error> {
    if format == OutputFormat::Table {
        let row = |server: &ServerKind| {
            let files: Vec<_> = server.files.iter().map(|file| file.name).collect();
            vec![server.id.to_owned(), takes(server).to_owned(), files.join("\n"), server.passwords.to_owned()]
        };
        return Ok(table::rows(&["SERVER", "TAKES", "FILES", "PASSWORDS"], servers::SERVERS.iter().map(row), width));
    }
    let document = |server: &ServerKind| {
        serde_json::json!({
            "schema": "certroll/server/v1",
            "name": server.id,
            "summary": server.summary,
            "takes": takes(server),
            "port": server.port,
            "files": server.files.iter().map(|file| {
                serde_json::json!({ "name": file.name, "private": file.private })
            }).collect::<Vec<_>>(),
            "passwords": server.passwords,
        })
    };
    let documents: Vec<_> = servers::SERVERS.iter().map(document).collect();
    json::list("certroll/servers/v1", "servers", &documents, format)
}
