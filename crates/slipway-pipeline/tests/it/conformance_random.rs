//! Random expressions, always the same ones: no panic, no endless work, and places that exist.

use std::time::Duration;

use slipway_core::RunResult;
use slipway_pipeline::expr::{Context, Expression, ExpressionPlace, FUNCTIONS, Object};
use slipway_pipeline::macros::{expand, names};

use crate::cpu::Begun;
use slipway_pipeline::{
    ConditionContext, Counters, ExpressionError, Status, Value, dependency, evaluate_runtime,
    trace_condition,
};

/// Marsaglia's xorshift: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

const ATOMS: [&str; 24] = [
    "true",
    "FALSE",
    "0",
    "1",
    "-1.50",
    ".5",
    "1.2.3",
    "1.2.3.4",
    "''",
    "'a'",
    "'it''s'",
    "'{0}{1}'",
    "'{{{0:yyyy}'",
    "'é€'",
    "'1,000'",
    "variables.a",
    "variables['Build.Reason']",
    "dependencies.A.outputs['s.v']",
    "pipeline.startTime",
    "parameters.list",
    "parameters.map.*",
    "parameters.list[*].name",
    "nope",
    "'2024-01-01T00:00:00Z'",
];

fn expression(dice: &mut Dice, depth: usize, out: &mut String) {
    if depth == 0 || dice.roll(3) == 0 {
        out.push_str(dice.pick(&ATOMS));
    } else {
        let function = &FUNCTIONS[dice.roll(FUNCTIONS.len())];
        out.push_str(function.name);
        out.push('(');
        let most = function.most.min(function.fewest + 3);
        let count = function.fewest + dice.roll(most - function.fewest + 1);
        for at in 0..count {
            out.push_str(if at == 0 { "" } else { dice.pick(&[",", ", ", " ,\n"]) });
            expression(dice, depth - 1, out);
        }
        out.push(')');
    }
    match dice.roll(12) {
        0 => out.push_str(".name"),
        1 => out.push_str("[*]"),
        2 => out.push_str("[0]"),
        3 if depth > 0 => {
            out.push('[');
            expression(dice, depth - 1, out);
            out.push(']');
        }
        _ => {}
    }
}

