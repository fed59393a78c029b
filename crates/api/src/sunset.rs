//! Headers of methods that are on their way out.

use crate::{Date, Deprecation, MethodSpec};

/// Where clients read what deprecation means here; the target of the `Link` header.
pub const DEPRECATION_POLICY_PATH: &str = "/docs/deprecation";

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The value of `Sunset` (an IMF-fixdate): the last second of the day until which the method is promised. `None` when no date is known.
pub fn sunset_header(spec: &MethodSpec) -> Option<String> {
    match spec.deprecation {
        Deprecation::RemovalAfter { date, .. } => Some(end_of_day(date)),
        Deprecation::None | Deprecation::Obsolete | Deprecation::Announced | Deprecation::Gone => None,
    }
}

/// The value of `Link` that goes with `Sunset`.
pub fn sunset_link() -> String {
    format!("<{DEPRECATION_POLICY_PATH}>;rel=\"sunset\";type=\"text/html\"")
}

/// `Tue, 10 Nov 2026 23:59:59 GMT`.
pub fn end_of_day(date: Date) -> String {
    let Date { year, month, day } = date;
    let weekday = WEEKDAYS[(days_since_monday_epoch(date).rem_euclid(7)) as usize];
    let month = MONTHS[usize::from(month - 1)];
    format!("{weekday}, {day:02} {month} {year:04} 23:59:59 GMT")
}

/// Days since Monday, 1 January 0001.
fn days_since_monday_epoch(Date { year, month, day }: Date) -> i64 {
    const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let year = i64::from(year);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let past = year - 1;
    let leap_day = i64::from(leap && month > 2);
    past * 365 + past / 4 - past / 100
        + past / 400
        + BEFORE_MONTH[usize::from(month - 1)]
        + leap_day
        + i64::from(day)
        - 1
}
