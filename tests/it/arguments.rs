//! The command line: what must parse, what must not and as which kind of error, and what holds for every option.

fn parsed(line: &str) -> Result<(), String> {
    let words = std::iter::once("certroll").chain(line.split_whitespace());
    certroll::cli::command().try_get_matches_from(words).map(drop).map_err(|error| format!("{:?}", error.kind()))
}

#[test]
fn the_definitions_are_consistent() {
    certroll::cli::command().debug_assert();
}

#[test]
fn these_lines_are_accepted() {
    let lines = [
        "init",
        "init somewhere --origin pki.example",
        "quickstart",
        "quickstart y",
        "doctor --home h",
        "--home h -q list",
        "list --home h -q",
        "issue broker -t jms-broker",
        "issue broker --template jms-broker --san dns:a.example --san 10.0.0.1 --san urn:x:y",
        "issue broker -t jms-broker --keystore a.p12 --keystore a.jks --alias b --storepass-file f",
        "issue broker -t jms-broker --keystore a.p12 --storepass-command c",
        "issue broker -t jms-broker --key rsa:3072 --ttl 90d --issuer ca --param a=b --param c=d=e --force",
        "issue broker -t jms-broker --csr f --out-cert c --ticket T-1 --comment x --detailed-exitcode",
        "issue --batch f.csv -t meter --out d --out-format jks --out-format pkcs12 --jobs 4 --format json",
        "issue -t meter --batch f.csv --key ed25519 --ttl never",
        "rotate broker other third",
        "rotate --due",
        "rotate --due broker --reuse-key",
        "rotate a --csr f --reuse-key",
        "rotate --due --renew-before 50%",
        "show a --pem --format json",
        "show a --all",
        "renew broker --csr f",
        "revoke broker --reason keyCompromise",
        "revoke broker -r superseded --ticket T-1",
        "deliver broker --keystore f.p12 --out-cert c --out-key k",
        "service kinds --format json",
        "service config --server jetty --name a --truststore t --out d --detailed-exitcode",
        "service config --server nginx --cert c --key k --truststore t --storepass-file s",
        "service config --server kafka --keystore k --truststore t --trustpass-file p --listen [::]:9093",
        "rollback f.p12",
        "ls",
        "list a b --template t --issuer i --expires-within 30d --current",
        "list --revoked",
        "show a --pem",
        "check --renew-before 33%",
        "check a --renew-before 30d",
        "inspect f --storepass-file s",
        "verify c --trust a --trust b --untrusted d --untrusted e --crl f --crl g --at 2026-01-01T00:00:00Z --purpose serverAuth",
        "verify c --trust a --no-revocation --host a.example.net --ip ::1 --email a@example.net --depth 3 --format json",
        "verify c --trust a --ocsp f --ocsp g --crl h",
        "lint a b - --pack cabf --ignore e_x --format sarif",
        "lint a --against t --name n --param a=b --issuer i --storepass-file s --format junit",
        "verify c --trust a --policy 1.2.3 --policy 1.2.4 --require-explicit-policy --inhibit-policy-mapping --inhibit-any-policy",
        "ca create root --subject O=a,CN=b --key ec:p384 --ttl 20y --path-length 1",
        "ca create a --issuer root --permit dns:example.net --exclude ip:10.0.0.0/8 --crl-url http://a/b",
        "ca list",
        "ca show",
        "ca crl root --renew --next-update 7d --out f",
        "ca export --out f.jks",
        "template list",
        "template show meter",
        "policy show baseline",
        "issuer test",
        "issuer status shop",
        "issuer delete shop",
        "issuer report cloud",
        "issuer abandon shop --comment lost --ticket OPS-1",
        "issuer capabilities cloud",
        "issuer list --kinds",
        "issuer account create le --agree-terms --contact mailto:a@example.net --account b",
        "issue shop -t https-server --acm-import new --acm-import arn:aws:acm:us-east-1:1:certificate/2",
        "rotate --due --jobs 3",
        "revoke a --reason keyCompromise --key f.p12",
        "audit show meter --event cert.issued --since 5 -n 10",
        "audit verify f --key k --checkpoint c",
        "audit export -o f --format csv",
        "audit verify d --key k --policy p",
        "audit verify f.tlog-proof --policy p --record r --format json",
        "audit receipt 17",
        "audit receipt meter --event cert.revoked -o r",
        "audit publish d",
        "audit cosign --new-key n --witness-key w",
        "audit cosign f --key k --witness-key w --checkpoint c",
        "audit add-cosignature f --policy p",
        "audit export -o f.tar --since c --name a --name b --event cert.issued --from 2026-01-01 --until 2026-02-01T00:00:00Z",
        "audit export -o - --format cef --since 7 --follow",
        "audit verify f.tar --key k --since c",
        "audit events",
        "audit report -o f",
        "audit report f.jsonl --out f.html",
        "audit reconcile",
        "audit reconcile --scan d --scan e --connect h:443,n --connect [::1]:443 --timeout 5 --no-record --format ndjson",
        "completions zsh",
        "man d",
    ];
    accepted(&lines);
}

