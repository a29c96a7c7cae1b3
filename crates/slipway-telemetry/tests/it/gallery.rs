//! Charts and a report as a person would see them. With `SLIPWAY_GALLERY=<folder>` they are written
//! there to be looked at.

use slipway_core::{HealthVerdict, StepOutcome};
use slipway_telemetry::charts::{
    ChartSpec, ColorRole, Marker, Point, Series, Theme, ValueFormat, render, render_file,
};
use slipway_telemetry::report::{ReportException, ReportInput, ThreadRow, Tile, Tone, html_report};
use slipway_telemetry::stats::{OperationSummary, Summary};

pub(crate) const FROM: i64 = 1_795_356_200_000;
pub(crate) const MINUTE: i64 = 60_000;

/// An hour of values, one a minute.
fn hour(value: impl Fn(f64) -> Option<f64>) -> Vec<Point> {
    (1..=60).map(|minute| (FROM + minute * MINUTE, value(minute as f64))).collect()
}

/// Looks random, is not.
fn noise(minute: f64) -> f64 {
    ((minute * 12.9898).sin() * 43_758.545).fract().abs()
}

pub(crate) fn series(name: &str, role: ColorRole, area: bool, points: Vec<Point>) -> Series {
    Series { name: name.to_owned(), role, points, area }
}

pub(crate) fn spec(title: &str, format: ValueFormat, series: Vec<Series>) -> ChartSpec {
    ChartSpec {
        title: title.to_owned(),
        unit: String::new(),
        from: FROM,
        to: FROM + 60 * MINUTE,
        series,
        markers: vec![
            Marker { at: FROM + 12 * MINUTE, label: "#41".to_owned() },
            Marker { at: FROM + 34 * MINUTE + 20_000, label: "#42".to_owned() },
        ],
        y_max: None,
        format,
        empty_text: "No requests yet".to_owned(),
        utc_offset_minutes: 60,
    }
}

pub(crate) fn four() -> Vec<ChartSpec> {
    let requests = hour(|m| Some((40.0 + 18.0 * (m / 9.0).sin() + 16.0 * noise(m)).round()));
    let failures =
        hour(|m| Some(if m > 35.0 && m < 44.0 { 3.0 + 7.0 * noise(m) } else { 0.4 * noise(m) }));
    let latency = |base: f64, spread: f64, bump: f64| {
        hour(move |m| {
            let extra = if m > 34.0 { bump * (-(m - 38.0).powi(2) / 18.0).exp() } else { 0.0 };
            ((m - 20.0).abs() > 1.6).then(|| base + spread * noise(m * base) + extra)
        })
    };
    let times = vec![
        series("p50", ColorRole::First, true, latency(42.0, 14.0, 40.0)),
        series("p95", ColorRole::Second, false, latency(120.0, 60.0, 190.0)),
        series("p99", ColorRole::Third, false, latency(210.0, 110.0, 330.0)),
    ];
    let availability = hour(|m| Some(if (m - 36.0).abs() < 1.1 { 75.0 } else { 100.0 }));
    let availability = vec![series("Availability", ColorRole::Good, true, availability)];
    vec![
        spec(
            "Server requests",
            ValueFormat::Count,
            vec![series("Requests", ColorRole::Accent, true, requests)],
        ),
        spec(
            "Failed requests",
            ValueFormat::Percent,
            vec![series("Failed", ColorRole::Bad, true, failures)],
        ),
        spec("Server response time", ValueFormat::Milliseconds, times),
        ChartSpec {
            y_max: Some(100.0),
            ..spec("Availability", ValueFormat::Percent, availability)
        },
    ]
}

fn variants() -> Vec<(String, ChartSpec)> {
    let mut all: Vec<(String, ChartSpec)> = four()
        .into_iter()
        .map(|spec| (spec.title.to_lowercase().replace(' ', "-"), spec))
        .collect();
    let none = vec![series("Requests", ColorRole::Accent, true, hour(|_| Some(0.0)))];
    all.push((
        "empty".into(),
        ChartSpec { markers: vec![], ..spec("Empty", ValueFormat::Count, none) },
    ));
    let one = hour(|m| (m == 41.0 || m > 55.0).then_some(1_320.0 - 10.0 * m));
    let one = vec![series("p95", ColorRole::Second, true, one)];
    all.push(("one-point".into(), spec("One point", ValueFormat::Milliseconds, one)));
    let many = hour(|m| Some(8_000.0 + 5_000.0 * noise(m)));
    let many = vec![series("Requests", ColorRole::Accent, true, many)];
    let markers = [3, 5, 30, 31, 32, 59]
        .map(|m| Marker { at: FROM + m * MINUTE, label: format!("release {m}") });
    all.push((
        "many-markers".into(),
        ChartSpec { markers: markers.to_vec(), ..spec("Many", ValueFormat::Count, many) },
    ));
    all
}

