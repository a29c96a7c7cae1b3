//! Draws a measured chart, layer by layer.
//!
//! plotters rounds coordinates to whole pixels, so each layer is drawn four times as large and
//! scaled down. Layers are separate drawings put into groups: what plotters' SVG backend cannot say
//! (dashes, round joins, gradients, weights) is said on the group.

use std::fmt::Write as _;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

use super::layout::{LABEL_SIZE, Layout, text_width};
use super::palette::{Chrome, Rgb, Theme, chrome, hex, series_color};
use super::ticks::clock_text;
use super::values::humanize;
use super::{ChartSpec, Marker, Series};

/// How many pixels plotters draws for one unit.
const SCALE: i32 = 4;
/// plotters' SVG backend divides font sizes by this.
const FONT_FACTOR: f64 = 1.24;
const FONT: &str = "Inter Variable, Inter, system-ui, sans-serif";
const FLAG_SIZE: f64 = 10.5;
const FLAG_HEIGHT: i32 = 17;
const FLAG_Y: i32 = 4;

pub(super) type DrawError = DrawingAreaErrorKind<std::io::Error>;
type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plot<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// The whole drawing.
pub(super) fn svg(spec: &ChartSpec, theme: Theme, layout: &Layout) -> Result<String, DrawError> {
    let paint = chrome(theme);
    let mut out = String::with_capacity(16 << 10);
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" \
         font-family=\"{FONT}\"><title>{}</title><desc>{}</desc>",
        layout.width,
        layout.height,
        escape(&spec.title),
        escape(&describe(spec, layout))
    );
    let _ = write!(out, "<g transform=\"scale({})\">", 1.0 / f64::from(SCALE));
    group(&mut out, "shape-rendering=\"crispEdges\"", &layer(layout, |c| grid(c, layout, &paint))?);
    if layout.is_empty {
        let bars = layer(layout, |canvas| empty_bars(canvas, layout, &paint))?;
        group(&mut out, "", &rounded(&bars, 2));
        group(&mut out, "", &layer(layout, |c| empty_text(c, spec, layout, &paint))?);
    } else {
        for (index, series) in spec.series.iter().enumerate().filter(|(_, series)| series.area) {
            out.push_str(&area(spec, series, index, theme, layout)?);
        }
    }
    let poles = layer(layout, |canvas| marker_poles(canvas, spec, layout, &paint))?;
    group(&mut out, "stroke-dasharray=\"12 12\"", &poles);
    if !layout.is_empty {
        let drawn = layer(layout, |canvas| lines(canvas, spec, theme, layout))?;
        group(&mut out, "stroke-linejoin=\"round\" stroke-linecap=\"round\"", &drawn);
    }
    group(&mut out, "", &flags(spec, layout, &paint)?);
    group(&mut out, "", &layer(layout, |canvas| labels(canvas, layout, &paint))?);
    out.push_str("</g></svg>");
    Ok(out)
}

/// What a person who cannot see the chart hears.
fn describe(spec: &ChartSpec, layout: &Layout) -> String {
    let mut text = format!(
        "From {} to {}.",
        clock_text(spec.from, spec.utc_offset_minutes),
        clock_text(layout.to, spec.utc_offset_minutes)
    );
    if layout.is_empty {
        let _ = write!(text, " {}.", spec.empty_text.trim_end_matches('.'));
        return text;
    }
    for series in &spec.series {
        let values =
            || series.points.iter().filter_map(|point| point.1).filter(|value| value.is_finite());
        if let Some(last) = values().next_back() {
            let highest = values().fold(last, f64::max);
            let (last, highest) = (humanize(last, spec.format), humanize(highest, spec.format));
            let _ = write!(text, " {}: last {last}, highest {highest}.", series.name);
        }
    }
    text
}

