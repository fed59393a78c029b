//! Questions about the tags and tokens of one document.

use potok_domain::rows::TagQuery;
use potok_types::BoxId;

use crate::{Batch, DocumentStmt, Failure, Sql, args};

/// Which of `wanted` the document has.
async fn found(
    sql: &mut impl Sql,
    box_id: BoxId,
    document: i64,
    wanted: &[TagQuery],
) -> Result<Vec<bool>, Failure> {
    let questions: Batch<'_> =
        wanted.iter().map(|tag| args![box_id, document, &tag.key, tag.value.as_ref()]).collect();
    let mut found = vec![false; wanted.len()];
    sql.each_of(DocumentStmt::HasTag, &questions, |place, _| {
        found[place] = true;
        Ok(())
    })
    .await?;
    Ok(found)
}

/// Whether the document has one of `wanted`.
pub(super) async fn has_one_of(
    sql: &mut impl Sql,
    box_id: BoxId,
    document: i64,
    wanted: &[TagQuery],
) -> Result<bool, Failure> {
    Ok(found(sql, box_id, document, wanted).await?.contains(&true))
}

/// Whether the document has all of `wanted`.
pub(super) async fn has_all_of(
    sql: &mut impl Sql,
    box_id: BoxId,
    document: i64,
    wanted: &[TagQuery],
) -> Result<bool, Failure> {
    Ok(!found(sql, box_id, document, wanted).await?.contains(&false))
}

/// Whether the document, made at `created_at` and found in `scope`, has one of `wanted`.
pub(super) async fn has_token(
    sql: &mut impl Sql,
    box_id: BoxId,
    (scope, created_at, document): (i64, i64, i64),
    wanted: &[String],
) -> Result<bool, Failure> {
    let questions: Batch<'_> =
        wanted.iter().map(|token| args![box_id, token, scope, created_at, document]).collect();
    let mut is_found = false;
    sql.each_of(DocumentStmt::HasToken, &questions, |_, _| {
        is_found = true;
        Ok(())
    })
    .await?;
    Ok(is_found)
}
