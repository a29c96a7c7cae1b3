//! Unit tests of reading manifests.

use super::*;

const WEB: &str = "\
# shop
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: shop/web:1
          resources:
            limits: {cpu: 1, memory: 64Mi}
          volumeMounts:
            - {name: settings, mountPath: /etc/shop}
      volumes:
        - name: settings
          configMap:
            name: settings
            defaultMode: 0440
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  mode: plain
";

fn complaint(text: &str) -> String {
    read_manifest("k8s/web.yaml", text).unwrap_err().to_string()
}

#[test]
fn documents_become_objects_with_places() {
    let objects = read_manifest("k8s/web.yaml", WEB).unwrap();
    let seen: Vec<_> =
        objects.iter().map(|o| (o.kind.as_str(), o.place.document, o.place.line)).collect();
    assert_eq!(
        seen,
        [("Namespace", 1, Some(2)), ("Deployment", 2, Some(7)), ("ConfigMap", 3, Some(33))],
        "document numbers and first lines are those an editor shows"
    );
    assert_eq!(objects[1].namespace.as_deref(), Some("shop"));
    let spec = &objects[1].value["spec"]["template"]["spec"];
    assert_eq!(spec["containers"][0]["resources"]["limits"]["cpu"], "1", "numbers are quantities");
    assert_eq!(spec["volumes"][0]["configMap"]["defaultMode"], 0o440, "a leading 0 is octal");
}

#[test]
fn a_leading_separator_opens_the_first_document() {
    let text = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n# nothing\n---\n\
                apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n";
    let objects = read_manifest("a.yaml", text).unwrap();
    let documents: Vec<_> = objects.iter().map(|object| object.place.document).collect();
    assert_eq!(documents, [1, 3], "the empty document counts, as `---` lines do");
}

#[test]
fn a_list_is_unfolded() {
    let text = "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    \
                metadata: {name: a}\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: b}\n";
    let objects = read_manifest("list.yaml", text).unwrap();
    assert_eq!(objects.len(), 2, "each item is an object");
    assert_eq!(objects[1].place.line, Some(7), "with its own line");
}

#[test]
fn broken_yaml_names_file_and_line() {
    let text = complaint("apiVersion: v1\nkind: [\n");
    assert!(text.starts_with("k8s/web.yaml:"), "file and line come first: {text}");
}

#[test]
fn missing_heads_are_named() {
    assert!(complaint("kind: Service\n").contains("apiVersion: is missing"));
    assert!(complaint("apiVersion: v1\n").contains("kind: is missing"));
    assert!(complaint("apiVersion: v1\nkind: Service\n").contains("metadata.name: is missing"));
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: n}\n";
    assert_eq!(read_manifest("n.yaml", text).unwrap()[0].name, "n", "a letter is no boolean");
    assert!(complaint("- 1\n").contains("is not a mapping"));
}

#[test]
fn a_wrong_type_names_field_and_line() {
    let text = complaint(&WEB.replace("replicas: 2", "replicas: two"));
    assert!(text.contains("k8s/web.yaml:13 (document 2, Deployment 'web')"), "place: {text}");
    assert!(text.contains("spec.replicas: "), "field: {text}");
}

#[test]
fn an_unknown_field_is_found() {
    let complaint = |text: &str| {
        check_local(&read_manifest("k8s/web.yaml", text).unwrap()).unwrap_err().to_string()
    };
    let text = complaint(&WEB.replace("replicas: 2", "replica: 2"));
    assert!(text.contains(":13 ") && text.contains("spec.replica: is not a field"), "got {text}");
    let text = complaint(&WEB.replace("mountPath", "mountpath"));
    assert!(text.contains("volumeMounts[0].mountpath"), "deep ones too: {text}");
}

#[test]
fn a_number_as_env_value_asks_for_quotes() {
    let text = complaint(&WEB.replace(
        "          resources:",
        "          env: [{name: PORT, value: 8080}]\n          resources:",
    ));
    assert!(text.contains("env[0].value") && text.contains("in quotes"), "got {text}");
}

#[test]
fn a_wrong_api_version_is_corrected() {
    let text = complaint(&WEB.replace("apps/v1", "extensions/v1beta1"));
    assert!(text.contains("a Deployment is of 'apps/v1'"), "got {text}");
}

#[test]
fn a_secret_is_never_quoted() {
    let text = complaint(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {password: hunter2!!}\n",
    );
    assert!(text.contains("data.password") && !text.contains("hunter2"), "got {text}");
}

#[test]
fn other_kinds_are_refused_locally_with_the_list() {
    let mut objects = read_manifest("k8s/web.yaml", WEB).unwrap();
    let notes = check_local(&objects).unwrap();
    assert!(notes[0].contains("Namespace 'shop' is left out"), "it is said: {notes:?}");
    let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\n";
    objects.extend(read_manifest("i.yaml", ingress).unwrap());
    let text = check_local(&objects).unwrap_err().to_string();
    assert!(text.contains("the kind Ingress") && text.contains("Deployment, Service"), "{text}");
}
