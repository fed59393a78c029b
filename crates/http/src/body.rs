//! Reading request bodies within their limits.

use std::fmt::Display;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, EXPECT};
use http::request::Parts;
use http_body_util::BodyExt as _;
use hyper::body::Body;
use potok_app::Source;
use potok_room::{Holder, Pace, Room, Taken};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::came::Came;
use crate::digest::Expected;
use crate::{ApiError, ErrorCode};

/// A client that sends nothing for this long has gone away.
const SILENCE: Duration = Duration::from_secs(60);
/// A body may come as slowly as it likes for this long; from then on at [`LEAST_BYTES_PER_SECOND`] on average, and what it has
/// beyond the first [`TRUSTED_BYTES`] at [`LEAST_OF_LARGE`]: it holds memory that others need.
const SLOW: Duration = Duration::from_secs(60);
const LEAST_BYTES_PER_SECOND: u64 = 4 * 1024;
const LEAST_OF_LARGE: u64 = 64 * 1024;
/// Room that is reserved at once on the word of `Content-Length`; more has to come first.
const TRUSTED_BYTES: u64 = 1024 * 1024;
/// Bodies of up to this are small: they take no room from a holder's share, and come as fast as they like.
const SMALL_BYTES: u64 = 256 * 1024;
/// Of a body that nobody wants any more, so much is still taken, and for so long.
const DISCARDED_BYTES: u64 = 16 * 1024 * 1024;
const DISCARDED_FOR: Duration = Duration::from_secs(10);
/// Even where a method takes little: by mistake somebody sends a document there.
const LEAST_DISCARDED_BYTES: u64 = 1024 * 1024;

/// What the headers say of the body.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Announced {
    /// `Content-Length`.
    pub(crate) length: Option<u64>,
    /// The client sends nothing until it is asked to (`Expect: 100-continue`).
    pub(crate) waits: bool,
}

impl Announced {
    pub(crate) fn of(parts: &Parts) -> Self {
        Self { length: length_in(&parts.headers), waits: parts.headers.contains_key(EXPECT) }
    }
}

