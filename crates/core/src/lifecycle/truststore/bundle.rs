//! PEM bundles of CA certificates, edited as the text they are: comments and order of what stays are kept.

use certroll_pki::container::pem::{self, Label, PemError};

/// A bundle.
#[derive(Clone, Debug)]
pub struct TrustBundle {
    text: Vec<u8>,
    /// DER of each certificate, in order.
    pub certificates: Vec<Vec<u8>>,
}

/// What keeps a text from being a bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It is not PEM.
    #[error("the PEM text is malformed")]
    Pem(#[from] PemError),
    /// Something else than certificates is in it.
    #[error("line {line}: `{label}` in a bundle of certificates")]
    Other {
        /// Where.
        line: usize,
        /// What.
        label: Label,
    },
}

impl TrustBundle {
    /// An empty bundle.
    pub fn empty() -> Self {
        Self { text: Vec::new(), certificates: Vec::new() }
    }

    /// Reads one.
    ///
    /// # Errors
    /// It holds anything but certificates.
    pub fn read(text: Vec<u8>) -> Result<Self, BundleError> {
        let blocks = match pem::read(&text) {
            Err(PemError::NoBlock) => Vec::new(),
            other => other?,
        };
        if let Some(other) = blocks.iter().find(|block| block.label != Label::Certificate) {
            return Err(BundleError::Other { line: other.line, label: other.label });
        }
        let certificates = blocks.iter().map(|block| block.der.expose().to_vec()).collect();
        Ok(Self { text, certificates })
    }

    /// The text.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Adds a certificate at the end.
    pub fn add(&mut self, der: &[u8]) {
        if !self.text.is_empty() && !self.text.ends_with(b"\n") {
            self.text.push(b'\n');
        }
        self.text.extend_from_slice(pem::encode(Label::Certificate, der).as_bytes());
        self.certificates.push(der.to_vec());
    }

    /// Takes certificates out, block by block; the text around them stays.
    pub fn remove(&mut self, is_meant: impl Fn(&[u8]) -> bool) {
        let mut kept = Vec::with_capacity(self.text.len());
        let (mut number, mut inside, mut dropping) = (0, false, false);
        for line in self.text.split_inclusive(|byte| *byte == b'\n') {
            let trimmed = line.trim_ascii();
            if trimmed.starts_with(b"-----BEGIN ") {
                inside = true;
                dropping = self.certificates.get(number).is_some_and(|der| is_meant(der));
                number += 1;
            }
            if !(inside && dropping) {
                kept.extend_from_slice(line);
            }
            if trimmed.starts_with(b"-----END ") {
                inside = false;
            }
        }
        self.text = kept;
        self.certificates.retain(|der| !is_meant(der));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[u8] = &[0x30, 1, 1];
    const TWO: &[u8] = &[0x30, 1, 2];

    #[test]
    fn what_stays_stays_as_it_was() {
        let block = |der| pem::encode(Label::Certificate, der);
        let text = format!("# One\n{}# Two\r\n{}# the end", block(ONE), block(TWO).replace('\n', "\r\n"));
        let mut bundle = TrustBundle::read(text.clone().into_bytes()).unwrap();
        assert_eq!(bundle.certificates, [ONE, TWO]);
        bundle.remove(|der| der == ONE);
        let expected = format!("# One\n# Two\r\n{}# the end", block(TWO).replace('\n', "\r\n"));
        assert_eq!((bundle.text(), &bundle.certificates[..]), (expected.as_bytes(), &[TWO.to_vec()][..]));
        bundle.add(ONE);
        assert_eq!(bundle.text(), format!("{expected}\n{}", block(ONE)).as_bytes());
        assert_eq!(TrustBundle::read(bundle.text().to_vec()).unwrap().certificates, [TWO, ONE]);
        bundle.remove(|_| true);
        assert_eq!(bundle.text(), b"# One\n# Two\r\n# the end\n");
    }

    #[test]
    fn keys_are_not_for_bundles() {
        let text = pem::encode(Label::PrivateKey, ONE);
        assert!(matches!(TrustBundle::read(text.into_bytes()), Err(BundleError::Other { line: 1, .. })));
        assert!(TrustBundle::read(b"nothing yet\n".to_vec()).unwrap().certificates.is_empty());
    }
}
