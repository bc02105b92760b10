//! One encoding only: every bit, byte and line of each format is changed in every way that comes to mind, and nothing that
//! was not written by us may be read as the same thing.

use certroll_base::encoding::base64;
use certroll_tlog::tiles::{TilePath, entries, push_entry};
use certroll_tlog::{
    Checkpoint, LogKey, Note, NoteSignature, Receipt, Tree, VerifierKey, WitnessKey, WitnessPolicy, WitnessVerifierKey,
    leaf_hash,
};

const ORIGIN: &str = "example.org/certroll/log";
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes close to `bytes`, each another string: flipped bits, bytes replaced, inserted, deleted, doubled and exchanged, cut
/// and continued, other line ends, base64 with other unused bits or padding, numbers with zeros and signs before them.
fn neighbours(bytes: &[u8]) -> Vec<Vec<u8>> {
    const TELLING: &[u8] = b"\0\t\n\r +-=/0A\xc2\xa0";
    let mut found = Vec::new();
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        found.push(changed);
    }
    for at in 0..=bytes.len() {
        for byte in TELLING {
            found.push([&bytes[..at], &[*byte], &bytes[at..]].concat());
        }
        found.push(bytes[..at].to_vec());
        found.push(bytes[at..].to_vec());
    }
    for at in 0..bytes.len() {
        found.push([&bytes[..at], &bytes[at + 1..]].concat());
        found.push([&bytes[..=at], &bytes[at..]].concat());
        let mut swapped = bytes.to_vec();
        swapped.swap(at, (at + 1) % bytes.len());
        found.push(swapped);
        if bytes[at].is_ascii_digit() {
            for before in ["0", "+", "00", " ", "-"] {
                found.push([&bytes[..at], before.as_bytes(), &bytes[at..]].concat());
            }
        }
        // The last character before padding carries unused bits.
        if bytes[at] == b'=' && at > 0 {
            found.extend(ALPHABET.iter().map(|c| [&bytes[..at - 1], &[*c], &bytes[at..]].concat()));
        }
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for at in 0..lines.len() {
        found.push([&lines[..at], &lines[at + 1..]].concat().concat().into_bytes());
        found.push([&lines[..=at], &lines[at..]].concat().concat().into_bytes());
        found.push([&lines[..at], &["\n"], &lines[at..]].concat().concat().into_bytes());
        if at > 0 {
            let mut swapped = lines.clone();
            swapped.swap(at, at - 1);
            found.push(swapped.concat().into_bytes());
        }
    }
    found.push(text.replace('\n', "\r\n").into_bytes());
    found.push(text.replace('=', "").into_bytes());
    found.push(text.replace('+', "-").replace('/', "_").into_bytes());
    found.push(format!("\u{feff}{text}").into_bytes());
    found.push([bytes, bytes].concat());
    found.retain(|changed| changed != bytes);
    found
}

/// Counts what is read as something, which `same` then must tell from the original.
fn none_is_read_as<T>(
    what: &str,
    bytes: &[u8],
    read: impl Fn(&[u8]) -> Option<T>,
    harmless: impl Fn(&T, &[u8]) -> bool,
) {
    assert!(read(bytes).is_some(), "{what}: the original is not read");
    let all = neighbours(bytes);
    assert!(all.len() > bytes.len() * 20, "{what}: too few neighbours");
    for changed in all {
        if let Some(value) = read(&changed) {
            assert!(harmless(&value, &changed), "{what}: {:?} is read", String::from_utf8_lossy(&changed));
        }
    }
}

fn refused<T>(_: &T, _: &[u8]) -> bool {
    false
}

struct Sample {
    log: LogKey,
    witness: WitnessKey,
    checkpoint: Checkpoint,
    receipt: Receipt,
    record: Vec<u8>,
}

fn sample() -> Sample {
    let (log, witness) =
        (LogKey::generate(ORIGIN).expect("a key"), WitnessKey::generate("witness.example/w1").expect("a key"));
    let record = |n: u32| format!("{{\"v\":1,\"seq\":{n}}}").into_bytes();
    let tree: Tree = (0..11).map(|n| leaf_hash(&record(n))).collect();
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 11, root: tree.root_at(11).expect("a root") };
    let mut note = Note::parse(&checkpoint.sign(&log).expect("signed")).expect("a note");
    note.add(witness.cosign(&checkpoint, 1_780_000_000).expect("cosigned")).expect("added");
    let receipt = Receipt { extra: None, index: 6, path: tree.inclusion(6, 11).expect("a proof"), checkpoint: note };
    Sample { log, witness, checkpoint, receipt, record: record(6) }
}

#[test]
fn checkpoints_are_read_in_one_form() {
    let sample = sample();
    let signed = sample.checkpoint.sign(&sample.log).expect("signed");
    none_is_read_as("checkpoint", &signed, |b| Checkpoint::open(b, sample.log.verifier()).ok(), refused);
    // A body alone is not signed: another size or origin is another checkpoint, but written in just one way.
    let body = sample.checkpoint.body();
    let read = |b: &[u8]| Checkpoint::parse_body(std::str::from_utf8(b).ok()?).ok();
    none_is_read_as("body", body.as_bytes(), read, |read, bytes| {
        read.body().as_bytes() == bytes && *read != sample.checkpoint
    });
}

