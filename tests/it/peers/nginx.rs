//! nginx in one unprivileged process, with the TLS of a file under test.

use std::fs;
use std::path::Path;

use super::{Listening, command};

/// Starts nginx in a directory of its own; it answers with the subject of the client's certificate.
pub(crate) fn nginx(directory: &Path, host: &str, tls: &Path) -> Listening {
    Listening::start(|port| {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path \"{}/{kind}\";\n", directory.display()))
            .concat();
        let text = format!(
            "daemon off;\nmaster_process off;\npid \"{dir}/nginx.pid\";\nerror_log stderr warn;\nevents {{}}\nhttp {{\n\
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
