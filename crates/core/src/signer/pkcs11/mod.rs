//! Keys in hardware tokens and in software that behaves like one, by PKCS#11 (version 2.40 and later).

mod keys;
mod module;
mod uri;

use std::sync::{Mutex, PoisonError};

use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::ObjectHandle;
use cryptoki::session::Session;

use self::keys::FoundKey;
use self::module::{Module, Token, failed};
use self::uri::Uri;
use crate::signer::{KeyAccess, ListedKey, OpenedKey, RemoteKey, SignerError, SignerErrorClass, SignerKind};
use certroll_pki::digest::DigestAlgorithm;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::public_key;

/// The kind for the registry.
pub(super) const KIND: SignerKind = SignerKind { scheme: "pkcs11", open, generate: Some(generate), list: Some(list) };

fn open(reference: &str, access: &dyn KeyAccess) -> Result<OpenedKey, SignerError> {
    let uri = Uri::parse(reference)?;
    let token = Module::of(&uri, access)?.token(&uri)?;
    token.log_in(&uri, access)?;
    let session = token.session(false)?;
    let found = keys::one(&session, &token, &uri)?;
    opened(reference, token, session, found)
}

fn generate(reference: &str, algorithm: KeyAlgorithm, access: &dyn KeyAccess) -> Result<OpenedKey, SignerError> {
    let uri = Uri::parse(reference)?;
    let token = Module::of(&uri, access)?.token(&uri)?;
    token.log_in(&uri, access)?;
    let session = token.session(true)?;
    let found = keys::generate(&session, &token, &uri, algorithm)?;
    opened(reference, token, session, found)
}

fn opened(reference: &str, token: Token, session: Session, found: FoundKey) -> Result<OpenedKey, SignerError> {
    let handle = found.handle(&session)?;
    keys::refuse_always_authenticate(&session, handle)?;
    let spki = keys::spki(&session, &found, handle)?;
    let unsupported = || SignerError::new(SignerErrorClass::Unsupported, "it is of a kind that we do not sign with");
    let algorithm = public_key::algorithm(&spki).ok_or_else(unsupported)?;
    let scheme = Scheme::choose(algorithm, &token)?;
    OpenedKey::new(
        reference,
        spki,
        Box::new(TokenKey { token, found, scheme, idle: Mutex::new(vec![(session, handle)]) }),
    )
}

/// Without a token that is meant, the tokens are listed and none is logged in to: a wrong PIN counts against each.
fn list(reference: &str, access: &dyn KeyAccess) -> Result<Vec<ListedKey>, SignerError> {
    let uri = Uri::parse(reference)?;
    let tokens = Module::of(&uri, access)?.matching(&uri)?;
    let place = |token: &Token| {
        let reference = uri.to_key(token.label(), token.serial(), "", &[]);
        ListedKey { place: token.to_string(), name: None, kind: "token".to_owned(), reference }
    };
    let [token] = tokens.as_slice() else { return Ok(tokens.iter().map(place).collect()) };
    token.log_in(&uri, access)?;
    let session = token.session(false)?;
    let mut listed = Vec::new();
    for found in keys::all(&session, &uri)? {
        let kind = found.handle(&session).and_then(|handle| keys::spki(&session, &found, handle));
        let kind =
            kind.map_or_else(|error| error.to_string(), |spki| certroll_pki::verify::signature::key_description(&spki));
        let reference = uri.to_key(token.label(), token.serial(), &found.label, &found.id);
        listed.push(ListedKey { place: token.to_string(), name: Some(found.label), kind, reference });
    }
    Ok(listed)
}

/// How the token signs with a key: whether it hashes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    /// CKM_SHA256_RSA_PKCS.
    RsaSha256,
    /// CKM_RSA_PKCS over a DigestInfo that we make.
    Rsa,
    /// CKM_ECDSA over a digest that we make.
    Ecdsa(DigestAlgorithm),
    /// CKM_EDDSA without parameters: Ed25519.
    Ed25519,
}

impl Scheme {
    fn choose(algorithm: KeyAlgorithm, token: &Token) -> Result<Self, SignerError> {
        let candidates: &[(Self, MechanismType)] = match algorithm {
            KeyAlgorithm::Rsa(_) => {
                &[(Self::RsaSha256, MechanismType::SHA256_RSA_PKCS), (Self::Rsa, MechanismType::RSA_PKCS)]
            }
            KeyAlgorithm::EcP256 => &[(Self::Ecdsa(DigestAlgorithm::Sha256), MechanismType::ECDSA)],
            KeyAlgorithm::EcP384 => &[(Self::Ecdsa(DigestAlgorithm::Sha384), MechanismType::ECDSA)],
            KeyAlgorithm::Ed25519 => &[(Self::Ed25519, MechanismType::EDDSA)],
        };
        let able = token.mechanisms()?;
        let found = candidates.iter().find(|(_, mechanism)| able.contains(mechanism)).map(|(scheme, _)| *scheme);
        found.ok_or_else(|| {
            let message = format!("{token} does not sign with keys of the kind {algorithm}");
            SignerError::new(SignerErrorClass::Unsupported, message)
                .hint("it needs the mechanism CKM_SHA256_RSA_PKCS or CKM_RSA_PKCS, CKM_ECDSA or CKM_EDDSA")
        })
    }

    fn sign(self, session: &Session, key: ObjectHandle, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let (mechanism, data) = match self {
            Self::RsaSha256 => (Mechanism::Sha256RsaPkcs, message.to_vec()),
            Self::Rsa => (Mechanism::RsaPkcs, DigestAlgorithm::Sha256.info(message)),
            Self::Ecdsa(digest) => (Mechanism::Ecdsa, digest.of(message)),
            Self::Ed25519 => (Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure)), message.to_vec()),
        };
        let signed = session.sign(&mechanism, key, &data);
        let signature = signed.map_err(|error| failed("the token did not sign", error))?;
        match self {
            Self::Ecdsa(_) => public_key::ecdsa_der(&signature).map_err(|error| {
                SignerError::new(SignerErrorClass::Failed, "the token made a signature of a strange length")
                    .because(error)
            }),
            _ => Ok(signature),
        }
    }
}

/// A key with the sessions that are not in use: each signature has one to itself, so that threads do not wait for another.
struct TokenKey {
    token: Token,
    found: FoundKey,
    scheme: Scheme,
    idle: Mutex<Vec<(Session, ObjectHandle)>>,
}

impl RemoteKey for TokenKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (session, handle) = match idle {
            Some(pair) => pair,
            None => {
                let session = self.token.session(false)?;
                let handle = self.found.handle(&session)?;
                (session, handle)
            }
        };
        // A session in which something failed is closed, not used again.
        let signature = self.scheme.sign(&session, handle, message)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((session, handle));
        Ok(signature)
    }
}
