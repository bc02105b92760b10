//! A way around policy or around the log does not compile: each bypass, and the error of the compiler that stops it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// What every snippet may use.
const PRELUDE: &str = "
    #![allow(unused_imports)]
    use certroll_core::issuer::{
        AccountChange, Accounts, Announced, Approved, CrlContent, CrlSigner, Custodian, Deletion, IssuanceReport, Issuer,
        PendingRequest, Reporter, Request, Revocation, Revoker, SigningPlan,
    };
    use certroll_core::policy::{PolicyContext, PolicySet};
    use certroll_pki::x509::crl::RevocationList;
";

/// What is tried, how, and the compiler's error.
const BYPASSES: &[(&str, &str, &str)] = &[
    (
        "a bare request to an issuer",
        "pub fn f(issuer: &dyn Issuer, request: Request, plan: SigningPlan, pending: &PendingRequest) {
            drop(issuer.submit(request, plan, pending, &mut |_| Ok(())));
        }",
        "E0308",
    ),
    (
        "an approved request that was not announced",
        "pub fn f(issuer: &dyn Issuer, request: Approved<Request>, plan: SigningPlan, pending: &PendingRequest) {
            drop(issuer.submit(request, plan, pending, &mut |_| Ok(())));
        }",
        "E0308",
    ),
    (
        "an announced request that was not approved",
        "pub fn f(issuer: &dyn Issuer, request: Announced<Request>, plan: SigningPlan, pending: &PendingRequest) {
            drop(issuer.submit(request, plan, pending, &mut |_| Ok(())));
        }",
        "E0308",
    ),
    (
        "an announced request twice",
        "pub fn f(
            issuer: &dyn Issuer,
            request: Announced<Approved<Request>>,
            (one, two): (SigningPlan, SigningPlan),
            pending: &PendingRequest,
        ) {
            drop(issuer.submit(request, one, pending, &mut |_| Ok(())));
            drop(issuer.submit(request, two, pending, &mut |_| Ok(())));
        }",
        "E0382",
    ),
    (
        "a plan for a request that was not approved",
        "pub fn f(issuer: &dyn Issuer, request: &Request) {
            drop(issuer.plan(request));
        }",
        "E0308",
    ),
    (
        "an approval made outside policy",
        "pub fn f(request: Request, decision: certroll_core::audit::record::facts::PolicyDecision) -> Approved<Request> {
            Approved { subject: request, decision }
        }",
        "E0451",
    ),
    (
        "an approval copied",
        "pub fn f(approved: &Approved<Request>) -> Approved<Request> {
            approved.clone()
        }",
        "E0308",
    ),
    (
        "policies of one's own choice, such as none",
        "pub fn f() -> PolicySet {
            PolicySet(std::sync::Arc::new([]))
        }",
        "E0423",
    ),
    (
        "the decision of a list of policies",
        "pub fn f(context: &PolicyContext<'_>, request: Request) {
            drop(certroll_core::policy::decide(&[], context, request));
        }",
        "E0425",
    ),
    (
        "an announcement made outside the store",
        "pub fn f(approved: Approved<Request>) -> Announced<Approved<Request>> {
            Announced(approved)
        }",
        "E0423",
    ),
    (
        "an announcement copied",
        "pub fn f(announced: &Announced<Approved<Request>>) -> Announced<Approved<Request>> {
            announced.clone()
        }",
        "E0308",
    ),
    (
        "a revocation without its announcement",
        "pub fn f(revoker: &dyn Revoker, revocation: Revocation<'_>) {
            drop(revoker.revoke(revocation));
        }",
        "E0308",
    ),
    (
        "a CRL of one's own making",
        "pub fn f(signer: &dyn CrlSigner, list: &RevocationList) {
            drop(signer.sign_crl(list));
        }",
        "E0308",
    ),
    (
        "the content of a CRL that the store does not hold",
        "pub fn f(list: RevocationList) -> CrlContent {
            CrlContent(list)
        }",
        "E0423",
    ),
    (
        "a deletion without its announcement",
        "pub fn f(custodian: &dyn Custodian, certificate: &[u8]) {
            drop(custodian.delete(Deletion { certificate }));
        }",
        "E0308",
    ),
    (
        "a change of an account without its announcement",
        "pub fn f(accounts: &dyn Accounts) {
            drop(accounts.change(None, AccountChange::Deactivate));
        }",
        "E0308",
    ),
    (
        "a report without its announcement",
        "pub fn f(reporter: &dyn Reporter) {
            drop(reporter.report(IssuanceReport));
        }",
        "E0308",
    ),
];

/// What is allowed, by which the harness shows that it fails for nothing else.
const ALLOWED: &[(&str, &str)] = &[
    (
        "an announced and approved request",
        "pub fn f(
            issuer: &dyn Issuer,
            request: Announced<Approved<Request>>,
            plan: SigningPlan,
            pending: &PendingRequest,
        ) {
            drop(issuer.submit(request, plan, pending, &mut |_| Ok(())));
        }",
    ),
    (
        "an approval by the policies in force",
        "pub fn f(policies: &PolicySet, context: &PolicyContext<'_>, request: Request) -> Option<Approved<Request>> {
            policies.approve(context, request).ok()
        }",
    ),
    (
        "an announced revocation",
        "pub fn f(revoker: &dyn Revoker, revocation: Announced<Revocation<'_>>) {
            drop(revoker.revoke(revocation));
        }",
    ),
];

/// The newest library of that crate that this build made.
fn library(deps: &Path, name: &str) -> PathBuf {
    let start = format!("lib{name}-");
    let made = |path: &PathBuf| path.metadata().and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let entries = fs::read_dir(deps).expect("the build has a folder of libraries").flatten().map(|entry| entry.path());
    let ours = entries.filter(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(&start) && name.ends_with(".rlib")
    });
    ours.max_by_key(made).unwrap_or_else(|| panic!("no {name} in {}", deps.display()))
}

/// What the compiler says of a snippet; `None` when it compiles.
fn refused(code: &str) -> Option<String> {
    let room = tempfile::tempdir().expect("a directory can be made");
    let source = room.path().join("snippet.rs");
    fs::write(&source, format!("{PRELUDE}\n{code}\n")).expect("a file can be written");
    let deps = Path::new(env!("CARGO_BIN_EXE_certroll")).parent().expect("it lies in a folder").join("deps");
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "-L"]);
    command.arg(format!("dependency={}", deps.display())).arg("--out-dir").arg(room.path());
    for name in ["certroll_core", "certroll_pki"] {
        command.arg("--extern").arg(format!("{name}={}", library(&deps, name).display()));
    }
    let ran = command.arg(&source).output().expect("there is a compiler");
    (!ran.status.success()).then(|| String::from_utf8_lossy(&ran.stderr).into_owned())
}

#[test]
fn no_way_around_policy_or_the_log_compiles() {
    for (what, code, error) in BYPASSES {
        let said = refused(code).unwrap_or_else(|| panic!("{what} compiles"));
        let errors: Vec<_> = said.lines().filter(|line| line.starts_with("error[")).collect();
        assert!(errors.len() == 1 && errors[0].contains(error), "{what}: {error} expected: {said}");
    }
}

#[test]
fn what_is_approved_and_announced_compiles() {
    for (what, code) in ALLOWED {
        assert_eq!(refused(code), None, "{what}");
    }
}
