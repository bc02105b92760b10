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
use super::canonical;
use super::dns_name::DnsName;
use super::name_error::NameError;
use certroll_base::text::is_hostile;

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

    /// Whether it begins with all relative names of `tree`, by the comparison of RFC 5280 section 7.1: neither case nor spacing
    /// nor the string type counts.
    pub fn is_within(&self, tree: &Self) -> bool {
        canonical::relatives(self).starts_with(&canonical::relatives(tree))
    }

    /// Whether it is the same name, by the comparison of RFC 5280 section 7.1.
    pub fn is_same(&self, other: &Self) -> bool {
        self.der == other.der || canonical::relatives(self) == canonical::relatives(other)
    }

    /// Whether it may be within `tree`: it is, or it begins with strings that verifiers compare in different ways.
    pub(super) fn may_be_within(&self, tree: &Self) -> bool {
        self.is_within(tree) || !canonical::are_plain(self, canonical::relatives(tree).len())
    }

    /// The name as certificates made here have it: each attribute in its own string type and within its bounds.
    ///
    /// # Errors
    /// An attribute is no string, is too long, or has invisible characters.
    pub fn admitted(&self) -> Result<Self, NameError> {
        let mut names: Vec<RelativeName> = Vec::new();
        let mut failed = None;
        walk(&self.der, &mut |first, oid, value| {
            if first || names.is_empty() {
                names.push(RelativeName::new());
            }
            let value = attribute::admit(oid, value);
            let added = value.and_then(|value| {
                let pair = AttributeTypeAndValue { oid, value };
                names.last_mut().map_or(Ok(()), |set| set.insert(pair)).map_err(NameError::from)
            });
            failed = failed.take().or(added.err());
        })?;
        match failed {
            Some(error) => Err(error),
            None => Ok(Self { der: names.to_der()? }),
        }
    }

    /// The same with the spelling of `names` in common names that are one of them: in another case, or as U-labels.
    #[must_use]
    pub fn spelled_as(&self, names: &[DnsName]) -> Self {
        let spelling = |text: &str| {
            let found = DnsName::parse(text).ok().filter(|name| names.contains(name))?;
            (found.as_str() != text).then(|| found.to_string())
        };
        if !self.common_names().iter().any(|text| spelling(text).is_some()) {
            return self.clone();
        }
        let mut relatives: Vec<RelativeName> = Vec::new();
        let visited = walk(&self.der, &mut |first, oid, value| {
            if first || relatives.is_empty() {
                relatives.push(RelativeName::new());
            }
            let spelled = (oid == attribute::COMMON_NAME).then(|| spelling(&attribute::value_text(value))).flatten();
            let value = match spelled.map(|text| Any::new(Tag::Utf8String, text.into_bytes())) {
                Some(Ok(value)) => value,
                _ => Any::from(value),
            };
            if let Some(set) = relatives.last_mut() {
                let _ = set.insert(AttributeTypeAndValue { oid, value });
            }
        });
        match visited.and_then(|()| relatives.to_der()) {
            Ok(der) => Self { der },
            Err(_) => self.clone(),
        }
    }

    /// Whether it has no attributes.
    pub fn is_empty(&self) -> bool {
        self.der == [0x30, 0x00]
    }

    /// The first common name, unescaped.
    pub fn common_name(&self) -> Option<String> {
        let mut all = self.common_names();
        if all.is_empty() { None } else { Some(all.remove(0)) }
    }

    /// Every common name, unescaped.
    pub fn common_names(&self) -> Vec<String> {
        self.values_of(attribute::COMMON_NAME)
    }

    /// Every address of mail (the attribute of PKCS#9), unescaped.
    pub(crate) fn email_addresses(&self) -> Vec<String> {
        self.values_of(attribute::EMAIL_ADDRESS)
    }

    fn values_of(&self, wanted: ObjectIdentifier) -> Vec<String> {
        let mut found = Vec::new();
        // What cannot be read has none: none can be made with it.
        let _ = walk(&self.der, &mut |_, oid, value| {
            if oid == wanted {
                found.push(attribute::value_text(value));
            }
        });
        found
    }
}

