//! `audit report`: one page, from a home or from an export, about records that verify.

use serde_json::Value;

use crate::home::{TestHome, text};

fn page(home: &TestHome, file: &str) -> String {
    String::from_utf8(home.read(file)).expect("a page is UTF-8")
}

/// What the page says without when it was made.
fn timeless(page: &str) -> String {
    let lines = page.lines().filter(|line| !line.contains("Made ") && !line.starts_with("<p>Page made at "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_home_and_its_export_give_the_same_page() {
    let home = TestHome::new();
    home.ok(&["issue", "<b>client", "-t", "jms-client", "--key", "ec:p256", "--san", "dns:client.example"]);
    home.ok(&["issue", "meter", "-t", "jms-client", "--key", "ec:p256"]);
    home.ok(&["revoke", "meter", "--reason", "keyCompromise", "--comment", "<script>alert(1)</script>"]);
    home.certroll(&["issue", "long", "-t", "https-server", "--ttl", "9000d"]).expect(3);
    home.ok(&["audit", "report", "--out", "home.html"]);
    let own = page(&home, "home.html");
    for needle in ["&lt;script&gt;alert(1)&lt;/script&gt;", "keyCompromise", "lifetime of 9000 days"] {
        assert!(own.contains(needle), "no `{needle}` in {own}");
    }
    assert!(!own.contains("<script") && !own.contains("<b>client"));
    // The page carries the checkpoint that it was made under; the end of the run is on record after it.
    let noted = own.split_once("in base64):</p>\n<pre>").and_then(|(_, rest)| rest.split_once("</pre>"));
    let checkpoint = noted.expect("the page has a checkpoint").0.to_owned();
    let size = checkpoint.lines().nth(1).and_then(|size| size.parse::<usize>().ok());
    let records = size.expect("a checkpoint has a size");
    let handed_out = home.records("audit.export");
    assert_eq!((text(&handed_out[0], "tgt/method"), &handed_out[0]["seq"]), ("html", &Value::from(records - 1)));
    // From an export of the same records the same page.
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    let lines = String::from_utf8(home.read("log.jsonl")).expect("an export is text");
    let first: Vec<&str> = lines.split_inclusive('\n').take(records).collect();
    home.write("first.jsonl", first.concat());
    home.write("first.jsonl.checkpoint", &checkpoint);
    home.ok(&["audit", "report", "first.jsonl", "--out", "export.html"]);
    assert_eq!(timeless(&page(&home, "export.html")), timeless(&own));
    // Records after the checkpoint do not count.
    home.write("more.jsonl", &lines);
    home.write("more.jsonl.checkpoint", &checkpoint);
    home.ok(&["audit", "report", "more.jsonl", "--out", "more.html"]);
    assert_eq!(timeless(&page(&home, "more.html")), timeless(&own));
}

#[test]
fn what_does_not_verify_is_not_reported_on() {
    let home = TestHome::new();
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    let lines = String::from_utf8(home.read("log.jsonl")).expect("an export is text");
    let refused = |content: &str| {
        home.write("log.jsonl", content);
        let ran = home.certroll(&["audit", "report", "log.jsonl", "--out", "report.html"]).expect(13);
        assert!(ran.stderr.starts_with("error: ") && !home.path("report.html").exists(), "{ran:?}");
    };
    refused(&lines.replacen("Root CA", "Root C4", 1));
    refused(lines.trim_end());
    refused(&lines.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>());
    refused(&lines.lines().take(3).map(|line| format!("{line}\n")).collect::<String>());
    refused("<html>\n");
    home.write("log.jsonl", &lines);
    home.ok(&["audit", "report", "log.jsonl", "--out", "report.html"]);
    // Without a checkpoint the page says that nothing signed stands behind it.
    home.write("bare.jsonl", &lines);
    let ran = home.ok(&["audit", "report", "bare.jsonl", "--out", "bare.html"]);
    assert!(ran.stderr.contains("no checkpoint covers them"), "{ran:?}");
    assert!(page(&home, "bare.html").contains("No signed checkpoint covers this page"));
    home.write("none.jsonl", "");
    home.certroll(&["audit", "report", "none.jsonl", "--out", "none.html"]).expect(2);
}
