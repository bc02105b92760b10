//! Keys in a token: found, listed, made, and their public halves.

use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;

use super::module::{Token, failed};
use super::uri::Uri;
use crate::hint::keystore::KeyHint;
use crate::signer::{SignerError, SignerErrorClass};
use certroll_base::random;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::public_key;
use certroll_pki::x509::certificate::Certificate;

/// A private key in a token, by what finds it again in another session.
#[derive(Clone, Debug)]
pub(super) struct FoundKey {
    pub(super) label: String,
    pub(super) id: Vec<u8>,
}

impl FoundKey {
    /// As a person may name it.
    fn name(&self) -> String {
        match (self.label.is_empty(), self.id.is_empty()) {
            (false, true) => format!("`object={}`", self.label),
            (false, false) => format!("`object={}` with id {}", self.label, certroll_base::encoding::hex(&self.id)),
            (true, _) => format!("id {} without a label", certroll_base::encoding::hex(&self.id)),
        }
    }

    fn template(&self, class: ObjectClass) -> Vec<Attribute> {
        let mut template = vec![Attribute::Class(class), Attribute::Token(true)];
        if !self.label.is_empty() {
            template.push(Attribute::Label(self.label.clone().into_bytes()));
        }
        if !self.id.is_empty() {
            template.push(Attribute::Id(self.id.clone()));
        }
        template
    }

    /// Its handle in that session.
    pub(super) fn handle(&self, session: &Session) -> Result<ObjectHandle, SignerError> {
        let found = session.find_objects(&self.template(ObjectClass::PRIVATE_KEY));
        let found = found.map_err(|error| failed("the key cannot be looked for", error))?;
        match found.as_slice() {
            [handle] => Ok(*handle),
            [] => Err(SignerError::new(SignerErrorClass::Config, format!("the key {} is gone", self.name()))),
            _ => Err(SignerError::new(SignerErrorClass::Config, format!("several keys are called {}", self.name()))
                .hint("give each an id of its own with the vendor's tools")),
        }
    }
}

/// The private keys that fit the reference.
pub(super) fn all(session: &Session, uri: &Uri) -> Result<Vec<FoundKey>, SignerError> {
    let cannot = |error| failed("the keys of the token cannot be listed", error);
    let mut template = vec![Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Token(true)];
    template.extend(uri.object.clone().map(|label| Attribute::Label(label.into_bytes())));
    template.extend(uri.id.clone().map(Attribute::Id));
    let mut all = Vec::new();
    for handle in session.find_objects(&template).map_err(cannot)? {
        let mut found = FoundKey { label: String::new(), id: Vec::new() };
        for attribute in session.get_attributes(handle, &[AttributeType::Label, AttributeType::Id]).map_err(cannot)? {
            match attribute {
                Attribute::Label(label) => found.label = String::from_utf8_lossy(&label).into_owned(),
                Attribute::Id(id) => found.id = id,
                _ => {}
            }
        }
        all.push(found);
    }
    Ok(all)
}

/// The one private key that the reference means.
pub(super) fn one(session: &Session, token: &Token, uri: &Uri) -> Result<FoundKey, SignerError> {
    let mut fitting = all(session, uri)?;
    let names = |found: &[FoundKey]| found.iter().map(FoundKey::name).collect::<Vec<_>>().join(", ");
    match fitting.len() {
        1 => Ok(fitting.remove(0)),
        0 => {
            let there = all(session, &Uri { object: None, id: None, ..uri.clone() })?;
            let there = if there.is_empty() { "it holds no private key".to_owned() } else { names(&there) };
            Err(SignerError::new(
                SignerErrorClass::Config,
                format!("{token} holds no private key as the reference names it"),
            )
            .because(there)
            .hint(KeyHint::NameInToken))
        }
        _ => Err(SignerError::new(SignerErrorClass::Config, format!("the reference fits several keys of {token}"))
            .because(names(&fitting))
            .hint("add `;object=LABEL` or `;id=%01` to it")),
    }
}

/// A private key that asks for its PIN at every signature cannot serve unattended.
pub(super) fn refuse_always_authenticate(session: &Session, handle: ObjectHandle) -> Result<(), SignerError> {
    let asked = session.get_attributes(handle, &[AttributeType::AlwaysAuthenticate]);
    if asked.is_ok_and(|found| found.iter().any(|a| matches!(a, Attribute::AlwaysAuthenticate(true)))) {
        return Err(SignerError::new(SignerErrorClass::Unsupported, "the key wants its PIN before every signature")
            .hint("use a key without CKA_ALWAYS_AUTHENTICATE"));
    }
    Ok(())
}

/// The public half: as the token tells it of the private key, of its public key, or of its certificate.
pub(super) fn spki(session: &Session, found: &FoundKey, private: ObjectHandle) -> Result<Vec<u8>, SignerError> {
    if let Some(spki) = numbers(session, private) {
        return Ok(spki);
    }
    let objects = |class| session.find_objects(&found.template(class)).unwrap_or_default();
    if let Some(spki) = objects(ObjectClass::PUBLIC_KEY).into_iter().find_map(|object| numbers(session, object)) {
        return Ok(spki);
    }
    let certificate = |object| {
        let attributes = session.get_attributes(object, &[AttributeType::Value]).unwrap_or_default();
        attributes.into_iter().find_map(|attribute| match attribute {
            Attribute::Value(der) => Certificate::from_der(&der).ok().map(|certificate| certificate.spki),
            _ => None,
        })
    };
    objects(ObjectClass::CERTIFICATE).into_iter().find_map(certificate).ok_or_else(|| {
        SignerError::new(
            SignerErrorClass::Unsupported,
            format!("the token tells no public key of {} that we sign with", found.name()),
        )
        .hint("it takes RSA, P-256, P-384, P-521 or Ed25519; keep its public key or its certificate in the token, under the same id")
    })
}

