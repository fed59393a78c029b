//! What a person may ask to see.

mod docflows;
mod documents;
mod feed;
mod partner;

pub use docflows::{DocflowEventPlace, DocflowEventsRequest, DocflowRequest, SearchRequest, SearchScope};
pub use documents::{
    DepartmentChoice, DocumentClass, DocumentFilter, DocumentOrder, DocumentPlace, DocumentsRequest,
    PacketPlace,
};
pub use feed::{Bookmark, DepartmentRule, EventsRequest, FeedFilter, FeedOrder};
pub use partner::{PartnerEventsRequest, PartnerPlaces};
