//! Killed between challenge and certificate, where no checkpoint is: the same command ends what was begun.

use serde_json::Value;

use super::setup::Room;
use crate::home::text;
use crate::peers::{self, Manners, Peer};

/// A hook that kills the program that runs it: before it does what it is asked for, or after.
fn murderous(room: &Room, verb: &str, after: bool) -> String {
    let kill = format!("test \"$1\" = {verb} && kill -9 $PPID");
    let hook = room.pebble.dns_hook().replace("exec curl", "curl");
    let line = if after { format!("{hook}; {kill}") } else { format!("{kill}; {hook}") };
    format!("kind = \"dns-01\"\nhook = {{ shell = '''{line}''' }}\n")
}

#[test]
fn killed_while_challenges_are_answered_one_order_becomes_one_certificate() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let home = &room.home;
    let moments = [("present", false), ("present", true), ("cleanup", false), ("cleanup", true)];
    for (number, (verb, after)) in moments.into_iter().enumerate() {
        let name = format!("{number}.example.net");
        let out = format!("{name}.pem");
        let line = ["issue", &name, "--template", "https-server", "--out-cert", &out];
        room.settings("terms_agreed = true\n", &murderous(&room, verb, after));
        home.certroll(&line).expect(-1);
        room.settings("terms_agreed = true\n", &room.dns());
        home.ok(&line);
        let about = |event: &str| -> Vec<Value> {
            let all = home.records(event).into_iter();
            let intents = home.records("cert.issue.intent");
            let mine = |record: &Value| {
                intents
                    .iter()
                    .any(|intent| intent["op"] == record["op"] && intent["req"]["names"].to_string().contains(&name))
            };
            all.filter(mine).collect()
        };
        assert_eq!(about("cert.issue.intent").len(), 1, "{verb} {after}");
        let submitted = about("cert.issue.submitted");
        assert_eq!(submitted.len(), 1, "{verb} {after}: the order was placed again");
        let issued = about("cert.issued");
        assert_eq!(issued.len(), 1, "{verb} {after}");
        assert_eq!(text(&issued[0], "rem/handle"), text(&submitted[0], "rem/handle"));
        assert_eq!(*room.chain(&out)[0].key_hash().as_bytes(), spki(&issued[0]));
    }
    home.verify();
}

fn spki(record: &Value) -> [u8; 32] {
    certroll_base::encoding::sha256_from_hex(text(record, "cert/spki")).expect("a digest")
}
