//! In what the records of two operations differ, apart from what is new with every certificate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use certroll_base::clock::Timestamp;
use serde_json::{Value, json};

use super::Record;

/// Values that are new with every operation or certificate, and what stands for each. Where one is repeated in another
/// field, what stands for it is repeated too: the records are still joined by it.
const NEW: &[(&str, &str)] = &[
    ("/op", "the operation"),
    ("/sess", "the session"),
    ("/req/csr", "the request's hash"),
    ("/req/tbs", "the hash of what is signed"),
    ("/req/spki", "the key's hash"),
    ("/req/root", "the root of the group"),
    ("/cert/sn", "the serial number"),
    ("/cert/sha256", "the certificate's hash"),
    ("/cert/spki", "the key's hash"),
    ("/cert/prev", "the replaced certificate's hash"),
    ("/req/prev", "the replaced certificate's hash"),
    ("/tgt/observed", "the hash of no certificate"),
];

/// Records in a form that is the same for two operations that did the same: times are relative to the beginning of the
/// validity, paths to the directory of the test. The records of files come last, sorted by path: their order means nothing.
pub(crate) fn comparable(records: &[&Record], directory: &Path) -> Vec<Value> {
    let mut stands_for = BTreeMap::new();
    let mut plain: Vec<Value> = records.iter().map(|record| record.value.clone()).collect();
    for value in &mut plain {
        let whole = value.as_object_mut().expect("a record is an object");
        whole.retain(|field, _| !matches!(field.as_str(), "seq" | "id" | "ts" | "mono"));
        for (pointer, name) in NEW {
            if let Some(field) = value.pointer_mut(pointer) {
                *field = stand_in(&mut stands_for, field.as_str().expect("it is text"), name).into();
            }
        }
        if let Some(field) = value.pointer_mut("/tgt/sha256") {
            *field = "the file's hash".into();
        }
        if value.get("ref").is_some() {
            value["ref"] = referred(&value["ref"], records);
        }
        for part in ["req", "cert"] {
            relative_times(&mut value[part]);
        }
        if let Some(Value::String(id)) = value.pointer_mut("/tgt/id") {
            *id = Path::new(id).strip_prefix(directory).expect("files lie in the test").display().to_string();
        }
        value.as_object_mut().expect("it still is").retain(|_, field| !field.is_null());
    }
    plain.sort_by_key(|value| value.pointer("/tgt/id").map(Value::to_string));
    plain
}

/// What stands for a value: the name of its field, or what stood for it in another field.
fn stand_in(known: &mut BTreeMap<String, String>, value: &str, name: &str) -> String {
    let others = known.values().filter(|other| other.starts_with(name)).count();
    let fresh = if others == 0 { name.to_owned() } else { format!("{name}, number {}", others + 1) };
    known.entry(value.to_owned()).or_insert(fresh).clone()
}

/// The event that a reference points at, if number and leaf hash are those of one record.
fn referred(reference: &Value, records: &[&Record]) -> Value {
    let target = |record: &&&Record| record.value["seq"] == reference["seq"] && record.leaf == reference["leaf"];
    records.iter().find(target).map_or_else(|| json!("no record of the operation"), |record| record.value["ev"].clone())
}

fn relative_times(part: &mut Value) {
    let time = |field: &Value| field.as_str().and_then(Timestamp::parse).map(Timestamp::secs);
    if let (Some(begin), Some(end)) = (time(&part["nb"]), time(&part["na"])) {
        (part["nb"], part["na"]) = (json!("now"), json!(format!("now and {} s", end - begin)));
    }
}

/// One line for each difference: an event that is missing or too many, and a field of another.
pub(crate) fn differences(expected: &[Value], found: &[Value]) -> Vec<String> {
    let (expected, found) = (titled(expected), titled(found));
    let mut all = Vec::new();
    for (title, record) in &expected {
        match found.iter().find(|(other, _)| other == title) {
            None => all.push(format!("{title}: missing")),
            Some((_, other)) => all.extend(fields(record, other).into_iter().map(|what| format!("{title}: {what}"))),
        }
    }
    let known: BTreeSet<&String> = expected.iter().map(|(title, _)| title).collect();
    all.extend(found.iter().filter(|(title, _)| !known.contains(title)).map(|(title, _)| format!("{title}: too many")));
    let order = |of: &[(String, &Value)]| of.iter().map(|(title, _)| title.clone()).collect::<Vec<_>>();
    if all.is_empty() && order(&expected) != order(&found) {
        all.push(format!("in the order {:?}, not {:?}", order(&found), order(&expected)));
    }
    all
}

/// Each record with its event, the form of the file it tells of, and a number from the second of a kind on.
fn titled(records: &[Value]) -> Vec<(String, &Value)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let title = |record: &Value| {
        let form = record.pointer("/tgt/method").and_then(Value::as_str);
        let event = record["ev"].as_str().expect("a record has an event");
        let kind = [Some(event), form].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let count = seen.entry(kind.clone()).and_modify(|count| *count += 1).or_insert(1);
        if *count == 1 { kind } else { format!("{kind} ({count})") }
    };
    let titles: Vec<String> = records.iter().map(title).collect();
    titles.into_iter().zip(records).collect()
}

