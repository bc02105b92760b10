//! nginx as a web server of files.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use super::command;
use super::process::Running;

/// Longer than it needs to start on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// A running server; it ends when this is dropped.
pub(crate) struct WebServer {
    _process: Running,
}

impl WebServer {
    /// Serves the files below `root` on that port of 127.0.0.1; its own files are in `directory`, which is made.
    ///
    /// # Panics
    /// When it does not come up.
    pub(crate) fn start(directory: &Path, port: u16, root: &Path) -> Self {
        fs::create_dir_all(directory).expect("a directory can be made");
        let (place, root) = (directory.display(), root.display());
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path \"{place}/{kind}\";\n"))
            .concat();
        let text = format!(
            "daemon off;\nmaster_process off;\npid \"{place}/nginx.pid\";\nerror_log stderr warn;\nevents {{}}\nhttp {{\n\
             access_log off;\n{temporary}server {{\nlisten 127.0.0.1:{port};\nroot \"{root}\";\n}}\n}}\n"
        );
        let settings = directory.join("nginx.conf");
        fs::write(&settings, text).expect("the settings can be written");
        let mut nginx = command("nginx");
        nginx.arg("-p").arg(directory).args(["-e", "stderr", "-c"]).arg(&settings);
        let mut process = Running::start(&mut nginx);
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < DEADLINE, "nginx does not answer: {:?}", process.wait_for("\0"));
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { _process: process }
    }
}
