//! A home with an ACME server as its issuer `public`.

use certroll_pki::container::pem;
use certroll_pki::x509::certificate::Certificate;

use crate::home::TestHome;
use crate::peers::{Manners, Pebble};

/// A home without CAs whose issuer is a running pebble.
pub(crate) struct Room {
    pub(crate) home: TestHome,
    pub(crate) pebble: Pebble,
}

impl Room {
    /// Challenges are answered over DNS.
    pub(crate) fn new(manners: &Manners<'_>) -> Self {
        let room = Self { home: TestHome::founded(), pebble: Pebble::start(manners) };
        room.settings("terms_agreed = true\n", &room.dns());
        room
    }

    /// The table of the challenge that the DNS server of pebble answers.
    pub(crate) fn dns(&self) -> String {
        format!("kind = \"dns-01\"\nhook = {{ shell = '''{}''' }}\n", self.pebble.dns_hook())
    }

    /// The table of the challenge that the program answers itself.
    pub(crate) fn http(&self) -> String {
        format!("kind = \"http-01\"\naddress = \"127.0.0.1\"\nport = {}\n", self.pebble.http_port)
    }

    /// The table of the challenge that the program answers itself within TLS.
    pub(crate) fn tls(&self) -> String {
        format!("kind = \"tls-alpn-01\"\naddress = \"127.0.0.1\"\nport = {}\n", self.pebble.tls_port)
    }

    /// Writes the settings of the issuer: lines of its table and of the table of the challenge.
    pub(crate) fn settings(&self, lines: &str, challenge: &str) {
        self.home.write(
            "home/certroll.toml",
            format!(
                "schema = 1\nstore = \"sqlite\"\n\n[issuers.public]\nkind = \"acme\"\ndirectory = \"{}\"\nca_file = \"{}\"\n\
                 {lines}\n[issuers.public.challenge]\n{challenge}",
                self.pebble.url(),
                self.pebble.ca_file().display()
            ),
        );
    }

    /// Issues a certificate into `NAME.pem` with its key in `NAME.key.pem`.
    pub(crate) fn issue(&self, name: &str, more: &[&str]) -> Vec<Certificate> {
        let (certificate, key) = (format!("{name}.pem"), format!("{name}.key.pem"));
        let mut line = vec!["issue", name, "--template", "https-server", "--out-cert", &certificate, "--out-key", &key];
        line.extend(more);
        self.home.ok(&line);
        self.chain(&certificate)
    }

    /// The certificates in a file.
    pub(crate) fn chain(&self, file: &str) -> Vec<Certificate> {
        let blocks = pem::read(&self.home.read(file)).expect("PEM");
        blocks.iter().map(|block| Certificate::from_der(block.der.expose()).expect("a certificate")).collect()
    }
}
