//! How a keystore file is protected: which algorithms, how many iterations. For looking, and for writing a file anew the
//! way it was.

use crate::bundle::Profile;

/// One protected part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `integrity`, `certificates`, `keys` or `secrets`.
    pub of: &'static str,
    /// The algorithm by its usual name, or its object identifier.
    pub algorithm: String,
    /// Iterations of the derivation, where it has any.
    pub iterations: Option<u32>,
    /// Why it is not enough by today's measure.
    pub weakness: Option<&'static str>,
}

impl Part {
    pub(super) fn new(of: &'static str, algorithm: impl Into<String>, iterations: Option<u32>) -> Self {
        Self { of, algorithm: algorithm.into(), iterations, weakness: None }
    }

    pub(super) fn weak(mut self, why: &'static str) -> Self {
        self.weakness.get_or_insert(why);
        self
    }
}

/// The choices with which the writer comes closest to a file with these `parts`: its kind of encryption, and its iterations, but
/// never more than 1 000 000. 10 000 and fewer are what programs write unasked, and become `default` if that is more; a greater
/// number was chosen.
///
/// ```
/// use certroll_keystore::{Profile, formats, protection};
///
/// let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/fixtures/openssl-rc2-128.p12"));
/// let parts = formats::PKCS12.protection(bytes);
/// assert!(parts.iter().any(|part| part.of == "keys" && part.algorithm == "pbeWithSHAAnd128BitRC2-CBC"));
/// assert_eq!(protection::as_before(&parts, 10_000), (Profile::Compatible, 10_000));
/// ```
pub fn as_before(parts: &[Part], default: u32) -> (Profile, u32) {
    /// Beyond this, readers of PKCS#12 refuse.
    const MOST: u32 = 1_000_000;
    /// The default of Java since 8u301; OpenSSL's is 2048.
    const JAVA_ITERATIONS: u32 = 10_000;
    let fips = parts.iter().any(|part| part.of == "integrity" && part.algorithm.starts_with("PBMAC1"));
    let old = parts.iter().any(|part| part.of != "integrity" && part.algorithm.starts_with("pbeWithSHA"));
    let most = parts.iter().filter_map(|part| part.iterations).max().unwrap_or_default();
    let profile = match (old, fips) {
        (true, _) => Profile::Compatible,
        (false, true) => Profile::Fips,
        (false, false) => Profile::Modern,
    };
    (profile, if most > JAVA_ITERATIONS { most.min(MOST) } else { most.max(default) })
}
