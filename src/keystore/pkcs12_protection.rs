//! The algorithms of a PKCS#12 file (RFC 7292 section 4 and appendix B), seen from outside, without its password.

use pkcs8::der::asn1::{AnyRef, ContextSpecific, ObjectIdentifier, OctetStringRef};
use pkcs8::der::{Decode, Encode, Reader, Result as DerResult, TagMode, TagNumber};
use pkcs8::spki::AlgorithmIdentifierRef;

use super::protection::Part;
use crate::pki::encryption;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const SECRET_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.5");
const SHA1: &str = "1.3.14.3.2.26";

/// The parts in the order of the file, its MAC first.
pub(super) fn parts(file: &[u8]) -> DerResult<Vec<Part>> {
    let mut found = Vec::new();
    let safes = AnyRef::from_der(file)?.sequence(|reader| {
        u8::decode(reader)?;
        let safes = AnyRef::decode(reader)?.sequence(content)?;
        if !reader.is_finished() {
            found.push(AnyRef::decode(reader)?.sequence(mac)?);
        }
        DerResult::Ok(safes)
    })?;
    for safe in elements(octets(safes)?)? {
        let (kind, inner) = safe.sequence(content_of)?;
        match (kind, inner) {
            (DATA, Some(inner)) => {
                for bag in elements(inner.decode_as::<&OctetStringRef>()?.as_bytes())? {
                    found.extend(bag.sequence(bag_part)?);
                }
            }
            (ENCRYPTED_DATA, Some(inner)) => found.push(inner.sequence(encrypted)?),
            _ => {}
        }
    }
    Ok(found)
}

/// MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 }
fn mac<'a>(reader: &mut impl Reader<'a>) -> DerResult<Part> {
    let digest = AnyRef::decode(reader)?.sequence(|reader| {
        let algorithm = AlgorithmIdentifierRef::decode(reader)?;
        AnyRef::decode(reader)?;
        DerResult::Ok(algorithm.oid.to_string())
    })?;
    AnyRef::decode(reader)?;
    let iterations = if reader.is_finished() { 1 } else { u32::decode(reader)? };
    let name = match digest.as_str() {
        SHA1 => "HMAC-SHA-1",
        "2.16.840.1.101.3.4.2.4" => "HMAC-SHA-224",
        "2.16.840.1.101.3.4.2.1" => "HMAC-SHA-256",
        "2.16.840.1.101.3.4.2.2" => "HMAC-SHA-384",
        "2.16.840.1.101.3.4.2.3" => "HMAC-SHA-512",
        other => other,
    };
    let part = Part::new("integrity", name, Some(iterations));
    Ok(if digest == SHA1 { part.weak("SHA-1") } else { part })
}

/// The key or secret in a bag that is not inside an encrypted part.
fn bag_part<'a>(reader: &mut impl Reader<'a>) -> DerResult<Option<Part>> {
    let kind = ObjectIdentifier::decode(reader)?;
    let value = ContextSpecific::<AnyRef<'a>>::decode_explicit(reader, TagNumber(0))?;
    reader.drain(reader.remaining_len())?;
    let encryption = |value: AnyRef<'a>| {
        value.sequence(|reader| {
            let algorithm = AlgorithmIdentifierRef::decode(reader)?;
            reader.drain(reader.remaining_len())?;
            DerResult::Ok(algorithm)
        })
    };
    Ok(match (kind, value) {
        (KEY_BAG, _) => Some(Part::new("keys", "none", None).weak("the key is not encrypted")),
        (SHROUDED_KEY_BAG, Some(value)) => Some(part("keys", &encryption(value.value)?)),
        (SECRET_BAG, _) => Some(Part::new("secrets", "by itself", None)),
        _ => None,
    })
}

/// EncryptedData ::= SEQUENCE { version INTEGER, EncryptedContentInfo }
fn encrypted<'a>(reader: &mut impl Reader<'a>) -> DerResult<Part> {
    u8::decode(reader)?;
    let info = AnyRef::decode(reader)?;
    reader.drain(reader.remaining_len())?;
    info.sequence(|reader| {
        AnyRef::decode(reader)?;
        let algorithm = AlgorithmIdentifierRef::decode(reader)?;
        reader.drain(reader.remaining_len())?;
        DerResult::Ok(part("certificates", &algorithm))
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

fn content<'a>(reader: &mut impl Reader<'a>) -> DerResult<Option<AnyRef<'a>>> {
    let (kind, content) = content_of(reader)?;
    Ok(content.filter(|_| kind == DATA))
}

/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content `[0]` EXPLICIT ANY }
fn content_of<'a>(reader: &mut impl Reader<'a>) -> DerResult<(ObjectIdentifier, Option<AnyRef<'a>>)> {
    let kind = ObjectIdentifier::decode(reader)?;
    let content = ContextSpecific::<AnyRef<'a>>::decode_explicit(reader, TagNumber(0))?;
    Ok((kind, content.filter(|content| content.tag_mode == TagMode::Explicit).map(|content| content.value)))
}

fn octets(value: Option<AnyRef<'_>>) -> DerResult<&[u8]> {
    Ok(match value {
        Some(value) => value.decode_as::<&OctetStringRef>()?.as_bytes(),
        None => &[0x30, 0],
    })
}

/// The elements of a SEQUENCE OF.
fn elements(sequence: &[u8]) -> DerResult<Vec<AnyRef<'_>>> {
    AnyRef::from_der(sequence)?.sequence(|reader| {
        let mut found = Vec::new();
        while !reader.is_finished() {
            found.push(AnyRef::decode(reader)?);
        }
        Ok(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::{KeystoreFormat, Profile, WriteOptions, pkcs12::Pkcs12, samples};

    #[test]
    fn what_was_chosen_on_writing_is_seen() {
        let password = samples::secret("changeit");
        let entries = samples::entries("ec:p256");
        for (profile, mac, encryption) in [
            (Profile::Modern, "HMAC-SHA-256", "PBES2 with PBKDF2-HMAC-SHA-256, AES-256-CBC"),
            (Profile::Compatible, "HMAC-SHA-1", "pbeWithSHAAnd3-KeyTripleDES-CBC"),
        ] {
            let options = WriteOptions { profile, iterations: 123, ..WriteOptions::new(&password, samples::NOW) };
            let found = parts(&Pkcs12.write(&entries, &options).unwrap()).unwrap();
            let shown: Vec<_> = found.iter().map(|part| (part.of, part.algorithm.as_str(), part.iterations)).collect();
            let expected = [
                ("integrity", mac, Some(123)),
                ("certificates", encryption, Some(123)),
                ("keys", encryption, Some(123)),
            ];
            assert_eq!(shown, expected);
            assert_eq!(found.iter().all(|part| part.weakness.is_some()), profile == Profile::Compatible);
            assert_eq!(super::super::protection::as_before(&found, 1), (profile, 123));
        }
    }

    #[test]
    fn truncations_and_changes_never_panic() {
        samples::hammer(include_bytes!("fixtures/keytool.p12"), |bad| drop(parts(bad)));
    }
}
