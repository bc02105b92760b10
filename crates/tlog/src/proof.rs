//! Checking proofs: that a record is in the log, and that one log is the continuation of another.

use crate::merkle::{Hash, empty_root, node_hash};

/// Why a proof proves nothing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofError {
    /// The index is not in the tree, or the smaller tree is the larger one.
    #[error("no such proof: {smaller} is not within a tree of {larger} leaves")]
    OutOfRange {
        /// The index of the leaf or the size of the older tree.
        smaller: u64,
        /// The size of the tree.
        larger: u64,
    },
    /// The proof has too few or too many hashes for these sizes.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root of the tree")]
    WrongRoot,
}

/// Checks that the leaf with hash `leaf` is number `index` in the tree of `size` leaves with that root.
///
/// The algorithm of RFC 9162 section 2.1.3.2.
///
/// # Errors
/// [`ProofError`]: it is not, or the proof is not the one for this place.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange { smaller: index, larger: size });
    }
    let mut walk = Walk { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = if walk.step()? { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) };
    }
    walk.end()?;
    same(&hash, root)
}

/// Checks that the tree of `new` leaves begins with the tree of `old` leaves. Each size comes with the root of that tree.
///
/// The algorithm of RFC 9162 section 2.1.4.2. The empty tree is the beginning of every tree, with an empty proof.
///
/// # Errors
/// [`ProofError`]: it does not, or the proof is not the one for these sizes.
pub fn verify_consistency(
    (old, old_root): (u64, &Hash),
    (new, new_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OutOfRange { smaller: old, larger: new });
    }
    if old == 0 || old == new {
        let known = if old == 0 { &empty_root() } else { new_root };
        return if proof.is_empty() { same(old_root, known) } else { Err(ProofError::WrongLength) };
    }
    let shift = (old - 1).trailing_ones();
    let mut walk = Walk { node: (old - 1) >> shift, last: (new - 1) >> shift };
    // A complete old tree is a subtree of the new one, and its root, which the verifier has, is left out of the proof.
    let (start, rest) = match proof.split_first() {
        None => return Err(ProofError::WrongLength),
        Some(_) if old.is_power_of_two() => (old_root, proof),
        Some((first, rest)) => (first, rest),
    };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in rest {
        if walk.step()? {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
    }
    walk.end()?;
    same(&old_hash, old_root)?;
    same(&new_hash, new_root)
}

/// The way from a node up to the root: `fn` and `sn` of RFC 9162.
struct Walk {
    node: u64,
    last: u64,
}

impl Walk {
    /// Goes up to the next node that has a sibling; `true` when that sibling is on the left.
    fn step(&mut self) -> Result<bool, ProofError> {
        if self.last == 0 {
            return Err(ProofError::WrongLength);
        }
        let left = self.node & 1 == 1 || self.node == self.last;
        if left && self.node & 1 == 0 {
            // The last node of a level without a sibling moves up unchanged until it has one. `node` equals `last`,
            // which is not zero, so there is a bit to stop at.
            let skip = self.node.trailing_zeros();
            self.node >>= skip;
            self.last >>= skip;
        }
        self.node >>= 1;
        self.last >>= 1;
        Ok(left)
    }

    fn end(&self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::WrongLength) }
    }
}

fn same(found: &Hash, expected: &Hash) -> Result<(), ProofError> {
    if found == expected { Ok(()) } else { Err(ProofError::WrongRoot) }
}

#[cfg(test)]
mod tests {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;

    use super::*;
    use crate::merkle::{Frontier, leaf_hash};
    use crate::tree::Tree;

    type Oracle = MemoryBackedTree<sha2::Sha256, Vec<u8>>;

    fn leaf(n: u64) -> Vec<u8> {
        format!("record {n}").into_bytes()
    }

    fn trees(size: u64) -> (Tree, Oracle) {
        let mut oracle = Oracle::new();
        (0..size).for_each(|n| oracle.push(leaf(n)));
        ((0..size).map(|n| leaf_hash(&leaf(n))).collect(), oracle)
    }

    #[test]
    fn proofs_up_to_64_leaves_equal_another_implementation() {
        let (tree, _) = trees(64);
        let mut frontier = Frontier::new();
        for size in 0..=64 {
            let (_, oracle) = trees(size);
            let root = tree.root_at(size).unwrap();
            assert_eq!(root[..], oracle.root().as_bytes()[..], "root of {size}");
            assert_eq!(root, frontier.root(), "frontier of {size}");
            for index in 0..size {
                let proof = tree.inclusion(index, size).unwrap();
                assert_eq!(proof.concat(), oracle.prove_inclusion(index as usize).as_bytes(), "{index} in {size}");
                assert_eq!(verify_inclusion(&leaf_hash(&leaf(index)), index, size, &proof, &root), Ok(()));
            }
            for old in 0..=size {
                let proof = tree.consistency(old, size).unwrap();
                let old_root = tree.root_at(old).unwrap();
                if old > 0 {
                    let expected = oracle.prove_consistency((size - old) as usize);
                    assert_eq!(proof.concat(), expected.as_bytes(), "{old} to {size}");
                }
                assert_eq!(verify_consistency((old, &old_root), (size, &root), &proof), Ok(()), "{old} to {size}");
            }
            frontier.push(leaf_hash(&leaf(size)));
        }
    }

    #[test]
    fn a_proof_is_good_for_one_place_only() {
        let (tree, _) = trees(33);
        for size in 1..=33 {
            let root = tree.root_at(size).unwrap();
            for index in 0..size {
                let proof = tree.inclusion(index, size).unwrap();
                let hash = leaf_hash(&leaf(index));
                for other in (0..size).filter(|other| *other != index) {
                    assert!(verify_inclusion(&hash, other, size, &proof, &root).is_err(), "{index} as {other}");
                }
                let longer = [&proof[..], &[[0; 32]]].concat();
                assert!(verify_inclusion(&hash, index, size, &longer, &root).is_err());
                for length in 0..proof.len() {
                    assert!(verify_inclusion(&hash, index, size, &proof[..length], &root).is_err());
                }
            }
            assert!(verify_inclusion(&root, size, size, &[], &root).is_err());
            assert!(verify_consistency((size + 1, &root), (size, &root), &[]).is_err());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn proofs_of_larger_trees(
            size in 65_u64..3000,
            place in any::<prop::sample::Index>(),
            flip in any::<prop::sample::Index>(),
        ) {
            let (tree, oracle) = trees(size);
            let index = place.index(size as usize) as u64;
            let root = tree.root_at(size).unwrap();
            let mut proof = tree.inclusion(index, size).unwrap();
            prop_assert_eq!(proof.concat(), oracle.prove_inclusion(index as usize).as_bytes().to_vec());
            prop_assert_eq!(verify_inclusion(&leaf_hash(&leaf(index)), index, size, &proof, &root), Ok(()));
            let bit = flip.index(proof.len() * 256);
            proof[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
            prop_assert!(verify_inclusion(&leaf_hash(&leaf(index)), index, size, &proof, &root).is_err());

            let old = index + 1;
            let old_root = tree.root_at(old).unwrap();
            let mut proof = tree.consistency(old, size).unwrap();
            prop_assert_eq!(proof.concat(), oracle.prove_consistency((size - old) as usize).as_bytes().to_vec());
            prop_assert_eq!(verify_consistency((old, &old_root), (size, &root), &proof), Ok(()));
            if !proof.is_empty() {
                let bit = flip.index(proof.len() * 256);
                proof[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
                prop_assert!(verify_consistency((old, &old_root), (size, &root), &proof).is_err());
            }
        }
    }
}