#[test]
fn these_lines_about_files_are_accepted() {
    accepted(&[
        "keystore create f.p12",
        "keystore create f.jks --alias a --key rsa:2048 --keypass-file k --replace",
        "keystore ls f --format ndjson",
        "keystore inspect f --keypass-command c",
        "keystore add f --alias a --cert c --profile compatible --iterations 50000",
        "keystore add f --alias a --key ed25519 --detailed-exitcode",
        "keystore rm f --alias a --alias b",
        "keystore import f --cert a --cert b --cert c",
        "keystore import f --alias a --key-file k --cert c --partial-chain",
        "keystore import f --alias a --key-file k",
        "keystore import f --from g --alias a --to-alias b --mark-trusted --from-keypass-file k",
        "keystore export f",
        "keystore export f --alias a --no-chain --out-cert c --out-key k --out-keypass-file p",
        "keystore convert f -o g.jks --out-storepass-file s --out-keypass-file k",
        "keystore diff f g --second-storepass-file s --detailed-exitcode",
        "keystore lint f",
        "keystore passwd f --new-storepass-file n --new-keypass-command c",
        "keystore rename f --alias a --to b",
        "truststore create f.pem --ca a --ca b --cert c",
        "truststore add f --cert c --alias a --no-home",
        "truststore remove f --alias a --cert c --sha256 23193A24:51DE2D3B8144CE51102F276B5A984ADE7C25C7CF9A4A065A5DB41747",
        "truststore list",
        "truststore ls f",
        "truststore sync --ticket T-1",
        "truststore untrack f",
        "csr new n -t meter --param a=b --out-key k --key ec:p256 -o f",
        "csr new n -t meter --keystore f --alias a --san dns:a.example",
        "csr inspect f",
        "csr lint f -t meter --name n",
        "key new f",
        "key inspect f --public",
        "key passwd f --out g --new-keypass-file n",
        "ca create root --key pkcs11:token=a;object=b --generate rsa:3072 --pin-file f",
        "ca crl root --renew --pin-command c",
        "key list pkcs11:token=a --format json",
        "message sign f --key k.p12 -o o",
        "message sign - --key pkcs11:token=a --cert c --pin-file f",
        "message sign f --key k.jks --alias a --raw --binary --keypass-file p --storepass-file s",
        "message sign f --key k.p12 --envelope --sequence-file s --content-type application/xml",
        "message verify f -s g --trust a.jks --trust b.pem --crl c --crl d --format json",
        "message verify f -s g --raw --cert c --algorithm sha512withrsa --binary --no-revocation",
        "message verify f --envelope --seen-file s --window 1h --any-purpose -o -",
    ]);
}

