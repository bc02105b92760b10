//! Paths from a certificate to a trust anchor, built over what is at hand in any order: cross-signed CAs, several keys under one
//! name, anchors that have expired beside others that have not.

use std::collections::HashMap;

use super::flaw::{Check, PathFlaw};
use crate::verify::signature::SignatureError;
use crate::x509::certificate::Certificate;
use certroll_base::clock::Timestamp;

/// Signatures that are checked while paths are built; a crafted heap of certificates costs no more.
const MOST_SIGNATURES: usize = 400;
/// Steps of the search, and whole paths that are judged.
const MOST_STEPS: usize = 20_000;
const MOST_PATHS: usize = 48;

/// A heap of certificates with the leaf at its first place.
pub(super) struct Building<'a> {
    /// Leaf, then anchors, then the others, none twice.
    pool: Vec<&'a Certificate>,
    anchors: usize,
    at: Timestamp,
    depth: usize,
    signatures: HashMap<(usize, usize), Result<(), SignatureError>>,
    steps: usize,
    paths: usize,
    deepest: Vec<usize>,
    too_deep: bool,
}

/// Takes a whole path, leaf first and anchor last; says whether the search is over.
type Judge<'j> = &'j mut dyn FnMut(&[Certificate]) -> bool;

impl<'a> Building<'a> {
    pub(super) fn new(
        leaf: &'a Certificate,
        others: &'a [Certificate],
        anchors: &'a [Certificate],
        (at, depth): (Timestamp, usize),
    ) -> Self {
        let mut pool: Vec<&'a Certificate> = vec![leaf];
        let mut seen = std::collections::HashSet::from([leaf.as_der()]);
        pool.extend(anchors.iter().filter(|anchor| seen.insert(anchor.as_der())));
        let count = pool.len();
        pool.extend(others.iter().filter(|other| seen.insert(other.as_der())));
        Self {
            pool,
            anchors: count,
            at,
            depth,
            signatures: HashMap::new(),
            steps: 0,
            paths: 0,
            deepest: vec![0],
            too_deep: false,
        }
    }

    /// Builds paths until one is accepted.
    pub(super) fn search(&mut self, judge: Judge<'_>) {
        self.extend(&mut vec![0], judge);
    }

    /// Why no path was found; the certificates up to where it breaks off.
    pub(super) fn failure(&self) -> (Vec<Certificate>, Vec<PathFlaw>) {
        let path: Vec<Certificate> = self.deepest.iter().map(|place| self.pool[*place].clone()).collect();
        let mut flaws = Vec::new();
        let last = path.len().saturating_sub(1);
        if let (Some(leaf), Some(end)) = (path.first(), path.last()) {
            let (name, issuer) = (leaf.display_name(), &end.issuer);
            let mut text =
                format!("no path leads from the certificate of `{name}`, issued by `{issuer}`, to a trusted root");
            if last > 0 {
                text = format!(
                    "no path leads from the certificate of `{name}` to a trusted root: none is at hand that issued `{}`, \
                     which names `{issuer}`",
                    end.display_name()
                );
            }
            if self.too_deep {
                text = format!("{text}; {} CAs between both are the limit", self.depth);
            }
            flaws.push(PathFlaw::new(last, Check::Anchor, text));
        }
        let end = self.deepest.last().copied().unwrap_or(0);
        let mut wrong: Vec<_> = self.signatures.iter().filter(|((below, _), _)| *below == end).collect();
        wrong.sort_by_key(|(places, _)| **places);
        for ((_, above), outcome) in wrong {
            if let Err(error) = outcome {
                let (name, issuer) = (self.pool[end].display_name(), self.pool[*above].display_name());
                let text = format!("the certificate of `{name}` is not signed by the key of `{issuer}`: {error}");
                let flaw = PathFlaw::new(last, Check::Signature, text);
                // Of a heap with one name, one reason is enough.
                if !flaws.contains(&flaw) {
                    flaws.push(flaw);
                }
            }
        }
        (path, flaws)
    }

    fn extend(&mut self, path: &mut Vec<usize>, judge: Judge<'_>) -> bool {
        let Some(last) = path.last().copied() else { return false };
        for issuer in self.issuers(last) {
            self.steps += 1;
            if self.steps > MOST_STEPS || self.paths >= MOST_PATHS {
                return true;
            }
            if path.contains(&issuer) || !self.is_signed_by(last, issuer) {
                continue;
            }
            let is_anchor = issuer < self.anchors;
            // The leaf and the CAs so far; the anchor does not count.
            if !is_anchor && path.len() > self.depth {
                self.too_deep = true;
                continue;
            }
            path.push(issuer);
            let over = if is_anchor {
                self.paths += 1;
                let whole: Vec<Certificate> = path.iter().map(|place| self.pool[*place].clone()).collect();
                judge(&whole)
            } else {
                self.extend(path, judge)
            };
            if path.len() > self.deepest.len() {
                self.deepest.clone_from(path);
            }
            path.pop();
            if over {
                return true;
            }
        }
        false
    }

    /// Who could have issued a certificate, by name and key identifier: anchors first, those that are valid first, those with the
    /// very key identifier first.
    fn issuers(&self, below: usize) -> Vec<usize> {
        let certificate = self.pool[below];
        let mut found: Vec<usize> =
            (1..self.pool.len()).filter(|place| certificate.names_as_issuer(self.pool[*place])).collect();
        found.sort_by_key(|place| {
            let issuer = self.pool[*place];
            let by_id = certificate.authority_key_id.is_some() && certificate.authority_key_id == issuer.subject_key_id;
            (*place >= self.anchors, !issuer.validity.contains(self.at), !by_id)
        });
        found
    }

    fn is_signed_by(&mut self, below: usize, issuer: usize) -> bool {
        if !self.signatures.contains_key(&(below, issuer)) {
            if self.signatures.len() >= MOST_SIGNATURES {
                return false;
            }
            let outcome = self.pool[below].verify_signature(&self.pool[issuer].spki);
            self.signatures.insert((below, issuer), outcome);
        }
        matches!(self.signatures.get(&(below, issuer)), Some(Ok(())))
    }
}
