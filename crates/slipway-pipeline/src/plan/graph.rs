//! The plan as a picture: stages and jobs with their edges, as data and as text.
//!
//! Asked by `slipway pipeline graph` and by whoever draws. Deliberately not here: layout.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::Plan;

/// What a node of the picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum GraphNodeKind {
    Stage,
    Job,
    Deployment,
}

/// A stage or a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphNode {
    /// `Build` for a stage, `Build/test` for a job in it.
    pub id: String,
    pub kind: GraphNodeKind,
    pub name: String,
    pub display_name: String,
    /// The stage of a job, by its id.
    pub stage: Option<String>,
    /// How many jobs it becomes, where that is known before the run.
    pub count: usize,
    pub condition: Option<String>,
    pub line: u32,
}

/// Who waits for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphEdge {
    /// What is waited for, by its id.
    pub from: String,
    /// Who waits.
    pub to: String,
}

/// Nodes and edges, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanGraph {
    pub nodes: Vec<GraphNode>,
    pub edges: Vec<GraphEdge>,
}

/// Edges between items of one list, by names that ignore case.
fn edges<'a>(
    items: impl Iterator<Item = (&'a str, &'a [String])> + Clone,
    id: impl Fn(&str) -> String,
) -> Vec<GraphEdge> {
    let names: HashMap<String, &str> =
        items.clone().map(|(name, _)| (name.to_lowercase(), name)).collect();
    let mut found = Vec::new();
    for (name, depends_on) in items {
        for wanted in depends_on {
            if let Some(known) = names.get(&wanted.to_lowercase()) {
                found.push(GraphEdge { from: id(known), to: id(name) });
            }
        }
    }
    found
}

impl Plan {
    /// The picture.
    pub fn graph(&self) -> PlanGraph {
        let mut graph = PlanGraph::default();
        for stage in &self.stages {
            graph.nodes.push(GraphNode {
                id: stage.name.clone(),
                kind: GraphNodeKind::Stage,
                name: stage.name.clone(),
                display_name: stage.display_name.clone(),
                stage: None,
                count: stage.jobs.len(),
                condition: stage.condition.clone(),
                line: stage.span.line,
            });
            for job in &stage.jobs {
                let is_deployment = job.deployment.is_some();
                graph.nodes.push(GraphNode {
                    id: format!("{}/{}", stage.name, job.name),
                    kind: if is_deployment {
                        GraphNodeKind::Deployment
                    } else {
                        GraphNodeKind::Job
                    },
                    name: job.name.clone(),
                    display_name: job.display_name.clone(),
                    stage: Some(stage.name.clone()),
                    count: job.legs().len().max(1),
                    condition: job.condition.clone(),
                    line: job.span.line,
                });
            }
        }
        let stages = self.stages.iter().map(|it| (it.name.as_str(), it.depends_on.as_slice()));
        graph.edges = edges(stages, str::to_owned);
        for stage in &self.stages {
            let jobs = stage.jobs.iter().map(|it| (it.name.as_str(), it.depends_on.as_slice()));
            graph.edges.extend(edges(jobs, |name| format!("{}/{name}", stage.name)));
        }
        graph
    }
}

impl PlanGraph {
    /// What people read in a node.
    fn label(node: &GraphNode) -> String {
        let name = if node.display_name.is_empty() { &node.name } else { &node.display_name };
        match node.count {
            0 | 1 => name.clone(),
            _ if node.kind == GraphNodeKind::Stage => name.clone(),
            count => format!("{name} ({count} jobs)"),
        }
    }

