//! `schedules:`: when a run starts by the clock (pipelines.md 3.3). All of it is UTC.
//!
//! [`Cron`] reads the five fields and finds the next moments after one; the caller has the clock. A day
//! must fit the day of the month *and* the day of the week, as the service's own reader has it.

use std::fmt;

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::trigger::{Filter, TriggerVerdict};

/// One entry of `schedules:`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// As written.
    pub cron: String,
    pub display_name: Option<String>,
    pub branches: Filter,
    /// Not while the run before is still going on.
    pub batch: bool,
    /// Also when nothing has changed since the last run.
    pub always: bool,
}

/// What the caller knows when a schedule's moment has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScheduleFacts<'a> {
    pub branch: &'a str,
    /// True when the branch has commits that the last scheduled run that succeeded did not have.
    pub has_changed: bool,
    /// True while a run of this schedule goes on.
    pub is_run_going: bool,
}

impl Schedule {
    /// The next moments, not counting `after` itself; none when the cron cannot be read.
    pub fn next_after(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        let Ok(cron) = Cron::parse(&self.cron) else { return Vec::new() };
        let mut found = Vec::new();
        let mut at = after;
        while found.len() < count {
            let Some(next) = cron.next_after(at) else { break };
            found.push(next);
            at = next;
        }
        found
    }

    /// Decides whether the schedule starts a run at its moment.
    pub fn decide(&self, facts: &ScheduleFacts<'_>) -> TriggerVerdict {
        let name = self.display_name.as_deref().unwrap_or(&self.cron);
        let branch = facts.branch.strip_prefix("refs/heads/").unwrap_or(facts.branch);
        let no = |reason: String| TriggerVerdict { starts: false, waits: false, reason };
        if !self.branches.admits(branch) {
            return no(format!("The branch {branch} is not among those of the schedule {name}."));
        }
        if !self.always && !facts.has_changed {
            return no(format!("Nothing has changed since the last run of the schedule {name}."));
        }
        if self.batch && facts.is_run_going {
            return no(format!("The run before of the schedule {name} still goes on."));
        }
        let reason = format!("The schedule {name} has come for the branch {branch}.");
        TriggerVerdict { starts: true, waits: false, reason }
    }
}

/// A cron text that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronError {
    /// Byte of the text at which the part stands that is wrong.
    pub offset: usize,
    message: String,
}

impl fmt::Display for CronError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CronError {}

/// Five fields, each a set of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
}

struct Field {
    name: &'static str,
    first: u32,
    last: u32,
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] =
    ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", first: 0, last: 59, names: &[] },
    Field { name: "hour", first: 0, last: 23, names: &[] },
    Field { name: "day of the month", first: 1, last: 31, names: &[] },
    Field { name: "month", first: 1, last: 12, names: &MONTHS },
    Field { name: "day of the week", first: 0, last: 6, names: &WEEKDAYS },
];

impl Cron {
    /// Reads `minute hour day month weekday`.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        let mut sets = [0_u64; 5];
        let mut count = 0;
        let mut at = 0;
        for word in text.split_whitespace() {
            let offset = at + text[at..].find(word).unwrap_or(0);
            at = offset + word.len();
            let Some(field) = FIELDS.get(count) else {
                let message = format!("A cron has five fields, and '{word}' is the sixth.");
                return Err(CronError { offset, message });
            };
            sets[count] = field.set(word, offset)?;
            count += 1;
        }
        if count < FIELDS.len() {
            let message =
                format!("A cron has five fields, and the {} is missing.", FIELDS[count].name);
            return Err(CronError { offset: 0, message });
        }
        let [minutes, hours, days, months, weekdays] = sets;
        Ok(Self { minutes, hours, days, months, weekdays })
    }

    /// The first moment after one; `None` for a day that never comes, such as the 30th of February.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        let now = after.to_zoned(TimeZone::UTC).datetime();
        let mut date = now.date();
        // From the next minute on; a day's rest is only looked at on the first day.
        let mut earliest =
            u32::try_from(now.hour()).ok()? * 60 + u32::try_from(now.minute()).ok()? + 1;
        // Every day of the week falls on a 29th of February within 40 years.
        let last_year = now.year().saturating_add(41);
        while date.year() <= last_year {
            if !has(self.months, u32::try_from(date.month()).ok()?) {
                date = first_of_next_month(date)?;
                earliest = 0;
                continue;
            }
            if self.takes_day(date)
                && let Some(minute) = self.minute_of_day(earliest)
            {
                let (hour, minute) =
                    (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
                let moment = date.at(hour, minute, 0, 0);
                return moment.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
            }
            date = date.tomorrow().ok()?;
            earliest = 0;
        }
        None
    }

    fn takes_day(&self, date: Date) -> bool {
        let weekday = u32::try_from(date.weekday().to_sunday_zero_offset()).unwrap_or_default();
        let day = u32::try_from(date.day()).unwrap_or_default();
        has(self.days, day) && has(self.weekdays, weekday)
    }

    fn minute_of_day(&self, earliest: u32) -> Option<u32> {
        (earliest / 60..24).filter(|hour| has(self.hours, *hour)).find_map(|hour| {
            let from = if hour == earliest / 60 { earliest % 60 } else { 0 };
            (from..60).find(|minute| has(self.minutes, *minute)).map(|minute| hour * 60 + minute)
        })
    }
}

