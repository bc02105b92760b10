//! Which names a chain allows below it (RFC 5280 section 4.2.1.10).
//!
//! The same check serves for a certificate that is to be verified and for one that is about to be signed.

use crate::name::distinguished_name::DistinguishedName;
use crate::name::general_name::{EmailAddress, ForeignName, GeneralName, IpAddress};
use crate::name::host_like;
use crate::name::name_constraints::Constraint;
use crate::x509::certificate::Certificate;

/// A name that a CA does not allow below it.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("CA `{ca}` {rule} {tree}, and `{name}` is {found}")]
pub struct ConstraintViolation {
    ca: String,
    rule: &'static str,
    tree: String,
    name: String,
    found: &'static str,
}

/// Every violation of a subject and its alternative names against every CA of a chain, in the order of the chain.
///
/// The subject counts as directoryName, each address of mail in it as rfc822Name, and each common name that clients could take
/// for a host or an address as one, whether or not there are alternative names: verifiers differ in what they look at.
pub fn violations(
    chain: &[Certificate],
    subject: &DistinguishedName,
    names: &[GeneralName],
) -> Vec<ConstraintViolation> {
    if chain.iter().all(|ca| ca.permitted.is_empty() && ca.excluded.is_empty()) {
        return Vec::new();
    }
    let mut all = names.to_vec();
    all.extend(of_subject(subject).into_iter().filter(|name| !names.contains(name)));
    chain.iter().flat_map(|ca| all.iter().filter_map(|name| violation(ca, name))).collect()
}

/// What the subject says, as names that constraints speak of.
fn of_subject(subject: &DistinguishedName) -> Vec<GeneralName> {
    if subject.is_empty() {
        return Vec::new();
    }
    let mut found = vec![GeneralName::Directory(subject.clone())];
    for text in subject.email_addresses() {
        found.push(match EmailAddress::parse(&text) {
            Ok(address) => GeneralName::Email(address),
            Err(error) => GeneralName::Foreign(ForeignName::new(Some(1), &format!("email:{text}"), error.why())),
        });
    }
    for text in subject.common_names() {
        if let Ok(address) = IpAddress::parse(text.trim()) {
            found.push(GeneralName::Ip(address));
        } else if let Some(host) = host_like::host_of(&text) {
            found.push(host.unwrap_or_else(|error| {
                GeneralName::Foreign(ForeignName::new(Some(2), &format!("dns:{text}"), error.why()))
            }));
        }
    }
    found
}

fn violation(ca: &Certificate, name: &GeneralName) -> Option<ConstraintViolation> {
    let violation = |rule, trees: &[&Constraint], found| ConstraintViolation {
        ca: ca.subject.to_string(),
        rule,
        tree: trees.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        name: name.to_string(),
        found,
    };
    if let Some(tree) = ca.excluded.iter().find(|tree| tree.touches(name)) {
        return Some(violation("excludes", &[tree], if tree.holds(name) { "inside" } else { "not wholly outside" }));
    }
    let permitted: Vec<_> = ca.permitted.iter().filter(|tree| tree.concerns(name)).collect();
    let outside = !permitted.is_empty() && !permitted.iter().any(|tree| tree.holds(name));
    outside.then(|| violation("permits only", &permitted, "outside"))
}
