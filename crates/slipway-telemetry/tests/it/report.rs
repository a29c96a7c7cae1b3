//! The report: complete, self-contained, and safe whatever the app put into its telemetry.

use slipway_core::HealthVerdict;
use slipway_telemetry::charts::Theme;
use slipway_telemetry::charts::render;
use slipway_telemetry::report::{ReportInput, html_report};

use crate::gallery::report;

fn page(input: &ReportInput) -> String {
    html_report(input).expect("it is written")
}

#[test]
fn it_says_everything_it_was_given() {
    let input = report();
    let html = page(&input);
    for text in [
        "Harbour shop",
        "Environment local",
        "Healthy",
        "exceptions alone do not decide",
        "Show the berth in the cart",
        "4f0c2ab91d77",
        "BerthTakenError at reserve",
        "AB#17",
        "98.3\u{a0}%",
        "2,100",
        "Written by Slipway on 22 Nov 2026, 16:03 (UTC+01:00)",
    ] {
        assert!(html.contains(text), "'{text}' is missing");
    }
    assert_eq!(html.matches("<svg").count(), 8, "four charts in two themes");
    let (width, height) = (520, 210);
    for spec in &input.charts {
        for theme in [Theme::Light, Theme::Dark] {
            let svg = render(spec, theme, width, height).expect("it draws").svg;
            assert!(html.contains(&svg), "{}: the {theme:?} chart is in", spec.title);
        }
    }
}

#[test]
fn it_needs_nothing_from_outside() {
    let html = page(&report());
    let outside =
        html.replace("http://www.w3.org/2000/svg", "").replace("http://127.0.0.1:8080/", "");
    for sign in ["http://", "https://", "<script", "<link", "<img", "@import", "url(\""] {
        assert!(!outside.contains(sign), "{sign} would be fetched or run");
    }
    assert!(html.contains("default-src 'none'"), "a policy says so as well");
    assert!(html.ends_with("</html>\n"), "the file ends with a line");
}

#[test]
fn markup_in_telemetry_stays_text() {
    let evil = "<img src=x onerror=\"alert('1')\">&\u{7}";
    let mut input = report();
    for text in [&mut input.title, &mut input.subtitle, &mut input.reason] {
        evil.clone_into(text);
    }
    for row in &mut input.thread {
        for text in [&mut row.kind, &mut row.title, &mut row.subtitle] {
            evil.clone_into(text);
        }
        row.facts = vec![(evil.to_owned(), evil.to_owned())];
    }
    for tile in &mut input.tiles {
        for text in [&mut tile.label, &mut tile.value, &mut tile.note] {
            evil.clone_into(text);
        }
    }
    for chart in &mut input.charts {
        evil.clone_into(&mut chart.title);
        chart.series.iter_mut().for_each(|series| evil.clone_into(&mut series.name));
        chart.markers.iter_mut().for_each(|marker| evil.clone_into(&mut marker.label));
    }
    input.operations.iter_mut().for_each(|operation| evil.clone_into(&mut operation.name));
    for row in &mut input.exceptions {
        for text in [&mut row.type_name, &mut row.problem_id, &mut row.message] {
            evil.clone_into(text);
        }
        row.operation = Some(evil.to_owned());
        row.work_item = Some(evil.to_owned());
    }
    let html = page(&input);
    assert!(!html.contains("<img"), "no markup of theirs");
    assert!(!html.contains("onerror=\""), "no attribute of theirs");
    assert!(!html.contains('\u{7}'), "no control characters");
    assert!(
        html.contains("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;"),
        "readable"
    );
}

#[test]
fn it_says_what_is_missing() {
    let bare = ReportInput {
        verdict: HealthVerdict::Waiting,
        thread: vec![],
        tiles: vec![],
        charts: vec![],
        operations: vec![],
        exceptions: vec![],
        utc_offset_minutes: 0,
        ..report()
    };
    let html = page(&bare);
    assert!(html.contains("Waiting for telemetry"), "the verdict has a word");
    assert!(html.contains("No exception was recorded"), "no table without rows");
    assert!(!html.contains("Golden thread") && !html.contains("<table"), "no empty sections");
    assert!(html.contains("(UTC)"), "the clock is named");
    let mut long = report();
    long.exceptions = vec![long.exceptions[0].clone(); 25];
    long.exceptions[0].message = "é".repeat(5000);
    let html = page(&long);
    assert!(html.contains("5 more exceptions are not shown."), "20 rows are enough");
    assert!(html.contains(&format!("{}…<", "é".repeat(240))), "a long message is cut with a sign");
}
