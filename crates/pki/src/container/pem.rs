//! PEM text (RFC 7468): certificates, requests, CRLs and keys between `-----BEGIN` and `-----END` lines.
//!
//! The only file that names `rustls-pemfile`, which decodes the base64. The boundaries are found here, because that crate
//! silently passes over every label it does not know, among them `ENCRYPTED PRIVATE KEY` and the `NEW CERTIFICATE REQUEST`
//! that `keytool -certreq` writes: a reader that skips cannot say where it stopped.

use std::fmt;

use base64ct::{Base64, Encoding};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::der::asn1::{AnyRef, ContextSpecific, ObjectIdentifier, OctetStringRef};
use pkcs8::der::{self, Decode, Encode, Reader, TagNumber};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use certroll_base::secret::SecretBytes;
use certroll_base::text::printable;

/// What can be wrong with PEM text. Lines are counted from 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// There is no `-----BEGIN` line at all.
    #[error("no PEM block found")]
    NoBlock,
    /// A line starts with `-----BEGIN` or `-----END` and does not go on as RFC 7468 section 3 says.
    #[error("line {line}: malformed PEM boundary")]
    Boundary {
        /// The offending line.
        line: usize,
    },
    /// A block of a kind certroll has no use for.
    #[error("line {line}: PEM block `{label}` is not supported")]
    UnknownLabel {
        /// Line of the `-----BEGIN`.
        line: usize,
        /// The label found, safe to print.
        label: String,
    },
    /// A block is not closed before the next one begins or the text ends.
    #[error("line {line}: PEM block `{label}` has no end line")]
    Unclosed {
        /// Line of the `-----BEGIN`.
        line: usize,
        /// Label of the block.
        label: String,
    },
    /// An end line that closes nothing, or another label than the open one.
    #[error("line {line}: end of PEM block `{label}` without its beginning")]
    UnexpectedEnd {
        /// Line of the `-----END`.
        line: usize,
        /// The label found, safe to print.
        label: String,
    },
    /// The text of a block is not base64.
    #[error("line {line}: PEM block `{label}` is not valid base64")]
    Base64 {
        /// Line of the `-----BEGIN`.
        line: usize,
        /// Label of the block.
        label: String,
    },
    /// The block decodes to something else than one DER SEQUENCE of the right kind.
    #[error("line {line}: PEM block `{label}` does not hold what its label says")]
    Content {
        /// Line of the `-----BEGIN`.
        line: usize,
        /// Label of the block.
        label: String,
    },
    /// A key in OpenSSL's traditional encryption (`Proc-Type: 4,ENCRYPTED`): one MD5 round, no iteration count.
    #[error("line {line}: traditional OpenSSL key encryption is not supported; convert with `openssl pkcs8 -topk8`")]
    TraditionalEncryption {
        /// Line of the header.
        line: usize,
    },
}

/// The kinds of blocks that are read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    /// `CERTIFICATE`; also read as `X509 CERTIFICATE`.
    Certificate,
    /// `CERTIFICATE REQUEST`; also read as `NEW CERTIFICATE REQUEST`.
    CertificateRequest,
    /// `PRIVATE KEY`: PKCS#8. `RSA PRIVATE KEY` and `EC PRIVATE KEY` are converted to it on reading.
    PrivateKey,
    /// `ENCRYPTED PRIVATE KEY`: PKCS#8, see [`crate::key::encryption`].
    EncryptedPrivateKey,
    /// `PUBLIC KEY`: SubjectPublicKeyInfo.
    PublicKey,
    /// `X509 CRL`.
    Crl,
    /// `PKCS7`; also read as `CMS`: a bag of certificates, see [`super::pkcs7`].
    Pkcs7,
}

impl Label {
    /// The label as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certificate => "CERTIFICATE",
            Self::CertificateRequest => "CERTIFICATE REQUEST",
            Self::PrivateKey => "PRIVATE KEY",
            Self::EncryptedPrivateKey => "ENCRYPTED PRIVATE KEY",
            Self::PublicKey => "PUBLIC KEY",
            Self::Crl => "X509 CRL",
            Self::Pkcs7 => "PKCS7",
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One block. Its bytes are wiped on drop whatever they are: it may be a key.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it holds.
    pub label: Label,
    /// Line of its `-----BEGIN`, from 1.
    pub line: usize,
    /// The DER: one SEQUENCE that fills the block.
    pub der: SecretBytes,
}

/// Whether bytes are meant as PEM text: a block begins somewhere in them.
pub fn is_pem(bytes: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-----BEGIN ";
    bytes.windows(BEGIN.len()).any(|window| window == BEGIN)
}

