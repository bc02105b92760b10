//! Announcements into a log of no consequence, for tests that ask an issuer directly or in a wrong order on purpose.

use std::sync::Arc;

use certroll_base::clock::{Clock as _, SystemClock};
use certroll_core::audit::record::draft::Draft;
use certroll_core::audit::record::event::Event;
use certroll_core::audit::record::facts::{Actor, ActorKind, Authentication, Outcome};
use certroll_core::audit::record::value::Id;
use certroll_core::store::{Announced, StoreAccess, StoreKey, announce, registry};

/// `subject`, announced in a store that is thrown away.
pub(crate) fn announced<T>(subject: T) -> Announced<T> {
    let scratch = tempfile::tempdir().expect("a directory can be made");
    let kind = registry::kind("sqlite").expect("there is an embedded store");
    let file = scratch.path().join("scratch.db");
    let mut store =
        (kind.open)(&file, StoreAccess::Create(StoreKey::derived(b"secret", b"test")), Arc::new(SystemClock))
            .expect("a store can be made");
    let op = Id::new(SystemClock.now());
    let actor = Actor::new(ActorKind::System, "test".to_owned(), Authentication::OsUid);
    let actor = Some(Arc::new(actor));
    let intent = Draft { actor, ..Draft::new(Event::CertIssueIntent, Outcome::Pending, op, op) };
    announce(&mut *store, Vec::new(), intent, Vec::new(), subject).expect("it can be announced").1
}
