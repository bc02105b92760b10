//! A connection to AWS: region, credentials by the standard chain, roots, proxy and bounds on time.

use std::path::PathBuf;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_acm::config::{ProvideCredentials, SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::{Acm, Kms, Pca};
use certroll_base::network::{FailureKind, NetworkFailure, chain};
use certroll_base::runtime::block_on;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long one attempt at a call may take, unless the settings say otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Where credentials of machines and containers come from: never through a proxy.
const NEVER_PROXIED: &str = "localhost,127.0.0.1,169.254.169.254,169.254.170.2,169.254.170.23";

/// How AWS is reached. What is not given comes from where the AWS CLI looks: environment, then profile.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// The region.
    pub region: Option<String>,
    /// The profile of the shared configuration files.
    pub profile: Option<String>,
    /// Another address than AWS's own: a VPC endpoint.
    pub endpoint: Option<String>,
    /// File with the only roots to be trusted, PEM; by default AWS_CA_BUNDLE, else the system's.
    pub ca_file: Option<PathBuf>,
    /// Proxy, `http://host:port`; by default HTTPS_PROXY and NO_PROXY.
    pub proxy: Option<String>,
    /// How long one attempt at a call may take.
    pub timeout: Option<Duration>,
}

/// A connection. Nothing is sent before the first call.
#[derive(Clone)]
pub struct AwsSession {
    config: SdkConfig,
}

impl AwsSession {
    /// Reads the settings and makes a client of them.
    ///
    /// # Errors
    /// Of kind [`FailureKind::Settings`]: there is no region, or roots or proxy are not usable.
    pub fn open(reach: &Reach) -> Result<Self, NetworkFailure> {
        let timeout = reach.timeout.unwrap_or(TIMEOUT);
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(timeout).build();
        let client = http_client(reach)?;
        let mut loader =
            aws_config::defaults(BehaviorVersion::latest()).http_client(client.clone()).timeout_config(timeouts);
        if let Some(region) = &reach.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(profile) = &reach.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(endpoint) = &reach.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        let config = block_on(loader.load());
        if config.region().is_none() {
            return Err(NetworkFailure::new(FailureKind::Settings, "no region is given: set `region`, or AWS_REGION"));
        }
        let config = match &reach.profile {
            Some(profile) => of_profile(config, profile, client),
            None => config,
        };
        Ok(Self { config })
    }

    /// Whether the standard chain finds credentials: environment, profile (SSO, process, assumed role), web identity,
    /// container, instance. Whether AWS accepts them, the first call tells.
    ///
    /// # Errors
    /// Of kind [`FailureKind::Credentials`].
    pub fn credentials(&self) -> Result<(), NetworkFailure> {
        let none = || NetworkFailure::new(FailureKind::Credentials, "no credentials were found");
        let provider = self.config.credentials_provider().ok_or_else(none)?;
        match block_on(provider.provide_credentials()) {
            Ok(_) => Ok(()),
            Err(error) => {
                let text = chain(&error);
                let place = "neither the environment, nor a profile, nor a web identity, container or instance has any";
                // Of a chain without any, each link's own words fill a screen; of one that breaks, they are what helps.
                let why = if text.contains("no credentials found in chain") { place } else { &text };
                Err(NetworkFailure::new(FailureKind::Credentials, format!("no credentials were found: {why}")))
            }
        }
    }

    /// Certificate Manager.
    pub fn acm(&self) -> Acm {
        Acm::of(&self.config)
    }

    /// Private CA.
    pub fn pca(&self) -> Pca {
        Pca::of(&self.config)
    }

    /// The key service.
    pub fn kms(&self) -> Kms {
        Kms::of(&self.config)
    }
}

/// The credentials of the profile that was chosen, and of nothing else: the standard chain would let keys in the
/// environment outweigh it, and a command would act in another account than its settings say.
fn of_profile(config: SdkConfig, profile: &str, client: SharedHttpClient) -> SdkConfig {
    let provider = ProviderConfig::without_region().with_region(config.region().cloned()).with_http_client(client);
    let provider = ProfileFileCredentialsProvider::builder().profile_name(profile).configure(&provider).build();
    config.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

/// Sent once, without a retry: the caller of a call that changes something must know whether it was sent.
pub(super) fn once() -> RetryConfig {
    RetryConfig::disabled()
}

fn settings(text: String) -> NetworkFailure {
    NetworkFailure::new(FailureKind::Settings, text)
}

/// A client with our one provider of cryptography, the roots and the proxy. AWS_CA_BUNDLE is honoured here: unlike the
/// other SDKs of AWS, the one for Rust does not read it.
fn http_client(reach: &Reach) -> Result<SharedHttpClient, NetworkFailure> {
    let bundle = || std::env::var_os("AWS_CA_BUNDLE").filter(|file| !file.is_empty()).map(PathBuf::from);
    let roots = match reach.ca_file.clone().or_else(bundle) {
        Some(file) => {
            let bytes = certroll_base::input::read(&file)
                .map_err(|error| settings(format!("the roots `{}` cannot be read: {error}", file.display())))?;
            check_roots(&bytes).map_err(|why| settings(format!("the roots `{}`: {why}", file.display())))?;
            TrustStore::empty().with_pem_certificate(bytes)
        }
        None => TrustStore::default(),
    };
    let tls = TlsContext::builder().with_trust_store(roots).build();
    let tls = tls.map_err(|error| settings(format!("no TLS client can be made: {error}")))?;
    let proxy = match &reach.proxy {
        Some(proxy) => ProxyConfig::all(proxy)
            .map_err(|error| settings(format!("the proxy `{proxy}` is no URL: {error}")))?
            .no_proxy(NEVER_PROXIED),
        None => ProxyConfig::from_env(),
    };
    // The other methods of the builder take roots or a proxy, not both.
    Ok(Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(tls.clone())
            .proxy_config(proxy.clone());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.build()
    }))
}

/// The SDK panics on roots that it cannot read.
fn check_roots(pem: &[u8]) -> Result<(), String> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| format!("not PEM: {error:?}"))?;
        store.add(certificate).map_err(|error| error.to_string())?;
    }
    if store.is_empty() { Err("no certificate in it".to_owned()) } else { Ok(()) }
}