/// Reads every block of `text`, in order.
///
/// Text before, between and after the blocks is passed over (`openssl x509 -text` and `pkcs12` write some), and so is
/// `EC PARAMETERS`, whose content the key that follows repeats. Line ends may be LF or CRLF.
///
/// # Errors
/// The first thing that is not understood, with its line; there is no partial result.
pub fn read(text: &[u8]) -> Result<Vec<Block>, PemError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut blocks = Vec::new();
    let mut open: Option<OpenBlock<'_>> = None;
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let (number, line) = (index + 1, line.trim_ascii());
        match boundary(line).ok_or(PemError::Boundary { line: number })? {
            Boundary::Begin(label) => {
                if let Some(before) = open {
                    return Err(before.unclosed());
                }
                open = Some(OpenBlock::new(label, number)?);
            }
            Boundary::End(label) => match open.take() {
                Some(block) if block.label == label => blocks.extend(block.close()?),
                _ => return Err(PemError::UnexpectedEnd { line: number, label: lossy(label) }),
            },
            Boundary::None => {
                if let Some(block) = &mut open {
                    block.push(line, number)?;
                }
            }
        }
    }
    match open {
        Some(block) => Err(block.unclosed()),
        None if blocks.is_empty() => Err(PemError::NoBlock),
        None => Ok(blocks),
    }
}

/// One block of PEM text: lines of 64 columns, each ended by LF (RFC 7468 section 2).
///
/// The result is allocated once, in its final size. It holds whatever `der` holds: wrap it in
/// [`Secret`](certroll_base::secret::Secret) when that is an unencrypted key.
pub fn encode(label: Label, der: &[u8]) -> String {
    const PER_LINE: usize = 48;
    let name = label.as_str();
    let columns = der.len().div_ceil(3) * 4;
    let mut out = String::with_capacity(columns + columns.div_ceil(64) + 2 * name.len() + 32);
    out.extend(["-----BEGIN ", name, "-----\n"]);
    let mut line = Zeroizing::new([0_u8; 64]);
    for chunk in der.chunks(PER_LINE) {
        // 48 bytes make 64 characters, so the buffer always fits.
        out.push_str(Base64::encode(chunk, line.as_mut_slice()).unwrap_or_default());
        out.push('\n');
    }
    out.extend(["-----END ", name, "-----\n"]);
    out
}

/// How a block is to be read.
#[derive(Clone, Copy)]
enum BlockKind {
    As(Label),
    Pkcs1,
    Sec1,
    Ignored,
}

impl BlockKind {
    fn of(label: &[u8]) -> Option<Self> {
        Some(match label {
            b"CERTIFICATE" | b"X509 CERTIFICATE" => Self::As(Label::Certificate),
            b"CERTIFICATE REQUEST" | b"NEW CERTIFICATE REQUEST" => Self::As(Label::CertificateRequest),
            b"PRIVATE KEY" => Self::As(Label::PrivateKey),
            b"ENCRYPTED PRIVATE KEY" => Self::As(Label::EncryptedPrivateKey),
            b"PUBLIC KEY" => Self::As(Label::PublicKey),
            b"X509 CRL" => Self::As(Label::Crl),
            b"PKCS7" | b"CMS" => Self::As(Label::Pkcs7),
            b"RSA PRIVATE KEY" => Self::Pkcs1,
            b"EC PRIVATE KEY" => Self::Sec1,
            b"EC PARAMETERS" => Self::Ignored,
            _ => return None,
        })
    }

    /// The label that chooses the decoder: base64 without table look-ups for what is secret, the faster one for the rest.
    fn decoded_as(self) -> &'static str {
        match self {
            Self::As(Label::PrivateKey) | Self::Pkcs1 | Self::Sec1 => "PRIVATE KEY",
            Self::As(_) | Self::Ignored => "CERTIFICATE",
        }
    }
}

enum Boundary<'a> {
    Begin(&'a [u8]),
    End(&'a [u8]),
    None,
}

/// `None` for a line that starts as a boundary and is none.
fn boundary(line: &[u8]) -> Option<Boundary<'_>> {
    if let Some(rest) = line.strip_prefix(b"-----BEGIN ") {
        return rest.strip_suffix(b"-----").map(Boundary::Begin);
    }
    if let Some(rest) = line.strip_prefix(b"-----END ") {
        return rest.strip_suffix(b"-----").map(Boundary::End);
    }
    let broken = line.starts_with(b"-----BEGIN") || line.starts_with(b"-----END");
    (!broken).then_some(Boundary::None)
}

