//! Where certificates are installed: one suite for every kind of destination, and what happens to files.
//!
//! The suite goes over the table of kinds. A new kind brings a [`Bench`]; without one the suite fails.

mod files;
mod state;

use certroll_core::destination::kinds::KINDS;
use serde_json::Value;

use crate::home::{Ran, TestHome, text};

/// A kind of destination, ready to be tried.
pub(crate) trait Bench {
    /// The home that installs there.
    fn home(&self) -> &TestHome;

    /// Runs the program.
    fn run(&self, arguments: &[&str]) -> Ran;

    /// The arguments that name a new place.
    fn new_place(&self) -> Vec<String>;

    /// SHA-256 of the certificate that lies at the place of that address, seen with other eyes than the program's.
    fn observed(&self, address: &str) -> Option<String>;

    /// Makes the next installation fail.
    fn break_next(&self);

    /// Ends what [`Bench::break_next`] began.
    fn repair(&self);

    /// Whether the predecessor can be brought back.
    fn keeps_predecessor(&self) -> bool;
}

/// The bench of a kind; `None` where this build leaves the kind out.
fn bench(kind: &str) -> Option<Box<dyn Bench>> {
    match kind {
        "file" => Some(Box::new(files::FileBench::new())),
        #[cfg(feature = "aws")]
        "acm" => Some(Box::new(crate::aws::AcmBench::new())),
        #[cfg(not(feature = "aws"))]
        "acm" => None,
        other => panic!("kind `{other}` has no bench: nothing would try it"),
    }
}

fn issue(bench: &dyn Bench, name: &str, place: &[String]) -> Ran {
    let mut line = vec!["issue", name, "-t", "https-server", "--key", "ec:p256", "--format", "json"];
    line.extend(place.iter().map(String::as_str));
    bench.run(&line)
}

/// SHA-256 of each certificate that was issued under that name.
fn issued(bench: &dyn Bench, name: &str) -> Vec<String> {
    let records = bench.home().records("cert.issued");
    let is_of = |record: &&Value| record["cert"]["san"].to_string().contains(&format!("name:{name}"));
    records.iter().filter(is_of).map(|record| text(record, "cert/sha256").to_owned()).collect()
}

#[test]
fn every_kind_installs_rotates_in_place_and_repeats_what_failed() {
    for bench in KINDS.iter().filter_map(|kind| bench(kind.id)) {
        let bench = &*bench;
        let name = "a.example.net";
        let ran = issue(bench, name, &bench.new_place()).expect(0).json();
        let place = text(&ran, "files/0").to_owned();
        assert_eq!(bench.observed(&place), issued(bench, name).pop(), "{place}");
        // A rotation goes to the same place.
        bench.run(&["rotate", name]).expect(0);
        assert_eq!(issued(bench, name).len(), 2);
        assert_eq!(bench.observed(&place), issued(bench, name).pop(), "{place}");
        let deployed = bench.home().records("cert.deployed");
        assert_eq!(deployed.len(), 2);
        assert_eq!(text(&deployed[0], "tgt/id"), text(&deployed[1], "tgt/id"));
        // What fails after signing is repeated with the same certificate.
        bench.break_next();
        let ran = bench.run(&["rotate", name]);
        assert!(matches!(ran.code, 2..=8), "{ran:#?}");
        bench.repair();
        if ran.code == 8 {
            bench.run(&["deliver", name]).expect(0);
            assert_eq!(issued(bench, name).len(), 3, "nothing else was ordered");
            assert_eq!(bench.observed(&place), issued(bench, name).pop(), "{place}");
        }
        let restored = bench.run(&["restore", &place]);
        assert_eq!(restored.code == 0, bench.keeps_predecessor(), "{restored:#?}");
        bench.home().verify();
    }
}

/// The place of one name is not given to another.
#[test]
fn a_place_has_one_name() {
    for bench in KINDS.iter().filter_map(|kind| bench(kind.id)) {
        let ran = issue(&*bench, "a.example.net", &bench.new_place()).expect(0).json();
        let place = text(&ran, "files/0").to_owned();
        let same = match place.strip_prefix("acm:") {
            Some(address) => vec!["--acm-import".to_owned(), address.to_owned()],
            None => bench.new_place(),
        };
        let ran = issue(&*bench, "b.example.net", &same);
        assert_eq!(ran.code, 2, "{ran:#?}");
        assert!(ran.stderr.contains("`a.example.net`") || ran.stderr.contains("--replace"), "{ran:#?}");
        assert_eq!(issued(&*bench, "b.example.net").len(), 0);
        let replaced: Vec<_> = same.into_iter().chain(["--replace".to_owned()]).collect();
        issue(&*bench, "b.example.net", &replaced).expect(0);
    }
}
