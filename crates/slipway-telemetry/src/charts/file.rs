//! A chart as a file of its own: with a surface, its title and a legend, which on a page the page draws.

use std::fmt::Write as _;

use super::draw::escape;
use super::layout::text_width;
use super::palette::{Theme, chrome, hex, series_color};
use super::{ChartSpec, render};
use crate::TelemetryError;

const HEAD: u32 = 44;
const EDGE: u32 = 12;

/// Draws a chart for an SVG file of the given size, head and legend included.
pub fn render_file(
    spec: &ChartSpec,
    theme: Theme,
    width: u32,
    height: u32,
) -> Result<String, TelemetryError> {
    let (width, height) = (width.max(280), height.max(170));
    let chart = render(spec, theme, width - EDGE, height - HEAD - EDGE)?;
    let paint = chrome(theme);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"Inter Variable, Inter, system-ui, sans-serif\">\
         <rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"{}\"/>\
         <text x=\"18\" y=\"28\" font-size=\"14\" font-weight=\"600\" fill=\"{}\">{}</text>",
        hex(paint.surface),
        hex(paint.title),
        escape(&spec.title)
    );
    // From right to left, so that the legend ends at the edge of the plot.
    let mut right = f64::from(width) - 22.0;
    for series in spec.series.iter().rev().filter(|_| spec.series.len() > 1) {
        let (name, text) = (escape(&series.name), text_width(&series.name, 11.0));
        let _ = write!(
            out,
            "<text x=\"{right:.1}\" y=\"27\" font-size=\"11\" text-anchor=\"end\" fill=\"{}\">{name}</text>\
             <rect x=\"{:.1}\" y=\"22\" width=\"12\" height=\"3\" rx=\"1.5\" fill=\"{}\"/>",
            hex(paint.label),
            right - text - 18.0,
            hex(series_color(series.role, theme))
        );
        right -= text + 34.0;
    }
    let placed =
        format!("<svg x=\"0\" y=\"{HEAD}\" width=\"{}\" height=\"{}\" ", chart.width, chart.height);
    out.push_str(&chart.svg.replacen("<svg ", &placed, 1));
    out.push_str("</svg>\n");
    Ok(out)
}
