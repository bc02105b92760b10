//! Keys in a PKCS#11 token (SoftHSM): CAs whose keys stay there, judged by OpenSSL; and everything that can be wrong about a
//! reference, a token or a PIN.

use std::path::Path;

use crate::home::{Ran, TestHome, files_below, text};
use crate::peers::softhsm::{self, SoftHsm};
use crate::peers::{self, Peer, openssl, openssl_verify};

/// A home whose CAs have their keys in tokens, and the tokens.
struct Vault {
    home: TestHome,
    tokens: SoftHsm,
}

impl Vault {
    /// With the token `ca`.
    fn new() -> Self {
        let home = TestHome::founded();
        let tokens = SoftHsm::new(&home.path("hsm"));
        tokens.add_token("ca");
        home.write("secrets/pin", format!("{}\n", softhsm::PIN));
        home.write("secrets/wrong-pin", "0000000\n");
        let settings = String::from_utf8(home.read("home/certroll.toml")).expect("settings are text");
        let modules = format!("pkcs11_modules = [\"{}\", \"/nowhere/lib.so\"]\n", softhsm::MODULE);
        home.write("home/certroll.toml", settings + &modules);
        Self { home, tokens }
    }

    /// Runs certroll without a PIN.
    fn run_without(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        let mut command = self.home.command(arguments);
        command.env("SOFTHSM2_CONF", self.tokens.configuration()).envs(environment.iter().copied());
        let ran = Ran::from(command.output().expect("the program can be started"));
        assert!(!ran.stdout.contains(softhsm::PIN) && !ran.stderr.contains(softhsm::PIN), "the PIN is shown: {ran:?}");
        ran
    }

    /// Runs certroll with the PIN by file.
    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_without(&[arguments, &["--pin-file", "secrets/pin"]].concat())
    }

    fn ok(&self, arguments: &[&str]) -> Ran {
        self.run(arguments).expect(0)
    }

    /// A CA with a new key in the token.
    fn create(&self, name: &str, kind: &str, issuer: Option<&str>) {
        let reference = reference(&format!("token=ca;object={name}"));
        let subject = format!("O=Test, CN={name}");
        let arguments = ["ca", "create", name, "--key", &reference, "--generate", kind, "--subject", &subject];
        match issuer {
            Some(issuer) => self.ok(&[&arguments[..], &["--issuer", issuer]].concat()),
            None => self.ok(&arguments),
        };
    }

    fn certificate(&self, authority: &str) -> std::path::PathBuf {
        self.home.path(format!("home/ca/{authority}.pem"))
    }
}

fn reference(what: &str) -> String {
    format!("pkcs11:{what}?module-path={}", softhsm::MODULE)
}

fn is_crl_of(crl: &Path, authority: &Path) -> bool {
    let (crl, authority) = (crl.display().to_string(), authority.display().to_string());
    openssl(&["crl", "-inform", "DER", "-in", &crl, "-CAfile", &authority, "-noout"]).text().contains("verify OK")
}

/// Every file of the home and of the state directory that holds the PIN.
fn leaks(home: &TestHome) -> Vec<std::path::PathBuf> {
    let holds = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).expect("a file can be read");
        bytes.windows(softhsm::PIN.len()).any(|window| window == softhsm::PIN.as_bytes())
    };
    let all = ["home", "state"].map(|directory| files_below(&home.path(directory))).concat();
    all.into_iter().filter(holds).collect()
}

#[test]
fn live_pkcs11_authorities_issue_with_keys_in_a_token() {
    if !peers::require(&[Peer::SoftHsm, Peer::OpenSsl]) {
        return;
    }
    let vault = Vault::new();
    vault.create("root", "ec:p384", None);
    for (name, kind) in [("rsa", "rsa:3072"), ("p256", "ec:p256"), ("edwards", "ed25519")] {
        vault.create(name, kind, Some("root"));
        let (leaf, crl) = (format!("{name}-leaf.pem"), format!("{name}.crl"));
        let client = format!("client-{name}");
        vault.ok(&["issue", &client, "-t", "jms-client", "--issuer", name, "--key", "ec:p256", "--out-cert", &leaf]);
        let judged = openssl_verify(
            &vault.certificate("root"),
            Some(&vault.certificate(name)),
            &vault.home.path(&leaf),
            &["-purpose", "sslclient"],
        );
        judged.expect_success(name);
        vault.ok(&["revoke", &client, "--reason", "superseded"]);
        vault.ok(&["ca", "crl", name, "--out", &crl]);
        assert!(is_crl_of(&vault.home.path(&crl), &vault.certificate(name)), "{name}");
        assert!(!is_crl_of(&vault.home.path(&crl), &vault.certificate("root")), "{name}");
    }
    // Nothing but certificates lies beside them, and the record says where the keys are.
    let names = vault.home.names("home/ca");
    assert!(!names.iter().any(|name| name.ends_with("key.pem")), "{names:?}");
    let made = vault.home.records("ca.key.generate");
    assert_eq!(made.len(), 4);
    assert_eq!(text(&made[0], "x/place"), "stays in pkcs11:token=ca;object=root");
    assert_eq!(text(&made[1], "x/key"), "rsa:3072");
    vault.ok(&["issuer", "test", "rsa"]);
    // The clients were revoked, and lie where they were installed.
    let doctor = vault.run(&["doctor"]).expect(12);
    assert_eq!(doctor.stdout.matches(": ready; ").count(), 4, "{doctor:?}");
    vault.home.verify();
    assert_eq!(leaks(&vault.home), Vec::<std::path::PathBuf>::new());
}