/// Command words that were renamed; the old ones are accepted for one release and shown nowhere.
#[test]
fn the_command_words_of_the_last_release_are_accepted_and_not_shown() {
    let renamed = [
        ("restore f.p12", "rollback f.p12"),
        ("deploy config --server nginx --cert c --key k", "service config --server nginx --cert c --key k"),
        ("truststore forget f", "truststore untrack f"),
        ("audit heal --from f", "audit restore --from f"),
        ("audit new-origin --origin o", "audit start-new-log --origin o"),
        ("audit cosigned f", "audit add-cosignature f"),
    ];
    for (old, new) in renamed {
        let [old, new] = [old, new].map(|line| format!("{:?}", matches(line)));
        assert_eq!(old, new);
    }
    let words =
        |command: &clap::Command| command.get_subcommands().map(|one| one.get_name().to_owned()).collect::<Vec<_>>();
    let command = certroll::cli::command();
    let audit = command.find_subcommand("audit").expect("there is one");
    assert!(words(&command).iter().all(|word| word != "restore" && word != "deploy"));
    assert!(words(audit).iter().all(|word| !["heal", "new-origin", "cosigned"].contains(&word.as_str())));
}

fn matches(line: &str) -> Result<clap::ArgMatches, String> {
    let words = std::iter::once("certroll").chain(line.split_whitespace());
    certroll::cli::command().try_get_matches_from(words).map_err(|error| error.to_string())
}

fn accepted(lines: &[&str]) {
    let refused: Vec<_> =
        lines.iter().filter_map(|line| parsed(line).err().map(|kind| format!("{kind}: {line}"))).collect();
    assert!(refused.is_empty(), "\n{}", refused.join("\n"));
}

