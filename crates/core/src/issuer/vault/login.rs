//! Getting a token: from where one lies, or for other credentials.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;
use vaultrs::api::AuthInfo;

use super::session::VaultSession;
use super::settings::{Auth, place};
use crate::issuer::network::NetworkFailure;
use crate::issuer::vault::Vault;
use crate::issuer::{ErrorClass, IssuerError, SecretPlace};
use certroll_base::encoding::{hex, sha256};
use certroll_base::secret::{Secret, SecretBytes};
use certroll_pki::container::envelope;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption;

/// Where Kubernetes puts the token of a pod's service account.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// What a wrapped secret id unwraps to.
#[derive(Deserialize)]
struct Unwrapped {
    secret_id: String,
}

impl Vault {
    /// A session with a token.
    ///
    /// # Errors
    /// A secret is missing, or the server does not let us in.
    pub(super) fn log_in(&self) -> Result<VaultSession, IssuerError> {
        let mut session = self.anonymous()?;
        let auth = &self.settings.auth;
        let mount = auth.path();
        let info = match auth {
            Auth::Token { token_file, token_command, token_variable } => {
                let given = place("token", token_file.as_ref(), token_command.as_ref(), token_variable.as_ref());
                let token = self.token(given.map_err(|why| self.config(why))?)?;
                session.set_token(token, 0).map_err(|why| self.config(why))?;
                return Ok(session);
            }
            Auth::AppRole { role_id, secret_id_file, secret_id_command, secret_id_variable, wrapped, .. } => {
                let (file, command) = (secret_id_file.as_ref(), secret_id_command.as_ref());
                let given =
                    self.required("secret id", place("secret_id", file, command, secret_id_variable.as_ref()))?;
                session.guard(&given);
                let secret_id = if *wrapped { self.unwrap(&given)? } else { given };
                session.guard(&secret_id);
                session.log_in(mount, &json!({"role_id": role_id, "secret_id": secret_id.expose()}))
            }
            Auth::Kubernetes { role, jwt_file, .. } => {
                let file = jwt_file.clone().unwrap_or_else(|| PathBuf::from(SERVICE_ACCOUNT));
                let jwt = self.required("service account's token", Ok(Some(SecretPlace::File(file))))?;
                session.guard(&jwt);
                session.log_in(mount, &json!({"role": role, "jwt": jwt.expose()}))
            }
            Auth::Jwt { role, jwt_file, jwt_command, jwt_variable, .. } => {
                let given = place("jwt", jwt_file.as_ref(), jwt_command.as_ref(), jwt_variable.as_ref());
                let jwt = self.required("job's token", given)?;
                session.guard(&jwt);
                session.log_in(mount, &json!({"role": role, "jwt": jwt.expose()}))
            }
            Auth::Cert { role, .. } => session.log_in(mount, &json!({"name": role.as_deref().unwrap_or_default()})),
        };
        let what = format!("the login by `{}` failed", auth.method());
        let info = info.map_err(|failure| self.not_logged_in(failure, &format!("auth/{mount}/login"), &what))?;
        let AuthInfo { client_token, lease_duration, .. } = info;
        session.set_token(Secret::new(client_token), lease_duration).map_err(|why| self.config(why))?;
        Ok(session)
    }

    /// The token that is given, or that the programs of the server use.
    fn token(&self, given: Option<SecretPlace>) -> Result<Secret, IssuerError> {
        if given.is_some() {
            return self.required("token", Ok(given));
        }
        let secrets = &self.connection.secrets;
        for variable in ["VAULT_TOKEN", "BAO_TOKEN"] {
            if let Some(token) = self.secret("token", &SecretPlace::Variable(variable.to_owned()))? {
                return Ok(token);
            }
        }
        let file = secrets.variable("HOME").map(|home| PathBuf::from(home).join(".vault-token"));
        if let Some(file) = file.filter(|file| file.is_file()) {
            return self.required("token", Ok(Some(SecretPlace::File(file))));
        }
        Err(IssuerError::new(&self.name, ErrorClass::Auth, "there is no token").hint(format!(
            "name a file with it: `token_file` in `[issuers.{}.auth]`; or set VAULT_TOKEN, or `bao login`",
            self.name
        )))
    }

