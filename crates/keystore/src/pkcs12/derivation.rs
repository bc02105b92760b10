//! Keys from passwords as RFC 7292 appendix B makes them: for the MAC, and for encryption older than PBES2.

use hmac::digest::block_api::BlockSizeUser;
use hmac::digest::{Digest, FixedOutputReset};
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::KeystoreError;
use certroll_base::secret::Secret;

/// Most iterations that readers, this one included, accept.
pub(super) const MAX_ITERATIONS: u32 = 1_000_000;

/// What a key is for: the `ID` of appendix B.3.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    EncryptionKey = 1,
    Iv = 2,
    Mac = 3,
}

/// A key of `length` bytes (appendix B.2). Every key with another purpose, salt or digest is another one.
///
/// # Errors
/// No iterations, or more than [`MAX_ITERATIONS`].
pub(super) fn derive<D: Digest + FixedOutputReset + BlockSizeUser>(
    password: &Secret,
    salt: &[u8],
    iterations: u32,
    purpose: Purpose,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    within_limit(iterations)?;
    let block = D::block_size();
    let diversifier = vec![purpose as u8; block];
    // `I`: salt and password, each repeated to whole blocks. Reserved, so that no copy is left behind in an outgrown buffer.
    let password = utf16(password);
    let parts = [salt, &password].map(|part| (part, part.len().next_multiple_of(block)));
    let mut input = Zeroizing::new(Vec::with_capacity(parts.iter().map(|(_, whole)| whole).sum()));
    parts.iter().for_each(|(part, whole)| input.extend(part.iter().copied().cycle().take(*whole)));
    let mut key = Zeroizing::new(Vec::with_capacity(length.next_multiple_of(<D as Digest>::output_size())));
    let mut digest = D::new();
    loop {
        Digest::update(&mut digest, &diversifier);
        Digest::update(&mut digest, &*input);
        let mut hash = digest.finalize_reset();
        for _ in 1..iterations {
            Digest::update(&mut digest, &hash);
            hash = digest.finalize_reset();
        }
        key.extend_from_slice(&hash);
        if key.len() >= length {
            hash.as_mut_slice().zeroize();
            key.truncate(length);
            return Ok(key);
        }
        input.chunks_mut(block).for_each(|part| add(part, &hash));
    }
}

/// `number + (hash repeated to the length of number) + 1`, big-endian, without what does not fit any more.
fn add(number: &mut [u8], hash: &[u8]) {
    let mut carry = 1;
    for (at, digit) in number.iter_mut().enumerate().rev() {
        let sum = u16::from(*digit) + u16::from(hash[at % hash.len()]) + carry;
        *digit = sum as u8;
        carry = sum >> 8;
    }
}

/// # Errors
/// No iterations, or more than [`MAX_ITERATIONS`].
pub(super) fn within_limit(iterations: u32) -> Result<(), KeystoreError> {
    match iterations {
        1..=MAX_ITERATIONS => Ok(()),
        _ => Err(KeystoreError::Unsupported(format!("{iterations} iterations: expected 1 to {MAX_ITERATIONS}"))),
    }
}

