//! How events are rendered for the feed.

use bytes::Bytes;
use potok_domain::Event;
use potok_domain::docflow::Docflows;
use potok_seams::{Judgement, Rendering, Sight};
use potok_translate::view::{EventVersion, FeedPage};
use potok_translate::{verification, view};
use potok_types::IndexKey;
use potok_wire::to_json;

/// Events as the API's protobuf.
#[derive(Clone, Copy, Debug, Default)]
pub struct WireRendering;

impl Rendering for WireRendering {
    fn box_event(&self, docflows: &Docflows<'_>, event: &Event) -> Bytes {
        potok_wire::encode_protobuf(&view::box_event(docflows, event)).into()
    }

    fn event_json(
        &self,
        ready: &[u8],
        key: IndexKey,
        sight: Option<Sight<'_>>,
    ) -> Result<Option<Bytes>, String> {
        let page = FeedPage::new(EventVersion::Current, [(ready, key)], 1, true);
        let shown = match sight {
            None => page.list(),
            Some(Sight { scope, state, hidden }) => page.cut_to(scope, hidden, |_| Some(state)),
        };
        let shown = shown.map_err(|error| error.to_string())?;
        Ok(shown.events.first().map(|event| to_json(event).into()))
    }

    fn verification_report(&self, judgement: &Judgement) -> Bytes {
        let Judgement { verdict, certificates, .. } = judgement;
        match &verdict.verification {
            Some(found) => verification::operator_report(found, certificates),
            None => verification::verification_report(verdict.is_valid),
        }
    }
}
