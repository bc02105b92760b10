//! The door to accounts: back ends that know us by a key of our own, not by a credential that somebody gave us.

use crate::issuer::IssuerError;

/// What an account is asked for with.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// How the back end can reach us, such as `mailto:pki@example.net`; those of the settings when empty.
    pub contact: Vec<String>,
    /// Whether somebody agreed to the back end's terms of service.
    pub terms_agreed: bool,
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

    /// Creates the account that the settings name, if it does not exist and the settings agree to the terms; answers with
    /// it when it was created. An attempt that was interrupted is gone on with, with the same key.
    ///
    /// # Errors
    /// It does not exist and cannot be created.
    fn ensure(&self) -> Result<Option<Account>, IssuerError>;

    /// Creates an account, or finds the one that was created with the same key before.
    ///
    /// # Errors
    /// The back end refuses, or the terms were not agreed to.
    fn create(&self, name: Option<&str>, new: &NewAccount) -> Result<Account, IssuerError>;

    /// What the back end says of an account.
    ///
    /// # Errors
    /// There is none of that name, or the back end does not know it.
    fn show(&self, name: Option<&str>) -> Result<Account, IssuerError>;

    /// Replaces how the back end can reach us.
    ///
    /// # Errors
    /// As [`Accounts::show`].
    fn update(&self, name: Option<&str>, contact: &[String]) -> Result<Account, IssuerError>;

    /// Gives the account a new key. Interrupted anywhere, the account stays usable: the new key is kept before the back end
    /// hears of it, and the next use asks which of the two holds.
    ///
    /// # Errors
    /// As [`Accounts::show`].
    fn rotate_key(&self, name: Option<&str>) -> Result<Account, IssuerError>;

    /// Ends the account for good.
    ///
    /// # Errors
    /// As [`Accounts::show`].
    fn deactivate(&self, name: Option<&str>) -> Result<Account, IssuerError>;
}
