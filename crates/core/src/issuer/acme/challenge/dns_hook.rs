//! dns-01 through a command (RFC 8555 section 8.4). It is called in the two ways for which most scripts are written:
//!
//! * as the provider `exec` of lego: arguments `present FQDN. VALUE`, later `cleanup FQDN. VALUE`;
//! * as the manual hooks of certbot: variables `CERTBOT_DOMAIN`, `CERTBOT_VALIDATION`, `CERTBOT_TOKEN`,
//!   `CERTBOT_REMAINING_CHALLENGES`, `CERTBOT_ALL_DOMAINS`, and for the clean-up `CERTBOT_AUTH_OUTPUT`, which is what it
//!   printed when the record was set.
//!
//! Exit code 0 says that it is done, 75 (EX_TEMPFAIL) that it may be tried again later, anything else that it failed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::dns_lookup::Lookup;
use super::dns_propagation::Watch;
use super::journal::{ChallengeJournal, Remover};
use super::settings::Hook;
use crate::issuer::acme::challenge::settings::ChallengeSettings;
use crate::issuer::acme::challenge::solver::{Challenge, ChallengeKind, Solver, record_name};
use crate::issuer::{ErrorClass, IssuerError, RemoteIssuer};
use certroll_base::child::{self, RunningCommands};

/// Waiting for a provider's interface and for propagation takes minutes with some.
const TIMEOUT_SECS: u64 = 300;
/// EX_TEMPFAIL of `sysexits.h`.
const TEMPORARY: i32 = 75;

/// Answers dns-01 by a command.
pub(super) struct DnsHook {
    hook: Arc<HookCalls>,
    watch: Option<Watch>,
    journal: ChallengeJournal<HookCalls>,
}

struct HookCalls {
    issuer: String,
    program: Vec<String>,
    root: PathBuf,
    timeout: Duration,
    running: RunningCommands,
}

/// A record that is set.
#[derive(Clone, Serialize, Deserialize)]
struct Note {
    domain: String,
    token: String,
    value: String,
    /// What the command printed when it set the record.
    output: String,
}

impl DnsHook {
    /// # Errors
    /// The settings of the look at the record are not usable.
    pub(super) fn new(
        issuer: &str,
        settings: &ChallengeSettings,
        hook: &Hook,
        connection: &RemoteIssuer,
    ) -> Result<Self, IssuerError> {
        let calls = Arc::new(HookCalls {
            issuer: issuer.to_owned(),
            program: hook.program(),
            root: connection.root.clone(),
            timeout: Duration::from_secs(hook.timeout_secs.unwrap_or(TIMEOUT_SECS)),
            running: RunningCommands::default(),
        });
        // A hook for certbot waits by itself; one for lego does not, and asks for a look.
        let wanted = settings.propagation.as_ref().is_some_and(|propagation| propagation.check.unwrap_or(true));
        let watch =
            wanted.then(|| Watch::new(issuer, settings, Lookup::of_resolvers(issuer, settings)?)).transpose()?;
        let journal = ChallengeJournal::new(issuer, "hook", connection.memory.clone(), calls.clone());
        Ok(Self { hook: calls, watch, journal })
    }
}

impl Solver for DnsHook {
    fn kind(&self) -> ChallengeKind {
        ChallengeKind::Dns01
    }

    fn present(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        let note = Note {
            domain: challenge.identifier.clone(),
            token: challenge.token.clone(),
            value: challenge.dns_value.clone(),
            output: String::new(),
        };
        self.journal.provision(challenge, note.clone(), || {
            let output = self.hook.call("present", &note)?;
            Ok(Some(Note { output, ..note }))
        })
    }

    fn confirm(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        match &self.watch {
            Some(watch) => watch.wait(&record_name(&self.hook.issuer, challenge)?, &challenge.dns_value),
            None => Ok(()),
        }
    }

    fn clean_up(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        self.journal.end(challenge)
    }

    fn remove_leftovers(&self) -> Result<usize, IssuerError> {
        self.journal.remove_leftovers()
    }
}

