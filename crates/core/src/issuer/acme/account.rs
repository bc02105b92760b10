//! Accounts (RFC 8555 section 7.3): each has a key of its own, which is kept, encrypted, before the server hears of it. So an
//! attempt that was interrupted finds the same account again, and an external binding is never spent in vain.

use std::sync::Arc;

use instant_acme::Account as AcmeAccount;
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::{self, RequestKey};
use super::error;
use super::settings::check_account;
use super::transport::HttpAdapter;
use crate::hint::issuer::AccountHint;
use crate::issuer::acme::Acme;
use crate::issuer::network::block_on;
use crate::issuer::{Account, AccountChange, Accounts, Announced, ErrorClass, IssuerError, NewAccount};
use certroll_base::encoding::{from_base64url, hex, sha256};
use certroll_base::secret::SecretBytes;
use certroll_pki::jose::jws;
use certroll_pki::key::{KeyAlgorithm, KeyPair};

/// The kind of every account key: the one that instant-acme signs with.
pub(super) const ACCOUNT_KEY: KeyAlgorithm = KeyAlgorithm::EcP256;

/// What is remembered of an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptAccount {
    /// Its URL.
    pub url: String,
    /// The directory of its server, for people who look into the file.
    directory: String,
    /// Whether it was ended here.
    pub deactivated: bool,
}

/// An account that can be used.
pub(super) struct OpenedAccount {
    pub name: String,
    pub url: String,
    pub key: KeyPair,
    pub acme: AcmeAccount,
}

impl OpenedAccount {
    pub(super) fn signer(&self) -> RequestKey<'_> {
        RequestKey::Account { key: &self.key, url: &self.url }
    }
}

/// An account object (RFC 8555 section 7.1.2).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountDocument {
    status: String,
    #[serde(default)]
    contact: Vec<String>,
    external_account_binding: Option<Value>,
}

impl Acme {
    /// Under which name the account is remembered. That of the server is part of it: a key that went to one server, as to a
    /// staging one, is not taken to another.
    pub(super) fn item(&self, name: &str) -> String {
        format!("account-{name}-{}", self.server())
    }

    fn server(&self) -> String {
        hex(&sha256(self.settings.directory().as_bytes())[..4])
    }

    pub(super) fn kept(&self, name: &str) -> Result<Option<KeptAccount>, IssuerError> {
        let note = self.memory.note(&self.item(name)).map_err(|error| self.io("an account cannot be read", error))?;
        let parsed = note.map(|note| serde_json::from_slice(&note)).transpose();
        parsed.map_err(|error| self.error(ErrorClass::Config, "what is kept of an account is damaged").because(error))
    }

    pub(super) fn keep(&self, name: &str, url: &str, deactivated: bool) -> Result<(), IssuerError> {
        let kept = KeptAccount { url: url.to_owned(), directory: self.settings.directory().to_owned(), deactivated };
        let note = serde_json::to_vec(&kept).unwrap_or_default();
        self.memory.keep_note(&self.item(name), &note).map_err(|error| self.io("an account cannot be kept", error))
    }

    /// The key kept under that item.
    pub(super) fn kept_key(&self, item: &str) -> Result<Option<KeyPair>, IssuerError> {
        let key = self.memory.key(item).map_err(|error| self.io("an account's key cannot be read", error))?;
        let damaged = |error| self.error(ErrorClass::Config, "an account's key is damaged").because(error);
        key.map(|key| KeyPair::from_pkcs8(key.expose())).transpose().map_err(damaged)
    }

    /// A new key, durable under that item before it is sent anywhere.
    pub(super) fn new_key(&self, item: &str) -> Result<KeyPair, IssuerError> {
        let failed = |error| self.error(ErrorClass::Permanent, "an account's key cannot be made").because(error);
        let key = KeyPair::generate(ACCOUNT_KEY).map_err(failed)?;
        let plain = key.to_pkcs8().map_err(failed)?;
        self.memory.keep_key(item, &plain).map_err(|error| self.io("an account's key cannot be kept", error))?;
        Ok(key)
    }

    /// The account of that name, ready for use.
    pub(super) fn account(&self, name: &str) -> Result<Arc<OpenedAccount>, IssuerError> {
        let mut accounts = self.accounts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(opened) = accounts.get(name) {
            return Ok(opened.clone());
        }
        let opened = Arc::new(self.open_account(name)?);
        accounts.insert(name.to_owned(), opened.clone());
        Ok(opened)
    }

    pub(super) fn forget_opened(&self, name: &str) {
        self.accounts.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(name);
    }

