//! Ranks, fences around outside crates, words that stand in one file only, and the sizes of files.

use super::paths::{self, contains_word, names_crate};
use super::source::Source;

/// Every library crate and every module of `certroll-core`, with its rank, and the program's `cli`. It names only lower ranks; two
/// of one rank are strangers.
pub(super) const RANKS: &[(&str, u8)] = &[
    ("base", 0),
    ("tlog", 0),
    ("pki", 1),
    ("audit", 1),
    ("hint", 1),
    ("aws", 1),
    // Below those that act: an issuer takes what policy approved and the store announced, and nothing else.
    ("policy", 2),
    ("template", 2),
    ("store", 2),
    ("issuer", 3),
    ("signer", 3),
    ("keystore", 3),
    ("destination", 3),
    ("server", 3),
    ("scan", 3),
    ("report", 3),
    ("error", 4),
    ("tools", 5),
    ("lifecycle", 6),
    ("config", 7),
    ("cli", 8),
];

/// The crates below `crates`, by the names under which code refers to them.
pub(super) const CRATES: &[(&str, &str)] = &[
    ("certroll_base", "base"),
    ("certroll_tlog", "tlog"),
    ("certroll_pki", "pki"),
    ("certroll_aws", "aws"),
    ("certroll_keystore", "keystore"),
];

/// A crate, and the beginnings of the paths in which it may be named.
pub(super) const FENCES: &[(&str, &[&str])] = &[
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/generate.rs", "cli/commands/completions.rs"]),
    ("clap_mangen", &["cli/generate.rs"]),
    ("comfy_table", &["cli/render/table.rs"]),
    ("indicatif", &["cli/progress.rs"]),
    ("rpassword", &["config/secrets.rs"]),
    ("signal_hook", &["cli/commands/audit/follow.rs", "cli/signals.rs"]),
    ("rusqlite", &["store/sqlite/"]),
    ("csv", &["lifecycle/batch/input.rs", "audit/export/"]),
    ("toml", &["config/document.rs", "template/", "policy/"]),
    ("des", &["keystore/pkcs12/"]),
    ("rc2", &["keystore/pkcs12/"]),
    ("cbc", &["keystore/pkcs12/"]),
    // Elsewhere it is the module of aws-lc-rs.
    ("hmac", &["base/mac.rs", "keystore/pkcs12/", "pki/jose/jws.rs"]),
    ("sha1", &["keystore/pkcs12/"]),
    ("sha2", &["keystore/pkcs12/"]),
    ("rustls", &["aws/session.rs", "scan/endpoint.rs", "issuer/network/", "issuer/acme/"]),
    ("rustls_pemfile", &["pki/container/pem.rs"]),
    ("aws_lc_rs", &["base/", "tlog/", "pki/", "audit/", "keystore/", "scan/endpoint.rs"]),
    ("tokio", &["base/runtime.rs", "issuer/network/", "issuer/acme/", "issuer/vault/"]),
    ("reqwest", &["issuer/network/", "issuer/acme/", "issuer/vault/"]),
    ("instant_acme", &["issuer/acme/"]),
    ("hickory_proto", &["issuer/acme/"]),
    ("vaultrs", &["issuer/vault/"]),
    ("aws_config", &["aws/"]),
    ("aws_sdk_acm", &["aws/"]),
    ("aws_sdk_acmpca", &["aws/"]),
    ("aws_sdk_kms", &["aws/"]),
    ("aws_smithy_http_client", &["aws/"]),
    ("cryptoki", &["signer/pkcs11/"]),
    ("certval", &["pki/path/rfc5280.rs"]),
    ("cms", &["pki/"]),
    ("x509_cert", &["pki/"]),
    // Two rooms of `keystore` use it for the containers of keys and certificates, not for certificates.
    ("der", &["pki/", "keystore/jks_protection.rs", "keystore/pkcs12/"]),
    ("spki", &["pki/"]),
    // Keystores wrap encrypted PKCS#8 in containers of their own.
    ("pkcs8", &["pki/", "keystore/"]),
    // Its `SigningKey` is the door through which keys sign that are not in a file; the private CA passes it on. Samples are
    // compiled for tests alone. The certificate of tls-alpn-01 proves a challenge and certifies nothing.
    ("rcgen", &["pki/", "signer/mod.rs", "issuer/acme/challenge/tls_alpn.rs", "keystore/samples.rs"]),
    // A keystore that somebody else made may hold certificates that `pki` refuses; ordering them needs names and key
    // identifiers only, and must not fail.
    ("x509_parser", &["pki/", "keystore/chain_order.rs"]),
];

