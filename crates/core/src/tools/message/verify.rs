//! Verify a signed message: everything that is wrong with it is said, and what is accepted is accepted once.

use std::path::Path;

use super::envelope::{self, EnvelopeFacts};
use super::seen;
use super::trust::Trust;
use crate::error::Error;
use certroll_base::clock::Timestamp;
use certroll_pki::container::signed_data;
use certroll_pki::jose::algorithm::JoseAlgorithm;
use certroll_pki::key::public_key;
use certroll_pki::path::{Check, PathFlaw};
use certroll_pki::verify::signature;
use certroll_pki::x509::certificate::Certificate;

/// How far the clocks of sender and receiver may differ, in seconds.
pub const LEEWAY_SECS: i64 = 60;

/// What came of a verification.
#[derive(Default)]
pub struct Verdict {
    /// The signer's certificate and those above it, as far as a path was found; empty if there is none.
    pub path: Vec<Certificate>,
    /// The signature algorithm, in Java's words or a digest's name.
    pub algorithm: String,
    /// When the signer says that it signed.
    pub signed_at: Option<Timestamp>,
    /// What an envelope says.
    pub facts: Option<EnvelopeFacts>,
    /// The content of an envelope.
    pub content: Option<Vec<u8>>,
    /// Everything that is wrong; nothing when the message is good.
    pub flaws: Vec<PathFlaw>,
}

impl Verdict {
    /// Nothing is wrong with it.
    pub fn is_good(&self) -> bool {
        self.flaws.is_empty()
    }

    /// Nothing is wrong with it but that certificates have expired or are revoked.
    pub fn is_only_over(&self) -> bool {
        !self.is_good() && self.flaws.iter().all(PathFlaw::is_over)
    }

    fn wrong(&mut self, why: impl ToString) {
        self.flaws.push(PathFlaw::new(0, Check::Signature, why.to_string()));
    }

    fn judge(
        &mut self,
        trust: &Trust,
        signer: &Certificate,
        came: &[Certificate],
        now: Timestamp,
    ) -> Result<(), Error> {
        let (path, flaws) = trust.judge(signer, came, now)?;
        self.path = path;
        self.flaws.extend(flaws);
        Ok(())
    }
}

/// A bare signature, by the key of `certificates`' first; `algorithm` is a name of Java's where it is not the one that goes with
/// the key.
///
/// # Errors
/// The home cannot be read.
pub fn raw(
    content: &[u8],
    signature: &[u8],
    (certificates, algorithm): (&[Certificate], Option<&str>),
    trust: &Trust,
    now: Timestamp,
) -> Result<Verdict, Error> {
    let mut verdict = Verdict::default();
    let Some(signer) = certificates.first() else {
        verdict.wrong("the certificate of the signer is not known");
        return Ok(verdict);
    };
    let own = || public_key::algorithm(&signer.spki).map(signature::algorithm_of);
    let by_name = |name: &str| {
        let mut known = signature::JAVA_NAMES.iter();
        known.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, oid)| *oid)
    };
    match algorithm.map_or_else(own, by_name) {
        None => verdict.wrong("the key of the signer is of a kind that is not accepted"),
        Some(oid) => {
            let named = signature::JAVA_NAMES.iter().find(|(_, known)| *known == oid);
            verdict.algorithm = named.map_or(oid, |(name, _)| name).to_owned();
            if let Err(error) = signature::verify(&signer.spki, oid, content, signature) {
                verdict.wrong(error);
            }
        }
    }
    verdict.judge(trust, signer, certificates, now)?;
    Ok(verdict)
}

/// A detached signature in CMS; `known` are certificates of which one may be the signer's, where the message has none.
///
/// # Errors
/// The home cannot be read.
pub fn cms(
    content: &[u8],
    signature: &[u8],
    known: &[Certificate],
    trust: &Trust,
    now: Timestamp,
) -> Result<Verdict, Error> {
    let mut verdict = Verdict::default();
    let signed = match signed_data::DetachedSignature::read(signature, known) {
        Ok(signed) => signed,
        Err(error) => {
            verdict.wrong(format!("the signature cannot be used: {error}"));
            return Ok(verdict);
        }
    };
    signed.digest().name().clone_into(&mut verdict.algorithm);
    if let Err(error) = signed.verify(content) {
        verdict.wrong(error);
    }
    verdict.signed_at = signed.signing_time().unwrap_or_default();
    if let Some(at) = verdict.signed_at.filter(|at| *at > now.plus_secs(LEEWAY_SECS)) {
        verdict.wrong(format!("the message says it was signed at {at}, which is in the future"));
    }
    if let Some(signer) = signed.certificate() {
        verdict.judge(trust, signer, &signed.certificates, now)?;
    }
    Ok(verdict)
}

/// What a receiver of envelopes holds against replays.
pub struct Freshness<'a> {
    /// How old a message may be, in seconds.
    pub window_secs: i64,
    /// Where the numbers that were seen are kept.
    pub seen_file: &'a Path,
}

/// A message in an envelope. When the verdict is good, its number is durably marked as seen: the same envelope is never good
/// again, not even if this process dies before it hands the content on.
///
/// # Errors
/// The home or the numbers seen cannot be read or written: nothing is accepted then.
pub fn envelope(text: &[u8], freshness: &Freshness<'_>, trust: &Trust, now: Timestamp) -> Result<Verdict, Error> {
    let mut verdict = Verdict::default();
    let opened = std::str::from_utf8(text).map_err(|_| "it is not text".to_owned());
    let opened = match opened.and_then(|text| envelope::open(text).map_err(|error| error.to_string())) {
        Ok(opened) => opened,
        Err(why) => {
            verdict.wrong(format!("the envelope cannot be used: {why}"));
            return Ok(verdict);
        }
    };
    let at = opened.facts.at;
    if at.plus_secs(freshness.window_secs) < now {
        let age = now.secs() - at.secs();
        verdict
            .wrong(format!("the message was signed at {at}, {age} s ago; {} s are the limit", freshness.window_secs));
    }
    if at > now.plus_secs(LEEWAY_SECS) {
        verdict.wrong(format!("the message says it was signed at {at}, which is in the future"));
    }
    verdict.signed_at = Some(at);
    if let Some(signer) = opened.certificates.first() {
        verdict.algorithm =
            public_key::algorithm(&signer.spki).map(|key| JoseAlgorithm::of(key).name).unwrap_or_default().to_owned();
        verdict.judge(trust, signer, &opened.certificates, now)?;
        // Last, and only for what is good otherwise: a forged message uses up no number.
        if verdict.is_good() {
            let (key, facts) = (signer.key_hash(), &opened.facts);
            if let Err(replay) = seen::mark(freshness.seen_file, &key, &facts.sender, facts.number)? {
                verdict.wrong(replay);
            }
        }
    }
    verdict.facts = Some(opened.facts);
    verdict.content = Some(opened.content).filter(|_| verdict.is_good());
    Ok(verdict)
}
