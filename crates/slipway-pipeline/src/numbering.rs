//! The run number: `name:` with its tokens filled in (pipelines.md 3.5). Pure.

use jiff::civil::DateTime;

use crate::expr::format_civil;

/// The number when the file says nothing.
pub const DEFAULT_FORMAT: &str = "$(Date:yyyyMMdd).$(Rev:r)";

const MAX_LENGTH: usize = 255;

/// Fills a format in. `now` is UTC; `rev` counts the runs with the same [`number_prefix`], from 1;
/// `lookup` knows variables, ignoring case (`BuildId` and `SourceBranchName` among them). What
/// nothing is known about stays as it is.
pub fn format_number(
    format: Option<&str>,
    now: DateTime,
    rev: u32,
    lookup: impl Fn(&str) -> Option<String>,
) -> String {
    let format = format.map(str::trim).filter(|format| !format.is_empty());
    let filled = fill(format.unwrap_or(DEFAULT_FORMAT), now, Some(rev), &lookup);
    cleaned(&filled)
}

/// The number with `$(Rev:r)` still in it: the key under which revisions are counted. Two runs share
/// a counter exactly when their prefixes are equal.
pub fn number_prefix(
    format: Option<&str>,
    now: DateTime,
    lookup: impl Fn(&str) -> Option<String>,
) -> String {
    let format = format.map(str::trim).filter(|format| !format.is_empty());
    fill(format.unwrap_or(DEFAULT_FORMAT), now, None, &lookup)
}

fn fill(
    format: &str,
    now: DateTime,
    rev: Option<u32>,
    lookup: &impl Fn(&str) -> Option<String>,
) -> String {
    crate::macros::expand(format, |token| {
        let (name, detail) = token.split_once(':').unwrap_or((token, ""));
        match (name.to_ascii_lowercase().as_str(), detail) {
            ("date", detail) if !detail.is_empty() => format_civil(now, detail),
            // `$(Rev:r)`, `$(Rev:rrr)` and the older `$(Rev:.r)`.
            ("rev", detail) if detail.ends_with('r') => rev.map(|rev| {
                let before = detail.trim_end_matches('r');
                let width = (detail.len() - before.len()).min(MAX_LENGTH);
                format!("{before}{rev:0width$}")
            }),
            ("year", "yy") => format_civil(now, "yy"),
            ("year", "" | "yyyy") => format_civil(now, "yyyy"),
            ("month", "") => Some(now.month().to_string()),
            ("dayofmonth", "") => Some(now.day().to_string()),
            ("dayofyear", "") => Some(now.day_of_year().to_string()),
            ("hours", "") => Some(now.hour().to_string()),
            ("minutes", "") => Some(now.minute().to_string()),
            ("seconds", "") => Some(now.second().to_string()),
            ("builddefinitionname", "") => lookup("Build.DefinitionName"),
            ("buildid", "") => lookup("Build.BuildId").or_else(|| lookup("BuildId")),
            ("sourcebranchname", "") => {
                lookup("Build.SourceBranchName").or_else(|| lookup("SourceBranchName"))
            }
            ("teamproject", "") => lookup("System.TeamProject").or_else(|| lookup("TeamProject")),
            _ => lookup(token),
        }
    })
}

/// Letters that a number may not have become `_`; it cannot end in a dot either.
fn cleaned(number: &str) -> String {
    let cleaned: String = number
        .chars()
        .map(|letter| match letter {
            '"' | '/' | ':' | '<' | '>' | '\\' | '|' | '?' | '@' | '*' => '_',
            letter if letter.is_control() => '_',
            letter => letter,
        })
        .take(MAX_LENGTH)
        .collect();
    cleaned.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(format: Option<&str>, rev: u32) -> String {
        let now = jiff::civil::date(2024, 3, 5).at(6, 7, 8, 0);
        format_number(format, now, rev, |name| match name.to_lowercase().as_str() {
            "build.definitionname" => Some("web".to_owned()),
            "build.sourcebranchname" => Some("main".to_owned()),
            "build.buildid" => Some("41".to_owned()),
            "major" => Some("2".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn every_token_is_filled_in() {
        assert_eq!(number(None, 3), "20240305.3", "the default");
        assert_eq!(number(Some("$(date:yyyyMMdd)$(rev:.r)"), 1), "20240305.1", "the older way");
        assert_eq!(number(Some("$(Date:yyyyMMdd).$(Rev:rr)"), 3), "20240305.03", "padded");
        assert_eq!(
            number(Some("$(BuildDefinitionName)_$(SourceBranchName)_$(BuildID)"), 1),
            "web_main_41"
        );
        assert_eq!(
            number(Some("$(Year:yy).$(Month).$(DayOfMonth).$(DayOfYear)-$(Hours).$(Minutes)"), 1),
            "24.3.5.65-6.7"
        );
        assert_eq!(number(Some("$(Major).0.$(rev:r)"), 9), "2.0.9", "variables, any case");
        assert_eq!(number(Some("a/b:$(nope)."), 1), "a_b_$(nope)", "letters a number may not have");
    }

    #[test]
    fn the_prefix_is_the_counters_key() {
        let now = jiff::civil::date(2024, 3, 5).at(6, 7, 8, 0);
        assert_eq!(number_prefix(None, now, |_| None), "20240305.$(Rev:r)");
        let later = jiff::civil::date(2024, 3, 6).at(0, 0, 0, 0);
        assert_ne!(number_prefix(None, now, |_| None), number_prefix(None, later, |_| None));
    }
}
