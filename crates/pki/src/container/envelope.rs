//! A secret text in the envelope of a private key (PrivateKeyInfo, RFC 5958), so that it can be encrypted and kept as keys
//! are.

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode, Encode};
use pkcs8::PrivateKeyInfoRef;
use spki::AlgorithmIdentifierRef;

use certroll_base::secret::{Secret, SecretBytes};

/// id-data (RFC 5652 section 4): octets without a meaning for the search for a key.
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// DER of the envelope.
///
/// # Errors
/// The text is longer than DER can say.
pub fn wrap(secret: &Secret) -> Result<SecretBytes, der::Error> {
    let text = OctetStringRef::new(secret.expose().as_bytes())?;
    let algorithm = AlgorithmIdentifierRef { oid: DATA, parameters: None };
    PrivateKeyInfoRef::new(algorithm, text).to_der().map(SecretBytes::new)
}

/// The text in an envelope; `None` when it holds something else.
pub fn open(envelope: &SecretBytes) -> Option<Secret> {
    let info = PrivateKeyInfoRef::from_der(envelope.expose()).ok().filter(|info| info.algorithm.oid == DATA)?;
    String::from_utf8(info.private_key.as_bytes().to_vec()).ok().map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;
    use crate::key::encryption::{KeyEncryption, decrypt};

    #[test]
    fn what_is_wrapped_is_kept_as_keys_are() {
        let (secret, passphrase) = (Secret::new("s.secret".to_owned()), Secret::new("passphrase".to_owned()));
        let envelope = wrap(&secret).unwrap();
        let encrypted = KeyEncryption::new(&passphrase, 1).unwrap().encrypt(envelope.expose()).unwrap();
        let opened = decrypt(&encrypted, &passphrase).unwrap();
        assert_eq!(open(&opened).unwrap().expose(), "s.secret");
        // A key is no secret text.
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        assert!(open(&key.to_pkcs8().unwrap()).is_none());
    }
}