/// Visits the attributes in order, each with whether it begins a relative name. SETs are read leniently: names made
/// elsewhere do not always sort their multi-valued parts.
pub(super) fn walk(der: &[u8], visit: &mut dyn FnMut(bool, ObjectIdentifier, AnyRef<'_>)) -> Result<(), der::Error> {
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
        // Foreign names go to terminals: what a terminal would obey is written as its octets.
        if is_hostile(c) {
            out.extend(c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("\\{byte:02X}")));
            continue;
        }
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
        for text in [r"O=Smith\, Jones\+Co, CN=a\=b", r"CN=\#1", "CN=Größe", "C=DE, O=x+OU=y"] {
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
            (r"CN=\ x", "white space"),
            (r"CN=a\00b", "nobody can see"),
        ] {
            let error = DistinguishedName::parse(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    fn name(attributes: &[(&str, Tag, &[u8])]) -> DistinguishedName {
        let relative = |(oid, tag, bytes): &(&str, Tag, &[u8])| {
            let mut set = RelativeName::new();
            let value = Any::new(*tag, *bytes).unwrap();
            set.insert(AttributeTypeAndValue { oid: ObjectIdentifier::new(oid).unwrap(), value }).unwrap();
            set
        };
        let relatives: Vec<_> = attributes.iter().map(relative).collect();
        DistinguishedName::from_der(&relatives.to_der().unwrap()).unwrap()
    }

    #[test]
    fn names_of_others_are_admitted_in_our_string_types() {
        let found = name(&[
            ("2.5.4.6", Tag::PrintableString, b"de"),
            ("2.5.4.10", Tag::PrintableString, b"Example"),
            ("2.5.4.11", Tag::TeletexString, b"Z\xe4hler"),
            ("2.5.4.3", Tag::BmpString, b"\0a\0.\0b"),
            ("1.2.3.4", Tag::Ia5String, b"own"),
        ]);
        let expected = DistinguishedName::parse("C=DE, O=Example, OU=Z\u{e4}hler, CN=a.b").unwrap();
        let admitted = found.admitted().unwrap();
        assert_eq!(admitted.to_string(), format!("{expected}, 1.2.3.4=own"));
        assert!(admitted.is_within(&expected) && found.is_within(&expected));
        for (oid, tag, bytes, why) in [
            ("2.5.4.3", Tag::OctetString, &b"evil.com"[..], "no string"),
            ("2.5.4.3", Tag::Utf8String, b"a\0b", "characters that nobody can see"),
            ("2.5.4.3", Tag::Utf8String, "ok\u{202e}ten".as_bytes(), "characters that nobody can see"),
            ("2.5.4.3", Tag::Utf8String, b"evil\x1b[31m\n\x07", "characters that nobody can see"),
            ("2.5.4.3", Tag::Utf8String, b"evil.com ", "white space"),
            ("2.5.4.3", Tag::Utf8String, b"\xff", "not UTF-8"),
            ("2.5.4.3", Tag::BmpString, b"\0a\0", "UTF-16"),
            ("2.5.4.3", Tag::Utf8String, &[b'a'; 65], "at most 64"),
            ("2.5.4.6", Tag::PrintableString, b"DEU", "two letters"),
            ("1.2.3.4", Tag::Utf8String, &[b'a'; 257], "at most 256"),
            ("2.5.4.10", Tag::Utf8String, b"", "empty"),
        ] {
            let error = name(&[(oid, tag, bytes)]).admitted().unwrap_err().to_string();
            assert!(error.contains(why) && !error.contains(['\0', '\n', '\u{202e}']), "{bytes:?}: {error}");
        }
    }

    #[test]
    fn names_are_compared_as_rfc_5280_says() {
        let tree = DistinguishedName::parse("O=Evil Corp").unwrap();
        for inside in [
            name(&[("2.5.4.10", Tag::PrintableString, b"Evil Corp"), ("2.5.4.3", Tag::Utf8String, b"x")]),
            name(&[("2.5.4.10", Tag::Utf8String, b"EVIL corp")]),
            name(&[("2.5.4.10", Tag::Utf8String, b" Evil  Corp ")]),
            name(&[("2.5.4.10", Tag::BmpString, b"\0E\0v\0i\0l\0 \0C\0o\0r\0p")]),
        ] {
            assert!(inside.is_within(&tree), "{inside}");
        }
        let other = name(&[("2.5.4.11", Tag::Utf8String, b"Evil Corp")]);
        assert!(!other.is_within(&tree) && !tree.is_within(&DistinguishedName::parse("O=Evil Corp, CN=x").unwrap()));
    }

    #[test]
    fn common_names_are_spelled_as_the_host() {
        let hosts = [DnsName::parse("b\u{fc}ro.example.net").unwrap()];
        let subject = DistinguishedName::parse("O=X, CN=B\u{dc}RO.example.net, CN=other").unwrap();
        assert_eq!(subject.spelled_as(&hosts).to_string(), "O=X, CN=xn--bro-hoa.example.net, CN=other");
        assert_eq!(subject.spelled_as(&[]), subject);
        assert_eq!(subject.common_names().len(), 2);
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_shown() {
        let hostile = name(&[("2.5.4.3", Tag::Utf8String, "a\u{1b}[31m\n\u{202e}".as_bytes())]);
        assert_eq!(name(&[("2.5.4.3", Tag::Utf8String, b" x ")]).to_string(), r"CN=\ x\ ");
        assert_eq!(hostile.to_string(), r"CN=a\1B[31m\0A\E2\80\AE");
    }

    #[test]
    fn the_empty_name_is_an_empty_sequence() {
        assert_eq!(DistinguishedName::parse("").unwrap(), DistinguishedName::empty());
    }
}
