//! One transaction for everything that must agree: audit records, tree head, inventory.
//!
//! [`Store::append`] is the only way to change anything, and it takes records and inventory changes together: either all
//! of them are durable when it returns, or none. Its verbs are the domain's, so that another database is another file.
//! A store never signs and never publishes; `lifecycle` does, over what it reads back from here.

mod announced;
mod authority;
mod contradiction;
mod crl_content;
mod error;
mod imported_revocation;
mod installation;
mod intent;
mod model;
mod publication;
mod query;
pub mod registry;
mod request_spec;
mod service;
mod sqlite;
mod step_state;

use std::collections::BTreeSet;
use std::path::Path;

use crate::audit::record::draft::Draft;
use crate::audit::record::value::Id;
use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;
use certroll_base::mac::MacKey;
use certroll_pki::digest::KeyHash;
use certroll_pki::x509::reason::RevocationReason;
use certroll_tlog::Frontier;

pub use announced::{Adoption, Announced, adopt, announce, announce_all};
pub use authority::{Authority, Pointers};
pub use contradiction::{Contradiction, ContradictionKind};
pub use crl_content::{CrlContent, CrlTimes};
pub use error::StoreError;
pub use imported_revocation::{IMPORTED_IN_ONE_RECORD, imported_revocation_facts, imported_revocations};
pub use installation::{InstallationStep, InstalledPlace, StepChange, StepOutcome};
pub use intent::{IntentKind, IntentSubject, OpenIntent};
pub use model::{
    CertificateEntry, Change, CrlEntry, InForceFact, Installation, NewCertificate, RequestDigest, TRUSTSTORE,
};
pub use publication::{CrlForm, CrlPublication, PublicationChange};
pub use query::{Query, Selector};
pub use request_spec::{IntentMemory, RequestSpec};
pub use service::{
    Service, ServiceChange, ServiceEndpoint, ServiceState, ServiceStep, ServiceStepChange, ServiceStepOutcome,
};
pub use step_state::StepState;

/// Authenticates what a store keeps, for those who have the passphrase of the home. Who can write in the home can change rows;
/// what such a row says is used only when its code fits, and none can make a code without this key.
pub type StoreKey = MacKey;

/// What a store is opened for, and with which key: nothing is written without one.
#[derive(Clone, Debug)]
pub enum StoreAccess {
    /// To be made; it must not exist yet.
    Create(StoreKey),
    /// Reading and appending.
    Write(StoreKey),
    /// Reading only; works on a read-only medium too. Without the passphrase there is no key.
    Read(Option<StoreKey>),
}

/// The newest certificate of a name that nothing has replaced.
#[derive(Clone, Copy, Debug)]
pub struct NewestCertificate {
    /// Row number.
    pub id: i64,
    /// Digest of what was asked for.
    pub request_digest: RequestDigest,
    /// Whether it was handed over.
    pub delivered: bool,
    /// Why it was revoked, if it was.
    pub revoked: Option<RevocationReason>,
}

/// Takes the records of a walk one by one: sequence number and exact bytes.
pub type VisitRecord<'a> = dyn FnMut(u64, &[u8]) -> Result<(), StoreError> + 'a;

/// What [`Store::append`] made durable.
#[derive(Clone, Debug)]
pub struct Appended {
    /// Sequence number of the first record.
    pub first: u64,
    /// Leaf hashes of the records, in order.
    pub leaves: Vec<Sha256>,
    /// Row numbers of the certificates added, in order.
    pub certificates: Vec<i64>,
}

impl Appended {
    /// Sequence number and leaf of the `index`-th appended record.
    pub fn reference(&self, index: usize) -> Option<(u64, Sha256)> {
        Some((self.first + u64::try_from(index).ok()?, *self.leaves.get(index)?))
    }
}

/// A database that holds one home: its log and its inventory.
///
/// Several processes may hold the same one open. Methods block; none of them is called from two threads at once.
pub trait Store: Send {
    /// The tree head as it is stored: size and frontier of all durable records. It is not authenticated.
    ///
    /// # Errors
    /// [`StoreError`].
    fn stored_head(&self) -> Result<Frontier, StoreError>;

