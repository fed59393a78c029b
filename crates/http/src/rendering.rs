//! How events are rendered for the feed.

use bytes::Bytes;
use potok_app::Rendering;
use potok_domain::{Event, MessageState};
use potok_translate::view;

/// Events as the API's protobuf.
#[derive(Clone, Copy, Debug, Default)]
pub struct WireRendering;

impl Rendering for WireRendering {
    fn box_event(&self, state: &MessageState, event: &Event) -> Bytes {
        potok_wire::encode_protobuf(&view::box_event(state, event)).into()
    }

    fn verification_report(&self) -> Bytes {
        view::verification_report(false)
    }
}
