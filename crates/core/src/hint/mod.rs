//! What the user can do next about an error, by the act and what it is done to.
//!
//! Nothing below the command line knows a command or an option: the command line puts the hints of an error into words. Advice that
//! needs neither is a [`Hint::Say`]; it may name settings of `certroll.toml` and commands of other programs.
//!
//! | module | hints about |
//! |---|---|
//! | [`home`] | the home, its secrets, the log |
//! | [`certificate`] | issuing, rotating, revoking, handing out; requests that are still open |
//! | [`issuer`] | CAs, issuers elsewhere, what they refuse to sign |
//! | [`keystore`] | keys, keystores, truststores, signed messages, configurations of servers |

pub mod certificate;
pub mod home;
pub mod issuer;
pub mod keystore;

use certificate::{CertificateHint, DeliveryHint, IntentHint};
use home::{HomeHint, LogHint, SecretHint};
use issuer::{AccountHint, AuthorityHint, IssuerHint, RequestHint};
use keystore::{KeyHint, KeystoreHint, MessageHint, ServerHint, TruststoreHint};

/// What the user can do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Advice as it stands, without a command or an option of this program.
    Say(String),
    /// About the home itself.
    Home(HomeHint),
    /// About a passphrase, password or PIN.
    Secret(SecretHint),
    /// About the audit log.
    Log(LogHint),
    /// About issuing, rotating and revoking.
    Certificate(CertificateHint),
    /// About handing out what is issued.
    Delivery(DeliveryHint),
    /// About a request whose outcome is not known yet.
    Intent(IntentHint),
    /// About a CA of the home.
    Authority(AuthorityHint),
    /// About an issuer elsewhere.
    Issuer(IssuerHint),
    /// About an account at an ACME server.
    Account(AccountHint),
    /// About what is asked of an issuer.
    Request(RequestHint),
    /// About a key in a file or a token.
    Key(KeyHint),
    /// About a keystore.
    Keystore(KeystoreHint),
    /// About a truststore.
    Truststore(TruststoreHint),
    /// About a signed message.
    Message(MessageHint),
    /// About the configuration of a server.
    Server(ServerHint),
}

impl From<String> for Hint {
    fn from(text: String) -> Self {
        Self::Say(text)
    }
}

impl From<&str> for Hint {
    fn from(text: &str) -> Self {
        Self::Say(text.to_owned())
    }
}

macro_rules! areas {
    ($($area:ident: $hint:ident),+ $(,)?) => {
        $(impl From<$hint> for Hint {
            fn from(hint: $hint) -> Self {
                Self::$area(hint)
            }
        })+
    };
}

areas! {
    Home: HomeHint,
    Secret: SecretHint,
    Log: LogHint,
    Certificate: CertificateHint,
    Delivery: DeliveryHint,
    Intent: IntentHint,
    Authority: AuthorityHint,
    Issuer: IssuerHint,
    Account: AccountHint,
    Request: RequestHint,
    Key: KeyHint,
    Keystore: KeystoreHint,
    Truststore: TruststoreHint,
    Message: MessageHint,
    Server: ServerHint,
}
