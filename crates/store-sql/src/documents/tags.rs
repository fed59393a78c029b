//! Questions about the tags and tokens of documents, asked together for all of them.

use potok_domain::rows::TagQuery;
use potok_types::BoxId;

use crate::{Batch, DocumentStmt, Failure, Sql, args};

/// Which of `wanted` each of `documents` has.
pub(super) async fn has_tags(
    sql: &mut impl Sql,
    box_id: BoxId,
    documents: &[i64],
    wanted: &[TagQuery],
) -> Result<Vec<Vec<bool>>, Failure> {
    let pairs = documents.iter().flat_map(|document| wanted.iter().map(move |tag| (*document, tag)));
    let questions: Batch<'_> =
        pairs.map(|(document, tag)| args![box_id, document, &tag.key, tag.value.as_ref()]).collect();
    let mut found = vec![vec![false; wanted.len()]; documents.len()];
    sql.each_of(DocumentStmt::HasTag, &questions, |place, _| {
        found[place / wanted.len()][place % wanted.len()] = true;
        Ok(())
    })
    .await?;
    Ok(found)
}

/// Which of `documents` has one of `wanted`. Each document is named by its scope, the time when it was made, and its number.
pub(super) async fn have_token(
    sql: &mut impl Sql,
    box_id: BoxId,
    documents: &[(i64, i64, i64)],
    wanted: &[String],
) -> Result<Vec<bool>, Failure> {
    let pairs = documents.iter().flat_map(|document| wanted.iter().map(move |token| (*document, token)));
    let questions: Batch<'_> = pairs
        .map(|((scope, created_at, document), token)| args![box_id, token, scope, created_at, document])
        .collect();
    let mut found = vec![false; documents.len()];
    sql.each_of(DocumentStmt::HasToken, &questions, |place, _| {
        found[place / wanted.len()] = true;
        Ok(())
    })
    .await?;
    Ok(found)
}
