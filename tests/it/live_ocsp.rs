//! `certroll verify --ocsp` over responses that OpenSSL's responder makes, and its client judges.

use crate::desk::Desk;
use crate::peers::{self, Peer, openssl};

const LEAF: &str = "keyUsage=critical,digitalSignature";
const DELEGATE: &str = "extendedKeyUsage=OCSPSigning";
const NO_CHECK: &str = "noCheck=ignored";

/// Has OpenSSL make a certificate with those extensions, signed by another.
fn certificate(desk: &Desk, name: &str, issuer: &str, extensions: &[&str]) {
    let path = |end: &str| desk.text(&format!("{name}.{end}"));
    let signer = |end: &str| desk.text(&format!("{issuer}.{end}"));
    let subject = format!("/O=Example/CN={name}");
    let mut making = ["req", "-x509", "-noenc", "-config", "/dev/null", "-days", "365", "-newkey", "ec"].to_vec();
    making.extend(["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", &subject]);
    let (key, out, ca, ca_key) = (path("key"), path("pem"), signer("pem"), signer("key"));
    making.extend(["-keyout", &key, "-out", &out, "-CA", &ca, "-CAkey", &ca_key]);
    for extension in extensions {
        making.extend(["-addext", extension]);
    }
    openssl(&making).expect_success(name);
}

fn serial(desk: &Desk, name: &str) -> String {
    let file = desk.text(&format!("{name}.pem"));
    let said = openssl(&["x509", "-noout", "-serial", "-in", &file]).expect_success("a serial number").stdout;
    said.trim().trim_start_matches("serial=").to_owned()
}

/// The database of a CA: certificates with V for valid, R for revoked.
fn database(desk: &Desk, name: &str, entries: &[(&str, char)]) {
    let line = |(certificate, status): &(&str, char)| {
        let revoked = if *status == 'R' { "260101000000Z,keyCompromise" } else { "" };
        format!("{status}\t351231235959Z\t{revoked}\t{}\tunknown\t/CN={certificate}\n", serial(desk, certificate))
    };
    desk.write(name, entries.iter().map(line).collect::<String>());
}

/// A response for `certificate` of `issuer`, signed by `signer`, into `NAME.ocsp`.
fn response(desk: &Desk, name: &str, (certificate, issuer): (&str, &str), signer: &str, hash: &str) {
    let path = |name: &str| desk.text(name);
    let (request, out) = (path("request"), path(&format!("{name}.ocsp")));
    let asked = ["-issuer", &path(&format!("{issuer}.pem")), hash, "-cert", &path(&format!("{certificate}.pem"))];
    openssl(&[&["ocsp", "-no_nonce", "-reqout", &request][..], &asked].concat()).expect_success("a request");
    let (signer_pem, signer_key) = (path(&format!("{signer}.pem")), path(&format!("{signer}.key")));
    let answering = ["ocsp", "-index", &path(&format!("{issuer}.index")), "-CA", &path(&format!("{issuer}.pem"))];
    let by = ["-rsigner", &signer_pem, "-rkey", &signer_key, "-ndays", "7", "-reqin", &request, "-respout", &out];
    openssl(&[&answering[..], &by].concat()).expect_success("a response");
}

/// Whether OpenSSL's client takes the response for one that says `good`.
fn is_good_by_openssl(desk: &Desk, name: &str, certificate: &str) -> bool {
    let path = |name: &str| desk.text(name);
    let asked = ["-issuer", &path("middle.pem"), "-cert", &path(&format!("{certificate}.pem"))];
    let trusted = ["-CAfile", &path("root.pem"), "-verify_other", &path("middle.pem")];
    let said = openssl(&[&["ocsp", "-respin", &path(&format!("{name}.ocsp"))][..], &asked, &trusted].concat());
    let text = said.text();
    text.contains("Response verify OK") && text.contains(": good")
}

