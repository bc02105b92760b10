//! What is left in memory: an image of the process as it ends holds neither passphrase nor key. And that memory stays out of swap.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use certroll_pki::container::pem;
use certroll_pki::key::encryption;

use crate::home::{PASSPHRASE, STOREPASS, TestHome};
use crate::peers::{self, Peer};
use crate::secrets::find;

/// Where the program is stopped: at a system call of that name.
fn image(home: &TestHome, arguments: &[&str], call: &str) -> Option<Vec<u8>> {
    let file = home.path("image");
    let _ = fs::remove_file(&file);
    let model = home.command(arguments);
    let mut gdb = peers::command("gdb");
    gdb.args(["-nx", "-batch", "-ex", "set confirm off", "-ex"]).arg(format!("catch syscall {call}"));
    gdb.args(["-ex", "run", "-ex"]).arg(format!("gcore {}", file.display())).args(["-ex", "kill", "--args"]);
    gdb.arg(model.get_program()).args(model.get_args()).current_dir(home.path("")).env_clear().stdin(Stdio::null());
    gdb.envs(model.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = gdb.output().expect("gdb can be started");
    // Who may not look into a process that is not dumpable gets no image, which is as good.
    let made = fs::read(&file).ok();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Catchpoint 1 (call to syscall"), "it was not stopped at `{call}`: {output:?}");
    assert!(made.is_some() || !is_root(), "root gets an image: {output:?}");
    made
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// The private number of each key of the home, and how it is called.
fn numbers(home: &TestHome) -> Vec<(String, Vec<u8>)> {
    let secret = home.secret();
    let number = |file: &str| {
        let blocks = pem::read(&home.read(file)).expect("it is PEM");
        let plain = encryption::decrypt(blocks[0].der.expose(), &secret).expect("it opens");
        let der = plain.expose();
        // OCTET STRING of 32 bytes: the private number of P-256 (RFC 5915) or the seed of Ed25519 (RFC 8410).
        let at = der.windows(2).rposition(|two| two == [0x04, 0x20]).filter(|at| at + 34 <= der.len());
        let at = at.expect("a key of 32 bytes");
        (file.to_owned(), der[at + 2..at + 34].to_vec())
    };
    ["home/ca/root.key.pem", "home/ca/issuing.key.pem", "home/log/key.pem"].map(number).into()
}

#[test]
fn an_image_of_the_ending_process_has_no_passphrase_and_no_key() {
    if !peers::require(&[Peer::Gdb]) {
        return;
    }
    let home = TestHome::new();
    let mut secrets: Vec<(String, Vec<u8>)> = vec![
        ("the passphrase".to_owned(), PASSPHRASE.as_bytes().to_vec()),
        ("the store password".to_owned(), STOREPASS.as_bytes().to_vec()),
        ("the key of the home".to_owned(), home.secret().expose().as_bytes().to_vec()),
    ];
    secrets.extend(numbers(&home));
    home.write("batch.csv", "name\nmeter-1\nmeter-2\n");
    home.ok(&["issue", "old", "-t", "jms-client", "--key", "ec:p256", "--keystore", "old.p12"]);
    let commands: [&[&str]; 5] = [
        &["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"],
        &["rotate", "old"],
        &["revoke", "old", "--reason", "superseded"],
        &["issue", "--batch", "batch.csv", "-t", "meter", "--key", "ec:p256", "--out", "out"],
        &["keystore", "passwd", "client.p12", "--new-storepass-file", "secrets/passphrase"],
    ];
    for arguments in commands {
        let Some(image) = image(&home, arguments, "exit_group") else { continue };
        for (what, bytes) in &secrets {
            assert!(!find(&image, bytes), "{what} is in memory at the end of {arguments:?}");
        }
    }
    home.ok(&["inspect", "client.p12", "--storepass-file", "secrets/passphrase"]);
    // The control: while it works, an image does hold them, and would be found to.
    if let Some(image) = image(&home, &["ca", "crl", "issuing", "--renew"], "rename") {
        let found = secrets.iter().filter(|(_, bytes)| find(&image, bytes));
        let found: Vec<&str> = found.map(|(what, _)| what.as_str()).collect();
        assert!(found.contains(&"the passphrase") || found.contains(&"the key of the home"), "{found:?}");
    }
}

/// The bytes of a process that are kept out of swap, and how many it may keep so.
fn locked(home: &TestHome, wrapper: &[&str]) -> u64 {
    let fifo = home.path("held");
    if !fifo.exists() {
        assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo can be started").success());
    }
    let ours = home.command(&["ca", "crl", "issuing", "--renew", "--passphrase-file", "held"]);
    let line: Vec<_> = wrapper.iter().map(AsRef::as_ref).chain([ours.get_program()]).chain(ours.get_args()).collect();
    let mut command = Command::new(line[0]);
    command.args(&line[1..]).current_dir(home.path("")).env("CERTROLL_HOME", "home").env("CERTROLL_STATE_DIR", "state");
    let mut child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().expect("it can be started");
    let status = format!("/proc/{}/status", child.id());
    let (began, mut most) = (Instant::now(), 0);
    // It waits for a passphrase by now.
    while began.elapsed() < Duration::from_secs(2) {
        let text = fs::read_to_string(Path::new(&status)).unwrap_or_default();
        let field = text.lines().find_map(|line| line.strip_prefix("VmLck:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = most.max(field.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().expect("it can be ended");
    let _ = child.wait();
    most
}

#[test]
fn memory_stays_out_of_swap_where_the_system_allows_it() {
    let home = TestHome::quick();
    let text = fs::read_to_string("/proc/self/status").expect("Linux has it");
    let capable = text.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("CapEff:")?.trim(), 16).ok());
    // CAP_IPC_LOCK (capability(7)).
    let capable = capable.is_some_and(|set| set & (1 << 14) != 0);
    let limits = fs::read_to_string("/proc/self/limits").expect("Linux has it");
    let limit = limits.lines().find(|line| line.starts_with("Max locked memory")).expect("there is one");
    let allowed = capable || limit.split_whitespace().nth(3) == Some("unlimited");
    assert_eq!(locked(&home, &["nice", "-n", "0"]) > 0, allowed, "{limit}");
    // Without the right a limit is kept to: to fail at it in the middle of the work would be worse.
    if capable && !limit.contains("unlimited") {
        assert_eq!(locked(&home, &["setpriv", "--bounding-set", "-ipc_lock"]), 0);
    }
}
