//! The few facts that the steps need from `Cargo.toml` and `Cargo.lock`, read as lines: cargo itself has validated both.

/// The value of `key = "value"` on the first line that has it.
pub(crate) fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().trim_matches('"'))
    })
}

/// The lines of a section (`[name]`), without comments and empty lines.
pub(crate) fn section<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let header = format!("[{name}]");
    let lines = text.lines().skip_while(move |line| *line != header).skip(1).take_while(|line| !line.starts_with('['));
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The number of packages in a lock file.
pub(crate) fn packages(lock: &str) -> usize {
    lock.lines().filter(|line| *line == "[[package]]").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_whole_key() {
        let text =
            "[workspace.package]\nversion = \"0.1.0\"\nrust-version = \"1.95.0\"\nrust-version.workspace = true\n";
        assert_eq!(value(text, "rust-version"), Some("1.95.0"));
        assert_eq!(value(text, "version"), Some("0.1.0"));
        assert_eq!(value(text, "rust"), None);
    }

    #[test]
    fn a_section_ends_where_the_next_begins() {
        let text = "[a]\nx = 1\n\n# Words.\ny = 2\n[b]\nz = 3\n";
        assert_eq!(section(text, "a").collect::<Vec<_>>(), ["x = 1", "y = 2"]);
        assert_eq!(section(text, "b").collect::<Vec<_>>(), ["z = 3"]);
        assert_eq!(section(text, "c").count(), 0);
    }

    #[test]
    fn packages_are_counted() {
        let lock =
            "version = 4\n\n[[package]]\nname = \"a\"\ndependencies = [\n \"b\",\n]\n\n[[package]]\nname = \"b\"\n";
        assert_eq!(packages(lock), 2);
        assert_eq!(packages(""), 0);
    }
}
