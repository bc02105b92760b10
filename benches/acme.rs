//! Certificates over ACME beside lego and certbot: one pebble, the same challenge on the same port, the same kind of key, all in
//! one run.
//!
//! `CERTROLL_TEST_TOOLS=DIR cargo bench --bench acme [-- COUNT [CLIENT..]]`, where DIR holds pebble. Nothing passes or fails by time; the
//! ratios are what to look at. Each program has an account before the clock starts. "One by one" starts a program for each
//! certificate; "rotate all" is one `certroll rotate` of all names, one `certbot renew`, and, because lego knows one certificate
//! at a time, one `lego renew` for each.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]

#[allow(dead_code, unused_imports, reason = "the peers of the tests; a benchmark needs few of them")]
#[path = "../tests/it/peers/mod.rs"]
mod peers;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use peers::{Manners, Pebble, Peer};

/// Any error: a benchmark ends with it.
type Failure = Box<dyn std::error::Error>;

/// A client of the server.
struct Client<'a> {
    name: &'a str,
    /// What has to be done once.
    prepare: Vec<Command>,
    /// Gets a certificate for a name.
    issue: Box<dyn Fn(&str) -> Command + 'a>,
    /// Replaces the certificates of all names.
    rotate: Box<dyn Fn(&[String]) -> Vec<Command> + 'a>,
}

fn main() -> Result<(), Failure> {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl, Peer::Lego, Peer::Certbot]) {
        return Ok(());
    }
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let count = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(20);
    let chosen: Vec<&String> = arguments.iter().filter(|argument| argument.parse::<usize>().is_err()).collect();
    let directory = tempfile::tempdir()?;
    let pebble = Pebble::start(&Manners::default());
    println!("{count} certificates, P-256, http-01, one pebble, {} processors", std::thread::available_parallelism()?);
    println!("{:<24} {:>18} {:>10} {:>18} {:>10}", "", "one by one, ms", "of ours", "rotate all, ms", "of ours");
    let mut ours: Option<(f64, f64)> = None;
    for mut client in
        [certroll(directory.path(), &pebble)?, lego(directory.path(), &pebble), certbot(directory.path(), &pebble)]
    {
        if !chosen.is_empty() && !chosen.iter().any(|name| name.as_str() == client.name) {
            continue;
        }
        let names: Vec<String> = (0..count).map(|number| format!("n{number}.{}.example.net", client.name)).collect();
        client.prepare.iter_mut().try_for_each(run)?;
        let issuing = timed(names.iter().map(|name| (client.issue)(name)).collect())? / names.len() as f64;
        let rotating = timed((client.rotate)(&names))? / names.len() as f64;
        let of = ours.get_or_insert((issuing, rotating));
        println!(
            "{:<24} {issuing:>18.1} {:>10.2} {rotating:>18.1} {:>10.2}",
            client.name,
            issuing / of.0,
            rotating / of.1
        );
    }
    Ok(())
}

/// Milliseconds that the commands take, one after the other.
fn timed(mut commands: Vec<Command>) -> Result<f64, Failure> {
    let started = Instant::now();
    commands.iter_mut().try_for_each(run)?;
    Ok(started.elapsed().as_secs_f64() * 1e3)
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}: {}\n{said}", command.get_program().display(), output.status).into())
}

fn certroll<'a>(directory: &'a Path, pebble: &Pebble) -> Result<Client<'a>, Failure> {
    let passphrase = directory.join("passphrase");
    std::fs::write(&passphrase, "bench passphrase\n")?;
    let command = move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certroll"));
        command.current_dir(directory).env("CERTROLL_HOME", directory.join("home"));
        for variable in ["CERTROLL_PASSPHRASE_FILE", "CERTROLL_STOREPASS_FILE"] {
            command.env(variable, directory.join("passphrase"));
        }
        command
    };
    let mut init = command();
    run(init.args(["init", "home", "--origin", "bench.example"]))?;
    let settings = format!(
        "schema = 1\nstore = \"sqlite\"\n[issuers.pebble]\nkind = \"acme\"\ndirectory = \"{}\"\nca_file = \"{}\"\n\
         terms_agreed = true\n[issuers.pebble.challenge]\nkind = \"http-01\"\nport = {}\n",
        pebble.url(),
        pebble.ca_file().display(),
        pebble.http_port
    );
    std::fs::write(directory.join("home/certroll.toml"), settings)?;
    let mut account = command();
    account.args(["issuer", "account", "create", "pebble"]);
    Ok(Client {
        name: "certroll",
        prepare: vec![account],
        issue: Box::new(move |name| {
            let mut command = command();
            command.args(["issue", name, "--template", "https-server", "--issuer", "pebble", "--key", "ec:p256"]);
            command.args(["--out-cert", &format!("{name}.pem"), "--out-key", &format!("{name}.key")]);
            command
        }),
        rotate: Box::new(move |names| {
            let mut command = command();
            command.arg("rotate").args(names);
            vec![command]
        }),
    })
}

fn lego<'a>(directory: &'a Path, pebble: &Pebble) -> Client<'a> {
    let (server, port, roots) = (pebble.url(), format!(":{}", pebble.http_port), pebble.ca_file());
    let command = move |name: &str| {
        let mut command = peers::command("lego");
        command.env("LEGO_CA_CERTIFICATES", &roots);
        command.args(["--server", &server, "--accept-tos", "--email", "bench@example.net", "--key-type", "ec256"]);
        command.arg("--path").arg(directory.join("lego")).args(["--domains", name, "--http", "--http.port", &port]);
        command
    };
    let again = command.clone();
    // The first run registers an account.
    let mut first = command("first.lego.example.net");
    first.arg("run");
    Client {
        name: "lego",
        prepare: vec![first],
        issue: Box::new(move |name| {
            let mut command = command(name);
            command.arg("run");
            command
        }),
        rotate: Box::new(move |names| {
            let renew = |name: &String| {
                let mut command = again(name);
                command.args(["renew", "--days", "100000", "--no-random-sleep"]);
                command
            };
            names.iter().map(renew).collect()
        }),
    }
}

fn certbot<'a>(directory: &'a Path, pebble: &Pebble) -> Client<'a> {
    let (server, port, roots) = (pebble.url(), pebble.http_port.to_string(), pebble.ca_file());
    let command = move |verb: &str| {
        let mut command = peers::command("certbot");
        command.env("REQUESTS_CA_BUNDLE", &roots).args([verb, "--non-interactive", "--server", &server]);
        for (option, name) in [("--config-dir", "config"), ("--work-dir", "work"), ("--logs-dir", "logs")] {
            command.arg(option).arg(directory.join("certbot").join(name));
        }
        command
    };
    let again = command.clone();
    let mut account = command("register");
    account.args(["--agree-tos", "--register-unsafely-without-email"]);
    Client {
        name: "certbot",
        prepare: vec![account],
        issue: Box::new(move |name| {
            let mut command = command("certonly");
            command.args(["--standalone", "--http-01-port", &port, "--key-type", "ecdsa", "-d", name]);
            command
        }),
        rotate: Box::new(move |_| {
            let mut command = again("renew");
            command.args(["--force-renewal", "--no-random-sleep-on-renew"]);
            vec![command]
        }),
    }
}
