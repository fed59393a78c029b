//! A page of the feed, as the versions of `GetNewEvents` show it.

use potok_domain::MessageState;
use potok_domain::access::Scope;
use potok_domain::docflow::HiddenLinks;
use potok_types::IndexKey;
use potok_wire::framing::{self, ReadyEvent};
use potok_wire::proto::TotalCountType;
use potok_wire::proto::events::BoxEventList;
use potok_wire::{DecodeError, encode_protobuf};

use super::cut::{EventVersion, cut_to_departments, for_version, needs_cut, without_links};

/// A page of ready events.
pub struct FeedPage<'a> {
    version: EventVersion,
    events: Vec<(&'a [u8], String)>,
    total: i32,
    total_type: TotalCountType,
}

impl<'a> FeedPage<'a> {
    /// `events` are ready bytes with their positions. Of the `total` events behind the bookmark there are no more than
    /// that when it `is_exact`.
    pub fn new(
        version: EventVersion,
        events: impl IntoIterator<Item = (&'a [u8], IndexKey)>,
        total: u64,
        is_exact: bool,
    ) -> Self {
        Self {
            version,
            events: events.into_iter().map(|(body, key)| (body, key.to_string())).collect(),
            total: i32::try_from(total).unwrap_or(i32::MAX),
            total_type: if is_exact { TotalCountType::Equal } else { TotalCountType::GreaterThanOrEqual },
        }
    }

    /// The answer for who sees all documents, in protobuf. What stands ready goes out as it is, unless this version of the
    /// method does not know all of it.
    ///
    /// # Errors
    /// An event that stands ready cannot be read.
    pub fn protobuf(&self) -> Result<Vec<u8>, DecodeError> {
        let known = self.known()?;
        Ok(framing::box_event_list(&self.shown(&known), Some(self.total), self.total_type))
    }

    /// The same in JSON.
    ///
    /// # Errors
    /// As [`Self::protobuf`].
    pub fn json(&self) -> Result<Vec<u8>, DecodeError> {
        let known = self.known()?;
        framing::box_event_list_json(&self.shown(&known), Some(self.total), self.total_type)
    }

    /// The same as a structure.
    ///
    /// # Errors
    /// As [`Self::protobuf`].
    pub fn list(&self) -> Result<BoxEventList, DecodeError> {
        let events = self.ready().map(|event| Ok(for_version(event.decode()?, self.version)));
        Ok(BoxEventList {
            events: events.collect::<Result<_, _>>()?,
            total_count: Some(self.total),
            total_count_type: self.total_type.into(),
        })
    }

    /// The answer for who sees only the documents of `scope` and is not told of those that are `hidden`. `state` tells the message of the event at a position of the
    /// page, any state that has the event; without one the event is left out.
    ///
    /// # Errors
    /// As [`Self::protobuf`].
    pub fn cut_to<'s>(
        &self,
        scope: &Scope,
        hidden: &HiddenLinks,
        state: impl Fn(usize) -> Option<&'s MessageState>,
    ) -> Result<BoxEventList, DecodeError> {
        let shown = self.ready().enumerate().filter_map(|(position, event)| {
            let state = state(position)?;
            let sees = |document| scope.sees_document(state, document);
            let cut = |event| cut_to_departments(for_version(event, self.version), state, &sees);
            Some(event.decode().map(|event| without_links(cut(event), hidden)))
        });
        Ok(BoxEventList {
            events: shown.collect::<Result<_, _>>()?,
            total_count: Some(self.total),
            total_count_type: self.total_type.into(),
        })
    }

    fn ready(&self) -> impl Iterator<Item = ReadyEvent<'_>> {
        self.events.iter().map(|(body, index_key)| ReadyEvent { body, index_key })
    }

    /// For each event of which this version does not know all, what it shows instead.
    fn known(&self) -> Result<Vec<Option<Vec<u8>>>, DecodeError> {
        let known = self.ready().map(|event| {
            let known = || event.decode().map(|event| encode_protobuf(&for_version(event, self.version)));
            needs_cut(&event, self.version).then(known).transpose()
        });
        known.collect()
    }

    /// The events as they stand ready, or what is shown instead, which has its key already.
    fn shown<'e>(&'e self, known: &'e [Option<Vec<u8>>]) -> Vec<ReadyEvent<'e>> {
        let shown = self.ready().zip(known).map(|(event, instead)| match instead {
            Some(body) => ReadyEvent { body, index_key: "" },
            None => event,
        });
        shown.collect()
    }
}
