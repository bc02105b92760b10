#![no_main]

use std::sync::LazyLock;

use certroll_tlog::VerifierKey;

#[path = "../shared/mod.rs"]
#[allow(dead_code, reason = "each target uses a part of it")]
mod shared;

static KEY: LazyLock<VerifierKey> = LazyLock::new(|| shared::log::seeds().key);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    shared::log::receipt(bytes, &KEY);
});
