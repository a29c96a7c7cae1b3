//! A tree accounts for every byte of its text: printing it gives the file, and comments are found.

use granit_parser::{Event, Options, Parser};
use slipway_pipeline::tree::{
    PieceKind, ReadTree, SourceId, SourceText, comments, pieces, print, read, uncovered,
};

use crate::catalog::FILES;
use crate::tree::{TAKEN, corpus, generated};

/// Checks a text that has a tree. Returns its number of comments.
pub(crate) fn is_covered(text: &str) -> usize {
    let source = SourceText::new(SourceId(1), "a.yml", text);
    let tree = read(&source);
    let mut at = 0;
    for piece in pieces(&source, &tree) {
        assert_eq!(piece.start, at, "pieces of {text:?} follow each other");
        assert!(piece.end > piece.start, "{piece:?} of {text:?} is something");
        at = piece.end;
    }
    assert_eq!(at, text.len(), "the pieces of {text:?} end with it");
    assert_eq!(print(&source, &tree), text, "what is printed is what was read");
    if tree.root.is_some() {
        assert_eq!(uncovered(&source, &tree), None, "all of {text:?} is known");
    }
    // A key that is no scalar has been refused, and is one piece with all that is in it.
    let is_whole = tree.diagnostics.iter().all(|at| at.code != "wrong_type");
    // granit-parser goes on with plain text behind a comment that a tab indents.
    let has_tab = |line: &str| line.split('#').next().is_some_and(|before| before.contains('\t'));
    if tree.root.is_some() && is_whole && !text.lines().any(has_tab) {
        let found = comments(&source, &tree);
        let found: Vec<usize> = found.iter().map(|place| place.span.start).collect();
        assert_eq!(found, parser_comments(text), "the comments of {text:?}");
    }
    comments(&source, &tree).len()
}

/// Where granit-parser finds comments.
fn parser_comments(text: &str) -> Vec<usize> {
    let mut options = Options::default();
    options.set_emit_comments(true);
    options.emit_unresolved_aliases = true;
    options.max_buffered_comment_events = usize::MAX;
    let mut starts: Vec<usize> = Parser::new_from_str_with_options(text, options)
        .filter_map(Result::ok)
        .filter(|(event, _)| matches!(event, Event::Comment(..)))
        .filter_map(|(_, span)| span.start.byte_offset())
        .collect();
    starts.sort_unstable();
    starts
}

#[test]
fn what_is_printed_is_what_was_read() {
    for text in TAKEN {
        is_covered(text);
        is_covered(&text.replace("\r\n", "\n").replace('\n', "\r\n"));
    }
    for (_, text) in FILES {
        is_covered(text);
    }
    assert!(is_covered(&generated::pipeline(2_000)) > 50, "the generated file has comments");
    for (_, text) in corpus() {
        is_covered(&text);
    }
}

#[test]
fn texts_with_mistakes_are_covered_too() {
    for text in [
        "a: &x 1 # why\nb: *x\n",
        "a: !t b\nc: !<tag:x#y> d # e\n",
        "? a # b\n: c\n",
        "%YAML 1.2\n---\na: b # c\n...\n# d\n",
        "a: b\na: c # twice\n",
        "{{ a }}: b # c\n",
        "# only\n",
        "",
    ] {
        is_covered(text);
    }
}

#[test]
fn a_comment_is_what_stands_outside_scalars() {
    let text = "# a\nb: 'c # d' # e\nf: |  # g\n  # h\n  i # j\n # k\nl: m#n\n";
    let source = SourceText::new(SourceId(0), "a.yml", text);
    let tree = read(&source);
    let found: Vec<&str> = comments(&source, &tree)
        .iter()
        .map(|place| &text[place.span.start..place.span.end])
        .collect();
    assert_eq!(found, ["# a", "# e", "# g", "# k"], "not the ones in a value");
}

#[test]
fn a_tree_that_leaves_something_out_is_found_out() {
    let source = SourceText::new(SourceId(0), "a.yml", "a: b\n");
    let nothing = ReadTree::default();
    let place = uncovered(&source, &nothing).expect("nothing of the text is in it");
    assert_eq!((place.span.line, place.span.column), (1, 1), "at the first letter");
    let kinds: Vec<PieceKind> = pieces(&source, &nothing).iter().map(|piece| piece.kind).collect();
    assert!(kinds.contains(&PieceKind::Unknown), "{kinds:?}");
    assert_eq!(print(&source, &nothing), "a: b\n", "it is printed all the same");
}