/// A block whose end has not been seen yet.
struct OpenBlock<'a> {
    label: &'a [u8],
    kind: BlockKind,
    line: usize,
    /// A complete block under a label that `rustls-pemfile` knows, all but its last line.
    text: Zeroizing<Vec<u8>>,
}

impl<'a> OpenBlock<'a> {
    fn new(label: &'a [u8], line: usize) -> Result<Self, PemError> {
        let kind = BlockKind::of(label).ok_or_else(|| PemError::UnknownLabel { line, label: lossy(label) })?;
        let mut text = Zeroizing::new(Vec::with_capacity(4096));
        text.extend_from_slice(format!("-----BEGIN {}-----\n", kind.decoded_as()).as_bytes());
        Ok(Self { label, kind, line, text })
    }

    fn push(&mut self, line: &[u8], number: usize) -> Result<(), PemError> {
        if line.starts_with(b"Proc-Type:") {
            return Err(PemError::TraditionalEncryption { line: number });
        }
        if self.text.capacity() < self.text.len() + line.len() + 64 {
            // Grown by hand, so that the outgrown buffer is wiped: it may hold half a key.
            let mut larger = Zeroizing::new(Vec::with_capacity(2 * (self.text.len() + line.len() + 64)));
            larger.extend_from_slice(&self.text);
            self.text = larger;
        }
        self.text.extend_from_slice(line);
        self.text.push(b'\n');
        Ok(())
    }

    fn close(mut self) -> Result<Option<Block>, PemError> {
        self.text.extend_from_slice(b"-----END ");
        self.text.extend_from_slice(self.kind.decoded_as().as_bytes());
        self.text.extend_from_slice(b"-----\n");
        let item = match rustls_pemfile::read_one_from_slice(&self.text) {
            Ok(Some((item, _))) => item,
            _ => return Err(PemError::Base64 { line: self.line, label: lossy(self.label) }),
        };
        let der = SecretBytes::new(match item {
            rustls_pemfile::Item::X509Certificate(der) => der.to_vec(),
            rustls_pemfile::Item::Pkcs8Key(key) => key.secret_pkcs8_der().to_vec(),
            _ => return Err(self.content()),
        });
        let (label, der) = match self.kind {
            BlockKind::Ignored => return Ok(None),
            BlockKind::As(label) => (label, der),
            BlockKind::Pkcs1 => (Label::PrivateKey, pkcs8_of_pkcs1(der.expose()).map_err(|_| self.content())?),
            BlockKind::Sec1 => (Label::PrivateKey, pkcs8_of_sec1(der.expose()).map_err(|_| self.content())?),
        };
        if !AnyRef::from_der(der.expose()).is_ok_and(|any| any.header().tag() == der::Tag::Sequence) {
            return Err(self.content());
        }
        Ok(Some(Block { label, line: self.line, der }))
    }

    fn content(&self) -> PemError {
        PemError::Content { line: self.line, label: lossy(self.label) }
    }

    fn unclosed(&self) -> PemError {
        PemError::Unclosed { line: self.line, label: lossy(self.label) }
    }
}

fn lossy(label: &[u8]) -> String {
    printable(&String::from_utf8_lossy(label)).into_owned()
}

/// `RSA PRIVATE KEY` (RFC 8017 appendix A.1.2) in its PKCS#8 envelope.
fn pkcs8_of_pkcs1(pkcs1: &[u8]) -> der::Result<SecretBytes> {
    let rsa = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    envelope(AlgorithmIdentifierRef { oid: rsa, parameters: Some(AnyRef::NULL) }, pkcs1)
}

/// `EC PRIVATE KEY` (RFC 5915) in its PKCS#8 envelope; the named curve moves to the algorithm identifier.
fn pkcs8_of_sec1(sec1: &[u8]) -> der::Result<SecretBytes> {
    let curve = AnyRef::from_der(sec1)?.sequence(|reader| -> der::Result<ObjectIdentifier> {
        u8::decode(reader)?;
        <&OctetStringRef>::decode(reader)?;
        let curve = ContextSpecific::decode_explicit(reader, TagNumber(0))?;
        reader.drain(reader.remaining_len())?;
        let missing = || der::Error::from(der::ErrorKind::Failed);
        curve.map(|field: ContextSpecific<ObjectIdentifier>| field.value).ok_or_else(missing)
    })?;
    let ec = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    envelope(AlgorithmIdentifierRef { oid: ec, parameters: Some(AnyRef::from(&curve)) }, sec1)
}

