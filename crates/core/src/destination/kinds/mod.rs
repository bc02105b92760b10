//! The table of destinations. A new kind is a file here, its `mod` and its row.

mod acm;
pub mod file;

use std::path::Path;

use super::{Destination, DestinationError, DestinationKind, Object, Place};

/// All kinds of destinations.
pub const KINDS: &[&DestinationKind] = &[file::KIND, acm::KIND];

/// The kind of that name.
pub fn by_id(id: &str) -> Option<&'static DestinationKind> {
    KINDS.iter().copied().find(|kind| kind.id == id)
}

/// The kinds that are services: they take a certificate and its key, not bytes.
pub fn services() -> impl Iterator<Item = &'static DestinationKind> {
    KINDS.iter().copied().filter(|kind| *kind != file::KIND)
}

/// The kind of a place.
pub fn of(place: &Place) -> &'static DestinationKind {
    match place {
        Place::File(_) => file::KIND,
        Place::Service(kind, _) => kind,
    }
}

/// What is at a place, to be used.
///
/// # Errors
/// The service cannot be used, or this build leaves it out.
pub fn open(place: &Place) -> Result<Box<dyn Destination>, DestinationError> {
    (of(place).open)(place)
}

/// The place of that address, as it stands in the inventory beside the name of its format.
pub fn remembered(address: &Path, format: &str) -> Place {
    let service = services().find(|kind| kind.id == format);
    let object = service.zip(address.to_str()).and_then(|(kind, text)| {
        let address = text.strip_prefix(kind.id)?.strip_prefix(':')?;
        Some(Place::Service(kind, Object::Existing(address.to_owned())))
    });
    object.unwrap_or_else(|| Place::File(address.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_found_again() {
        let acm = by_id("acm").unwrap();
        let arn = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";
        for (place, format) in [
            (Place::File("/etc/broker.p12".into()), "pkcs12"),
            (Place::File("/etc/acm:new".into()), "certificate"),
            (Place::Service(acm, Object::Existing(arn.to_owned())), "acm"),
        ] {
            assert_eq!(remembered(&place.address(), format), place);
        }
        assert_eq!(remembered(Path::new("/k.acm"), "acm"), Place::File("/k.acm".into()));
    }
}
