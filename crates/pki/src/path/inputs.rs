//! What path validation is asked for (RFC 5280 section 6.1.1).

use const_oid::ObjectIdentifier;

use crate::name::general_name::GeneralName;
use crate::ocsp::OcspResponse;
use crate::verify::revocation::RevocationLists;
use crate::x509::extensions::ExtendedUsage;
use certroll_base::clock::Timestamp;

/// CAs between leaf and anchor, unless more are allowed.
pub const USUAL_DEPTH: usize = 10;

/// The inputs of section 6.1.1, and what relying parties ask beside.
#[derive(Clone, Copy, Debug)]
pub struct PathInputs<'a> {
    /// The time for which is asked.
    pub at: Timestamp,
    /// What the leaf is to be used for; any purpose when there is none.
    pub purpose: Option<ExtendedUsage>,
    /// Names of which the leaf must have each.
    pub identities: &'a [GeneralName],
    /// user-initial-policy-set; every policy when it is empty.
    pub policies: &'a [ObjectIdentifier],
    /// initial-explicit-policy: a policy must be valid for the whole path.
    pub require_explicit_policy: bool,
    /// initial-policy-mapping-inhibit.
    pub inhibit_policy_mapping: bool,
    /// initial-any-policy-inhibit.
    pub inhibit_any_policy: bool,
    /// The most CAs between leaf and anchor.
    pub depth: usize,
    /// The CRLs by which every certificate below the anchor must be known not to be revoked; `None` when revocation is not asked
    /// for.
    pub revocation: Option<&'a RevocationLists>,
    /// OCSP responses that count beside the CRLs.
    pub responses: &'a [OcspResponse],
}

impl PathInputs<'_> {
    /// No more than a valid path at that time.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            purpose: None,
            identities: &[],
            policies: &[],
            require_explicit_policy: false,
            inhibit_policy_mapping: false,
            inhibit_any_policy: false,
            depth: USUAL_DEPTH,
            revocation: None,
            responses: &[],
        }
    }
}
