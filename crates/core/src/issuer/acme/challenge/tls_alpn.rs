//! tls-alpn-01 with a listener of our own (RFC 8737): a certificate that holds the digest of the key authorization, shown to
//! a client that asks for the protocol `acme-tls/1` and the name; for an address, its reverse name (RFC 8738 section 6).

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use rcgen::{CertificateParams, CustomExtension, DistinguishedName, DnType, KeyPair};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection};

use super::listeners::{Answers, ListenAddress, Listeners, TimedConnection};
use super::port;
use crate::issuer::acme::challenge::settings::ChallengeSettings;
use crate::issuer::acme::challenge::solver::{Challenge, ChallengeKind, Solver};
use crate::issuer::{ErrorClass, IssuerError};

/// Where a CA knocks (RFC 8737 section 3).
const PORT: u16 = 443;
/// The one protocol that is spoken (RFC 8737 section 6.2).
const PROTOCOL: &[u8] = b"acme-tls/1";

static LISTENERS: Listeners<Arc<CertifiedKey>> = Listeners::new(serve);

/// Answers tls-alpn-01 by itself.
pub(super) struct TlsAlpn {
    issuer: String,
    place: ListenAddress,
}

impl TlsAlpn {
    pub(super) fn new(issuer: &str, settings: &ChallengeSettings) -> Self {
        let place = ListenAddress { address: settings.address, port: settings.port.unwrap_or(PORT) };
        Self { issuer: issuer.to_owned(), place }
    }
}

impl Solver for TlsAlpn {
    fn kind(&self) -> ChallengeKind {
        ChallengeKind::TlsAlpn01
    }

    fn present(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        let failed = |error: std::io::Error| {
            let message = format!("no certificate can be made for the challenge of `{}`", challenge.identifier);
            IssuerError::new(&self.issuer, ErrorClass::Permanent, message).because(error)
        };
        let certificate = Arc::new(certificate(challenge).map_err(failed)?);
        LISTENERS
            .add(self.place, &server_name(challenge), &challenge.token, certificate)
            .map_err(|error| port::refused(&self.issuer, self.place, error))
    }

    fn clean_up(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        LISTENERS.remove(self.place, &server_name(challenge), &challenge.token);
        Ok(())
    }

    /// A listener leaves nothing behind.
    fn remove_leftovers(&self) -> Result<usize, IssuerError> {
        Ok(0)
    }
}

/// What a CA asks for: the name, or the reverse name of an address (RFC 1035 section 3.5, RFC 3596 section 2.5).
fn server_name(challenge: &Challenge) -> String {
    match challenge.identifier.parse() {
        Ok(IpAddr::V4(address)) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        Ok(IpAddr::V6(address)) => {
            let nibbles = address.octets().into_iter().rev().flat_map(|octet| [octet & 0xf, octet >> 4]);
            nibbles.map(|nibble| format!("{nibble:x}.")).collect::<String>() + "ip6.arpa"
        }
        Err(_) => challenge.identifier.to_ascii_lowercase(),
    }
}

/// RFC 8737 section 3: self-signed, the identifier as its only subject alternative name, and the digest in a critical
/// extension.
fn certificate(challenge: &Challenge) -> std::io::Result<CertifiedKey> {
    let other = std::io::Error::other::<rcgen::Error>;
    let key = KeyPair::generate().map_err(other)?;
    let mut params = CertificateParams::new(vec![challenge.identifier.clone()]).map_err(other)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "challenge");
    params.custom_extensions.push(CustomExtension::new_acme_identifier(&challenge.digest));
    let certificate = params.self_signed(&key).map_err(other)?;
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let signing = provider().key_provider.load_private_key(private).map_err(std::io::Error::other)?;
    Ok(CertifiedKey::new(vec![CertificateDer::from(certificate.der().to_vec())], signing))
}

fn provider() -> &'static Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    PROVIDER.get_or_init(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
}

/// The certificate for one connection, chosen before it begins to speak TLS.
#[derive(Debug)]
struct Chosen(Option<Arc<CertifiedKey>>);

impl ResolvesServerCert for Chosen {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.clone()
    }
}

fn serve(connection: &mut TimedConnection, answers: &Answers<Arc<CertifiedKey>>) {
    // The client may be gone, or may have asked for what is not here; neither is an error of ours.
    let _ = shake_hands(connection, answers);
}

/// A handshake, and nothing after it (RFC 8737 section 3).
fn shake_hands(connection: &mut TimedConnection, answers: &Answers<Arc<CertifiedKey>>) -> std::io::Result<()> {
    let mut acceptor = rustls::server::Acceptor::default();
    let accepted = loop {
        if acceptor.read_tls(connection)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        match acceptor.accept() {
            Ok(Some(accepted)) => break accepted,
            Ok(None) => {}
            Err((error, mut alert)) => {
                alert.write_all(connection)?;
                return Err(std::io::Error::other(error));
            }
        }
    };
    let hello = accepted.client_hello();
    let asked = hello.alpn().is_some_and(|mut protocols| protocols.any(|protocol| protocol == PROTOCOL));
    let chosen = hello.server_name().filter(|_| asked).and_then(|name| answers.get(&name.to_ascii_lowercase()));
    let mut tls = match accepted.into_connection(config(Chosen(chosen))?) {
        Ok(tls) => tls,
        Err((error, mut alert)) => {
            alert.write_all(connection)?;
            return Err(std::io::Error::other(error));
        }
    };
    finish(&mut tls, connection)
}

