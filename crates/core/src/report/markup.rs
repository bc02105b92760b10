//! HTML and SVG that can only be built escaped: markup is a constant of the program, everything else is text.

use certroll_base::text::printable;

/// A document under construction.
///
/// [`Markup::raw`] takes constants alone, so a name from a record can come in only through [`Markup::text`] or
/// [`Markup::attribute`], which escape it.
#[derive(Clone, Debug, Default)]
pub struct Markup(String);

impl Markup {
    /// Adds markup as it is.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text. Controls and characters that reorder or hide text are written out as `\u{..}`.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape(&printable(text), &mut self.0);
        self
    }

    /// Adds text whose line ends are kept; for a block that shows them.
    pub fn lines(&mut self, text: &str) -> &mut Self {
        for line in text.split_inclusive('\n') {
            let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
            escape(&printable(line), &mut self.0);
            self.0.push_str(end);
        }
        self
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.0.push_str(&grouped(number));
        self
    }

    /// Adds ` name="value"` inside a tag.
    pub fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.0.push(' ');
        self.0.push_str(name);
        self.0.push_str("=\"");
        escape(&printable(value), &mut self.0);
        self.0.push('"');
        self
    }

    /// Adds a coordinate or length inside a tag, with at most one decimal.
    pub fn length(&mut self, name: &'static str, value: f64) -> &mut Self {
        let text = format!("{value:.1}");
        self.attribute(name, text.strip_suffix(".0").unwrap_or(&text))
    }

    /// The document.
    pub fn finish(self) -> String {
        self.0
    }
}

/// Digits in groups of three, apart by a narrow no-break space (ISO 80000-1).
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 8);
    for (at, digit) in digits.char_indices() {
        // Four digits stay together, as printers do it.
        if at > 0 && digits.len() > 4 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_becomes_markup() {
        let mut markup = Markup::default();
        markup
            .raw("<p")
            .attribute("title", "\" onload='x' <b>`\u{202e}\r\n")
            .raw(">")
            .text("</p><script>&amp;\u{7}\r\n");
        assert_eq!(
            markup.finish(),
            "<p title=\"&quot; onload=&#39;x&#39; &lt;b&gt;&#96;\\u{202e}\\u{d}\\u{a}\">\
             &lt;/p&gt;&lt;script&gt;&amp;amp;\\u{7}\\u{d}\\u{a}"
        );
        let mut markup = Markup::default();
        markup.lines("a\n<b>\r\n\u{2014} c\n").length("x", 2.0).length("y", 2.25);
        assert_eq!(markup.finish(), "a\n&lt;b&gt;\\u{d}\n\u{2014} c\n x=\"2\" y=\"2.2\"");
    }

    #[test]
    fn digits_are_grouped() {
        let text = [0, 999, 1000, 10_000, 1_234_567].map(grouped).join(" ");
        assert_eq!(text, "0 999 1000 10\u{202f}000 1\u{202f}234\u{202f}567");
    }
}
