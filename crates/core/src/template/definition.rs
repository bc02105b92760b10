//! A template as read from its document.

use certroll_base::digest::DigestOf;

use super::document::TemplateKind;
use super::names::NamePattern;
use super::parameter::Parameter;
use super::subject::Subject;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::x509::extensions::ExtensionProfile;
use certroll_pki::x509::validity::{Lifetime, RenewBefore};

/// SHA-256 of a template's document as written.
pub type TemplateDigest = DigestOf<Template>;

/// A named set of defaults for certificates, consistent in itself.
#[derive(Clone, Debug)]
pub struct Template {
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) text: String,
    pub(super) digest: TemplateDigest,
    pub(super) kind: TemplateKind,
    pub(super) key: KeyAlgorithm,
    pub(super) lifetime: Lifetime,
    pub(super) renew_before: RenewBefore,
    pub(super) parameters: Vec<Parameter>,
    pub(super) subject: Subject,
    pub(super) names: Vec<NamePattern>,
    pub(super) san_required: bool,
    pub(super) extensions: ExtensionProfile,
    pub(super) pointers: PointerUse,
}

/// Which of the issuer's pointers go into the certificate.
#[derive(Clone, Copy, Debug)]
pub(super) struct PointerUse {
    pub(super) crl: bool,
    pub(super) ocsp: bool,
    pub(super) ca_issuers: bool,
}

impl Template {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for, in one line.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The document as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the document: says in a record which template it was.
    pub fn digest(&self) -> TemplateDigest {
        self.digest
    }

    /// Root CA, CA or end entity.
    pub fn kind(&self) -> TemplateKind {
        self.kind
    }

    /// The kind of key to make when none is brought.
    pub fn key(&self) -> KeyAlgorithm {
        self.key
    }

    /// How long its certificates live unless told otherwise.
    pub fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    /// When its certificates are due for rotation.
    pub fn renew_before(&self) -> RenewBefore {
        self.renew_before
    }

    /// What may or must be given beside the name, by name.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METER: &str = r#"
name = "field-device"
summary = "a device"
kind = "end-entity"
subject = "CN={name}"
san = ["hwm:{hw_type}:{serial}"]
key = "ec:p256"
lifetime = "10y"

[extensions]
key_usage = ["digitalSignature"]

[parameters.hw_type]
summary = "type of the hardware"
default = "1.3.6.1.4.1.32473.1"
kind = "oid"

[parameters.serial]
summary = "serial number"
required = true
kind = "hex"
octets = 8
"#;

    #[test]
    fn a_document_reads_as_written() {
        let template = Template::parse("field-device.toml", METER).unwrap();
        assert_eq!(
            (template.name(), template.summary(), template.kind()),
            ("field-device", "a device", TemplateKind::EndEntity)
        );
        assert_eq!(template.key(), KeyAlgorithm::EcP256);
        assert_eq!((template.lifetime(), template.renew_before()), ("10y".parse().unwrap(), RenewBefore::Percent(33)));
        assert_eq!(template.digest(), TemplateDigest::of(METER.as_bytes()));
        let names: Vec<_> =
            template.parameters().iter().map(|p| (p.name(), p.is_required(), p.default.as_deref())).collect();
        assert_eq!(names, [("hw_type", false, Some("1.3.6.1.4.1.32473.1")), ("serial", true, None)]);
    }

    #[test]
    fn broken_documents_say_what_was_expected() {
        for (from, to, field, part) in [
            ("name = \"field-device\"", "name = \"Field Device\"", "name", "lower-case letters"),
            ("summary = \"a device\"", "summary = \"a\\nb\"", "summary", "one line"),
            ("kind = \"end-entity\"", "kind = \"leaf\"", "line 4", "unknown variant `leaf`"),
            ("kind = \"end-entity\"", "kind = \"end-entity\"\nsans = []", "line 5", "unknown field `sans`"),
            ("key = \"ec:p256\"\n", "", "line 1", "missing field `key`"),
            ("ec:p256", "rsa:1024", "key", "expected rsa:2048"),
            ("\"10y\"", "\"ten years\"", "lifetime", "not a duration"),
            ("\"10y\"", "\"10y\"\nrenew_before = \"200%\"", "renew_before", "not a duration"),
            ("digitalSignature", "signing", "extensions.key_usage", "unknown key usage `signing`"),
            ("CN={name}", "CN={serial_number}", "subject", "{name}, {hw_type}, {serial}"),
            ("CN={name}", "XX={name}", "subject", "unknown attribute type `XX`"),
            ("hwm:{hw_type}", "hwm:{hw_typ}", "san", "unknown placeholder `{hw_typ}`"),
            ("hwm:", "", "san", "`hwm:` first"),
            ("[\"hwm:{hw_type}:{serial}\"]", "[]", "parameters.hw_type", "no pattern"),
            ("[parameters.serial]", "[parameters.name]", "parameters.name", "other than name"),
            ("32473.1", "x", "parameters.hw_type", "dotted object identifier"),
            ("kind = \"oid\"", "kind = \"oid\"\nrequired = true", "parameters.hw_type", "has no default"),
            ("kind = \"oid\"", "kind = \"oid\"\noctets = 8", "parameters.hw_type", "only a parameter of kind `hex`"),
            ("octets = 8", "octets = 0", "parameters.serial", "at least 1"),
            ("octets = 8", "length = 8", "line 22", "unknown field `length`"),
        ] {
            assert!(METER.contains(from), "{from}");
            let error = Template::parse("x.toml", &METER.replacen(from, to, 1)).unwrap_err();
            let reason = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            let text = format!("{error}: {reason}");
            assert!(text.contains("`x.toml`") && text.contains(field) && text.contains(part), "{to}: {text}");
        }
    }
}
