//! Hashes of the Merkle tree (RFC 9162 section 2.1.1) and its right edge, which is all that appending needs.

use crate::encoding;

/// A hash of the tree: SHA-256 of a leaf, of an inner node, or the root.
///
/// An alias and not a type of its own: a tile is a run of such hashes and is read in place ([`tiles::hashes`](crate::tiles::hashes)),
/// and hashes come from databases, tokens and other libraries as 32 bytes. Nothing is secret or ordered in them that a type could
/// guard; what they are hashes of, only a signed [`Checkpoint`](crate::Checkpoint) tells.
pub type Hash = [u8; 32];

/// Why stored bytes are not the right edge of a tree.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrontierError {
    /// Fewer bytes than the size itself takes.
    #[error("a tree frontier of {0} bytes is too short to name its size")]
    TooShort(usize),
    /// The number of hashes is not the number of complete subtrees in a tree of that size.
    #[error("a tree of {size} leaves has {expected} complete subtrees, but the frontier is {found} bytes of hashes")]
    WrongLength {
        /// The size that the bytes name.
        size: u64,
        /// How many hashes belong to it.
        expected: u32,
        /// How many bytes follow the size.
        found: usize,
    },
}

/// The hash of a leaf: SHA-256 of 0x00 and the record's bytes.
pub fn leaf_hash(record: &[u8]) -> Hash {
    encoding::sha256_parts(&[&[0x00], record])
}

/// The hash of an inner node: SHA-256 of 0x01 and the hashes of its children.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut input = [0x01; 65];
    input[1..33].copy_from_slice(left);
    input[33..].copy_from_slice(right);
    encoding::sha256(&input)
}

/// The root of the tree without leaves: SHA-256 of nothing.
pub(crate) fn empty_root() -> Hash {
    encoding::sha256(b"")
}

/// How many levels of the tree a tile spans (C2SP tlog-tiles): 256 hashes wide.
const TILE_HEIGHT: u32 = 8;

