use std::sync::Arc;

use proptest::prelude::*;

use crate::audit::record::draft::Draft;
use crate::audit::record::facts::{
    Actor, ActorKind, Authentication, CertificateFacts, CrlFacts, Failure, Outcome, RequestFacts, TargetFacts, Why,
};
use crate::audit::record::value::{Digest, Id};
use crate::report::page::*;
use certroll_base::clock::Timestamp;

const DAY: i64 = 86_400;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A log under construction, every text of which is `text`.
struct Log<'a> {
    summary: LogSummary,
    seq: u64,
    now: Timestamp,
    text: &'a str,
}

impl Log<'_> {
    fn draft(&self, ev: Event, out: Outcome, op: Id) -> Draft {
        let claimed = [(format!("k{}", self.text), self.text.to_owned())].into();
        let (t, auth) = (ActorKind::Ci, Authentication::Oidc);
        let actor = Actor { claimed, ..Actor::new(t, format!("a{}", self.text), auth) };
        Draft { actor: Some(Arc::new(actor)), ..Draft::new(ev, out, op, op) }
    }

    fn add(&mut self, draft: &Draft) {
        // What a record says went through JSON once: so it does here.
        let line = draft.seal(self.seq, self.now).unwrap();
        self.summary.add(&crate::audit::record::Record::parse(&line).unwrap());
        self.seq += 1;
        self.now = self.now.plus_secs(60);
    }

    fn issue(&mut self, number: u8, na: Timestamp, prev: Option<u8>) -> CertificateFacts {
        let op = Id::new(self.now);
        let mut intent = self.draft(Event::CertIssueIntent, Outcome::Pending, op);
        intent.req = Some(RequestFacts { template: Some(format!("t{}", self.text)), ..RequestFacts::default() });
        self.add(&intent);
        let cert = CertificateFacts {
            iss: format!("i{}", self.text),
            sn: format!("{number:02x}"),
            sha256: Digest([number; 32]),
            spki: Digest([number; 32]),
            san: vec![format!("name:n{}", self.text)],
            nb: self.now,
            na,
            alg: format!("g{}", self.text),
            prev: prev.map(|number| Digest([number; 32])),
        };
        let event = if number == 0 { Event::CaCertIssued } else { Event::CertIssued };
        self.add(&Draft { cert: Some(cert.clone()), ..self.draft(event, Outcome::Ok, op) });
        cert
    }
}

/// Four certificates (one replaced, one revoked), a refusal, a failed delivery, an open intent, a crash, an export.
fn log(text: &str) -> LogSummary {
    let mut log = Log { summary: LogSummary::new(), seq: 0, now: at("2026-11-01T00:00:00Z"), text };
    let op = Id::new(log.now);
    let facts = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect();
    log.add(&Draft { x: facts(&[("origin", text)]), ..log.draft(Event::LogGenesis, Outcome::Ok, op) });
    let x = facts(&[("version", text), ("host", text)]);
    log.add(&Draft { x, ..log.draft(Event::SessionStart, Outcome::Ok, op) });
    log.issue(0, at("2040-01-01T00:00:00Z"), None);
    log.issue(1, at("2026-12-01T00:00:00Z"), None);
    log.issue(2, at("2026-12-31T00:00:00Z"), Some(1));
    let cert = log.issue(3, Timestamp::NO_EXPIRY, None);
    let op = Id::new(log.now);
    let why = Some(Arc::new(Why {
        code: "manual".into(),
        text: Some(format!("w{text}")),
        ticket: Some(format!("T{text}")),
        reason: Some(format!("r{text}")),
        ..Why::default()
    }));
    log.add(&Draft { why: why.clone(), ..log.draft(Event::CertRevokeRequest, Outcome::Ok, op) });
    log.now = log.now.plus_secs(2 * DAY - 120);
    let intent = log.draft(Event::CertRevokeIntent, Outcome::Pending, op);
    log.add(&Draft { why: why.clone(), cert: Some(cert.clone()), ..intent });
    log.add(&Draft { why, cert: Some(cert), ..log.draft(Event::CertRevoked, Outcome::Ok, op) });
    let crl = Some(CrlFacts {
        iss: text.into(),
        number: 1,
        sha256: Digest([9; 32]),
        entries: 0,
        this: at("2026-11-01T00:00:00Z"),
        next: at("2026-11-02T00:00:00Z"),
        covers: None,
    });
    log.add(&Draft { crl, ..log.draft(Event::CrlSigned, Outcome::Ok, op) });
    let err = Some(Failure { code: format!("c{text}"), text: format!("e{text}") });
    let req = Some(RequestFacts { names: vec![format!("q{text}")], ..RequestFacts::default() });
    log.add(&Draft { err: err.clone(), req, ..log.draft(Event::CertReject, Outcome::Denied, op) });
    let (t, id, method) = ("file".into(), format!("p{text}"), Some(text.into()));
    let tgt = Some(TargetFacts { t, id, method, ..TargetFacts::default() });
    log.add(&Draft { err: err.clone(), tgt: tgt.clone(), ..log.draft(Event::CertDeployFailed, Outcome::Fail, op) });
    log.add(&Draft { err, ..log.draft(Event::SessionCrash, Outcome::Fail, op) });
    log.add(&Draft { tgt, ..log.draft(Event::AuditExport, Outcome::Ok, op) });
    let req = Some(RequestFacts { names: vec![format!("o{text}")], ..RequestFacts::default() });
    log.add(&Draft { req, ..log.draft(Event::CertIssueIntent, Outcome::Pending, Id::new(log.now)) });
    log.summary
}

