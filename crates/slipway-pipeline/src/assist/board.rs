//! A file as a canvas shows it: stages, jobs, hooks and steps as they are written, templates and
//! directives among them.
//!
//! Works from the file's lines, so that a file which is being typed is shown as far as it goes. Each node
//! has the [`Path`] that edits need. Deliberately not here: what the file comes to once its templates are
//! expanded ([`crate::plan`]), and where a node is drawn, which no file knows.

use std::ops::Range;

use super::sketch::{Id, Kind, ROOT, Sketch, directive};
use crate::document::Path;
use crate::schema::{Key, Shape, Value, first, jobs, keys, steps};

/// What is written at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardLevel {
    Stages,
    Jobs,
    Steps,
    /// `extends:`.
    Extends,
    /// None of these yet.
    Empty,
}

/// A file as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    pub level: BoardLevel,
    pub nodes: Vec<BoardNode>,
}

/// What a node of a board is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardKind {
    Stage,
    Job,
    Deployment,
    /// Of a deployment: `deploy`, `on.failure` and so on.
    Hook,
    Step,
    /// The call of a template.
    Template,
    Extends,
    /// `${{ if }}`, `${{ elseif }}`, `${{ else }}`, `${{ each }}` or `${{ insert }}`.
    Directive,
}

/// What a stage or job says that it waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoardWaits {
    /// Nothing is written: what stands before it, or nothing.
    Unsaid,
    /// These, as they are written; none at all for `[]`.
    For(Vec<String>),
}

/// A stage, job, hook, step, template or directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardNode {
    pub kind: BoardKind,
    /// Where it is written.
    pub path: Path,
    /// Its name; of a step `name`, of a template its file, of a directive its word.
    pub name: String,
    pub display_name: String,
    /// Of a step its kind and what it runs; of a directive what stands behind its word.
    pub detail: String,
    /// For a step its keyword, such as `task`; for a deployment its strategy.
    pub keyword: &'static str,
    pub condition: String,
    pub waits: BoardWaits,
    /// Names of the legs of a matrix; `parallel` is one, named by its number.
    pub legs: Vec<String>,
    pub is_enabled: bool,
    /// All of it.
    pub range: Range<usize>,
    pub children: Vec<BoardNode>,
}

/// The lists that hold nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Stages,
    Jobs,
    Steps,
}

/// Reads a file for the canvas.
pub fn board(text: &str) -> Board {
    let sketch = Sketch::new(text);
    let walk = Walk { sketch: &sketch };
    let top = [
        ("stages", BoardLevel::Stages, List::Stages),
        ("jobs", BoardLevel::Jobs, List::Jobs),
        ("phases", BoardLevel::Jobs, List::Jobs),
        ("steps", BoardLevel::Steps, List::Steps),
    ];
    for (key, level, list) in top {
        if let Some(pair) = sketch.child(ROOT, key) {
            return Board { level, nodes: walk.list(pair, &Path::root().key(key), list) };
        }
    }
    match sketch.child(ROOT, "extends") {
        Some(pair) => {
            let mut node = walk.node(pair, BoardKind::Extends, Path::root().key("extends"));
            node.name = walk.line(pair, "template");
            if node.name.is_empty() {
                node.name = sketch.value(pair).to_owned();
            }
            Board { level: BoardLevel::Extends, nodes: vec![node] }
        }
        None => Board { level: BoardLevel::Empty, nodes: Vec::new() },
    }
}

/// The mappings that a key takes.
fn shapes(key: &Key) -> impl Iterator<Item = Shape> {
    key.values.iter().filter_map(|value| match value {
        Value::Map(shape) => Some(*shape),
        _ => None,
    })
}

struct Walk<'s, 't> {
    sketch: &'s Sketch<'t>,
}

