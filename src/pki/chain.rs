//! Chains: from an end entity up to its root.

use super::certificate::Certificate;

/// The path from `leaf` to a self-issued certificate, leaf first, as far as `pool` has the issuers.
///
/// Every link is verified by its signature, so certificates of the same name but another key are told apart.
pub fn path<'a>(leaf: &'a Certificate, pool: &'a [Certificate]) -> Vec<&'a Certificate> {
    let mut path = vec![leaf];
    while let Some(last) = path.last().copied() {
        if last.is_self_issued() {
            break;
        }
        let issuer = pool.iter().find(|c| !path.contains(c) && last.verify_issued_by(c).is_ok());
        match issuer {
            Some(issuer) => path.push(issuer),
            None => break,
        }
    }
    path
}
