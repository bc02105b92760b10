//! Who acts: the operating system's word, and beside it what the environment merely claims.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::identity::Identity;
use crate::audit::record::facts::{Actor, ActorKind, Authentication};
use crate::lifecycle::journal::Agent;
use crate::lifecycle::layout::in_force::{InForce, Program};
use certroll_base::clock::Timestamp;

/// Variables that say something of who or what runs this, none of them verified.
const CLAIMS: &[(&str, &str)] = &[
    ("USER", "user"),
    ("SUDO_USER", "sudo_user"),
    ("CI", "ci"),
    ("GITHUB_RUN_ID", "github_run_id"),
    ("GITHUB_REPOSITORY", "github_repository"),
    ("CI_JOB_URL", "gitlab_job_url"),
    ("BUILD_URL", "jenkins_build_url"),
];

/// Touched by systemd-timesyncd at every synchronisation (systemd-timesyncd.service(8)).
const TIMESYNC: &str = "/run/systemd/timesync/synchronized";
/// A clock that was last synchronised longer ago is not known to be right: EN 319 401 REQ-7.10-06 wants it daily.
const SYNC_SECS: i64 = 86_400;

/// The party that this process acts for: by the word of the operating system, or as a verified token says.
pub(super) fn agent(in_force: InForce, verified: Option<Identity>, now: Timestamp) -> Agent {
    let uid = rustix::process::getuid().as_raw();
    let id = user_name(uid).map_or_else(|| format!("uid:{uid}"), |name| format!("{name} (uid:{uid})"));
    let claimed: BTreeMap<_, _> = CLAIMS
        .iter()
        .filter_map(|(variable, claim)| Some(((*claim).to_owned(), std::env::var(variable).ok()?)))
        .filter(|(_, value)| !value.is_empty() && value.len() <= 256)
        .collect();
    let (actor, source) = match verified {
        Some(Identity { subject, evidence, source, provider }) => {
            let ev = Some(evidence.into());
            let (iss, acr, amr) = (Some(provider.issuer), provider.acr, provider.amr);
            let named = Actor::new(ActorKind::Ci, subject, Authentication::Oidc);
            let known = Actor { ev, iss, acr, amr, claimed, ..named };
            (known, source)
        }
        None => (Actor { claimed, ..Actor::new(ActorKind::User, id, Authentication::OsUid) }, None),
    };
    Agent { actor: Arc::new(actor), source: source.map(Arc::new), facts: facts(uid, now), in_force }
}

/// This program: the file it runs from, which Linux shows even when it has been replaced since.
pub(super) fn program() -> Program {
    let running = PathBuf::from("/proc/self/exe");
    let file = if running.exists() { Some(running) } else { std::env::current_exe().ok() };
    Program { version: env!("CARGO_PKG_VERSION").to_owned(), file }
}

fn facts(uid: u32, now: Timestamp) -> Map<String, Value> {
    let system = rustix::system::uname();
    let mut facts = Map::from_iter([
        ("version".to_owned(), Value::from(env!("CARGO_PKG_VERSION"))),
        ("host".to_owned(), Value::from(system.nodename().to_string_lossy())),
        ("pid".to_owned(), Value::from(std::process::id())),
        ("uid".to_owned(), Value::from(uid)),
    ]);
    // Only Linux has one.
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    facts.extend(boot.ok().map(|id| ("boot".to_owned(), Value::from(id.trim()))));
    facts.extend(clock_quality(Path::new(TIMESYNC), now));
    facts
}

/// Whether the clock is known to be right: `clock` is `synchronised`, with the time when it last was, or `unknown`. Other
/// time session say nothing that can be read from a file.
fn clock_quality(mark: &Path, now: Timestamp) -> Map<String, Value> {
    let touched = std::fs::metadata(mark).and_then(|data| data.modified()).ok();
    let at = touched.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let at = at.and_then(|since| i64::try_from(since.as_secs()).ok()).map(Timestamp::from_secs);
    let fresh = at.filter(|at| (at.secs()..=at.plus_secs(SYNC_SECS).secs()).contains(&now.secs()));
    let word = if fresh.is_some() { "synchronised" } else { "unknown" };
    let mut facts = Map::from_iter([("clock".to_owned(), Value::from(word))]);
    facts.extend(at.map(|at| ("clock_synchronised_at".to_owned(), Value::from(at.to_string()))));
    facts
}

/// The name that `/etc/passwd` gives a user id. (The C library's look-up would need unsafe code.)
fn user_name(uid: u32) -> Option<String> {
    let table = std::fs::read_to_string("/etc/passwd").ok()?;
    let uid = uid.to_string();
    let row = table.lines().find(|row| row.split(':').nth(2) == Some(&uid))?;
    row.split(':').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_known_to_be_right_for_a_day() {
        let directory = tempfile::tempdir().unwrap();
        let mark = directory.path().join("synchronized");
        let word = |now| clock_quality(&mark, now)["clock"].as_str().unwrap().to_owned();
        let at = Timestamp::from_secs(1_795_000_000);
        assert_eq!(word(at), "unknown");
        let file = std::fs::File::create(&mark).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_795_000_000)).unwrap();
        for (secs, expected) in [(0, "synchronised"), (86_400, "synchronised"), (86_401, "unknown"), (-1, "unknown")] {
            assert_eq!(word(at.plus_secs(secs)), expected, "{secs} s after");
        }
        assert_eq!(clock_quality(&mark, at)["clock_synchronised_at"], at.to_string());
    }
}