/// A key that was in the token before, by its id; many certificates at once, from several threads.
#[test]
fn live_pkcs11_a_batch_is_signed_from_several_threads() {
    if !peers::require(&[Peer::SoftHsm, Peer::OpenSsl]) {
        return;
    }
    let vault = Vault::new();
    let key = vault.home.path("imported.pem").display().to_string();
    let curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"];
    openssl(&[&["genpkey"], &curve[..], &[&key]].concat()).expect_success("openssl genpkey");
    vault.tokens.import("ca", Path::new(&key), "made elsewhere", "a1b2");
    let by_id = reference("token=ca;id=%a1%B2");
    vault.ok(&["ca", "create", "root", "--key", &by_id, "--subject", "O=Test, CN=Root"]);
    assert_eq!(vault.home.records("ca.key.import").len(), 1);
    assert_eq!(vault.home.records("ca.key.generate").len(), 0);

    let lines: String = (0..300).map(|number| format!("meter-{number:03},{number:03}\n")).collect();
    vault.home.write("meters.csv", format!("name,serial\n{lines}"));
    let batch = ["issue", "--batch", "meters.csv", "-t", "meter", "--key", "ec:p256", "--out", "meters", "--jobs", "4"];
    vault.ok(&batch);
    let root = vault.certificate("root");
    for number in ["000", "150", "299"] {
        let leaf = vault.home.path(format!("meters/meter-{number}.pem"));
        openssl_verify(&root, None, &leaf, &[]).expect_success(number);
    }
    assert_eq!(vault.home.records("cert.issued").len(), 300);
    vault.home.verify();
}

#[test]
fn live_pkcs11_the_pin_comes_by_every_way_but_the_reference() {
    if !peers::require(&[Peer::SoftHsm]) {
        return;
    }
    let vault = Vault::new();
    vault.create("root", "ec:p256", None);
    let renew = ["ca", "crl", "root", "--renew"];
    vault.run_with(&renew, &[("CERTROLL_PIN", softhsm::PIN)]).expect(0);
    vault.run_with(&renew, &[("CERTROLL_PIN_FILE", "secrets/pin")]).expect(0);
    vault.run_without(&[&renew[..], &["--pin-command", "cat secrets/pin"]].concat()).expect(0);
    // What is typed goes before the environment.
    vault.run_with(&[&renew[..], &["--pin-file", "secrets/pin"]].concat(), &[("CERTROLL_PIN", "0000000")]).expect(0);

    let missing = vault.run_without(&renew).expect(2);
    assert!(missing.stderr.contains("the PIN of token `ca`") && missing.stderr.contains("--pin-file"), "{missing:?}");
    // What needs no key needs no PIN.
    vault.run_without(&["ca", "show", "root"]).expect(0);
    vault.run_without(&["list"]).expect(0);

    let pin_file = vault.home.path("secrets/pin").display().to_string();
    for (name, source) in [("second", format!("file:{pin_file}")), ("third", format!("%7Ccat%20{pin_file}"))] {
        let by_source = format!("{}&pin-source={source}", reference(&format!("token=ca;object={name}")));
        let create = ["ca", "create", name, "--key", &by_source, "--generate", "ec:p256"];
        vault.run_without(&[&create[..], &["--subject", "O=Test, CN=Other"]].concat()).expect(0);
        vault.run_without(&["ca", "crl", name, "--renew"]).expect(0);
    }

    let with_pin = format!("{}&pin-value={}", reference("token=ca;object=root"), softhsm::PIN);
    let refused = vault.run(&["ca", "create", "fourth", "--key", &with_pin, "--subject", "O=a, CN=b"]).expect(2);
    assert!(refused.stderr.contains("pin-value") && !refused.stderr.contains(softhsm::PIN), "{refused:?}");
    assert_eq!(leaks(&vault.home), Vec::<std::path::PathBuf>::new());
}

