//! Faults at every file system call: the process is killed, or the call answers EIO or ENOSPC. Then the log must verify,
//! nothing may be out that it does not know, and repeating the command must bring everything to its end.
//!
//! | file | what |
//! |---|---|
//! | `stage` | a prepared home, and what is tried on it |
//! | `trace` | strace: faults in, calls out |
//! | `authority` | a CA taken over, and an answer accepted, with an oracle of its own |
//! | `oracle` | what must hold of home and files, before and after recovery |
//! | `sweep` | every fault at every call |
//! | `order` | the order of writes, flushes and visible acts: what a killed process cannot show |
//! | `passphrase` | the passphrase of the home changed, with an oracle of its own |
//! | `variants` | an issuance in wrong orders, to see that all this finds something |

mod authority;
mod oracle;
mod order;
mod passphrase;
mod stage;
mod sweep;
mod trace;
mod variants;

use stage::{Act, Doer, Stage};
use sweep::sweep;
use trace::{Fault, Point};
use variants::Order;

use crate::peers::{self, Peer};

const FAULTS: &[Fault] = &[Fault::Kill, Fault::InputOutput, Fault::NoSpace];

fn survives(act: Act) {
    if !peers::require(&[Peer::Strace]) {
        return;
    }
    let summary = sweep(act, Doer::Certroll, FAULTS);
    summary.show();
    assert!(summary.violations.is_empty(), "{:#?}", summary.violations);
    // A sweep that hits nothing finds nothing.
    assert!(summary.calls > 200 && summary.kinds.len() > 12, "{summary}");
    assert!(summary.missed * 50 < summary.points && summary.died * 4 > summary.points, "{summary}");
    assert!(summary.errored > summary.points / 10, "{summary}");
}

#[test]
fn an_issuance_survives_every_fault() {
    survives(Act::Issue);
}

#[test]
fn a_rotation_survives_every_fault() {
    survives(Act::Rotate);
}

#[test]
fn a_revocation_survives_every_fault() {
    survives(Act::Revoke);
}

/// The same sweep and the same oracle over an issuance from the library's pieces, killed at every call that changes something.
fn violations_of(order: Order) -> usize {
    let summary = sweep(Act::Issue, Doer::Pieces(order), &[Fault::Kill]);
    summary.show();
    assert!(summary.died * 10 > summary.points * 9 && summary.points > 50, "{summary}");
    if order == Order::Right {
        assert!(summary.violations.is_empty(), "{:#?}", summary.violations);
    }
    summary.violations.len()
}

#[test]
fn wrong_orders_are_caught() {
    if !peers::require(&[Peer::Strace]) {
        return;
    }
    assert_eq!(violations_of(Order::Right), 0);
    for order in [Order::ActFirst, Order::ReleaseFirst, Order::PublishFirst, Order::InPlace] {
        assert!(violations_of(order) > 0, "{order:?} goes unnoticed");
    }
}

/// One run, with a fault or without, and what the order oracle says of it.
fn ordered(stage: &Stage, fault: Option<(&Point, Fault)>) -> (Vec<trace::Call>, order::Verdict) {
    stage.put_back();
    let existing = stage.files();
    let (ended, calls) = trace::watch(&stage.command(), &stage.root(), fault, &stage.log());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let verdict = order::judge(&calls, &stage.root(), &existing);
    (calls, verdict)
}

#[test]
fn nothing_is_visible_before_it_is_durable() {
    if !peers::require(&[Peer::Strace]) {
        return;
    }
    for act in [Act::Issue, Act::Rotate, Act::Revoke] {
        let stage = Stage::new(act, Doer::Certroll);
        let (calls, verdict) = ordered(&stage, None);
        assert_eq!(verdict.defects, [""; 0], "{act:?}");
        assert!(verdict.acts >= 4 && verdict.flushes.len() >= 8, "{act:?}: {verdict:?}");
        // Each flush that flushes something is needed: without it, and nothing else changed, the oracle objects. A store that
        // does not wait for the disk (`synchronous` at NORMAL or OFF) is a run without some of them.
        for (n, at) in verdict.flushes.iter().enumerate() {
            let call = &calls[*at];
            // A new write-ahead log is flushed for its beginning, then its directory, then the commit, which covers all of it.
            let mut next = verdict.flushes.iter().skip(n + 1).take(2);
            if next.any(|next| calls[*next].arguments == call.arguments) {
                continue;
            }
            let point = Point { name: call.name.clone(), nth: call.nth, closes_directory: false };
            let (_, without) = ordered(&stage, Some((&point, Fault::Skipped)));
            assert!(!without.defects.is_empty(), "{act:?}: nobody misses {call:?}");
        }
        let (acts, flushes) = (verdict.acts, verdict.flushes.len());
        let name = act.name();
        say(&format!(
            "order: {name}: {acts} visible acts, 0 too early; {flushes} flushes, each needed one left out and missed"
        ));
    }
}

/// Wrong orders that show in one undisturbed run already.
#[test]
fn the_order_oracle_tells_wrong_orders() {
    if !peers::require(&[Peer::Strace]) {
        return;
    }
    let defects = |order| ordered(&Stage::new(Act::Issue, Doer::Pieces(order)), None).1.defects;
    assert_eq!(defects(Order::Right), [""; 0]);
    for order in [Order::ReleaseFirst, Order::InPlace] {
        assert!(!defects(order).is_empty(), "{order:?} goes unnoticed");
    }
}

/// Says something past the test runner, which would swallow it.
fn say(line: &str) {
    std::io::Write::write_all(&mut std::io::stderr(), format!("{line}\n").as_bytes()).expect("stderr takes a line");
}
