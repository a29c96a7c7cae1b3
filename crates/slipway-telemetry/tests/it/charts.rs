//! Geometry and safety of drawings, read back from the SVG.

use slipway_telemetry::charts::{
    ChartSpec, ColorRole, Marker, Rendered, Theme, ValueFormat, render, render_file,
};

use crate::gallery::{FROM, MINUTE, four, series, spec};

/// How much larger the inside of a drawing is.
const SCALE: f64 = 4.0;

fn draw(spec: &ChartSpec) -> Rendered {
    render(spec, Theme::Light, 900, 260).expect("it draws")
}

/// The values of an attribute in the elements of one name, in order.
fn attributes<'s>(svg: &'s str, element: &str, attribute: &str) -> Vec<&'s str> {
    let start = format!("{attribute}=\"");
    svg.split('<')
        .filter(|tag| tag.split([' ', '>']).next() == Some(element))
        .filter_map(|tag| tag.split_once(&start))
        .filter_map(|(_, rest)| rest.split_once('"'))
        .map(|(value, _)| value)
        .collect()
}

/// The 2 px lines of a drawing, in its units.
fn lines(svg: &str) -> Vec<Vec<(f64, f64)>> {
    svg.split('<')
        .filter(|tag| tag.starts_with("polyline") && tag.contains("stroke-width=\"8\""))
        .filter_map(|tag| tag.split_once("points=\"")?.1.split_once('"'))
        .map(|(points, _)| {
            let pairs = points.split_whitespace().filter_map(|pair| pair.split_once(','));
            pairs
                .map(|(x, y)| {
                    (x.parse::<f64>().expect("x") / SCALE, y.parse::<f64>().expect("y") / SCALE)
                })
                .collect()
        })
        .collect()
}

fn one_line(points: Vec<(i64, Option<f64>)>) -> ChartSpec {
    spec("Line", ValueFormat::Count, vec![series("Requests", ColorRole::Accent, true, points)])
}

#[test]
fn values_stand_where_the_plot_says() {
    for (width, height) in [(900, 260), (420, 160), (1333, 401)] {
        let values = [(0, 0.0), (17, 12.0), (30, 90.0), (60, 45.0)];
        let points = values.map(|(minute, value)| (FROM + minute * MINUTE, Some(value)));
        let drawn =
            render(&one_line(points.to_vec()), Theme::Dark, width, height).expect("it draws");
        let (plot, line) = (drawn.plot, lines(&drawn.svg).remove(0));
        assert_eq!(line.len(), 4, "one point a value");
        for ((minute, value), (x, y)) in values.into_iter().zip(line) {
            let right = plot.left + minute as f64 / 60.0 * (plot.right - plot.left);
            let above = plot.bottom - value / drawn.y_max * (plot.bottom - plot.top);
            assert!(
                (x - right).abs() <= 0.26,
                "{width}x{height}: x {x} of minute {minute}, not {right}"
            );
            assert!((y - above).abs() <= 0.26, "{width}x{height}: y {y} of {value}, not {above}");
        }
        assert!(drawn.y_max >= 90.0, "the highest value is inside");
        assert!(plot.left > 0.0 && plot.right < f64::from(width), "the plot is inside");
        assert!(plot.top > 0.0 && plot.bottom < f64::from(height), "the plot is inside");
    }
}

#[test]
fn charts_below_each_other_line_up() {
    let left: Vec<f64> = four().iter().map(|spec| draw(spec).plot.left).collect();
    assert!(left.iter().all(|edge| *edge == left[0]), "one left edge: {left:?}");
}

#[test]
fn gaps_break_the_line_and_a_lone_value_is_a_dot() {
    let values =
        [Some(1.0), Some(2.0), None, Some(3.0), None, None, Some(4.0), Some(5.0), Some(6.0)];
    let points = (0..).zip(values).map(|(minute, value)| (FROM + minute * MINUTE, value)).collect();
    let drawn = draw(&one_line(points));
    let lengths: Vec<usize> = lines(&drawn.svg).iter().map(Vec::len).collect();
    assert_eq!(lengths, [2, 3], "two lines, nothing across the gaps");
    let data_dots = attributes(&drawn.svg, "circle", "r");
    assert_eq!(data_dots, ["12"], "the value between gaps is one dot of 3 units");
    assert_eq!(attributes(&drawn.svg, "polygon", "points").len(), 2, "two areas, none under a dot");
}

#[test]
fn values_outside_the_span_are_not_drawn() {
    let points = vec![
        (FROM - MINUTE, Some(9.0)),
        (FROM, Some(1.0)),
        (FROM + 60 * MINUTE, Some(1.0)),
        (FROM + 61 * MINUTE, Some(9.0)),
    ];
    let drawn = draw(&one_line(points));
    let line = lines(&drawn.svg).remove(0);
    assert_eq!(line.len(), 2, "the two inside");
    assert_eq!((line[0].0, line[1].0), (drawn.plot.left, drawn.plot.right), "from edge to edge");
}

