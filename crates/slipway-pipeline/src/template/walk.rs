//! The walk over a tree: what each kind of node comes to.
//!
//! Two stacks instead of recursion: [`Work`] is what is still to be walked, [`Out`] what is being
//! built. A subtree without expressions and includes is taken over as it is, whatever its size.

use std::collections::HashSet;
use std::sync::Arc;

use super::Expander;
use super::context::Scope;
use super::include::{Body, Call, IncludeKind};
use super::keys::{Chain, Key, Rounds, is_spliced, whole};
use crate::expr::Value;
use crate::tree::{Entry, MAX_DEPTH, Node, NodeValue, Place, Scalar};

/// Where in a file the walk is, as far as variables and includes care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Root,
    Stages,
    Stage,
    Jobs,
    Job,
    Strategy,
    Steps,
    Variables,
    /// The arguments of the template with this number.
    Arguments(usize),
    Other,
}

impl At {
    fn under(self, key: &str) -> Self {
        match (self, key) {
            (Self::Root | Self::Stage | Self::Job, "variables") => Self::Variables,
            (Self::Root, "stages") => Self::Stages,
            (Self::Root | Self::Stage, "jobs") | (Self::Root, "phases") => Self::Jobs,
            (Self::Root | Self::Job | Self::Strategy, "steps") => Self::Steps,
            (Self::Job, "strategy") | (Self::Strategy, _) => Self::Strategy,
            _ => Self::Other,
        }
    }

    fn item(self) -> Self {
        match self {
            Self::Stages => Self::Stage,
            Self::Jobs => Self::Job,
            _ => Self::Other,
        }
    }

    fn holds_includes(self) -> bool {
        self != Self::Other
    }

    fn include_kind(self) -> Option<IncludeKind> {
        match self {
            Self::Stages => Some(IncludeKind::Stages),
            Self::Jobs => Some(IncludeKind::Jobs),
            Self::Steps => Some(IncludeKind::Steps),
            Self::Variables => Some(IncludeKind::Variables),
            _ => None,
        }
    }
}

/// A list that is being walked.
pub(super) struct Items {
    items: Arc<[Node]>,
    next: usize,
    chain: Chain,
    at: At,
    scope: Scope,
}

/// A mapping that is being walked.
pub(super) struct Entries {
    pub(super) entries: Arc<[Entry]>,
    pub(super) next: usize,
    pub(super) chain: Chain,
    pub(super) at: At,
    pub(super) scope: Scope,
}

/// What is still to be done, the last first.
pub(super) enum Work {
    Items(Items),
    Entries(Entries),
    /// An item that holds directives only: their blocks go into the list.
    Spliced(Entries),
    Blocks {
        block: Node,
        rounds: Rounds,
        at: At,
        into_list: bool,
    },
    EndList {
        place: Place,
    },
    EndMapping {
        place: Place,
        leaves_frame: bool,
    },
    /// The arguments are there.
    Bind(Box<Call>),
    /// A template's file is expanded.
    EndBody(Box<Body>),
    /// `extends:` whose keys had expressions.
    Extends(Scope),
}

/// What is being built.
pub(super) enum Out {
    List { items: Vec<Node>, at: At, scope: Scope },
    Mapping { gathered: Gathered, key: Option<(Scalar, Place)>, at: At },
    One(Option<Node>),
}

/// Entries being gathered, no key twice.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) entries: Vec<Entry>,
    keys: HashSet<Arc<str>>,
}

impl Gathered {
    /// False when the key was there before.
    fn is_new(&mut self, key: &Arc<str>) -> bool {
        const FEW: usize = 12;
        if self.entries.len() < FEW {
            return !self.entries.iter().any(|entry| entry.key.text == *key);
        }
        if self.keys.is_empty() {
            self.keys.extend(self.entries.iter().map(|entry| Arc::clone(&entry.key.text)));
        }
        self.keys.insert(Arc::clone(key))
    }
}

impl Expander<'_, '_> {
    /// The root file without expressions.
    pub(super) fn expand_root(&mut self, root: &Node, scope: Scope) -> Option<Node> {
        let entries = match &root.value {
            NodeValue::Mapping(entries) => self.body_entries(entries),
            _ => return self.expand(root, At::Root, &scope),
        };
        self.out.push(Out::One(None));
        self.open_mapping(entries, root.place, At::Root, &scope);
        self.run()
    }