fn envelope(algorithm: AlgorithmIdentifierRef<'_>, key: &[u8]) -> der::Result<SecretBytes> {
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(key)?);
    Ok(SecretBytes::new(info.to_der()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;

    /// `openssl ecparam -name prime256v1 -genkey`, with its `EC PARAMETERS`; not used anywhere.
    const SEC1: &str = "-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIAk+ReRUiyXK9CeGuUCD0PD5159S7CBaSfCUhYRIL8C2oAoGCCqGSM49
AwEHoUQDQgAEg9AX1lW78PhRSCLTKbBSvSWdKQ6zOSjvZGv3FEOG0xXHq2vz4cEC
72g+dF4JXzHtjQPmyVn/vW5aSVvzVkwAYw==
-----END EC PRIVATE KEY-----";

    #[test]
    fn what_is_written_is_read() {
        for label in [Label::Certificate, Label::CertificateRequest, Label::PrivateKey, Label::Crl, Label::PublicKey] {
            for length in [0_u8, 1, 45, 46, 47, 120] {
                let der = [&[0x30, length][..], &vec![0x05; usize::from(length)]].concat();
                let text = encode(label, &der);
                let blocks = read(text.as_bytes()).unwrap();
                assert_eq!((blocks[0].label, blocks[0].line, blocks[0].der.expose()), (label, 1, &der[..]));
                assert!(text.lines().all(|line| line.len() <= 64));
                assert_eq!(read(text.replace('\n', "\r\n").as_bytes()).unwrap().len(), 1);
            }
        }
    }

    #[test]
    fn text_around_blocks_is_allowed_and_old_labels_are_known() {
        let text = "Bag Attributes\n    friendlyName: x\n-----BEGIN NEW CERTIFICATE REQUEST-----\nMAA=\n\
                    -----END NEW CERTIFICATE REQUEST-----\nissuer=CN = a\n  -----BEGIN ENCRYPTED PRIVATE KEY-----  \n\
                    MAA=\n-----END ENCRYPTED PRIVATE KEY-----";
        let blocks = read(text.as_bytes()).unwrap();
        assert_eq!(
            blocks.iter().map(|b| (b.label, b.line)).collect::<Vec<_>>(),
            [(Label::CertificateRequest, 3), (Label::EncryptedPrivateKey, 7)]
        );
    }

    #[test]
    fn traditional_keys_become_pkcs8() {
        let blocks = read(SEC1.as_bytes()).unwrap();
        assert_eq!(blocks.len(), 1);
        assert_eq!(KeyPair::from_pkcs8(blocks[0].der.expose()).unwrap().algorithm().to_string(), "ec:p256");
        let rsa = KeyPair::generate("rsa:2048".parse().unwrap()).unwrap();
        let pkcs8 = rsa.to_pkcs8().unwrap();
        let pkcs1 = PrivateKeyInfoRef::from_der(pkcs8.expose()).unwrap().private_key.as_bytes().to_vec();
        let text = encode(Label::PrivateKey, &pkcs1).replace("PRIVATE", "RSA PRIVATE");
        assert_eq!(read(text.as_bytes()).unwrap()[0].der.expose(), pkcs8.expose());
    }

    #[test]
    fn every_refusal_names_its_line() {
        let at = |line, label: &str| (line, label.to_owned());
        let cases = [
            ("", PemError::NoBlock),
            ("hello\n", PemError::NoBlock),
            ("\n-----BEGIN CERTIFICATE\n", PemError::Boundary { line: 2 }),
            ("-----BEGIN CERTIFICATE-----\nMAA=\n", {
                let (line, label) = at(1, "CERTIFICATE");
                PemError::Unclosed { line, label }
            }),
            ("-----BEGIN CERTIFICATE-----\n-----BEGIN X509 CRL-----\n", {
                let (line, label) = at(1, "CERTIFICATE");
                PemError::Unclosed { line, label }
            }),
            ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END X509 CRL-----\n", {
                let (line, label) = at(3, "X509 CRL");
                PemError::UnexpectedEnd { line, label }
            }),
            ("-----BEGIN DH PARAMETERS-----\n", {
                let (line, label) = at(1, "DH PARAMETERS");
                PemError::UnknownLabel { line, label }
            }),
            ("-----BEGIN CERTIFICATE-----\nM*A=\n-----END CERTIFICATE-----\n", {
                let (line, label) = at(1, "CERTIFICATE");
                PemError::Base64 { line, label }
            }),
            ("-----BEGIN CERTIFICATE-----\nBQA=\n-----END CERTIFICATE-----\n", {
                let (line, label) = at(1, "CERTIFICATE");
                PemError::Content { line, label }
            }),
            ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", PemError::TraditionalEncryption { line: 2 }),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text.as_bytes()).map(|blocks| blocks.len()), Err(expected), "{text:?}");
        }
    }
}
