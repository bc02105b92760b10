//! The little of HTTP that the server needs: one request for each connection.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use serde_json::{Value, json};

use super::Replay;

/// The address for a directory: one server for each, for as long as the process lives.
pub(super) fn listen(replay: &Replay) -> String {
    static SERVERS: OnceLock<Mutex<BTreeMap<PathBuf, u16>>> = OnceLock::new();
    let mut servers = SERVERS.get_or_init(Mutex::default).lock().expect("no thread panicked");
    let port = *servers.entry(replay.directory().to_owned()).or_insert_with(|| serve(replay.clone()));
    format!("http://127.0.0.1:{port}")
}

fn serve(replay: Replay) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let turn = Arc::new(Mutex::new(replay));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let turn = turn.clone();
            thread::spawn(move || answer(&stream, &turn));
        }
    });
    port
}

fn answer(stream: &TcpStream, turn: &Mutex<Replay>) {
    let mut reader = BufReader::new(stream);
    let mut headers = BTreeMap::new();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        line.clear();
    }
    let header = |name: &str| headers.get(name).map(String::as_str).unwrap_or_default();
    let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let answer = {
        let replay = turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        replay.answer(header("x-amz-target"), header("authorization"), &body)
    };
    let (status, body) = match answer {
        Ok(body) => ("200 OK", body),
        Err((kind, message)) => ("400 Bad Request", json!({"__type": kind, "message": message})),
    };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: 00000000\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    // The other side may be a process that was killed meanwhile.
    let _ = (&*stream).write_all(format!("{head}{body}").as_bytes());
}
