//! The back end for Vault and OpenBao, on a real OpenBao server: what it issues, revokes and lists; the logins; everything
//! a server can refuse, with its exit code, the server's words and the next step; and that no secret is seen.

#[cfg(feature = "acme")]
mod acme;
mod fake;
mod hostile;
mod logins;
mod lost;
mod many;
mod refusals;
mod scene;
mod secrets;
mod story;
