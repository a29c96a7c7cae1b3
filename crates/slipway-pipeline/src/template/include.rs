//! Including files: `template:` in a list, and `extends:` (pipelines.md 7.1 and 7.4).

use std::rc::Rc;
use std::sync::Arc;

use super::Expander;
use super::bind::Binder;
use super::context::{Included, Scope};
use super::files::{FileAnswer, Include};
use super::keys::Chain;
use super::library::{BadReference, Opened, Target, TemplateFile};
use super::parameters::of_template;
use super::walk::{At, Entries, Gathered, Out, Work};
use crate::hints::did_you_mean;
use crate::schema::{self, Shape};
use crate::tree::{Entry, Node, NodeValue, Place, Scalar, ScalarStyle, read};

/// Most files that include each other, one inside the other.
const MAX_LEVELS: usize = 100;

/// What a template is included as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IncludeKind {
    Steps,
    Jobs,
    Stages,
    Variables,
    Extends,
}

impl IncludeKind {
    /// What the file may hold beside `parameters`, its body first.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Steps => &["steps"],
            Self::Jobs => &["jobs"],
            Self::Stages => &["stages"],
            Self::Variables => &["variables"],
            Self::Extends => {
                &["stages", "jobs", "steps", "variables", "resources", "trigger", "lockBehavior"]
            }
        }
    }
}

/// An include whose arguments are being expanded.
pub(super) struct Call {
    kind: IncludeKind,
    file: Rc<TemplateFile>,
    /// The path, as written.
    place: Place,
    scope: Scope,
}

/// An included file that is being expanded.
pub(super) struct Body {
    kind: IncludeKind,
    place: Place,
    /// Without a body, its keys being expressions, it comes to nothing.
    may_be_empty: bool,
}

impl Expander<'_, '_> {
    /// Makes the repositories of the root's resources known, wherever in the file they stand.
    pub(super) fn early_repositories(&mut self, root: &Node, scope: &Scope) {
        let Some(resources) = root.get("resources") else { return };
        if let Some(resources) = self.expand(resources, At::Other, scope) {
            self.library.declare(&resources);
        }
    }

    /// The entries of a file as they are walked: `extends` last, so that the template sees the
    /// variables of the file, and then without a body beside it.
    pub(super) fn body_entries(&mut self, entries: &Arc<[Entry]>) -> Arc<[Entry]> {
        let is_extends = |entry: &&Entry| entry.key.as_str() == "extends";
        if !entries.iter().any(|entry| is_extends(&entry)) {
            return Arc::clone(entries);
        }
        let (mut rest, mut last) = (Vec::with_capacity(entries.len()), Vec::new());
        for entry in entries.iter() {
            if is_extends(&entry) {
                last.push(entry.clone());
            } else if matches!(entry.key.as_str(), "stages" | "jobs" | "steps" | "phases") {
                let message = format!("Unexpected value '{}'", entry.key.text);
                let hint = "The file has 'extends' already: keep one of the two.".to_owned();
                self.report.error(entry.key_place, "unexpected_value", message, Some(hint));
            } else {
                rest.push(entry.clone());
            }
        }
        rest.append(&mut last);
        rest.into()
    }

    /// `extends:` of a file.
    pub(super) fn extends(&mut self, node: &Node, scope: &Scope) {
        let has_code = node.entries().is_none_or(|all| all.iter().any(|at| at.key.has_code()));
        if has_code && node.has_code {
            self.out.push(Out::One(None));
            self.work.push(Work::Extends(scope.clone()));
            return self.begin(node, At::Other, scope);
        }
        self.include(IncludeKind::Extends, node, scope);
    }

