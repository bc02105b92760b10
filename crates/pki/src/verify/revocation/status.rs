//! The status of one certificate of a path by the CRLs at hand (RFC 5280 section 6.3.3).

use super::list::{Entry, ForeignCrl, RevocationLists, exceeds};
use super::scope::{ALL_REASONS, Point, ReasonSet};
use crate::x509::certificate::Certificate;
use crate::x509::extensions::KeyUsage;
use certroll_base::clock::Timestamp;

/// What the CRLs say of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// Current CRLs for all reasons do not list it.
    Good,
    /// It is listed.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// No current CRL that speaks of it is at hand, or not for every reason; why.
    Unknown(String),
}

/// What is at hand when a certificate of a path is looked up.
pub struct Inquiry<'a> {
    /// The path, leaf first and anchor last.
    pub path: &'a [Certificate],
    /// Certificates that may have signed CRLs beside those of the path.
    pub others: &'a [Certificate],
    /// The CRLs.
    pub lists: &'a RevocationLists,
    /// The time for which is asked.
    pub at: Timestamp,
    /// Whether a certificate beside the path, which has signed a CRL, has a valid path to the same anchor of its own
    /// (section 6.3.3 (f)).
    pub is_valid: &'a dyn Fn(&Certificate) -> bool,
}

/// Why the signature of a list is not accepted.
enum SignerProblem {
    Absent,
    KeyUsage,
    Signature,
    Invalid,
}

impl SignerProblem {
    fn text(&self, name: &str) -> String {
        match self {
            Self::Absent => format!("the certificate of the CRL issuer `{name}` is not at hand"),
            Self::KeyUsage => format!("the key of `{name}` is not for signing CRLs"),
            Self::Signature => format!("the CRL of `{name}` is not signed by its key"),
            Self::Invalid => format!("the certificate of the CRL issuer `{name}` is not valid"),
        }
    }
}

/// A list that is in scope, and the place of the key that has signed it.
struct Usable<'a> {
    list: &'a ForeignCrl,
    signer: &'a [u8],
    reasons: ReasonSet,
}

impl Inquiry<'_> {
    /// The status of the certificate at `index` of the path. One list that has it is enough to revoke it; only a newer list of
    /// the same issuer and scope, or a delta to it, takes that back.
    pub fn status(&self, index: usize) -> RevocationStatus {
        let Some(certificate) = self.path.get(index) else {
            return RevocationStatus::Unknown("it is not of this path".to_owned());
        };
        let Ok(points) = Point::of(certificate) else {
            return RevocationStatus::Unknown("its CRL distribution points cannot be read".to_owned());
        };
        let issuer = self.path.get(index + 1).map_or_else(|| certificate.issuer.to_string(), Certificate::display_name);
        let mut why = format!("there is no CRL of `{issuer}`");
        let mut covered: ReasonSet = 0;
        for point in points {
            let in_scope = self.usable(index, &point, &mut why);
            for usable in in_scope.iter().filter(|usable| !usable.list.is_delta()) {
                if in_scope.iter().any(|other| supersedes(other.list, usable.list)) {
                    continue;
                }
                let delta = newest_delta(&in_scope, usable);
                if let Some(Entry::Revoked(at, reason)) = entry(certificate, usable.list, delta, &in_scope) {
                    return RevocationStatus::Revoked { at, reason };
                }
                let current = [Some(usable.list), delta].into_iter().flatten().any(|list| is_current(list, self.at));
                if current {
                    covered |= usable.reasons;
                } else {
                    why = staleness(usable.list);
                }
            }
        }
        if covered == ALL_REASONS {
            RevocationStatus::Good
        } else if covered != 0 {
            RevocationStatus::Unknown(format!("the CRLs of `{issuer}` at hand are for some reasons alone"))
        } else {
            RevocationStatus::Unknown(why)
        }
    }

    /// The lists of a point, deltas too, that are signed by who may.
    fn usable(&self, index: usize, point: &Point, why: &mut String) -> Vec<Usable<'_>> {
        let Some(certificate) = self.path.get(index) else { return Vec::new() };
        let mut found = Vec::new();
        for (number, list) in self.lists.all().iter().enumerate() {
            let Some(reasons) = point.reasons_of(&list.issuer, &list.scope, certificate) else { continue };
            let name = list.issuer.common_name().unwrap_or_else(|| list.issuer.to_string());
            if let Some(objection) = &list.unusable {
                *why = format!("the CRL of `{name}` {objection}");
            } else if list.this_update > self.at {
                *why = format!("the CRL of `{name}` is from the future");
            } else {
                match self.signer(index, number, list) {
                    Ok(signer) => found.push(Usable { list, signer, reasons }),
                    Err(problem) => *why = problem.text(&name),
                }
            }
        }
        found
    }

    /// The public key of a certificate that has signed a list and may.
    fn signer(&self, index: usize, number: usize, list: &ForeignCrl) -> Result<&[u8], SignerProblem> {
        let above = self.path.get(index + 1..).unwrap_or_default();
        let mut problem = SignerProblem::Absent;
        for (candidate, in_path) in
            above.iter().map(|one| (one, true)).chain(self.others.iter().map(|one| (one, false)))
        {
            let other_key = match (&list.authority_key_id, &candidate.subject_key_id) {
                (Some(theirs), Some(own)) => theirs != own,
                _ => false,
            };
            if other_key || !candidate.subject.is_same(&list.issuer) {
                continue;
            }
            // Beside the path it must say so: a leaf without keyUsage signs no lists, whatever its name is.
            if (candidate.has_key_usage || !in_path) && !candidate.key_usage.contains(&KeyUsage::CrlSign) {
                problem = SignerProblem::KeyUsage;
            } else if !self.lists.is_signed_by(number, &candidate.spki) {
                problem = SignerProblem::Signature;
            } else if !in_path && !(self.is_valid)(candidate) {
                problem = SignerProblem::Invalid;
            } else {
                return Ok(&candidate.spki);
            }
        }
        Err(problem)
    }
}

