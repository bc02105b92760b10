//! One question to one DNS server and its answer (RFC 1035 section 4.2, RFC 7766): by UDP first, by TCP when the answer
//! does not fit or does not come.
//!
//! Messages are those of hickory-proto. Its companion's client is not used: it verifies signatures itself, and what a
//! server says when it refuses one is lost there.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use hickory_proto::op::{Edns, Message, Query};
use hickory_proto::rr::{Name, RecordType};

/// How long an answer by UDP is waited for before the question is sent again.
const UDP_WAIT: Duration = Duration::from_millis(1_500);
/// How often it is sent by UDP.
const UDP_ATTEMPTS: usize = 2;
/// Answers by UDP are not larger: what passes every network (the DNS flag day of 2020).
const UDP_PAYLOAD: u16 = 1_232;
/// The header of a message: identifier, then two bytes of flags.
const HEADER: usize = 12;

/// A DNS server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DnsServer {
    /// Where it is.
    pub(super) address: SocketAddr,
    /// How long one answer may take.
    pub(super) timeout: Duration,
}

impl DnsServer {
    /// Asks for records.
    ///
    /// # Errors
    /// There is no answer, or it is none.
    pub(super) fn ask(&self, name: &Name, kind: RecordType, recursive: bool) -> io::Result<Message> {
        let mut message = Message::query();
        message.metadata.recursion_desired = recursive;
        message.add_query(Query::query(name.clone(), kind));
        let mut edns = Edns::new();
        edns.set_max_payload(UDP_PAYLOAD);
        message.set_edns(edns);
        let bytes = message.to_vec().map_err(io::Error::other)?;
        let answer = Message::from_vec(&self.exchange(&bytes)?).map_err(io::Error::other)?;
        let same = |query: &Query| query.name() == name && query.query_type() == kind;
        if answer.queries.first().is_some_and(|query| !same(query)) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the answer is to another question"));
        }
        Ok(answer)
    }

    /// Sends a message and returns the one that answers it, by its identifier.
    ///
    /// # Errors
    /// There is no answer in time.
    pub(super) fn exchange(&self, message: &[u8]) -> io::Result<Vec<u8>> {
        let until = Instant::now() + self.timeout;
        match self.by_udp(message, until) {
            Ok(answer) if !is_truncated(&answer) => Ok(answer),
            _ => self.by_tcp(message, until),
        }
    }

    fn by_udp(&self, message: &[u8], until: Instant) -> io::Result<Vec<u8>> {
        let any: IpAddr = match self.address {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        // An unpredictable port, and answers from that server alone.
        let socket = UdpSocket::bind((any, 0))?;
        socket.connect(self.address)?;
        let mut buffer = vec![0; usize::from(u16::MAX)];
        for _ in 0..UDP_ATTEMPTS {
            socket.send(message)?;
            let again = (Instant::now() + UDP_WAIT).min(until);
            while let Some(left) = left(again) {
                socket.set_read_timeout(Some(left))?;
                match socket.recv(&mut buffer) {
                    Ok(length) if answers(&buffer[..length], message) => return Ok(buffer[..length].to_vec()),
                    Ok(_) => {}
                    Err(error) if is_timeout(&error) => break,
                    Err(error) => return Err(error),
                }
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }

    /// RFC 1035 section 4.2.2: two bytes of length before each message.
    fn by_tcp(&self, message: &[u8], until: Instant) -> io::Result<Vec<u8>> {
        let remaining = || left(until).ok_or_else(|| io::Error::from(io::ErrorKind::TimedOut));
        let mut stream = TcpStream::connect_timeout(&self.address, remaining()?)?;
        stream.set_write_timeout(Some(remaining()?))?;
        let length = u16::try_from(message.len()).map_err(io::Error::other)?;
        stream.write_all(&[&length.to_be_bytes(), message].concat())?;
        loop {
            stream.set_read_timeout(Some(remaining()?))?;
            let mut length = [0; 2];
            stream.read_exact(&mut length)?;
            let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
            stream.read_exact(&mut answer)?;
            if answers(&answer, message) {
                return Ok(answer);
            }
        }
    }
}

fn left(until: Instant) -> Option<Duration> {
    Some(until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// Whether it is a response with the identifier of the question.
fn answers(answer: &[u8], question: &[u8]) -> bool {
    answer.len() >= HEADER && answer[..2] == question[..2] && answer[2] & 0x80 != 0
}

fn is_truncated(answer: &[u8]) -> bool {
    answer[2] & 0x02 != 0
}
