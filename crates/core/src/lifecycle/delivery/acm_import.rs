//! Delivery into AWS Certificate Manager: an output with the address `acm:ARN`, or `acm:new`, which becomes the ARN that the
//! service gives it, so that a rotation imports in the same place.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::lifecycle::delivery::{Material, Output, OutputForm};
use crate::lifecycle::session::Session;
use certroll_pki::key::kind::PublicKeyKind;

/// What stands before the ARN.
pub(crate) const SCHEME: &str = "acm:";

/// The address of an output: an ARN, or `new`.
///
/// # Errors
/// It is neither.
pub fn address(text: &str) -> Result<PathBuf, Error> {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let is_arn = matches!(parts.as_slice(), ["arn", partition, "acm", region, _, rest]
        if partition.starts_with("aws") && !region.is_empty() && rest.starts_with("certificate/"));
    if text == "new" || is_arn {
        return Ok(PathBuf::from(format!("{SCHEME}{text}")));
    }
    Err(Error::new(ErrorKind::Usage, format!("`{text}` is no certificate of ACM"))
        .hint("give its ARN, arn:aws:acm:REGION:ACCOUNT:certificate/ID, or `new`"))
}

/// The ARN of an address; `None` for a new one.
fn arn(path: &Path) -> Option<String> {
    let text = path.to_string_lossy();
    text.strip_prefix(SCHEME).filter(|arn| *arn != "new").map(str::to_owned)
}

/// Whether the address stands for one that is not there yet.
pub(crate) fn is_new(output: &Output) -> bool {
    matches!(output.form, OutputForm::Acm) && arn(&output.path).is_none()
}

/// Checks, before anything is issued, that a key of that kind can go where the outputs say; tells what uses them now.
///
/// # Errors
/// It cannot, or AWS cannot be asked.
pub(crate) fn check(session: &Session, outputs: &[Output], key_kind: Option<&PublicKeyKind>) -> Result<(), Error> {
    for output in outputs.iter().filter(|output| matches!(output.form, OutputForm::Acm)) {
        for user in service::check(&output.path, arn(&output.path).as_deref(), key_kind)? {
            let path = output.path.display();
            session.watcher.warn(&format!("`{user}` uses `{path}`: it will serve the new certificate"));
        }
    }
    Ok(())
}

/// Imports; answers the address that it has from now on.
///
/// # Errors
/// The service refuses, or cannot be reached.
pub(crate) fn write(output: &Output, material: &Material) -> Result<PathBuf, Error> {
    service::import(output, arn(&output.path).as_deref(), material)
}

#[cfg(feature = "aws")]
mod service {
    use std::path::{Path, PathBuf};

    use super::SCHEME;
    use crate::destination::{AcmBundle, AcmTarget};
    use crate::error::{Error, ErrorKind};
    use crate::hint::certificate::DeliveryHint;
    use crate::lifecycle::delivery::{Material, Output, without_root};
    use certroll_base::encoding::{hex, sha256};
    use certroll_base::network::{NetworkFailure, Remedy};
    use certroll_keystore::pem;
    use certroll_pki::key::kind::PublicKeyKind;

    /// What uses it now.
    pub(crate) fn check(
        path: &Path,
        arn: Option<&str>,
        key_kind: Option<&PublicKeyKind>,
    ) -> Result<Vec<String>, Error> {
        let failed = |failure| failed(path, failure);
        let target = AcmTarget::open(arn).map_err(failed)?;
        let objection = key_kind.map(|kind| target.objection(kind)).transpose().map_err(failed)?;
        if let Some(why) = objection.flatten() {
            let message = format!("`{}` cannot take this certificate", path.display());
            return Err(Error::new(ErrorKind::Unsupported, message).because(why).hint(DeliveryHint::AcmKind));
        }
        Ok(target.installed().map_err(failed)?.map(|detail| detail.in_use_by).unwrap_or_default())
    }

    pub(crate) fn import(output: &Output, arn: Option<&str>, material: &Material) -> Result<PathBuf, Error> {
        let path = &output.path;
        let missing = || Error::new(ErrorKind::Usage, format!("`{}` needs the private key", path.display()));
        let key = material.key.as_ref().ok_or_else(missing)?;
        let chain = without_root(&material.chain);
        let (leaf, above) = chain.split_at(chain.len().min(1));
        let arn = AcmTarget::open(arn).and_then(|target| {
            target.import(&AcmBundle {
                name: &output.alias,
                sha256: &leaf.first().map(|der| hex(&sha256(der))).unwrap_or_default(),
                certificate: &pem::chain_text(leaf),
                chain: &pem::chain_text(above),
                key: &pem::plain_key_text(key.expose()),
            })
        });
        let arn = arn.map_err(|failure| failed(path, failure))?;
        Ok(PathBuf::from(format!("{SCHEME}{arn}")))
    }

    fn failed(path: &Path, failure: NetworkFailure) -> Error {
        let kind = match failure.kind.remedy() {
            Remedy::Credentials => ErrorKind::Permission,
            Remedy::Correct => ErrorKind::Usage,
            Remedy::Retry => ErrorKind::Temporary(None),
            Remedy::Elsewhere => ErrorKind::Unsupported,
            Remedy::Unknown => ErrorKind::Failed,
        };
        let advice = certroll_aws::advice(failure.kind);
        let error = Error::new(kind, format!("`{}` cannot be used", path.display())).because(failure);
        advice.into_iter().fold(error, Error::hint)
    }
}

#[cfg(not(feature = "aws"))]
mod service {
    use std::path::{Path, PathBuf};

    use crate::error::{Error, ErrorKind};
    use crate::lifecycle::delivery::{Material, Output};
    use certroll_pki::key::kind::PublicKeyKind;

    pub(crate) fn check(
        path: &Path,
        _arn: Option<&str>,
        _key_kind: Option<&PublicKeyKind>,
    ) -> Result<Vec<String>, Error> {
        Err(left_out(path))
    }

    pub(crate) fn import(output: &Output, _arn: Option<&str>, _material: &Material) -> Result<PathBuf, Error> {
        Err(left_out(&output.path))
    }

    fn left_out(path: &Path) -> Error {
        Error::new(
            ErrorKind::Unsupported,
            format!("`{}` is at AWS, which this build of certroll leaves out", path.display()),
        )
        .hint("use one that was built with the feature `aws`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_arn_or_new() {
        let good = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";
        assert_eq!(address(good).ok().and_then(|path| arn(&path)).as_deref(), Some(good));
        assert_eq!(address("new").ok().map(|path| arn(&path)), Some(None));
        for bad in ["", "arn:aws:iam::1:server-certificate/x", "NEW", "arn:aws:acm::1:certificate/x"] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