    fn jobs_of<'a>(
        &'a self,
        by_stage: &'a HashMap<&str, Vec<&'a GraphNode>>,
        id: &str,
    ) -> &'a [&'a GraphNode] {
        by_stage.get(id).map_or(&[], Vec::as_slice)
    }

    fn by_stage(&self) -> HashMap<&str, Vec<&GraphNode>> {
        let mut found: HashMap<&str, Vec<&GraphNode>> = HashMap::new();
        for node in &self.nodes {
            if let Some(stage) = &node.stage {
                found.entry(stage).or_default().push(node);
            }
        }
        found
    }

    /// Graphviz: a box for each stage, its jobs inside.
    pub fn to_dot(&self) -> String {
        let quoted = |text: &str| format!("{text:?}");
        let mut out = String::from("digraph pipeline {\n  rankdir=LR;\n  compound=true;\n");
        let by_stage = self.by_stage();
        for (at, stage) in self.stages().enumerate() {
            let _ = writeln!(out, "  subgraph cluster_{at} {{");
            let _ = writeln!(out, "    label={};", quoted(&Self::label(stage)));
            let _ = writeln!(out, "    {} [shape=point];", quoted(&stage.id));
            for job in self.jobs_of(&by_stage, &stage.id) {
                let _ = writeln!(
                    out,
                    "    {} [shape=box, label={}];",
                    quoted(&job.id),
                    quoted(&Self::label(job))
                );
            }
            out.push_str("  }\n");
        }
        for edge in &self.edges {
            let _ = writeln!(out, "  {} -> {};", quoted(&edge.from), quoted(&edge.to));
        }
        out.push_str("}\n");
        out
    }

    /// Mermaid, which many places render.
    pub fn to_mermaid(&self) -> String {
        let numbers: HashMap<&str, usize> =
            self.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
        let number = |node: &GraphNode| numbers.get(node.id.as_str()).copied().unwrap_or_default();
        let label = |node: &GraphNode| Self::label(node).replace('"', "#quot;").replace('\n', " ");
        let by_stage = self.by_stage();
        let mut out = String::from("flowchart LR\n");
        for stage in self.stages() {
            let _ = writeln!(out, "  subgraph n{}[\"{}\"]", number(stage), label(stage));
            for job in self.jobs_of(&by_stage, &stage.id) {
                let _ = writeln!(out, "    n{}[\"{}\"]", number(job), label(job));
            }
            out.push_str("  end\n");
        }
        for edge in &self.edges {
            if let (Some(from), Some(to)) =
                (numbers.get(edge.from.as_str()), numbers.get(edge.to.as_str()))
            {
                let _ = writeln!(out, "  n{from} --> n{to}");
            }
        }
        out
    }

    /// Indented lines for a terminal: each stage and job with what it waits for.
    pub fn to_text(&self) -> String {
        let mut waits: HashMap<&str, Vec<&str>> = HashMap::new();
        for edge in &self.edges {
            let name = edge.from.rsplit('/').next().unwrap_or_default();
            waits.entry(&edge.to).or_default().push(name);
        }
        let by_stage = self.by_stage();
        let mut out = String::new();
        let mut line = |indent: &str, node: &GraphNode| {
            let _ = write!(out, "{indent}{}", node.name);
            if node.display_name != node.name && !node.display_name.is_empty() {
                let _ = write!(out, " \"{}\"", node.display_name);
            }
            if node.count > 1 && node.kind != GraphNodeKind::Stage {
                let _ = write!(out, " x{}", node.count);
            }
            if let Some(names) = waits.get(node.id.as_str()) {
                let _ = write!(out, " after {}", names.join(", "));
            }
            if let Some(condition) = &node.condition {
                let _ = write!(
                    out,
                    " if {}",
                    condition.split_whitespace().collect::<Vec<_>>().join(" ")
                );
            }
            out.push('\n');
        };
        for stage in self.stages() {
            line("", stage);
            for job in self.jobs_of(&by_stage, &stage.id) {
                line("  ", job);
            }
        }
        out
    }

    fn stages(&self) -> impl Iterator<Item = &GraphNode> {
        self.nodes.iter().filter(|node| node.kind == GraphNodeKind::Stage)
    }
}
