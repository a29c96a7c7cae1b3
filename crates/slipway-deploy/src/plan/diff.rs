//! The differences between an object as it is and as it would be, field by field.
//!
//! Pure. What the API server keeps for itself is left out, what Slipway stamps on everything too, and
//! defaults that come along with a field of ours are not told. Deliberately not here: asking.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fields::{ListKind, Managed, Step, as_server_says, plain, readable};
use super::{FIELD_MANAGER, FieldChange, HIDDEN, MARK_PREFIX};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// What Kubernetes writes there itself while a rollout goes on.
pub(crate) const REVISION: &str = "deployment.kubernetes.io/revision";

/// A field whose value would be another, with both as they are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    path: Vec<Step>,
    before: Option<Value>,
    after: Option<Value>,
    owner: Option<String>,
}

/// Compares a live object with the API server's answer to a dry run, both with their `managedFields`.
pub(crate) fn differences(before: Option<&Value>, after: Option<&Value>) -> Vec<Difference> {
    let managed = |object: Option<&Value>| object.map(Managed::of).unwrap_or_default();
    let comparison = Comparison {
        live: managed(before),
        wanted: managed(after),
        has_owners: true,
        found: Vec::new(),
    };
    comparison.of(before, after)
}

/// Compares two objects as they are written down, where nothing has an owner or a default.
pub(crate) fn written_differences(
    before: Option<&Value>,
    after: Option<&Value>,
) -> Vec<Difference> {
    let (live, wanted) = (Managed::default(), Managed::default());
    Comparison { live, wanted, has_owners: false, found: Vec::new() }.of(before, after)
}

/// An object without what is no setting: status, and what the API server counts.
pub(crate) fn settings(object: &Value) -> Value {
    let mut kept = object.clone();
    let Some(fields) = kept.as_object_mut() else { return kept };
    for name in ["status", "apiVersion", "kind"] {
        fields.remove(name);
    }
    if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
        for name in [
            "managedFields",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "selfLink",
            "name",
            "namespace",
        ] {
            metadata.remove(name);
        }
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.retain(|name, _| !name.starts_with(MARK_PREFIX) && name != REVISION);
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
    }
    kept
}

struct Comparison {
    live: Managed,
    wanted: Managed,
    has_owners: bool,
    found: Vec<Difference>,
}

impl Comparison {
    fn of(mut self, before: Option<&Value>, after: Option<&Value>) -> Vec<Difference> {
        let (before, after) = (before.map(settings), after.map(settings));
        self.compare(&mut Vec::new(), before.as_ref(), after.as_ref());
        self.found
    }

    fn compare(&mut self, path: &mut Vec<Step>, before: Option<&Value>, after: Option<&Value>) {
        let (before, after) =
            (before.filter(|value| !value.is_null()), after.filter(|value| !value.is_null()));
        if before == after {
            return;
        }
        if let Some((before, after)) = both(before, after, Value::as_object) {
            return self.compare_maps(path, &before, &after);
        }
        if let Some((before, after)) = both(before, after, Value::as_array) {
            match self.list_kind(path, &before, &after) {
                ListKind::Keyed(keys) => return self.compare_items(path, &keys, &before, &after),
                ListKind::Set => return self.compare_sets(path, &before, &after),
                ListKind::Whole => {}
            }
        }
        self.note(path, before, after);
    }

    fn compare_maps(
        &mut self,
        path: &mut Vec<Step>,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) {
        let added = after.keys().filter(|name| !before.contains_key(*name));
        let names: Vec<_> = before.keys().chain(added).cloned().collect();
        for name in names {
            path.push(Step::Field(name.clone()));
            self.compare(path, before.get(&name), after.get(&name));
            path.pop();
        }
    }

    fn compare_items(
        &mut self,
        path: &mut Vec<Step>,
        keys: &[String],
        before: &[Value],
        after: &[Value],
    ) {
        let keys_of = |item: &Value| -> BTreeMap<String, Value> {
            keys.iter().filter_map(|key| Some((key.clone(), item.get(key)?.clone()))).collect()
        };
        let find = |items: &[Value], wanted: &BTreeMap<_, _>| {
            items.iter().find(|item| keys_of(item) == *wanted).cloned()
        };
        let mut all: Vec<_> = before.iter().map(keys_of).collect();
        for keys in after.iter().map(keys_of) {
            if !all.contains(&keys) {
                all.push(keys);
            }
        }
        for keys in all {
            let (old, new) = (find(before, &keys), find(after, &keys));
            path.push(Step::Item(keys));
            self.compare(path, old.as_ref(), new.as_ref());
            path.pop();
        }
    }

