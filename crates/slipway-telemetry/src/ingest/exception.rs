//! Makes one exception of the chain a client sends: stack lines and the problem id that groups it.

use super::item::ExceptionDetail;
use super::lenient::clip;
use super::wire::{ExceptionDetails, StackFrame};

const MAX_FRAMES: usize = 200;
const MAX_LINE: usize = 1024;
const MAX_TYPE: usize = 1024;
const MAX_PROBLEM_ID: usize = 1024;

/// The outermost exception, with the stacks of inner ones below its own.
pub(super) fn detail(chain: &[ExceptionDetails<'_>], problem_id: Option<&str>) -> ExceptionDetail {
    let Some(outer) = chain.first() else {
        let problem_id = clip(problem_id.unwrap_or("Exception"), MAX_PROBLEM_ID).to_owned();
        return ExceptionDetail { type_name: "Exception".to_owned(), problem_id, stack: vec![] };
    };
    let type_name = clip(outer.type_name.as_str().unwrap_or("Exception"), MAX_TYPE).to_owned();
    let problem_id = match (problem_id, top_method(outer)) {
        (Some(id), _) => id.to_owned(),
        (None, Some(method)) => format!("{type_name} at {method}"),
        (None, None) => type_name.clone(),
    };
    let problem_id = clip(&problem_id, MAX_PROBLEM_ID).to_owned();
    let mut stack = Vec::new();
    for (depth, exception) in chain.iter().enumerate() {
        if depth > 0 {
            let inner = exception.type_name.as_str().unwrap_or("Exception");
            let message = exception.message.as_str().unwrap_or_default();
            let first_line = message.lines().next().unwrap_or_default();
            stack.push(clip(&format!("caused by {inner}: {first_line}"), MAX_LINE).to_owned());
        }
        push_frames(exception, &mut stack);
    }
    stack.truncate(MAX_FRAMES);
    ExceptionDetail { type_name, problem_id, stack }
}

fn push_frames(exception: &ExceptionDetails<'_>, stack: &mut Vec<String>) {
    if exception.parsed_stack.0.is_empty() {
        let lines = exception.stack.as_str().unwrap_or_default().lines();
        let lines = lines.map(str::trim_end).filter(|line| !line.trim().is_empty());
        stack.extend(lines.take(MAX_FRAMES).map(|line| clip(line, MAX_LINE).to_owned()));
        return;
    }
    stack.extend(by_level(exception).into_iter().take(MAX_FRAMES).map(frame_line));
}

/// Frames with the throwing one first.
fn by_level<'f>(exception: &'f ExceptionDetails<'_>) -> Vec<&'f StackFrame<'f>> {
    let mut frames: Vec<&StackFrame<'_>> = exception.parsed_stack.0.iter().collect();
    frames.sort_by(|a, b| a.level.0.unwrap_or(0.0).total_cmp(&b.level.0.unwrap_or(0.0)));
    frames
}

fn frame_line(frame: &StackFrame<'_>) -> String {
    let line = match (method(frame), frame.file_name.as_str(), frame.line.0) {
        (Some(method), Some(file), Some(line)) if line > 0.0 => {
            format!("at {method} ({file}:{line})")
        }
        (Some(method), Some(file), _) => format!("at {method} ({file})"),
        (Some(method), None, _) => match frame.assembly.as_str() {
            Some(assembly) => format!("at {method} in {assembly}"),
            None => format!("at {method}"),
        },
        (None, file, _) => {
            frame.assembly.as_str().or(file).unwrap_or("at an unknown frame").to_owned()
        }
    };
    clip(&line, MAX_LINE).to_owned()
}

/// The method of a frame; the JavaScript SDKs write `<no_method>` if they know none.
fn method<'f>(frame: &'f StackFrame<'_>) -> Option<&'f str> {
    frame.method.as_str().filter(|method| *method != "<no_method>")
}

fn top_method(exception: &ExceptionDetails<'_>) -> Option<String> {
    let frames = by_level(exception);
    if let Some(top) = frames.first() {
        return method(top).or(top.file_name.as_str()).map(str::to_owned);
    }
    top_of_text(exception.stack.as_str()?).map(str::to_owned)
}

/// The throwing method of a printed stack: `at method(…)` as .NET, Java and JavaScript print it, or
/// the last `File "…", line 1, in function` of a Python traceback.
fn top_of_text(stack: &str) -> Option<&str> {
    let at = stack.lines().find_map(|line| line.trim_start().strip_prefix("at "));
    let method = match at {
        Some(frame) => frame.split(['(', '[']).next().unwrap_or(frame).split(" in ").next(),
        None => {
            let python = stack.lines().rev().find(|line| line.trim_start().starts_with("File \""));
            python.and_then(|line| line.rsplit_once(", in ")).map(|(_, function)| function)
        }
    };
    let method = method.map(|method| without_place(method.trim().trim_start_matches("async ")));
    method.filter(|method| !method.is_empty())
}

/// A frame outside any function is only a file: line and column go, because they change with every
/// edit and would make one problem many.
fn without_place(mut text: &str) -> &str {
    while let Some((file, number)) = text.rsplit_once(':') {
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        text = file;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_stacks_name_their_top_method() {
        for (stack, method) in [
            (
                "Error: no\n    at Cart.add (/app/cart.js:3:1)\n    at main (/app/a.js:1:1)",
                "Cart.add",
            ),
            (
                "   at Shop.Cart.Add(Item item) in /src/Cart.cs:line 9\n   at Shop.Main()",
                "Shop.Cart.Add",
            ),
            ("Error: no\n    at async Cart.load (/app/c.js:1:1)", "Cart.load"),
            (
                "Error: no\n    at file:///app/shop.mjs:12:195\n    at a (b:1:1)",
                "file:///app/shop.mjs",
            ),
            ("java.lang.X: no\n\tat shop.Cart.add(Cart.java:9)", "shop.Cart.add"),
            (
                "Traceback:\n  File \"a.py\", line 9, in main\n  File \"b.py\", line 2, in add\nX: no",
                "add",
            ),
        ] {
            assert_eq!(top_of_text(stack), Some(method), "{stack}");
        }
        assert_eq!(top_of_text("it broke"), None, "free text has no method");
    }
}