fn head(text: &str) -> Head {
    let checkpoint_text = format!("{text}\n21\nAAAA=\n\n\u{2014} {text} AAAA\n");
    Head { origin: text.to_owned(), size: 21, root: [7; 32], checkpoint_text, generated: at("2026-11-20T12:00:00Z") }
}

/// The tags of a document with the names of their attributes: what a browser builds, without what it shows.
fn skeleton(html: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let (mut quoted, mut tag) = (false, String::new());
        let mut end = rest.len();
        for (place, c) in rest.char_indices() {
            match c {
                '"' => quoted = !quoted,
                '>' if !quoted => {
                    end = place + 1;
                    break;
                }
                c if !quoted => tag.push(c),
                _ => {}
            }
        }
        tags.push(tag);
        rest = &rest[end..];
    }
    tags
}

#[test]
fn the_page_says_what_is_in_the_log() {
    let summary = log("x");
    let page = render(&summary, &head("example.net/certroll/1"));
    let has = |text: &str| assert!(page.contains(text), "no `{text}` in {page}");
    assert_eq!((summary.total.issued, summary.total.rotations, summary.total.revoked), (4, 1, 1));
    assert_eq!(valid(&summary, &head("")), 3, "all but the revoked one");
    has("Valid today, neither expired nor revoked: 3. Replaced by then, so that they should no longer be in use: 1");
    has("<span class=\"fixed\">2026-12</span></td><td class=\"n\">1</td><td class=\"n\">1</td>");
    has("<span class=\"fixed\">2040</span></td><td class=\"n\">1</td><td class=\"n\">0</td>");
    assert!(!page.contains("never</span>"), "the certificate without an end is revoked");
    has("The longest that a request waited was 2 d.");
    has("<td>under 5 days</td><td class=\"n\">1</td>");
    has("1 intent without an end");
    has("1 revocation list overdue");
    has("1 delivery that failed");
    has("1 run that ended without saying so");
    has("<code>px (x)</code>");
    has(&encoding::hex(&[7; 32]));
    has("example.net/certroll/1\n21\nAAAA=\n\n\u{2014} example.net/certroll/1 AAAA\n</pre>");
    assert_eq!(render(&summary, &head("a")), render(&log("x"), &head("a")), "the same bytes each time");
}

#[test]
fn a_calm_log_says_so_and_a_page_without_checkpoint_does_not() {
    let mut log = Log { summary: LogSummary::new(), seq: 0, now: at("2026-11-01T00:00:00Z"), text: "x" };
    log.issue(1, at("2028-12-01T00:00:00Z"), None);
    assert!(render(&log.summary, &head("x")).contains("Nothing here asks for attention"));
    let unsigned = Head { checkpoint_text: String::new(), ..head("x") };
    assert!(render(&log.summary, &unsigned).contains("No signed checkpoint covers this page"));
    // On its last day a certificate counts, on the next it does not.
    for (generated, count) in [("2028-12-01T23:59:59Z", 1), ("2028-12-02T00:00:00Z", 0)] {
        assert_eq!(valid(&log.summary, &Head { generated: at(generated), ..head("x") }), count, "{generated}");
    }
}

#[test]
fn an_empty_log_is_a_page_too() {
    let page = render(&LogSummary::new(), &head("x"));
    assert!(page.contains("No certificate was issued") && page.ends_with("</html>\n"));
}

#[test]
fn the_page_is_well_formed_and_loads_nothing() {
    let page = render(&log("x"), &head("x"));
    let mut open = Vec::new();
    for tag in skeleton(&page) {
        let name = tag.trim_matches(['<', '>', '/']).split(' ').next().unwrap().to_owned();
        match name.as_str() {
            "!doctype" | "meta" | "br" => {}
            _ if tag.ends_with('/') => {}
            _ if tag.starts_with("</") => assert_eq!(open.pop(), Some(name)),
            _ => open.push(name),
        }
        for forbidden in ["script", "img", "link", "iframe", "object", "embed", "src=", "style="] {
            assert!(!tag.contains(forbidden), "{tag}");
        }
    }
    assert_eq!(open, Vec::<String>::new());
    for forbidden in ["http:", "https:", "url(", "@import", "//"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert_eq!(page.matches("href=").count(), page.matches("href=\"#").count(), "links lead within the page");
    assert_eq!(page.matches("role=\"img\"").count(), page.matches("aria-labelledby=\"issued-title").count() + 1);
}

#[test]
fn the_skeleton_sees_what_escapes() {
    let page = render(&log("x"), &head("x"));
    assert_ne!(skeleton(&page), skeleton(&page.replace("wx", "<b>")), "negative control: text");
    assert_ne!(skeleton(&page), skeleton(&page.replace("aria-label=\"", "aria-label=\"\" onload=\"")), "an attribute");
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<script>alert(1)</script>".to_owned()),
        Just("\"><img src=x onerror=alert(1)>".to_owned()),
        Just("' onmouseover='x".to_owned()),
        Just("</title></desc></svg></style><style>*{}".to_owned()),
        Just("]]>--><!--".to_owned()),
        Just("&lt;b&gt;&#60;".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}\u{feff}".to_owned()),
        Just("\r\n\0\u{7f}\u{85}\u{2028}".to_owned()),
        any::<String>(),
    ];
    prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever stands in a record, the browser builds the same page and only other text in it.
    #[test]
    fn nothing_in_a_record_becomes_markup(text in hostile()) {
        let page = render(&log(&text), &head(&text));
        prop_assert_eq!(skeleton(&page), skeleton(&render(&log("x"), &head("x"))));
        let unseen = |c: char| c != '\n' && certroll_base::text::printable(c.encode_utf8(&mut [0; 4])) != c.to_string();
        prop_assert!(!page.chars().any(unseen), "a control or invisible character came through");
    }
}
