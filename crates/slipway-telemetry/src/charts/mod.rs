//! Draws the charts of insights and reports as SVG, with plotters.
//!
//! The page lays its hover over the plot rectangle, draws legends itself and scales the drawing by
//! its view box. Colours are those of the interface (`ui/src/styles/tokens.css`), chosen for 3:1
//! against its surfaces in both themes.
//!
//! Deliberately not here: fonts (the page has them), bitmaps, interaction, reduction of points:
//! `stats::buckets` keeps series short.

mod draw;
mod file;
mod layout;
mod palette;
mod ticks;
mod values;

pub use file::render_file;
pub use palette::{ColorRole, Theme, series_color};
pub use values::{ValueFormat, grouped, humanize};

pub(crate) use draw::escape;
pub(crate) use ticks::clock_text;

use slipway_core::Timestamp;

use crate::TelemetryError;

/// A value at an instant; nothing is a gap in the line.
pub type Point = (Timestamp, Option<f64>);

/// A chart to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSpec {
    pub title: String,
    /// What the values are, for people who hear the chart: `requests`, `%`, `ms`.
    pub unit: String,
    pub from: Timestamp,
    pub to: Timestamp,
    pub series: Vec<Series>,
    pub markers: Vec<Marker>,
    /// The axis reaches at least this far.
    pub y_max: Option<f64>,
    pub format: ValueFormat,
    /// What stands where nothing is to be drawn, such as `No requests yet`.
    pub empty_text: String,
    /// Where the reader's clock stands, in minutes east of UTC.
    pub utc_offset_minutes: i32,
}

/// A line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    pub role: ColorRole,
    /// Ascending by instant.
    pub points: Vec<Point>,
    /// Softly filled down to zero.
    pub area: bool,
}

/// A deployment on a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    pub at: Timestamp,
    pub label: String,
}

/// Where the plot lies in the drawing, in its units. `from..to` spans left to right, 0 to the
/// highest value spans bottom to top, both linearly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlotRect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// A drawn chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// An `<svg>` element without XML declaration or inline styles; its view box is `width` by `height`.
    pub svg: String,
    pub width: u32,
    pub height: u32,
    pub plot: PlotRect,
    /// The value at the top of the plot.
    pub y_max: f64,
    /// Colour of each series, as `#rrggbb`.
    pub series_colors: Vec<String>,
    /// True if there was nothing to draw.
    pub is_empty: bool,
}

/// Draws a chart. Width and height are at least 240 by 100.
pub fn render(
    spec: &ChartSpec,
    theme: Theme,
    width: u32,
    height: u32,
) -> Result<Rendered, TelemetryError> {
    let layout = layout::Layout::of(spec, width.clamp(240, 8000), height.clamp(100, 4000));
    let svg = draw::svg(spec, theme, &layout).map_err(|error| TelemetryError::ChartNotDrawn {
        title: spec.title.clone(),
        reason: error.to_string(),
    })?;
    Ok(Rendered {
        svg,
        width: layout.width,
        height: layout.height,
        plot: layout.plot_rect(),
        y_max: layout.y_max,
        series_colors: spec
            .series
            .iter()
            .map(|series| palette::hex(series_color(series.role, theme)))
            .collect(),
        is_empty: layout.is_empty,
    })
}
