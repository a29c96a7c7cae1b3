//! The configuration that the local registry is started with.
//!
//! Called when the local registry starts. Deliberately not here: TLS and users: it listens on the
//! loopback address only.

use std::fs;
use std::io;
use std::path::Path;

/// The text of `config.yml`; see <https://distribution.github.io/distribution/about/configuration/>.
pub(crate) fn text(data_dir: &Path, port: u16) -> String {
    // JSON strings are YAML strings, whatever the path contains.
    let storage = serde_json::Value::from(data_dir.join("storage").to_string_lossy()).to_string();
    // Only this run's uploads are signed with it.
    let secret: String = rand::random::<[u8; 32]>().iter().map(|b| format!("{b:02x}")).collect();
    format!(
        "# Written by Slipway at each start; changes are lost.\n\
         version: 0.1\n\
         log:\n  level: warn\n  formatter: text\n  accesslog:\n    disabled: true\n\
         storage:\n  filesystem:\n    rootdirectory: {storage}\n  delete:\n    enabled: true\n\
         \x20 cache:\n    blobdescriptor: inmemory\n\
         http:\n  addr: 127.0.0.1:{port}\n  secret: {secret}\n"
    )
}

/// Writes it so that only its owner may read it: it holds the upload secret.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_listens_on_loopback_and_keeps_its_data_apart() {
        let text = text(Path::new("/data/a \"b\""), 5210);
        assert!(text.contains("addr: 127.0.0.1:5210\n"), "never on every interface: {text}");
        assert!(text.contains(r#"rootdirectory: "/data/a \"b\"/storage""#), "quoted: {text}");
        assert_ne!(text, super::text(Path::new("/data/a \"b\""), 5210), "a new secret each time");
    }
}
