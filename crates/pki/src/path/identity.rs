//! Whether a certificate is the one of a host, an address or a mailbox (RFC 9525, RFC 5280 section 6): by its alternative names
//! alone, never by its common name.

use super::flaw::{Check, PathFlaw};
use crate::name::general_name::GeneralName;
use crate::x509::certificate::Certificate;

/// A flaw for each identity that the leaf does not have.
pub(super) fn flaws(leaf: &Certificate, identities: &[GeneralName]) -> Vec<PathFlaw> {
    let missing = identities.iter().filter(|wanted| !leaf.names.iter().any(|name| is_of(name, wanted)));
    let flaw = |wanted: &GeneralName| {
        let names = leaf.names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let has = if names.is_empty() { "has no alternative names".to_owned() } else { format!("is for {names}") };
        let text = format!("the certificate of `{}` {has}, not for `{wanted}`", leaf.display_name());
        PathFlaw::new(0, Check::Identity, text)
    };
    missing.map(flaw).collect()
}

/// A wildcard stands for one label, the first (RFC 9525 section 6.3).
fn is_of(name: &GeneralName, wanted: &GeneralName) -> bool {
    match (name, wanted) {
        (GeneralName::Dns(name), GeneralName::Dns(wanted)) if name.is_wildcard() => {
            wanted.as_str().split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest == name.base())
        }
        (GeneralName::Email(name), GeneralName::Email(wanted)) => {
            name.local() == wanted.local() && name.domain() == wanted.domain()
        }
        _ => name == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_is_one_label() {
        for (name, wanted, fits) in [
            ("a.example.net", "A.example.net", true),
            ("*.example.net", "a.example.net", true),
            ("*.example.net", "a.b.example.net", false),
            ("*.example.net", "example.net", false),
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "dns:a.example.net", false),
            ("ops@example.net", "ops@EXAMPLE.net", true),
            ("ops@example.net", "Ops@example.net", false),
        ] {
            let [name, wanted] = [name, wanted].map(|text| GeneralName::parse(text).unwrap());
            assert_eq!(is_of(&name, &wanted), fits, "{name} {wanted}");
        }
    }
}
