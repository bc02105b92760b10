//! What the mount has: its CAs, and its certificates, found by public key.

use certroll_pki::digest::KeyHash;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;
use vaultrs::api::pki::responses::ReadCertificateResponse;

use super::failure::{is_absence, nonsense};
use super::session::VaultSession;
use super::sign;
use crate::issuer::network::{CallEffect, NetworkFailure, block_on};
use crate::issuer::vault::Vault;
use crate::issuer::{Issued, IssuerError, PendingRequest, Recovery};
use certroll_base::clock::Timestamp;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::serial::SerialNumber;

/// So many certificates are read at once.
const AT_ONCE: usize = 16;
/// So many names are asked for at a time, where the server tells them in pages.
const PAGE: usize = 500;
/// No mount has more certificates, and no list of them takes longer to be told: a server that has always one more is a hostile one.
const LONGEST_LIST: usize = 2_000_000;
const LONGEST_WALK: Duration = Duration::from_secs(600);
/// So many certificates are read in search of one.
const LONGEST_SEARCH: usize = 20_000;
/// A certificate was not made longer before its request than this: clocks differ, and roles date back.
const BACKDATED_SECS: i64 = 86_400;

/// A CA of the mount.
pub(super) struct MountAuthority {
    /// Its id within the mount.
    pub(super) id: String,
    pub(super) certificate: Certificate,
    /// DER of those above it.
    pub(super) above: Vec<Vec<u8>>,
}

/// One certificate on the list.
pub(super) struct VaultListed {
    /// As the server writes its serial number.
    pub(super) key: String,
    /// The beginning of its validity, where the list tells it.
    not_before: Option<Timestamp>,
}

impl VaultListed {
    /// The one with that serial number.
    pub(super) fn of(serial: SerialNumber) -> Self {
        Self { key: colons(&serial), not_before: None }
    }

