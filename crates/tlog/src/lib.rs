//! A transparency log as data: the Merkle tree of RFC 9162, and notes, checkpoints, cosignatures, tiles and receipts as C2SP
//! writes them.

pub mod checkpoint;
pub mod consistency;
pub mod cosignature;
mod encoding;
pub mod merkle;
pub mod note;
pub mod note_key;
pub mod proof;
pub mod receipt;
pub mod tiles;
pub mod tree;
pub mod witness_policy;

pub use encoding::Sha256;
