//! The private CA, as far as the suite applies to an issuer that signs in the process.

use std::fs;
use std::path::{Path, PathBuf};

use certroll_core::issuer::{Issuer, PrivateCa};
use certroll_pki::key::KeyPair;
use certroll_pki::x509::certificate::Certificate;

use super::fake::{Fake, Manner};
use super::suite::Backend;

pub(crate) struct Private {
    directory: PathBuf,
}

impl Private {
    pub(crate) fn at(directory: &Path) -> Self {
        // Only for its CA certificate and key.
        Fake::at(directory, Manner::List, None);
        Self { directory: directory.to_owned() }
    }
}

impl Backend for Private {
    fn open(&self) -> Box<dyn Issuer> {
        let der = fs::read(self.directory.join("ca.der")).expect("the CA can be read");
        let key = KeyPair::from_pkcs8(&fs::read(self.directory.join("ca.p8")).expect("the key can be read"));
        let key = key.expect("a key");
        let (chain, algorithm) = (vec![Certificate::from_der(&der).expect("a certificate")], key.algorithm());
        Box::new(PrivateCa::open("elsewhere", chain, std::sync::Arc::new(key), algorithm).expect("a CA"))
    }

    fn spec(&self) -> String {
        format!("Private::{}", self.directory.display())
    }

    fn sibling(&self, number: usize) -> Box<dyn Backend> {
        super::copied(self, number)
    }

    /// What it signs is in memory until it is recorded.
    fn issued(&self) -> Option<Vec<Vec<u8>>> {
        None
    }

    fn revoked(&self) -> usize {
        0
    }

    fn with_wrong_credential(&self) -> Option<Box<dyn Issuer>> {
        None
    }

    fn answer_late(&self, _questions: usize) -> bool {
        false
    }
}