/// Whether `newer` is a later list of the same issuer for the same certificates.
fn supersedes(newer: &ForeignCrl, list: &ForeignCrl) -> bool {
    let same = !newer.is_delta() && newer.issuer.is_same(&list.issuer) && newer.scope_der == list.scope_der;
    let later = match (&newer.number, &list.number) {
        (Some(newer), Some(older)) if newer != older => exceeds(newer, older),
        _ => newer.this_update > list.this_update,
    };
    same && later
}

/// The newest delta that goes with a list (section 6.3.3 (c)): issuer, scope and key are the same, it starts at the list or before,
/// and is newer.
fn newest_delta<'a>(all: &[Usable<'a>], base: &Usable<'_>) -> Option<&'a ForeignCrl> {
    let fits = |delta: &&Usable<'a>| {
        let (Some(from), Some(to), Some(number)) = (&delta.list.base_number, &delta.list.number, &base.list.number)
        else {
            return false;
        };
        delta.list.issuer.is_same(&base.list.issuer)
            && delta.list.scope_der == base.list.scope_der
            && delta.signer == base.signer
            && !exceeds(from, number)
            && exceeds(to, number)
    };
    let mut newest: Option<&'a ForeignCrl> = None;
    for delta in all.iter().filter(fits) {
        let later = newest.is_none_or(|known| match (&delta.list.number, &known.number) {
            (Some(delta), Some(known)) => exceeds(delta, known),
            _ => false,
        });
        if later {
            newest = Some(delta.list);
        }
    }
    newest
}

/// What a list says with its delta. A delta that does not go with it, and is not older, can still tell of a revocation.
fn entry(
    certificate: &Certificate,
    list: &ForeignCrl,
    delta: Option<&ForeignCrl>,
    in_scope: &[Usable<'_>],
) -> Option<Entry> {
    let look = |list: &ForeignCrl| list.entry(&certificate.serial_content(), &certificate.issuer);
    let not_older = |other: &ForeignCrl| match (&other.number, &list.number) {
        (Some(other), Some(own)) => !exceeds(own, other),
        _ => true,
    };
    let others = in_scope.iter().map(|usable| usable.list).filter(|other| other.is_delta() && not_older(other));
    if let Some(found) = delta.and_then(look) {
        return Some(found);
    }
    others.filter_map(look).find(|found| *found != Entry::Removed).or_else(|| look(list))
}

fn is_current(list: &ForeignCrl, at: Timestamp) -> bool {
    list.next_update.is_some_and(|until| at < until)
}

fn staleness(list: &ForeignCrl) -> String {
    let name = list.issuer.common_name().unwrap_or_else(|| list.issuer.to_string());
    match list.next_update {
        Some(until) => format!("the CRL of `{name}` is past its next update, {until}"),
        None => format!("the CRL of `{name}` does not say when the next one comes"),
    }
}
