//! Sign and publish the head of the log; keep it outside the home too.

use super::{Journal, anchors};
use crate::audit::record::draft::Draft;
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use crate::error::{Error, ErrorKind};
use crate::store::{Appended, Change};
use certroll_base::durable;
use certroll_base::lock::Lock;
use certroll_tlog::{Checkpoint, Frontier, LogKey};

impl Journal {
    /// Signs and publishes a checkpoint that covers everything durable.
    ///
    /// What is signed is the head in the memory of this process: what it checked when it began, and every record since, read
    /// back. It goes on from what is in the store now and from the checkpoint that it replaces, by proof; what is changed
    /// between this and the signature is not in it.
    ///
    /// # Errors
    /// It cannot be signed or written; what was appended is durable all the same. Or the store or the published checkpoint
    /// contradict what this process knows: then nothing is signed.
    pub fn publish(&mut self) -> Result<(), Error> {
        let file = self.home.checkpoint();
        let unwritable =
            |error| Error::file(&file, "publish the checkpoint", error).of_kind_unless_locked(ErrorKind::Audit);
        let _turn = Lock::acquire(&self.home.run().join("publish.lock")).map_err(unwritable)?;
        match anchors::published(&self.home, self.key.verifier())? {
            Some(published) => self.require_extends(published)?,
            None if self.published.is_some() => return Err(anchors::checkpoint_gone(self.store.stored_head()?.size())),
            None => {}
        }
        let head = self.store.follow_head().map_err(|error| self.refused(error))?;
        // Another process may have covered it all meanwhile; sizes never go back.
        if self.published.as_ref().is_some_and(|published| published.size >= head.size()) {
            return Ok(());
        }
        let checkpoint = checkpoint(&self.key, &head);
        let signed = checkpoint.sign(&self.key);
        let signed =
            signed.map_err(|error| Error::new(ErrorKind::Audit, "the checkpoint cannot be signed").because(error))?;
        durable::write(&file, &signed, durable::PUBLIC).map_err(unwritable)?;
        self.published = Some(checkpoint);
        Ok(())
    }

    /// Publishes, and keeps the checkpoint outside the home too.
    ///
    /// # Errors
    /// There is no place for it, or none that can be written; or as [`Journal::publish`].
    pub fn remember(&mut self) -> Result<(), Error> {
        self.publish()?;
        anchors::remember(&self.home, self.key.verifier(), &mut *self.store)
    }

    /// [`Journal::append`], then [`Journal::publish`].
    ///
    /// # Errors
    /// As these two.
    pub fn commit(&mut self, records: Vec<Draft>, changes: Vec<Change>) -> Result<Appended, Error> {
        let appended = self.append(records, changes)?;
        self.publish()?;
        Ok(appended)
    }
}

impl Journal {
    /// As [`Journal::commit`], and the session ends with these records: nothing follows them in the log.
    ///
    /// An export must be all there is, or it could not bring a lost log back to what this user has seen.
    ///
    /// # Errors
    /// As [`Journal::commit`].
    pub fn conclude(&mut self, mut records: Vec<Draft>) -> Result<Appended, Error> {
        records.push(self.draft(Event::SessionStop, Outcome::Ok, self.session));
        let appended = self.commit(records, Vec::new())?;
        (self.begun, self.concluded) = (false, true);
        match anchors::remember(&self.home, self.key.verifier(), &mut *self.store) {
            Err(error) if error.kind == ErrorKind::Verification => Err(error),
            Err(error) => {
                let _ = self.end.unremembered.set(error);
                Ok(appended)
            }
            Ok(()) => Ok(appended),
        }
    }
}

fn checkpoint(key: &LogKey, head: &Frontier) -> Checkpoint {
    Checkpoint { origin: key.verifier().name().to_owned(), size: head.size(), root: head.root() }
}
