//! Accounts at issuers elsewhere: created, changed, ended, each on record.

use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Remote};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::issuer::{Account, Accounts, ErrorClass, Issuer, IssuerError, NewAccount};
use crate::lifecycle::session::Session;
use crate::lifecycle::signing::poll;

/// What is to be done with an account.
pub enum AccountAction {
    /// Create it.
    Create(NewAccount),
    /// Replace how the issuer can reach us.
    Update(Vec<String>),
    /// Give it a new key.
    RotateKey,
    /// End it for good.
    Deactivate,
}

impl AccountAction {
    fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update(_) => "update",
            Self::RotateKey => "rotate-key",
            Self::Deactivate => "deactivate",
        }
    }

    fn carry_out(&self, accounts: &dyn Accounts, name: Option<&str>) -> Result<Account, IssuerError> {
        match self {
            Self::Create(new) => accounts.create(name, new),
            Self::Update(contact) => accounts.update(name, contact),
            Self::RotateKey => accounts.rotate_key(name),
            Self::Deactivate => accounts.deactivate(name),
        }
    }
}

/// Does it, and records that it was done, or why it was not.
///
/// # Errors
/// The issuer has no accounts, or refuses; or the log cannot be written.
pub fn act(session: &mut Session, issuer: &str, account: Option<&str>, act: &AccountAction) -> Result<Account, Error> {
    let opened = session.issuer(issuer)?;
    let accounts = door(&*opened)?;
    // A log that cannot be written stops it before the issuer hears of anything.
    session.journal.publish()?;
    match act.carry_out(accounts, account) {
        Ok(done) => {
            let record = told(session, &*opened, &done, act.name());
            session.journal.commit(vec![record], Vec::new())?;
            Ok(done)
        }
        Err(error) => {
            let denied = matches!(error.class, ErrorClass::Auth | ErrorClass::Policy);
            let (event, outcome) = match error.class {
                ErrorClass::Auth => (Event::AuthDenied, Outcome::Denied),
                _ => (Event::IssuerAccount, if denied { Outcome::Denied } else { Outcome::Fail }),
            };
            let mut record = session.journal.draft(event, outcome, Id::new(session.clock.now()));
            record.rem = Some(remote(&*opened, None));
            record.x.insert("action".to_owned(), act.name().into());
            record.x.extend(account.map(|name| ("account".to_owned(), name.into())));
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
    Ok(door(&*opened)?.show(account)?)
}

/// The account that an issuer needs before it is asked for a certificate, created if the settings say so.
///
/// # Errors
/// There is none and none is created.
pub(crate) fn ensure(session: &mut Session, issuer: &dyn Issuer) -> Result<(), Error> {
    let Some(accounts) = issuer.accounts() else { return Ok(()) };
    if let Some(created) = accounts.ensure()? {
        let record = told(session, issuer, &created, "create");
        session.journal.append(vec![record], Vec::new())?;
    }
    Ok(())
}

fn door(issuer: &dyn Issuer) -> Result<&dyn Accounts, Error> {
    issuer.accounts().ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, format!("issuer `{}` ({}) keeps no accounts", issuer.name(), issuer.kind()))
    })
}

fn remote(issuer: &dyn Issuer, handle: Option<String>) -> Remote {
    Remote { t: issuer.kind().to_owned(), id: issuer.name().to_owned(), handle, ..Remote::default() }
}

fn told(session: &Session, issuer: &dyn Issuer, account: &Account, action: &str) -> Draft {
    let mut record = session.journal.draft(Event::IssuerAccount, Outcome::Ok, Id::new(session.clock.now()));
    record.rem = Some(remote(issuer, Some(account.url.clone())));
    record.x.insert("action".to_owned(), action.into());
    record.x.insert("account".to_owned(), account.name.clone().into());
    record.x.insert("status".to_owned(), account.status.clone().into());
    record.x.insert("key".to_owned(), account.key.clone().into());
    record
}