    fn open_account(&self, name: &str) -> Result<OpenedAccount, IssuerError> {
        let kept = self.kept(name)?.ok_or_else(|| self.no_account(name))?;
        if kept.deactivated {
            let hint = AccountHint::CreateAnother(self.name.clone());
            return Err(self.error(ErrorClass::Auth, format!("its account `{name}` was deactivated")).hint(hint));
        }
        self.settle_key_change(name)?;
        let key = self.kept_key(&self.item(name))?.ok_or_else(|| self.no_account(name))?;
        let plain = key.to_pkcs8();
        let plain =
            plain.map_err(|error| self.error(ErrorClass::Permanent, "its key cannot be used").because(error))?;
        self.client.directory()?;
        let builder = AcmeAccount::builder_with_http(Box::new(HttpAdapter(self.client.transport.clone())));
        let directory = self.settings.directory().to_owned();
        let opened = builder.from_parts(kept.url.clone(), PrivatePkcs8KeyDer::from(plain.expose()), directory);
        let acme = block_on(opened)
            .map_err(|error| self.client.error("its directory could not be fetched", error::failure(error)))?;
        Ok(OpenedAccount { name: name.to_owned(), url: kept.url, key, acme })
    }

    pub(super) fn no_account(&self, name: &str) -> IssuerError {
        let hint = AccountHint::CreateAgreeing(self.name.clone());
        self.error(ErrorClass::Config, format!("there is no account `{name}` yet")).hint(hint)
    }

    /// Asks the server for an account with that key, without creating one (RFC 8555 section 7.3.1).
    pub(super) fn find(&self, key: &KeyPair) -> Result<Option<String>, IssuerError> {
        let payload = json!({"onlyReturnExisting": true});
        match self.client.post(&self.client.directory()?.new_account, Some(&payload), RequestKey::Key(key)) {
            Ok(answer) => Ok(client::text(&answer.headers, "location")),
            Err(failed) if error::problem_type(&failed) == "accountDoesNotExist" => Ok(None),
            Err(failed) => Err(self.client.error("the account could not be looked for", failed)),
        }
    }

    fn register(&self, name: &str, new: &NewAccount) -> Result<Account, IssuerError> {
        let directory = self.client.directory()?;
        if let (Some(terms), false) = (&directory.meta.terms_of_service, new.terms_agreed || self.settings.terms_agreed)
        {
            let message = format!("its terms of service were not agreed to: `{terms}`");
            return Err(self.error(ErrorClass::Config, message).hint(AccountHint::ReadTerms(self.name.clone())));
        }
        if directory.meta.external_account_required && self.settings.eab_kid.is_none() {
            let message = "it binds each account to one that you have there otherwise";
            return Err(self.error(ErrorClass::Config, message).hint(format!(
                "get key identifier and key from the CA and set `eab_kid` and `eab_key_file` in `[issuers.{}]`",
                self.name
            )));
        }
        let item = self.item(name);
        let binding = self.binding_key()?;
        let key = match self.kept_key(&item)? {
            Some(key) => key,
            None => self.new_key(&item)?,
        };
        let contact = if new.contact.is_empty() { &self.settings.contact } else { &new.contact };
        let mut payload = json!({"termsOfServiceAgreed": true, "contact": contact});
        if let (Some(secret), Some(kid)) = (binding, &self.settings.eab_kid) {
            payload["externalAccountBinding"] = self.binding(&secret, kid, &key, &directory.new_account)?;
        }
        let answer = self.client.post(&directory.new_account, Some(&payload), RequestKey::Key(&key));
        let answer = answer.map_err(|failed| self.client.error("the account could not be created", failed))?;
        let url = client::text(&answer.headers, "location");
        let url = url.ok_or_else(|| self.client.protocol("the server did not name the account"))?;
        self.keep(name, &url, false)?;
        self.described(name, &url, &key, &answer.body)
    }

    /// The key of the external account binding; read before anything is sent.
    fn binding_key(&self) -> Result<Option<SecretBytes>, IssuerError> {
        let Some(place) = self.settings.eab_key() else { return Ok(None) };
        let wrong = |message: &str| self.error(ErrorClass::Config, format!("its EAB key {message}"));
        let secret = self.secrets.secret(&place).map_err(|error| wrong("cannot be read").because(error))?;
        let secret = secret.ok_or_else(|| wrong("is not there: the variable is not set"))?;
        let bytes = from_base64url(secret.expose().trim_end_matches('='));
        bytes.map(|bytes| Some(SecretBytes::new(bytes))).ok_or_else(|| wrong("is not base64url"))
    }

    /// RFC 8555 section 7.3.4: the account's public key, authenticated with the other account's secret.
    fn binding(&self, secret: &SecretBytes, kid: &str, key: &KeyPair, url: &str) -> Result<Value, IssuerError> {
        let jwk = jws::public_key(key);
        let jwk = jwk.map_err(|error| self.error(ErrorClass::Permanent, "its key cannot be used").because(error))?;
        Ok(jws::authenticate(secret, json!({"kid": kid, "url": url}), &jwk.to_string()))
    }

