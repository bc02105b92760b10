//! Records as ArcSight Common Event Format, version 0 (CEF:0): one event on one line.
//!
//! Header: version, vendor, product, product version, event class, name, severity. Extension: the keys of the CEF
//! dictionary. `externalId` is the number of the record and `cs1` its leaf hash: they tie the event to a signed root.

use std::fmt::Write as _;

use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use certroll_base::encoding::{self, Sha256};
use certroll_base::text;

/// The event of one record, without line end. `origin` is the name of the log.
pub fn event(record: &Record<'_>, leaf: &Sha256, origin: &str) -> String {
    let (event, version) = (record.ev, env!("CARGO_PKG_VERSION"));
    let mut line = format!("CEF:0|certroll|certroll|{version}|");
    escape(event.name(), CefPlace::Header, &mut line);
    line.push('|');
    escape(event.meaning(), CefPlace::Header, &mut line);
    let _ = write!(line, "|{}|", severity(record));
    let (cert, req, why) = (record.cert.as_deref(), record.req.as_deref(), record.why.as_deref());
    let names = cert.map(|cert| &cert.san).or(req.map(|req| &req.names)).filter(|names| !names.is_empty());
    let reason = why.map(|why| why.reason.as_deref().unwrap_or(&why.code));
    let failure = record.err.as_deref().map(|err| format!("{}: {}", err.code, err.text));
    let message = failure.or_else(|| why.and_then(|why| why.text.clone()));
    let fields = [
        ("rt", Some(record.ts.millis().to_string())),
        ("externalId", Some(record.seq.to_string())),
        ("deviceExternalId", Some(origin.to_owned())),
        ("outcome", Some(record.out.name().to_owned())),
        ("suser", Some(record.actor_name().to_owned()).filter(|name| !name.is_empty())),
        ("spriv", record.actor.as_deref().map(|actor| actor.auth.name().to_owned())),
        ("src", record.src.as_deref().and_then(|src| src.ip.clone())),
        ("reason", reason.map(str::to_owned)),
        ("filePath", record.tgt.as_deref().map(|target| target.id.clone())),
        ("msg", message),
    ];
    for (key, value) in fields {
        field(&mut line, key, value.as_deref());
    }
    let labelled = [
        ("cs1", "leaf", Some(encoding::hex(leaf))),
        ("cs2", "operation", Some(record.op.to_string())),
        ("cs3", "names", names.map(|names| names.join("; "))),
        ("cs4", "issuer", cert.map(|cert| cert.iss.clone())),
        ("cs5", "serial", cert.map(|cert| cert.sn.clone())),
        ("cs6", "certificate", cert.map(|cert| cert.sha256.to_string())),
    ];
    for (key, label, value) in labelled.into_iter().filter(|(_, _, value)| value.is_some()) {
        field(&mut line, &format!("{key}Label"), Some(label));
        field(&mut line, key, value.as_deref());
    }
    line
}

/// 0 to 10, as CEF counts.
fn severity(record: &Record<'_>) -> u8 {
    match (record.ev, record.out) {
        (Event::AuditRollbackDetected | Event::AuditForkDetected, _) => 10,
        (Event::AuditDegraded, _) => 9,
        (Event::AuthDenied | Event::ReconcileFinding, _) | (_, Outcome::Indeterminate) => 7,
        (Event::SessionCrash, _) | (_, Outcome::Fail | Outcome::Denied) => 6,
        (_, Outcome::Ok | Outcome::Pending) => 3,
    }
}

fn field(line: &mut String, key: &str, value: Option<&str>) {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return };
    if !line.ends_with('|') {
        line.push(' ');
    }
    line.push_str(key);
    line.push('=');
    escape(value, CefPlace::Extension, line);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CefPlace {
    Header,
    Extension,
}

/// In the header `\` and `|` are escaped, in the extension `\`, `=` and line breaks. Other control and invisible characters,
/// for which CEF has no escape, are spelled out.
fn escape(value: &str, place: CefPlace, out: &mut String) {
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '|' if place == CefPlace::Header => out.push_str("\\|"),
            '=' if place == CefPlace::Extension => out.push_str("\\="),
            '\r' if place == CefPlace::Extension => out.push_str("\\r"),
            '\n' if place == CefPlace::Extension => out.push_str("\\n"),
            c if text::is_hostile(c) => text::push_spelled_out(c, out),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::sample;
    use certroll_base::clock::Timestamp;

    #[test]
    fn a_record_becomes_one_event() {
        let draft = sample::full();
        let line = event(&draft.at(7, Timestamp::from_millis(1_795_000_000_123)), &[0xab; 32], "log");
        let expected = format!(
            "CEF:0|certroll|certroll|{}|cert.issued|a certificate exists and its bytes are known|3|\
             rt=1795000000123 externalId=7 deviceExternalId=log outcome=ok suser=repo:utility/pki:ref:refs/heads/main \
             spriv=oidc reason=due filePath=/etc/broker.p12 msg=a\\r\\n\\\\u{{0}}b cs1Label=leaf cs1={} cs2Label=operation cs2={} cs3Label=names \
             cs3=DNS:b1.example cs4Label=issuer cs4=CN\\=Issuing CA cs5Label=serial cs5=0a1b cs6Label=certificate cs6={}",
            env!("CARGO_PKG_VERSION"),
            "ab".repeat(32),
            draft.op,
            "03".repeat(32),
        );
        assert_eq!(line, expected);
    }

    #[test]
    fn nothing_leaves_its_field() {
        let written = |text: &str, place| {
            let mut out = String::new();
            escape(text, place, &mut out);
            out
        };
        assert_eq!(written("a|b\\c=d\n\u{202e}", CefPlace::Header), "a\\|b\\\\c=d\\\\u{a}\\\\u{202e}");
        assert_eq!(written("a|b\\c=d\r\n\u{202e}\u{7}", CefPlace::Extension), "a|b\\\\c\\=d\\r\\n\\\\u{202e}\\\\u{7}");
    }
}
