//! The `IndexKey` of a document in a list: its place, as clients carry it.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use potok_domain::query::{DocumentOrder, DocumentPlace};

const KEYS: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The place as text.
pub fn index_key(place: DocumentPlace) -> String {
    KEYS.encode(place.to_bytes())
}

/// The place in a list of this order that [`index_key`] gave, in either alphabet; `None` for anything else.
pub(crate) fn place_of(order: DocumentOrder, text: &str) -> Option<DocumentPlace> {
    let url_safe = text.replace(['+', ' '], "-").replace('/', "_");
    DocumentPlace::from_bytes(order, &KEYS.decode(url_safe).ok()?)
}