fn length_in(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads the whole body, never holding more than `limit_bytes` of it. The memory of large ones is out of the share of
/// `holder`, and they keep the pace of all large ones: what has come already is not taken at once.
///
/// # Errors
/// 413 for a larger body; 503 when there is no memory for it, by its announcement or when it has come; 400 when the connection
/// breaks, falls silent, or crawls.
pub(crate) async fn read(
    announced: &Announced,
    body: &mut (impl Body<Data = Bytes, Error: Display> + Unpin),
    limit_bytes: u64,
    room: &Room,
    holder: Holder,
) -> Result<Bytes, ApiError> {
    let started = Instant::now();
    let announced = announced.length;
    if announced.is_some_and(|length| length > limit_bytes) {
        return Err(too_large(limit_bytes));
    }
    let memory = &room.memory;
    let own = || announced.is_none_or(|length| length > SMALL_BYTES).then(|| memory.of(holder));
    if let (Some(length), Some(own)) = (announced, own()) {
        // Room that is not there now will hardly be there when it has come. Nothing is held on a word, though.
        drop(own.take(length)?);
    }
    let Some(first) = next(body, started + SLOW).await? else { return Ok(Bytes::new()) };
    let own = own();
    let memory = own.as_ref().unwrap_or(memory);
    let taken = memory.take(first.len() as u64)?;
    if announced == Some(first.len() as u64) && first.len() as u64 <= limit_bytes {
        // Most bodies come in one piece; they are not copied.
        return Ok(taken.with(first));
    }
    let whole = BytesMut::with_capacity(announced.unwrap_or(0).min(TRUSTED_BYTES) as usize);
    let mut growing = Growing { whole, taken };
    let Growing { whole, taken } = &mut growing;
    let mut piece = first;
    loop {
        let length = whole.len() + piece.len();
        if length as u64 > limit_bytes {
            return Err(too_large(limit_bytes));
        }
        taken.cover(memory, length as u64)?;
        if length > whole.capacity() {
            whole.reserve(room_for(length, announced) - whole.len());
        }
        whole.extend_from_slice(&piece);
        if whole.len() as u64 > SMALL_BYTES {
            room.intake.keep(piece.len()).await;
        }
        match next(body, started + time_for(whole.len())).await? {
            Some(more) => piece = more,
            None => return Ok(growing.end()),
        }
    }
}

/// What has come of a body. What is given up is freed like what was read, away from here when it is large.
struct Growing {
    whole: BytesMut,
    taken: Taken,
}

impl Growing {
    fn end(&mut self) -> Bytes {
        std::mem::take(&mut self.taken).with(std::mem::take(&mut self.whole).freeze())
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        drop(self.end());
    }
}

/// A body on its way to whoever takes it piece by piece.
pub(crate) struct Flow {
    pieces: mpsc::Receiver<Result<Bytes, ApiError>>,
    expected: Expected,
    announced: Option<u64>,
}

/// The same from the side of the network.
pub(crate) struct Inflow(mpsc::Sender<Result<Bytes, ApiError>>);

impl Flow {
    /// A body that `headers` announce, and its other side.
    ///
    /// # Errors
    /// 400 when a header names no digest that can be read.
    pub(crate) fn new(headers: &HeaderMap) -> Result<(Self, Inflow), ApiError> {
        let (sender, pieces) = mpsc::channel(1);
        let announced = length_in(headers);
        Ok((Self { pieces, expected: Expected::of(headers)?, announced }, Inflow(sender)))
    }
}

impl Source for Flow {
    type Error = ApiError;

    fn announced(&self) -> Option<u64> {
        self.announced
    }

    async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        match self.pieces.recv().await.transpose()? {
            Some(piece) => {
                self.expected.update(&piece);
                Ok(Some(piece))
            }
            None => {
                std::mem::take(&mut self.expected).check()?;
                Ok(None)
            }
        }
    }
}

