//! What the fuzz targets and the test with mutated inputs share: seeds, and each parser behind one function.
//!
//! Three formats end with a check value: the digest of a JKS, the MAC of a PKCS#12, the signature of a request. A mutated
//! file fails that check and nothing behind it is reached. So each is read as it is, and once more with the check value
//! made anew: what somebody could bring who knows the password.

pub mod log;
pub mod parsers;
pub mod seal;
pub mod seeds;
