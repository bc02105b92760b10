//! Certificate Manager as documented: requests that wait for DNS, a list that shows RSA alone unless it is asked for more,
//! keys that come out encrypted, renewal of exported private certificates, revocation of exported public ones, and imports
//! that are refused.

use base64ct::{Base64, Encoding as _};
use certroll_base::clock::{Clock, SystemClock};
use certroll_base::encoding::{from_hex, hex};
use certroll_base::secret::Secret;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::KeyPair;
use certroll_pki::key::encryption::KeyEncryption;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::verify::signature::key_description;
use serde_json::{Value, json};

use super::{
    Known, Refusal, Replay, State, by_arn, certificate_of, empty, field, in_progress, number, pem_of, unknown_call,
};

/// How these certificates are told from those of Private CA.
pub(crate) const KINDS: [&str; 3] = ["PRIVATE", "AMAZON_ISSUED", "IMPORTED"];

impl Replay {
    pub(super) fn manager(&self, state: &mut State, action: &str, body: &Value) -> Result<Value, Refusal> {
        match action {
            "RequestCertificate" => self.request(state, body),
            "DescribeCertificate" => {
                let known = by_arn(state, body)?;
                self.settle(known);
                Ok(json!({"Certificate": detail(known)}))
            }
            "GetCertificate" => {
                let known = by_arn(state, body)?;
                if known.der.is_empty() {
                    return Err(in_progress(&known.arn));
                }
                Ok(json!({"Certificate": pem_of(&known.der), "CertificateChain": self.ca_pem()}))
            }
            "ExportCertificate" => self.export(by_arn(state, body)?, body),
            "RenewCertificate" => {
                let known = by_arn(state, body)?;
                if known.kind != "PRIVATE" || !known.exported {
                    return Err(("ValidationException", "The certificate is not eligible for renewal.".to_owned()));
                }
                known.before.push(std::mem::take(&mut known.der));
                self.make(known);
                Ok(empty())
            }
            "RevokeCertificate" => {
                let known = by_arn(state, body)?;
                if known.kind != "AMAZON_ISSUED" || !known.exported {
                    return Err(("ValidationException", "Only exported public certificates are revoked.".to_owned()));
                }
                if known.revoked.is_some() {
                    return Err(("ConflictException", "The certificate is revoked.".to_owned()));
                }
                known.revoked = Some(field(body, "RevocationReason").to_owned());
                Ok(json!({"CertificateArn": known.arn}))
            }
            "DeleteCertificate" => {
                if !by_arn(state, body)?.in_use_by.is_empty() {
                    return Err(("ResourceInUseException", "The certificate is in use.".to_owned()));
                }
                state.known.retain(|known| known.arn != field(body, "CertificateArn"));
                Ok(empty())
            }
            "ImportCertificate" => import(state, body),
            "ListCertificates" => Ok(list(state, body)),
            "ListTagsForCertificate" => {
                let tags = by_arn(state, body)?.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value}));
                Ok(json!({"Tags": tags.collect::<Vec<_>>()}))
            }
            _ => Err(unknown_call()),
        }
    }

    fn request(&self, state: &mut State, body: &Value) -> Result<Value, Refusal> {
        let token = field(body, "IdempotencyToken").to_owned();
        if token.len() > 32 || !token.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(("ValidationException", "The idempotency token is not valid.".to_owned()));
        }
        let same = |known: &&Known| KINDS.contains(&known.kind.as_str()) && known.token == token && !token.is_empty();
        if let (Some(known), false) = (state.known.iter().find(same), state.tokens_forgotten) {
            return Ok(json!({"CertificateArn": known.arn}));
        }
        let arn = format!("arn:aws:acm:us-east-1:{}:certificate/{}", super::ACCOUNT, number(state));
        let mut names = vec![field(body, "DomainName").to_owned()];
        let further = body["SubjectAlternativeNames"].as_array().cloned().unwrap_or_default();
        names.extend(further.iter().filter_map(|name| Some(name.as_str()?.to_owned())));
        let tags = body["Tags"].as_array().cloned().unwrap_or_default();
        let private = !field(body, "CertificateAuthorityArn").is_empty();
        let mut known = Known {
            arn: arn.clone(),
            kind: if private { "PRIVATE" } else { "AMAZON_ISSUED" }.to_owned(),
            token,
            names,
            key_algorithm: field(body, "KeyAlgorithm").to_owned(),
            tags: tags.iter().map(|tag| (field(tag, "Key").to_owned(), field(tag, "Value").to_owned())).collect(),
            polls: state.polls,
            export: private || field(&body["Options"], "Export") == "ENABLED",
            failure: state.fails.clone(),
            ..Known::default()
        };
        if known.polls == 0 && known.failure.is_none() {
            self.make(&mut known);
        }
        state.known.push(known);
        Ok(json!({"CertificateArn": arn}))
    }

    /// One question nearer to the end.
    fn settle(&self, known: &mut Known) {
        if !known.der.is_empty() || known.failure.is_some() {
            return;
        }
        known.polls = known.polls.saturating_sub(1);
        if known.polls == 0 {
            self.make(known);
        }
    }

    /// A new key and a certificate for it.
    fn make(&self, known: &mut Known) {
        let kind = match known.key_algorithm.as_str() {
            "EC_prime256v1" => "ec:p256",
            "EC_secp384r1" => "ec:p384",
            _ => "rsa:2048",
        };
        let key = KeyPair::generate(kind.parse().expect("a kind of key")).expect("a key can be made");
        let subject = DistinguishedName::parse(&format!("CN={}", known.names[0])).expect("a name");
        let names = known.names.iter().map(|name| GeneralName::parse(name).expect("a name")).collect();
        known.der = self.sign(subject, names, key.spki(), SystemClock.now().plus_secs(90 * 86_400));
        known.key = hex(key.to_pkcs8().expect("a key").expose());
    }

    fn export(&self, known: &mut Known, body: &Value) -> Result<Value, Refusal> {
        if known.der.is_empty() {
            return Err(in_progress(&known.arn));
        }
        if !known.export {
            return Err(("ValidationException", "The certificate is not exportable.".to_owned()));
        }
        known.exported = true;
        let passphrase = Base64::decode_vec(field(body, "Passphrase")).expect("a blob is base64");
        let passphrase = Secret::new(String::from_utf8(passphrase).expect("ASCII"));
        assert!((4..=128).contains(&passphrase.expose().len()), "the length of a passphrase");
        let encryption = KeyEncryption::new(&passphrase, 2_048).expect("a passphrase");
        let key = encryption.encrypt(&from_hex(&known.key).expect("hexadecimal")).expect("a key can be encrypted");
        Ok(json!({
            "Certificate": pem_of(&known.der),
            "CertificateChain": self.ca_pem(),
            "PrivateKey": pem::encode(Label::EncryptedPrivateKey, &key),
        }))
    }
}

