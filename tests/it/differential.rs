//! The program and the verifier in Python agree on what a record is, and what a checkpoint: on every input, not only on good ones.
//!
//! The inputs are the same in each run (the generator starts from a fixed number). `CERTROLL_TEST_DIFFERENTIAL` sets how many of
//! each kind are made: 20,000 by default; `tests/full differential` makes 10 million.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use certroll_core::audit::record::Record;
use certroll_tlog::{Checkpoint, Note, VerifierKey};

use crate::generator::Generator;
use crate::home::TestHome;
use crate::peers;

const INPUTS: u64 = 20_000;

/// Answers `1` or `0` for each input, which come with their length in four bytes.
const PYTHON: &str = r#"
import sys
sys.path.insert(0, sys.argv[1])
import verify_export as v
kind, key = sys.argv[2], v.read_key(sys.argv[3])
source, out = sys.stdin.buffer, []
def accepts(data):
    try:
        if kind == "record":
            v.require(len(data) <= 65535 and not v.re.search(rb"[\0\r\n]", data), "too long, or control characters")
            v.read_record(data)
        else:
            v.read_checkpoint(data.decode(), key[0], key[1])
        return b"1"
    except (v.Defect, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return b"0"
while length := source.read(4):
    out.append(accepts(source.read(int.from_bytes(length, "big"))))
sys.stdout.buffer.write(b"".join(out))
"#;

/// What takes the place of a value, or stands beside one: other spellings, other types, limits.
const VALUES: [&str; 32] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "1.0",
    "1e0",
    "-1",
    "01",
    "65535",
    "65536",
    "4294967296",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "NaN",
    "Infinity",
    "\"\"",
    "\"x\"",
    "\"\\u0078\"",
    "\"\\ud800\"",
    "\"\\u001f\"",
    "\"\\/\"",
    "\"\u{fc}\u{2028}\u{7f}\"",
    "[]",
    "{}",
    "[null]",
    "{\"a\":1,\"a\":1}",
    "{\"b\":1,\"a\":{\"t\":[1,2]}}",
];

/// The places in a text where a value of JSON begins and ends, found by its colons.
fn values(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let begins = bytes.windows(2).enumerate().filter(|(_, pair)| *pair == b"\":").map(|(at, _)| at + 2);
    begins
        .map(|begin| {
            let (mut depth, mut quoted, mut end) = (0_i32, false, begin);
            while end < bytes.len() {
                match bytes[end] {
                    b'"' if end == 0 || bytes[end - 1] != b'\\' => quoted = !quoted,
                    b'{' | b'[' if !quoted => depth += 1,
                    b'}' | b']' if !quoted && depth == 0 => break,
                    b'}' | b']' if !quoted => depth -= 1,
                    b',' if !quoted && depth == 0 => break,
                    _ => {}
                }
                end += 1;
            }
            (begin, end)
        })
        .collect()
}

/// One change of a text: of a value, of a member, of the white space, or of bytes.
fn mutated(text: &str, generator: &mut Generator) -> Vec<u8> {
    let places = values(text);
    let (begin, end) = if places.is_empty() { (0, 0) } else { places[generator.below(places.len())] };
    let member = text[..begin].rfind(['{', ',']).map_or(begin, |at| at + 1);
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    match generator.below(12) {
        0 | 1 => [&text[..begin], generator.of(&VALUES), &text[end..]].concat().into_bytes(),
        2 => [&text[..end], ",", &text[member..end], &text[end..]].concat().into_bytes(),
        3 => [&text[..member], text[end..].strip_prefix(',').unwrap_or(&text[end..])].concat().into_bytes(),
        4 => {
            let (second, last) = places.get(generator.below(places.len())).copied().unwrap_or((begin, end));
            if begin <= second && end <= second {
                let (one, other) = (&text[begin..end], &text[second..last]);
                [&text[..begin], other, &text[end..second], one, &text[last..]].concat().into_bytes()
            } else {
                text.as_bytes().to_vec()
            }
        }
        5 => [&text[..begin], generator.of(&[" ", "\t", "\u{a0}"]), &text[begin..]].concat().into_bytes(),
        6 => {
            let added = format!(",\"x\":{{\"d\":{}}}}}", deep(120 + generator.below(12)));
            [text.trim_end_matches('}'), &added].concat().into_bytes()
        }
        7 => [&text[..end], ",\"", generator.of(&["new", "x", "err", "v"]), "\":", generator.of(&VALUES), &text[end..]]
            .concat()
            .into_bytes(),
        8 => {
            let at = generator.below(text.len());
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = generator.next().to_be_bytes()[0];
            bytes
        }
        9 => {
            let at = generator.below(text.len());
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= 1 << generator.below(8);
            bytes
        }
        10 => text.as_bytes()[..generator.below(text.len())].to_vec(),
        _ => {
            let at = generator.below(text.len());
            let mut bytes = text.as_bytes().to_vec();
            bytes.splice(at..at, generator.of(&["0", "-", "+", "\u{2014} ", "=", "\n", "A", "Z"]).bytes());
            bytes
        }
    }
}

