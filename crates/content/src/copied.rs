//! Contents that go from one place to another.

use futures_util::{Stream, TryStreamExt as _};
use object_store::{ObjectStore as _, ObjectStoreExt as _};
use potok_types::{ContentHash, ContentRef, Ticks};

use crate::{ContentError, Contents, path, upload};

/// Contents up to here are held in memory whole.
const WHOLE_BYTES: u64 = 8 << 20;

impl Contents {
    /// Copies a content to `to`, read whole and held to its name, in the memory of a few parts of it. One that is there already is
    /// looked at, and stays when it is whole. Its bytes; `None` when there is none here.
    ///
    /// # Errors
    /// [`ContentError::Damaged`] of the one here, [`ContentError::Store`] of either: nothing was copied.
    pub async fn copy_to(
        &self,
        hash: ContentHash,
        to: &Self,
        now: Ticks,
    ) -> Result<Option<u64>, ContentError> {
        let Some(size_bytes) = self.size_of(hash).await? else { return Ok(None) };
        let content = ContentRef { hash, size_bytes };
        // A file is made sure of by putting it again, a bucket would send it again.
        if to.bucket.is_some() && to.size_of(hash).await? == Some(size_bytes) && to.is_sound(content).await {
            return Ok(Some(size_bytes));
        }
        if size_bytes <= WHOLE_BYTES {
            let Some(bytes) = self.get(hash).await? else { return Ok(None) };
            to.put(bytes, now).await?;
            return Ok(Some(size_bytes));
        }
        let mut draft = to.draft(now);
        draft.expect(size_bytes);
        let mut pieces = self.pieces([content]);
        while let Some(piece) = pieces.next().await? {
            draft.write(piece).await?;
        }
        draft.keep().await?;
        Ok(Some(size_bytes))
    }

    /// The names of all contents as they are listed, in no order.
    pub fn all_names(&self) -> impl Stream<Item = Result<ContentHash, ContentError>> + Send + use<> {
        // Drafts have such names too, elsewhere.
        let name = |object: object_store::ObjectMeta| {
            let hash: Option<ContentHash> = object.location.filename().and_then(|name| name.parse().ok());
            std::future::ready(Ok(hash.filter(|hash| object.location == path(*hash))))
        };
        self.objects.list(None).try_filter_map(name).map_err(ContentError::Listing)
    }

    /// Ends every upload to this bucket that is on its way: for a place that nobody else uses.
    ///
    /// # Errors
    /// [`ContentError::Listing`]: some may be left.
    pub async fn end_uploads(&self) -> Result<(), ContentError> {
        match &self.bucket {
            Some(bucket) => upload::give_up_all(bucket).await.map_err(ContentError::Listing),
            None => Ok(()),
        }
    }

    /// Takes away everything that lies here, also what is on its way: for a place that nobody else uses.
    ///
    /// # Errors
    /// [`ContentError::Listing`]: some of it may be left.
    pub async fn clear(&self) -> Result<(), ContentError> {
        self.end_uploads().await?;
        let there: Vec<_> = self.objects.list(None).try_collect().await.map_err(ContentError::Listing)?;
        for object in there {
            match self.objects.delete(&object.location).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(ContentError::Listing(error)),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const NOW: Ticks = Ticks::UNIX_EPOCH;

    #[tokio::test]
    async fn what_is_copied_is_whole_and_what_is_damaged_is_not_copied() {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let [from, to] = [&one, &other].map(|folder| Contents::in_folder(folder.path()).unwrap());
        assert_eq!(from.copy_to(ContentHash::of(b"nothing"), &to, NOW).await.unwrap(), None);
        for length in [0, 1, WHOLE_BYTES, WHOLE_BYTES + 1, (20 << 20) + 7] {
            let bytes: Bytes = (0..length).map(|nth| (nth % 251) as u8).collect::<Vec<_>>().into();
            let hash = from.put(bytes.clone(), NOW).await.unwrap().hash;
            // The second time it is there.
            for _ in 0..2 {
                assert_eq!(from.copy_to(hash, &to, NOW).await.unwrap(), Some(length));
                assert_eq!(to.get(hash).await.unwrap().as_ref(), Some(&bytes), "{length}");
            }
        }
        let bytes = Bytes::from(vec![7; 9 << 20]);
        let hash = from.put(bytes, NOW).await.unwrap().hash;
        let file = one.path().join(crate::path(hash).to_string());
        let mut damaged = std::fs::read(&file).unwrap();
        *damaged.last_mut().unwrap() ^= 1;
        std::fs::write(&file, damaged).unwrap();
        let refused = from.copy_to(hash, &to, NOW).await;
        assert!(matches!(refused, Err(ContentError::Damaged { .. })), "{refused:?}");
        assert_eq!(to.size_of(hash).await.unwrap(), None, "nothing of it was kept");
        let named: Vec<_> = to.all_names().try_collect().await.unwrap();
        assert!(named.len() == 5 && !named.contains(&hash), "{named:?}");
        to.clear().await.unwrap();
        assert_eq!(to.names(hash.as_bytes()[0]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_note_is_found_under_its_name_as_it_was_written_last() {
        let contents = Contents::in_memory();
        assert_eq!(contents.note("backup.json").await.unwrap(), None);
        for text in ["one", "other"] {
            contents.put_note("backup.json", Bytes::from_static(text.as_bytes())).await.unwrap();
            assert_eq!(contents.note("backup.json").await.unwrap().unwrap(), text);
        }
    }
}
