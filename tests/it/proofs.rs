//! Proofs against two other implementations, byte for byte: `ct-merkle`, and `tlog_tiles`, which is a port of Go's `tlog`.

use std::cell::RefCell;

use certroll_base::encoding::Sha256;
use certroll_tlog::{Tree, leaf_hash, verify_consistency, verify_inclusion};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use tlog_tiles::{Error, Hash, HashReader, prove_record, prove_tree, stored_hashes, tree_hash};

type CtMerkle = MemoryBackedTree<sha2::Sha256, Vec<u8>>;

/// The hashes that `tlog_tiles` asks for, in the order in which it makes them.
#[derive(Default)]
struct Stored(RefCell<Vec<Hash>>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let stored = self.0.borrow();
        Ok(indexes.iter().map(|index| stored[usize::try_from(*index).expect("an index")]).collect())
    }
}

/// One tree, three times.
#[derive(Default)]
struct Three {
    own: Tree,
    ct_merkle: CtMerkle,
    tlog: Stored,
}

impl Three {
    fn push(&mut self) {
        let n = self.own.size();
        let record = format!("record {n}").into_bytes();
        self.own.push(leaf_hash(&record));
        let more = stored_hashes(n, &record, &self.tlog).expect("it can be appended");
        self.tlog.0.borrow_mut().extend(more);
        self.ct_merkle.push(record);
    }

    /// The root of an earlier size, compared. `tlog_tiles` panics on the empty tree, `ct-merkle` knows its newest size only.
    fn root(&self, size: u64) -> Sha256 {
        let root = self.own.root_at(size).expect("it had so many");
        if size > 0 {
            assert_eq!(root, tree_hash(size, &self.tlog).expect("a root").0, "root of {size}");
        }
        if size == self.own.size() {
            assert_eq!(root[..], self.ct_merkle.root().as_bytes()[..], "root of {size}");
        }
        root
    }

    fn inclusion(&self, index: u64, size: u64, root: &Sha256) {
        let proof = self.own.inclusion(index, size).expect("it is in the tree");
        let expected = prove_record(size, index, &self.tlog).expect("a proof");
        assert!(proof.iter().eq(expected.iter().map(|hash| &hash.0)), "{index} in {size}");
        if size == self.own.size() {
            let expected = self.ct_merkle.prove_inclusion(usize::try_from(index).expect("an index"));
            assert_eq!(proof.as_flattened(), expected.as_bytes(), "{index} in {size}");
        }
        let leaf = leaf_hash(format!("record {index}").as_bytes());
        assert_eq!(verify_inclusion(&leaf, index, size, &proof, root), Ok(()), "{index} in {size}");
    }

    fn consistency(&self, (old, old_root): (u64, &Sha256), (new, new_root): (u64, &Sha256)) {
        let proof = self.own.consistency(old, new).expect("it had so many");
        if old > 0 {
            let expected = prove_tree(new, old, &self.tlog).expect("a proof");
            assert!(proof.iter().eq(expected.iter().map(|hash| &hash.0)), "{old} to {new}");
        }
        if old > 0 && new == self.own.size() {
            let expected = self.ct_merkle.prove_consistency(usize::try_from(new - old).expect("a size"));
            assert_eq!(proof.as_flattened(), expected.as_bytes(), "{old} to {new}");
        }
        assert_eq!(verify_consistency((old, old_root), (new, new_root), &proof), Ok(()), "{old} to {new}");
    }
}

#[test]
fn all_proofs_of_all_trees_up_to_300_leaves_are_those_of_two_others() {
    let mut trees = Three::default();
    let mut roots = vec![trees.root(0)];
    for size in 1..=300 {
        trees.push();
        let root = trees.root(size);
        roots.push(root);
        (0..size).for_each(|index| trees.inclusion(index, size, &root));
        for (old, old_root) in (0..).zip(&roots) {
            trees.consistency((old, old_root), (size, &root));
        }
    }
}

#[test]
fn random_proofs_of_a_large_tree_are_those_of_two_others() {
    const LEAVES: u64 = 300_007;
    let mut trees = Three::default();
    (0..LEAVES).for_each(|_| trees.push());
    // The same in every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % limit
    };
    for round in 0..2000 {
        let size = if round % 2 == 0 { LEAVES } else { 1 + below(LEAVES) };
        let root = trees.root(size);
        trees.inclusion(below(size), size, &root);
        let old = 1 + below(size);
        let old_root = trees.own.root_at(old).expect("it had so many");
        trees.consistency((old, &old_root), (size, &root));
    }
}
