//! Files on the shelf: which parts have come. Their bytes lie in the content store.

use async_trait::async_trait;
use potok_store::{NewPart, PartOf, Shelf, ShelfFile, ShelfPart, ShelfUse, StoreError};
use potok_types::{ContentRef, Ticks, UserId};

use crate::{Backend, Failure, ShelfStmt, Sql, SqlStore, SqlWrite, args};

async fn file(sql: &mut impl Sql, user: UserId, name: &str) -> Result<Option<ShelfFile>, Failure> {
    let args = args![user, name];
    let found = sql
        .row(ShelfStmt::File, &args, |row| {
            Ok(ShelfFile { parts: Vec::new(), part_count: row.get(0)?, expires_at: row.get(1)? })
        })
        .await?;
    let Some(mut file) = found else { return Ok(None) };
    file.parts = sql
        .rows(ShelfStmt::Parts, &args, |row| {
            let size_bytes = row.get::<i64>(2)?.unsigned_abs();
            Ok(ShelfPart { index: row.get(0)?, content: ContentRef { hash: row.get(1)?, size_bytes } })
        })
        .await?;
    Ok(Some(file))
}

async fn put_part(sql: &mut impl SqlWrite, new: &NewPart) -> Result<Option<ShelfFile>, Failure> {
    let NewPart { user, name, part, .. } = new;
    let before = file(sql, *user, name).await?;
    let is_other = before.as_ref().is_some_and(|file| file.is_complete() && !file.parts.contains(part));
    if let PartOf::Begun(now) = new.of
        && (is_other || before.is_none_or(|file| file.expires_at < now))
    {
        return Ok(None);
    }
    if is_other {
        delete(sql, *user, name).await?;
    }
    let part_count = new.is_last.then(|| i64::from(part.index) + 1);
    sql.execute(ShelfStmt::PutFile, &args![*user, name, part_count, new.expires_at]).await?;
    let size_bytes = i64::try_from(part.content.size_bytes)
        .map_err(|_| Failure::Invalid("a part on the shelf is impossibly large".to_owned()))?;
    let args = args![*user, name, part.index, &part.content.hash, size_bytes];
    sql.execute(ShelfStmt::PutPart, &args).await?;
    file(sql, *user, name).await
}

async fn delete(sql: &mut impl SqlWrite, user: UserId, name: &str) -> Result<bool, Failure> {
    sql.execute(ShelfStmt::DeleteParts, &args![user, name]).await?;
    Ok(sql.execute(ShelfStmt::DeleteFile, &args![user, name]).await? == 1)
}

async fn forget_expired(sql: &mut impl SqlWrite, now: Ticks) -> Result<u64, Failure> {
    sql.execute(ShelfStmt::DeleteExpiredParts, &args![now]).await?;
    sql.execute(ShelfStmt::DeleteExpiredFiles, &args![now]).await
}

#[async_trait]
impl<B: Backend> Shelf for SqlStore<B> {
    async fn put_part(&self, new: &NewPart) -> Result<Option<ShelfFile>, StoreError> {
        self.write("write to the shelf", new.clone(), |session, new| {
            session.touches_nothing();
            Box::pin(put_part(&mut session.sql, new))
        })
        .await
    }

    async fn delete_shelf_file(&self, user: UserId, name: &str) -> Result<bool, StoreError> {
        self.write("take a file from the shelf", (user, name.to_owned()), |session, (user, name)| {
            session.touches_nothing();
            Box::pin(delete(&mut session.sql, *user, name))
        })
        .await
    }

    async fn shelf_file(
        &self,
        user: UserId,
        name: &str,
        now: Ticks,
    ) -> Result<Option<ShelfFile>, StoreError> {
        let found = self.view("read the shelf", (user, name.to_owned()), |sql, (user, name)| {
            Box::pin(file(sql, *user, name))
        });
        Ok(found.await?.filter(|file| file.expires_at >= now))
    }

    async fn shelf_use(&self, user: UserId, now: Ticks) -> Result<ShelfUse, StoreError> {
        let found = self.ask("count what is on a shelf", (user, now), |sql, (user, now)| {
            Box::pin(async move {
                sql.row(ShelfStmt::Use, &args![*user, *now], |row| {
                    let (parts, bytes) = (row.get::<i64>(0)?, row.get::<i64>(1)?);
                    Ok(ShelfUse { parts: parts.unsigned_abs(), bytes: bytes.unsigned_abs() })
                })
                .await
            })
        });
        Ok(found.await?.unwrap_or_default())
    }

    async fn forget_expired_files(&self, now: Ticks) -> Result<u64, StoreError> {
        self.rewrite("forget expired files", now, |session, now| {
            session.touches_nothing();
            Box::pin(forget_expired(&mut session.sql, *now))
        })
        .await
    }
}
