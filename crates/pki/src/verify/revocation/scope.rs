//! Which certificates a CRL speaks of, and where a certificate says that its CRLs are (RFC 5280 sections 4.2.1.13, 5.2.5 and
//! 6.3.3 (b)).

use der::{Decode, Encode};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::crl::{CrlDistributionPoints, IssuingDistributionPoint};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};

use crate::name::distinguished_name::DistinguishedName;
use crate::x509::certificate::Certificate;

/// Reasons for which certificates are revoked, as a set of bits of ReasonFlags.
pub(super) type ReasonSet = u16;

/// Every reason there is: what must be looked through before a certificate is known not to be revoked.
pub(super) const ALL_REASONS: ReasonSet = 0b1_1111_1110;

const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";

/// A name of a distribution point, for comparison.
#[derive(Clone, Debug)]
enum PointName {
    Directory(DistinguishedName),
    /// DER of a GeneralName.
    Other(Vec<u8>),
}

impl PointName {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Directory(one), Self::Directory(other)) => one.is_same(other),
            (Self::Other(one), Self::Other(other)) => one == other,
            _ => false,
        }
    }
}

/// issuingDistributionPoint of a list; without that extension it is for every certificate of its issuer.
#[derive(Clone, Debug)]
pub(super) struct ListScope {
    point: Option<Vec<PointName>>,
    only_users: bool,
    only_authorities: bool,
    only_attributes: bool,
    /// It has entries of other issuers, too.
    pub(super) indirect: bool,
    reasons: ReasonSet,
}

impl Default for ListScope {
    fn default() -> Self {
        Self {
            point: None,
            only_users: false,
            only_authorities: false,
            only_attributes: false,
            indirect: false,
            reasons: ALL_REASONS,
        }
    }
}

impl ListScope {
    pub(super) fn of(point: &IssuingDistributionPoint, issuer: &DistinguishedName) -> Result<Self, der::Error> {
        let name = point.distribution_point.as_ref().map(|name| point_names(name, issuer)).transpose()?;
        Ok(Self {
            point: name,
            only_users: point.only_contains_user_certs,
            only_authorities: point.only_contains_ca_certs,
            only_attributes: point.only_contains_attribute_certs,
            indirect: point.indirect_crl,
            reasons: point.only_some_reasons.map_or(ALL_REASONS, |reasons| reasons.bits() & ALL_REASONS),
        })
    }
}

/// One distribution point of a certificate.
pub(super) struct Point {
    names: Option<Vec<PointName>>,
    reasons: ReasonSet,
    issuers: Vec<DistinguishedName>,
}

impl Point {
    /// The points of a certificate, and at last the one that every certificate has: its issuer, for all reasons (section 6.3.3).
    ///
    /// # Errors
    /// They cannot be read.
    pub(super) fn of(certificate: &Certificate) -> Result<Vec<Self>, der::Error> {
        let mut points = Vec::new();
        if let Some(value) = certificate.extension_value(CRL_DISTRIBUTION_POINTS) {
            for point in CrlDistributionPoints::from_der(&value)?.0 {
                points.push(Self::read(&point, &certificate.issuer)?);
            }
        }
        let own = PointName::Directory(certificate.issuer.clone());
        points.push(Self { names: Some(vec![own]), reasons: ALL_REASONS, issuers: Vec::new() });
        Ok(points)
    }

    fn read(point: &DistributionPoint, issuer: &DistinguishedName) -> Result<Self, der::Error> {
        let mut issuers = Vec::new();
        for name in point.crl_issuer.iter().flatten() {
            if let GeneralName::DirectoryName(name) = name {
                issuers.push(directory(name)?);
            }
        }
        let base = issuers.first().unwrap_or(issuer);
        let names = point.distribution_point.as_ref().map(|name| point_names(name, base)).transpose()?;
        let reasons = point.reasons.map_or(ALL_REASONS, |reasons| reasons.bits() & ALL_REASONS);
        Ok(Self { names, reasons, issuers })
    }

