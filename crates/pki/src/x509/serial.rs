//! Certificate serial numbers (RFC 5280 section 4.1.2.2).

use std::fmt;

use certroll_base::{encoding, random};

/// A serial number as the octets of its INTEGER, without a leading zero octet. Displayed as lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SerialNumber(Vec<u8>);

impl SerialNumber {
    /// A new serial number: 16 octets, positive, 126 bits of them random; far over the 64 that CAs owe.
    pub fn random() -> Self {
        let mut octets: [u8; 16] = random::bytes();
        // Highest bit clear: positive. Next bit set: always 16 octets, so that serials line up.
        octets[0] = (octets[0] & 0x7f) | 0x40;
        Self(octets.to_vec())
    }

    /// The value of an INTEGER as found in a certificate; leading zero octets do not count.
    pub fn from_octets(octets: &[u8]) -> Self {
        let first = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len());
        Self(octets[first..].to_vec())
    }

    /// Reads hexadecimal of either case, with or without colons; `None` for anything else or more than 20 octets.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.trim_start_matches("0x").chars().filter(|c| *c != ':').collect();
        let digits = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits };
        let octets = encoding::from_hex(&digits)?;
        (!octets.is_empty() && octets.len() <= 21).then(|| Self::from_octets(&octets))
    }

    /// The octets, most significant first, without leading zeros; empty for zero.
    pub fn octets(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "00" } else { "" })?;
        f.write_str(&encoding::hex(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_serials_are_positive_and_sixteen_octets() {
        for _ in 0..1000 {
            let serial = SerialNumber::random();
            assert_eq!(serial.octets().len(), 16);
            assert!(serial.octets()[0] < 0x80);
        }
    }

    #[test]
    fn spellings_of_one_serial_are_equal() {
        let serial = SerialNumber::parse("0a:BC:01");
        assert_eq!(serial, SerialNumber::parse("abc01"));
        assert_eq!(serial.map(|s| s.to_string()).as_deref(), Some("0abc01"));
        assert_eq!(SerialNumber::parse("meter-1"), None);
    }
}