#[test]
fn live_pkcs11_a_wrong_pin_is_refused_recorded_and_tried_once() {
    if !peers::require(&[Peer::SoftHsm]) {
        return;
    }
    let vault = Vault::new();
    vault.create("root", "ec:p256", None);
    vault.create("issuing", "ec:p256", Some("root"));
    let wrong = ["--pin-file", "secrets/wrong-pin"];
    let issue = ["issue", "a.example", "-t", "https-server", "--key", "ec:p256"];
    let refused = vault.run_without(&[&issue[..], &wrong].concat()).expect(5);
    assert!(refused.stderr.contains("C_Login answered `PinIncorrect`"), "{refused:?}");
    assert!(refused.stderr.contains("lock"), "a warning of the lock: {refused:?}");
    let denied = vault.home.records("auth.denied");
    assert_eq!((denied.len(), text(&denied[0], "out")), (1, "denied"));
    assert_eq!(text(&denied[0], "x/key"), "pkcs11:token=ca;object=issuing");
    // Two CAs in one token, one attempt.
    let doctor = vault.run_without(&[&["doctor"], &wrong[..]].concat()).expect(12);
    assert_eq!(doctor.stdout.matches("PinIncorrect").count(), 1, "{doctor:?}");
    assert_eq!(doctor.stdout.matches("it is not tried again").count(), 1, "{doctor:?}");
    assert_eq!(vault.home.records("cert.issued").len(), 0);
    vault.ok(&issue);
}

#[test]
fn live_pkcs11_references_that_lead_nowhere_say_what_is_there() {
    if !peers::require(&[Peer::SoftHsm]) {
        return;
    }
    let vault = Vault::new();
    vault.tokens.add_token("spare");
    vault.create("root", "ec:p256", None);
    let subject = ["--subject", "O=Test, CN=Other"];
    let create =
        |key: &str, more: &[&str]| vault.run(&[&["ca", "create", "other", "--key", key], &subject[..], more].concat());
    let said = |ran: Ran, code: i32, words: &[&str]| {
        let ran = ran.expect(code);
        assert!(words.iter().all(|word| ran.stderr.contains(word)), "{words:?}: {ran:?}");
    };
    said(
        create(&reference("token=nowhere;object=root"), &[]),
        2,
        &["there is no token", "token `ca`", "token `spare`"],
    );
    said(create(&reference("object=root"), &[]), 2, &["fits several tokens", "token `ca`", "serial="]);
    said(create(&reference("token=ca;object=rot"), &[]), 2, &["holds no private key", "`object=root`"]);
    said(create(&reference("token=spare"), &[]), 2, &["it holds no private key"]);
    said(
        create(&reference("token=ca;object=root"), &["--generate", "ec:p256"]),
        2,
        &["holds a key of that name already"],
    );
    said(create(&reference("token=ca"), &["--generate", "ec:p256"]), 2, &["how the new key is to be called"]);
    said(create("pkcs11:token=ca?module-path=/nowhere/lib.so", &[]), 2, &["`/nowhere/lib.so` cannot be loaded"]);
    let unlisted = create("pkcs11:token=ca?module-path=/tmp/other.so", &[]);
    said(unlisted, 2, &["do not list the PKCS#11 module `/tmp/other.so`", "pkcs11_modules"]);
    said(create("pkcs11:token=ca;object=root", &[]), 2, &["module-path=", "CERTROLL_PKCS11_MODULE"]);
    said(create("pkcs11:colour=red", &[]), 2, &["`colour` is not known"]);
    // Policy refuses the CA; the key is there by then.
    let weak = create(&reference("token=spare;object=weak"), &["--generate", "rsa:2048"]);
    said(weak, 3, &["2048 bits", "the new key stays in `pkcs11:token=spare;object=weak`"]);
    said(create("rsa:2048", &["--generate", "rsa:2048"]), 2, &["`--key` names none"]);

    vault.create("second", "ec:p256", Some("root"));
    said(create(&reference("token=ca"), &[]), 2, &["fits several keys", "`object=root`", "`object=second`"]);
    vault.ok(&["issuer", "test", "second"]);
    assert_eq!(vault.home.ok(&["ca", "list", "--format", "ndjson"]).ndjson().len(), 2);
}

