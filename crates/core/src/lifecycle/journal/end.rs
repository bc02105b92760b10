//! What comes out when a session ends, for who has run the command.

use std::sync::OnceLock;

use super::anchors;
use crate::error::Error;
use crate::lifecycle::layout::home::Home;

/// What comes out at the very end of a session, when no call is left that could return it.
#[derive(Debug, Default)]
pub struct SessionEnd {
    pub(super) tampering: OnceLock<Error>,
    pub(super) unremembered: OnceLock<Error>,
}

impl SessionEnd {
    /// Notes that nothing outside this home remembers it, if that is so.
    pub fn note_unremembered(&self, home: &Home) {
        if let Some(error) = unremembered(home) {
            let _ = self.unremembered.set(error);
        }
    }

    /// That the log was tampered with, if it was.
    pub fn tampering(&mut self) -> Option<Error> {
        self.tampering.take()
    }

    /// Why the checkpoint is not kept outside the home, if it is not: nothing here would notice that the home is set back.
    pub fn unremembered(&mut self) -> Option<Error> {
        self.unremembered.take()
    }
}

/// What there is to say of a home without a state directory, at every command.
fn unremembered(home: &Home) -> Option<Error> {
    (!home.is_remembered()).then(anchors::unremembered)
}
