//! `GetPartnerEvents`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use potok_domain::query::{FeedFilter, PartnerEventsRequest, PartnerPlaces};
use potok_types::{Attested, Invalid, limits};
use potok_wire::proto::partner_events::GetPartnerEventsRequest;

use super::words::{DIRECTIONS, MESSAGE_TYPES, all_named};
use crate::BadRequest;

/// The page of events asked for.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn request(body: &GetPartnerEventsRequest) -> Result<PartnerEventsRequest, BadRequest> {
    let cursor = body.cursor.as_deref().unwrap_or_default();
    let places = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| PartnerPlaces::from_bytes(&bytes));
    let bad_cursor = || Invalid::attested(Attested::BadCursor, "GetPartnerEventsRequest.Cursor", &[]);
    Ok(PartnerEventsRequest {
        after: places.ok_or_else(bad_cursor)?,
        limit: body.limit.unwrap_or(limits::PAGE as i32),
        filter: FeedFilter {
            message_types: all_named(
                "GetPartnerEventsRequest.MessageTypes",
                &body.message_types,
                &MESSAGE_TYPES,
            )?,
            directions: all_named(
                "GetPartnerEventsRequest.DocumentDirections",
                &body.document_directions,
                &DIRECTIONS,
            )?,
            ..FeedFilter::default()
        },
        with_previous: body.populate_previous_document_states(),
    })
}

#[cfg(test)]
mod tests {
    use potok_domain::{Direction, MessageType};

    use super::*;

    #[test]
    fn what_is_not_said_has_its_default() {
        let asked = request(&GetPartnerEventsRequest::default()).unwrap();
        assert!(asked.after.is_empty() && asked.filter == FeedFilter::default() && !asked.with_previous);
        assert_eq!(asked.limit, 100);
    }

    #[test]
    fn words_are_read_in_any_case_and_mistakes_are_named() {
        let asked = |directions: &[&str], types: &[&str], cursor: &str| {
            let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
            request(&GetPartnerEventsRequest {
                cursor: Some(cursor.to_owned()),
                document_directions: owned(directions),
                message_types: owned(types),
                ..GetPartnerEventsRequest::default()
            })
        };
        let found = asked(&["inbound", "OUTBOUND"], &["draft"], "").unwrap().filter;
        assert_eq!(found.directions, [Direction::Inbound, Direction::Outbound]);
        assert_eq!(found.message_types, [MessageType::Draft]);
        for (refused, words) in [
            (asked(&["Up"], &[], ""), "GetPartnerEventsRequest.DocumentDirections"),
            (asked(&[], &["Parcel"], ""), "GetPartnerEventsRequest.MessageTypes"),
            (asked(&[], &[], "AAAA"), "cursor must have valid value"),
            (asked(&[], &[], "+"), "cursor must have valid value"),
        ] {
            let refused = refused.unwrap_err();
            assert!(refused.to_string().contains(words), "{refused}");
        }
    }
}
