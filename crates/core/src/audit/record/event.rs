//! The closed list of events: what may be written into a record's `ev`, what it means, who asks for it.
//!
//! A new event is one line here. A name that has been written once is never given another meaning, and no name is listed before
//! the program writes it.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::value;

/// The name is not in the list.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown event `{0}`")]
pub struct UnknownEvent(String);

/// Which clauses ask for an event to be logged. An empty text: none is known to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clauses {
    /// Items of CA/Browser Forum TLS Baseline Requirements 2.2.6, section 5.4.1.
    pub br: &'static str,
    /// Requirements of ETSI EN 319 411-1 V1.5.1, section 6.4.5.
    pub etsi: &'static str,
    /// System and component requirements of IEC 62443: SR of part 3-3, CR of part 4-2.
    pub iec: &'static str,
    /// Sections of the annex of Commission Implementing Regulation (EU) 2024/2690, made under NIS2.
    pub nis2: &'static str,
    /// Requirements of NERC CIP-007-6.
    pub nerc: &'static str,
    /// Others, each with the name of its document.
    pub other: &'static str,
}

impl Clauses {
    /// The documents that ask, in a fixed order: name and clauses.
    pub fn documents(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let columns = [
            ("BR 5.4.1", self.br),
            ("EN 319 411-1", self.etsi),
            ("IEC 62443", self.iec),
            ("NIS2 2024/2690", self.nis2),
            ("NERC CIP-007-6", self.nerc),
            ("", self.other),
        ];
        columns.into_iter().filter(|(_, clauses)| !clauses.is_empty())
    }
}

/// One line for people: `BR 5.4.1 3.3; EN 319 411-1 OVR-02; IEC 62443 SR 2.8`.
impl fmt::Display for Clauses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (document, clauses)) in self.documents().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            let blank = if document.is_empty() { "" } else { " " };
            write!(f, "{separator}{document}{blank}{clauses}")?;
        }
        Ok(())
    }
}

/// What an intent announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    /// Certificates are going to be issued.
    Issue,
    /// Certificates are going to be revoked.
    Revoke,
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Issue => "issue",
            Self::Revoke => "revoke",
        })
    }
}

macro_rules! events {
    ($($variant:ident $name:literal: $meaning:literal, $br:literal, $etsi:literal, $iec:literal, $nis2:literal,
       $nerc:literal, $other:literal;)+) => {
        /// Something that is worth a record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Event { $(#[doc = $meaning] $variant,)+ }

        impl Event {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in records: `cert.issued`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it means, in one line.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }

            /// Which clauses ask for it.
            pub const fn clauses(self) -> Clauses {
                match self {
                    $(Self::$variant => Clauses {
                        br: $br, etsi: $etsi, iec: $iec, nis2: $nis2, nerc: $nerc, other: $other,
                    },)+
                }
            }

            /// The name of the variant, as the source has it.
            #[cfg(test)]
            const fn variant(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }
        }

        impl FromStr for Event {
            type Err = UnknownEvent;

            fn from_str(name: &str) -> Result<Self, UnknownEvent> {
                match name {
                    $($name => Ok(Self::$variant),)+
                    _ => Err(UnknownEvent(name.to_owned())),
                }
            }
        }
    };
}