pub(crate) fn report() -> ReportInput {
    let row = |kind: &str, title: &str, subtitle: &str, facts: &[(&str, &str)]| ThreadRow {
        kind: kind.to_owned(),
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        state: StepOutcome::Succeeded,
        facts: facts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    };
    let tile = |label: &str, value: &str, note: &str, tone| Tile {
        label: label.to_owned(),
        value: value.to_owned(),
        note: note.to_owned(),
        tone,
    };
    let summary = |requests, failed| Summary {
        requests,
        failed,
        failure_rate: Some(failed as f64 * 100.0 / requests as f64),
        p50: Some(42.0),
        p95: Some(131.5),
        p99: Some(1_320.0),
    };
    ReportInput {
        title: "Harbour shop".to_owned(),
        subtitle: "Environment local, 14:43 to 15:43".to_owned(),
        generated_at: FROM + 60 * MINUTE,
        utc_offset_minutes: 60,
        verdict: HealthVerdict::Healthy,
        reason: "59 of 60 probes succeeded, 2,871 of 2,900 requests succeeded and the 95th percentile of \
                 response time is 132 ms. 3 exceptions were recorded; exceptions alone do not decide."
            .to_owned(),
        thread: vec![
            row("Commit", "Show the berth in the cart", "Ada Berg on main, AB#12", &[("Commit", "4f0c2ab91d77")]),
            row("Run", "20261122.4 succeeded in 48 s", "", &[("Tests", "31 passed"), ("Jobs", "3")]),
            row("Image", "shop:20261122.4", "127.0.0.1:5210", &[("Digest", "sha256:9b1c3f5e7a9b1c3f5e7a9b1c3f5e7a9b1c3f5e7a9b1c3f5e7a9b1c3f5e7a9b1c")]),
            row("Deployment", "#42 to local", "Rolled out in 6 s", &[("Workload", "deployment/shop"), ("URL", "http://127.0.0.1:8080/")]),
            row("Launch proof", "The running image is the pushed one", "", &[("Pod", "shop-7c9d")]),
            ThreadRow { state: StepOutcome::Warning, ..row("Health", "Healthy, with exceptions", "One problem is not yet in the backlog", &[]) },
            ThreadRow { state: StepOutcome::Ready, ..row("Backlog", "File a bug", "", &[]) },
        ],
        tiles: vec![
            tile("Requests", "2.9k", "48 a minute", Tone::Neutral),
            tile("Failed requests", "1\u{a0}%", "29 of 2.9k", Tone::Neutral),
            tile("Response time p95", "132\u{a0}ms", "p50 42 ms, p99 1.32 s", Tone::Neutral),
            tile("Availability", "98.3\u{a0}%", "59 of 60 probes", Tone::Good),
            tile("Exceptions", "3", "1 problem", Tone::Bad),
        ],
        charts: four(),
        operations: vec![
            OperationSummary { name: "GET /cart".to_owned(), summary: summary(2_100, 0) },
            OperationSummary { name: "POST /berth".to_owned(), summary: summary(800, 29) },
        ],
        exceptions: vec![ReportException {
            type_name: "BerthTakenError".to_owned(),
            problem_id: "BerthTakenError at reserve".to_owned(),
            message: "Berth 7 is taken by another ship".to_owned(),
            operation: Some("POST /berth".to_owned()),
            count: 3,
            last_seen: FROM + 51 * MINUTE,
            work_item: Some("AB#17".to_owned()),
        }],
    }
}

#[test]
fn the_gallery_can_be_drawn() {
    let folder = std::env::var_os("SLIPWAY_GALLERY").map(std::path::PathBuf::from);
    let write = |name: &str, text: &str| {
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).expect("the gallery's folder can be made");
            std::fs::write(folder.join(name), text)
                .expect("the gallery's folder can be written to");
        }
    };
    for (name, spec) in variants() {
        for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            for (size, width, height) in [("wide", 900, 260), ("small", 420, 160)] {
                let drawn = render(&spec, theme, width, height).expect("it draws");
                assert_eq!(drawn.is_empty, name == "empty", "{name}: only nothing is empty");
                write(&format!("{name}-{size}-{word}.svg"), &drawn.svg);
            }
            write(
                &format!("{name}-file-{word}.svg"),
                &render_file(&spec, theme, 900, 320).expect("it draws"),
            );
        }
    }
    write("report.html", &html_report(&report()).expect("it is written"));
}
