//! What goes out.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};
use potok_content::Pieces;
use potok_room::Taken;
use potok_types::MessageId;

use crate::ApiError;
use crate::apart::Lasting;
use crate::live::Live;
use crate::outgoing::Outgoing;
use crate::ready::{Kept, StandsOn};

const ERROR_CODE: HeaderName = HeaderName::from_static("x-diadoc-errorcode");
/// What is sent.
pub(crate) type Response = http::Response<Outgoing>;

/// Texts, for people or as results.
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

/// An answer before it becomes a response. Its length is known, but of a stream of events: official clients take a body without a length
/// for an empty one.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: Bytes,
    /// What follows the body, read as it is taken.
    pub(crate) rest: Option<Box<Pieces>>,
    /// Room that is kept until the last byte is written.
    pub(crate) room: Taken,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// What follows for as long as the client listens, instead of `rest`; then the length is not known.
    pub(crate) live: Option<Box<Live>>,
    /// A page of a feed that has nothing yet: who wants to may wait for it.
    pub(crate) is_empty_page: bool,
    /// What the body stands on, if the same question may be answered by it again.
    pub(crate) stands_on: Option<StandsOn>,
    /// The same, as it is kept for the next one who asks.
    pub(crate) kept: Option<Arc<Kept>>,
    /// What is sent in the place of the body, in chunks: its length says nothing to a client that has not unpacked it.
    pub(crate) packed: Option<Bytes>,
}

impl Answer {
    /// 200 with these bytes.
    pub(crate) fn ok(content_type: Option<&'static str>, body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::OK,
            content_type,
            body: body.into(),
            rest: None,
            room: Taken::default(),
            headers: Vec::new(),
            live: None,
            is_empty_page: false,
            stands_on: None,
            kept: None,
            packed: None,
        }
    }

    /// The same; it says so again as long as nothing happens in its box. It may stand on nothing else: on no other box, no
    /// person but by the rights of the caller, and no time.
    pub(crate) fn of_box(self) -> Self {
        Self { stands_on: Some(StandsOn::Box), ..self }
    }

    /// The same; it says so again as long as nothing happens to these messages of its box, nor to who refers to their documents.
    pub(crate) fn of_messages(self, messages: impl IntoIterator<Item = MessageId>) -> Self {
        Self { stands_on: Some(StandsOn::Messages(messages.into_iter().collect())), ..self }
    }

    /// The same, to be made anew each time unless something holds.
    pub(crate) fn again_if(self, holds: bool) -> Self {
        Self { stands_on: self.stands_on.filter(|_| holds), ..self }
    }

    /// Nothing but 200 and these bytes.
    pub(crate) fn is_whole(&self) -> bool {
        self.status == StatusCode::OK && self.rest.is_none() && self.live.is_none() && self.headers.is_empty()
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, ..Self::ok(None, Bytes::new()) }
    }

    /// The same with one more header.
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same with another status.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// All bytes of it.
    pub(crate) fn length(&self) -> u64 {
        self.body.len() as u64 + self.rest.as_ref().map_or(0, |pieces| pieces.length())
    }

    /// Bytes that go out for it.
    pub(crate) fn sent(&self) -> u64 {
        self.packed.as_ref().map_or_else(|| self.length(), |packed| packed.len() as u64)
    }

    /// The response. To a `HEAD` the length is told and the body kept back.
    pub(crate) fn into_response(self, is_head: bool) -> Response {
        let length = self.length();
        let has_body = self.status != StatusCode::NO_CONTENT && self.status != StatusCode::NOT_MODIFIED;
        let has_length = self.live.is_none() && has_body && self.packed.is_none();
        let body = if is_head {
            Outgoing::default()
        } else if let Some(packed) = self.packed {
            Outgoing::in_chunks(packed, self.room)
        } else {
            let live = self.live.map(|live| live as Box<dyn Lasting>);
            Outgoing::new(self.body, self.rest, live, self.room).of(self.kept)
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if let Some(content_type) = self.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if has_length {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response
    }
}

impl From<ApiError> for Answer {
    fn from(error: ApiError) -> Self {
        let mut answer = Self::ok(Some(TEXT), error.text.clone()).with_status(error.status());
        for (name, value) in error.headers() {
            let named = HeaderName::try_from(*name).map(|name| (name, HeaderValue::from_static(value)));
            answer.headers.extend(named);
        }
        answer.headers.push((ERROR_CODE, HeaderValue::from_static(error.code.as_str())));
        if let Some(seconds) = error.retry_after_seconds {
            answer.headers.push((RETRY_AFTER, HeaderValue::from(seconds)));
        }
        if let Some(verbs) = error.allow.and_then(|verbs| HeaderValue::try_from(verbs).ok()) {
            answer.headers.push((ALLOW, verbs));
        }
        answer
    }
}
