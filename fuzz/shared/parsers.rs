//! Each parser behind one function: bytes in, nothing out. Whatever it answers is right; it must answer.

use certroll_base::clock::Timestamp;
use certroll_base::secret::Secret;
use certroll_core::tools::message::envelope;
use certroll_keystore::formats::by_id;
use certroll_pki::admission;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::container::signed_data::DetachedSignature;
use certroll_pki::key::KeyPair;
use certroll_pki::key::encryption::Decryptor;
use certroll_pki::lint;
use certroll_pki::path::{self, PathInputs};
use certroll_pki::verify::revocation::ForeignCrl;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::Crl;
use certroll_pki::x509::request::CertificateRequest;

use super::seal;

fn read(format: &str, bytes: &[u8], password: Option<&Secret>) -> bool {
    by_id(format).is_some_and(|format| format.read(bytes, password).is_ok())
}

/// How a keystore is protected, as far as it can be seen from outside.
fn protection(format: &str, bytes: &[u8]) {
    by_id(format).into_iter().for_each(|format| drop(format.protection(bytes)));
}

fn password() -> Secret {
    Secret::new(seal::PASSWORD.to_owned())
}

/// A JKS without its password, with it, and with its digest made anew. Tells whether any of them opened.
pub fn jks(bytes: &[u8]) -> bool {
    let password = password();
    let sealed = seal::jks(bytes);
    let open = [read("jks", bytes, None), read("jks", bytes, Some(&password)), read("jks", &sealed, Some(&password))];
    open.contains(&true)
}

/// A PKCS#12 as it is.
pub fn pkcs12(bytes: &[u8]) -> bool {
    protection("pkcs12", bytes);
    is_cheap(bytes) && read("pkcs12", bytes, Some(&password()))
}

/// The content of a PKCS#12, its MAC made anew.
pub fn safe(bytes: &[u8]) -> bool {
    let sealed = seal::pkcs12(bytes);
    protection("pkcs12", &sealed);
    is_cheap(bytes) && read("pkcs12", &sealed, Some(&password()))
}

/// PEM: the blocks, what they hold, and all of it as a keystore.
pub fn pem(bytes: &[u8]) -> bool {
    if let Ok(blocks) = pem::read(bytes) {
        let encrypted = |block: &&pem::Block| block.label == Label::EncryptedPrivateKey;
        if !blocks.iter().filter(encrypted).all(|block| is_cheap(block.der.expose())) {
            return false;
        }
        for block in &blocks {
            let der = block.der.expose();
            match block.label {
                Label::Certificate => drop(Certificate::from_der(der)),
                Label::CertificateRequest => drop(CertificateRequest::read(der)),
                Label::PrivateKey => drop(KeyPair::from_pkcs8(der)),
                Label::EncryptedPrivateKey => drop(Decryptor::new(password()).decrypt(der)),
                Label::PublicKey => drop(certroll_pki::verify::signature::key_description(der)),
                Label::Crl => drop(Crl::from_der(der)),
                Label::Pkcs7 => drop(certroll_pki::container::pkcs7::certificates(der)),
            }
        }
    }
    read("pem", bytes, None) | read("pem", bytes, Some(&password()))
}

/// A request in DER or PEM.
pub fn csr(bytes: &[u8]) -> bool {
    drop(lint::request(bytes));
    CertificateRequest::read(bytes).is_ok()
}

/// A certificate in DER.
pub fn certificate(bytes: &[u8]) -> bool {
    drop(admission::certificate(bytes));
    drop(lint::certificate(bytes, &[lint::Pack::Cabf]));
    Certificate::from_der(bytes).is_ok_and(|certificate| {
        // As leaf and as anchor: every check of a path looks at it.
        let named = !certificate.display_name().is_empty();
        drop(path::judge(&[certificate.clone(), certificate], &PathInputs::at(Timestamp::from_secs(1_800_000_000))));
        named
    })
}

/// A CRL in DER.
pub fn crl(bytes: &[u8]) -> bool {
    drop(admission::list(bytes));
    drop(lint::list(bytes));
    let foreign = ForeignCrl::from_der(bytes).is_ok();
    Crl::from_der(bytes).is_ok() || foreign
}

/// A signature in CMS, or an envelope.
pub fn message(bytes: &[u8]) -> bool {
    let signed = DetachedSignature::read(bytes, &[]);
    if let Ok(signed) = &signed {
        drop(signed.verify(b"reading"));
        drop(signed.signing_time());
    }
    let envelope = std::str::from_utf8(bytes).is_ok_and(|text| envelope::open(text).is_ok());
    signed.is_ok() || envelope
}

/// Whether no INTEGER of two or three bytes asks for many iterations of a key derivation, nor scrypt for much memory: the
/// limits have tests of their own, and one input at a limit would take the time of 100 000 others.
fn is_cheap(der: &[u8]) -> bool {
    let dear = |window: &[u8]| match window {
        [2, 2, high, ..] => *high >= 0x10 && *high < 0x80,
        [2, 3, high, ..] => *high < 0x80,
        _ => false,
    };
    // id-scrypt, 1.3.6.1.4.1.11591.4.11
    let scrypt = |window: &[u8]| window == b"\x2b\x06\x01\x04\x01\xda\x47\x04\x0b";
    !der.windows(4).any(dear) && !der.windows(9).any(scrypt)
}
