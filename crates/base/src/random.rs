//! Random bytes from the cryptographic library's generator, which the kernel seeds.

/// Fills an array with random bytes.
///
/// # Panics
/// Only if the operating system has no entropy to give; nothing secure can go on then.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    fill(&mut out);
    out
}

/// Fills a slice with random bytes; panics as [`bytes`] does.
pub fn fill(out: &mut [u8]) {
    #[expect(clippy::expect_used, reason = "without randomness every later step would be unsafe")]
    aws_lc_rs::rand::fill(out).expect("the operating system's random generator failed");
}
