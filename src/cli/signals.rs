//! SIGINT and SIGTERM, once this process has something to undo before it ends by one of them.

use std::io::Read;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::low_level::{emulate_default_handler, pipe};

use certroll_base::cleanup;

/// Whether one has come already: the second does not wait.
static COME: AtomicBool = AtomicBool::new(false);

/// Has everything undone when a signal comes; then it ends this process, as it would have done without us.
pub(super) fn watch() {
    for signal in [SIGINT, SIGTERM] {
        // Without a watcher the signal ends the process at once, and the next run undoes what is left.
        let Ok((mut seen, written)) = UnixStream::pair() else { return };
        if pipe::register(signal, written).is_err() {
            return;
        }
        thread::spawn(move || {
            let mut byte = [0];
            while seen.read_exact(&mut byte).is_ok() {
                let first = !COME.swap(true, Ordering::SeqCst);
                if !first {
                    end_by(signal);
                }
                thread::spawn(move || {
                    cleanup::all();
                    end_by(signal);
                });
            }
        });
    }
}

fn end_by(signal: i32) {
    // It does not come back for these two.
    let _ = emulate_default_handler(signal);
}
