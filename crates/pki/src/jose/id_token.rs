//! OpenID Connect ID tokens of pipelines: verified against pinned keys, without network.
//!
//! A token is a JWT (RFC 7519) as a JWS in compact form (RFC 7515 section 7.1), verified as RFC 8725 advises: the
//! algorithm is one of four, all with public keys, and must be that of the pinned key; keys that a token itself names or
//! carries are never used; nothing of its claims is read before the signature holds.

use serde_json::{Map, Value};

use super::algorithm::{ES256, ES384, EcCurve, JoseAlgorithm, P256, P384, RS256, RS384};
use super::strict_json;
use crate::key::public_key;
use certroll_base::clock::Timestamp;
use certroll_base::encoding;

/// No token is longer, in bytes. Those of GitHub and GitLab have one to two thousand.
pub const MAX_BYTES: usize = 16_384;
/// How far clocks of issuer and verifier may differ, in seconds.
pub const LEEWAY_SECS: i64 = 60;
/// OpenID Connect Core section 2 gives `sub` 255 ASCII characters; GitLab's are longer for long names of branches.
const MAX_SUBJECT: usize = 1024;

/// Why a token is not believed. No message has a part of the token but single claims of one whose signature holds, and the
/// names of algorithm and key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum TokenError {
    #[error("the token has more than {MAX_BYTES} bytes")]
    TooLong,
    #[error("the token is not three parts of base64url with dots between them")]
    Form,
    #[error("the token's header is not a JSON object in which every name stands once")]
    Header,
    #[error("the token is signed with {0}; accepted are RS256, RS384, ES256 and ES384")]
    Algorithm(String),
    #[error("the token is of the type {0}, not JWT")]
    Type(String),
    #[error("the token has critical extensions (`crit`), of which none is known here")]
    Critical,
    #[error("the token does not name its key (`kid`)")]
    NoKeyId,
    #[error("the token is signed with the key {0}, which is not among the pinned ones")]
    UnknownKey(String),
    #[error("the pinned key {0} is not for {1}")]
    WrongKey(String, &'static str),
    #[error("the signature of the token does not verify")]
    Signature,
    #[error("the token's payload is not a JSON object in which every name stands once")]
    Payload,
    #[error("the token has no claim `{0}` of the right type")]
    Claim(&'static str),
    #[error("the token is from the issuer {0}, not `{1}`")]
    Issuer(String, String),
    #[error("the token is not for the audience `{0}`")]
    Audience(String),
    #[error("the token expired at {0}")]
    Expired(Timestamp),
    #[error("the token is not valid before {0}")]
    NotYet(Timestamp),
    #[error("the token says it was issued at {0}, which is in the future")]
    Future(Timestamp),
    #[error("the token is for several audiences, and was not given to `{0}` (`azp`)")]
    Party(String),
    #[error("the token lives for {0} s, more than the {1} s that are allowed")]
    Life(i64, i64),
}

/// Why a file is not a set of pinned keys.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum KeySetError {
    #[error("it is not a JSON object in which every name stands once")]
    Json,
    #[error("it has no list `keys`")]
    NoKeys,
    #[error("key {0} of the list has no text `{1}`")]
    Member(usize, &'static str),
    #[error("key {0} of the list is malformed")]
    Malformed(usize),
    #[error("key {0} of the list is a private or a secret key, which belongs in no file here")]
    Secret(usize),
    #[error("key {0} of the list has the same `kid` as an earlier one")]
    Twice(usize),
    #[error("none of its keys is for RS256, RS384, ES256 or ES384")]
    Empty,
}

/// The signature algorithms that are accepted.
static ACCEPTED: [&JoseAlgorithm; 4] = [&RS256, &RS384, &ES256, &ES384];

#[derive(Clone, Debug)]
struct PinnedKey {
    id: String,
    /// The only algorithm it is for, if it says so.
    algorithm: Option<String>,
    /// `None` for RSA.
    curve: Option<EcCurve>,
    /// DER of the SubjectPublicKeyInfo.
    spki: Vec<u8>,
}

/// The keys of an issuer, pinned: a JWK set (RFC 7517 section 5).
#[derive(Clone, Debug)]
pub struct KeySet(Vec<PinnedKey>);

impl KeySet {
    /// Reads a JWK set. Keys of other types and for other uses are passed over.
    ///
    /// # Errors
    /// [`KeySetError`]
    pub fn parse(bytes: &[u8]) -> Result<Self, KeySetError> {
        let Ok(Value::Object(set)) = strict_json::parse(bytes) else { return Err(KeySetError::Json) };
        let listed = set.get("keys").and_then(Value::as_array).ok_or(KeySetError::NoKeys)?;
        let mut keys: Vec<PinnedKey> = Vec::new();
        for (at, jwk) in listed.iter().enumerate() {
            let Some(key) = pinned_key(at, jwk)? else { continue };
            if keys.iter().any(|known| known.id == key.id) {
                return Err(KeySetError::Twice(at));
            }
            keys.push(key);
        }
        if keys.is_empty() { Err(KeySetError::Empty) } else { Ok(Self(keys)) }
    }
}

fn pinned_key(at: usize, jwk: &Value) -> Result<Option<PinnedKey>, KeySetError> {
    let text = |name: &'static str| jwk.get(name).and_then(Value::as_str).ok_or(KeySetError::Member(at, name));
    // `d` of RSA and EC, `k` of a symmetric key (RFC 7518 section 6).
    if jwk.get("d").is_some() || jwk.get("k").is_some() {
        return Err(KeySetError::Secret(at));
    }
    let number = |name: &'static str| encoding::from_base64url(text(name)?).ok_or(KeySetError::Malformed(at));
    let point = |curve: EcCurve| {
        let (x, y) = (number("x")?, number("y")?);
        // Of the full size even with zeros in front (RFC 7518 section 6.2.1.2).
        let whole = x.len() == curve.size && y.len() == curve.size;
        // An uncompressed point (SEC 1 section 2.3.3).
        let spki = public_key::elliptic(&[vec![4], x, y].concat()).filter(|_| whole);
        spki.ok_or(KeySetError::Malformed(at))
    };
    if jwk.get("use").is_some_and(|usage| usage != "sig") {
        return Ok(None);
    }
    let crv = jwk.get("crv").and_then(Value::as_str);
    let curve = [P256, P384].into_iter().find(|curve| Some(curve.name) == crv);
    let (curve, spki) = match (text("kty")?, curve) {
        ("RSA", _) => {
            let (n, e) = (number("n")?, number("e")?);
            // The shortest form (RFC 7518 section 6.3.1.1).
            if n.first().is_none_or(|first| *first == 0) || e.first().is_none_or(|first| *first == 0) {
                return Err(KeySetError::Malformed(at));
            }
            (None, public_key::rsa(&n, &e).map_err(|_| KeySetError::Malformed(at))?)
        }
        ("EC", Some(curve)) => (Some(curve), point(curve)?),
        _ => return Ok(None),
    };
    let algorithm = jwk.get("alg").map(|_| text("alg").map(str::to_owned)).transpose()?;
    Ok(Some(PinnedKey { id: text("kid")?.to_owned(), algorithm, curve, spki }))
}

impl PinnedKey {
    fn verify(&self, algorithm: &JoseAlgorithm, message: &[u8], signature: &[u8]) -> Result<(), TokenError> {
        let is_for = self.algorithm.as_ref().is_none_or(|only| only == algorithm.name);
        if !is_for || self.curve != algorithm.curve {
            return Err(TokenError::WrongKey(shown(&self.id), algorithm.name));
        }
        algorithm.verify(&self.spki, message, signature).map_err(|_| TokenError::Signature)
    }
}

/// The claims of a token that holds.
#[derive(Clone, Debug)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// A claim that is a text and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A claim that is a text, a number or a truth value, as a text.
    pub fn scalar(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
            _ => None,
        }
    }

    /// The texts of a claim that is a list.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    fn time(&self, name: &'static str) -> Result<Option<Timestamp>, TokenError> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        // NumericDate (RFC 7519 section 2) may have a fraction; no issuer writes one, and a rounded limit is no limit.
        let secs = value.as_i64().filter(|secs| (0..=253_402_300_799).contains(secs));
        secs.map(|secs| Some(Timestamp::from_secs(secs))).ok_or(TokenError::Claim(name))
    }
}