#[test]
fn notes_are_read_in_one_form() {
    let sample = sample();
    let bytes = sample.receipt.checkpoint.to_bytes();
    none_is_read_as(
        "note",
        &bytes,
        |b| Note::parse(b).ok(),
        |read, b| read.to_bytes() == b && *read != sample.receipt.checkpoint,
    );
    // With both keys known, no byte of the cosigned note can change: a line that is renamed is one that is missing.
    let both = |b: &[u8]| {
        let note = Note::parse(b).ok()?;
        Checkpoint::of(&note, sample.log.verifier()).ok()?;
        let cosigned = sample.witness.verifier().cosigned(&note).ok()??;
        Some((note, cosigned))
    };
    none_is_read_as("cosigned note", &bytes, both, |(note, cosigned), b| {
        // The order of the lines is nobody's statement; both are still there and nothing else is.
        let swapped = note.signatures().iter().rev().eq(sample.receipt.checkpoint.signatures());
        swapped && *cosigned == 1_780_000_000 && note.to_bytes() == b
    });
}

#[test]
fn cosignature_lines_are_read_in_one_form() {
    let sample = sample();
    let line = sample.witness.cosign(&sample.checkpoint, 1_780_000_000).expect("cosigned").to_line();
    let read = |b: &[u8]| {
        let [line] = <[NoteSignature; 1]>::try_from(NoteSignature::parse_lines(b).ok()?).ok()?;
        let mut note = Note::new(sample.checkpoint.body()).ok()?;
        note.add(line).ok()?;
        sample.witness.verifier().cosigned(&note).ok()?
    };
    none_is_read_as("cosignature", line.as_bytes(), read, refused);
    let lines = |b: &[u8]| NoteSignature::parse_lines(b).ok();
    none_is_read_as("signature lines", line.as_bytes(), lines, |read, b| {
        read.iter().map(NoteSignature::to_line).collect::<String>().as_bytes() == b
    });
}

#[test]
fn verifier_keys_are_read_in_one_form() {
    let sample = sample();
    // The hash covers name, type and key, so that no change goes unnoticed (but by one chance in 2^32).
    let log = sample.log.verifier().to_string();
    none_is_read_as("log key", log.as_bytes(), |b| VerifierKey::parse(std::str::from_utf8(b).ok()?).ok(), refused);
    let witness = sample.witness.verifier().to_string();
    let read = |b: &[u8]| WitnessVerifierKey::parse(std::str::from_utf8(b).ok()?).ok();
    none_is_read_as("witness key", witness.as_bytes(), read, refused);
}

#[test]
fn receipts_are_read_in_one_form() {
    let sample = sample();
    let plain = Receipt {
        checkpoint: Note::parse(&sample.checkpoint.sign(&sample.log).expect("signed")).expect("a note"),
        ..sample.receipt.clone()
    };
    let bytes = plain.to_bytes();
    let verified = |b: &[u8]| {
        let receipt = Receipt::parse(b).ok()?;
        receipt.verify(&sample.record, sample.log.verifier()).ok()?;
        Some(receipt)
    };
    none_is_read_as("receipt", &bytes, verified, refused);
    none_is_read_as(
        "unverified receipt",
        &bytes,
        |b| Receipt::parse(b).ok(),
        |read, b| read.to_bytes() == b && *read != plain,
    );
    // Extra data is under no signature; it too has one spelling.
    let extra = Receipt { extra: Some(b"any data".to_vec()), ..plain };
    none_is_read_as("receipt with extra data", &extra.to_bytes(), verified, |read, b| {
        read.to_bytes() == b && Receipt { extra: extra.extra.clone(), ..read.clone() } == extra
    });
    none_is_read_as("record", &sample.record, |b| plain_verify(&sample, b), refused);
}

fn plain_verify(sample: &Sample, record: &[u8]) -> Option<Checkpoint> {
    sample.receipt.verify(record, sample.log.verifier()).ok()
}

