//! Ports of this machine on which challenges are answered: one listener for all that need the same one, open as long as
//! anything is to be answered there. It lives and dies with this process.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};

/// How long one connection may take. The servers that validate are fast; a slow client is none of them.
const CONNECTION_TIME: Duration = Duration::from_secs(10);
/// Connections at the same time; more are closed at once.
const CONNECTIONS: usize = 128;

/// Where to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ListenAddress {
    /// The address; every one of the machine, of IPv4 and IPv6, when not given.
    pub(super) address: Option<IpAddr>,
    /// The port.
    pub(super) port: u16,
}

/// All listeners of one protocol in this process, whichever issuer they serve.
pub(super) struct Listeners<A: Clone + Send + 'static> {
    open: Mutex<Vec<Open<A>>>,
    serve: fn(&mut TimedConnection, &Answers<A>),
}

struct Open<A> {
    place: ListenAddress,
    answers: Arc<Answers<A>>,
    /// Closed to end the listener.
    end: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

/// What is answered, by what is asked for; of several answers to the same question the latest.
pub(super) struct Answers<A>(Mutex<HashMap<String, Vec<(String, A)>>>);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<A: Clone> Answers<A> {
    /// The answer to a question.
    pub(super) fn get(&self, question: &str) -> Option<A> {
        locked(&self.0).get(question)?.last().map(|(_, answer)| answer.clone())
    }
}

impl<A: Clone + Send + 'static> Listeners<A> {
    /// None yet; each connection is going to be handed to `serve`.
    pub(super) const fn new(serve: fn(&mut TimedConnection, &Answers<A>)) -> Self {
        Self { open: Mutex::new(Vec::new()), serve }
    }

    /// Answers `question` there from now on. `token` tells answers to the same question apart.
    ///
    /// # Errors
    /// The port is free and cannot be listened at.
    pub(super) fn add(&'static self, place: ListenAddress, question: &str, token: &str, answer: A) -> io::Result<()> {
        let mut open = locked(&self.open);
        let at = match open.iter().position(|open| open.place == place) {
            Some(at) => at,
            None => {
                open.push(Open::listen(place, self.serve)?);
                open.len() - 1
            }
        };
        let mut answers = locked(&open[at].answers.0);
        let same = answers.entry(question.to_owned()).or_default();
        same.retain(|(known, _)| known != token);
        same.push((token.to_owned(), answer));
        Ok(())
    }

    /// Answers it no more; without any answer left the listener is closed. Idempotent.
    pub(super) fn remove(&'static self, place: ListenAddress, question: &str, token: &str) {
        let mut open = locked(&self.open);
        let Some(at) = open.iter().position(|open| open.place == place) else { return };
        let empty = {
            let mut answers = locked(&open[at].answers.0);
            if let Some(same) = answers.get_mut(question) {
                same.retain(|(known, _)| known != token);
                if same.is_empty() {
                    answers.remove(question);
                }
            }
            answers.is_empty()
        };
        if empty {
            // Its thread is over before the port can be listened at anew.
            open.remove(at).close();
        }
    }
}

impl<A: Clone + Send + 'static> Open<A> {
    fn listen(place: ListenAddress, serve: fn(&mut TimedConnection, &Answers<A>)) -> io::Result<Self> {
        let listeners = bind(place)?;
        let (end, ended) = UnixStream::pair()?;
        let answers = Arc::new(Answers(Mutex::new(HashMap::new())));
        let known = answers.clone();
        let thread = thread::Builder::new()
            .name(format!("port {}", place.port))
            .spawn(move || accept(&listeners, &ended, &known, serve))?;
        Ok(Self { place, answers, end: Some(end), thread: Some(thread) })
    }

    fn close(mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // A panic in it has been printed; there is nothing to close then either.
            let _ = thread.join();
        }
    }
}

/// Listeners for every address that is meant.
fn bind(place: ListenAddress) -> io::Result<Vec<TcpListener>> {
    let listen = |address: IpAddr| {
        let listener = TcpListener::bind(SocketAddr::new(address, place.port))?;
        listener.set_nonblocking(true).map(|()| listener)
    };
    if let Some(address) = place.address {
        return Ok(vec![listen(address)?]);
    }
    let everywhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    match listen(IpAddr::V6(Ipv6Addr::UNSPECIFIED)) {
        Ok(six) => match listen(everywhere) {
            Ok(four) => Ok(vec![six, four]),
            // The listener for IPv6 takes both, as most systems have it.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok(vec![six]),
            Err(error) => Err(error),
        },
        Err(error) if matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied) => Err(error),
        // A machine without IPv6.
        Err(_) => Ok(vec![listen(everywhere)?]),
    }
}

fn accept<A: Clone + Send + 'static>(
    listeners: &[TcpListener],
    ended: &UnixStream,
    answers: &Arc<Answers<A>>,
    serve: fn(&mut TimedConnection, &Answers<A>),
) {
    let at_work = Arc::new(AtomicUsize::new(0));
    loop {
        let mut waiting: Vec<PollFd<'_>> =
            listeners.iter().map(|listener| PollFd::new(listener, PollFlags::IN)).collect();
        waiting.push(PollFd::from_borrowed_fd(ended.as_fd(), PollFlags::IN));
        match poll(&mut waiting, None) {
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return,
            Ok(_) if waiting.last().is_some_and(|end| !end.revents().is_empty()) => return,
            Ok(_) => {}
        }
        drop(waiting);
        for listener in listeners {
            let Ok((stream, _)) = listener.accept() else { continue };
            if at_work.load(Ordering::Relaxed) >= CONNECTIONS {
                continue;
            }
            let (answers, counted) = (answers.clone(), ConnectionGuard::new(&at_work));
            // When the system gives no more threads, this connection is closed and the server tries again.
            let _ = thread::Builder::new().name("challenge".to_owned()).spawn(move || {
                let _counted = counted;
                if let Ok(mut connection) = TimedConnection::new(stream) {
                    serve(&mut connection, &answers);
                }
            });
        }
    }
}

/// One connection among those at work.
struct ConnectionGuard(Arc<AtomicUsize>);

impl ConnectionGuard {
    fn new(all: &Arc<AtomicUsize>) -> Self {
        all.fetch_add(1, Ordering::Relaxed);
        Self(all.clone())
    }
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection whose reads and writes fail once its time is up.
pub(super) struct TimedConnection {
    stream: TcpStream,
    until: Instant,
}

impl TimedConnection {
    fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(false)?;
        Ok(Self { stream, until: Instant::now() + CONNECTION_TIME })
    }

    fn remaining(&self) -> io::Result<Option<Duration>> {
        let remaining = self.until.saturating_duration_since(Instant::now());
        if remaining.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(remaining)) }
    }
}

impl io::Read for TimedConnection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.remaining()?)?;
        self.stream.read(buffer)
    }
}

impl io::Write for TimedConnection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.remaining()?)?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
