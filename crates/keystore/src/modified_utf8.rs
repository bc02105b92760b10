//! Java's "modified UTF-8" (`java.io.DataOutput.writeUTF`): UTF-16 units coded one by one, NUL in two bytes.
//!
//! A character beyond U+FFFF is two surrogates of three bytes each. Plain UTF-8 in its place makes Java fail with
//! `UTFDataFormatException`.

/// Encodes without the length that precedes it in a stream.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for unit in text.encode_utf16() {
        let low = 0x80 | (unit & 0x3f) as u8;
        match unit {
            0x01..=0x7f => out.push(unit as u8),
            0 | 0x80..=0x7ff => out.extend([0xc0 | (unit >> 6) as u8, low]),
            _ => out.extend([0xe0 | (unit >> 12) as u8, 0x80 | ((unit >> 6) & 0x3f) as u8, low]),
        }
    }
    out
}

/// Decodes; `None` for malformed bytes and for surrogates without their half.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied();
    while let Some(first) = rest.next() {
        let mut continuation = || rest.next().filter(|byte| byte & 0xc0 == 0x80).map(|byte| u16::from(byte & 0x3f));
        units.push(match first {
            0..=0x7f => u16::from(first),
            0xc0..=0xdf => u16::from(first & 0x1f) << 6 | continuation()?,
            0xe0..=0xef => u16::from(first & 0x0f) << 12 | continuation()? << 6 | continuation()?,
            _ => return None,
        });
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_both_ways_and_differs_from_utf8_where_java_does() {
        for text in ["", "abc", "größe", "ключ", "鍵", "a\0b", "\u{1f511}"] {
            assert_eq!(decode(&encode(text)).as_deref(), Some(text));
        }
        assert_eq!(encode("\0"), [0xc0, 0x80]);
        assert_eq!(encode("\u{1f511}"), [0xed, 0xa0, 0xbd, 0xed, 0xb4, 0x91]);
        for bad in [&b"\xf0\x9f\x94\x91"[..], b"\xc3", b"\xe2\x82", b"\xed\xa0\xbd", b"\x80", b"\xc3a"] {
            assert_eq!(decode(bad), None, "{bad:x?}");
        }
    }
}