/// What a token must be.
#[derive(Clone, Copy, Debug)]
pub struct TokenExpectation<'a> {
    /// `iss`, exactly.
    pub issuer: &'a str,
    /// What must be in `aud`.
    pub audience: &'a str,
    /// Most seconds from `iat` to `exp`.
    pub longest_life_secs: i64,
}

/// Verifies a token: its signature by one of the pinned keys, whom it is from and for, and its times.
///
/// # Errors
/// [`TokenError`]: the first thing that is wrong.
pub fn verify(
    token: &str,
    keys: &KeySet,
    expected: &TokenExpectation<'_>,
    now: Timestamp,
) -> Result<Claims, TokenError> {
    if token.len() > MAX_BYTES {
        return Err(TokenError::TooLong);
    }
    let parts: Vec<&str> = token.split('.').collect();
    let &[header, payload, signature] = parts.as_slice() else { return Err(TokenError::Form) };
    let decode = |part| encoding::from_base64url(part).filter(|bytes| !bytes.is_empty()).ok_or(TokenError::Form);
    let (header_bytes, payload_bytes, signature_bytes) = (decode(header)?, decode(payload)?, decode(signature)?);
    let (algorithm, key) = header_key(&header_bytes, keys)?;
    // The dot between them is one byte in all three strings.
    key.verify(algorithm, &token.as_bytes()[..header.len() + 1 + payload.len()], &signature_bytes)?;
    let Ok(Value::Object(claims)) = strict_json::parse(&payload_bytes) else { return Err(TokenError::Payload) };
    let claims = Claims(claims);
    check_claims(&claims, expected, now)?;
    Ok(claims)
}