impl Walk<'_, '_> {
    // The depth is that of the file's indentation.
    fn list(&self, of: Id, path: &Path, list: List) -> Vec<BoardNode> {
        let items = self.sketch.children(of).filter(|id| self.sketch.node(*id).kind == Kind::Item);
        items.enumerate().flat_map(|(at, item)| self.item(item, &path.at(at), list)).collect()
    }

    /// One node, or one for each directive that the item holds.
    fn item(&self, item: Id, path: &Path, list: List) -> Vec<BoardNode> {
        let sketch = self.sketch;
        let entries: Vec<Id> = sketch.children(item).filter(|id| sketch.is_pair(*id)).collect();
        // A job may begin with `${{ each }}` and have keys of its own behind it.
        let is_block = entries.iter().all(|entry| sketch.is_directive(*entry));
        if is_block && !entries.is_empty() {
            let directives = entries.iter().enumerate();
            return directives
                .map(|(at, entry)| self.directive(*entry, path.at(at), list))
                .collect();
        }
        if sketch.child(item, "template").is_some() {
            let mut node = self.node(item, BoardKind::Template, path.clone());
            node.name = self.line(item, "template");
            return vec![node];
        }
        vec![match list {
            List::Stages => self.stage(item, path),
            List::Jobs => self.job(item, path),
            List::Steps => self.step(item, path),
        }]
    }

    fn directive(&self, entry: Id, path: Path, list: List) -> BoardNode {
        let key = self.sketch.key(entry);
        let word = directive(key).unwrap_or_default();
        let inner = key.trim().trim_start_matches("${{").trim_end_matches("}}");
        let rest = inner.trim_start_matches('-').trim_start().strip_prefix(word);
        let mut node = self.node(entry, BoardKind::Directive, path.clone());
        node.name = word.to_owned();
        node.detail = rest.unwrap_or_default().trim().to_owned();
        node.children = self.list(entry, &path, list);
        node
    }

    fn stage(&self, item: Id, path: &Path) -> BoardNode {
        let mut node = self.node(item, BoardKind::Stage, path.clone());
        node.name = self.line(item, "stage");
        for key in ["jobs", "phases"] {
            if let Some(pair) = self.sketch.child(item, key) {
                node.children = self.list(pair, &path.key(key), List::Jobs);
            }
        }
        node
    }

    fn job(&self, item: Id, path: &Path) -> BoardNode {
        let sketch = self.sketch;
        let is_deployment = sketch.child(item, "deployment").is_some();
        let kind = if is_deployment { BoardKind::Deployment } else { BoardKind::Job };
        let mut node = self.node(item, kind, path.clone());
        node.name = jobs()
            .iter()
            .filter_map(|shape| first(*shape))
            .map(|key| self.line(item, key))
            .find(|name| !name.is_empty())
            .unwrap_or_default();
        let strategy = sketch.child(item, "strategy");
        if let Some(strategy) = strategy {
            node.legs = self.legs(strategy);
        }
        let way = strategy.and_then(|strategy| {
            let mut ways = keys(Shape::DeploymentStrategy).iter();
            ways.find_map(|key| Some((key, sketch.child(strategy, key.name)?)))
        });
        if let Some((key, way)) = way {
            node.keyword = key.name;
            node.children = self.hooks(way, key, &path.key("strategy").key(key.name));
        } else if let Some(pair) = sketch.child(item, "steps") {
            node.children = self.list(pair, &path.key("steps"), List::Steps);
        }
        node
    }

    fn hooks(&self, way: Id, strategy: &Key, path: &Path) -> Vec<BoardNode> {
        let sketch = self.sketch;
        let mut found = Vec::new();
        for key in shapes(strategy).flat_map(keys) {
            let Some(pair) = sketch.child(way, key.name) else { continue };
            let path = path.key(key.name);
            match shapes(key).next() {
                Some(Shape::Hook) => found.push(self.hook(pair, key.name, path)),
                Some(Shape::OnHooks) => {
                    found.extend(keys(Shape::OnHooks).iter().filter_map(|end| {
                        let pair = sketch.child(pair, end.name)?;
                        Some(self.hook(pair, &format!("on.{}", end.name), path.key(end.name)))
                    }))
                }
                _ => {}
            }
        }
        found
    }

