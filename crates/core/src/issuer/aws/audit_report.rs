//! The audit reports of AWS Private CA: JSON files that the service writes into a bucket, and that a person fetches from
//! there. They are the only list of what a CA has signed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use crate::hint::issuer::IssuerHint;
use crate::issuer::{ErrorClass, IssuerError, Lister, Memory, RemoteIssuer, Statement};
use certroll_aws::Report;
use certroll_base::clock::Timestamp;
use certroll_pki::x509::serial::SerialNumber;

/// Notes in the issuer's memory about reports that were asked for: the moment of asking.
const NOTE: &str = "audit-report-";

/// One certificate in a report, as the service documents it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportLine {
    certificate_arn: String,
    serial: String,
    issued_at: String,
    revoked_at: Option<String>,
    revocation_reason: Option<String>,
}

/// The reports that were fetched.
pub(super) struct AuditReports {
    name: String,
    directory: Option<PathBuf>,
    configured: Option<PathBuf>,
    bucket: Option<String>,
    authority: String,
    memory: Arc<dyn Memory>,
}

impl AuditReports {
    pub(super) fn new(
        connection: &RemoteIssuer,
        directory: Option<&Path>,
        bucket: Option<String>,
        authority: &str,
    ) -> Self {
        Self {
            name: connection.name.clone(),
            directory: directory.map(|directory| connection.path(directory)),
            configured: directory.map(Path::to_owned),
            bucket,
            authority: authority.to_owned(),
            memory: connection.memory.clone(),
        }
    }

    /// The bucket that reports go to.
    pub(super) fn bucket(&self) -> Option<&str> {
        self.bucket.as_deref()
    }

    /// Whether a report was fetched.
    pub(super) fn any(&self) -> bool {
        self.files().is_ok_and(|files| !files.is_empty())
    }

    /// The files, newest last.
    fn files(&self) -> Result<Vec<PathBuf>, IssuerError> {
        let Some(directory) = &self.directory else { return Ok(Vec::new()) };
        let unread = |error: std::io::Error| self.wrong(directory, "cannot be read").because(error);
        let entries = match std::fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unread(error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry.map_err(unread)?;
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                files.push((entry.metadata().and_then(|metadata| metadata.modified()).map_err(unread)?, path));
            }
        }
        files.sort();
        Ok(files.into_iter().map(|(_, path)| path).collect())
    }

    fn read(&self, file: &Path) -> Result<Vec<ReportLine>, IssuerError> {
        let bytes =
            certroll_base::input::read(file).map_err(|error| self.wrong(file, "cannot be read").because(error))?;
        serde_json::from_slice(&bytes).map_err(|error| self.wrong(file, "is no audit report in JSON").because(error))
    }

    fn wrong(&self, file: &Path, what: &str) -> IssuerError {
        IssuerError::new(&self.name, ErrorClass::Config, format!("the audit report `{}` {what}", file.display()))
    }

    /// The ARNs of what was signed since then, newest first.
    pub(super) fn issued_since(&self, since: Timestamp) -> Result<Vec<String>, IssuerError> {
        let Some(newest) = self.files()?.pop() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for line in self.read(&newest)? {
            // The service's clock may be behind ours.
            let at = self.time(&newest, &line.issued_at)?;
            if at >= since.plus_secs(-300) {
                found.push((at, line.certificate_arn));
            }
        }
        found.sort();
        Ok(found.into_iter().rev().map(|(_, arn)| arn).collect())
    }

    /// Whether the newest report here is one that we asked for after that moment: it tells of everything before.
    pub(super) fn requested_after(&self, moment: Timestamp) -> Result<bool, IssuerError> {
        let Some(newest) = self.files()?.pop() else { return Ok(false) };
        let id = newest.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let lost = |error| self.wrong(&newest, "has no note that can be read").because(error);
        // A foreign file need not have a name that a note can have.
        if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Ok(false);
        }
        let note = self.memory.note(&format!("{NOTE}{id}")).map_err(lost)?;
        let asked = note.and_then(|text| Timestamp::parse(std::str::from_utf8(&text).ok()?));
        Ok(asked.is_some_and(|asked| asked > moment))
    }

    /// Keeps in mind when a report was asked for.
    pub(super) fn remember(&self, report: &Report, asked: Timestamp) -> Result<(), IssuerError> {
        let kept = self.memory.keep_note(&format!("{NOTE}{}", report.id), asked.to_rfc3339_millis().as_bytes());
        kept.map_err(|error| {
            IssuerError::new(&self.name, ErrorClass::Config, "the report's note cannot be written").because(error)
        })
    }

    /// How a written report is fetched.
    pub(super) fn fetching(&self, report: &Report) -> String {
        let to = self.configured.as_deref().unwrap_or(Path::new("."));
        let place = format!("aws s3 cp s3://{}/{} {}/", self.bucket().unwrap_or_default(), report.key, to.display());
        match self.configured {
            Some(_) => place,
            None => format!("{place} (and name that directory as `audit_reports` of the issuer)"),
        }
    }

    /// Why the service cannot tell what became of a request, and what to do about it.
    pub(super) fn unknowable(&self) -> (String, IssuerHint) {
        let why = format!(
            "the service has forgotten the token after five minutes, and only the audit report of `{}` tells what it signed",
            self.authority
        );
        let hint = IssuerHint::ReadAuditReport {
            issuer: self.name.clone(),
            authority: self.authority.clone(),
            configured: self.bucket.is_some() && self.directory.is_some(),
        };
        (why, hint)
    }

    /// A time as reports write it: `2018-02-26T19:39:57+0000`.
    fn time(&self, file: &Path, text: &str) -> Result<Timestamp, IssuerError> {
        let zone = text.len().saturating_sub(4);
        let spelled = match (text.get(..zone), text.get(zone..zone + 2), text.get(zone + 2..)) {
            (Some(start), Some(hours), Some(minutes)) if start.ends_with(['+', '-']) => {
                format!("{start}{hours}:{minutes}")
            }
            _ => text.to_owned(),
        };
        Timestamp::parse(&spelled).ok_or_else(|| self.wrong(file, &format!("has the time `{text}`")))
    }
}

