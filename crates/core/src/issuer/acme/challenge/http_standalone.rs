//! http-01 with a listener of our own (RFC 8555 section 8.3): it knows the tokens that are open, and nothing else.

use std::io::{Read, Write};

use super::listeners::{Answers, ListenAddress, Listeners, TimedConnection};
use super::port;
use crate::issuer::IssuerError;
use crate::issuer::acme::challenge::settings::ChallengeSettings;
use crate::issuer::acme::challenge::solver::{Challenge, ChallengeKind, Solver, checked_token};

/// Where a CA knocks (RFC 8555 section 8.3).
const PORT: u16 = 80;
/// Where below the name it looks (RFC 8555 section 8.3).
pub(super) const PATH: &str = "/.well-known/acme-challenge/";
/// A longer head of a request is refused.
const LONGEST_HEAD: usize = 8_192;

static LISTENERS: Listeners<String> = Listeners::new(serve);

/// Answers http-01 by itself.
pub(super) struct HttpStandalone {
    issuer: String,
    place: ListenAddress,
}

impl HttpStandalone {
    pub(super) fn new(issuer: &str, settings: &ChallengeSettings) -> Self {
        let place = ListenAddress { address: settings.address, port: settings.port.unwrap_or(PORT) };
        Self { issuer: issuer.to_owned(), place }
    }
}

impl Solver for HttpStandalone {
    fn kind(&self) -> ChallengeKind {
        ChallengeKind::Http01
    }

    fn present(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        let token = checked_token(&self.issuer, challenge)?;
        let answer = challenge.key_authorization.clone();
        LISTENERS
            .add(self.place, token, &challenge.identifier, answer)
            .map_err(|error| port::refused(&self.issuer, self.place, error))
    }

    fn clean_up(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        LISTENERS.remove(self.place, &challenge.token, &challenge.identifier);
        Ok(())
    }

    /// A listener leaves nothing behind.
    fn remove_leftovers(&self) -> Result<usize, IssuerError> {
        Ok(0)
    }
}

/// What is sent back.
struct Response {
    status: &'static str,
    body: String,
    /// HEAD: the length of the body, and no body.
    head_only: bool,
}

impl Response {
    fn empty(status: &'static str) -> Self {
        Self { status, body: String::new(), head_only: false }
    }

    /// The type is that of RFC 8555 section 8.3.
    fn text(&self) -> String {
        let (status, length) = (self.status, self.body.len());
        let body = if self.head_only { "" } else { &self.body };
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\
             TimedConnection: close\r\n\r\n{body}"
        )
    }
}

fn serve(connection: &mut TimedConnection, answers: &Answers<String>) {
    let response = match read_head(connection) {
        Ok(Some(head)) => respond(&head, answers),
        Ok(None) => Response::empty("431 Request Header Fields Too Large"),
        Err(_) => return,
    };
    // The client may be gone; that is no error of ours.
    let _ = connection.write_all(response.text().as_bytes()).and_then(|()| connection.flush());
}

/// The head of a request, up to the empty line; `None` when it is too long.
fn read_head(connection: &mut dyn Read) -> std::io::Result<Option<String>> {
    let (mut head, mut buffer) = (Vec::new(), [0; 1_024]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > LONGEST_HEAD {
            return Ok(None);
        }
        match connection.read(&mut buffer)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => head.extend_from_slice(&buffer[..read]),
        }
    }
    Ok(Some(String::from_utf8_lossy(&head).into_owned()))
}