    fn hook(&self, pair: Id, name: &str, path: Path) -> BoardNode {
        let mut node = self.node(pair, BoardKind::Hook, path.clone());
        node.name = name.to_owned();
        if let Some(steps) = self.sketch.child(pair, "steps") {
            node.children = self.list(steps, &path.key("steps"), List::Steps);
        }
        node
    }

    fn step(&self, item: Id, path: &Path) -> BoardNode {
        let mut node = self.node(item, BoardKind::Step, path.clone());
        node.name = self.line(item, "name");
        let keyword = steps()
            .iter()
            .filter_map(|shape| first(*shape))
            .find(|key| self.sketch.child(item, key).is_some());
        if let Some(keyword) = keyword {
            node.keyword = keyword;
            node.detail = self.line(item, keyword);
        }
        node.is_enabled = !self.line(item, "enabled").eq_ignore_ascii_case("false");
        node
    }

    fn legs(&self, strategy: Id) -> Vec<String> {
        let sketch = self.sketch;
        if let Some(matrix) = sketch.child(strategy, "matrix") {
            let named: Vec<String> = sketch
                .children(matrix)
                .filter(|id| sketch.is_pair(*id) && !sketch.is_directive(*id))
                .map(|id| sketch.key(id).to_owned())
                .collect();
            let written = sketch.value(matrix);
            return if named.is_empty() && !written.is_empty() {
                vec![written.to_owned()]
            } else {
                named
            };
        }
        let parallel = self.line(strategy, "parallel");
        if parallel.is_empty() { Vec::new() } else { vec![parallel] }
    }

    fn waits(&self, item: Id) -> BoardWaits {
        let sketch = self.sketch;
        let Some(pair) = sketch.child(item, "dependsOn") else { return BoardWaits::Unsaid };
        let one = sketch.value(pair);
        if !one.is_empty() {
            return BoardWaits::For(vec![one.to_owned()]);
        }
        let names = sketch.children(pair).filter(|id| sketch.node(*id).kind == Kind::Item);
        let names = names.map(|id| sketch.value(id).to_owned());
        BoardWaits::For(names.filter(|name| !name.is_empty()).collect())
    }

    /// What all nodes have.
    fn node(&self, id: Id, kind: BoardKind, path: Path) -> BoardNode {
        let node = self.sketch.node(id);
        BoardNode {
            kind,
            path,
            name: String::new(),
            display_name: self.line(id, "displayName"),
            detail: String::new(),
            keyword: "",
            condition: self.line(id, "condition"),
            waits: self.waits(id),
            legs: Vec::new(),
            is_enabled: true,
            range: node.key.start..node.end,
            children: Vec::new(),
        }
    }

    /// The first line of what stands under a key.
    fn line(&self, id: Id, key: &str) -> String {
        let pair = self.sketch.child(id, key);
        pair.map_or_else(String::new, |pair| self.sketch.first_line(pair).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Edit};

    const FILE: &str = "trigger: [main]
stages:
- stage: Build
  displayName: Build it
  jobs:
  - job: Test
    strategy:
      matrix:
        linux: { os: Linux }
        mac:
          os: macOS
    steps:
    - checkout: self
    - ${{ if eq(variables.x, '1') }}:
      - task: Npm@1
        inputs: { command: ci }
      ${{ else }}:
      - script: echo no
    - ${{ each one in parameters.all }}:
      - template: steps/one.yml
        parameters: { it: '${{ one }}' }
    - bash: |
        set -e
        make
      name: make
      displayName: Make
      condition: always()
      enabled: false
- ${{ if true }}:
  - stage: Deploy
    dependsOn: [Build]
    jobs:
    - deployment: Web
      dependsOn:
      - A
      - B
      environment: staging
      strategy:
        canary:
          increments: [10]
          deploy:
            steps:
            - script: echo deploy
          on:
            failure:
              steps:
              - script: echo back
- template: more.yml
";

    fn drawn(nodes: &[BoardNode], depth: usize, into: &mut Vec<String>) {
        for node in nodes {
            let mut line = format!("{}{:?}", "  ".repeat(depth), node.kind);
            for word in [node.keyword, &node.name, &node.display_name, &node.detail] {
                if !word.is_empty() {
                    line.push_str(&format!(" [{word}]"));
                }
            }
            if let BoardWaits::For(names) = &node.waits {
                line.push_str(&format!(" after {names:?}"));
            }
            if !node.legs.is_empty() {
                line.push_str(&format!(" legs {:?}", node.legs));
            }
            into.push(line);
            drawn(&node.children, depth + 1, into);
        }
    }

    fn all<'b>(nodes: &'b [BoardNode], into: &mut Vec<&'b BoardNode>) {
        for node in nodes {
            into.push(node);
            all(&node.children, into);
        }
    }

