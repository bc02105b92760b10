//! Files of a home that cannot be used: what needs them stops, and nothing else does.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, describe};

/// What a file decides.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    /// What certificates of that name look like; `None` where the file does not even say which name it is about.
    Template(Option<String>),
    /// Whether anything may be issued.
    Policy,
    /// How the issuer elsewhere of that name is reached.
    Issuer(String),
}

/// One file, or one table of the settings.
#[derive(Clone, Debug)]
struct BrokenFile {
    subject: Subject,
    path: PathBuf,
    why: String,
}

/// The files of a home that cannot be used.
#[derive(Clone, Debug, Default)]
pub struct BrokenFiles(Vec<BrokenFile>);

impl BrokenFiles {
    /// A template that is not valid. Which one is read from the line that names it, which a mistake elsewhere leaves readable.
    pub fn add_template(&mut self, path: &Path, text: &str, why: &dyn std::error::Error) {
        let named = text.lines().find_map(|line| {
            let value = line.trim().strip_prefix("name")?.trim_start().strip_prefix('=')?.trim_start();
            Some(value.strip_prefix('"')?.split_once('"')?.0.to_owned())
        });
        self.add(Subject::Template(named), path, describe(why));
    }

    /// A policy that is not valid.
    pub fn add_policy(&mut self, path: &Path, why: &dyn std::error::Error) {
        self.add(Subject::Policy, path, describe(why));
    }

    /// A table of the settings that is not valid.
    pub fn add_issuer(&mut self, name: &str, path: &Path, why: String) {
        self.add(Subject::Issuer(name.to_owned()), path, why);
    }

    fn add(&mut self, subject: Subject, path: &Path, why: String) {
        self.0.push(BrokenFile { subject, path: path.to_owned(), why });
    }

    /// Whether a policy is among them: then it is not known what may be issued, and nothing is.
    pub fn has_policy(&self) -> bool {
        self.0.iter().any(|file| file.subject == Subject::Policy)
    }

    /// Whether a template is among them.
    pub fn has_template(&self) -> bool {
        self.0.iter().any(|file| matches!(file.subject, Subject::Template(_)))
    }

    /// Refuses to issue from the template of that name where a broken file could say something about it.
    ///
    /// # Errors
    /// One could.
    pub fn refuse_issuing(&self, template: &str) -> Result<(), Error> {
        let decides = |file: &&BrokenFile| match &file.subject {
            Subject::Template(named) => named.as_ref().is_none_or(|named| named == template),
            Subject::Policy => true,
            Subject::Issuer(_) => false,
        };
        let Some(file) = self.0.iter().find(decides) else { return Ok(()) };
        let what = if file.subject == Subject::Policy { "a policy is not valid" } else { "a template is not valid" };
        Err(Error::new(ErrorKind::Usage, what).because(file.why.clone()))
    }

    /// One line for each, for people.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|file| {
            let stops = match &file.subject {
                Subject::Template(Some(named)) => format!("nothing is issued from the template `{named}`"),
                Subject::Template(None) | Subject::Policy => "nothing is issued".to_owned(),
                Subject::Issuer(name) => format!("the issuer `{name}` is not asked"),
            };
            format!("`{}` is not valid, so {stops}: {}", file.path.display(), file.why)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_file_decides_stops() {
        let fault = std::io::Error::other("line 3");
        let mut broken = BrokenFiles::default();
        assert!(broken.refuse_issuing("meter").is_ok());
        broken.add_template(Path::new("t/a.toml"), "# x\nname = \"meter\"\nkey =\n", &fault);
        assert!(broken.refuse_issuing("meter").is_err() && broken.refuse_issuing("gateway").is_ok());
        broken.add_issuer("le", Path::new("certroll.toml"), "no such key".to_owned());
        assert!(broken.refuse_issuing("gateway").is_ok());
        assert!(broken.lines().any(|line| line.contains("the issuer `le` is not asked")));
        let mut nameless = BrokenFiles::default();
        nameless.add_template(Path::new("t/b.toml"), "nam = 3", &fault);
        assert!(nameless.refuse_issuing("gateway").is_err(), "it may be about any");
        broken.add_policy(Path::new("p.toml"), &fault);
        assert!(broken.has_policy() && broken.refuse_issuing("gateway").is_err());
        assert_eq!(broken.lines().count(), 3);
    }
}