    /// Includes the template that an item (or `extends:`) names.
    pub(super) fn include(&mut self, kind: IncludeKind, item: &Node, scope: &Scope) {
        let Some(entries) = item.entries() else {
            let hint = Some("Write template: and the path of a file.".to_owned());
            return self.report.error(item.place, "wrong_type", "Expected a mapping", hint);
        };
        for entry in entries
            .iter()
            .filter(|entry| schema::key(Shape::StepTemplate, entry.key.as_str()).is_none())
        {
            let message = format!("Unexpected value '{}'", entry.key.text);
            let hint = did_you_mean(&entry.key.text, schema::names(Shape::StepTemplate))
                .or_else(|| Some("Known here: template, parameters.".to_owned()));
            self.report.error(entry.key_place, "unexpected_value", message, hint);
        }
        let Some((place, reference)) = self.reference(item, scope) else {
            return self.report.set_incomplete();
        };
        let Some(file) = self.open(&reference, place) else {
            return self.report.set_incomplete();
        };
        if scope.included.level >= MAX_LEVELS {
            let hint = self.chain(scope, file.index);
            let message = format!("Exceeded max template nesting level {MAX_LEVELS}");
            return self.halt(place, message, hint);
        }
        let (from, _) = self.library.file_of(place.source);
        let include = Include { from, span: place.span, to: file.index };
        if self.includes.insert(include) {
            self.in_order.push(include);
        }
        let index = file.index;
        let call = Box::new(Call { kind, file, place, scope: scope.clone() });
        self.out.push(Out::One(None));
        self.work.push(Work::Bind(call));
        if let Some(arguments) = item.get("parameters") {
            self.begin(arguments, At::Arguments(index), scope);
        }
    }

    /// The path, and where it is written.
    fn reference(&mut self, item: &Node, scope: &Scope) -> Option<(Place, String)> {
        let Some(node) = item.get("template") else {
            let message = "There's not enough info to determine what you meant. Add one of these properties: template";
            self.report.error(item.place, "missing_body", message, None);
            return None;
        };
        let found = match &node.value {
            NodeValue::Scalar(scalar) => self.scalar(scalar, node.place, scope)?,
            _ => node.clone(),
        };
        let message = match &found.value {
            NodeValue::Scalar(_) => return Some((node.place, found.text()?.to_owned())),
            NodeValue::Sequence(_) => "A sequence was not expected",
            NodeValue::Mapping(_) => "A mapping was not expected",
        };
        let hint = Some("Write the path of one file.".to_owned());
        self.report.error(node.place, "wrong_type", message, hint);
        None
    }

    fn open(&mut self, reference: &str, place: Place) -> Option<Rc<TemplateFile>> {
        let target = match self.library.resolve(reference, place.source) {
            Ok(target) => target,
            Err(bad) => {
                self.bad_reference(reference, place, bad);
                return None;
            }
        };
        match self.library.open(&target) {
            Opened::Known(file) => file,
            Opened::New(text) => self.read(target, &text),
            Opened::Failed(answer) => {
                self.no_file(&target, place, answer);
                None
            }
            Opened::TooMany => {
                let message = "The pipeline includes more than 100 files";
                self.halt(place, message, "Put several templates into one file.".to_owned());
                None
            }
            Opened::TooLarge => {
                let message = "Maximum object size exceeded";
                self.halt(place, message, "Include less text.".to_owned());
                None
            }
        }
    }

    fn read(&mut self, target: Target, text: &str) -> Option<Rc<TemplateFile>> {
        let source = self.report.sources().add_file(&target.name(), text);
        let tree = read(&source);
        let is_broken = tree.root.is_none() && !tree.diagnostics.is_empty();
        self.report.extend(source.id, tree.diagnostics);
        let file = if is_broken {
            None
        } else {
            let parameters = tree.root.as_ref().and_then(|root| root.get("parameters"));
            let declarations = of_template(parameters, &mut self.origins, self.report);
            if let Some(root) = &tree.root {
                self.check_syntax(root);
            }
            let (index, root) = (self.library.last_index(), tree.root);
            let start = source.place(0, 0);
            Some(Rc::new(TemplateFile { index, root, start, declarations }))
        };
        self.library.keep(target, file.clone());
        file
    }

    fn bad_reference(&mut self, reference: &str, place: Place, bad: BadReference) {
        let (code, message, hint) = match bad {
            BadReference::Empty => (
                "missing_value",
                "The template has no path.".to_owned(),
                Some("Write template: and the path of a file.".to_owned()),
            ),
            BadReference::AboveRoot => (
                "template_not_found",
                format!("The path '{reference}' leads out of the repository."),
                Some("Start it with / to count from the root of the repository.".to_owned()),
            ),
            BadReference::UnknownAlias { alias } => (
                "unknown_repository",
                format!(
                    "The template '{reference}' references the repository '{alias}' which is not defined by the pipeline."
                ),
                did_you_mean(&alias, self.library.aliases()).or_else(|| {
                    Some(format!("Add - repository: {alias} under resources: repositories:."))
                }),
            ),
        };
        self.report.error(place, code, message, hint);
    }