fn python(kind: &str, key: &str, inputs: &[Vec<u8>]) -> Vec<bool> {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");
    let mut child = peers::command("python3")
        .args(["-c", PYTHON, docs, kind, key])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python can be started");
    let mut pipe = child.stdin.take().expect("it is piped");
    let mut bytes = Vec::new();
    for input in inputs {
        bytes.extend(u32::try_from(input.len()).expect("a short input").to_be_bytes());
        bytes.extend(input);
    }
    let writer = std::thread::spawn(move || pipe.write_all(&bytes));
    let mut answers = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut answers).expect("it answers in text");
    writer.join().expect("the writer does not panic").expect("Python reads to the end");
    assert!(child.wait().expect("it ends").success());
    answers.chars().map(|answer| answer == '1').collect()
}

/// Inputs in portions, so that memory stays bounded; answers how many were accepted.
fn agree(kind: &str, key: &str, seeds: &[String], accepts: impl Fn(&[u8]) -> bool) -> u64 {
    let wanted =
        std::env::var("CERTROLL_TEST_DIFFERENTIAL").ok().and_then(|count| count.parse().ok()).unwrap_or(INPUTS);
    let mut generator = Generator(0x5eed_1234_5678_9abc);
    let (mut made, mut accepted) = (0, 0);
    while made < wanted {
        let mut inputs: Vec<Vec<u8>> =
            if made == 0 { seeds.iter().map(|seed| seed.clone().into()).collect() } else { Vec::new() };
        while inputs.len() < 10_000 {
            let mut input = mutated(&seeds[generator.below(seeds.len())], &mut generator);
            while generator.below(4) == 0 {
                let Ok(text) = String::from_utf8(input.clone()) else { break };
                if text.is_empty() {
                    break;
                }
                input = mutated(&text, &mut generator);
            }
            inputs.push(input);
        }
        let judged = python(kind, key, &inputs);
        assert_eq!(judged.len(), inputs.len());
        for (input, python) in inputs.iter().zip(judged) {
            let own = accepts(input);
            assert_eq!(own, python, "the program says {own}: {}", String::from_utf8_lossy(input));
            accepted += u64::from(own);
        }
        made += inputs.len() as u64;
    }
    accepted
}

fn home() -> (TestHome, String) {
    let home = TestHome::quick();
    home.ok(&[
        "issue",
        "m1",
        "-t",
        "meter",
        "--out-cert",
        "c.pem",
        "--out-key",
        "k.pem",
        "--comment",
        "\u{fc}\u{1f600}",
    ]);
    home.ok(&["revoke", "m1", "--reason", "superseded", "--ticket", "T\"\\1"]);
    home.certroll(&["issue", "m2", "-t", "no-such", "--comment", "x"]).expect(2);
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    let key = String::from_utf8(home.read("home/log/vkey")).expect("a key is text").trim_end().to_owned();
    (home, key)
}

