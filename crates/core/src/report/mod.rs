//! The report: a log folded into counts, and one page about them for people.
//!
//! What belongs here: what is counted, and how the page looks. Records come in one by one ([`LogSummary::add`]) and are not
//! kept; the page goes out as text ([`html`]). Which records are read, and whether they verify, is for `lifecycle`.
//!
//! What holds:
//! * Memory grows by some 24 bytes with each certificate, for the times between issuance, expiry and revocation, and with
//!   what is open. Everything else is bounded: lists keep the newest, counts keep the first names that they meet.
//! * The page is one file without scripts and without anything loaded from elsewhere.
//! * Nothing that a record says becomes markup: [`markup`] takes text only escaped and markup only as constants.
//! * The same summary and head give the same bytes.
//!
//! | module | what |
//! |---|---|
//! | [`summary`] | what is kept of the records |
//! | `figures` | its figures and entries |
//! | [`tally`] | counts by name, and newest entries, both bounded |
//! | [`month`] | calendar months, in UTC |
//! | [`markup`] | HTML that can only be built escaped |
//! | `chart` | bars, drawn in SVG |
//! | `page` | the page and its sections |

mod chart;
mod figures;
pub mod markup;
pub mod month;
mod page;
pub mod summary;
pub mod tally;

use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;

pub use summary::LogSummary;

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

/// The page: one self-contained HTML document.
pub fn html(summary: &LogSummary, head: &Head) -> String {
    page::render(summary, head)
}
