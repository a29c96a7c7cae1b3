//! TypeScript of the command table, written to `ui/src/ipc/generated/contract.ts`.
//!
//! `cargo xtask bindings` writes the file; a test fails while it is stale.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use crate::error::ApiError;
use crate::table::COMMANDS;
use slipway_core::{AppEvent, Tag};

/// Declarations found so far, by name.
pub type Collected = BTreeMap<String, String>;

struct Walk<'a> {
    found: &'a mut Collected,
    config: &'a Config,
}

impl TypeVisitor for Walk<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            if self.found.contains_key(&name) {
                return;
            }
            let mut text = T::docs().unwrap_or_default();
            text.push_str("export ");
            text.push_str(&T::decl(self.config));
            self.found.insert(name, text);
            T::visit_dependencies(self);
        }
        // A list of a type is no declaration; what it lists may hold such a list itself.
        T::visit_generics(self);
    }
}

/// Collects a type with all it is made of, and returns its TypeScript name.
pub fn collect<T: TS + 'static>(found: &mut Collected) -> String {
    let config = Config::default();
    Walk { found, config: &config }.visit::<T>();
    T::name(&config)
}

/// The whole module.
pub fn contract() -> String {
    let mut types = Collected::new();
    collect::<AppEvent>(&mut types);
    collect::<Tag>(&mut types);
    collect::<ApiError>(&mut types);
    let mut table = String::new();
    let mut facts = String::new();
    for command in COMMANDS {
        let request = (command.request)(&mut types);
        let response = (command.response)(&mut types);
        table.push_str(&format!(
            "  {}: {{ request: {request}; response: {response} }};\n",
            command.name
        ));
        facts.push_str(&format!(
            "  {}: {{ provides: {}, invalidates: {}, isMutation: {} }},\n",
            command.name,
            tags(command.provides),
            tags(command.invalidates),
            command.is_mutation
        ));
    }
    let mut out = String::from(
        "// Made by `cargo xtask bindings` from the command table in crates/slipway-api. Do not edit.\n\n",
    );
    for text in types.values() {
        out.push_str(text);
        out.push_str("\n\n");
    }
    out.push_str(
        "/** Every command with its request and its answer. */\nexport interface Commands {\n",
    );
    out.push_str(&table);
    out.push_str("}\n\nexport type CommandName = keyof Commands;\n\n");
    out.push_str("/** What each command's answer is cached under, and what it makes stale. */\n");
    out.push_str("export const COMMANDS: Record<CommandName, { provides: readonly Tag[]; invalidates: readonly Tag[]; isMutation: boolean }> = {\n");
    out.push_str(&facts);
    out.push_str("};\n");
    out
}

fn tags(tags: &[Tag]) -> String {
    serde_json::to_string(tags).expect("BUG: a tag is a word")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `cargo xtask bindings` sets the variable and so writes the file.
    #[test]
    fn the_bindings_are_fresh() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/ipc/generated/contract.ts");
        let fresh = contract();
        if std::env::var_os("SLIPWAY_WRITE_BINDINGS").is_some() {
            std::fs::write(file, &fresh).expect("the contract can be written");
        }
        let kept = std::fs::read_to_string(file).expect("the contract is there");
        assert!(
            kept == fresh,
            "ui/src/ipc/generated/contract.ts is stale: run `cargo xtask bindings`"
        );
    }
}
