//! The witness: an auditor who follows a log on another machine, without its home, and states that it has not been rewritten.
//!
//! What a cosignature says (C2SP tlog-cosignature): of this log this is the largest consistent tree that I have seen. So the
//! largest that was signed is kept beside the witness's key, under a lock from reading it to replacing it, and on disk
//! before the line is shown; otherwise two runs could sign a size and then a smaller one (C2SP tlog-witness).

use std::path::{Path, PathBuf};

use super::verify_publication;
use crate::audit::verify::Verification;
use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use crate::lifecycle::log;
use certroll_base::clock::Clock;
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::lock::Lock;
use certroll_base::secret::Secret;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption::{DEFAULT_ITERATIONS, Decryptor, EncryptionError, KeyEncryption};
use certroll_tlog::{Checkpoint, Note, NoteError, VerifierKey, WitnessKey, WitnessVerifierKey};

/// The name of a file with something after it.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

/// Makes the key of a witness: `FILE`, encrypted PKCS#8 in PEM, and `FILE.vkey`, the public half.
///
/// # Errors
/// The name cannot be one, or there is a file of that name already.
pub fn create_key(name: &str, file: &Path, passphrase: &Secret) -> Result<WitnessVerifierKey, Error> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Failed, "the key of the witness cannot be made").because(error)
    };
    let key = WitnessKey::generate(name).map_err(|error| match error {
        NoteError::BadName(_) => Error::new(ErrorKind::Usage, format!("`{name}` cannot name a witness"))
            .hint("take something like `auditor.example/w1`: no white space, no plus sign"),
        other => failed(other.into()),
    })?;
    let encryption = KeyEncryption::new(passphrase, DEFAULT_ITERATIONS).map_err(|error| failed(error.into()))?;
    let plain = key.to_pkcs8().map_err(|error| failed(error.into()))?;
    let encrypted = encryption.encrypt(&plain).map_err(|error| failed(error.into()))?;
    let text = pem::encode(Label::EncryptedPrivateKey, &encrypted);
    let create = |path: &Path, bytes: &[u8], mode| {
        durable::create(path, bytes, mode).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Error::new(ErrorKind::Usage, format!("`{}` is there already; a key is never replaced", path.display()))
                    .hint("choose another file name")
            }
            _ => Error::file(path, "write", error),
        })
    };
    let vkey = beside(file, ".vkey");
    if vkey.exists() {
        return Err(Error::new(ErrorKind::Usage, format!("`{}` is there already", vkey.display()))
            .hint("choose another file name"));
    }
    create(file, text.as_bytes(), durable::PRIVATE)?;
    create(&vkey, format!("{}\n", key.verifier()).as_bytes(), durable::PUBLIC)?;
    Ok(key.verifier().clone())
}

/// The key that [`create_key`] made.
///
/// # Errors
/// The files cannot be read, do not belong together, or the passphrase is wrong.
pub fn read_key(file: &Path, passphrase: Secret) -> Result<WitnessKey, Error> {
    let text =
        certroll_base::input::read(file).map_err(|error| Error::file(file, "read the key of the witness", error))?;
    let damaged = || Error::new(ErrorKind::Usage, format!("`{}` is not an encrypted private key", file.display()));
    let blocks = pem::read(&text).map_err(|error| damaged().because(error))?;
    let block = blocks.iter().find(|block| block.label == Label::EncryptedPrivateKey).ok_or_else(damaged)?;
    let verifier = read_witness(&beside(file, ".vkey"))?;
    let plain = Decryptor::new(passphrase).decrypt(block.der.expose()).map_err(|error| match error {
        EncryptionError::WrongPassphrase => {
            Error::new(ErrorKind::Permission, "the passphrase does not open the key of the witness")
                .hint(SecretHint::OtherPassphrase)
        }
        other => damaged().because(other),
    })?;
    let key = WitnessKey::from_pkcs8(verifier.name(), plain.expose()).map_err(|error| damaged().because(error))?;
    if *key.verifier() == verifier {
        return Ok(key);
    }
    Err(Error::new(ErrorKind::Verification, format!("`{}` and its .vkey do not belong together", file.display())))
}

fn read_witness(path: &Path) -> Result<WitnessVerifierKey, Error> {
    let text = certroll_base::input::read_text(path)
        .map_err(|error| Error::file(path, "read the witness's public key", error))?;
    WitnessVerifierKey::parse(text.trim_end_matches('\n')).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("`{}` is not the public key of a witness", path.display())).because(error)
    })
}

/// What is to be cosigned.
pub struct CosignRequest<'a> {
    /// A JSON Lines export, or a directory as [`super::publish`] writes it.
    pub log: &'a Path,
    /// The checkpoint of an export.
    pub checkpoint: Option<&'a Path>,
    /// The pinned key of the log.
    pub key: &'a VerifierKey,
    /// The file of the witness's key.
    pub witness_key: &'a Path,
    /// What opens it.
    pub passphrase: Secret,
    /// The present: read once the lock is held, because another run may have signed while this one waited.
    pub clock: &'a dyn Clock,
}

/// A cosignature, made and remembered.
pub struct CosignOutcome {
    /// The signature line, with its line feed.
    pub line: String,
    /// What was found in the log.
    pub verification: Verification,
    /// The checkpoint that was cosigned.
    pub checkpoint: Checkpoint,
    /// The size that this witness had cosigned before.
    pub before: Option<u64>,
}

