//! What was issued, and when it ends.

use std::collections::BTreeMap;

use super::table::{Align, Cell, TableColumn, table};
use crate::report::chart::{Chart, ChartColumn};
use crate::report::figures::{Activity, Ending, Issuance};
use crate::report::head::Head;
use crate::report::markup::{Markup, grouped};
use crate::report::month::{Day, Month};
use crate::report::summary::LogSummary;
use crate::report::tally::Tally;

/// How many months a picture shows.
const MONTHS: i32 = 24;
/// How many it shows at least.
const LEAST_MONTHS: i32 = 12;

pub(super) fn issuance(out: &mut Markup, summary: &LogSummary, head: &Head) {
    let total = summary.total;
    if total.issued == 0 {
        out.raw("<p>No certificate was issued.</p>\n");
        return;
    }
    out.raw("<p>").number(total.issued).raw(if total.issued == 1 { " certificate was" } else { " certificates were" });
    out.raw(" issued, CAs included; ").number(total.rotations).raw(" of them replaced an earlier one");
    if summary.imported > 0 {
        out.raw(", and ").number(summary.imported).raw(" were taken over from elsewhere");
    }
    out.raw(".</p>\n");
    let last = Month::of(summary.last.unwrap_or(head.generated));
    let first = summary.months.keys().next().copied().unwrap_or(last);
    let from = last.plus(1 - (last.since(first) + 1).clamp(LEAST_MONTHS, MONTHS));
    let columns: Vec<_> = months(from, last)
        .map(|month| {
            let at = summary.months.get(&month).copied().unwrap_or_default();
            let parts = vec![at.issued.saturating_sub(at.rotations), at.rotations];
            ChartColumn { label: month.to_string(), tick: tick(month, month == from), parts }
        })
        .collect();
    out.raw("<div class=\"pair\"><figure>\n<figcaption>Issued by month</figcaption>\n");
    Chart {
        title: "Certificates issued by month",
        description: "One column for each month; the table beside it has the same numbers.",
        series: &[("new", "s1"), ("replacing an earlier one", "s2")],
        columns: &columns,
        ids: ("issued-title", "issued-desc"),
    }
    .draw(out);
    out.raw("</figure>\n");
    monthly(out, &summary.months);
    out.raw("</div>\n<div class=\"pair even\">\n");
    shares(out, "By issuer", "Issuer", &summary.issuers, total.issued);
    shares(out, "By template", "Template", &summary.templates, total.issued);
    out.raw("</div>\n");
}

fn monthly(out: &mut Markup, months: &BTreeMap<Month, Activity>) {
    const COLUMNS: &[TableColumn] = &[
        ("Month", Align::Left),
        ("Issued", Align::Right),
        ("Replacing", Align::Right),
        ("Revoked", Align::Right),
        ("Refused", Align::Right),
    ];
    let newest_first: Vec<_> = months
        .iter()
        .rev()
        .map(|(month, at)| {
            let mut row = vec![Cell::Fixed(month.to_string())];
            row.extend([at.issued, at.rotations, at.revoked, at.refused].map(Cell::Number));
            row
        })
        .collect();
    table(out, "Month by month", COLUMNS, &newest_first);
}

fn shares(out: &mut Markup, caption: &'static str, what: &'static str, tally: &Tally<Issuance>, whole: u64) {
    let columns = [(what, Align::Left), ("Issued", Align::Right), ("", Align::Left), ("Revoked", Align::Right)];
    let refused = [(what, Align::Left), ("Issued", Align::Right), ("", Align::Left), ("Refused", Align::Right)];
    let by_template = what == "Template";
    let row = |(name, count): (Option<&str>, &Issuance)| {
        let name = Cell::text(name.unwrap_or("all others"));
        let last = if by_template { count.refused } else { count.revoked };
        vec![name, Cell::Number(count.issued), Cell::Share(count.issued, whole), Cell::Number(last)]
    };
    let rows: Vec<_> = tally.sorted(|count| count.issued).into_iter().map(row).collect();
    table(out, caption, if by_template { &refused } else { &columns }, &rows);
}

/// What ends in a stretch of time that is shown in one row.
struct Stretch {
    name: String,
    ending: Ending,
}