fn has(set: u64, number: u32) -> bool {
    set & (1 << number) != 0
}

fn first_of_next_month(date: Date) -> Option<Date> {
    date.last_of_month().tomorrow().ok()
}

impl Field {
    /// Lists of `*`, numbers, names, ranges, each with a step.
    fn set(&self, word: &str, offset: usize) -> Result<u64, CronError> {
        let mut set = 0;
        let mut at = offset;
        for part in word.split(',') {
            set |= self.part(part).ok_or_else(|| CronError {
                offset: at,
                message: format!(
                    "'{part}' is no {} of a cron: write {} to {}, *, a list, a range or a step.",
                    self.name, self.first, self.last
                ),
            })?;
            at += part.len() + 1;
        }
        Ok(set)
    }

    fn part(&self, part: &str) -> Option<u64> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<u32>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (self.first, self.last),
            Some((from, to)) => (self.number(from)?, self.number(to)?),
            // With a step, one number is a start.
            None if part.contains('/') => (self.number(range)?, self.last),
            None => (self.number(range)?, self.number(range)?),
        };
        if from > to {
            return None;
        }
        let mut set = 0_u64;
        let mut number = from;
        while number <= to {
            set |= 1 << number;
            number = number.checked_add(step)?;
        }
        Some(set)
    }

    fn number(&self, word: &str) -> Option<u32> {
        if let Ok(number) = word.parse::<u32>() {
            return (self.first..=self.last).contains(&number).then_some(number);
        }
        let folded = word.to_ascii_lowercase();
        let at =
            self.names.iter().position(|name| folded.len() >= 3 && name.starts_with(&folded))?;
        Some(self.first + u32::try_from(at).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(cron: &str, after: &str) -> Option<String> {
        let after: Timestamp = after.parse().unwrap();
        Cron::parse(cron).unwrap().next_after(after).map(|found| found.to_string())
    }

    #[test]
    fn the_next_moment_is_found() {
        for (cron, after, wanted) in [
            ("0 0 * * *", "2026-03-01T00:00:00Z", Some("2026-03-02T00:00:00Z")),
            ("*/15 * * * *", "2026-03-01T10:46:30Z", Some("2026-03-01T11:00:00Z")),
            ("30 4 * * Mon-Fri", "2026-03-06T05:00:00Z", Some("2026-03-09T04:30:00Z")),
            ("0 12 29 2 *", "2026-01-01T00:00:00Z", Some("2028-02-29T12:00:00Z")),
            ("0 0 31 12 *", "2026-12-31T00:00:00Z", Some("2027-12-31T00:00:00Z")),
            ("5,10 1-3/2 1 JAN,jul *", "2026-01-01T01:05:00Z", Some("2026-01-01T01:10:00Z")),
            ("0 0 13 * Friday", "2026-03-14T00:00:00Z", Some("2026-11-13T00:00:00Z")),
            ("0 0 30 2 *", "2026-01-01T00:00:00Z", None),
            ("59 23 * * *", "2026-03-01T23:59:59Z", Some("2026-03-02T23:59:00Z")),
        ] {
            assert_eq!(next(cron, after).as_deref(), wanted, "{cron} after {after}");
        }
    }

    #[test]
    fn what_is_no_cron_is_told_with_its_place() {
        for (cron, offset, words) in [
            ("0 0 * *", 0, "day of the week is missing"),
            ("0 24 * * *", 2, "'24' is no hour"),
            ("0 0 * * 7", 8, "'7' is no day of the week"),
            ("0 0 * * Mon,Foo", 12, "'Foo' is no day"),
            ("0 0 * * * *", 10, "the sixth"),
            ("*/0 * * * *", 0, "'*/0' is no minute"),
            ("5-1 * * * *", 0, "'5-1' is no minute"),
        ] {
            let error = Cron::parse(cron).unwrap_err();
            assert_eq!(error.offset, offset, "where {cron} is wrong");
            assert!(error.to_string().contains(words), "{error} says {words}");
        }
    }
}
