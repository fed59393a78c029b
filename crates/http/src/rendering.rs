//! How events are rendered for the feed.

use bytes::Bytes;
use potok_domain::Event;
use potok_domain::docflow::Docflows;
use potok_seams::{Judgement, Rendering};
use potok_translate::{verification, view};

/// Events as the API's protobuf.
#[derive(Clone, Copy, Debug, Default)]
pub struct WireRendering;

impl Rendering for WireRendering {
    fn box_event(&self, docflows: &Docflows<'_>, event: &Event) -> Bytes {
        potok_wire::encode_protobuf(&view::box_event(docflows, event)).into()
    }

    fn verification_report(&self, judgement: &Judgement) -> Bytes {
        let Judgement { verdict, certificates, .. } = judgement;
        match &verdict.verification {
            Some(found) => verification::operator_report(found, certificates),
            None => verification::verification_report(verdict.is_valid),
        }
    }
}
