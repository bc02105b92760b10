//! Passphrases that protect nothing: the first ones that are tried on a stolen copy of a home.
//!
//! This is no measure of strength. What passes may be weak all the same; what is refused is weak for certain.

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use certroll_base::secret::Secret;

/// The least number of characters.
const LEAST: usize = 12;
/// The least number of different characters.
const LEAST_DIFFERENT: usize = 6;
/// Words and rows of keys that every list of passwords begins with, in lower case.
const COMMON: &[&str] = &[
    "correcthorsebatterystaple",
    "administrator",
    "passphrase",
    "truststore",
    "superuser",
    "qwertyuiop",
    "keystore",
    "password",
    "passwort",
    "certroll",
    "changeit",
    "changeme",
    "iloveyou",
    "qwertzui",
    "asdfghjk",
    "football",
    "princess",
    "sunshine",
    "letmein",
    "welcome",
    "default",
    "example",
    "qwerty",
    "qwertz",
    "secret",
    "dragon",
    "monkey",
    "master",
    "azerty",
    "admin",
    "geheim",
    "login",
    "guest",
    "test",
    "pass",
    "root",
    "user",
    "abc",
];

/// Refuses a passphrase that is trivially weak.
///
/// # Errors
/// It is.
pub fn require(passphrase: &Secret) -> Result<(), Error> {
    match weakness(passphrase.expose()) {
        None => Ok(()),
        Some(why) => Err(Error::new(ErrorKind::Usage, format!("the passphrase is too weak: {why}"))
            .hint(SecretHint::StrongerPassphrase)),
    }
}

/// What is wrong with it; nothing of the passphrase itself is in the answer.
fn weakness(text: &str) -> Option<String> {
    let length = text.chars().count();
    if length < LEAST {
        return Some(format!("it has fewer than {LEAST} characters"));
    }
    let different: BTreeSet<char> = text.chars().flat_map(char::to_lowercase).collect();
    if different.len() < LEAST_DIFFERENT {
        return Some(format!("it has fewer than {LEAST_DIFFERENT} different characters"));
    }
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let in_a_row = codes.windows(2).filter(|pair| (pair[0] - pair[1]).abs() <= 1).count();
    if in_a_row * 4 > length * 3 {
        return Some("its characters follow each other in the alphabet or by number".to_owned());
    }
    let lower = text.to_lowercase();
    let plain: String = lower.chars().map(letter_meant).collect();
    [lower, plain].iter().any(|text| is_common(text)).then(|| "it is made of words that are tried first".to_owned())
}

/// The letter that a digit or sign commonly stands for.
fn letter_meant(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether next to nothing is left of it without common words.
fn is_common(lower: &str) -> bool {
    let mut rest: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    let all = rest.chars().count();
    for word in COMMON {
        rest = rest.replace(word, "");
    }
    let (left, letters) = (rest.chars().count(), rest.chars().filter(|c| c.is_alphabetic()).count());
    left < all && letters < 4 && left < 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_refused() {
        for weak in [
            "",
            "secret",
            "hunter2",
            "elevenchars",
            "aaaaaaaaaaaaaaaa",
            "121212121212",
            "abababababab",
            "abcdefghijklmnop",
            "123456789012345",
            "9876543210987654",
            "password1234",
            "Passw0rd2026!",
            "P@ssw0rd!2026",
            "passwordpassword",
            "correct horse battery staple",
            "changeit-changeit",
            "qwertyuiop123",
            "Certroll-Admin-2026",
            "test test test",
        ] {
            assert!(weakness(weak).is_some(), "{weak}");
        }
    }

    #[test]
    fn what_a_person_or_a_generator_chooses_passes() {
        for fine in [
            "battery-staple",
            "a passphrase of words",
            "MARK-passphrase-7f3a",
            "8ceaee0f2d4e5a7b",
            "bench passphrase",
            "Tr0ub4dor&3xyz",
            "żółw na rowerze",
            "qVn3+3qk0Pq9bX7w",
            "the meter hangs in the hall",
        ] {
            assert_eq!(weakness(fine), None, "{fine}");
        }
    }

    #[test]
    fn an_error_tells_nothing_of_the_passphrase() {
        let error = require(&Secret::new("hunter2".to_owned())).unwrap_err();
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
