//! A CA as `ca show` and `ca list` tell it.

use crate::cli::args::{FormatArgs, OutputFormat};
use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use crate::cli::render::{json, table};
use certroll_core::error::Error;
use certroll_core::lifecycle::session::View;
use certroll_core::lifecycle::session::authority_state::AuthorityStates;
use certroll_core::store::Authority;

pub(super) fn document(view: &View, authority: &Authority) -> Result<serde_json::Value, Error> {
    let states = AuthorityStates::of(&*view.store, view.clock.now())?;
    let state = states.iter().find(|state| state.authority.name == authority.name);
    let own = state.and_then(|state| state.chain.first());
    let crl = view.store.latest_crl(&authority.name)?;
    Ok(serde_json::json!({
        "schema": "certroll/ca/v1",
        "name": authority.name,
        "parent": authority.parent,
        "status": state.map(|state| state.status.name()),
        "state": state.map(|state| state.status.to_string()),
        "crl_status": state.map(|state| state.crl.name()),
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

/// Everything about the CA of that name.
pub(super) fn show(name: &str, format: FormatArgs, context: &mut Context<'_>) -> CommandOutcome {
    let view = context.view()?;
    let authority = view.authority(Some(name))?;
    let document = document(&view, &authority)?;
    let text = match format.format {
        OutputFormat::Table => {
            let fields = [
                ("name", "name"),
                ("signed by", "parent"),
                ("status", "state"),
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
pub(super) fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}