    fn no_file(&mut self, target: &Target, place: Place, answer: FileAnswer) {
        let (repository, path) = (&target.repository, &target.path);
        let name = if repository.is_own() { "self" } else { repository.name.as_str() };
        let (code, message, hint) = match answer {
            FileAnswer::NotMapped { hint } => (
                "repository_not_mapped",
                format!(
                    "The repository '{}' ({name}) is not mapped to a local checkout.",
                    repository.alias
                ),
                hint,
            ),
            FileAnswer::Refused { reason } => (
                "template_not_read",
                format!("File /{path} in repository {name} cannot be read: {reason}"),
                "Correct the path, or the file.".to_owned(),
            ),
            FileAnswer::NotFound | FileAnswer::Text(_) => {
                let from = self.library.name(self.library.file_of(place.source).0);
                let hint = format!(
                    "The path is relative to {from}; start it with / to count from the root of the repository."
                );
                (
                    "template_not_found",
                    format!("File /{path} not found in repository {name}."),
                    hint,
                )
            }
        };
        self.report.error(place, code, message, Some(hint));
    }

    /// How the walk came to where it is.
    fn chain(&self, scope: &Scope, last: usize) -> String {
        const SHOWN: usize = 8;
        let mut names = vec![self.library.name(last)];
        let mut at = Some(&scope.included);
        while let Some(included) = at {
            names.push(self.library.name(included.file));
            at = included.caller.as_ref();
        }
        names.reverse();
        let rest = names.len().saturating_sub(SHOWN);
        names.truncate(SHOWN);
        let more = if rest > 0 { format!(" > … ({rest} more)") } else { String::new() };
        format!("The files include each other: {}{more}.", names.join(" > "))
    }

    /// The arguments are there: binds them and starts with the file.
    pub(super) fn bind(&mut self, call: &Call) {
        let arguments = match self.out.pop() {
            Some(Out::One(node)) => node,
            _ => None,
        };
        let given = match &arguments {
            None => &[],
            Some(node) if node.text() == Some("") => &[] as &[Entry],
            Some(node) => match node.entries() {
                Some(entries) => entries,
                None => {
                    let hint = Some("Write name: value for each parameter.".to_owned());
                    self.report.error(node.place, "wrong_type", "Expected a mapping", hint);
                    &[]
                }
            },
        };
        let Call { kind, file, place, scope } = call;
        let mut binder = Binder { origins: &mut self.origins, report: self.report };
        let values = binder.template(&file.declarations, given, *place);
        let inner = Scope::new(Included::template(values, file.index, &scope.included));
        let entries = match file.root.as_ref().map(|root| (&root.value, root)) {
            Some((NodeValue::Mapping(entries), _)) => self.body_entries(entries),
            Some((_, root)) if !root.is_null() => {
                let hint = Some(format!("Start the file with {}:", kind.keys()[0]));
                self.report.error(root.place, "wrong_type", "Expected a mapping", hint);
                return;
            }
            _ => Vec::new().into(),
        };
        let may_be_empty = entries.iter().any(|entry| entry.key.has_code());
        self.out.push(Out::Mapping { gathered: Gathered::default(), key: None, at: At::Root });
        let body = Body { kind: *kind, place: file.start, may_be_empty };
        self.work.push(Work::EndBody(Box::new(body)));
        self.work.push(Work::Entries(Entries {
            entries,
            next: 0,
            chain: Chain::None,
            at: At::Root,
            scope: inner,
        }));
    }

