//! Distinguished names (X.501 Name): parsed from text once, kept as exact bytes.
//!
//! The text form lists attributes in the order of encoding, first one first, repeated ones kept:
//! `DC=com, DC=example, OU=a, OU=b, CN=Corp CA`. Escapes and quoting follow RFC 4514 section 2.4; a `+` joins the
//! attributes of one relative name. (RFC 4514 itself lists them backwards; `openssl` and `certtool` do as we do.)

use std::fmt;

use const_oid::ObjectIdentifier;
use der::asn1::{Any, AnyRef, SetOfVec};
use der::{Decode, Encode, Sequence, Tag, ValueOrd};

use super::attribute::{self, AttributeType};
use super::name_error::NameError;

#[derive(Clone, Debug, PartialEq, Eq, Sequence, ValueOrd)]
struct AttributeTypeAndValue {
    oid: ObjectIdentifier,
    value: Any,
}

type RelativeName = SetOfVec<AttributeTypeAndValue>;

/// A distinguished name: DER as encoded or as found.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DistinguishedName {
    der: Vec<u8>,
}

impl DistinguishedName {
    /// The empty name; certificates that have it identify their subject in a critical subjectAltName.
    pub fn empty() -> Self {
        Self { der: vec![0x30, 0x00] }
    }

    /// Reads the text form. White space around separators is ignored.
    ///
    /// # Errors
    /// [`NameError`] naming the attribute and the rule.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let mut names: Vec<RelativeName> = Vec::new();
        for relative in split(text)? {
            let mut set = RelativeName::new();
            for (kind, value) in relative {
                let kind = AttributeType::parse(&kind).ok_or(NameError::UnknownAttribute(kind))?;
                let value = kind.encode(&value)?;
                set.insert(AttributeTypeAndValue { oid: kind.oid(), value })?;
            }
            names.push(set);
        }
        Ok(Self { der: names.to_der()? })
    }

    /// Takes the bytes of a Name as they are.
    ///
    /// # Errors
    /// [`NameError::Encoding`] when they are something else.
    pub fn from_der(der: &[u8]) -> Result<Self, NameError> {
        walk(der, &mut |_, _, _| {})?;
        Ok(Self { der: der.to_vec() })
    }

    /// The exact DER.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Whether it begins with all relative names of `tree`.
    pub fn is_within(&self, tree: &Self) -> bool {
        // Both are SEQUENCEs: below the header the bytes of the longer one begin with those of the shorter.
        let content = |name: &Self| AnyRef::from_der(&name.der).map(|any| any.value().to_vec()).unwrap_or_default();
        content(self).starts_with(&content(tree))
    }

    /// Whether it has no attributes.
    pub fn is_empty(&self) -> bool {
        self.der == [0x30, 0x00]
    }

    /// The first common name, unescaped.
    pub fn common_name(&self) -> Option<String> {
        let mut found = None;
        let visited = walk(&self.der, &mut |_, oid, value| {
            if oid == attribute::COMMON_NAME && found.is_none() {
                found = Some(attribute::value_text(value));
            }
        });
        visited.ok().and(found)
    }
}

/// Visits the attributes in order, each with whether it begins a relative name. SETs are read leniently: names made
/// elsewhere do not always sort their multi-valued parts.
fn walk(der: &[u8], visit: &mut dyn FnMut(bool, ObjectIdentifier, AnyRef<'_>)) -> Result<(), der::Error> {
    use der::{Reader, SliceReader, Tagged};
    let name = AnyRef::from_der(der)?;
    name.tag().assert_eq(Tag::Sequence)?;
    let mut relatives = SliceReader::new(name.value())?;
    while !relatives.is_finished() {
        let relative = AnyRef::decode(&mut relatives)?;
        relative.tag().assert_eq(Tag::Set)?;
        let mut attributes = SliceReader::new(relative.value())?;
        let mut first = true;
        while !attributes.is_finished() {
            let (oid, value) = attributes.sequence(|attribute| {
                der::Result::Ok((ObjectIdentifier::decode(attribute)?, AnyRef::decode(attribute)?))
            })?;
            visit(first, oid, value);
            first = false;
        }
    }
    Ok(())
}

impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        let visited = walk(&self.der, &mut |first, oid, value| {
            text.push_str(match (text.is_empty(), first) {
                (true, _) => "",
                (false, true) => ", ",
                (false, false) => "+",
            });
            text.push_str(&attribute::short_name(&oid));
            text.push('=');
            text.push_str(&escape(&attribute::value_text(value)));
        });
        visited.map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DistinguishedName({self})")
    }
}