/// Draws on a canvas of its own and takes off the `<svg>` around it.
fn layer(
    layout: &Layout,
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), DrawError>,
) -> Result<String, DrawError> {
    let scale = SCALE.unsigned_abs();
    let mut text = String::new();
    {
        let size = (layout.width * scale, layout.height * scale);
        let canvas = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(&canvas)?;
        canvas.present()?;
    }
    let start = text.find(">\n").map_or(0, |at| at + 2);
    let end = text.rfind("</svg>").unwrap_or(text.len());
    // The family stands once on the drawing itself.
    Ok(text[start..end].replace('\n', "").replace("font-family=\"inherit\" ", ""))
}

fn group(out: &mut String, attributes: &str, content: &str) {
    if content.is_empty() {
        return;
    }
    let space = if attributes.is_empty() { "" } else { " " };
    let _ = write!(out, "<g{space}{attributes}>{content}</g>");
}

fn plot<'a>(canvas: &Canvas<'a>, layout: &Layout) -> Plot<'a> {
    let x = (layout.left * SCALE)..(layout.right * SCALE);
    let y = (layout.bottom * SCALE)..(layout.top * SCALE);
    let span = (layout.to - layout.from) as f64;
    canvas.clone().apply_coord_spec(Cartesian2d::new(0.0..span, 0.0..layout.y_max, (x, y)))
}

fn color((red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}

fn stroke(paint: Rgb, width: f64) -> ShapeStyle {
    color(paint).stroke_width((width * f64::from(SCALE)).round() as u32)
}

fn text_style(paint: Rgb, size: f64, h: HPos, v: VPos) -> TextStyle<'static> {
    let size = size * FONT_FACTOR * f64::from(SCALE);
    let font = FontDesc::new(FontFamily::Name("inherit"), size, FontStyle::Normal);
    TextStyle { font, color: color(paint).to_backend_color(), pos: Pos::new(h, v) }
}

/// Writes a text at a place in units of the drawing.
fn write_text(
    canvas: &Canvas<'_>,
    text: &str,
    style: &TextStyle<'_>,
    (x, y): (f64, f64),
) -> Result<(), DrawError> {
    let scale = f64::from(SCALE);
    // plotters escapes markup, but lets control characters through, which XML forbids.
    let text = &text.replace(char::is_control, " ");
    canvas.draw_text(text, style, ((x * scale).round() as i32, (y * scale).round() as i32))
}

fn grid(canvas: &Canvas<'_>, layout: &Layout, paint: &Chrome) -> Result<(), DrawError> {
    let plot = plot(canvas, layout);
    let span = (layout.to - layout.from) as f64;
    // Without values there is nothing to measure: only the time axis stays.
    let ticks = layout.y_ticks.iter().filter(|tick| !layout.is_empty || tick.0 == 0.0);
    for (value, _) in ticks.rev() {
        let paint = if *value == 0.0 { paint.baseline } else { paint.grid };
        plot.draw(&PathElement::new(vec![(0.0, *value), (span, *value)], stroke(paint, 1.0)))?;
    }
    Ok(())
}

fn labels(canvas: &Canvas<'_>, layout: &Layout, paint: &Chrome) -> Result<(), DrawError> {
    let style = text_style(paint.label, LABEL_SIZE, HPos::Right, VPos::Center);
    let height = f64::from(layout.bottom - layout.top);
    for (value, label) in layout.y_ticks.iter().filter(|_| !layout.is_empty) {
        let y = f64::from(layout.bottom) - value / layout.y_max * height;
        write_text(canvas, label, &style, (f64::from(layout.left) - 10.0, y))?;
    }
    let style = text_style(paint.label, LABEL_SIZE, HPos::Center, VPos::Top);
    for tick in &layout.x_ticks {
        let (x, half) = (layout.x_of(tick.at), text_width(&tick.label, LABEL_SIZE) / 2.0);
        // A label that would be cut off at the right edge helps nobody.
        if x + half <= f64::from(layout.width) - 2.0 {
            write_text(canvas, &tick.label, &style, (x, f64::from(layout.bottom) + 9.0))?;
        }
    }
    Ok(())
}

