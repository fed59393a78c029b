//! What was put lately: whoever put it is about to write down that it is needed.

use std::collections::HashMap;

use potok_types::{ContentHash, Ticks};
use tokio::sync::{Mutex, MutexGuard};

/// No call and no delivery takes so long from the bytes to the event that names them.
pub(crate) const PROTECTED_SECONDS: i64 = 3600;

/// A content that was put.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Put {
    at: Ticks,
    /// A sweep has found the hour over. The clock may have been set forward meanwhile, so it is only the next sweep that
    /// takes the content for one that nobody is about to name.
    is_over: bool,
}

/// The contents of a folder that are protected, by hash.
pub(crate) type Folder = HashMap<ContentHash, Put>;

/// What was put lately, by the first byte of the hash, each part behind a lock of its own. A content is taken away under the lock
/// under which it would be noted, so nobody puts it meanwhile.
#[derive(Debug)]
pub(crate) struct Recent {
    pub(crate) folders: [Mutex<Folder>; 256],
    /// Other nodes put and sweep here too, so what was put lately is known by the times of the objects.
    pub(crate) is_shared: bool,
}

impl Default for Recent {
    fn default() -> Self {
        Self { folders: std::array::from_fn(|_| Mutex::default()), is_shared: false }
    }
}

impl Recent {
    pub(crate) async fn note(&self, hash: ContentHash, now: Ticks) {
        self.folder(hash.as_bytes()[0]).await.insert(hash, Put { at: now, is_over: false });
    }

    /// Those of a folder; while they are held nobody puts into it.
    pub(crate) async fn folder(&self, folder: u8) -> MutexGuard<'_, Folder> {
        self.folders[usize::from(folder)].lock().await
    }
}

/// Lets those go whose hour is over by now and was over when this was last called.
pub(crate) fn grow_old(folder: &mut Folder, now: Ticks) {
    folder.retain(|_, put| {
        let is_over = now >= put.at.plus_seconds(PROTECTED_SECONDS);
        let stays = !(is_over && put.is_over);
        put.is_over = is_over;
        stays
    });
}
