//! `certroll service add`, `list`, `show`, `remove` and `drivers`.

use clap::Args;
use serde_json::json;

use super::probe::{finding_document, finding_row};
use crate::cli::args::{FormatArgs, OutputFormat, ReplaceArgs};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::certificate::service_state;
use crate::cli::render::{json, table};
use certroll_core::destination::driver::{self, COMMON, DRIVERS, Driver, DriverSetting};
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::service::{inventory, status};
use certroll_core::lifecycle::session::View;
use certroll_core::store::{Service, ServiceEndpoint, ServiceState};

/// Add a server that uses certificates of this home
///
/// From then on a rotation is done when every endpoint serves the new certificate: files are written, the server's own test is run,
/// it is made to load them, and a handshake with each endpoint proves it. A server that does not take the new certificate gets its
/// predecessor back (exit code 8), and `certroll rotate --due` tries again with the same certificate. Endpoints that do not serve
/// the current certificate now are owed at once.
///
/// For a server on another host use driver `command` with ssh or Ansible: it is told on its standard input, as JSON, which files
/// have changed. No shell has a part in it, unless the command is `sh -c '..'`.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// Name of the service
    #[arg(value_name = "NAME")]
    name: String,
    /// How it is made to load its files; `certroll service drivers` shows the drivers
    #[arg(long, value_name = "DRIVER", value_parser = driver)]
    driver: &'static Driver,
    /// Certificate that it uses (repeatable)
    #[arg(long, value_name = "CERTIFICATE", required = true)]
    certificate: Vec<String>,
    /// Where it serves it: HOST:PORT, or HOST:PORT,SERVERNAME; with several certificates CERTIFICATE@HOST:PORT (repeatable)
    #[arg(long, value_name = "HOST:PORT", required = true)]
    endpoint: Vec<String>,
    /// Setting of the driver (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Command to run before its files are changed; if it fails they are not
    #[arg(long, value_name = "COMMAND")]
    pre: Option<String>,
    /// Command to run once it serves the new certificate
    #[arg(long, value_name = "COMMAND")]
    post: Option<String>,
    #[command(flatten)]
    replace: ReplaceArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// List the servers that use certificates, and how far each has come
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    format: FormatArgs,
}

/// Show everything about a service: what is done to it, and what its clients notice
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Name of the service
    name: String,
    #[command(flatten)]
    format: FormatArgs,
}

/// Forget a service; the server and its files stay as they are
#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// Name of the service
    name: String,
}

/// List the drivers: how each kind of server is made to load its files, and what its clients notice
#[derive(Debug, Args)]
pub(crate) struct DriversArgs {
    #[command(flatten)]
    format: FormatArgs,
}

fn driver(text: &str) -> Result<&'static Driver, String> {
    driver::by_id(text).ok_or_else(|| {
        let known: Vec<_> = DRIVERS.iter().map(|driver| driver.id).collect();
        format!("expected one of {}", known.join(", "))
    })
}

/// The endpoints; one that names no certificate is for the only one.
fn endpoints(args: &AddArgs) -> Result<Vec<ServiceEndpoint>, Error> {
    let one = |text: &String| match (text.rsplit_once('@'), args.certificate.as_slice()) {
        (Some((certificate, address)), _) => {
            Ok(ServiceEndpoint { certificate: certificate.to_owned(), address: address.to_owned() })
        }
        (None, [certificate]) => Ok(ServiceEndpoint { certificate: certificate.clone(), address: text.clone() }),
        (None, _) => Err(Error::new(ErrorKind::Usage, format!("endpoint `{text}` does not say what it serves"))
            .hint("with several certificates write `CERTIFICATE@HOST:PORT`")),
    };
    args.endpoint.iter().map(one).collect()
}

pub(super) fn add(args: &AddArgs, context: &mut Context<'_>) -> CommandOutcome {
    let service = Service {
        name: args.name.clone(),
        driver: args.driver.id.to_owned(),
        certificates: args.certificate.clone(),
        endpoints: endpoints(args)?,
        settings: inventory::settings(&args.set)?,
        pre: args.pre.clone(),
        post: args.post.clone(),
    };
    let mut session = context.session()?;
    let view = context.view()?;
    let findings = inventory::add(&mut session, &view, service, args.replace.replace)?;
    let text = match args.format.format {
        OutputFormat::Table => table::rows(super::probe::HEADING, findings.iter().map(finding_row), context.width()),
        format => {
            let documents: Vec<_> = findings.iter().map(finding_document).collect();
            json::list("certroll/service-endpoints/v1", "endpoints", &documents, format)?
        }
    };
    context.data(&text)?;
    if args.driver.interrupts {
        context.say(&format!("note: at each rotation {}", args.driver.effect));
    }
    if findings.iter().any(|finding| !finding.is_good()) {
        let name = &args.name;
        context.say(&format!("note: not every endpoint serves its certificate now; `certroll service reload {name}` or the next `certroll rotate --due` sees to it"));
    }
    Ok(exit::DONE)
}

