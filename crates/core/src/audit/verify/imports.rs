//! A CA that is taken over brings its certificates with it at once: what it signs later needs an intent as everything else.

use super::defect::Fault;
use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::audit::record::value::Id;

/// A CA that was taken over: what it signed before this record is as its operators told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedAuthority {
    /// Its name as an issuer.
    pub name: String,
    /// The record that says so.
    pub seq: u64,
    /// How many certificates came with it.
    pub certificates: u64,
}

/// Which records of certificates that were taken over stand where they may.
#[derive(Clone, Debug, Default)]
pub(super) struct Imports {
    /// The operation of the last CA that was taken over, and its name.
    last: Option<(Id, String)>,
    /// How many records of its certificates are still to follow.
    pub(super) left: u64,
    /// Whether the log begins in place of an earlier one.
    has_predecessor: bool,
    pub(super) authorities: Vec<ImportedAuthority>,
}

impl Imports {
    /// Takes the next record into account.
    ///
    /// # Errors
    /// It takes something over where nothing may be, or stands among the certificates of a CA that is taken over.
    pub(super) fn apply(&mut self, record: &Record<'_>) -> Result<(), Fault> {
        self.has_predecessor |= record.seq == 0 && record.has_predecessor();
        let belongs = self.last.as_ref().is_some_and(|(op, _)| *op == record.op);
        if self.left > 0 {
            self.left -= 1;
            let issuer = record.cert.as_deref().map(|cert| cert.iss.as_str());
            let is_of_it = self.last.as_ref().is_some_and(|(_, name)| issuer == Some(name));
            let fits = record.ev == Event::CertImported && belongs && is_of_it;
            return if fits { Ok(()) } else { Err(Fault::ImportBroken) };
        }
        match record.ev {
            Event::CaImported => self.begin(record),
            Event::CrlImported if belongs || self.has_predecessor => Ok(()),
            Event::CrlImported => Err(Fault::NoPredecessor),
            _ if record.is_imported() && !self.has_predecessor => Err(Fault::NoPredecessor),
            _ => Ok(()),
        }
    }

    /// A record of which only the hash is known.
    pub(super) fn withhold(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    fn begin(&mut self, record: &Record<'_>) -> Result<(), Fault> {
        let name = record.x.get("ca").and_then(|name| name.as_str());
        let (Some(certificates), Some(name)) = (record.announced_imports(), name) else {
            return Err(Fault::ImportBroken);
        };
        self.left = certificates;
        self.last = Some((record.op, name.to_owned()));
        self.authorities.push(ImportedAuthority { name: name.to_owned(), seq: record.seq, certificates });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::record::draft::Draft;
    use crate::audit::sample::{Log, ids, log as sample};
    use crate::audit::verify::LogVerifier;
    use crate::audit::verify::defect::Defect;

    fn about(event: Event, op: Id, issuer: &str, serial: &str) -> Draft {
        let mut draft = Log::draft(event, op);
        let mut cert = Record::parse(&sample().0[3]).unwrap().cert.map(|cert| cert.into_owned()).unwrap();
        (cert.iss, cert.sn) = (issuer.to_owned(), serial.to_owned());
        draft.cert = Some(cert);
        draft
    }

    fn authority(op: Id, certificates: u64) -> Draft {
        let mut draft = about(Event::CaImported, op, "taken", "aa00");
        draft.x.insert("ca".to_owned(), "taken".into());
        draft.x.insert("certificates".to_owned(), certificates.into());
        draft
    }

    /// The fault of the last of these records after those of the sample; those before it are good.
    fn fault(drafts: &[Draft]) -> Option<Fault> {
        let mut log = sample();
        drafts.iter().for_each(|draft| log.add(draft));
        let mut verifier = LogVerifier::default();
        match log.0.iter().try_for_each(|line| verifier.push(line)) {
            Err(Defect::Record { seq, fault }) => {
                assert_eq!(seq as usize, log.0.len() - 1, "{fault}");
                Some(fault)
            }
            other => other.map(|()| None).unwrap(),
        }
    }

    #[test]
    fn what_a_ca_brings_comes_at_once() {
        let [a, _, _, other] = ids();
        let imported = |op, issuer: &str, serial: &str| about(Event::CertImported, op, issuer, serial);
        let good = [authority(a, 2), imported(a, "taken", "aa01"), imported(a, "taken", "aa02")];
        assert!(fault(&good).is_none(), "negative control");
        let late = [&good[..], &[imported(a, "taken", "aa03")]].concat();
        assert!(matches!(fault(&late), Some(Fault::NoPredecessor)), "after the CA was taken over");
        assert!(matches!(fault(&[imported(a, "taken", "aa01")]), Some(Fault::NoPredecessor)), "without one");
        for broken in
            [imported(other, "taken", "aa01"), imported(a, "issuing", "aa01"), Log::draft(Event::CertRequest, a)]
        {
            assert!(matches!(fault(&[authority(a, 2), broken]), Some(Fault::ImportBroken)));
        }
        let twice = [authority(a, 2), imported(a, "taken", "aa01"), imported(a, "taken", "aa01")];
        assert!(matches!(fault(&twice), Some(Fault::SerialTwice { .. })));
        // What it signs later is announced.
        let unannounced = [&good[..], &[about(Event::CertIssued, a, "taken", "aa04")]].concat();
        assert!(matches!(fault(&unannounced), Some(Fault::NoIntent { .. })));
        let list = |op| Log::draft(Event::CrlImported, op);
        assert!(fault(&[&good[..], &[list(a)]].concat()).is_none());
        assert!(matches!(fault(&[&good[..], &[list(other)]].concat()), Some(Fault::NoPredecessor)));
    }

    #[test]
    fn a_log_that_breaks_off_within_is_not_whole() {
        let mut log = sample();
        log.add(&authority(ids()[0], 1));
        let mut verifier = LogVerifier::default();
        log.0.iter().for_each(|line| verifier.push(line).unwrap());
        assert!(matches!(verifier.finish(), Err(Defect::ImportUnfinished { left: 1 })));
    }
}
