//! Sign a message.

use std::path::Path;

use super::envelope::{self, EnvelopeFacts};
use super::key::MessageSender;
use super::{sequence, trust};
use crate::error::{Error, ErrorKind};
use crate::hint::keystore::MessageHint;
use certroll_base::clock::Timestamp;
use certroll_pki::container::signed_data;
use certroll_pki::key::signer::SigningError;
use certroll_pki::path::{self, FlawKind, PathInputs};

/// The bare signature, with the algorithm that goes with the key: what Java calls `SHA256withRSA`, `SHA256withECDSA` (P-256),
/// `SHA384withECDSA` (P-384), `SHA512withECDSA` (P-521) or `Ed25519`.
///
/// # Errors
/// The key refuses.
pub fn raw(content: &[u8], sender: &MessageSender) -> Result<Vec<u8>, Error> {
    sender.signer.sign_message(content).map_err(refused)
}

/// A detached signature in CMS, in DER.
///
/// # Errors
/// The sender's certificate is missing or not one for messages, or the key refuses.
pub fn cms(content: &[u8], sender: &MessageSender, now: Timestamp) -> Result<Vec<u8>, Error> {
    check(sender, now)?;
    signed_data::sign(content, &sender.chain, (&*sender.signer, sender.algorithm), now.whole_secs()).map_err(refused)
}

/// The message in an envelope, under the next number of a sequence.
///
/// # Errors
/// As [`cms`], or no number can be taken: see [`sequence::next`].
pub fn envelope(
    content: &[u8],
    sender: &MessageSender,
    sequence_file: &Path,
    content_type: Option<String>,
    now: Timestamp,
) -> Result<(String, EnvelopeFacts), Error> {
    check(sender, now)?;
    let name = sender.chain.first().map(envelope::name_of).unwrap_or_default();
    let number = sequence::next(sequence_file)?;
    let facts = EnvelopeFacts { at: now.whole_secs(), number, sender: name, content_type };
    let text = envelope::seal(content, sender, &facts).map_err(refused)?;
    Ok((text, facts))
}

fn refused(error: SigningError) -> Error {
    Error::new(ErrorKind::Failed, "the message could not be signed").because(error)
}

/// What every verifier would refuse is not signed in the first place.
fn check(sender: &MessageSender, now: Timestamp) -> Result<(), Error> {
    let own = sender.chain.first().ok_or_else(|| {
        Error::new(ErrorKind::Usage, "the certificate of the key is needed, and the key's own place has none")
            .hint(MessageHint::GiveCertificateOrRaw)
    })?;
    let mut flaws = trust::usage_flaws(own, true);
    flaws.extend(path::judge(std::slice::from_ref(own), &PathInputs::at(now)));
    let Some(first) = flaws.first() else { return Ok(()) };
    let kind = if first.kind == FlawKind::Expired { ErrorKind::Expired } else { ErrorKind::Usage };
    Err(Error::new(kind, first.text().to_owned()).hint(MessageHint::GetCertificate))
}
