//! What a role would refuse, known before anything is sent.
//!
//! The server decides; this repeats its rules as far as they can be read off the role. Where a rule depends on who asks
//! (templates), or where a field is not there because the server is older, nothing is objected.

use serde::Deserialize;
use serde_json::Value;

use crate::issuer::{Request, Usages};
use certroll_base::clock::Timestamp;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::verify::signature;
use certroll_pki::x509::extensions::{ExtendedUsage, KeyUsage};

/// A role, as far as it matters.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Role {
    allow_any_name: bool,
    allow_bare_domains: bool,
    allow_glob_domains: bool,
    allow_ip_sans: Option<bool>,
    allow_localhost: bool,
    allow_subdomains: bool,
    allow_token_displayname: bool,
    allow_wildcard_certificates: Option<bool>,
    allowed_domains: Option<Vec<String>>,
    allowed_domains_template: bool,
    allowed_ip_sans_cidr: Option<Vec<String>>,
    allowed_uri_sans: Option<Vec<String>>,
    allowed_uri_sans_template: bool,
    client_flag: Option<bool>,
    cn_validations: Option<Vec<String>>,
    code_signing_flag: Option<bool>,
    email_protection_flag: Option<bool>,
    enforce_hostnames: Option<bool>,
    ext_key_usage: Option<Vec<String>>,
    ext_key_usage_oids: Option<Vec<String>>,
    generate_lease: bool,
    pub(super) issuer_ref: Option<String>,
    key_bits: u64,
    key_type: Option<String>,
    key_usage: Option<Vec<String>>,
    max_ttl: Value,
    pub(super) no_store: bool,
    not_after: Option<String>,
    require_cn: bool,
    server_flag: Option<bool>,
}

/// What is held against a role besides the request itself.
pub(super) struct Bounds {
    pub(super) now: Timestamp,
    /// The longest lifetime that the mount allows, in seconds, if it is known.
    pub(super) mount_max_ttl: Option<i64>,
    /// When the CA's certificate ends, if it is known.
    pub(super) ca_until: Option<Timestamp>,
    /// The role decides about names, keys and usages too; otherwise about lifetime and storage alone.
    pub(super) content: bool,
}

impl Role {
    /// Everything about the request that it would refuse, field by field; or that must not be asked of it.
    pub(super) fn objections(&self, request: &Request, bounds: &Bounds) -> Vec<String> {
        let mut found = Vec::new();
        if self.generate_lease {
            found.push(
                "generate_lease is set: the server would revoke the certificate when the token of this login ends"
                    .to_owned(),
            );
        }
        self.lifetime(request, bounds, &mut found);
        if bounds.content {
            self.common_name(request, &mut found);
            for name in &request.content.names {
                found.extend(self.name(name));
            }
            self.key(&signature::key_description(&request.spki), &mut found);
            self.usages(request, &mut found);
        }
        found
    }

    fn lifetime(&self, request: &Request, bounds: &Bounds, found: &mut Vec<String>) {
        let until = request.content.validity.not_after;
        let asked = until.secs() - bounds.now.secs();
        let own = self.max_ttl.as_i64().filter(|secs| *secs > 0).map(|secs| ("max_ttl", secs));
        let mount = bounds.mount_max_ttl.filter(|secs| *secs > 0).map(|secs| ("max_lease_ttl of the mount", secs));
        match [own, mount].into_iter().flatten().min_by_key(|(_, secs)| *secs) {
            Some((field, secs)) if asked > secs => {
                found.push(format!("{field} is {}, and {} are asked for", days(secs), days(asked)));
            }
            _ => {}
        }
        let fixed = self.not_after.as_deref().filter(|text| !text.is_empty()).and_then(Timestamp::parse);
        if let Some(fixed) = fixed.filter(|fixed| *fixed > until) {
            found.push(format!("not_after is {fixed} for every certificate, and {until} was approved"));
        }
        if let Some(end) = bounds.ca_until.filter(|end| *end < until) {
            found.push(format!("the certificate of the CA ends at {end}, before {until}"));
        }
    }

