//! Verification of a whole log: one pass, record by record, without a key, a network or a database.

pub mod defect;
pub mod imports;
pub mod pairing;

use std::collections::{HashSet, VecDeque};
use std::ops::Range;

use self::defect::{Defect, Fault};
use self::imports::{ImportedAuthority, Imports};
use self::pairing::{OpenIntents, UnendedIntent};
use super::record::Record;
use super::record::event::{Event, Intent};
use super::record::facts::{CertificateFacts, Outcome};
use super::record::session::SessionFacts;
use certroll_base::clock::Timestamp;
use certroll_base::encoding::{self, Sha256};
use certroll_tlog::{Checkpoint, Frontier, leaf_hash};

/// What is known of a log in which nothing is wrong.
///
/// Nothing wrong is not the same as complete: open intents and unsigned records are for the caller to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many records there are.
    pub records: u64,
    /// How many of them the largest checkpoint covers.
    pub signed: u64,
    /// The root over all records.
    pub root: Sha256,
    /// Intents that have not ended, in the order of the log.
    pub open: Vec<UnendedIntent>,
    /// Certificates that intents announced: those issued, failed, given up and still open, taken together.
    pub announced: u64,
    /// Certificates issued, those of CAs included.
    pub issued: u64,
    /// Certificates announced that failed.
    pub failed: u64,
    /// Certificates announced that were given up.
    pub abandoned: u64,
    /// Certificates announced that were abandoned although they may exist.
    pub unknown: u64,
    /// Certificates issued elsewhere and taken over.
    pub imported: u64,
    /// The CAs that were taken over: the log is complete for what they signed since.
    pub imported_authorities: Vec<ImportedAuthority>,
    /// Certificates that this log learnt of otherwise: signed by a key of the home, and not under an intent. Nothing counts them
    /// as issued.
    pub adopted: u64,
    /// Records of a completed revocation.
    pub revoked: u64,
    /// Records of something that was denied.
    pub refused: u64,
    /// How often a record has an earlier time than the one before it.
    pub clock_regressions: u64,
    /// How many records the log had where this export begins; 0 for one that begins at the beginning.
    pub continues: u64,
    /// Records of which only the leaf hash is known.
    pub withheld: Withheld,
    /// What could not be checked because records are not here.
    pub unchecked: Unchecked,
}

/// Records that an export counts and does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    /// How many.
    pub records: u64,
    /// Where, as ranges of numbers without their end; only the first [`Withheld::LISTED`].
    pub ranges: Vec<Range<u64>>,
    /// How many ranges there are.
    pub gaps: u64,
}

impl Withheld {
    /// How many ranges are remembered, so that memory stays bounded.
    pub const LISTED: usize = 1000;

    fn add(&mut self, seq: u64, adjacent: bool) {
        self.records += 1;
        self.gaps += u64::from(!adjacent);
        if !adjacent && self.ranges.len() < Self::LISTED {
            self.ranges.push(seq..seq + 1);
        } else if let Some(last) = self.ranges.last_mut().filter(|last| last.end == seq) {
            last.end += 1;
        }
    }
}

/// Rules that need records which are not here: how often the answer had to be left open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unchecked {
    /// Outcomes whose intent is not here.
    pub outcomes: u64,
    /// Intents of an operation that has an open one, whose end may not be here.
    pub intents: u64,
    /// Revocations of certificates whose issuance is not here.
    pub revocations: u64,
    /// Certificates of groups of which not every record is here, that may have ended or not.
    pub endings: u64,
    /// Records whose session began in a record that is not here: who acted is not known.
    pub sessions: u64,
    /// Certificates taken over from an earlier log that the first record must name, which is not here.
    pub imports: u64,
}

impl Verification {
    /// How many records at the end no checkpoint covers.
    pub fn unsigned_tail(&self) -> u64 {
        self.records - self.signed
    }

    /// Whether records are missing here that a rule may need.
    pub fn is_partial(&self) -> bool {
        self.continues > 0 || self.withheld.records > 0
    }

    /// Whether all records are here and signed, and nothing is open.
    pub fn is_complete(&self) -> bool {
        self.withheld.records == 0 && self.unsigned_tail() == 0 && self.open.is_empty()
    }
}

