//! The digests of SHA-2 that signatures are made over (FIPS 180-4), and those by which certificates and keys are named.

use aws_lc_rs::digest;
use certroll_base::digest::DigestOf;
use const_oid::ObjectIdentifier;

/// SHA-256 of a certificate's DER.
pub type Fingerprint = DigestOf<EncodedCertificate>;

/// SHA-256 of a SubjectPublicKeyInfo's DER. It names a key in records and inventory, and finds every certificate with it.
pub type KeyHash = DigestOf<SubjectPublicKeyInfo>;

/// A certificate in DER, as what a [`Fingerprint`] is of.
pub enum EncodedCertificate {}

/// The public key of a certificate (RFC 5280 section 4.1.2.7), as what a [`KeyHash`] is of.
pub enum SubjectPublicKeyInfo {}

/// A digest algorithm. SHA-1 and MD5 are not among them on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

impl DigestAlgorithm {
    /// The digest of `message`.
    pub fn of(self, message: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, message).as_ref().to_vec()
    }

    /// Its name: `sha-256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    pub(super) fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => SHA256,
            Self::Sha384 => SHA384,
            Self::Sha512 => SHA512,
        }
    }

    pub(super) fn by_oid(oid: ObjectIdentifier) -> Option<Self> {
        [Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|one| one.oid() == oid)
    }

    /// DER of `DigestInfo` up to the digest itself (RFC 8017 section 9.2, note 1): what a device signs that pads by itself
    /// but does not hash.
    pub fn info(self, message: &[u8]) -> Vec<u8> {
        let (last, length) = match self {
            Self::Sha256 => (1, 32),
            Self::Sha384 => (2, 48),
            Self::Sha512 => (3, 64),
        };
        let mut info = vec![0x30, length + 17, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];
        info.extend([last, 0x05, 0x00, 0x04, length]);
        info.extend(self.of(message));
        info
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use certroll_base::encoding::hex;

    /// FIPS 180-4's example message `abc`.
    #[test]
    fn the_digests_of_the_standard() {
        assert!(hex(&DigestAlgorithm::Sha256.of(b"abc")).starts_with("ba7816bf8f01cfea"));
        assert!(hex(&DigestAlgorithm::Sha384.of(b"abc")).starts_with("cb00753f45a35e8b"));
        assert!(hex(&DigestAlgorithm::Sha512.of(b"abc")).starts_with("ddaf35a193617aba"));
    }

    /// RFC 8017 section 9.2 lists the prefixes.
    #[test]
    fn digest_info_has_the_prefix_of_the_standard() {
        for (digest, prefix) in [
            (DigestAlgorithm::Sha256, "3031300d060960864801650304020105000420"),
            (DigestAlgorithm::Sha384, "3041300d060960864801650304020205000430"),
            (DigestAlgorithm::Sha512, "3051300d060960864801650304020305000440"),
        ] {
            assert_eq!(hex(&digest.info(b"abc")), format!("{prefix}{}", hex(&digest.of(b"abc"))));
        }
    }
}
