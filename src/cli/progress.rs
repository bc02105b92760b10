//! Progress on standard error, when that is a terminal and the work takes longer than a moment.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::{CommandOutput, Voice};
use certroll_core::lifecycle::session::remote::Watcher;

/// A bar for `total` steps; draws nothing unless a person is watching.
pub(super) fn bar(output: &CommandOutput, total: u64, what: &str) -> ProgressBar {
    if !output.interactive {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(5));
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}  {per_sec}  {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Tells what a person should know while an issuer elsewhere is waited for: warnings and what they have to do as lines,
/// the waiting itself only on a terminal.
pub(super) struct WaitDisplay {
    voice: Voice,
    spinner: Mutex<Option<ProgressBar>>,
}

impl WaitDisplay {
    pub(super) fn new(output: &CommandOutput) -> Self {
        Self { voice: output.voice(), spinner: Mutex::default() }
    }

    /// Says a line above the spinner, which would otherwise draw over it.
    fn above(&self, say: impl FnOnce()) {
        match &*self.spinner.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(spinner) => spinner.suspend(say),
            None => say(),
        }
    }
}

/// Tells the same while a bar shows how far a command with many parts has come.
pub(super) struct Beside {
    voice: Voice,
    bar: ProgressBar,
}

impl Beside {
    pub(super) fn new(output: &CommandOutput, bar: &ProgressBar) -> Self {
        Self { voice: output.voice(), bar: bar.clone() }
    }
}

impl Watcher for Beside {
    fn warn(&self, text: &str) {
        self.bar.suspend(|| self.voice.line(&format!("warning: {text}")));
    }

    fn act(&self, text: &str) {
        self.bar.suspend(|| self.voice.say(text));
    }

    fn waiting(&self, _text: &str) {}

    fn over(&self) {}
}

impl Watcher for WaitDisplay {
    fn warn(&self, text: &str) {
        self.above(|| self.voice.line(&format!("warning: {text}")));
    }

    fn act(&self, text: &str) {
        self.above(|| self.voice.say(text));
    }

    fn waiting(&self, text: &str) {
        if !self.voice.interactive {
            return;
        }
        let mut spinner = self.spinner.lock().unwrap_or_else(PoisonError::into_inner);
        let spinner = spinner.get_or_insert_with(|| {
            let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
            let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
            spinner.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            spinner.enable_steady_tick(Duration::from_millis(200));
            spinner
        });
        spinner.set_message(text.to_owned());
    }

    fn over(&self) {
        if let Some(spinner) = self.spinner.lock().unwrap_or_else(PoisonError::into_inner).take() {
            spinner.finish_and_clear();
        }
    }
}
