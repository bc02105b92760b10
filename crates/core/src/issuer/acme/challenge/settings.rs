//! The table `[issuers.NAME.challenge]`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use hickory_proto::rr::Name;
use hickory_proto::rr::rdata::tsig::TsigAlgorithm;
use serde::Deserialize;

use crate::issuer::SecretPlace;
use crate::issuer::acme::challenge::solver::ChallengeKind;

/// The port of DNS.
pub(super) const DNS_PORT: u16 = 53;

/// The settings of the challenges of one issuer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeSettings {
    /// The type of challenge to answer.
    pub kind: ChallengeKind,
    /// http-01 and tls-alpn-01: the address to listen on; all of the machine by default.
    pub address: Option<IpAddr>,
    /// http-01 and tls-alpn-01: the port to listen on; 80 or 443 by default, which is where a CA knocks.
    pub port: Option<u16>,
    /// http-01: the directory that a web server serves at `/`; relative to the home. No own listener then.
    pub webroot: Option<PathBuf>,
    /// dns-01: a command that sets and removes records.
    pub hook: Option<Hook>,
    /// dns-01: a server that takes dynamic updates.
    pub update: Option<Update>,
    /// dns-01: servers that know the whole of DNS, `address` or `address:port`, to follow delegations by; those of the
    /// system by default.
    pub resolvers: Option<Vec<String>>,
    /// dns-01: how to make sure that a record can be seen.
    pub propagation: Option<Propagation>,
}

/// The table `[issuers.NAME.challenge.hook]`: `command` or `shell`. Either is given `present FQDN. VALUE` or
/// `cleanup FQDN. VALUE` as further arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// Program and its first arguments, run as they stand.
    pub command: Option<Vec<String>>,
    /// A line for `sh -c`, in which `$1`, `$2` and `$3` are those arguments.
    pub shell: Option<String>,
    /// Seconds after which it is stopped; 300 by default.
    pub timeout_secs: Option<u64>,
}

/// The table `[issuers.NAME.challenge.update]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// The primary server, `host` or `host:port`; port 53 by default.
    pub server: String,
    /// The zone; found by its SOA record when not given.
    pub zone: Option<String>,
    /// Name of the TSIG key (RFC 8945).
    pub key_name: String,
    /// `hmac-sha256` (the default), `hmac-sha384` or `hmac-sha512`.
    pub key_algorithm: Option<String>,
    /// File whose first line is the key in base64; relative to the home.
    pub key_file: Option<PathBuf>,
    /// Command that prints it.
    pub key_command: Option<String>,
    /// Variable of the environment that holds it.
    pub key_variable: Option<String>,
    /// Seconds for which others may keep a record; 60 by default.
    pub ttl_secs: Option<u32>,
    /// Seconds that one answer of the server may take; 10 by default.
    pub timeout_secs: Option<u64>,
}

/// The table `[issuers.NAME.challenge.propagation]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Propagation {
    /// Whether to look; by default for updates.
    pub check: Option<bool>,
    /// The servers that must show a record, `address` or `address:port`; all name servers of the zone by default.
    pub servers: Option<Vec<String>>,
    /// Seconds until it must be visible everywhere; 120 by default.
    pub timeout_secs: Option<u64>,
    /// Seconds between two looks; 2 by default.
    pub interval_secs: Option<u64>,
}

