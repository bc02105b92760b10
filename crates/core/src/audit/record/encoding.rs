//! A record has one encoding. Two lines that say the same would have two leaves, and two readers might not agree on one.

use std::io::{self, Write};

use serde_json::Value;

use super::Record;

/// Whether `line` is how the record is written: compact, fields in their order and once each at any depth, numbers whole, texts
/// with the escapes that must be and no others.
pub(super) fn is_canonical(record: &Record<'_>, line: &[u8]) -> bool {
    let mut same = Same(line);
    serde_json::to_writer(&mut same, record).is_ok() && same.0.is_empty() && record.x.values().all(is_plain)
}

/// Takes what is written only as long as it is what is expected.
struct Same<'a>(&'a [u8]);

impl Write for Same<'_> {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(written).ok_or(io::ErrorKind::InvalidData)?;
        Ok(written.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_f64(),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(fields) => fields.values().all(is_plain),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::record::{Record, RecordError};
    use crate::audit::sample;
    use certroll_base::clock::Timestamp;

    #[test]
    fn another_spelling_of_a_record_is_none() {
        let mut draft = sample::full();
        draft.x.insert("n".into(), 12.into());
        draft.x.insert("deep".into(), serde_json::json!({"b": ["\u{1f}", "\u{7f}\u{fc}"], "a": null}));
        let line = String::from_utf8(draft.seal(3, Timestamp::from_millis(5)).unwrap()).unwrap();
        assert!(Record::parse(line.as_bytes()).is_ok());
        for (from, to) in [
            ("{\"v\":2,", "{ \"v\":2,"),
            ("\"seq\":3", "\"seq\":3.0"),
            ("\"seq\":3", "\"seq\":3,\"seq\":3"),
            ("\"n\":12", "\"n\":12,\"n\":12"),
            ("\"n\":12", "\"n\":1.2e1"),
            ("\"n\":12", "\"n\":12.5"),
            ("\"n\":12", "\"n\":18446744073709551616"),
            ("\"n\":12", "\"n\":-0"),
            ("\"a\":null", "\"a\":null,\"a\":null"),
            ("\"deep\"", "\"d\\u0065ep\""),
            ("\\u001f", "\\u001F"),
            ("\"mono\"", "\"src\":null,\"mono\""),
        ] {
            assert!(line.contains(from), "{from} in {line}");
            let other = line.replacen(from, to, 1);
            assert!(Record::parse(other.as_bytes()).is_err(), "{from} as {to}");
        }
        assert!(matches!(Record::parse(format!("{line} ").as_bytes()), Err(RecordError::Encoding)));
    }
}
