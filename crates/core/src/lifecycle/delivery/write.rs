//! Writing the places of one certificate: its files all together or none of them, then services one by one.

use std::path::Path;

use super::content::{self, render};
use super::output::{Material, Output};
use super::owner::{self, Lineage};
use crate::destination::kinds::file::{self, FileDestination};
use crate::destination::{Bundle, Content, Destination as _, Place, Staged, kinds};
use crate::error::{Error, ErrorKind};
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{Sha256, hex, sha256};
use certroll_keystore::pem as pem_format;

/// A place that has the certificate now.
pub(crate) struct Written {
    /// The place that it has from now on.
    pub(crate) place: Place,
    /// SHA-256 of the bytes of a file; `None` for a service, and for what keeps nothing.
    pub(crate) digest: Option<Sha256>,
    /// Whether it can be found again there: a pipe or a device keeps nothing.
    pub(crate) kept: bool,
}

/// What became of each output, in their order.
pub(crate) type WrittenAll = Vec<Result<Written, Error>>;

/// Writes all of them. Needs nothing of the home, so that one certificate's derivation of keys does not hold up another.
///
/// If one file cannot be written, none of them is changed.
pub(crate) fn write_all(lineage: &Lineage, outputs: &[Output], material: &Material, now: Timestamp) -> WrittenAll {
    let mut files = files(lineage, outputs, material, now).into_iter();
    let written = |output: &Output| match output.place.file() {
        Some(_) => files.next().unwrap_or_else(|| Err(Error::new(ErrorKind::Failed, "a file was passed over"))),
        None => service(output, material),
    };
    outputs.iter().map(written).collect()
}

/// Its bytes, and whether they hold a key.
type Rendered = (Vec<u8>, bool);

fn files(lineage: &Lineage, outputs: &[Output], material: &Material, now: Timestamp) -> WrittenAll {
    let outputs: Vec<(&Output, &Path)> =
        outputs.iter().filter_map(|output| Some((output, output.place.file()?))).collect();
    // A key takes a moment to encrypt: what depends on nothing that others change is rendered before the locks are taken.
    let early: Vec<Option<Result<Rendered, Error>>> = outputs
        .iter()
        .map(|(output, path)| (!output.form.is_shared()).then(|| render(output, path, material, now)))
        .collect();
    let locks = match file::lock(outputs.iter().map(|(_, path)| *path)) {
        Ok(locks) => locks,
        Err(error) => return all_failed(&outputs, 0, Error::destination("the directories", "use", error)),
    };
    let mut staged = Vec::with_capacity(outputs.len());
    for (at, ((output, path), early)) in outputs.iter().zip(early).enumerate() {
        let rendered = early.unwrap_or_else(|| render(output, path, material, now));
        match rendered.and_then(|rendered| stage(lineage, output, path, rendered, now)) {
            Ok(one) => staged.push(one),
            Err(error) => return all_failed(&outputs, at, error),
        }
    }
    let written = publish(&outputs, staged);
    drop(locks);
    written
}

/// A file that is ready.
struct Ready {
    staged: Box<dyn Staged>,
    digest: Sha256,
    kept: bool,
}

fn stage(
    lineage: &Lineage,
    output: &Output,
    path: &Path,
    (bytes, private): Rendered,
    now: Timestamp,
) -> Result<Ready, Error> {
    let refused = |error| Error::destination(path.display(), "write", error);
    let destination = FileDestination::new(path);
    let kept = destination.keeps().map_err(refused)?;
    let (entries, present) = match output.form {
        super::output::OutputForm::Keystore(format) if format.has_aliases => {
            (content::existing(output, path, format, now)?.entries, None)
        }
        _ => (Vec::new(), destination.content().map_err(refused)?),
    };
    owner::require_own(lineage, output, path, &entries, present.as_deref())?;
    let staged = destination.stage(Content::Bytes { bytes: &bytes, private }).map_err(refused)?;
    Ok(Ready { staged, digest: sha256(&bytes), kept })
}

/// Renames one after the other. If one cannot be, those before it are put back.
fn publish(outputs: &[(&Output, &Path)], mut staged: Vec<Ready>) -> WrittenAll {
    let mut written = Vec::with_capacity(staged.len());
    for at in 0..staged.len() {
        match staged[at].staged.publish() {
            Ok(place) => written.push(Written { place, digest: Some(staged[at].digest), kept: staged[at].kept }),
            Err(error) => {
                for before in staged[..at].iter_mut().filter(|before| before.kept) {
                    // One that cannot be put back holds the new certificate, which the next delivery puts into all.
                    let _ = before.staged.undo();
                }
                let error = Error::destination(outputs[at].1.display(), "write", error);
                return all_failed(outputs, at, error);
            }
        }
    }
    let keep =
        |(written, one): (Written, &Ready)| Ok(Written { digest: written.digest.filter(|_| one.kept), ..written });
    written.into_iter().zip(&staged).map(keep).collect()
}

/// One failed, and the others stayed as they were.
fn all_failed(outputs: &[(&Output, &Path)], at: usize, error: Error) -> WrittenAll {
    let mut error = Some(error);
    let culprit = outputs.get(at).map(|(_, path)| path.display().to_string()).unwrap_or_default();
    let failed = |(index, (_, path)): (usize, &(&Output, &Path))| match error.take_if(|_| index == at) {
        Some(error) => Err(error),
        None => Err(Error::new(ErrorKind::Deploy, format!("`{}` stays as it was", path.display()))
            .because(format!("`{culprit}` cannot be written, and the files of a certificate change together"))),
    };
    outputs.iter().enumerate().map(failed).collect()
}

fn service(output: &Output, material: &Material) -> Result<Written, Error> {
    let key = material.key.as_ref().ok_or_else(|| content::no_key(output))?;
    let chain = content::without_root(&material.chain);
    let (leaf, above) = chain.split_at(chain.len().min(1));
    let bundle = Bundle {
        name: &output.alias,
        sha256: &leaf.first().map(|der| hex(&sha256(der))).unwrap_or_default(),
        certificate: &pem_format::chain_text(leaf),
        chain: &pem_format::chain_text(above),
        key: &pem_format::plain_key_text(key.expose()),
    };
    let place = kinds::open(&output.place).and_then(|destination| destination.install(Content::Bundle(&bundle)));
    let place = place.map_err(|error| Error::destination(&output.place, "use", error))?;
    Ok(Written { place, digest: None, kept: true })
}
