//! Lists the entries of a keystore file of any format.
//!
//! ```text
//! STOREPASS=changeit cargo run -p certroll-keystore --example list -- broker.p12
//! ```
//!
//! Without `STOREPASS` a JKS or a PEM file is listed all the same; a PKCS#12 file says that it needs its password.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::env;
use std::error::Error;
use std::fs;

use certroll_keystore::{EntryKey, Item, Secret, formats};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("usage: list FILE, with the password in STOREPASS")?;
    let password = env::var("STOREPASS").ok().map(Secret::new);
    let bytes = fs::read(path)?;
    let format = formats::detect(&bytes).ok_or("neither PKCS#12 nor JKS nor PEM")?;
    let entries = format.read(&bytes, password.as_ref())?;
    println!("{}, {} entries", format.name, entries.len());
    for part in format.protection(&bytes) {
        println!("{}: {}{}", part.of, part.algorithm, part.weakness.map(|why| format!(" ({why})")).unwrap_or_default());
    }
    for entry in &entries {
        let created = entry.created.map_or_else(|| "no date".to_owned(), |date| date.to_string());
        let certificates = entry.item.certificates().len();
        let what = match &entry.item {
            Item::Key { key: EntryKey::Plain(_), .. } => format!("key and chain of {certificates}"),
            Item::Key { key: EntryKey::Protected(_), .. } => format!("closed key and chain of {certificates}"),
            Item::Trusted(_) => "trusted certificate".to_owned(),
            Item::Unmarked(_) => "certificate without a mark of trust: Java does not see it".to_owned(),
            Item::Secret(secret) => format!("secret key of the algorithm {}", secret.algorithm),
        };
        println!("{:?} {created} {what}", entry.alias);
    }
    Ok(())
}