/// The public key by the numbers of one object.
fn numbers(session: &Session, object: ObjectHandle) -> Option<Vec<u8>> {
    const WANTED: &[AttributeType] = &[
        AttributeType::KeyType,
        AttributeType::Modulus,
        AttributeType::PublicExponent,
        AttributeType::EcPoint,
        AttributeType::PublicKeyInfo,
    ];
    let (mut kind, mut modulus, mut exponent, mut point) = (None, None, None, None);
    for attribute in session.get_attributes(object, WANTED).ok()? {
        match attribute {
            Attribute::KeyType(found) => kind = Some(found),
            Attribute::Modulus(found) => modulus = Some(found).filter(|bytes| !bytes.is_empty()),
            Attribute::PublicExponent(found) => exponent = Some(found).filter(|bytes| !bytes.is_empty()),
            Attribute::EcPoint(found) => point = Some(found),
            Attribute::PublicKeyInfo(found) if public_key::algorithm(&found).is_some() => return Some(found),
            _ => {}
        }
    }
    match kind? {
        KeyType::RSA => public_key::rsa(&modulus?, &exponent?).ok(),
        KeyType::EC | KeyType::EC_EDWARDS => public_key::elliptic(&public_key::unwrapped_point(&point?)),
        _ => None,
    }
}

/// DER of the curves' names: P-256, P-384, P-521 (RFC 5480), and Edwards25519 as PKCS#11 3.0 section 2.3.5 has it.
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
const P521: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23];
const ED25519: &[u8] = b"\x13\x0cedwards25519";

/// Makes a key pair in the token: the private key cannot leave it.
pub(super) fn generate(
    session: &Session,
    token: &Token,
    uri: &Uri,
    algorithm: KeyAlgorithm,
) -> Result<FoundKey, SignerError> {
    let label = uri.object.clone().ok_or_else(|| {
        SignerError::new(SignerErrorClass::Config, "the reference does not say how the new key is to be called")
            .hint("add `;object=NAME` to it")
    })?;
    let named = Uri { object: Some(label.clone()), id: None, ..uri.clone() };
    let same_id = Uri { object: None, id: uri.id.clone(), ..uri.clone() };
    if !all(session, &named)?.is_empty() || (uri.id.is_some() && !all(session, &same_id)?.is_empty()) {
        return Err(SignerError::new(SignerErrorClass::Config, format!("{token} holds a key of that name already"))
            .hint(KeyHint::UseExisting));
    }
    let found = FoundKey { label, id: uri.id.clone().unwrap_or_else(|| random::bytes::<16>().to_vec()) };
    let (mechanism, listed, own) = match algorithm {
        KeyAlgorithm::Rsa(bits) => (
            Mechanism::RsaPkcsKeyPairGen,
            MechanismType::RSA_PKCS_KEY_PAIR_GEN,
            vec![Attribute::ModulusBits(u64::from(bits).into()), Attribute::PublicExponent(vec![1, 0, 1])],
        ),
        KeyAlgorithm::EcP256 => {
            (Mechanism::EccKeyPairGen, MechanismType::ECC_KEY_PAIR_GEN, vec![Attribute::EcParams(P256.to_vec())])
        }
        KeyAlgorithm::EcP384 => {
            (Mechanism::EccKeyPairGen, MechanismType::ECC_KEY_PAIR_GEN, vec![Attribute::EcParams(P384.to_vec())])
        }
        KeyAlgorithm::EcP521 => {
            (Mechanism::EccKeyPairGen, MechanismType::ECC_KEY_PAIR_GEN, vec![Attribute::EcParams(P521.to_vec())])
        }
        KeyAlgorithm::Ed25519 => (
            Mechanism::EccEdwardsKeyPairGen,
            MechanismType::ECC_EDWARDS_KEY_PAIR_GEN,
            vec![Attribute::EcParams(ED25519.to_vec())],
        ),
    };
    if !token.mechanisms()?.contains(&listed) {
        return Err(SignerError::new(
            SignerErrorClass::Unsupported,
            format!("{token} makes no keys of the kind {algorithm}"),
        )
        .hint(KeyHint::OtherKind));
    }
    let both =
        [Attribute::Token(true), Attribute::Label(found.label.clone().into_bytes()), Attribute::Id(found.id.clone())];
    let public = [&both[..], &own, &[Attribute::Private(false), Attribute::Verify(true)]].concat();
    let guarded =
        [Attribute::Private(true), Attribute::Sensitive(true), Attribute::Extractable(false), Attribute::Sign(true)];
    let private = [&both[..], &guarded].concat();
    session
        .generate_key_pair(&mechanism, &public, &private)
        .map_err(|error| failed(&format!("{token} did not make a key of the kind {algorithm}"), error))?;
    Ok(found)
}