#[test]
fn live_pkcs11_keys_are_listed_with_their_references() {
    if !peers::require(&[Peer::SoftHsm]) {
        return;
    }
    let vault = Vault::new();
    vault.create("root", "ec:p256", None);
    vault.tokens.add_token("spare");
    // Several tokens fit: they are listed, and no PIN is asked for.
    let list = |reference: &str| {
        ["key".to_owned(), "list".to_owned(), reference.to_owned(), "--format".to_owned(), "json".to_owned()]
    };
    let words = list(&reference(""));
    let tokens = vault.run_without(&words.iter().map(String::as_str).collect::<Vec<_>>()).expect(0).json();
    assert_eq!(tokens["keys"].as_array().map(Vec::len), Some(2), "{tokens}");
    let words = list(&reference("token=ca"));
    let keys = vault.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).expect(0).json();
    assert_eq!((text(&keys, "keys/0/name"), text(&keys, "keys/0/kind")), ("root", "ec:p256"));
    // The reference of the list opens the key.
    let found = text(&keys, "keys/0/reference").to_owned();
    vault.ok(&["ca", "create", "again", "--issuer", "root", "--key", &found]);
}

/// A key in a token signs messages in every form; Java and OpenSSL accept them.
#[test]
fn live_pkcs11_messages_are_signed_in_a_token() {
    if !peers::require(&[Peer::SoftHsm, Peer::OpenSsl, Peer::Jdk]) {
        return;
    }
    let vault = Vault::new();
    let home = &vault.home;
    vault.create("root", "ec:p256", None);
    home.write("message", "<reading>7</reading>\n");
    let path = |name: &str| home.path(name).display().to_string();
    for (kind, algorithm) in [("RSA", "SHA256withRSA"), ("EC", "SHA256withECDSA")] {
        // Made outside, certified by a request, and brought into the token, as it comes from an older system.
        let (key, request, certificate) = (format!("{kind}.key"), format!("{kind}.csr"), format!("{kind}.crt"));
        let (key_path, request_path) = (path(&key), path(&request));
        let size = if kind == "RSA" { "rsa_keygen_bits:3072" } else { "ec_paramgen_curve:P-256" };
        openssl(&["genpkey", "-algorithm", kind, "-pkeyopt", size, "-out", &key_path]).expect_success("genpkey");
        let name = format!("/CN=signer-{kind}");
        openssl(&["req", "-new", "-key", &key_path, "-subj", &name, "-out", &request_path]).expect_success("req");
        let signer = format!("signer-{kind}");
        vault.ok(&["issue", &signer, "-t", "message-signer", "--csr", &request, "--out-cert", &certificate]);
        vault.tokens.import("ca", Path::new(&key_path), &signer, if kind == "RSA" { "01" } else { "02" });
        let own = reference(&format!("token=ca;object={signer}"));
        let sign = ["message", "sign", "message", "--replace", "--key", &own];

        vault.ok(&[&sign[..], &["--raw", "--out", "raw"]].concat());
        let judged = ["verify", &path(&certificate), algorithm, &path("message"), &path("raw")].map(str::to_owned);
        let judged: Vec<&str> = judged.iter().map(String::as_str).collect();
        peers::message_check(&judged).expect_success(kind);

        vault.ok(&[&sign[..], &["--cert", &certificate, "--out", "cms"]].concat());
        vault.run_without(&["message", "verify", "message", "-s", "cms"]).expect(0);
        let args = ["cms", "-verify", "-binary", "-inform", "DER", "-in", &path("cms"), "-content", &path("message")]
            .map(str::to_owned);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let root = vault.certificate("root").display().to_string();
        openssl(&[&args[..], &["-CAfile", &root, "-out", &path("out")]].concat()).expect_success(kind);

        let envelope = ["--cert", &certificate, "--envelope", "--sequence-file", "sequence", "--out", "envelope"];
        vault.ok(&[&sign[..], &envelope].concat());
        peers::message_check(&["open", &path("envelope")]).expect_success(kind);
        vault.run_without(&["message", "verify", "envelope", "--envelope", "--seen-file", "seen"]).expect(0);
        let wrong = vault.run_without(&[&sign[..], &["--raw", "--pin-file", "secrets/wrong-pin"]].concat()).expect(5);
        assert!(wrong.stderr.contains("PinIncorrect"), "{wrong:?}");
    }
    assert_eq!(leaks(home), Vec::<std::path::PathBuf>::new());
}
