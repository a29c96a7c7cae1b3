//! The vectors of pipelines.md 8.8 and a few more.

use std::sync::Arc;

use super::{Context, Expression, Object, Value};
use crate::error::ExpressionError;

struct World;

impl Context for World {
    fn named(&self, name: &str) -> Option<Value> {
        match name.to_ascii_lowercase().as_str() {
            "variables" => Some(
                [("a", Value::from("x")), ("Build.Reason", "Manual".into())]
                    .into_iter()
                    .collect::<Object>()
                    .into(),
            ),
            "parameters" => {
                let mut strict = Object::strict();
                let item = |name: &str| -> Value {
                    [("name", Value::from(name))].into_iter().collect::<Object>().into()
                };
                strict.insert("list", vec![item("one"), item("two")].into());
                strict.insert("a-b", "dash".into());
                strict.insert("version", Value::from_plain("3.10"));
                Some(Value::Object(Arc::new(strict)))
            }
            "start" => Some(Value::DateTime("2024-03-05T06:07:08Z".parse().unwrap())),
            _ => None,
        }
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

fn run(text: &str) -> Result<String, ExpressionError> {
    let value = Expression::parse(text)?.evaluate(&World)?;
    Ok(value.to_text().unwrap_or_else(|| value.kind().to_owned()))
}

fn refused(text: &str) -> String {
    match run(text) {
        Ok(value) => panic!("{text} should be refused, but is {value}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_vector_of_the_reference_holds() {
    for (text, expected) in [
        ("eq(1,'1')", "True"),
        ("eq('1',1.0)", "True"),
        ("eq(true,'false')", "True"),
        ("eq('false',false)", "True"),
        ("eq(0,'')", "True"),
        ("eq('',0)", "False"),
        ("eq(false,'')", "True"),
        ("eq('',false)", "False"),
        ("eq(variables.nope,'')", "True"),
        ("eq(variables.nope,0)", "False"),
        ("not('')", "True"),
        ("not('false')", "False"),
        ("and(true,'x')", "True"),
        ("or(variables.nope,'')", "False"),
        ("format('{0}-{1}','a',1.50)", "a-1.5"),
        ("join(';',split('a,b',','))", "a;b"),
        ("length(split('a,,b',','))", "3"),
        ("containsValue(split('a,b',','),'B')", "True"),
        ("replace('a.b.c','.','_')", "a_b_c"),
        ("TRUE", "True"),
        ("variables.NOPE", ""),
        ("gt('abc',1)", "True"),
        ("lt(2,'10')", "True"),
        ("lt('2',10)", "False"),
        ("le(1.2.3,'1.2.10')", "True"),
        ("eq(1.2,'1.20')", "True"),
        ("in('B','a','b')", "True"),
        ("notIn('x','a')", "True"),
        ("gt(variables.nope,-1)", "True"),
        ("contains('Hello','ELL')", "True"),
        ("startsWith('refs/tags/v1','refs/TAGS')", "True"),
        ("coalesce('',variables.nope,'z')", "z"),
        ("format('{{{0}}}','x')", "{x}"),
        ("join(',','abc')", "abc"),
        ("convertToJson('x')", "\"x\""),
        ("iif(true,'a','b')", "a"),
    ] {
        assert_eq!(run(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn every_refusal_of_the_reference_is_in_azures_words() {
    for (text, words) in [
        ("gt(1,'abc')", "Unable to convert from String to Number. Value: 'abc'"),
        ("format('{0}')", "references more arguments than were supplied: {0}"),
        (
            "format('{0:yyyy}','x')",
            "The format specifiers 'yyyy' are not valid for objects of type 'String'",
        ),
        ("length(5)", "Kind 'Number' not supported."),
        (
            "null",
            "Unrecognized named-value: 'null'. Located at position 1 within expression: null.",
        ),
        ("nothing", "Unrecognized named-value: 'nothing'"),
        ("\"a\"", "Unexpected symbol: '\"a\"'. Located at position 1"),
        ("+5", "Unexpected symbol: '+5'"),
        ("a + b", "Unexpected symbol: '+'. Located at position 3 within expression: a + b."),
        ("(1)", "Unexpected symbol: '('"),
        ("1.2.x", "Unrecognized value: '1.2.x'"),
        ("0.9.o.9", "Unrecognized value: '0.9.o.9'"),
        ("and(true)", "Unexpected symbol: ')'. Located at position 9"),
        ("foo(", "Unclosed function: 'foo'"),
        ("variables['a", "Unrecognized value: ''a'. Located at position 11"),
        ("variables.", "Expected a property name to follow the dereference operator '.'"),
        ("variables['a'", "Unclosed indexer"),
        ("parameters.a-b", "Unexpected symbol: 'a-b'"),
        ("parameters.missing", "Key not found 'missing'"),
        ("eq", "Expected '(' to follow a function: 'eq'"),
        ("eq(1,2,3)", "Unexpected symbol: ','"),
        ("eq(1,)", "Unexpected symbol: ')'"),
        ("bogus()", "Unrecognized function: 'bogus'. Located at position 1"),
        ("", "An expression was expected"),
        ("true false", "Unexpected symbol: 'false'"),
        ("format('{0','x')", "The following format string is invalid: {0"),
    ] {
        let message = refused(text);
        assert!(message.contains(words), "{text} says {message}");
    }
}

#[test]
fn lists_are_indexed_and_filtered() {
    assert_eq!(run("parameters.list[1].name").as_deref(), Ok("two"), "index, then property");
    assert_eq!(run("parameters.list['0'].name").as_deref(), Ok("one"), "digits in a text do");
    assert_eq!(run("parameters.list[9].name").as_deref(), Ok(""), "outside is null");
    assert_eq!(run("parameters.list[-1].name").as_deref(), Ok(""), "negative is null");
    assert_eq!(run("join(',', parameters.list.*.name)").as_deref(), Ok("one,two"), "filtered");
    assert_eq!(run("join(',', parameters.list[*].NAME)").as_deref(), Ok("one,two"), "ignores case");
    assert_eq!(run("parameters['a-b']").as_deref(), Ok("dash"), "the way around a hyphen");
    assert_eq!(run("split('a.b', '.')[1]").as_deref(), Ok("b"), "a function's result has items");
}

#[test]
fn evaluation_stops_as_soon_as_the_answer_is_known() {
    assert_eq!(run("and(false, bogus())").as_deref(), Ok("False"), "and stops at the first no");
    assert_eq!(run("or(true, nothing)").as_deref(), Ok("True"), "or stops at the first yes");
    assert_eq!(run("coalesce('x', parameters.missing)").as_deref(), Ok("x"), "coalesce stops too");
    assert_eq!(run("in('a', 'a', bogus())").as_deref(), Ok("True"), "in stops at the first match");
    assert!(run("iif(true, 'a', bogus())").is_err(), "iif looks at both");
}

#[test]
fn object_scalars_keep_their_source_text() {
    assert_eq!(run("parameters.version").as_deref(), Ok("3.10"), "printed as written");
    assert_eq!(run("eq(parameters.version, '3.1')").as_deref(), Ok("True"), "compared as a number");
}

#[test]
fn dates_take_a_format() {
    assert_eq!(run("format('{0:yyyyMMdd\\.HHmm}', start)").as_deref(), Ok("20240305.0607"));
    assert!(refused("format('{0:yyyy-MM}', start)").contains("not valid"), "escaped it must be");
    assert_eq!(run("start").as_deref(), Ok("2024-03-05 06:07:08+00:00"));
}

#[test]
fn limits_hold_instead_of_the_stack() {
    let deep = format!("{}true{}", "not(".repeat(60), ")".repeat(60));
    assert_eq!(refused(&deep), "Exceeded max expression depth 50");
    let most = format!("{}true{}", "not(".repeat(49), ")".repeat(49));
    assert_eq!(run(&most).as_deref(), Ok("False"), "49 functions may be open");
    let chain = format!("variables{}", ".a".repeat(200));
    assert_eq!(run(&chain).as_deref(), Ok(""), "the links of a chain are not nested");
    let chain = format!("variables{}", ".a".repeat(5_000));
    assert_eq!(refused(&chain), "Exceeded max expression depth 50", "but end somewhere");
    assert_eq!(refused(&"a".repeat(21_001)), "Exceeded max expression length 21000");
}

#[test]
fn a_trace_shows_what_was_looked_at() {
    let text = "and(succeeded(), eq(variables['Build.Reason'], 'PullRequest'), bogus())";
    let traced = Expression::parse(text).unwrap().evaluate_traced(&World).unwrap();
    assert_eq!(traced.value, Value::Boolean(false));
    assert_eq!(
        traced.expanded, "and(True, eq('Manual', 'PullRequest'))",
        "named values are replaced, what was never looked at is left out"
    );
}

#[test]
fn names_are_checked_for_a_place() {
    let expression = Expression::parse("and(succeeded(), eq(dependencies.A.result, 'x'))").unwrap();
    let errors = expression.check_names(&["variables"], &["succeeded"]);
    assert_eq!(errors.len(), 1, "a step's condition sees variables only");
    assert_eq!(errors[0].offset(), 20, "the place is that of the name");
}

#[test]
fn a_short_text_cannot_fill_the_memory() {
    let mut text = "'xxxxxxxxxx'".to_owned();
    for _ in 0..40 {
        text = format!("replace({text}, 'x', 'xxxxxxxxxx')");
    }
    assert_eq!(refused(&text), "Maximum object size exceeded", "ten times ten times ten");
    let big = format!("format('{}', '{}')", "{0}".repeat(900), "x".repeat(15_000));
    assert_eq!(refused(&big), "Maximum object size exceeded", "900 times 15,000");
    let half = "replace('{0}{0}{0}{0}{0}{0}{0}{0}{0}{0}', '{0}', '{0}{0}{0}{0}{0}{0}{0}{0}')";
    let parts = vec![format!("length(format({half}, '{}'))", "y".repeat(900)); 20].join(", ");
    let text = format!("format('{{0}}', or(eq(1, 2), in(1, {parts})))");
    assert!(run(&text).is_ok(), "20 times 72,000 is little");
}

#[test]
fn the_canonical_form_is_that_of_a_log() {
    let text = "and( succeeded(),eq(variables.a ,'it''s'), x.*.b[ 1.50 ][*], 1.2.3 )";
    assert_eq!(
        Expression::parse(text).unwrap().canonical(),
        "and(succeeded(), eq(variables['a'], 'it''s'), x[*]['b'][1.5][*], v1.2.3)"
    );
}
