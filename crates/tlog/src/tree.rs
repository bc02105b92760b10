//! A whole tree in memory, for roots of earlier sizes and for making proofs.

use crate::merkle::{Hash, empty_root, node_hash};
use crate::proof::ProofError;

/// All hashes of complete subtrees, level by level, computed once: proofs and roots of any earlier size come from it.
///
/// 64 bytes per leaf. An index beyond the tree is answered with [`ProofError::OutOfRange`].
///
/// ```
/// use certroll_tlog::{Tree, leaf_hash, verify_inclusion};
///
/// let records = ["one", "two", "three"];
/// let tree: Tree = records.iter().map(|record| leaf_hash(record.as_bytes())).collect();
/// let proof = tree.inclusion(1, 3)?;
/// verify_inclusion(&leaf_hash(b"two"), 1, 3, &proof, &tree.root_at(3)?)?;
/// assert!(verify_inclusion(&leaf_hash(b"Two"), 1, 3, &proof, &tree.root_at(3)?).is_err());
/// # Ok::<(), certroll_tlog::ProofError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// `levels[k][i]` covers the leaves from `i << k` to `(i + 1) << k`.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Appends a leaf by its hash, [`leaf_hash`](crate::leaf_hash) of its record.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(hash);
            match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => hash = node_hash(left, right),
                _ => return,
            }
        }
    }

    /// The hashes of all complete subtrees of `1 << level` leaves, from the left: what C2SP tiles are cut from.
    pub(crate) fn level(&self, level: usize) -> &[Hash] {
        self.levels.get(level).map_or(&[], Vec::as_slice)
    }

    /// The root that the tree had when it had `size` leaves.
    ///
    /// # Errors
    /// [`ProofError::OutOfRange`]: it never had so many.
    pub fn root_at(&self, size: u64) -> Result<Hash, ProofError> {
        within(size, self.size())?;
        Ok(if size == 0 { empty_root() } else { self.subtree(0, size) })
    }

    /// The inclusion proof of leaf `index` in the tree of the first `size` leaves (RFC 9162 section 2.1.3.1).
    ///
    /// # Errors
    /// [`ProofError::OutOfRange`]: the leaf is not in that tree, or the tree never had so many leaves.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
        within(size, self.size())?;
        within(index.saturating_add(1), size)?;
        let mut path = Vec::new();
        let (mut low, mut high) = (0, size);
        while high - low > 1 {
            let middle = low + split(high - low);
            if index < middle {
                path.push(self.subtree(middle, high));
                high = middle;
            } else {
                path.push(self.subtree(low, middle));
                low = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// The proof that the first `new` leaves begin with the first `old` ones (RFC 9162 section 2.1.4.1).
    ///
    /// # Errors
    /// [`ProofError::OutOfRange`]: `old` is larger than `new`, or the tree never had so many leaves.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
        within(new, self.size())?;
        within(old, new)?;
        let mut path = Vec::new();
        if old == 0 || old == new {
            return Ok(path);
        }
        let (mut low, mut high) = (0, new);
        while old < high {
            let middle = low + split(high - low);
            if old <= middle {
                path.push(self.subtree(middle, high));
                high = middle;
            } else {
                path.push(self.subtree(low, middle));
                low = middle;
            }
        }
        // The verifier knows the old root; only when the walk left it is the subtree where it ended part of the proof.
        if low > 0 {
            path.push(self.subtree(low, high));
        }
        path.reverse();
        Ok(path)
    }

    /// The hash over the leaves `low..high`, where `low` is a multiple of the largest complete subtree in the range.
    fn subtree(&self, low: u64, high: u64) -> Hash {
        let width = high - low;
        if width.is_power_of_two() {
            let level = width.trailing_zeros();
            return self.level(level as usize)[(low >> level) as usize];
        }
        let middle = low + split(width);
        node_hash(&self.subtree(low, middle), &self.subtree(middle, high))
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }
}

fn within(smaller: u64, larger: u64) -> Result<(), ProofError> {
    if smaller > larger { Err(ProofError::OutOfRange { smaller, larger }) } else { Ok(()) }
}

/// The largest power of two below `width` (`k` of RFC 9162); `width` is at least 2.
fn split(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_hash;

    #[test]
    fn nothing_is_proved_beyond_the_tree() {
        let tree: Tree = (0..7_u8).map(|n| leaf_hash(&[n])).collect();
        assert_eq!(tree.size(), 7);
        assert_eq!(tree.root_at(8), Err(ProofError::OutOfRange { smaller: 8, larger: 7 }));
        assert!(tree.inclusion(0, 8).is_err());
        assert!(tree.inclusion(7, 7).is_err());
        assert!(tree.inclusion(0, 0).is_err());
        assert!(tree.inclusion(u64::MAX, 7).is_err());
        assert!(tree.consistency(5, 4).is_err());
        assert!(tree.consistency(4, 8).is_err());
    }

    #[test]
    fn levels_hold_complete_subtrees_only() {
        let tree: Tree = (0..7_u8).map(|n| leaf_hash(&[n])).collect();
        assert_eq!([0, 1, 2, 3].map(|level| tree.level(level).len()), [7, 3, 1, 0]);
        assert_eq!(tree.level(1)[2], node_hash(&leaf_hash(&[4]), &leaf_hash(&[5])));
    }
}
