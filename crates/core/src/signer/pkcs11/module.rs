//! The vendor's module, loaded once, and logging in to its tokens, once each.
//!
//! PKCS#11 has one state for a whole process: a module is initialised once, and a login holds for all sessions with a token
//! until the last of them is closed. Hence the one static table here. It also remembers a PIN that was refused: trying it
//! again, for the next CA or the next thread, would use up what is left before the token locks itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Function, Pkcs11};
use cryptoki::error::{Error as CryptokiError, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;

use super::uri::Uri;
use crate::hint::Hint;
use crate::hint::home::SecretHint;
use crate::hint::keystore::KeyHint;
use crate::signer::{KeyAccess, SignerError, SignerErrorClass};

/// The variable that names the module where a reference does not.
const MODULE: &str = "CERTROLL_PKCS11_MODULE";

static MODULES: Mutex<BTreeMap<PathBuf, Arc<Module>>> = Mutex::new(BTreeMap::new());

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A loaded module.
pub(super) struct Module {
    path: PathBuf,
    context: Pkcs11,
    logins: Mutex<BTreeMap<u64, Login>>,
}

enum Login {
    /// Logged in as long as this session is open.
    In { _session: Mutex<Session> },
    /// The PIN was refused.
    Refused,
}

/// A token in a slot.
#[derive(Clone)]
pub(super) struct Token {
    module: Arc<Module>,
    slot: Slot,
    info: TokenInfo,
}

/// An answer of the module, by what can be done about it.
pub(super) fn failed(what: &str, error: CryptokiError) -> SignerError {
    let CryptokiError::Pkcs11(code, function) = &error else {
        return SignerError::new(SignerErrorClass::Failed, what).because(error);
    };
    let class = match code {
        RvError::PinIncorrect
        | RvError::PinInvalid
        | RvError::PinLenRange
        | RvError::PinExpired
        | RvError::PinLocked
        | RvError::UserPinNotInitialized
        | RvError::UserNotLoggedIn => SignerErrorClass::Auth,
        RvError::MechanismInvalid
        | RvError::MechanismParamInvalid
        | RvError::FunctionNotSupported
        | RvError::CurveNotSupported
        | RvError::KeySizeRange
        | RvError::KeyTypeInconsistent
        | RvError::KeyFunctionNotPermitted
        | RvError::ActionProhibited
        | RvError::TokenWriteProtected => SignerErrorClass::Unsupported,
        RvError::DeviceError
        | RvError::DeviceMemory
        | RvError::DeviceRemoved
        | RvError::HostMemory
        | RvError::SessionCount
        | RvError::TokenNotPresent => SignerErrorClass::Unavailable,
        _ => SignerErrorClass::Failed,
    };
    SignerError::new(class, what).because(format!("C_{function:?} answered `{code:?}`"))
}

impl Module {
    /// Loads the module that the reference or the environment names, or finds it loaded.
    pub(super) fn of(uri: &Uri, access: &dyn KeyAccess) -> Result<Arc<Self>, SignerError> {
        let path = match &uri.module {
            Some(path) => path.clone(),
            None => access.variable(MODULE).map(PathBuf::from).ok_or_else(|| {
                SignerError::new(
                    SignerErrorClass::Config,
                    "neither the reference nor the environment names a PKCS#11 module",
                )
                .hint(KeyHint::NameModule)
            })?,
        };
        if !access.admits_module(&path) {
            let message = format!("the settings of this home do not list the PKCS#11 module `{}`", path.display());
            return Err(SignerError::new(SignerErrorClass::Config, message).hint(
                "if it is the vendor's library, add it to `pkcs11_modules = [\"PATH\"]` at the top of certroll.toml",
            ));
        }
        let mut modules = locked(&MODULES);
        if let Some(module) = modules.get(&path) {
            return Ok(module.clone());
        }
        let module = Arc::new(Self { context: load(&path)?, path: path.clone(), logins: Mutex::default() });
        modules.insert(path, module.clone());
        Ok(module)
    }

    /// The initialised tokens, in the order of their slots.
    fn tokens(self: &Arc<Self>) -> Result<Vec<Token>, SignerError> {
        let cannot = |error| failed("the tokens of the module cannot be listed", error);
        let mut tokens = Vec::new();
        for slot in self.context.get_slots_with_initialized_token().map_err(cannot)? {
            let info = self.context.get_token_info(slot).map_err(cannot)?;
            tokens.push(Token { module: self.clone(), slot, info });
        }
        Ok(tokens)
    }

    /// The tokens that the reference may mean.
    pub(super) fn matching(self: &Arc<Self>, uri: &Uri) -> Result<Vec<Token>, SignerError> {
        let all = self.tokens()?;
        let fits = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is.trim_end());
        let matching: Vec<Token> = all
            .iter()
            .filter(|token| {
                fits(&uri.token, token.info.label())
                    && fits(&uri.manufacturer, token.info.manufacturer_id())
                    && fits(&uri.model, token.info.model())
                    && fits(&uri.serial, token.info.serial_number())
                    && uri.slot.is_none_or(|slot| slot == token.slot.id())
            })
            .cloned()
            .collect();
        if matching.is_empty() {
            let module = self.path.display();
            let there = match all.is_empty() {
                true => format!("the module `{module}` shows no initialised token"),
                false => format!("the module `{module}` shows {}", listed(&all)),
            };
            return Err(SignerError::new(SignerErrorClass::Config, "there is no token as the reference names it")
                .because(there)
                .hint("name one by `token=LABEL`, `serial=NUMBER` or `slot-id=N`; for SoftHSM see `softhsm2-util --show-slots`"));
        }
        Ok(matching)
    }

    /// The one token that the reference means.
    pub(super) fn token(self: &Arc<Self>, uri: &Uri) -> Result<Token, SignerError> {
        let mut matching = self.matching(uri)?;
        match matching.len() {
            1 => Ok(matching.remove(0)),
            _ => Err(SignerError::new(SignerErrorClass::Config, "the reference fits several tokens")
                .because(listed(&matching))
                .hint("add `;serial=NUMBER` or `;slot-id=N` to it")),
        }
    }
}

