//! A home whose settings name a role of a server as issuer `vault`.

use serde_json::{Value, json};

use crate::home::{Ran, TestHome};
use crate::peers::openbao::{OpenBao, ROOT};
use crate::peers::{self, Peer};

/// A home with that issuer, and no CA of its own unless it says so.
pub(crate) struct Scene {
    pub(crate) server: OpenBao,
    pub(crate) home: TestHome,
    base: String,
}

impl Scene {
    /// A mount `pki` with a root and the role `web` for `example.net`; `None` without a server.
    pub(crate) fn new() -> Option<Self> {
        if !peers::require(&[Peer::OpenBao]) {
            return None;
        }
        let scene = Self::with(OpenBao::start(), TestHome::founded());
        scene.home.write("secrets/token", format!("{ROOT}\n"));
        scene.server.must("POST", "sys/mounts/pki", &json!({"type": "pki", "config": {"max_lease_ttl": "87600h"}}));
        let root = json!({"common_name": "Root", "ttl": "87600h", "key_type": "ec", "key_bits": 256});
        scene.server.must("POST", "pki/root/generate/internal", &root);
        scene.role("web", json!({}));
        scene.settings("", "");
        Some(scene)
    }

    pub(crate) fn with(server: OpenBao, home: TestHome) -> Self {
        let base = String::from_utf8(home.read("home/certroll.toml")).expect("the settings are text");
        Self { server, home, base }
    }

    /// Makes a role for `example.net`, with these fields otherwise.
    pub(crate) fn role(&self, name: &str, fields: Value) {
        let mut role = json!({
            "allowed_domains": "example.net", "allow_subdomains": true, "key_type": "any", "max_ttl": "2160h",
        });
        role.as_object_mut().expect("a table").extend(fields.as_object().expect("a table").clone());
        self.server.must("POST", &format!("pki/roles/{name}"), &role);
    }

    /// A policy with these rules, `path capabilities`, one a line.
    pub(crate) fn policy(&self, name: &str, rules: &str) {
        let rule = |line: &str| {
            let (path, capabilities) = line.trim().split_once(' ').expect("a rule");
            let all: Vec<String> = capabilities.split(',').map(|one| format!("\"{one}\"")).collect();
            format!("path \"{path}\" {{ capabilities = [{}] }}\n", all.join(", "))
        };
        let text: String = rules.lines().filter(|line| !line.trim().is_empty()).map(rule).collect();
        self.server.must("PUT", &format!("sys/policies/acl/{name}"), &json!({"policy": text}));
    }

    /// Writes the settings: these keys of the issuer in place of the usual ones, and this table `auth` in place of a
    /// token from a file.
    pub(crate) fn settings(&self, keys: &str, auth: &str) {
        let mut text = format!("{}\n[issuers.vault]\nkind = \"vault\"\n", self.base);
        let usual = [("address", format!("\"{}\"", self.server.address())), ("role", "\"web\"".to_owned())];
        for (key, value) in usual.into_iter().chain([("settle_secs", "0".to_owned())]) {
            if !keys.lines().any(|line| line.trim_start().starts_with(key)) {
                text.push_str(&format!("{key} = {value}\n"));
            }
        }
        let auth = if auth.is_empty() { "method = \"token\"\ntoken_file = \"../secrets/token\"" } else { auth };
        text.push_str(&format!("{keys}\n[issuers.vault.auth]\n{auth}\n"));
        self.home.write("home/certroll.toml", text);
    }

    /// Issues a certificate into `NAME.pem`.
    pub(crate) fn issue(&self, name: &str) -> Ran {
        let (certificate, key) = (format!("{name}.pem"), format!("{name}.key.pem"));
        let files = ["--out-cert", &certificate, "--out-key", &key];
        let what = ["issue", name, "-t", "https-server", "--issuer", "vault", "--key", "ec:p256"];
        self.home.certroll(&[&what[..], &files].concat())
    }

    /// The serial numbers on the mount's list; none when it is empty.
    pub(crate) fn serials(&self) -> Vec<String> {
        let (_, listed) = self.server.call("GET", "pki/certs?list=true", &Value::Null);
        let keys = listed["data"]["keys"].as_array().into_iter().flatten();
        keys.map(|key| key.as_str().expect("a serial number").replace([':', '-'], "")).collect()
    }
}