fn config(chosen: Chosen) -> std::io::Result<Arc<ServerConfig>> {
    let builder = ServerConfig::builder_with_provider(provider().clone())
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?;
    // `with_single_cert` would refuse this certificate for its critical extension.
    let mut config = builder.with_no_client_auth().with_cert_resolver(Arc::new(chosen));
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(Arc::new(config))
}

fn finish(tls: &mut ServerConnection, connection: &mut TimedConnection) -> std::io::Result<()> {
    while tls.is_handshaking() {
        while tls.wants_write() {
            tls.write_tls(connection)?;
        }
        if tls.is_handshaking() {
            if tls.read_tls(connection)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if let Err(error) = tls.process_new_packets() {
                while tls.wants_write() {
                    tls.write_tls(connection)?;
                }
                return Err(std::io::Error::other(error));
            }
        }
    }
    tls.send_close_notify();
    while tls.wants_write() {
        tls.write_tls(connection)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
    use rustls::pki_types::{ServerName, UnixTime};
    use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};

    use super::*;
    use crate::issuer::acme::challenge::scratch::free_port;
    use crate::issuer::acme::challenge::solver::sample;

    /// Takes every certificate, as a CA does that validates tls-alpn-01.
    #[derive(Debug)]
    struct Anyone;

    impl ServerCertVerifier for Anyone {
        fn verify_server_cert(
            &self,
            _end_entity: &CertificateDer<'_>,
            _intermediates: &[CertificateDer<'_>],
            _server_name: &ServerName<'_>,
            _ocsp_response: &[u8],
            _now: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            Ok(ServerCertVerified::assertion())
        }

        fn verify_tls12_signature(
            &self,
            _message: &[u8],
            _cert: &CertificateDer<'_>,
            _dss: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn verify_tls13_signature(
            &self,
            _message: &[u8],
            _cert: &CertificateDer<'_>,
            _dss: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            provider().signature_verification_algorithms.supported_schemes()
        }
    }

    /// The certificate that is shown for a name.
    fn shown(port: u16, name: &str, protocols: &[&[u8]]) -> Option<Vec<u8>> {
        let builder = ClientConfig::builder_with_provider(provider().clone());
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(Anyone));
        let mut config = builder.with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let mut tls = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        while tls.is_handshaking() {
            tls.complete_io(&mut stream).ok()?;
        }
        assert_eq!(tls.alpn_protocol(), Some(PROTOCOL));
        tls.peer_certificates()?.first().map(|certificate| certificate.as_ref().to_vec())
    }

    #[test]
    fn the_digest_is_shown_for_the_name_and_the_protocol_alone() {
        let port = free_port();
        let solver = TlsAlpn { issuer: "le".to_owned(), place: ListenAddress { address: None, port } };
        let name = sample(ChallengeKind::TlsAlpn01, "A.example.org");
        let address = Challenge { ip: true, ..sample(ChallengeKind::TlsAlpn01, "192.0.2.7") };
        solver.present(&name).unwrap();
        solver.present(&address).unwrap();
        for (asked, challenge) in [("a.example.org", &name), ("7.2.0.192.in-addr.arpa", &address)] {
            let der = shown(port, asked, &[b"h2", PROTOCOL]).unwrap();
            let (_, certificate) = x509_parser::parse_x509_certificate(&der).unwrap();
            let oid = x509_parser::oid_registry::Oid::from(&[1, 3, 6, 1, 5, 5, 7, 1, 31]).unwrap();
            let extension = certificate.get_extension_unique(&oid).unwrap().unwrap();
            assert!(extension.critical);
            // An OCTET STRING of 32 bytes.
            assert_eq!(extension.value, [&[4, 32], &challenge.digest[..]].concat());
            let names = certificate.subject_alternative_name().unwrap().unwrap();
            assert_eq!(names.value.general_names.len(), 1, "{:?}", names.value);
        }
        assert_eq!(shown(port, "b.example.org", &[PROTOCOL]), None);
        assert_eq!(shown(port, "a.example.org", &[b"h2"]), None);
        assert_eq!(shown(port, "a.example.org", &[]), None);
        solver.clean_up(&name).unwrap();
        assert_eq!(shown(port, "a.example.org", &[PROTOCOL]), None);
        solver.clean_up(&address).unwrap();
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "the listener is closed");
    }

    #[test]
    fn addresses_have_reverse_names() {
        let named = |identifier: &str| server_name(&sample(ChallengeKind::TlsAlpn01, identifier));
        assert_eq!(named("192.0.2.7"), "7.2.0.192.in-addr.arpa");
        assert_eq!(
            named("2001:db8::567:89ab"),
            "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
        );
    }
}