/// A password in UTF-16, high byte first, closed by a NUL (appendix B.1).
fn utf16(password: &Secret) -> Zeroizing<Vec<u8>> {
    // Reserved, so that no copy is left behind in an outgrown buffer.
    let mut bytes = Zeroizing::new(Vec::with_capacity(password.expose().len() * 2 + 2));
    for unit in password.expose().encode_utf16().chain([0]) {
        bytes.extend_from_slice(&unit.to_be_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use certroll_base::encoding::{from_hex, hex};

    /// The vectors with which implementations of PKCS#12 are compared since 1999 (RFC 7292 has none): password, salt, purpose,
    /// iterations, key.
    const KNOWN: [(&str, &str, Purpose, u32, &str); 10] = [
        ("smeg", "0a58cf64530d823f", Purpose::EncryptionKey, 1, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"),
        ("smeg", "0a58cf64530d823f", Purpose::Iv, 1, "79993dfe048d3b76"),
        ("smeg", "642b99ab44fb4b1f", Purpose::EncryptionKey, 1, "f3a95fec48d7711e985cfe67908c5ab79fa3d7c5caa5d966"),
        ("smeg", "642b99ab44fb4b1f", Purpose::Iv, 1, "c0a38d64a79bea1d"),
        ("smeg", "3d83c0e4546ac140", Purpose::Mac, 1, "8d967d88f6caa9d714800ab3d48051d63f73a312"),
        ("queeg", "05dec959acff72f7", Purpose::EncryptionKey, 1000, "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"),
        ("queeg", "05dec959acff72f7", Purpose::Iv, 1000, "11dedad7758d4860"),
        ("queeg", "1682c0fc5b3f7ec5", Purpose::EncryptionKey, 1000, "483dd6e919d7de2e8e648ba8f862f3fbfbdc2bcb2c02957f"),
        ("queeg", "1682c0fc5b3f7ec5", Purpose::Iv, 1000, "9d461d1b00355c50"),
        ("queeg", "263216fcc2fab31c", Purpose::Mac, 1000, "5ec4c7a80df652294c3925b6489a7ab857c83476"),
    ];

    #[test]
    fn known_keys_come_out_with_sha1() {
        for (password, salt, purpose, iterations, key) in KNOWN {
            let password = Secret::new(password.to_owned());
            let found = derive::<sha1::Sha1>(&password, &from_hex(salt).unwrap(), iterations, purpose, key.len() / 2);
            assert_eq!(hex(&found.unwrap()), key);
        }
    }

    /// Computed apart, with the hash functions of Python: other digests and block sizes, a password beyond ASCII, a salt and a
    /// password of more than one block, keys of many digests.
    #[test]
    fn known_keys_come_out_with_other_digests() {
        let password = Secret::new("ge@äheim".to_owned());
        let salt = [1, 2, 3, 4, 5, 6, 7, 8];
        let key = derive::<sha2::Sha256>(&password, &salt, 100, Purpose::EncryptionKey, 32).unwrap();
        assert_eq!(hex(&key), "fae4d4957a3cc781e1180b9d4fb79c1e0c8579b746a3177e5b0768a3118bf863");
        let key = derive::<sha2::Sha256>(&password, &salt, 100, Purpose::Mac, 32).unwrap();
        assert_eq!(hex(&key), "136355ed9434516682534f46d63956db5ff06b844702c2c1f3b46321e2524a4d");
        let key = derive::<sha2::Sha224>(&Secret::new(String::new()), b"", 2, Purpose::Iv, 60).unwrap();
        let expected = "ddc43d1773f0907ddef4e5032b9d20da98b993c0b22a7c522d70c4302273dbec62517ada066eb574df65a6708e5d2dfa7229\
            0040047d63c581542eed";
        assert_eq!(hex(&key), expected);
        let long = "a password that is longer, in UTF-16, than the 128 bytes of a SHA-512 block \u{1f511}";
        let (password, salt) = (Secret::new(long.to_owned()), (0..200).collect::<Vec<u8>>());
        let key = derive::<sha2::Sha512>(&password, &salt, 3, Purpose::EncryptionKey, 150).unwrap();
        let expected = "0a1246238ca66cb53c3d70cd3e5c4b47584c8c57d28c5ae747041b8a20ece9879dc3990430a2ed1974ee09c44db2a3047063\
            418d0845a430adfd3036166b98058576fc2c46d1d32b4538ce3464eff22c8d6e3df19f51b7faff504da23136cb9fc5ba7273\
            699fcb654036ceec83845e5eabe83ce17d083939866d944eaeb159c0f1a085c1ef0b549b8375c71c75394fa2e23d7dffc2d9";
        assert_eq!(hex(&key), expected);
    }

    #[test]
    fn too_many_iterations_are_refused_unworked() {
        for iterations in [0, MAX_ITERATIONS + 1, u32::MAX] {
            let password = Secret::new("x".to_owned());
            let refused = derive::<sha1::Sha1>(&password, b"salt", iterations, Purpose::Mac, 20);
            assert!(matches!(refused, Err(KeystoreError::Unsupported(_))));
        }
    }
}
