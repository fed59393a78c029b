//! Messages that are erased: their rows go, and what is left of each event stays for the chain of the journal.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use potok_domain::Revision;
use potok_domain::erasure::{ErasedMessage, ErasureChange, ErasureEvent};
use potok_store::stored::decode_event;
use potok_store::{
    Append, AppendError, Erasable, ErasureStep, Erasures, NewEvent, SettledContents, StoreError,
    StreamAppend, StreamKind, Tombstone,
};
use potok_types::{BoxId, ContentHash, EventId, IndexKey, MessageId, Ticks};
use uuid::Uuid;

use crate::journal::{Prepared, append};
use crate::read_models::{add_up_feed, forget_documents};
use crate::{
    Backend, Batch, ContentStmt, ErasureStmt, Failure, JournalStmt, RebuildStmt, Row, Session, Sql, SqlStore,
    SqlWrite, Touched, args,
};

/// Events that are read together.
const PAGE: usize = 500;
const MESSAGE: u8 = StreamKind::MESSAGE.number();

/// A message on its way out.
struct Going {
    message_id: MessageId,
    left: Vec<Tombstone>,
    contents: BTreeSet<ContentHash>,
}

impl Going {
    /// As its act names it.
    fn named(&self) -> Option<ErasedMessage> {
        Some(ErasedMessage {
            message_id: self.message_id,
            events: u32::try_from(self.left.len()).ok()?,
            last: self.left.last()?.key,
            digest: Tombstone::digest(&self.left),
        })
    }
}

async fn erasable(
    sql: &mut impl Sql,
    box_id: BoxId,
    after: IndexKey,
    before: Ticks,
    limit: usize,
) -> Result<Vec<Erasable>, Failure> {
    sql.rows(ErasureStmt::Erasable, &args![box_id, after, before, limit], |row| {
        let (last, message_id) = (row.get(0)?, row.get(1)?);
        Ok(Erasable { message_id, revision: Revision(row.get(2)?), last, is_to_be_delivered: row.get(3)? })
    })
    .await
}

/// Those of `messages` that are as they were, and have nothing to deliver.
async fn going(
    sql: &mut impl Sql,
    box_id: BoxId,
    messages: &[(MessageId, Revision)],
) -> Result<Vec<Going>, Failure> {
    let mut all: Vec<Going> = messages
        .iter()
        .map(|(message_id, _)| Going { message_id: *message_id, left: Vec::new(), contents: BTreeSet::new() })
        .collect();
    let questions: Batch<'_> = messages.iter().map(|(message_id, _)| args![box_id, *message_id]).collect();
    sql.each_of(ErasureStmt::EventsOf, &questions, |place, row| {
        let stored: Vec<u8> = row.get(3)?;
        let digest = ContentHash::of(&stored);
        let of_message = &mut all[place];
        of_message.left.push(Tombstone { stored: digest, ..tombstone(row, 0)? });
        of_message.contents.extend(decode_event(&stored)?.contents().map(|content| content.hash));
        Ok(())
    })
    .await?;
    let questions: Batch<'_> =
        messages.iter().map(|(message_id, _)| args![box_id, MESSAGE, *message_id]).collect();
    let mut is_held = vec![false; messages.len()];
    sql.each_of(ErasureStmt::IsToBeDelivered, &questions, |place, _| {
        is_held[place] = true;
        Ok(())
    })
    .await?;
    let is_as_it_was = |going: &Going, expected: Revision| going.left.len() as u64 == u64::from(expected.0);
    let chosen = all.into_iter().zip(messages).zip(is_held);
    let chosen =
        chosen.filter(|((going, (_, expected)), is_held)| !is_held && is_as_it_was(going, *expected));
    Ok(chosen.map(|((going, _), _)| going).collect())
}

/// Revision, id and key from `column` on; of the digest nothing is said.
fn tombstone(row: &dyn Row, column: usize) -> Result<Tombstone, Failure> {
    let revision = Revision(row.get(column)?);
    let (event, key): (EventId, IndexKey) = (row.get(column + 1)?, row.get(column + 2)?);
    Ok(Tombstone { revision, event, key, stored: ContentHash::from_bytes([0; 32]) })
}

/// Writes the next event of an act.
async fn tell<S: SqlWrite>(
    session: &mut Session<S>,
    step: &ErasureStep,
    change: ErasureChange,
) -> Result<Result<(), AppendError>, Failure> {
    let stream = step.stream();
    let event = ErasureEvent { id: step.event, at: step.at, change };
    let of_act = StreamAppend::new(stream, step.expected, vec![NewEvent::of_erasure(stream, &event)]);
    let prepared = Prepared::new(Append::new(step.box_id, vec![of_act]))?;
    Ok(append(session, &prepared).await?.map(drop))
}

