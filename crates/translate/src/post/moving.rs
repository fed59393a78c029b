//! `POST /MoveDocuments`.

use potok_domain::DocumentRef;
use potok_types::{DepartmentId, Invalid, limits};
use potok_wire::proto::documents::DocumentsMoveOperation;

use super::fields::{documents, optional_id};

/// The documents to move, and where to; the head when no department is named.
///
/// # Errors
/// [`Invalid`] names the field that is wrong.
pub fn move_operation(
    operation: DocumentsMoveOperation,
) -> Result<(Vec<DocumentRef>, DepartmentId), Invalid> {
    const PATH: &str = "DocumentsMoveOperation.DocumentIds";
    let count = operation.document_ids.len();
    if !(1..=limits::DOCUMENTS_PER_MOVE).contains(&count) {
        let reason = format!("{count} documents are named; name 1 to {}", limits::DOCUMENTS_PER_MOVE);
        return Err(Invalid::new(PATH, reason));
    }
    let documents = documents(PATH, &operation.document_ids)?;
    let to: Option<DepartmentId> =
        optional_id("DocumentsMoveOperation.ToDepartmentId", operation.to_department_id)?;
    Ok((documents, to.unwrap_or(DepartmentId::ZERO)))
}