type NamePair = (String, String);

/// Cuts the text into relative names of `(type, value)` pairs, with escapes resolved.
fn split(text: &str) -> Result<Vec<Vec<NamePair>>, NameError> {
    let mut names: Vec<Vec<NamePair>> = Vec::new();
    let mut joined = false;
    let mut rest = text.trim_start();
    while !rest.trim().is_empty() {
        let syntax = |why| NameError::Syntax { text: text.to_owned(), why };
        let (kind, after) = rest.split_once('=').ok_or_else(|| syntax("an attribute has no `=`"))?;
        let (value, after) = value(after).map_err(syntax)?;
        let pair = (kind.trim().to_owned(), value);
        match names.last_mut() {
            Some(last) if joined => last.push(pair),
            _ => names.push(vec![pair]),
        }
        joined = after.starts_with('+');
        rest = match after.strip_prefix(['+', ',', ';']) {
            Some(next) if next.trim().is_empty() => return Err(syntax("it ends with a separator")),
            Some(next) => next.trim_start(),
            None => "",
        };
    }
    Ok(names)
}

/// Reads one value up to an unescaped separator; returns it and the rest, which begins with the separator.
fn value(text: &str) -> Result<(String, &str), &'static str> {
    let text = text.trim_start();
    let (quoted, body) = match text.strip_prefix('"') {
        Some(body) => (true, body),
        None => (false, text),
    };
    let mut bytes: Vec<u8> = Vec::new();
    let mut keep = 0; // escaped or non-blank bytes so far: trailing blanks beyond are dropped
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                let (_, next) = chars.next().ok_or("it ends with a backslash")?;
                match next.to_digit(16) {
                    Some(high) => {
                        let low = chars.next().and_then(|(_, c)| c.to_digit(16)).ok_or("half a hexadecimal pair")?;
                        bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                    }
                    None => bytes.extend(next.encode_utf8(&mut [0; 4]).bytes()),
                }
                keep = bytes.len();
            }
            '"' if quoted => {
                let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
                let rest = body[at + 1..].trim_start();
                return if rest.is_empty() || rest.starts_with(['+', ',', ';']) {
                    Ok((text, rest))
                } else {
                    Err("something follows a closing quote")
                };
            }
            '+' | ',' | ';' if !quoted => return finish(bytes, keep, &body[at..]),
            _ => {
                bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
                if !c.is_whitespace() {
                    keep = bytes.len();
                }
            }
        }
    }
    if quoted { Err("a quote is not closed") } else { finish(bytes, keep, "") }
}

fn finish(mut bytes: Vec<u8>, keep: usize, rest: &str) -> Result<(String, &str), &'static str> {
    bytes.truncate(keep);
    Ok((String::from_utf8(bytes).map_err(|_| "it is not UTF-8")?, rest))
}

fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (index, c) in value.chars().enumerate() {
        let blank_at_edge = c == ' ' && (index == 0 || index == last);
        if matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=') || blank_at_edge || (c == '#' && index == 0) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_attributes_keep_their_order() {
        let text = "DC=com, DC=example, OU=a, OU=b, CN=Corp CA";
        let name = DistinguishedName::parse(text).unwrap();
        assert_eq!(name.to_string(), text);
        assert_eq!(DistinguishedName::from_der(name.as_der()).unwrap(), name);
        assert_eq!(name.common_name().as_deref(), Some("Corp CA"));
    }

    #[test]
    fn escapes_go_both_ways() {
        for text in [r"O=Smith\, Jones\+Co, CN=a\=b", r"CN=\ x\ ", r"CN=\#1", "CN=Größe", "C=DE, O=x+OU=y"] {
            let name = DistinguishedName::parse(text).unwrap();
            assert_eq!(name.to_string(), text);
        }
        assert_eq!(DistinguishedName::parse(r#"O="A, B" , CN=\41"#).unwrap().to_string(), r"O=A\, B, CN=A");
    }

    #[test]
    fn bad_names_say_why() {
        for (text, part) in [
            ("broker", "no `=`"),
            ("CN=a,", "ends with a separator"),
            ("XX=a", "unknown attribute type"),
            ("C=Germany", "two letters"),
            ("CN=", "empty"),
            ("CN=\"a", "not closed"),
        ] {
            let error = DistinguishedName::parse(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn the_empty_name_is_an_empty_sequence() {
        assert_eq!(DistinguishedName::parse("").unwrap(), DistinguishedName::empty());
    }
}