async fn erase<S: SqlWrite>(
    session: &mut Session<S>,
    step: &ErasureStep,
    messages: &[(MessageId, Revision)],
) -> Result<Result<Vec<ErasedMessage>, AppendError>, Failure> {
    let box_id = step.box_id;
    session.sql.enter(box_id).await?;
    let going = going(&mut session.sql, box_id, messages).await?;
    let named: Vec<ErasedMessage> = going.iter().filter_map(Going::named).collect();
    if named.is_empty() {
        session.touches_nothing();
        return Ok(Ok(named));
    }
    // First of all: the numbers of rows that go are behind that of the act's, and are never given anew.
    if let Err(refused) = tell(session, step, ErasureChange::Erased(named.clone())).await? {
        return Ok(Err(refused));
    }
    take_away(&mut session.sql, box_id, &going).await?;
    // Also what others show of it.
    session.touched = Touched::Unsaid;
    session.heads.clear();
    Ok(Ok(named))
}

async fn take_away(sql: &mut impl SqlWrite, box_id: BoxId, going: &[Going]) -> Result<(), Failure> {
    let (mut left, mut places, mut contents) = (Batch::default(), Batch::default(), Batch::default());
    for Going { message_id, left: of_message, contents: named } in going {
        for Tombstone { revision, event, key, stored } in of_message {
            left.push(&args![box_id, *key, MESSAGE, *message_id, revision.0, *event, stored]);
            places.push(&args![box_id, *key]);
        }
        named.iter().for_each(|hash| contents.push(&args![box_id, hash]));
    }
    sql.execute_each(ErasureStmt::Leave, &left).await?;
    sql.execute_each(ErasureStmt::NoteContent, &contents).await?;
    sql.execute_each(RebuildStmt::DeleteFeedRow, &places).await?;
    for of_message in going {
        forget_documents(sql, box_id, of_message.message_id).await?;
    }
    let messages: Batch<'_> = going.iter().map(|it| args![box_id, it.message_id]).collect();
    sql.execute_each(ErasureStmt::DeleteEvents, &messages).await
}

/// A place among the events of messages, and what is looked for there.
type Scan = (BoxId, MessageId, Revision, Arc<BTreeSet<ContentHash>>);

/// Those of the hashes that events behind the place name, and the place of the last one; `None` at the end.
async fn named(
    sql: &mut impl Sql,
    (box_id, message, revision, wanted): &Scan,
) -> Result<(Vec<ContentHash>, Option<(MessageId, Revision)>), Failure> {
    let (mut found, mut last, mut seen) = (Vec::new(), None, 0);
    sql.each(ErasureStmt::EventsBehind, &args![*box_id, *message, revision.0, PAGE], |row| {
        seen += 1;
        last = Some((row.get(0)?, Revision(row.get(1)?)));
        found.extend(named_in(&row.get::<Vec<u8>>(2)?, wanted)?);
        Ok(())
    })
    .await?;
    Ok((found, last.filter(|_| seen == PAGE)))
}

fn named_in(stored: &[u8], wanted: &BTreeSet<ContentHash>) -> Result<Vec<ContentHash>, Failure> {
    let event = decode_event(stored)?;
    Ok(event.contents().map(|content| content.hash).filter(|hash| wanted.contains(hash)).collect())
}

/// Contents to forget, and what is to be looked at before that.
struct Settling {
    box_id: BoxId,
    /// What erased messages named.
    noted: Vec<ContentHash>,
    /// Those of it that were named by nothing else when events up to `key` were looked at.
    unnamed: BTreeSet<ContentHash>,
    key: i64,
}

async fn settle<S: SqlWrite>(session: &mut Session<S>, it: &Settling) -> Result<SettledContents, Failure> {
    session.touches_nothing();
    let (sql, box_id) = (&mut session.sql, it.box_id);
    sql.enter(box_id).await?;
    let mut unnamed = it.unnamed.clone();
    let mut after = Some(it.key);
    while let Some(key) = after {
        let args = args![box_id, key, PAGE];
        let rows = sql.rows(RebuildStmt::EventsBehind, &args, |row| {
            let is_message = row.get::<u8>(1)? == MESSAGE;
            let named = if is_message { named_in(&row.get::<Vec<u8>>(5)?, &it.unnamed)? } else { Vec::new() };
            Ok((row.get::<i64>(0)?, named))
        });
        let rows = rows.await?;
        after = rows.last().map(|(key, _)| *key).filter(|_| rows.len() == PAGE);
        rows.iter().flat_map(|(_, named)| named).for_each(|hash| {
            unnamed.remove(hash);
        });
    }
    let of = |hash| args![box_id, hash];
    let gone: Batch<'_> = unnamed.iter().map(of).collect();
    let mut is_small = vec![false; unnamed.len()];
    sql.each_of(ContentStmt::IsInBox, &gone, |place, _| {
        is_small[place] = true;
        Ok(())
    })
    .await?;
    sql.execute_each(ErasureStmt::DeleteSmallContent, &gone).await?;
    sql.execute_each(ErasureStmt::DeleteContentName, &gone).await?;
    sql.execute_each(ErasureStmt::ForgetContent, &it.noted.iter().map(of).collect()).await?;
    let small = is_small.iter().filter(|is_small| **is_small).count() as u64;
    let large = unnamed.iter().zip(is_small).filter(|(_, is_small)| !is_small).map(|(hash, _)| *hash);
    Ok(SettledContents { seen: it.noted.len() as u64, small, large: large.collect() })
}

