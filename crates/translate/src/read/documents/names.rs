//! Values that both versions of `GetDocuments` read, each with its refusal.

use potok_domain::query::{DocumentOrder, DocumentPlace};
use potok_domain::rows::DocumentDate;
use potok_types::{Ticks, limits};

use crate::BadRequest;
use crate::document::place_of;

/// What stands before the names of query parameters.
pub(super) const QUERY: &str = "query parameter ";

/// How a version of the method calls its parameters.
pub(super) struct Names {
    /// What stands before every name.
    pub(super) what: &'static str,
    pub(super) number: &'static str,
    pub(super) dates: (&'static str, &'static str),
    pub(super) times: (&'static str, &'static str),
    pub(super) count: &'static str,
    pub(super) after: &'static str,
}

impl Names {
    pub(super) fn wrong(&self, name: &str, value: &str, expected: &str) -> BadRequest {
        let value: String = value.chars().take(64).collect();
        BadRequest::worded(format!("{}{name} has the wrong value {value:?}: {expected}", self.what))
    }

    /// Bounds on the document's own date.
    pub(super) fn dates(
        &self,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(Option<DocumentDate>, Option<DocumentDate>), BadRequest> {
        let read = |name: &str, text: Option<&str>| {
            let text = text.filter(|text| !text.is_empty());
            text.map(|text| {
                // In bodies, where nobody compares the words, they say what is right.
                let unreadable = || match self.what {
                    QUERY => BadRequest::unreadable_parameter(name, text),
                    _ => self.wrong(name, text, "a day as ДД.ММ.ГГГГ is expected, as in 31.12.2025"),
                };
                DocumentDate::parse(text).ok_or_else(unreadable)
            })
            .transpose()
        };
        let bounds = (read(self.dates.0, from)?, read(self.dates.1, to)?);
        match bounds {
            (Some(from), Some(to)) if from > to => Err(self.crossed(self.dates, from, to)),
            _ => Ok(bounds),
        }
    }

    /// Bounds on the time of sending or arrival.
    pub(super) fn times(
        &self,
        from: Option<i64>,
        to: Option<i64>,
    ) -> Result<(Option<Ticks>, Option<Ticks>), BadRequest> {
        match (from, to) {
            (Some(from), Some(to)) if from > to => Err(self.crossed(self.times, from, to)),
            _ => Ok((from.map(Ticks::new), to.map(Ticks::new))),
        }
    }

    fn crossed<T: std::fmt::Display>(&self, names: (&str, &str), from: T, to: T) -> BadRequest {
        let text = format!("{}{} {from} is later than {} {to}: exchange them", self.what, names.0, names.1);
        BadRequest::worded(text)
    }

    /// Numbers and dates of documents are no conditions to be mixed with times.
    pub(super) fn exclude_times(
        &self,
        has_times: bool,
        has_number: bool,
        has_dates: bool,
    ) -> Result<(), BadRequest> {
        let other = match (has_number, has_dates) {
            _ if !has_times => return Ok(()),
            (true, _) => self.number.to_owned(),
            (_, true) => format!("{} and {}", self.dates.0, self.dates.1),
            (false, false) => return Ok(()),
        };
        Err(BadRequest::worded(format!(
            "{}{} and {} exclude {other}: give one or the other",
            self.what, self.times.0, self.times.1
        )))
    }

    /// Documents on the page.
    pub(super) fn count(&self, given: Option<i64>) -> Result<usize, BadRequest> {
        let count = given.unwrap_or(limits::PAGE as i64);
        usize::try_from(count).ok().filter(|count| *count <= limits::PAGE).ok_or_else(|| {
            let expected = format!("a number from 0 to {} is expected", limits::PAGE);
            self.wrong(self.count, &count.to_string(), &expected)
        })
    }

    /// Where to read on.
    pub(super) fn after(
        &self,
        order: DocumentOrder,
        text: Option<&str>,
    ) -> Result<Option<DocumentPlace>, BadRequest> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
        let place = place_of(order, text);
        let expected = match order {
            DocumentOrder::Time => {
                "the IndexKey of a document from a list without document dates is expected"
            }
            DocumentOrder::Date => "the IndexKey of a document from a list with document dates is expected",
        };
        let place = place.ok_or_else(|| self.wrong(self.after, text, expected));
        // Clients know the complaint about a bad bookmark by its first words.
        place.map(Some).map_err(|error| BadRequest::worded(format!("cursor must have valid value: {error}")))
    }
}
