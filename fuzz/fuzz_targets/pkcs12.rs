#![no_main]

#[path = "../shared/mod.rs"]
#[allow(dead_code, reason = "each target uses a part of it")]
mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The first byte decides whether the rest is a file, or the content of one whose MAC is made anew.
    match bytes.split_first() {
        Some((0, rest)) => shared::parsers::pkcs12(rest),
        Some((_, rest)) => shared::parsers::safe(rest),
        None => false,
    };
});