async fn end<S: SqlWrite>(
    session: &mut Session<S>,
    step: &ErasureStep,
    contents: u64,
) -> Result<Result<(), AppendError>, Failure> {
    let box_id = step.box_id;
    session.sql.enter(box_id).await?;
    if let Err(refused) = tell(session, step, ErasureChange::Ended { contents }).await? {
        return Ok(Err(refused));
    }
    let of_box = args![box_id];
    session.sql.execute(ErasureStmt::DeleteLinks, &of_box).await?;
    session.sql.execute(ErasureStmt::DeleteOperations, &of_box).await?;
    add_up_feed(session, box_id, &[]).await?;
    let sql = &mut session.sql;
    let unused: Vec<i64> = sql.rows(RebuildStmt::UnusedFeedProfiles, &of_box, |row| row.get(0)).await?;
    let unused: Batch<'_> = unused.iter().map(|profile| args![box_id, *profile]).collect();
    for stmt in [
        RebuildStmt::DeleteStrayFeedProfile,
        RebuildStmt::DeleteStrayFeedProfileDocuments,
        RebuildStmt::DeleteStrayFeedProfileAsked,
    ] {
        sql.execute_each(stmt, &unused).await?;
    }
    let profiles: Vec<i64> = sql.rows(RebuildStmt::DocumentProfiles, &of_box, |row| row.get(0)).await?;
    let profiles: Batch<'_> = profiles.iter().map(|profile| args![box_id, *profile]).collect();
    sql.execute_each(RebuildStmt::DeleteStrayDocumentProfile, &profiles).await?;
    session.touched = Touched::Unsaid;
    session.heads.clear();
    Ok(Ok(()))
}

/// What came of work that an act may have no place for.
fn told<T>(done: Result<Result<T, AppendError>, StoreError>) -> Result<T, AppendError> {
    done.map_err(AppendError::Store)?
}

#[async_trait]
impl<B: Backend> Erasures for SqlStore<B> {
    async fn erasable(
        &self,
        box_id: BoxId,
        after: IndexKey,
        before: Ticks,
        limit: usize,
    ) -> Result<Vec<Erasable>, StoreError> {
        self.ask(
            "look for old messages",
            (box_id, after, before, limit),
            |sql, (box_id, after, before, limit)| Box::pin(erasable(sql, *box_id, *after, *before, *limit)),
        )
        .await
    }

    async fn erase(
        &self,
        step: ErasureStep,
        messages: &[(MessageId, Revision)],
    ) -> Result<Vec<ErasedMessage>, AppendError> {
        let done = self.rewrite("erase messages", (step, messages.to_vec()), |session, (step, messages)| {
            Box::pin(erase(session, step, messages))
        });
        told(done.await)
    }

    async fn settle_contents(&self, box_id: BoxId, limit: usize) -> Result<SettledContents, StoreError> {
        const ACTION: &str = "take contents of erased messages away";
        let noted = self.view(ACTION, (box_id, limit), |sql, (box_id, limit)| {
            Box::pin(async move {
                let args = args![*box_id, *limit];
                let noted: Vec<ContentHash> =
                    sql.rows(ErasureStmt::Contents, &args, |row| row.get(0)).await?;
                // What comes while the events are read is behind this, and is read again before anything goes.
                let args = args![*box_id];
                let key: Option<i64> =
                    sql.row(JournalStmt::LastKeyBesideFeed, &args, |row| row.get(0)).await?;
                Ok((noted, key.unwrap_or(0)))
            })
        });
        let (noted, key) = noted.await?;
        if noted.is_empty() {
            return Ok(SettledContents::default());
        }
        let mut unnamed: BTreeSet<ContentHash> = noted.iter().copied().collect();
        let wanted = Arc::new(unnamed.clone());
        let mut place = Some((MessageId::from_uuid(Uuid::nil()), Revision(0)));
        while let Some((message, revision)) = place {
            let scan: Scan = (box_id, message, revision, Arc::clone(&wanted));
            let (found, next) = self.view(ACTION, scan, |sql, scan| Box::pin(named(sql, scan))).await?;
            found.iter().for_each(|hash| {
                unnamed.remove(hash);
            });
            place = next;
        }
        let settling = Settling { box_id, noted, unnamed, key };
        self.rewrite(ACTION, settling, |session, it| Box::pin(settle(session, it))).await
    }

    async fn end_erasure(&self, step: ErasureStep, contents: u64) -> Result<(), AppendError> {
        let done = self.rewrite("end an erasure", (step, contents), |session, (step, contents)| {
            Box::pin(end(session, step, *contents))
        });
        told(done.await)
    }
}
