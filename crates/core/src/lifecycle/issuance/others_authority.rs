//! Sign the CA of others, below one of this home: its key is theirs, its request was brought.

use super::issue::{Subject, issue_as_asked};
use super::request::{IssueAct, IssueOutcome, IssueRequest, KeySource};
use super::resume;
use crate::error::{Error, ErrorKind};
use crate::hint::issuer::AuthorityHint;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::attempt::Attempt;
use crate::store::Query;
use crate::template::{Overrides, TemplateKind};

/// Issues the certificate, with that path length and those name constraints in place of the template's. Repeated, it gives
/// out the certificate that an earlier run has issued for the same request.
///
/// # Errors
/// As [`super::issue::issue`]; or the template is not for a CA below another.
pub fn sign(session: &mut Session, asked: IssueRequest, overrides: Overrides) -> Result<IssueOutcome, Error> {
    let attempt = Attempt::to_issue(&asked.name, Some(&asked.template), asked.why.clone());
    let ended = sign_as_asked(session, asked, overrides);
    attempt.ended(session, ended)
}

fn sign_as_asked(session: &mut Session, asked: IssueRequest, overrides: Overrides) -> Result<IssueOutcome, Error> {
    let template = session.template(&asked.template)?;
    if template.kind() != TemplateKind::Ca {
        let message = format!("template `{}` is not for a CA below another one", asked.template);
        return Err(Error::new(ErrorKind::Usage, message).hint(AuthorityHint::ChooseAuthorityTemplate));
    }
    let asked = asked.with_request()?;
    match issued_before(session, &asked)? {
        Some(done) => Ok(done),
        None => issue_as_asked(session, asked, &Subject::OthersAuthority(overrides)),
    }
}

/// The current certificate of that name, if it is for the key of the same request.
fn issued_before(session: &Session, asked: &IssueRequest) -> Result<Option<IssueOutcome>, Error> {
    let KeySource::Request(request) = &asked.key else { return Ok(None) };
    let issuer = session.authority(asked.issuer.as_deref())?.name;
    let digest = asked.spec(&issuer, None).digest(&asked.name);
    let current = session.journal.store().certificates(&Query::current_of(&asked.name))?.pop();
    let same = current.filter(|entry| {
        entry.request_digest == digest && entry.key_hash == certroll_pki::digest::KeyHash::of(&request.get().spki)
    });
    let Some(entry) = same.filter(|_| !asked.force) else { return Ok(None) };
    let made = resume::recorded(session, entry)?;
    let (entry, chain) = (made.entry, made.chain);
    Ok(Some(IssueOutcome { entry, chain, files: Vec::new(), key_kept: false, act: IssueAct::Delivered }))
}