    /// A file is expanded: its body goes where it was included.
    pub(super) fn end_body(&mut self, body: &Body) {
        let Some(Out::Mapping { gathered, .. }) = self.out.pop() else { return };
        let keys = body.kind.keys();
        let mut is_empty = true;
        for entry in gathered.entries {
            let key = entry.key.as_str();
            if !keys.contains(&key) {
                let message = format!("Unexpected value '{key}'");
                let hint = did_you_mean(key, keys.iter().copied()).or_else(|| {
                    Some(format!("A template included here holds {}.", keys.join(", ")))
                });
                self.report.error(entry.key_place, "unexpected_value", message, hint);
                continue;
            }
            is_empty &= matches!(key, "trigger" | "resources" | "lockBehavior")
                || (key == "variables" && body.kind == IncludeKind::Extends);
            match body.kind {
                IncludeKind::Extends => self.extend_with(entry),
                IncludeKind::Variables => self.put_variables(&entry.value),
                _ => self.put_items(&entry.value),
            }
        }
        // A file that extends another has the other's body.
        if is_empty && !body.may_be_empty && !self.has_body() && !self.report.has_error() {
            let kinds = match body.kind {
                IncludeKind::Extends => "stages, jobs, steps, extends",
                _ => keys[0],
            };
            let message = format!(
                "There's not enough info to determine what you meant. Add one of these properties: {kinds}"
            );
            let hint = Some("The file is included as a template of them.".to_owned());
            self.report.error(body.place, "missing_body", message, hint);
        }
    }

    fn has_body(&self) -> bool {
        match self.out.last() {
            Some(Out::Mapping { gathered, .. }) => gathered
                .entries
                .iter()
                .any(|entry| matches!(entry.key.as_str(), "stages" | "jobs" | "steps")),
            _ => false,
        }
    }

    fn put_items(&mut self, node: &Node) {
        match &node.value {
            NodeValue::Sequence(items) => {
                if self.count(node.place, items.len(), 0) {
                    for item in items.iter() {
                        self.deliver(item.clone());
                    }
                }
            }
            _ if node.text() == Some("") => {}
            _ => {
                let hint = Some("Start each item with '- '.".to_owned());
                self.report.error(node.place, "wrong_type", "Expected a sequence", hint);
            }
        }
    }

    /// Variables of a template join a list, whichever form they are written in.
    fn put_variables(&mut self, node: &Node) {
        let Some(entries) = node.entries() else { return self.put_items(node) };
        if !self.count(node.place, 5 * entries.len(), 0) {
            return;
        }
        for entry in entries {
            let word = |word: &str| Scalar::new(word, ScalarStyle::Plain);
            let key_place = entry.key_place;
            let name = Node::scalar(
                Scalar::new(Arc::clone(&entry.key.text), ScalarStyle::Expanded),
                key_place,
            );
            let both = vec![
                Entry { key: word("name"), key_place, value: name },
                Entry { key: word("value"), key_place, value: entry.value.clone() },
            ];
            self.deliver(Node::mapping(both, key_place));
        }
    }

    /// An entry of an extended template joins the file that extends it.
    fn extend_with(&mut self, entry: Entry) {
        match entry.key.as_str() {
            // Only the root's own triggers count.
            "trigger" => {}
            "resources" => self.join_resources(entry),
            _ => self.add(entry),
        }
    }

    fn join_resources(&mut self, entry: Entry) {
        self.library.declare(&entry.value);
        let Some(Out::Mapping { gathered, .. }) = self.out.last_mut() else { return };
        match gathered.entries.iter_mut().find(|known| known.key.as_str() == "resources") {
            Some(known) => known.value = joined(&known.value, &entry.value),
            None => self.add(entry),
        }
    }
}

/// Two `resources:`, the lists of each kind one after the other.
fn joined(first: &Node, second: &Node) -> Node {
    let (Some(left), Some(right)) = (first.entries(), second.entries()) else {
        return first.clone();
    };
    let mut entries = left.to_vec();
    for entry in right {
        match entries.iter_mut().find(|known| known.key.text == entry.key.text) {
            None => entries.push(entry.clone()),
            Some(known) => {
                let (old, new) = (known.value.items(), entry.value.items());
                let all = [old.unwrap_or_default(), new.unwrap_or_default()].concat();
                known.value = Node::sequence(all, known.value.place);
            }
        }
    }
    Node::mapping(entries, first.place)
}
