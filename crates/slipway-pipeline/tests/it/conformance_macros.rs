//! Folders of kind `macros`: `macros.toml` with texts to expand, variables to resolve against each
//! other, and run numbers.

use indexmap::IndexMap;
use serde::Deserialize;
use slipway_pipeline::macros::{expand, resolve_variables};
use slipway_pipeline::numbering::{format_number, number_prefix};

use crate::conformance::{Case, all, same};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(default)]
    variables: IndexMap<String, String>,
    #[serde(default)]
    expand: Vec<Expand>,
    #[serde(default)]
    resolve: Vec<Resolve>,
    #[serde(default)]
    number: Vec<Number>,
}

/// A text, once, with the page's variables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expand {
    text: String,
    is: String,
}

/// Variables against each other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resolve {
    variables: IndexMap<String, String>,
    is: IndexMap<String, String>,
    #[serde(default)]
    warnings: Vec<String>,
}

/// A run number, with the page's variables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    format: Option<String>,
    /// UTC, such as `2024-03-05T06:07:08`.
    now: String,
    rev: u32,
    is: String,
    /// What the revision is counted under.
    prefix: Option<String>,
}

/// Runs one folder.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    case.has_nothing_of_its_own()?;
    let page: Page = case.toml("macros.toml")?;
    if page.expand.is_empty() && page.resolve.is_empty() && page.number.is_empty() {
        return Err("the case is empty: no [[expand]], [[resolve]] or [[number]]".to_owned());
    }
    let lookup = |name: &str| {
        let found = page.variables.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    };
    let expanded = page.expand.iter().map(|at| same(&at.text, &expand(&at.text, lookup), &at.is));
    let resolved = page.resolve.iter().map(|at| {
        let resolved = resolve_variables(&at.variables);
        same("values", &resolved.values, &at.is)?;
        same("warnings", &resolved.warnings, &at.warnings)
    });
    let numbers = page.number.iter().map(|at| {
        let now = at.now.parse().map_err(|error| format!("{}: {error}", at.now))?;
        let format = at.format.as_deref();
        let what = format.unwrap_or("the default");
        same(what, &format_number(format, now, at.rev, lookup), &at.is)?;
        let prefix = number_prefix(format, now, lookup);
        at.prefix.as_ref().map_or(Ok(()), |wanted| same("prefix", &prefix, wanted))
    });
    all(expanded.chain(resolved).chain(numbers))
}
