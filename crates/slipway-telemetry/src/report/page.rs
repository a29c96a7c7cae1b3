//! Writes the report's HTML. Every text that is not ours goes through `escape`.

use std::fmt::Write as _;

use slipway_core::{HealthVerdict, StepOutcome};

use super::{ReportException, ReportInput, ThreadRow, Tile, Tone};
use crate::TelemetryError;
use crate::charts::{ChartSpec, Theme, ValueFormat, clock_text, escape, grouped, humanize, render};
use crate::stats::OperationSummary;

const STYLE: &str = include_str!("report.css");
/// As wide as half the page, so that labels keep their size.
const CHART_SIZE: (u32, u32) = (520, 210);
/// More rows help nobody who reads a page.
const MAX_ROWS: usize = 20;
const MAX_MESSAGE: usize = 240;

/// The report as a whole file.
pub fn html_report(input: &ReportInput) -> Result<String, TelemetryError> {
    let mut page = String::with_capacity(96 << 10);
    let title = escape(&input.title);
    let written = clock_text(input.generated_at, input.utc_offset_minutes);
    // Writing to a string cannot fail. The policy keeps a hostile exception message from doing
    // anything even if an escape were forgotten.
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
         'unsafe-inline'\">\n<title>{title} – health report</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<header>\n<p class=\"eyebrow\">Health report</p>\n<h1>{title}</h1>\n\
         <p class=\"subtitle\">{}</p>\n</header>\n",
        escape(&input.subtitle)
    );
    verdict(&mut page, input);
    tiles(&mut page, &input.tiles);
    charts(&mut page, &input.charts)?;
    thread(&mut page, &input.thread);
    operations(&mut page, &input.operations);
    exceptions(&mut page, input);
    let _ = write!(
        page,
        "<footer>Written by Slipway on {written} ({}).</footer>\n</main>\n</body>\n</html>\n",
        offset_text(input.utc_offset_minutes)
    );
    Ok(page)
}

fn verdict(page: &mut String, input: &ReportInput) {
    let (class, mark, word) = match input.verdict {
        HealthVerdict::Healthy => ("good", "✓", "Healthy"),
        HealthVerdict::Unhealthy => ("bad", "!", "Unhealthy"),
        HealthVerdict::Waiting => ("neutral", "…", "Waiting for telemetry"),
    };
    let _ = writeln!(
        page,
        "<section class=\"verdict {class}\"><span class=\"mark\" aria-hidden=\"true\">{mark}</span>\
         <div><h2>{word}</h2><p>{}</p></div></section>",
        escape(&input.reason)
    );
}

fn tiles(page: &mut String, tiles: &[Tile]) {
    if tiles.is_empty() {
        return;
    }
    page.push_str("<section class=\"tiles\" aria-label=\"Totals\">\n");
    for tile in tiles {
        let class = match tile.tone {
            Tone::Neutral => "neutral",
            Tone::Good => "good",
            Tone::Bad => "bad",
        };
        let _ = writeln!(
            page,
            "<div class=\"tile {class}\"><p class=\"label\">{}</p><p class=\"value\">{}</p>\
             <p class=\"note\">{}</p></div>",
            escape(&tile.label),
            escape(&tile.value),
            escape(&tile.note)
        );
    }
    page.push_str("</section>\n");
}

fn charts(page: &mut String, charts: &[ChartSpec]) -> Result<(), TelemetryError> {
    if charts.is_empty() {
        return Ok(());
    }
    page.push_str("<section class=\"charts\" aria-label=\"Charts\">\n");
    for spec in charts {
        let (width, height) = CHART_SIZE;
        let light = render(spec, Theme::Light, width, height)?;
        let dark = render(spec, Theme::Dark, width, height)?;
        let _ = write!(page, "<figure><figcaption><h2>{}</h2>", escape(&spec.title));
        if spec.series.len() > 1 {
            page.push_str("<ul class=\"legend\">");
            let colors = light.series_colors.iter().zip(&dark.series_colors);
            for (series, (light, dark)) in spec.series.iter().zip(colors) {
                let _ = write!(
                    page,
                    "<li><i class=\"on-light\" style=\"background:{light}\"></i><i class=\"on-dark\" \
                     style=\"background:{dark}\"></i>{}</li>",
                    escape(&series.name)
                );
            }
            page.push_str("</ul>");
        }
        let _ = writeln!(
            page,
            "</figcaption><div class=\"on-light\">{}</div><div class=\"on-dark\">{}</div></figure>",
            light.svg, dark.svg
        );
    }
    page.push_str("</section>\n");
    Ok(())
}

