//! Completions and manual pages, made from the same definitions as the command line itself. Pure: names and bytes.

use clap::Command;
use clap_complete::Shell;

use super::exit;

/// The shells there are completions for, with the name that each expects of the file.
pub const SHELLS: &[(Shell, &str)] = &[
    (Shell::Bash, "certroll.bash"),
    (Shell::Zsh, "_certroll"),
    (Shell::Fish, "certroll.fish"),
    (Shell::Elvish, "certroll.elv"),
    (Shell::PowerShell, "_certroll.ps1"),
];

/// The completion script for a shell.
pub fn completion(mut command: Command, shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command, "certroll", &mut out);
    out
}

/// Every manual page: file name and roff source.
///
/// # Errors
/// A page cannot be rendered.
pub fn manual(mut root: Command) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    root.build();
    let mut pages = Vec::new();
    add_page(&root, "certroll", &mut pages)?;
    Ok(pages)
}

fn add_page(command: &Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    let named = command.clone().name(name.to_owned()).display_name(name.to_owned());
    let mut out = Vec::new();
    clap_mangen::Man::new(named).title(name.to_uppercase()).render(&mut out)?;
    if name == "certroll" {
        out.extend_from_slice(exit_codes().as_bytes());
    }
    pages.push((format!("{name}.1"), out));
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        add_page(sub, &format!("{name}-{}", sub.get_name()), pages)?;
    }
    Ok(())
}

fn exit_codes() -> String {
    let mut section = ".SH \"EXIT STATUS\"\n".to_owned();
    for (code, meaning) in exit::ALL {
        section.push_str(&format!(".TP\n\\fB{code}\\fR\n{}\n", meaning.replace('-', "\\-")));
    }
    section
}
