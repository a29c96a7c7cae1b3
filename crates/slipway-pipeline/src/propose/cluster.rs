//! What says how the images run on Kubernetes: manifests, a kustomization or a chart that are there, or manifests
//! that are proposed.

use regex::Regex;

use super::component::Component;
use super::folder::{Folder, first_group, is_trial, last, parent};
use super::{Detected, ProposedFile};

/// How a repository deploys.
#[derive(Debug, Clone, Default)]
pub(super) struct Cluster {
    pub(super) manifests: Vec<String>,
    /// The folder to render.
    pub(super) kustomization: Option<String>,
    pub(super) chart: Option<String>,
    /// Repositories of the images that the manifests name, as written without registry and tag.
    images: Vec<String>,
}

/// Files that are looked into for manifests.
const MOST_FILES: usize = 500;
const WORKLOADS: &str =
    r"(?m)^kind:\s*(Deployment|StatefulSet|DaemonSet|CronJob|Job|Pod|ReplicaSet)\s*$";

impl Cluster {
    pub(super) fn find(root: &Folder<'_>) -> Self {
        let mut found = Self::default();
        let is_yaml = |path: &&str| {
            (path.ends_with(".yml") || path.ends_with(".yaml")) && !is_trial(parent(path))
        };
        let folder_of = |name: &str| {
            let mut folders: Vec<&str> = root
                .all()
                .filter(|path| last(path) == name && !is_trial(parent(path)))
                .map(parent)
                .collect();
            folders.sort_by_key(|path| (path.matches('/').count(), path.len()));
            folders
        };
        if let Some(chart) = folder_of("Chart.yaml").first() {
            found.chart = Some((*chart).to_owned());
            return found;
        }
        let mut kustomizations = folder_of("kustomization.yaml");
        kustomizations.extend(folder_of("kustomization.yml"));
        let overlay =
            |word: &str| kustomizations.iter().find(|folder| last(folder).contains(word)).copied();
        let chosen = overlay("prod").or_else(|| {
            kustomizations.iter().find(|folder| last(parent(folder)) == "overlays").copied()
        });
        found.kustomization = chosen.or(kustomizations.first().copied()).map(str::to_owned);
        let image = Regex::new(r#"(?m)^\s*-?\s*image:\s*["']?([^\s"'#]+)"#).ok();
        let objects: Vec<(String, String)> = root
            .all()
            .filter(is_yaml)
            .take(MOST_FILES)
            .filter_map(|path| Some((path.to_owned(), root.read(path)?)))
            .filter(|(_, text)| {
                first_group(text, r"(?m)^(apiVersion):").is_some()
                    && first_group(text, r"(?m)^(kind):").is_some()
            })
            .collect();
        let Some((workload, _)) =
            objects.iter().find(|(_, text)| first_group(text, WORKLOADS).is_some())
        else {
            return found;
        };
        let home = parent(workload).to_owned();
        for (path, text) in &objects {
            if parent(path) == home
                && last(path) != "kustomization.yaml"
                && last(path) != "kustomization.yml"
            {
                found.manifests.push(path.clone());
                let images = image
                    .as_ref()
                    .map(|pattern| pattern.captures_iter(text).collect::<Vec<_>>())
                    .unwrap_or_default();
                for name in images.iter().filter_map(|captures| captures.get(1)) {
                    let name = repository(name.as_str());
                    if !found.images.contains(&name) {
                        found.images.push(name);
                    }
                }
            }
        }
        found
    }

    pub(super) fn is_there(&self) -> bool {
        self.chart.is_some() || self.kustomization.is_some() || !self.manifests.is_empty()
    }

    /// The one image that the manifests name.
    pub(super) fn only_image(&self) -> Option<String> {
        match self.images.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }

    pub(super) fn detected(&self) -> Vec<Detected> {
        let one = |what: &str, file: String| vec![Detected { what: what.to_owned(), file }];
        if let Some(chart) = &self.chart {
            return one("Has a Helm chart, which is rendered and deployed", chart.clone());
        }
        if let Some(folder) = &self.kustomization {
            return one("Has a kustomization, which is rendered and deployed", folder.clone());
        }
        let what = |path: &String| Detected {
            what: "A Kubernetes manifest, which is deployed as it is".to_owned(),
            file: path.clone(),
        };
        self.manifests.iter().map(what).collect()
    }
}

/// `ghcr.io/acme/shop:1.2@sha256:…` as `acme/shop`.
fn repository(image: &str) -> String {
    let name = image.split('@').next().unwrap_or(image);
    let rest = match name.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => rest,
        _ => name,
    };
    match rest.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository.to_owned(),
        _ => rest.to_owned(),
    }
}

/// A Deployment and a Service for each image.
pub(super) fn manifests(components: &[Component]) -> Vec<ProposedFile> {
    let with_image: Vec<&Component> = components.iter().filter(|one| one.can_image()).collect();
    with_image
        .iter()
        .flat_map(|component| {
            let prefix = if with_image.len() == 1 { String::new() } else { format!("{}-", component.image) };
            [
                ProposedFile {
                    path: format!("manifests/{prefix}deployment.yml"),
                    text: deployment(component),
                    why: vec![
                        match &component.health {
                            Some(path) => format!("The readiness probe asks {path}: no caller meets a version that has not started."),
                            None => format!("The readiness probe opens port {}, as no path of a health check was found; an httpGet probe says more.", component.port()),
                        },
                        "Requests tell the cluster what the program needs; the memory limit keeps it from taking more than its share. Set both after a look at what it uses.".to_owned(),
                        "The image stands without a tag: the deployment puts the digest in that the run pushed.".to_owned(),
                    ],
                    is_new: true,
                },
                ProposedFile {
                    path: format!("manifests/{prefix}service.yml"),
                    text: service(component),
                    why: vec!["The Service gives the pods one address inside of the cluster, on port 80. An Ingress or `type: LoadBalancer` opens it to the outside.".to_owned()],
                    is_new: true,
                },
            ]
        })
        .collect()
}

fn deployment(component: &Component) -> String {
    let (image, port) = (&component.image, component.port());
    let name = last(image);
    let probe = match &component.health {
        Some(path) => format!("httpGet:\n            path: {path}\n            port: http"),
        None => "tcpSocket:\n            port: http".to_owned(),
    };
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
    app: {name}
spec:
  replicas: 1
  progressDeadlineSeconds: 120
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      containers:
      - name: {name}
        image: {image} # Replaced by the pushed digest when it is deployed.
        ports:
        - name: http
          containerPort: {port}
        readinessProbe:
          {probe}
          periodSeconds: 2
          failureThreshold: 30
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 256Mi
"
    )
}

fn service(component: &Component) -> String {
    let name = last(&component.image);
    format!(
        "\
apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  selector:
    app: {name}
  ports:
  - name: http
    port: 80
    targetPort: http
"
    )
}
