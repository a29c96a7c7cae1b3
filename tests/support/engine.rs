//! The container engine, asked over its socket without any of our crates: an independent witness.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

/// Where the engine of the tests answers: `SLIPWAY_ENGINE`, else Docker's usual socket.
pub fn engine_address() -> String {
    let named = std::env::var("SLIPWAY_ENGINE").ok().filter(|text| !text.is_empty());
    named.unwrap_or_else(|| "unix:///var/run/docker.sock".to_owned())
}

/// The path of its socket.
pub fn engine_socket() -> PathBuf {
    let address = engine_address();
    PathBuf::from(address.strip_prefix("unix://").unwrap_or(&address))
}

/// What the engine answered.
#[derive(Debug)]
pub struct EngineAnswer {
    pub status: u16,
    pub body: Value,
}

/// Asks the engine; panics with a clear sentence when none answers.
pub fn engine_call(method: &str, path: &str) -> EngineAnswer {
    let socket = engine_socket();
    let asked = || -> std::io::Result<Vec<u8>> {
        let mut stream = UnixStream::connect(&socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        // HTTP/1.0: the answer ends with the connection and is not chunked.
        write!(stream, "{method} {path} HTTP/1.0\r\nHost: engine\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    };
    let answer = asked().unwrap_or_else(|error| {
        panic!(
            "No container engine answers at {}: {error}. Start dockerd, or run `cargo xtask test`.",
            socket.display()
        )
    });
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..split]).into_owned();
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    let body = answer.get(split + 4..).unwrap_or_default();
    EngineAnswer { status, body: serde_json::from_slice(body).unwrap_or(Value::Null) }
}

/// Reads something of the engine that must be there.
pub fn engine_get(path: &str) -> Value {
    let answer = engine_call("GET", path);
    assert_eq!(answer.status, 200, "the engine answers GET {path}: {}", answer.body);
    answer.body
}

/// Ids of containers of a project, running or not.
pub(crate) fn containers_of(project: &str) -> Vec<String> {
    ids(&engine_get(&format!(
        "/containers/json?all=1&filters={}",
        filter("label", &label(project))
    )))
}

/// Ids of networks of a project.
pub(crate) fn networks_of(project: &str) -> Vec<String> {
    ids(&engine_get(&format!("/networks?filters={}", filter("label", &label(project)))))
}

fn label(project: &str) -> String {
    format!("dev.slipway.project={project}")
}

/// Removes everything of a project from the engine.
pub(crate) fn remove_project(project: &str) {
    for id in containers_of(project) {
        engine_call("DELETE", &format!("/containers/{id}?force=1&v=1"));
    }
    for id in networks_of(project) {
        engine_call("DELETE", &format!("/networks/{id}"));
    }
}

/// Removes the images whose name begins with a registry's address, by name: what shares their layers
/// with another test stays.
pub(crate) fn remove_images_of(registry: &str) {
    let images = engine_get("/images/json?digests=1");
    for image in images.as_array().into_iter().flatten() {
        for key in ["RepoTags", "RepoDigests"] {
            for name in image[key].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if name.starts_with(&format!("{registry}/")) {
                    engine_call("DELETE", &format!("/images/{name}?force=1"));
                }
            }
        }
    }
}

/// What the Dockerfiles of the suites copy, as the history of an image tells it.
const OUR_FILES: &[&str] = &[" in /tideline", " in /start.sh", " in /bin/busybox"];

/// Removes the nameless images that builds of the suites left when they broke off.
pub(crate) fn remove_broken_builds() {
    for id in ids(&engine_get(&format!("/images/json?filters={}", filter("dangling", "true")))) {
        let history = engine_call("GET", &format!("/images/{id}/history")).body;
        let mut steps =
            history.as_array().into_iter().flatten().filter_map(|one| one["CreatedBy"].as_str());
        if steps.any(|step| OUR_FILES.iter().any(|file| step.trim_end().ends_with(file))) {
            engine_call("DELETE", &format!("/images/{id}"));
        }
    }
}

fn ids(list: &Value) -> Vec<String> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(|one| one["Id"].as_str()).map(str::to_owned).collect()
}

/// `{"label":["…"]}`, percent-encoded.
fn filter(name: &str, value: &str) -> String {
    let text = format!("{{\"{name}\":[\"{value}\"]}}");
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
