//! `certroll audit export --follow`: hands records out until it is stopped.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::exit;
use certroll_base::durable;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::log::{Following, SiemForm};

/// How long a new checkpoint may go unnoticed.
const PATIENCE: Duration = Duration::from_millis(250);

/// Follows the log into `file`, at its end, or to standard output.
pub(super) fn run(form: SiemForm, first: u64, file: Option<&PathBuf>, context: &mut Context<'_>) -> CommandOutcome {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGINT] {
        signal_hook::flag::register(signal, stop.clone())
            .map_err(|error| Error::new(ErrorKind::Failed, "signals cannot be received").because(error))?;
    }
    let mut following = Following::begin(context.view()?, form, first)?;
    let mut opened = file
        .map(|path| {
            let mut options = OpenOptions::new();
            let file = options.append(true).create(true).mode(durable::PRIVATE).open(path);
            file.map_err(|error| Error::file(path, "write", error))
        })
        .transpose()?;
    let mut nobody_reads = false;
    while !stop.load(Ordering::Relaxed) && !nobody_reads {
        let out: &mut dyn Write = match &mut opened {
            Some(file) => file,
            None => context.environment.output.stream(),
        };
        let mut stopped = false;
        let step = following.step(&mut |line| {
            stopped = stop.load(Ordering::Relaxed);
            if stopped {
                return Err(unwritable(io::ErrorKind::Interrupted.into()));
            }
            // A line is out before the next begins: a run that resumes knows where.
            out.write_all(line.as_bytes()).and_then(|()| out.flush()).map_err(|error| {
                nobody_reads = error.kind() == io::ErrorKind::BrokenPipe;
                unwritable(error)
            })
        });
        match step {
            Err(error) if !stopped && !nobody_reads => return Err(error),
            Err(_) => break,
            Ok(()) => {}
        }
        nobody_reads = wait(opened.is_none());
    }
    context.say(&format!("the next record is {next}; go on with `--since {next}`", next = following.next()));
    Ok(exit::DONE)
}

fn unwritable(error: io::Error) -> Error {
    Error::new(ErrorKind::Failed, "the records cannot be written").because(error)
}

/// Waits a moment; whether standard output was closed at the other end meanwhile.
fn wait(watch_output: bool) -> bool {
    if !watch_output {
        std::thread::sleep(PATIENCE);
        return false;
    }
    let output = io::stdout();
    let mut watched = [PollFd::from_borrowed_fd(output.as_fd(), PollFlags::empty())];
    let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(PATIENCE.subsec_nanos()) };
    // An interruption by a signal is a reason to look whether to stop, like the end of the wait.
    let ready = poll(&mut watched, Some(&timeout)).is_ok_and(|ready| ready > 0);
    ready && watched[0].revents().intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL)
}
