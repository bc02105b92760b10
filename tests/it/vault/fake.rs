//! A server that answers as it is told: what no real one can be made to say at will, such as a proxy's page, a standby
//! that sends us elsewhere, or no answer at all.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// What it says to a request: the status line's rest, further headers, and the body. `None`: it hangs up.
pub(crate) type Reply = Option<(&'static str, String, String)>;

/// A running server; it ends when this is dropped.
pub(crate) struct Fake {
    port: u16,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Fake {
    /// `reply` is told the whole request: its line, its headers, its body.
    pub(crate) fn start(reply: impl Fn(&str) -> Reply + Send + 'static) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = socket.local_addr().expect("an address").port();
        let over = Arc::new(AtomicBool::new(false));
        let ends = over.clone();
        let thread = std::thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                // Whoever hangs up on us is no failure of the test.
                let _ = answer(stream, &reply);
            }
        });
        Self { port, over, thread: Some(thread) }
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // So that it looks.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        self.thread.take().map(JoinHandle::join);
    }
}

fn answer(mut stream: TcpStream, reply: &dyn Fn(&str) -> Reply) -> std::io::Result<()> {
    match request(&mut stream)? {
        Some(request) => respond(stream, reply(&request)),
        None => Ok(()),
    }
}

/// The whole of a request; `None` when the client hangs up before.
pub(super) fn request(stream: &mut TcpStream) -> std::io::Result<Option<String>> {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let count = stream.read(&mut piece)?;
        request.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Ok(Some(text.into_owned()));
            }
        }
        if count == 0 {
            return Ok(None);
        }
    }
}

/// Sends a reply, and hangs up.
pub(super) fn respond(mut stream: TcpStream, reply: Reply) -> std::io::Result<()> {
    let Some((status, headers, body)) = reply else { return Ok(()) };
    let head = format!("HTTP/1.1 {status}\r\n{headers}Connection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}

/// An answer in JSON.
pub(crate) fn says(status: &'static str, body: &serde_json::Value) -> Reply {
    Some((status, "Content-Type: application/json\r\n".to_owned(), body.to_string()))
}
