//! Usages: those that were approved, held against what an issuer would give and against what it gave.
//!
//! A certificate from elsewhere must have what was asked for, and may have no more than policy would have allowed: a usage
//! that was not asked for is a privilege that was not approved.

use serde::{Deserialize, Serialize};

use crate::issuer::Request;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::{ExtendedUsage, KeyUsage};

/// Extended key usages that restrict a certificate for which none was asked for, and lend it nothing: without the extension it
/// is good for these anyway (RFC 5280 section 4.2.1.12). Others count only when they are named, so they are privileges.
const RESTRICTING: [&str; 3] = ["anyExtendedKeyUsage", "serverAuth", "clientAuth"];

/// What was approved about the usages of one certificate, by their names as in RFC 5280, or dotted OIDs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usages {
    key: Vec<String>,
    extended: Vec<String>,
    tolerated: Vec<String>,
}

impl Usages {
    /// Those of a request.
    pub fn of(request: &Request) -> Self {
        let extensions = &request.content.extensions;
        Self {
            key: names(&extensions.key_usage),
            extended: names(&extensions.extended_key_usage),
            tolerated: names(&request.tolerated),
        }
    }

    /// Extended key usages that were asked for and are not among these.
    pub fn lacking(&self, given: &[ExtendedUsage]) -> Vec<String> {
        let given = names(given);
        self.extended.iter().filter(|asked| !given.contains(asked)).cloned().collect()
    }

    /// Those among these that were neither asked for nor are tolerated.
    pub fn surplus(&self, given: &[ExtendedUsage]) -> Vec<String> {
        let mut surplus = names(given);
        surplus.retain(|one| !self.extended.contains(one) && !self.tolerated.contains(one));
        if self.extended.is_empty() {
            surplus.retain(|one| !RESTRICTING.contains(&one.as_str()));
        }
        surplus
    }

    /// What about the usages of a certificate for that kind of key is not as it was approved: `no extended key usage clientAuth`.
    ///
    /// Without keyUsage a key is not restricted (RFC 5280 section 4.2.1.3), and the certificate of a CA is told by other marks. A
    /// certificate without extKeyUsage would be good for everything, which is more than was approved where purposes were.
    pub fn misfit(&self, certificate: &Certificate, key: &str) -> Option<String> {
        let given = &certificate.extended_key_usage;
        if given.is_empty() && !self.extended.is_empty() {
            let asked = self.extended.join(", ");
            return Some(format!("no extended key usage at all, so for every use, and {asked} was asked for"));
        }
        if let Some(lacking) = self.lacking(given).first() {
            return Some(format!("no extended key usage {lacking}, which was asked for"));
        }
        if let Some(surplus) = self.surplus(given).first() {
            return Some(format!("the extended key usage {surplus}, which was not asked for"));
        }
        let own = names(&certificate.key_usage);
        let for_cas = [KeyUsage::KeyCertSign, KeyUsage::CrlSign].map(|usage| usage.to_string());
        if let Some(signs) = for_cas.iter().find(|usage| own.contains(usage) && !self.key.contains(usage)) {
            return Some(format!("the key usage {signs}, which is for CAs"));
        }
        let needed = |usage: &&String| usage.parse::<KeyUsage>().is_ok_and(|usage| usage.is_served_by(key));
        let lacking = self.key.iter().filter(needed).find(|usage| !own.contains(usage));
        let lacking = lacking.filter(|_| certificate.has_key_usage);
        lacking.map(|lacking| format!("no key usage {lacking}, which was asked for"))
    }

    /// What a certificate that fits has beyond what was asked for and that is worth a warning. That its key may also be used on
    /// the way to a shared secret (keyEncipherment, keyAgreement) is what CAs write into every certificate.
    pub fn added(&self, certificate: &Certificate) -> Vec<String> {
        let mut added = names(&certificate.extended_key_usage);
        added.retain(|one| !self.extended.contains(one));
        let evidence = KeyUsage::NonRepudiation;
        if certificate.key_usage.contains(&evidence) && !self.key.contains(&evidence.to_string()) {
            added.push(evidence.to_string());
        }
        added
    }
}

