//! Where more is found: CRLs, certificates of CAs, OCSP responders (RFC 5280 sections 4.2.1.8, 4.2.1.13, 4.2.1.15 and 4.2.2).

use super::element::{Element, tag};
use super::fields::Fields;
use super::oid;
use super::rule::{Check, Lint, Since};
use super::verdict::Verdict;

const POINTS: &str = "cRLDistributionPoints";
const ACCESS: &str = "authorityInfoAccess";

pub(super) const LINTS: &[Lint] = &[
    Lint::new(
        "e_ext_subject_directory_attr_critical",
        ("RFC 5280 4.2.1.8", "subjectDirectoryAttributes", Since::RFC2459),
        "subjectDirectoryAttributes is not critical",
        Check::Critical(oid::SUBJECT_DIRECTORY_ATTRIBUTES, false),
    ),
    Lint::new(
        "w_ext_crl_distribution_marked_critical",
        ("RFC 5280 4.2.1.13", POINTS, Since::RFC2459),
        "cRLDistributionPoints is not critical",
        Check::Critical(oid::CRL_DISTRIBUTION_POINTS, false),
    ),
    Lint::new(
        "w_distribution_point_missing_ldap_or_uri",
        ("RFC 5280 4.2.1.13", POINTS, Since::RFC5280),
        "a CRL is found over http or ldap",
        Check::Certificate(|fields| {
            let Some(points) = points(fields) else { return Verdict::NotApplicable };
            let mut uris = points.iter().flat_map(Point::uris);
            Verdict::unless(!uris.any(is_fetched), "no point has a URI http:// or ldap://")
        }),
    ),
    Lint::new(
        "e_distribution_point_incomplete",
        ("RFC 5280 4.2.1.13", POINTS, Since::RFC3280),
        "a point has more than reasons",
        Check::Certificate(|fields| {
            let Some(points) = points(fields) else { return Verdict::NotApplicable };
            let broken = |point: &Point<'_>| point.has(1) && !point.has(0) && !point.has(2);
            Verdict::unless(points.iter().any(broken), "a point has reasons alone")
        }),
    ),
    Lint::new(
        "e_ext_freshest_crl_marked_critical",
        ("RFC 5280 4.2.1.15", "freshestCRL", Since::RFC3280),
        "freshestCRL is not critical",
        Check::Critical(oid::FRESHEST_CRL, false),
    ),
    Lint::new(
        "e_ext_aia_marked_critical",
        ("RFC 5280 4.2.2.1", ACCESS, Since::RFC2459),
        "authorityInfoAccess is not critical",
        Check::Critical(oid::AUTHORITY_INFO_ACCESS, false),
    ),
    Lint::new(
        "w_ext_aia_access_location_missing",
        ("RFC 5280 4.2.2.1", ACCESS, Since::RFC5280),
        "the certificate of the issuer is found over http or ldap",
        Check::Certificate(|fields| {
            let uris = access(fields, oid::CA_ISSUERS);
            let is_found = || Verdict::unless(!uris.iter().any(is_fetched), "no URI http:// or ldap://");
            Verdict::when(!uris.is_empty(), is_found)
        }),
    ),
    Lint::new(
        "e_subject_info_access_marked_critical",
        ("RFC 5280 4.2.2.2", "subjectInfoAccess", Since::RFC3280),
        "subjectInfoAccess is not critical",
        Check::Critical(oid::SUBJECT_INFO_ACCESS, false),
    ),
];

/// A DistributionPoint.
pub(super) struct Point<'a>(Vec<Element<'a>>);

impl<'a> Point<'a> {
    fn has(&self, number: u8) -> bool {
        self.0.iter().any(|part| part.context_number() == Some(number) && !part.content.is_empty())
    }

    /// The URIs of its full name.
    pub(super) fn uris(&self) -> Vec<&'a [u8]> {
        let full = self
            .0
            .iter()
            .find(|part| part.tag == tag::context_constructed(0))
            .and_then(|name| Element::only(name.content).filter(|full| full.tag == tag::context_constructed(0)));
        uris(full.and_then(|full| full.parts()).unwrap_or_default().iter())
    }
}

fn uris<'a, 'e>(names: impl Iterator<Item = &'e Element<'a>>) -> Vec<&'a [u8]>
where
    'a: 'e,
{
    names.filter(|name| name.tag == tag::context(6)).map(|name| name.content).collect()
}

/// The points of cRLDistributionPoints; none where it cannot be read.
pub(super) fn points<'a>(fields: &Fields<'a>) -> Option<Vec<Point<'a>>> {
    let value = fields.extensions.value(oid::CRL_DISTRIBUTION_POINTS)?;
    let points = Element::sequence(value).unwrap_or_default();
    Some(points.iter().filter_map(|point| point.parts().map(Point)).collect())
}

/// The URIs of authorityInfoAccess for one method.
pub(super) fn access<'a>(fields: &Fields<'a>, method: &[u8]) -> Vec<&'a [u8]> {
    let value = fields.extensions.value(oid::AUTHORITY_INFO_ACCESS);
    let descriptions = value.and_then(Element::sequence).unwrap_or_default();
    let meant = descriptions.iter().filter_map(|one| match one.parts()?[..] {
        [kind, location] if kind.content == method => Some(location),
        _ => None,
    });
    uris(meant.collect::<Vec<_>>().iter())
}

fn is_fetched(uri: impl AsRef<[u8]>) -> bool {
    let uri = uri.as_ref();
    let begins = |scheme: &[u8]| uri.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    begins(b"http://") || begins(b"ldap://")
}
