//! The templates that are built in, from `templates/`.

use crate::template::{Template, TemplateError};

const SHIPPED: &[(&str, &str)] = &[
    ("root-ca", include_str!("../../../../templates/root-ca.toml")),
    ("issuing-ca", include_str!("../../../../templates/issuing-ca.toml")),
    ("jms-broker", include_str!("../../../../templates/jms-broker.toml")),
    ("mqtt-broker", include_str!("../../../../templates/mqtt-broker.toml")),
    ("https-server", include_str!("../../../../templates/https-server.toml")),
    ("jms-client", include_str!("../../../../templates/jms-client.toml")),
    ("message-signer", include_str!("../../../../templates/message-signer.toml")),
    ("ocsp-responder", include_str!("../../../../templates/ocsp-responder.toml")),
    ("head-end", include_str!("../../../../templates/head-end.toml")),
    ("data-concentrator", include_str!("../../../../templates/data-concentrator.toml")),
    ("meter", include_str!("../../../../templates/meter.toml")),
];

/// The names of the built-in templates: CAs first, then servers, clients and devices.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// The built-in template of that name; `None` when there is none.
///
/// # Errors
/// Never for a released certroll: a test reads every one.
pub fn find(name: &str) -> Result<Option<Template>, TemplateError> {
    SHIPPED.iter().find(|(shipped, _)| *shipped == name).map(read).transpose()
}

/// All built-in templates, in the order of [`names`].
///
/// # Errors
/// As [`find`].
pub fn all() -> Result<Vec<Template>, TemplateError> {
    SHIPPED.iter().map(read).collect()
}

fn read((name, text): &(&str, &str)) -> Result<Template, TemplateError> {
    Template::parse(&format!("templates/{name}.toml (built in)"), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_is_a_template_of_its_name() {
        let templates = all().unwrap();
        assert!(templates.iter().map(Template::name).eq(names()));
        assert!(find("no-such").unwrap().is_none());
    }
}