    fn compare_sets(&mut self, path: &mut Vec<Step>, before: &[Value], after: &[Value]) {
        let gone = before.iter().filter(|value| !after.contains(value));
        let come = after.iter().filter(|value| !before.contains(value));
        for (value, is_gone) in gone.map(|v| (v, true)).chain(come.map(|v| (v, false))) {
            path.push(Step::Element(value.clone()));
            self.note(path, Some(value).filter(|_| is_gone), Some(value).filter(|_| !is_gone));
            path.pop();
        }
    }

    fn note(&mut self, path: &[Step], before: Option<&Value>, after: Option<&Value>) {
        // What nobody set came along by itself, and goes by itself.
        let is_default = match (before, after) {
            (None, Some(_)) => !self.wanted.is_applied_by(FIELD_MANAGER, path),
            (Some(_), None) => self.live.owner(path).is_none(),
            _ => false,
        };
        if !is_default || !self.has_owners {
            self.found.push(Difference {
                path: path.to_vec(),
                before: before.cloned(),
                after: after.cloned(),
                owner: before.and_then(|_| self.live.owner(path)),
            });
        }
    }

    fn list_kind(&self, path: &[Step], before: &[Value], after: &[Value]) -> ListKind {
        let said = self.wanted.list_kind(path).or_else(|| self.live.list_kind(path));
        let kind = said.unwrap_or_else(|| {
            let is_named = |item: &Value| item.get("name").is_some_and(Value::is_string);
            match before.iter().chain(after).all(is_named) {
                true => ListKind::Keyed(vec!["name".to_owned()]),
                false => ListKind::Whole,
            }
        });
        match kind {
            ListKind::Keyed(keys) if !tells_apart(&keys, before) || !tells_apart(&keys, after) => {
                ListKind::Whole
            }
            kind => kind,
        }
    }
}

/// Both as the same container type; what is not there is an empty one beside one that is not empty.
fn both<C: Clone + Default + IsEmpty>(
    before: Option<&Value>,
    after: Option<&Value>,
    read: impl Fn(&Value) -> Option<&C>,
) -> Option<(C, C)> {
    match (before, after) {
        (Some(before), Some(after)) => Some((read(before)?.clone(), read(after)?.clone())),
        (Some(only), None) => {
            Some((read(only)?.clone(), C::default())).filter(|(only, _)| !only.is_empty())
        }
        (None, Some(only)) => {
            Some((C::default(), read(only)?.clone())).filter(|(_, only)| !only.is_empty())
        }
        (None, None) => None,
    }
}

trait IsEmpty {
    fn is_empty(&self) -> bool;
}

