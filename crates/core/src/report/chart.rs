//! Bars over months, drawn in SVG.

use super::markup::{Markup, grouped};

/// One column: what it is called, and how high its parts are, from the bottom.
pub(super) struct ChartColumn {
    /// Below the column, in full.
    pub(super) label: String,
    /// Below the column where there is room; empty where the label would crowd.
    pub(super) tick: String,
    /// As many as there are series.
    pub(super) parts: Vec<u64>,
}

/// A chart of stacked columns.
pub(super) struct Chart<'a> {
    /// Its heading for those who do not see it.
    pub(super) title: &'a str,
    /// What it shows, in words.
    pub(super) description: &'a str,
    /// Names and style classes of the parts, from the bottom.
    pub(super) series: &'a [(&'static str, &'static str)],
    /// From the left.
    pub(super) columns: &'a [ChartColumn],
    /// The names of the elements that hold title and description.
    pub(super) ids: (&'static str, &'static str),
}

/// The drawing's own units; the page scales it.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 48.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 34.0;

impl Chart<'_> {
    /// Draws it, with its legend when there is more than one series.
    pub(super) fn draw(&self, out: &mut Markup) {
        let highest = self.columns.iter().map(|column| column.parts.iter().sum::<u64>()).max().unwrap_or_default();
        let (step, steps) = scale(highest);
        let (floor, room) = (HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP);
        let unit = room / (step * steps) as f64;
        out.raw("<svg class=\"chart\" viewBox=\"0 0 720 360\" role=\"img\"");
        out.attribute("aria-labelledby", &format!("{} {}", self.ids.0, self.ids.1)).raw(">\n<title");
        out.attribute("id", self.ids.0).raw(">").text(self.title).raw("</title>\n<desc");
        out.attribute("id", self.ids.1).raw(">").text(self.description).raw("</desc>\n");
        for line in 0..=steps {
            let y = floor - (line * step) as f64 * unit;
            out.raw(if line == 0 { "<line class=\"axis\"" } else { "<line class=\"grid\"" });
            out.length("x1", LEFT).length("x2", WIDTH).length("y1", y).length("y2", y).raw("/>");
            out.raw("<text class=\"scale\"").length("x", LEFT - 8.0).length("y", y + 4.0).raw(">");
            out.number(line * step).raw("</text>\n");
        }
        let pitch = (WIDTH - LEFT) / self.columns.len().max(1) as f64;
        let width = (pitch * 0.68).min(34.0);
        for (at, column) in self.columns.iter().enumerate() {
            let middle = LEFT + pitch * (at as f64 + 0.5);
            let mut top = floor;
            out.raw("<g>");
            out.raw("<title>").text(&self.words(column)).raw("</title>");
            for ((_, class), part) in self.series.iter().zip(&column.parts) {
                if *part == 0 {
                    continue;
                }
                // What is there is seen, however small beside the rest.
                let height = (*part as f64 * unit).max(1.5);
                top -= height;
                out.raw("<rect").attribute("class", class).length("x", middle - width / 2.0).length("y", top);
                out.length("width", width).length("height", height).raw("/>");
            }
            let total: u64 = column.parts.iter().sum();
            if total > 0 && self.columns.len() <= 26 {
                out.raw("<text class=\"value\"").length("x", middle).length("y", top - 5.0).raw(">");
                out.text(&short(total)).raw("</text>");
            }
            out.raw("</g>\n");
            if !column.tick.is_empty() {
                out.raw("<text class=\"tick\"").length("x", middle).length("y", floor + 18.0).raw(">");
                out.text(&column.tick).raw("</text>\n");
            }
        }
        out.raw("</svg>\n");
        self.legend(out);
    }

    fn legend(&self, out: &mut Markup) {
        if self.series.len() < 2 {
            return;
        }
        out.raw("<ul class=\"legend\">");
        for (name, class) in self.series {
            out.raw("<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect").attribute("class", class);
            out.raw(" width=\"10\" height=\"10\"/></svg>").text(name).raw("</li>");
        }
        out.raw("</ul>\n");
    }

    fn words(&self, column: &ChartColumn) -> String {
        let part = |((name, _), part): (&(&str, &str), &u64)| format!("{} {name}", grouped(*part));
        let parts: Vec<_> = self.series.iter().zip(&column.parts).map(part).collect();
        format!("{}: {}", column.label, parts.join(", "))
    }
}

/// Step and number of steps of an axis up to `highest`: 1, 2 or 5 times a power of ten, three to five lines.
fn scale(highest: u64) -> (u64, u64) {
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if highest.div_ceil(step) <= 5 {
                return (step, highest.div_ceil(step).max(1));
            }
        }
        power = power.saturating_mul(10);
    }
}

/// A number in the width of a column: `1234`, `12k`, `3.4M`.
fn short(number: u64) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{}k", number / 1000),
        _ => format!("{}.{}M", number / 1_000_000, number / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_reaches_the_highest_column_in_few_steps() {
        for highest in (0..2000).chain([9_999, 10_001, 1_000_000, u64::MAX / 20]) {
            let (step, steps) = scale(highest);
            assert!(step * steps >= highest && (1..=5).contains(&steps), "{highest}: {step} times {steps}");
            assert!(highest == 0 || step * (steps - 1) < highest, "{highest}");
        }
        assert_eq!(scale(203), (50, 5));
        assert_eq!([7, 12_345, 3_456_789].map(short).join(" "), "7 12k 3.4M");
    }

    #[test]
    fn columns_are_as_high_as_their_numbers() {
        let column = |label: &str, parts: [u64; 2]| ChartColumn {
            label: label.into(),
            tick: String::new(),
            parts: parts.into(),
        };
        let columns = [column("<a>", [100, 50]), column("b", [0, 0])];
        let series = &[("one", "s1"), ("two", "s2")];
        let (title, description) = ("T & t", "D");
        let mut out = Markup::default();
        Chart { title, description, series, columns: &columns, ids: ("t", "d") }.draw(&mut out);
        let drawn = out.finish();
        assert!(drawn.contains("<title>&lt;a&gt;: 100 one, 50 two</title>"), "{drawn}");
        assert!(drawn.contains("T &amp; t"));
        // 150 needs an axis up to 150 in steps of 50: 308 units of height, of which the first part has two thirds.
        assert!(drawn.contains("y=\"120.7\" width=\"34\" height=\"205.3\""), "{drawn}");
        assert_eq!(drawn.matches("<rect class=\"s1\" x").count(), 1);
    }
}
