//! The closed list of events: what may be written into a record's `ev`, what it means, who asks for it.
//!
//! A new event is one line here. A name that has been written once is never given another meaning.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::value;

/// The name is not in the list.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown event `{0}`")]
pub struct UnknownEvent(String);

/// Which clauses ask for an event to be logged. An empty text: none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clauses {
    /// Items of CA/Browser Forum TLS Baseline Requirements 2.2.6, section 5.4.1.
    pub br: &'static str,
    /// Requirements of ETSI EN 319 411-1 V1.5.1, section 6.4.5.
    pub etsi: &'static str,
    /// Others, each with the name of its document.
    pub other: &'static str,
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
    ($($variant:ident $name:literal: $meaning:literal, $br:literal, $etsi:literal, $other:literal;)+) => {
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
                match self { $(Self::$variant => Clauses { br: $br, etsi: $etsi, other: $other },)+ }
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

// Variant, name: meaning, Baseline Requirements 5.4.1, ETSI EN 319 411-1 6.4.5, other documents.
#[rustfmt::skip]
events! {
    LogGenesis "log.genesis": "the log was created", "3.2", "OVR-02", "EN 319 401 7.10-08; NIST AU-9";
    LogEpoch "log.epoch": "the key that signs checkpoints was replaced", "3.2", "OVR-02", "EN 319 401 7.10-08; NIST AU-9";
    LogSealed "log.sealed": "a range of records was sealed into a segment", "3.2", "OVR-02", "EN 319 401 7.10-08; NIST AU-9";
    LogPruned "log.pruned": "a range of records is no longer held here", "3.2", "OVR-02", "EN 319 401 7.10-08; NIST AU-9";
    SessionStart "session.start": "a process that may change something began", "3.2, 3.5", "OVR-02", "CC FAU_GEN";
    SessionStop "session.stop": "a process that may change something ended", "3.2, 3.5", "OVR-02", "CC FAU_GEN";
    SessionCrash "session.crash": "an earlier process was found to have ended without saying so", "3.2, 3.5", "OVR-02", "CC FAU_GEN";
    AuthOk "auth.ok": "access was granted", "3.1", "OVR-02", "NERC CIP-007 R4.1; IEC 62443 SR 2.8";
    AuthDenied "auth.denied": "access was denied, here or by a back end", "3.1", "OVR-02", "NERC CIP-007 R4.1; IEC 62443 SR 2.8";
    CertRequest "cert.request": "a request for a certificate was accepted into the system", "2.1", "REG-03, REG-04", "";
    CertValidation "cert.validation": "a name, a domain or an identity was checked", "2.2, 2.7, 2.8", "REG-04 f", "";
    CertApprove "cert.approve": "a request was approved, by rule or by a person", "2.3", "REG-04 e", "IEC 62443 CR 2.1 RE(4)";
    CertReject "cert.reject": "a request was rejected, by rule or by a person", "2.3", "REG-04 e", "IEC 62443 CR 2.1 RE(4)";
    CertIssueIntent "cert.issue.intent": "a certificate is about to be signed or asked for", "2.1", "OVR-07A", "";
    CertIssueSubmitted "cert.issue.submitted": "a back end took the request and named it", "2.2", "OVR-07A", "";
    CertIssued "cert.issued": "a certificate exists and its bytes are known", "2.4", "OVR-07A, GEN-08", "";
    CertIssueFailed "cert.issue.failed": "no certificate was issued, and none can appear", "2.3", "OVR-07A", "";
    CertIssueAbandoned "cert.issue.abandoned": "the rest of an intent was given up, and no certificate can appear from it", "2.3", "OVR-07A", "";
    CertIssueIndeterminate "cert.issue.indeterminate": "it is not known whether a certificate was issued", "2.3", "OVR-07A", "";
    CertDeployed "cert.deployed": "a certificate was installed", "", "OVR-07A", "";
    CertDeployFailed "cert.deploy.failed": "a certificate could not be installed", "", "OVR-07A", "";
    CertObserved "cert.observed": "a certificate was seen in use", "", "OVR-07A", "";
    CertRevokeRequest "cert.revoke.request": "somebody asked for a revocation or reported a problem", "2.1", "REV-09", "BR 4.9.1.1";
    CertRevokeIntent "cert.revoke.intent": "a certificate is about to be revoked", "2.1", "REV-09", "BR 4.9.1.1";
    CertRevoked "cert.revoked": "a certificate is revoked", "2.1", "REV-09", "BR 4.9.1.1";
    CertRevokeRefused "cert.revoke.refused": "a revocation was refused, here or by a back end", "2.1", "REV-09", "BR 4.9.1.1";
    CertRevokeFailed "cert.revoke.failed": "a revocation failed and had no effect", "2.1", "REV-09", "BR 4.9.1.1";
    KeyGenerate "key.generate": "a subject key was generated", "", "GEN-08, SDP-10", "";
    KeyImport "key.import": "a subject key was imported", "", "GEN-08, SDP-10", "";
    KeyExport "key.export": "a subject key was exported", "", "GEN-08, SDP-10", "IEC 62443 CR 2.1 RE(4)";
    KeyUseEnable "key.use.enable": "a subject key may be used from now on", "", "GEN-08, SDP-10", "";
    KeyDestroy "key.destroy": "a subject key was destroyed", "", "GEN-08, SDP-10", "IEC 62443 CR 2.1 RE(4)";
    KeyBackup "key.backup": "a subject key was backed up", "", "GEN-08, SDP-10", "";
    KeyRestore "key.restore": "a subject key was restored from a backup", "", "GEN-08, SDP-10", "";
    CaKeyGenerate "ca.key.generate": "a CA key was generated", "1.1", "GEN-06", "WebTrust 4";
    CaKeyImport "ca.key.import": "a CA key was imported", "1.1", "GEN-06", "WebTrust 4";
    CaKeyExport "ca.key.export": "a CA key was exported", "1.1", "GEN-06", "IEC 62443 CR 2.1 RE(4)";
    CaKeyDestroy "ca.key.destroy": "a CA key was destroyed", "1.1", "GEN-06", "IEC 62443 CR 2.1 RE(4)";
    CaCertIssued "ca.cert.issued": "a CA certificate exists and its bytes are known", "1.2, 1.3", "GEN-06, OVR-07A", "";
    CrlSigned "crl.signed": "a certificate revocation list was signed", "1.5, 2.5", "GEN-06", "";
    OcspSigned "ocsp.signed": "a batch of OCSP responses was signed", "1.6, 2.6", "GEN-06", "";
    ProfileAdd "profile.add": "a certificate template was introduced", "1.7", "OVR-02", "IEC 62443 SR 2.8";
    ProfileChange "profile.change": "a certificate template was changed", "1.7, 3.3", "OVR-02", "IEC 62443 SR 2.8";
    ProfileRetire "profile.retire": "a certificate template was retired", "1.7", "OVR-02", "IEC 62443 SR 2.8";
    PolicyChange "policy.change": "a policy was changed", "3.3", "OVR-02", "IEC 62443 SR 2.8";
    IssuerAdd "issuer.add": "an issuer was added", "3.3", "OVR-02", "IEC 62443 SR 2.8";
    IssuerChange "issuer.change": "an issuer's settings were changed", "3.3", "OVR-02", "IEC 62443 SR 2.8";
    IssuerRemove "issuer.remove": "an issuer was removed", "3.3", "OVR-02", "IEC 62443 SR 2.8";
    ApprovalRequest "approval.request": "an approval was asked for", "2.3", "REG-04 e", "NIST AU-9(5)";
    ApprovalGrant "approval.grant": "an approver agreed", "2.3", "REG-04 e", "NIST AU-9(5)";
    ApprovalDeny "approval.deny": "an approver refused", "2.3", "REG-04 e", "NIST AU-9(5)";
    ApprovalExpire "approval.expire": "an approval was not given in time", "2.3", "REG-04 e", "NIST AU-9(5)";
    ClockSync "clock.sync": "the clock was found synchronised", "3.5", "OVR-02", "EN 319 401 7.10-05, 7.10-06";
    ClockStep "clock.step": "the clock was set", "3.5", "OVR-02", "EN 319 401 7.10-05, 7.10-06";
    ClockRegressed "clock.regressed": "the clock was behind the last record", "3.5", "OVR-02", "EN 319 401 7.10-05, 7.10-06";
    ClockUnsynced "clock.unsynced": "the clock was found not synchronised", "3.5", "OVR-02", "EN 319 401 7.10-05, 7.10-06";
    AuditExport "audit.export": "records were handed out", "3.2", "", "IEC 62443 SR 6.1";
    AuditVerify "audit.verify": "the log was verified", "3.2", "", "IEC 62443 SR 6.1";
    AuditCosigned "audit.cosigned": "somebody else signed a checkpoint", "3.2", "", "IEC 62443 SR 6.1";
    AuditAnchor "audit.anchor": "a checkpoint was left with somebody else", "3.2", "", "IEC 62443 SR 6.1";
    AuditDegraded "audit.degraded": "logging failed or nearly failed", "3.5", "OVR-02", "NERC CIP-007 R4.2; DORA RTS 12; NIST AU-5";
    AuditRecovered "audit.recovered": "logging works again", "3.5", "OVR-02", "NERC CIP-007 R4.2; DORA RTS 12; NIST AU-5";
    AuditRollbackDetected "audit.rollback.detected": "the store was behind a checkpoint seen before", "3.5", "OVR-02", "NERC CIP-007 R4.2; DORA RTS 12; NIST AU-5";
    AuditForkDetected "audit.fork.detected": "the store contradicted a checkpoint seen before", "3.5", "OVR-02", "NERC CIP-007 R4.2; DORA RTS 12; NIST AU-5";
    SoftwareUpdate "sw.update": "the program changed between two sessions", "3.4", "OVR-02", "";
    InventoryImport "inventory.import": "known certificates were taken into the inventory", "", "", "";
    ReconcileFinding "reconcile.finding": "log and outside world do not agree", "", "", "";
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
}
