//! The summaries that are plain text: lcov and Go's profile.

use super::Lines;

pub(super) fn lcov(text: &str) -> Lines {
    let mut lines = Lines::default();
    let mut path = String::new();
    for line in text.lines() {
        let Some((key, value)) = line.trim().split_once(':') else { continue };
        let parts: Vec<&str> = value.split(',').collect();
        match (key, parts.as_slice()) {
            ("SF", _) => path = value.to_owned(),
            ("DA", [number, count, ..]) => {
                if let (Ok(number), Ok(count)) = (number.parse(), count.parse::<f64>()) {
                    lines.file(&path).line(number, count > 0.0);
                }
            }
            ("BRDA", [number, _, _, taken, ..]) => {
                if let Ok(number) = number.parse() {
                    let is_taken = taken.parse::<f64>().is_ok_and(|count| count > 0.0);
                    let file = lines.file(&path);
                    let entry = file.lines.entry(number).or_default();
                    entry.branches += 1;
                    entry.taken += u64::from(is_taken);
                }
            }
            _ => {}
        }
    }
    lines
}

/// `path:1.2,3.4 statements count`; statements stand for lines.
pub(super) fn go(text: &str) -> Lines {
    let mut lines = Lines::default();
    for line in text.lines() {
        let Some((path, rest)) = line.rsplit_once(':') else { continue };
        let parts: Vec<&str> = rest.split_whitespace().collect();
        let [place, statements, count] = parts.as_slice() else { continue };
        let (Ok(statements), Ok(count)) = (statements.parse(), count.parse::<u64>()) else {
            continue;
        };
        let key = block(place);
        let entry = lines.file(path).lines.entry(key).or_default();
        entry.weight = statements;
        entry.is_run |= count > 0;
    }
    lines
}

/// A number for a block; blocks begin at different places.
fn block(place: &str) -> u64 {
    let start = place.split(',').next().unwrap_or_default();
    let (line, column) = start.split_once('.').unwrap_or((start, "0"));
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    number(line).saturating_mul(100_000).saturating_add(number(column))
}
