//! What a template must not say, because the certificates would contradict themselves or their standard.

use super::document::{Constraints, TemplateDocument, TemplateKind};
use super::error::TemplateProblem;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::x509::extensions::{ExtendedUsage, ExtensionProfile, KeyIdMethod, KeyUsage};
use certroll_pki::x509::validity::{Lifetime, RenewBefore};

/// What a document says, read but not yet believed.
pub(super) struct Reading<'a> {
    pub(super) document: &'a TemplateDocument,
    pub(super) extensions: &'a ExtensionProfile,
    pub(super) key: KeyAlgorithm,
    pub(super) lifetime: Lifetime,
    pub(super) renew_before: RenewBefore,
}

/// A field, and the rule that it breaks when the condition holds.
type ConsistencyRule = (bool, &'static str, &'static str);

/// The first contradiction, as field and reason.
pub(super) fn contradiction(reading: &Reading<'_>) -> Option<(&'static str, TemplateProblem)> {
    let rules = [&authority(reading)[..], &usage(reading)[..], &identity(reading)[..]].concat();
    rules.into_iter().find(|(broken, ..)| *broken).map(|(_, field, why)| (field, TemplateProblem::Rule(why)))
}

/// What only a CA has, and what a CA must have (RFC 5280 sections 4.2.1.2, 4.2.1.3, 4.2.1.9, 4.2.1.10).
fn authority(Reading { document, extensions, .. }: &Reading<'_>) -> [ConsistencyRule; 8] {
    let is_ca = document.kind != TemplateKind::EndEntity;
    let is_root = document.kind == TemplateKind::RootCa;
    let signs = extensions.key_usage.iter().any(|usage| matches!(usage, KeyUsage::KeyCertSign | KeyUsage::CrlSign));
    let fields = &document.extensions;
    let constraints = fields.basic_constraints;
    let subtrees = !(extensions.permitted.is_empty() && extensions.excluded.is_empty());
    let pointers = [fields.crl_distribution_points, fields.ocsp, fields.ca_issuers].contains(&Some(true));
    [
        (
            if is_ca {
                constraints.is_some_and(|c| c != Constraints::Ca)
            } else {
                constraints == Some(Constraints::Ca)
            },
            "extensions.basic_constraints",
            "it must be `ca` for a CA, and `end-entity` or `absent` for an end entity",
        ),
        (!is_ca && fields.path_length.is_some(), "extensions.path_length", "only a CA has one"),
        (!is_ca && signs, "extensions.key_usage", "keyCertSign and cRLSign belong to a CA, not to an end entity"),
        (
            is_ca && !extensions.key_usage.contains(&KeyUsage::KeyCertSign),
            "extensions.key_usage",
            "a CA needs keyCertSign",
        ),
        (!is_ca && subtrees, "extensions.permitted", "only a CA has name constraints (permitted, excluded)"),
        (
            is_ca && extensions.subject_key_id == KeyIdMethod::Absent,
            "extensions.subject_key_id",
            "a CA needs one: its certificates point to it",
        ),
        (
            is_root && pointers,
            "extensions.crl_distribution_points",
            "a root CA has no issuer to point to (crl_distribution_points, ocsp, ca_issuers)",
        ),
        (is_ca && document.subject.trim().is_empty(), "subject", "a CA needs one that is not empty"),
    ]
}

/// Usages against each other and against the key.
fn usage(Reading { document, extensions, key, .. }: &Reading<'_>) -> [ConsistencyRule; 8] {
    let usages = &extensions.key_usage;
    let is_for = |name: &str| extensions.extended_key_usage.iter().any(|usage| is(usage, name));
    let transports = usages.iter().any(|usage| matches!(usage, KeyUsage::KeyEncipherment | KeyUsage::DataEncipherment));
    let agrees = usages.contains(&KeyUsage::KeyAgreement);
    let is_ec = matches!(key, KeyAlgorithm::EcP256 | KeyAlgorithm::EcP384 | KeyAlgorithm::EcP521);
    [
        (usages.is_empty(), "extensions.key_usage", "at least one is needed"),
        (repeats(usages), "extensions.key_usage", "one is listed twice"),
        (repeats(&extensions.extended_key_usage), "extensions.extended_key_usage", "one is listed twice"),
        (
            transports && !matches!(key, KeyAlgorithm::Rsa(_)),
            "extensions.key_usage",
            "keyEncipherment and dataEncipherment need an RSA key, and `key` is another kind",
        ),
        (agrees && !is_ec, "extensions.key_usage", "keyAgreement needs a key on a curve such as ec:p256"),
        (
            extensions.ocsp_no_check && !is_for("OCSPSigning"),
            "extensions.ocsp_no_check",
            "only a certificate with the extended key usage OCSPSigning has it",
        ),
        (
            extensions.extended_key_usage_critical && extensions.extended_key_usage.is_empty(),
            "extensions.extended_key_usage_critical",
            "there is no extended key usage to be critical",
        ),
        (
            document.kind == TemplateKind::EndEntity && is_for("serverAuth") && !document.san_required,
            "san_required",
            "it must be true with serverAuth: clients look for a server's name nowhere else (RFC 9525)",
        ),
    ]
}

