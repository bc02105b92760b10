//! The same command again, after a run that did not come to its end: it goes on with what that run began, its request at
//! the issuer or its certificate in the home, and asks for nothing new.

use super::request::{IssueAct, IssueOutcome, IssueRequest, KeySource};
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::IntentHint;
use crate::lifecycle::delivery::installed::held_key;
use crate::lifecycle::delivery::{self, ExpectedKey, Material, Output};
use crate::lifecycle::recovery::{OpenReason, UnresolvedIntent};
use crate::lifecycle::service::{self, Again, Delivery};
use crate::lifecycle::session::Session;
use crate::lifecycle::session::shared::SharedSession;
use crate::lifecycle::signing::expectation::ExpectedCertificate;
use crate::lifecycle::signing::poll;
use crate::lifecycle::signing::record::IssuedCertificate;
use crate::store::RequestDigest;
use crate::store::{CertificateEntry, Change, OpenIntent, Query};
use crate::template::Template;
use certroll_pki::digest::Fingerprint;
use certroll_pki::digest::KeyHash;

/// Goes on with what an earlier run of the same `issue` began; `None` when none did.
///
/// # Errors
/// Something else is under way under that name, or it cannot be ended yet.
pub(crate) fn again(
    session: &mut Session,
    asked: &IssueRequest,
    template: &Template,
    open: Option<UnresolvedIntent>,
) -> Result<Option<IssueOutcome>, Error> {
    let (kind, spki) = match &asked.key {
        KeySource::Generate(algorithm) => (Some(algorithm.unwrap_or(template.key())), None),
        KeySource::Request(request) => (None, Some(KeyHash::of(&request.get().spki))),
        // Looked into before this is asked.
        KeySource::Brought(_) => (None, None),
    };
    let issuer = match session.elsewhere(asked.issuer.as_deref())? {
        Some(name) => name,
        None => session.authority(asked.issuer.as_deref())?.name,
    };
    let digest = asked.spec(&issuer, kind).digest(&asked.name);
    let brought = matches!(asked.key, KeySource::Request(_));
    let expected = if brought { ExpectedKey::Elsewhere } else { ExpectedKey::Here };
    if let Some(open) = open {
        let same = open.intent.key_hash().filter(|_| spki.is_some()) == spki;
        let intent = of_the_same(open, same, (&digest, None))?;
        delivery::preflight(session, &asked.name, &asked.outputs, expected)?;
        let issuer = session.issuer(&intent.issuer)?;
        let made = poll::resume(&SharedSession::of(session), &*issuer, intent)?;
        let shared = SharedSession::of(session);
        return hand_out(&shared, made, asked.outputs.clone(), Again::Everything).map(Some);
    }
    let current = session.journal.store().certificates(&Query::current_of(&asked.name))?.pop();
    let same = |entry: &CertificateEntry| {
        !entry.delivered && entry.request_digest == digest && spki.is_none_or(|spki| spki == entry.key_hash)
    };
    match current.filter(|entry| !asked.force && same(entry)) {
        Some(entry) => {
            delivery::preflight(session, &asked.name, &asked.outputs, expected)?;
            let made = recorded(session, entry)?;
            let shared = SharedSession::of(session);
            hand_out(&shared, made, asked.outputs.clone(), Again::Everything).map(Some)
        }
        None => Ok(None),
    }
}

/// The intent of an open request, if it is the one that is asked for now.
///
/// # Errors
/// It is another one, or its issuer cannot be reached.
pub(crate) fn of_the_same(
    open: UnresolvedIntent,
    same_key: bool,
    (digest, replaces): (&RequestDigest, Option<&Fingerprint>),
) -> Result<OpenIntent, Error> {
    let UnresolvedIntent { intent, why, .. } = open;
    if !same_key || !ExpectedCertificate::read(&intent)?.is_for(digest, replaces) {
        let message = format!("an earlier request for `{}` is still open at issuer `{}`", intent.name, intent.issuer);
        let error = Error::new(ErrorKind::Locked, message).because(why.to_string());
        let error = why.hint().into_iter().fold(error, Error::hint);
        return Err(match why {
            OpenReason::Lost(_) => error.hint(IntentHint::Abandon(intent.name.clone())),
            _ => error.hint(IntentHint::GoOn),
        });
    }
    if let OpenReason::Unreachable(error) = why {
        return Err(error
            .hint("the request stays open: repeat the command once the issuer can be reached")
            .on_record());
    }
    Ok(intent)
}

/// A certificate of the inventory with its issuers, as if it had just been made.
pub(crate) fn recorded(session: &Session, entry: CertificateEntry) -> Result<IssuedCertificate, Error> {
    let own = session.journal.store().certificate_der(&entry)?;
    let chain = std::iter::once(own).chain(session.issuers_of(&entry)?).collect();
    Ok(IssuedCertificate { entry, chain, op: Id::new(session.clock.now()), item: None })
}

/// Writes the files of a certificate whose key is held in the home.
pub(crate) fn hand_out(
    shared: &SharedSession<'_>,
    made: IssuedCertificate,
    outputs: Vec<Output>,
    again: Again,
) -> Result<IssueOutcome, Error> {
    let material = Material { key: held_key(&shared.lock(), &made.entry)?, chain: made.chain };
    if outputs.is_empty() && !made.entry.delivered {
        // It was asked for without a file, and is told of now: nothing is left to be handed over.
        let told = Change::Delivered { ids: vec![made.entry.id], drop_keys: false };
        shared.lock().journal.append(Vec::new(), vec![told])?;
    }
    let delivery = Delivery { outputs: &outputs, material: &material, op: made.op, again };
    let files = service::deliver(shared, &made.entry, &delivery)?;
    Ok(IssueOutcome {
        key_kept: material.key.is_some() && !outputs.iter().any(|output| output.form.has_key()),
        act: IssueAct::Delivered,
        entry: made.entry,
        chain: material.chain,
        files,
    })
}
