//! keyUsage and extKeyUsage (RFC 5280 sections 4.2.1.3 and 4.2.1.12).

use super::element::{Element, dotted, tag};
use super::fields::Fields;
use super::oid;
use super::rule::{Check, Lint, Since};
use super::verdict::Verdict;

const USAGE: &str = "keyUsage";

/// Bits of keyUsage by their numbers.
const DIGITAL_SIGNATURE: u16 = 1 << 0;
const NON_REPUDIATION: u16 = 1 << 1;
const KEY_ENCIPHERMENT: u16 = 1 << 2;
const KEY_AGREEMENT: u16 = 1 << 4;
pub(super) const KEY_CERT_SIGN: u16 = 1 << 5;
pub(super) const CRL_SIGN: u16 = 1 << 6;
/// How many bits are named.
const NAMED: usize = 9;

pub(super) const LINTS: &[Lint] = &[
    Lint::new(
        "w_ext_key_usage_not_critical",
        ("RFC 5280 4.2.1.3", USAGE, Since::RFC2459),
        "keyUsage is critical",
        Check::Critical(oid::KEY_USAGE, true),
    ),
    Lint::new(
        "e_ext_key_usage_without_bits",
        ("RFC 5280 4.2.1.3", USAGE, Since::RFC5280),
        "at least one bit is set",
        Check::Certificate(|fields| {
            key_usage(fields).map_or(Verdict::NotApplicable, |bits| Verdict::unless(bits == 0, "no bit is set"))
        }),
    ),
    Lint::new(
        "e_ext_key_usage_cert_sign_without_ca",
        ("RFC 5280 4.2.1.3", USAGE, Since::RFC3280),
        "keyCertSign is for CAs",
        Check::Certificate(|fields| {
            let bits = key_usage(fields);
            let broken = |bits: u16| bits & KEY_CERT_SIGN != 0 && !fields.is_ca();
            bits.map_or(Verdict::NotApplicable, |bits| Verdict::unless(broken(bits), "it has keyCertSign and is no CA"))
        }),
    ),
    Lint::new(
        "e_incorrect_ku_encoding",
        ("X.690 11.2.2", USAGE, Since::EVER),
        "trailing zero bits are left out",
        Check::Certificate(|fields| encoding(fields, trailing_zeros)),
    ),
    Lint::new(
        "e_superfluous_ku_encoding",
        ("X.690 11.2.2", USAGE, Since::EVER),
        "trailing zero octets are left out",
        Check::Certificate(|fields| {
            encoding(fields, |value| (value.last() == Some(&0)).then(|| "its last octet is zero".to_owned()))
        }),
    ),
    Lint::new(
        "e_key_usage_incorrect_length",
        ("RFC 5280 4.2.1.3", USAGE, Since::RFC5280),
        "it has at most nine bits",
        Check::Certificate(|fields| match fields.extensions.value(oid::KEY_USAGE).map(bits) {
            None => Verdict::NotApplicable,
            Some(None) => Verdict::failed("it is no BIT STRING"),
            Some(Some(bits)) => {
                let beyond = bits.len().saturating_sub(NAMED);
                Verdict::unless(bits.iter().take(beyond).any(|bit| *bit), "it has more bits")
            }
        }),
    ),
    Lint::new(
        "w_eku_critical_improperly",
        ("RFC 5280 4.2.1.12", "extKeyUsage", Since::RFC3280),
        "extKeyUsage is not critical if it has anyExtendedKeyUsage",
        Check::Certificate(|fields| match fields.extensions.find(oid::EXTENDED_KEY_USAGE) {
            None => Verdict::NotApplicable,
            Some(one) => {
                let any = purposes(fields).unwrap_or_default().contains(&oid::ANY_PURPOSE);
                Verdict::unless(one.is_critical() && any, "it is critical and allows everything")
            }
        }),
    ),
    Lint::new(
        "e_key_usage_and_extended_key_usage_inconsistent",
        ("RFC 5280 4.2.1.12", "keyUsage, extKeyUsage", Since::RFC5280),
        "keyUsage has bits that go with the purposes of extKeyUsage, and no others",
        Check::Certificate(inconsistent),
    ),
];

/// The bits of a BIT STRING that is a value, the unused ones left out; `None` for what is no BIT STRING.
fn bits(value: &[u8]) -> Option<Vec<bool>> {
    let string = Element::only(value).filter(|string| string.tag == tag::BIT_STRING)?;
    let (unused, octets) = string.content.split_first()?;
    let unused = usize::from(*unused);
    if unused > 7 || (octets.is_empty() && unused > 0) {
        return None;
    }
    let all = octets.iter().flat_map(|octet| (0..8).map(move |bit| octet & (0x80 >> bit) != 0));
    let all: Vec<bool> = all.collect();
    let (used, padding) = all.split_at_checked(all.len() - unused)?;
    (!padding.contains(&true)).then(|| used.to_vec())
}