    fn common_name(&self, request: &Request, found: &mut Vec<String>) {
        let Some(name) = request.content.subject.common_name() else {
            if self.require_cn {
                found.push("require_cn is set, and the subject has no common name".to_owned());
            }
            return;
        };
        let free = |rules: &Vec<String>| rules.iter().any(|rule| rule == "disabled");
        if self.cn_validations.as_ref().is_some_and(free) {
            return;
        }
        if !name.contains('@') && !is_hostname(&name) {
            found.push(format!("cn_validations allows host names and addresses of mail, not the common name `{name}`"));
        } else if let Some(objection) = self.domain(&name) {
            found.push(format!("the common name: {objection}"));
        }
    }

    fn name(&self, name: &GeneralName) -> Option<String> {
        match name {
            GeneralName::Dns(name) => self.domain(name.as_str()),
            GeneralName::Email(address) => self.domain(address.as_str()),
            GeneralName::Ip(_) if self.allow_ip_sans == Some(false) => {
                Some(format!("allow_ip_sans is not set: {name}"))
            }
            GeneralName::Ip(ip) => {
                let ranges = self.allowed_ip_sans_cidr.as_deref().unwrap_or_default();
                let inside = ranges.is_empty() || ranges.iter().any(|range| is_within(ip.get(), range));
                (!inside).then(|| format!("allowed_ip_sans_cidr is {}: {name}", ranges.join(", ")))
            }
            GeneralName::Uri(uri) => {
                let allowed = self.allowed_uri_sans.as_deref().unwrap_or_default();
                let fits = self.allowed_uri_sans_template || allowed.iter().any(|pattern| glob(pattern, uri.as_str()));
                (!fits).then(|| format!("allowed_uri_sans is {}: {name}", listed(allowed)))
            }
            GeneralName::Srv(_)
            | GeneralName::HardwareModule { .. }
            | GeneralName::Directory(_)
            | GeneralName::Foreign(_) => {
                Some(format!("it signs no names of this kind: {name}; `sign = \"verbatim\"` does"))
            }
        }
    }

    /// A DNS name or address of mail by the rules for `allowed_domains`.
    fn domain(&self, name: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        let wildcard = name.starts_with("*.");
        if wildcard && self.allow_wildcard_certificates == Some(false) {
            return Some(format!("allow_wildcard_certificates is not set: `{name}`"));
        }
        let host = name.split_once('@').map_or(name.as_str(), |(_, domain)| domain);
        let bare = host.strip_prefix("*.").unwrap_or(host);
        if self.enforce_hostnames.unwrap_or(true) && !is_hostname(bare) {
            return Some(format!("enforce_hostnames is set: `{name}`"));
        }
        // Who asks decides these.
        if self.allow_any_name || self.allowed_domains_template || self.allow_token_displayname {
            return None;
        }
        if self.allow_localhost && matches!(host, "localhost" | "localdomain") {
            return None;
        }
        let allowed = self.allowed_domains.as_deref().unwrap_or_default();
        let fits = |domain: &String| {
            let domain = domain.to_ascii_lowercase();
            let below = bare.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
            self.allow_bare_domains && (name == domain || host == domain)
                || self.allow_subdomains && (below || wildcard && bare == domain)
                || self.allow_glob_domains && domain.contains('*') && glob(&domain, &name)
        };
        if allowed.iter().any(fits) {
            return None;
        }
        let mut rules = vec![format!("allowed_domains is {}", listed(allowed))];
        for (set, field) in [
            (self.allow_bare_domains, "allow_bare_domains"),
            (self.allow_subdomains, "allow_subdomains"),
            (self.allow_glob_domains, "allow_glob_domains"),
        ] {
            rules.push(format!("{field} is {}", if set { "set" } else { "not set" }));
        }
        Some(format!("{}: `{name}`", rules.join(", ")))
    }

