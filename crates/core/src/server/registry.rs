//! The table of servers: a new one is its templates in `templates/servers` and a row here.

use super::syntax::Syntax;

/// How a server takes its key, its certificate and the CAs of its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stores {
    /// A keystore and a truststore, PKCS#12 or JKS.
    Java,
    /// PEM files; it can be told the password of the key.
    Pem,
    /// PEM files; the key must lie in the clear, because the server has no way to be given a password when it starts.
    PlainPem,
}

/// One file of a server's configuration.
#[derive(Clone, Copy, Debug)]
pub struct FileTemplate {
    /// Its name below the directory that is written to.
    pub name: &'static str,
    /// Its text with placeholders.
    pub text: &'static str,
    /// How values are written in it.
    pub syntax: Syntax,
    /// Whether it holds secrets: it is written with mode 0600 then.
    pub private: bool,
    /// Left out unless there is a value for this placeholder.
    pub only_with: Option<&'static str>,
}

/// One row of [`SERVERS`].
#[derive(Debug)]
pub struct ServerKind {
    /// The name on the command line.
    pub id: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// What it takes.
    pub stores: Stores,
    /// Whether it is a client of its own kind with the same certificate, which then needs both usages.
    pub calls_peers: bool,
    /// What to know when the key in PEM that it is given is encrypted.
    pub encrypted_key: Option<&'static str>,
    /// The port that is usual for it with TLS; `None` when the address does not stand in its files.
    pub port: Option<u16>,
    /// Its files, the main one first.
    pub files: &'static [FileTemplate],
    /// Where the passwords are, in one line.
    pub passwords: &'static str,
    /// What is to be done with the files.
    pub next: &'static str,
}

impl ServerKind {
    /// The file that others of its files refer to for passwords.
    pub fn secrets_file(&self) -> Option<&'static FileTemplate> {
        let refers = self.files.iter().any(|file| file.text.contains("{{secrets_file}}"));
        self.files.iter().find(|file| file.private && refers)
    }
}

const fn public(name: &'static str, text: &'static str, syntax: Syntax) -> FileTemplate {
    FileTemplate { name, text, syntax, private: false, only_with: None }
}

const fn private(
    name: &'static str,
    text: &'static str,
    syntax: Syntax,
    only_with: Option<&'static str>,
) -> FileTemplate {
    FileTemplate { name, text, syntax, private: true, only_with }
}

macro_rules! text {
    ($file:literal) => {
        include_str!(concat!("../../../../templates/servers/", $file))
    };
}

/// Every server there is a configuration for.
pub const SERVERS: &[ServerKind] = &[
    ServerKind {
        id: "activemq",
        summary: "ActiveMQ Classic",
        stores: Stores::Java,
        calls_peers: false,
        encrypted_key: None,
        port: Some(61617),
        files: &[public("activemq.xml", text!("activemq.xml"), Syntax::Xml)],
        passwords: "read from the password files",
        next: "it is a whole conf/activemq.xml; start the broker with it as `xbean:file:FILE`",
    },
    ServerKind {
        id: "artemis",
        summary: "ActiveMQ Artemis",
        stores: Stores::Java,
        calls_peers: false,
        encrypted_key: None,
        port: Some(61617),
        files: &[private("artemis-tls.properties", text!("artemis.properties"), Syntax::Properties, None)],
        passwords: "in the file, private: Artemis reads them from nowhere else",
        next: "start the broker with `artemis run --properties FILE`",
    },
    ServerKind {
        id: "jetty",
        summary: "Jetty 9.4 to 12",
        stores: Stores::Java,
        calls_peers: false,
        encrypted_key: None,
        port: Some(8443),
        files: &[
            public("etc/certroll-tls.xml", text!("jetty.xml"), Syntax::Xml),
            public("etc/certroll-reload.xml", text!("jetty-reload.xml"), Syntax::Xml),
            public("start.d/certroll-tls.ini", text!("jetty.ini"), Syntax::Ini),
        ],
        passwords: "read from the password files",
        next: "the directory is, or goes into, `jetty.base`",
    },
    ServerKind {
        id: "kafka",
        summary: "Apache Kafka",
        stores: Stores::Java,
        calls_peers: true,
        encrypted_key: None,
        port: Some(9093),
        files: &[
            public("tls.properties", text!("kafka.properties"), Syntax::Properties),
            private("tls-secrets.properties", text!("kafka-secrets.properties"), Syntax::Properties, None),
        ],
        passwords: "in a file of their own, private, read by a FileConfigProvider",
        next: "append the lines of `tls.properties` to server.properties",
    },
    ServerKind {
        id: "mosquitto",
        summary: "Eclipse Mosquitto 2",
        stores: Stores::PlainPem,
        calls_peers: false,
        encrypted_key: None,
        port: Some(8883),
        files: &[public("tls.conf", text!("mosquitto.conf"), Syntax::Mosquitto)],
        passwords: "none: Mosquitto needs its key in the clear",
        next: "it goes into /etc/mosquitto/conf.d",
    },
    ServerKind {
        id: "nginx",
        summary: "nginx",
        stores: Stores::Pem,
        calls_peers: false,
        encrypted_key: None,
        port: None,
        files: &[public("tls.conf", text!("nginx.conf"), Syntax::Nginx)],
        passwords: "read from the password file",
        next: "include it in a server block with `listen 443 ssl`",
    },
    ServerKind {
        id: "rabbitmq",
        summary: "RabbitMQ",
        stores: Stores::Pem,
        calls_peers: false,
        encrypted_key: Some(
            "RabbitMQ opens its encrypted key for each connection anew, which takes it a second or more, before it has seen the \
             client's certificate: where many connect, give it a key in the clear",
        ),
        port: Some(5671),
        files: &[
            public("20-tls.conf", text!("rabbitmq.conf"), Syntax::RabbitMq),
            private(
                "21-tls-password.conf",
                text!("rabbitmq-password.conf"),
                Syntax::RabbitMqPassword,
                Some("storepass"),
            ),
        ],
        passwords: "in a file of its own, private: RabbitMQ reads it from nowhere else",
        next: "they go into /etc/rabbitmq/conf.d",
    },
];

