//! Who acts: the operating system's word, and beside it what the environment merely claims.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::audit::facts::{Actor, ActorKind, Authentication};
use crate::lifecycle::journal::Agent;

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

/// The party that this process acts for.
pub fn agent() -> Agent {
    let uid = rustix::process::getuid().as_raw();
    let id = user_name(uid).map_or_else(|| format!("uid:{uid}"), |name| format!("{name} (uid:{uid})"));
    let claimed: BTreeMap<_, _> = CLAIMS
        .iter()
        .filter_map(|(variable, claim)| Some(((*claim).to_owned(), std::env::var(variable).ok()?)))
        .filter(|(_, value)| !value.is_empty() && value.len() <= 256)
        .collect();
    let actor = Actor { t: ActorKind::User, id, auth: Authentication::OsUid, ev: None, obo: None, claimed };
    Agent { actor: Arc::new(actor), source: None, facts: facts() }
}

fn facts() -> Map<String, Value> {
    let system = rustix::system::uname();
    Map::from_iter([
        ("version".to_owned(), Value::from(env!("CARGO_PKG_VERSION"))),
        ("host".to_owned(), Value::from(system.nodename().to_string_lossy())),
        ("pid".to_owned(), Value::from(std::process::id())),
    ])
}

/// The name that `/etc/passwd` gives a user id. (The C library's look-up would need unsafe code.)
fn user_name(uid: u32) -> Option<String> {
    let table = std::fs::read_to_string("/etc/passwd").ok()?;
    let uid = uid.to_string();
    let row = table.lines().find(|row| row.split(':').nth(2) == Some(&uid))?;
    row.split(':').next().map(str::to_owned)
}