fn names<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use certroll_base::clock::Timestamp;
    use certroll_pki::key::KeyPair;
    use certroll_pki::name::distinguished_name::DistinguishedName;
    use certroll_pki::x509::extensions::ExtensionProfile;
    use certroll_pki::x509::serial::SerialNumber;
    use certroll_pki::x509::signing::{CertificateContent, CertificateEncoder, IssuerIdentity};
    use certroll_pki::x509::validity::{Lifetime, Validity};

    fn profile(key: &str, extended: &str) -> Arc<ExtensionProfile> {
        Arc::new(ExtensionProfile {
            key_usage: key.split_whitespace().map(|usage| usage.parse().unwrap()).collect(),
            extended_key_usage: extended.split_whitespace().map(|usage| usage.parse().unwrap()).collect(),
            ..ExtensionProfile::default()
        })
    }

    fn certificate(profile: Arc<ExtensionProfile>) -> Certificate {
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        let name = DistinguishedName::parse("CN=a").unwrap();
        let content = CertificateContent {
            subject: name.clone(),
            names: Vec::new(),
            validity: Validity::starting(Timestamp::from_secs(1_800_000_000), Lifetime::Seconds(86_400)),
            extensions: profile.clone(),
        };
        let identity = IssuerIdentity { name, key_id: None, key: key.algorithm() };
        let encoder = CertificateEncoder::new(profile, &identity).unwrap();
        let tbs = encoder.encode(&content, &SerialNumber::random(), key.spki()).unwrap();
        Certificate::from_der(&tbs.sign(&key).unwrap()).unwrap()
    }

    fn usages(profile: &ExtensionProfile, tolerated: &str) -> Usages {
        Usages {
            key: names(&profile.key_usage),
            extended: names(&profile.extended_key_usage),
            tolerated: tolerated.split_whitespace().map(str::to_owned).collect(),
        }
    }

    #[test]
    fn what_came_back_is_held_against_what_was_asked_for() {
        let none = "no extended key usage at all";
        // Asked for: key usages and extended ones; tolerated; given; kind of key; what is said of it.
        let table = [
            ("digitalSignature", "serverAuth", "", "digitalSignature", "serverAuth", "ec:p256", ""),
            ("digitalSignature", "serverAuth", "", "digitalSignature keyEncipherment", "serverAuth", "rsa:2048", ""),
            ("", "serverAuth clientAuth", "", "", "serverAuth", "ec:p256", "no extended key usage clientAuth"),
            ("", "1.2.3", "", "", "serverAuth", "ec:p256", "no extended key usage 1.2.3"),
            ("", "serverAuth", "", "", "", "ec:p256", none),
            ("", "serverAuth", "clientAuth", "", "serverAuth clientAuth", "ec:p256", ""),
            ("", "serverAuth", "", "", "serverAuth clientAuth", "ec:p256", "the extended key usage clientAuth"),
            (
                "",
                "serverAuth",
                "clientAuth",
                "",
                "serverAuth codeSigning",
                "ec:p256",
                "the extended key usage codeSign",
            ),
            (
                "",
                "serverAuth",
                "clientAuth",
                "",
                "serverAuth OCSPSigning",
                "ec:p256",
                "the extended key usage OCSPSign",
            ),
            (
                "",
                "serverAuth",
                "",
                "",
                "serverAuth 2.5.29.37.0",
                "ec:p256",
                "the extended key usage anyExtendedKeyUsage",
            ),
            ("", "serverAuth", "", "", "2.5.29.37.0", "ec:p256", "no extended key usage serverAuth"),
            // Nothing was asked for: it may be restricted, but not be given a special purpose.
            ("", "", "", "", "", "ec:p256", ""),
            ("", "", "", "", "serverAuth clientAuth", "ec:p256", ""),
            ("", "", "", "", "2.5.29.37.0", "ec:p256", ""),
            ("", "", "", "", "emailProtection", "ec:p256", "the extended key usage emailProtection"),
            // Without the extension the key is not restricted.
            ("digitalSignature", "", "", "", "", "ec:p256", ""),
            ("digitalSignature", "", "", "keyAgreement", "", "ec:p256", "no key usage digitalSignature"),
            (
                "digitalSignature nonRepudiation",
                "",
                "",
                "digitalSignature",
                "",
                "ec:p256",
                "no key usage nonRepudiation",
            ),
            ("digitalSignature keyEncipherment", "", "", "digitalSignature", "", "rsa:2048", "no key usage keyEnciph"),
            // A key on a curve cannot encipher keys, whatever was asked for (RFC 5480 section 3).
            ("digitalSignature keyEncipherment", "", "", "digitalSignature", "", "ec:p256", ""),
            ("digitalSignature keyAgreement", "", "", "digitalSignature", "", "ec:p256", "no key usage keyAgreement"),
            ("digitalSignature keyAgreement", "", "", "digitalSignature", "", "ed25519", ""),
            ("digitalSignature", "", "", "digitalSignature keyCertSign", "", "ec:p256", "the key usage keyCertSign"),
            ("", "", "", "cRLSign", "", "ec:p256", "the key usage cRLSign, which is for CAs"),
        ];
        for row in table {
            let (key, extended, tolerated, given_key, given, kind, expected) = row;
            let asked = usages(&profile(key, extended), tolerated);
            let said = asked.misfit(&certificate(profile(given_key, given)), kind).unwrap_or_default();
            let fits = if expected.is_empty() { said.is_empty() } else { said.starts_with(expected) };
            assert!(fits, "{row:?}: `{said}`");
        }
    }

    #[test]
    fn what_was_added_is_told() {
        let asked = usages(&profile("digitalSignature", "serverAuth"), "clientAuth");
        let added = |key: &str, extended: &str| asked.added(&certificate(profile(key, extended))).join(" ");
        assert_eq!(added("digitalSignature", "serverAuth"), "");
        assert_eq!(added("digitalSignature keyEncipherment", "serverAuth clientAuth"), "clientAuth");
        assert_eq!(added("digitalSignature nonRepudiation", "serverAuth"), "nonRepudiation");
    }
}