/// Hands the body on piece by piece, as it is taken, never more than `limit_bytes` of it; refusals are handed on as well. A body
/// that comes like that keeps the pace of all such. Ends with the body, or when nobody wants any more of it.
pub(crate) async fn pump(
    announced: &Announced,
    body: &mut (impl Body<Data = Bytes, Error: Display> + Unpin),
    limit_bytes: u64,
    room: &Room,
    inflow: Inflow,
) {
    let started = Instant::now();
    let Inflow(sender) = inflow;
    if announced.length.is_some_and(|length| length > limit_bytes) {
        let _nobody_wants_it = sender.send(Err(too_large(limit_bytes))).await;
        return;
    }
    let mut length = 0;
    loop {
        let piece = match next(body, started + time_for(length)).await {
            Ok(None) => return,
            Ok(Some(piece)) if (length + piece.len()) as u64 > limit_bytes => Err(too_large(limit_bytes)),
            found => found.map(Option::unwrap_or_default),
        };
        let is_last = piece.is_err();
        length += piece.as_ref().map_or(0, Bytes::len);
        if length as u64 > SMALL_BYTES {
            room.passing.keep(piece.as_ref().map_or(0, Bytes::len)).await;
        }
        if sender.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

/// How large the buffer gets when `length` bytes have come and there is no place for more: what was announced, once the client
/// has shown that it means it, else half as much again.
fn room_for(length: usize, announced: Option<u64>) -> usize {
    const LEAST: usize = 128 * 1024;
    let announced = announced.and_then(|announced| usize::try_from(announced).ok()).unwrap_or(0);
    announced.max(length + length / 2).max(length + LEAST)
}

/// How long the first `bytes` of a body and one more may take.
const fn time_for(bytes: usize) -> Duration {
    let bytes = bytes as u64;
    let first = if bytes < TRUSTED_BYTES { bytes } else { TRUSTED_BYTES };
    let seconds = first / LEAST_BYTES_PER_SECOND + (bytes - first) / LEAST_OF_LARGE;
    SLOW.saturating_add(Duration::from_secs(seconds))
}

/// Takes what is left of a body after an early refusal, and forgets it. The refusal itself is on its way meanwhile.
///
/// Many clients send everything before they read anything. If the connection were closed on them at once, they would see a
/// broken pipe instead of the refusal. A client that waits for `100 Continue` has not sent anything yet and is not asked to.
/// What is far larger than the method's limit, `limit_bytes`, is nobody's mistake.
pub(crate) fn discard(announced: &Announced, mut body: Came, limit_bytes: Option<u64>, pace: Pace) {
    let most = discarded(limit_bytes);
    if body.is_end_stream() || announced.waits || announced.length.is_some_and(|length| length > most) {
        return;
    }
    tokio::spawn(async move {
        let deadline = Instant::now() + DISCARDED_FOR;
        let mut taken = 0;
        while let Ok(Some(piece)) = next(&mut body, deadline).await {
            taken += piece.len() as u64;
            if taken > most {
                return;
            }
            pace.keep(piece.len()).await;
        }
    });
}

/// How much of a body is taken after a refusal: what four of the largest that the method takes would have.
fn discarded(limit_bytes: Option<u64>) -> u64 {
    limit_bytes.unwrap_or(0).saturating_mul(4).clamp(LEAST_DISCARDED_BYTES, DISCARDED_BYTES)
}

/// The next piece, until `deadline` or a long silence; `None` at the end.
async fn next(
    body: &mut (impl Body<Data = Bytes, Error: Display> + Unpin),
    deadline: Instant,
) -> Result<Option<Bytes>, ApiError> {
    loop {
        let silence = Instant::now() + SILENCE;
        let frame = tokio::time::timeout_at(deadline.min(silence), body.frame()).await.map_err(|_| {
            ApiError::bad_request(if deadline < silence {
                format!(
                    "The request body comes too slowly: after the first {} seconds at least {LEAST_BYTES_PER_SECOND} \
                     bytes per second are expected, and {LEAST_OF_LARGE} of a large one",
                    SLOW.as_secs()
                )
            } else {
                "The request body stopped coming: nothing was received for 60 seconds".to_owned()
            })
        })?;
        match frame {
            None => return Ok(None),
            Some(Err(error)) => {
                return Err(ApiError::bad_request(format!(
                    "The request body could not be read to its end: {error}"
                )));
            }
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

fn too_large(limit_bytes: u64) -> ApiError {
    let text = format!(
        "The request body is larger than {limit_bytes} bytes, which is the limit of this method: put large contents on \
         the shelf (ShelfUpload) and name them by NameOnShelf"
    );
    ApiError::new(ErrorCode::TooLarge, text)
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt as _;
    use http_body_util::StreamBody;
    use hyper::body::Frame;
    use potok_room::{Memory, MemoryOptions};

    use super::*;

    const fn request(length: Option<u64>) -> Announced {
        Announced { length, waits: false }
    }

    fn room() -> Room {
        of(MemoryOptions { small_bytes: 1 << 20, large_bytes: 1 << 20 })
    }

    fn of(memory: MemoryOptions) -> Room {
        Room { memory: Memory::new(memory), ..Room::default() }
    }

    fn nobody() -> Holder {
        Holder::new("nobody")
    }

    async fn check(pieces: &[&str], length: Option<u64>, limit_bytes: u64) -> Result<String, ErrorCode> {
        let pieces: Vec<Result<Bytes, std::convert::Infallible>> =
            pieces.iter().map(|piece| Ok(Bytes::copy_from_slice(piece.as_bytes()))).collect();
        let mut body = StreamBody::new(futures_util::stream::iter(pieces).map_ok(Frame::data));
        let bytes = read(&request(length), &mut body, limit_bytes, &room(), nobody())
            .await
            .map_err(|error| error.code)?;
        Ok(String::from_utf8(bytes.into()).unwrap())
    }

    #[tokio::test]
    async fn a_body_may_be_as_large_as_the_limit_and_not_larger() {
        assert_eq!(check(&[], None, 0).await.unwrap(), "");
        assert_eq!(check(&["abc"], Some(3), 3).await.unwrap(), "abc");
        assert_eq!(check(&["ab", "c"], Some(3), 3).await.unwrap(), "abc");
        assert_eq!(check(&["ab", "c"], None, 3).await.unwrap(), "abc");
        assert_eq!(check(&["abcd"], Some(4), 3).await, Err(ErrorCode::TooLarge));
        assert_eq!(check(&["abcd"], None, 3).await, Err(ErrorCode::TooLarge));
        assert_eq!(check(&["ab", "cd"], None, 3).await, Err(ErrorCode::TooLarge));
    }

    #[tokio::test]
    async fn a_body_for_which_there_is_no_memory_is_refused_and_one_that_was_read_keeps_its_room() {
        let room = room();
        let body = |pieces: usize| {
            let piece = Bytes::from(vec![0; 400 * 1024]);
            let pieces = vec![Ok::<_, std::convert::Infallible>(piece); pieces];
            StreamBody::new(futures_util::stream::iter(pieces).map_ok(Frame::data))
        };
        let first = read(&request(None), &mut body(2), 1 << 30, &room, nobody()).await.unwrap();
        let refused = read(&request(None), &mut body(1), 1 << 30, &room, nobody()).await.unwrap_err();
        assert_eq!((refused.code, refused.retry_after_seconds), (ErrorCode::Unavailable, Some(1)));
        assert_eq!(first.len(), 800 * 1024);
        drop(first);
        assert!(read(&request(None), &mut body(2), 1 << 30, &room, nobody()).await.is_ok());
    }

    #[tokio::test]
    async fn a_large_body_is_refused_by_its_announcement() {
        let unread = std::io::Error::other("nobody may read this");
        let mut body = StreamBody::new(futures_util::stream::iter([Err::<Frame<Bytes>, _>(unread)]));
        let refused = read(&request(Some(4)), &mut body, 3, &room(), nobody()).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::TooLarge);
    }

    /// What comes out of a flow, with a body of these pieces behind it.
    async fn flowing(pieces: &[&str], length: Option<u64>, limit_bytes: u64) -> Result<String, ErrorCode> {
        let pieces: Vec<Result<Bytes, std::convert::Infallible>> =
            pieces.iter().map(|piece| Ok(Bytes::copy_from_slice(piece.as_bytes()))).collect();
        let mut body = StreamBody::new(futures_util::stream::iter(pieces).map_ok(Frame::data));
        let (mut flow, inflow) = Flow::new(&HeaderMap::new()).unwrap();
        let room = room();
        let announced = request(length);
        let pump = pump(&announced, &mut body, limit_bytes, &room, inflow);
        let taken = async {
            let mut whole = Vec::new();
            while let Some(piece) = flow.next().await.map_err(|error| error.code)? {
                whole.extend_from_slice(&piece);
            }
            Ok(String::from_utf8(whole).unwrap())
        };
        tokio::join!(pump, taken).1
    }

    #[tokio::test]
    async fn a_flow_ends_with_its_body_or_at_its_limit() {
        assert_eq!(flowing(&[], None, 0).await.unwrap(), "");
        assert_eq!(flowing(&["ab", "c"], Some(3), 3).await.unwrap(), "abc");
        assert_eq!(flowing(&["ab", "cd"], None, 3).await, Err(ErrorCode::TooLarge));
        assert_eq!(flowing(&["abcd"], Some(4), 3).await, Err(ErrorCode::TooLarge));
    }

    /// Nothing is read that nobody wants.
    #[tokio::test]
    async fn a_flow_that_nobody_takes_ends_the_reading() {
        let piece = || Ok::<_, std::convert::Infallible>(Bytes::from_static(b"x"));
        let mut body = StreamBody::new(futures_util::stream::repeat_with(piece).map_ok(Frame::data));
        let (flow, inflow) = Flow::new(&HeaderMap::new()).unwrap();
        drop(flow);
        pump(&request(None), &mut body, u64::MAX, &room(), inflow).await;
    }

    #[tokio::test]
    async fn a_body_that_crawls_is_refused() {
        let mut never =
            StreamBody::new(futures_util::stream::pending::<Result<Frame<Bytes>, std::io::Error>>());
        let crawling = next(&mut never, Instant::now()).await.unwrap_err();
        assert_eq!(crawling.code, ErrorCode::BadRequest);
        assert!(
            crawling.text.contains("too slowly: after the first 60 seconds at least 4096 bytes"),
            "{crawling}"
        );
        assert_eq!(time_for(0), SLOW);
        assert_eq!(time_for(100 * 4096), SLOW + Duration::from_secs(100));
        assert_eq!(time_for((1 << 20) + 100 * 65_536), SLOW + Duration::from_secs(256 + 100));
    }

    /// Refused before any of it is taken, and nothing stays reserved for what was only announced.
    #[tokio::test]
    async fn a_body_that_has_no_room_now_is_refused_by_its_announcement() {
        let room = room();
        let memory = &room.memory;
        let held = memory.take(700 * 1024).unwrap();
        let unread = || {
            let unread = std::io::Error::other("nobody may read this");
            StreamBody::new(futures_util::stream::iter([Err::<Frame<Bytes>, _>(unread)]))
        };
        let refused = read(&request(Some(400 * 1024)), &mut unread(), 1 << 30, &room, nobody()).await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::Unavailable);
        drop(held);
        let asked = read(&request(Some(1 << 20)), &mut unread(), 1 << 30, &room, nobody()).await;
        assert!(asked.unwrap_err().text.contains("nobody may read this"));
        assert!(memory.take(1 << 20).is_ok());
    }

    #[tokio::test]
    async fn a_large_body_is_of_its_holder_s_share() {
        let room = of(MemoryOptions { small_bytes: 1 << 20, large_bytes: 300 << 20 });
        let _held = room.memory.of(nobody()).take(150 << 20).unwrap();
        let piece = || Ok::<_, std::convert::Infallible>(Bytes::from(vec![0; 300 * 1024]));
        for length in [Some(600 * 1024), None] {
            for (holder, is_read) in [(nobody(), false), (Holder::new("somebody"), true)] {
                let pieces = futures_util::stream::iter([piece(), piece()]);
                let mut body = StreamBody::new(pieces.map_ok(Frame::data));
                let read = read(&request(length), &mut body, 1 << 30, &room, holder).await;
                assert_eq!(read.is_ok(), is_read, "{length:?}");
            }
        }
    }

    /// Time is tokio's, and paused: it passes when everybody waits.
    #[tokio::test(start_paused = true)]
    async fn a_large_body_that_comes_at_once_keeps_the_pace_and_a_small_one_need_not() {
        let room = Room { intake: Pace::new(1 << 20), ..room() };
        for (pieces, least, most) in [(2, 0, 0), (10, 600, 1000)] {
            let pieces = vec![Ok::<_, std::convert::Infallible>(Bytes::from(vec![0; 100 * 1024])); pieces];
            let mut body = StreamBody::new(futures_util::stream::iter(pieces).map_ok(Frame::data));
            let began = Instant::now();
            read(&request(None), &mut body, 1 << 30, &room, nobody()).await.unwrap();
            let took = began.elapsed().as_millis();
            assert!(took >= least && took <= most, "{took}");
        }
    }

    #[test]
    fn what_is_far_too_large_is_not_waited_for() {
        for (limit, most) in [
            (None, 1 << 20),
            (Some(16 << 10), 1 << 20),
            (Some(1 << 20), 4 << 20),
            (Some(100 << 20), 16 << 20),
        ] {
            assert_eq!(discarded(limit), most, "{limit:?}");
        }
    }
}
