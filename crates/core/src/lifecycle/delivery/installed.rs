//! Where a certificate was written, and its key there: for rotations, and for deliveries that are repeated.

use crate::destination::{FileTarget, Target as _};
use crate::error::{Error, ErrorKind};
use crate::lifecycle::delivery::{self, Material, Output, OutputForm, Password};
use crate::lifecycle::issuance::issue::IssueOutcome;
use crate::lifecycle::issuance::resume as earlier_run;
use crate::lifecycle::recovery;
use crate::lifecycle::revocation::certificate_facts;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::attempt::Attempt;
use crate::store::CertificateEntry;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_keystore::Item;

/// Writes a certificate again to where it belongs: after a delivery that failed.
///
/// # Errors
/// The key is not held in the home any more, or a file cannot be written.
pub fn deliver_again(
    session: &mut Session,
    entry: &CertificateEntry,
    password: Option<&Password>,
    more: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    let ended = deliver_as_asked(session, entry, password, more);
    Attempt::to_deliver(Some(certificate_facts(entry)), None).ended(session, ended)
}

fn deliver_as_asked(
    session: &mut Session,
    entry: &CertificateEntry,
    password: Option<&Password>,
    more: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    recovery::recover(session)?;
    let mut all = outputs(session, entry, password)?;
    all.retain(|known| more.iter().all(|output| output.path != known.path));
    all.extend(more);
    if all.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("nothing is known of where `{}` belongs", entry.name))
            .hint("say where with `--keystore FILE.p12`, `--out-cert FILE` or `--out-key FILE`"));
    }
    let key = held_key(session, entry)?;
    if key.is_none() && all.iter().any(|output| output.form.has_key()) {
        return Err(Error::new(ErrorKind::Usage, format!("the home does not hold the key of `{}`", entry.name))
            .hint(format!("make a new one with `certroll rotate {}`", entry.name)));
    }
    let material = Material { key, chain: earlier_run::recorded(session, entry.clone())?.chain };
    delivery::preflight(session, &all, material.key.is_some())?;
    let op = crate::audit::record::value::Id::new(session.clock.now());
    let files = delivery::deliver(session, entry, &material, &all, op)?;
    Ok(IssueOutcome { entry: entry.clone(), chain: material.chain, files, key_kept: false })
}

/// Where the certificate was written, with the passwords to write there again.
pub(crate) fn outputs(
    session: &Session,
    entry: &CertificateEntry,
    given: Option<&Password>,
) -> Result<Vec<Output>, Error> {
    let mut outputs = Vec::new();
    for installation in session.journal.store().installations(&entry.name)? {
        let Some(form) = OutputForm::by_id(&installation.format) else { continue };
        let remembered = installation
            .password_file
            .as_ref()
            .and_then(|file| Secret::from_file(file).ok().map(|secret| Password { secret, file: Some(file.clone()) }));
        let password = if form.has_key() { given.cloned().or(remembered) } else { None };
        outputs.push(Output { path: installation.path, form, alias: installation.alias, password });
    }
    Ok(outputs)
}

/// The key of a certificate, if the home holds it.
pub(crate) fn held_key(session: &Session, entry: &CertificateEntry) -> Result<Option<SecretBytes>, Error> {
    let held = session.journal.store().held_key(&entry.spki_sha256)?;
    held.map(|encrypted| session.keys.open(&encrypted)).transpose()
}

/// The key from the first keystore that opens with its password.
pub(crate) fn installed_key(outputs: &[Output]) -> Result<Option<SecretBytes>, Error> {
    for output in outputs {
        let (OutputForm::Keystore(format), Some(password)) = (output.form, &output.password) else { continue };
        let installed = FileTarget::new(&output.path).installed();
        let Some(bytes) = installed.map_err(|error| Error::file(&output.path, "read", error))? else { continue };
        let entries = format.format.read(&bytes, Some(&password.secret));
        for entry in entries.map_err(|error| Error::keystore(&output.path, error))? {
            let Item::Key { key, .. } = entry.item else { continue };
            if format.id == "pem" || entry.alias.eq_ignore_ascii_case(&output.alias) {
                return Ok(key.unlock(&password.secret).ok());
            }
        }
    }
    Ok(None)
}
