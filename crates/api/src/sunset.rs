//! Headers of methods that are on their way out.

use crate::{Date, Deprecation, MethodSpec};

/// Where clients read what the dates mean: they are the vendor's, and so is the page. The target of the `Link` header.
pub const DEPRECATION_POLICY_URL: &str = "https://developer.kontur.ru/docs/diadoc-api/";

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The value of `Sunset` (an IMF-fixdate): the last second of the day until which the method is
/// promised. `None` when no date is known.
pub fn sunset_header(spec: &MethodSpec) -> Option<String> {
    match spec.deprecation {
        Deprecation::RemovalAfter { date, .. } => Some(end_of_day(date)),
        Deprecation::None | Deprecation::Obsolete | Deprecation::Announced | Deprecation::Gone => None,
    }
}

/// The value of `Link` that goes with `Sunset`.
pub fn sunset_link() -> String {
    format!("<{DEPRECATION_POLICY_URL}>;rel=\"sunset\";type=\"text/html\"")
}

/// `Tue, 10 Nov 2026 23:59:59 GMT`.
pub fn end_of_day(date: Date) -> String {
    let Date { year, month, day } = date;
    let weekday = WEEKDAYS[date.days_since_year_one().rem_euclid(7) as usize];
    let month = MONTHS[usize::from(month - 1)];
    format!("{weekday}, {day:02} {month} {year:04} 23:59:59 GMT")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::by_label;

    #[test]
    fn dates_stand_in_the_header_as_http_wants_them() {
        let header = |label| sunset_header(by_label(label).expect("a method of the contract"));
        assert_eq!(header("GetEvent V2").as_deref(), Some("Sat, 03 Apr 2027 23:59:59 GMT"));
        assert_eq!(header("GetMyPermissions").as_deref(), Some("Tue, 10 Nov 2026 23:59:59 GMT"));
        for without_date in ["GetEvent V3", "Authenticate V3", "Authenticate", "admin/GetDepartment"] {
            assert_eq!(header(without_date), None, "{without_date}");
        }
    }

    #[test]
    fn weekdays_follow_the_calendar() {
        for (text, expected) in [
            ("1970-01-01", "Thu, 01 Jan 1970 23:59:59 GMT"),
            ("2000-02-29", "Tue, 29 Feb 2000 23:59:59 GMT"),
            ("2024-03-01", "Fri, 01 Mar 2024 23:59:59 GMT"),
            ("2100-03-01", "Mon, 01 Mar 2100 23:59:59 GMT"),
        ] {
            assert_eq!(end_of_day(text.parse().expect("a date")), expected);
        }
    }
}
