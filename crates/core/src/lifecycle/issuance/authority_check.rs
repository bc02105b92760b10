//! Whether a certificate that others have made can be that of a CA of this home.

use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use certroll_base::clock::Timestamp;
use certroll_pki::path::{self, PathInputs};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::KeyUsage;

/// What keeps a certificate from being that of a CA that issues.
pub(crate) fn objections(own: &Certificate) -> Vec<String> {
    let mut found = Vec::new();
    if !own.is_ca {
        found.push("it is no CA certificate: basicConstraints does not say so".to_owned());
    }
    if !own.key_usage.contains(&KeyUsage::KeyCertSign) {
        found.push("its key usage does not allow to sign certificates (keyCertSign)".to_owned());
    }
    found
}

/// Whether the key of a CA may sign its CRLs; without the extension every use is allowed (RFC 5280 section 4.2.1.3).
pub(crate) fn signs_lists(own: &Certificate) -> bool {
    !own.has_key_usage || own.key_usage.contains(&KeyUsage::CrlSign)
}

/// The error for a certificate that cannot be taken for the CA of that name.
pub(crate) fn unusable(name: &str, flaws: &[String]) -> Error {
    Error::new(ErrorKind::Verification, format!("the certificate for `{name}` cannot be taken"))
        .because(flaws.join("\n"))
}

/// The path from the certificate of a CA to a root among `certificates`, itself where it is one: valid now by RFC 5280.
///
/// # Errors
/// No path leads there, or it has flaws; each is told. Of kind [`ErrorKind::Expired`] when nothing else is wrong.
pub(crate) fn path_to_root(
    name: &str,
    own: &Certificate,
    certificates: &[Certificate],
    now: Timestamp,
) -> Result<Vec<Certificate>, Error> {
    let is_root = |one: &&Certificate| one.is_self_issued() && one.verify_signature(&one.spki).is_ok();
    let (anchors, others): (Vec<_>, Vec<_>) = certificates.iter().partition(is_root);
    let owned = |list: Vec<&Certificate>| list.into_iter().cloned().collect::<Vec<_>>();
    let judgement = path::validate(own, &owned(others), &owned(anchors), &PathInputs::at(now));
    let mut flaws: Vec<_> = judgement.flaws.iter().map(|flaw| flaw.text().to_owned()).collect();
    flaws.extend(too_deep(&judgement.path));
    if flaws.is_empty() {
        return Ok(judgement.path);
    }
    let error = unusable(name, &flaws);
    if judgement.is_only_over() {
        let message = format!("the certificate for `{name}` cannot be taken");
        return Err(Error::new(ErrorKind::Expired, message).because(flaws.join("\n")));
    }
    Err(if judgement.is_anchored { error } else { error.hint(AuthorityHint::GiveWholeChain) })
}

/// pathLenConstraint counts the CAs between a CA and an end entity (RFC 5280 section 4.2.1.9): the new one is one of them.
fn too_deep(path: &[Certificate]) -> Vec<String> {
    let above = path.iter().enumerate().skip(1);
    let beyond = above.filter(|(below, ca)| ca.path_length.is_some_and(|longest| *below > longest as usize));
    beyond.map(|(_, ca)| format!("CA `{}` allows no more CAs below it", ca.subject)).collect()
}
