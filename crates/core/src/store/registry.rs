//! The table of stores: a new database is a file of its own and a line here.

use std::path::Path;
use std::sync::Arc;

use super::sqlite::SqliteStore;
use crate::store::{Store, StoreAccess, StoreError};
use certroll_base::clock::Clock;

/// One kind of store.
pub struct StoreKind {
    /// Its name in settings.
    pub name: &'static str,
    /// Opens one at a location, which for an embedded store is a file.
    pub open: OpenStore,
}

/// Opens a store at a location, for a purpose, with the clock that dates its records.
pub type OpenStore = fn(&Path, StoreAccess, Arc<dyn Clock>) -> Result<Box<dyn Store>, StoreError>;

/// All kinds of stores of this build.
pub const KINDS: &[StoreKind] = &[StoreKind { name: "sqlite", open: open_sqlite }];

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static StoreKind> {
    KINDS.iter().find(|kind| kind.name == name)
}

fn open_sqlite(path: &Path, access: StoreAccess, clock: Arc<dyn Clock>) -> Result<Box<dyn Store>, StoreError> {
    Ok(Box::new(SqliteStore::open(path, access, clock)?))
}
