//! "Did you mean": the nearest of some names.

/// The nearest name, when it is near enough to be a slip of the finger.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A name that long is no slip, and comparing it would take long.
    if wrong.len() > 100 {
        return None;
    }
    let folded = wrong.to_lowercase();
    let most = (folded.chars().count() / 3).clamp(1, 4);
    names
        .into_iter()
        .map(|name| (distance(&folded, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `Did you mean 'x'?`, when there is a near name.
pub(crate) fn did_you_mean<'a>(
    wrong: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(wrong, names).map(|name| format!("Did you mean '{name}'?"))
}

/// Insertions, deletions, replacements and swaps of neighbours.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let width = right.len() + 1;
    let mut rows = vec![(0..width).collect::<Vec<usize>>()];
    for row in 1..=left.len() {
        let mut line = vec![row; width];
        for column in 1..width {
            let cost = usize::from(left[row - 1] != right[column - 1]);
            let mut best = (rows[row - 1][column] + 1)
                .min(line[column - 1] + 1)
                .min(rows[row - 1][column - 1] + cost);
            if row > 1
                && column > 1
                && left[row - 1] == right[column - 2]
                && left[row - 2] == right[column - 1]
            {
                best = best.min(rows[row - 2][column - 2] + 1);
            }
            line[column] = best;
        }
        rows.push(line);
    }
    rows[left.len()][width - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let keys = ["steps", "stages", "jobs", "condition"];
        assert_eq!(nearest("step", keys), Some("steps"), "a letter missing");
        assert_eq!(nearest("conditoin", keys), Some("condition"), "two letters swapped");
        assert_eq!(nearest("Jobs", keys), Some("jobs"), "only the case is off");
        assert_eq!(nearest("whatever", keys), None, "nothing is near");
    }
}