// Variant, name: meaning, and which clauses ask for it, column by column as in [`Clauses`].
#[rustfmt::skip]
events! {
    LogGenesis "log.genesis": "the log was created", "3.2", "OVR-02", "", "", "", "EN 319 401 7.10-08; NIST AU-9";
    SessionStart "session.start": "a process that may change something began", "3.2, 3.5", "OVR-02", "", "", "", "CC FAU_GEN";
    SessionStop "session.stop": "a process that may change something ended", "3.2, 3.5", "OVR-02", "", "", "", "CC FAU_GEN";
    SessionCrash "session.crash": "an earlier process was found to have ended without saying so", "3.2, 3.5", "OVR-02", "", "", "", "CC FAU_GEN";
    AuthDenied "auth.denied": "access was denied, here or by a back end", "3.1", "OVR-02", "SR 2.8", "3.2", "R4.1", "";
    CertRequest "cert.request": "a request for a certificate was accepted into the system", "2.1", "REG-03, REG-04", "", "", "", "";
    CertApprove "cert.approve": "a request was approved, by rule or by a person", "2.3", "REG-04 e", "CR 2.1 RE(4)", "", "", "";
    CertReject "cert.reject": "a request was rejected, by rule or by a person", "2.3", "REG-04 e", "CR 2.1 RE(4)", "", "", "";
    CertIssueIntent "cert.issue.intent": "a certificate is about to be signed or asked for", "2.1", "OVR-07A", "", "", "", "";
    CertIssueSubmitted "cert.issue.submitted": "a back end took the request and named it", "2.2", "OVR-07A", "", "", "", "";
    CertIssued "cert.issued": "a certificate exists and its bytes are known", "2.4", "OVR-07A, GEN-08", "", "", "", "";
    CertIssueFailed "cert.issue.failed": "no certificate was issued, and none can appear", "2.3", "OVR-07A", "", "", "", "";
    CertIssueAbandoned "cert.issue.abandoned": "the rest of an intent was given up, and no certificate can appear from it", "2.3", "OVR-07A", "", "", "", "";
    CertIssueIndeterminate "cert.issue.indeterminate": "it is not known whether a certificate was issued", "2.3", "OVR-07A", "", "", "", "";
    CertDeployed "cert.deployed": "a certificate was installed", "", "OVR-07A", "", "", "", "";
    CertDeployFailed "cert.deploy.failed": "a certificate could not be installed", "", "OVR-07A", "", "", "", "";
    CertWithdrawn "cert.withdrawn": "a certificate was taken out of where it was trusted", "", "OVR-07A", "", "", "", "";
    CertImported "cert.imported": "a certificate was taken over: of the log before this one, or of a CA that is taken over", "2.4", "OVR-07A", "", "", "", "";
    CertAdopted "cert.adopted": "a certificate that was not issued under an intent of this log was taken into the inventory", "2.4", "OVR-07A", "", "", "", "";
    CertRevokeRequest "cert.revoke.request": "a revocation was asked for, or a problem reported", "2.1", "REV-09", "", "", "", "BR 4.9.1.1";
    CertRevokeIntent "cert.revoke.intent": "a certificate is about to be revoked", "2.1", "REV-09", "", "", "", "BR 4.9.1.1";
    CertRevoked "cert.revoked": "a certificate is revoked", "2.1", "REV-09", "", "", "", "BR 4.9.1.1";
    CertRevokeRefused "cert.revoke.refused": "a revocation was refused, here or by a back end", "2.1", "REV-09", "", "", "", "BR 4.9.1.1";
    CertRevokeFailed "cert.revoke.failed": "a revocation failed and had no effect", "2.1", "REV-09", "", "", "", "BR 4.9.1.1";
    KeyDestroy "key.destroy": "a subject key was destroyed", "", "GEN-08, SDP-10", "CR 2.1 RE(4)", "", "", "";
    CaKeyGenerate "ca.key.generate": "a CA key was generated", "1.1", "GEN-06", "", "", "", "WebTrust 4";
    CaKeyImport "ca.key.import": "a CA key was imported, or taken into use where it is", "1.1", "GEN-06", "", "", "", "WebTrust 4";
    CaCertIssued "ca.cert.issued": "a CA certificate exists and its bytes are known", "1.2, 1.3", "GEN-06, OVR-07A", "", "", "", "";
    CaImported "ca.imported": "a CA that worked elsewhere before was taken over, with the certificates that are known of it", "1.1, 2.4", "GEN-06, OVR-07A", "", "", "", "WebTrust 4";
    CrlImported "crl.imported": "revocations of certificates that are not known themselves were taken over", "2.5", "GEN-06", "", "", "", "";
    CrlSigned "crl.signed": "a certificate revocation list was signed", "1.5, 2.5", "GEN-06", "", "", "", "";
    CrlPublished "crl.published": "CRLs were written to where relying parties read them, or could not be", "1.5, 2.5", "REV-09", "", "", "", "";
    CrlPublicationChange "crl.publication.change": "where CRLs are written to was changed", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    ProfileAdd "profile.add": "a certificate template was introduced", "1.7", "OVR-02", "SR 2.8", "3.2", "", "";
    ProfileChange "profile.change": "a certificate template was changed", "1.7, 3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    ProfileRetire "profile.retire": "a certificate template was retired", "1.7", "OVR-02", "SR 2.8", "3.2", "", "";
    PolicyChange "policy.change": "a policy was changed", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    HomePassphrase "home.passphrase": "what opens the keys of the home is about to be changed, or was", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    IssuerAdd "issuer.add": "an issuer was added", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    IssuerChange "issuer.change": "an issuer's settings were changed", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    IssuerRemove "issuer.remove": "an issuer was removed", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    IssuerAccount "issuer.account": "an account at an issuer elsewhere was created, changed or ended", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    IssuerReport "issuer.report": "an issuer elsewhere was asked for a report of what it signed", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    ServiceAdd "service.add": "a server that uses certificates was added", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    ServiceChange "service.change": "what is known of a server, or its configuration, was changed", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    ServiceRemove "service.remove": "a server was removed from the inventory", "3.3", "OVR-02", "SR 2.8", "3.2", "", "";
    ClockStep "clock.step": "the clock was set", "3.5", "OVR-02", "SR 2.11", "3.2", "", "EN 319 401 7.10-05, 7.10-06";
    ClockRegressed "clock.regressed": "the clock was behind the last record", "3.5", "OVR-02", "SR 2.11", "3.2", "", "EN 319 401 7.10-05, 7.10-06";
    AuditExport "audit.export": "records were handed out", "3.2", "", "SR 6.1", "", "", "";
    AuditCosigned "audit.cosigned": "a witness signed a checkpoint", "3.2", "", "SR 6.1", "", "", "";
    AuditDegraded "audit.degraded": "logging failed or nearly failed", "3.5", "OVR-02", "SR 2.10", "", "R4.2", "DORA RTS 12; NIST AU-5";
    AuditRecovered "audit.recovered": "logging works again", "3.5", "OVR-02", "SR 2.10", "", "R4.2", "DORA RTS 12; NIST AU-5";
    AuditRollbackDetected "audit.rollback.detected": "the store was behind a checkpoint seen before", "3.5", "OVR-02", "", "", "R4.2", "DORA RTS 12; NIST AU-5";
    AuditForkDetected "audit.fork.detected": "the store contradicted a checkpoint seen before", "3.5", "OVR-02", "", "", "R4.2", "DORA RTS 12; NIST AU-5";
    SoftwareUpdate "sw.update": "the program changed between two sessions", "3.4", "OVR-02", "", "", "", "";
    ReconcileFinding "reconcile.finding": "log and outside world do not agree", "", "", "", "", "", "";
}

