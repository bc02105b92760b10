//! Made-up sources that break one rule each, and some that come close and break none.

use super::rooms;
use super::rules::{self, LONGEST};
use super::source::Source;

/// Each made-up source, and the beginning of the one breach in it; none for those that keep the rules.
#[test]
fn each_kind_of_breach_is_found() {
    let long = "fn f() {}\n".repeat(LONGEST + 1);
    let tested = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n", "    // a line\n".repeat(500));
    let table: &[(&str, &str, Option<&str>)] = &[
        ("pki/a.rs", "use certroll_core::store::Store;", Some("pki/a.rs: `pki` (rank 1) names `store` (rank 2)")),
        ("pki/a.rs", "use certroll_core::audit::value::Id;", Some("pki/a.rs: `pki` (rank 1) names `audit` (rank 1)")),
        ("issuer/a.rs", "use crate::signer::Signer;", Some("issuer/a.rs: `issuer` (rank 3) names `signer` (rank 3)")),
        ("policy/a.rs", "use crate::issuer::Request;", Some("policy/a.rs: `policy` (rank 2) names `issuer` (rank 3)")),
        ("policy/a.rs", "use crate::template::Kind;", Some("policy/a.rs: `policy` (rank 2) names `template` (rank 2)")),
        (
            "store/a.rs",
            "use crate::audit::x; use certroll_keystore::{a, b};",
            Some("store/a.rs: `store` (rank 2) names `keystore`"),
        ),
        (
            "pki/a.rs",
            "#[cfg(test)]\nmod tests {\n    use certroll_core::store::Store;\n}",
            Some("pki/a.rs: `pki` (rank 1) names `store`"),
        ),
        (
            "store/a.rs",
            "use crate::{\n    audit::{a, b},\n    cli,\n};",
            Some("store/a.rs: `store` (rank 2) names `cli`"),
        ),
        ("base/a.rs", "fn f() -> certroll_pki::key::KeyPair {}", Some("base/a.rs: `base` (rank 0) names `pki`")),
        ("store/a/b.rs", "use super::super::super::cli::run;", Some("store/a/b.rs: climb with `crate::`")),
        ("store/mod.rs", "use super::cli::run;", Some("store/mod.rs: `super::cli` leaves the module")),
        ("helpers/a.rs", "fn f() {}", Some("helpers/a.rs: module `helpers` has no rank")),
        ("audit/a.rs", "use crate::helpers::f;", Some("audit/a.rs: `helpers` has no rank")),
        ("lifecycle/a.rs", "use clap::Args;", Some("lifecycle/a.rs: crate `clap` is fenced off")),
        ("cli/a.rs", "use comfy_table::Table;", Some("cli/a.rs: crate `comfy_table` is fenced off")),
        ("cli/a.rs", "let bar = indicatif::ProgressBar::new(1);", Some("cli/a.rs: crate `indicatif` is fenced off")),
        ("store/registry.rs", "use rusqlite as sql;", Some("store/registry.rs: crate `rusqlite` is fenced off")),
        ("keystore/a.rs", "use der::{Decode, Encode};", Some("keystore/a.rs: crate `der` is fenced off")),
        ("issuer/a.rs", "use ::rcgen::KeyPair;", Some("issuer/a.rs: crate `rcgen` is fenced off")),
        ("pki/a.rs", "rustls_pemfile::certs(&mut x)", Some("pki/a.rs: crate `rustls_pemfile` is fenced off")),
        ("cli/a.rs", "fn f(text: &str) { toml::from_str(text) }", Some("cli/a.rs: crate `toml` is fenced off")),
        ("lifecycle/batch.rs", "let x = issuer.submit(plan);", Some("lifecycle/batch.rs: `.submit(` does not belong")),
        ("cli/a.rs", "fn f() { println!(\"x\") }", Some("cli/a.rs: `println!` does not belong here")),
        ("cli/a.rs", "fn f() { eprintln!(\"x\") }", Some("cli/a.rs: `eprintln!` does not belong here")),
        ("base/a.rs", "fn f() { unsafe { g() } }", Some("base/a.rs: `unsafe` does not belong here")),
        ("base/a.rs", &long, Some("base/a.rs: 401 lines without its tests, 400 are the limit")),
        ("audit/a.rs", "let c = '\"'; use crate::helpers::f; // \"", Some("audit/a.rs: `helpers` has no rank")),
        ("cli/a.rs", "let c = '\\''; println!(); let d = '\"';", Some("cli/a.rs: `println!` does not belong here")),
        ("cli/a.rs", "f(r#\"\"a\"#); println!();", Some("cli/a.rs: `println!` does not belong here")),
        (
            "cli/a.rs",
            "#[cfg(test)]\nfn a() {}\nfn b() { println!() }",
            Some("cli/a.rs: `println!` does not belong here"),
        ),
        ("cli/a.rs", "#[cfg(test)]\nuse a::{b, c};\nfn d() { dbg!() }", Some("cli/a.rs: `dbg!` does not belong here")),
        ("base/a.rs", &tested, None),
        ("cli/a.rs", "#[cfg(test)]\nfn a(x: [u8; 2]) { println!() }\nfn b() {}", None),
        ("issuer/a.rs", "use crate::policy::Approved; use crate::store::{self, Announced as A};", None),
        ("cli/a.rs", "pub(in crate::cli) fn f() {}", None),
        ("pki/a.rs", "//! As `certroll_core::store` wants it.\nuse certroll_base::x; /* certroll_core::cli */", None),
        ("pki/a.rs", "let url = \"crate::store and println! are only words\";", None),
        ("keystore/a.rs", "use pkcs8::der::Reader; fn under(x: u8) {} fn reorder() {}", None),
        ("cli/a.rs", "use clap::Args; use certroll_core::{base::a, lifecycle::b};", None),
        ("store/sqlite/a.rs", "use rusqlite::Connection; use super::read;", None),
        ("lifecycle/signing/sign.rs", "issuer.submit(plan)", None),
    ];
    for (path, text, expected) in table {
        let found = rules::breaches(&[Source::new(*path, text)]);
        match expected {
            None => assert!(found.is_empty(), "{path}: {text}: {found:?}"),
            Some(breach) => {
                assert!(found.len() == 1 && found[0].starts_with(breach), "{path}: {text}: {found:?}");
            }
        }
    }
}