/// The right edge of a tree: the roots of its complete subtrees, largest first, one for each bit set in the size.
///
/// At most 64 hashes, whatever the size; two hash computations per appended leaf on average. Enough to append and to know the
/// root; a [`Tree`](crate::Tree) makes proofs too.
///
/// ```
/// use certroll_tlog::{Frontier, leaf_hash};
///
/// let mut frontier = Frontier::new();
/// (0..1000_u32).for_each(|n| frontier.push(leaf_hash(&n.to_be_bytes())));
/// // What a log stores to go on later: 8 bytes, and 32 for each of the six bits set in 1000.
/// let stored = frontier.to_bytes();
/// assert_eq!(stored.len(), 8 + 6 * 32);
/// assert_eq!(Frontier::from_bytes(&stored)?.root(), frontier.root());
/// # Ok::<(), certroll_tlog::FrontierError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    stack: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash, [`leaf_hash`] of its record.
    pub fn push(&mut self, leaf: Hash) {
        self.push_noting(leaf, |_, _, _| {});
    }

    /// As [`Frontier::push`], and tells `note` the root of each tile that the leaf completes: its level, from 1 on, its index
    /// there, and the hash. A tile of level `k` covers 256^k leaves; a store that keeps these hashes, one for 256 leaves, can go back
    /// to any earlier frontier with [`Frontier::of_tiles`].
    pub fn push_noting(&mut self, leaf: Hash, mut note: impl FnMut(u32, u64, &Hash)) {
        // Like adding one in binary: each carry joins two complete subtrees of equal height.
        let mut hash = leaf;
        for height in 1..=self.size.trailing_ones() {
            if let Some(left) = self.stack.pop() {
                hash = node_hash(&left, &hash);
            }
            if height.is_multiple_of(TILE_HEIGHT) {
                note(height / TILE_HEIGHT, self.size >> height, &hash);
            }
        }
        self.stack.push(hash);
        self.size += 1;
    }

    /// The frontier of the first `size` leaves from kept tiles. `nodes` answers the hashes of a level in a range of indices:
    /// at level 0 leaf hashes, above what [`Frontier::push_noting`] told. At most 255 of each level are asked for.
    ///
    /// Whether the hashes are right only a checkpoint can tell.
    ///
    /// # Errors
    /// The first error of `nodes`; a [`FrontierError`] when it answers fewer or more than it was asked for.
    pub fn of_tiles<E: From<FrontierError>>(
        size: u64,
        mut nodes: impl FnMut(u32, std::ops::Range<u64>) -> Result<Vec<Hash>, E>,
    ) -> Result<Self, E> {
        let mut stack = Vec::with_capacity(size.count_ones() as usize);
        for level in (0..64 / TILE_HEIGHT).rev() {
            let end = size >> (TILE_HEIGHT * level);
            let first = end & !0xFF;
            if first == end {
                continue;
            }
            let hashes = nodes(level, first..end)?;
            if hashes.len() as u64 != end - first {
                let expected = (end - first) as u32;
                return Err(FrontierError::WrongLength { size, expected, found: 32 * hashes.len() }.into());
            }
            // The subtrees of one level are those of a small tree over its nodes.
            let mut part = Self::new();
            hashes.into_iter().for_each(|hash| part.push(hash));
            stack.extend(part.stack);
        }
        Ok(Self { size, stack })
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut subtrees = self.stack.iter().rev();
        match subtrees.next() {
            None => empty_root(),
            Some(smallest) => subtrees.fold(*smallest, |right, left| node_hash(left, &right)),
        }
    }

    /// The frontier of a tree whose complete subtrees are known and whose leaves are not.
    ///
    /// # Errors
    /// [`FrontierError::WrongLength`]: there are not as many subtrees as a tree of that size has. Whether they are right only a checkpoint can tell.
    pub fn of(size: u64, subtrees: Vec<Hash>) -> Result<Self, FrontierError> {
        let expected = size.count_ones();
        if subtrees.len() != expected as usize {
            return Err(FrontierError::WrongLength { size, expected, found: 32 * subtrees.len() });
        }
        Ok(Self { size, stack: subtrees })
    }

    /// The roots of the complete subtrees, largest first.
    pub fn subtrees(&self) -> &[Hash] {
        &self.stack
    }

    /// The stored form: the size as eight bytes, big-endian, then the hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + 32 * self.stack.len());
        out.extend_from_slice(&self.size.to_be_bytes());
        out.extend(self.stack.iter().flatten());
        out
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`FrontierError`]: the length does not fit the size. Whether the hashes are right only a checkpoint can tell.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, hashes) = bytes.split_first_chunk::<8>().ok_or(FrontierError::TooShort(bytes.len()))?;
        let size = u64::from_be_bytes(*size);
        let (hashes, rest) = hashes.as_chunks::<32>();
        let expected = size.count_ones();
        if !rest.is_empty() || hashes.len() != expected as usize {
            return Err(FrontierError::WrongLength { size, expected, found: bytes.len() - 8 });
        }
        Ok(Self { size, stack: hashes.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree of the Certificate Transparency known-answer tests: leaves and the root after each.
    const KNOWN: [(&str, &str); 8] = [
        ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ];

    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let mut frontier = Frontier::new();
        assert_eq!(encoding::hex(&frontier.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (leaf, root) in KNOWN {
            frontier.push(leaf_hash(&encoding::from_hex(leaf).unwrap()));
            assert_eq!(encoding::hex(&frontier.root()), root, "after leaf {leaf:?}");
        }
    }

    #[test]
    fn stored_frontiers_go_on_where_they_stopped() {
        let mut whole = Frontier::new();
        for n in 0..200_u32 {
            let mut resumed = Frontier::from_bytes(&whole.to_bytes()).unwrap();
            assert_eq!(resumed, whole);
            whole.push(leaf_hash(&n.to_be_bytes()));
            resumed.push(leaf_hash(&n.to_be_bytes()));
            assert_eq!(resumed.root(), whole.root());
        }
    }

    #[test]
    fn every_earlier_frontier_comes_back_from_tiles() {
        let mut kept: std::collections::HashMap<(u32, u64), Hash> = std::collections::HashMap::new();
        let mut frontier = Frontier::new();
        let leaf = |n: u32| leaf_hash(&n.to_be_bytes());
        let mut earlier = vec![frontier.clone()];
        for n in 0..66_000 {
            kept.insert((0, n.into()), leaf(n));
            frontier.push_noting(leaf(n), |level, index, hash| assert!(kept.insert((level, index), *hash).is_none()));
            if n < 600 || n % 4099 == 0 || n > 65_530 {
                earlier.push(frontier.clone());
            }
        }
        assert_eq!(kept.keys().filter(|(level, _)| *level == 2).count(), 1);
        for known in earlier {
            let nodes = |level, range: std::ops::Range<u64>| {
                assert!(range.end - range.start < 256);
                Ok::<_, FrontierError>(range.map(|index| kept[&(level, index)]).collect())
            };
            assert_eq!(Frontier::of_tiles(known.size(), nodes), Ok(known));
        }
        let short = |_, _: std::ops::Range<u64>| Ok::<_, FrontierError>(Vec::new());
        assert!(Frontier::of_tiles(3, short).is_err());
    }

    #[test]
    fn a_frontier_of_another_length_is_refused() {
        let mut frontier = Frontier::new();
        (0..5_u8).for_each(|n| frontier.push(leaf_hash(&[n])));
        let bytes = frontier.to_bytes();
        for length in 0..bytes.len() {
            assert!(Frontier::from_bytes(&bytes[..length]).is_err(), "cut to {length}");
        }
        assert!(Frontier::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
        assert!(Frontier::from_bytes(&[&bytes[..], &[0; 32]].concat()).is_err());
    }
}
