//! Programs that judge single files: OpenSSL, GnuTLS, pkilint and zlint.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Output, Store, command, find, run};

/// Runs openssl; give it passwords by `-passin file:`.
pub(crate) fn openssl(args: &[&str]) -> Output {
    run(command("openssl").args(args), b"")
}

/// `openssl verify -x509_strict` of a leaf, with `intermediates` (PEM, may be several in one file) as untrusted help.
///
/// `extra` asks for more: `-purpose sslserver`, `-verify_hostname H`, `-attime N`, `-crl_check -CRLfile F`.
pub(crate) fn openssl_verify(root: &Path, intermediates: Option<&Path>, leaf: &Path, extra: &[&str]) -> Output {
    let mut openssl = command("openssl");
    openssl.args(["verify", "-x509_strict", "-no-CAfile", "-no-CApath", "-no-CAstore", "-trusted"]).arg(root);
    if let Some(intermediates) = intermediates {
        openssl.arg("-untrusted").arg(intermediates);
    }
    run(openssl.args(extra).arg(leaf), b"")
}

/// `openssl pkcs12 -info`: checks the MAC, decrypts everything and names the ciphers.
pub(crate) fn openssl_pkcs12(store: &Store) -> Output {
    let mut openssl = command("openssl");
    openssl.args(["pkcs12", "-info", "-noenc", "-in"]).arg(&store.path);
    run(openssl.arg("-passin").arg(format!("file:{}", store.password_file.display())), b"")
}

/// `certtool --verify` of a chain (PEM, leaf first) against a root; `extra` as `--verify-hostname=H`.
pub(crate) fn certtool_verify(root: &Path, chain: &Path, extra: &[&str]) -> Output {
    let mut certtool = command("certtool");
    certtool.arg("--verify").arg("--load-ca-certificate").arg(root).arg("--infile").arg(chain).args(extra);
    run(&mut certtool, b"")
}

/// `certtool --p12-info`: checks the MAC and decrypts everything. GnuTLS takes the password as an argument alone.
pub(crate) fn certtool_pkcs12(store: &Store, password: &str) -> Output {
    let mut certtool = command("certtool");
    certtool.args(["--p12-info", "--inder", "--password", password, "--infile"]).arg(&store.path);
    run(&mut certtool, b"")
}

/// Opens PKCS#12 with the OpenSSL of the Python package `cryptography`, which pkilint brings with it: newer than the system's, it
/// knows PBMAC1. Prints the alias and how many certificates lie beside the key's own.
pub(crate) fn pyca_pkcs12(store: &Store) -> Output {
    const SCRIPT: &str = "import sys\n\
        from cryptography.hazmat.primitives.serialization import pkcs12\n\
        password = open(sys.argv[2], 'rb').readline().rstrip(b'\\n')\n\
        found = pkcs12.load_pkcs12(open(sys.argv[1], 'rb').read(), password)\n\
        assert found.key.public_key() == found.cert.certificate.public_key()\n\
        print(found.cert.friendly_name.decode(), len(found.additional_certs))\n";
    let lint = find("lint_pkix_cert").expect("the test requires pkilint");
    let mut python = Command::new(lint.with_file_name("python"));
    run(python.args(["-I", "-c", SCRIPT]).arg(&store.path).arg(&store.password_file), b"")
}

/// One complaint of pkilint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) severity: String,
    pub(crate) code: String,
    /// Where in the document, and what pkilint adds to the code.
    pub(crate) detail: String,
}

/// Lints a certificate (PEM or DER) against RFC 5280; complaints from WARNING upwards.
///
/// Blind to what has its own tests: signatures, SHA-1, short serial numbers, the body of a HardwareModuleName.
pub(crate) fn pkilint_certificate(certificate: &Path) -> Vec<Finding> {
    with_first(certificate, |certificate| findings(pkilint("lint_pkix_cert").arg(certificate)))
}

/// pkilint reads all blocks of a PEM file as if they were one, which works or not by their lengths: it gets the first alone.
fn with_first<T>(file: &Path, judge: impl FnOnce(&Path) -> T) -> T {
    let bytes = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let text = String::from_utf8_lossy(&bytes);
    let end = "-----END CERTIFICATE-----";
    let Some(first) = text.find(end).map(|at| &text[..at + end.len()]) else { return judge(file) };
    let alone = tempfile::Builder::new().suffix(".pem").tempfile().expect("a temporary file can be made");
    std::fs::write(alone.path(), format!("{first}\n")).expect("a temporary file can be written");
    judge(alone.path())
}

/// Lints a CRL of end-entity certificates; does not verify its signature.
pub(crate) fn pkilint_crl(crl: &Path) -> Vec<Finding> {
    findings(pkilint("lint_crl").args(["-t", "CRL", "-p", "PKIX"]).arg(crl))
}

/// Lints what ties a certificate to its issuer's: names, key identifiers and the signature.
pub(crate) fn pkilint_chain(issuer: &Path, subject: &Path) -> Vec<Finding> {
    with_first(issuer, |issuer| {
        with_first(subject, |subject| findings(pkilint("lint_pkix_signer_signee_cert_chain").arg(issuer).arg(subject)))
    })
}

fn pkilint(program: &str) -> Command {
    let mut lint = command(program);
    lint.args(["lint", "-s", "WARNING", "-f", "JSON"]);
    lint
}

/// pkilint's exit status is the number of findings, so a file that it cannot read looks like one finding: only the JSON
/// on stdout tells.
fn findings(lint: &mut Command) -> Vec<Finding> {
    let output = run(lint, b"");
    let report: serde_json::Value =
        serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{lint:?} gave no verdict: {output:?}"));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut findings = Vec::new();
    for result in report["results"].as_array().expect("a report has results") {
        for finding in result["finding_descriptions"].as_array().expect("a result has findings") {
            let detail = format!("{} {}", text(&result["node_path"]), text(&finding["message"])).trim().to_owned();
            findings.push(Finding { severity: text(&finding["severity"]), code: text(&finding["code"]), detail });
        }
    }
    assert_eq!(output.status.code().and_then(|code| usize::try_from(code).ok()), Some(findings.len()), "{output:?}");
    findings
}

/// Where `tests/run` has put zlint's own test data.
pub(crate) fn zlint_test_data() -> PathBuf {
    find("zlint-verdicts").expect("the test requires zlint").with_file_name("testdata")
}

/// What zlint says of every certificate and CRL in a directory, a document for each: `file`, `der` in base64, `results` by the names
/// of its lints.
pub(crate) fn zlint(directory: &Path) -> Vec<serde_json::Value> {
    let output = run(command("zlint-verdicts").arg(directory), b"").expect_success("zlint");
    output.stdout.lines().map(|line| serde_json::from_str(line).expect("zlint writes JSON")).collect()
}
