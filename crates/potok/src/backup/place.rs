//! Where a copy lies: in a folder, or in a bucket of S3 under names that begin alike.
//!
//! In a bucket `NAME/backup.json` is written last too. The files of the copy are named there by their digests (`NAME/files`), as the
//! large contents are (`NAME/contents`), and go up in parts: what was broken off is ended by the next attempt. They pass through a
//! folder of this machine, the large contents do not.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use bytes::Bytes;
use clap::Args;
use potok_content::{BucketOptions, Contents};
use potok_operator::keys::PasswordSource;
use potok_types::{ContentHash, ContentRef, Ticks};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::files::Mark;
use super::{CONTENTS, MANIFEST, files};
use crate::{StoreSettings, print};

/// Where the files of a copy lie in a bucket.
const FILES: &str = "files";
/// The folder that they pass through, in the data folder.
const STAGE: &str = "backup-files";
/// Read and sent at once.
const PIECE_BYTES: usize = 1 << 20;
/// Whoever waits hears of so many bytes.
const TOLD_BYTES: u64 = 256 << 20;

/// A place as it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Folder(PathBuf),
    Bucket { bucket: String, prefix: String },
}

/// No place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a copy in a bucket is s3://BUCKET/NAME: each part of the name of letters without accents, digits, `.`, `_` and `-`"
)]
pub(super) struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let Some(there) = text.strip_prefix("s3://") else { return Ok(Self::Folder(text.into())) };
        let (bucket, prefix) = there.split_once('/').ok_or(NoPlace)?;
        let prefix = prefix.trim_end_matches('/');
        let is_plain = |part: &str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            !part.is_empty() && part != "." && part != ".." && part.bytes().all(is_plain)
        };
        match std::iter::once(bucket).chain(prefix.split('/')).all(is_plain) {
            true => Ok(Self::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() }),
            false => Err(NoPlace),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

/// How the bucket of a copy is reached, as far as it is not reached as that of the contents.
#[derive(Args)]
pub(super) struct Reached {
    /// Server of the bucket of the copy; that of the contents when absent
    #[arg(long, env = "POTOK_S3_ENDPOINT", hide_env_values = true, value_name = "URL")]
    s3_endpoint: Option<String>,
    /// Its region; that of the contents, or us-east-1, when absent
    #[arg(long, env = "POTOK_S3_REGION", hide_env_values = true)]
    s3_region: Option<String>,
    /// Name of the key to the bucket of the copy; that of the contents when absent
    #[arg(long, env = "POTOK_S3_ACCESS_KEY", hide_env_values = true, requires = "s3_secret_key_file")]
    s3_access_key: Option<String>,
    /// File whose first line is that key
    #[arg(
        long,
        env = "POTOK_S3_SECRET_KEY_FILE",
        hide_env_values = true,
        value_name = "FILE",
        requires = "s3_access_key"
    )]
    s3_secret_key_file: Option<PathBuf>,
    /// Empty folder that the files of a copy in a bucket pass through, as large as the database; one in the data folder when absent
    #[arg(long, value_name = "DIR")]
    stage: Option<PathBuf>,
}

impl Reached {
    fn options(
        &self,
        bucket: &str,
        prefix: &str,
        contents: Option<&BucketOptions>,
    ) -> Result<BucketOptions, Box<dyn Error>> {
        const MISSING: &str = "a copy in a bucket needs --s3-endpoint, --s3-access-key and --s3-secret-key-file, or the settings of a \
                               bucket of contents";
        let (access_key, secret_key) = match (&self.s3_access_key, &self.s3_secret_key_file) {
            (Some(access_key), Some(file)) => {
                let secret = PasswordSource::File(file.clone()).read();
                let secret = secret.map_err(|error| format!("{}: {error}", file.display()))?;
                (access_key.clone(), secret.as_str().trim().to_owned().into())
            }
            _ => {
                let contents = contents.ok_or(MISSING)?;
                (contents.access_key.clone(), contents.secret_key.clone())
            }
        };
        let endpoint = self.s3_endpoint.clone().or_else(|| contents.map(|it| it.endpoint.clone()));
        let region = self.s3_region.clone().or_else(|| contents.map(|it| it.region.clone()));
        Ok(BucketOptions {
            endpoint: endpoint.ok_or(MISSING)?,
            bucket: bucket.to_owned(),
            region: region.unwrap_or_else(|| "us-east-1".to_owned()),
            access_key,
            secret_key,
            prefix: prefix.to_owned(),
        })
    }
}

/// A copy that is written or read.
pub(super) struct Copy {
    place: Place,
    /// Where its files are: those of one in a bucket pass through here.
    pub(super) folder: PathBuf,
    /// Where its large contents are.
    pub(super) contents: Contents,
    bucket: Option<InBucket>,
}

struct InBucket {
    /// Where `backup.json` is.
    top: Contents,
    files: Contents,
}

