//! Giving events their places in the feed.

use potok_domain::feed::ConcernedDocument;
use potok_domain::{AddresseeId, MessageType};
use potok_store::FeedEntry;
use potok_types::{BoxId, ContentHash, DepartmentId, IndexKey};
use uuid::Uuid;

use crate::heads::ProfileHead;
use crate::{Batch, Failure, FeedStmt, RebuildStmt, Row, Session, Sql, SqlWrite, args};

/// Adds the event whose row in the journal is `row`.
pub(crate) async fn insert<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    key: IndexKey,
    row: i64,
    entry: &FeedEntry,
) -> Result<(), Failure> {
    let profile = profile(session, box_id, entry).await?;
    let head = session.heads.of_box(&mut session.sql, box_id).await?;
    let at = entry.at.get();
    head.seq += 1;
    match entry.message_type {
        MessageType::Letter => head.letters += 1,
        MessageType::Draft => head.drafts += 1,
        MessageType::Template => {}
    }
    head.max_lead = head.max_lead.max(at.saturating_sub(key.get()));
    head.max_lag = head.max_lag.max(key.get().saturating_sub(at));
    let args = args![
        box_id,
        key,
        row,
        at,
        entry.message_type as i32,
        profile.profile,
        head.seq,
        head.letters,
        head.drafts,
        profile.count,
        head.max_lead,
        head.max_lag,
    ];
    session.sql.put(FeedStmt::Insert, &args).await
}

/// The profile of an event, which counts as its next one; a new profile is written.
async fn profile<S: SqlWrite>(
    session: &mut Session<S>,
    box_id: BoxId,
    entry: &FeedEntry,
) -> Result<ProfileHead, Failure> {
    let documents = sorted(&entry.concerned);
    let digest = digest(entry.message_type, &documents);
    if let Some(head) = session.heads.of_profile(&mut session.sql, box_id, digest).await? {
        head.count += 1;
        return Ok(*head);
    }
    let profile = insert_profile(&mut session.sql, box_id, entry.message_type, digest, &documents).await?;
    let head = ProfileHead { profile, count: 1 };
    session.heads.put_profile(box_id, digest, head);
    Ok(head)
}

/// The number of the profile of such events, if there is one, and whether it is kept as it should be.
pub(crate) async fn profile_of(
    sql: &mut impl Sql,
    box_id: BoxId,
    entry: &FeedEntry,
) -> Result<Option<(i64, bool)>, Failure> {
    let documents = sorted(&entry.concerned);
    let digest = digest(entry.message_type, &documents);
    let profile = sql.row(FeedStmt::ProfileOfDigest, &args![box_id, &digest], |row| row.get(0)).await?;
    let Some(profile) = profile else { return Ok(None) };
    let mut is_as_expected = has_asked(sql, box_id, profile, &documents).await?;
    let mut seen = 0;
    sql.each(RebuildStmt::FeedProfile, &args![box_id, profile], |row| {
        is_as_expected &= row.get::<i64>(0)? == i64::from(entry.message_type as i32);
        if let Some(number) = row.get::<Option<i64>>(1)? {
            let expected = documents.get(seen);
            seen += 1;
            is_as_expected &= number == seen as i64 && expected.is_some_and(|it| is_kept(row, it));
        }
        Ok(())
    })
    .await?;
    Ok(Some((profile, is_as_expected && seen == documents.len())))
}

/// Those were asked about the documents of the profile who should be, and nobody else.
async fn has_asked(
    sql: &mut impl Sql,
    box_id: BoxId,
    profile: i64,
    documents: &[&ConcernedDocument],
) -> Result<bool, Failure> {
    let mut expected = asked(documents);
    let mut is_as_expected = true;
    sql.each(RebuildStmt::FeedProfileAsked, &args![box_id, profile], |row| {
        is_as_expected &= expected.next().is_some_and(|(number, asked)| {
            row.get::<i64>(0).is_ok_and(|found| found == number)
                && row.get::<u8>(1).is_ok_and(|found| found == asked.kind())
                && row.get::<Uuid>(2).is_ok_and(|found| found.as_bytes() == asked.as_bytes())
        });
        Ok(())
    })
    .await?;
    Ok(is_as_expected && expected.next().is_none())
}

/// Who was asked about which document, by its number.
fn asked<'a>(documents: &'a [&ConcernedDocument]) -> impl Iterator<Item = (i64, AddresseeId)> + use<'a> {
    (1..).zip(documents).flat_map(|(number, it)| it.asked.iter().map(move |asked| (number, *asked)))
}

