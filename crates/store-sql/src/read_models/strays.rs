//! Rows that nothing in the journal accounts for.
//!
//! They are looked for page by page, each in a view of its own, so that no long reading keeps the log of the database from
//! being emptied.

use potok_domain::DocumentRef;
use potok_store::{KeptLink, KeyPart, StoreError, Stray, StrayKind};
use potok_types::{BoxId, ContentHash};

use crate::documents::{profile_digest, traits_of};
use crate::{Backend, DocumentStmt, Failure, RebuildStmt, Row, Sql, SqlStore, SqlWrite, Stmt, Value, args};

/// Rows that are read at once.
const PIECE: usize = 1024;
/// Strays that are told at once.
const TOLD: usize = 10_000;

/// A table that is read in the order of its key.
#[derive(Clone, Copy)]
enum Table {
    Documents,
    Tokens,
    Tags,
    Asked,
    Words,
}

/// One page of it.
struct Page {
    strays: Vec<Stray>,
    /// Where to go on; `None` at the end.
    last: Option<Vec<KeyPart>>,
}

impl Table {
    /// Before its first row.
    fn start(self) -> Vec<KeyPart> {
        let (number, text, bytes) =
            (KeyPart::Number(i64::MIN), KeyPart::Text(String::new()), KeyPart::Bytes(Vec::new()));
        match self {
            Self::Documents => vec![bytes.clone(), bytes],
            Self::Tokens => vec![text, number.clone(), number.clone(), number],
            Self::Tags => vec![text.clone(), text, number.clone(), number],
            Self::Asked => {
                vec![number.clone(), bytes.clone(), number.clone(), number.clone(), bytes, number]
            }
            Self::Words => vec![number, bytes],
        }
    }

    const fn statement(self) -> RebuildStmt {
        match self {
            Self::Documents => RebuildStmt::DocumentsBehind,
            Self::Tokens => RebuildStmt::TokensBehind,
            Self::Tags => RebuildStmt::TagsBehind,
            Self::Asked => RebuildStmt::AskedBehind,
            Self::Words => RebuildStmt::WordsBehind,
        }
    }

    /// What a row is, if it is a stray.
    fn judge(self, row: &dyn Row, key: &[KeyPart]) -> Result<Option<Stray>, Failure> {
        let is_alone = |column: usize| Ok::<_, Failure>(row.get::<Option<i64>>(column)?.is_none());
        let orphan = |kind: StrayKind, key: Vec<KeyPart>| Stray { kind, is_orphan: true, key };
        Ok(match self {
            Self::Documents if is_alone(3)? => {
                Some(orphan(StrayKind::Document, vec![KeyPart::Number(row.get(2)?)]))
            }
            Self::Tokens if is_alone(4)? => Some(orphan(StrayKind::Token, key.to_vec())),
            Self::Tokens => {
                let its_scope = match (row.get::<Option<i64>>(5)?, row.get::<Option<i64>>(6)?) {
                    (Some(direction @ 1..=3), Some(is_deleted @ 0..=1)) => Some(direction + 3 * is_deleted),
                    _ => None,
                };
                let token: &str = row.get(0)?;
                let is_of_document = row.get::<Option<i64>>(4)? == row.get(2)?
                    && its_scope == row.get(1)?
                    // Without a list of words there is nothing to judge by: that it is missing is told of the document.
                    && row.get::<Option<&str>>(7)?.is_none_or(|words| words.split(' ').any(|it| it == token));
                let stray = Stray { kind: StrayKind::Token, is_orphan: false, key: key.to_vec() };
                (!is_of_document).then_some(stray)
            }
            Self::Tags if is_alone(4)? => Some(orphan(StrayKind::Tag, key.to_vec())),
            Self::Asked if is_alone(6)? => Some(orphan(StrayKind::Asked, key.to_vec())),
            Self::Words if is_alone(2)? => Some(orphan(StrayKind::Words, key.to_vec())),
            Self::Documents | Self::Tags | Self::Asked | Self::Words => None,
        })
    }
}

fn part(value: Value<'_>) -> KeyPart {
    match value {
        Value::Null => KeyPart::Bytes(Vec::new()),
        Value::Int(number) => KeyPart::Number(number),
        Value::Id(id) => KeyPart::Bytes(id.as_bytes().to_vec()),
        Value::Text(text) => KeyPart::Text(text.to_owned()),
        Value::Bytes(bytes) => KeyPart::Bytes(bytes.to_vec()),
        Value::Numbers(_) => KeyPart::Bytes(Vec::new()),
    }
}

fn value(part: &KeyPart) -> Value<'_> {
    match part {
        KeyPart::Number(number) => Value::Int(*number),
        KeyPart::Text(text) => Value::Text(text),
        KeyPart::Bytes(bytes) => Value::Bytes(bytes),
    }
}

/// The first `len` columns of a row, by which it is found again.
fn key(row: &dyn Row, len: usize) -> Result<Vec<KeyPart>, Failure> {
    (0..len).map(|column| row.value(column).map(part)).collect()
}

/// Which page of what, of a box where the table is kept by box.
struct Wanted {
    box_id: Option<BoxId>,
    table: Table,
    after: Vec<KeyPart>,
}

