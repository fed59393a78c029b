//! Files on the shelf: which parts have come. Their bytes lie in the content store.

use async_trait::async_trait;
use potok_store::{Shelf, ShelfFile, ShelfPart, StoreError};
use potok_types::{ContentRef, Ticks, UserId};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::SqliteStore;
use crate::failure::Failure;
use crate::readers::snapshot;
use crate::sql::content_hash;

fn file(conn: &Connection, user: UserId, name: &str) -> Result<Option<ShelfFile>, Failure> {
    let mut statement = conn
        .prepare_cached("SELECT part_count, expires_at FROM shelf_files WHERE user_id = ?1 AND name = ?2")?;
    let found = statement.query_row(params![user.as_bytes(), name], |row| {
        Ok(ShelfFile { parts: Vec::new(), part_count: row.get(0)?, expires_at: Ticks::new(row.get(1)?) })
    });
    let Some(mut file) = found.optional()? else { return Ok(None) };
    let mut statement = conn.prepare_cached(
        "SELECT number, hash, size_bytes FROM shelf_parts WHERE user_id = ?1 AND name = ?2 ORDER BY number",
    )?;
    let parts = statement.query_map(params![user.as_bytes(), name], |row| {
        let size_bytes = row.get::<_, i64>(2)?.unsigned_abs();
        Ok(ShelfPart { index: row.get(0)?, content: ContentRef { hash: content_hash(row, 1)?, size_bytes } })
    })?;
    file.parts = parts.collect::<rusqlite::Result<_>>()?;
    Ok(Some(file))
}

fn put_part(
    conn: &Connection,
    user: UserId,
    name: &str,
    part: ShelfPart,
    is_last: bool,
    expires_at: Ticks,
) -> Result<ShelfFile, Failure> {
    if let Some(before) = file(conn, user, name)?
        && before.is_complete()
        && !before.parts.contains(&part)
    {
        forget(conn, user, name)?;
    }
    let mut statement = conn.prepare_cached(
        "INSERT INTO shelf_files (user_id, name, part_count, expires_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (user_id, name) DO UPDATE SET
             part_count = coalesce(excluded.part_count, part_count), expires_at = excluded.expires_at",
    )?;
    let part_count = is_last.then(|| i64::from(part.index) + 1);
    statement.execute(params![user.as_bytes(), name, part_count, expires_at.get()])?;
    let mut statement = conn.prepare_cached(
        "INSERT OR REPLACE INTO shelf_parts (user_id, name, number, hash, size_bytes)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let size_bytes = i64::try_from(part.content.size_bytes)
        .map_err(|_| Failure::Invalid("a part on the shelf is impossibly large".to_owned()))?;
    statement.execute(params![
        user.as_bytes(),
        name,
        part.index,
        part.content.hash.as_bytes(),
        size_bytes,
    ])?;
    file(conn, user, name)?.ok_or_else(|| Failure::Invalid("the file just written is not there".to_owned()))
}

fn forget(conn: &Connection, user: UserId, name: &str) -> Result<(), Failure> {
    for sql in [
        "DELETE FROM shelf_parts WHERE user_id = ?1 AND name = ?2",
        "DELETE FROM shelf_files WHERE user_id = ?1 AND name = ?2",
    ] {
        conn.prepare_cached(sql)?.execute(params![user.as_bytes(), name])?;
    }
    Ok(())
}

fn forget_expired(conn: &Connection, now: Ticks) -> Result<u64, Failure> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM shelf_parts WHERE (user_id, name) IN
             (SELECT user_id, name FROM shelf_files WHERE expires_at < ?1)",
    )?;
    statement.execute([now.get()])?;
    let mut statement = conn.prepare_cached("DELETE FROM shelf_files WHERE expires_at < ?1")?;
    Ok(statement.execute([now.get()])? as u64)
}

#[async_trait]
impl Shelf for SqliteStore {
    async fn put_part(
        &self,
        user: UserId,
        name: &str,
        part: ShelfPart,
        is_last: bool,
        expires_at: Ticks,
    ) -> Result<ShelfFile, StoreError> {
        let name = name.to_owned();
        self.write("write to the shelf", move |session| {
            put_part(session.conn, user, &name, part, is_last, expires_at)
        })
        .await
    }

    async fn shelf_file(
        &self,
        user: UserId,
        name: &str,
        now: Ticks,
    ) -> Result<Option<ShelfFile>, StoreError> {
        let name = name.to_owned();
        let found =
            self.read("read the shelf", move |conn| snapshot(conn, |conn| file(conn, user, &name))).await?;
        Ok(found.filter(|file| file.expires_at >= now))
    }

    async fn forget_expired_files(&self, now: Ticks) -> Result<u64, StoreError> {
        self.write("forget expired files", move |session| forget_expired(session.conn, now)).await
    }
}