/// Made-up files, and the beginning of the one breach in them.
type Files = (&'static [(&'static str, &'static str)], Option<&'static str>);

const RINGS: &[Files] = &[
    // As text, as a group, from below, by the module's own name, and through the root of a crate.
    (
        &[
            ("store/a.rs", "use crate::store::b::B;"),
            ("store/b.rs", "use crate::store::{x, d::{e::F, c::C}};"),
            ("store/d/c.rs", "fn f(x: super::super::a::A) {}"),
            ("store/d/mod.rs", "pub mod c; pub mod e;"),
            ("store/d/e.rs", ""),
            ("store/mod.rs", "pub mod a; pub mod b; pub mod d;"),
        ],
        Some("ring of 3 files:\n    store/a.rs names store/b.rs\n    store/b.rs names store/d/c.rs\n"),
    ),
    (
        &[
            ("scan/mod.rs", "mod a; mod b; use self::a::A;"),
            ("scan/a.rs", "use super::b;"),
            ("scan/b.rs", "use super::Shared;"),
        ],
        Some("ring of 3 files:\n    scan/mod.rs names scan/a.rs\n"),
    ),
    // Two rings of two that share a file are one of three.
    (
        &[
            ("pki/a.rs", "use crate::{b, c};"),
            ("pki/b.rs", "use crate::a::A;"),
            ("pki/c.rs", "use crate::a::A;"),
            ("pki/lib.rs", "pub mod a; pub mod b; pub mod c;"),
        ],
        Some("ring of 3 files:\n    pki/a.rs names pki/b.rs\n    pki/a.rs names pki/c.rs\n"),
    ),
    (
        &[
            ("tlog/lib.rs", "mod a; mod b; pub use self::b::B; fn f() { a::f() }"),
            ("tlog/a.rs", "use crate::b::B;"),
            ("tlog/b.rs", "pub struct B(crate::Hash);"),
        ],
        Some("ring of 3 files:\n    tlog/lib.rs names tlog/a.rs\n    tlog/a.rs names tlog/b.rs\n"),
    ),
    (
        &[
            ("scan/mod.rs", "pub mod a; mod b; pub use crate::scan::b::B; use a::{A as C, d};"),
            ("scan/a.rs", "use super::Shared;"),
            ("scan/b.rs", "use super::Shared;"),
        ],
        Some("ring of 3 files:\n    scan/mod.rs names scan/a.rs\n    scan/mod.rs names scan/b.rs\n"),
    ),
    // None: two files, tests, words, and modules that are declared or only see each other.
    (&[("pki/a.rs", "use crate::b;"), ("pki/b.rs", "use crate::a;")], None),
    (
        &[
            ("pki/a.rs", "use crate::b;"),
            ("pki/b.rs", "use crate::c;"),
            (
                "pki/c.rs",
                "// use crate::a;\nconst C: &str = \"crate::a\";\n#[cfg(test)]\nmod tests {\n    use crate::a;\n}",
            ),
        ],
        None,
    ),
    (
        &[
            ("scan/mod.rs", "mod a; mod b;"),
            ("scan/a.rs", "use super::b; use super::Shared; pub(in crate::scan) struct A;"),
            ("scan/b.rs", "use super::Shared;"),
        ],
        None,
    ),
    // A file may give the items of its children other names.
    (
        &[
            ("scan/mod.rs", "mod a; mod b; pub use self::a::{A, self as c};\npub(crate) use b::B; pub use b::C;"),
            ("scan/a.rs", "use super::Shared; fn f(x: other::a::A) { scan_a::g(); a.b::<u8>() }"),
            ("scan/b.rs", "use super::Shared;"),
        ],
        None,
    ),
    // The same names in other crates are other files.
    (
        &[
            ("pki/a.rs", "use crate::b;"),
            ("pki/b.rs", "use certroll_base::c;"),
            ("base/c.rs", "use crate::a;"),
            ("base/a.rs", ""),
        ],
        None,
    ),
];

