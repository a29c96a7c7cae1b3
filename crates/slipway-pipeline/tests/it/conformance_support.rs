//! docs/support.md: the list of folders, written between two marks by `cargo xtask support`; a test
//! fails while it is stale. What stands outside the marks is written by hand.

use std::collections::BTreeMap;
use std::fs;

use crate::conformance::{Case, cases, root};

const BEGIN: &str = "<!-- Written by `cargo xtask support` from tests/conformance. -->";
const END: &str = "<!-- The rest is written by hand. -->";

/// The order of the headings; an area that is not here comes after these.
const AREAS: [&str; 22] = [
    "YAML",
    "Document",
    "Triggers",
    "Run number",
    "Variables",
    "Parameters",
    "Templates",
    "Expressions",
    "Conditions",
    "Macros",
    "Stages, jobs, steps",
    "Strategies",
    "Deployment jobs",
    "Approvals and checks",
    "Resources",
    "Logging commands",
    "Workspace and checkout",
    "Limits and retries",
    "Containers",
    "Tasks",
    "Errors",
    "Edits",
];

fn rendered(cases: &[Case]) -> String {
    let mut areas: BTreeMap<(usize, &str), Vec<&Case>> = BTreeMap::new();
    for case in cases {
        let rank = AREAS.iter().position(|area| *area == case.area).unwrap_or(AREAS.len());
        areas.entry((rank, &case.area)).or_default().push(case);
    }
    let runs = cases.iter().filter(|case| case.kind == "run").count();
    let mut out = format!(
        "{} behaviours, each proven by its folder; {runs} of them, marked “runs”, by a run.\n",
        cases.len()
    );
    for ((_, area), cases) in areas {
        out.push_str(&format!("\n### {area}\n"));
        for Case { title, page, name, kind, .. } in cases {
            let runs = if kind == "run" { ", runs" } else { "" };
            out.push_str(&format!(
                "- {title} ([vendor]({page}), [`{name}`](../tests/conformance/{name}){runs})\n"
            ));
        }
    }
    out
}

#[test]
fn support_page_lists_every_folder() {
    let open = |(name, case): (String, Result<Case, String>)| {
        case.unwrap_or_else(|message| panic!("{name}: {message}"))
    };
    let cases: Vec<Case> = cases().into_iter().map(open).collect();
    let path = root().join("docs/support.md");
    let page = fs::read_to_string(&path).expect("docs/support.md is there");
    let (before, rest) = page.split_once(BEGIN).expect("the first mark is there");
    let (listed, after) = rest.split_once(END).expect("the second mark is there");
    let wanted = format!("\n{}\n", rendered(&cases));
    if std::env::var_os("SLIPWAY_WRITE_SUPPORT").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{wanted}{END}{after}")).expect("written");
        return;
    }
    assert_eq!(listed, wanted, "docs/support.md is stale: run cargo xtask support");
}
