//! Certificate Manager as a place for certificates of any issuer.

use serde_json::json;

use super::AwsHome;
use crate::home::{TestHome, text};
use crate::peers::{self, Moto, Peer};

/// From nothing to a new ARN to its rotation in the same place, with one command each.
#[test]
fn what_is_imported_is_rotated_under_the_same_arn() {
    let (aws, replay) = AwsHome::replayed();
    aws.ok(&["ca", "create", "own", "--key", "ec:p256", "--subject", "CN=Own"]);
    let issue = ["issue", "lb.example.net", "--template", "https-server", "--key", "ec:p256", "--acm-import"];
    let ran = aws.ok(&[&issue[..], &["new", "--format", "json"]].concat()).json();
    let address = text(&ran, "files/0").to_owned();
    let arn = address.strip_prefix("acm:").expect("the address of the import").to_owned();
    let imported = replay.state().known.remove(0);
    assert_eq!((imported.arn.as_str(), imported.kind.as_str()), (arn.as_str(), "IMPORTED"));
    assert!(imported.tags.iter().any(|(key, value)| key == "certroll:name" && value == "lb.example.net"));
    // The load balancer is told to whoever rotates; labels are not sent again, which would be refused.
    replay.set(|state| state.known[0].in_use_by = vec!["arn:aws:elasticloadbalancing:lb".to_owned()]);
    let ran = aws.ok(&["rotate", "lb.example.net"]);
    assert!(ran.stderr.contains("elasticloadbalancing") && ran.stdout.contains("acm:arn:"), "{ran:#?}");
    let known = replay.state().known;
    assert_eq!(known.len(), 1, "the ARN stays");
    assert_eq!(known[0].before.len(), 1);
    assert_ne!(known[0].der, known[0].before[0]);
    let deployed = aws.home.records("cert.deployed");
    assert_eq!(deployed.len(), 2);
    assert_eq!((text(&deployed[1], "tgt/t"), text(&deployed[1], "tgt/id")), ("aws-acm", address.as_str()));
    // Another kind of key is refused before anything is issued.
    let other = ["issue", "other.example.net", "--template", "https-server", "--key", "ec:p384", "--acm-import", &arn];
    let ran = aws.run(&other).expect(2);
    assert!(ran.stderr.contains("`lb.example.net`"), "{ran:#?}");
    let ran = aws.run(&[&other[..], &["--replace"]].concat()).expect(4);
    assert!(ran.stderr.contains("EC_prime256v1") && ran.stderr.contains("--acm-import new"), "{ran:#?}");
    let ran = aws.run(&[&other[..4], &["--key", "ed25519", "--acm-import", "new"]].concat()).expect(4);
    assert!(ran.stderr.contains("takes no keys of kind ed25519"), "{ran:#?}");
    let ran = aws.run(&[&other[..4], &["--acm-import", "lb"]].concat()).expect(2);
    assert!(ran.stderr.contains("no address of `acm`"), "{ran:#?}");
    // The CA, the certificate, its rotation.
    assert_eq!(aws.home.records("cert.issue.intent").len(), 3);
    // A certificate that was requested there is not imported over.
    replay.set(|state| state.known[0].kind = "AMAZON_ISSUED".to_owned());
    let ran = aws.run(&["rotate", "lb.example.net"]).expect(4);
    assert!(ran.stderr.contains("was not imported"), "{ran:#?}");
    aws.home.verify();
}

/// An import that fails is a delivery that failed: the certificate is issued, and goes out with the next delivery.
#[test]
fn an_import_that_fails_is_repeated() {
    let (aws, replay) = AwsHome::replayed();
    aws.ok(&["ca", "create", "own", "--key", "ec:p256", "--subject", "CN=Own"]);
    replay.set(|state| state.throttled = 1);
    let issue = ["issue", "lb.example.net", "--template", "https-server", "--key", "rsa:2048", "--acm-import", "new"];
    let ran = aws.run(&issue).expect(8);
    assert!(ran.stderr.contains("ThrottlingException") && ran.stderr.contains("certroll deliver"), "{ran:#?}");
    assert!(replay.state().known.is_empty());
    aws.ok(&["deliver", "lb.example.net", "--acm-import", "new"]);
    assert_eq!(replay.state().known.len(), 1);
    // Its answer lost, it is not imported twice: the label finds it.
    let known = replay.state().known.remove(0);
    let sha256 = text(&aws.home.records("cert.issued")[0], "cert/sha256").to_owned();
    assert!(known.tags.contains(&("certroll:certificate".to_owned(), sha256)), "{:?}", known.tags);
    aws.ok(&["rotate", "lb.example.net"]);
    assert_eq!(replay.state().known.len(), 1);
}

/// The wire, judged by a server that others wrote.
#[test]
fn moto_takes_what_is_imported() {
    if !peers::require(&[Peer::Moto]) {
        return;
    }
    let moto = Moto::start();
    let aws = AwsHome::at(TestHome::founded(), &moto.url());
    aws.ok(&["ca", "create", "own", "--key", "ec:p256", "--subject", "CN=Own"]);
    let issue = ["issue", "lb.example.net", "--template", "https-server", "--key", "ec:p256", "--acm-import", "new"];
    let ran = aws.ok(&[&issue[..], &["--format", "json"]].concat()).json();
    let arn = text(&ran, "files/0").trim_start_matches("acm:").to_owned();
    let get = |arn: &str| {
        let got = moto.call("acm", "CertificateManager.GetCertificate", &json!({"CertificateArn": arn}));
        text(&got, "Certificate").to_owned()
    };
    let first = get(&arn);
    aws.ok(&["rotate", "lb.example.net"]);
    assert_ne!(get(&arn), first, "the same ARN has the new certificate");
    // The certificate with an EC key is seen in the list.
    let all = moto.call("acm", "CertificateManager.ListCertificates", &json!({}));
    assert_eq!(all["CertificateSummaryList"].as_array().map(Vec::len), Some(1));
}
