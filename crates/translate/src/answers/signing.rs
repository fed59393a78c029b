//! What came of signing with keys that the server holds.

use potok_domain::signing::{Confirmed, DssResult, DssStatus, MadeSignature, SignedReceipts};
use potok_wire::proto;
use potok_wire::proto::dss::{
    DssConfirmType, DssFileSigningResult, DssFileSigningStatus, DssOperationStatus, DssOperator,
};

/// `DssSignResult`.
pub fn dss(told: DssResult) -> proto::dss::DssSignResult {
    let (status, made) = match told.status {
        DssStatus::InProgress => (DssOperationStatus::InProgress, Vec::new()),
        DssStatus::Completed(made) => (DssOperationStatus::Completed, made),
        DssStatus::Cancelled => (DssOperationStatus::CanceledByUser, Vec::new()),
        DssStatus::Timeout => (DssOperationStatus::Timeout, Vec::new()),
        DssStatus::Crashed => (DssOperationStatus::Crashed, Vec::new()),
        DssStatus::Occupied => (DssOperationStatus::UserHasUnconfirmedOperation, Vec::new()),
    };
    let confirmed = match told.confirmed {
        Confirmed::Nowhere => DssConfirmType::None,
        Confirmed::Elsewhere => DssConfirmType::MyDss,
        Confirmed::ByHolder => DssConfirmType::GosKey,
    };
    let of_file = |signature: Option<_>| DssFileSigningResult {
        file_signing_status: Some(match signature {
            Some(_) => DssFileSigningStatus::SigningCompleted as i32,
            None => DssFileSigningStatus::SigningError as i32,
        }),
        signature,
    };
    proto::dss::DssSignResult {
        operation_status: Some(status as i32),
        file_signing_results: made.into_iter().map(of_file).collect(),
        confirm_type: Some(confirmed as i32),
        operator: Some(DssOperator::OperatorUnknown as i32),
        phone_last_numbers: None,
    }
}

/// `CloudSignConfirmResult`; `space` stands before names on the shelf.
pub fn cloud(made: Vec<MadeSignature>, space: &str) -> proto::CloudSignConfirmResult {
    let shown = |signature| match signature {
        MadeSignature::Inline(bytes) => {
            proto::ContentV2 { content: Some(bytes), ..proto::ContentV2::default() }
        }
        MadeSignature::OnShelf(name) => {
            proto::ContentV2 { name_on_shelf: Some(format!("{space}{name}")), ..proto::ContentV2::default() }
        }
    };
    proto::CloudSignConfirmResult { signatures: made.into_iter().map(shown).collect() }
}

/// `AutosignReceiptsResult`.
pub fn receipts(told: SignedReceipts) -> proto::AutosignReceiptsResult {
    let count = i32::try_from(told.count).unwrap_or(i32::MAX);
    proto::AutosignReceiptsResult { signed_receipts_count: count, next_batch_key: told.next }
}
