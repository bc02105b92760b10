//! Private CA as documented: signing takes a while, the same token gives the same certificate, revoking again is refused.

use std::fs;

use base64ct::{Base64, Encoding as _};
use certroll_base::clock::{Clock, SystemClock, Timestamp};
use certroll_base::encoding::hex;
use certroll_pki::container::pem;
use certroll_pki::x509::request::CertificateRequest;
use serde_json::{Value, json};

use super::{
    CA, Known, Refusal, Replay, State, by_arn, certificate_of, empty, field, in_progress, number, pem_of, unknown_call,
};

/// How these certificates are told from those of Certificate Manager.
pub(crate) const KIND: &str = "PRIVATE-CA";

impl Replay {
    pub(super) fn private_ca(&self, state: &mut State, action: &str, body: &Value) -> Result<Value, Refusal> {
        if field(body, "CertificateAuthorityArn") != CA {
            return Err(("ResourceNotFoundException", "Could not find the certificate authority.".to_owned()));
        }
        match action {
            "DescribeCertificateAuthority" => Ok(self.describe(state)),
            "GetCertificateAuthorityCertificate" if state.ca_hidden => {
                Err(("AccessDeniedException", format!("User is not authorized to perform: acm-pca:{action}")))
            }
            "GetCertificateAuthorityCertificate" if state.ca_another => {
                let directory = self.directory().join("another");
                crate::issuers::found_ca(&directory);
                let der = std::fs::read(directory.join("ca.der")).expect("the CA can be read");
                Ok(json!({"Certificate": pem_of(&hex(&der))}))
            }
            "GetCertificateAuthorityCertificate" => Ok(json!({"Certificate": self.ca_pem()})),
            "IssueCertificate" => self.issue(state, body),
            "GetCertificate" => {
                let known = by_arn(state, body)?;
                if known.polls > 0 {
                    known.polls -= 1;
                    return Err(in_progress(&known.arn));
                }
                Ok(json!({"Certificate": pem_of(&known.der), "CertificateChain": self.ca_pem()}))
            }
            "RevokeCertificate" => revoke(state, body),
            "CreateCertificateAuthorityAuditReport" => Ok(self.report(state, body)),
            "DescribeCertificateAuthorityAuditReport" => Ok(json!({
                "AuditReportStatus": "SUCCESS",
                "S3BucketName": "reports",
                "S3Key": key(field(body, "AuditReportId")),
                "CreatedAt": SystemClock.now().millis() / 1000,
            })),
            _ => Err(unknown_call()),
        }
    }

    fn describe(&self, state: &State) -> Value {
        let (own, _) = self.ca();
        let status = if state.ca_status.is_empty() { "ACTIVE" } else { &state.ca_status };
        json!({"CertificateAuthority": {
            "Arn": CA,
            "Status": status,
            "Type": "ROOT",
            "Serial": own.serial.to_string(),
            "NotBefore": own.validity.not_before.millis() / 1000,
            "NotAfter": own.validity.not_after.millis() / 1000,
            "UsageMode": if state.short_lived { "SHORT_LIVED_CERTIFICATE" } else { "GENERAL_PURPOSE" },
            "CertificateAuthorityConfiguration": {
                "KeyAlgorithm": "EC_prime256v1",
                "SigningAlgorithm": "SHA256WITHECDSA",
                "Subject": {"CommonName": "Elsewhere"},
            },
        }})
    }