/// Checks a log as its lines go by.
///
/// Memory grows with open intents and with issued certificates: a hash table of 16 bytes each, which with its spare places
/// takes 20 to 40, for finding serial numbers that were given twice and revocations of what was never issued. Roots are compared while the records pass,
/// so checkpoints are given at the start, as many as one likes: the published one, the last one seen, an auditor's. That
/// the log is consistent with all of them proves it consistent from each to the next.
#[derive(Clone, Debug, Default)]
pub struct LogVerifier {
    frontier: Frontier,
    /// Not yet reached, smallest first.
    ahead: VecDeque<Checkpoint>,
    signed: u64,
    contradicted: Option<u64>,
    intents: OpenIntents,
    /// A record broke a rule: the sums need not hold any more, and the defect has been reported.
    faulty: bool,
    serials: HashSet<[u8; 16]>,
    last: Option<Timestamp>,
    issued: u64,
    imported: u64,
    adopted: u64,
    revoked: u64,
    refused: u64,
    clock_regressions: u64,
    continues: u64,
    withheld: Withheld,
    unchecked: Unchecked,
    /// The last record that was not withheld.
    shown_last: Option<u64>,
    sessions: SessionFacts,
    /// The schema version of the last record.
    version: u32,
    imports: Imports,
}

impl LogVerifier {
    /// A verifier that also compares the log with checkpoints, whose signatures were checked by [`Checkpoint::open`].
    pub fn against(checkpoints: impl IntoIterator<Item = Checkpoint>) -> Self {
        let mut ahead: Vec<_> = checkpoints.into_iter().collect();
        ahead.sort_by_key(|checkpoint| checkpoint.size);
        let mut verifier = Self { ahead: ahead.into(), ..Self::default() };
        verifier.compare();
        verifier
    }

    /// As [`LogVerifier::against`], for an export that continues an earlier one: of the records before it only the roots of
    /// the complete subtrees are known. Checkpoints of fewer records than that cannot be compared: leave them out.
    pub fn continuing(earlier: Frontier, checkpoints: impl IntoIterator<Item = Checkpoint>) -> Self {
        let mut ahead: Vec<_> = checkpoints.into_iter().collect();
        ahead.sort_by_key(|checkpoint| checkpoint.size);
        let continues = earlier.size();
        let mut verifier = Self { ahead: ahead.into(), frontier: earlier, continues, ..Self::default() };
        verifier.compare();
        verifier
    }

    /// The number of the next record.
    pub fn next(&self) -> u64 {
        self.frontier.size()
    }

    /// Takes a record of which only the leaf hash is known.
    pub fn withhold(&mut self, leaf: Sha256) {
        let seq = self.frontier.size();
        let adjacent = seq > self.continues && self.shown_last != Some(seq - 1);
        self.withheld.add(seq, adjacent);
        self.imports.withhold();
        self.frontier.push(leaf);
        self.compare();
    }

    /// Checks the next line, given without its line end.
    ///
    /// A defective record counts as seen: a caller that wants a list of all defects may go on with the next line.
    ///
    /// # Errors
    /// The line is not a record, is not in its place, or breaks a rule.
    pub fn push(&mut self, line: &[u8]) -> Result<(), Defect> {
        self.read(line).map(drop)
    }

    /// As [`LogVerifier::push`], and gives the record, with what it leaves to its session filled in, and its leaf hash.
    ///
    /// # Errors
    /// As [`LogVerifier::push`].
    pub fn read(&mut self, line: &[u8]) -> Result<(Record<'static>, Sha256), Defect> {
        let (seq, leaf) = (self.frontier.size(), leaf_hash(line));
        self.shown_last = Some(seq);
        self.frontier.push(leaf);
        self.compare();
        match self.admit(line, seq, &leaf) {
            Ok(record) => Ok((record, leaf)),
            Err(fault) => {
                self.faulty = true;
                Err(Defect::Record { seq, fault })
            }
        }
    }

    /// Ends the pass.
    ///
    /// # Errors
    /// The log contradicts a checkpoint, or a checkpoint covers more records than there are.
    pub fn finish(self) -> Result<Verification, Defect> {
        let records = self.frontier.size();
        if let Some(size) = self.contradicted {
            return Err(Defect::WrongRoot { size });
        }
        if let Some(beyond) = self.ahead.back() {
            return Err(Defect::Truncated { records, signed: beyond.size });
        }
        let (mut open, endings) = (self.intents.list(), self.intents.endings());
        let mut unchecked = self.unchecked;
        // Of a group an export may show one certificate; what became of the others is not in it.
        if self.withheld.records > 0 {
            open.retain(|open| {
                unchecked.endings += if open.is_group { open.remaining } else { 0 };
                !open.is_group
            });
        }
        // Two counts of the same: announcements, and what the records say became of them. What is not here is not counted.
        let remaining = open.iter().filter(|open| open.intent == Intent::Issue).map(|open| open.remaining);
        let ended = remaining
            .chain([self.issued, endings.failed, endings.abandoned, endings.unknown])
            .fold(0, u64::saturating_add);
        let whole = self.continues == 0 && self.withheld.records == 0;
        if whole && !self.faulty && endings.announced != ended {
            return Err(Defect::Unbalanced { announced: endings.announced, ended });
        }
        if self.imports.left > 0 && !self.faulty {
            return Err(Defect::ImportUnfinished { left: self.imports.left });
        }
        Ok(Verification {
            records,
            signed: self.signed,
            root: self.frontier.root(),
            open,
            announced: endings.announced,
            failed: endings.failed,
            abandoned: endings.abandoned,
            unknown: endings.unknown,
            issued: self.issued,
            imported: self.imported,
            imported_authorities: self.imports.authorities,
            adopted: self.adopted,
            revoked: self.revoked,
            refused: self.refused,
            clock_regressions: self.clock_regressions,
            continues: self.continues,
            withheld: self.withheld,
            unchecked,
        })
    }

