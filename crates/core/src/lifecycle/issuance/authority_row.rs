//! A CA becomes an issuer of the home, or another one than it was: its record, and its row in the transaction of that record.

use std::path::PathBuf;

use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::journal::Journal;
use crate::lifecycle::layout::in_force;
use crate::lifecycle::session::{Session, authority_chain};
use crate::lifecycle::signing::expectation::ExpectedAuthority;
use crate::store::{Authority, Change, InstallationStep, StepChange, StepOutcome};
use certroll_base::durable;
use certroll_keystore::pem as pem_format;
use certroll_pki::digest::Fingerprint;

/// What becomes of a CA with a certificate of it.
pub(crate) enum AuthorityChange {
    /// It is new; the digest of its certificate is filled in once that is there.
    Add(Authority),
    /// It goes on with another certificate, and perhaps another key.
    Renew {
        /// As it was.
        before: Authority,
        /// Where its key is from now on.
        key_file: String,
        /// Certificates by their row, and their places, which have the old certificate in their chain.
        owed: Vec<(i64, Vec<(PathBuf, String)>)>,
    },
}

impl AuthorityChange {
    /// What is kept with the intent of a certificate that is asked for elsewhere.
    pub(crate) fn expected(&self) -> ExpectedAuthority {
        match self {
            Self::Add(one) => ExpectedAuthority { key_file: one.key_file.clone(), pointers: one.pointers.clone() },
            Self::Renew { before, key_file, .. } => {
                ExpectedAuthority { key_file: key_file.clone(), pointers: before.pointers.clone() }
            }
        }
    }

    /// Its record and its row, once its certificate is there.
    pub(crate) fn written(self, journal: &Journal, op: Id, certificate: Fingerprint) -> (Draft, Vec<Change>) {
        match self {
            Self::Add(authority) => added(journal, op, Authority { certificate, ..authority }),
            Self::Renew { before, key_file, owed } => {
                let after = Authority { certificate, key_file, ..before.clone() };
                let why = format!("the certificate of CA `{}` in its chain was renewed", after.name);
                let (mut record, mut changes) = changed(journal, op, before, after);
                record.x.insert("owed".to_owned(), owed.len().into());
                changes.push(Change::Owe { ids: owed.iter().map(|(id, _)| *id).collect() });
                let outcome = StepOutcome::Owed(why);
                changes.extend(owed.into_iter().flat_map(|(_, places)| places).map(|(path, alias)| {
                    let step = InstallationStep::Written;
                    Change::Step(StepChange { path, alias, step, op, outcome: outcome.clone() })
                }));
                (record, changes)
            }
        }
    }
}

/// The record and the row of a CA that becomes an issuer.
fn added(journal: &Journal, op: Id, authority: Authority) -> (Draft, Vec<Change>) {
    let record = about(journal, Event::IssuerAdd, op, &authority.name);
    let remembered = in_force::remember_issuer(&authority);
    (record, vec![Change::AddAuthority(authority), remembered])
}

/// The record and the row of a CA that changes.
pub(crate) fn changed(journal: &Journal, op: Id, before: Authority, after: Authority) -> (Draft, Vec<Change>) {
    let mut record = about(journal, Event::IssuerChange, op, &after.name);
    let (remembered, told) = in_force::remember_changed_issuer(&before, &after);
    record.x.extend(told);
    (record, vec![Change::SetAuthority { before: Box::new(before), after: Box::new(after) }, remembered])
}

/// A record that a CA of the home is added, changed or removed.
pub(crate) fn about(journal: &Journal, event: Event, op: Id, name: &str) -> Draft {
    let mut record = journal.draft(event, Outcome::Ok, op);
    record.x.insert("issuer".to_owned(), name.into());
    record.x.insert("kind".to_owned(), "private-ca".into());
    record
}

/// As [`publish`], for a CA and those below it: their files have its certificate as well.
///
/// # Errors
/// As [`publish`].
pub(crate) fn publish_below(session: &Session, name: &str) -> Result<(), Error> {
    publish(session, name)?;
    for below in session.journal.store().authorities()?.iter().filter(|one| one.parent.as_deref() == Some(name)) {
        publish_below(session, &below.name)?;
    }
    Ok(())
}

/// Puts the certificate of a CA and those above it beside its key, for people to find. Repeated, it mends what is missing.
///
/// # Errors
/// The file cannot be written: the CA is an issuer all the same.
pub(crate) fn publish(session: &Session, name: &str) -> Result<(), Error> {
    let authority = session.authority(Some(name))?;
    let chain = authority_chain(session.journal.store(), &authority)?;
    let ders: Vec<_> = chain.iter().map(|one| one.as_der().to_vec()).collect();
    let file = session.home.authorities().join(format!("{name}.pem"));
    durable::write(&file, pem_format::chain_text(&ders).as_bytes(), durable::PUBLIC)
        .map_err(|error| Error::file(&file, "write", error).of_kind(ErrorKind::Deploy))
}
