//! The end of a request whose outcome cannot be found out: a person ends it, and the log says so.
//!
//! A certificate may exist. So what would find it goes on record again, with the reason that was given: public key, names,
//! issuer. Its private key is destroyed with the intent, unless an earlier certificate has the same one: what may exist is then
//! of no use. The record is `cert.issue.indeterminate` once more, and `x.ended` in it ends the intent: it remains
//! true that the outcome is unknown.

use certroll_pki::digest::KeyHash;
use std::sync::Arc;

use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, RequestFacts, Why};
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::{CertificateHint, DeliveryHint, IntentHint};
use crate::lifecycle::recovery::{self, OpenReason as WhyOpen, Recovered, UnresolvedIntent};
use crate::lifecycle::session::Session;
use crate::lifecycle::signing::expectation::ExpectedCertificate;
use crate::lifecycle::signing::poll::{about, failure};
use crate::store::{Change, IntentKind, OpenIntent};
use certroll_base::encoding::sha256;

/// What became of a request that was to be abandoned.
pub enum AbandonOutcome {
    /// It is abandoned.
    Abandoned {
        /// The issuer at which a certificate may exist.
        issuer: String,
        /// SHA-256 of the public key that it would have; none where the issuer makes the key.
        key_hash: Option<KeyHash>,
        /// What became of the private key.
        key: KeyEnd,
    },
    /// Its issuer has just said that no certificate exists: that ended it.
    NothingIssued,
}

/// What became of the private key of an abandoned request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEnd {
    /// It was kept here and is destroyed.
    Destroyed,
    /// It is that of an earlier certificate, and stays with it.
    InUse,
    /// It was never here.
    Elsewhere,
}

impl KeyEnd {
    /// The stable word for it, as in `x.key`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Destroyed => "destroyed",
            Self::InUse => "in-use",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// Ends the open request under that name. Its issuer is asked once more before.
///
/// # Errors
/// Nothing is open under that name, or a certificate was found (usage); the issuer can still tell, or cannot be asked
/// (temporary); another process is at work on it (locked); or the log cannot be written.
pub fn abandon(session: &mut Session, name: &str, why: Arc<Why>) -> Result<AbandonOutcome, Error> {
    let before = is_open(session, name)?;
    let mut recovered = recovery::recover(session)?;
    let Some(left) = recovered.take(IntentKind::Issue, name) else {
        return match before {
            true => no_longer_open(&recovered, name),
            false => {
                Err(Error::new(ErrorKind::Usage, format!("no request for `{name}` is open")).hint(IntentHint::SeeOpen))
            }
        };
    };
    let UnresolvedIntent { intent, why: open, .. } = left;
    let lost = match open {
        WhyOpen::Lost(lost) => lost,
        // An issuer that is gone from the settings will not be asked again.
        WhyOpen::Unreachable(_) if !session.remotes.names().any(|known| known == intent.issuer) => {
            format!("the settings of this home name no issuer `{}` any more", intent.issuer)
        }
        other => {
            let message = format!("issuer `{}` can still tell what became of `{name}`", intent.issuer);
            let error = Error::new(ErrorKind::Temporary(None), message).because(other.to_string());
            return Err(other.hint().into_iter().fold(error, Error::hint).hint(IntentHint::AskLater));
        }
    };
    end(session, &intent, &lost, why)
}

fn is_open(session: &Session, name: &str) -> Result<bool, Error> {
    let open = session.journal.store().open_intents()?;
    Ok(open.iter().any(|one| one.kind() == IntentKind::Issue && one.count == 1 && one.name == name))
}

/// What is said of one that recovery has ended, or that another process has in its hands.
fn no_longer_open(recovered: &Recovered, name: &str) -> Result<AbandonOutcome, Error> {
    let told = |names: &[String]| names.iter().any(|one| one == name);
    let found = format!("`{name}` was found at its issuer, so there is nothing to abandon");
    if told(&recovered.nothing) {
        Ok(AbandonOutcome::NothingIssued)
    } else if told(&recovered.found) {
        Err(Error::new(ErrorKind::Usage, found).hint(DeliveryHint::HandOut(name.to_owned())))
    } else if told(&recovered.unfit) {
        let error =
            Error::new(ErrorKind::Usage, found).because("it is not what was asked for, and is on record as such");
        Err(error.hint(CertificateHint::RevokeBySerial(name.to_owned())))
    } else {
        let message = format!("another process is at work on `{name}`");
        Err(Error::new(ErrorKind::Locked, message).hint("wait for it, or end it, and repeat the command"))
    }
}

/// Both records, the end of the intent and with it that of the key that it held: one transaction.
pub(crate) fn end(
    session: &mut Session,
    intent: &OpenIntent,
    lost: &str,
    why: Arc<Why>,
) -> Result<AbandonOutcome, Error> {
    let journal = &mut session.journal;
    let known = intent.key_hash().map(|key| journal.store().knows_key(&key)).transpose()?.unwrap_or_default();
    let key = match &intent.key {
        None => KeyEnd::Elsewhere,
        Some(_) if known => KeyEnd::InUse,
        Some(_) => KeyEnd::Destroyed,
    };
    let claim = ExpectedCertificate::read(intent).ok();
    let mut names = vec![format!("name:{}", intent.name)];
    names.extend(claim.iter().flat_map(|claim| claim.names.iter().map(ToString::to_string)));
    let req = RequestFacts {
        template: claim.map(|claim| claim.template),
        names,
        csr: intent.csr.as_ref().map(|csr| sha256(csr).into()),
        spki: intent.key_hash().map(Into::into),
        ..RequestFacts::default()
    };
    let mut record = about(journal, Event::CertIssueIndeterminate, Outcome::Indeterminate, intent);
    record.why = Some(why.clone());
    record.req = Some(req.clone());
    record.err = Some(failure("lost", lost));
    record.x.insert("ended".to_owned(), true.into());
    record.x.insert("issuer".to_owned(), intent.issuer.clone().into());
    record.x.insert("key".to_owned(), key.name().into());
    let mut records = vec![record];
    if key == KeyEnd::Destroyed {
        let mut destroyed = journal.draft(Event::KeyDestroy, Outcome::Ok, intent.op);
        destroyed.why = Some(why);
        destroyed.req = Some(req);
        records.push(destroyed);
    }
    let adopted = Change::Adopt { op: intent.op, from: intent.session, to: journal.session() };
    journal.commit(records, vec![adopted, Change::CloseIntent(intent.op)])?;
    Ok(AbandonOutcome::Abandoned { issuer: intent.issuer.clone(), key_hash: intent.key_hash(), key })
}