    /// Whether a list by that issuer with that scope is one of this point for that certificate, and for which reasons
    /// (section 6.3.3 (b) and (d)).
    pub(super) fn reasons_of(
        &self,
        list_issuer: &DistinguishedName,
        scope: &ListScope,
        certificate: &Certificate,
    ) -> Option<ReasonSet> {
        let by_whom = if self.issuers.is_empty() {
            certificate.issuer.is_same(list_issuer)
        } else {
            scope.indirect && self.issuers.iter().any(|issuer| issuer.is_same(list_issuer))
        };
        let other_kind = if certificate.is_ca { scope.only_users } else { scope.only_authorities };
        let at_point = scope.point.as_ref().is_none_or(|listed| {
            let own =
                self.names.clone().unwrap_or_else(|| self.issuers.iter().cloned().map(PointName::Directory).collect());
            own.iter().any(|name| listed.iter().any(|listed| listed.is_same(name)))
        });
        (by_whom && at_point && !other_kind && !scope.only_attributes).then_some(self.reasons & scope.reasons)
    }
}

fn point_names(name: &DistributionPointName, base: &DistinguishedName) -> Result<Vec<PointName>, der::Error> {
    match name {
        DistributionPointName::FullName(names) => names.iter().map(point_name).collect(),
        DistributionPointName::NameRelativeToCRLIssuer(relative) => {
            Ok(vec![PointName::Directory(below(base, &relative.to_der()?)?)])
        }
    }
}

fn point_name(name: &GeneralName) -> Result<PointName, der::Error> {
    match name {
        GeneralName::DirectoryName(name) => Ok(PointName::Directory(directory(name)?)),
        other => Ok(PointName::Other(other.to_der()?)),
    }
}

fn directory(name: &x509_cert::name::Name) -> Result<DistinguishedName, der::Error> {
    DistinguishedName::from_der(&name.to_der()?).map_err(|_| der::ErrorKind::Failed.into())
}

/// The name with one relative name more at its end.
fn below(base: &DistinguishedName, relative: &[u8]) -> Result<DistinguishedName, der::Error> {
    let base = der::asn1::AnyRef::from_der(base.as_der())?;
    let content = [base.value(), relative].concat();
    let whole = der::asn1::AnyRef::new(der::Tag::Sequence, &content)?.to_der()?;
    DistinguishedName::from_der(&whole).map_err(|_| der::ErrorKind::Failed.into())
}

/// The directory names of GeneralNames in DER.
pub(super) fn directory_names(der: &[u8]) -> Result<Vec<DistinguishedName>, der::Error> {
    let mut found = Vec::new();
    for name in Vec::<GeneralName>::from_der(der)? {
        if let GeneralName::DirectoryName(name) = &name {
            found.push(directory(name)?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use x509_cert::ext::pkix::crl::dp::Reasons;

    #[test]
    fn all_reasons_are_those_of_the_standard_but_unused() {
        let all = [
            Reasons::KeyCompromise,
            Reasons::CaCompromise,
            Reasons::AffiliationChanged,
            Reasons::Superseded,
            Reasons::CessationOfOperation,
            Reasons::CertificateHold,
            Reasons::PrivilegeWithdrawn,
            Reasons::AaCompromise,
        ];
        assert_eq!(
            all.into_iter().fold(0, |set, reason| set | der::flagset::FlagSet::from(reason).bits()),
            ALL_REASONS
        );
    }

    #[test]
    fn another_issuer_counts_only_with_an_indirect_list_and_only_where_it_is_named() {
        use crate::key::KeyPair;
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        let certificate = rcgen::CertificateParams::default().self_signed(&key).unwrap();
        let certificate = Certificate::from_der(certificate.der()).unwrap();
        let other = DistinguishedName::parse("CN=CRL issuer").unwrap();
        let named = Point { names: None, reasons: ALL_REASONS, issuers: vec![other.clone()] };
        let direct = ListScope::default();
        let indirect = ListScope { indirect: true, ..ListScope::default() };
        assert_eq!(named.reasons_of(&other, &indirect, &certificate), Some(ALL_REASONS));
        assert_eq!(named.reasons_of(&other, &direct, &certificate), None);
        assert_eq!(named.reasons_of(&certificate.issuer, &indirect, &certificate), None);
        let own = Point { names: None, reasons: ALL_REASONS, issuers: Vec::new() };
        assert_eq!(own.reasons_of(&certificate.issuer, &direct, &certificate), Some(ALL_REASONS));
        assert_eq!(own.reasons_of(&other, &indirect, &certificate), None);
    }
}
