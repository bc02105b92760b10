//! The page: its head, the figures at a glance, what needs attention, and the sections in their order.

mod issuance;
mod keepers;
mod table;
mod trouble;

use super::markup::{Markup, grouped};
use super::month::Day;
use crate::audit::record::event::Event;
use crate::report::head::Head;
use crate::report::summary::LogSummary;
use certroll_base::encoding;

/// Days within which an end is near.
const NEAR_DAYS: i32 = 30;

/// The parts of the page: anchor, heading, and what writes it.
type Section = (&'static str, &'static str, fn(&mut Markup, &LogSummary, &Head));

const SECTIONS: &[Section] = &[
    ("issuance", "Issuance", issuance::issuance),
    ("expiry", "Expiry", issuance::expiry),
    ("revocation", "Revocation", trouble::revocation),
    ("refusals", "Refusals", trouble::refusals),
    ("unfinished", "Unfinished and failed", trouble::unfinished),
    ("authorities", "CAs and revocation lists", keepers::authorities),
    ("actors", "Who acted", keepers::actors),
    ("health", "Health of the log", keepers::health),
    ("proof", "Proof", keepers::proof),
];

/// The whole document.
pub(super) fn render(summary: &LogSummary, head: &Head) -> String {
    let mut page = Markup::default();
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // Even if something on the page were markup, a browser would neither run nor load it.
    page.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.raw("<title>Audit report: ").text(&head.origin).raw("</title>\n<style>\n");
    page.raw(include_str!("style.css")).raw("</style>\n</head>\n<body>\n");
    opening(&mut page, summary, head);
    page.raw("<main>\n");
    figures(&mut page, summary, head);
    attention(&mut page, summary, head);
    for (anchor, heading, write) in SECTIONS {
        page.raw("<section").attribute("id", anchor).raw(">\n<h2>").text(heading).raw("</h2>\n");
        write(&mut page, summary, head);
        page.raw("</section>\n");
    }
    page.raw("</main>\n<footer><p>Made by certroll ").text(env!("CARGO_PKG_VERSION"));
    page.raw(" from the first ").number(head.size).raw(" records of <code>").text(&head.origin);
    page.raw("</code>. Root <code>").text(&encoding::hex(&head.root)).raw("</code>.</p></footer>\n</body>\n</html>\n");
    page.finish()
}

fn opening(page: &mut Markup, summary: &LogSummary, head: &Head) {
    page.raw("<header>\n<p class=\"kicker\">Certificate audit report</p>\n<h1>").text(&head.origin).raw("</h1>\n<p>");
    if let (Some(first), Some(last)) = (summary.first, summary.last) {
        page.number(summary.records).raw(" records from ");
        table::time(page, first).raw(" to ");
        table::time(page, last).raw(". ");
    }
    page.raw("Made ");
    table::time(page, head.generated).raw(". All times are UTC.</p>\n<nav aria-label=\"Sections\"><ul>");
    for (anchor, heading, _) in SECTIONS {
        page.raw("<li><a").attribute("href", &format!("#{anchor}")).raw(">").text(heading).raw("</a></li>");
    }
    page.raw("</ul></nav>\n</header>\n");
}

fn figures(page: &mut Markup, summary: &LogSummary, head: &Head) {
    page.raw("<dl class=\"figures\">\n");
    let mut figure = |number: u64, name: &'static str, anchor: &'static str, bad: bool| {
        page.raw(if bad && number > 0 { "<div class=\"bad\"><dt><a" } else { "<div><dt><a" });
        page.attribute("href", anchor).raw(">").text(name).raw("</a></dt><dd>").number(number).raw("</dd></div>\n");
    };
    figure(summary.total.issued, "issued", "#issuance", false);
    figure(valid(summary, head), "valid today", "#expiry", false);
    figure(summary.total.revoked, "revoked", "#revocation", false);
    figure(summary.total.refused, "refused", "#refusals", false);
    figure(summary.failed_deploys.total(), "failed deliveries", "#unfinished", true);
    figure(summary.open().len() as u64, "open intents", "#unfinished", true);
    page.raw("</dl>\n");
}

/// How many certificates are neither expired nor revoked on the day that the page is made.
fn valid(summary: &LogSummary, head: &Head) -> u64 {
    let endings = summary.endings.range(Day::of(head.generated)..);
    endings.map(|(_, ending)| ending.current + ending.replaced).sum()
}

/// What needs attention, worst first; each line leads to its section.
fn attention(page: &mut Markup, summary: &LogSummary, head: &Head) {
    let event = |event: Event| summary.events.get(&event).copied().unwrap_or_default();
    let today = Day::of(head.generated);
    let near: u64 = summary.endings.range(today..today.plus(NEAR_DAYS)).map(|(_, ending)| ending.current).sum();
    let lists = summary.lists.sorted(|list| list.signed);
    let overdue = lists.iter().filter(|(_, list)| list.next_update.is_some_and(|at| at < head.generated)).count();
    let mut lines = Vec::new();
    let mut line = |number: u64, one: &'static str, many: &'static str, anchor: &'static str| {
        if number > 0 {
            lines.push((format!("{} {}", grouped(number), if number == 1 { one } else { many }), anchor));
        }
    };
    let tampering = event(Event::AuditRollbackDetected) + event(Event::AuditForkDetected);
    line(tampering, "sign of a log set back or forked", "signs of a log set back or forked", "#health");
    line(
        event(Event::ReconcileFinding),
        "comparison with the outside world that found something",
        "comparisons with the outside world that found something",
        "#health",
    );
    let open = summary.open().len() as u64;
    line(open, "intent without an end", "intents without an end", "#unfinished");
    line(overdue as u64, "revocation list overdue", "revocation lists overdue", "#authorities");
    let failed = summary.failed_deploys.total();
    line(failed, "delivery that failed", "deliveries that failed", "#unfinished");
    line(summary.failed_issues.total(), "issuance that failed", "issuances that failed", "#unfinished");
    line(near, "certificate in use that ends within 30 days", "certificates in use that end within 30 days", "#expiry");
    line(
        event(Event::SessionCrash),
        "run that ended without saying so",
        "runs that ended without saying so",
        "#health",
    );
    line(
        summary.regressions,
        "record older than the one before it",
        "records older than the one before them",
        "#health",
    );
    if head.checkpoint_text.is_empty() {
        lines.push(("No signed checkpoint covers this page".to_owned(), "#proof"));
    }
    if lines.is_empty() {
        page.raw(
            "<p class=\"calm\">Nothing here asks for attention: every intent has ended, every delivery went well, ",
        );
        page.raw("no revocation list is overdue and no certificate in use ends within 30 days.</p>\n");
        return;
    }
    page.raw("<section class=\"attention\" aria-labelledby=\"attention\">\n<h2 id=\"attention\">Needs attention</h2>\n<ul>\n");
    for (text, anchor) in lines {
        page.raw("<li><a").attribute("href", anchor).raw(">").text(&text).raw("</a></li>\n");
    }
    page.raw("</ul>\n</section>\n");
}

#[cfg(test)]
mod tests;
