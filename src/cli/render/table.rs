//! Tables; the only user of the table library.

use comfy_table::{ContentArrangement, Table, presets};

use certroll_base::text::printable;

/// A table with a heading, one row a line, columns separated by blanks.
pub(crate) fn rows(heading: &[&str], rows: impl IntoIterator<Item = Vec<String>>, width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(heading.to_vec());
    for row in rows {
        table.add_row(row.iter().map(|cell| lines(cell)));
    }
    finish(table, width)
}

/// Names and values, one pair a line; an empty value is left out.
pub(crate) fn pairs(pairs: &[(&str, String)], width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        table.add_row([(*name).to_owned(), lines(value)]);
    }
    finish(table, width)
}

/// A cell of several lines that we joined ourselves; within a line nothing can break out.
fn lines(cell: &str) -> String {
    cell.lines().map(|line| printable(line).into_owned()).collect::<Vec<_>>().join("\n")
}

fn finish(mut table: Table, width: Option<u16>) -> String {
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    let mut text = String::new();
    for line in table.to_string().lines() {
        text.push_str(line.trim_end().strip_prefix(' ').unwrap_or(line.trim_end()));
        text.push('\n');
    }
    text
}

/// The width of the terminal behind standard output, in columns; `None` where there is no terminal or it does not say.
pub(crate) fn terminal_width() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    (size.ws_col > 0).then_some(size.ws_col)
}