impl Copy {
    /// Nothing is written yet, and nothing asked.
    pub(super) fn open(
        place: &Place,
        reached: &Reached,
        store: &StoreSettings,
        data: &Path,
    ) -> Result<Self, Box<dyn Error>> {
        let place = place.clone();
        Ok(match &place {
            Place::Folder(folder) => {
                let (folder, contents) = (folder.clone(), Contents::in_folder(folder.join(CONTENTS))?);
                Self { place, folder, contents, bucket: None }
            }
            Place::Bucket { bucket, prefix } => {
                let options = reached.options(bucket, prefix, store.bucket.as_ref())?;
                let under = |name: &str| {
                    Contents::in_bucket(&BucketOptions {
                        prefix: format!("{prefix}/{name}"),
                        ..options.clone()
                    })
                };
                let bucket = InBucket { top: Contents::in_bucket(&options)?, files: under(FILES)? };
                let contents = under(CONTENTS)?;
                let folder = reached.stage.clone().unwrap_or_else(|| data.join(STAGE));
                if reached.stage.is_some() && folder.read_dir().is_ok_and(|mut there| there.next().is_some())
                {
                    return Err(format!("{} is not empty: give another --stage", folder.display()).into());
                }
                Self { place, folder, contents, bucket: Some(bucket) }
            }
        })
    }

    /// What says that it is whole, if anything does.
    pub(super) async fn manifest(&self) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
        if let Some(bucket) = &self.bucket {
            return Ok(bucket.top.note(MANIFEST).await?.map(Vec::from));
        }
        let path = self.folder.join(MANIFEST);
        match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            read => Ok(Some(read.map_err(|error| format!("{} cannot be read: {error}", path.display()))?)),
        }
    }

    /// Makes room: what an attempt before left on its way is ended.
    pub(super) async fn begin(&self) -> Result<(), Box<dyn Error>> {
        if let Some(bucket) = &self.bucket {
            bucket.files.clear().await?;
            self.contents.end_uploads().await?;
            files::make_empty(&self.folder)?;
        }
        Ok(())
    }

    /// Sends the files, and after everything else the manifest.
    pub(super) async fn end(
        &self,
        manifest: &[u8],
        marks: &BTreeMap<String, Mark>,
        now: Ticks,
    ) -> Result<(), Box<dyn Error>> {
        let Some(bucket) = &self.bucket else {
            return Ok(files::write_last(&self.folder.join(MANIFEST), manifest)?);
        };
        for (name, mark) in marks {
            let sent = send(&bucket.files, &self.folder.join(name), name, now).await?;
            if sent != content_of(mark)? {
                return Err(format!("{name} changed while it was sent: do the same again").into());
            }
        }
        Ok(bucket.top.put_note(MANIFEST, Bytes::copy_from_slice(manifest)).await?)
    }

    /// Brings the files of a copy to its folder.
    pub(super) async fn fetch(&self, marks: &BTreeMap<String, Mark>) -> Result<(), Box<dyn Error>> {
        let Some(bucket) = &self.bucket else { return Ok(()) };
        files::make_empty(&self.folder)?;
        for (name, mark) in marks {
            let is_plain = |part| matches!(part, Component::Normal(_));
            if !Path::new(name).components().all(is_plain) {
                return Err(format!("the copy is damaged: a file of it is called {name}").into());
            }
            print::complaint(format!("fetches {name}, {} bytes", mark.bytes));
            let path = self.folder.join(name);
            path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            let mut file = tokio::fs::File::create(&path).await?;
            let mut pieces = bucket.files.pieces([content_of(mark)?]);
            let damaged = |error| format!("the copy is damaged, and nothing was restored: {name}: {error}");
            while let Some(piece) = pieces.next().await.map_err(damaged)? {
                file.write_all(&piece).await?;
            }
            file.sync_all().await?;
        }
        Ok(())
    }
}

/// What passed through the stage is needed no more, however it ended.
impl Drop for Copy {
    fn drop(&mut self) {
        if self.bucket.is_some() {
            // The next one makes it empty.
            let _removed = std::fs::remove_dir_all(&self.folder);
        }
    }
}

impl fmt::Display for Copy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)
    }
}

fn content_of(mark: &Mark) -> Result<ContentRef, Box<dyn Error>> {
    let hash: ContentHash = mark.sha256.parse().map_err(|_| format!("{} is no digest", mark.sha256))?;
    Ok(ContentRef { hash, size_bytes: mark.bytes })
}

/// Sends a file in parts, as it is read.
async fn send(to: &Contents, path: &Path, name: &str, now: Ticks) -> Result<ContentRef, Box<dyn Error>> {
    let mut file = tokio::fs::File::open(path).await?;
    let there = file.metadata().await?.len();
    print::complaint(format!("sends {name}, {there} bytes"));
    let mut draft = to.draft(now);
    let mut told = 0;
    loop {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        (&mut file).take(PIECE_BYTES as u64).read_to_end(&mut piece).await?;
        if piece.is_empty() {
            break;
        }
        draft.write(piece.into()).await?;
        if draft.size_bytes() >= told + TOLD_BYTES {
            told = draft.size_bytes();
            print::complaint(format!("{name}: {told} of {there} bytes"));
        }
    }
    Ok(draft.keep().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_name_in_a_bucket() {
        let bucket = |bucket: &str, prefix: &str| {
            Ok(Place::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
        };
        assert_eq!("copies/one".parse(), Ok(Place::Folder("copies/one".into())));
        assert_eq!("s3://copies/one".parse(), bucket("copies", "one"));
        assert_eq!("s3://copies/2026-11-30/node_1/".parse(), bucket("copies", "2026-11-30/node_1"));
        for wrong in [
            "s3://",
            "s3://copies",
            "s3://copies/",
            "s3:///one",
            "s3://copies//one",
            "s3://copies/../one",
            "s3://copies/ёж",
        ] {
            assert_eq!(wrong.parse::<Place>(), Err(NoPlace), "{wrong}");
        }
    }
}
