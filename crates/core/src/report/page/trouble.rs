//! What was revoked, refused, left open, or failed.

use super::table::{Align, Cell, TableColumn, duration, table};
use crate::audit::record::event::Intent;
use crate::report::figures::{DELAY_LIMITS, Mishap, RevocationFigures};
use crate::report::head::Head;
use crate::report::markup::Markup;
use crate::report::summary::LogSummary;
use crate::report::tally::{NewestEntries, Tally};

pub(super) fn revocation(out: &mut Markup, summary: &LogSummary, _: &Head) {
    let total = summary.total.revoked;
    if total == 0 {
        out.raw("<p>No certificate was revoked.</p>\n");
        return;
    }
    let delays = summary.request_delays;
    out.raw("<p>").number(total).raw(if total == 1 {
        " certificate was revoked."
    } else {
        " certificates were revoked."
    });
    out.raw(" The longest that a request waited was ").text(&duration(delays.longest_millis));
    out.raw(". The Baseline Requirements (4.9.1.1) allow 24 hours for a compromised key and 5 days at most.</p>\n");
    out.raw("<div class=\"pair even\">\n");
    counts(out, "By reason", "Reason (RFC 5280)", &summary.reasons);
    let rows: Vec<_> = DELAY_LIMITS
        .iter()
        .zip(delays.counts)
        .map(|((_, name), count)| vec![Cell::text(*name), Cell::Number(count), Cell::Share(count, total)])
        .collect();
    table(out, "From request to revoked", &[("Took", Align::Left), ("Count", Align::Right), ("", Align::Left)], &rows);
    out.raw("</div>\n");
    const COLUMNS: &[TableColumn] = &[
        ("Record", Align::Right),
        ("Revoked", Align::Left),
        ("Certificate", Align::Left),
        ("Reason", Align::Left),
        ("Requested by", Align::Left),
        ("From request", Align::Right),
        ("From issuance", Align::Right),
    ];
    let row = |one: &RevocationFigures| {
        let took = |millis: Option<i64>| Cell::text(millis.map(duration).unwrap_or_default());
        vec![
            Cell::Number(one.seq),
            Cell::Time(one.at),
            Cell::Term(one.names.clone(), format!("{} by {}", one.serial, one.issuer)),
            Cell::Term(one.reason.clone(), one.text.clone()),
            Cell::text(one.actor.clone()),
            took(one.from_request),
            took(one.from_issuance.map(|secs| secs.saturating_mul(1000))),
        ]
    };
    let rows: Vec<_> = summary.revocations.newest_first().map(row).collect();
    shown(out, &summary.revocations);
    table(out, "Every revocation, newest first", COLUMNS, &rows);
}

pub(super) fn refusals(out: &mut Markup, summary: &LogSummary, _: &Head) {
    let total = summary.refusals.total();
    if total == 0 {
        out.raw("<p>Nothing was refused.</p>\n");
        return;
    }
    out.raw("<p>").number(total).raw(if total == 1 { " request was" } else { " requests were" });
    out.raw(" refused, by policy, by an approver or by a back end. Refusals are on record like everything else.</p>\n");
    out.raw("<div class=\"pair even\">\n");
    counts(out, "Refused by", "By", &summary.refusal_reasons);
    out.raw("</div>\n");
    shown(out, &summary.refusals);
    mishaps(out, "Refusals, newest first", &summary.refusals);
}

