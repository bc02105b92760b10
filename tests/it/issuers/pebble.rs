//! A real ACME server. It cannot be copied, so a sibling is the same one: of the account's orders it leaves out those that
//! others placed before it was asked for.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certroll_base::clock::SystemClock;
use certroll_base::lock::Lock;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_core::issuer::acme::Acme;
use certroll_core::issuer::network::{Http, block_on};
use certroll_core::issuer::{
    AccountChange, Issuer, IssuerSettings, Memory, NewAccount, RemoteIssuer, SecretPlace, Secrets,
};
use certroll_pki::container::pem;
use certroll_pki::jose::jws;
use certroll_pki::key::KeyPair;
use certroll_pki::x509::certificate::Certificate;
use serde_json::{Value, json};

use super::bench::ISSUER;
use super::suite::Backend;
use crate::announce::announced;
use crate::home::copy_tree;
use crate::peers::Pebble;

pub(super) const KIND: &str = "Pebble";

/// A server as one account sees it.
pub(super) struct Server {
    directory: PathBuf,
    /// Where it is and how it is reached.
    facts: Value,
}

impl Server {
    /// One with a new account at a running server.
    pub(super) fn found(directory: &Path, running: &Pebble) -> Self {
        fs::create_dir_all(directory.join("memory")).expect("a directory can be made");
        let facts = json!({
            "directory": running.url(),
            "management": running.management(),
            "ca_file": running.ca_file(),
            "port": running.http_port,
            "ignored": [],
        });
        fs::write(directory.join("facts.json"), facts.to_string()).expect("a file can be written");
        let server = Self::at(directory);
        let new = NewAccount { contact: Vec::new(), terms_agreed: true };
        let create = announced(AccountChange::Create(new));
        server.acme().accounts().expect("it has accounts").change(None, create).expect("an account is made");
        server
    }

    pub(super) fn at(directory: &Path) -> Self {
        let facts = fs::read(directory.join("facts.json")).expect("the facts can be read");
        Self { directory: directory.to_owned(), facts: serde_json::from_slice(&facts).expect("JSON") }
    }

    fn acme(&self) -> Box<dyn Issuer> {
        let settings = json!({
            "directory": self.facts["directory"],
            "ca_file": self.facts["ca_file"],
            "challenge": {"kind": "http-01", "address": "127.0.0.1", "port": self.facts["port"]},
        });
        let Value::Object(settings) = settings else { unreachable!("it is an object") };
        let connection = RemoteIssuer {
            name: ISSUER.to_owned(),
            settings: IssuerSettings(settings),
            root: self.directory.clone(),
            clock: Arc::new(SystemClock),
            memory: Arc::new(Plain(self.directory.join("memory"))),
            secrets: Arc::new(Nothing),
        };
        Box::new(Acme::open(connection).expect("it can be opened"))
    }

    fn text(&self, name: &str) -> String {
        self.facts[name].as_str().expect("a text").to_owned()
    }

    fn client(&self) -> reqwest::Client {
        let http = Http { ca_file: Some(self.text("ca_file").into()), ..Http::default() };
        http.client(ISSUER, &self.directory).expect("a client")
    }

    /// Key and URL of the account.
    fn account(&self) -> (KeyPair, String) {
        let memory = Plain(self.directory.join("memory"));
        let item = memory.notes("account-").expect("a directory").pop().expect("there is an account");
        let note: Value = serde_json::from_slice(&memory.note(&item).expect("a note").expect("a note")).expect("JSON");
        let key = memory.key(&item).expect("a key").expect("a key");
        (KeyPair::from_pkcs8(key.expose()).expect("a key"), note["url"].as_str().expect("a URL").to_owned())
    }

    /// A POST-as-GET: what is there, and the URL of its next page.
    fn get(&self, url: &str) -> (String, Option<String>) {
        let (key, account) = self.account();
        block_on(async {
            let client = self.client();
            let directory = client.get(self.text("directory")).send().await.expect("an answer");
            let directory: Value = directory.json().await.expect("JSON");
            let nonce = client.head(directory["newNonce"].as_str().expect("a URL")).send().await.expect("an answer");
            let nonce = nonce.headers()["replay-nonce"].to_str().expect("text").to_owned();
            let body = jws::sign(&key, json!({"kid": account, "nonce": nonce, "url": url}), "").expect("it signs");
            let request = client.post(url).header("content-type", "application/jose+json").body(body.to_string());
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success(), "{url}: {}", answer.status());
            let links = answer.headers().get_all("link").iter().filter_map(|link| link.to_str().ok());
            let next =
                links.filter(|link| link.contains("rel=\"next\"")).find_map(|link| link.split(['<', '>']).nth(1));
            let next = next.map(str::to_owned);
            (answer.text().await.expect("a text"), next)
        })
    }

    fn json(&self, url: &str) -> (Value, Option<String>) {
        let (text, next) = self.get(url);
        (serde_json::from_str(&text).expect("JSON"), next)
    }

    /// The account's orders that are not ignored.
    fn orders(&self) -> Vec<String> {
        let account = self.account().1;
        let mut page = self.json(&account).0["orders"].as_str().map(str::to_owned);
        let ignored: BTreeSet<&str> =
            self.facts["ignored"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut orders = Vec::new();
        while let Some(url) = page {
            let (list, next) = self.json(&url);
            let listed = list["orders"].as_array().into_iter().flatten().filter_map(Value::as_str);
            orders.extend(listed.filter(|order| !ignored.contains(order)).map(str::to_owned));
            page = next;
        }
        orders
    }
}