fn detail(known: &Known) -> Value {
    let issued = !known.der.is_empty();
    let status = match (&known.revoked, &known.failure, issued) {
        (Some(_), ..) => "REVOKED",
        (_, Some(_), _) => "FAILED",
        (_, _, true) => "ISSUED",
        _ => "PENDING_VALIDATION",
    };
    let record = |name: &String| {
        let record = json!({
            "Name": format!("_a79865eb4cd1a6ab990a45779b4e0b96.{name}."),
            "Type": "CNAME",
            "Value": "_424c7224e9b0146f9a8808af955727d0.acm-validations.aws.",
        });
        let status = if issued { "SUCCESS" } else { "PENDING_VALIDATION" };
        json!({"DomainName": name, "ValidationDomain": name, "ValidationStatus": status, "ValidationMethod": "DNS",
               "ResourceRecord": record})
    };
    let mut detail = json!({
        "CertificateArn": known.arn,
        "DomainName": known.names.first(),
        "SubjectAlternativeNames": known.names,
        "Status": status,
        "Type": known.kind,
        // With a hyphen here, with an underscore where it is asked for.
        "KeyAlgorithm": known.key_algorithm.replacen('_', "-", 1),
        "InUseBy": known.in_use_by,
        "RenewalEligibility": if known.kind == "PRIVATE" && known.exported { "ELIGIBLE" } else { "INELIGIBLE" },
        "Options": {"Export": if known.export { "ENABLED" } else { "DISABLED" }},
    });
    if known.kind == "AMAZON_ISSUED" {
        detail["DomainValidationOptions"] = known.names.iter().map(record).collect();
    }
    if let Some(reason) = &known.failure {
        detail["FailureReason"] = reason.clone().into();
    }
    if issued {
        let certificate = certificate_of(&known.der);
        let octets: Vec<_> = certificate.serial.octets().iter().map(|octet| format!("{octet:02x}")).collect();
        detail["Serial"] = octets.join(":").into();
        detail["NotAfter"] = (certificate.validity.not_after.millis() / 1000).into();
    }
    detail
}

