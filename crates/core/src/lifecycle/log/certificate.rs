//! Certificates of a bundle against the records that tell of them.

use crate::audit::record::facts::CertificateFacts;
use certroll_pki::x509::certificate::Certificate;

/// No certificate is larger; a bundle that says so is not read into memory.
pub(super) const MAX_BYTES: u64 = 1 << 20;

/// Compares a certificate with what its record says.
///
/// # Errors
/// What differs, in words.
pub(super) fn compare(der: &[u8], facts: &CertificateFacts) -> Result<(), &'static str> {
    if certroll_base::encoding::sha256(der) != facts.sha256.0 {
        return Err("the certificate is not the one that the record names");
    }
    let certificate = Certificate::from_der(der).map_err(|_| "the certificate cannot be read")?;
    if certificate.serial.to_string() != facts.sn {
        return Err("the certificate has another serial number than the record says");
    }
    if *certificate.key_hash().as_bytes() != facts.spki.0 {
        return Err("the certificate has another public key than the record says");
    }
    if (certificate.validity.not_before, certificate.validity.not_after) != (facts.nb, facts.na) {
        return Err("the certificate has another validity than the record says");
    }
    let mut names = Vec::new();
    if !certificate.subject.is_empty() {
        names.push(format!("dn:{}", certificate.subject));
    }
    names.extend(certificate.names.iter().map(ToString::to_string));
    // Before them stands the name in the inventory, which is in no certificate.
    let recorded = facts.san.strip_prefix(&[facts.san.first().cloned().unwrap_or_default()]).unwrap_or_default();
    if facts.san.first().is_none_or(|name| !name.starts_with("name:")) || recorded != names {
        return Err("the certificate has other names than the record says");
    }
    Ok(())
}
