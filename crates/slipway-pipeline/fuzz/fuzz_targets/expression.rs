//! Any text as an expression: read, computed, traced; errors have an offset in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_pipeline::{ExpressionError, Value};
use slipway_pipeline::expr::{Context, Expression, Object};

struct World;

impl Context for World {
    fn named(&self, name: &str) -> Option<Value> {
        let list: Vec<Value> = ["one", "2", "3.0", "", "true"].map(Value::from).to_vec();
        let inner: Object = [("name", Value::from("x")), ("list", list.into())].into_iter().collect();
        let outer: Object = [("a", Value::from(inner)), ("b", "y".into())].into_iter().collect();
        matches!(name.to_ascii_lowercase().as_str(), "variables" | "parameters" | "dependencies")
            .then(|| outer.into())
    }

    fn call(
        &self,
        function: &str,
        _arguments: &[Value],
        _offset: usize,
    ) -> Option<Result<Value, ExpressionError>> {
        (function == "succeeded").then_some(Ok(Value::Boolean(true)))
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let outcome = Expression::parse(text).and_then(|read| read.evaluate_traced(&World));
    if let Err(error) = outcome {
        assert!(error.offset() <= text.len(), "{error} lies in the text");
        assert!(text.is_char_boundary(error.offset()), "{error} starts at a letter");
    }
});
