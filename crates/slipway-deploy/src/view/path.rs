//! Addresses of the Kubernetes API: a kind's list, one object, a subresource.

use std::fmt::Write as _;

use http::Request;

use super::ViewError;

/// A kind as the API addresses it. The core group is empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KubeKind {
    pub group: String,
    pub version: String,
    pub plural: String,
}

impl KubeKind {
    /// A kind by its group, version and plural.
    pub fn new(group: &str, version: &str, plural: &str) -> Self {
        Self { group: group.to_owned(), version: version.to_owned(), plural: plural.to_owned() }
    }

    /// `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// True for that kind of the core group or the named one.
    pub(crate) fn is(&self, group: &str, plural: &str) -> bool {
        self.group == group && self.plural == plural
    }

    pub(crate) fn check(&self) -> Result<(), ViewError> {
        let is_word = |text: &str| {
            text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.".contains(letter))
        };
        let parts = [
            ("a group", &self.group, true),
            ("a version", &self.version, false),
            ("the plural of a kind", &self.plural, false),
        ];
        for (what, text, may_be_empty) in parts {
            if !is_word(text) || (text.is_empty() && !may_be_empty) {
                return Err(ViewError::NameInvalid { what, text: text.clone() });
            }
        }
        Ok(())
    }

    /// Where the kind is listed; an empty namespace is all of them, or the cluster itself.
    pub(crate) fn list(&self, namespace: &str) -> String {
        let root = if self.group.is_empty() { "/api" } else { "/apis" };
        let version = self.api_version();
        if namespace.is_empty() {
            format!("{root}/{version}/{}", self.plural)
        } else {
            format!("{root}/{version}/namespaces/{}/{}", escaped(namespace), self.plural)
        }
    }

    /// Where one object is.
    pub(crate) fn object(&self, namespace: &str, name: &str) -> String {
        format!("{}/{}", self.list(namespace), escaped(name))
    }
}

/// A part of a path or a query, with whatever could end it escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            write!(out, "%{byte:02X}").ok();
        }
    }
    out
}

/// A request that asks for something.
pub(crate) fn get(path: &str, accept: &str) -> Result<Request<Vec<u8>>, kube::Error> {
    let request = Request::get(path).header(http::header::ACCEPT, accept);
    request.body(Vec::new()).map_err(kube::Error::HttpError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_api() {
        let pods = KubeKind::new("", "v1", "pods");
        assert_eq!(pods.list(""), "/api/v1/pods");
        assert_eq!(pods.list("shop"), "/api/v1/namespaces/shop/pods");
        let deployments = KubeKind::new("apps", "v1", "deployments");
        assert_eq!(
            deployments.object("shop", "web"),
            "/apis/apps/v1/namespaces/shop/deployments/web"
        );
    }

    #[test]
    fn a_name_cannot_lead_elsewhere() {
        let pods = KubeKind::new("", "v1", "pods");
        assert_eq!(
            pods.object("shop", "../../secrets?x"),
            "/api/v1/namespaces/shop/pods/..%2F..%2Fsecrets%3Fx"
        );
        assert!(KubeKind::new("", "v1", "pods/x").check().is_err(), "a plural has no slash");
        assert!(KubeKind::new("", "", "pods").check().is_err(), "a version is needed");
    }
}
