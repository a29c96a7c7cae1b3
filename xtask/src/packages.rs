//! Debian's packages that are missing, installed in one go.

use std::path::Path;

use crate::shell::{command, has, is_root, say, step};

/// What the machine is to be able to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The loop in the terminal and the page in a browser.
    Headless,
    /// The window as well.
    Window,
    /// Everything that is tested.
    Test,
}

/// A package and the file that shows it is there.
struct Package {
    name: &'static str,
    shows: &'static str,
}

const fn package(name: &'static str, shows: &'static str) -> Package {
    Package { name, shows }
}

const HEADLESS: &[Package] = &[
    package("gcc", "/usr/bin/cc"),
    package("libc6-dev", "/usr/include/stdio.h"),
    package("docker.io", "/usr/sbin/dockerd"),
    package("iptables", "/usr/sbin/iptables"),
    package("docker-registry", "/usr/bin/docker-registry"),
];
const WINDOW: &[Package] = &[
    package("pkg-config", "/usr/bin/pkg-config"),
    package("libwebkit2gtk-4.1-dev", "/usr/include/webkitgtk-4.1/webkit2/webkit2.h"),
];
const TEST: &[Package] = &[
    package("bash-static", "/bin/bash-static"),
    package("busybox-static", "/bin/busybox"),
    package("xvfb", "/usr/bin/Xvfb"),
    package("webkit2gtk-driver", "/usr/bin/WebKitWebDriver"),
    package("dbus", "/usr/bin/dbus-daemon"),
    package("chromium", "/usr/bin/chromium"),
];
/// For the real node of the cluster tests, which only root can run.
const NODE: &[Package] = &[
    package("containerd", "/usr/bin/containerd"),
    package("containernetworking-plugins", "/usr/lib/cni/bridge"),
    package("iproute2", "/usr/sbin/ip"),
];

/// Installs what is missing for a purpose.
pub fn ensure(purpose: Purpose) -> Result<(), String> {
    step("Look for what is needed");
    tools(purpose)?;
    let mut wanted: Vec<&Package> = HEADLESS.iter().collect();
    if purpose != Purpose::Headless {
        wanted.extend(WINDOW);
    }
    if purpose == Purpose::Test {
        wanted.extend(TEST);
        if is_root() {
            wanted.extend(NODE);
        }
    }
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|package| !Path::new(package.shows).exists())
        .map(|package| package.name)
        .collect();
    if missing.is_empty() {
        say("Everything is there.");
        return Ok(());
    }
    if !has("apt-get") {
        return Err(format!(
            "These are missing, and this is not a Debian machine to install them on: {}.",
            missing.join(", ")
        ));
    }
    step(&format!("Install {}", missing.join(", ")));
    install(&missing).or_else(|first| {
        // Another `apt-get update` may have emptied the archive folder meanwhile; once more repairs it.
        say(&format!("{first} Once more."));
        install(&missing)
    })
}

fn tools(purpose: Purpose) -> Result<(), String> {
    for (program, advice) in [
        ("cargo", "Install Rust by rustup."),
        ("node", "Install Node.js 20 or newer."),
        ("npm", "Install npm 11 or newer."),
        ("go", "Install Go 1.21 or newer: the sample application is built with it."),
    ] {
        // Without Go the tests say which of them do not run.
        let may_lack = program == "go" && purpose == Purpose::Test;
        if !may_lack && !has(program) {
            return Err(format!("{program} is not on the PATH. {advice}"));
        }
    }
    let version = command("node", &["--version"]).read()?;
    let major: u32 = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if major < 20 {
        return Err(format!(
            "Node.js {} is too old: version 20 or newer is needed.",
            version.trim()
        ));
    }
    Ok(())
}

fn install(packages: &[&str]) -> Result<(), String> {
    let is_root = is_root();
    if !is_root && !has("sudo") {
        return Err(format!("Run this as root: apt-get install {}", packages.join(" ")));
    }
    let apt = |words: &[&str]| {
        let mut all: Vec<&str> = Vec::new();
        if !is_root {
            all.extend(["sudo", "DEBIAN_FRONTEND=noninteractive"]);
        }
        all.push("apt-get");
        all.extend(["-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]);
        all.extend(words);
        command(all[0], &all[1..]).env("DEBIAN_FRONTEND", "noninteractive").interactive().run()
    };
    apt(&["update"])?;
    let mut words = vec!["install", "-y", "--no-install-recommends"];
    words.extend(packages);
    apt(&words)
}