    fn described(&self, name: &str, url: &str, key: &KeyPair, body: &[u8]) -> Result<Account, IssuerError> {
        let wrong = |error| self.client.protocol("the account object is not what RFC 8555 says").because(error);
        let document: AccountDocument = serde_json::from_slice(body).map_err(wrong)?;
        let thumbprint = jws::thumbprint(key);
        Ok(Account {
            name: name.to_owned(),
            url: url.to_owned(),
            status: document.status,
            contact: document.contact,
            key: thumbprint
                .map_err(|error| self.error(ErrorClass::Permanent, "its key cannot be used").because(error))?,
            external: document.external_account_binding.is_some(),
        })
    }

    /// Sends something to the account's own URL and describes what it answers.
    pub(super) fn at_account(&self, name: &str, payload: Option<&Value>, step: &str) -> Result<Account, IssuerError> {
        let account = self.account(name)?;
        let answer = self.client.post(&account.url, payload, account.signer()).map_err(|failed| {
            let mut error = self.client.error(step, failed);
            // Servers differ in what they say of a key that is not the account's.
            if error.class == ErrorClass::Permanent || error.class == ErrorClass::NotFound {
                error.class = ErrorClass::Auth;
            }
            error
        })?;
        self.described(name, &account.url, &account.key, &answer.body)
    }

    fn named<'a>(&'a self, name: Option<&'a str>) -> Result<&'a str, IssuerError> {
        let name = name.unwrap_or(self.settings.account());
        check_account(name).map_err(|why| self.error(ErrorClass::Config, why))?;
        Ok(name)
    }

    pub(super) fn locked(&self, name: &str) -> Result<certroll_base::lock::Lock, IssuerError> {
        self.memory.lock(&self.item(name)).map_err(|error| self.io("an account cannot be locked", error))
    }
}

impl Acme {
    fn create(&self, name: Option<&str>, new: &NewAccount) -> Result<Account, IssuerError> {
        let name = self.named(name)?;
        let lock = self.locked(name)?;
        match self.kept(name)? {
            Some(kept) if kept.deactivated => {
                let forgotten = self.memory.forget(&self.item(name));
                forgotten.map_err(|error| self.io("an account cannot be forgotten", error))?;
            }
            Some(_) => {
                drop(lock);
                match self.at_account(name, None, "the account could not be looked at") {
                    // The server lost it: the same key gets a new one.
                    Err(error) if error.class == ErrorClass::Auth => self.forget_opened(name),
                    known => return known,
                }
                let _lock = self.locked(name)?;
                return self.register(name, new);
            }
            None => {}
        }
        self.register(name, new)
    }

    fn update(&self, name: Option<&str>, contact: &[String]) -> Result<Account, IssuerError> {
        let payload = json!({"contact": contact});
        self.at_account(self.named(name)?, Some(&payload), "the contact could not be changed")
    }

    fn rotate_key(&self, name: Option<&str>) -> Result<Account, IssuerError> {
        let name = self.named(name)?;
        self.change_key(name)?;
        self.show(Some(name))
    }

    fn deactivate(&self, name: Option<&str>) -> Result<Account, IssuerError> {
        let name = self.named(name)?;
        let payload = json!({"status": "deactivated"});
        let account = self.at_account(name, Some(&payload), "the account could not be deactivated")?;
        if account.status != "deactivated" {
            let message = format!("the server answered, but the account is still `{}`", account.status);
            return Err(self.client.protocol(message));
        }
        let lock = self.locked(name)?;
        let forgotten = self.memory.forget(&self.item(name));
        forgotten.map_err(|error| self.io("an account cannot be forgotten", error))?;
        self.keep(name, &account.url, true)?;
        drop(lock);
        self.forget_opened(name);
        Ok(account)
    }
}

impl Accounts for Acme {
    fn names(&self) -> Result<Vec<String>, IssuerError> {
        let notes = self.memory.notes("account-").map_err(|error| self.io("its accounts cannot be listed", error))?;
        let suffix = format!("-{}", self.server());
        let name = |note: &String| Some(note.strip_prefix("account-")?.strip_suffix(&suffix)?.to_owned());
        Ok(notes.iter().filter_map(name).collect())
    }

    fn is_missing(&self) -> Result<bool, IssuerError> {
        Ok(self.kept(self.settings.account())?.is_none())
    }

    fn show(&self, name: Option<&str>) -> Result<Account, IssuerError> {
        self.at_account(self.named(name)?, None, "the account could not be looked at")
    }

    fn change(&self, name: Option<&str>, change: Announced<AccountChange>) -> Result<Account, IssuerError> {
        match change.into_subject() {
            AccountChange::Create(new) => self.create(name, &new),
            AccountChange::Update(contact) => self.update(name, &contact),
            AccountChange::RotateKey => self.rotate_key(name),
            AccountChange::Deactivate => self.deactivate(name),
        }
    }
}
