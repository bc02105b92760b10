//! What the server says it has issued and revoked.

use std::collections::BTreeSet;

use super::find::VaultListed;
use crate::issuer::vault::Vault;
use crate::issuer::{IssuerError, Lister, Statement};

/// So many certificates are read at once.
const AT_ONCE: usize = 16;

impl Lister for Vault {
    fn issuer(&self) -> &str {
        &self.name
    }

    /// Unless it keeps none: tidying takes expired ones only.
    fn tells_issued(&self) -> bool {
        !self.keeps_nothing()
    }

    fn is_shared(&self) -> bool {
        self.settings.shared
    }

    /// The CAs of the mount are on its list too; they are none of ours.
    fn statements(&self, visit: &mut dyn FnMut(Statement)) -> Result<(), IssuerError> {
        let session = self.session()?;
        // Before the list is believed to be whole.
        self.role(&session)?;
        let own: BTreeSet<_> =
            self.authorities(&session)?.into_iter().map(|authority| authority.certificate.serial).collect();
        let mut revoked = self.revoked_list(&session)?;
        let listed = self.list(&session)?;
        let mut to_read = Vec::new();
        for one in listed {
            let Some(serial) = one.serial().filter(|serial| !own.contains(serial)) else { continue };
            match revoked.as_mut().map(|revoked| revoked.remove(&serial)) {
                Some(false) => visit(Statement { serial, certificate: None, revoked: None }),
                Some(true) | None => to_read.push(one),
            }
        }
        // What it did not keep and revoked by its certificate stands on this list alone.
        to_read.extend(revoked.into_iter().flatten().filter(|serial| !own.contains(serial)).map(VaultListed::of));
        for some in to_read.chunks(AT_ONCE) {
            let read = self.read(&session, some)?;
            for (one, read) in some.iter().zip(read) {
                let (Some(serial), Some(read)) = (one.serial(), read) else { continue };
                // It keeps no reason.
                let revoked = read.revoked.map(|at| (at, None));
                visit(Statement { serial, certificate: Some(read.der), revoked });
            }
        }
        Ok(())
    }
}
