//! Accounts: back ends that know us by a key of our own, not by a credential that they gave us.

use crate::issuer::{Announced, IssuerError};

/// What an account is asked for with.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// How the back end can reach us, such as `mailto:pki@example.net`; those of the settings when empty.
    pub contact: Vec<String>,
    /// Whether the back end's terms of service were agreed to.
    pub terms_agreed: bool,
}

/// What is to be done with an account.
#[derive(Clone, Debug)]
pub enum AccountChange {
    /// Create it.
    Create(NewAccount),
    /// Replace how the back end can reach us.
    Update(Vec<String>),
    /// Give it a new key.
    RotateKey,
    /// End it for good.
    Deactivate,
}

impl AccountChange {
    /// Its name in records.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update(_) => "update",
            Self::RotateKey => "rotate-key",
            Self::Deactivate => "deactivate",
        }
    }
}

/// An account as the back end describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name it has in this home.
    pub name: String,
    /// Its own name at the back end.
    pub url: String,
    /// `valid`, `deactivated` or `revoked`.
    pub status: String,
    /// How the back end can reach us.
    pub contact: Vec<String>,
    /// The name of its key: the thumbprint of RFC 7638.
    pub key: String,
    /// Whether it is bound to an account that exists there otherwise.
    pub external: bool,
}

/// A back end that keeps accounts. A name that is `None` is the account that the settings name.
pub trait Accounts: Send + Sync {
    /// The names of the accounts that this home has there.
    ///
    /// # Errors
    /// They cannot be read.
    fn names(&self) -> Result<Vec<String>, IssuerError>;

    /// Whether the account that the settings name has still to be created. No side effects.
    ///
    /// # Errors
    /// What is remembered of it cannot be read.
    fn is_missing(&self) -> Result<bool, IssuerError>;

    /// What the back end says of an account.
    ///
    /// # Errors
    /// There is none of that name, or the back end does not know it.
    fn show(&self, name: Option<&str>) -> Result<Account, IssuerError>;

    /// Carries out a change, and answers the account as it is then.
    ///
    /// A creation finds the account that was created with the same key before; one that was interrupted is gone on with. A new
    /// key is kept before the back end hears of it: interrupted anywhere, the account stays usable, and the next use asks which
    /// of the two keys holds.
    ///
    /// # Errors
    /// There is no account of that name, the terms were not agreed to, or the back end refuses.
    fn change(&self, name: Option<&str>, change: Announced<AccountChange>) -> Result<Account, IssuerError>;
}
