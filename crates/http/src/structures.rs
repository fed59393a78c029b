//! Structures by their names, for methods whose structure their query tells.

use bytes::Bytes;
use potok_api::{BodyKind, Format, Payload};
use potok_wire::proto::invoicing::*;
use potok_wire::{WireMessage, decode_json, to_json};

use crate::ApiError;
use crate::call::Incoming;
use crate::format::check_content_type;

/// The structures that come and go by their names.
macro_rules! structures {
    ($($structure:ident)+) => {
        /// Reads the structure that the body is, and tells it as JSON.
        pub(crate) async fn said(incoming: &mut Incoming, name: &str) -> Result<Bytes, ApiError> {
            match name {
                $(stringify!($structure) => {
                    check_content_type(<$structure as Payload>::KIND, &incoming.parts.headers)?;
                    Ok(to_json(&incoming.structure::<$structure>().await?).into())
                })+
                _ => Err(ApiError::internal()),
            }
        }

        /// What JSON says, as a structure in the form that the caller accepts.
        pub(crate) fn told(name: &str, json: &[u8], format: Format) -> Option<(BodyKind, Bytes)> {
            match name {
                $(stringify!($structure) => Some((
                    BodyKind::Wire(<$structure as WireMessage>::NAME),
                    decode_json::<$structure>(json).ok()?.to_body(format),
                )),)+
                _ => None,
            }
        }
    };
}

structures! {
    UniversalTransferDocumentSellerTitleInfo
    UniversalTransferDocumentBuyerTitleInfo
    UniversalCorrectionDocumentSellerTitleInfo
    InvoiceInfo
    InvoiceCorrectionInfo
    Torg12SellerTitleInfo
    Torg12BuyerTitleInfo
    TovTorgSellerTitleInfo
    TovTorgBuyerTitleInfo
    AcceptanceCertificateSellerTitleInfo
    AcceptanceCertificateBuyerTitleInfo
    AcceptanceCertificate552SellerTitleInfo
    AcceptanceCertificate552BuyerTitleInfo
}