/// The host is not looked at: only the CA knows the token.
fn respond(head: &str, answers: &Answers<String>) -> Response {
    let words: Vec<&str> = head.lines().next().unwrap_or_default().split(' ').collect();
    let [method, target, version] = words[..] else { return Response::empty("400 Bad Request") };
    if !version.starts_with("HTTP/1.") {
        return Response::empty("400 Bad Request");
    }
    // A proxy in between may send the whole URL (RFC 9112 section 3.2.2).
    let path = match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => target,
    };
    if !matches!(method, "GET" | "HEAD") {
        return Response::empty("405 Method Not Allowed");
    }
    match path.strip_prefix(PATH).and_then(|token| answers.get(token)) {
        Some(body) => Response { status: "200 OK", body, head_only: method == "HEAD" },
        None => Response::empty("404 Not Found"),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};

    use super::*;
    use crate::issuer::ErrorClass;
    use crate::issuer::acme::challenge::scratch::free_port;
    use crate::issuer::acme::challenge::solver::sample;

    fn on(port: u16) -> HttpStandalone {
        HttpStandalone { issuer: "le".to_owned(), place: ListenAddress { address: None, port } }
    }

    fn ask(host: &str, port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect((host, port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        // A refusal may come as a reset after the answer.
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    #[test]
    fn only_open_tokens_are_answered() {
        let port = free_port();
        let solver = on(port);
        let challenge = sample(ChallengeKind::Http01, "a.example.org");
        solver.present(&challenge).unwrap();
        let path = format!("{PATH}{}", challenge.token);
        for (request, status, body) in [
            (format!("GET {path} HTTP/1.1\r\nHost: a.example.org\r\n\r\n"), "200 OK", &*challenge.key_authorization),
            (format!("GET http://a.example.org{path} HTTP/1.0\r\n\r\n"), "200 OK", &challenge.key_authorization),
            (format!("HEAD {path} HTTP/1.1\r\n\r\n"), "200 OK", ""),
            (format!("GET {path}x HTTP/1.1\r\n\r\n"), "404 Not Found", ""),
            (format!("GET {PATH} HTTP/1.1\r\n\r\n"), "404 Not Found", ""),
            ("GET / HTTP/1.1\r\n\r\n".to_owned(), "404 Not Found", ""),
            (format!("POST {path} HTTP/1.1\r\n\r\n"), "405 Method Not Allowed", ""),
            (format!("GET {path}\r\n\r\n"), "400 Bad Request", ""),
            ("\0\u{ff}\r\n\r\n".to_owned(), "400 Bad Request", ""),
            (format!("GET {path} HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(20_000)), "431 Request", ""),
        ] {
            let answer = ask("127.0.0.1", port, &request);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request:?}: {answer:?}");
            assert!(answer.ends_with(&format!("\r\n\r\n{body}")), "{request:?}: {answer:?}");
        }
        solver.clean_up(&challenge).unwrap();
        solver.clean_up(&challenge).unwrap();
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "the listener is closed");
    }

    #[test]
    fn a_connection_that_says_nothing_holds_up_nobody() {
        let port = free_port();
        let solver = on(port);
        let challenge = sample(ChallengeKind::Http01, "slow.example.org");
        solver.present(&challenge).unwrap();
        let silent: Vec<_> = (0..20).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();
        let answer = ask("127.0.0.1", port, &format!("GET {PATH}{} HTTP/1.1\r\n\r\n", challenge.token));
        assert!(answer.contains("200 OK"), "{answer}");
        drop(silent);
        solver.clean_up(&challenge).unwrap();
    }

    #[test]
    fn many_share_one_listener_on_both_families() {
        let port = free_port();
        std::thread::scope(|scope| {
            for number in 0..20 {
                scope.spawn(move || {
                    let solver = on(port);
                    let challenge = sample(ChallengeKind::Http01, &format!("n{number}.example.org"));
                    for _ in 0..5 {
                        solver.present(&challenge).unwrap();
                        let request = format!("GET {PATH}{} HTTP/1.1\r\n\r\n", challenge.token);
                        assert!(ask("127.0.0.1", port, &request).ends_with(&challenge.key_authorization));
                        if TcpListener::bind("[::1]:0").is_ok() {
                            assert!(ask("::1", port, &request).ends_with(&challenge.key_authorization));
                        }
                        solver.clean_up(&challenge).unwrap();
                    }
                });
            }
        });
        assert!(TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok(), "the port is free again");
    }

    #[test]
    fn a_port_in_use_is_an_error_with_a_way_out() {
        let taken = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let solver = on(taken.local_addr().unwrap().port());
        let error = solver.present(&sample(ChallengeKind::Http01, "a.example.org")).unwrap_err();
        assert_eq!(error.class, ErrorClass::Config);
        assert!(format!("{:?}", error.hint).contains("webroot"));
    }

    #[test]
    fn a_token_that_is_none_is_refused() {
        let challenge = Challenge { token: "../x".to_owned(), ..sample(ChallengeKind::Http01, "a.example.org") };
        assert_eq!(on(free_port()).present(&challenge).unwrap_err().class, ErrorClass::Protocol);
    }
}