pub(super) fn expiry(out: &mut Markup, summary: &LogSummary, head: &Head) {
    let (today, now) = (Day::of(head.generated), Month::of(head.generated));
    let mut by_month: BTreeMap<Month, Ending> = BTreeMap::new();
    let mut endless = Ending::default();
    for (day, ending) in summary.endings.range(today..) {
        let sum = if *day == Day::never() { &mut endless } else { by_month.entry(day.month()).or_default() };
        sum.current += ending.current;
        sum.replaced += ending.replaced;
    }
    let valid: u64 = by_month.values().chain([&endless]).map(|sum| sum.current + sum.replaced).sum();
    if valid == 0 {
        out.raw("<p>No certificate of this log is valid today.</p>\n");
        return;
    }
    let replaced: u64 = by_month.values().chain([&endless]).map(|sum| sum.replaced).sum();
    let expired: u64 = summary.endings.range(..today).map(|(_, ending)| ending.current + ending.replaced).sum();
    out.raw("<p>Valid today, neither expired nor revoked: ").number(valid);
    out.raw(". Replaced by then, so that they should no longer be in use: ").number(replaced);
    out.raw(". Expired: ").number(expired).raw(". A certificate counts until the end of its last day.</p>\n");
    let last = now.plus(MONTHS - 1);
    let soon: u64 = by_month.range(..=last).map(|(_, sum)| sum.current + sum.replaced).sum();
    let columns: Vec<_> = months(now, last)
        .map(|month| {
            let sum = by_month.get(&month).copied().unwrap_or_default();
            ChartColumn {
                label: month.to_string(),
                tick: tick(month, month == now),
                parts: vec![sum.current, sum.replaced],
            }
        })
        .collect();
    out.raw("<div class=\"pair\"><figure>\n<figcaption>Ending in the next 24 months</figcaption>\n");
    if soon == 0 {
        out.raw("<p>None.</p>\n");
    } else {
        let description = format!(
            "One column for each month from {now} to {last}; {} certificates end in that time. The table beside it has the \
             same numbers, and what ends later.",
            grouped(soon)
        );
        Chart {
            title: "Certificates that end, by month",
            description: &description,
            series: &[("in use", "s1"), ("replaced already", "s3")],
            columns: &columns,
            ids: ("expiry-title", "expiry-desc"),
        }
        .draw(out);
    }
    out.raw("</figure>\n");
    let rows: Vec<_> = stretches(&by_month, last, endless)
        .into_iter()
        .map(|Stretch { name, ending }| {
            vec![Cell::Fixed(name), Cell::Number(ending.current), Cell::Number(ending.replaced)]
        })
        .collect();
    table(out, "What ends when", &[("Ends", Align::Left), ("In use", Align::Right), ("Replaced", Align::Right)], &rows);
    out.raw("</div>\n");
}

/// Months up to `last`, years after it, and what never ends.
fn stretches(by_month: &BTreeMap<Month, Ending>, last: Month, endless: Ending) -> Vec<Stretch> {
    let mut rows: Vec<Stretch> = Vec::new();
    for (month, ending) in by_month {
        let name = if *month <= last { month.to_string() } else { format!("{} or later", last.plus(1)) };
        let year = month.year().to_string();
        let name = if *month > last && month.year() > last.year() { year } else { name };
        match rows.last_mut().filter(|row| row.name == name) {
            Some(row) => {
                row.ending.current += ending.current;
                row.ending.replaced += ending.replaced;
            }
            None => rows.push(Stretch { name, ending: *ending }),
        }
    }
    rows.push(Stretch { name: "never".to_owned(), ending: endless });
    rows.retain(|row| row.ending.current + row.ending.replaced > 0);
    rows
}

fn months(from: Month, to: Month) -> impl Iterator<Item = Month> {
    (0..=to.since(from)).map(move |n| from.plus(n))
}

/// Every third month has its name, and the year where a new one begins.
fn tick(month: Month, first: bool) -> String {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let name = NAMES[usize::try_from(month.number() - 1).unwrap_or_default() % 12];
    match month.number() {
        1 => month.year().to_string(),
        4 | 7 | 10 => name.to_owned(),
        // A year that begins within two columns has the room.
        2 | 3 | 5 | 6 | 8 | 9 if first => name.to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use certroll_base::clock::Timestamp;

    #[test]
    fn what_ends_later_is_told_by_year() {
        let month = |text: &str| Month::of(Timestamp::parse(&format!("{text}-15T00:00:00Z")).unwrap());
        let ending = |current| Ending { current, replaced: 0 };
        let by_month = [("2026-11", 1), ("2028-10", 2), ("2028-11", 3), ("2028-12", 4), ("2030-01", 5), ("2030-07", 6)]
            .map(|(text, count)| (month(text), ending(count)));
        let rows = stretches(&by_month.into(), month("2028-10"), ending(7));
        let told: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.ending.current)).collect();
        let expected = [("2026-11", 1), ("2028-10", 2), ("2028-11 or later", 7), ("2030", 11), ("never", 7)].to_vec();
        assert_eq!(told, expected);
    }
}
