//! Hints about keys, keystores and truststores, and about what is made of them.

use std::path::PathBuf;

/// What to do about a key in a file or a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyHint {
    /// Encrypt the key in that file.
    Encrypt(PathBuf),
    /// The file holds certificates too: change its password as that of a keystore.
    ChangeAsKeystore(PathBuf),
    /// Name a key of the token; see which there are.
    NameInToken,
    /// Use the key that the token has, or choose another name.
    UseExisting,
    /// Choose another kind for the key to be made.
    OtherKind,
    /// Name the PKCS#11 module.
    NameModule,
}

/// What to do about a keystore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeystoreHint {
    /// Expected a keystore; other files are looked at by another command.
    InspectOther,
    /// See what that file holds.
    Inspect(PathBuf),
    /// Add to the one that is there, or choose another name.
    Add(PathBuf),
    /// Make a new key in it.
    NewKey,
    /// Choose another alias, or replace the entry.
    ReplaceEntry,
    /// Choose another name, or replace the file.
    ReplaceFile,
    /// Give the alias of what is imported.
    GiveAlias,
    /// Name the entry that is meant.
    NameAlias,
    /// Name one of these entries.
    AliasAmong(Vec<String>),
    /// Bring a PEM file into a keystore, which has aliases.
    ConvertPem(PathBuf),
    /// Bring the trusted certificates of a JCEKS along into another format.
    ConvertJceks(PathBuf),
    /// Import the CA's reply first.
    ImportReply,
    /// The reply must answer a request made with the key of the entry.
    RequestFromKey,
    /// Give the missing certificate too, or take the chain as it is.
    CompleteChain,
    /// Choose a format that holds attributes, or leave them behind.
    DropAttributes,
    /// Say that unmarked certificates are to be trusted.
    MarkTrusted,
    /// Change the one password that there is.
    ChangeStorepass,
}

/// What to do about a truststore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TruststoreHint {
    /// A bundle of CA certificates is edited as a truststore.
    AddTo(PathBuf),
    /// Name the certificate by itself: there are no aliases.
    NameCertificate,
    /// Choose another alias, or replace the trusted certificate.
    OtherAlias,
    /// Make the one that is gone again, or forget it.
    MakeAgain(PathBuf),
}

/// What to do about a signed message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageHint {
    /// Give the certificate of the key.
    GiveCertificate,
    /// Give the certificate of the key, or sign without one.
    GiveCertificateOrRaw,
    /// Get a certificate for messages.
    GetCertificate,
    /// Choose the key of one of these aliases, separated by commas.
    ChooseAlias(String),
    /// Name whom to trust.
    NameTrusted,
}

/// A file that a server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerFile {
    /// Key and certificate, PKCS#12 or JKS.
    Keystore,
    /// The certificate with its chain, PEM.
    Certificate,
    /// The key, PEM.
    Key,
}

/// What to do about the configuration of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerHint {
    /// Add a service first.
    AddService,
    /// Say that the service is to be described anew.
    ReplaceService,
    /// See the drivers and their settings.
    SeeDrivers,
    /// Write the file that the server needs of the certificate of that name.
    Install {
        /// The name of the certificate.
        name: String,
        /// What it is installed as.
        file: ServerFile,
    },
    /// Name the file that is meant.
    NameFile(ServerFile),
    /// Name a certificate that is installed, or that file itself.
    NameInstalled(ServerFile),
    /// Give a keystore instead of PEM files.
    GiveKeystore,
    /// Give PEM files instead of a keystore.
    GivePem,
    /// Make a keystore or a truststore.
    MakeStores,
    /// Make a truststore, and name it.
    MakeTruststore,
    /// Make a truststore for Java.
    MakeJavaTruststore,
    /// Make a PEM file of CA certificates.
    MakePemTruststore,
    /// Give no address: it stands elsewhere.
    NoAddress,
    /// Write into another directory.
    OtherDirectory,
}
