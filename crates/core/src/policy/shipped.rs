//! The policies that are built in, from `policies/`.

use crate::policy::{Policy, PolicyError};

const SHIPPED: &[(&str, &str)] = &[
    ("baseline", include_str!("../../../../policies/baseline.toml")),
    ("authorities", include_str!("../../../../policies/authorities.toml")),
    ("brokers", include_str!("../../../../policies/brokers.toml")),
    ("devices", include_str!("../../../../policies/devices.toml")),
];

/// The names of the built-in policies.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// All built-in policies, in the order of [`names`].
///
/// # Errors
/// Never for a released certroll: a test reads every one.
pub fn all() -> Result<Vec<Policy>, PolicyError> {
    SHIPPED.iter().map(read).collect()
}

fn read((name, text): &(&str, &str)) -> Result<Policy, PolicyError> {
    Policy::parse(&format!("policies/{name}.toml (built in)"), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::SubjectKind;
    use crate::policy::decision::decide;
    use crate::policy::fixture::{Fixture, NOW};
    use certroll_pki::x509::extensions::BasicConstraints;
    use certroll_pki::x509::validity::Validity;

    /// The shipped templates as plain data: modules of one rank do not know each other.
    const TEMPLATES: &[&str] = &[
        include_str!("../../../../templates/root-ca.toml"),
        include_str!("../../../../templates/issuing-ca.toml"),
        include_str!("../../../../templates/jms-broker.toml"),
        include_str!("../../../../templates/mqtt-broker.toml"),
        include_str!("../../../../templates/https-server.toml"),
        include_str!("../../../../templates/jms-client.toml"),
        include_str!("../../../../templates/message-signer.toml"),
        include_str!("../../../../templates/ocsp-responder.toml"),
        include_str!("../../../../templates/head-end.toml"),
        include_str!("../../../../templates/data-concentrator.toml"),
        include_str!("../../../../templates/meter.toml"),
    ];

    #[test]
    fn every_shipped_file_is_a_policy_of_its_name() {
        let policies = all().unwrap();
        assert!(policies.iter().map(Policy::name).eq(names()));
    }

    #[test]
    fn shipped_policies_allow_what_shipped_templates_make() {
        let policies = all().unwrap();
        for template in TEMPLATES {
            let fixture = certificate(template);
            let decision = decide(&policies, &fixture.facts());
            assert!(decision.as_ref().is_ok_and(|applied| !applied.is_empty()), "{}: {decision:?}", fixture.template);
        }
    }

    /// The certificate that a template describes by its defaults, under an issuing CA of the usual kind.
    fn certificate(template: &'static str) -> Fixture {
        let document: toml::Table = toml::from_str(template).unwrap();
        let text = |key: &str| document[key].as_str().unwrap().to_owned();
        let extensions = document["extensions"].as_table().unwrap();
        let list = |key: &str| -> Vec<String> {
            let items = extensions.get(key).and_then(|value| value.as_array());
            items.into_iter().flatten().map(|item| item.as_str().unwrap().to_owned()).collect()
        };
        let mut fixture = Fixture::broker();
        fixture.template = text("name").leak();
        fixture.kind = match text("kind").as_str() {
            "root-ca" => SubjectKind::RootCa,
            "ca" => SubjectKind::Ca,
            _ => SubjectKind::EndEntity,
        };
        fixture.key = text("key");
        fixture.content.validity = Validity::starting(NOW, text("lifetime").parse().unwrap());
        if !document.contains_key("san_required") {
            fixture.content.names.clear();
        }
        fixture.extensions().key_usage = list("key_usage").iter().map(|usage| usage.parse().unwrap()).collect();
        let purposes = list("extended_key_usage");
        fixture.extensions().extended_key_usage = purposes.iter().map(|usage| usage.parse().unwrap()).collect();
        if fixture.kind != SubjectKind::EndEntity {
            let path_length = extensions.get("path_length").and_then(toml::Value::as_integer);
            let path_length = path_length.map(|length| length.try_into().unwrap());
            fixture.extensions().basic_constraints = BasicConstraints::Ca { path_length };
            let parent = Validity::starting(NOW, "20y".parse().unwrap());
            fixture.issuer_validity = (fixture.kind == SubjectKind::Ca).then_some(parent);
            fixture.issuer_key = (fixture.kind == SubjectKind::Ca).then_some("rsa:4096");
        }
        fixture
    }
}
