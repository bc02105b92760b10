//! Hints in words: the one place where commands and options are named for what the core advises.
//!
//! Each command stands in backticks as it can be pasted, with `NAME`, `FILE` and the like for what only the user knows. The
//! tests hold every one of them against the definitions of the command line.

mod certificate;
mod home;
mod issuer;
mod keystore;
#[cfg(test)]
mod tests;

use certroll_core::hint::Hint;

/// What the user reads.
pub(super) fn words(hint: &Hint) -> String {
    match hint {
        Hint::Say(text) => text.clone(),
        Hint::Home(hint) => home::home(hint).to_owned(),
        Hint::Secret(hint) => home::secret(hint),
        Hint::Log(hint) => home::log(hint).to_owned(),
        Hint::Certificate(hint) => certificate::certificate(hint),
        Hint::Delivery(hint) => certificate::delivery(hint),
        Hint::Intent(hint) => certificate::intent(hint),
        Hint::Authority(hint) => issuer::authority(hint),
        Hint::Issuer(hint) => issuer::issuer(hint),
        Hint::Account(hint) => issuer::account(hint),
        Hint::Request(hint) => issuer::request(hint),
        Hint::Key(hint) => keystore::key(hint),
        Hint::Keystore(hint) => keystore::keystore(hint),
        Hint::Truststore(hint) => keystore::truststore(hint),
        Hint::Message(hint) => keystore::message(hint),
        Hint::Server(hint) => keystore::server(hint),
    }
}
