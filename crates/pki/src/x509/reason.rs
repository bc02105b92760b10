//! Reasons of revocation (RFC 5280 section 5.3.1).

use std::fmt;
use std::str::FromStr;

/// Why a certificate is revoked. Written as in RFC 5280 (`keyCompromise`); also read as snake_case or number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevocationReason {
    /// 0; written into a CRL by leaving the reason out.
    Unspecified,
    /// 1: the private key is, or may be, in other hands.
    KeyCompromise,
    /// 2: the key of the CA itself is.
    CaCompromise,
    /// 3: the subject's name or other facts changed.
    AffiliationChanged,
    /// 4: replaced by another certificate.
    Superseded,
    /// 5: no longer needed.
    CessationOfOperation,
    /// 9: the subject may no longer have it.
    PrivilegeWithdrawn,
}

const REASONS: &[(RevocationReason, u8, &str)] = &[
    (RevocationReason::Unspecified, 0, "unspecified"),
    (RevocationReason::KeyCompromise, 1, "keyCompromise"),
    (RevocationReason::CaCompromise, 2, "cACompromise"),
    (RevocationReason::AffiliationChanged, 3, "affiliationChanged"),
    (RevocationReason::Superseded, 4, "superseded"),
    (RevocationReason::CessationOfOperation, 5, "cessationOfOperation"),
    (RevocationReason::PrivilegeWithdrawn, 9, "privilegeWithdrawn"),
];

/// A text that names no reason.
#[derive(Debug, thiserror::Error)]
#[error("unknown revocation reason `{0}`: expected {expected}", expected = RevocationReason::names().join(", "))]
pub struct UnknownReason(String);

impl RevocationReason {
    /// The RFC 5280 names, in order of their codes.
    pub fn names() -> Vec<&'static str> {
        REASONS.iter().map(|(_, _, name)| *name).collect()
    }

    /// The CRLReason code.
    pub fn code(self) -> u8 {
        REASONS.iter().find(|(reason, ..)| *reason == self).map_or(0, |(_, code, _)| *code)
    }

    /// The RFC 5280 name.
    pub fn name(self) -> &'static str {
        REASONS.iter().find(|(reason, ..)| *reason == self).map_or("unspecified", |(_, _, name)| name)
    }
}

/// The name of any code of a CRL (RFC 5280 section 5.3.1), those too that are not used here; `reason 7` for one that has none.
pub(crate) fn name_of_code(code: u8) -> String {
    match code {
        6 => "certificateHold".to_owned(),
        8 => "removeFromCRL".to_owned(),
        10 => "aACompromise".to_owned(),
        _ => REASONS
            .iter()
            .find(|(_, known, _)| *known == code)
            .map_or_else(|| format!("reason {code}"), |(.., name)| (*name).to_owned()),
    }
}

impl fmt::Display for RevocationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RevocationReason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, UnknownReason> {
        let plain = |s: &str| s.replace(['_', '-'], "").to_ascii_lowercase();
        REASONS
            .iter()
            .find(|(_, code, name)| plain(name) == plain(text) || code.to_string() == text)
            .map(|(reason, ..)| *reason)
            .ok_or_else(|| UnknownReason(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_snake_case() {
        for text in ["keyCompromise", "key_compromise", "KEY-COMPROMISE", "1"] {
            assert_eq!(text.parse::<RevocationReason>().ok(), Some(RevocationReason::KeyCompromise), "{text}");
        }
        assert!("6".parse::<RevocationReason>().is_err());
    }
}
