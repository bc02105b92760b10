//! `certroll quickstart`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::context::{CommandOutcome, Context};
use crate::cli::render::table;
use crate::cli::{exit, progress};
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::random;
use certroll_core::config;
use certroll_core::config::secrets::SecretSource;
use certroll_core::destination::Place;
use certroll_core::destination::kinds::file::OutputFile;
use certroll_core::error::{Error, ErrorKind};
use certroll_core::lifecycle::batch::input::BatchLines;
use certroll_core::lifecycle::batch::output::{BatchLock, BatchOutput};
use certroll_core::lifecycle::batch::{self, BatchRequest};
use certroll_core::lifecycle::delivery::{Output, OutputForm, Password};
use certroll_core::lifecycle::issuance::authority::{self, AuthorityKey, CreateRequest};
use certroll_core::lifecycle::issuance::issue;
use certroll_core::lifecycle::issuance::request::{IssueRequest, KeySource};
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::log::{self, ExportForm, ExportRequest, ExportSink};
use certroll_core::lifecycle::revocation::{self, ListWhen, RevokeRequest};
use certroll_core::lifecycle::rotation::{self, RotateRequest};
use certroll_core::lifecycle::session::Session;
use certroll_core::lifecycle::session::home_key::Opener;
use certroll_core::lifecycle::truststore::{remember, trust};
use certroll_core::store::Query;
use certroll_core::template::Overrides;
use certroll_core::tools::keystore::edit::EditRequest;
use certroll_core::tools::keystore::file::{Choices, Passwords};
use certroll_keystore::formats;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::reason::RevocationReason;

/// The whole story with real files on this machine, in under a minute
///
/// Makes a home with a root and an issuing CA, a broker's keystore in JKS and PKCS#12, a client's, truststores, and 200
/// meters from a CSV; rotates the broker, revokes a meter, writes the CRL, verifies the log and exports it.
#[derive(Debug, Args)]
pub(crate) struct QuickstartArgs {
    /// Directory to make; it must not hold a quickstart already
    #[arg(default_value = "certroll-quickstart")]
    dir: PathBuf,
}

/// The devices of the story.
const METERS: &str = include_str!("../../../templates/samples/meters.csv");
const BROKER: &str = "broker.example.net";
const CLIENT: &str = "meter-data-import";
const LOST_METER: &str = "meter-000007";