fn header_key<'a>(bytes: &[u8], keys: &'a KeySet) -> Result<(&'static JoseAlgorithm, &'a PinnedKey), TokenError> {
    let Ok(Value::Object(header)) = strict_json::parse(bytes) else { return Err(TokenError::Header) };
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let name = text("alg").unwrap_or("nothing");
    let algorithm = ACCEPTED.into_iter().find(|one| one.name == name);
    let algorithm = algorithm.ok_or_else(|| TokenError::Algorithm(shown(name)))?;
    if header.contains_key("crit") {
        return Err(TokenError::Critical);
    }
    if header.get("typ").is_some_and(|typ| !typ.as_str().is_some_and(|typ| typ.eq_ignore_ascii_case("JWT"))) {
        return Err(TokenError::Type(shown(text("typ").unwrap_or("?"))));
    }
    let id = text("kid").ok_or(TokenError::NoKeyId)?;
    let key = keys.0.iter().find(|key| key.id == id).ok_or_else(|| TokenError::UnknownKey(shown(id)))?;
    Ok((algorithm, key))
}

fn check_claims(claims: &Claims, expected: &TokenExpectation<'_>, now: Timestamp) -> Result<(), TokenError> {
    let TokenExpectation { issuer, audience, longest_life_secs } = *expected;
    let from = claims.text("iss").ok_or(TokenError::Claim("iss"))?;
    if from != issuer {
        return Err(TokenError::Issuer(shown(from), issuer.to_owned()));
    }
    let (is_for, several) = match claims.0.get("aud") {
        Some(Value::String(one)) => (one == audience, false),
        Some(Value::Array(all)) if all.iter().all(Value::is_string) => {
            (all.iter().any(|one| one == audience), all.len() > 1)
        }
        _ => return Err(TokenError::Claim("aud")),
    };
    if !is_for {
        return Err(TokenError::Audience(audience.to_owned()));
    }
    // One of several that it is for could hand it on: it must say that it was given to us (OpenID Connect Core 3.1.3.7).
    if several && claims.text("azp") != Some(audience) {
        return Err(TokenError::Party(audience.to_owned()));
    }
    let expires = claims.time("exp")?.ok_or(TokenError::Claim("exp"))?;
    if now >= expires.plus_secs(LEEWAY_SECS) {
        return Err(TokenError::Expired(expires));
    }
    if let Some(begins) = claims.time("nbf")?.filter(|begins| now.plus_secs(LEEWAY_SECS) < *begins) {
        return Err(TokenError::NotYet(begins));
    }
    // OpenID Connect Core section 2 requires it.
    let issued = claims.time("iat")?.ok_or(TokenError::Claim("iat"))?;
    if now.plus_secs(LEEWAY_SECS) < issued {
        return Err(TokenError::Future(issued));
    }
    let life = expires.secs() - issued.secs();
    if life > longest_life_secs {
        return Err(TokenError::Life(life, longest_life_secs));
    }
    let subject = claims.text("sub").ok_or(TokenError::Claim("sub"))?;
    if subject.len() > MAX_SUBJECT || subject.chars().any(char::is_control) {
        return Err(TokenError::Claim("sub"));
    }
    Ok(())
}