    /// Whether records are missing here that a rule may need. A log that is all here gets no indulgence.
    fn partial(&self) -> bool {
        self.continues > 0 || self.withheld.records > 0
    }

    /// Compares the root with every checkpoint of just this size.
    fn compare(&mut self) {
        let size = self.frontier.size();
        while self.ahead.front().is_some_and(|next| next.size == size) {
            self.signed = size;
            let due = self.ahead.pop_front();
            if due.is_some_and(|due| due.root != self.frontier.root()) {
                self.contradicted.get_or_insert(size);
            }
        }
    }

    fn admit(&mut self, line: &[u8], seq: u64, leaf: &Sha256) -> Result<Record<'static>, Fault> {
        let mut record = Record::parse(line)?;
        if record.seq != seq {
            return Err(Fault::OutOfPlace(record.seq));
        }
        if record.v < self.version {
            return Err(Fault::OlderVersion { version: record.v, before: self.version });
        }
        self.version = record.v;
        if !self.sessions.complete(&mut record) {
            self.excuse(Fault::UnknownSession(record.sess))?;
        }
        // Time is not order: a clock may be set back, and the log says so, but its records stay where they are.
        self.clock_regressions += u64::from(self.last.is_some_and(|last| record.ts < last));
        self.last = Some(record.ts);
        self.refused += u64::from(record.out == Outcome::Denied);
        // Both, so that one fault does not make later records look wrong as well.
        let paired = self.intents.apply(&record, leaf);
        let counted = self.count(&record);
        let placed = self.imports.apply(&record);
        paired.or_else(|fault| self.excuse(fault))?;
        counted.or_else(|fault| self.excuse(fault))?;
        placed.or_else(|fault| self.excuse(fault))?;
        Ok(record)
    }

    /// Counts what cannot be known without the records that are not here; everything else stays a fault.
    fn excuse(&mut self, fault: Fault) -> Result<(), Fault> {
        if !self.partial() {
            return Err(fault);
        }
        let counter = match &fault {
            Fault::NoIntent { .. } => &mut self.unchecked.outcomes,
            Fault::IntentTwice { .. } => &mut self.unchecked.intents,
            Fault::UnknownCertificate { .. } => &mut self.unchecked.revocations,
            Fault::UnknownSession(_) => &mut self.unchecked.sessions,
            Fault::NoPredecessor => &mut self.unchecked.imports,
            _ => return Err(fault),
        };
        *counter += 1;
        Ok(())
    }

    fn count(&mut self, record: &Record<'_>) -> Result<(), Fault> {
        let revokes = record.ev == Event::CertRevoked;
        if record.ev == Event::CertAdopted {
            let cert = record.cert.as_deref().ok_or(Fault::NoCertificate)?;
            self.adopted += 1;
            let (iss, sn) = (cert.iss.clone(), cert.sn.clone());
            let fresh = self.serials.insert(identity(cert));
            return if fresh { Ok(()) } else { Err(Fault::SerialTwice { iss, sn }) };
        }
        let imported = record.is_imported() || record.ev == Event::CaImported;
        if !record.ev.issues() && !revokes && !imported {
            return Ok(());
        }
        let cert = record.cert.as_deref().ok_or(Fault::NoCertificate)?;
        let (iss, sn) = (cert.iss.clone(), cert.sn.clone());
        if revokes {
            self.revoked += 1;
            let known = self.serials.contains(&identity(cert));
            return if known { Ok(()) } else { Err(Fault::UnknownCertificate { iss, sn }) };
        }
        let counter = if imported { &mut self.imported } else { &mut self.issued };
        *counter += 1;
        let fresh = self.serials.insert(identity(cert));
        if fresh { Ok(()) } else { Err(Fault::SerialTwice { iss, sn }) }
    }
}

