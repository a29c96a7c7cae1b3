//! Where everything of a chart stands, in whole units of the drawing.

use slipway_core::Timestamp;

use super::ticks::{Tick, time_ticks};
use super::values::{ValueFormat, axis, axis_label};
use super::{ChartSpec, PlotRect};

pub(super) const LABEL_SIZE: f64 = 11.0;
/// Room for `600 ms`, so that charts below each other line up.
const MIN_LEFT: i32 = 56;
const RIGHT: i32 = 16;
const BOTTOM: i32 = 28;
const TOP: i32 = 10;
/// Room for flags over the plot.
const FLAG_TOP: i32 = 28;

/// The drawing, measured out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
    pub(super) y_max: f64,
    /// Values with a grid line, zero included.
    pub(super) y_ticks: Vec<(f64, String)>,
    pub(super) x_ticks: Vec<Tick>,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) is_empty: bool,
}

impl Layout {
    /// Measures a chart out.
    pub(super) fn of(spec: &ChartSpec, width: u32, height: u32) -> Self {
        let (from, to) = (spec.from, spec.to.max(spec.from.saturating_add(1)));
        let values = || {
            let points = spec.series.iter().flat_map(|series| &series.points);
            points.filter_map(|point| point.1).filter(|value| value.is_finite())
        };
        let is_empty = match spec.format {
            // A count of nothing but zeros says no more than none at all.
            ValueFormat::Count => values().all(|value| value == 0.0),
            ValueFormat::Percent | ValueFormat::Milliseconds => values().next().is_none(),
        };
        let has_marker = spec.markers.iter().any(|marker| (from..=to).contains(&marker.at));
        let top = if has_marker { FLAG_TOP } else { TOP };
        let (w, h) = (to_i32(width), to_i32(height));
        let bottom = h - BOTTOM;
        let highest =
            values().fold(spec.y_max.filter(|hint| hint.is_finite()).unwrap_or(0.0), f64::max);
        let lines = if bottom - top >= 130 { (3, 5) } else { (2, 3) };
        let (step, y_max) = axis(highest, lines, spec.format);
        let count = (y_max / step).round() as usize;
        let y_ticks: Vec<(f64, String)> = (0..=count)
            .map(|index| index as f64 * step)
            .map(|value| (value, axis_label(value, y_max, spec.format)))
            .collect();
        let widest = y_ticks.iter().map(|tick| text_width(&tick.1, LABEL_SIZE)).fold(0.0, f64::max);
        let left = (widest.ceil() as i32 + 14).max(MIN_LEFT);
        let right = w - RIGHT;
        let most = usize::try_from((right - left) / 72).unwrap_or(2).clamp(2, 10);
        let x_ticks = time_ticks(from, to, spec.utc_offset_minutes, most);
        Self {
            width,
            height,
            left,
            top,
            right,
            bottom,
            y_max,
            y_ticks,
            x_ticks,
            from,
            to,
            is_empty,
        }
    }

    pub(super) fn plot_rect(&self) -> PlotRect {
        PlotRect {
            left: f64::from(self.left),
            top: f64::from(self.top),
            right: f64::from(self.right),
            bottom: f64::from(self.bottom),
        }
    }

    /// Where an instant stands.
    pub(super) fn x_of(&self, at: Timestamp) -> f64 {
        let share = (at - self.from) as f64 / (self.to - self.from) as f64;
        f64::from(self.left) + share * f64::from(self.right - self.left)
    }
}

fn to_i32(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

/// How wide a text is in Inter, near enough to reserve room for it.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    let wide = |c: char| match c {
        '0'..='9' => 0.62,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.90,
        'i' | 'l' | 'j' | 't' | 'f' | 'r' | 'I' => 0.34,
        '.' | ',' | ':' | ';' | ' ' | '\u{a0}' | '|' | '\'' => 0.28,
        c if c.is_uppercase() => 0.69,
        c if c.is_ascii() => 0.57,
        _ => 1.0,
    };
    text.chars().map(wide).sum::<f64>() * size
}
