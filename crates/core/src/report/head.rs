//! What a page says of the log that it tells of.

use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;

/// What ties a page to the log that it tells of.
#[derive(Clone, Debug)]
pub struct Head {
    /// The name of the log; the first line of its checkpoints.
    pub origin: String,
    /// How many records the summary covers: all from 0 to `size - 1`.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Sha256,
    /// The signed note over origin, size and root; empty when there is none.
    pub checkpoint_text: String,
    /// When the page is made; what is valid and what is overdue is judged at that time.
    pub generated: Timestamp,
}
