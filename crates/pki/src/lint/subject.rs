//! Names of subject and issuer (RFC 5280 sections 4.1.2.4 and 4.1.2.6; upper bounds of appendix A.1).

use super::element::tag;
use super::fields::Fields;
use super::general_names::GeneralNames;
use super::name::Name;
use super::oid;
use super::rule::{Check, Lint, Since};
use super::verdict::Verdict;

const ISSUER: &str = "issuer";
const SUBJECT: &str = "subject";
const BOUNDS: (&str, &str, Since) = ("RFC 5280 A.1", SUBJECT, Since::RFC2459);
/// Recommended in X.411, from which the upper bounds are; the bound itself is 32768.
const RECOMMENDED: (&str, &str, Since) = ("X.411 B", SUBJECT, Since::RFC2459);

pub(super) const LINTS: &[Lint] = &[
    Lint::new(
        "e_issuer_field_empty",
        ("RFC 5280 4.1.2.4", ISSUER, Since::RFC2459),
        "the issuer has a name",
        Check::Certificate(|fields| Verdict::unless(fields.issuer.is_empty(), "it is empty")),
    ),
    Lint::new(
        "e_issuer_dn_country_not_printable_string",
        ("RFC 5280 A.1", ISSUER, Since::EVER),
        "countryName is a PrintableString",
        Check::Certificate(|fields| printable(&fields.issuer, oid::COUNTRY)),
    ),
    Lint::new(
        "e_ca_subject_field_empty",
        ("RFC 5280 4.1.2.6", SUBJECT, Since::RFC2459),
        "a CA has a name",
        Check::Certificate(|fields| {
            Verdict::when(fields.is_ca(), || Verdict::unless(fields.subject.is_empty(), "it is empty"))
        }),
    ),
    Lint::new(
        "e_subject_empty_without_san",
        ("RFC 5280 4.1.2.6", SUBJECT, Since::RFC2459),
        "a subject without a name has alternative names",
        Check::Certificate(|fields| {
            let has_names = fields.extensions.has(oid::SUBJECT_ALT_NAME);
            Verdict::unless(fields.subject.is_empty() && !has_names, "it has no name, and no subjectAltName either")
        }),
    ),
    Lint::new(
        "e_subject_dn_country_not_printable_string",
        ("RFC 5280 A.1", SUBJECT, Since::EVER),
        "countryName is a PrintableString",
        Check::Certificate(|fields| printable(&fields.subject, oid::COUNTRY)),
    ),
    Lint::new(
        "e_subject_dn_serial_number_not_printable_string",
        ("RFC 5280 A.1", SUBJECT, Since::EVER),
        "serialNumber is a PrintableString",
        Check::Certificate(|fields| printable(&fields.subject, oid::SERIAL_NUMBER)),
    ),
    Lint::new(
        "e_subject_dn_not_printable_characters",
        ("RFC 5280 A.1", SUBJECT, Since::EVER),
        "values have no control characters",
        Check::Certificate(control_characters),
    ),
    Lint::new(
        "e_subject_printable_string_badalpha",
        ("RFC 5280 B", SUBJECT, Since::RFC2459),
        "a PrintableString has the characters of its type",
        Check::Certificate(not_printable),
    ),
    Lint::new(
        "e_subj_email_not_in_san",
        ("RFC 5280 4.1.2.6", SUBJECT, Since::RFC2459),
        "an emailAddress is among the alternative names, too",
        Check::Certificate(email_not_listed),
    ),
    longest("e_subject_common_name_max_length", BOUNDS, "commonName: at most 64 characters", oid::COMMON_NAME, 64),
    longest(
        "e_subject_dn_serial_number_max_length",
        ("RFC 5280 A.1", SUBJECT, Since::EVER),
        "serialNumber: at most 64 characters",
        oid::SERIAL_NUMBER,
        64,
    ),
    longest("e_subject_email_max_length", BOUNDS, "emailAddress: at most 255 characters", oid::EMAIL_ADDRESS, 255),
    longest("e_subject_given_name_max_length", BOUNDS, "givenName: at most 32768 characters", oid::GIVEN_NAME, 32_768),
    longest(
        "w_subject_given_name_recommended_max_length",
        RECOMMENDED,
        "givenName: at most 64 characters are recommended",
        oid::GIVEN_NAME,
        64,
    ),
    longest("e_subject_locality_name_max_length", BOUNDS, "localityName: at most 128 characters", oid::LOCALITY, 128),
    longest(
        "e_subject_organization_name_max_length",
        BOUNDS,
        "organizationName: at most 64 characters",
        oid::ORGANIZATION,
        64,
    ),
    longest(
        "e_subject_organizational_unit_name_max_length",
        BOUNDS,
        "organizationalUnitName: at most 64 characters",
        oid::ORGANIZATIONAL_UNIT,
        64,
    ),
    longest("e_subject_postal_code_max_length", BOUNDS, "postalCode: at most 16 characters", oid::POSTAL_CODE, 16),
    longest("e_subject_state_name_max_length", BOUNDS, "stateOrProvinceName: at most 128 characters", oid::STATE, 128),
    longest("e_subject_street_address_max_length", BOUNDS, "streetAddress: at most 128 characters", oid::STREET, 128),
    longest("e_subject_surname_max_length", BOUNDS, "surname: at most 32768 characters", oid::SURNAME, 32_768),
    longest(
        "w_subject_surname_recommended_max_length",
        RECOMMENDED,
        "surname: at most 64 characters are recommended",
        oid::SURNAME,
        64,
    ),
];

