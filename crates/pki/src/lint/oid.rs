//! Object identifiers as the octets of their content, by which they are compared.

/// `2.5.29.n`
const fn ce(number: u8) -> [u8; 3] {
    [0x55, 0x1d, number]
}

/// `2.5.4.n`
const fn at(number: u8) -> [u8; 3] {
    [0x55, 0x04, number]
}

macro_rules! oids {
    ($($name:ident = $octets:expr;)*) => {
        $(pub(super) const $name: &[u8] = &$octets;)*
    };
}

// Extensions (RFC 5280 sections 4.2.1, 4.2.2, 5.2 and 5.3).
oids! {
    SUBJECT_DIRECTORY_ATTRIBUTES = ce(9);
    SUBJECT_KEY_ID = ce(14);
    KEY_USAGE = ce(15);
    SUBJECT_ALT_NAME = ce(17);
    ISSUER_ALT_NAME = ce(18);
    BASIC_CONSTRAINTS = ce(19);
    CRL_NUMBER = ce(20);
    REASON_CODE = ce(21);
    NAME_CONSTRAINTS = ce(30);
    CRL_DISTRIBUTION_POINTS = ce(31);
    CERTIFICATE_POLICIES = ce(32);
    POLICY_MAPPINGS = ce(33);
    AUTHORITY_KEY_ID = ce(35);
    POLICY_CONSTRAINTS = ce(36);
    EXTENDED_KEY_USAGE = ce(37);
    FRESHEST_CRL = ce(46);
    INHIBIT_ANY_POLICY = ce(54);
    AUTHORITY_INFO_ACCESS = [0x2b, 6, 1, 5, 5, 7, 1, 1];
    SUBJECT_INFO_ACCESS = [0x2b, 6, 1, 5, 5, 7, 1, 11];
}

// Attributes of names (RFC 5280 appendix A, X.520).
oids! {
    COMMON_NAME = at(3);
    SURNAME = at(4);
    SERIAL_NUMBER = at(5);
    COUNTRY = at(6);
    LOCALITY = at(7);
    STATE = at(8);
    STREET = at(9);
    ORGANIZATION = at(10);
    ORGANIZATIONAL_UNIT = at(11);
    POSTAL_CODE = at(17);
    GIVEN_NAME = at(42);
    EMAIL_ADDRESS = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
}

// Policies and their qualifiers (RFC 5280 section 4.2.1.4), access methods (section 4.2.2.1).
oids! {
    ANY_POLICY = [0x55, 0x1d, 32, 0];
    CPS = [0x2b, 6, 1, 5, 5, 7, 2, 1];
    USER_NOTICE = [0x2b, 6, 1, 5, 5, 7, 2, 2];
    CA_ISSUERS = [0x2b, 6, 1, 5, 5, 7, 48, 2];
    OCSP = [0x2b, 6, 1, 5, 5, 7, 48, 1];
}

// Purposes (RFC 5280 section 4.2.1.12).
oids! {
    ANY_PURPOSE = [0x55, 0x1d, 37, 0];
    SERVER_AUTH = [0x2b, 6, 1, 5, 5, 7, 3, 1];
    CLIENT_AUTH = [0x2b, 6, 1, 5, 5, 7, 3, 2];
    CODE_SIGNING = [0x2b, 6, 1, 5, 5, 7, 3, 3];
    EMAIL_PROTECTION = [0x2b, 6, 1, 5, 5, 7, 3, 4];
    TIME_STAMPING = [0x2b, 6, 1, 5, 5, 7, 3, 8];
    OCSP_SIGNING = [0x2b, 6, 1, 5, 5, 7, 3, 9];
}

/// `1.2.840.113549.1.1`: `rsaEncryption` is 1 below it, the signature algorithms of PKCS #1 are others (RFC 3279, RFC 4055).
pub(super) const PKCS1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
