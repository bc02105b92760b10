//! Accounts at issuers elsewhere: created, changed, ended, each on record.

use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Remote};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::issuer::{Account, AccountChange, Accounts, ErrorClass, Issuer, NewAccount};
use crate::lifecycle::session::Session;
use crate::lifecycle::signing::poll;

/// Carries out a change of an account. That it is about to happen is on record before, and how it ended after.
///
/// # Errors
/// The issuer has no accounts, or refuses; or the log cannot be written, and then the issuer hears of nothing.
pub fn act(
    session: &mut Session,
    issuer: &str,
    account: Option<&str>,
    change: AccountChange,
) -> Result<Account, Error> {
    let opened = session.issuer(issuer)?;
    change_account(session, &*opened, account, change)
}

fn change_account(
    session: &mut Session,
    issuer: &dyn Issuer,
    account: Option<&str>,
    change: AccountChange,
) -> Result<Account, Error> {
    let accounts = accounts_of(issuer)?;
    let (action, op) = (change.name(), Id::new(session.clock.now()));
    let about = |session: &Session, event, outcome| {
        let mut record = session.journal.draft(event, outcome, op);
        record.rem = Some(remote(issuer, None));
        record.x.insert("action".to_owned(), action.into());
        record.x.extend(account.map(|name| ("account".to_owned(), name.into())));
        record
    };
    let intent = about(session, Event::IssuerAccount, Outcome::Pending);
    let (_, change) = session.journal.announce(Vec::new(), intent, Vec::new(), change)?;
    session.journal.publish()?;
    match accounts.change(account, change) {
        Ok(done) => {
            let record = told(session, issuer, &done, (action, op));
            session.journal.commit(vec![record], Vec::new())?;
            Ok(done)
        }
        Err(error) => {
            let denied = matches!(error.class, ErrorClass::Auth | ErrorClass::Policy);
            let (event, outcome) = match error.class {
                ErrorClass::Auth => (Event::AuthDenied, Outcome::Denied),
                _ => (Event::IssuerAccount, if denied { Outcome::Denied } else { Outcome::Fail }),
            };
            let mut record = about(session, event, outcome);
            record.err = Some(Failure { code: poll::code(error.class).to_owned(), text: describe(&error) });
            session.journal.commit(vec![record], Vec::new())?;
            Err(Error::from(error).on_record())
        }
    }
}

/// What the issuer says of an account.
///
/// # Errors
/// As [`act`].
pub fn show(session: &mut Session, issuer: &str, account: Option<&str>) -> Result<Account, Error> {
    let opened = session.issuer(issuer)?;
    Ok(accounts_of(&*opened)?.show(account)?)
}

/// The account that an issuer needs before it is asked for a certificate, created if the settings say so.
///
/// # Errors
/// There is none and none is created.
pub(crate) fn ensure(session: &mut Session, issuer: &dyn Issuer) -> Result<(), Error> {
    let Some(accounts) = issuer.accounts() else { return Ok(()) };
    if accounts.is_missing()? {
        change_account(session, issuer, None, AccountChange::Create(NewAccount::default()))?;
    }
    Ok(())
}

fn accounts_of(issuer: &dyn Issuer) -> Result<&dyn Accounts, Error> {
    issuer.accounts().ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, format!("issuer `{}` ({}) keeps no accounts", issuer.name(), issuer.kind()))
    })
}

fn remote(issuer: &dyn Issuer, handle: Option<String>) -> Remote {
    Remote { t: issuer.kind().to_owned(), id: issuer.name().to_owned(), handle, ..Remote::default() }
}

fn told(session: &Session, issuer: &dyn Issuer, account: &Account, (action, op): (&str, Id)) -> Draft {
    let mut record = session.journal.draft(Event::IssuerAccount, Outcome::Ok, op);
    record.rem = Some(remote(issuer, Some(account.url.clone())));
    record.x.insert("action".to_owned(), action.into());
    record.x.insert("account".to_owned(), account.name.clone().into());
    record.x.insert("status".to_owned(), account.status.clone().into());
    record.x.insert("key".to_owned(), account.key.clone().into());
    record
}