/// The row has what is expected of it; what cannot even be read is something else.
fn is_kept(row: &dyn Row, expected: &ConcernedDocument) -> bool {
    row.get::<&str>(2).is_ok_and(|name| name == expected.type_named_id)
        && row.get::<i32>(3).is_ok_and(|direction| direction == expected.direction as i32)
        && row.get::<BoxId>(4).is_ok_and(|counteragent| counteragent == expected.counteragent)
        && row.get::<DepartmentId>(5).is_ok_and(|department| department == expected.department)
}

/// The number of the profile of such events, which is kept as it should be afterwards.
pub(crate) async fn put_profile(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    entry: &FeedEntry,
) -> Result<i64, Failure> {
    let documents = sorted(&entry.concerned);
    match profile_of(sql, box_id, entry).await? {
        Some((profile, true)) => Ok(profile),
        Some((profile, false)) => {
            let kind = entry.message_type as i32;
            sql.execute(RebuildStmt::ReplaceFeedProfile, &args![box_id, profile, kind]).await?;
            sql.execute(RebuildStmt::DeleteFeedProfileDocuments, &args![box_id, profile]).await?;
            sql.execute(RebuildStmt::DeleteFeedProfileAsked, &args![box_id, profile]).await?;
            insert_documents(sql, box_id, profile, &documents).await?;
            Ok(profile)
        }
        None => {
            let digest = digest(entry.message_type, &documents);
            insert_profile(sql, box_id, entry.message_type, digest, &documents).await
        }
    }
}

/// The documents in an order that depends on nothing but what filters see of them.
fn sorted(concerned: &[ConcernedDocument]) -> Vec<&ConcernedDocument> {
    type Facts<'a> = (&'a str, i32, &'a [u8; 16], &'a [u8; 16], &'a [AddresseeId]);
    fn facts(document: &ConcernedDocument) -> Facts<'_> {
        (
            &document.type_named_id,
            document.direction as i32,
            document.counteragent.as_bytes(),
            document.department.as_bytes(),
            &document.asked,
        )
    }
    let mut documents: Vec<_> = concerned.iter().collect();
    documents.sort_by(|a, b| facts(a).cmp(&facts(b)));
    documents
}

/// The digest by which the profile of such events is found.
pub(crate) fn profile_digest(entry: &FeedEntry) -> ContentHash {
    digest(entry.message_type, &sorted(&entry.concerned))
}

fn digest(message_type: MessageType, documents: &[&ConcernedDocument]) -> ContentHash {
    let mut bytes = vec![message_type as u8];
    for document in documents {
        bytes.extend_from_slice(&(document.type_named_id.len() as u32).to_be_bytes());
        bytes.extend_from_slice(document.type_named_id.as_bytes());
        bytes.push(document.direction as u8);
        bytes.extend_from_slice(document.counteragent.as_bytes());
        bytes.extend_from_slice(document.department.as_bytes());
        // No length of a name begins like that.
        for asked in &document.asked {
            bytes.extend_from_slice(&[0xff, asked.kind()]);
            bytes.extend_from_slice(asked.as_bytes());
        }
    }
    ContentHash::of(&bytes)
}

async fn insert_profile(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    message_type: MessageType,
    digest: ContentHash,
    documents: &[&ConcernedDocument],
) -> Result<i64, Failure> {
    let last: Option<i64> = sql.row(FeedStmt::LastProfile, &args![box_id], |row| row.get(0)).await?;
    let profile = last.unwrap_or(0) + 1;
    sql.put(FeedStmt::InsertProfile, &args![box_id, profile, message_type as i32, &digest]).await?;
    insert_documents(sql, box_id, profile, documents).await?;
    Ok(profile)
}

async fn insert_documents(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    profile: i64,
    documents: &[&ConcernedDocument],
) -> Result<(), Failure> {
    let asked: Batch<'_> =
        asked(documents).map(|(number, it)| args![box_id, profile, number, it.kind(), it]).collect();
    let documents: Batch<'_> = (1_i64..)
        .zip(documents)
        .map(|(number, it)| {
            args![
                box_id,
                profile,
                number,
                &it.type_named_id,
                it.direction as i32,
                it.counteragent,
                it.department,
            ]
        })
        .collect();
    sql.execute_each(FeedStmt::InsertProfileDocument, &documents).await?;
    sql.execute_each(FeedStmt::InsertProfileAsked, &asked).await
}
