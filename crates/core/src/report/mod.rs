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
//! | [`actor`] | who acted, in words |
//! | [`summary`] | what is kept of the records |
//! | `figures` | its figures and entries |
//! | [`tally`] | counts by name, and newest entries, both bounded |
//! | [`month`] | calendar months, in UTC |
//! | [`markup`] | HTML that can only be built escaped |
//! | `chart` | bars, drawn in SVG |
//! | `page` | the page and its sections |

pub mod actor;
mod chart;
mod figures;
mod head;
pub mod markup;
pub mod month;
mod page;
pub mod summary;
pub mod tally;

pub use head::Head;
pub use summary::LogSummary;

/// The page: one self-contained HTML document.
pub fn html(summary: &LogSummary, head: &Head) -> String {
    page::render(summary, head)
}
