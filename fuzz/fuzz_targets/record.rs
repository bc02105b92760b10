#![no_main]

#[path = "../shared/mod.rs"]
#[allow(dead_code, reason = "each target uses a part of it")]
mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    shared::log::record(bytes);
});