    fn issue(&self, state: &mut State, body: &Value) -> Result<Value, Refusal> {
        let token = field(body, "IdempotencyToken").to_owned();
        if token.len() > 36 {
            return Err(("InvalidArgsException", "The idempotency token is too long.".to_owned()));
        }
        let same = |known: &&Known| known.kind == KIND && known.token == token && !token.is_empty();
        if let (Some(known), false) = (state.known.iter().find(same), state.tokens_forgotten) {
            return Ok(json!({"CertificateArn": known.arn}));
        }
        if !state.ca_status.is_empty() && state.ca_status != "ACTIVE" {
            return Err(("InvalidStateException", format!("The certificate authority is {}.", state.ca_status)));
        }
        if field(body, "SigningAlgorithm") != "SHA256WITHECDSA" {
            return Err(("InvalidArgsException", "The signing algorithm does not fit the key of the CA.".to_owned()));
        }
        let csr = Base64::decode_vec(field(body, "Csr")).unwrap_or_default();
        let blocks = pem::read(&csr).map_err(|error| ("MalformedCSRException", error.to_string()))?;
        let request = CertificateRequest::from_der(blocks[0].der.expose());
        let request = request.map_err(|error| ("MalformedCSRException", error.to_string()))?;
        assert_eq!(field(&body["Validity"], "Type"), "ABSOLUTE", "{body}");
        let until = Timestamp::from_secs(body["Validity"]["Value"].as_i64().expect("a number"));
        if until > self.ca().0.validity.not_after {
            return Err(("ValidationException", "The certificate would outlive the CA.".to_owned()));
        }
        let arn = format!("{CA}/certificate/{}", number(state).replace('-', ""));
        let der = self.sign(request.subject, request.names, &request.spki, until);
        let (polls, kind) = (state.polls, KIND.to_owned());
        state.known.push(Known { arn: arn.clone(), kind, token, der, polls, ..Known::default() });
        Ok(json!({"CertificateArn": arn}))
    }

    /// Writes a report into a directory that stands for the bucket.
    fn report(&self, state: &mut State, body: &Value) -> Value {
        let id = number(state);
        state.reports.push(id.clone());
        assert_eq!(field(body, "AuditReportResponseFormat"), "JSON");
        let at = |moment: Timestamp| moment.to_string().replace('Z', "+0000");
        let lines = state.known.iter().filter(|known| known.kind == KIND).map(|known| {
            let certificate = certificate_of(&known.der);
            let octets: Vec<_> = certificate.serial.octets().iter().map(|octet| format!("{octet:02x}")).collect();
            let mut line = json!({
                "awsAccountId": super::ACCOUNT,
                "certificateArn": known.arn,
                "serial": octets.join(":"),
                "subject": certificate.subject.to_string(),
                "notBefore": at(certificate.validity.not_before),
                "notAfter": at(certificate.validity.not_after),
                "issuedAt": at(certificate.validity.not_before.plus_secs(60)),
                "templateArn": "arn:aws:acm-pca:::template/EndEntityCertificate/V1",
            });
            if let Some(reason) = &known.revoked {
                line["revokedAt"] = at(SystemClock.now()).into();
                line["revocationReason"] = reason.clone().into();
            }
            line
        });
        let text = Value::Array(lines.collect()).to_string();
        let bucket = self.directory().join("bucket").join(field(body, "S3BucketName"));
        let file = bucket.join(key(&id));
        fs::create_dir_all(file.parent().expect("a parent")).expect("a directory can be made");
        fs::write(file, text).expect("a report can be written");
        json!({"AuditReportId": id, "S3Key": key(&id)})
    }
}

fn key(id: &str) -> String {
    format!("audit-report/{}/{id}.json", CA.rsplit('/').next().expect("an identifier"))
}

fn revoke(state: &mut State, body: &Value) -> Result<Value, Refusal> {
    let serial = field(body, "CertificateSerial").replace(':', "").to_lowercase();
    let reason = field(body, "RevocationReason").to_owned();
    if ["CERTIFICATE_HOLD", "REMOVE_FROM_CRL"].contains(&reason.as_str()) {
        return Err(("ValidationException", format!("{reason} is not a reason.")));
    }
    // The serial numbers of both session come from the same CA here.
    let found = state.known.iter_mut().find(|known| {
        let current = std::iter::once(&known.der).chain(&known.before).filter(|der| !der.is_empty());
        current.map(|der| hex(certificate_of(der).serial.octets())).any(|one| one == serial)
    });
    let known = found.ok_or_else(|| ("ResourceNotFoundException", format!("No certificate {serial}.")))?;
    if known.revoked.is_some() {
        return Err(("RequestAlreadyProcessedException", "The certificate is revoked already.".to_owned()));
    }
    known.revoked = Some(reason);
    Ok(empty())
}
