//! People who come from keytool type its verbs: they are shown our command, with their own files and aliases in it.
//!
//! Passwords are never carried over: what stands in `-storepass` is not looked at, let alone repeated.

use std::ffi::OsString;
use std::path::Path;

use certroll_keystore::formats;

/// What to say when the first argument is a verb of keytool.
pub(super) fn hint(arguments: &[OsString]) -> Option<String> {
    let words: Vec<String> = arguments.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    // keytool takes its verb anywhere; people type it first.
    let verb = words.first()?.to_ascii_lowercase();
    let typed = Typed(&words);
    let ours = ours(&verb, &typed)?;
    let mut text = format!("error: `{verb}` is a command of keytool");
    for line in ours {
        text.push_str(&format!("\nhint: `{line}`"));
    }
    if words.iter().any(|word| {
        matches!(word.to_ascii_lowercase().as_str(), "-storepass" | "-keypass" | "-srcstorepass" | "-deststorepass")
    }) {
        text.push_str(
            "\nhint: passwords come by `--storepass-file FILE`, CERTROLL_STOREPASS or a prompt, never as arguments",
        );
    }
    Some(text)
}

/// The arguments of keytool, as far as they have a meaning here.
struct Typed<'a>(&'a [String]);

impl Typed<'_> {
    /// The value of an option, ready for a shell.
    fn value(&self, option: &str) -> Option<String> {
        self.raw(option).map(quoted)
    }

    fn raw(&self, option: &str) -> Option<&str> {
        let at = self.0.iter().position(|word| word.eq_ignore_ascii_case(option))?;
        self.0.get(at + 1).map(String::as_str).filter(|value| !value.starts_with('-'))
    }

    fn has(&self, option: &str) -> bool {
        self.0.iter().any(|word| word.eq_ignore_ascii_case(option))
    }

    fn or(&self, option: &str, otherwise: &str) -> String {
        self.value(option).unwrap_or_else(|| otherwise.to_owned())
    }

    /// A keystore, with an extension that says its format when it is still to be made.
    fn keystore(&self, option: &str, kind: &str) -> String {
        let Some(raw) = self.raw(option) else { return "FILE.p12".to_owned() };
        let path = Path::new(raw);
        let format = self.raw(kind).and_then(formats::by_java_type).filter(|format| format.writable);
        let wanted = format.unwrap_or(&formats::PKCS12).extensions[0];
        if path.exists() || formats::by_extension(path).is_some() {
            quoted(raw)
        } else {
            quoted(&format!("{raw}.{wanted}"))
        }
    }

    /// `--alias A`, or nothing.
    fn alias(&self, option: &str) -> String {
        self.value(option).map(|alias| format!(" --alias {alias}")).unwrap_or_default()
    }

    /// The kind of key, in our spelling.
    fn key(&self) -> String {
        let size = self.raw("-keysize");
        let named = |group: &str| if group.contains("384") { "ec:p384" } else { "ec:p256" }.to_owned();
        match self.raw("-keyalg").map(str::to_ascii_uppercase).as_deref() {
            Some("EC") => match (self.raw("-groupname"), size) {
                (Some(group), _) => named(group),
                (None, size) => named(size.unwrap_or_default()),
            },
            Some("ED25519" | "EDDSA") => "ed25519".to_owned(),
            _ => match size {
                Some("2048") => "rsa:2048".to_owned(),
                Some("4096") => "rsa:4096".to_owned(),
                _ => "rsa:3072".to_owned(),
            },
        }
    }

    /// The name to issue for: the alias, unless a better one is given.
    fn name(&self) -> String {
        self.or("-alias", "NAME")
    }
}

