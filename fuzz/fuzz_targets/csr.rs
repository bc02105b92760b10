#![no_main]

#[path = "../shared/mod.rs"]
#[allow(dead_code, reason = "each target uses a part of it")]
mod shared;

use std::sync::LazyLock;

use certroll_pki::key::KeyPair;

static KEY: LazyLock<KeyPair> = LazyLock::new(shared::seeds::key);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // As it is; and signed anew with the key that the seeds hold, so that what follows the check of the signature is reached.
    shared::parsers::csr(bytes);
    if let Some(info) = shared::seeds::info(bytes) {
        shared::parsers::csr(&shared::seal::request(info, &KEY));
    }
});