impl IsEmpty for Map<String, Value> {
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl IsEmpty for Vec<Value> {
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn tells_apart(keys: &[String], items: &[Value]) -> bool {
    let of = |item: &Value| keys.iter().map(|key| item.get(key).cloned()).collect::<Vec<_>>();
    let all: Vec<_> = items.iter().map(of).collect();
    let is_known = |keys: &Vec<Option<Value>>| keys.iter().any(Option::is_some);
    all.iter().all(is_known) && all.iter().enumerate().all(|(i, one)| !all[..i].contains(one))
}

impl Difference {
    /// For a face; what is inside of a Secret stays there. `conflicts` are the fields that the API
    /// server would refuse, as it writes them, with the manager of each.
    pub(crate) fn shown(self, is_secret_kind: bool, conflicts: &[(String, String)]) -> FieldChange {
        let is_secret = is_secret_kind && is_hidden(&self.path);
        let text = |value: &Value| if is_secret { HIDDEN.to_owned() } else { plain(value) };
        let said = as_server_says(&self.path);
        let conflict = conflicts.iter().find(|(field, _)| is_at_or_below(&said, field));
        FieldChange {
            path: readable(&self.path),
            before: self.before.as_ref().map(text),
            after: self.after.as_ref().map(text),
            is_secret,
            owner: conflict.map(|(_, manager)| manager.clone()).or(self.owner),
            is_conflict: conflict.is_some(),
        }
    }

    /// For a hash, which hides what it is made of.
    pub(crate) fn whole(&self) -> Value {
        serde_json::json!([readable(&self.path), self.before, self.after, self.owner])
    }
}

fn is_hidden(path: &[Step]) -> bool {
    let is =
        |step: Option<&Step>, name: &str| matches!(step, Some(Step::Field(field)) if field == name);
    is(path.first(), "data") || is(path.first(), "stringData") || is(path.last(), LAST_APPLIED)
}

fn is_at_or_below(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// An object whose `spec` and `data` were applied by Slipway, as far as `owned` goes.
    fn object(mut value: Value, owned: &Value) -> Value {
        value["metadata"]["managedFields"] =
            json!([{"manager": "slipway", "operation": "Apply", "fieldsV1": owned}]);
        value
    }

    fn shown(before: Option<&Value>, after: Option<&Value>, is_secret: bool) -> Vec<FieldChange> {
        differences(before, after).into_iter().map(|d| d.shown(is_secret, &[])).collect()
    }

    fn paths(changes: &[FieldChange]) -> Vec<&str> {
        changes.iter().map(|change| change.path.as_str()).collect()
    }

    fn containers() -> Value {
        json!({"f:spec": {"f:containers": {
            "k:{\"name\":\"web\"}": {".": {}, "f:name": {}, "f:image": {}, "f:args": {}},
            "k:{\"name\":\"new\"}": {".": {}, "f:name": {}, "f:image": {}}}}})
    }

    #[test]
    fn items_are_matched_by_their_key() {
        let one = object(
            json!({"spec": {"containers": [{"name": "web", "image": "a", "args": ["x"]}]}}),
            &containers(),
        );
        let two = object(
            json!({"spec": {"containers": [
                {"name": "new", "image": "c", "terminationMessagePath": "/dev/termination-log"},
                {"name": "web", "image": "b", "args": ["x", "y"]}]}}),
            &containers(),
        );
        let changes = shown(Some(&one), Some(&two), false);
        assert_eq!(
            paths(&changes),
            [
                "spec.containers[name=web].args",
                "spec.containers[name=web].image",
                "spec.containers[name=new].image",
                "spec.containers[name=new].name",
            ],
            "the other place in the list is no change, nor a default that comes along"
        );
        assert_eq!(changes[0].after.as_deref(), Some("[\"x\",\"y\"]"), "a list of one owner");
        assert_eq!(changes[1].before.as_deref(), Some("a"));
        assert_eq!(changes[1].owner.as_deref(), Some("slipway"));
        assert_eq!(changes[2].owner, None, "it is not there yet");
    }

    #[test]
    fn what_the_server_counts_is_no_change() {
        let owned = json!({"f:data": {"f:a": {}}, "f:metadata": {"f:annotations": {
            "f:dev.slipway.run": {}}}});
        let one = object(
            json!({"metadata": {"name": "c", "resourceVersion": "1", "uid": "u",
                "annotations": {"dev.slipway.run": "1"}}, "data": {"a": "1"}, "status": {"x": 1}}),
            &owned,
        );
        let mut two = one.clone();
        two["metadata"]["resourceVersion"] = json!("2");
        two["metadata"]["annotations"]["dev.slipway.run"] = json!("2");
        two["status"] = json!({});
        assert_eq!(shown(Some(&one), Some(&two), false), []);
    }

    #[test]
    fn values_of_a_secret_are_hidden() {
        let owned = json!({"f:data": {"f:a": {}, "f:b": {}}, "f:type": {},
            "f:metadata": {"f:annotations": {format!("f:{LAST_APPLIED}"): {}}}});
        let one = object(
            json!({"metadata": {"annotations": {LAST_APPLIED: "{\"data\":{\"a\":\"aHVzaA==\"}}"}},
                "data": {"a": "aHVzaA=="}, "type": "Opaque"}),
            &owned,
        );
        let two = object(
            json!({"metadata": {}, "data": {"a": "bG91ZA==", "b": "bmV3"}, "type": "x"}),
            &owned,
        );
        let changes = shown(Some(&one), Some(&two), true);
        let text = format!("{changes:?}");
        for value in ["aHVzaA", "bG91ZA", "bmV3"] {
            assert!(!text.contains(value), "{value} in {text}");
        }
        let change = |path: &str| changes.iter().find(|change| change.path == path).unwrap();
        assert_eq!(change("data.a").before.as_deref(), Some(HIDDEN), "that it changes is told");
        assert_eq!(change("data.b").before, None, "and that it is new");
        assert!(!change("type").is_secret, "the type is no secret");
    }

    #[test]
    fn a_conflict_is_marked_with_its_manager() {
        let owned = json!({"f:metadata": {"f:labels": {"f:a.b/c": {}}}});
        let one = object(json!({"metadata": {"labels": {"a.b/c": "1"}}}), &owned);
        let two = object(json!({"metadata": {"labels": {"a.b/c": "2"}}}), &owned);
        let conflicts = [("metadata.labels.a.b/c".to_owned(), "helm".to_owned())];
        let found = differences(Some(&one), Some(&two)).remove(0).shown(false, &conflicts);
        assert!(found.is_conflict);
        assert_eq!(found.owner.as_deref(), Some("helm"));
        assert_eq!(found.path, "metadata.labels[a.b/c]");
    }

    #[test]
    fn items_that_are_not_told_apart_are_compared_as_a_whole() {
        let owned = json!({"f:spec": {"f:rules": {}}});
        let one = object(json!({"spec": {"rules": [{"host": "a"}, {"host": "b"}]}}), &owned);
        let two = object(json!({"spec": {"rules": [{"host": "a"}]}}), &owned);
        assert_eq!(paths(&shown(Some(&one), Some(&two), false)), ["spec.rules"]);
    }
}
