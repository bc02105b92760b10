//! Certificates in a PKCS#7 SignedData (RFC 2315 section 9, RFC 5652 section 5): how many a CA hands out a reply, with its
//! issuers, as `.p7b` or `.p7c`.
//!
//! Read by hand and not with the `cms` crate: what is handed on are the exact bytes of each certificate, and that crate
//! decodes and encodes them anew, which alters those of a CA that was not strict about DER.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Reader, Tag, TagNumber, Tagged};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// DER of each certificate in a SignedData, in its order; `None` unless `der` is one.
///
/// Its signatures, if it has any, say nothing about the certificates and are not looked at. Attribute certificates, and
/// certificates of other kinds than X.509, are left out.
pub fn certificates(der: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (kind, content) = AnyRef::from_der(der).ok()?.sequence(parts).ok()?;
    if kind != SIGNED_DATA {
        return None;
    }
    let signed_data = AnyRef::from_der(content.value()).ok()?;
    let set = signed_data.sequence(certificate_set).ok()?;
    let mut found = Vec::new();
    let mut rest = set.map(|set| set.value()).unwrap_or_default();
    while !rest.is_empty() {
        let (element, after) = first(rest)?;
        if element.tag() == Tag::Sequence {
            found.push(element.to_der().ok()?);
        }
        rest = after;
    }
    Some(found)
}

/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content `[0]` EXPLICIT ANY }
fn parts<'a>(reader: &mut impl Reader<'a>) -> der::Result<(ObjectIdentifier, AnyRef<'a>)> {
    Ok((ObjectIdentifier::decode(reader)?, AnyRef::decode(reader)?))
}

/// SignedData ::= SEQUENCE { version, digestAlgorithms SET, contentInfo, certificates `[0]` IMPLICIT SET OPTIONAL, .. }
fn certificate_set<'a>(reader: &mut impl Reader<'a>) -> der::Result<Option<AnyRef<'a>>> {
    for _ in 0..3 {
        AnyRef::decode(reader)?;
    }
    let mut found = None;
    while !reader.is_finished() {
        let element = AnyRef::decode(reader)?;
        if element.tag() == (Tag::ContextSpecific { constructed: true, number: TagNumber(0) }) {
            found = Some(element);
        }
    }
    Ok(found)
}

/// The first element and what follows it.
fn first(bytes: &[u8]) -> Option<(AnyRef<'_>, &[u8])> {
    let mut reader = der::SliceReader::new(bytes).ok()?;
    let element = AnyRef::decode(&mut reader).ok()?;
    let used = bytes.len().checked_sub(usize::try_from(reader.remaining_len()).ok()?)?;
    Some((element, bytes.get(used..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::certificate::Certificate;

    fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
    }

    /// A SignedData with these certificates and without signers, as `openssl crl2pkcs7 -nocrl` makes it.
    fn bag(certificates: &[&[u8]]) -> Vec<u8> {
        let oid = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
        let data = wrap(0x30, &[&oid[..], &[1]].concat());
        let set = wrap(0xa0, &certificates.concat());
        let signed = wrap(0x30, &[&[2, 1, 1, 0x31, 0][..], &data, &set, &[0x31, 0]].concat());
        wrap(0x30, &[&oid[..], &[2], &wrap(0xa0, &signed)].concat())
    }

    #[test]
    fn the_exact_bytes_come_out_in_order() {
        let odd: &[u8] = &[0x30, 0x03, 0x02, 0x01, 0x07];
        let even: &[u8] = &[0x30, 0x03, 0x02, 0x01, 0x08];
        assert_eq!(certificates(&bag(&[odd, even])).unwrap(), [odd, even]);
        assert_eq!(certificates(&bag(&[])).unwrap(), [[0_u8; 0]; 0]);
    }

    #[test]
    fn what_openssl_writes_is_read_whole() {
        let text = include_bytes!("fixtures/openssl.p7b");
        let blocks = crate::container::pem::read(text).unwrap();
        let found = certificates(blocks[0].der.expose()).unwrap();
        let subjects: Vec<_> =
            found.iter().map(|der| Certificate::from_der(der).unwrap().subject.to_string()).collect();
        assert_eq!(subjects, ["CN=server", "CN=CA a", "CN=CA b"]);
    }

    #[test]
    fn other_things_and_broken_ones_are_none() {
        let whole = bag(&[&[0x30, 0x00]]);
        for end in 0..whole.len() {
            assert!(certificates(&whole[..end]).is_none(), "{end}");
        }
        let mut other = whole.clone();
        other[12] = 3;
        assert!(certificates(&other).is_none(), "enveloped data");
    }
}