    pub(super) fn expand(&mut self, node: &Node, at: At, scope: &Scope) -> Option<Node> {
        self.out.push(Out::One(None));
        self.begin(node, at, scope);
        self.run()
    }

    fn run(&mut self) -> Option<Node> {
        while !self.is_halted
            && let Some(work) = self.work.pop()
        {
            self.step(work);
        }
        self.work.clear();
        self.taken()
    }

    /// The one node that was waited for.
    pub(super) fn taken(&mut self) -> Option<Node> {
        match self.out.pop() {
            Some(Out::One(node)) if !self.is_halted => node,
            _ => None,
        }
    }

    fn step(&mut self, work: Work) {
        match work {
            Work::Items(items) => self.items(items),
            Work::Entries(entries) => self.entries(entries),
            Work::Spliced(entries) => self.spliced(entries),
            Work::Blocks { block, mut rounds, at, into_list } => {
                let Some(scope) = rounds.next() else { return };
                let again = Work::Blocks { block: block.clone(), rounds, at, into_list };
                self.work.push(again);
                if self.count(block.place, 1, 0) {
                    if into_list {
                        self.splice(&block, at, &scope);
                    } else {
                        self.merge(&block, at, &scope);
                    }
                }
            }
            Work::EndList { place } => {
                if let Some(Out::List { items, .. }) = self.out.pop() {
                    self.deliver(Node::sequence(items, place));
                }
            }
            Work::EndMapping { place, leaves_frame } => {
                if leaves_frame {
                    self.leave_frame();
                }
                if let Some(Out::Mapping { gathered, .. }) = self.out.pop() {
                    self.deliver(Node::mapping(gathered.entries, place));
                }
            }
            Work::Bind(call) => self.bind(&call),
            Work::EndBody(body) => self.end_body(&body),
            Work::Extends(scope) => {
                if let Some(node) = self.taken() {
                    self.include(IncludeKind::Extends, &node, &scope);
                }
            }
        }
    }

    /// Starts with a node; what it comes to goes into what is being built.
    pub(super) fn begin(&mut self, node: &Node, at: At, scope: &Scope) {
        if !needs_walk(node, at) {
            if self.count_whole(node) {
                self.take_over(node.clone(), at);
            }
            return;
        }
        match &node.value {
            NodeValue::Scalar(scalar) => {
                let Some(found) = self.scalar(scalar, node.place, scope) else { return };
                match &found.value {
                    NodeValue::Scalar(_) => self.deliver(found),
                    _ if needs_walk(&found, at) => self.begin_collection(&found, at, scope),
                    _ => self.take_over(found, at),
                }
            }
            _ => self.begin_collection(node, at, scope),
        }
    }

    fn begin_collection(&mut self, node: &Node, at: At, scope: &Scope) {
        match &node.value {
            NodeValue::Scalar(_) => {}
            NodeValue::Sequence(items) => {
                self.out.push(Out::List { items: Vec::new(), at, scope: scope.clone() });
                self.work.push(Work::EndList { place: node.place });
                self.push_items(Arc::clone(items), at, scope);
            }
            NodeValue::Mapping(entries) => {
                self.open_mapping(Arc::clone(entries), node.place, at, scope);
            }
        }
    }

    /// What needs no walk; its variables are declared all the same.
    fn take_over(&mut self, node: Node, at: At) {
        if at == At::Variables {
            for entry in node.entries().unwrap_or_default() {
                self.declare_entry(entry);
            }
            for item in node.items().unwrap_or_default() {
                self.declare_item(item);
            }
        }
        self.deliver(node);
    }

    fn push_items(&mut self, items: Arc<[Node]>, at: At, scope: &Scope) {
        let scope = scope.clone();
        self.work.push(Work::Items(Items { items, next: 0, chain: Chain::None, at, scope }));
    }

    fn push_entries(&mut self, entries: Arc<[Entry]>, at: At, scope: &Scope) {
        let scope = scope.clone();
        self.work.push(Work::Entries(Entries { entries, next: 0, chain: Chain::None, at, scope }));
    }

    /// Stages and jobs open a scope for variables.
    fn open_mapping(&mut self, entries: Arc<[Entry]>, place: Place, at: At, scope: &Scope) {
        let leaves_frame = matches!(at, At::Stage | At::Job);
        if leaves_frame {
            self.enter_frame();
        }
        self.out.push(Out::Mapping { gathered: Gathered::default(), key: None, at });
        self.work.push(Work::EndMapping { place, leaves_frame });
        self.push_entries(entries, at, scope);
    }