/// Half a SHA-256 of issuer and serial number: small enough to keep millions, too large to collide by chance or by effort
/// that would pay (2^64 for a false alarm).
fn identity(cert: &CertificateFacts) -> [u8; 16] {
    let hash = encoding::sha256_parts(&[cert.iss.as_bytes(), &[0], cert.sn.as_bytes()]);
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::record::draft::Draft;
    use crate::audit::sample::{Log, ids, log as sample};

    fn verify<const N: usize>(lines: &[Vec<u8>], checkpoints: [Checkpoint; N]) -> Result<Verification, Defect> {
        let mut verifier = LogVerifier::against(checkpoints);
        lines.iter().try_for_each(|line| verifier.push(line))?;
        verifier.finish()
    }

    #[test]
    fn a_good_log_is_accepted_and_counted() {
        let log = sample();
        let found = verify(&log.0, [log.checkpoint(10), log.checkpoint(0), log.checkpoint(4)]).unwrap();
        assert_eq!((found.records, found.signed, found.unsigned_tail()), (12, 10, 2));
        assert_eq!((found.issued, found.imported, found.revoked, found.refused), (3, 0, 1, 0));
        assert_eq!((found.announced, found.failed, found.abandoned), (5, 0, 1), "3 issued, 1 given up, 1 open");
        assert_eq!(found.root, log.checkpoint(12).root);
        let open: Vec<_> = found.open.iter().map(|o| (o.op, o.intent, o.seq, o.indeterminate)).collect();
        assert_eq!(open, [(ids()[3], Intent::Issue, 10, true)]);
    }

    #[test]
    fn every_deletion_insertion_exchange_and_edit_is_found() {
        let log = sample();
        let signed = log.checkpoint(log.0.len());
        let check = |what: &str, lines: &[Vec<u8>]| {
            assert!(verify(lines, [signed.clone()]).is_err(), "{what} went unnoticed");
            // Going on after the first defect must not hide that these are not the signed records.
            let mut verifier = LogVerifier::against([signed.clone()]);
            lines.iter().for_each(|line| drop(verifier.push(line)));
            let is_prefix = lines.starts_with(&log.0);
            assert_eq!(verifier.finish().is_ok(), is_prefix, "{what} is in the roots too");
        };
        check("repetition of the last", &[&log.0[..], &log.0[11..]].concat());
        for at in 0..log.0.len() {
            let mut lines = log.0.clone();
            lines.remove(at);
            check("deletion", &lines);
            lines = log.0.clone();
            lines.insert(at, log.0[at].clone());
            check("repetition", &lines);
            for other in 0..at {
                lines = log.0.clone();
                lines.swap(at, other);
                check("exchange", &lines);
            }
            for byte in 0..log.0[at].len() {
                lines = log.0.clone();
                lines[at][byte] ^= 1 << (byte % 8);
                check("edit", &lines);
            }
            lines = log.0[..at].to_vec();
            assert!(matches!(verify(&lines, [signed.clone()]), Err(Defect::Truncated { signed: 12, .. })));
        }
    }

    #[test]
    fn announcements_and_endings_are_counted_against_each_other() {
        let sum = |change: &dyn Fn(&mut LogVerifier)| {
            let mut verifier = LogVerifier::default();
            sample().0.iter().for_each(|line| verifier.push(line).unwrap());
            change(&mut verifier);
            verifier.finish()
        };
        assert!(sum(&|_| {}).is_ok());
        let lost = sum(&|verifier| verifier.issued -= 1);
        assert!(matches!(lost, Err(Defect::Unbalanced { announced: 5, ended: 4 })), "{lost:?}");
    }

    #[test]
    fn a_fork_is_found_at_the_checkpoint_it_contradicts() {
        let (log, mut other) = (sample(), sample());
        other.0.truncate(11);
        other.event(Event::CertIssueFailed, ids()[3]);
        let last_seen = log.checkpoint(12);
        let published = other.checkpoint(12);
        assert!(verify(&other.0, [published.clone()]).is_ok(), "it is consistent in itself");
        assert!(matches!(verify(&other.0, [published, last_seen]), Err(Defect::WrongRoot { size: 12 })));
    }

    #[test]
    fn what_is_withheld_is_counted_and_excuses_only_what_follows() {
        let log = sample();
        let signed = log.checkpoint(12);
        let pass = |hidden: &[usize]| {
            let mut verifier = LogVerifier::against([signed.clone()]);
            for (at, line) in log.0.iter().enumerate() {
                match hidden.contains(&at) {
                    true => verifier.withhold(leaf_hash(line)),
                    false => verifier.push(line)?,
                }
            }
            verifier.finish()
        };
        // The intent of the revocation, and the issuance of what it revokes.
        let found = pass(&[0, 6, 8]).unwrap();
        assert_eq!((found.withheld.records, found.withheld.gaps), (3, 3));
        assert_eq!(found.withheld.ranges, [0..1, 6..7, 8..9]);
        assert_eq!(found.unchecked, Unchecked { outcomes: 1, ..Unchecked::default() });
        assert_eq!(pass(&[5, 6, 7]).unwrap().withheld.ranges.first(), Some(&(5..8)));
        assert_eq!(pass(&[5]).unwrap().unchecked.revocations, 1);
        assert!(!found.is_complete() && found.is_partial());
        // The order of records does not depend on what is shown, nor does the root.
        assert_eq!(pass(&[]).unwrap().root, pass(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).unwrap().root);
        // Nothing is missing before record 3, so its intent must be there.
        let mut lines = log.0.clone();
        lines.remove(1);
        let mut verifier = LogVerifier::default();
        assert!(lines.iter().take(3).any(|line| verifier.push(line).is_err()));
    }

    #[test]
    fn a_continuation_has_the_root_of_the_whole() {
        let log = sample();
        for begins in 0..=log.0.len() {
            let mut earlier = Frontier::new();
            log.0[..begins].iter().for_each(|line| earlier.push(leaf_hash(line)));
            let edge = Frontier::of(earlier.size(), earlier.subtrees().to_vec()).unwrap();
            let mut verifier = LogVerifier::continuing(edge, [log.checkpoint(begins), log.checkpoint(12)]);
            log.0[begins..].iter().for_each(|line| verifier.push(line).unwrap());
            let found = verifier.finish().unwrap();
            assert_eq!((found.continues, found.records, found.root), (begins as u64, 12, log.checkpoint(12).root));
            let other = LogVerifier::continuing(earlier, [Checkpoint { root: [0; 32], ..log.checkpoint(begins) }]);
            assert!(other.finish().is_err());
        }
    }

    #[test]
    fn a_log_goes_on_in_a_later_version_and_never_in_an_earlier_one() {
        let mut old = sample();
        old.rewrite_as(1);
        let mut mixed = old.clone();
        mixed.about(Event::CertIssued, ids()[3], "05");
        let mut verifier = LogVerifier::default();
        mixed.0.iter().for_each(|line| verifier.push(line).unwrap());
        assert_eq!(verifier.clone().finish().unwrap().issued, 4);
        let back =
            String::from_utf8(mixed.0[12].clone()).unwrap().replacen("{\"v\":2,\"seq\":12", "{\"v\":1,\"seq\":13", 1);
        let refused = verifier.push(back.as_bytes());
        assert!(matches!(refused, Err(Defect::Record { fault: Fault::OlderVersion { .. }, .. })), "{refused:?}");
    }

    #[test]
    fn who_acted_is_said_by_a_session_that_has_begun() {
        let [session, op, ..] = ids();
        let draft = |ev, op| Draft::new(ev, Outcome::Ok, op, session);
        let mut log = Log(Vec::new());
        log.add(&Log::draft(Event::LogGenesis, op));
        log.add(&Draft { actor: Log::actor(), ..draft(Event::SessionStart, session) });
        log.add(&draft(Event::CertRequest, op));
        log.add(&draft(Event::SessionStop, session));
        let (mut verifier, mut without) = (LogVerifier::default(), LogVerifier::default());
        let found: Vec<_> = log.0.iter().map(|line| verifier.read(line).unwrap().0).collect();
        assert!(found.iter().all(|record| record.actor_name() == "uid:0"));
        let after = draft(Event::CertRequest, op).seal(4, Timestamp::from_secs(9)).unwrap();
        let unknown = |result| matches!(result, Err(Defect::Record { fault: Fault::UnknownSession(_), .. }));
        assert!(unknown(verifier.push(&after)), "its session has ended");
        without.push(&log.0[0]).unwrap();
        let early = draft(Event::CertRequest, op).seal(1, Timestamp::from_secs(9)).unwrap();
        assert!(unknown(without.push(&early)), "its session has not begun");
        // Where the beginning is withheld it is counted.
        let mut partial = LogVerifier::default();
        partial.push(&log.0[0]).unwrap();
        partial.withhold(leaf_hash(&log.0[1]));
        partial.push(&log.0[2]).unwrap();
        assert_eq!(partial.finish().unwrap().unchecked.sessions, 1);
    }
}