/// Lines, and the kind of error that each is.
const REFUSED: &[(&str, &str)] = &[
    ("", "DisplayHelpOnMissingArgumentOrSubcommand"),
    ("ca", "DisplayHelpOnMissingArgumentOrSubcommand"),
    ("help", "InvalidSubcommand"),
    ("isue broker -t meter", "InvalidSubcommand"),
    ("issue broker", "MissingRequiredArgument"),
    ("issue -t meter", "MissingRequiredArgument"),
    ("issue a b -t meter", "UnknownArgument"),
    ("issue a -t meter --batch f.csv", "ArgumentConflict"),
    ("issue --batch f.csv -t meter --san a.example", "ArgumentConflict"),
    ("issue --batch f.csv -t meter --keystore a.p12", "ArgumentConflict"),
    ("issue --batch f.csv -t meter --force", "ArgumentConflict"),
    ("issue a -t meter --out d", "ArgumentConflict"),
    ("issue a -t meter --jobs 2", "ArgumentConflict"),
    ("issue --batch f -t meter --out d --jobs many", "ValueValidation"),
    ("issue a -t meter --csr f --key ec:p256", "ArgumentConflict"),
    ("issue a -t meter --key rsa:1024", "ValueValidation"),
    ("issue a -t meter --key", "InvalidValue"),
    ("issue a -t meter --ttl soon", "ValueValidation"),
    ("issue a -t meter --san ip:300.1.1.1", "ValueValidation"),
    ("issue a -t meter --subject nonsense", "ValueValidation"),
    ("issue a -t meter --param nothing", "ValueValidation"),
    ("issue a -t meter --format yaml", "InvalidValue"),
    ("issue a -t meter -t meter", "ArgumentConflict"),
    ("issue a -t meter --passphrase-file f --passphrase-command c", "ArgumentConflict"),
    ("issue a -t meter --storepass-file f --storepass-command c", "ArgumentConflict"),
    ("issue a -t meter --storepass secret", "UnknownArgument"),
    ("issue a -t meter --passphrase secret", "UnknownArgument"),
    ("rotate", "MissingRequiredArgument"),
    ("rotate --due --csr f", "ArgumentConflict"),
    ("service", "DisplayHelpOnMissingArgumentOrSubcommand"),
    ("service config --name a", "MissingRequiredArgument"),
    ("service config --server apache", "ValueValidation"),
    ("service config --server jetty --listen localhost:1", "ValueValidation"),
    ("revoke a", "MissingRequiredArgument"),
    ("revoke --reason superseded", "MissingRequiredArgument"),
    ("revoke a --reason bored", "ValueValidation"),
    ("revoke a --reason certificateHold", "ValueValidation"),
    ("list --current --revoked", "ArgumentConflict"),
    ("list --expires-within tomorrow", "ValueValidation"),
    ("keystore", "DisplayHelpOnMissingArgumentOrSubcommand"),
    ("keystore create f --alias a", "MissingRequiredArgument"),
    ("keystore create f --key ec:p256", "MissingRequiredArgument"),
    ("keystore create f --alias a --key rsa:1024", "ValueValidation"),
    ("keystore create f --storepass s", "UnknownArgument"),
    ("keystore add f --alias a", "MissingRequiredArgument"),
    ("keystore add f --alias a --cert c --key ec:p256", "ArgumentConflict"),
    ("keystore add f --alias a --cert c --iterations 0", "ValueValidation"),
    ("keystore add f --alias a --cert c --profile old", "InvalidValue"),
    ("keystore remove f", "MissingRequiredArgument"),
    ("keystore import f", "MissingRequiredArgument"),
    ("keystore import f --from g --cert c", "ArgumentConflict"),
    ("keystore import f --cert c --to-alias b", "ArgumentConflict"),
    ("keystore convert f", "MissingRequiredArgument"),
    ("keystore export f --out-keypass-file k", "MissingRequiredArgument"),
    ("keystore rename f --alias a", "MissingRequiredArgument"),
    ("truststore add f", "MissingRequiredArgument"),
    ("truststore add f --ca a --no-home", "ArgumentConflict"),
    ("truststore remove f", "MissingRequiredArgument"),
    ("truststore remove f --sha256 abc", "ValueValidation"),
    ("csr new n -t meter", "MissingRequiredArgument"),
    ("csr new n --out-key k", "MissingRequiredArgument"),
    ("csr new n -t meter --keystore f --out-key k", "ArgumentConflict"),
    ("csr new n -t meter --key-file f --key ec:p256", "ArgumentConflict"),
    ("csr lint f --name n", "MissingRequiredArgument"),
    ("key inspect f --public --format json", "ArgumentConflict"),
    ("show", "MissingRequiredArgument"),
    ("check --renew-before often", "ValueValidation"),
    ("ca create", "MissingRequiredArgument"),
    ("ca create a --path-length 300", "ValueValidation"),
    ("ca crl --next-update 7d", "MissingRequiredArgument"),
    ("audit export", "MissingRequiredArgument"),
    ("audit report f.jsonl", "MissingRequiredArgument"),
    ("audit reconcile --connect h", "ValueValidation"),
    ("audit reconcile --timeout 0", "ValueValidation"),
    ("audit export -o f.tar --event cert.made", "ValueValidation"),
    ("audit export -o f.tar --from soon", "ValueValidation"),
    ("audit verify --since f", "MissingRequiredArgument"),
    ("audit show --event cert.made", "ValueValidation"),
    ("audit show --since -1", "UnknownArgument"),
    ("audit verify --checkpoint f", "MissingRequiredArgument"),
    ("audit verify --record f", "MissingRequiredArgument"),
    ("audit receipt", "MissingRequiredArgument"),
    ("audit receipt 1 --event cert.made", "ValueValidation"),
    ("audit publish", "MissingRequiredArgument"),
    ("audit cosign --witness-key w", "MissingRequiredArgument"),
    ("audit cosign f --witness-key w", "MissingRequiredArgument"),
    ("audit cosign f --key k", "MissingRequiredArgument"),
    ("audit cosign f --new-key n --witness-key w", "ArgumentConflict"),
    ("audit add-cosignature", "MissingRequiredArgument"),
    ("ca create a --generate rsa:3072", "MissingRequiredArgument"),
    ("ca create a --key pkcs11:token=a --generate rsa:1024", "ValueValidation"),
    ("ca create a --pin 1234", "UnknownArgument"),
    ("ca crl --pin-file f --pin-command c", "ArgumentConflict"),
    ("key list", "MissingRequiredArgument"),
    ("message sign f", "MissingRequiredArgument"),
    ("message sign f --key k --envelope", "MissingRequiredArgument"),
    ("message sign f --key k --sequence-file s", "MissingRequiredArgument"),
    ("message sign f --key k --envelope --raw --sequence-file s", "ArgumentConflict"),
    ("message sign f --key k --binary", "MissingRequiredArgument"),
    ("message verify f", "MissingRequiredArgument"),
    ("message verify f --envelope", "MissingRequiredArgument"),
    ("message verify f --envelope --seen-file s -s g", "ArgumentConflict"),
    ("message verify f -s g --raw", "MissingRequiredArgument"),
    ("message verify f -s g --raw --cert c --algorithm md5", "ValueValidation"),
    ("message verify f -s g --window 1h", "ArgumentConflict"),
    ("message verify f -s g --no-revocation --crl c", "ArgumentConflict"),
    ("message verify f -s g --out o", "ArgumentConflict"),
    ("completions tcsh", "InvalidValue"),
    ("inspect", "MissingRequiredArgument"),
    ("verify c", "MissingRequiredArgument"),
    ("verify --trust a", "MissingRequiredArgument"),
    ("verify c --trust a --crl f --no-revocation", "ArgumentConflict"),
    ("verify c --trust a --at yesterday", "ValueValidation"),
    ("verify c --trust a --purpose tls", "ValueValidation"),
    ("verify c --trust a --host *.example.net", "ValueValidation"),
    ("verify c --trust a --policy p", "ValueValidation"),
    ("verify c --trust a --depth 201", "ValueValidation"),
    ("--version", "DisplayVersion"),
    ("issue --help", "DisplayHelp"),
];