const fn longest(
    id: &'static str,
    place: (&'static str, &'static str, Since),
    rule: &'static str,
    oid: &'static [u8],
    most: usize,
) -> Lint {
    Lint::new(id, place, rule, Check::Longest(oid, most))
}

/// Whether the attributes of one type have at most so many characters.
pub(super) fn length(subject: &Name<'_>, oid: &[u8], most: usize) -> Verdict {
    let lengths = || subject.of(oid).map(|attribute| attribute.text().chars().count());
    Verdict::when(subject.has(oid), || {
        Verdict::of(lengths().find(|length| *length > most).map(|length| format!("it has {length} characters")))
    })
}

fn printable(name: &Name<'_>, oid: &[u8]) -> Verdict {
    Verdict::when(name.of(oid).next().is_some(), || {
        let other = name.of(oid).any(|attribute| attribute.value.tag != tag::PRINTABLE_STRING);
        Verdict::unless(other, "it is of another string type")
    })
}

/// By octets, as zlint has it: the zero octets of a BMPString are control characters, too. The type is obsolete (section 4.1.2.4).
fn control_characters(fields: &Fields<'_>) -> Verdict {
    let is_control = |c: char| c.is_control();
    let broken =
        fields.subject.0.iter().any(|attribute| String::from_utf8_lossy(attribute.value.content).contains(is_control));
    Verdict::unless(broken, "a value has control characters")
}

fn not_printable(fields: &Fields<'_>) -> Verdict {
    let allowed = |octet: &u8| octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(octet);
    let mut printable = fields.subject.0.iter().filter(|attribute| attribute.value.tag == tag::PRINTABLE_STRING);
    let broken =
        printable.find(|attribute| attribute.value.content.is_empty() || !attribute.value.content.iter().all(allowed));
    Verdict::of(broken.map(|attribute| format!("`{}` is no PrintableString", attribute.text())))
}

fn email_not_listed(fields: &Fields<'_>) -> Verdict {
    Verdict::when(fields.subject.has(oid::EMAIL_ADDRESS), || {
        let names = fields.extensions.value(oid::SUBJECT_ALT_NAME).and_then(GeneralNames::read).unwrap_or_default();
        let listed: Vec<_> = names.emails().collect();
        let mut given = fields.subject.of(oid::EMAIL_ADDRESS).map(|attribute| attribute.text());
        Verdict::of(given.find(|one| !listed.contains(one)).map(|one| format!("`{one}` is no alternative name")))
    })
}