/// Words of code that stand in no file but those.
pub(super) const WORDS: &[(&str, &[&str])] = &[
    // The one function that lets an issuer sign takes an approved request by value.
    (".submit(", &["lifecycle/signing/sign.rs"]),
    ("println!", &[]),
    ("eprintln!", &[]),
    ("print!", &[]),
    ("eprint!", &[]),
    ("dbg!", &[]),
    ("unsafe", &[]),
    ("todo!", &[]),
];

/// Lines of a file, its tests apart.
pub(super) const LONGEST: usize = 400;

/// One line for each breach.
pub(super) fn breaches(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let (path, product) = (source.path.as_str(), source.product.as_str());
        let lines = source.lines;
        if lines > LONGEST {
            found.push(format!("{path}: {lines} lines without its tests, {LONGEST} are the limit"));
        }
        for (word, allowed) in WORDS {
            if contains_word(product, word) && !allowed.contains(&path) {
                found.push(format!("{path}: `{word}` does not belong here"));
            }
        }
        for (name, allowed) in FENCES {
            if names_crate(product, name) && !allowed.iter().any(|start| path.starts_with(start)) {
                found.push(format!("{path}: crate `{name}` is fenced off"));
            }
        }
        if !matches!(source.top(), "lib" | "src") {
            ranks(source, &mut found);
        }
    }
    found.sort();
    found.dedup();
    found
}

fn rank(module: &str) -> Option<u8> {
    RANKS.iter().find(|(name, _)| *name == module).map(|(_, rank)| *rank)
}

/// Every crate and module of the core that a file names, its tests included, has a lower rank.
fn ranks(source: &Source, found: &mut Vec<String>) {
    let (path, own, code) = (&source.path, source.top(), source.code.as_str());
    let Some(mine) = rank(own) else {
        found.push(format!("{path}: module `{own}` has no rank"));
        return;
    };
    // Inside `mod tests` a `super` is the file itself; elsewhere two steps lead out of sight.
    if source.product.contains("super::super::") {
        found.push(format!("{path}: climb with `crate::`, not `super::super::`"));
    }
    let own_crate = CRATES.iter().any(|(_, name)| *name == own);
    if !own_crate && *path == format!("{own}/mod.rs") {
        for used in tops(&source.product, "super::").into_iter().filter(|used| rank(used).is_some()) {
            found.push(format!("{path}: `super::{used}` leaves the module; write `crate::{used}`"));
        }
    }
    let within = if own_crate || own == "cli" { Vec::new() } else { tops(code, "crate::") };
    let others = CRATES.iter().filter(|(path, _)| names_crate(code, path)).map(|(_, name)| *name);
    for used in within.into_iter().chain(tops(code, "certroll_core::")).chain(others) {
        match rank(used) {
            Some(theirs) if used != own && theirs >= mine => {
                found.push(format!("{path}: `{own}` (rank {mine}) names `{used}` (rank {theirs})"));
            }
            None => found.push(format!("{path}: `{used}` has no rank")),
            Some(_) => {}
        }
    }
}

/// The first segment of each path after a root.
fn tops<'a>(code: &'a str, root: &str) -> Vec<&'a str> {
    paths::after(code, root).iter().filter_map(|path| path.first().copied()).collect()
}
