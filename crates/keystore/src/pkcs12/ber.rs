//! BER made DER. RFC 7292 section 4.1 allows BER in PKCS#12, and NSS (Firefox, Thunderbird) and old versions of Windows use
//! it: lengths that are not told beforehand, and octet strings in several parts (X.690 sections 8.1.3.6 and 8.7.3).

use der::{Encode, Length};
use zeroize::Zeroizing;

/// How deep elements may lie in each other. PKCS#12 needs about ten levels.
const DEEPEST: u8 = 32;
/// The bit of a tag that tells an element made of elements.
const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 0x04;
const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// The same element in DER, as far as PKCS#12 goes: lengths in their shortest form, each octet string in one part. An octet
/// string under another tag keeps its parts: only the syntax tells what it is. `None` if it is no element, or not one alone.
pub(super) fn to_der(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut input = bytes;
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    element(&mut input, DEEPEST, &mut out)?;
    input.is_empty().then_some(out)
}

/// Moves one element over.
fn element(input: &mut &[u8], depth: u8, out: &mut Vec<u8>) -> Option<()> {
    let (tag, length) = header(input)?;
    let content = content(tag, length, input, depth)?;
    let tag = if tag == OCTET_STRING | CONSTRUCTED { OCTET_STRING } else { tag };
    out.push(tag);
    Length::try_from(content.len()).ok()?.encode_to_vec(out).ok()?;
    out.extend_from_slice(&content);
    Some(())
}

/// The content of an element, in DER.
fn content(tag: u8, length: Option<usize>, input: &mut &[u8], depth: u8) -> Option<Zeroizing<Vec<u8>>> {
    if tag & CONSTRUCTED == 0 {
        return Some(Zeroizing::new(take(input, length?)?.to_vec()));
    }
    let depth = depth.checked_sub(1)?;
    let mut out = Zeroizing::new(Vec::with_capacity(length.unwrap_or(input.len()).min(input.len())));
    let mut one = |input: &mut &[u8]| {
        if tag != OCTET_STRING | CONSTRUCTED {
            return element(input, depth, &mut out);
        }
        let (part, length) = header(input)?;
        if part & !CONSTRUCTED != OCTET_STRING {
            return None;
        }
        out.extend_from_slice(&content(part, length, input, depth)?);
        Some(())
    };
    match length {
        Some(length) => {
            let mut inner = take(input, length)?;
            while !inner.is_empty() {
                one(&mut inner)?;
            }
        }
        None => {
            while !input.starts_with(&END_OF_CONTENTS) {
                one(input)?;
            }
            take(input, END_OF_CONTENTS.len())?;
        }
    }
    Some(out)
}

/// Tag and length of the next element; no length where it is not told. Tags of several bytes are not in PKCS#12.
fn header(input: &mut &[u8]) -> Option<(u8, Option<usize>)> {
    let &[tag, first] = take(input, 2)? else { return None };
    if tag & 0x1f == 0x1f || tag == 0 {
        return None;
    }
    let length = match first {
        0..0x80 => Some(usize::from(first)),
        0x80 => None,
        _ => {
            let bytes = take(input, usize::from(first & 0x7f))?;
            let significant = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
            let bytes = bytes.get(significant..).filter(|bytes| bytes.len() <= 4)?;
            Some(bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
        }
    };
    Some((tag, length))
}

fn take<'a>(input: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = input.split_at_checked(count)?;
    *input = rest;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::hammer;

    const KEYTOOL: &[u8] = include_bytes!("../fixtures/keytool.p12");
    const BER: &[u8] = include_bytes!("../fixtures/ber.p12");

    #[test]
    fn der_stays_as_it_is() {
        for der in [KEYTOOL, include_bytes!("../fixtures/openssl-windows.p12"), &[0x30, 0], &[5, 0]] {
            assert_eq!(to_der(der).unwrap().as_slice(), der);
        }
    }

    #[test]
    fn what_ber_leaves_open_is_closed() {
        let ber = [0x30, 0x80, 0x24, 0x80, 0x04, 0x01, b'a', 0x24, 0x83, 0, 0, 3, 0x04, 0x01, b'b', 0, 0, 0, 0];
        assert_eq!(to_der(&ber).unwrap().as_slice(), [0x30, 4, 0x04, 2, b'a', b'b']);
        // Parts that are something else, an end that is missing, bytes after it, a length that is not told of a primitive.
        for bad in
            [&[0x24, 3, 0x02, 1, 1][..], &ber[..ber.len() - 2], &[5, 0, 0], &[0x04, 0x80, 0, 0], &[0x1f, 1, 0], &[]]
        {
            assert!(to_der(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let nested = |levels: usize| [[0x30, 0x80].repeat(levels), [0, 0].repeat(levels)].concat();
        assert!(to_der(&nested(usize::from(DEEPEST))).is_some());
        assert!(to_der(&nested(usize::from(DEEPEST) + 1)).is_none());
        assert!(to_der(&nested(100_000)).is_none());
        assert!(to_der(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).is_none());
        assert!(to_der(&[0x30, 0x85, 1, 0, 0, 0, 0]).is_none());
    }

    #[test]
    fn mutations_and_truncations_never_panic() {
        hammer(BER, |bad| drop(to_der(bad)));
    }
}
