//! People who come from keytool type its verbs: tell them ours.

use std::ffi::OsString;

const VERBS: &[(&str, &str)] = &[
    ("-genkeypair", "certroll issue NAME --template jms-broker --keystore FILE.p12"),
    ("-genkey", "certroll issue NAME --template jms-broker --keystore FILE.p12"),
    ("-certreq", "certroll issue NAME --template jms-broker --csr FILE.csr --out-cert FILE.pem"),
    ("-gencert", "certroll issue NAME --template jms-broker --csr FILE.csr --out-cert FILE.pem"),
    ("-importcert", "certroll ca export --out TRUSTSTORE.p12"),
    ("-import", "certroll ca export --out TRUSTSTORE.p12"),
    ("-list", "certroll inspect FILE"),
    ("-printcert", "certroll inspect FILE"),
    ("-printcertreq", "certroll inspect FILE"),
    ("-printcrl", "certroll inspect FILE"),
];

/// What to say when the first argument is a verb of keytool.
pub(super) fn hint(arguments: &[OsString]) -> Option<String> {
    let first = arguments.get(1)?.to_str()?.to_ascii_lowercase();
    let (verb, ours) = VERBS.iter().find(|(verb, _)| *verb == first)?;
    Some(format!("error: `{verb}` is a command of keytool\nhint: `{ours}`"))
}
