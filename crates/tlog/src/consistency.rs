//! Making a consistency proof while the leaves go by, in constant memory.

use std::ops::Range;

use crate::merkle::{Frontier, Hash};
use crate::proof::ProofError;

/// Collects the proof that a log of `new` records begins with its first `old` ones (RFC 9162 section 2.1.4.1).
///
/// [`Tree`](crate::Tree) makes the same proof, and any other, from a tree that it holds; this one holds at most 64 hashes
/// for each of at most 64 subtrees, whatever the size of the log.
///
/// ```
/// use certroll_tlog::{ConsistencyBuilder, Tree, leaf_hash};
///
/// let leaves: Vec<_> = (0..100_u8).map(|n| leaf_hash(&[n])).collect();
/// let mut builder = ConsistencyBuilder::new(30, 100)?;
/// leaves.iter().for_each(|leaf| builder.push(leaf));
/// assert_eq!(builder.finish()?, leaves.into_iter().collect::<Tree>().consistency(30, 100)?);
/// # Ok::<(), certroll_tlog::ProofError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConsistencyBuilder {
    new: u64,
    /// The subtrees whose roots are the proof, in its order. They do not overlap.
    parts: Vec<(Range<u64>, Frontier)>,
    next: u64,
}

impl ConsistencyBuilder {
    /// A proof from `old` to `new`.
    ///
    /// # Errors
    /// [`ProofError::OutOfRange`]: `old` is larger than `new`.
    pub fn new(old: u64, new: u64) -> Result<Self, ProofError> {
        if old > new {
            return Err(ProofError::OutOfRange { smaller: old, larger: new });
        }
        let mut ranges = Vec::new();
        if old > 0 && old < new {
            let (mut low, mut high) = (0, new);
            while old < high {
                // The largest power of two below the width, which is at least 2 here.
                let middle = low + (1 << (high - low - 1).ilog2());
                if old <= middle {
                    ranges.push(middle..high);
                    high = middle;
                } else {
                    ranges.push(low..middle);
                    low = middle;
                }
            }
            if low > 0 {
                ranges.push(low..high);
            }
            ranges.reverse();
        }
        let parts = ranges.into_iter().map(|range| (range, Frontier::new())).collect();
        Ok(Self { new, parts, next: 0 })
    }

    /// Takes the next leaf, from the first on.
    pub fn push(&mut self, leaf: &Hash) {
        let at = self.next;
        self.next += 1;
        if let Some((_, part)) = self.parts.iter_mut().find(|(range, _)| range.contains(&at)) {
            part.push(*leaf);
        }
    }

    /// The proof, once all leaves went by.
    ///
    /// # Errors
    /// [`ProofError::OutOfRange`]: there were fewer than `new`.
    pub fn finish(self) -> Result<Vec<Hash>, ProofError> {
        if self.next < self.new {
            return Err(ProofError::OutOfRange { smaller: self.new, larger: self.next });
        }
        Ok(self.parts.iter().map(|(_, part)| part.root()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_hash;
    use crate::tree::Tree;

    #[test]
    fn the_proofs_are_those_of_the_whole_tree() {
        let leaves: Vec<Hash> = (0..66_u8).map(|n| leaf_hash(&[n])).collect();
        let tree: Tree = leaves.iter().copied().collect();
        for new in 0..=leaves.len() as u64 {
            for old in 0..=new {
                let mut builder = ConsistencyBuilder::new(old, new).unwrap();
                leaves.iter().for_each(|leaf| builder.push(leaf));
                assert_eq!(builder.finish(), tree.consistency(old, new), "{old} to {new}");
            }
        }
        assert!(ConsistencyBuilder::new(2, 1).is_err());
        assert!(ConsistencyBuilder::new(1, 2).unwrap().finish().is_err());
    }
}