const ROOMS: &[Files] = &[
    (
        &[("lifecycle/journal/spool.rs", "use crate::lifecycle::revocation::R;"), ("lifecycle/revocation/mod.rs", "")],
        Some("lifecycle/journal/spool.rs: room `journal` lies below `revocation`: lifecycle/revocation/mod.rs"),
    ),
    (
        &[("lifecycle/session/mod.rs", "use super::{layout, issuance::{a, b::B}};"), ("lifecycle/issuance/b.rs", "")],
        Some("lifecycle/session/mod.rs: room `session` lies below `issuance`: lifecycle/issuance/b.rs"),
    ),
    (
        &[("lifecycle/lobby.rs", "use super::log;"), ("lifecycle/log/mod.rs", "")],
        Some("lifecycle/lobby.rs: `lobby` is no room, and names one: lifecycle/log/mod.rs"),
    ),
    (
        &[("lifecycle/log/mod.rs", "use super::lobby;"), ("lifecycle/lobby.rs", "")],
        Some("lifecycle/log/mod.rs: `lobby` is no room: lifecycle/lobby.rs"),
    ),
    // What the file above the rooms re-exports would hide whose it is.
    (
        &[("lifecycle/mod.rs", "pub mod log; pub use self::log::Log;"), ("lifecycle/log/mod.rs", "")],
        Some("lifecycle/mod.rs: it declares the rooms, and has no `use`"),
    ),
    (
        &[("lifecycle/mod.rs", "pub mod log; fn f() { log::show() }"), ("lifecycle/log/mod.rs", "")],
        Some("lifecycle/mod.rs: `mod` is no room, and names one: lifecycle/log/mod.rs"),
    ),
    (
        &[("lifecycle/log/mod.rs", "use super::Everything;"), ("lifecycle/mod.rs", "")],
        Some("lifecycle/log/mod.rs: `mod` is no room: lifecycle/mod.rs"),
    ),
    (
        &[
            (
                "lifecycle/log/show.rs",
                "use super::selection::S; use crate::lifecycle::journal::Journal; use crate::tools;",
            ),
            ("lifecycle/log/selection.rs", "use super::show;"),
            ("lifecycle/journal/mod.rs", ""),
            ("lifecycle/mod.rs", "pub mod journal; pub mod log;"),
            ("tools/mod.rs", ""),
        ],
        None,
    ),
];

#[test]
fn each_kind_of_ring_and_each_way_up_is_found() {
    for (files, expected) in RINGS.iter().chain(ROOMS) {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(*path, text)).collect();
        let found = rooms::breaches(&sources);
        match expected {
            None => assert!(found.is_empty(), "{files:?}: {found:#?}"),
            Some(breach) => assert!(found.len() == 1 && found[0].starts_with(breach), "{files:?}: {found:#?}"),
        }
    }
}