/// Names, texts and times.
fn identity(Reading { document, extensions, lifetime, renew_before, .. }: &Reading<'_>) -> [ConsistencyRule; 3] {
    let too_early = match (renew_before, lifetime) {
        (RenewBefore::Seconds(before), Lifetime::Seconds(lifetime)) => before >= lifetime,
        _ => false,
    };
    let nameless = document.subject.trim().is_empty() && document.san.is_empty() && !document.san_required;
    [
        (nameless, "subject", "without it there must be a `san`, or `san_required` must be true"),
        (too_early, "renew_before", "it must be shorter than the lifetime"),
        (
            extensions.policies_critical && extensions.policies.is_empty(),
            "extensions.policies_critical",
            "there are no policies to be critical",
        ),
    ]
}

fn is(usage: &ExtendedUsage, name: &str) -> bool {
    name.parse::<ExtendedUsage>().is_ok_and(|named| named == *usage)
}

fn repeats<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().any(|(index, item)| list[..index].contains(item))
}

#[cfg(test)]
mod tests {
    use crate::template::Template;

    const LEAF: &str = "kind = \"end-entity\"\nsubject = \"CN={name}\"\nsan = [\"dns:{name}\"]\nsan_required = true\n\
        key = \"ec:p256\"\nlifetime = \"90d\"\n[extensions]\nkey_usage = [\"digitalSignature\"]\n\
        extended_key_usage = [\"serverAuth\"]\n";
    const ROOT: &str = "kind = \"root-ca\"\nsubject = \"CN={name}\"\nkey = \"ec:p256\"\nlifetime = \"20y\"\n\
        [extensions]\n\
        key_usage = [\"keyCertSign\", \"cRLSign\"]\n";

    fn refusal(document: &str) -> Option<String> {
        let text = format!("name = \"t\"\nsummary = \"t\"\n{document}");
        let error = Template::parse("t.toml", &text).err()?;
        let reason = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        Some(format!("{error}: {reason}"))
    }

    #[test]
    fn contradictions_are_found_when_a_template_is_read() {
        assert_eq!((refusal(LEAF), refusal(ROOT)), (None, None));
        for (document, from, to, field, part) in [
            (LEAF, "[\"digitalSignature\"]", "[\"keyCertSign\"]", "key_usage", "belong to a CA"),
            (LEAF, "[\"digitalSignature\"]", "[\"cRLSign\"]", "key_usage", "belong to a CA"),
            (LEAF, "[\"digitalSignature\"]", "[]", "key_usage", "at least one"),
            (LEAF, "[\"digitalSignature\"]", "[\"keyEncipherment\"]", "key_usage", "need an RSA key"),
            (LEAF, "[\"digitalSignature\"]", "[\"dataEncipherment\"]", "key_usage", "need an RSA key"),
            (LEAF, "[\"digitalSignature\"]", "[\"digitalSignature\", \"digitalSignature\"]", "key_usage", "twice"),
            (LEAF, "[\"serverAuth\"]", "[\"serverAuth\", \"serverAuth\"]", "extended_key_usage", "twice"),
            (
                LEAF,
                "[\"serverAuth\"]",
                "[\"serverAuth\"]\nbasic_constraints = \"ca\"",
                "basic_constraints",
                "end entity",
            ),
            (LEAF, "[\"serverAuth\"]", "[\"serverAuth\"]\npath_length = 0", "path_length", "only a CA"),
            (LEAF, "[\"serverAuth\"]", "[\"serverAuth\"]\nexcluded = [\"dns:a\"]", "permitted", "only a CA"),
            (LEAF, "[\"serverAuth\"]", "[\"serverAuth\"]\nocsp_no_check = true", "ocsp_no_check", "OCSPSigning"),
            (
                LEAF,
                "[\"serverAuth\"]",
                "[]\nextended_key_usage_critical = true",
                "extended_key_usage",
                "to be critical",
            ),
            (LEAF, "[\"serverAuth\"]", "[]\npolicies_critical = true", "policies_critical", "no policies"),
            (LEAF, "san_required = true\n", "", "san_required", "RFC 9525"),
            (LEAF, "\"90d\"", "\"90d\"\nrenew_before = \"90d\"", "renew_before", "shorter than the lifetime"),
            (ROOT, "\"keyCertSign\", ", "", "key_usage", "a CA needs keyCertSign"),
            (ROOT, "[extensions]", "[extensions]\nbasic_constraints = \"absent\"", "basic_constraints", "must be `ca`"),
            (ROOT, "[extensions]", "[extensions]\nsubject_key_id = \"absent\"", "subject_key_id", "a CA needs one"),
            (ROOT, "[extensions]", "[extensions]\nocsp = true", "crl_distribution_points", "no issuer to point to"),
            (ROOT, "\"CN={name}\"", "\"\"", "subject", "not empty"),
        ] {
            assert!(document.contains(from), "{from}");
            let found = refusal(&document.replacen(from, to, 1)).unwrap_or_default();
            assert!(found.contains(field) && found.contains(part), "{to}: {found}");
        }
    }

    #[test]
    fn somebody_must_be_named() {
        let nameless = "kind = \"end-entity\"\nkey = \"ed25519\"\nlifetime = \"1d\"\n[extensions]\nkey_usage = ";
        let found = refusal(&format!("{nameless}[\"digitalSignature\"]")).unwrap_or_default();
        assert!(found.contains("without it there must be a `san`"), "{found}");
        let found = refusal(&format!("{nameless}[\"keyAgreement\"]")).unwrap_or_default();
        assert!(found.contains("needs a key on a curve"), "{found}");
    }
}
