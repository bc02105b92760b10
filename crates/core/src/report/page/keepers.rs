//! CAs, actors, and the log itself.

use super::table::{Align, Cell, TableColumn, table, time};
use super::trouble::mishaps;
use crate::audit::record::event::Event;
use crate::report::figures::{AuthorityFigures, Deeds, Lists};
use crate::report::head::Head;
use crate::report::markup::Markup;
use crate::report::summary::LogSummary;
use crate::report::tally::Tally;
use certroll_base::encoding;

pub(super) fn authorities(out: &mut Markup, summary: &LogSummary, head: &Head) {
    const COLUMNS: &[TableColumn] = &[
        ("CA", Align::Left),
        ("Signed by", Align::Left),
        ("Key", Align::Left),
        ("Valid until", Align::Left),
        ("", Align::Left),
    ];
    let state = |one: &AuthorityFigures| match (summary.is_revoked(one), one.until < head.generated) {
        (true, _) => "revoked: nothing below it is valid",
        (false, true) => "expired: nothing below it is valid",
        (false, false) => "",
    };
    let rows: Vec<_> = summary
        .authorities
        .newest_first()
        .map(|one| {
            let texts = [&one.names, &one.issuer, &one.key].map(|text| Cell::text(text.clone()));
            texts.into_iter().chain([Cell::Time(one.until), Cell::text(state(one))]).collect()
        })
        .collect();
    if rows.is_empty() {
        out.raw("<p>No CA certificate was issued.</p>\n");
    }
    table(out, "CA certificates, newest first", COLUMNS, &rows);
    const LISTS: &[TableColumn] = &[
        ("Issuer", Align::Left),
        ("Lists signed", Align::Right),
        ("Latest number", Align::Right),
        ("Entries", Align::Right),
        ("Next update", Align::Left),
        ("", Align::Left),
    ];
    let number = |number: Option<u64>| number.map_or_else(|| Cell::text(""), Cell::Number);
    let row = |(name, list): (Option<&str>, &Lists)| {
        let overdue = list.next_update.is_some_and(|at| at < head.generated);
        vec![
            Cell::text(name.unwrap_or("all others")),
            Cell::Number(list.signed),
            number(list.number),
            number(list.entries),
            list.next_update.map_or_else(|| Cell::text(""), Cell::Time),
            Cell::text(if overdue { "overdue" } else { "" }),
        ]
    };
    let rows: Vec<_> = summary.lists.sorted(|list| list.signed).into_iter().map(row).collect();
    if rows.is_empty() {
        out.raw("<p>No certificate revocation list was signed.</p>\n");
    }
    table(out, "Certificate revocation lists", LISTS, &rows);
}

pub(super) fn actors(out: &mut Markup, summary: &LogSummary, _: &Head) {
    out.raw(
        "<p>A name stands here because it was verified, in the way that is told beside it. What the environment only ",
    );
    out.raw("claims, such as the user that a pipeline names, is marked as claimed.</p>\n");
    const COLUMNS: &[TableColumn] = &[
        ("Actor", Align::Left),
        ("Known by", Align::Left),
        ("Issued", Align::Right),
        ("Revoked", Align::Right),
        ("Refused", Align::Right),
        ("Records", Align::Right),
        ("Last seen", Align::Left),
    ];
    let row = |(name, deeds): (Option<&str>, &Deeds)| {
        let claims: Vec<_> = deeds.claims.sorted(|count| *count).iter().take(4).filter_map(|(name, _)| *name).collect();
        let claims = if claims.is_empty() { String::new() } else { format!("claimed: {}", claims.join(", ")) };
        vec![
            Cell::Term(name.unwrap_or("all others").to_owned(), claims),
            Cell::text(format!("{}, {}", deeds.kind, deeds.auth)),
            Cell::Number(deeds.issued),
            Cell::Number(deeds.revoked),
            Cell::Number(deeds.refused),
            Cell::Number(deeds.records),
            deeds.last.map_or_else(|| Cell::text(""), Cell::Time),
        ]
    };
    let rows: Vec<_> = summary.actors.sorted(|deeds| deeds.records).into_iter().map(row).collect();
    table(out, "Actors, the busiest first", COLUMNS, &rows);
}

pub(super) fn health(out: &mut Markup, summary: &LogSummary, _: &Head) {
    let event = |event: Event| summary.events.get(&event).copied().unwrap_or_default();
    let facts = [
        ("processes that changed something", event(Event::SessionStart)),
        ("of them ended without saying so", event(Event::SessionCrash)),
        ("records older than the one before", summary.regressions),
        ("steps of the clock on record", event(Event::ClockStep) + event(Event::ClockRegressed)),
        ("logging failed or nearly failed", event(Event::AuditDegraded)),
        ("log found set back or forked", event(Event::AuditRollbackDetected) + event(Event::AuditForkDetected)),
        ("comparisons that found something", event(Event::ReconcileFinding)),
        ("times that the log was handed out", event(Event::AuditExport)),
    ];
    let rows: Vec<_> = facts.iter().map(|(name, count)| vec![Cell::text(*name), Cell::Number(*count)]).collect();
    out.raw("<div class=\"pair even\">\n");
    table(out, "The log in figures", &[("Fact", Align::Left), ("Count", Align::Right)], &rows);
    let rows: Vec<_> = summary
        .events
        .iter()
        .map(|(event, count)| vec![Cell::Fixed(event.name().to_owned()), Cell::Number(*count)])
        .collect();
    table(out, "Records by event", &[("Event", Align::Left), ("Records", Align::Right)], &rows);
    out.raw("</div>\n");
    out.raw("<div class=\"pair even\">\n");
    for (caption, heading, tally) in
        [("Versions of certroll", "Version", &summary.versions), ("Hosts", "Host", &summary.hosts)]
    {
        sessions(out, caption, heading, tally);
    }
    out.raw("</div>\n");
    mishaps(out, "Records of things gone wrong, newest first", &summary.alarms);
    mishaps(out, "Handed out, newest first", &summary.handed_out);
}

fn sessions(out: &mut Markup, caption: &'static str, heading: &'static str, tally: &Tally<u64>) {
    let row =
        |(name, count): (Option<&str>, &u64)| vec![Cell::text(name.unwrap_or("all others")), Cell::Number(*count)];
    let rows: Vec<_> = tally.sorted(|count| *count).into_iter().map(row).collect();
    table(out, caption, &[(heading, Align::Left), ("Processes", Align::Right)], &rows);
}

pub(super) fn proof(out: &mut Markup, _: &LogSummary, head: &Head) {
    out.raw("<p>This page is a reading of the log, not evidence. It counts the records 0 to ");
    out.number(head.size.saturating_sub(1))
        .raw(", whose Merkle tree (RFC 9162) has the root</p>\n<p class=\"root\"><code>");
    out.text(&encoding::hex(&head.root)).raw("</code></p>\n");
    if head.checkpoint_text.is_empty() {
        out.raw("<p>No signed checkpoint was given for them. Ask for the checkpoint of this log and compare its size and root ");
        out.raw("with these before you rely on anything above.</p>\n");
    } else {
        out.raw("<p>The log signed this root in the following checkpoint (C2SP tlog-checkpoint; the third line is the root ");
        out.raw("in base64):</p>\n<pre>").lines(&head.checkpoint_text).raw("</pre>\n");
    }
    out.raw(include_str!("proof.html"));
    out.raw("<p>Page made at ");
    time(out, head.generated).raw(".</p>\n");
}
