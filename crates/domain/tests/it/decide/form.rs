//! What is refused whatever the state of the box. The texts are those that clients see.

use bytes::Bytes;
use potok_domain::command::Source;
use potok_domain::decide::Rejection;

mod message;
mod patch;

fn inline(text: &str) -> Source {
    Source::Inline(Bytes::copy_from_slice(text.as_bytes()))
}

#[track_caller]
fn check(result: Result<(), Rejection>, expected: Option<&str>) {
    assert_eq!(result.err().map(|refused| refused.to_string()).as_deref(), expected);
}