/// What stands where nothing is to be drawn: four quiet bars, and what is missing.
fn empty_bars(canvas: &Canvas<'_>, layout: &Layout, paint: &Chrome) -> Result<(), DrawError> {
    let (x, y) = empty_center(layout);
    for (index, height) in [8, 14, 11, 20].into_iter().enumerate() {
        let left = (x as i32 - 17 + 9 * i32::try_from(index).unwrap_or(0)) * SCALE;
        let base = (y as i32 - 6) * SCALE;
        let corners = [(left, base - height * SCALE), (left + 6 * SCALE, base)];
        canvas.draw(&Rectangle::new(corners, color(paint.baseline).filled()))?;
    }
    Ok(())
}

fn empty_text(
    canvas: &Canvas<'_>,
    spec: &ChartSpec,
    layout: &Layout,
    paint: &Chrome,
) -> Result<(), DrawError> {
    let (x, y) = empty_center(layout);
    let style = text_style(paint.label, 13.0, HPos::Center, VPos::Center);
    write_text(canvas, &spec.empty_text, &style, (x, y + 12.0))
}

fn empty_center(layout: &Layout) -> (f64, f64) {
    (f64::from(layout.left + layout.right) / 2.0, f64::from(layout.top + layout.bottom) / 2.0)
}

/// Rectangles of a layer with round corners, which plotters does not know.
fn rounded(layer: &str, radius: i32) -> String {
    layer.replace("<rect ", &format!("<rect rx=\"{}\" ", radius * SCALE))
}

