//! AWS Certificate Manager as a destination: its addresses, in every build; [`import`] where the build has AWS.

#[cfg(feature = "aws")]
mod import;

use crate::destination::DestinationKind;
#[cfg(feature = "aws")]
use import::open;

/// Certificates that are imported into AWS Certificate Manager.
pub(super) const KIND: &DestinationKind = &DestinationKind {
    id: "acm",
    recorded_as: "aws-acm",
    summary: "AWS Certificate Manager; the ARN stays",
    objection,
    open,
};

/// An address is the ARN of a certificate.
fn objection(text: &str) -> Option<String> {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let is_arn = matches!(parts.as_slice(), ["arn", partition, "acm", region, _, rest]
        if partition.starts_with("aws") && !region.is_empty() && rest.starts_with("certificate/"));
    (!is_arn).then(|| "give its ARN, arn:aws:acm:REGION:ACCOUNT:certificate/ID, or `new`".to_owned())
}

#[cfg(not(feature = "aws"))]
fn open(
    _place: &crate::destination::Place,
) -> Result<Box<dyn crate::destination::Destination>, crate::destination::DestinationError> {
    Err(crate::destination::DestinationError::Unsupported(
        "it is at AWS, which this build of certroll leaves out".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use crate::destination::{Object, Place};

    use super::*;

    #[test]
    fn an_address_is_an_arn_or_new() {
        let good = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";
        assert_eq!(KIND.place(good), Ok(Place::Service(KIND, Object::Existing(good.to_owned()))));
        assert_eq!(KIND.place("new"), Ok(Place::Service(KIND, Object::New)));
        for bad in ["", "arn:aws:iam::1:server-certificate/x", "NEW", "arn:aws:acm::1:certificate/x"] {
            assert!(KIND.place(bad).is_err(), "{bad}");
        }
    }
}