fn listed(tokens: &[Token]) -> String {
    tokens.iter().map(Token::to_string).collect::<Vec<_>>().join(", ")
}

fn load(path: &Path) -> Result<Pkcs11, SignerError> {
    let cannot = || {
        SignerError::new(SignerErrorClass::Config, format!("the PKCS#11 module `{}` cannot be loaded", path.display()))
            .hint("give the path of the vendor's library for this machine by `module-path`")
    };
    let context = Pkcs11::new(path).map_err(|error| cannot().because(error))?;
    match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(CryptokiError::Pkcs11(RvError::CryptokiAlreadyInitialized, Function::Initialize)) => Ok(context),
        Err(error) => Err(failed(&format!("the PKCS#11 module `{}` cannot be initialised", path.display()), error)
            .hint("see whether its own configuration is right and may be read: for SoftHSM, SOFTHSM2_CONF")),
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "token `{}` (serial {}, slot {})", self.label(), self.serial(), self.slot.id())
    }
}

impl Token {
    pub(super) fn label(&self) -> &str {
        self.info.label().trim_end()
    }

    pub(super) fn serial(&self) -> &str {
        self.info.serial_number().trim_end()
    }

    pub(super) fn mechanisms(&self) -> Result<Vec<cryptoki::mechanism::MechanismType>, SignerError> {
        let cannot = |error| failed(&format!("the mechanisms of {self} cannot be listed"), error);
        self.module.context.get_mechanism_list(self.slot).map_err(cannot)
    }

    /// A new session, logged in if [`Token::log_in`] was called.
    pub(super) fn session(&self, for_writing: bool) -> Result<Session, SignerError> {
        let context = &self.module.context;
        let opened = if for_writing { context.open_rw_session(self.slot) } else { context.open_ro_session(self.slot) };
        opened.map_err(|error| failed(&format!("no session with {self} can be opened"), error))
    }

    /// Logs in, unless this process is. Asks for the PIN only then.
    pub(super) fn log_in(&self, uri: &Uri, access: &dyn KeyAccess) -> Result<(), SignerError> {
        if !self.info.login_required() {
            return Ok(());
        }
        let mut logins = locked(&self.module.logins);
        match logins.get(&self.slot.id()) {
            Some(Login::In { .. }) => return Ok(()),
            Some(Login::Refused) => return Err(self.refused("was refused before; it is not tried again")),
            None => {}
        }
        let session = self.session(false)?;
        let outcome = if self.info.protected_authentication_path() {
            // A key pad of its own: the PIN never comes near us.
            session.login(UserType::User, None)
        } else {
            let pin = access.pin(self.label(), uri.pin.as_ref()).map_err(|error| {
                SignerError::new(SignerErrorClass::Config, format!("the PIN of {self} cannot be had")).because(error)
            })?;
            let pin = pin.ok_or_else(|| {
                SignerError::new(SignerErrorClass::Config, format!("the PIN of {self} is needed")).hint(SecretHint::Pin)
            })?;
            session.login(UserType::User, Some(&AuthPin::new(pin.expose().into())))
        };
        match outcome {
            Ok(()) | Err(CryptokiError::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {
                logins.insert(self.slot.id(), Login::In { _session: Mutex::new(session) });
                Ok(())
            }
            Err(error) => {
                let error = failed(&format!("{self} does not let us in"), error);
                if error.class != SignerErrorClass::Auth {
                    return Err(error);
                }
                logins.insert(self.slot.id(), Login::Refused);
                Err(error.hint(self.advice()))
            }
        }
    }

    fn refused(&self, why: &str) -> SignerError {
        SignerError::new(SignerErrorClass::Auth, format!("the PIN of {self} {why}")).hint(self.advice())
    }

    /// What the token says of how many attempts are left.
    fn advice(&self) -> Hint {
        match &self.module.context.get_token_info(self.slot) {
            Ok(info) if info.user_pin_locked() => {
                "its PIN is locked now: only its security officer can set a new one".into()
            }
            Ok(info) if info.user_pin_final_try() => "one more wrong PIN locks the token: make sure of it first".into(),
            _ => SecretHint::OtherPin.into(),
        }
    }
}