/// A record with every field that version 2 of the schema added.
fn later() -> String {
    let hash = |digit: &str| digit.repeat(64);
    let id = |digit: u8| format!("019aa5c3-8a00-7000-8000-00000000000{digit}");
    let (one, two, three) = (hash("1"), hash("2"), hash("3"));
    [
        format!(
            r#"{{"v":2,"seq":7,"id":"{}","op":"{}","sess":"{}","ts":"2026-11-18T11:06:40.123Z""#,
            id(1),
            id(2),
            id(3)
        ),
        r#""mono":0,"ev":"cert.imported","out":"ok","item":4"#.to_owned(),
        r#""actor":{"t":"ci","id":"a","auth":"oidc","iss":"i","amr":["mfa","pwd"],"acr":"high"}"#.to_owned(),
        r#""why":{"code":"manual","reason":"keyCompromise","reporter":"b","reported":"2026-11-18T11:06:40Z"}"#
            .to_owned(),
        format!(
            r#""plan":"{one}","req":{{"act":"renew","prev":"{two}"}},"signer":{{"id":"c","spki":"{three}","alg":"d"}}"#
        ),
        format!(r#""crl":{{"iss":"e","number":5,"sha256":"{one}","entries":0,"this":"2026-11-18T11:06:40Z""#),
        r#""next":"2026-11-25T11:06:40Z","covers":7},"dev":{"id":"f","state":"active"}"#.to_owned(),
        format!(r#""tgt":{{"t":"file","id":"g","alias":"h","host":"i","state":"served","sha256":"{two}"}}}}"#),
    ]
    .join(",")
}

#[test]
fn on_every_record_both_verifiers_agree() {
    let (home, key) = home();
    let lines = String::from_utf8(home.read("log.jsonl")).expect("records are text");
    let mut seeds: Vec<String> = lines.lines().map(str::to_owned).collect();
    // Every field that a record can have.
    seeds.push(
        seeds[0].trim_end_matches('}').split(",\"x\"").next().unwrap_or_default().to_owned()
            + concat!(
                r#","src":{"ip":"::1","ci":"a","run":"b","commit":"c"},"why":{"code":"manual","text":"t","ticket":"k","reason":"r"},"#,
                r#""pol":{"id":"p","sha256":"0000000000000000000000000000000000000000000000000000000000000000","rule":"r","decision":"allow"},"#,
                r#""req":{"template":"t","names":["a"],"nb":"0000-02-29T00:00:00Z","na":"9999-12-31T23:59:59Z","count":3},"#,
                r#""rem":{"t":"a","id":"b","account":"c","handle":"d","idem":"e","status":200},"#,
                r#""ref":{"seq":1,"leaf":"1111111111111111111111111111111111111111111111111111111111111111"},"#,
                r#""appr":[{"seq":2,"leaf":"2222222222222222222222222222222222222222222222222222222222222222"}],"#,
                r#""tgt":{"t":"file","id":"x","method":"pem","observed":"3333333333333333333333333333333333333333333333333333333333333333"},"#,
                r#""err":{"code":"c","text":"t"},"x":{"b":[1,-1,{"c":null}],"a":""}}"#
            ),
    );
    // Those of version 2 alone, and a log that version 1 wrote.
    seeds.push(later());
    let earlier = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs/version-1.jsonl"));
    seeds.extend(earlier.expect("there is one").lines().step_by(9).map(str::to_owned));
    let accepted = agree("record", &key, &seeds, |line| Record::parse(line).is_ok());
    assert!(accepted > seeds.len() as u64, "some changes leave a record: {accepted}");
}

#[test]
fn on_every_checkpoint_both_verifiers_agree() {
    let (home, text) = home();
    let key = VerifierKey::parse(&text).expect("the home has a key");
    let note = String::from_utf8(home.read("log.jsonl.checkpoint")).expect("a note is text");
    let witness = "\u{2014} witness.example AAAAAAAAAAAAAAAA\n";
    let seeds = [note.clone(), note.clone() + witness, note.replacen("\n\n", &format!("\n\n{witness}"), 1)];
    // The signature itself is checked elsewhere: with OpenSSL beside the one, in the tests of tlog for the other.
    let accepts = |bytes: &[u8]| {
        let Ok(note) = Note::parse(bytes) else { return false };
        let ours = note.signatures().iter().find(|line| line.name == key.name() && line.key_id == key.id());
        let body = Checkpoint::parse_body(note.text());
        ours.is_some_and(|line| line.bytes.len() == 64) && body.is_ok_and(|body| body.origin == key.name())
    };
    assert!(agree("checkpoint", &text, &seeds, accepts) >= 3);
}
