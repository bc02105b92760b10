//! Certificates from a real ACME server, beside lego and certbot at the same server in the same run.
//!
//! `cargo bench --bench acme [-- NAMES [OTHERS]]`: certroll rotates 200 names in one run, unless told otherwise; the others
//! renew 10. Nothing passes or fails by time. The server is pebble on this machine, validation without delay, and every
//! program answers http-01 itself and makes P-256 keys. Each first gets its certificates, which is not measured, then
//! replaces them. certroll writes a log, a key encrypted with PBKDF2 and a keystore for each; lego is one process for each
//! name; certbot renews all in one run, one after the other.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

#[path = "../tests/it/peers/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests use more of it")]
mod peers;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use peers::{Manners, Pebble, Peer, run};

/// Any error: a benchmark ends with it.
type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let number = |at: usize, usual: usize| arguments.get(at).map_or(Ok(usual), |text: &String| text.parse());
    let (names, others) = (number(0, 200)?, number(1, 10)?);
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return Ok(());
    }
    let server = Pebble::start(&Manners::default());
    let directory = tempfile::tempdir()?;
    println!("{:<44} {:>8} {:>10} {:>12}", "", "names", "seconds", "ms each");
    certroll(&server, directory.path(), names)?;
    if peers::require(&[Peer::Lego]) {
        lego(&server, directory.path(), others);
    }
    if peers::require(&[Peer::Certbot]) {
        certbot(&server, directory.path(), others);
    }
    Ok(())
}

fn report(what: &str, names: usize, since: Instant) {
    let seconds = since.elapsed().as_secs_f64();
    println!("{what:<44} {names:>8} {seconds:>10.1} {:>12.0}", seconds * 1000.0 / names as f64);
}

fn done(command: &mut Command) {
    run(command, b"").expect_success("a program that is measured");
}

fn name(number: usize) -> String {
    format!("n{number}.example.net")
}

fn certroll(server: &Pebble, directory: &Path, names: usize) -> Result<(), Failure> {
    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certroll"));
        command.args(arguments).current_dir(directory).env("CERTROLL_HOME", "home").env("CERTROLL_STATE_DIR", "state");
        command.env("CERTROLL_PASSPHRASE", "bench passphrase").env("CERTROLL_STOREPASS_FILE", "storepass");
        command
    };
    std::fs::write(directory.join("storepass"), "bench storepass\n")?;
    done(&mut program(&["init", "home", "--origin", "bench"]));
    let (url, ca_file, port) = (server.url(), server.ca_file(), server.http_port);
    std::fs::write(
        directory.join("home/certroll.toml"),
        format!(
            "schema = 1\nstore = \"sqlite\"\n\n[issuers.pebble]\nkind = \"acme\"\ndirectory = \"{url}\"\nca_file = \"{}\"\n\
             terms_agreed = true\n\n[issuers.pebble.challenge]\nkind = \"http-01\"\naddress = \"127.0.0.1\"\nport = {port}\n",
            ca_file.display()
        ),
    )?;
    let since = Instant::now();
    for number in 0..names {
        let (name, keystore) = (name(number), format!("{number}.p12"));
        done(&mut program(&["issue", &name, "--template", "https-server", "--keystore", &keystore]));
    }
    report("certroll issue, a process for each", names, since);
    for jobs in ["1", "8", "16"] {
        let all: Vec<_> = (0..names).map(name).collect();
        let since = Instant::now();
        done(program(&["rotate", "--jobs", jobs]).args(all));
        report(&format!("certroll rotate, one run, --jobs {jobs}"), names, since);
    }
    done(&mut program(&["audit", "verify"]));
    Ok(())
}

fn lego(server: &Pebble, directory: &Path, names: usize) {
    let program = |number: usize, arguments: &[&str]| {
        let mut command = peers::command("lego");
        command.env("LEGO_CA_CERTIFICATES", server.ca_file()).args(["--server", &server.url(), "--accept-tos"]);
        command.args(["--email", "bench@example.net", "--path"]).arg(directory.join("lego"));
        command.args(["--http", "--http.port", &format!("127.0.0.1:{}", server.http_port), "--key-type", "ec256"]);
        command.args(["--domains", &name(number)]).args(arguments);
        command
    };
    for number in 0..names {
        done(&mut program(number, &["run"]));
    }
    let since = Instant::now();
    for number in 0..names {
        done(&mut program(number, &["renew", "--days", "9999", "--no-random-sleep"]));
    }
    report("lego renew, a process for each", names, since);
}

fn certbot(server: &Pebble, directory: &Path, names: usize) {
    let program = |arguments: &[&str]| {
        let mut command = peers::command("certbot");
        command.env("REQUESTS_CA_BUNDLE", server.ca_file()).args(arguments).args(["--server", &server.url()]);
        for kind in ["config", "work", "logs"] {
            command.arg(format!("--{kind}-dir")).arg(directory.join("certbot").join(kind));
        }
        command.args(["--non-interactive", "--agree-tos", "--email", "bench@example.net", "--no-eff-email"]);
        command.args(["--standalone", "--http-01-address", "127.0.0.1", "--http-01-port"]);
        command.args([&server.http_port.to_string(), "--key-type", "ecdsa"]);
        command
    };
    for number in 0..names {
        done(&mut program(&["certonly", "--domain", &name(number)]));
    }
    let since = Instant::now();
    done(&mut program(&["renew", "--force-renewal", "--no-random-sleep-on-renew"]));
    report("certbot renew, one run", names, since);
}