    fn key(&self, key: &str, found: &mut Vec<String>) {
        let (kind, size) = key.split_once(':').unwrap_or((key, ""));
        let wanted = self.key_type.as_deref().unwrap_or("any");
        let bits: u64 = size.trim_start_matches('p').parse().unwrap_or(0);
        if wanted != "any" && wanted != kind {
            found.push(format!("key_type is {wanted}, and the key is {key}"));
        } else if wanted != "any" && bits > 0 && bits < self.key_bits {
            found.push(format!("key_bits is {}, and the key is {key}", self.key_bits));
        }
    }

    /// Usages that were approved and that its certificates would lack; and those that they would have unasked, unless they may.
    fn usages(&self, request: &Request, found: &mut Vec<String>) {
        let own = self.ext_key_usage.as_deref().unwrap_or_default();
        let oids = self.ext_key_usage_oids.as_deref().unwrap_or_default();
        let flags = [
            ("serverAuth", "server_flag", self.server_flag),
            ("clientAuth", "client_flag", self.client_flag),
            ("codeSigning", "code_signing_flag", self.code_signing_flag),
            ("emailProtection", "email_protection_flag", self.email_protection_flag),
        ];
        let has = |usage: &ExtendedUsage| {
            let (name, oid) = (usage.to_string(), usage.0.to_string());
            let flag = flags.iter().find(|(flagged, ..)| *flagged == name);
            flag.is_some_and(|(.., set)| set.unwrap_or(true))
                || own.iter().any(|one| go_usage(one) == Some(*usage))
                || oids.contains(&oid)
        };
        for usage in request.content.extensions.extended_key_usage.iter().filter(|usage| !has(usage)) {
            let flag = flags.iter().find(|(flagged, ..)| *flagged == usage.to_string());
            let field = flag.map_or("ext_key_usage", |(_, field, _)| field);
            found.push(format!("{field} is not set: extended key usage {usage}"));
        }
        let usages = Usages::of(request);
        let unwelcome = |usage: Option<ExtendedUsage>| usage.is_none_or(|usage| !usages.surplus(&[usage]).is_empty());
        let flags = flags
            .iter()
            .filter(|(.., set)| *set == Some(true))
            .map(|(name, field, _)| (*field, *name, name.parse().ok()));
        let own = own.iter().map(|one| ("ext_key_usage", one.as_str(), go_usage(one)));
        let oids = oids.iter().map(|one| ("ext_key_usage_oids", one.as_str(), one.parse().ok()));
        for (field, name, _) in flags.chain(own).chain(oids).filter(|(.., usage)| unwelcome(*usage)) {
            found.push(format!("{field} is set: it would add the extended key usage {name}, which was not asked for"));
        }
        let Some(usages) = &self.key_usage else { return };
        for one in usages.iter().filter(|one| matches!(plain(one).as_str(), "certsign" | "crlsign")) {
            found.push(format!("key_usage has {one}: the certificate could sign others, or CRLs"));
        }
        let has = |usage: &KeyUsage| {
            let name = match usage {
                KeyUsage::NonRepudiation => "contentcommitment".to_owned(),
                other => other.to_string().to_ascii_lowercase(),
            };
            usages.iter().any(|one| plain(one) == name)
        };
        for usage in request.content.extensions.key_usage.iter().filter(|usage| !has(usage)) {
            found.push(format!("key_usage is {}: key usage {usage}", listed(usages)));
        }
    }
}

/// Go's name of an extended key usage, `ServerAuth` or `ExtKeyUsageAny`; `None` for those that have none here.
fn go_usage(name: &str) -> Option<ExtendedUsage> {
    match plain(name).as_str() {
        "any" => "anyExtendedKeyUsage".parse().ok(),
        name => name.parse().ok(),
    }
}

/// Go's spelling of a usage, `ExtKeyUsageServerAuth` or `ServerAuth`, in lower case and without its prefix.
fn plain(usage: &str) -> String {
    let lower = usage.to_ascii_lowercase();
    lower.strip_prefix("extkeyusage").or(lower.strip_prefix("keyusage")).map(str::to_owned).unwrap_or(lower)
}

fn listed(values: &[String]) -> String {
    if values.is_empty() { "empty".to_owned() } else { values.join(", ") }
}

