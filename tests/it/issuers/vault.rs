//! A role of an OpenBao server, for the conformance suite: each back end is a mount of its own, and a sibling a mount into
//! which everything was copied that the first one holds.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certroll_base::clock::SystemClock;
use certroll_base::lock::Lock;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_core::issuer::registry::{self, Opener};
use certroll_core::issuer::{Issuer, IssuerSettings, Memory, RemoteIssuer, SecretPlace, Secrets};
use certroll_pki::container::pem;
use certroll_pki::x509::certificate::Certificate;
use serde_json::{Value, json};

use super::suite::Backend;
use crate::peers::openbao::{self, ROOT};

/// A mount with a root and the role `web`; the file `address` beside its directory says where the server is.
pub(crate) struct Mount {
    directory: PathBuf,
    address: String,
    name: String,
}

impl Mount {
    pub(crate) fn at(directory: &Path) -> Self {
        let beside = directory.parent().expect("it has a parent").join("address");
        let address = fs::read_to_string(beside).expect("the address can be read");
        let name = directory.file_name().expect("it has a name").to_string_lossy().into_owned();
        let mount = Self { directory: directory.to_owned(), address, name: format!("pki-{name}") };
        if !directory.is_dir() {
            fs::create_dir(directory).expect("a directory can be made");
            mount.enable();
            let root = json!({"common_name": "Elsewhere", "ttl": "87600h", "key_type": "ec", "key_bits": 256});
            mount.must("POST", "root/generate/internal", &root);
            let role = json!({
                "allowed_domains": "example.net", "allow_subdomains": true, "key_type": "any", "max_ttl": "2160h",
            });
            mount.must("POST", "roles/web", &role);
        }
        mount
    }

    fn enable(&self) {
        let body = json!({"type": "pki", "config": {"max_lease_ttl": "87600h"}});
        let path = format!("sys/mounts/{}", self.name);
        let (status, said) = openbao::call(&self.address, (ROOT, ""), ("POST", &path), &body);
        assert!((200..300).contains(&status), "{path}: {said}");
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        openbao::call(&self.address, (ROOT, ""), (method, &format!("{}/{path}", self.name)), body)
    }

    fn must(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, said) = self.ask(method, path, body);
        assert!((200..300).contains(&status), "{method} {path}: {status} {said}");
        said
    }

    /// Each certificate but those of CAs, with whether it is revoked.
    fn certificates(&self) -> Vec<(Vec<u8>, bool)> {
        let listed = self.must("GET", "certs?list=true", &Value::Null);
        let mut found = Vec::new();
        for key in listed["data"]["keys"].as_array().expect("a list") {
            let read = self.must("GET", &format!("cert/{}", key.as_str().expect("a serial number")), &Value::Null);
            let text = read["data"]["certificate"].as_str().expect("a certificate");
            let der = pem::read(text.as_bytes()).expect("PEM")[0].der.expose().to_vec();
            if !Certificate::from_der(&der).expect("a certificate").is_ca {
                found.push((der, read["data"]["revocation_time"].as_i64().expect("a time") > 0));
            }
        }
        found
    }

    fn door(&self, token: &str) -> Box<dyn Issuer> {
        let settings = json!({"address": self.address, "mount": self.name, "role": "web", "settle_secs": 0});
        open(settings, HashMap::from([("VAULT_TOKEN".to_owned(), token.to_owned())]), &self.directory)
    }
}

/// Opens an issuer of kind `vault` by its settings and an environment.
pub(crate) fn open(settings: Value, environment: HashMap<String, String>, root: &Path) -> Box<dyn Issuer> {
    let Some(Opener::Elsewhere { check, open }) = registry::kind("vault").map(|kind| &kind.opener) else {
        panic!("there is no such kind");
    };
    let settings = IssuerSettings(settings.as_object().expect("a table").clone());
    check(&settings).expect("the settings are valid");
    let connection = RemoteIssuer {
        name: "elsewhere".to_owned(),
        settings,
        root: root.to_owned(),
        clock: Arc::new(SystemClock),
        memory: Arc::new(Forgetful),
        secrets: Arc::new(Environment(environment)),
    };
    open(connection).expect("it can be opened")
}

struct Environment(HashMap<String, String>);

impl Secrets for Environment {
    fn secret(&self, place: &SecretPlace) -> std::io::Result<Option<Secret>> {
        match place {
            SecretPlace::Variable(name) => Ok(self.variable(name).map(Secret::new)),
            SecretPlace::File(file) => Secret::from_file(file).map(Some),
            SecretPlace::Command(_) => Err(std::io::Error::other("no commands here")),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// Nothing need be remembered where a token is given.
struct Forgetful;

impl Memory for Forgetful {
    fn note(&self, _item: &str) -> std::io::Result<Option<Vec<u8>>> {
        Ok(None)
    }
    fn keep_note(&self, item: &str, _bytes: &[u8]) -> std::io::Result<()> {
        Err(std::io::Error::other(item.to_owned()))
    }
    fn notes(&self, _prefix: &str) -> std::io::Result<Vec<String>> {
        Ok(Vec::new())
    }
    fn key(&self, _item: &str) -> std::io::Result<Option<SecretBytes>> {
        Ok(None)
    }
    fn keep_key(&self, item: &str, _pkcs8: &SecretBytes) -> std::io::Result<()> {
        Err(std::io::Error::other(item.to_owned()))
    }
    fn forget(&self, _item: &str) -> std::io::Result<()> {
        Ok(())
    }
    fn promote_key(&self, from: &str, _to: &str) -> std::io::Result<()> {
        Err(std::io::Error::other(from.to_owned()))
    }
    fn lock(&self, item: &str) -> std::io::Result<Lock> {
        Err(std::io::Error::other(item.to_owned()))
    }
    fn try_lock(&self, item: &str) -> std::io::Result<Option<Lock>> {
        Err(std::io::Error::other(item.to_owned()))
    }
}

impl Backend for Mount {
    fn open(&self) -> Box<dyn Issuer> {
        self.door(ROOT)
    }

    fn spec(&self) -> String {
        format!("Vault::{}", self.directory.display())
    }

    fn sibling(&self, number: usize) -> Box<dyn Backend> {
        let directory = PathBuf::from(format!("{}-{number}", self.directory.display()));
        fs::create_dir(&directory).expect("a directory can be made");
        let sibling = Self::at(&directory);
        sibling.enable();
        openbao::copy_mount(&self.address, &self.name, &sibling.name);
        Box::new(sibling)
    }

    fn issued(&self) -> Option<Vec<Vec<u8>>> {
        Some(self.certificates().into_iter().map(|(der, _)| der).collect())
    }

    fn revoked(&self) -> usize {
        self.certificates().iter().filter(|(_, revoked)| *revoked).count()
    }

    fn with_wrong_credential(&self) -> Option<Box<dyn Issuer>> {
        Some(self.door("wrong"))
    }

    /// Its list is whole at once.
    fn answer_late(&self, _questions: usize) -> bool {
        false
    }
}
