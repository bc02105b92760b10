//! Writes the seeds of each target into `corpus/TARGET`, beside whatever earlier runs found.

#[path = "shared/mod.rs"]
#[allow(dead_code, reason = "the targets use the rest of it")]
mod shared;

use std::fs;
use std::path::Path;

fn write(target: &str, seeds: &[Vec<u8>]) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&directory).expect("a directory can be made");
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(directory.join(format!("seed-{number}")), seed).expect("a file can be written");
    }
}

fn main() {
    let seeds = shared::seeds::all();
    let marked = |mark: u8, seeds: &[Vec<u8>]| -> Vec<Vec<u8>> {
        seeds.iter().map(|seed| [&[mark][..], seed].concat()).collect()
    };
    write("jks", &seeds.jks);
    write("pkcs12", &[marked(0, &seeds.pkcs12), marked(1, &seeds.safes)].concat());
    write("pem", &seeds.pem);
    write("csr", &seeds.csr);
    write("message", &seeds.messages);
    write("certificate", &seeds.certificates);
    let log = shared::log::seeds();
    for (target, seeds) in [
        ("bundle", &log.bundles),
        ("record", &log.records),
        ("note", &log.notes),
        ("receipt", &log.receipts),
        ("policy", &log.policies),
        ("late", &log.late),
    ] {
        write(target, seeds);
    }
    // No CRL is among the fixtures; a certificate has the same outside.
    write("crl", &seeds.certificates);
}
