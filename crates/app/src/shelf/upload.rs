//! Files come in parts: under a name of the caller's choice (`ShelfUpload`), or under one that the server gives
//! (`ShelfUploadPartInit`, `ShelfUploadPart`).

use bytes::Bytes;
use potok_store::{NewPart, PartOf, ShelfFile, ShelfPart};
use potok_types::access::User;
use potok_types::{Invalid, Ticks, UserId, limits};

use super::{Shelf, ShelfError};
use crate::Permit;

/// Parts count for so many bytes at least: each is a file and a row, however short it is.
const PART_BYTES: u64 = 16 * 1024;
/// Characters of the extension of a file's name.
const EXTENSION_CHARS: usize = 16;

/// One part of an upload.
#[derive(Clone, Debug)]
pub struct ShelfUpload {
    /// The name without the prefix of the private space.
    pub name: String,
    /// From 0.
    pub part_index: u32,
    /// This is the last part.
    pub is_last: bool,
    /// The bytes.
    pub bytes: Bytes,
}

impl Shelf {
    /// Keeps one part. The answer names the parts that are still missing; it is empty until the last one has come.
    ///
    /// # Errors
    /// [`ShelfError::TooLarge`], [`ShelfError::OverQuota`].
    pub async fn upload(&self, user: &Permit<User>, upload: ShelfUpload) -> Result<Vec<u32>, ShelfError> {
        self.put(user.id, upload, limits::SHELF_LIFETIME_SECONDS).await
    }

    /// The same for whoever has the right to the shelf of `user`, and for so many seconds.
    pub(crate) async fn put(
        &self,
        user: UserId,
        upload: ShelfUpload,
        seconds: i64,
    ) -> Result<Vec<u32>, ShelfError> {
        let kept = self.keep_part_for(user, &upload, PartOf::Any, seconds).await?;
        Ok(kept.map(|file| file.missing()).unwrap_or_default())
    }

    /// Keeps the first part of a new file; the name that the server gives it.
    ///
    /// # Errors
    /// `CoreError::Invalid` for the extension; [`ShelfError::OverQuota`].
    pub async fn begin(
        &self,
        user: &Permit<User>,
        extension: Option<&str>,
        is_last: bool,
        bytes: Bytes,
    ) -> Result<String, ShelfError> {
        let name = self.new_name(extension)?;
        let first = ShelfUpload { name: name.clone(), part_index: 0, is_last, bytes };
        self.keep_part(user.id, &first, PartOf::Any).await?;
        Ok(name)
    }

    /// Keeps another part of a file that was begun. The answer is as that of [`Self::upload`].
    ///
    /// # Errors
    /// [`ShelfError::NotBegun`], [`ShelfError::TooLarge`], [`ShelfError::OverQuota`].
    pub async fn add_part(&self, user: &Permit<User>, upload: ShelfUpload) -> Result<Vec<u32>, ShelfError> {
        let begun = PartOf::Begun(self.core.clock.now());
        match self.keep_part(user.id, &upload, begun).await? {
            Some(file) => Ok(file.missing()),
            None => Err(ShelfError::NotBegun(upload.name)),
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

    /// Keeps a part; `None` when there is no file that it may become a part of.
    pub(super) async fn keep_part(
        &self,
        user: UserId,
        upload: &ShelfUpload,
        of: PartOf,
    ) -> Result<Option<ShelfFile>, ShelfError> {
        self.keep_part_for(user, upload, of, limits::SHELF_LIFETIME_SECONDS).await
    }

    async fn keep_part_for(
        &self,
        user: UserId,
        upload: &ShelfUpload,
        of: PartOf,
        seconds: i64,
    ) -> Result<Option<ShelfFile>, ShelfError> {
        let now = self.core.clock.now();
        let known = self.files.shelf_file(user, &upload.name, now).await?;
        let is_expected = match of {
            PartOf::Any => true,
            PartOf::Begun(_) => known.as_ref().is_some_and(|file| {
                !file.is_complete() || file.parts.iter().any(|part| part.index == upload.part_index)
            }),
        };
        if !is_expected {
            return Ok(None);
        }
        let others: u64 = known
            .iter()
            .filter(|file| !file.is_complete())
            .flat_map(|file| &file.parts)
            .filter(|part| part.index != upload.part_index)
            .map(|part| part.content.size_bytes)
            .sum();
        if others + upload.bytes.len() as u64 > limits::SHELF_FILE_BYTES {
            return Err(ShelfError::TooLarge(upload.name.clone()));
        }
        let replaced = known.iter().flat_map(|file| &file.parts).find(|part| part.index == upload.part_index);
        self.check_quota(user, upload, replaced, now).await?;
        let content = self.core.contents.put(upload.bytes.clone(), now).await?;
        let new = NewPart {
            user,
            name: upload.name.clone(),
            part: ShelfPart { index: upload.part_index, content },
            is_last: upload.is_last,
            expires_at: now.plus_seconds(seconds),
            of,
        };
        Ok(self.files.put_part(&new).await?)
    }

    /// Parts that come at the same time are not counted for each other: it is a bound for a week, not for a second.
    async fn check_quota(
        &self,
        user: UserId,
        upload: &ShelfUpload,
        replaced: Option<&ShelfPart>,
        now: Ticks,
    ) -> Result<(), ShelfError> {
        let quota = self.user_bytes;
        let used = self.files.shelf_use(user, now).await?;
        let bytes = (used.bytes + upload.bytes.len() as u64)
            .saturating_sub(replaced.map_or(0, |part| part.content.size_bytes));
        let parts = used.parts + u64::from(replaced.is_none());
        if bytes <= quota && parts.saturating_mul(PART_BYTES) <= quota {
            return Ok(());
        }
        let known = self.core.directory.user(user).await?;
        let login = known.map_or_else(|| format!("box {user}"), |user| user.login);
        Err(ShelfError::OverQuota { login, bytes: used.bytes, parts: used.parts, quota })
    }
}
