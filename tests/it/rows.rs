//! Every column of every table of the database changed once, as the schema has them: what each command makes of it.
//!
//! By default one command is tried that issues, one that reads and the two that look at everything; `CERTROLL_TEST_ROWS=all`
//! tries all of them and prints the table of column, command and exit code.

use std::fmt::Write as _;
use std::io::Write as _;

use certroll_pki::x509::crl::Crl;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::home::{TestHome, copy_tree};

/// The commands that are tried on each change. Those that issue come last: they leave something.
const COMMANDS: [(&str, &[&str]); 9] = [
    ("audit verify", &["audit", "verify"]),
    ("doctor", &["doctor"]),
    ("rotate", &["rotate", "broker"]),
    ("crl", &["ca", "crl", "issuing", "--renew", "--out", "i.crl"]),
    ("list", &["list"]),
    ("check", &["check", "broker"]),
    ("show", &["show", "broker"]),
    ("revoke", &["revoke", "broker", "--reason", "superseded"]),
    ("deliver", &["deliver", "kept", "--out-cert", "k.pem", "--out-key", "k.key"]),
];

/// Columns that decide nothing, each with the reason.
const HARMLESS: [(&str, &str); 1] = [("audit_head.id", "the table has one row, and takes no other number")];

/// A home with a row in every table that a private CA fills.
fn scene() -> TestHome {
    let home = TestHome::quick();
    let issue = ["issue", "-t", "jms-client", "--key", "ec:p256"];
    home.ok(&[&issue[..], &["broker", "--keystore", "b.p12"]].concat());
    home.ok(&[&issue[..], &["gone", "--out-cert", "g.pem", "--out-key", "g.key"]].concat());
    // Its key stays in the home.
    home.ok(&[&issue[..], &["kept"]].concat());
    home.ok(&["revoke", "gone", "--reason", "keyCompromise"]);
    let lines: String = (0..70).map(|n| format!("m{n}\n")).collect();
    home.write("meters.csv", format!("name\n{lines}"));
    home.ok(&["issue", "--batch", "meters.csv", "-t", "meter", "--out", "meters"]);
    home.ok(&["ca", "crl", "--all", "--out", "crls.pem", "--keep"]);
    let service = ["service", "add", "front", "--driver", "command", "--set", "reload=true"];
    home.ok(&[&service[..], &["--certificate", "kept", "--endpoint", "127.0.0.1:1"]].concat());
    home
}

/// Table, column and row of everything that can be changed.
fn columns(connection: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1, c.cid";
    let mut statement = connection.prepare(sql).expect("the schema can be read");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("the schema can be read");
    rows.collect::<Result<_, _>>().expect("the schema can be read")
}

/// Changes the column in the last row of its table that has something there; `false` when the table is empty.
fn change(connection: &Connection, table: &str, column: &str) -> bool {
    let keyed = table == "audit_tile";
    let order = if keyed { "level, position" } else { "rowid" };
    let sql = format!("SELECT \"{column}\" FROM {table} ORDER BY {order} LIMIT 1");
    let Ok(value) = connection.query_row(&sql, [], |row| row.get::<_, Value>(0)) else { return false };
    let changed = match value {
        Value::Null => Value::Integer(1),
        Value::Integer(number) => Value::Integer(number + 1),
        Value::Real(number) => Value::Real(number + 1.0),
        Value::Text(text) => Value::Text(text + "x"),
        Value::Blob(mut bytes) => {
            if let Some(last) = bytes.last_mut() {
                *last ^= 1;
            }
            Value::Blob(bytes)
        }
    };
    let which = if keyed {
        "(level, position) = (SELECT level, position FROM audit_tile ORDER BY 1, 2 LIMIT 1)"
    } else {
        "rowid = (SELECT min(rowid) FROM TABLE)"
    };
    let sql = format!("UPDATE {table} SET \"{column}\" = ?1 WHERE {}", which.replace("TABLE", table));
    // A column of texts takes no number, and a number may be taken: then it gets a text, or one that is far away.
    let far = if let Value::Integer(number) = changed { Value::Integer(number + 1_000_000) } else { Value::Null };
    let others = [far, Value::Text("x".to_owned()), Value::Blob(vec![7; 32])];
    let mut tried = [changed].into_iter().chain(others).filter(|value| *value != Value::Null);
    tried.any(|value| connection.execute(&sql, [&value]).is_ok_and(|rows| rows > 0))
}

#[test]
fn no_row_leads_anywhere_that_nobody_wrote() {
    let all = std::env::var("CERTROLL_TEST_ROWS").is_ok_and(|wanted| wanted == "all");
    let home = scene();
    let connection = Connection::open(home.path("home/state.db")).expect("the database can be opened");
    let columns = columns(&connection);
    drop(connection);
    let (mut table, mut empty, mut unnoticed) = (String::new(), Vec::new(), Vec::new());
    for (name, column) in columns {
        if HARMLESS.iter().any(|(harmless, _)| *harmless == format!("{name}.{column}")) {
            continue;
        }
        let copy = home.copy();
        copy_tree(&home.path("state"), &copy.path("state"));
        let connection = Connection::open(copy.path("home/state.db")).expect("the database can be opened");
        connection.pragma_update(None, "foreign_keys", false).expect("it is a setting");
        if !change(&connection, &name, &column) {
            empty.push(format!("{name}.{column}"));
            continue;
        }
        drop(connection);
        let mut noticed = false;
        for (what, command) in COMMANDS {
            if !all && !matches!(what, "doctor" | "rotate" | "list" | "crl") {
                continue;
            }
            let fresh = copy.copy();
            copy_tree(&copy.path("state"), &fresh.path("state"));
            let code = fresh.certroll(command).code;
            noticed |= code == 13;
            writeln!(table, "{name}.{column:<16} {what:<14} {code}").expect("a text takes it");
            if what == "crl" && code == 0 {
                let listed = Crl::from_der(&fresh.read("home/ca/issuing.crl")).expect("a CRL").entries.len();
                assert_eq!(listed, 1, "{name}.{column} took a certificate off the CRL");
            }
        }
        if !noticed {
            unnoticed.push(format!("{name}.{column}"));
        }
        assert!(copy.names("").iter().all(|name| !name.ends_with('x')), "{name}.{column} leads to another file");
    }
    if all {
        std::io::stdout().write_all(table.as_bytes()).expect("there is a standard output");
    }
    // What only issuers elsewhere and open requests fill; and the steps of installations and services, which lead nowhere: what they say
    // is compared with the file, or with a handshake, before it is believed.
    let apart = ["certificate_chain.", "issuer_der.", "open_intent.", "installation_step.", "service_step."];
    let filled = |name: &&String| !apart.iter().any(|of| name.starts_with(of));
    assert_eq!(empty.iter().find(filled), None, "a table without rows proves nothing");
    assert_eq!(unnoticed, Vec::<String>::new(), "columns that no command notices\n{table}");
}