impl Lister for AuditReports {
    fn issuer(&self) -> &str {
        &self.name
    }

    fn tells_issued(&self) -> bool {
        true
    }

    fn statements(&self, visit: &mut dyn FnMut(Statement)) -> Result<(), IssuerError> {
        let Some(newest) = self.files()?.pop() else { return Ok(()) };
        for line in self.read(&newest)? {
            let serial = SerialNumber::parse(&line.serial)
                .ok_or_else(|| self.wrong(&newest, &format!("has the serial number `{}`", line.serial)))?;
            let revoked = match &line.revoked_at {
                Some(at) => Some((self.time(&newest, at)?, Some(standard(line.revocation_reason.as_deref())))),
                None => None,
            };
            visit(Statement { serial, certificate: None, revoked });
        }
        Ok(())
    }
}

/// A reason as RFC 5280 writes it, from `KEY_COMPROMISE`.
fn standard(reason: Option<&str>) -> String {
    match reason.unwrap_or_default() {
        "CERTIFICATE_AUTHORITY_COMPROMISE" => "cACompromise".to_owned(),
        "A_A_COMPROMISE" => "aACompromise".to_owned(),
        "" => "unspecified".to_owned(),
        other => {
            let mut text = String::with_capacity(other.len());
            for (at, word) in other.split('_').enumerate() {
                let kept = usize::from(at > 0);
                text.extend(word.chars().take(kept));
                text.extend(word.chars().skip(kept).map(|letter| letter.to_ascii_lowercase()));
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_written_as_in_the_standard() {
        assert_eq!(standard(Some("KEY_COMPROMISE")), "keyCompromise");
        assert_eq!(standard(Some("CESSATION_OF_OPERATION")), "cessationOfOperation");
        assert_eq!(standard(Some("CERTIFICATE_AUTHORITY_COMPROMISE")), "cACompromise");
        assert_eq!(standard(None), "unspecified");
    }
}
