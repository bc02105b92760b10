// Read by rustdoc alone.
#![cfg_attr(any(doc, doctest), doc = include_str!("../README.md"))]
//!
//! # Where to look
//!
//! * A log that holds all its leaf hashes: [`Tree`]. One that holds its right edge only, 64 hashes at most: [`Frontier`].
//! * Statements about a log: [`Checkpoint`], signed by a [`LogKey`] and checked with its [`VerifierKey`]; the text with
//!   signature lines around it is a [`Note`].
//! * Proofs: [`Tree::inclusion`] and [`Tree::consistency`] make them, [`ConsistencyBuilder`] makes the second in constant
//!   memory, [`verify_inclusion`] and [`verify_consistency`] check them. A [`Receipt`] is inclusion proof and checkpoint in one file.
//! * Witnesses: [`WitnessKey`] cosigns, [`WitnessVerifierKey`] checks, [`WitnessPolicy`] says how many of which are enough.
//! * The log as static files: [`tiles`].

mod checkpoint;
mod consistency;
mod cosignature;
mod encoding;
mod merkle;
mod note;
mod note_error;
mod note_key;
mod proof;
mod receipt;
pub mod tiles;
mod tree;
mod witness_policy;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use consistency::ConsistencyBuilder;
pub use cosignature::{WitnessKey, WitnessVerifierKey};
pub use merkle::{Frontier, FrontierError, Hash, leaf_hash, node_hash};
pub use note::{Note, NoteSignature};
pub use note_error::NoteError;
pub use note_key::{LogKey, VerifierKey};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use receipt::{Receipt, ReceiptError};
pub use tree::Tree;
pub use witness_policy::{Cosigned, PolicyFault, Unsatisfied, WitnessPolicy, WitnessPolicyError};
