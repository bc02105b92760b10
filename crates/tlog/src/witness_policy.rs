//! Trust policies: which logs, and how many of which witnesses, must have signed a checkpoint.
//!
//! Format: <https://c2sp.org/tlog-policy>. Lines of words; a file of octets, in which names have no meaning outside of it.
//! Witnesses are Ed25519 cosigners (type 0x04), logs Ed25519 signers (type 0x01); other types are refused, not ignored: a
//! quorum that cannot be checked is none.

use std::collections::{HashMap, HashSet};
use std::str;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature::WitnessVerifierKey;
use crate::encoding;
use crate::note::Note;
use crate::note_error::NoteError;
use crate::note_key::VerifierKey;

/// A policy is refused when it is larger: one of 32 logs and 32 witnesses takes some 8 KiB.
const MAX_BYTES: usize = 1 << 20;
/// Witnesses and groups, and logs: C2SP asks for at least 32 of each.
const MAX_NAMES: usize = 1024;
/// The quorum that asks for no witness.
const NONE: &[u8] = b"none";

/// Why bytes are not a policy.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {fault}")]
pub struct WitnessPolicyError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: PolicyFault,
}

/// What is wrong with a line of a policy.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyFault {
    /// Not one of the four words that begin a line.
    #[error("unknown word `{0}`: a line begins with log, witness, group or quorum")]
    UnknownWord(String),
    /// Words are missing or too many.
    #[error("expected `{0}`")]
    Form(&'static str),
    /// A control character, a carriage return among them.
    #[error("a control character; tab and line feed are the only ones allowed")]
    ControlCharacter,
    /// The last line has no line feed.
    #[error("no line feed at the end")]
    Unterminated,
    /// Larger than any policy.
    #[error("the file is too long")]
    TooLong,
    /// Not the key of an Ed25519 log.
    #[error("not the verifier key of an Ed25519 log (`name+hash+key` of type 0x01)")]
    BadLogKey,
    /// Not the key of an Ed25519 witness.
    #[error("not the verifier key of an Ed25519 witness (`name+hash+key` of type 0x04)")]
    BadWitnessKey,
    /// More lines than any policy has.
    #[error("too many logs, witnesses or groups: {MAX_NAMES} are the limit")]
    TooMany,
    /// The same key in two lines.
    #[error("this key is in an earlier line already")]
    DuplicateKey,
    /// The name has a meaning already.
    #[error("the name `{0}` is taken")]
    NameTaken(String),
    /// No earlier line defines the name.
    #[error("no line above defines `{0}`")]
    Undefined(String),
    /// The name is a member already, of this group or another.
    #[error("`{0}` is a member of a group already")]
    MemberTwice(String),
    /// Not `all`, `any` or a number from 1 to that of the members.
    #[error("the threshold is `all`, `any` or a number from 1 to {0}")]
    BadThreshold(usize),
    /// There must be one quorum.
    #[error("a second quorum")]
    SecondQuorum,
    /// There must be one quorum.
    #[error("the file ends without a quorum")]
    NoQuorum,
}

/// Why a checkpoint does not satisfy a policy.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsatisfied {
    /// The note is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// None of the logs of the policy signed it.
    #[error("the checkpoint of `{0}` is not signed by any log of the policy")]
    UnknownLog(String),
    /// A witness of the policy is named in a wrong signature.
    #[error("a cosignature is wrong")]
    BadCosignature(#[source] NoteError),
    /// Too few witnesses cosigned it.
    #[error("the quorum `{quorum}` is not met: {} cosigned, {} missing", listed(.present), listed(.missing))]
    Quorum {
        /// The name of the quorum.
        quorum: String,
        /// The witnesses, by their names in the policy, that cosigned.
        present: Vec<String>,
        /// The witnesses that count for the quorum and did not.
        missing: Vec<String>,
    },
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// One cosignature that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The name of the witness in the policy.
    pub witness: String,
    /// When the witness signed, in seconds since 1970.
    pub second: u64,
}

/// Something that can witness a checkpoint: one witness, or so many of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group { threshold: usize, members: Vec<usize> },
}