    /// The serial number; versions differ in what stands between its digits.
    pub(super) fn serial(&self) -> Option<SerialNumber> {
        SerialNumber::parse(&self.key.replace('-', ":"))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Page {
    keys: Vec<String>,
    key_info: std::collections::BTreeMap<String, MountInfo>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MountInfo {
    not_before: Option<String>,
}

/// What a read of one certificate tells.
pub(super) struct Read {
    pub(super) der: Vec<u8>,
    /// When it was revoked, if it was.
    pub(super) revoked: Option<Timestamp>,
}

impl Vault {
    /// Whether the certificate of a request is there, by its public key.
    ///
    /// # Errors
    /// The server could not be asked.
    pub(super) fn find(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        let Some(spki) = pending.key_hash else {
            return Ok(Recovery::unknowable("a group of requests is not sent to a server"));
        };
        let session = self.session()?;
        let name = self.settings.role.as_deref().unwrap_or_default();
        if self.role(&session)?.is_some_and(|role| role.no_store) {
            return Ok(Recovery::Lost(format!(
                "role `{name}` has no_store set, so the server keeps no certificates: look into its own audit log"
            )));
        }
        let mut listed = self.list(&session)?;
        let earliest = pending.begun().plus_secs(-BACKDATED_SECS);
        listed.retain(|one| one.not_before.is_none_or(|at| at >= earliest));
        // Newest first: what was just asked for is among the last that were made.
        listed.sort_by_key(|one| std::cmp::Reverse(one.not_before));
        let all = listed.len();
        for keys in listed[..all.min(LONGEST_SEARCH)].chunks(AT_ONCE) {
            for read in self.read(&session, keys)?.into_iter().flatten() {
                if let Some(issued) = self.ours(&session, &read.der, &spki)? {
                    return Ok(Recovery::Found(issued));
                }
            }
        }
        if all > LONGEST_SEARCH {
            return Ok(Recovery::unknowable(format!(
                "{all} certificates of the mount could be it, and {LONGEST_SEARCH} were read: tidy the mount \
                 (`bao write {}/tidy tidy_cert_store=true`)",
                self.settings.mount()
            )));
        }
        let settled = pending.begun().plus_secs(self.settings.settle_secs());
        if self.connection.clock.now() < settled {
            return Ok(Recovery::unknowable(format!(
                "the server may still be at work on it; it is known from {settled}"
            )));
        }
        if self.keeps_nothing() {
            return Ok(Recovery::Lost(format!(
                "it is not on the server's list, and role `{name}` cannot be read, so it is unknown whether it would be: look \
                 into the server's own audit log"
            )));
        }
        Ok(Recovery::Nothing)
    }

    fn ours(&self, session: &VaultSession, der: &[u8], spki: &KeyHash) -> Result<Option<Issued>, IssuerError> {
        let Ok(certificate) = Certificate::from_der(der) else { return Ok(None) };
        if certificate.key_hash() != *spki {
            return Ok(None);
        }
        let mut above = Vec::new();
        for authority in self.authorities(session)? {
            above.push(authority.certificate.as_der().to_vec());
            above.extend(authority.above);
        }
        Ok(Some(Issued { certificate: der.to_vec(), chain: sign::chain(der, &above), key: None, remark: None }))
    }

    /// Everything on the mount's list, in detail where the server has that.
    ///
    /// # Errors
    /// The server could not be asked.
    pub(super) fn list(&self, session: &VaultSession) -> Result<Vec<VaultListed>, IssuerError> {
        let mount = self.settings.mount();
        match pages(session, &format!("{mount}/certs/detailed")) {
            Ok(listed) => return Ok(listed),
            // Not there in Vault, nor in every OpenBao; or not allowed by the token's policy.
            Err(failure) if failure.answer.is_some() => {}
            Err(failure) => return Err(self.unlisted(failure)),
        }
        match pages(session, &format!("{mount}/certs")) {
            Ok(listed) => Ok(listed),
            Err(failure) if is_absence(&failure) => Ok(Vec::new()),
            Err(failure) => Err(self.unlisted(failure)),
        }
    }

    fn unlisted(&self, failure: NetworkFailure) -> IssuerError {
        let path = format!("{}/certs", self.settings.mount());
        self.failed(failure, CallEffect::Asks, &path, "its certificates cannot be listed")
    }

    /// The serial numbers of revoked certificates; `None` where the server has no list of them.
    ///
    /// # Errors
    /// The server could not be asked.
    pub(super) fn revoked_list(&self, session: &VaultSession) -> Result<Option<BTreeSet<SerialNumber>>, IssuerError> {
        match pages(session, &format!("{}/certs/revoked", self.settings.mount())) {
            Ok(listed) => Ok(Some(listed.iter().filter_map(VaultListed::serial).collect())),
            Err(failure) if is_absence(&failure) => Ok(Some(BTreeSet::new())),
            // Not there in every version.
            Err(failure) if failure.status().is_some_and(|status| status != 403) => Ok(None),
            Err(failure) => Err(self.unlisted(failure)),
        }
    }

    /// Reads certificates, several at once. One that is gone meanwhile is `None`.
    ///
    /// # Errors
    /// The server could not be asked.
    pub(super) fn read(
        &self,
        session: &Arc<VaultSession>,
        listed: &[VaultListed],
    ) -> Result<Vec<Option<Read>>, IssuerError> {
        let mount = self.settings.mount().to_owned();
        let answers = block_on(async {
            let mut running = Vec::with_capacity(listed.len());
            for one in listed {
                let (session, path) = (session.clone(), format!("{mount}/cert/{}", one.key));
                running.push(tokio::spawn(async move { session.fetch::<ReadCertificateResponse>(&path).await }));
            }
            let mut answers = Vec::with_capacity(running.len());
            for one in running {
                answers.push(one.await);
            }
            answers
        });
        let mut read = Vec::with_capacity(answers.len());
        for answer in answers {
            let answer = answer.map_err(|error| self.config("a read was broken off").because(error))?;
            let one = match answer {
                Ok(answer) => answer,
                Err(failure) => {
                    if !is_absence(&failure) {
                        let path = format!("{mount}/cert");
                        return Err(self.failed(failure, CallEffect::Asks, &path, "a certificate cannot be read"));
                    }
                    read.push(None);
                    continue;
                }
            };
            let der = sign::der(&one.certificate).ok().and_then(|found| found.into_iter().next());
            let revoked = (one.revocation_time > 0).then(|| Timestamp::from_secs(one.revocation_time));
            read.push(der.map(|der| Read { der, revoked }));
        }
        Ok(read)
    }

    /// The CAs of the mount.
    ///
    /// # Errors
    /// The server could not be asked.
    pub(super) fn authorities(&self, session: &VaultSession) -> Result<Vec<MountAuthority>, IssuerError> {
        let mount = self.settings.mount();
        let failed = |failure, path: &str| self.failed(failure, CallEffect::Asks, path, "its CAs cannot be read");
        let path = format!("{mount}/issuers");
        let listed = match pages(session, &path) {
            Ok(listed) => listed,
            Err(failure) if is_absence(&failure) => Vec::new(),
            Err(failure) => return Err(failed(failure, &path)),
        };
        let mut found = Vec::new();
        for one in listed {
            let path = format!("{mount}/issuer/{}/json", one.key);
            let answer = session.get(&path).map_err(|failure| failed(failure, &path))?;
            found.extend(authority(one.key, &answer.data));
        }
        Ok(found)
    }

    /// The CA that signs for us.
    ///
    /// # Errors
    /// The server could not be asked, or there is none.
    pub(super) fn signing_authority(
        &self,
        session: &VaultSession,
        role: Option<&str>,
    ) -> Result<MountAuthority, IssuerError> {
        let reference = self.settings.issuer_ref.as_deref().or(role).unwrap_or("default");
        let path = format!("{}/issuer/{reference}/json", self.settings.mount());
        let answer = session.get(&path).map_err(|failure| {
            self.failed(failure, CallEffect::Asks, &path, "the certificate of its CA cannot be read")
        })?;
        authority(reference.to_owned(), &answer.data).ok_or_else(|| self.config("its CA has no certificate"))
    }
}

fn authority(id: String, data: &Value) -> Option<MountAuthority> {
    let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
    let own = sign::der(text("certificate")).ok()?.into_iter().next()?;
    let above = data.get("ca_chain").and_then(Value::as_array).into_iter().flatten();
    let above = above.filter_map(|text| sign::der(text.as_str()?).ok()).flatten().collect();
    let id = Some(text("issuer_id").to_owned()).filter(|id| !id.is_empty()).unwrap_or(id);
    Some(MountAuthority { id, certificate: Certificate::from_der(&own).ok()?, above })
}

/// A list, page by page. Servers that know no pages answer with everything.
fn pages(session: &VaultSession, path: &str) -> Result<Vec<VaultListed>, NetworkFailure> {
    let mut all: Vec<VaultListed> = Vec::new();
    let mut known = BTreeSet::new();
    let (mut after, began) = (String::new(), Instant::now());
    loop {
        let from = if after.is_empty() { String::new() } else { format!("&after={after}") };
        let page = match page(session, &format!("{path}?list=true&limit={PAGE}{from}")) {
            Err(failure) if is_absence(&failure) && !all.is_empty() => return Ok(all),
            page => page?,
        };
        let Some(last) = page.last() else { return Ok(all) };
        // It compares with what it stores, where hyphens stand between the digits, and tells colons. A colon sorts behind a
        // hyphen: with colons it would leave out whatever begins with the same octet.
        after = last.key.replace(':', "-");
        let (count, before) = (page.len(), all.len());
        all.extend(page.into_iter().filter(|one| known.insert(one.key.clone())));
        if all.len() > LONGEST_LIST || began.elapsed() > LONGEST_WALK {
            return Err(nonsense(&format!("its list does not end after {} entries", all.len())));
        }
        if count != PAGE {
            return Ok(all);
        }
        if all.len() == before {
            // It goes in circles: then everything at once.
            return self::page(session, &format!("{path}?list=true"));
        }
    }
}

fn page(session: &VaultSession, path: &str) -> Result<Vec<VaultListed>, NetworkFailure> {
    let answer = session.list(path)?;
    let page: Page = serde_json::from_value(answer.data).map_err(|error| nonsense(&error.to_string()))?;
    let not_before = |key: &String| Timestamp::parse(page.key_info.get(key)?.not_before.as_deref()?);
    Ok(page.keys.iter().map(|key| VaultListed { key: key.clone(), not_before: not_before(key) }).collect())
}

/// A serial number as the server writes it: `aa:bb`.
pub(super) fn colons(serial: &SerialNumber) -> String {
    serial.octets().iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(":")
}
