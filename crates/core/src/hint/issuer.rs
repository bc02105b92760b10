//! Hints about issuers: CAs of the home, back ends elsewhere, and what they refuse to sign.

/// What to do about a CA of the home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorityHint {
    /// Sign the CRL of the CA of that name anew.
    RenewCrl(String),
    /// What is owed of CRLs is done by the next rotation of what is due.
    PublishOwed,
    /// Create the first one.
    Create,
    /// Create another one.
    CreateAnother,
    /// Create the successor of one that has ended.
    CreateSuccessor,
    /// Create it from that template, in the way CAs are created.
    CreateFrom(String),
    /// It is no CA: issue it as any certificate.
    NotOne,
    /// Look at the one that has this name already.
    SeeExisting(String),
    /// A root has no issuer: take that away, or make a CA below another.
    NoIssuerForRoot,
    /// A CA below another needs an issuer: name it, or make a root.
    NeedsIssuer,
    /// The new key stays at that place: create the CA with it.
    UseMadeKey(String),
    /// A template for a CA below another one.
    ChooseAuthorityTemplate,
    /// Give the answer of its operators to the home.
    AcceptReply,
    /// Ask for the certificate of that CA first.
    RequestFirst(String),
    /// Give the certificates above it as well, the root included.
    GiveWholeChain,
    /// Create it below that CA of the home.
    CreateBelow(String),
    /// It is a CA of others: sign its request in the way CAs are signed.
    SignRequest(String),
    /// Give it a name.
    NameIt,
    /// Revoke its certificate first.
    RevokeFirst(String),
    /// Give it a further certificate.
    Renew(String),
    /// Sign a CRL.
    SignList(String),
    /// Move its certificates to another CA.
    MoveAway,
    /// Say in what it issues where its CRL is.
    SetPointers(String),
    /// Its certificate is revoked by who signed it.
    AskSigner(String),
}

/// What to do about an issuer elsewhere; each names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerHint {
    /// Correct where it is reached.
    CorrectAddress(String),
    /// See whether its server is up.
    SeeServer(String),
    /// Correct how we log in.
    CorrectLogin(String),
    /// Its policy may not allow what was called, or the token has ended.
    SeeRights {
        /// The issuer.
        issuer: String,
        /// What was called.
        path: String,
    },
    /// Have its service tell in an audit report what it signed.
    ReadAuditReport {
        /// The issuer.
        issuer: String,
        /// The CA behind it.
        authority: String,
        /// Whether its settings say where reports are written and kept.
        configured: bool,
    },
    /// See what uses the certificate, before it is deleted.
    SeeUsers,
    /// Rotate once the issuer has renewed it by itself, or ask for a further one now.
    RotateOnceRenewed,
}

/// What to do about the account at an ACME server, or about its terms; each names the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountHint {
    /// Create it: the server does not know it.
    Create(String),
    /// Create it, which takes agreement to the terms.
    CreateAgreeing(String),
    /// Create another one in its place.
    CreateAnother(String),
    /// Look at it.
    See(String),
    /// Read the terms that the error names, and agree.
    ReadTerms(String),
    /// Read the terms that the server names now, and agree again.
    AgreeAgain(String),
}

/// What to ask an issuer for instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestHint {
    /// Another kind of key.
    OtherKey,
    /// One of these kinds of keys.
    KeyAmong(&'static [&'static str]),
    /// One of these kinds of keys; the others are not signed for.
    UseKey(&'static [&'static str]),
    /// A name, which it lacks.
    AddName,
    /// A DNS name, which it lacks.
    AddDnsName,
    /// A shorter life.
    ShorterLife,
    /// A life of seven days, or another CA.
    SevenDays,
    /// To revoke by the account, or for the reason that a certificate's own key allows.
    NotByKey,
}