pub(super) fn list(args: &ListArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let services = view.store.services()?;
    let with_states = services.iter().map(|service| Ok((service, status::states(&view, service)?)));
    let with_states = with_states.collect::<Result<Vec<_>, Error>>()?;
    let text = match args.format.format {
        OutputFormat::Table => {
            let rows = with_states.iter().map(|(service, states)| row(service, states));
            table::rows(&["SERVICE", "DRIVER", "CERTIFICATES", "ENDPOINTS", "STATE"], rows, context.width())
        }
        format => {
            let documents: Vec<_> = with_states.iter().map(|(service, states)| document(service, states)).collect();
            json::list("certroll/services/v1", "services", &documents, format)?
        }
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

fn row(service: &Service, states: &[(String, ServiceState)]) -> Vec<String> {
    let endpoints: Vec<_> = service.endpoints.iter().map(|endpoint| endpoint.address.clone()).collect();
    let state: Vec<_> = states.iter().map(|(_, state)| service_state(state)).collect();
    vec![
        service.name.clone(),
        service.driver.clone(),
        service.certificates.join("\n"),
        endpoints.join("\n"),
        state.join("\n"),
    ]
}

fn document(service: &Service, states: &[(String, ServiceState)]) -> serde_json::Value {
    let state = |(name, state): &(String, ServiceState)| {
        json!({
            "certificate": name,
            "reloaded_sha256": state.reloaded.certificate.map(|sha256| sha256.to_string()),
            "reloaded_at": state.reloaded.at.map(|at| at.to_string()),
            "served_sha256": state.served.certificate.map(|sha256| sha256.to_string()),
            "served_at": state.served.at.map(|at| at.to_string()),
            "owed": state.reloaded.owed.as_ref().or(state.served.owed.as_ref()),
        })
    };
    json!({
        "schema": "certroll/service/v1",
        "name": service.name,
        "driver": service.driver,
        "certificates": service.certificates,
        "endpoints": service.endpoints.iter().map(|endpoint| {
            json!({"certificate": endpoint.certificate, "address": endpoint.address})
        }).collect::<Vec<_>>(),
        "settings": service.settings,
        "pre": service.pre,
        "post": service.post,
        "states": states.iter().map(state).collect::<Vec<_>>(),
    })
}

pub(super) fn show(args: &ShowArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let service = inventory::find(&*view.store, &args.name)?;
    let states = status::states(&view, &service)?;
    let text = match args.format.format {
        OutputFormat::Table => details(&view, &service, &states, context.width())?,
        format => json::document(&document(&service, &states), format)?,
    };
    context.data(&text)?;
    Ok(exit::DONE)
}

fn details(
    view: &View,
    service: &Service,
    states: &[(String, ServiceState)],
    width: Option<u16>,
) -> Result<String, Error> {
    let mut files = Vec::new();
    for name in &service.certificates {
        files.extend(view.store.installations(name)?.into_iter().map(|installation| installation.path));
    }
    let (test, reload) = inventory::actions(service, &files)?;
    let effect = driver::by_id(&service.driver).map(|driver| driver.effect).unwrap_or_default();
    let endpoints = service.endpoints.iter().map(|one| format!("{} serves {}", one.address, one.certificate));
    let states = states.iter().map(|(name, state)| format!("{name}: {}", service_state(state)));
    let lines = |lines: Vec<String>| lines.join("\n");
    let pairs = [
        ("name", service.name.clone()),
        ("driver", service.driver.clone()),
        ("endpoints", lines(endpoints.collect())),
        ("files", lines(files.iter().map(|path| path.display().to_string()).collect())),
        ("before", service.pre.clone().unwrap_or_default()),
        ("test", test.map(|test| test.to_string()).unwrap_or_default()),
        ("load", reload.to_string()),
        ("clients notice", effect.to_owned()),
        ("afterwards", service.post.clone().unwrap_or_default()),
        ("state", lines(states.collect())),
    ];
    Ok(table::pairs(&pairs, width))
}

pub(super) fn remove(args: &RemoveArgs, context: &mut Context<'_>) -> CommandOutcome {
    let mut session = context.session()?;
    inventory::remove(&mut session, &args.name)?;
    context.say(&format!("service `{}` is forgotten; the server and its files stay as they are", args.name));
    Ok(exit::DONE)
}

pub(super) fn drivers(args: &DriversArgs, context: &mut Context<'_>) -> CommandOutcome {
    let settings = |driver: &Driver| driver.settings.iter().chain(COMMON).collect::<Vec<_>>();
    let text = match args.format.format {
        OutputFormat::Table => {
            let words = |setting: &&DriverSetting| {
                let default = setting.default.map(|value| format!(" [{value}]")).unwrap_or_default();
                format!("{}: {}{default}", setting.name, setting.meaning)
            };
            let row = |driver: &&Driver| {
                let own: Vec<_> = driver.settings.iter().map(|setting| words(&setting)).collect();
                vec![driver.id.to_owned(), driver.effect.to_owned(), own.join("\n")]
            };
            table::rows(&["DRIVER", "CLIENTS NOTICE", "SETTINGS"], DRIVERS.iter().map(row), context.width())
        }
        format => {
            let document = |driver: &&Driver| {
                json!({
                    "schema": "certroll/service-driver/v1",
                    "name": driver.id,
                    "summary": driver.summary,
                    "effect": driver.effect,
                    "interrupts": driver.interrupts,
                    "settings": settings(driver).iter().map(|setting| {
                        json!({"name": setting.name, "meaning": setting.meaning, "default": setting.default})
                    }).collect::<Vec<_>>(),
                })
            };
            let documents: Vec<_> = DRIVERS.iter().map(document).collect();
            json::list("certroll/service-drivers/v1", "drivers", &documents, format)?
        }
    };
    context.data(&text)?;
    Ok(exit::DONE)
}
