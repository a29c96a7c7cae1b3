//! The plan as a picture.

use slipway_pipeline::plan::{GraphNodeKind, PlanGraph};

use crate::catalog::read;

fn graph(text: &str) -> PlanGraph {
    let loaded = read(text);
    loaded.plan.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics)).graph()
}

const SHOP: &str = "\
stages:
- stage: Build
  displayName: Build \"it\"
  jobs:
  - job: test
    strategy: { matrix: { a: { v: 1 }, b: { v: 2 } } }
    steps: [{ script: x }]
  - job: pack
    dependsOn: TEST
    condition: and(succeeded(), eq(variables.p, '1'))
    steps: [{ script: x }]
- stage: Ship
  jobs:
  - deployment: web
    environment: shop
    strategy: { runOnce: { deploy: { steps: [{ script: x }] } } }
";

#[test]
fn stages_and_jobs_are_nodes_and_dependencies_are_edges() {
    let graph = graph(SHOP);
    let ids: Vec<&str> = graph.nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(ids, ["Build", "Build/test", "Build/pack", "Ship", "Ship/web"]);
    assert_eq!(graph.nodes[1].count, 2, "the legs are counted");
    assert_eq!(graph.nodes[4].kind, GraphNodeKind::Deployment);
    assert_eq!(graph.nodes[2].line, 8, "each knows its line");
    let edges: Vec<(&str, &str)> =
        graph.edges.iter().map(|edge| (edge.from.as_str(), edge.to.as_str())).collect();
    assert_eq!(edges, [("Build", "Ship"), ("Build/test", "Build/pack")], "names ignore case");
}

#[test]
fn the_picture_has_three_forms() {
    let graph = graph(SHOP);
    assert_eq!(
        graph.to_text(),
        "Build \"Build \"it\"\"\n  test x2\n  pack after test if and(succeeded(), eq(variables.p, '1'))\nShip after Build\n  web\n"
    );
    assert_eq!(
        graph.to_mermaid(),
        "flowchart LR\n  subgraph n0[\"Build #quot;it#quot;\"]\n    n1[\"test (2 jobs)\"]\n    n2[\"pack\"]\n  end\n  subgraph n3[\"Ship\"]\n    n4[\"web\"]\n  end\n  n0 --> n3\n  n1 --> n2\n"
    );
    let dot = graph.to_dot();
    for line in [
        "    label=\"Build \\\"it\\\"\";",
        "    \"Build/test\" [shape=box, label=\"test (2 jobs)\"];",
        "  \"Build/test\" -> \"Build/pack\";",
        "  \"Build\" -> \"Ship\" [ltail=cluster_0, lhead=cluster_1];",
    ] {
        assert!(dot.lines().any(|at| at == line), "{line} is not in\n{dot}");
    }
}

#[test]
fn a_picture_goes_over_the_wire() {
    let graph = graph(SHOP);
    let text = serde_json::to_string(&graph).unwrap();
    assert!(text.contains("\"displayName\""), "names as the page has them: {text}");
    assert_eq!(serde_json::from_str::<PlanGraph>(&text).unwrap(), graph, "and back");
}