    #[test]
    fn a_file_is_shown_as_it_is_written() {
        let board = board(FILE);
        let mut lines = Vec::new();
        drawn(&board.nodes, 0, &mut lines);
        assert_eq!(board.level, BoardLevel::Stages, "the file has stages");
        assert_eq!(
            lines,
            [
                "Stage [Build] [Build it]",
                "  Job [Test] legs [\"linux\", \"mac\"]",
                "    Step [checkout] [self]",
                "    Directive [if] [eq(variables.x, '1')]",
                "      Step [task] [Npm@1]",
                "    Directive [else]",
                "      Step [script] [echo no]",
                "    Directive [each] [one in parameters.all]",
                "      Template [steps/one.yml]",
                "    Step [bash] [make] [Make] [set -e]",
                "Directive [if] [true]",
                "  Stage [Deploy] after [\"Build\"]",
                "    Deployment [canary] [Web] after [\"A\", \"B\"]",
                "      Hook [deploy]",
                "        Step [script] [echo deploy]",
                "      Hook [on.failure]",
                "        Step [script] [echo back]",
                "Template [more.yml]",
            ],
            "each node once, under what it is written in"
        );
    }

    #[test]
    fn every_node_is_where_its_path_leads() {
        let board = board(FILE);
        let mut nodes = Vec::new();
        all(&board.nodes, &mut nodes);
        let document = Document::new(FILE);
        for node in nodes {
            let text = FILE[node.range.clone()].trim_end().to_owned();
            let applied = document
                .apply(&Edit::Remove { path: node.path.clone() })
                .unwrap_or_else(|error| panic!("{:?} {}: {error}", node.kind, node.path));
            let first = text.lines().next().unwrap().trim_start_matches("- ");
            let left = applied.document.text().matches(first).count();
            assert_eq!(
                left + 1,
                FILE.matches(first).count(),
                "{:?} {} is what goes: {first}",
                node.kind,
                node.path
            );
        }
    }

    #[test]
    fn smaller_files_and_broken_ones_are_shown_too() {
        let level = |text: &str| (board(text).level, board(text).nodes.len());
        assert_eq!(level(""), (BoardLevel::Empty, 0), "there is nothing yet");
        assert_eq!(
            level("steps:\n- script: a\n- bash: b\n"),
            (BoardLevel::Steps, 2),
            "steps alone"
        );
        assert_eq!(level("jobs: [{job: A}, {job: B}]\n"), (BoardLevel::Jobs, 2), "in brackets");
        let extends = board("extends:\n  template: base.yml@shared\n  parameters:\n    a: b\n");
        assert_eq!(extends.nodes[0].name, "base.yml@shared", "the template that it extends");
        let broken =
            board("jobs:\n- job: A\n  steps:\n  - script: 'no end\n- job: B\n  steps: [\n");
        assert_eq!(broken.nodes[0].name, "A", "what stands before the mistake is shown");
    }
}
