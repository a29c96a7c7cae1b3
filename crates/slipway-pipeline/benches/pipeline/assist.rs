//! What the editor's questions cost in a long file. `assist` prints the rows.

use slipway_pipeline::assist::{Alone, complete, definition, folding, hover, references, symbols};

use crate::{generated, print_rows, row};

/// Asks each question near the end of a file of 20,000 lines.
pub(crate) fn assist() {
    let text = generated::pipeline(20_000);
    let script = text.rfind("script:").or(text.rfind("bash:")).unwrap();
    let line_end = script + text[script..].find('\n').unwrap();
    let key = format!("{}\n    \n{}", &text[..line_end], &text[line_end..]);
    let typed = format!("{} $(Bu{}", &text[..line_end], &text[line_end..]);
    let at = line_end + 5;
    let named = text.rfind("stage:").or(text.rfind("job:")).unwrap() + 7;
    let rows = [
        row("slipway complete, a key", &key, move |text| complete(text, at, &Alone).len()),
        row("slipway complete, a macro", &typed, move |text| complete(text, at, &Alone).len()),
        row("slipway hover", &text, move |text| {
            hover(text, script + 1, &Alone).map_or(0, |hover| hover.text.len())
        }),
        row("slipway definition", &text, move |text| {
            definition(text, named, &Alone).map_or(0, |found| found.range.start)
        }),
        row("slipway references", &text, move |text| references(text, named).len()),
        row("slipway outline", &text, |text| symbols(text).len()),
        row("slipway folding", &text, |text| folding(text).len()),
    ];
    print_rows(&rows);
}
