//! The algorithms of a PKCS#12 file (RFC 7292 section 4 and appendix B), seen from outside, without its password.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, ErrorKind, Result as DerResult};
use pkcs8::spki::AlgorithmIdentifierRef;

use super::ber;
use super::pbmac1::Pbmac1;
use super::syntax::{
    ContentInfo, EncryptedKey, KEY_BAG, MacData, Pfx, SECRET_BAG, SHROUDED_KEY_BAG, SafeBag, elements,
};
use crate::protection::Part;
use certroll_pki::key::encryption;

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");

/// The parts in the order of the file, its MAC first.
///
/// # Errors
/// Malformed DER.
pub(crate) fn parts(file: &[u8]) -> DerResult<Vec<Part>> {
    let malformed = || der::Error::from(ErrorKind::Failed);
    let file = ber::to_der(file).ok_or_else(malformed)?;
    let pfx = Pfx::from_der(&file)?;
    let mut found: Vec<Part> = pfx.mac.iter().map(mac).collect();
    let safes = ber::to_der(pfx.safes().unwrap_or(&[0x30, 0])).ok_or_else(malformed)?;
    for safe in elements::<ContentInfo<'_>>(&safes)? {
        if let Some(bags) = safe.data() {
            let bags = ber::to_der(bags).ok_or_else(malformed)?;
            for bag in elements::<SafeBag<'_>>(&bags)? {
                found.extend(bag_part(&bag)?);
            }
        } else if let Some(encrypted) = safe.encrypted() {
            found.push(part("certificates", &encrypted?.info.algorithm));
        }
    }
    Ok(found)
}

fn mac(mac: &MacData<'_>) -> Part {
    if let Ok(modern) = Pbmac1::of(&mac.mac.algorithm) {
        return Part::new("integrity", modern.name(), Some(modern.iterations()));
    }
    let digest = mac.mac.algorithm.oid;
    let name = match digest.to_string().as_str() {
        "1.3.14.3.2.26" => "HMAC-SHA-1".to_owned(),
        "2.16.840.1.101.3.4.2.4" => "HMAC-SHA-224".to_owned(),
        "2.16.840.1.101.3.4.2.1" => "HMAC-SHA-256".to_owned(),
        "2.16.840.1.101.3.4.2.2" => "HMAC-SHA-384".to_owned(),
        "2.16.840.1.101.3.4.2.3" => "HMAC-SHA-512".to_owned(),
        other => other.to_owned(),
    };
    let part = Part::new("integrity", name, Some(mac.iterations));
    if digest == SHA1 { part.weak("SHA-1") } else { part }
}

/// The key or secret in a bag that is not inside an encrypted part.
fn bag_part(bag: &SafeBag<'_>) -> DerResult<Option<Part>> {
    Ok(match bag.kind {
        KEY_BAG => Some(Part::new("keys", "none", None).weak("the key is not encrypted")),
        SHROUDED_KEY_BAG => Some(part("keys", &bag.value.decode_as::<EncryptedKey<'_>>()?.algorithm)),
        SECRET_BAG => Some(Part::new("secrets", "by itself", None)),
        _ => None,
    })
}

fn part(of: &'static str, algorithm: &AlgorithmIdentifierRef<'_>) -> Part {
    let weak = "an algorithm of the nineties; AES-256 is read by every Java since 8u301";
    let old = match algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.12.1.1" => "pbeWithSHAAnd128BitRC4",
        "1.2.840.113549.1.12.1.2" => "pbeWithSHAAnd40BitRC4",
        "1.2.840.113549.1.12.1.3" => "pbeWithSHAAnd3-KeyTripleDES-CBC",
        "1.2.840.113549.1.12.1.4" => "pbeWithSHAAnd2-KeyTripleDES-CBC",
        "1.2.840.113549.1.12.1.5" => "pbeWithSHAAnd128BitRC2-CBC",
        "1.2.840.113549.1.12.1.6" => "pbeWithSHAAnd40BitRC2-CBC",
        other => {
            let described = algorithm.to_der().ok().and_then(|der| encryption::describe_algorithm(&der).ok());
            let (name, iterations) = described.unwrap_or_else(|| (other.to_owned(), None));
            return Part::new(of, name, iterations);
        }
    };
    Part::new(of, old, iterations_of(algorithm)).weak(weak)
}

/// PBEParameter ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }
fn iterations_of(algorithm: &AlgorithmIdentifierRef<'_>) -> Option<u32> {
    let read = |reader: &mut _| {
        AnyRef::decode(reader)?;
        u32::decode(reader)
    };
    algorithm.parameters?.sequence(read).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pkcs12::PKCS12;
    use crate::protection::as_before;
    use crate::{Profile, WriteOptions, samples};

    #[test]
    fn what_was_chosen_on_writing_is_seen() {
        let password = samples::secret("changeit");
        let entries = samples::entries("ec:p256");
        for (profile, mac, encryption) in [
            (Profile::Modern, "HMAC-SHA-256", "PBES2 with PBKDF2-HMAC-SHA-256, AES-256-CBC"),
            (Profile::Compatible, "HMAC-SHA-1", "pbeWithSHAAnd3-KeyTripleDES-CBC"),
            (
                Profile::Fips,
                "PBMAC1 with PBKDF2-HMAC-SHA-256, HMAC-SHA-256",
                "PBES2 with PBKDF2-HMAC-SHA-256, AES-256-CBC",
            ),
        ] {
            let options = WriteOptions { profile, iterations: 123, ..WriteOptions::new(&password, samples::NOW) };
            let found = parts(&PKCS12.write(&entries, &options).unwrap()).unwrap();
            let shown: Vec<_> = found.iter().map(|part| (part.of, part.algorithm.as_str(), part.iterations)).collect();
            let expected = [
                ("integrity", mac, Some(123)),
                ("certificates", encryption, Some(123)),
                ("keys", encryption, Some(123)),
            ];
            assert_eq!(shown, expected);
            assert_eq!(found.iter().all(|part| part.weakness.is_some()), profile == Profile::Compatible);
            assert_eq!(as_before(&found, 1), (profile, 123));
        }
    }

    #[test]
    fn truncations_and_changes_never_panic() {
        samples::hammer(include_bytes!("../fixtures/keytool.p12"), |bad| drop(parts(bad)));
    }
}