/// Verifies a log and cosigns its checkpoint.
///
/// # Errors
/// The log does not verify, does not continue what this witness has cosigned before, or the witness cannot remember it.
pub fn cosign(request: CosignRequest<'_>) -> Result<CosignOutcome, Error> {
    let witness = read_key(request.witness_key, request.passphrase)?;
    let seen = Seen::of(request.witness_key, request.key)?;
    let before = seen.read(request.key, witness.verifier())?;
    let is_publication = request.log.is_dir();
    let beside_export = || beside(request.log, ".checkpoint");
    let file = match request.checkpoint {
        Some(file) => file.to_owned(),
        None if is_publication => request.log.join("checkpoint"),
        None => beside_export(),
    };
    let checkpoint = log::read_checkpoint(&file, request.key)?;
    let second = u64::try_from(request.clock.now().secs()).unwrap_or_default();
    if let Some((known, when)) = &before {
        if checkpoint.size < known.size {
            return Err(Error::new(
                ErrorKind::Verification,
                format!(
                    "this witness has cosigned {} records already, the checkpoint covers {}",
                    known.size, checkpoint.size
                ),
            )
            .hint("ask for a newer export; if there is none, the log was taken back"));
        }
        if second < *when {
            return Err(Error::new(ErrorKind::Failed, "the clock is behind the last cosignature of this witness")
                .hint("set the clock of this machine"));
        }
    }
    let known = before.as_ref().map(|(known, _)| known.clone());
    let verification = if is_publication {
        verify_publication::verify(request.log, &checkpoint, known.clone())?
    } else {
        let opened = std::fs::File::open(request.log).map_err(|error| Error::file(request.log, "read", error))?;
        let lines = std::io::BufReader::with_capacity(1 << 17, opened);
        log::verify_lines(lines, known.clone().into_iter().chain([checkpoint.clone()]))
            .map_err(|flaw| log::not_verified(request.log, flaw))?
    };
    let failed = |error: NoteError| Error::new(ErrorKind::Failed, "the checkpoint cannot be cosigned").because(error);
    let signature = witness.cosign(&checkpoint, second).map_err(failed)?;
    let own = |error: std::io::Error| Error::file(&file, "read the checkpoint", error);
    let log_signature = Note::parse(&certroll_base::input::read(&file).map_err(own)?).map_err(failed)?;
    let mut note = Note::new(checkpoint.body()).map_err(failed)?;
    let is_logs =
        |line: &&certroll_tlog::NoteSignature| line.name == request.key.name() && line.key_id == request.key.id();
    for line in log_signature.signatures().iter().filter(is_logs) {
        note.add(line.clone()).map_err(failed)?;
    }
    note.add(signature.clone()).map_err(failed)?;
    // Read back as it will be next time, before it replaces anything.
    Checkpoint::of(&note, request.key).map_err(|error| {
        Error::new(ErrorKind::Verification, format!("`{}` changed while it was verified", file.display()))
            .because(error)
    })?;
    seen.write(&note)?;
    Ok(CosignOutcome { line: signature.to_line(), verification, checkpoint, before: known.map(|known| known.size) })
}

/// What a witness remembers of one log: its largest cosigned checkpoint, with both signatures. Locked while this lives.
struct Seen {
    file: PathBuf,
    _held: Lock,
}

impl Seen {
    fn of(witness_key: &Path, log: &VerifierKey) -> Result<Self, Error> {
        let directory = beside(witness_key, ".seen");
        durable::create_directory(&directory).map_err(|error| Error::file(&directory, "make the directory", error))?;
        // Origins have slashes in them.
        let file = directory.join(encoding::hex(&encoding::sha256(log.name().as_bytes())));
        let lock = beside(&file, ".lock");
        let held = Lock::acquire(&lock).map_err(|error| Error::file(&lock, "write", error))?;
        Ok(Self { file, _held: held })
    }

    /// The checkpoint, and when it was cosigned.
    fn read(&self, log: &VerifierKey, witness: &WitnessVerifierKey) -> Result<Option<(Checkpoint, u64)>, Error> {
        let bytes = match certroll_base::input::read(&self.file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file(&self.file, "read", error)),
        };
        let damaged = |error: Box<dyn std::error::Error + Send + Sync>| {
            let what = format!(
                "`{}`, what this witness remembers of the log, is damaged or of another key",
                self.file.display()
            );
            Error::new(ErrorKind::Verification, what)
                .hint("restore it from a backup; without it this witness must not cosign this log any more")
                .because(error)
        };
        let note = Note::parse(&bytes).map_err(|error| damaged(error.into()))?;
        let checkpoint = Checkpoint::of(&note, log).map_err(|error| damaged(error.into()))?;
        let when = witness.cosigned(&note).map_err(|error| damaged(error.into()))?;
        let when = when.ok_or_else(|| damaged(NoteError::NotSigned(witness.name().to_owned()).into()))?;
        Ok(Some((checkpoint, when)))
    }

    fn write(&self, note: &Note) -> Result<(), Error> {
        durable::write(&self.file, &note.to_bytes(), durable::PRIVATE)
            .map_err(|error| Error::file(&self.file, "write", error))
    }
}