    /// The secret id that a wrapping token stands for. It can be unwrapped once; the secret id is kept, encrypted, until
    /// another wrapping token is given.
    fn unwrap(&self, wrapping: &Secret) -> Result<Secret, IssuerError> {
        let memory = &self.connection.memory;
        let item = format!("secret-id-{}", &hex(&sha256(wrapping.expose().as_bytes()))[..16]);
        let broken = |error| {
            IssuerError::new(&self.name, ErrorClass::Config, "what it remembers cannot be read or written")
                .because(error)
        };
        // Two runs at once unwrap it once.
        let _lock = memory.lock("secret-id").map_err(broken)?;
        if let Some(kept) = memory.key(&item).map_err(broken)? {
            return envelope::open(&kept).ok_or_else(|| self.config("the secret id that was kept is damaged"));
        }
        // The wrapping token is the one right that is needed, so it goes where tokens go.
        let mut bearer = self.anonymous()?;
        bearer.set_token(wrapping.clone(), 0).map_err(|why| self.config(why))?;
        let unwrapped: Result<Unwrapped, NetworkFailure> = bearer.post_as("sys/wrapping/unwrap", &json!({}));
        let unwrapped = unwrapped.map_err(|failure| {
            let what = "the secret id cannot be unwrapped";
            self.not_logged_in(failure, "sys/wrapping/unwrap", what).hint(
                "a wrapping token works once, and for a limited time. If it was not used here and has not run out, \
                 another party has the secret id: have it revoked, and a new one wrapped",
            )
        })?;
        let secret = Secret::new(unwrapped.secret_id);
        let wrapped =
            envelope::wrap(&secret).map_err(|error| self.config("the secret id is too long").because(error))?;
        memory.keep_key(&item, &wrapped).map_err(broken)?;
        Ok(secret)
    }

    /// Certificate and key for the TLS handshake, if the login is made with them.
    ///
    /// # Errors
    /// They cannot be read, or the key is encrypted and its password missing or wrong.
    pub(super) fn identity(&self) -> Result<Option<reqwest::Identity>, IssuerError> {
        let Auth::Cert {
            certificate_file,
            key_file,
            key_password_file,
            key_password_command,
            key_password_variable,
            ..
        } = &self.settings.auth
        else {
            return Ok(None);
        };
        let read = |file: &PathBuf| {
            let file = self.connection.path(file);
            certroll_base::input::read(&file)
                .map_err(|error| self.config(format!("`{}` cannot be read", file.display())).because(error))
        };
        let mut text = read(certificate_file)?;
        let key = zeroize::Zeroizing::new(read(key_file)?);
        let blocks = pem::read(&key)
            .map_err(|error| self.config(format!("`{}` holds no key", key_file.display())).because(error))?;
        let plain =
            match blocks.iter().find(|block| matches!(block.label, Label::PrivateKey | Label::EncryptedPrivateKey)) {
                Some(block) if block.label == Label::EncryptedPrivateKey => {
                    let (file, command) = (key_password_file.as_ref(), key_password_command.as_ref());
                    let given = place("key_password", file, command, key_password_variable.as_ref());
                    let password = self.required("password of the key for the login", given)?;
                    encryption::decrypt(block.der.expose(), &password).map_err(|error| {
                        IssuerError::new(&self.name, ErrorClass::Auth, "the key for the login does not open")
                            .because(error)
                    })?
                }
                Some(block) => SecretBytes::new(block.der.expose().to_vec()),
                None => return Err(self.config(format!("`{}` holds no private key", key_file.display()))),
            };
        let key = zeroize::Zeroizing::new(pem::encode(Label::PrivateKey, plain.expose()));
        text.extend_from_slice(key.as_bytes());
        let text = zeroize::Zeroizing::new(text);
        let identity = reqwest::Identity::from_pem(&text);
        identity.map(Some).map_err(|error| self.config("certificate and key for the login do not fit").because(error))
    }

    fn secret(&self, what: &str, place: &SecretPlace) -> Result<Option<Secret>, IssuerError> {
        self.connection.secrets.secret(place).map_err(|error| {
            IssuerError::new(&self.name, ErrorClass::Auth, format!("the {what} cannot be read")).because(error)
        })
    }

    fn required(&self, what: &str, place: Result<Option<SecretPlace>, String>) -> Result<Secret, IssuerError> {
        let missing = |why: &str| {
            IssuerError::new(&self.name, ErrorClass::Auth, format!("the {what} is missing{why}"))
                .hint(format!("say where it is in `[issuers.{}.auth]`; docs/vault.md lists the keys", self.name))
        };
        match place.map_err(|why| self.config(why))? {
            None => Err(missing("")),
            Some(place) => self.secret(what, &place)?.ok_or_else(|| match &place {
                SecretPlace::Variable(name) => missing(&format!(": {name} is not set")),
                _ => missing(""),
            }),
        }
    }
}