/// A trust policy: the logs that are accepted, and how many of which witnesses must have cosigned (C2SP tlog-policy).
///
/// ```
/// use certroll_tlog::{Checkpoint, LogKey, Note, WitnessKey, WitnessPolicy};
///
/// let log = LogKey::generate("example.org/log")?;
/// let [one, two] = [WitnessKey::generate("w1.example")?, WitnessKey::generate("w2.example")?];
/// let policy = format!(
///     "log {}\nwitness one {}\nwitness two {}\ngroup either any one two\nquorum either\n",
///     log.verifier(), one.verifier(), two.verifier(),
/// );
/// let policy = WitnessPolicy::parse(policy.as_bytes())?;
///
/// let checkpoint = Checkpoint { origin: "example.org/log".to_owned(), size: 20, root: [7; 32] };
/// let mut note = Note::parse(&checkpoint.sign(&log)?)?;
/// assert!(policy.quorum(&note).is_err());
/// note.add(two.cosign(&checkpoint, 1_700_000_000)?)?;
/// assert_eq!(policy.log_of(&note)?, log.verifier());
/// assert_eq!(policy.quorum(&note)?[0].witness, "two");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessPolicy {
    logs: Vec<VerifierKey>,
    witnesses: Vec<(String, WitnessVerifierKey)>,
    /// Witnesses and groups, in the order of their lines; members of a group stand before it.
    members: Vec<Member>,
    /// Name, and which of the members; `None`: no witness is asked for.
    quorum: (String, Option<usize>),
}

impl WitnessPolicy {
    /// Reads a policy.
    ///
    /// # Errors
    /// [`WitnessPolicyError`]: a line is not one of a policy, with its number.
    pub fn parse(bytes: &[u8]) -> Result<Self, WitnessPolicyError> {
        let whole = |line, fault| Err(WitnessPolicyError { line, fault });
        if bytes.len() > MAX_BYTES {
            return whole(1, PolicyFault::TooLong);
        }
        let mut reader = PolicyReader::default();
        let mut last = 1;
        for (line, text) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
            last = line;
            reader.line(text).map_err(|fault| WitnessPolicyError { line, fault })?;
        }
        let Some(quorum) = reader.quorum else { return whole(last, PolicyFault::NoQuorum) };
        Ok(Self { logs: reader.logs, witnesses: reader.witnesses, members: reader.members, quorum })
    }

    /// The logs that it accepts; none when the log must be known otherwise.
    pub fn logs(&self) -> &[VerifierKey] {
        &self.logs
    }

    /// The witnesses that it knows: name in the policy, and key.
    pub fn witnesses(&self) -> impl Iterator<Item = (&str, &WitnessVerifierKey)> {
        self.witnesses.iter().map(|(name, key)| (name.as_str(), key))
    }

    /// Checks that one of the policy's logs signed the checkpoint in a note; answers the key of that log.
    ///
    /// # Errors
    /// [`Unsatisfied::UnknownLog`] when none did, [`Unsatisfied::Checkpoint`] when the note is no checkpoint or a signature in the
    /// name of one is wrong.
    pub fn log_of(&self, note: &Note) -> Result<&VerifierKey, Unsatisfied> {
        let checkpoint = Checkpoint::parse_body(note.text())?;
        let mut found = None;
        for key in self.logs.iter().filter(|key| key.name() == checkpoint.origin) {
            match Checkpoint::of(note, key) {
                Ok(_) => found = Some(key),
                Err(CheckpointError::Note(NoteError::NotSigned(_))) => {}
                Err(error) => return Err(error.into()),
            }
        }
        found.ok_or(Unsatisfied::UnknownLog(checkpoint.origin))
    }

    /// Checks that the witnesses of the quorum cosigned a note; the log's own signature is not looked at. Answers all
    /// witnesses of the policy that did.
    ///
    /// # Errors
    /// [`Unsatisfied::Quorum`] when too few did, [`Unsatisfied::BadCosignature`] when one in the name of a witness of the policy is
    /// wrong.
    pub fn quorum(&self, note: &Note) -> Result<Vec<Cosigned>, Unsatisfied> {
        let mut cosigned = Vec::new();
        let mut has = vec![false; self.witnesses.len()];
        for (has, (name, key)) in has.iter_mut().zip(&self.witnesses) {
            if let Some(second) = key.cosigned(note).map_err(Unsatisfied::BadCosignature)? {
                *has = true;
                cosigned.push(Cosigned { witness: name.clone(), second });
            }
        }
        let (name, Some(quorum)) = &self.quorum else { return Ok(cosigned) };
        // Members stand before their groups, so one pass decides all.
        let mut met: Vec<bool> = Vec::with_capacity(self.members.len());
        for member in &self.members {
            met.push(match member {
                Member::Witness(witness) => has[*witness],
                Member::Group { threshold, members } => members.iter().filter(|m| met[**m]).count() >= *threshold,
            });
        }
        if met[*quorum] {
            return Ok(cosigned);
        }
        let mut missing = Vec::new();
        self.lacking(*quorum, &met, &has, &mut missing);
        let present = cosigned.into_iter().map(|one| one.witness).collect();
        Err(Unsatisfied::Quorum { quorum: name.clone(), present, missing })
    }

    /// The witnesses below a member whose cosignature is missing where one is still needed.
    fn lacking(&self, member: usize, met: &[bool], has: &[bool], out: &mut Vec<String>) {
        if met[member] {
            return;
        }
        match &self.members[member] {
            Member::Witness(witness) if !has[*witness] => out.push(self.witnesses[*witness].0.clone()),
            Member::Witness(_) => {}
            Member::Group { members, .. } => members.iter().for_each(|one| self.lacking(*one, met, has, out)),
        }
    }
}