    fn items(&mut self, mut list: Items) {
        let at = list.at;
        while let Some(item) = list.items.get(list.next) {
            list.next += 1;
            if !needs_walk(item, at) {
                list.chain = Chain::None;
                if !self.count_whole(item) {
                    return;
                }
                let item = item.clone();
                self.deliver(item);
                continue;
            }
            if !self.count(item.place, 1, 0) {
                return;
            }
            let (item, scope) = (item.clone(), list.scope.clone());
            let before = std::mem::replace(&mut list.chain, Chain::None);
            self.work.push(Work::Items(list));
            match &item.value {
                NodeValue::Mapping(entries) if is_spliced(entries) => {
                    let entries = Arc::clone(entries);
                    let spliced = Entries { entries, next: 0, chain: before, at, scope };
                    self.work.push(Work::Spliced(spliced));
                }
                NodeValue::Scalar(scalar) if whole(scalar).is_some() => {
                    self.splice(&item, at, &scope);
                }
                NodeValue::Mapping(entries) => match at.include_kind() {
                    Some(kind) if is_include(entries) => self.include(kind, &item, &scope),
                    _ => self.begin(&item, at.item(), &scope),
                },
                _ => self.begin(&item, at.item(), &scope),
            }
            return;
        }
    }

    fn spliced(&mut self, mut item: Entries) {
        while let Some(entry) = item.entries.get(item.next) {
            item.next += 1;
            if !self.count(entry.key_place, 1, 0) {
                return;
            }
            let mut chain = item.chain;
            let key = self.key(entry, &item.scope, &mut chain);
            let (block, at) = (entry.value.clone(), item.at);
            item.chain = chain;
            if let Key::Blocks(rounds) = key {
                self.work.push(Work::Spliced(item));
                self.work.push(Work::Blocks { block, rounds, at, into_list: true });
                return;
            }
        }
        // The next item may go on with the chain.
        if let Some(Work::Items(list)) = self.work.last_mut() {
            list.chain = item.chain;
        }
    }

    fn entries(&mut self, mut mapping: Entries) {
        let at = mapping.at;
        while let Some(entry) = mapping.entries.get(mapping.next) {
            mapping.next += 1;
            if !self.count(entry.key_place, 1, entry.key.text.len()) {
                return;
            }
            let mut chain = mapping.chain;
            let key = self.key(entry, &mapping.scope, &mut chain);
            mapping.chain = chain;
            let (value, key_place) = (entry.value.clone(), entry.key_place);
            match key {
                Key::Skip => {}
                Key::Name(key) if at == At::Root && key.as_str() == "parameters" => {}
                Key::Name(key) if at == At::Root && key.as_str() == "extends" => {
                    let scope = mapping.scope.clone();
                    self.work.push(Work::Entries(mapping));
                    return self.extends(&value, &scope);
                }
                Key::Name(key) => {
                    let inner = self.under(at, key.as_str());
                    if !needs_walk(&value, inner) && inner != At::Variables {
                        if !self.count_whole(&value) {
                            return;
                        }
                        self.add(Entry { key, key_place, value });
                        continue;
                    }
                    if let Some(Out::Mapping { key: waiting, .. }) = self.out.last_mut() {
                        *waiting = Some((key, key_place));
                    }
                    let scope = mapping.scope.clone();
                    self.work.push(Work::Entries(mapping));
                    return self.begin(&value, inner, &scope);
                }
                Key::Blocks(rounds) => {
                    self.work.push(Work::Entries(mapping));
                    self.work.push(Work::Blocks { block: value, rounds, at, into_list: false });
                    return;
                }
            }
        }
    }

    fn under(&self, at: At, key: &str) -> At {
        let At::Arguments(file) = at else { return at.under(key) };
        match self.library.kind_of(file, key) {
            Some("stepList") => At::Steps,
            Some("job" | "deployment") => At::Job,
            Some("jobList" | "deploymentList") => At::Jobs,
            Some("stage") => At::Stage,
            Some("stageList") => At::Stages,
            _ => At::Other,
        }
    }