async fn page(sql: &mut impl Sql, wanted: &Wanted) -> Result<Page, Failure> {
    let Wanted { box_id, table, after } = wanted;
    let mut args: Vec<Value<'_>> = box_id.iter().map(|box_id| Value::from(*box_id)).collect();
    args.extend(after.iter().map(value));
    args.push(PIECE.into());
    let (mut strays, mut last, mut seen) = (Vec::new(), Vec::new(), 0);
    sql.each(table.statement(), &args, |row| {
        seen += 1;
        last = key(row, after.len())?;
        strays.extend(table.judge(row, &last)?);
        Ok(())
    })
    .await?;
    Ok(Page { strays, last: (seen == PIECE).then_some(last) })
}

/// Profiles that are not used, or not kept under the name that they should have. There are few of them.
async fn profiles(sql: &mut impl Sql, box_id: BoxId) -> Result<Vec<Stray>, Failure> {
    let mut strays = Vec::new();
    let args = args![box_id];
    for stmt in [RebuildStmt::UnusedFeedProfiles, RebuildStmt::FeedProfilesOfDocumentsOnly] {
        sql.each(stmt, &args, |row| {
            strays.push(Stray { kind: StrayKind::FeedProfile, is_orphan: true, key: key(row, 1)? });
            Ok(())
        })
        .await?;
    }
    let has_events = sql.exists(RebuildStmt::HasEvents, &args).await?;
    sql.each(RebuildStmt::DocumentProfiles, &args, |row| {
        let digest: Option<ContentHash> = row.get(11).ok();
        let is_named =
            traits_of(row).ok().map(|traits| profile_digest(&traits)) == digest && digest.is_some();
        if !(is_named && has_events) {
            strays.push(Stray { kind: StrayKind::DocumentProfile, is_orphan: false, key: key(row, 1)? });
        }
        Ok(())
    })
    .await?;
    strays.dedup();
    Ok(strays)
}

/// Links behind one, see [`potok_store::ReadModels::links_behind`].
pub(super) async fn links(
    sql: &mut impl Sql,
    box_id: BoxId,
    after: Option<&KeptLink>,
    limit: usize,
) -> Result<Vec<KeptLink>, Failure> {
    let first = vec![KeyPart::Bytes(Vec::new()); 4];
    let mut args = vec![Value::from(box_id)];
    args.extend(after.map_or(&first, |after| &after.key).iter().map(value));
    args.push(limit.into());
    sql.rows(RebuildStmt::LinksBehind, &args, |row| {
        let document = |column: usize| {
            Ok::<_, Failure>(DocumentRef { message_id: row.get(column)?, entity_id: row.get(column + 1)? })
        };
        // What is no id names no document.
        let link = document(2).and_then(|referrer| Ok((referrer, document(0)?))).ok();
        Ok(KeptLink { link, key: key(row, 4)? })
    })
    .await
}

pub(super) async fn remove(
    sql: &mut impl SqlWrite,
    box_id: Option<BoxId>,
    strays: &[Stray],
) -> Result<(), Failure> {
    if let Some(box_id) = box_id {
        sql.enter(box_id).await?;
    }
    for stray in strays {
        // Words hang on the number of their document, whatever the box.
        let box_id = (stray.kind != StrayKind::Words).then_some(box_id).flatten();
        let args: Vec<Value<'_>> =
            box_id.iter().map(|box_id| Value::from(*box_id)).chain(stray.key.iter().map(value)).collect();
        let stmt: Stmt = match stray.kind {
            StrayKind::Document => RebuildStmt::DeleteStrayDocument.into(),
            StrayKind::Words => RebuildStmt::DeleteStrayWords.into(),
            StrayKind::Token => DocumentStmt::DeleteToken.into(),
            StrayKind::Tag => RebuildStmt::DeleteStrayTag.into(),
            StrayKind::Asked => RebuildStmt::DeleteStrayAsked.into(),
            StrayKind::FeedProfile => RebuildStmt::DeleteStrayFeedProfile.into(),
            StrayKind::DocumentProfile => RebuildStmt::DeleteStrayDocumentProfile.into(),
            StrayKind::Link => RebuildStmt::DeleteLink.into(),
        };
        let is_removed = sql.execute(stmt, &args).await? > 0;
        match stray.kind {
            // What else hangs on its number is found as orphans; words would be looked for no more.
            StrayKind::Document if is_removed => {
                sql.execute(DocumentStmt::DeleteWords, &args).await?;
            }
            StrayKind::FeedProfile => {
                sql.execute(RebuildStmt::DeleteStrayFeedProfileDocuments, &args).await?;
                sql.execute(RebuildStmt::DeleteStrayFeedProfileAsked, &args).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

impl<B: Backend> SqlStore<B> {
    /// See [`potok_store::ReadModels::strays`].
    pub(super) async fn find_strays(&self, box_id: Option<BoxId>) -> Result<Vec<Stray>, StoreError> {
        const ACTION: &str = "look for stray rows";
        let tables: &[Table] = match box_id {
            None => &[Table::Words],
            Some(_) => &[Table::Documents, Table::Tokens, Table::Tags, Table::Asked],
        };
        let mut strays = Vec::new();
        if let Some(box_id) = box_id {
            strays = self.view(ACTION, box_id, |sql, box_id| Box::pin(profiles(sql, *box_id))).await?;
        }
        for table in tables {
            let mut after = Some(table.start());
            while let Some(at) = after.filter(|_| strays.len() < TOLD) {
                let wanted = Wanted { box_id, table: *table, after: at };
                let page = self.view(ACTION, wanted, |sql, wanted| Box::pin(page(sql, wanted))).await?;
                strays.extend(page.strays);
                after = page.last;
            }
        }
        Ok(strays)
    }
}
