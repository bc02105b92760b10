//! Foreign text made safe for a terminal: the attacker chooses the subject of a certificate.

use std::borrow::Cow;

/// `text` with every control, format and bidirectional character written as `\u{..}`.
///
/// Line breaks count as control characters: the result always fits one line.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| !is_hostile(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hostile(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Adds a hostile character as `\\u{..}`, for formats in which a backslash itself is written as two.
pub fn push_spelled_out(c: char, out: &mut String) {
    out.push('\\');
    out.extend(c.escape_unicode());
}

/// Controls (C0, DEL, C1), line and paragraph separators, and the invisible characters that reorder or hide text.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_a_terminal_would_obey() {
        assert_eq!(printable("CN=Größe, O=Ünï"), "CN=Größe, O=Ünï");
        assert_eq!(printable("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(printable("x\r\ny\u{202e}z"), "x\\u{d}\\u{a}y\\u{202e}z");
    }
}