    /// Puts a finished node where it is waited for.
    pub(super) fn deliver(&mut self, node: Node) {
        if usize::from(node.weight.depth) > MAX_DEPTH {
            let hint = "Nest fewer lists and mappings.".to_owned();
            return self.halt(node.place, "Maximum object depth exceeded", hint);
        }
        match self.out.last_mut() {
            Some(Out::List { items, at, scope }) => {
                // A template may come out of an expression, too.
                if node.has_include
                    && node.get("template").is_some()
                    && let Some(kind) = at.include_kind()
                {
                    let scope = scope.clone();
                    return self.include(kind, &node, &scope);
                }
                let is_variable = *at == At::Variables;
                items.push(node);
                if is_variable {
                    self.declare_last();
                }
            }
            Some(Out::Mapping { key, .. }) => {
                if let Some((key, key_place)) = key.take() {
                    self.add(Entry { key, key_place, value: node });
                }
            }
            Some(Out::One(one)) => *one = Some(node),
            None => {}
        }
    }

    fn declare_last(&mut self) {
        let Some(Out::List { items, .. }) = self.out.last() else { return };
        if let Some(item) = items.last().cloned() {
            self.declare_item(&item);
        }
    }

    fn declare_item(&mut self, item: &Node) {
        let text = |key| item.get(key).and_then(Node::text);
        if let (Some(name), Some(value)) = (text("name"), text("value")) {
            self.set_variable(name, value.into());
        }
    }

    fn declare_entry(&mut self, entry: &Entry) {
        if let Some(value) = entry.value.text() {
            self.set_variable(&entry.key.text, Value::from(value));
        }
    }

    /// Adds an entry to the mapping that is being built.
    pub(super) fn add(&mut self, entry: Entry) {
        let Some(Out::Mapping { gathered, at, .. }) = self.out.last_mut() else { return };
        let (is_new, at) = (gathered.is_new(&entry.key.text), *at);
        match at {
            At::Variables => self.declare_entry(&entry),
            At::Root if entry.key.as_str() == "resources" => self.library.declare(&entry.value),
            _ => {}
        }
        if !is_new {
            let message = format!("'{}' is already defined", entry.key.text);
            let hint = Some("Remove one of the two.".to_owned());
            self.report.error(entry.key_place, "duplicate_key", message, hint);
        }
        if let Some(Out::Mapping { gathered, .. }) = self.out.last_mut() {
            gathered.entries.push(entry);
        }
    }

    /// Puts the block of a directive into the mapping around it.
    fn merge(&mut self, block: &Node, at: At, scope: &Scope) {
        match &block.value {
            NodeValue::Mapping(entries) => self.push_entries(Arc::clone(entries), at, scope),
            NodeValue::Scalar(scalar) if scalar.is_null() => {}
            NodeValue::Scalar(scalar) if whole(scalar).is_some() => {
                let Some(found) = self.scalar(scalar, block.place, scope) else { return };
                match &found.value {
                    NodeValue::Mapping(entries) => {
                        self.push_entries(Arc::clone(entries), at, scope);
                    }
                    _ if found.text() == Some("") => {}
                    _ => self.no_mapping(block.place),
                }
            }
            _ => self.no_mapping(block.place),
        }
    }

    fn no_mapping(&mut self, place: Place) {
        let hint = Some("The block goes into a mapping, so it is one itself.".to_owned());
        self.report.error(place, "wrong_type", "Expected a mapping", hint);
    }

    /// Puts the block of a directive, or the value of an expression, into the list around it.
    fn splice(&mut self, block: &Node, at: At, scope: &Scope) {
        match &block.value {
            NodeValue::Sequence(items) => self.push_items(Arc::clone(items), at, scope),
            NodeValue::Mapping(_) => self.push_items(Arc::from([block.clone()]), at, scope),
            NodeValue::Scalar(scalar) if scalar.is_null() => {}
            NodeValue::Scalar(scalar) => {
                let Some(found) = self.scalar(scalar, block.place, scope) else { return };
                match &found.value {
                    NodeValue::Sequence(items) => self.push_items(Arc::clone(items), at, scope),
                    NodeValue::Mapping(_) => self.push_items(Arc::from([found]), at, scope),
                    NodeValue::Scalar(_) if found.is_null() => {}
                    NodeValue::Scalar(_) => self.deliver(found),
                }
            }
        }
    }
}

/// True when there is something to do in a node or below it.
fn needs_walk(node: &Node, at: At) -> bool {
    node.has_code || (node.has_include && at.holds_includes())
}

/// `template:` and `parameters:`, written out.
fn is_include(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.key.as_str() == "template")
        && !entries.iter().any(|entry| entry.key.has_code())
}
