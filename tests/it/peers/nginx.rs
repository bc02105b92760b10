//! nginx in one unprivileged process, with the TLS of a file under test.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Listening, command};

/// Starts nginx in a directory of its own; it answers with the subject of the client's certificate.
pub(crate) fn nginx(directory: &Path, host: &str, tls: &Path) -> Listening {
    start(directory, host, tls, "master_process off;")
}

/// nginx as it is installed: a process that starts workers and, when it is told to reload, others in their place.
pub(crate) struct NginxWithWorkers {
    pub(crate) server: Listening,
    configuration: PathBuf,
}

impl NginxWithWorkers {
    /// As [`nginx`].
    pub(crate) fn start(directory: &Path, host: &str, tls: &Path) -> Self {
        let server = start(directory, host, tls, "user root;\nworker_processes 2;");
        Self { server, configuration: directory.join("nginx.conf") }
    }

    /// Its configuration.
    pub(crate) fn configuration(&self) -> &Path {
        &self.configuration
    }
}

impl Drop for NginxWithWorkers {
    fn drop(&mut self) {
        // Workers outlive a process that is killed.
        let _ = command("nginx").args(["-s", "stop", "-c"]).arg(&self.configuration).output();
    }
}

fn start(directory: &Path, host: &str, tls: &Path, processes: &str) -> Listening {
    Listening::start(|port| {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path \"{}/{kind}\";\n", directory.display()))
            .concat();
        let text = format!(
            "daemon off;\n{processes}\npid \"{dir}/nginx.pid\";\nerror_log stderr warn;\nevents {{}}\nhttp {{\n\
             access_log off;\n{temporary}server {{\nlisten 127.0.0.1:{port} ssl;\nserver_name {host};\n\
             include \"{tls}\";\nlocation / {{ return 200 \"client: $ssl_client_s_dn over $ssl_protocol\\n\"; }}\n}}\n}}\n",
            dir = directory.display(),
            tls = tls.display(),
        );
        fs::write(directory.join("nginx.conf"), text).expect("a configuration can be written");
        let mut nginx = command("nginx");
        nginx.arg("-p").arg(directory).arg("-e").arg("stderr").arg("-c").arg(directory.join("nginx.conf"));
        nginx
    })
}