#[test]
fn policies_are_read_as_what_they_say() {
    let sample = sample();
    let other = WitnessKey::generate("witness.example/w2").expect("a key");
    let text = format!(
        "log {}\nwitness W1 {}\nwitness W2 {}\ngroup both 2 W1 W2\nquorum both\n",
        sample.log.verifier(),
        sample.witness.verifier(),
        other.verifier()
    );
    let original = WitnessPolicy::parse(text.as_bytes()).expect("a policy");
    // White space, comments and addresses have no meaning (C2SP tlog-policy): without them two texts that say the same are
    // the same. Names are meant to be chosen, and nothing outside the file depends on them.
    let meaning = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let mut said: Vec<Vec<u8>> = Vec::new();
        for line in bytes.split(|b| *b == b'\n') {
            let words: Vec<&[u8]> = line.split(|b| b" \t".contains(b)).filter(|word| !word.is_empty()).collect();
            match words[..] {
                [] => {}
                [first, ..] if first.starts_with(b"#") => {}
                [b"log", key, ..] => said.push([b"log ", key].concat()),
                [b"witness", name, key, ..] => said.push([b"witness ", name, b" ", key].concat()),
                _ => said.push(words.join(&b' ')),
            }
        }
        // The order of what does not build on each other has no meaning either.
        said.sort();
        said
    };
    none_is_read_as(
        "policy",
        text.as_bytes(),
        |b| WitnessPolicy::parse(b).ok(),
        |read, b| {
            // The same policy from a text that says something else would be an alias.
            *read != original || meaning(b) == meaning(text.as_bytes())
        },
    );
    // A quorum is met by nothing but both, however the text was changed into another policy with the same quorum line.
    for changed in neighbours(text.as_bytes()) {
        let Ok(policy) = WitnessPolicy::parse(&changed) else { continue };
        let none = Note::parse(&sample.checkpoint.sign(&sample.log).expect("signed")).expect("a note");
        assert!(policy.quorum(&none).is_err(), "{:?} asks for nobody", String::from_utf8_lossy(&changed));
    }
}

#[test]
fn tiles_and_their_paths_are_read_in_one_form() {
    for path in ["tile/0/000", "tile/2/x001/x234/067.p/17", "tile/entries/x005/000.p/255"] {
        let original = TilePath::parse(path).expect("a path");
        none_is_read_as(
            "path",
            path.as_bytes(),
            |b| TilePath::parse(std::str::from_utf8(b).ok()?).ok(),
            |read, b| read.to_string().as_bytes() == b && *read != original,
        );
    }
    let records: [&[u8]; 3] = [b"{\"v\":1}", b"", b"0"];
    let mut bundle = Vec::new();
    records.iter().for_each(|record| push_entry(&mut bundle, record).expect("it fits"));
    let read = |b: &[u8]| Some(entries(b, 3).ok()?.into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
    none_is_read_as("bundle", &bundle, read, |read, b| {
        let mut again = Vec::new();
        read.iter().for_each(|record| push_entry(&mut again, record).expect("it fits"));
        again == b && read.iter().ne(records)
    });
}

/// A checkpoint of a log of the Sigsum project, from the tests of another implementation of witnesses.
#[test]
fn a_checkpoint_that_others_made_is_verified() {
    let origin = "sigsum.org/v1/tree/985ea163f5af026723561354f51f2ebcdcf2af809ce254ccfb64aa9aadd80f90";
    let public =
        certroll_base::encoding::sha256_from_hex("52c05edad1bf5feffa81354faae59a655d9a9a1a793ed2f62c39c26c0be2aecd");
    let key = VerifierKey::new(origin, public.expect("32 bytes")).expect("a key");
    let note = format!(
        "{origin}\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u{2014} {origin} \
         7BKT0gOfNZ1J0So9unY3BZtm2YkPIoNYM/dce0Z2avJDs8dxN6ts9bOSwwrVrbjm6P9K3ZxpK6jJngOG6YvGGzV/lwo=\n"
    );
    let checkpoint = Checkpoint::open(note.as_bytes(), &key).expect("it is signed");
    assert_eq!((checkpoint.size, checkpoint.root[0]), (1, 0x2a));
}

/// The examples that the specifications print, whose keys they do not.
#[test]
fn the_examples_of_the_specifications_are_read() {
    let note = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u{e8} subito sera.\n\n\
        \u{2014} quasimodo.example/salvatore \
        NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let read = Note::parse(note.as_bytes()).expect("a note");
    assert_eq!((read.to_bytes(), read.text().lines().count()), (note.as_bytes().to_vec(), 4));
    let checkpoint = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        \u{2014} example.com/behind-the-sofa \
        Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    let head = "c2sp.org/tlog-proof@v1\nindex 73894\ngSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n\
        B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n\n";
    let receipt = Receipt::parse(format!("{head}{checkpoint}").as_bytes()).expect("a receipt");
    assert_eq!((receipt.index, receipt.path.len()), (73_894, 2));
    assert_eq!(base64(&receipt.path[1]), "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=");
    assert_eq!(Checkpoint::parse_body(receipt.checkpoint.text()).expect("a checkpoint").size, 20_852_163);
    assert_eq!(receipt.to_bytes(), format!("{head}{checkpoint}").into_bytes());
}

/// The search must find a reader that is not strict.
#[test]
fn a_lax_reader_is_caught() {
    let text = "index 17\n";
    let lax = |b: &[u8]| std::str::from_utf8(b).ok()?.trim().strip_prefix("index ")?.parse::<u64>().ok();
    let caught = std::panic::catch_unwind(|| none_is_read_as("lax", text.as_bytes(), lax, |read, _| *read != 17));
    assert!(caught.is_err());
}
