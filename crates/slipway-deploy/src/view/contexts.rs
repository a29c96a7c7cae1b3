//! The contexts of a kubeconfig, as they are offered to choose from.
//!
//! Deliberately not here: credentials. Only how a context signs in is told.

use std::path::Path;

use kube::config::{AuthInfo, Kubeconfig};
use slipway_core::{KubeContextView, KubeContexts, KubeSignIn};

use crate::cluster::connect::{named_files, usual_file, with_causes};

pub(super) fn read(kubeconfig: Option<&Path>) -> KubeContexts {
    let files = shown(kubeconfig);
    if kubeconfig.is_none() && named_files().is_none() && !usual_file().exists() {
        // Nobody named a file, and a machine without one is in order.
        return KubeContexts { kubeconfig: files, contexts: Vec::new(), problem: None };
    }
    let read = match kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    match read {
        Ok(read) => KubeContexts { kubeconfig: files, contexts: contexts(&read), problem: None },
        Err(error) => KubeContexts {
            problem: Some(format!(
                "The kubeconfig {files} cannot be read: {}.",
                with_causes(&error)
            )),
            kubeconfig: files,
            contexts: Vec::new(),
        },
    }
}

/// The files that are read, without opening them.
fn shown(kubeconfig: Option<&Path>) -> String {
    if let Some(path) = kubeconfig {
        return path.display().to_string();
    }
    match named_files() {
        Some(paths) => paths.to_string_lossy().into_owned(),
        None => usual_file().display().to_string(),
    }
}

fn contexts(read: &Kubeconfig) -> Vec<KubeContextView> {
    let of = |named: &kube::config::NamedContext| {
        let context = named.context.as_ref()?;
        let user = context.user.clone().unwrap_or_default();
        let cluster = read.clusters.iter().find(|known| known.name == context.cluster);
        let server = cluster.and_then(|known| known.cluster.as_ref()?.server.clone());
        let sign_in = read.auth_infos.iter().find(|known| known.name == user);
        Some(KubeContextView {
            name: named.name.clone(),
            cluster: context.cluster.clone(),
            namespace: context.namespace.clone().unwrap_or_else(|| "default".to_owned()),
            server: server.unwrap_or_default(),
            sign_in: sign_in
                .and_then(|known| known.auth_info.as_ref())
                .map_or(KubeSignIn::Other, sign_in_of),
            user,
            is_current: read.current_context.as_deref() == Some(&named.name),
        })
    };
    read.contexts.iter().filter_map(of).collect()
}

fn sign_in_of(info: &AuthInfo) -> KubeSignIn {
    if info.exec.is_some() {
        KubeSignIn::Exec
    } else if info.token.is_some() || info.token_file.is_some() {
        KubeSignIn::Token
    } else if info.client_certificate.is_some() || info.client_certificate_data.is_some() {
        KubeSignIn::Certificate
    } else {
        KubeSignIn::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KUBECONFIG: &str = "\
apiVersion: v1
kind: Config
current-context: b
clusters:
  - {name: c, cluster: {server: 'https://127.0.0.1:1'}}
users:
  - {name: certificate, user: {client-certificate-data: eA==, client-key-data: eA==}}
  - {name: token, user: {token: the-secret-token}}
  - {name: exec, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: kubelogin}}}
contexts:
  - {name: a, context: {cluster: c, user: certificate, namespace: shop}}
  - {name: b, context: {cluster: c, user: token}}
  - {name: c, context: {cluster: c, user: exec}}
  - {name: d, context: {cluster: gone, user: gone}}
";

    #[test]
    fn each_context_says_where_and_how_and_no_credential() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        std::fs::write(&path, KUBECONFIG).unwrap();
        let read = read(Some(&path));
        assert_eq!(read.problem, None);
        let facts: Vec<_> = read
            .contexts
            .iter()
            .map(|c| (c.name.as_str(), c.namespace.as_str(), c.sign_in, c.is_current))
            .collect();
        let expected = [
            ("a", "shop", KubeSignIn::Certificate, false),
            ("b", "default", KubeSignIn::Token, true),
            ("c", "default", KubeSignIn::Exec, false),
            ("d", "default", KubeSignIn::Other, false),
        ];
        assert_eq!(facts, expected);
        assert!(!format!("{read:?}").contains("the-secret-token"), "no credential is shown");
    }

    #[test]
    fn a_broken_kubeconfig_is_a_problem_that_names_the_file() {
        let read = read(Some(Path::new("/nowhere/config")));
        assert!(read.problem.is_some_and(|text| text.contains("/nowhere/config")));
    }
}