/// What a step made: its title, what came of it, and where.
type StepOutcome = (&'static str, String, PathBuf);

type Step = fn(&mut Story) -> Result<(), Error>;

struct Story {
    dir: PathBuf,
    session: Session,
    storepass: Password,
    made: Vec<StepOutcome>,
}

pub(super) fn run(args: &QuickstartArgs, context: &mut Context<'_>) -> CommandOutcome {
    let dir = std::path::absolute(&args.dir).map_err(|error| Error::file(&args.dir, "find", error))?;
    let mut story = Story::begin(&dir, context)?;
    let steps: [(&str, Step); 8] = [
        ("creating a root and an issuing CA", Story::authorities),
        ("issuing for the broker and its client", Story::broker),
        ("writing truststores", Story::truststores),
        ("issuing for 200 meters", Story::meters),
        ("rotating the broker's certificate", Story::rotation),
        ("revoking a lost meter", Story::revocation),
        ("verifying the audit log", Story::verification),
        ("exporting it for the auditors", Story::export),
    ];
    let bar = progress::bar(&context.environment.output, steps.len() as u64, "quickstart");
    for (title, step) in steps {
        bar.set_message(title);
        step(&mut story)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let row = |(title, what, path): &StepOutcome| {
        let path = path.strip_prefix(&dir).unwrap_or(path);
        vec![(*title).to_owned(), what.clone(), path.display().to_string()]
    };
    let text = table::rows(&["WHAT", "MADE", "WHERE"], story.made.iter().map(row), context.width());
    context.data(&text)?;
    context.say(&format!("all of it is in `{}`", dir.display()));
    let next = story.next_commands();
    context.data(&next)?;
    Ok(exit::DONE)
}

/// A random password in a file of its own, as a careful administrator would make it.
fn secret_file(path: &Path, stem: &'static str) -> Result<Password, Error> {
    let text = format!("{}\n", encoding::hex(&random::bytes::<16>()));
    durable::create(path, text.as_bytes(), durable::PRIVATE).map_err(|error| Error::file(path, "write", error))?;
    SecretSource { title: "password", stem, file: Some(path.to_owned()), command: None }.require(false)
}

fn distinguished_name(text: &str) -> Result<DistinguishedName, Error> {
    DistinguishedName::parse(text)
        .map_err(|error| Error::new(ErrorKind::Failed, "a name of the story is wrong").because(error))
}

impl Story {
    fn begin(dir: &Path, context: &Context<'_>) -> Result<Self, Error> {
        let home = Home::new(dir.join("home"));
        config::identity::refuse_before_settings(context.global.identity_token_file.as_deref())?;
        if home.root().exists() {
            return Err(Error::new(ErrorKind::Usage, format!("`{}` holds a quickstart already", dir.display()))
                .hint("name another directory, as in `certroll quickstart DIR`"));
        }
        for directory in ["", "secrets", "broker", "client", "trust", "meters", "audit"] {
            let directory = dir.join(directory);
            durable::create_directory(&directory)
                .map_err(|error| Error::file(&directory, "make the directory", error))?;
        }
        let passphrase = secret_file(&dir.join("secrets/passphrase"), "passphrase")?;
        let storepass = secret_file(&dir.join("secrets/storepass"), "storepass")?;
        let clock = context.environment.clock.clone();
        let opener = Opener::Passphrase(passphrase.secret.clone());
        config::found(home.clone(), "example.net".to_owned(), &opener, clock.clone())?;
        let session = config::session(home.clone(), passphrase.secret, clock, None)?;
        let made = vec![("home", "settings, database, log, encrypted keys".to_owned(), home.root().to_owned())];
        Ok(Self { dir: dir.to_owned(), session, storepass, made })
    }

    fn authorities(&mut self) -> Result<(), Error> {
        for (name, parent, subject) in [
            ("root", None, "C=DE, O=Example Utility, CN=Example Root CA"),
            ("issuing", Some("root"), "C=DE, O=Example Utility, OU=Operations, CN=Example Issuing CA"),
        ] {
            let request = CreateRequest {
                name: name.to_owned(),
                template: None,
                parent: parent.map(str::to_owned),
                subject: Some(distinguished_name(subject)?),
                key: AuthorityKey::Home(None),
                lifetime: None,
                overrides: Overrides::default(),
                pointers: certroll_core::store::Pointers::default(),
                why: None,
            };
            let entry = authority::create(&mut self.session, request)?;
            let file = self.session.home.authorities().join(format!("{name}.pem"));
            self.made.push(("CA", format!("{}, {}", entry.subject, entry.key), file));
        }
        Ok(())
    }

    fn output(&self, path: &str, alias: &str) -> Result<Output, Error> {
        let path = self.dir.join(path);
        let format = formats::by_extension(&path).ok_or_else(|| super::outputs::unknown_extension(&path))?;
        Ok(Output {
            place: Place::File(path),
            form: OutputForm::Keystore(format),
            alias: alias.to_owned(),
            password: Some(self.storepass.clone()),
            profile: None,
            replace: false,
        })
    }

    fn issue(&mut self, name: &str, template: &str, names: &[&str], files: &[&str]) -> Result<(), Error> {
        let outputs = files.iter().map(|file| self.output(file, "key")).collect::<Result<Vec<_>, _>>()?;
        let parse = |name: &&str| {
            GeneralName::parse(name)
                .map_err(|error| Error::new(ErrorKind::Failed, "a name of the story is wrong").because(error))
        };
        let request = IssueRequest {
            name: name.to_owned(),
            template: template.to_owned(),
            issuer: None,
            subject: None,
            names: names.iter().map(parse).collect::<Result<_, _>>()?,
            parameters: std::collections::BTreeMap::new(),
            lifetime: None,
            key: KeySource::Generate(None),
            outputs,
            why: None,
            force: false,
        };
        let outcome = issue::issue(&mut self.session, request)?;
        for file in outcome.files {
            self.made.push((
                "keystore",
                format!("{name}, {}, until {}", outcome.entry.key, outcome.entry.validity.not_after.to_date()),
                file.address(),
            ));
        }
        Ok(())
    }

    fn broker(&mut self) -> Result<(), Error> {
        self.issue(BROKER, "jms-broker", &["localhost", "127.0.0.1"], &["broker/broker.jks", "broker/broker.p12"])?;
        self.issue(CLIENT, "jms-client", &[], &["client/client.p12"])
    }

    fn truststores(&mut self) -> Result<(), Error> {
        let clock = self.session.clock.clone();
        let view = config::view(self.session.home.clone(), clock)?;
        let wanted = remember::of_authority(&view, &view.authority(None)?.name)?;
        let passwords = Passwords { store: Some(self.storepass.secret.clone()), keys: None };
        let choices = Choices { profile: None, iterations: None, now: view.clock.now() };
        for file in ["trust/truststore.jks", "trust/truststore.p12", "trust/ca.pem"] {
            let path = self.dir.join(file);
            trust::export(&EditRequest { path: &path, passwords: &passwords, choices, replace: true }, &wanted, false)?;
            let count = wanted.len();
            self.made.push(("truststore", format!("{count} CA certificates"), path));
        }
        Ok(())
    }

    fn meters(&mut self) -> Result<(), Error> {
        let csv = self.dir.join("meters.csv");
        durable::write(&csv, METERS.as_bytes(), durable::PUBLIC).map_err(|error| Error::file(&csv, "write", error))?;
        let directory = self.dir.join("meters");
        let lock = BatchLock::take(&self.session.home)?;
        let output = BatchOutput::directory(&lock, &directory, Vec::new(), self.storepass.clone(), false)?;
        let outcome = batch::issue_batch(
            &mut self.session,
            BatchRequest {
                lock,
                lines: BatchLines::open(&csv)?,
                template: "meter".to_owned(),
                issuer: None,
                key: None,
                lifetime: None,
                output: Some(output),
                why: None,
                workers: None,
                progress: &|_| {},
            },
        )?;
        if let Some(line) = outcome.failed.first() {
            return Err(Error::new(
                ErrorKind::Partial,
                format!("line {} of the story's devices failed: {}", line.line, line.reason),
            ));
        }
        self.made.push(("devices", format!("{} meters: NAME.pem, NAME.key.pem", outcome.issued), directory));
        Ok(())
    }

    fn rotation(&mut self) -> Result<(), Error> {
        let mut current = self.session.journal.store().certificates(&Query::current_of(BROKER))?;
        let old = current.pop().ok_or_else(|| Error::new(ErrorKind::Failed, "the broker has no certificate"))?;
        let asked = RotateRequest { issuer: None, reuse_key: false, request: None, password: None, why: None };
        let outcome = rotation::rotate(&mut self.session, &old, &asked)?;
        let what = format!(
            "new key, serial {} -> {}",
            short(&old.serial.to_string()),
            short(&outcome.entry.serial.to_string())
        );
        self.made.push(("rotation", what, self.dir.join("broker/broker.p12")));
        Ok(())
    }

    fn revocation(&mut self) -> Result<(), Error> {
        let why = certroll_core::audit::record::facts::Why {
            code: "manual".to_owned(),
            text: Some("stolen with its pole".to_owned()),
            ..Default::default()
        };
        let asked = RevokeRequest {
            selector: LOST_METER.to_owned(),
            reason: RevocationReason::KeyCompromise,
            why,
            key: None,
            list: ListWhen::Now,
        };
        revocation::revoke(&mut self.session, &asked)?;
        let crl = self.session.home.authorities().join("issuing.crl");
        self.made.push(("revocation", format!("{LOST_METER}, keyCompromise, on CRL number 1"), crl));
        Ok(())
    }

    fn verification(&mut self) -> Result<(), Error> {
        let view = config::view(self.session.home.clone(), self.session.clock.clone())?;
        let verification = log::verify_home(&view, None)?;
        let what = format!(
            "verified: {} records, {} issued, {} revoked",
            verification.records, verification.issued, verification.revoked
        );
        self.made.push(("audit log", what, self.session.home.checkpoint()));
        Ok(())
    }

    fn export(&mut self) -> Result<(), Error> {
        for (form, file) in [(ExportForm::Jsonl, "audit/log.jsonl"), (ExportForm::Csv, "audit/report.csv")] {
            let path = self.dir.join(file);
            let exported =
                log::export(&mut self.session, &ExportRequest::new(form), ExportSink::File(OutputFile::new(&path)))?;
            self.made.push(("report", format!("{} records", exported.records), path));
        }
        Ok(())
    }

    fn next_commands(&self) -> String {
        let dir = self.dir.display();
        format!(
            "\nTry next:\n\
             \x20 export CERTROLL_HOME={dir}/home CERTROLL_PASSPHRASE_FILE={dir}/secrets/passphrase CERTROLL_STOREPASS_FILE={dir}/secrets/storepass\n\
             \x20 certroll list --template jms-broker\n\
             \x20 certroll inspect {dir}/broker/broker.p12\n\
             \x20 certroll issue jetty.example.net --template https-server --keystore {dir}/jetty.p12\n\
             \x20 certroll audit show --event cert.revoked\n\
             \x20 certroll audit verify {dir}/audit/log.jsonl --key {dir}/home/log/vkey\n"
        )
    }
}

fn short(serial: &str) -> &str {
    serial.get(..8).unwrap_or(serial)
}
