//! A TLS server of the test that loads its files when it is told to, or does worse.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::{ServerConfig, ServerConnection};

/// A server on a port of the loopback interface; it ends when this is dropped.
///
/// Before each connection it looks at the file `order` in its directory: `load` makes it load `server.pem` and `server.key` once, `dark`
/// makes it hang up on everybody. What it has loaded stays otherwise, whatever lies in the files.
pub(super) struct TlsServer {
    port: u16,
    ended: Arc<AtomicBool>,
    served: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl TlsServer {
    /// Starts it with the files in that directory, at that port or any.
    pub(super) fn start(directory: &Path, port: Option<u16>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port.unwrap_or(0))).expect("the port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let (ended, served) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let thread = thread::spawn({
            let (directory, ended, served) = (directory.to_owned(), Arc::clone(&ended), Arc::clone(&served));
            move || run(&listener, &directory, &ended, &served)
        });
        Self { port, ended, served, thread: Some(thread) }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// How many connections there were.
    pub(super) fn connections(&self) -> usize {
        self.served.load(Ordering::SeqCst)
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // It waits for a connection.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        self.thread.take().map(JoinHandle::join);
    }
}

fn run(listener: &TcpListener, directory: &Path, ended: &AtomicBool, served: &AtomicUsize) {
    let mut loaded = load(directory);
    for stream in listener.incoming() {
        if ended.load(Ordering::SeqCst) {
            return;
        }
        served.fetch_add(1, Ordering::SeqCst);
        let order = directory.join("order");
        match fs::read_to_string(&order).unwrap_or_default().trim() {
            "load" => {
                let _ = fs::remove_file(&order);
                loaded = load(directory);
            }
            "dark" => loaded = None,
            _ => {}
        }
        if let (Ok(stream), Some(config)) = (stream, &loaded) {
            // A client that only looks hangs up in the middle.
            let _ = answer(stream, config);
        }
    }
}

fn answer(mut stream: TcpStream, config: &Arc<ServerConfig>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut connection = ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    connection.writer().write_all(b"hello\n")?;
    connection.complete_io(&mut stream).map(drop)
}

/// `None` when the files cannot be used.
fn load(directory: &Path) -> Option<Arc<ServerConfig>> {
    let file = |name: &str| -> PathBuf { directory.join(name) };
    let chain = CertificateDer::pem_file_iter(file("server.pem")).ok()?.collect::<Result<Vec<_>, _>>().ok()?;
    let key = PrivateKeyDer::from_pem_file(file("server.key")).ok()?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().ok()?;
    Some(Arc::new(config.with_no_client_auth().with_single_cert(chain, key).ok()?))
}