/// Those of the kinds of keys that were asked for; without any, RSA of 1024 and 2048 bits.
fn list(state: &State, body: &Value) -> Value {
    let wanted: Vec<String> = match body["Includes"]["keyTypes"].as_array() {
        Some(kinds) => kinds.iter().filter_map(|kind| Some(kind.as_str()?.to_owned())).collect(),
        None => vec!["RSA_1024".to_owned(), "RSA_2048".to_owned()],
    };
    let of_manager = state.known.iter().filter(|known| KINDS.contains(&known.kind.as_str()));
    let all: Vec<_> = of_manager.filter(|known| wanted.contains(&known.key_algorithm)).collect();
    // Pages of one, so that whoever does not turn them over finds half.
    let at: usize = field(body, "NextToken").parse().unwrap_or(0);
    let page: Vec<_> = all
        .get(at)
        .map(|known| {
            json!({"CertificateArn": known.arn, "DomainName": known.names.first(), "Exported": known.exported,
                   "Status": if known.der.is_empty() { "PENDING_VALIDATION" } else { "ISSUED" }})
        })
        .into_iter()
        .collect();
    let mut answer = json!({"CertificateSummaryList": page});
    if at + 1 < all.len() {
        answer["NextToken"] = (at + 1).to_string().into();
    }
    answer
}

fn import(state: &mut State, body: &Value) -> Result<Value, Refusal> {
    let blob = |name: &str| Base64::decode_vec(field(body, name)).unwrap_or_default();
    let refused = |why: &str| ("ValidationException", why.to_owned());
    let read = |bytes: &[u8]| pem::read(bytes).map_err(|error| ("ValidationException", error.to_string()));
    let certificate = read(&blob("Certificate"))?;
    if certificate.len() != 1 {
        return Err(refused("Provide only one certificate in the certificate field."));
    }
    let key = read(&blob("PrivateKey"))?;
    if key[0].label != Label::PrivateKey {
        return Err(refused("The private key is encrypted."));
    }
    let der = hex(certificate[0].der.expose());
    let found = certificate_of(&der);
    let key = KeyPair::from_pkcs8(key[0].der.expose()).map_err(|_| refused("The private key is not supported."))?;
    if key.spki() != found.spki {
        return Err(refused("The private key does not match the certificate."));
    }
    for above in read(&blob("CertificateChain")).unwrap_or_default() {
        if above.label != Label::Certificate {
            return Err(refused("The chain holds something else than certificates."));
        }
    }
    let key_algorithm = match key_description(&found.spki).as_str() {
        "ec:p256" => "EC_prime256v1".to_owned(),
        "ec:p384" => "EC_secp384r1".to_owned(),
        rsa => rsa.replace("rsa:", "RSA_"),
    };
    let names = found.names.iter().map(|name| name.to_string().trim_start_matches("dns:").to_owned()).collect();
    let tags = body["Tags"].as_array().cloned().unwrap_or_default();
    if !field(body, "CertificateArn").is_empty() {
        if body["Tags"].is_array() {
            return Err(refused("You cannot apply tags when reimporting a certificate."));
        }
        let known = by_arn(state, body)?;
        if known.kind != "IMPORTED" {
            return Err(refused("The certificate was not imported."));
        }
        if known.key_algorithm != key_algorithm {
            return Err(refused("The key type and size of the certificate cannot change."));
        }
        known.before.push(std::mem::replace(&mut known.der, der));
        known.names = names;
        return Ok(json!({"CertificateArn": known.arn}));
    }
    let arn = format!("arn:aws:acm:us-east-1:{}:certificate/{}", super::ACCOUNT, number(state));
    let tags = tags.iter().map(|tag| (field(tag, "Key").to_owned(), field(tag, "Value").to_owned())).collect();
    let kind = "IMPORTED".to_owned();
    state.known.push(Known { arn: arn.clone(), kind, der, names, key_algorithm, tags, ..Known::default() });
    Ok(json!({"CertificateArn": arn}))
}
