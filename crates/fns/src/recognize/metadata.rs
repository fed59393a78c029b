//! What a title says about itself.

use super::formats::{Maker, Participants, Row};
use super::path::Path;
use super::paths::Grounds;
use crate::xml::Element;

/// Names one value and gives it a name on the wire.
macro_rules! keys {
    ($($(#[doc = $doc:literal])+ $key:ident $(= $wire:literal)?),+ $(,)?) => {
        /// Names of what a title says about itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Key { $($(#[doc = $doc])+ $key),+ }

        impl Key {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$key),+];

            /// The key of a `MetadataItem`; `None` for what the API does not show there.
            pub const fn wire(self) -> Option<&'static str> {
                match self { $(Self::$key => keys!(@wire $($wire)?)),+ }
            }
        }
    };
    (@wire) => { None };
    (@wire $wire:literal) => { Some($wire) };
}

keys! {
    /// Number of the document.
    DocumentNumber = "DocumentNumber",
    /// Date of the document, `ДД.ММ.ГГГГ`.
    DocumentDate = "DocumentDate",
    /// Name of the document in words.
    DocumentName = "DocumentName",
    /// Function, as `СЧФДОП`.
    DocumentFunction = "DocumentFunction",
    /// What tells variants of a format apart that have other functions than they write, or none.
    Variant,
    /// Sum with VAT, decimal text of the file.
    TotalSum = "TotalSum",
    /// Sum without VAT.
    TotalWithoutVat,
    /// VAT; absent for documents without VAT.
    TotalVat = "TotalVat",
    /// Numeric code of the currency.
    Currency = "Currency",
    /// Grounds of the transfer in words.
    DocumentGrounds = "DocumentGrounds",
    /// Number of the revision.
    RevisionNumber = "RevisionNumber",
    /// Date of the revision.
    RevisionDate = "RevisionDate",
    /// Number of the corrected invoice.
    OriginalInvoiceNumber = "OriginalInvoiceNumber",
    /// Date of the corrected invoice.
    OriginalInvoiceDate = "OriginalInvoiceDate",
    /// Number of the corrected invoice's last revision.
    OriginalInvoiceRevisionNumber = "OriginalInvoiceRevisionNumber",
    /// Date of the corrected invoice's last revision.
    OriginalInvoiceRevisionDate = "OriginalInvoiceRevisionDate",
    /// Sum of increases with VAT.
    TotalInc = "TotalInc",
    /// Sum of decreases with VAT.
    TotalDec = "TotalDec",
    /// Increase of VAT.
    VatInc = "VatInc",
    /// Decrease of VAT.
    VatDec = "VatDec",
    /// INN of the seller.
    SellerInn = "SellerInn",
    /// KPP of the seller.
    SellerKpp = "SellerKpp",
    /// Name of the seller.
    SellerName,
    /// Participant id of the seller.
    SellerFnsParticipantId = "SellerFnsParticipantId",
    /// INN of the buyer.
    BuyerInn = "BuyerInn",
    /// KPP of the buyer.
    BuyerKpp = "BuyerKpp",
    /// Name of the buyer.
    BuyerName,
    /// Participant id of the buyer.
    BuyerFnsParticipantId = "BuyerFnsParticipantId",
    /// Id that the seller gave to the document.
    Uid,
    /// Day the file was made, `ДД.ММ.ГГГГ`.
    FileDate,
    /// Time the file was made, `ЧЧ.ММ.СС`.
    FileTime,
    /// Of an answer: `1` no objections, `2` with discrepancies, `3` not accepted.
    AcceptanceResult,
    /// Of an answer: day of acceptance.
    AcceptanceDate,
    /// Of an answer: `ИдФайл` of the first title.
    ParentFileId,
}

/// What a title says about itself: at most one value for a key, in the order of [`Key::ALL`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(Vec<(Key, String)>);

impl Metadata {
    /// A value.
    pub fn get(&self, key: Key) -> Option<&str> {
        self.0.iter().find(|(found, _)| *found == key).map(|(_, value)| value.as_str())
    }

    /// All values.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &str)> {
        self.0.iter().map(|(key, value)| (*key, value.as_str()))
    }

    pub(super) fn read(row: &Row, file_id: &str, root: &Element, body: &Element) -> Self {
        let (paths, grounds) = row.table;
        let (sender, recipient) = participants(row, file_id, root);
        let (seller, buyer) = match row.maker {
            Maker::Seller => (sender, recipient),
            Maker::Buyer => (recipient, sender),
        };
        let at = |key: Key| {
            let (_, path) = paths.iter().find(|(found, _)| *found == key)?;
            Path::value(path, body)
        };
        // A revised invoice keeps the number and the date of the original.
        let is_revised_invoice =
            row.format.is_invoice() && (at(Key::RevisionNumber).is_some() || at(Key::RevisionDate).is_some());
        let value = |key: Key| match key {
            Key::OriginalInvoiceNumber if is_revised_invoice => at(Key::DocumentNumber),
            Key::OriginalInvoiceDate if is_revised_invoice => at(Key::DocumentDate),
            Key::SellerFnsParticipantId => seller.clone(),
            Key::BuyerFnsParticipantId => buyer.clone(),
            Key::DocumentGrounds => grounds.as_ref().and_then(|grounds| in_words(grounds, body)),
            _ => at(key),
        };
        Self(Key::ALL.iter().filter_map(|&key| Some((key, value(key)?))).collect())
    }
}

/// Sender and recipient of the file.
fn participants(row: &Row, file_id: &str, root: &Element) -> (Option<String>, Option<String>) {
    if let Participants::Exchange(recipient) = row.participants {
        let exchange = root.child("СвУчДокОбор");
        let id = |name| exchange.and_then(|element| element.attribute(name)).map(str::to_owned);
        return (id("ИдОтпр"), id(recipient));
    }
    // PREFIX_{recipient}_{sender}_…, and prefixes have one underscore.
    let mut parts = file_id.split('_').skip(2).map(str::to_owned).filter(|part| !part.is_empty());
    let recipient = parts.next();
    (parts.next(), recipient)
}

/// `Договор № 17/26 от 12.01.2026; …`, with what is known of each.
fn in_words(grounds: &Grounds, body: &Element) -> Option<String> {
    let one = |element: &Element| {
        let part = |name| element.attribute(name).map(str::trim).filter(|value| !value.is_empty());
        let mut words = part(grounds.name).unwrap_or_default().to_owned();
        for (before, value) in [("№ ", part(grounds.number)), ("от ", part(grounds.date))] {
            if let Some(value) = value {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(before);
                words.push_str(value);
            }
        }
        words
    };
    let words: Vec<_> =
        Path::all(grounds.element, body).into_iter().map(one).filter(|words| !words.is_empty()).collect();
    (!words.is_empty()).then(|| words.join("; "))
}
