//! The templates of AWS Private CA: which extended key usages each gives.

use crate::issuer::{Request, Usages};
use certroll_pki::x509::extensions::ExtendedUsage;

/// What is used when the settings name no template.
const DEFAULT: &str = "arn:aws:acm-pca:::template/EndEntityCertificate/V1";

/// In what the certificates of a template would differ from what is asked for; `None` where they fit, or where the request
/// decides, as it does with blank templates: that is seen when the certificate is there.
pub(super) fn misfit(template: Option<&str>, request: &Request) -> Option<String> {
    let template = template.unwrap_or(DEFAULT);
    let given = purposes(template)?;
    let usages = Usages::of(request);
    let lacking = usages.lacking(&given).into_iter().map(|usage| format!("leaves out {usage}, which is asked for"));
    let surplus = usages.surplus(&given).into_iter().map(|usage| format!("adds {usage}, which was not asked for"));
    let differs: Vec<_> = lacking.chain(surplus).collect();
    (!differs.is_empty()).then(|| format!("AWS's template `{template}` {}", differs.join(", and ")))
}

/// As the documentation of AWS has it.
fn purposes(template: &str) -> Option<Vec<ExtendedUsage>> {
    let name = template.rsplit_once("template/").map_or(template, |(_, name)| name);
    let given: &[&str] = match name.split(['/', '_']).next().unwrap_or_default() {
        "EndEntityCertificate" => &["serverAuth", "clientAuth"],
        "EndEntityServerAuthCertificate" => &["serverAuth"],
        "EndEntityClientAuthCertificate" => &["clientAuth"],
        "CodeSigningCertificate" => &["codeSigning"],
        "OCSPSigningCertificate" => &["OCSPSigning"],
        _ => return None,
    };
    Some(given.iter().filter_map(|usage| usage.parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_known_by_their_names() {
        let of = |name: &str| {
            let given = purposes(&format!("arn:aws:acm-pca:::template/{name}/V1"))?;
            Some(given.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(of("EndEntityCertificate").as_deref(), Some("serverAuth clientAuth"));
        assert_eq!(of("EndEntityServerAuthCertificate_CSRPassthrough").as_deref(), Some("serverAuth"));
        assert_eq!(of("EndEntityClientAuthCertificate").as_deref(), Some("clientAuth"));
        assert_eq!(of("BlankEndEntityCertificate_APICSRPassthrough"), None);
        assert!(purposes(DEFAULT).is_some());
    }
}