/// Name of the response, the certificate, who signs, the hash of the CertID; our exit code, part of the reason, OpenSSL's verdict.
/// OpenSSL does not ask for the revocation of a delegate.
type Case = (&'static str, &'static str, &'static str, &'static str, i32, &'static str, bool);
const CASES: &[Case] = &[
    ("good", "good", "middle", "-sha1", 0, "", true),
    ("good-256", "good", "middle", "-sha256", 0, "", true),
    ("bad", "bad", "middle", "-sha1", 12, "is revoked since 2026-01-01T00:00:00Z, keyCompromise", false),
    ("unlisted", "unlisted", "middle", "-sha1", 13, "does not know it", false),
    ("delegated", "good", "delegate", "-sha1", 0, "", true),
    ("delegated-bad", "bad", "delegate", "-sha256", 12, "is revoked since", false),
    ("checked", "good", "checked-delegate", "-sha1", 13, "whether `checked-delegate` is revoked is unknown", true),
    ("plain", "good", "other-leaf", "-sha1", 13, "whose certificate is not for OCSPSigning", false),
    ("foreign", "good", "foreign-delegate", "-sha1", 13, "whose certificate the CA has not signed", false),
    ("other-hash", "good", "middle", "-sha384", 13, "is revoked is unknown", true),
];

fn scene() -> Desk {
    let desk = Desk::with_ca();
    for name in ["good", "bad", "unlisted", "other-leaf"] {
        certificate(&desk, name, "middle", &[LEAF]);
    }
    certificate(&desk, "delegate", "middle", &[LEAF, DELEGATE, NO_CHECK]);
    certificate(&desk, "checked-delegate", "middle", &[LEAF, DELEGATE]);
    certificate(&desk, "foreign-delegate", "root", &[LEAF, DELEGATE, NO_CHECK]);
    database(&desk, "middle.index", &[("good", 'V'), ("bad", 'R'), ("checked-delegate", 'V')]);
    database(&desk, "root.index", &[("middle", 'V')]);
    response(&desk, "above", ("middle", "root"), "root", "-sha1");
    desk
}

fn ask(desk: &Desk, certificate: &str, more: &[&str]) -> peers::Output {
    let file = format!("{certificate}.pem");
    let asked = ["verify", &file, "--trust", "root.pem", "--untrusted", "middle.pem", "--ocsp", "above.ocsp"];
    desk.certroll(&[&asked[..], more].concat())
}

#[test]
fn live_responses_of_openssl_are_believed_if_they_are_to_be() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = scene();
    for (name, certificate, signer, hash, code, part, theirs) in CASES {
        response(&desk, name, (certificate, "middle"), signer, hash);
        let said = ask(&desk, certificate, &["--ocsp", &format!("{name}.ocsp")]);
        assert_eq!(said.status.code(), Some(*code), "{name}: {said:?}");
        assert!(said.stderr.contains(part), "{name}: {said:?}");
        // It knows certificates by the hash that it asks by itself, SHA-1.
        if *hash == "-sha1" {
            assert_eq!(is_good_by_openssl(&desk, name, certificate), *theirs, "{name}");
        }
    }
    // Who has signed the response, and has no mark that this need not be asked, is asked for in turn.
    response(&desk, "of-delegate", ("checked-delegate", "middle"), "middle", "-sha1");
    let said = ask(&desk, "good", &["--ocsp", "checked.ocsp", "--ocsp", "of-delegate.ocsp"]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
}

#[test]
fn live_responses_have_their_time_and_say_nothing_of_others() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = scene();
    response(&desk, "good", ("good", "middle"), "middle", "-sha1");
    response(&desk, "bad", ("bad", "middle"), "middle", "-sha1");
    let refused = |certificate: &str, more: &[&str], part: &str| {
        let said = ask(&desk, certificate, more);
        assert_eq!(said.status.code(), Some(13), "{more:?}: {said:?}");
        assert!(said.stderr.contains(part), "{more:?}: {said:?}");
    };
    refused("good", &["--ocsp", "bad.ocsp"], "is revoked is unknown: there is no CRL");
    refused("good", &[], "is revoked is unknown");
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(30 * 86_400);
    let later = later.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let later = certroll_base::clock::Timestamp::from_secs(i64::try_from(later).expect("it is small")).to_string();
    refused("good", &["--ocsp", "good.ocsp", "--at", &later], "is past its next update");
    // A revocation stays one.
    let said = ask(&desk, "bad", &["--ocsp", "bad.ocsp", "--at", &later]);
    assert!(said.stderr.contains("`bad` is revoked since 2026-01-01"), "{said:?}");
    // A digit of the time at which it was made is another.
    let mut torn = desk.read("good.ocsp");
    let place = torn.windows(2).position(|two| two[0].is_ascii_digit() && two[1] == b'Z').expect("it has a time");
    torn[place] ^= 1;
    desk.write("torn.ocsp", torn);
    refused("good", &["--ocsp", "torn.ocsp"], "is not signed");
    // tryLater, and what is no response.
    desk.write("later.ocsp", b"\x30\x03\x0a\x01\x03");
    desk.write("noise.ocsp", b"noise");
    for (file, part) in
        [("later.ocsp", "tryLater"), ("noise.ocsp", "no OCSP response"), ("good.pem", "no OCSP response")]
    {
        let said = ask(&desk, "good", &["--ocsp", file]);
        assert_eq!(said.status.code(), Some(2), "{said:?}");
        assert!(said.stderr.contains(part), "{said:?}");
    }
    let unasked = ask(&desk, "good", &["--no-revocation"]);
    assert_eq!(unasked.status.code(), Some(2), "{unasked:?}");
}