/// The bits of keyUsage, the first in the lowest place; `None` without the extension, none set where it cannot be read.
pub(super) fn key_usage(fields: &Fields<'_>) -> Option<u16> {
    let bits = bits(fields.extensions.value(oid::KEY_USAGE)?).unwrap_or_default();
    Some(bits.iter().take(NAMED).enumerate().fold(0, |all, (at, set)| all | u16::from(*set) << at))
}

/// The purposes of extKeyUsage.
pub(super) fn purposes<'a>(fields: &Fields<'a>) -> Option<Vec<&'a [u8]>> {
    let parts = Element::sequence(fields.extensions.value(oid::EXTENDED_KEY_USAGE)?)?;
    Some(parts.iter().map(|purpose| purpose.content).collect())
}

fn encoding(fields: &Fields<'_>, broken: fn(&[u8]) -> Option<String>) -> Verdict {
    match fields.extensions.value(oid::KEY_USAGE) {
        Some(value) if !value.is_empty() => Verdict::of(broken(value)),
        _ => Verdict::NotApplicable,
    }
}

/// A named bit string ends with its last bit that is set.
fn trailing_zeros(value: &[u8]) -> Option<String> {
    let [_, _, unused, octets @ ..] = value else { return Some("it is too short".to_owned()) };
    let last = octets.iter().rposition(|octet| *octet != 0);
    let zeros = last.map_or(0, |at| 8 * (octets.len() - 1 - at) + octets[at].trailing_zeros() as usize);
    let said = usize::from(*unused);
    if octets.is_empty() {
        return Some("it is too short".to_owned());
    }
    (zeros != said).then(|| format!("it says that {said} bits are unused, and they are {zeros}"))
}

/// Which bits go with a purpose, and which of them exclude each other.
struct Consistent {
    purpose: &'static [u8],
    bits: u16,
    /// Bits of which at most one may be set.
    one_of: u16,
}

const fn consistent(purpose: &'static [u8], bits: u16, one_of: u16) -> Consistent {
    Consistent { purpose, bits, one_of }
}

const CONSISTENT: &[Consistent] = &[
    consistent(
        oid::SERVER_AUTH,
        DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT,
        KEY_ENCIPHERMENT | KEY_AGREEMENT,
    ),
    consistent(oid::CLIENT_AUTH, DIGITAL_SIGNATURE | KEY_AGREEMENT, 0),
    consistent(oid::CODE_SIGNING, DIGITAL_SIGNATURE, 0),
    consistent(
        oid::EMAIL_PROTECTION,
        DIGITAL_SIGNATURE | NON_REPUDIATION | KEY_ENCIPHERMENT | KEY_AGREEMENT,
        KEY_ENCIPHERMENT | KEY_AGREEMENT,
    ),
    consistent(oid::TIME_STAMPING, DIGITAL_SIGNATURE | NON_REPUDIATION, 0),
    consistent(oid::OCSP_SIGNING, DIGITAL_SIGNATURE | NON_REPUDIATION, 0),
];

/// One purpose allows the bits that go with it. Several allow what one of them allows, for nobody has to recognise all; one of
/// which nothing is known may allow everything.
fn inconsistent(fields: &Fields<'_>) -> Verdict {
    let (Some(usage), Some(purposes)) = (key_usage(fields), purposes(fields)) else { return Verdict::NotApplicable };
    Verdict::when(fields.is_subscriber(), || {
        let known = |purpose: &&[u8]| CONSISTENT.iter().find(|one| one.purpose == *purpose);
        let all: Option<Vec<_>> = purposes.iter().map(known).collect();
        let Some(all) = all else { return Verdict::Passed };
        let allowed = all.iter().fold(0, |bits, one| bits | one.bits);
        let both = |one: &Consistent| one.one_of != 0 && usage & one.one_of == one.one_of;
        let excluding = matches!(all.as_slice(), [only] if both(only));
        let broken = !purposes.is_empty() && (usage == 0 || usage & !allowed != 0 || excluding);
        let texts: Vec<_> = purposes.iter().map(|purpose| dotted(purpose)).collect();
        Verdict::of(broken.then(|| format!("keyUsage does not go with {}", texts.join(", "))))
    })
}
