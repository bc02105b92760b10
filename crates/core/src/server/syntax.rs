//! How a value is written in each kind of configuration file, and which values cannot be.

/// The syntax of a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// XML that Spring or Jetty reads: text and attribute values.
    Xml,
    /// Java properties (`java.util.Properties`), in the brokers' dialects with `${...}`.
    Properties,
    /// The `start.d` files of Jetty: `name=value`, the rest of the line.
    Ini,
    /// nginx: values in double quotes.
    Nginx,
    /// Mosquitto: the rest of the line.
    Mosquitto,
    /// RabbitMQ's `key = value`: the rest of the line.
    RabbitMq,
    /// A password in such a file, where newer releases take `TAG:VALUE` for one that is encrypted.
    RabbitMqPassword,
}

impl Syntax {
    /// The value as it stands in the file.
    ///
    /// # Errors
    /// What in it the syntax cannot carry.
    pub fn write(self, value: &str) -> Result<String, &'static str> {
        if value.chars().any(char::is_control) {
            return Err("a control character");
        }
        match self {
            // Both parsers evaluate these after XML has been read; neither has a way to escape them.
            Self::Xml if value.contains("${") || value.contains("#{") => Err("`${` or `#{`, which would be evaluated"),
            Self::Xml => Ok(xml(value)),
            Self::Properties if value.contains("${") => Err("`${`, which would be evaluated"),
            Self::Properties => Ok(properties(value)),
            Self::Ini if value.contains('$') => Err("`$`, which Jetty takes for a property"),
            Self::Ini if value.trim() != value => Err("a blank at its beginning or end"),
            Self::Nginx if value.contains('$') => Err("`$`, which nginx takes for a variable"),
            Self::Nginx => Ok(value.replace('\\', "\\\\").replace('"', "\\\"")),
            Self::Mosquitto | Self::RabbitMq | Self::RabbitMqPassword if value.trim() != value => {
                Err("a blank at its beginning or end")
            }
            Self::RabbitMqPassword if value.contains(':') => Err("`:`, which newer releases take for the end of a tag"),
            Self::RabbitMq | Self::RabbitMqPassword => rabbitmq(value),
            Self::Ini | Self::Mosquitto => Ok(value.to_owned()),
        }
    }
}

/// Its parsers differ between releases in what ends a value, and 3.10 takes the file for Latin-1 and stops at what is not.
fn rabbitmq(value: &str) -> Result<String, &'static str> {
    if value.contains(['#', '\'', '"', '$', '\\']) {
        return Err("one of `#`, `'`, `\"`, `$`, `\\`");
    }
    if !value.is_ascii() {
        return Err("a character other than ASCII, which older releases cannot read");
    }
    Ok(value.to_owned())
}

fn xml(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 16);
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            other => out.push(other),
        }
    }
    out
}

/// `java.util.Properties.load`: a backslash escapes; blanks count at the beginning only; whatever is not ASCII is spelled
/// out, because some readers take the file for Latin-1 and some for UTF-8.
fn properties(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 16);
    for (index, c) in value.chars().enumerate() {
        match c {
            '\\' => out.push_str("\\\\"),
            ' ' if index == 0 => out.push_str("\\ "),
            ' '..='~' => out.push(c),
            other => {
                let mut units = [0; 2];
                other.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_or_refused() {
        let table: &[(Syntax, &str, Option<&str>)] = &[
            (Syntax::Xml, "/a/<b> & \"c\" 'd'", Some("/a/&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;")),
            (Syntax::Xml, "/ä/x", Some("/ä/x")),
            (Syntax::Xml, "/a/${b}", None),
            (Syntax::Xml, "/a/#{b}", None),
            (Syntax::Xml, "/a/$b", Some("/a/$b")),
            (Syntax::Properties, " a\\b=c:d#e", Some("\\ a\\\\b=c:d#e")),
            (Syntax::Properties, "ä\u{1f600}", Some("\\u00e4\\ud83d\\ude00")),
            (Syntax::Properties, "${x}", None),
            (Syntax::Ini, "127.0.0.1", Some("127.0.0.1")),
            (Syntax::Ini, "/a b&c", Some("/a b&c")),
            (Syntax::Ini, "/a/${b}", None),
            (Syntax::Ini, "/a ", None),
            (Syntax::Nginx, "/a b/\"c\"\\", Some("/a b/\\\"c\\\"\\\\")),
            (Syntax::Nginx, "/a/$b", None),
            (Syntax::Mosquitto, "/a b/c", Some("/a b/c")),
            (Syntax::Mosquitto, "/a ", None),
            (Syntax::RabbitMq, "/a b", Some("/a b")),
            (Syntax::RabbitMq, "/a#b", None),
            (Syntax::RabbitMq, "/a:b=c,d;[e]{f}", Some("/a:b=c,d;[e]{f}")),
            (Syntax::RabbitMq, "/ä", None),
            (Syntax::RabbitMqPassword, "a b=c", Some("a b=c")),
            (Syntax::RabbitMqPassword, "a:b", None),
            (Syntax::RabbitMqPassword, "ä", None),
            (Syntax::RabbitMqPassword, " a", None),
        ];
        for (syntax, value, expected) in table {
            assert_eq!(syntax.write(value).ok().as_deref(), *expected, "{syntax:?} {value}");
        }
        for syntax in [
            Syntax::Xml,
            Syntax::Properties,
            Syntax::Ini,
            Syntax::Nginx,
            Syntax::Mosquitto,
            Syntax::RabbitMq,
            Syntax::RabbitMqPassword,
        ] {
            assert!(syntax.write("a\nb").is_err(), "{syntax:?}");
        }
    }
}
