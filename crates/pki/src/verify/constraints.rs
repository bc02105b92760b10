//! Which names a chain allows below it (RFC 5280 section 4.2.1.10).

use crate::name::distinguished_name::DistinguishedName;
use crate::name::general_name::GeneralName;
use crate::name::name_constraints::Constraint;
use crate::x509::certificate::Certificate;

/// A name that a CA does not allow below it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("CA `{ca}` {rule} {tree}, and `{name}` is {found}")]
pub struct ConstraintViolation {
    ca: String,
    rule: &'static str,
    tree: String,
    name: String,
    found: &'static str,
}

/// Checks a subject and its alternative names against every CA of a chain.
///
/// A host-like common name counts as a DNS name when there is no other, as verifiers treat it.
///
/// # Errors
/// The first violation.
pub fn check(
    chain: &[Certificate],
    subject: &DistinguishedName,
    names: &[GeneralName],
) -> Result<(), ConstraintViolation> {
    let mut all = names.to_vec();
    if !subject.is_empty() {
        all.push(GeneralName::Directory(subject.clone()));
    }
    if !names.iter().any(|name| matches!(name, GeneralName::Dns(_))) {
        let host = subject.common_name().filter(|name| name.contains('.'));
        let host = host.and_then(|name| GeneralName::parse(&name).ok());
        all.extend(host.filter(|name| matches!(name, GeneralName::Dns(_))));
    }
    for ca in chain {
        for name in &all {
            check_one(ca, name)?;
        }
    }
    Ok(())
}

fn check_one(ca: &Certificate, name: &GeneralName) -> Result<(), ConstraintViolation> {
    let violation = |rule, trees: &[&Constraint], found| ConstraintViolation {
        ca: ca.subject.to_string(),
        rule,
        tree: trees.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        name: name.to_string(),
        found,
    };
    if let Some(tree) = ca.excluded.iter().find(|tree| tree.contains(name)) {
        return Err(violation("excludes", &[tree], "inside"));
    }
    let permitted: Vec<_> = ca.permitted.iter().filter(|tree| tree.concerns(name)).collect();
    if !permitted.is_empty() && !permitted.iter().any(|tree| tree.contains(name)) {
        return Err(violation("permits only", &permitted, "outside"));
    }
    Ok(())
}
