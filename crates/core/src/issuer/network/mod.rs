//! What all issuers over a network share: one runtime, one TLS configuration, one HTTP client with bounds on time, one
//! meaning of each failure.
//!
//! Issuers block ([`crate::issuer::Issuer`]); whatever is asynchronous stays behind [`block_on`].

mod document;
mod failure;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::issuer::{ErrorClass, IssuerError};
pub use certroll_base::network::{FailureKind, NetworkFailure, ServerAnswer, chain, one_line};
pub use certroll_base::runtime::block_on;
pub use document::document;
pub use failure::{CallEffect, body, failed, retry_after, unanswered};

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request may take, unless the settings say otherwise.
const TIMEOUT_SECS: u64 = 60;

/// How a back end is reached, the same settings for every kind.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Http {
    /// File with the only roots to be trusted, PEM; by default those of the system.
    pub ca_file: Option<PathBuf>,
    /// Proxy, `http://host:port`; by default what the environment says (`HTTPS_PROXY`, `NO_PROXY`).
    pub proxy: Option<String>,
    /// Seconds that one request may take; 60 by default.
    pub timeout_secs: Option<u64>,
}

impl Http {
    /// The time that one request may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_secs.unwrap_or(TIMEOUT_SECS))
    }

    /// A client for the issuer of that name; a relative `ca_file` is below `root`.
    ///
    /// # Errors
    /// Of class [`ErrorClass::Config`]: roots or proxy are not usable.
    pub fn client(&self, issuer: &str, root: &Path) -> Result<reqwest::Client, IssuerError> {
        self.builder(issuer, root)?.build().map_err(|error| {
            IssuerError::new(issuer, ErrorClass::Config, "no HTTP client can be made of its settings").because(error)
        })
    }

    /// As [`Http::client`], for who has more to say about it.
    ///
    /// # Errors
    /// As [`Http::client`].
    pub fn builder(&self, issuer: &str, root: &Path) -> Result<reqwest::ClientBuilder, IssuerError> {
        install_provider();
        let config = |message: String| IssuerError::new(issuer, ErrorClass::Config, message);
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("certroll/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(self.timeout())
            .redirect(reqwest::redirect::Policy::none());
        if let Some(file) = &self.ca_file {
            let file = root.join(file);
            let bytes = certroll_base::input::read(&file)
                .map_err(|error| config(format!("its roots `{}` cannot be read", file.display())).because(error))?;
            let roots = reqwest::Certificate::from_pem_bundle(&bytes)
                .ok()
                .filter(|roots| !roots.is_empty())
                .ok_or_else(|| config(format!("`{}` holds no certificate in PEM", file.display())))?;
            builder = builder.tls_certs_only(roots);
        }
        if let Some(proxy) = &self.proxy {
            let proxy = reqwest::Proxy::all(proxy)
                .map_err(|error| config(format!("its proxy `{proxy}` is no URL")).because(error))?;
            builder = builder.proxy(proxy);
        }
        Ok(builder)
    }
}

/// Makes aws-lc-rs the provider of every TLS connection in this process, before any library would have to guess.
fn install_provider() {
    // An error says that it was done before.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}
