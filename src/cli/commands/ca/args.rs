//! Arguments that several commands about CAs share.

use clap::Args;

use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::issuance::authority::AuthorityKey;
use certroll_core::signer::registry as signers;
use certroll_core::store::Pointers;
use certroll_core::template::Overrides;
use certroll_pki::key::{KeyAlgorithm, KeyError};
use certroll_pki::name::general_name::PointerUri;
use certroll_pki::x509::extensions::Subtree;

/// How many CAs, and which names, a CA may have below it.
#[derive(Debug, Args)]
pub(crate) struct ConstraintArgs {
    /// How many CAs may stand below it in a chain [default: the template's]
    #[arg(long, value_name = "N")]
    path_length: Option<u8>,
    /// Names it may issue for: dns:example.net, ip:10.0.0.0/8, email:example.net, uri:.example.net, dir:DN (repeatable)
    #[arg(long, value_name = "SUBTREE")]
    permit: Vec<Subtree>,
    /// Names it may not issue for (repeatable)
    #[arg(long, value_name = "SUBTREE")]
    exclude: Vec<Subtree>,
}

impl ConstraintArgs {
    pub(super) fn overrides(self) -> Overrides {
        Overrides { path_length: self.path_length, permitted: self.permit, excluded: self.exclude }
    }
}

/// Where relying parties find what belongs to a CA.
#[derive(Debug, Args)]
pub(crate) struct PointerArgs {
    /// URI of its CRL, for the certificates that it issues (repeatable)
    #[arg(long, value_name = "URI")]
    crl_url: Vec<PointerUri>,
    /// URI of its OCSP responder, for the certificates that it issues (repeatable)
    #[arg(long, value_name = "URI")]
    ocsp_url: Vec<PointerUri>,
    /// URI of its own certificate, for the certificates that it issues (repeatable)
    #[arg(long, value_name = "URI")]
    issuer_url: Vec<PointerUri>,
}

impl PointerArgs {
    /// CRL, OCSP responder, certificate.
    pub(super) fn each(&self) -> (&[PointerUri], &[PointerUri], &[PointerUri]) {
        (&self.crl_url, &self.ocsp_url, &self.issuer_url)
    }

    pub(super) fn pointers(&self) -> Pointers {
        Pointers { crl: texts(&self.crl_url), ocsp: texts(&self.ocsp_url), ca_issuers: texts(&self.issuer_url) }
    }
}

/// A kind of key to be made in the home, or a reference to one elsewhere.
#[derive(Clone, Debug)]
pub(super) enum KeyChoice {
    Kind(KeyAlgorithm),
    Reference(String),
}

impl std::str::FromStr for KeyChoice {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        // What is wrong with a reference is said later: the parser of arguments would repeat it.
        if signers::is_reference(text) { Ok(Self::Reference(text.to_owned())) } else { text.parse().map(Self::Kind) }
    }
}

pub(super) fn key_of(choice: Option<KeyChoice>, generate: Option<KeyAlgorithm>) -> Result<AuthorityKey, Error> {
    match (choice, generate) {
        (Some(KeyChoice::Reference(reference)), generate) => Ok(AuthorityKey::Elsewhere { reference, generate }),
        (_, Some(kind)) => {
            Err(Error::new(ErrorKind::Usage, "`--generate` makes a key in a token, and `--key` names none")
                .hint(format!("say `--key {kind}` for a key in the home, or `--key 'pkcs11:token=T;object=NAME'`")))
        }
        (Some(KeyChoice::Kind(kind)), None) => Ok(AuthorityKey::Home(Some(kind))),
        (None, None) => Ok(AuthorityKey::Home(None)),
    }
}

pub(super) fn texts(uris: &[PointerUri]) -> Vec<String> {
    uris.iter().map(ToString::to_string).collect()
}