    /// Proves that the stored head goes on from each of the anchors, sizes and roots of signed checkpoints, and that what
    /// follows the last of them was written with the passphrase. From here on this process takes nothing for the log that does
    /// not go on from the head that is returned.
    ///
    /// # Errors
    /// [`StoreError::Contradiction`]: it does not.
    fn check_head(&mut self, anchors: &[(u64, Sha256)]) -> Result<Frontier, StoreError>;

    /// What the log is by now: the checked head, and the records that others have added since, which are checked here.
    ///
    /// # Errors
    /// As [`Store::check_head`]; this process then writes nothing more.
    fn follow_head(&mut self) -> Result<Frontier, StoreError>;

    /// Visits the records from `first` on to the checked head. What they say holds only once this has succeeded: then they are
    /// proved to lead to that head, together with those before them, of which the roots of tiles are read and not the records.
    ///
    /// # Errors
    /// [`StoreError::Contradiction`]: they do not. Or the first error of `visit`.
    fn proven_records(&self, first: u64, visit: &mut VisitRecord<'_>) -> Result<(), StoreError>;

    /// Looks at every row, hash and certificate of the store: each as it was written by who has the passphrase.
    ///
    /// # Errors
    /// [`StoreError::Damaged`]: one is not.
    fn check_rows(&self) -> Result<(), StoreError>;

    /// The root of the first `size` records, proved to lead to the checked head.
    ///
    /// # Errors
    /// [`StoreError::Contradiction`]: stored hashes do not lead there.
    fn root_at(&self, size: u64) -> Result<Sha256, StoreError>;

    /// The latest time that any record has; `None` before the first. It stays when the clock goes back.
    ///
    /// # Errors
    /// [`StoreError`].
    fn latest(&self) -> Result<Option<Timestamp>, StoreError>;

    /// What was in force when it was last recorded.
    ///
    /// # Errors
    /// [`StoreError`].
    fn in_force(&self) -> Result<Vec<InForceFact>, StoreError>;

    /// Appends records and applies changes in one durable transaction.
    ///
    /// Sequence numbers and times are given here, under the database's lock, so that history is one line however many
    /// processes write. What others wrote meanwhile must go on from what this process has checked: a head never covers a
    /// history that was not looked at. On [`StoreError::Conflict`] nothing was written and the caller may look again and decide anew;
    /// after any other error nothing more may be written by this process.
    ///
    /// # Errors
    /// [`StoreError`].
    fn append(&mut self, records: Vec<Draft>, changes: Vec<Change>) -> Result<Appended, StoreError>;

    /// Appends records that this log had before, byte for byte, in one durable transaction, and applies changes. The tree
    /// must then have the root `root`, or nothing is written.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Damaged`] for another root.
    fn restore(&mut self, lines: &[(Id, Vec<u8>)], changes: Vec<Change>, root: Sha256) -> Result<(), StoreError>;

    /// Puts the first records of a new log in place of all records and open intents, in one durable transaction. The
    /// inventory stays, with those changes. `key` is the one that comes from the key of the new log.
    ///
    /// # Errors
    /// [`StoreError`].
    fn begin_again(&mut self, lines: &[(Id, Vec<u8>)], changes: Vec<Change>, key: StoreKey) -> Result<(), StoreError>;

    /// The record of that name: its place and its bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    fn record(&self, id: &Id) -> Result<Option<(u64, Vec<u8>)>, StoreError>;

    /// Visits the records from `first` on, in order, as their exact bytes.
    ///
    /// # Errors
    /// [`StoreError`], or the first error of `visit`.
    fn records(&self, first: u64, visit: &mut VisitRecord<'_>) -> Result<(), StoreError>;

    /// Leaf hashes of the records `0..size`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn leaves(&self, size: u64) -> Result<Vec<Sha256>, StoreError>;

    /// For each name the newest certificate that nothing has replaced, revoked or not.
    ///
    /// # Errors
    /// [`StoreError`].
    fn newest(&self, names: &[&str]) -> Result<Vec<Option<NewestCertificate>>, StoreError>;

    /// The certificates that match, newest last.
    ///
    /// # Errors
    /// [`StoreError`].
    fn certificates(&self, query: &Query) -> Result<Vec<CertificateEntry>, StoreError>;

    /// The bytes of one certificate of the inventory.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if it is not there.
    fn certificate_der(&self, entry: &CertificateEntry) -> Result<Vec<u8>, StoreError>;

    /// DER of the issuers that came with a certificate, nearest first; empty when it is from a CA of this home.
    ///
    /// # Errors
    /// [`StoreError`].
    fn certificate_chain(&self, entry: &CertificateEntry) -> Result<Vec<Vec<u8>>, StoreError>;

    /// The encrypted PKCS#8 key that the home holds for a public key.
    ///
    /// # Errors
    /// [`StoreError`].
    fn held_key(&self, key: &KeyHash) -> Result<Option<Vec<u8>>, StoreError>;

    /// All keys that the home holds for certificates, encrypted: row number of the certificate and PKCS#8.
    ///
    /// # Errors
    /// [`StoreError`].
    fn held_keys(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError>;

    /// Whether any certificate of the inventory has this public key.
    ///
    /// # Errors
    /// [`StoreError`].
    fn knows_key(&self, key: &KeyHash) -> Result<bool, StoreError>;

    /// Where the certificate of that name was installed.
    ///
    /// # Errors
    /// [`StoreError`].
    fn installations(&self, name: &str) -> Result<Vec<Installation>, StoreError>;

    /// What is installed in the file of that absolute path, or under that address.
    ///
    /// # Errors
    /// [`StoreError`].
    fn installed_at(&self, path: &Path) -> Result<Vec<Installation>, StoreError>;

    /// The places of a name, or of all names, with what is done there and what is owed; truststores apart.
    ///
    /// # Errors
    /// [`StoreError`].
    fn places(&self, name: Option<&str>) -> Result<Vec<InstalledPlace>, StoreError>;

    /// The certificates that lie somewhere, or may, although they are revoked or have a successor.
    ///
    /// # Errors
    /// [`StoreError`].
    fn still_in_place(&self) -> Result<Vec<CertificateEntry>, StoreError>;

    /// The servers that use certificates of this home, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    fn services(&self) -> Result<Vec<Service>, StoreError>;

    /// How far a service has come with the certificate of that name.
    ///
    /// # Errors
    /// [`StoreError`].
    fn service_state(&self, service: &str, certificate: &str) -> Result<ServiceState, StoreError>;

    /// The names of certificates that a service is still to be seen to use.
    ///
    /// # Errors
    /// [`StoreError`].
    fn owed_by_services(&self) -> Result<BTreeSet<String>, StoreError>;

    /// What truststores hold, as far as certroll put it there, in order of paths.
    ///
    /// # Errors
    /// [`StoreError`].
    fn truststores(&self) -> Result<Vec<Installation>, StoreError>;

    /// Intents that have no ending yet.
    ///
    /// # Errors
    /// [`StoreError`].
    fn open_intents(&self) -> Result<Vec<OpenIntent>, StoreError>;

    /// The CAs of this home.
    ///
    /// # Errors
    /// [`StoreError`].
    fn authorities(&self) -> Result<Vec<Authority>, StoreError>;

    /// The newest CRL of a CA.
    ///
    /// # Errors
    /// [`StoreError`].
    fn latest_crl(&self, authority: &str) -> Result<Option<CrlEntry>, StoreError>;

    /// The files that hold CRLs of this home's CAs, by path.
    ///
    /// # Errors
    /// [`StoreError`].
    fn crl_publications(&self) -> Result<Vec<CrlPublication>, StoreError>;

    /// The revoked certificates of a CA that a CRL of now must list: serial, time, reason.
    ///
    /// # Errors
    /// [`StoreError`].
    fn revoked(&self, authority: &str) -> Result<Vec<certroll_pki::x509::crl::RevokedEntry>, StoreError>;
}