/// What the lines so far have defined.
#[derive(Default)]
struct PolicyReader {
    logs: Vec<VerifierKey>,
    witnesses: Vec<(String, WitnessVerifierKey)>,
    members: Vec<Member>,
    names: HashMap<Vec<u8>, usize>,
    grouped: HashSet<usize>,
    quorum: Option<(String, Option<usize>)>,
}

impl PolicyReader {
    fn line(&mut self, line: &[u8]) -> Result<(), PolicyFault> {
        let line = line.strip_suffix(b"\n").ok_or(PolicyFault::Unterminated)?;
        if line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            return Err(PolicyFault::ControlCharacter);
        }
        let words: Vec<_> = line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty()).collect();
        match words[..] {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", key] | [b"log", key, _] => self.log(key),
            [b"log", ..] => Err(PolicyFault::Form("log VKEY [URL]")),
            [b"witness", name, key] | [b"witness", name, key, _] => self.witness(name, key),
            [b"witness", ..] => Err(PolicyFault::Form("witness NAME VKEY [URL]")),
            [b"group", name, threshold, ref members @ ..] if !members.is_empty() => {
                self.group(name, threshold, members)
            }
            [b"group", ..] => Err(PolicyFault::Form("group NAME all|any|NUMBER MEMBER...")),
            [b"quorum", name] => self.set_quorum(name),
            [b"quorum", ..] => Err(PolicyFault::Form("quorum NAME")),
            [word, ..] => Err(PolicyFault::UnknownWord(shown(word))),
        }
    }

    fn log(&mut self, key: &[u8]) -> Result<(), PolicyFault> {
        let key =
            str::from_utf8(key).ok().and_then(|key| VerifierKey::parse(key).ok()).ok_or(PolicyFault::BadLogKey)?;
        if self.logs.iter().any(|known| known.public() == key.public()) {
            return Err(PolicyFault::DuplicateKey);
        }
        if self.logs.len() == MAX_NAMES {
            return Err(PolicyFault::TooMany);
        }
        self.logs.push(key);
        Ok(())
    }

    fn witness(&mut self, name: &[u8], key: &[u8]) -> Result<(), PolicyFault> {
        let key = str::from_utf8(key).ok().and_then(|key| WitnessVerifierKey::parse(key).ok());
        let key = key.ok_or(PolicyFault::BadWitnessKey)?;
        if self.witnesses.iter().any(|(_, known)| known.public() == key.public()) {
            return Err(PolicyFault::DuplicateKey);
        }
        self.define(name, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push((shown(name), key));
        Ok(())
    }

    fn group(&mut self, name: &[u8], threshold: &[u8], names: &[&[u8]]) -> Result<(), PolicyFault> {
        let mut members = Vec::with_capacity(names.len());
        for name in names {
            let member = self.defined(name)?;
            // Of this group or another: each witness shall count in one way only.
            if !self.grouped.insert(member) {
                return Err(PolicyFault::MemberTwice(shown(name)));
            }
            members.push(member);
        }
        let threshold = match threshold {
            b"all" => members.len(),
            b"any" => 1,
            number => {
                let number = str::from_utf8(number).unwrap_or_default();
                // `parse` alone would also read `+2` and `02`.
                let read = number.parse().ok().filter(|n: &usize| n.to_string() == number);
                let allowed = read.filter(|n| (1..=members.len()).contains(n));
                allowed.ok_or(PolicyFault::BadThreshold(members.len()))?
            }
        };
        self.define(name, Member::Group { threshold, members })
    }

    fn set_quorum(&mut self, name: &[u8]) -> Result<(), PolicyFault> {
        if self.quorum.is_some() {
            return Err(PolicyFault::SecondQuorum);
        }
        let member = if name == NONE { None } else { Some(self.defined(name)?) };
        self.quorum = Some((shown(name), member));
        Ok(())
    }

    fn define(&mut self, name: &[u8], member: Member) -> Result<(), PolicyFault> {
        if name == NONE || self.names.contains_key(name) {
            return Err(PolicyFault::NameTaken(shown(name)));
        }
        if self.members.len() == MAX_NAMES {
            return Err(PolicyFault::TooMany);
        }
        self.names.insert(name.to_vec(), self.members.len());
        self.members.push(member);
        Ok(())
    }

    fn defined(&self, name: &[u8]) -> Result<usize, PolicyFault> {
        self.names.get(name).copied().ok_or_else(|| PolicyFault::Undefined(shown(name)))
    }
}

