//! Why a port cannot be listened on, and who has it.

use std::io;

use super::listeners::ListenAddress;
use crate::issuer::{ErrorClass, IssuerError};
use certroll_base::text::printable;

/// The error of an issuer whose listener could not be opened.
pub(super) fn refused(issuer: &str, place: ListenAddress, error: io::Error) -> IssuerError {
    let port = place.port;
    match error.kind() {
        io::ErrorKind::AddrInUse => in_use(issuer, port, holder(port)).because(error),
        io::ErrorKind::PermissionDenied => {
            let message = format!("port {port} may be listened on by root alone");
            IssuerError::new(issuer, ErrorClass::Config, message).because(error).hint(format!(
                "give the program that right: `sudo setcap cap_net_bind_service=+ep \"$(command -v certroll)\"`; or let \
                 a web server pass the challenge on to another `port` in `[issuers.{issuer}.challenge]`; or set `webroot`"
            ))
        }
        io::ErrorKind::AddrNotAvailable => {
            let address = place.address.map(|address| address.to_string()).unwrap_or_default();
            let message = format!("`{address}` is no address of this machine");
            IssuerError::new(issuer, ErrorClass::Config, message)
                .because(error)
                .hint(format!("correct `address` in `[issuers.{issuer}.challenge]`, or leave it out"))
        }
        _ => IssuerError::new(issuer, ErrorClass::Config, format!("port {port} cannot be listened on")).because(error),
    }
}

fn in_use(issuer: &str, port: u16, holder: Holder) -> IssuerError {
    let by = match holder {
        // It answers challenges too, and will soon be done.
        Holder::Us(process) => {
            let message = format!("port {port} is in use by another run of this program, process {process}");
            return IssuerError::new(issuer, ErrorClass::Retryable, message);
        }
        Holder::Gone => {
            let message = format!("port {port} was in use a moment ago");
            return IssuerError::new(issuer, ErrorClass::Retryable, message);
        }
        Holder::Other { process, name } => format!(" by `{}`, process {process}", printable(&name)),
        Holder::Unseen => String::new(),
    };
    IssuerError::new(issuer, ErrorClass::Config, format!("port {port} is in use{by}")).hint(format!(
        "if that is a web server, give the directory that it serves as `webroot` in `[issuers.{issuer}.challenge]`, or \
         have it pass `/.well-known/acme-challenge/` on to another `port`"
    ))
}

/// Who listens on a port.
enum Holder {
    /// Another run of this program.
    Us(u32),
    /// Another program.
    Other { process: u32, name: String },
    /// A process of another user, whose files this process may not see.
    Unseen,
    /// No process any more.
    Gone,
}

/// Who listens on that port, as far as this process may see it.
#[cfg(target_os = "linux")]
fn holder(port: u16) -> Holder {
    use std::fs;
    let inodes = listening(port);
    if inodes.is_empty() {
        return Holder::Gone;
    }
    let held = |link: &str| inodes.iter().any(|inode| link == format!("socket:[{inode}]"));
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(files) = fs::read_dir(entry.path().join("fd")) else { continue };
        let mut links = files.flatten().filter_map(|file| fs::read_link(file.path()).ok());
        if !links.any(|link| held(&link.to_string_lossy())) {
            continue;
        }
        let program = |of: &str| fs::read_link(format!("/proc/{of}/exe")).ok();
        let same = program("self").is_some_and(|own| program(&process.to_string()) == Some(own));
        if same && process != std::process::id() {
            return Holder::Us(process);
        }
        let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default().trim().to_owned();
        return Holder::Other { process, name };
    }
    // Its process may have ended since the list was read.
    if listening(port).is_empty() { Holder::Gone } else { Holder::Unseen }
}

#[cfg(not(target_os = "linux"))]
fn holder(_port: u16) -> Holder {
    Holder::Unseen
}

/// The inodes of all sockets that listen on that port, by `/proc/net/tcp`: after the number of the line come the local
/// address with the port in hexadecimal, the remote one, the state (0A is LISTEN), six more columns, and the inode.
#[cfg(target_os = "linux")]
fn listening(port: u16) -> Vec<String> {
    let mut inodes = Vec::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in std::fs::read_to_string(table).unwrap_or_default().lines().skip(1) {
            let columns: Vec<&str> = line.split_whitespace().collect();
            if let [_, local, _, "0A", _, _, _, _, _, inode, ..] = columns[..]
                && local.ends_with(&format!(":{port:04X}"))
            {
                inodes.push(inode.to_owned());
            }
        }
    }
    inodes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_the_port_is_told() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let place = ListenAddress { address: None, port };
        let error = refused("le", place, io::ErrorKind::AddrInUse.into());
        assert_eq!(error.class, ErrorClass::Config);
        if cfg!(target_os = "linux") {
            assert!(error.message.contains(&format!("process {}", std::process::id())), "{error}");
        }
        assert!(format!("{:?}", error.hint).contains("`webroot` in `[issuers.le.challenge]`"));
        drop(listener);
        let gone = refused("le", place, io::ErrorKind::AddrInUse.into());
        assert_eq!(gone.class == ErrorClass::Retryable, cfg!(target_os = "linux"), "{gone}");
    }

    #[test]
    fn a_port_that_needs_root_says_how() {
        let error = refused("le", ListenAddress { address: None, port: 80 }, io::ErrorKind::PermissionDenied.into());
        assert!(format!("{:?}", error.hint).contains("setcap cap_net_bind_service=+ep"));
    }
}