fn mutated(dice: &mut Dice, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len() + 1);
        let byte = dice.pick(b"()[].,*'\"-0919aAz_ \n{}$\\:\xc3\xa9\xf0\x00");
        match dice.roll(4) {
            0 if at < bytes.len() => bytes[at] = byte,
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.truncate(at),
            _ => bytes.insert(at, byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

struct World {
    status: Option<Status>,
}

impl ConditionContext for World {
    fn variable(&self, name: &str) -> Option<String> {
        (name != "nope").then(|| format!("value of {name}"))
    }

    fn dependencies(&self) -> Option<Value> {
        let outputs = [("s.v".to_owned(), "7".to_owned())].into_iter().collect();
        let jobs = [("A", dependency(RunResult::Succeeded, &outputs))];
        Some(jobs.into_iter().collect::<Object>().into())
    }

    fn pipeline(&self) -> Option<Value> {
        let start = Value::DateTime("2024-03-05T06:07:08Z".parse().expect("an instant"));
        Some([("startTime", start)].into_iter().collect::<Object>().into())
    }

    fn status(&self) -> Option<Status> {
        self.status.clone()
    }

    fn counters(&self) -> Option<&dyn Counters> {
        Some(self)
    }
}

impl Counters for World {
    fn next(&self, _prefix: &str, seed: i64) -> i64 {
        seed
    }
}

struct Compile;

impl Context for Compile {
    fn named(&self, name: &str) -> Option<Value> {
        let item =
            |name: &str| Value::from([("name", Value::from(name))].into_iter().collect::<Object>());
        let list: Value =
            vec![item("one"), item("two"), Value::Null, Value::from_plain("3.10")].into();
        let map: Object = [("list", list.clone()), ("text", "x".into())].into_iter().collect();
        match name {
            "parameters" => {
                Some([("list", list), ("map", map.into())].into_iter().collect::<Object>().into())
            }
            "variables" => Some(map.into()),
            _ => None,
        }
    }
}

fn has_place(text: &str, error: &ExpressionError) {
    let at = error.offset();
    assert!(text.is_char_boundary(at), "{text:?}: {error} stands at {at}, which is no letter");
    assert!(!error.to_string().is_empty(), "{text:?} is refused with words");
}

/// All that can be done with a text.
fn try_all(text: &str) -> bool {
    let node = Status::Node {
        is_canceling: false,
        results: [("A".to_owned(), RunResult::Succeeded)].into_iter().collect(),
    };
    for status in [None, Some(Status::Step { job: RunResult::Failed }), Some(node)] {
        let world = World { status };
        let outcome = evaluate_runtime(text, &world);
        match &outcome {
            Ok(value) => assert!(value.to_text().is_none_or(|text| text.len() < 11 << 20), "small"),
            Err(error) => has_place(text, error),
        }
        if let (Ok(value), false) = (&outcome, text.trim().is_empty()) {
            let traced = trace_condition(text, &world);
            let holds = traced.map(|traced| traced.holds);
            assert_eq!(holds, Ok(value.to_boolean()), "{text:?}: the trace agrees");
        }
    }
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => {
            has_place(text, &error);
            return false;
        }
    };
    for place in ExpressionPlace::ALL {
        for error in expression.check(*place, &["item"]) {
            has_place(text, &error);
        }
    }
    let outcome = expression.evaluate(&Compile);
    if let Err(error) = &outcome {
        has_place(text, error);
    }
    // A version is logged as v1.2.3, which is no literal.
    let canonical = expression.canonical();
    let has_version =
        canonical.as_bytes().windows(2).any(|pair| pair[0] == b'v' && pair[1].is_ascii_digit());
    if !has_version && canonical.len() < 20_000 {
        let again = Expression::parse(&canonical);
        // A property counts as an index there.
        if again.as_ref().is_err_and(|error| error.to_string().contains("max expression depth")) {
            return true;
        }
        let again = again.unwrap_or_else(|error| panic!("{text:?} as {canonical:?}: {error}"));
        assert_eq!(again.canonical(), canonical, "the form of a log is final");
        let (left, right) = (outcome.is_ok(), again.evaluate(&Compile).is_ok());
        assert_eq!(left, right, "{text:?} and {canonical:?} mean the same");
    }
    true
}

/// A number from the environment: `SLIPWAY_RANDOM_ROUNDS` for a long hunt, `SLIPWAY_RANDOM_SEED` for
/// another one.
fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn random_expressions_are_answered() {
    let begun = Begun::now();
    let rounds = number("SLIPWAY_RANDOM_ROUNDS", 20_000);
    let mut dice = Dice(number("SLIPWAY_RANDOM_SEED", 0x5eed_0003));
    let mut legal = 0;
    for _ in 0..rounds {
        let mut text = String::new();
        let depth = 1 + dice.roll(4);
        expression(&mut dice, depth, &mut text);
        if dice.roll(2) == 0 {
            text = mutated(&mut dice, &text);
        }
        legal += u64::from(try_all(&text));
    }
    assert!(legal > rounds / 4, "enough of them is legal: {legal}");
    let most = Duration::from_millis(3 * rounds);
    assert!(begun.elapsed() < most, "and none takes long: {:?}", begun.elapsed());
}

#[test]
fn random_letters_are_answered() {
    let mut dice = Dice(0x5eed_0004);
    for _ in 0..5_000 {
        let length = dice.roll(24);
        let text: String = (0..length)
            .map(|_| {
                dice.pick(&[
                    '(', ')', '[', ']', '.', ',', '*', '\'', '"', '-', '1', 'a', 'é', ' ', '{',
                    '}', '$', '\u{0}', '😀',
                ])
            })
            .collect();
        try_all(&text);
        let known = |name: &str| name.contains('a').then(|| "$(a)".to_owned());
        let expanded = expand(&text, known);
        assert!(expanded.len() <= text.len() * 4, "{text:?} is looked at once");
        assert!(names(&text).iter().all(|name| text.contains(name)), "{text:?} holds its names");
    }
}

#[test]
fn long_expressions_are_answered_soon() {
    let begun = Begun::now();
    let many = |piece: &str, around: [&str; 2]| {
        let count = (20_900 - around[0].len() - around[1].len()) / piece.len();
        format!("{}{}{}", around[0], piece.repeat(count), around[1])
    };
    for text in [
        many("(", ["", ""]),
        many("[", ["variables", ""]),
        many("not(", ["", ""]),
        many(".a", ["variables", ""]),
        many("[*]", ["parameters", ""]),
        many(".*", ["parameters", ""]),
        many("1,", ["and(", "1)"]),
        many("nope,", ["and(", "1)"]),
        many("variables.*,", ["and(", "1)"]),
        many("variables,", ["coalesce(", "1)"]),
        many("{0}", ["format('", "', convertToJson(parameters))"]),
        many("'", ["", ""]),
        many("a ", ["", ""]),
        many(",", ["split('a', '", "')"]),
        many(",", ["length(split('", "', ','))"]),
        many("in(1,", ["", ""]),
        format!("{}'a'{}", "variables[split(".repeat(24), ", ',')]".repeat(24)),
        format!("{}'a'{}", "nope[split(".repeat(24), ", ',')]".repeat(24)),
        format!("{}'a'{}", "parameters.list[split(".repeat(24), ", ',')]".repeat(24)),
    ] {
        try_all(&text);
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn the_deepest_expressions_need_a_small_stack() {
    let chain = format!("{}variables{}{}", "not(".repeat(49), ".a".repeat(195), ")".repeat(49));
    let nest = format!("{}'a'{}", "variables.a.a.a.a[".repeat(49), "]".repeat(49));
    let calls = format!("{}1{}", "and(1, ".repeat(49), ")".repeat(49));
    let small = std::thread::Builder::new().stack_size(1024 * 1024);
    let all = small.spawn(move || [chain, nest, calls].iter().all(|text| try_all(text)));
    let all = all.expect("a thread").join().expect("no overflow, no panic");
    assert!(all, "all of them are legal");
}