/// A name for people: octets that are no UTF-8 in hexadecimal, so that no two names look the same.
fn shown(name: &[u8]) -> String {
    str::from_utf8(name).map_or_else(|_| format!("0x{}", encoding::hex(name)), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cosignature::WitnessKey;
    use crate::note_key::LogKey;

    /// The example of the specification, with keys.
    struct Example {
        log: LogKey,
        witnesses: Vec<(&'static str, WitnessKey)>,
    }

    const NAMES: [&str; 6] = ["X1", "X2", "X3", "Y1", "Y2", "Y3"];

    impl Example {
        fn new() -> Self {
            let witness = |name| (name, WitnessKey::generate(&format!("witness.example/{name}")).unwrap());
            Self { log: LogKey::generate("example.com/log").unwrap(), witnesses: NAMES.map(witness).into() }
        }

        fn text(&self) -> String {
            let key = |n: usize| self.witnesses[n].1.verifier().to_string();
            format!(
                "log {}\n\nwitness X1 {}\nwitness X2 {}\nwitness X3 {}\ngroup X-witnesses 2 X1 X2 X3\n\n\
                 witness Y1 {}\nwitness Y2 {}\nwitness Y3 {}\ngroup Y-witnesses any Y1 Y2 Y3\n\n\
                 group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n",
                self.log.verifier(),
                key(0),
                key(1),
                key(2),
                key(3),
                key(4),
                key(5),
            )
        }

        fn note(&self, cosigned_by: &[&str]) -> Note {
            let checkpoint = Checkpoint { origin: "example.com/log".into(), size: 9, root: [3; 32] };
            let mut note = Note::parse(&checkpoint.sign(&self.log).unwrap()).unwrap();
            for (name, key) in self.witnesses.iter().filter(|(name, _)| cosigned_by.contains(name)) {
                note.add(key.cosign(&checkpoint, 1000 + name.len() as u64).unwrap()).unwrap();
            }
            note
        }
    }

    fn fault(text: &str) -> (usize, PolicyFault) {
        let error = WitnessPolicy::parse(text.as_bytes()).expect_err(text);
        (error.line, error.fault)
    }

    #[test]
    fn every_subset_is_judged_as_the_example_says() {
        let example = Example::new();
        let policy = WitnessPolicy::parse(example.text().as_bytes()).unwrap();
        assert_eq!(policy.logs(), [example.log.verifier().clone()]);
        assert_eq!(policy.witnesses().map(|(name, _)| name).collect::<Vec<_>>(), NAMES);
        for subset in 0..64_u32 {
            let names: Vec<_> =
                NAMES.iter().copied().zip(0..).filter(|(_, n)| subset >> n & 1 == 1).map(|p| p.0).collect();
            let expected = (subset & 7).count_ones() >= 2 && subset >> 3 != 0;
            let note = example.note(&names);
            assert_eq!(policy.log_of(&note), Ok(example.log.verifier()));
            match policy.quorum(&note) {
                Ok(found) => {
                    assert!(expected, "{names:?}");
                    assert_eq!(found.iter().map(|one| one.witness.as_str()).collect::<Vec<_>>(), names);
                    assert!(found.iter().all(|one| one.second == 1002));
                }
                Err(Unsatisfied::Quorum { quorum, present, missing }) => {
                    assert!(!expected, "{names:?}");
                    assert_eq!(
                        (quorum.as_str(), &present),
                        ("X-and-Y", &names.iter().map(|n| (*n).to_owned()).collect())
                    );
                    assert!(!missing.is_empty() && missing.iter().all(|name| !present.contains(name)), "{missing:?}");
                }
                Err(other) => panic!("{other}"),
            }
        }
        let lacking = policy.quorum(&example.note(&["X2"])).unwrap_err().to_string();
        assert_eq!(lacking, "the quorum `X-and-Y` is not met: X2 cosigned, X1, X3, Y1, Y2, Y3 missing");
        let lacking = policy.quorum(&example.note(&["X2", "X3"])).unwrap_err().to_string();
        assert_eq!(lacking, "the quorum `X-and-Y` is not met: X2, X3 cosigned, Y1, Y2, Y3 missing");
    }

    #[test]
    fn a_wrong_cosignature_by_a_known_witness_outweighs_a_quorum() {
        let example = Example::new();
        let policy = WitnessPolicy::parse(example.text().as_bytes()).unwrap();
        let mut note = example.note(&["X1", "X2", "Y1"]);
        let other = Checkpoint { origin: "example.com/log".into(), size: 10, root: [3; 32] };
        note.add(example.witnesses[2].1.cosign(&other, 5).unwrap()).unwrap();
        assert!(matches!(policy.quorum(&note), Err(Unsatisfied::BadCosignature(_))));
        // The same line by a witness that is not in the policy is not looked at.
        let mut note = example.note(&["X1", "X2", "Y1"]);
        note.add(WitnessKey::generate("witness.example/X3").unwrap().cosign(&other, 5).unwrap()).unwrap();
        assert_eq!(policy.quorum(&note).map(|found| found.len()), Ok(3));
    }

    #[test]
    fn the_log_is_one_of_the_policy() {
        let (example, stranger) = (Example::new(), Example::new());
        let policy = WitnessPolicy::parse(example.text().as_bytes()).unwrap();
        assert_eq!(policy.log_of(&stranger.note(&[])), Err(Unsatisfied::UnknownLog("example.com/log".into())));
        let none = WitnessPolicy::parse(b"quorum none\n").unwrap();
        assert!(none.logs().is_empty());
        assert_eq!(none.quorum(&stranger.note(&["X1"])), Ok(vec![]));
        assert!(none.log_of(&stranger.note(&[])).is_err());
    }

    #[test]
    fn white_space_comments_and_addresses_are_allowed_where_the_specification_says() {
        let example = Example::new();
        let text = example.text();
        let plain = WitnessPolicy::parse(text.as_bytes()).unwrap();
        let spaced = text.replace(' ', " \t ").replace('\n', " \n\t# any thing \u{e4}\n").replace("log ", "\tlog ");
        assert_eq!(WitnessPolicy::parse(spaced.as_bytes()).as_ref(), Ok(&plain));
        let key = example.log.verifier().to_string();
        let addressed = text.replace(&key, &format!("{key} https://log.example/"));
        assert_eq!(WitnessPolicy::parse(addressed.as_bytes()).as_ref(), Ok(&plain));
        // Names are octets.
        let mut octets =
            format!("witness \u{1}\u{2} {}\nquorum \u{1}\u{2}\n", example.witnesses[0].1.verifier()).into_bytes();
        octets.iter_mut().filter(|byte| **byte < 3).for_each(|byte| *byte += 0xf0);
        let policy = WitnessPolicy::parse(&octets).unwrap();
        assert_eq!(policy.witnesses().map(|(name, _)| name).collect::<Vec<_>>(), ["0xf1f2"]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let example = Example::new();
        let (key, log) = (example.witnesses[0].1.verifier().to_string(), example.log.verifier().to_string());
        let other = example.witnesses[1].1.verifier().to_string();
        let with = |lines: &str| format!("witness A {key}\nwitness B {other}\n{lines}");
        for (text, line, expected) in [
            (String::new(), 1, PolicyFault::NoQuorum),
            ("# nothing\n\n".into(), 2, PolicyFault::NoQuorum),
            ("quorum none".into(), 1, PolicyFault::Unterminated),
            ("quorum none\nquorum none\n".into(), 2, PolicyFault::SecondQuorum),
            ("quorum none\r\n".into(), 1, PolicyFault::ControlCharacter),
            ("quorum none # comment\n".into(), 1, PolicyFault::Form("quorum NAME")),
            ("\nwitnesses\n".into(), 2, PolicyFault::UnknownWord("witnesses".into())),
            ("Quorum none\n".into(), 1, PolicyFault::UnknownWord("Quorum".into())),
            ("quorum A\n".into(), 1, PolicyFault::Undefined("A".into())),
            (format!("log {log} u x\n"), 1, PolicyFault::Form("log VKEY [URL]")),
            (format!("log {key}\n"), 1, PolicyFault::BadLogKey),
            (format!("witness A {log}\n"), 1, PolicyFault::BadWitnessKey),
            (format!("log {log}\nlog {log}\n"), 2, PolicyFault::DuplicateKey),
            (format!("witness none {key}\n"), 1, PolicyFault::NameTaken("none".into())),
            (with(&format!("witness C {key}\n")), 3, PolicyFault::DuplicateKey),
            (with("group A all B\n"), 3, PolicyFault::NameTaken("A".into())),
            (with("group G all\n"), 3, PolicyFault::Form("group NAME all|any|NUMBER MEMBER...")),
            (with("group G all none\n"), 3, PolicyFault::Undefined("none".into())),
            (with("group G all G\n"), 3, PolicyFault::Undefined("G".into())),
            (with("group G 3 A B\n"), 3, PolicyFault::BadThreshold(2)),
            (with("group G 0 A B\n"), 3, PolicyFault::BadThreshold(2)),
            (with("group G 02 A B\n"), 3, PolicyFault::BadThreshold(2)),
            (with("group G +2 A B\n"), 3, PolicyFault::BadThreshold(2)),
            (with("group G 1 A A\n"), 3, PolicyFault::MemberTwice("A".into())),
            (with("group G 1 A\ngroup H 1 A\n"), 4, PolicyFault::MemberTwice("A".into())),
        ] {
            assert_eq!(fault(&text), (line, expected), "{text:?}");
        }
        let mut deep = format!("witness W0 {key}\n");
        for n in 0..MAX_NAMES {
            deep += &format!("group W{} all W{n}\n", n + 1);
        }
        assert_eq!(fault(&deep), (MAX_NAMES + 1, PolicyFault::TooMany));
    }

    #[test]
    fn a_distant_cousin_with_the_same_key_is_a_duplicate() {
        let witness = WitnessKey::generate("a").unwrap();
        let renamed = WitnessVerifierKey::new("b", *witness.verifier().public()).unwrap();
        let text = format!("witness A {}\nwitness B {renamed}\nquorum none\n", witness.verifier());
        assert_eq!(fault(&text), (2, PolicyFault::DuplicateKey));
    }
}