fn thread(page: &mut String, rows: &[ThreadRow]) {
    if rows.is_empty() {
        return;
    }
    page.push_str("<section class=\"card\"><h2>Golden thread</h2>\n<ol class=\"thread\">\n");
    for row in rows {
        let (class, mark, word) = state(row.state);
        let _ = write!(
            page,
            "<li class=\"{class}\"><span class=\"mark\" title=\"{word}\">{mark}</span><div>\
             <p class=\"kind\">{}</p><p class=\"title\">{}</p>",
            escape(&row.kind),
            escape(&row.title)
        );
        if !row.subtitle.is_empty() {
            let _ = write!(page, "<p class=\"note\">{}</p>", escape(&row.subtitle));
        }
        if !row.facts.is_empty() {
            page.push_str("<dl>");
            for (name, value) in &row.facts {
                let _ =
                    write!(page, "<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value));
            }
            page.push_str("</dl>");
        }
        page.push_str("</div></li>\n");
    }
    page.push_str("</ol></section>\n");
}

/// Class, mark and word of a state: never by colour alone.
fn state(outcome: StepOutcome) -> (&'static str, &'static str, &'static str) {
    match outcome {
        StepOutcome::Succeeded => ("good", "✓", "Succeeded"),
        StepOutcome::Failed => ("bad", "!", "Failed"),
        StepOutcome::Warning => ("warn", "!", "Warning"),
        StepOutcome::Running => ("going", "…", "Running"),
        StepOutcome::Ready => ("neutral", "→", "Ready"),
        StepOutcome::Skipped => ("neutral", "–", "Skipped"),
        StepOutcome::Idle => ("neutral", "·", "Nothing yet"),
    }
}

fn operations(page: &mut String, rows: &[OperationSummary]) {
    if rows.is_empty() {
        return;
    }
    page.push_str(
        "<section class=\"card\"><h2>Operations</h2>\n<div class=\"scroll\"><table>\n<thead><tr>\
         <th>Operation</th><th class=\"n\">Requests</th><th class=\"n\">Failed</th>\
         <th class=\"n\">p50</th><th class=\"n\">p95</th><th class=\"n\">p99</th></tr></thead>\n<tbody>\n",
    );
    for row in rows.iter().take(MAX_ROWS) {
        let summary = &row.summary;
        let millis = |value: Option<f64>| {
            value.map_or("–".to_owned(), |ms| humanize(ms, ValueFormat::Milliseconds))
        };
        let failed = if summary.failed == 0 {
            "<td class=\"n quiet\">0</td>".to_owned()
        } else {
            let rate = humanize(summary.failure_rate.unwrap_or_default(), ValueFormat::Percent);
            format!("<td class=\"n bad\">{} <small>{rate}</small></td>", grouped(summary.failed))
        };
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td class=\"n\">{}</td>{failed}<td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td></tr>",
            escape(&row.name),
            grouped(summary.requests),
            millis(summary.p50),
            millis(summary.p95),
            millis(summary.p99)
        );
    }
    page.push_str("</tbody></table></div>");
    more(page, rows.len(), "operations");
    page.push_str("</section>\n");
}

fn exceptions(page: &mut String, input: &ReportInput) {
    page.push_str("<section class=\"card\"><h2>Exceptions</h2>\n");
    if input.exceptions.is_empty() {
        page.push_str("<p class=\"none\">No exception was recorded in this span.</p></section>\n");
        return;
    }
    page.push_str(
        "<div class=\"scroll\"><table>\n<thead><tr><th>Problem</th><th>Operation</th>\
         <th class=\"n\">Count</th><th>Last seen</th><th>Work item</th></tr></thead>\n<tbody>\n",
    );
    for row in input.exceptions.iter().take(MAX_ROWS) {
        exception(page, row, input.utc_offset_minutes);
    }
    page.push_str("</tbody></table></div>");
    more(page, input.exceptions.len(), "exceptions");
    page.push_str("</section>\n");
}

fn exception(page: &mut String, row: &ReportException, utc_offset_minutes: i32) {
    let mut message: String = row.message.chars().take(MAX_MESSAGE).collect();
    if message.len() < row.message.len() {
        message.push('…');
    }
    let _ = writeln!(
        page,
        "<tr><td><strong>{}</strong><p class=\"note\">{}</p><code>{}</code></td><td>{}</td>\
         <td class=\"n\">{}</td><td class=\"when\">{}</td><td>{}</td></tr>",
        escape(&row.type_name),
        escape(&message),
        escape(&row.problem_id),
        escape(row.operation.as_deref().unwrap_or("–")),
        grouped(row.count),
        clock_text(row.last_seen, utc_offset_minutes),
        escape(row.work_item.as_deref().unwrap_or("–"))
    );
}

fn more(page: &mut String, rows: usize, what: &str) {
    if rows > MAX_ROWS {
        let _ =
            write!(page, "<p class=\"none\">{} more {what} are not shown.</p>", rows - MAX_ROWS);
    }
}

fn offset_text(minutes: i32) -> String {
    if minutes == 0 {
        return "UTC".to_owned();
    }
    let sign = if minutes < 0 { '−' } else { '+' };
    format!("UTC{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}