/// Seconds as whole days where they are, else as hours or seconds.
fn days(secs: i64) -> String {
    match secs {
        secs if secs % 86_400 == 0 => format!("{}d", secs / 86_400),
        secs if secs % 3_600 == 0 => format!("{}h", secs / 3_600),
        secs => format!("{secs}s"),
    }
}

fn is_hostname(name: &str) -> bool {
    let label = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let name = name.strip_prefix("*.").unwrap_or(name);
    let name = name.strip_suffix('.').unwrap_or(name);
    !name.is_empty() && name.len() <= 253 && name.split('.').all(|part| label(part) || part.contains('*'))
}

/// Whether the text fits a pattern in which `*` stands for anything, also for dots.
fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

/// Whether an address lies in a range, `10.0.0.0/8`.
fn is_within(ip: std::net::IpAddr, range: &str) -> bool {
    use std::net::IpAddr::{V4, V6};
    let Some((network, bits)) = range.split_once('/') else { return false };
    let (Ok(network), Ok(bits)) = (network.parse(), bits.parse::<u32>()) else { return false };
    match (ip, network) {
        (V4(ip), V4(network)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
            ip.to_bits() & mask == network.to_bits() & mask
        }
        (V6(ip), V6(network)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            ip.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use certroll_pki::key::KeyPair;
    use certroll_pki::name::distinguished_name::DistinguishedName;
    use certroll_pki::x509::extensions::ExtensionProfile;
    use certroll_pki::x509::signing::CertificateContent;
    use certroll_pki::x509::validity::{Lifetime, Validity};

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn request(names: &[&str], key: &str, subject: &str) -> Request {
        let extensions = Arc::new(ExtensionProfile {
            key_usage: vec![KeyUsage::DigitalSignature],
            extended_key_usage: vec!["serverAuth".parse().unwrap()],
            ..ExtensionProfile::default()
        });
        Request {
            name: "x".to_owned(),
            template: "t".to_owned(),
            content: CertificateContent {
                subject: DistinguishedName::parse(subject).unwrap(),
                names: names.iter().map(|name| GeneralName::parse(name).unwrap()).collect(),
                validity: Validity::starting(NOW, Lifetime::Seconds(86_400 * 90)),
                extensions,
            },
            spki: KeyPair::generate(key.parse().unwrap()).unwrap().spki().to_vec(),
            csr: None,
            replaces: None,
            predecessor: None,
            tolerated: vec!["clientAuth".parse().unwrap()],
            key: None,
        }
    }

    /// A role as OpenBao 2.7 tells it by default, with these fields set otherwise.
    fn role(fields: &str) -> Role {
        let mut all: Value = serde_json::from_str(
            r#"{"allow_any_name":false,"allow_bare_domains":false,"allow_glob_domains":false,"allow_ip_sans":true,
            "allow_localhost":true,"allow_subdomains":false,"allow_wildcard_certificates":true,"allowed_domains":[],
            "allowed_ip_sans_cidr":[],"allowed_uri_sans":[],"client_flag":true,"cn_validations":["email","hostname"],
            "enforce_hostnames":true,"ext_key_usage":[],"key_bits":0,"key_type":"any",
            "key_usage":["DigitalSignature","KeyAgreement","KeyEncipherment"],"max_ttl":0,"no_store":false,
            "not_after":"","require_cn":true,"server_flag":true}"#,
        )
        .unwrap();
        let fields: Value = serde_json::from_str(fields).unwrap();
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn each_field_refuses_what_it_is_there_for() {
        let web = r#""allowed_domains":["example.net"],"allow_subdomains":true"#;
        let table: &[(&str, &[&str], &str, &str, &str)] = &[
            ("{W}", &["a.example.net"], "ec:p256", "CN=a.example.net", ""),
            ("{W}", &["A.b.example.net", "*.example.net"], "ec:p256", "CN=a.example.net", ""),
            ("{W}", &["localhost", "10.0.0.1"], "ec:p256", "CN=a.example.net", ""),
            ("{W}", &["example.net"], "ec:p256", "CN=a.example.net", "allow_bare_domains is not set"),
            ("{W}", &["a.example.org"], "ec:p256", "CN=a.example.net", "allowed_domains is example.net"),
            ("{W}", &["badexample.net"], "ec:p256", "CN=a.example.net", "allowed_domains is example.net"),
            ("{W}", &["a.example.net"], "ec:p256", "CN=b.example.org", "the common name: allowed_domains"),
            ("{W}", &["a.example.net"], "ec:p256", "O=x", "require_cn is set"),
            ("{W}", &["a.example.net"], "ec:p256", "CN=Meter 7", "cn_validations"),
            (r#"{W,"require_cn":false}"#, &["a.example.net"], "ec:p256", "O=x", ""),
            (r#"{W,"cn_validations":["disabled"]}"#, &["a.example.net"], "ec:p256", "CN=Meter 7", ""),
            (
                r#"{W,"allow_wildcard_certificates":false}"#,
                &["*.example.net"],
                "ec:p256",
                "CN=a.example.net",
                "allow_wildcard",
            ),
            (r#"{W,"allow_ip_sans":false}"#, &["10.0.0.1"], "ec:p256", "CN=a.example.net", "allow_ip_sans is not set"),
            (r#"{W,"allowed_ip_sans_cidr":["10.0.0.0/8"]}"#, &["10.9.0.1"], "ec:p256", "CN=a.example.net", ""),
            (
                r#"{W,"allowed_ip_sans_cidr":["10.0.0.0/8"]}"#,
                &["11.0.0.1"],
                "ec:p256",
                "CN=a.example.net",
                "allowed_ip_sans_cidr",
            ),
            ("{W}", &["uri:urn:x:1"], "ec:p256", "CN=a.example.net", "allowed_uri_sans is empty"),
            (r#"{W,"allowed_uri_sans":["urn:x:*"]}"#, &["uri:urn:x:1"], "ec:p256", "CN=a.example.net", ""),
            ("{W}", &["email:a@b.example.net"], "ec:p256", "CN=a.example.net", ""),
            ("{W}", &["email:a@example.org"], "ec:p256", "CN=a.example.net", "allowed_domains"),
            (
                r#"{"allowed_domains":["api-*.example.net"],"allow_glob_domains":true}"#,
                &["api-1.example.net"],
                "ec:p256",
                "CN=api-2.example.net",
                "",
            ),
            (
                r#"{"allowed_domains":["api-*.example.net"]}"#,
                &[],
                "ec:p256",
                "CN=api-2.example.net",
                "allow_glob_domains is not set",
            ),
            (r#"{"allow_any_name":true}"#, &["whatever.test"], "ec:p256", "CN=whatever.test", ""),
            (
                r#"{W,"key_type":"rsa","key_bits":2048}"#,
                &[],
                "ec:p256",
                "CN=a.example.net",
                "key_type is rsa, and the key is ec:p256",
            ),
            (r#"{W,"key_type":"ec","key_bits":384}"#, &[], "ec:p256", "CN=a.example.net", "key_bits is 384"),
            (r#"{W,"key_type":"ec","key_bits":256}"#, &[], "ec:p384", "CN=a.example.net", ""),
            (r#"{W,"key_type":"ed25519"}"#, &[], "ed25519", "CN=a.example.net", ""),
            (r#"{W,"server_flag":false}"#, &[], "ec:p256", "CN=a.example.net", "server_flag is not set"),
            (r#"{W,"server_flag":false,"ext_key_usage":["ServerAuth"]}"#, &[], "ec:p256", "CN=a.example.net", ""),
            (r#"{W,"max_ttl":2592000}"#, &[], "ec:p256", "CN=a.example.net", "max_ttl is 30d, and 90d are asked for"),
            (r#"{W,"max_ttl":7776000}"#, &[], "ec:p256", "CN=a.example.net", ""),
            (r#"{W,"not_after":"2099-01-01T00:00:00Z"}"#, &[], "ec:p256", "CN=a.example.net", "not_after is 2099"),
            (r#"{W,"generate_lease":true}"#, &[], "ec:p256", "CN=a.example.net", "generate_lease is set"),
        ];
        for (fields, names, key, subject, expected) in table {
            let bounds = Bounds { now: NOW, mount_max_ttl: None, ca_until: None, content: true };
            let found = role(&fields.replace('W', web)).objections(&request(names, key, subject), &bounds).join("; ");
            let fits = if expected.is_empty() { found.is_empty() } else { found.contains(expected) };
            assert!(fits, "{fields} {names:?} {key} {subject}: `{found}`, not `{expected}`");
        }
    }

    #[test]
    fn mount_and_ca_bound_the_lifetime_of_verbatim_certificates_too() {
        let asked = request(&["a.example.org"], "ec:p256", "CN=Meter 7");
        let bounds = |mount_max_ttl, ca_until| Bounds { now: NOW, mount_max_ttl, ca_until, content: false };
        let objections = |bounds| role("{}").objections(&asked, &bounds);
        assert_eq!(objections(bounds(None, None)), [""; 0]);
        assert_eq!(
            objections(bounds(Some(2_764_800), None)).join(""),
            "max_lease_ttl of the mount is 32d, and 90d are asked for"
        );
        assert!(objections(bounds(None, Some(NOW.plus_secs(60))))[0].starts_with("the certificate of the CA ends at"));
    }

    #[test]
    fn what_a_role_would_add_or_leave_out_is_objected_to() {
        let web = r#""allowed_domains":["example.net"],"allow_subdomains":true"#;
        let bounds = Bounds { now: NOW, mount_max_ttl: None, ca_until: None, content: true };
        let asked = request(&["a.example.net"], "ec:p256", "CN=a.example.net");
        for (fields, expected) in [
            (r#"{W,"client_flag":true}"#, ""),
            (
                r#"{W,"code_signing_flag":true}"#,
                "code_signing_flag is set: it would add the extended key usage codeSigning, which was not asked for",
            ),
            (r#"{W,"email_protection_flag":true}"#, "email_protection_flag is set"),
            (r#"{W,"ext_key_usage":["ClientAuth"]}"#, ""),
            (r#"{W,"ext_key_usage":["Any"]}"#, "ext_key_usage is set: it would add"),
            (r#"{W,"ext_key_usage":["IPSECUser"]}"#, "usage IPSECUser"),
            (r#"{W,"ext_key_usage_oids":["1.3.6.1.5.5.7.3.9"]}"#, "ext_key_usage_oids is set"),
            (r#"{W,"key_usage":["KeyAgreement"]}"#, "key_usage is KeyAgreement"),
            (
                r#"{W,"key_usage":["DigitalSignature","KeyUsageCertSign"]}"#,
                "key_usage has KeyUsageCertSign: the certificate could sign others",
            ),
        ] {
            let found = role(&fields.replace('W', web)).objections(&asked, &bounds).join("; ");
            let fits = if expected.is_empty() { found.is_empty() } else { found.contains(expected) };
            assert!(fits, "{fields}: `{found}`, not `{expected}`");
        }
    }

    #[test]
    fn what_policy_would_not_allow_must_not_be_added() {
        let mut asked = request(&["a.example.net"], "ec:p256", "CN=a.example.net");
        let bounds = Bounds { now: NOW, mount_max_ttl: None, ca_until: None, content: true };
        let web = role(r#"{"allowed_domains":["example.net"],"allow_subdomains":true}"#);
        assert_eq!(web.objections(&asked, &bounds), [""; 0]);
        asked.tolerated.clear();
        let found = web.objections(&asked, &bounds).join("; ");
        assert!(found.starts_with("client_flag is set: it would add the extended key usage clientAuth"), "{found}");
    }

    #[test]
    fn a_role_of_another_version_is_read() {
        let old: Role =
            serde_json::from_str(r#"{"allowed_domains":["example.net"],"allow_subdomains":true,"new":1}"#).unwrap();
        let bounds = Bounds { now: NOW, mount_max_ttl: None, ca_until: None, content: true };
        assert_eq!(old.objections(&request(&["a.example.net"], "ec:p256", "CN=a.example.net"), &bounds), [""; 0]);
    }
}