/// The server of that name.
pub fn by_id(id: &str) -> Option<&'static ServerKind> {
    SERVERS.iter().find(|server| server.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::server::{PLACEHOLDERS, SECRETS, ServerValues, fill};
    use certroll_base::secret::Secret;

    fn values() -> ServerValues {
        let mut values = ServerValues::default();
        PLACEHOLDERS.iter().for_each(|(name, _)| values.set(name, format!("/{name}")));
        SECRETS.iter().for_each(|(name, _)| values.set_secret(name, Secret::new(format!("MARK-{name}"))));
        values
    }

    #[test]
    fn every_template_can_be_filled_and_leaves_nothing_open() {
        for server in SERVERS {
            for file in server.files {
                let filled = fill(file, &values()).unwrap();
                let text = filled.text.expose();
                assert!(!text.contains("{{") && !text.contains("}}\n"), "{} {text}", server.id);
                assert_eq!(text.contains("MARK-"), file.private, "{}: {}", server.id, file.name);
            }
            let private = server.files.iter().any(|file| file.private);
            assert_eq!(private, server.passwords.contains("private"), "{} says where the passwords are", server.id);
        }
    }

    /// What each server offers, in the names of OpenSSL or of Java, as the IANA names them.
    fn suites(server: &ServerKind) -> BTreeSet<String> {
        let text: String = server.files.iter().map(|file| file.text).collect();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
        let iana = |word: &str| match word.strip_prefix("ECDHE-") {
            Some(rest) => {
                let rest = rest.replace("AES256-GCM", "WITH_AES_256_GCM").replace("AES128-GCM", "WITH_AES_128_GCM");
                let rest = rest.replace("-CHACHA20-POLY1305", "_WITH_CHACHA20_POLY1305_SHA256").replace('-', "_");
                Some(format!("TLS_ECDHE_{rest}"))
            }
            None => word.starts_with("TLS_").then(|| word.to_owned()),
        };
        words.filter_map(iana).collect()
    }

    /// BSI TR-02102-2 and RFC 9325 section 4.2: forward secrecy and authenticated encryption alone.
    #[test]
    fn all_servers_offer_the_same_suites_and_versions() {
        let expected = suites(&SERVERS[0]);
        assert_eq!(expected.len(), 9, "{expected:?}");
        for server in SERVERS {
            assert_eq!(suites(server), expected, "{}", server.id);
            let text: String = server.files.iter().map(|file| file.text).collect();
            let lower = text.to_lowercase();
            assert!(lower.contains("tlsv1.2"), "{} names the oldest version", server.id);
            assert!(!lower.contains("tlsv1.1") && !lower.contains("sslv3"), "{}", server.id);
        }
    }
}
