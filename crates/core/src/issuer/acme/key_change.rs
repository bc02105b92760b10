//! A new key for an account (RFC 8555 section 7.3.5), so that a crash at any point loses no account:
//!
//! ```text
//! the new key is kept, as the next one -> keyChange at the server -> the next one takes the place of the old one
//! ```
//!
//! A run that finds a next key later asks the server whether it holds, before the account is used.

use serde_json::json;

use super::client::RequestKey;
use super::error::problem_type;
use crate::issuer::acme::Acme;
use crate::issuer::{ErrorClass, IssuerError};
use certroll_pki::jose::jws;

impl Acme {
    fn next(&self, name: &str) -> String {
        format!("{}-next", self.item(name))
    }

    /// Ends a change of keys that was interrupted, whichever side of it the server is on.
    pub(super) fn settle_key_change(&self, name: &str) -> Result<(), IssuerError> {
        let next = self.next(name);
        if self.kept_key(&next)?.is_none() {
            return Ok(());
        }
        let _lock = self.locked(name)?;
        let Some(key) = self.kept_key(&next)? else { return Ok(()) };
        let own = self.kept(name)?.map(|kept| kept.url);
        let settled = match self.find(&key)? {
            found @ Some(_) if found == own => self.memory.promote_key(&next, &self.item(name)),
            _ => self.memory.forget(&next),
        };
        settled.map_err(|error| self.io("an account's key cannot be kept", error))
    }

    /// Gives the account a new key.
    pub(super) fn change_key(&self, name: &str) -> Result<(), IssuerError> {
        let account = self.account(name)?;
        let directory = self.client.directory()?;
        let url = directory.key_change.as_deref().ok_or_else(|| {
            self.error(
                ErrorClass::Unsupported,
                "it does not change the keys of accounts (no keyChange in its directory)",
            )
        })?;
        let lock = self.locked(name)?;
        let next = self.next(name);
        let key = self.new_key(&next)?;
        let unusable = |error| self.error(ErrorClass::Permanent, "its key cannot be used").because(error);
        let old = jws::public_key(&account.key).map_err(unusable)?;
        let header = json!({"jwk": jws::public_key(&key).map_err(unusable)?, "url": url});
        let payload = json!({"account": account.url, "oldKey": old}).to_string();
        let inner = jws::sign(&key, header, &payload).map_err(unusable)?;
        let signer = RequestKey::Account { key: &account.key, url: &account.url };
        match self.client.post(url, Some(&inner), signer) {
            Ok(_) => {}
            Err(failed) => {
                // Only an answer says that the old key still holds.
                if !problem_type(&failed).is_empty() {
                    self.memory.forget(&next).map_err(|error| self.io("a key cannot be forgotten", error))?;
                }
                return Err(self.client.error("the key of the account could not be changed", failed));
            }
        }
        let promoted = self.memory.promote_key(&next, &self.item(name));
        promoted.map_err(|error| self.io("the new key of the account cannot be kept", error))?;
        drop(lock);
        self.forget_opened(name);
        Ok(())
    }
}
