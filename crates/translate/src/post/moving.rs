//! `POST /MoveDocuments`.

use potok_domain::DocumentRef;
use potok_types::{DepartmentId, limits};
use potok_wire::proto::documents::DocumentsMoveOperation;

use super::BadPost;
use super::checks::{id, optional_id};

/// The documents to move, and where to; the head when no department is named.
///
/// # Errors
/// [`BadPost::Invalid`] names the field that is wrong.
pub fn move_operation(
    operation: DocumentsMoveOperation,
) -> Result<(Vec<DocumentRef>, DepartmentId), BadPost> {
    const PATH: &str = "DocumentsMoveOperation.DocumentIds";
    let count = operation.document_ids.len();
    if !(1..=limits::DOCUMENTS_PER_MOVE).contains(&count) {
        let reason = format!("{count} documents are named; name 1 to {}", limits::DOCUMENTS_PER_MOVE);
        return Err(BadPost::invalid(PATH, reason));
    }
    let document = |(i, named): (usize, potok_wire::proto::DocumentId)| {
        Ok::<_, BadPost>(DocumentRef {
            message_id: id(format!("{PATH}[{i}].MessageId"), &named.message_id)?,
            entity_id: id(format!("{PATH}[{i}].EntityId"), &named.entity_id)?,
        })
    };
    let documents = operation.document_ids.into_iter().enumerate().map(document).collect::<Result<_, _>>()?;
    let to: Option<DepartmentId> =
        optional_id("DocumentsMoveOperation.ToDepartmentId", operation.to_department_id)?;
    Ok((documents, to.unwrap_or(DepartmentId::ZERO)))
}