fn fields(expected: &Value, found: &Value) -> Vec<String> {
    let (expected, found) = (flat(expected), flat(found));
    let all: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let difference = |field: &String| match (expected.get(field), found.get(field)) {
        (Some(expected), None) => Some(format!("no `{field}`, which is to be {expected}")),
        (None, Some(found)) => Some(format!("`{field}` is too much: {found}")),
        (Some(expected), Some(found)) => (expected != found).then(|| format!("`{field}` is {found}, not {expected}")),
        (None, None) => None,
    };
    all.into_iter().filter_map(difference).collect()
}

/// Every field with its path; a list is one value.
fn flat(value: &Value) -> BTreeMap<String, Value> {
    let Value::Object(fields) = value else { return BTreeMap::from([(String::new(), value.clone())]) };
    let below = |(name, field): (&String, &Value)| {
        let joined = |path: String| if path.is_empty() { name.clone() } else { format!("{name}.{path}") };
        flat(field).into_iter().map(|(path, value)| (joined(path), value)).collect::<Vec<_>>()
    };
    fields.iter().flat_map(below).collect()
}

/// The records with every value blanked, for operations that did the same to different things.
pub(crate) fn fields_only(records: &[Value]) -> Vec<Value> {
    let blank = |record: &Value| {
        let mut fields: serde_json::Map<String, Value> =
            flat(record).into_keys().map(|path| (path, json!(""))).collect();
        fields.insert("ev".to_owned(), record["ev"].clone());
        Value::Object(fields)
    };
    records.iter().map(blank).collect()
}

#[test]
fn each_kind_of_difference_is_found() {
    let request = json!({"ev": "cert.request", "out": "ok", "req": {"names": ["name:a"], "key": "ec"}});
    let file = |form: &str| json!({"ev": "cert.deployed", "tgt": {"method": form}});
    let with = |pointer: &str, value: Value| {
        let mut changed = request.clone();
        *changed.pointer_mut(pointer).expect("it is there") = value;
        changed
    };
    let whole = vec![request.clone(), file("key"), file("key")];
    let more = json!({"ev": "cert.request", "out": "ok", "req": {"names": ["name:a"], "key": "ec"}, "x": {"line": 2}});
    let table: &[(Vec<Value>, &[&str])] = &[
        (whole.clone(), &[]),
        (vec![file("key"), file("key")], &["cert.request: missing"]),
        (vec![request.clone(), file("key")], &["cert.deployed key (2): missing"]),
        ([whole.clone(), vec![file("pkcs12")]].concat(), &["cert.deployed pkcs12: too many"]),
        (
            vec![with("/req", json!({"names": ["name:a"]})), file("key"), file("key")],
            &["cert.request: no `req.key`, which is to be \"ec\""],
        ),
        (
            vec![with("/req/names", json!(["name:a", "name:b"])), file("key"), file("key")],
            &["cert.request: `req.names` is [\"name:a\",\"name:b\"], not [\"name:a\"]"],
        ),
        (vec![more, file("key"), file("key")], &["cert.request: `x.line` is too much: 2"]),
        (
            vec![file("key"), request.clone(), file("key")],
            &[
                "in the order [\"cert.deployed key\", \"cert.request\", \"cert.deployed key (2)\"], not [\"cert.request\", \"cert.deployed key\", \"cert.deployed key (2)\"]",
            ],
        ),
    ];
    for (found, expected) in table {
        assert_eq!(differences(&whole, found), *expected);
    }
    assert!(
        differences(
            &fields_only(&whole),
            &fields_only(&[vec![with("/out", json!("fail"))], whole[1..].to_vec()].concat())
        )
        .is_empty()
    );
    assert_eq!(
        differences(
            &fields_only(&whole),
            &fields_only(&[vec![with("/req", json!({"key": "ec"}))], whole[1..].to_vec()].concat())
        )
        .len(),
        1
    );
}

/// What is new with each certificate still has to join its records.
#[test]
fn records_that_are_not_joined_differ() {
    let hash = |c: &str| c.repeat(64);
    let record = |seq: u64, leaf: &str, value: Value| {
        let mut value = value;
        value["seq"] = seq.into();
        Record { value, leaf: hash(leaf) }
    };
    let operation = |certified: &str, pointed: (u64, &str), nb: &str, op: &str| {
        let intent = json!({"ev": "cert.issue.intent", "op": op, "req": {"spki": hash("1"), "nb": nb, "na": "2026-01-02T00:00:00Z"}});
        let reference = json!({"seq": pointed.0, "leaf": hash(pointed.1)});
        let issued = json!({"ev": "cert.issued", "op": "o", "cert": {"spki": hash(certified)}, "ref": reference});
        let (intent, issued) = (record(7, "a", intent), record(8, "b", issued));
        comparable(&[&intent, &issued], Path::new("/"))
    };
    let (day, night) = ("2026-01-01T00:00:00Z", "2026-01-01T12:00:00Z");
    let right = operation("1", (7, "a"), day, "o");
    assert_eq!(differences(&right, &operation("1", (7, "a"), day, "o")), [""; 0]);
    for wrong in [
        operation("2", (7, "a"), day, "o"),
        operation("1", (8, "a"), day, "o"),
        operation("1", (7, "b"), day, "o"),
        operation("1", (7, "a"), night, "o"),
        operation("1", (7, "a"), day, "p"),
    ] {
        assert_eq!(differences(&right, &wrong).len(), 1, "{wrong:#?}");
    }
}