impl HookCalls {
    /// Calls the command and returns what it printed.
    fn call(&self, verb: &'static str, note: &Note) -> Result<String, IssuerError> {
        let mut command = self.command(verb, note);
        // A clean-up goes on when a signal stops everything else.
        let alone = RunningCommands::default();
        let running = if verb == "cleanup" { &alone } else { &self.running };
        let ended = running.run(&mut command, self.timeout).map_err(|error| {
            self.error(ErrorClass::Config, "cannot be run".to_owned())
                .because(error)
                .hint(format!("correct `command` in `[issuers.{}.challenge.hook]`", self.issuer))
        })?;
        if ended.succeeded() {
            return Ok(ended.stdout.trim().to_owned());
        }
        let code = ended.status.map(|status| status.code());
        let class = if code == Some(Some(TEMPORARY)) { ErrorClass::Retryable } else { ErrorClass::Config };
        let how = match ended.status {
            Some(status) => format!("ended with {status} for `{verb} {}`", note.domain),
            None => format!("did not end within {} s for `{verb} {}`", self.timeout.as_secs(), note.domain),
        };
        let said = match ended.said() {
            Some(said) => format!("{how}: {said}"),
            None => how,
        };
        Err(self.error(class, said).hint(format!(
            "run what `[issuers.{}.challenge.hook]` says by hand, with `{verb} {} VALUE` as further arguments",
            self.issuer,
            fqdn(note)
        )))
    }

    fn command(&self, verb: &str, note: &Note) -> Command {
        let program = Path::new(self.program.first().map(String::as_str).unwrap_or_default());
        // A bare name is searched for; anything else is relative to the home.
        let is_bare = program.components().count() == 1 && program.is_relative();
        let mut command = child::command(if is_bare { program.to_owned() } else { self.root.join(program) });
        command.args(self.program.iter().skip(1)).args([verb, &fqdn(note), &note.value]).current_dir(&self.root);
        command
            .env("CERTBOT_DOMAIN", &note.domain)
            .env("CERTBOT_ALL_DOMAINS", &note.domain)
            .env("CERTBOT_VALIDATION", &note.value)
            .env("CERTBOT_TOKEN", &note.token)
            // Each is set and looked at by itself: no hook need wait for others.
            .env("CERTBOT_REMAINING_CHALLENGES", "0")
            .env_remove("CERTBOT_AUTH_OUTPUT");
        if verb == "cleanup" {
            command.env("CERTBOT_AUTH_OUTPUT", &note.output);
        }
        command
    }

    /// Its arguments, and the line of a shell, may hold secrets: only the program is named.
    fn error(&self, class: ErrorClass, what: String) -> IssuerError {
        let program = self.program.first().map(String::as_str).unwrap_or_default();
        IssuerError::new(&self.issuer, class, format!("its dns hook `{program}` {what}"))
    }
}

impl Remover for HookCalls {
    type Note = Note;

    fn remove(&self, note: &Note) -> Result<(), IssuerError> {
        self.call("cleanup", note).map(|_| ())
    }

    fn interrupt(&self) {
        self.running.stop();
    }
}

