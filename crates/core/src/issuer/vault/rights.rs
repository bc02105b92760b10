//! Whether the token has the rights that are needed, asked before anything is announced.

use serde_json::{Value, json};

use super::session::VaultSession;
use crate::issuer::vault::Vault;
use crate::issuer::{ErrorClass, IssuerError};

impl Vault {
    /// Looks for the rights to sign and, so that what is lost can be found again, to list. A server that does not tell is
    /// believed to allow both.
    ///
    /// # Errors
    /// The token has no right to one of them; of class [`ErrorClass::Auth`].
    pub(super) fn rights(&self, session: &VaultSession) -> Result<(), IssuerError> {
        let mount = self.settings.mount();
        let sign = format!("{mount}/{}", self.settings.sign_path());
        let lists = [format!("{mount}/certs"), format!("{mount}/certs/"), format!("{mount}/certs/detailed")];
        let paths: Vec<&String> = lists.iter().chain([&sign]).collect();
        let Ok(answer) = session.post("sys/capabilities-self", &json!({ "paths": paths })) else { return Ok(()) };
        let has = |path: &str, right: &str| match answer.data.get(path).and_then(Value::as_array) {
            None => true,
            Some(rights) => rights.iter().filter_map(Value::as_str).any(|one| one == right || one == "root"),
        };
        let lacks = |what: &str, right: &str, path: &str| {
            let message = format!("its token has no right to {what}: `{right}` on `{path}`");
            IssuerError::new(&self.name, ErrorClass::Auth, message)
                .hint("give its policy that right; docs/vault.md shows the whole policy")
        };
        if !has(&sign, "update") && !has(&sign, "create") {
            return Err(lacks("sign", "update", &sign));
        }
        if !self.settings.allow_unrecoverable && !lists.iter().any(|path| has(path, "list")) {
            return Err(lacks("look for certificates whose answer is lost", "list", &lists[0]));
        }
        Ok(())
    }
}
