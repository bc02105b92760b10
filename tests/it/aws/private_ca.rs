//! AWS Private CA as an issuer, against moto.

use serde_json::Value;

use super::{AwsHome, found_authority};
use crate::home::{TestHome, text};
use crate::peers::{self, Moto, Peer};

/// From the settings to a certificate, to the record that it is not what was asked for, and to its revocation.
#[test]
fn private_ca_signs_and_what_does_not_fit_is_not_handed_out() {
    if !peers::require(&[Peer::Moto]) {
        return;
    }
    let moto = Moto::start();
    let arn = found_authority(&moto);
    let aws = AwsHome::at(TestHome::founded(), &moto.url());
    aws.issuer("cloud", &[("kind", "aws-acmpca"), ("ca_arn", &arn)]);
    aws.ok(&["issuer", "test", "cloud"]);
    let able = aws.ok(&["issuer", "capabilities", "cloud", "--format", "json"]).json();
    assert_eq!(text(&able, "key_custody"), "here");
    // moto signs for a year whatever is asked for, and says of every CA that it is one for short-lived certificates.
    let issue = ["issue", "shop.example.net", "--template", "https-server", "--key", "ec:p256"];
    let outputs = ["--out-cert", "shop.pem", "--out-key", "shop.key.pem"];
    let ran = aws.run(&[&issue[..], &outputs, &["--ttl", "30d"]].concat()).expect(3);
    assert!(ran.stderr.contains("seven days at most"), "{ran:#?}");
    assert!(aws.home.records("cert.issue.intent").is_empty(), "it was refused before anything was announced");
    let ran = aws.run(&[&issue[..], &outputs, &["--ttl", "7d"]].concat()).expect(1);
    assert!(ran.stderr.contains("a longer lifetime") && ran.stderr.contains("certroll revoke"), "{ran:#?}");
    let unfit = aws.home.records("cert.issued");
    assert_eq!(text(&unfit[0], "x/unfit"), "a longer lifetime");
    assert_eq!(text(&unfit[0], "rem/t"), "aws-acmpca");
    assert!(text(&unfit[0], "rem/handle").starts_with(&format!("{arn}/certificate/")));
    assert!(!aws.home.path("shop.pem").exists(), "nothing that does not fit is handed out");
    let serial = text(&unfit[0], "cert/sn");
    let ran = aws.ok(&["revoke", serial, "--reason", "superseded"]);
    assert!(ran.stderr.contains("publishes its own list"), "{ran:#?}");
    aws.ok(&["revoke", serial, "--reason", "superseded"]);
    assert_eq!(aws.home.records("cert.revoked").len(), 1);
    let asked = moto_authority(&moto, &arn);
    assert_eq!(text(&asked, "CertificateAuthority/Status"), "ACTIVE");
    aws.home.verify();
}

fn moto_authority(moto: &Moto, arn: &str) -> Value {
    let body = serde_json::json!({"CertificateAuthorityArn": arn});
    moto.call("acm-pca", "ACMPrivateCA.DescribeCertificateAuthority", &body)
}
