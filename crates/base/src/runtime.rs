//! The one asynchronous runtime of the process. Everything above blocks; what is asynchronous, which is the network alone,
//! stays behind [`block_on`].

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// Runs a future to its end on the shared runtime. Never called from within it.
pub fn block_on<F: Future>(future: F) -> F::Output {
    runtime().block_on(future)
}

/// The shared runtime, started at the first use: commands that need no network do not pay for it.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let built = Builder::new_multi_thread().worker_threads(2).thread_name("network").enable_all().build();
        built.unwrap_or_else(|error| panic!("the system gives no threads for the network: {error}"))
    })
}
