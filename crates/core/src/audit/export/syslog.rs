//! Records as syslog messages (RFC 5424), one on a line.
//!
//! The message id is the event; everything else is structured data under `certroll@32473`. 32473 is the enterprise number
//! that RFC 5612 sets aside for documentation: certroll has none of its own, and a receiver should match on the name before
//! the at sign. The free text is the meaning of the event, ASCII without any foreign word, so it needs no byte order mark.
//! Messages are separated by line feeds (RFC 6587 section 3.4.2), which none of them contains.

use std::fmt::Write as _;

use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use certroll_base::encoding::{self, Sha256};
use certroll_base::text;

/// Name and enterprise number of the structured data.
pub const SD_ID: &str = "certroll@32473";
/// "log audit" of RFC 5424 section 6.2.1.
const FACILITY: u8 = 13;

/// The message of one record, without line end. `origin` is the name of the log.
///
/// The host is `-`: a record names its session, and the `session.start` of that names the host.
pub fn message(record: &Record<'_>, leaf: &Sha256, origin: &str) -> String {
    let (event, priority) = (record.ev, FACILITY * 8 + severity(record));
    let mut line =
        format!("<{priority}>1 {} - certroll {} {event} [{SD_ID}", record.ts.to_rfc3339_millis(), record.sess);
    let (cert, req, why) = (record.cert.as_deref(), record.req.as_deref(), record.why.as_deref());
    let names = cert.map(|cert| &cert.san).or(req.map(|req| &req.names)).filter(|names| !names.is_empty());
    let host = (event == Event::SessionStart).then(|| record.x.get("host")).flatten();
    let parameters = [
        ("seq", Some(record.seq.to_string())),
        ("leaf", Some(encoding::hex(leaf))),
        ("op", Some(record.op.to_string())),
        ("origin", Some(origin.to_owned())),
        ("outcome", Some(record.out.name().to_owned())),
        ("auth", record.actor.as_deref().map(|actor| actor.auth.name().to_owned())),
        ("actor", Some(record.actor_name().to_owned()).filter(|name| !name.is_empty())),
        ("host", host.and_then(|host| host.as_str()).map(str::to_owned)),
        ("src", record.src.as_deref().and_then(|src| src.ip.clone())),
        ("names", names.map(|names| names.join("; "))),
        ("issuer", cert.map(|cert| cert.iss.clone())),
        ("serial", cert.map(|cert| cert.sn.clone())),
        ("certificate", cert.map(|cert| cert.sha256.to_string())),
        ("reason", why.map(|why| why.reason.clone().unwrap_or_else(|| why.code.clone()))),
        ("text", why.and_then(|why| why.text.clone())),
        ("ticket", why.and_then(|why| why.ticket.clone())),
        ("target", record.tgt.as_deref().map(|target| target.id.clone())),
        ("error", record.err.as_deref().map(|err| format!("{}: {}", err.code, err.text))),
    ];
    for (name, value) in parameters.iter().filter_map(|(name, value)| Some((name, value.as_deref()?))) {
        let _ = write!(line, " {name}=\"");
        escape(value, &mut line);
        line.push('"');
    }
    // Records are in UTC; whether the clock was right was not checked, so `isSynced` is left out.
    let _ = write!(line, "][timeQuality tzKnown=\"1\"] {}", event.meaning());
    line
}

/// RFC 5424 section 6.2.1: 3 error, 4 warning, 5 notice.
fn severity(record: &Record<'_>) -> u8 {
    match (record.ev, record.out) {
        (Event::AuditRollbackDetected | Event::AuditForkDetected, _) => 1,
        (Event::AuditDegraded, _) => 2,
        (Event::ReconcileFinding, _) | (_, Outcome::Indeterminate) => 3,
        (Event::AuthDenied | Event::SessionCrash, _) | (_, Outcome::Fail | Outcome::Denied) => 4,
        (_, Outcome::Ok | Outcome::Pending) => 5,
    }
}

/// `"`, `\` and `]` are escaped (RFC 5424 section 6.3.3); control and invisible characters are spelled out.
fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '"' | '\\' | ']' => out.extend(['\\', c]),
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
    fn a_record_becomes_one_message() {
        let draft = sample::full();
        let line = message(&draft.at(7, Timestamp::from_millis(1_795_000_000_123)), &[0xab; 32], "log");
        let expected = format!(
            "<109>1 2026-11-18T11:06:40.123Z - certroll {} cert.issued [certroll@32473 seq=\"7\" leaf=\"{}\" op=\"{}\" \
             origin=\"log\" outcome=\"ok\" auth=\"oidc\" actor=\"repo:utility/pki:ref:refs/heads/main\" names=\"DNS:b1.example\" \
             issuer=\"CN=Issuing CA\" serial=\"0a1b\" certificate=\"{}\" reason=\"due\" text=\"a\\\\u{{d}}\\\\u{{a}}\\\\u{{0}}b\" \
             target=\"/etc/broker.p12\"][timeQuality tzKnown=\"1\"] a certificate exists and its bytes are known",
            draft.sess,
            "ab".repeat(32),
            draft.op,
            "03".repeat(32),
        );
        assert_eq!(line, expected);
    }

    #[test]
    fn nothing_leaves_its_parameter() {
        let mut out = String::new();
        escape("a\"b]c\\d\n\u{202e}", &mut out);
        assert_eq!(out, "a\\\"b\\]c\\\\d\\\\u{a}\\\\u{202e}");
    }

    /// MSGID takes 32 printable ASCII characters at most (RFC 5424 section 6.2.7), and the text must not need a mark.
    #[test]
    fn every_event_fits_its_field() {
        for event in Event::all() {
            assert!(event.name().len() <= 32 && event.meaning().is_ascii(), "{event}");
        }
    }
}