fn fqdn(note: &Note) -> String {
    format!("_acme-challenge.{}.", note.domain)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    use super::*;
    use crate::issuer::acme::challenge::scratch::Scratch;
    use crate::issuer::acme::challenge::settings::check;
    use crate::issuer::acme::challenge::solver::sample;

    fn script(scratch: &Scratch, text: &str) -> String {
        let path = scratch.path().join("hook");
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    }

    fn solver(scratch: &Scratch, table: &str) -> DnsHook {
        let settings: ChallengeSettings = toml::from_str(&format!("kind = 'dns-01'\n[hook]\n{table}")).unwrap();
        check(&settings).unwrap();
        let hook = settings.hook.as_ref().unwrap();
        DnsHook::new("le", &settings, hook, &scratch.connection()).unwrap()
    }

    #[test]
    fn both_conventions_are_kept() {
        let scratch = Scratch::new();
        let log = scratch.path().join("log");
        let hook = script(
            &scratch,
            &format!(
                "{{ echo \"$@\"; env | grep ^CERTBOT_ | sort; env | grep ^CERTROLL_; }} >>{}; echo id-17",
                log.display()
            ),
        );
        let solver = solver(&scratch, &format!("command = ['{hook}', 'first argument']"));
        let challenge = Challenge { wildcard: true, ..sample(ChallengeKind::Dns01, "a.example.org") };
        solver.present(&challenge).unwrap();
        assert_eq!(scratch.notes("challenge-").len(), 1);
        solver.clean_up(&challenge).unwrap();
        solver.clean_up(&challenge).unwrap();
        assert!(scratch.notes("challenge-").is_empty());
        let (value, token) = (&challenge.dns_value, &challenge.token);
        let variables = format!(
            "CERTBOT_DOMAIN=a.example.org\nCERTBOT_REMAINING_CHALLENGES=0\nCERTBOT_TOKEN={token}\n\
             CERTBOT_VALIDATION={value}\n"
        );
        let expected = format!(
            "first argument present _acme-challenge.a.example.org. {value}\nCERTBOT_ALL_DOMAINS=a.example.org\n{variables}\
             first argument cleanup _acme-challenge.a.example.org. {value}\nCERTBOT_ALL_DOMAINS=a.example.org\n\
             CERTBOT_AUTH_OUTPUT=id-17\n{variables}"
        );
        assert_eq!(fs::read_to_string(log).unwrap(), expected);
    }

    #[test]
    fn a_line_is_run_by_a_shell_only_when_asked() {
        let scratch = Scratch::new();
        let challenge = sample(ChallengeKind::Dns01, "a.example.org");
        let line = format!("shell = 'echo \"$2\" \"$1\" | tr a-z A-Z >{}/said'", scratch.path().display());
        let by_shell = solver(&scratch, &line);
        by_shell.present(&challenge).unwrap();
        let said = fs::read_to_string(scratch.path().join("said")).unwrap();
        assert_eq!(said, "_ACME-CHALLENGE.A.EXAMPLE.ORG. PRESENT\n");
        let as_it_stands = solver(&scratch, "command = ['echo;false']");
        let error = as_it_stands.present(&challenge).unwrap_err();
        assert!(error.message.contains("`echo;false` cannot be run"), "{error}");
        let error = solver(&scratch, "shell = 'false token-4711'").present(&challenge).unwrap_err();
        assert!(!format!("{error:?}").contains("token-4711"), "{error:?}");
    }

    #[test]
    fn what_it_complains_of_is_shown_and_its_exit_code_decides() {
        let scratch = Scratch::new();
        let challenge = sample(ChallengeKind::Dns01, "a.example.org");
        for (code, class) in [(1, ErrorClass::Config), (75, ErrorClass::Retryable)] {
            let hook = script(&scratch, &format!("echo 'no such\tzone' >&2; exit {code}"));
            let error = solver(&scratch, &format!("command = ['{hook}']")).present(&challenge).unwrap_err();
            assert_eq!(error.class, class);
            assert!(error.message.contains(&format!("exit status: {code}")), "{error}");
            assert!(error.message.ends_with("`no such\\u{9}zone`"), "{error}");
        }
    }

    #[test]
    fn what_takes_too_long_is_stopped_with_its_children() {
        let scratch = Scratch::new();
        let hook = script(&scratch, "echo begun >&2; sleep 1000; echo never");
        let slow = solver(&scratch, &format!("command = ['{hook}']\ntimeout_secs = 1"));
        let begun = Instant::now();
        let error = slow.present(&sample(ChallengeKind::Dns01, "a.example.org")).unwrap_err();
        assert!(error.message.contains("did not end within 1 s") && error.message.contains("`begun`"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(900));
    }

    #[test]
    fn a_failed_clean_up_is_tried_again_by_the_next_run() {
        let scratch = Scratch::new();
        let challenge = sample(ChallengeKind::Dns01, "a.example.org");
        let hook = script(&scratch, "test \"$1\" = present");
        let first = solver(&scratch, &format!("command = ['{hook}']"));
        first.present(&challenge).unwrap();
        assert!(first.clean_up(&challenge).is_err());
        drop(first);
        assert_eq!(scratch.notes("challenge-").len(), 1);
        let log = scratch.path().join("log");
        let hook = script(&scratch, &format!("echo \"$1\" >>{}", log.display()));
        let next = solver(&scratch, &format!("command = ['{hook}']"));
        assert_eq!(next.remove_leftovers().unwrap(), 1);
        assert_eq!(fs::read_to_string(log).unwrap(), "cleanup\n");
        assert!(scratch.notes("challenge-").is_empty());
    }
}