/// One command, or several of which one is meant.
fn ours(verb: &str, typed: &Typed<'_>) -> Option<Vec<String>> {
    let store = typed.keystore("-keystore", "-storetype");
    let alias = typed.alias("-alias");
    let file = typed.or("-file", "FILE");
    Some(match verb {
        "-genkeypair" | "-genkey" => {
            let (key, name) = (typed.key(), typed.name());
            let how =
                if typed.raw("-keystore").is_some_and(|path| Path::new(path).exists()) { "add" } else { "create" };
            let given = typed.or("-alias", "ALIAS");
            vec![
                format!("certroll keystore {how} {store} --alias {given} --key {key}"),
                format!("certroll issue {name} --template jms-broker --key {key} --keystore {store}{alias}"),
            ]
        }
        "-certreq" => vec![format!(
            "certroll csr new {} --template jms-broker --keystore {store}{alias} --out {}",
            typed.name(),
            typed.or("-file", "FILE.csr")
        )],
        "-gencert" => vec![format!(
            "certroll issue {} --template jms-broker --csr {} --out-cert {}",
            typed.name(),
            typed.or("-infile", "FILE.csr"),
            typed.or("-outfile", "FILE.pem")
        )],
        "-importcert" | "-import" => vec![
            format!("certroll keystore import {store}{alias} --cert {file}"),
            format!("certroll truststore add {store}{alias} --cert {file}"),
        ],
        "-importkeystore" => {
            let source = typed.or("-srckeystore", "FILE");
            let target = typed.keystore("-destkeystore", "-deststoretype");
            let exists = typed.raw("-destkeystore").is_some_and(|path| Path::new(path).exists());
            let one = typed.alias("-srcalias");
            let renamed = typed.value("-destalias").map(|alias| format!(" --to-alias {alias}")).unwrap_or_default();
            if one.is_empty() && !exists {
                vec![format!("certroll keystore convert {source} --out {target}")]
            } else {
                vec![format!("certroll keystore import {target} --from {source}{one}{renamed}")]
            }
        }
        "-list" if typed.has("-rfc") => vec![format!("certroll keystore export {store}{alias}")],
        "-list" if typed.has("-v") => vec![format!("certroll keystore inspect {store}")],
        "-list" => vec![format!("certroll keystore list {store}")],
        "-exportcert" | "-export" => {
            vec![format!(
                "certroll keystore export {store}{alias} --no-chain --out-cert {}",
                typed.or("-file", "FILE.pem")
            )]
        }
        "-delete" => vec![format!("certroll keystore remove {store} --alias {}", typed.or("-alias", "ALIAS"))],
        "-changealias" => vec![format!(
            "certroll keystore rename {store} --alias {} --to {}",
            typed.or("-alias", "ALIAS"),
            typed.or("-destalias", "ALIAS")
        )],
        "-storepasswd" => vec![format!("certroll keystore passwd {store} --new-storepass-file FILE")],
        "-keypasswd" => vec![format!("certroll keystore passwd {store} --new-keypass-file FILE")],
        "-printcertreq" => vec![format!("certroll csr inspect {file}")],
        "-printcert" | "-printcrl" => vec![format!("certroll inspect {file}")],
        "-gencrl" => vec![format!("certroll ca crl NAME --renew --out {}", typed.or("-file", "FILE.crl"))],
        _ => return None,
    })
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hinted(line: &str) -> String {
        let words: Vec<OsString> = std::iter::once("certroll").chain(line.split_whitespace()).map(Into::into).collect();
        hint(&words).unwrap_or_default()
    }

    #[test]
    fn what_was_typed_comes_back_without_passwords() {
        for (typed, expected) in [
            (
                "-genkeypair -alias broker -keyalg RSA -keysize 2048 -keystore broker.jks -storepass hunter2",
                "certroll keystore create broker.jks --alias broker --key rsa:2048",
            ),
            (
                "-certreq -alias broker -keystore broker.jks -file broker.csr",
                "certroll csr new broker --template jms-broker --keystore broker.jks --alias broker --out broker.csr",
            ),
            (
                "-importcert -keystore broker.jks -alias broker -file reply.pem",
                "certroll keystore import broker.jks --alias broker --cert reply.pem",
            ),
            ("-import -file ca.pem -keystore trust.p12", "certroll truststore add trust.p12 --cert ca.pem"),
            (
                "-importkeystore -srckeystore a.jks -destkeystore b -deststoretype PKCS12 -srcstorepass hunter2",
                "certroll keystore convert a.jks --out b.p12",
            ),
            (
                "-importkeystore -srckeystore a.jks -destkeystore b.jks -srcalias x -destalias y",
                "certroll keystore import b.jks --from a.jks --alias x --to-alias y",
            ),
            ("-LIST -v -keystore a.jks -storepass:file hunter2", "certroll keystore inspect a.jks"),
            ("-changealias -keystore a.jks -alias x -destalias y", "certroll keystore rename a.jks --alias x --to y"),
            ("-delete -keystore a.jks -alias x", "certroll keystore remove a.jks --alias x"),
            ("-genkey -keyalg EC -groupname secp384r1", "--key ec:p384"),
            ("-gencert -alias x -infile a.csr -outfile a.pem", "certroll issue x --template jms-broker --csr a.csr"),
            ("-printcertreq -file a.csr", "certroll csr inspect a.csr"),
        ] {
            let said = hinted(typed);
            assert!(said.contains(expected), "{typed}: {said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
        assert!(hinted("-list -keystore a -storepass x").contains("never as arguments"));
        assert_eq!(hinted("--list"), "");
        assert_eq!(hinted("-q list"), "");
    }

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        let words = ["certroll", "-delete", "-keystore", "my store.jks", "-alias", "it's"].map(OsString::from);
        let said = hint(&words).unwrap();
        assert!(said.contains(r"certroll keystore remove 'my store.jks' --alias 'it'\''s'"), "{said}");
    }
}
