//! The cryptography of JKS: Sun's key protector (object identifier 1.3.6.1.4.1.42.2.17.1.1) and the digest of a store.
//!
//! There is no standard; OpenJDK's `sun.security.provider.KeyProtector` and `JavaKeyStore` are what others follow. Both use
//! plain SHA-1 and no iterations: the password is the only strength. Prefer PKCS#12 where the reader allows it.
//!
//! A protected key is an EncryptedPrivateKeyInfo (RFC 5958) whose data is
//! `salt (20) || key XOR stream || SHA-1(password || key)`, the stream being `S1 || S2 || ..` with `S1 = SHA-1(password || salt)`
//! and `Sn = SHA-1(password || Sn-1)`. The password is UTF-16 in big-endian order.

use aws_lc_rs::{constant_time, digest};
use pkcs8::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use pkcs8::der::{self, Decode, Encode};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use crate::error::EntryProblem;
use certroll_base::random;
use certroll_base::secret::{Secret, SecretBytes};

/// Length of a SHA-1 digest.
pub(super) const DIGEST_LEN: usize = 20;
const PROTECTOR: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.42.2.17.1.1");

/// A digest that depends on the password.
type PasswordDigest = Zeroizing<[u8; DIGEST_LEN]>;

/// The digest at the end of a store: SHA-1 over the password, a phrase that OpenJDK calls whitener, and the store.
pub(super) fn store_digest(store: &[u8], password: &Secret) -> [u8; DIGEST_LEN] {
    *sha1(&[&password_bytes(password), b"Mighty Aphrodite", store])
}

/// Whether two digests are equal, in time that does not depend on where they differ.
pub(super) fn same_digest(one: &[u8], other: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(one, other).is_ok()
}

/// Whether `der` is an EncryptedPrivateKeyInfo of this scheme.
pub(super) fn is_protected_key(der: &[u8]) -> bool {
    parse(der).is_some()
}

/// Protects a PKCS#8 key under a fresh salt; the result is DER of an EncryptedPrivateKeyInfo.
pub(super) fn protect(pkcs8: &[u8], password: &Secret) -> Result<Vec<u8>, der::Error> {
    let password = password_bytes(password);
    let salt: [u8; DIGEST_LEN] = random::bytes();
    let mut data = Vec::with_capacity(pkcs8.len() + 2 * DIGEST_LEN);
    data.extend_from_slice(&salt);
    data.extend_from_slice(pkcs8);
    data[DIGEST_LEN..].chunks_mut(DIGEST_LEN).zip(stream(&password, &salt)).for_each(|(chunk, key)| xor(chunk, &key));
    data.extend_from_slice(&*sha1(&[&password, pkcs8]));
    let algorithm = AlgorithmIdentifierRef { oid: PROTECTOR, parameters: Some(AnyRef::NULL) }.to_der()?;
    let data = OctetStringRef::new(&data)?.to_der()?;
    AnyRef::new(der::Tag::Sequence, &[algorithm, data].concat())?.to_der()
}

/// The PKCS#8 key in a protected one.
pub(super) fn recover(protected: &[u8], password: &Secret) -> Result<SecretBytes, EntryProblem> {
    let data = parse(protected).ok_or(EntryProblem::Protection)?;
    let (salt, rest) = data.split_at_checked(DIGEST_LEN).ok_or(EntryProblem::Protection)?;
    let length = rest.len().checked_sub(DIGEST_LEN).ok_or(EntryProblem::Protection)?;
    let (body, check) = rest.split_at_checked(length).ok_or(EntryProblem::Protection)?;
    let password = password_bytes(password);
    let mut key = Zeroizing::new(body.to_vec());
    key.chunks_mut(DIGEST_LEN).zip(stream(&password, salt)).for_each(|(chunk, key)| xor(chunk, &key));
    if !same_digest(&*sha1(&[&password, &key]), check) {
        return Err(EntryProblem::WrongKeyPassword);
    }
    Ok(SecretBytes::new(std::mem::take(&mut *key)))
}

/// The data of an EncryptedPrivateKeyInfo of this scheme.
fn parse(protected: &[u8]) -> Option<&[u8]> {
    let outer = AnyRef::from_der(protected).ok()?;
    let (algorithm, data) = outer
        .sequence(|reader| {
            let algorithm = AlgorithmIdentifierRef::decode(reader)?;
            der::Result::Ok((algorithm.oid, <&OctetStringRef>::decode(reader)?))
        })
        .ok()?;
    (algorithm == PROTECTOR).then_some(data.as_bytes())
}

/// The key stream, digest by digest.
fn stream<'a>(password: &'a [u8], salt: &[u8]) -> impl Iterator<Item = PasswordDigest> + 'a {
    std::iter::successors(Some(sha1(&[password, salt])), move |previous| Some(sha1(&[password, &**previous])))
}

fn xor(data: &mut [u8], key: &PasswordDigest) {
    data.iter_mut().zip(key.iter()).for_each(|(byte, key)| *byte ^= key);
}

fn password_bytes(password: &Secret) -> Zeroizing<Vec<u8>> {
    // Reserved first: a buffer that grows leaves copies of the password behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * password.expose().len()));
    bytes.extend(password.expose().encode_utf16().flat_map(u16::to_be_bytes));
    bytes
}

fn sha1(parts: &[&[u8]]) -> PasswordDigest {
    let mut context = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    parts.iter().for_each(|part| context.update(part));
    let mut out = Zeroizing::new([0; DIGEST_LEN]);
    out.copy_from_slice(context.finish().as_ref());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_protected_is_recovered_with_the_same_password_only() {
        for password in ["", "changeit", "größe ключ \u{1f511}"].map(|text| Secret::new(text.to_owned())) {
            for length in [0, 1, 19, 20, 21, 138, 2400] {
                let key: Vec<u8> = (0..length).map(|n| n as u8).collect();
                let protected = protect(&key, &password).unwrap();
                assert_eq!(recover(&protected, &password).unwrap().expose(), key);
                let wrong = recover(&protected, &Secret::new("wrong".into()));
                assert!(matches!(wrong, Err(EntryProblem::WrongKeyPassword)));
            }
        }
    }

    #[test]
    fn short_and_foreign_data_is_refused() {
        let password = Secret::new("x".into());
        let protected = protect(b"key", &password).unwrap();
        for end in 0..protected.len() {
            assert!(recover(&protected[..end], &password).is_err());
        }
        for data in [&[][..], &[0; 19], &[0; 39]] {
            let algorithm = AlgorithmIdentifierRef { oid: PROTECTOR, parameters: None }.to_der().unwrap();
            let data = OctetStringRef::new(data).unwrap().to_der().unwrap();
            let short = AnyRef::new(der::Tag::Sequence, &[algorithm, data].concat()).unwrap().to_der().unwrap();
            assert!(matches!(recover(&short, &password), Err(EntryProblem::Protection)));
        }
    }
}
