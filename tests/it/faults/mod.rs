//! Faults at every file system call: the process is killed, or the call answers EIO or ENOSPC. Then the log must verify,
//! nothing may be out that it does not know, and repeating the command must bring everything to its end.
//!
//! | file | what |
//! |---|---|
//! | `stage` | a prepared home, and what is tried on it |
//! | `trace` | strace: faults in, calls out |
//! | `oracle` | what must hold of home and files, before and after recovery |
//! | `sweep` | every fault at every call |
//! | `order` | the order of writes, flushes and visible acts: what a killed process cannot show |
//! | `variants` | an issuance in wrong orders, to see that all this finds something |

mod oracle;
mod order;
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
