//! An actor in words, with how it is known: a token may name anybody in `sub`, `root (uid:0)` too.

use crate::audit::record::Record;
use crate::audit::record::facts::{Actor, Authentication};

/// The name of an actor and how it is known, on one line. What the operating system says stands alone, for nothing else looks
/// like it: no other begins with a name that could be a user's. Who is behind `sudo` is added as claimed.
pub fn shown(actor: &Actor) -> String {
    let known = match actor.auth {
        Authentication::OsUid => {
            let behind = actor.claimed.get("sudo_user").filter(|name| !actor.id.starts_with(&format!("{name} (")));
            return match behind {
                Some(name) => format!("{}, claimed sudo_user {name}", actor.id),
                None => actor.id.clone(),
            };
        }
        other => other.name(),
    };
    format!("{known}:{}", actor.id)
}

/// The same, of the actor of a record; nothing when it leaves that to a session that is not at hand.
pub fn of(record: &Record<'_>) -> String {
    record.actor.as_deref().map(shown).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::record::facts::ActorKind;

    fn actor(id: &str, auth: Authentication, claimed: &[(&str, &str)]) -> String {
        let claimed = claimed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        shown(&Actor { claimed, ..Actor::new(ActorKind::User, id.to_owned(), auth) })
    }

    #[test]
    fn a_token_never_looks_like_a_user_of_the_system() {
        let root = "root (uid:0)";
        assert_eq!(actor(root, Authentication::OsUid, &[]), root);
        assert_eq!(actor(root, Authentication::Oidc, &[]), "oidc:root (uid:0)");
        assert_eq!(actor(root, Authentication::Oidc, &[("sudo_user", "alice")]), "oidc:root (uid:0)");
    }

    #[test]
    fn the_person_behind_sudo_is_shown_as_claimed() {
        let shown = actor("root (uid:0)", Authentication::OsUid, &[("sudo_user", "alice"), ("user", "root")]);
        assert_eq!(shown, "root (uid:0), claimed sudo_user alice");
        assert_eq!(actor("root (uid:0)", Authentication::OsUid, &[("sudo_user", "root")]), "root (uid:0)");
    }
}
