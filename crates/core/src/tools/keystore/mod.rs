//! Keystore files by themselves: look at them, change them, bring them into other formats. No home is needed, and nothing
//! here issues a certificate: a key that is made gets none until a CA answers its request.
//!
//! Every change goes one way: the file is opened whole ([`mod@file`]), its entries are changed in memory, the new file is written
//! in memory and read back, and only then takes the old one's place. Nothing that was in a file is lost: an entry that cannot
//! be written stops the change, by name. A change that changes nothing leaves the file untouched.

pub mod edit;
pub mod export;
pub mod file;
pub mod import;
pub mod key_of_any;
pub mod lint;
pub mod passwords;
mod reply;
pub mod source;
pub mod transfer;
