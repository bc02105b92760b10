//! Hints about issuing, rotating and revoking, and about handing out what is issued.

/// What to do about a certificate, or to get one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateHint {
    /// Replace the current one of that name.
    Rotate(String),
    /// Issue a further one beside it.
    IssueAnother,
    /// Issue each line of a batch by itself.
    IssueEachLine,
    /// Look up names and serial numbers.
    FindName,
    /// Look up the names of those that are in use.
    FindCurrent,
    /// Keystores are looked at by another command than certificates.
    InspectKeystore,
    /// Choose one of these templates.
    ChooseTemplate(Vec<String>),
    /// See the rules of the policies.
    SeePolicies,
    /// Use what this issuer can do: see what that is.
    SeeCapabilities(String),
    /// Use one of these issuers, which can do it.
    UseIssuer(Vec<String>),
    /// Name one of these issuers.
    NameIssuer(Vec<String>),
    /// Let certroll make the key, or use an issuer that takes one from elsewhere.
    LetKeyBeMade,
    /// Let the key be replaced, or say that it is to be kept.
    NewKeyOrKeep,
    /// Rotate with a new key.
    NewKey,
    /// Rotate the certificate of that name with a new request.
    NewRequest(String),
    /// Revoke the certificate with that serial number, which was not handed out.
    RevokeUnused(String),
    /// Revoke the certificate of that name by its serial number.
    RevokeBySerial(String),
    /// Take it out of use: its issuer revokes nothing; see what that can do.
    TakeOutOfUse(String),
    /// See everything that is found about the request in that file.
    LintRequest(String),
    /// See what the home knows of a certificate.
    Show,
}

/// What to do about files in which certificates are installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryHint {
    /// Say where it is to be installed.
    SayWhere,
    /// The key is not kept any more: make a new certificate of that name.
    MakeNew(String),
    /// Write the certificate alone and import it where the key is.
    ImportAtKey,
    /// Make room, then write the files.
    MakeRoom,
    /// Make room, then write the files of the certificate of that name, whose key the home keeps.
    MakeRoomFor(String),
    /// Hand out the certificate of that name.
    HandOut(String),
    /// What is replaced at a service needs a key of the same kind; make a new one there otherwise.
    OtherKey,
    /// Hand out all certificates that were handed to nobody.
    HandOutAll,
    /// It stays owed: the next rotation of what is due delivers it first.
    StaysOwed,
    /// See to the service, then let the next rotation of what is due finish the certificate of that name.
    Serve(String),
    /// Say that what lies there is to be replaced.
    Replace,
    /// Choose another alias, or another file.
    OtherAlias,
}

/// What to do about a request that is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentHint {
    /// Repeat the command: the issuer is asked before anything is sent.
    AskAgain,
    /// Repeat the command once the issuer has an answer.
    AskLater,
    /// Repeat the command that began it.
    GoOn,
    /// End the one of that name: its outcome will never be known.
    Abandon(String),
    /// End the one of that name, so that the name is free again.
    AbandonForName(String),
    /// See which requests are open.
    SeeOpen,
}
