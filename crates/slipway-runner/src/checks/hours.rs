//! Business hours: when they are open, and when they open next.
//!
//! Called by `gate`, and by whoever saves such a check to see that it can be kept. Deliberately not here:
//! waiting.

use jiff::civil::{Time, Weekday as Day};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use slipway_core::{Check, Weekday};

/// Why hours cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    #[error("'{text}' is no time of day; write it as 09:00.")]
    Time { text: String },
    #[error("There is no time zone '{name}'; write it as Europe/Berlin or UTC.")]
    Zone { name: String },
    #[error("No day of the week is chosen.")]
    NoDay,
}

/// Hours of some days in a time zone.
#[derive(Debug, Clone)]
pub(crate) struct Hours {
    days: Vec<Day>,
    from: Time,
    to: Time,
    zone: TimeZone,
}

/// Says what is wrong with the hours of a check, if it has any.
pub fn check_hours(check: &Check) -> Result<(), HoursError> {
    Hours::of(check).map(drop)
}

fn day_of(day: Weekday) -> Day {
    match day {
        Weekday::Monday => Day::Monday,
        Weekday::Tuesday => Day::Tuesday,
        Weekday::Wednesday => Day::Wednesday,
        Weekday::Thursday => Day::Thursday,
        Weekday::Friday => Day::Friday,
        Weekday::Saturday => Day::Saturday,
        Weekday::Sunday => Day::Sunday,
    }
}

fn time_of(text: &str) -> Result<Time, HoursError> {
    let wrong = || HoursError::Time { text: text.to_owned() };
    let (hour, minute) = text.trim().split_once(':').ok_or_else(wrong)?;
    let hour = hour.parse().map_err(|_| wrong())?;
    let minute = minute.parse().map_err(|_| wrong())?;
    Time::new(hour, minute, 0, 0).map_err(|_| wrong())
}

impl Hours {
    /// The hours of a check that has some.
    pub(crate) fn of(check: &Check) -> Result<Option<Self>, HoursError> {
        let Check::BusinessHours { days, from, to, time_zone, .. } = check else {
            return Ok(None);
        };
        if days.is_empty() {
            return Err(HoursError::NoDay);
        }
        let name = time_zone.trim();
        let zone = TimeZone::get(name).map_err(|_| HoursError::Zone { name: name.to_owned() })?;
        let days = days.iter().map(|day| day_of(*day)).collect();
        Ok(Some(Self { days, from: time_of(from)?, to: time_of(to)?, zone }))
    }

    /// Nothing while they are open; else when they open next.
    pub(crate) fn closed_until(&self, now: Timestamp) -> Option<Zoned> {
        let now = now.to_zoned(self.zone.clone());
        // Yesterday's hours may reach into today.
        for ahead in -1..=8 {
            let Ok(date) = now.date().checked_add(Span::new().days(ahead)) else { continue };
            if !self.days.contains(&date.weekday()) {
                continue;
            }
            let end_date = if self.to <= self.from { date.tomorrow().ok() } else { Some(date) };
            let opens = date.to_datetime(self.from).to_zoned(self.zone.clone());
            let closes = end_date.map(|date| date.to_datetime(self.to).to_zoned(self.zone.clone()));
            let (Ok(opens), Some(Ok(closes))) = (opens, closes) else { continue };
            if now < opens {
                return Some(opens);
            }
            if now < closes {
                return None;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(days: &[Weekday], from: &str, to: &str, zone: &str) -> Result<Hours, HoursError> {
        let check = Check::BusinessHours {
            days: days.to_vec(),
            from: from.to_owned(),
            to: to.to_owned(),
            time_zone: zone.to_owned(),
            timeout_minutes: 60,
        };
        Hours::of(&check).map(|hours| hours.unwrap())
    }

    fn opens(hours: &Hours, now: &str) -> Option<String> {
        let until = hours.closed_until(now.parse().unwrap());
        until.map(|until| until.strftime("%a %H:%M %:z").to_string())
    }

    #[test]
    fn hours_are_those_of_their_time_zone() {
        let hours = hours(&[Weekday::Monday, Weekday::Friday], "09:00", "17:00", "Europe/Berlin");
        let hours = hours.unwrap();
        assert_eq!(opens(&hours, "2026-11-30T08:00:00Z"), None, "Monday, nine in Berlin");
        let before = opens(&hours, "2026-11-30T07:59:59Z");
        assert_eq!(before.as_deref(), Some("Mon 09:00 +01:00"), "a second too early");
        let after = opens(&hours, "2026-11-30T16:00:00Z");
        assert_eq!(after.as_deref(), Some("Fri 09:00 +01:00"), "the end is out; Friday is next");
        let summer = opens(&hours, "2026-07-03T22:00:00Z");
        assert_eq!(summer.as_deref(), Some("Mon 09:00 +02:00"), "over the weekend, in summer time");
    }

    #[test]
    fn hours_over_midnight_belong_to_the_day_they_begin() {
        let hours = hours(&[Weekday::Saturday], "22:00", "04:00", "UTC").unwrap();
        assert_eq!(
            opens(&hours, "2026-12-06T03:00:00Z"),
            None,
            "Sunday at three is Saturday night"
        );
        let morning = opens(&hours, "2026-12-05T03:00:00Z");
        assert_eq!(morning.as_deref(), Some("Sat 22:00 +00:00"), "Friday night is not");
    }

    #[test]
    fn hours_that_cannot_be_kept_are_refused() {
        let days = [Weekday::Monday];
        assert!(matches!(hours(&days, "9", "17:00", "UTC"), Err(HoursError::Time { .. })), "9");
        assert!(
            matches!(hours(&days, "09:00", "25:00", "UTC"), Err(HoursError::Time { .. })),
            "25"
        );
        assert!(matches!(hours(&days, "09:00", "17:00", "Mars"), Err(HoursError::Zone { .. })));
        assert!(matches!(hours(&[], "09:00", "17:00", "UTC"), Err(HoursError::NoDay)), "no day");
    }
}
