//! A Knot DNS server with zones that take signed updates and zones that do not.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::time::{Duration, Instant};

use hickory_proto::op::{Message, Query};
use hickory_proto::rr::{Name, RData, RecordType};

use super::command;
use super::process::Running;

/// Longer than it needs to start on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// A key that the server knows.
pub(crate) struct TsigKey {
    pub(crate) name: &'static str,
    pub(crate) algorithm: &'static str,
    /// In base64.
    pub(crate) secret: &'static str,
}

/// The key that may change zones.
pub(crate) const KEY: TsigKey =
    TsigKey { name: "acme-key", algorithm: "hmac-sha256", secret: "c2VjcmV0IG9mIHRoZSBrZXkgdGhhdCBtYXkgdXBkYXRl" };
/// A key that is known and may do nothing.
pub(crate) const IDLE_KEY: TsigKey =
    TsigKey { name: "idle-key", algorithm: "hmac-sha512", secret: "c2VjcmV0IG9mIHRoZSBrZXkgdGhhdCBtYXkgbm90aGluZw==" };

/// A zone.
pub(crate) struct Zone<'a> {
    pub(crate) name: &'a str,
    /// Whether [`KEY`] may change it.
    pub(crate) updates: bool,
    /// Its records, the SOA record apart.
    pub(crate) records: String,
}

/// A running server; it ends when this is dropped.
pub(crate) struct Knot {
    address: SocketAddr,
    _process: Running,
}

/// An address of this machine alone, with port 53 where a test may listen there, else with another.
pub(crate) fn place() -> SocketAddr {
    let host = loopback();
    let privileged = SocketAddr::from((host, 53));
    if UdpSocket::bind(privileged).is_ok() && TcpListener::bind(privileged).is_ok() {
        return privileged;
    }
    let free = TcpListener::bind((host, 0)).expect("a port can be bound");
    free.local_addr().expect("it has an address")
}

/// One of 127.0.0.0/8, different for each call and each process.
fn loopback() -> Ipv4Addr {
    use std::sync::atomic::{AtomicU8, Ordering};
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let [_, _, high, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, 128 | high & 0x7f, low, NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Knot {
    /// Starts a server with files in `directory`, which is made, and waits until it answers.
    ///
    /// # Panics
    /// With what it said, when it does not come up.
    pub(crate) fn start(directory: &Path, address: SocketAddr, zones: &[Zone<'_>]) -> Self {
        fs::create_dir_all(directory).expect("a directory can be made");
        let place = directory.display();
        let mut text = format!(
            "server:\n    rundir: \"{place}\"\n    listen: {}@{}\nlog:\n  - target: stderr\n    any: warning\n\
             database:\n    storage: \"{place}\"\nkey:\n",
            address.ip(),
            address.port()
        );
        for key in [KEY, IDLE_KEY] {
            text +=
                &format!("  - id: {}\n    algorithm: {}\n    secret: \"{}\"\n", key.name, key.algorithm, key.secret);
        }
        text += &format!("acl:\n  - id: acme\n    key: {}\n    action: update\n", KEY.name);
        text += &format!("template:\n  - id: default\n    storage: \"{place}\"\nzone:\n");
        for zone in zones {
            let name = zone.name;
            let records = format!("$TTL 30\n@ SOA ns hostmaster 1 3600 600 86400 30\n{}\n", zone.records);
            fs::write(directory.join(format!("{name}.zone")), records).expect("a zone can be written");
            text += &format!("  - domain: {name}\n    file: \"{name}.zone\"\n");
            if zone.updates {
                text += "    acl: acme\n";
            }
        }
        let settings = directory.join("knot.conf");
        fs::write(&settings, text).expect("the settings can be written");
        let mut process = Running::start(command("knotd").arg("-c").arg(&settings));
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(started.elapsed() < DEADLINE, "knotd does not answer: {:?}", process.wait_for("\0"));
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { address, _process: process }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The texts at a name, sorted; none when there is no such name.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a socket can be bound");
        socket.connect(self.address).expect("it can be connected");
        socket.set_read_timeout(Some(Duration::from_millis(500))).expect("a timeout can be set");
        let mut query = Message::query();
        query.add_query(Query::query(Name::from_ascii(name).expect("a name"), RecordType::TXT));
        let query = query.to_vec().expect("a query can be encoded");
        let (started, mut buffer) = (Instant::now(), [0; 4_096]);
        while started.elapsed() < DEADLINE {
            socket.send(&query).expect("a query can be sent");
            let Ok(length) = socket.recv(&mut buffer) else { continue };
            let answer = Message::from_vec(&buffer[..length]).expect("an answer can be read");
            let text = |record: &hickory_proto::rr::Record| match &record.data {
                RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
                _ => None,
            };
            let mut texts: Vec<String> = answer.answers.iter().filter_map(text).collect();
            texts.sort();
            return texts;
        }
        panic!("{} does not answer", self.address);
    }
}