impl Event {
    /// Every event, in the order of this file.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied()
    }

    /// The kind of intent that this event opens.
    pub const fn opens(self) -> Option<Intent> {
        match self {
            Self::CertIssueIntent => Some(Intent::Issue),
            Self::CertRevokeIntent => Some(Intent::Revoke),
            _ => None,
        }
    }

    /// The kind of intent of which this event ends one part, or all that is left ([`Event::closes_all`]).
    pub const fn closes(self) -> Option<Intent> {
        match self {
            Self::CertIssued | Self::CaCertIssued | Self::CertIssueFailed | Self::CertIssueAbandoned => {
                Some(Intent::Issue)
            }
            Self::CertRevoked | Self::CertRevokeRefused | Self::CertRevokeFailed => Some(Intent::Revoke),
            _ => None,
        }
    }

    /// Whether this event ends everything that is left of the intent, not just one certificate of it.
    pub const fn closes_all(self) -> bool {
        matches!(self, Self::CertIssueAbandoned)
    }

    /// The kind of intent that this event reports on without ending it.
    pub const fn continues(self) -> Option<Intent> {
        match self {
            Self::CertIssueSubmitted | Self::CertIssueIndeterminate => Some(Intent::Issue),
            _ => None,
        }
    }

    /// Whether a certificate becomes known by it: issued, taken over, or found to exist.
    pub const fn introduces(self) -> bool {
        self.issues() || matches!(self, Self::CertAdopted | Self::CertImported | Self::CaImported)
    }

    /// Whether no record of schema version 1 has it.
    pub(super) const fn is_of_version_2(self) -> bool {
        matches!(
            self,
            Self::CertImported
                | Self::CaImported
                | Self::CrlImported
                | Self::HomePassphrase
                | Self::CrlPublished
                | Self::CrlPublicationChange
                | Self::ServiceAdd
                | Self::ServiceChange
                | Self::ServiceRemove
        )
    }

    /// Whether a certificate came into being.
    pub const fn issues(self) -> bool {
        matches!(self, Self::CertIssued | Self::CaCertIssued)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value::from_text(deserializer, "the name of an event")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways_and_have_a_shape() {
        for event in Event::all() {
            assert_eq!(event.name().parse(), Ok(event));
            assert!(
                event.name().split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase()))
            );
            assert!(event.name().contains('.') && !event.meaning().ends_with('.'), "{event}");
        }
        assert_eq!("cert.made".parse::<Event>(), Err(UnknownEvent("cert.made".into())));
    }

    #[test]
    fn no_event_plays_two_parts_of_an_intent() {
        for event in Event::all() {
            let parts = [event.opens(), event.closes(), event.continues()];
            assert!(parts.iter().flatten().count() <= 1, "{event}");
            assert!(!event.closes_all() || event.closes().is_some(), "{event}");
        }
    }

    /// Every event is drawn up by the program: read from the source, where `Event::X` stands neither in a comparison nor in a
    /// pattern.
    #[test]
    fn what_is_listed_is_what_the_source_writes() {
        fn sources(directory: &std::path::Path, found: &mut String) {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    sources(&path, found);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    found.push_str(text.split("#[cfg(test)]").next().unwrap());
                }
            }
        }
        let mut text = String::new();
        for directory in ["src/lifecycle", "src/config", "../../src/cli"] {
            sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), &mut text);
        }
        let drawn_up = |event: Event| {
            let name = format!("Event::{}", event.variant());
            text.match_indices(&name).any(|(at, _)| {
                let after = text[at + name.len()..].trim_start();
                let longer = text[at + name.len()..].starts_with(|c: char| c.is_alphanumeric());
                let compared = text[..at].trim_end().ends_with("==") || text[..at].trim_end().ends_with("!=");
                !(longer || compared || after.starts_with("=>") || after.starts_with("| "))
            })
        };
        assert!(!text.contains("Event::CertObserved"), "the search itself");
        let unwritten: Vec<_> = Event::all().filter(|event| !drawn_up(*event)).collect();
        assert!(unwritten.is_empty(), "never written: {unwritten:?}");
    }

    #[test]
    fn clauses_name_their_documents() {
        let text = Event::PolicyChange.clauses().to_string();
        assert_eq!(text, "BR 5.4.1 3.3; EN 319 411-1 OVR-02; IEC 62443 SR 2.8; NIS2 2024/2690 3.2");
        assert_eq!(Event::ReconcileFinding.clauses().to_string(), "");
        for event in Event::all() {
            // A document with a column of its own is in that column, not among the others.
            let other = event.clauses().other;
            assert!(!["IEC", "NERC", "NIS2", "411-1"].iter().any(|name| other.contains(name)), "{event}: {other}");
        }
    }
}
