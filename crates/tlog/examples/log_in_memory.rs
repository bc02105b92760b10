//! A log in memory with a witness: records go in, checkpoints come out, a receipt is verified without the log, and a log that
//! rewrites its history is found out.
//!
//! ```text
//! cargo run -p certroll-tlog --example log_in_memory
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use certroll_tlog::{
    Checkpoint, ConsistencyBuilder, Hash, LogKey, Note, Receipt, Tree, WitnessKey, WitnessPolicy, leaf_hash,
    verify_consistency,
};

const ORIGIN: &str = "log.example/demo";

/// What a log is: a key, and the records that its tree is over.
struct Log {
    key: LogKey,
    records: Vec<String>,
    tree: Tree,
}

impl Log {
    fn append(&mut self, record: String) {
        self.tree.push(leaf_hash(record.as_bytes()));
        self.records.push(record);
    }

    fn checkpoint(&self) -> Result<Checkpoint, Box<dyn Error>> {
        let size = self.tree.size();
        Ok(Checkpoint { origin: ORIGIN.to_owned(), size, root: self.tree.root_at(size)? })
    }
}

/// What a witness remembers of a log: how far it has followed it.
struct Witness {
    key: WitnessKey,
    seen: (u64, Hash),
}

impl Witness {
    /// Cosigns a checkpoint that continues what the witness has seen, by the proof that comes with it.
    fn cosign(&mut self, note: &mut Note, log: &LogKey, proof: &[Hash]) -> Result<(), Box<dyn Error>> {
        let checkpoint = Checkpoint::of(note, log.verifier())?;
        verify_consistency((self.seen.0, &self.seen.1), (checkpoint.size, &checkpoint.root), proof)?;
        note.add(self.key.cosign(&checkpoint, 1_800_000_000)?)?;
        self.seen = (checkpoint.size, checkpoint.root);
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut log = Log { key: LogKey::generate(ORIGIN)?, records: Vec::new(), tree: Tree::new() };
    let mut witness = Witness { key: WitnessKey::generate("witness.example")?, seen: (0, log.tree.root_at(0)?) };
    // What every user of the log is given, once and over another channel.
    let policy = format!("log {}\nwitness w {}\nquorum w\n", log.key.verifier(), witness.key.verifier());
    println!("the policy\n\n{policy}");
    let policy = WitnessPolicy::parse(policy.as_bytes())?;

    let mut published = None;
    for size in [3, 7] {
        while log.tree.size() < size {
            log.append(format!("record {}", log.tree.size()));
        }
        let mut note = Note::parse(&log.checkpoint()?.sign(&log.key)?)?;
        let proof = log.tree.consistency(witness.seen.0, size)?;
        witness.cosign(&mut note, &log.key, &proof)?;
        println!("checkpoint of {size} records, cosigned\n\n{}", String::from_utf8(note.to_bytes())?);
        published = Some(note);
    }

    // Number 4 of 7, for its owner: verified with the policy, without the log.
    let checkpoint = published.ok_or("nothing was published")?;
    let receipt = Receipt { extra: None, index: 4, path: log.tree.inclusion(4, 7)?, checkpoint };
    let receipt = Receipt::parse(&receipt.to_bytes())?;
    receipt.verify(b"record 4", policy.log_of(&receipt.checkpoint)?)?;
    let cosigned = policy.quorum(&receipt.checkpoint)?;
    println!("record 4 is in the log, as {} has seen: {} hashes", cosigned[0].witness, receipt.path.len());
    assert!(receipt.verify(b"record 5", log.key.verifier()).is_err());

    // The same log with another record 1, and a proof that is right for it.
    log.records[1] = "another record".to_owned();
    log.append("record 7".to_owned());
    let leaves: Vec<Hash> = log.records.iter().map(|record| leaf_hash(record.as_bytes())).collect();
    let mut builder = ConsistencyBuilder::new(7, 8)?;
    leaves.iter().for_each(|leaf| builder.push(leaf));
    log.tree = leaves.iter().copied().collect();
    let mut note = Note::parse(&log.checkpoint()?.sign(&log.key)?)?;
    let refused =
        witness.cosign(&mut note, &log.key, &builder.finish()?).err().ok_or("history was rewritten unseen")?;
    println!("a checkpoint over a rewritten record is not cosigned: {refused}");
    Ok(())
}