/// A short text of the token as it may stand in a message.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(64).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect();
    format!("`{short}`")
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa;
    use aws_lc_rs::signature::{self, EcdsaKeyPair, KeyPair as _, RsaKeyPair};
    use base64ct::{Base64UrlUnpadded, Encoding};
    use der::Decode as _;
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_795_000_000;
    const ISSUER: &str = "https://token.example.net";

    /// Made-up keys of an issuer, one of each kind.
    struct Issuer {
        rsa: RsaKeyPair,
        p256: EcdsaKeyPair,
        p384: EcdsaKeyPair,
    }

    fn url(bytes: &[u8]) -> String {
        Base64UrlUnpadded::encode_string(bytes)
    }

    impl Issuer {
        fn new() -> Self {
            Self {
                rsa: RsaKeyPair::generate(rsa::KeySize::Rsa2048).unwrap(),
                p256: EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
                p384: EcdsaKeyPair::generate(&signature::ECDSA_P384_SHA384_FIXED_SIGNING).unwrap(),
            }
        }

        fn jwks(&self) -> Value {
            let rsa = Vec::<der::asn1::Uint>::from_der(self.rsa.public_key().as_ref()).unwrap();
            let ec = |kid: &str, crv: &str, key: &EcdsaKeyPair| {
                let point = &key.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                json!({"kty": "EC", "kid": kid, "crv": crv, "x": url(x), "y": url(y)})
            };
            json!({"keys": [
                {"kty": "RSA", "kid": "rsa", "use": "sig",
                 "n": url(rsa[0].as_bytes()),
                 "e": url(rsa[1].as_bytes())},
                ec("p256", "P-256", &self.p256),
                ec("p384", "P-384", &self.p384),
            ]})
        }

        fn keys(&self) -> KeySet {
            KeySet::parse(self.jwks().to_string().as_bytes()).unwrap()
        }

        fn signature(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
            let random = SystemRandom::new();
            match algorithm {
                "RS256" | "RS384" | "RS512" => {
                    let padding: &'static dyn signature::RsaEncoding = match algorithm {
                        "RS256" => &signature::RSA_PKCS1_SHA256,
                        "RS384" => &signature::RSA_PKCS1_SHA384,
                        _ => &signature::RSA_PKCS1_SHA512,
                    };
                    let mut signature = vec![0; self.rsa.public_modulus_len()];
                    self.rsa.sign(padding, &random, message, &mut signature).unwrap();
                    signature
                }
                "ES256" => self.p256.sign(&random, message).unwrap().as_ref().to_vec(),
                "ES384" => self.p384.sign(&random, message).unwrap().as_ref().to_vec(),
                "HS256" => {
                    // The classical confusion: the public key, which everybody knows, as the secret.
                    let public = self.jwks()["keys"][0]["n"].as_str().unwrap().to_owned();
                    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes()), message).as_ref().to_vec()
                }
                _ => b"x".to_vec(),
            }
        }

        fn raw(&self, header: &str, payload: &str, algorithm: &str) -> String {
            let message = format!("{}.{}", url(header.as_bytes()), url(payload.as_bytes()));
            let signature = self.signature(algorithm, message.as_bytes());
            format!("{message}.{}", url(&signature))
        }

        fn token(&self, algorithm: &str, kid: &str, payload: &Value) -> String {
            let header = json!({"typ": "JWT", "alg": algorithm, "kid": kid});
            self.raw(&header.to_string(), &payload.to_string(), algorithm)
        }
    }

    fn claims() -> Value {
        json!({"iss": ISSUER, "aud": "certroll", "sub": "repo:example/meters:ref:refs/heads/main",
            "iat": NOW, "nbf": NOW - 600, "exp": NOW + 300})
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[name] = value;
        claims
    }

    fn check(keys: &KeySet, token: &str) -> Result<Claims, TokenError> {
        let expected = TokenExpectation { issuer: ISSUER, audience: "certroll", longest_life_secs: 3600 };
        verify(token, keys, &expected, Timestamp::from_secs(NOW))
    }

    #[test]
    fn each_accepted_algorithm_with_its_key() {
        let issuer = Issuer::new();
        let keys = issuer.keys();
        for (algorithm, kid) in [("RS256", "rsa"), ("RS384", "rsa"), ("ES256", "p256"), ("ES384", "p384")] {
            let claims = check(&keys, &issuer.token(algorithm, kid, &claims())).unwrap();
            assert_eq!(claims.text("sub"), Some("repo:example/meters:ref:refs/heads/main"), "{algorithm}");
        }
        let mut several = with("aud", json!(["other", "certroll"]));
        several["azp"] = "certroll".into();
        assert!(check(&keys, &issuer.token("ES256", "p256", &several)).is_ok());
        let alone = with("aud", json!(["certroll"]));
        assert!(check(&keys, &issuer.token("ES256", "p256", &alone)).is_ok());
    }

    #[test]
    fn every_wrong_field_is_refused_with_its_own_message() {
        let issuer = Issuer::new();
        let keys = issuer.keys();
        let header = |text: &str| issuer.raw(text, &claims().to_string(), "ES256");
        let body = |text: &str| issuer.raw(r#"{"alg":"ES256","kid":"p256"}"#, text, "ES256");
        let es256 = |payload: &Value| issuer.token("ES256", "p256", payload);
        let twice = claims().to_string().replacen('{', r#"{"sub":"other","#, 1);
        let mut long = with("x", "y".repeat(MAX_BYTES).into());
        let late = Timestamp::from_secs;
        let table = [
            (es256(&long), TokenError::TooLong),
            ("".to_owned(), TokenError::Form),
            ("a.b".to_owned(), TokenError::Form),
            (format!("{}.x", es256(&claims())), TokenError::Form),
            (format!("{}=", es256(&claims())), TokenError::Form),
            (format!(" {}", es256(&claims())), TokenError::Form),
            (format!("{}\n", es256(&claims())), TokenError::Form),
            (header("[]"), TokenError::Header),
            (header(r#"{"alg":"ES256","alg":"ES256","kid":"p256"}"#), TokenError::Header),
            (header(r#"{"kid":"p256"}"#), TokenError::Algorithm("`nothing`".into())),
            (header(r#"{"alg":"none","kid":"p256"}"#), TokenError::Algorithm("`none`".into())),
            (header(r#"{"alg":"es256","kid":"p256"}"#), TokenError::Algorithm("`es256`".into())),
            (issuer.token("HS256", "rsa", &claims()), TokenError::Algorithm("`HS256`".into())),
            (issuer.token("RS512", "rsa", &claims()), TokenError::Algorithm("`RS512`".into())),
            (header(r#"{"alg":"ES256","kid":"p256","typ":"at+jwt"}"#), TokenError::Type("`at+jwt`".into())),
            (header(r#"{"alg":"ES256","kid":"p256","crit":["b64"],"b64":false}"#), TokenError::Critical),
            (header(r#"{"alg":"ES256"}"#), TokenError::NoKeyId),
            (header(r#"{"alg":"ES256","kid":7}"#), TokenError::NoKeyId),
            (header(r#"{"alg":"ES256","kid":"p257"}"#), TokenError::UnknownKey("`p257`".into())),
            (issuer.token("ES256", "rsa", &claims()), TokenError::WrongKey("`rsa`".into(), "ES256")),
            (issuer.token("ES256", "p384", &claims()), TokenError::WrongKey("`p384`".into(), "ES256")),
            (issuer.token("RS256", "p256", &claims()), TokenError::WrongKey("`p256`".into(), "RS256")),
            (Issuer::new().token("ES256", "p256", &claims()), TokenError::Signature),
            (body("[1]"), TokenError::Payload),
            (body(&twice), TokenError::Payload),
            (es256(&with("iss", Value::Null)), TokenError::Claim("iss")),
            (
                es256(&with("iss", "https://token.example.net/".into())),
                TokenError::Issuer("`https://token.example.net/`".into(), ISSUER.into()),
            ),
            (es256(&with("aud", Value::Null)), TokenError::Claim("aud")),
            (es256(&with("aud", json!(["certroll", 7]))), TokenError::Claim("aud")),
            (es256(&with("aud", "Certroll".into())), TokenError::Audience("certroll".into())),
            (es256(&with("aud", json!([]))), TokenError::Audience("certroll".into())),
            (es256(&with("aud", json!(["other", "certroll"]))), TokenError::Party("certroll".into())),
            (es256(&with("exp", (NOW + 3601).into())), TokenError::Life(3601, 3600)),
            (es256(&with("iat", (NOW - 3301).into())), TokenError::Life(3601, 3600)),
            (es256(&with("exp", Value::Null)), TokenError::Claim("exp")),
            (es256(&with("exp", "1795000300".into())), TokenError::Claim("exp")),
            (es256(&with("exp", json!(1_795_000_300.5))), TokenError::Claim("exp")),
            (es256(&with("exp", (-1).into())), TokenError::Claim("exp")),
            (es256(&with("exp", (NOW - 60).into())), TokenError::Expired(late(NOW - 60))),
            (es256(&with("nbf", (NOW + 61).into())), TokenError::NotYet(late(NOW + 61))),
            (es256(&with("nbf", "now".into())), TokenError::Claim("nbf")),
            (es256(&with("iat", (NOW + 61).into())), TokenError::Future(late(NOW + 61))),
            (es256(&with("iat", Value::Null)), TokenError::Claim("iat")),
            (es256(&with("sub", Value::Null)), TokenError::Claim("sub")),
            (es256(&with("sub", "".into())), TokenError::Claim("sub")),
            (es256(&with("sub", "a\nb".into())), TokenError::Claim("sub")),
            (es256(&with("sub", "a".repeat(1025).into())), TokenError::Claim("sub")),
        ];
        long["x"] = "short".into();
        assert!(check(&keys, &es256(&long)).is_ok(), "negative control: what is unknown is passed over");
        for (token, expected) in table {
            assert_eq!(check(&keys, &token).map(|_| ()), Err(expected), "{token}");
        }
        let mut messages: Vec<String> =
            [TokenError::Expired(late(1)), TokenError::NotYet(late(1)), TokenError::Future(late(1))]
                .iter()
                .map(ToString::to_string)
                .collect();
        messages.dedup();
        assert_eq!(messages.len(), 3);
    }

    #[test]
    fn a_minute_of_difference_is_tolerated_and_no_more() {
        let issuer = Issuer::new();
        let keys = issuer.keys();
        for (name, value) in [("exp", NOW - 59), ("nbf", NOW + 60), ("iat", NOW + 60)] {
            assert!(check(&keys, &issuer.token("ES256", "p256", &with(name, value.into()))).is_ok(), "{name}");
        }
    }

    /// Each character of a token replaced by another one of the alphabet, and each left out.
    #[test]
    fn no_other_token_verifies() {
        let issuer = Issuer::new();
        let keys = issuer.keys();
        let token = issuer.token("ES256", "p256", &claims());
        assert!(check(&keys, &token).is_ok());
        for at in 0..token.len() {
            for other in ["A", "Q", "g", "w", "-", "_", ".", "=", ""] {
                let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
                assert!(changed == token || check(&keys, &changed).is_err(), "{at}: {changed}");
            }
        }
        // The last character has bits that are no part of the signature: none may be set.
        for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
            let changed = format!("{}{last}", &token[..token.len() - 1]);
            assert!(changed == token || check(&keys, &changed).is_err(), "{last}");
        }
    }

    #[test]
    fn pinned_keys_are_public_and_have_names_of_their_own() {
        let good = Issuer::new().jwks();
        let parse = |set: &Value| KeySet::parse(set.to_string().as_bytes()).map(|_| ());
        assert_eq!(parse(&good), Ok(()));
        let changed = |at: usize, name: &str, value: Value| {
            let mut set = good.clone();
            set["keys"][at][name] = value;
            set
        };
        for (set, expected) in [
            (json!([]), KeySetError::Json),
            (json!({"keys": {}}), KeySetError::NoKeys),
            (json!({"keys": []}), KeySetError::Empty),
            (json!({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "s"}]}), KeySetError::Secret(0)),
            (json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "s"}]}), KeySetError::Empty),
            (changed(0, "d", "AQ".into()), KeySetError::Secret(0)),
            (changed(0, "kid", 1.into()), KeySetError::Member(0, "kid")),
            (changed(1, "kid", "rsa".into()), KeySetError::Twice(1)),
            (changed(0, "n", "AAEB".into()), KeySetError::Malformed(0)),
            (changed(1, "x", "AQ".into()), KeySetError::Malformed(1)),
            (changed(2, "y", "not base64".into()), KeySetError::Malformed(2)),
        ] {
            assert_eq!(parse(&set), Err(expected), "{set}");
        }
        let issuer = Issuer::new();
        let mut set = issuer.jwks();
        set["keys"][1]["alg"] = "ES384".into();
        let keys = KeySet::parse(set.to_string().as_bytes()).unwrap();
        let refused = check(&keys, &issuer.token("ES256", "p256", &claims())).map(|_| ());
        assert_eq!(refused, Err(TokenError::WrongKey("`p256`".into(), "ES256")));
        set["keys"][1]["use"] = "enc".into();
        let keys = KeySet::parse(set.to_string().as_bytes()).unwrap();
        let refused = check(&keys, &issuer.token("ES256", "p256", &claims())).map(|_| ());
        assert_eq!(refused, Err(TokenError::UnknownKey("`p256`".into())));
    }
}