pub(super) fn unfinished(out: &mut Markup, summary: &LogSummary, head: &Head) {
    let open = summary.open();
    if open.is_empty() {
        out.raw("<p>Every intent to issue or to revoke has ended.</p>\n");
    } else {
        out.raw("<p>An intent is on record before anything is signed. These have no end yet: the process died, or is still ");
        out.raw("at work. The next command that changes something ends them.</p>\n");
    }
    const COLUMNS: &[TableColumn] = &[
        ("Record", Align::Right),
        ("Announced", Align::Left),
        ("Intent", Align::Left),
        ("For", Align::Left),
        ("By", Align::Left),
        ("Age", Align::Right),
        ("Left", Align::Right),
    ];
    let rows: Vec<_> = open
        .iter()
        .take(MOST_OPEN)
        .map(|one| {
            let intent = match (one.intent, one.indeterminate) {
                (_, true) => "issue; whether it happened is unknown",
                (Intent::Issue, _) => "issue",
                (Intent::Revoke, _) => "revoke",
            };
            vec![
                Cell::Number(one.seq),
                Cell::Time(one.at),
                Cell::text(intent),
                Cell::Term(one.subject.clone(), one.template.clone().unwrap_or_default()),
                Cell::text(one.actor.clone()),
                Cell::text(duration(head.generated.millis() - one.at.millis())),
                Cell::Number(one.remaining),
            ]
        })
        .collect();
    if open.len() > rows.len() {
        out.raw("<p>The oldest ").number(rows.len() as u64).raw(" of ").number(open.len() as u64).raw(":</p>\n");
    }
    table(out, "Open intents, oldest first", COLUMNS, &rows);
    let failed = summary.failed_deploys.total();
    out.raw("<p>").number(summary.deployed).raw(" deliveries to files and other targets went well; ").number(failed);
    out.raw(" failed. Issuances that failed after they were announced: ").number(summary.failed_issues.total());
    out.raw(".</p>\n");
    shown(out, &summary.failed_deploys);
    mishaps(out, "Failed deliveries, newest first", &summary.failed_deploys);
    shown(out, &summary.failed_issues);
    mishaps(out, "Failed issuances, newest first", &summary.failed_issues);
}

/// Open intents shown one by one.
const MOST_OPEN: usize = 200;

/// Says so when a list does not show everything.
fn shown<T>(out: &mut Markup, list: &NewestEntries<T>) {
    let count = list.newest_first().len() as u64;
    if count < list.total() {
        out.raw("<p>The newest ").number(count).raw(" of ").number(list.total());
        out.raw("; the others are in the log.</p>\n");
    }
}

/// The entries of a list; columns that none of them fills are left out.
pub(super) fn mishaps(out: &mut Markup, caption: &'static str, list: &NewestEntries<Mishap>) {
    let (mut subjects, mut places) = (false, false);
    for one in list.newest_first() {
        subjects |= !one.subject.is_empty();
        places |= !one.place.is_empty();
    }
    let mut columns = vec![("Record", Align::Right), ("Time", Align::Left), ("Event", Align::Left)];
    columns.extend(subjects.then_some(("About", Align::Left)));
    columns.extend(places.then_some(("Where", Align::Left)));
    columns.extend([("What was said", Align::Left), ("By", Align::Left)]);
    let row = |one: &Mishap| {
        let mut row = vec![Cell::Number(one.seq), Cell::Time(one.at), Cell::Fixed(one.event.name().to_owned())];
        row.extend(subjects.then(|| Cell::text(one.subject.clone())));
        row.extend(places.then(|| Cell::Code(one.place.clone())));
        row.extend([Cell::text(one.text.clone()), Cell::text(one.actor.clone())]);
        row
    };
    let rows: Vec<_> = list.newest_first().map(row).collect();
    table(out, caption, &columns, &rows);
}

fn counts(out: &mut Markup, caption: &'static str, what: &'static str, tally: &Tally<u64>) {
    let list = tally.sorted(|count| *count);
    let whole = list.iter().map(|(_, count)| **count).sum();
    let row = |(name, count): (Option<&str>, &u64)| {
        vec![Cell::text(name.unwrap_or("all others")), Cell::Number(*count), Cell::Share(*count, whole)]
    };
    let rows: Vec<_> = list.into_iter().map(row).collect();
    table(out, caption, &[(what, Align::Left), ("Count", Align::Right), ("", Align::Left)], &rows);
}
