//! The chain that a TLS endpoint presents.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};

/// A handshake is a few kilobytes; a peer that sends more than this is no TLS server.
const MAX_BYTES: usize = 1024 * 1024;

/// Where to connect to: `HOST:PORT`, and the name to ask for if it is another (`HOST:PORT,NAME`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// `HOST:PORT`, an IPv6 address in brackets.
    pub address: String,
    /// The server name of the handshake (RFC 6066 section 3).
    name: ServerName<'static>,
}

/// Why a text is no endpoint.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not HOST:PORT or HOST:PORT,NAME")]
pub struct EndpointError(String);

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let wrong = || EndpointError(text.to_owned());
        let (address, name) = text.split_once(',').map_or((text, None), |(address, name)| (address, Some(name)));
        let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
        port.parse::<u16>().ok().filter(|port| *port > 0).ok_or_else(wrong)?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(name.unwrap_or(host).to_owned()).map_err(|_| wrong())?;
        Ok(Self { address: address.to_owned(), name })
    }
}

impl Endpoint {
    /// The DNS name that is asked for; `None` for an address.
    pub fn dns_name(&self) -> Option<&str> {
        match &self.name {
            ServerName::DnsName(name) => Some(name.as_ref()),
            _ => None,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)?;
        if let ServerName::DnsName(name) = &self.name {
            let name = name.as_ref();
            if self.address.rsplit_once(':').is_none_or(|(host, _)| host != name) {
                write!(f, ",{name}")?;
            }
        }
        Ok(())
    }
}

/// The certificates that the endpoint presents, its own first, in DER.
///
/// Connects, looks, and hangs up before the handshake ends: nothing is sent but the opening of the handshake. So a server
/// that asks for a client certificate shows its chain like any other. Any certificate is accepted, since nothing is
/// entrusted to it, but the server must sign the handshake with its key: a chain that is only copied is an error.
///
/// # Errors
/// It cannot be reached within `timeout`, speaks no TLS 1.2 or 1.3, or does not hold the key of its certificate.
pub fn chain(endpoint: &Endpoint, timeout: Duration) -> io::Result<Vec<Vec<u8>>> {
    let deadline = Instant::now() + timeout;
    let mut stream = connect(endpoint, deadline)?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let observer = Arc::new(Observer { provider: provider.clone(), seen: Mutex::default() });
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config = config
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(observer.clone())
        .with_no_client_auth();
    config.enable_sni = true;
    let mut connection = ClientConnection::new(Arc::new(config), endpoint.name.clone()).map_err(io::Error::other)?;
    let mut received = 0;
    loop {
        while connection.wants_write() {
            stream.set_write_timeout(Some(left(deadline)?))?;
            connection.write_tls(&mut stream)?;
            stream.flush()?;
        }
        stream.set_read_timeout(Some(left(deadline)?))?;
        let count = connection.read_tls(&mut (&mut stream).take(64 * 1024)).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => late(),
            _ => error,
        })?;
        received += count;
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it hung up before it showed a certificate"));
        }
        if received > MAX_BYTES {
            return Err(io::Error::other("it sends too much for a handshake"));
        }
        connection.process_new_packets().map_err(io::Error::other)?;
        let seen = std::mem::take(&mut *observer.seen.lock().unwrap_or_else(PoisonError::into_inner));
        if !seen.is_empty() {
            return Ok(seen);
        }
        if !connection.is_handshaking() {
            return Err(io::Error::other("it presents no certificate"));
        }
    }
}

fn connect(endpoint: &Endpoint, deadline: Instant) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in endpoint.address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, left(deadline)?) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// What is left of the time; a timeout of zero would mean none.
fn left(deadline: Instant) -> io::Result<Duration> {
    deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()).ok_or_else(late)
}

fn late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "no answer in time")
}

/// Accepts every certificate and keeps the chain.
#[derive(Debug)]
struct Observer {
    provider: Arc<CryptoProvider>,
    seen: Mutex<Vec<Vec<u8>>>,
}

impl ServerCertVerifier for Observer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let chain = std::iter::once(end_entity).chain(intermediates).map(|der| der.to_vec()).collect();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = chain;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn endpoints_are_host_port_and_name() {
        for (text, shown) in [
            ("broker.example:8883", "broker.example:8883"),
            ("10.0.0.7:443", "10.0.0.7:443"),
            ("[::1]:443", "[::1]:443"),
            ("10.0.0.7:443,web.example", "10.0.0.7:443,web.example"),
            ("web.example:443,web.example", "web.example:443"),
        ] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), shown);
        }
        for text in ["", "broker", "broker:", "broker:0", "broker:70000", ":443", "a b:443", "x:443,", "x:443,a b"] {
            assert!(text.parse::<Endpoint>().is_err(), "{text}");
        }
    }

    #[test]
    fn whoever_speaks_no_tls_or_nothing_is_an_error_in_time() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint: Endpoint = format!("127.0.0.1:{}", listener.local_addr().unwrap().port()).parse().unwrap();
        let began = Instant::now();
        let silent = chain(&endpoint, Duration::from_millis(300)).unwrap_err();
        assert_eq!(silent.kind(), io::ErrorKind::TimedOut, "{silent}");
        assert!(began.elapsed() < Duration::from_secs(5));
        let server = std::thread::spawn(move || {
            // The connection of the first half may still be in the queue.
            for stream in listener.incoming().take(2) {
                let _ = stream.unwrap().write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            }
        });
        assert!(chain(&endpoint, Duration::from_secs(5)).is_err());
        server.join().unwrap();
        assert!(chain(&endpoint, Duration::from_secs(5)).is_err(), "the port is free again");
    }
}