impl Backend for Server {
    fn open(&self) -> Box<dyn Issuer> {
        self.acme()
    }

    fn spec(&self) -> String {
        format!("{KIND}::{}", self.directory.display())
    }

    fn sibling(&self, number: usize) -> Box<dyn Backend> {
        let directory = PathBuf::from(format!("{}-{number}", self.directory.display()));
        copy_tree(&self.directory, &directory);
        // A sibling before this one has placed orders since; they are all that this one does not see now and then would.
        let mine: BTreeSet<_> = match fs::read(self.directory.join("mine.json")) {
            Ok(known) => serde_json::from_slice(&known).expect("JSON"),
            Err(_) => {
                let mine: BTreeSet<_> = self.orders().into_iter().collect();
                fs::write(self.directory.join("mine.json"), json!(mine).to_string()).expect("a file can be written");
                mine
            }
        };
        let mut facts = self.facts.clone();
        let all = self.orders().into_iter().filter(|order| !mine.contains(order));
        facts["ignored"] = all.collect::<Vec<_>>().into();
        fs::write(directory.join("facts.json"), facts.to_string()).expect("a file can be written");
        Box::new(Self::at(&directory))
    }

    fn issued(&self) -> Option<Vec<Vec<u8>>> {
        let certificate = |order: String| self.json(&order).0["certificate"].as_str().map(|url| self.get(url).0);
        let chains = self.orders().into_iter().filter_map(certificate);
        Some(chains.map(|chain| pem::read(chain.as_bytes()).expect("PEM")[0].der.expose().to_vec()).collect())
    }

    fn revoked(&self) -> usize {
        let is_revoked = |der: &Vec<u8>| {
            let serial = Certificate::from_der(der).expect("a certificate").serial.to_string().replace(':', "");
            let url = format!("{}/cert-status-by-serial/{serial}", self.text("management"));
            let answer = block_on(async { self.client().get(url).send().await?.json::<Value>().await });
            answer.expect("an answer")["Status"] == "Revoked"
        };
        self.issued().into_iter().flatten().filter(is_revoked).count()
    }

    /// The account, and the key of nobody.
    fn with_wrong_credential(&self) -> Option<Box<dyn Issuer>> {
        let directory = PathBuf::from(format!("{}-wrong", self.directory.display()));
        copy_tree(&self.directory, &directory);
        let memory = Plain(directory.join("memory"));
        let item = memory.notes("account-").expect("a directory").pop().expect("there is an account");
        let key = KeyPair::generate("ec:p256".parse().expect("a kind of key")).expect("a key");
        memory.keep_key(&item, &key.to_pkcs8().expect("a key")).expect("a file can be written");
        Some(Self::at(&directory).open())
    }

    fn answer_late(&self, _questions: usize) -> bool {
        false
    }
}

/// A memory in plain files.
struct Plain(PathBuf);

fn missing<T>(read: io::Result<T>) -> io::Result<Option<T>> {
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

impl Plain {
    fn key_file(&self, item: &str) -> PathBuf {
        self.0.join(format!("{item}.p8"))
    }
}

impl Memory for Plain {
    fn note(&self, item: &str) -> io::Result<Option<Vec<u8>>> {
        missing(fs::read(self.0.join(item)))
    }

    fn keep_note(&self, item: &str, bytes: &[u8]) -> io::Result<()> {
        let new = self.0.join(format!(".{item}"));
        fs::write(&new, bytes)?;
        fs::rename(new, self.0.join(item))
    }

    fn notes(&self, prefix: &str) -> io::Result<Vec<String>> {
        let names = fs::read_dir(&self.0)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        Ok(names.filter(|name| name.starts_with(prefix) && !name.contains(".p8") && !name.contains(".lock")).collect())
    }

    fn key(&self, item: &str) -> io::Result<Option<SecretBytes>> {
        Ok(missing(fs::read(self.key_file(item)))?.map(SecretBytes::new))
    }

    fn keep_key(&self, item: &str, pkcs8: &SecretBytes) -> io::Result<()> {
        fs::write(self.key_file(item), pkcs8.expose())
    }

    fn forget(&self, item: &str) -> io::Result<()> {
        missing(fs::remove_file(self.0.join(item)))?;
        missing(fs::remove_file(self.key_file(item))).map(drop)
    }

    fn promote_key(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.key_file(from), self.key_file(to))
    }

    fn lock(&self, item: &str) -> io::Result<Lock> {
        Lock::acquire(&self.0.join(format!("{item}.lock")))
    }

    fn try_lock(&self, item: &str) -> io::Result<Option<Lock>> {
        Lock::try_acquire(&self.0.join(format!("{item}.lock")))
    }
}

/// No secrets.
struct Nothing;

impl Secrets for Nothing {
    fn secret(&self, _place: &SecretPlace) -> io::Result<Option<Secret>> {
        Ok(None)
    }

    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
}