#[test]
fn nothing_is_said_pleasantly() {
    let zeros = (0..60).map(|minute| (FROM + minute * MINUTE, Some(0.0))).collect();
    let quiet = draw(&one_line(zeros));
    assert!(quiet.is_empty && quiet.svg.contains("No requests yet"), "zeros count nothing");
    assert!(lines(&quiet.svg).is_empty(), "no line along the bottom");
    let none = spec("Failed", ValueFormat::Percent, vec![]);
    assert!(draw(&none).is_empty, "no series at all");
    let faultless = vec![series(
        "Failed",
        ColorRole::Bad,
        true,
        vec![(FROM, Some(0.0)), (FROM + MINUTE, Some(0.0))],
    )];
    let faultless = draw(&spec("Failed", ValueFormat::Percent, faultless));
    assert!(!faultless.is_empty, "0 % of requests failed is worth showing");
}

#[test]
fn markers_outside_are_left_out_and_crowded_ones_lose_their_label() {
    let mut chart = one_line(vec![(FROM, Some(1.0)), (FROM + MINUTE, Some(2.0))]);
    chart.markers = [-5, 10, 11, 59, 61]
        .map(|minute| Marker { at: FROM + minute * MINUTE, label: format!("release {minute}") })
        .to_vec();
    let drawn = draw(&chart);
    let shown: Vec<bool> = [-5, 10, 11, 59, 61]
        .iter()
        .map(|m| {
            drawn.svg.contains(&format!("release {m}\n"))
                || drawn.svg.contains(&format!("release {m}<"))
        })
        .collect();
    assert_eq!(
        shown,
        [false, false, true, true, false],
        "the newer of two neighbours keeps its label"
    );
    let poles = drawn.svg.split("stroke-dasharray").nth(1).expect("poles are dashed");
    let poles = poles.split("</g>").next().expect("the group ends");
    assert_eq!(poles.matches("<polyline").count(), 3, "a pole for each inside");
    let last: Vec<f64> = attributes(&drawn.svg, "rect", "x")
        .into_iter()
        .zip(attributes(&drawn.svg, "rect", "width"))
        .map(|(x, w)| (x.parse::<f64>().expect("x") + w.parse::<f64>().expect("w")) / SCALE)
        .collect();
    assert!(last.iter().all(|end| *end <= 900.0), "no flag is cut off: {last:?}");
}

#[test]
fn a_drawing_fits_into_any_page() {
    let drawn = draw(&four()[2]);
    let svg = &drawn.svg;
    assert!(svg.starts_with(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 260\" role=\"img\""
    ));
    assert!(svg.contains("<title>Server response time</title>"), "it has a name");
    assert!(svg.contains("p95: last "), "it says what it shows to those who cannot see it");
    assert!(
        svg.contains("font-family=\"Inter Variable, Inter, system-ui, sans-serif\""),
        "our font"
    );
    assert_eq!(svg.matches("font-family").count(), 1, "the font is said once");
    assert!(!svg.contains("style="), "a strict content security policy drops inline styles");
    assert_eq!(svg.matches("<svg").count(), 1, "layers left no drawing of their own");
    assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count(), "groups are closed");
    assert_eq!(drawn.series_colors, ["#0a7872", "#2f74c0", "#a24a8f"], "colours for the legend");
    for color in &drawn.series_colors {
        assert!(svg.to_lowercase().contains(color), "{color} is what is drawn");
    }
    let dark = render(&four()[2], Theme::Dark, 900, 260).expect("it draws");
    let id = |svg: &str| attributes(svg, "linearGradient", "id")[0].to_owned();
    assert_ne!(id(svg), id(&dark.svg), "both themes stand on one page");
}

#[test]
fn texts_from_outside_cannot_break_out() {
    let evil = "</title><script>alert(1)</script>\u{1}";
    let mut chart = one_line(vec![(FROM, Some(1.0)), (FROM + MINUTE, Some(2.0))]);
    chart.title = evil.to_owned();
    chart.series[0].name = evil.to_owned();
    chart.series.push(chart.series[0].clone());
    chart.markers[0].label = evil.to_owned();
    chart.empty_text = evil.to_owned();
    let file = render_file(&chart, Theme::Light, 900, 320).expect("it draws");
    let empty = draw(&ChartSpec { series: vec![], ..chart.clone() }).svg;
    for svg in [draw(&chart).svg, file, empty] {
        assert!(!svg.contains("<script"), "markup is escaped");
        assert!(svg.contains("&lt;script&gt;"), "and still readable");
        assert!(!svg.contains('\u{1}'), "control characters are not XML");
    }
}

#[test]
fn strange_numbers_do_no_harm() {
    let points = vec![
        (FROM, Some(f64::NAN)),
        (FROM + MINUTE, Some(f64::INFINITY)),
        (FROM + 2 * MINUTE, Some(-3.0)),
        (FROM + 3 * MINUTE, Some(5.0)),
    ];
    for format in [ValueFormat::Count, ValueFormat::Percent, ValueFormat::Milliseconds] {
        let chart = ChartSpec { format, ..one_line(points.clone()) };
        let drawn = draw(&chart);
        assert!(drawn.y_max.is_finite(), "{format:?}: the axis ends");
        assert!(
            !drawn.svg.contains("NaN") && !drawn.svg.contains("inf"),
            "{format:?}: real numbers"
        );
    }
    let instant = ChartSpec { to: FROM, ..one_line(points) };
    assert!(draw(&instant).svg.ends_with("</svg>"), "a span of nothing draws");
    let tiny = render(&instant, Theme::Light, 0, 0).expect("it draws");
    assert_eq!((tiny.width, tiny.height), (240, 100), "too small is made large enough");
}
