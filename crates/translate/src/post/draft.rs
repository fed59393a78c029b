//! `POST /SendDraft`.

use potok_domain::command::{DraftSignature, SendDraft, Source};
use potok_types::id_at;
use potok_wire::proto::events::{DocumentSenderSignature, DraftToSend};

use super::content::{GivenSignature, missing_signature, power, prepared, signature};
use super::fields::{optional_box, optional_id};
use crate::BadRequest;

/// Reads what makes a letter of a draft.
///
/// # Errors
/// [`BadRequest::Invalid`] names the field that cannot be read.
pub fn draft_to_send(given: DraftToSend) -> Result<SendDraft<Source>, BadRequest> {
    let signatures = given.document_signatures.into_iter().enumerate().map(|(i, item)| one(i, item));
    let signatures = signatures.collect::<Result<Vec<_>, _>>()?;
    Ok(SendDraft {
        draft: id_at("DraftToSend.DraftId", &given.draft_id)?,
        to: optional_box("DraftToSend.ToBoxId", given.to_box_id)?,
        to_department: optional_id("DraftToSend.ToDepartmentId", given.to_department_id)?,
        proxy: optional_box("DraftToSend.ProxyBoxId", given.proxy_box_id)?,
        proxy_department: optional_id("DraftToSend.ProxyDepartmentId", given.proxy_department_id)?,
        is_test: signatures.iter().any(|item| item.signature == Source::TestSignature),
        signatures,
    })
}

fn one(i: usize, item: DocumentSenderSignature) -> Result<DraftSignature<Source>, BadRequest> {
    let path = format!("DraftToSend.DocumentSignatures[{i}]");
    let is_test = item.sign_with_test_signature();
    let power = power(&format!("{path}.PowerOfAttorney"), item.power_of_attorney.map(|it| *it))?;
    let given = GivenSignature { inline: item.signature, on_shelf: None, is_test };
    Ok(DraftSignature {
        document: id_at(format!("{path}.ParentEntityId"), &item.parent_entity_id)?,
        signature: signature(&path, given)?.ok_or_else(|| missing_signature(&path))?,
        power,
        prepared: prepared(item.patched_content_id),
        path,
    })
}
