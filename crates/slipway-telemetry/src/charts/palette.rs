//! Colours of charts, taken from the palette of the interface.

/// The theme a chart is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Theme {
    Light,
    Dark,
}

/// What a line means; each theme has its own paint for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColorRole {
    /// The main thing: requests.
    Accent,
    /// Something good: availability.
    Good,
    /// Something bad: failures.
    Bad,
    /// First of a family, such as the 50th percentile.
    First,
    /// Second of a family, such as the 95th percentile.
    Second,
    /// Third of a family, such as the 99th percentile.
    Third,
}

pub(crate) type Rgb = (u8, u8, u8);

/// Paint of everything that is not a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chrome {
    pub(super) surface: Rgb,
    pub(super) title: Rgb,
    pub(super) label: Rgb,
    pub(super) grid: Rgb,
    pub(super) baseline: Rgb,
    pub(super) marker: Rgb,
    pub(super) flag: Rgb,
    pub(super) flag_text: Rgb,
    /// Opacity of an area at its top.
    pub(super) area_top: f64,
}

/// Colour of a line.
pub fn series_color(role: ColorRole, theme: Theme) -> (u8, u8, u8) {
    match (theme, role) {
        (Theme::Light, ColorRole::Accent | ColorRole::First) => (0x0a, 0x78, 0x72),
        (Theme::Light, ColorRole::Good) => (0x2f, 0x8f, 0x52),
        (Theme::Light, ColorRole::Bad) => (0xc9, 0x3d, 0x2d),
        (Theme::Light, ColorRole::Second) => (0x2f, 0x74, 0xc0),
        (Theme::Light, ColorRole::Third) => (0xa2, 0x4a, 0x8f),
        (Theme::Dark, ColorRole::Accent | ColorRole::First) => (0x2c, 0xbd, 0xb1),
        (Theme::Dark, ColorRole::Good) => (0x3f, 0xb5, 0x6b),
        (Theme::Dark, ColorRole::Bad) => (0xee, 0x6a, 0x5b),
        (Theme::Dark, ColorRole::Second) => (0x5a, 0x9f, 0xe6),
        (Theme::Dark, ColorRole::Third) => (0xd6, 0x8a, 0xc8),
    }
}

pub(super) fn chrome(theme: Theme) -> Chrome {
    match theme {
        Theme::Light => Chrome {
            surface: (0xff, 0xff, 0xff),
            title: (0x06, 0x11, 0x1d),
            label: (0x51, 0x64, 0x78),
            grid: (0xee, 0xea, 0xe2),
            baseline: (0xcf, 0xc8, 0xba),
            marker: (0x6b, 0x85, 0x9b),
            flag: (0x2b, 0x49, 0x63),
            flag_text: (0xff, 0xff, 0xff),
            area_top: 0.20,
        },
        Theme::Dark => Chrome {
            surface: (0x0a, 0x19, 0x27),
            title: (0xf4, 0xf8, 0xfa),
            label: (0x97, 0xab, 0xbc),
            grid: (0x16, 0x2a, 0x3d),
            baseline: (0x2b, 0x49, 0x63),
            marker: (0x6b, 0x85, 0x9b),
            flag: (0x2b, 0x49, 0x63),
            flag_text: (0xe3, 0xea, 0xef),
            area_top: 0.28,
        },
    }
}

pub(crate) fn hex((red, green, blue): Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance((red, green, blue): Rgb) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn lines_and_labels_can_be_seen_on_every_surface() {
        use ColorRole::{Accent, Bad, First, Good, Second, Third};
        // Page, panel and raised surface of tokens.css.
        let light = [(0xfa, 0xf7, 0xf1), (0xff, 0xfe, 0xfb), (0xff, 0xff, 0xff)];
        let dark = [(0x06, 0x11, 0x1d), (0x0a, 0x19, 0x27), (0x0e, 0x20, 0x32)];
        for (theme, surfaces) in [(Theme::Light, light), (Theme::Dark, dark)] {
            let paint = chrome(theme);
            for surface in surfaces {
                for role in [Accent, Good, Bad, First, Second, Third] {
                    let seen = contrast(series_color(role, theme), surface);
                    assert!(
                        seen >= 3.0,
                        "{theme:?} {role:?}: {seen:.2} on {surface:?}, WCAG wants 3"
                    );
                }
                let label = contrast(paint.label, surface);
                assert!(label >= 4.5, "{theme:?} label: {label:.2} on {surface:?}, WCAG wants 4.5");
                let marker = contrast(paint.marker, surface);
                assert!(
                    marker >= 3.0,
                    "{theme:?} marker: {marker:.2} on {surface:?}, WCAG wants 3"
                );
            }
            let flag = contrast(paint.flag_text, paint.flag);
            assert!(flag >= 4.5, "{theme:?} flag: {flag:.2}, WCAG wants 4.5");
        }
    }
}