#[test]
fn these_lines_are_refused() {
    let wrong: Vec<_> = REFUSED
        .iter()
        .map(|(line, kind)| (line, kind, parsed(line).err().unwrap_or_else(|| "accepted".to_owned())))
        .filter(|(_, kind, found)| *kind != found)
        .map(|(line, kind, found)| format!("expected {kind}, found {found}: {line}"))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every option of every command: path, long name, whether it takes a value, its help.
fn options() -> Vec<(String, String, bool, String)> {
    let mut found = Vec::new();
    let mut root = certroll::cli::command();
    root.build();
    let mut pending = vec![root];
    while let Some(command) = pending.pop() {
        for argument in command.get_arguments() {
            let long = argument.get_long().map(str::to_owned).unwrap_or_default();
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let takes_value = argument.get_num_args().is_some_and(|range| range.takes_values());
            let path = command.get_bin_name().unwrap_or("certroll").to_owned();
            found.push((path, if long.is_empty() { argument.get_id().to_string() } else { long }, takes_value, help));
        }
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let named = command.get_bin_name().unwrap_or("certroll");
        assert!(!about.is_empty(), "`{named}` does not say what it is for");
        pending.extend(command.get_subcommands().cloned());
    }
    found
}

#[test]
fn every_option_has_help_in_the_house_style() {
    for (command, name, _, help) in options() {
        assert!(!help.is_empty(), "`{command} --{name}` has no help");
        let first = help.chars().next().unwrap_or_default();
        // Two begin with the words that may be typed.
        let words = help.starts_with("jsonl: ") || help.starts_with("bash, ");
        assert!(first.is_uppercase() || words, "`{command} --{name}`: {help}");
        assert!(!help.ends_with('.'), "`{command} --{name}` ends with a full stop");
    }
}

/// A secret on the command line is in the process list and in the shell's history.
#[test]
fn no_option_takes_a_secret_itself() {
    let secret = |name: &str| {
        let words = ["pass", "secret", "token", "pin", "credential"];
        name.split('-').any(|part| words.iter().any(|word| part == *word || (*word != "pin" && part.contains(word))))
    };
    assert!(secret("storepass") && secret("passphrase") && secret("hsm-pin") && !secret("pinned"));
    for (command, name, takes_value, _) in options() {
        let by_reference = name.ends_with("-file") || name.ends_with("-command") || name.ends_with("-fd");
        assert!(!takes_value || !secret(&name) || by_reference, "`{command} --{name}` takes a secret as its value");
    }
}

/// What is typed beats the environment, also when it is another way to the same secret.
#[test]
fn typed_secrets_beat_the_environment() {
    let home = crate::home::TestHome::new();
    let issue = ["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"];
    let typed = ["--storepass-command", "cat secrets/storepass", "--passphrase-command=cat secrets/passphrase"];
    home.ok(&[&issue[..], &typed[..]].concat());
    home.ok(&["inspect", "client.p12"]);
    let mut command = home.command(&["list"]);
    let output = command.env("CERTROLL_FORMAT", "json").output().expect("it can be started");
    assert!(output.stdout.starts_with(b"{"), "every option is a variable too");
}
