//! Manifests to a local container environment or a Kubernetes context, proven by digest