/// The way that settings ask for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Way<'a> {
    HttpStandalone,
    HttpWebroot(&'a Path),
    DnsHook(&'a Hook),
    DnsUpdate(&'a Update),
    TlsAlpn,
}

impl ChallengeSettings {
    /// The way they ask for.
    ///
    /// # Errors
    /// An option does not belong to that kind, or one is missing.
    pub(super) fn way(&self) -> Result<Way<'_>, String> {
        let given = [
            ("address", self.address.is_some()),
            ("port", self.port.is_some()),
            ("webroot", self.webroot.is_some()),
            ("hook", self.hook.is_some()),
            ("update", self.update.is_some()),
            ("resolvers", self.resolvers.is_some()),
            ("propagation", self.propagation.is_some()),
        ];
        let (way, allowed): (_, &[&str]) = match (self.kind, &self.webroot, &self.hook, &self.update) {
            (ChallengeKind::Http01, Some(webroot), ..) => (Way::HttpWebroot(webroot), &["webroot"]),
            (ChallengeKind::Http01, ..) => (Way::HttpStandalone, &["address", "port"]),
            (ChallengeKind::TlsAlpn01, ..) => (Way::TlsAlpn, &["address", "port"]),
            (ChallengeKind::Dns01, _, Some(hook), _) => (Way::DnsHook(hook), &["hook", "resolvers", "propagation"]),
            (ChallengeKind::Dns01, _, None, Some(update)) => {
                (Way::DnsUpdate(update), &["update", "resolvers", "propagation"])
            }
            (ChallengeKind::Dns01, ..) => return Err("`dns-01` needs a table `hook` or a table `update`".to_owned()),
        };
        match given.iter().find(|(key, given)| *given && !allowed.contains(key)) {
            Some((key, _)) => Err(format!("`{key}` does not go with this way of `{}`", self.kind)),
            None => Ok(way),
        }
    }

    /// The resolvers; none when those of the system are to be asked.
    ///
    /// # Errors
    /// One is no address.
    pub(super) fn resolvers(&self) -> Result<Option<Vec<SocketAddr>>, String> {
        self.resolvers.as_deref().map(|all| addresses("resolvers", all)).transpose()
    }
}

/// Says what is wrong with settings, without contacting the server.
///
/// # Errors
/// What is wrong.
pub fn check(settings: &ChallengeSettings) -> Result<(), String> {
    let within = |table: &str, found: Result<(), String>| found.map_err(|why| format!("{table}: {why}"));
    match settings.way().map_err(|why| format!("challenge: {why}"))? {
        Way::DnsHook(hook) => within("challenge.hook", hook.check())?,
        Way::DnsUpdate(update) => within("challenge.update", update.check())?,
        Way::HttpStandalone | Way::TlsAlpn if settings.port == Some(0) => {
            return Err("challenge: `port` cannot be 0".to_owned());
        }
        Way::HttpStandalone | Way::TlsAlpn | Way::HttpWebroot(_) => {}
    }
    settings.resolvers().map_err(|why| format!("challenge: {why}"))?;
    match &settings.propagation {
        Some(propagation) => within("challenge.propagation", propagation.check()),
        None => Ok(()),
    }
}

impl Hook {
    fn check(&self) -> Result<(), String> {
        match (&self.command, &self.shell) {
            (Some(command), None) if command.first().is_some_and(|program| !program.is_empty()) => Ok(()),
            (None, Some(line)) if !line.trim().is_empty() => Ok(()),
            (Some(_), Some(_)) => Err("either `command` or `shell`, not both".to_owned()),
            (None, None) => Err("`command = [\"PROGRAM\", ..]` is missing, or `shell = \"LINE\"`".to_owned()),
            (Some(_), None) => Err("`command` names no program".to_owned()),
            (None, Some(_)) => Err("`shell` is empty".to_owned()),
        }
    }

    /// Its program and first arguments.
    pub(super) fn program(&self) -> Vec<String> {
        match (&self.command, &self.shell) {
            // The word after the line is what the shell calls itself in its messages.
            (_, Some(line)) => vec!["sh".to_owned(), "-c".to_owned(), line.clone(), "hook".to_owned()],
            (command, None) => command.clone().unwrap_or_default(),
        }
    }
}

impl Update {
    fn check(&self) -> Result<(), String> {
        if self.server.trim().is_empty() {
            return Err("`server` is empty".to_owned());
        }
        dns_name("key_name", &self.key_name)?;
        self.zone.as_deref().map_or(Ok(()), |zone| dns_name("zone", zone))?;
        self.algorithm()?;
        self.key_place()?;
        Ok(())
    }

    /// Where the TSIG key is.
    ///
    /// # Errors
    /// None or several places are given.
    pub(super) fn key_place(&self) -> Result<SecretPlace, String> {
        match (&self.key_file, &self.key_command, &self.key_variable) {
            (Some(file), None, None) => Ok(SecretPlace::File(file.clone())),
            (None, Some(command), None) => Ok(SecretPlace::Command(command.clone())),
            (None, None, Some(variable)) => Ok(SecretPlace::Variable(variable.clone())),
            _ => Err("the TSIG key needs one of `key_file`, `key_command` and `key_variable`".to_owned()),
        }
    }

    /// The algorithm of the key. Those with SHA-1 or MD5 are not to be used any more (RFC 8945 section 6).
    ///
    /// # Errors
    /// It is not one of those that are supported.
    pub(super) fn algorithm(&self) -> Result<TsigAlgorithm, String> {
        let name = self.key_algorithm.as_deref().unwrap_or("hmac-sha256").trim_end_matches('.').to_ascii_lowercase();
        let algorithm = Name::from_ascii(&name).map(TsigAlgorithm::from_name);
        algorithm
            .ok()
            .filter(TsigAlgorithm::supported)
            .ok_or_else(|| format!("`key_algorithm`: `{name}` is not one of hmac-sha256, hmac-sha384 and hmac-sha512"))
    }
}

impl Propagation {
    fn check(&self) -> Result<(), String> {
        if self.interval_secs == Some(0) {
            return Err("`interval_secs` cannot be 0".to_owned());
        }
        self.servers().map(|_| ())
    }

    /// The servers to look at; none when they are those of the zone.
    ///
    /// # Errors
    /// One is no address.
    pub(super) fn servers(&self) -> Result<Option<Vec<SocketAddr>>, String> {
        self.servers.as_deref().map(|all| addresses("servers", all)).transpose()
    }
}

fn dns_name(key: &str, text: &str) -> Result<(), String> {
    match Name::from_ascii(text) {
        Ok(name) if !name.is_root() || text == "." => Ok(()),
        _ => Err(format!("`{key}`: `{text}` is no DNS name")),
    }
}

/// Addresses with or without a port.
fn addresses(key: &str, texts: &[String]) -> Result<Vec<SocketAddr>, String> {
    if texts.is_empty() {
        return Err(format!("`{key}` is an empty list"));
    }
    texts.iter().map(|text| address(text).ok_or_else(|| format!("`{key}`: `{text}` is no address"))).collect()
}

/// `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`, `[2001:db8::1]:5353`.
pub(super) fn address(text: &str) -> Option<SocketAddr> {
    let alone = || text.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, DNS_PORT));
    text.parse().ok().or_else(alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ChallengeSettings, String> {
        let settings: ChallengeSettings = toml::from_str(text).map_err(|error| error.to_string())?;
        check(&settings).map(|()| settings)
    }

    #[test]
    fn each_way_has_its_options() {
        let key = "server = 'ns.example.org'\nkey_name = 'acme'\nkey_file = 'tsig'";
        for (text, way) in [
            ("kind = 'http-01'".to_owned(), "HttpStandalone"),
            ("kind = 'http-01'\naddress = '::'\nport = 8080".to_owned(), "HttpStandalone"),
            ("kind = 'http-01'\nwebroot = '/var/www/html'".to_owned(), "HttpWebroot"),
            ("kind = 'tls-alpn-01'\nport = 8443".to_owned(), "TlsAlpn"),
            ("kind = 'dns-01'\nhook.command = ['/bin/hook']".to_owned(), "DnsHook"),
            ("kind = 'dns-01'\nhook.shell = 'hook \"$@\"'\npropagation.check = true".to_owned(), "DnsHook"),
            (format!("kind = 'dns-01'\n[update]\n{key}"), "DnsUpdate"),
            (format!("kind = 'dns-01'\npropagation.servers = ['::1', '127.0.0.1:5353']\n[update]\n{key}"), "DnsUpdate"),
        ] {
            let settings = read(&text).unwrap();
            assert!(format!("{:?}", settings.way().unwrap()).starts_with(way), "{text}");
        }
    }

    #[test]
    fn what_does_not_belong_is_refused() {
        let update = |more: &str| format!("kind = 'dns-01'\n[update]\nserver = 'ns'\n{more}");
        for (text, why) in [
            ("kind = 'dns-02'".to_owned(), "unknown variant"),
            ("kind = 'http-01'\nprot = 80".to_owned(), "unknown field `prot`"),
            ("kind = 'http-01'\nport = 0".to_owned(), "`port` cannot be 0"),
            (
                "kind = 'http-01'\nport = 80\nwebroot = 'www'".to_owned(),
                "`port` does not go with this way of `http-01`",
            ),
            ("kind = 'tls-alpn-01'\nwebroot = 'www'".to_owned(), "`webroot` does not go"),
            ("kind = 'dns-01'".to_owned(), "needs a table `hook` or a table `update`"),
            ("kind = 'dns-01'\nhook.timeout_secs = 1".to_owned(), "`command = [\"PROGRAM\", ..]` is missing"),
            ("kind = 'dns-01'\nhook.command = []".to_owned(), "names no program"),
            ("kind = 'dns-01'\nhook.shell = 'a'\nhook.command = ['a']".to_owned(), "not both"),
            (
                "kind = 'dns-01'\nhook.shell = 'a'\npropagation.servers = ['ns1']".to_owned(),
                "challenge.propagation: `servers`: `ns1` is no address",
            ),
            (update("key_name = 'k'"), "needs one of `key_file`"),
            (update("key_name = 'k'\nkey_file = 'a'\nkey_variable = 'B'"), "needs one of `key_file`"),
            (update("key_name = 'k'\nkey_file = 'a'\nkey_algorithm = 'hmac-md5'"), "`hmac-md5` is not one of"),
            (update("key_name = 'k..k'\nkey_file = 'a'"), "`key_name`: `k..k` is no DNS name"),
            ("kind = 'dns-01'\nresolvers = []\nhook.shell = 'a'".to_owned(), "empty list"),
        ] {
            let found = read(&text).unwrap_err();
            assert!(found.contains(why), "{text}: {found}");
        }
    }
}
