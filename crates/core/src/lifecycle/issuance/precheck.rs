//! Whether an issuer can sign what is asked for, by what it says of itself: held against it before anything is announced or
//! sent, for every issuer in one place.

use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::issuer::{Capabilities, Issuer, PrivateCa, Request};
use crate::lifecycle::session::Session;
use crate::lifecycle::signing::record::InventoryFields;
use crate::store::RequestSpec;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::name::general_name::GeneralName;

/// What is asked of an issuer.
pub(crate) struct IssuerDemand<'a> {
    pub request: &'a Request,
    /// Kind of the key.
    pub key: &'a PublicKeyKind,
    /// What was asked for, as the inventory will remember it.
    pub asked: &'a RequestSpec,
}

impl<'a> IssuerDemand<'a> {
    pub(crate) fn of(request: &'a Request, inventory: &'a InventoryFields) -> Self {
        Self { request, key: &inventory.key_kind, asked: &inventory.request }
    }
}

/// The error for a request that the issuer cannot fulfil, with the issuers of this home that can.
///
/// # Errors
/// The store cannot be read.
pub(crate) fn error(
    session: &Session,
    issuer: &dyn Issuer,
    wanted: &IssuerDemand<'_>,
    missing: &[String],
) -> Result<Error, Error> {
    let message = format!("issuer `{}` cannot issue `{}`", issuer.name(), wanted.request.name);
    let error = Error::new(ErrorKind::Unsupported, message).because(missing.join("\n"));
    let able = alternatives(session, issuer.name(), wanted)?;
    Ok(match able.as_slice() {
        [] => {
            let error = match lacks_client_auth(&issuer.capabilities(), wanted) {
                true => error.hint("for a server alone use a template without clientAuth, such as `https-server`"),
                false => error,
            };
            error.hint(CertificateHint::SeeCapabilities(issuer.name().to_owned()))
        }
        able => error.hint(CertificateHint::UseIssuer(able.to_vec())),
    })
}

/// Everything about the request that the issuer cannot do, each a line.
pub(crate) fn missing(able: &Capabilities, wanted: &IssuerDemand<'_>) -> Vec<String> {
    let content = &wanted.request.content;
    let mut lines = Vec::new();
    if !able.key_algorithms.is_empty() && !able.key_algorithms.contains(&wanted.key.to_string().as_str()) {
        lines.push(format!("it signs for keys of the kinds {}, not {}", able.key_algorithms.join(", "), wanted.key));
    }
    for name in &content.names {
        match name {
            GeneralName::Dns(dns) if dns.is_wildcard() && !able.wildcard => {
                lines.push(format!("it does not sign for wildcard names as it is set up: `{dns}`"));
            }
            GeneralName::Ip(address) if !able.ip => {
                lines.push(format!("it does not sign for IP addresses as it is set up: `{address}`"));
            }
            _ => {}
        }
    }
    if lacks_client_auth(able, wanted) {
        let template = &wanted.request.template;
        lines.push(format!(
            "it does not sign for TLS clients and devices, and template `{template}` asks for clientAuth"
        ));
    }
    if let (Some(lifetime), false) = (&wanted.asked.lifetime, able.lifetime) {
        lines.push(format!("it chooses the lifetime itself, so it cannot be {lifetime}"));
    }
    lines
}

/// Whether clientAuth is asked for, which it does not give.
fn lacks_client_auth(able: &Capabilities, wanted: &IssuerDemand<'_>) -> bool {
    let usages = &wanted.request.content.extensions.extended_key_usage;
    !able.client_auth && usages.iter().any(|usage| usage.to_string() == "clientAuth")
}

/// The other issuers of the home that can: its CAs, and those elsewhere that can be opened.
fn alternatives(session: &Session, but: &str, wanted: &IssuerDemand<'_>) -> Result<Vec<String>, Error> {
    let authorities = session.journal.store().authorities()?;
    // A CA that signs CAs is there for that.
    let is_parent = |name: &str| authorities.iter().any(|one| one.parent.as_deref() == Some(name));
    let here = authorities.iter().filter(|one| !is_parent(&one.name)).map(|one| one.name.clone());
    // A CA of the home can do whatever a template can say.
    let can_here = missing(&PrivateCa::CAPABILITIES, wanted).is_empty();
    let mut names: Vec<String> = here.filter(|name| name != but && can_here).collect();
    for name in session.remotes.names().filter(|name| *name != but) {
        let opened = session.remotes.open(name).and_then(Result::ok);
        if opened.is_some_and(|issuer| missing(&issuer.capabilities(), wanted).is_empty()) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}
