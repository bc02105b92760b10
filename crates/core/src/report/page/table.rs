//! Tables, and how times and durations are written in them.

use crate::report::markup::Markup;
use certroll_base::clock::Timestamp;

/// A column: its heading, and whether numbers stand in it.
pub(super) type TableColumn = (&'static str, Align);

/// Where the content of a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// What stands in a cell.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    Text(String),
    /// Identifiers: serial numbers, paths.
    Code(String),
    Number(u64),
    /// A short word that is not broken over lines.
    Fixed(String),
    /// A bar of that share of the whole, beside the number that says it.
    Share(u64, u64),
    /// Date above time.
    Time(Timestamp),
    /// A bold word above a line of explanation.
    Term(String, String),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// Writes a table with its caption; nothing when there is no row.
pub(super) fn table(out: &mut Markup, caption: &'static str, columns: &[TableColumn], rows: &[Vec<Cell>]) {
    if rows.is_empty() {
        return;
    }
    out.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\"").attribute("aria-label", caption).raw(">\n<table>");
    out.raw("<caption>").text(caption).raw("</caption>\n<thead><tr>");
    for (heading, align) in columns {
        out.raw(if *align == Align::Right { "<th scope=\"col\" class=\"n\">" } else { "<th scope=\"col\">" });
        out.text(heading).raw("</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.raw("<tr>");
        for ((_, align), cell) in columns.iter().zip(row) {
            write_cell(out, cell, *align);
        }
        out.raw("</tr>\n");
    }
    out.raw("</tbody></table></div>\n");
}

fn write_cell(out: &mut Markup, cell: &Cell, align: Align) {
    match cell {
        Cell::Share(part, whole) => {
            let share = *part as f64 * 100.0 / (*whole).max(1) as f64;
            out.raw(
                "<td class=\"share\"><svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
            );
            out.raw("<rect class=\"s1\" height=\"8\"").length("width", share).raw("/></svg></td>");
            return;
        }
        Cell::Term(..) => out.raw("<td class=\"term\">"),
        _ => out.raw(if align == Align::Right { "<td class=\"n\">" } else { "<td>" }),
    };
    match cell {
        Cell::Text(text) => {
            out.text(text);
        }
        Cell::Code(text) => {
            out.raw("<code>").text(text).raw("</code>");
        }
        Cell::Number(number) => {
            out.number(*number);
        }
        Cell::Fixed(text) => {
            out.raw("<span class=\"fixed\">").text(text).raw("</span>");
        }
        Cell::Time(at) => {
            time(out, *at);
        }
        Cell::Term(term, explanation) => {
            out.raw("<b>").text(term).raw("</b>");
            if !explanation.is_empty() {
                out.raw("<br><span class=\"quiet\">").text(explanation).raw("</span>");
            }
        }
        Cell::Share(..) => {}
    }
    out.raw("</td>");
}

/// A time for people, with the exact one for programs.
pub(super) fn time(out: &mut Markup, at: Timestamp) -> &mut Markup {
    out.raw("<time").attribute("datetime", &at.to_string()).raw(">").text(&readable(at)).raw("</time>")
}

/// `2026-11-23 04:27`: UTC, as the head of the page says.
pub(super) fn readable(at: Timestamp) -> String {
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(date), Some(time)) => format!("{date} {time}"),
        _ => text,
    }
}

/// A duration by its two largest units.
pub(super) fn duration(millis: i64) -> String {
    let (secs, sign) = (millis.unsigned_abs() / 1000, if millis < 0 { "−" } else { "" });
    let two = |large: u64, unit: &str, small: u64, smaller: &str| match small {
        0 => format!("{sign}{large} {unit}"),
        small => format!("{sign}{large} {unit} {small} {smaller}"),
    };
    match secs {
        0 => format!("{sign}{} ms", millis.unsigned_abs()),
        1..60 => format!("{sign}{secs} s"),
        60..3600 => two(secs / 60, "min", secs % 60, "s"),
        3600..86_400 => two(secs / 3600, "h", secs / 60 % 60, "min"),
        _ => two(secs / 86_400, "d", secs / 3600 % 24, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_units() {
        let text = [0, 999, 1000, 61_000, 3_600_000, 90_061_000, -5000].map(duration).join(", ");
        assert_eq!(text, "0 ms, 999 ms, 1 s, 1 min 1 s, 1 h, 1 d 1 h, −5 s");
    }

    #[test]
    fn cells_are_escaped() {
        let mut out = Markup::default();
        let row = vec![Cell::text("<b>"), Cell::Code("'x'".into()), Cell::Term("&".into(), "\"".into())];
        table(&mut out, "A", &[("B", Align::Left), ("C", Align::Left), ("D", Align::Right)], &[row]);
        let text = out.finish();
        let cells = "<td>&lt;b&gt;</td><td><code>&#39;x&#39;</code></td>\
                     <td class=\"term\"><b>&amp;</b><br><span class=\"quiet\">&quot;</span></td>";
        assert!(text.contains(cells), "{text}");
    }
}