/// The parts of a line between its gaps, in the plot's values; instants outside are left out.
fn runs(series: &Series, layout: &Layout) -> Vec<Vec<(f64, f64)>> {
    let mut runs = vec![Vec::new()];
    for (at, value) in &series.points {
        if *at < layout.from || *at > layout.to {
            continue;
        }
        match value {
            Some(value) if value.is_finite() => {
                if let Some(run) = runs.last_mut() {
                    run.push(((at - layout.from) as f64, value.max(0.0)));
                }
            }
            _ if runs.last().is_some_and(|run| !run.is_empty()) => runs.push(Vec::new()),
            _ => {}
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Lines, the first of the chart on top; a value between two gaps is a dot.
fn lines(
    canvas: &Canvas<'_>,
    spec: &ChartSpec,
    theme: Theme,
    layout: &Layout,
) -> Result<(), DrawError> {
    let plot = plot(canvas, layout);
    for series in spec.series.iter().rev() {
        let paint = series_color(series.role, theme);
        for run in runs(series, layout) {
            if let [dot] = run.as_slice() {
                plot.draw(&Circle::new(*dot, 3 * SCALE, color(paint).filled()))?;
            } else {
                plot.draw(&PathElement::new(run, stroke(paint, 2.0)))?;
            }
        }
    }
    Ok(())
}

/// The fill under a line, fading towards zero.
fn area(
    spec: &ChartSpec,
    series: &Series,
    index: usize,
    theme: Theme,
    layout: &Layout,
) -> Result<String, DrawError> {
    let (paint, top_opacity) = (hex(series_color(series.role, theme)), chrome(theme).area_top);
    let drawn = layer(layout, |canvas| {
        let plot = plot(canvas, layout);
        for mut run in runs(series, layout).into_iter().filter(|run| run.len() > 1) {
            let (first, last) = (run[0].0, run[run.len() - 1].0);
            run.extend([(last, 0.0), (first, 0.0)]);
            plot.draw(&Polygon::new(run, color(series_color(series.role, theme)).filled()))?;
        }
        Ok(())
    })?;
    let id = format!("slipway-area-{:016x}", fingerprint(spec, theme, layout, index));
    // The layer holds nothing but polygons of this colour, which plotters writes in upper case.
    let fill = format!("fill=\"{}\"", paint.to_uppercase());
    let filled = drawn.replace(&fill, &format!("fill=\"url(#{id})\""));
    Ok(format!(
        "<defs><linearGradient id=\"{id}\" gradientUnits=\"userSpaceOnUse\" x1=\"0\" y1=\"{}\" x2=\"0\" \
         y2=\"{}\"><stop offset=\"0\" stop-color=\"{paint}\" stop-opacity=\"{top_opacity}\"/>\
         <stop offset=\"1\" stop-color=\"{paint}\" stop-opacity=\"0.02\"/></linearGradient></defs>\
         <g>{filled}</g>",
        layout.top * SCALE,
        layout.bottom * SCALE
    ))
}

/// Tells gradients of charts on one page apart (FNV-1a).
fn fingerprint(spec: &ChartSpec, theme: Theme, layout: &Layout, index: usize) -> u64 {
    let text = format!(
        "{}|{theme:?}|{}|{}|{}|{}|{index}",
        spec.title, layout.width, layout.height, layout.from, layout.to
    );
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn inside<'s>(spec: &'s ChartSpec, layout: &Layout) -> Vec<&'s Marker> {
    let mut markers: Vec<&Marker> = spec
        .markers
        .iter()
        .filter(|marker| (layout.from..=layout.to).contains(&marker.at))
        .collect();
    markers.sort_by_key(|marker| marker.at);
    markers
}

fn marker_poles(
    canvas: &Canvas<'_>,
    spec: &ChartSpec,
    layout: &Layout,
    paint: &Chrome,
) -> Result<(), DrawError> {
    for marker in inside(spec, layout) {
        let x = (layout.x_of(marker.at) * f64::from(SCALE)).round() as i32;
        // From the bottom up, so that a dash and not a gap touches the axis.
        let pole = vec![(x, layout.bottom * SCALE), (x, (FLAG_Y + FLAG_HEIGHT) * SCALE)];
        canvas.draw(&PathElement::new(pole, stroke(paint.marker, 1.0)))?;
    }
    Ok(())
}

/// Labels of deployments. The newest gets room first; one without room is a dot on its pole.
fn flags(spec: &ChartSpec, layout: &Layout, paint: &Chrome) -> Result<String, DrawError> {
    let (mut taken, mut with_label, mut without): (Vec<(f64, f64)>, Vec<_>, Vec<_>) =
        (Vec::new(), Vec::new(), Vec::new());
    for marker in inside(spec, layout).into_iter().rev() {
        let (x, width) = (layout.x_of(marker.at), text_width(&marker.label, FLAG_SIZE) + 12.0);
        let start = if x + width > f64::from(layout.width) - 2.0 { x - width } else { x };
        let is_free =
            |at: f64, end: f64| taken.iter().all(|(a, b)| end + 3.0 <= *a || at >= b + 3.0);
        if !marker.label.is_empty() && start >= 2.0 && is_free(start, start + width) {
            taken.push((start, start + width));
            with_label.push((marker, start, width));
        } else {
            without.push(x);
        }
    }
    let scaled = |value: f64| (value * f64::from(SCALE)).round() as i32;
    let shapes = layer(layout, |canvas| {
        for x in &without {
            let at = (scaled(*x), (FLAG_Y + FLAG_HEIGHT) * SCALE);
            canvas.draw(&Circle::new(at, 5 * SCALE / 2, color(paint.marker).filled()))?;
        }
        for (_, start, width) in &with_label {
            let top_left = (scaled(*start), FLAG_Y * SCALE);
            let bottom_right = (scaled(start + width), (FLAG_Y + FLAG_HEIGHT) * SCALE);
            canvas.draw(&Rectangle::new([top_left, bottom_right], color(paint.flag).filled()))?;
        }
        Ok(())
    })?;
    let texts = layer(layout, |canvas| {
        let style = text_style(paint.flag_text, FLAG_SIZE, HPos::Center, VPos::Center);
        let y = f64::from(FLAG_Y) + f64::from(FLAG_HEIGHT) / 2.0;
        with_label.iter().try_for_each(|(marker, start, width)| {
            write_text(canvas, &marker.label, &style, (start + width / 2.0, y))
        })
    })?;
    let shapes = rounded(&shapes, 4);
    let texts =
        if texts.is_empty() { texts } else { format!("<g font-weight=\"500\">{texts}</g>") };
    Ok(shapes + &texts)
}

/// Text safe in XML content and attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Control characters are not allowed in XML at all.
            c if c.is_control() && !matches!(c, '\n' | '\t') => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
