//! AWS: what certroll says to it, and what it makes of the answers.
//!
//! No test speaks to AWS itself. `moto`, a server that others wrote, stands in for it where it does faithfully what AWS
//! documents; [`replay`] for what moto does not do. Which behaviour was seen where stands in `docs/aws.md`.

mod acm;
mod bench;
mod import;
mod kms;
mod private_ca;
pub(crate) use bench::AcmBench;

pub(crate) mod replay;
mod trouble;

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::Command;

use base64ct::{Base64, Encoding as _};
use serde_json::{Value, json};

use crate::home::{Ran, TestHome, text};
use crate::peers::Moto;

/// A home whose commands find a server that speaks like AWS.
pub(crate) struct AwsHome {
    pub(crate) home: TestHome,
    url: String,
}

impl AwsHome {
    pub(crate) fn at(home: TestHome, url: &str) -> Self {
        Self { home, url: url.to_owned() }
    }

    /// Adds an issuer to the settings.
    pub(crate) fn issuer(&self, name: &str, settings: &[(&str, &str)]) {
        let mut table = format!("\n[issuers.{name}]\n");
        for (key, value) in settings {
            let quoted = if matches!(*value, "true" | "false") { (*value).to_owned() } else { format!("\"{value}\"") };
            writeln!(table, "{key} = {quoted}").expect("a text takes text");
        }
        let file = OpenOptions::new().append(true).open(self.home.path("home/certroll.toml"));
        file.and_then(|mut file| file.write_all(table.as_bytes())).expect("the settings can be written");
    }

    /// The program with credentials and the address of the server.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.command(arguments);
        command
            .env("AWS_ACCESS_KEY_ID", replay::ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", "test-secret-of-nobody")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("HOME", self.home.path("."))
            .env("AWS_ENDPOINT_URL", &self.url);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().expect("the program can be started").into()
    }

    /// A home for the server in this process.
    pub(crate) fn replayed() -> (Self, replay::Replay) {
        let home = TestHome::founded();
        let replay = replay::Replay::at(&home.path("aws"));
        (Self::at(home, &replay.url()), replay)
    }

    pub(crate) fn ok(&self, arguments: &[&str]) -> Ran {
        self.run(arguments).expect(0)
    }
}

/// Founds a root at moto's Private CA and answers its ARN.
pub(crate) fn found_authority(moto: &Moto) -> String {
    let call = |action: &str, body: Value| moto.call("acm-pca", &format!("ACMPrivateCA.{action}"), &body);
    let blob = |pem: &str| Base64::encode_string(pem.as_bytes());
    let created = call(
        "CreateCertificateAuthority",
        json!({
            "CertificateAuthorityType": "ROOT",
            "CertificateAuthorityConfiguration": {
                "KeyAlgorithm": "RSA_2048",
                "SigningAlgorithm": "SHA256WITHRSA",
                "Subject": {"CommonName": "Root at AWS", "Organization": "Test"},
            },
        }),
    );
    let arn = text(&created, "CertificateAuthorityArn").to_owned();
    let csr = call("GetCertificateAuthorityCsr", json!({"CertificateAuthorityArn": arn}));
    let own = call(
        "IssueCertificate",
        json!({
            "CertificateAuthorityArn": arn,
            "Csr": blob(text(&csr, "Csr")),
            "SigningAlgorithm": "SHA256WITHRSA",
            "TemplateArn": "arn:aws:acm-pca:::template/RootCACertificate/V1",
            "Validity": {"Type": "YEARS", "Value": 10},
        }),
    );
    let got =
        call("GetCertificate", json!({"CertificateAuthorityArn": arn, "CertificateArn": text(&own, "CertificateArn")}));
    call(
        "ImportCertificateAuthorityCertificate",
        json!({"CertificateAuthorityArn": arn, "Certificate": blob(text(&got, "Certificate"))}),
    );
    arn
}
