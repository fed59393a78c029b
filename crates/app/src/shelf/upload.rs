//! Files come in parts: under a name of the caller's choice (`ShelfUpload`), or under one that the server gives
//! (`ShelfUploadPartInit`, `ShelfUploadPart`).

use bytes::Bytes;
use potok_store::{NewPart, PartOf, ShelfFile, ShelfPart};
use potok_types::access::User;
use potok_types::{ContentRef, Invalid, UserId, limits};

use super::{Shelf, ShelfError, ShelfUpload, Source};
use crate::Permit;
use crate::core::CoreError;

/// Characters of the extension of a file's name.
const EXTENSION_CHARS: usize = 16;

impl Shelf {
    /// Keeps one part. The answer names the parts that are still missing; it is empty until the last one has come.
    ///
    /// # Errors
    /// What `source` says; [`ShelfError::TooLarge`], [`ShelfError::OverQuota`]; `CoreError::NoRoom`.
    pub async fn upload<S: Source>(
        &self,
        user: &Permit<User>,
        upload: &ShelfUpload,
        source: S,
    ) -> Result<Vec<u32>, S::Error> {
        let kept = self.keep_coming(user.id, upload, false, source).await?;
        Ok(kept.map(|file| file.missing()).unwrap_or_default())
    }

    /// Keeps the first part of a new file; the name that the server gives it.
    ///
    /// # Errors
    /// What `source` says; `CoreError::Invalid` for the extension; [`ShelfError::OverQuota`]; `CoreError::NoRoom`.
    pub async fn begin<S: Source>(
        &self,
        user: &Permit<User>,
        extension: Option<&str>,
        is_last: bool,
        source: S,
    ) -> Result<String, S::Error> {
        let name = self.new_name(extension)?;
        let first = ShelfUpload { name: name.clone(), part_index: 0, is_last };
        self.keep_coming(user.id, &first, false, source).await?;
        Ok(name)
    }

    /// Keeps another part of a file that was begun. The answer is as that of [`Self::upload`].
    ///
    /// # Errors
    /// [`ShelfError::NotBegun`], and as for [`Self::upload`].
    pub async fn add_part<S: Source>(
        &self,
        user: &Permit<User>,
        upload: &ShelfUpload,
        source: S,
    ) -> Result<Vec<u32>, S::Error> {
        match self.keep_coming(user.id, upload, true, source).await? {
            Some(file) => Ok(file.missing()),
            None => Err(ShelfError::NotBegun(upload.name.clone()).into()),
        }
    }

    /// A name that nobody has, with the extension that was asked for.
    pub(super) fn new_name(&self, extension: Option<&str>) -> Result<String, ShelfError> {
        let name = self.core.entropy.uuid().simple().to_string();
        let extension = extension.map(|it| it.strip_prefix('.').unwrap_or(it)).unwrap_or_default();
        if extension.is_empty() {
            return Ok(name);
        }
        let is_plain = extension.chars().all(|char| char.is_alphanumeric() || "._-".contains(char));
        if !is_plain || extension.chars().count() > EXTENSION_CHARS {
            let reason = format!(
                "{extension:?} is no extension of a file: up to {EXTENSION_CHARS} letters and digits are expected"
            );
            return Err(Invalid::new("fileExtension", reason).into());
        }
        Ok(format!("{name}.{extension}"))
    }

    /// Keeps a part as it comes; `None` when there is no file that it may become a part of.
    async fn keep_coming<S: Source>(
        &self,
        user: UserId,
        upload: &ShelfUpload,
        is_begun: bool,
        source: S,
    ) -> Result<Option<ShelfFile>, S::Error> {
        let allowed = self.allowed(user, upload, is_begun).await.map_err(ShelfError::from)?;
        let Some(allowed) = allowed else { return Ok(None) };
        // What is refused anyhow need not come first.
        self.check(&allowed, 0).await?;
        let received = self.receive(user, &allowed, source).await?;
        // A large one has come for minutes. How things stand is looked at while the disk makes it durable.
        let size = received.size();
        let (content, allowed) = tokio::join!(received.keep(), self.allowed(user, upload, is_begun));
        let (content, allowed) = (content.map_err(ShelfError::from)?, allowed.map_err(ShelfError::from)?);
        let Some(allowed) = allowed else { return Ok(None) };
        self.check(&allowed, size).await?;
        let kept = self.write_down(user, upload, content, is_begun, limits::SHELF_LIFETIME_SECONDS).await;
        Ok(kept.map_err(ShelfError::from)?)
    }

    /// Keeps bytes that are at hand, as a part of any file of its name and for so many seconds.
    ///
    /// # Errors
    /// [`ShelfError::TooLarge`], [`ShelfError::OverQuota`].
    pub(crate) async fn put(
        &self,
        user: UserId,
        upload: &ShelfUpload,
        bytes: Bytes,
        seconds: i64,
    ) -> Result<(), ShelfError> {
        let Some(allowed) = self.allowed(user, upload, false).await? else { return Ok(()) };
        self.check(&allowed, bytes.len() as u64).await?;
        let content = self.core.contents.put(bytes, self.core.clock.now()).await.map_err(CoreError::from)?;
        self.write_down(user, upload, content, false, seconds).await?;
        Ok(())
    }

    /// Writes down that a part is there.
    async fn write_down(
        &self,
        user: UserId,
        upload: &ShelfUpload,
        content: ContentRef,
        is_begun: bool,
        seconds: i64,
    ) -> Result<Option<ShelfFile>, CoreError> {
        let now = self.core.clock.now();
        let new = NewPart {
            user,
            name: upload.name.clone(),
            part: ShelfPart { index: upload.part_index, content },
            is_last: upload.is_last,
            expires_at: now.plus_seconds(seconds),
            of: if is_begun { PartOf::Begun(now) } else { PartOf::Any },
        };
        Ok(self.files.put_part(&new).await?)
    }
}
