//! Days and times, UTC, as milliseconds since 1970.

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// `2026-11-27`
pub fn day(time: u64) -> String {
    let (year, month, day) = civil(time / DAY);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-11-27`, `2026-11-27T22:13`, `20261127T221300Z`, seconds since 1970; nothing if it is none of these.
pub fn parse(text: &str) -> Option<u64> {
    let text = text.trim().trim_end_matches('Z');
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ':' | 'T' | '_' | ' ')).collect();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if digits == text && !matches!(digits.len(), 8 | 14) {
        return digits.parse::<u64>().ok()?.checked_mul(1000);
    }
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<u64>().ok());
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let is_there = matches!(digits.len(), 8 | 10 | 12 | 14) && (1970..=9999).contains(&year);
    if !is_there || !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days(year, month, day);
    (civil(days) == (year, month, day)).then_some(days * DAY + ((hour * 60 + minute) * 60 + second) * 1000)
}

/// Days since 1970 of a date; months begin in March, so that a leap day ends its year.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.max(1) - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - TO_1970
}

/// Days from the first of March of the year 0 to 1970.
const TO_1970: u64 = 719_468;

/// Year, month and day of a number of days since 1970.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + TO_1970;
    let (era, rest) = (days / 146_097, days % 146_097);
    let year = (rest - rest / 1_460 + rest / 36_524 - rest / 146_096) / 365;
    let of_year = rest - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates() {
        for (time, text) in
            [(0, "1970-01-01"), (951_782_400_000, "2000-02-29"), (1_795_910_399_999, "2026-11-28")]
        {
            assert_eq!(day(time), text);
        }
        for days in (0..60_000).step_by(7) {
            assert_eq!(parse(&day(days * DAY)), Some(days * DAY));
        }
    }

    #[test]
    fn times_in_names_of_files() {
        let at = Some(1_795_817_580_000);
        for text in
            ["2026-11-27T22:13", "2026-11-27 22:13:00", "20261127T221300Z", "20261127221300", "1795817580"]
        {
            assert_eq!(parse(text), at, "{text}");
        }
        assert_eq!(parse("2026-11-27"), Some(1_795_737_600_000));
        for text in ["", "x", "2026-13-01", "2026-02-30", "2026-11", "2026-11-27T25:00"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
