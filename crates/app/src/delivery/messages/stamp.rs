//! Time stamps on the signatures that a delivery brings.

use std::num::NonZeroUsize;
use std::sync::Arc;

use bytes::Bytes;
use potok_domain::strengthen::Strengthened;
use potok_domain::{MessageState, Verdict};
use potok_seams::{NotStamped, TimeStamping};
use potok_store::SmallContent;
use potok_types::{BoxId, ContentHash, EntityId};
use potok_workers::Turns;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::task::JoinSet;

use crate::core::{Core, CoreError};

/// How many stamps are asked for at once; more wait, box by box.
const AT_ONCE: NonZeroUsize = NonZeroUsize::new(64).expect("not zero");
/// Stamped signatures that are remembered, in bytes.
const KEPT_BYTES: u64 = 8 << 20;
/// How many that may be, when they are small.
const KEPT: usize = 1000;

/// The authority, and what it stamped lately: a delivery that is tried again needs the same stamps, and whoever waits for
/// them again would never come to an end.
pub(crate) struct Stamps {
    authority: Arc<dyn TimeStamping>,
    turns: Turns,
    kept: Cache<ContentHash, Bytes, Size>,
}

/// By their bytes.
#[derive(Clone)]
struct Size;

impl Weighter<ContentHash, Bytes> for Size {
    fn weight(&self, _: &ContentHash, stamped: &Bytes) -> u64 {
        stamped.len() as u64
    }
}

/// The strengthened copies of one delivery, with what has to be written beside them.
#[derive(Clone, Debug, Default)]
pub(super) struct Stamped {
    pub(super) copies: Vec<Strengthened>,
    pub(super) contents: Vec<SmallContent>,
}

impl Stamps {
    /// Those of `authority`.
    pub(crate) fn new(authority: Arc<dyn TimeStamping>) -> Self {
        Self { authority, turns: Turns::new(AT_ONCE), kept: Cache::with_weighter(KEPT, KEPT_BYTES, Size) }
    }

    /// Has the signatures of `verdicts` stamped, all at once. Whether a signature is good does not depend on it, so without an
    /// answer the delivery goes on, and the signature as it was posted.
    pub(super) async fn of(
        self: &Arc<Self>,
        core: &Core,
        source: &MessageState,
        verdicts: &[Verdict],
    ) -> Result<Stamped, CoreError> {
        let mut stamped = Stamped::default();
        let signatures = verdicts.iter().filter_map(|verdict| {
            let content = source.entity(verdict.signature)?.entity.content?;
            Some((verdict.signature, content.hash, self.kept.get(&content.hash)))
        });
        let signatures: Vec<(EntityId, ContentHash, Option<Bytes>)> = signatures.collect();
        let missing = signatures.iter().filter(|(.., kept)| kept.is_none()).map(|(_, hash, _)| *hash);
        let loaded = core.load_contents(source.box_id, missing).await?;
        let mut running = JoinSet::new();
        let mut originals = Vec::with_capacity(signatures.len());
        for (nth, (original, hash, kept)) in signatures.into_iter().enumerate() {
            let given = kept.as_ref().or_else(|| loaded.get(&hash)).cloned();
            let given = given.ok_or(CoreError::LostContent { entity: original })?;
            originals.push(original);
            let (stamps, box_id) = (Arc::clone(self), source.box_id);
            running.spawn(async move {
                let stamped = match kept {
                    Some(kept) => Ok(kept),
                    None => stamps.one(box_id, hash, given).await,
                };
                (nth, stamped)
            });
        }
        let mut answers = running.join_all().await;
        answers.sort_by_key(|(nth, _)| *nth);
        for (original, (_, answer)) in originals.into_iter().zip(answers) {
            match answer {
                Ok(bytes) => stamped.copies.push(Strengthened {
                    original,
                    id: EntityId::from_uuid(core.entropy.id()),
                    content: core.keep(bytes, &mut stamped.contents).await?,
                }),
                Err(error) => {
                    tracing::warn!(msg.id = %source.message_id, %error, "a signature goes on without a time stamp");
                }
            }
        }
        Ok(stamped)
    }

    /// The signature `given`, which is named `hash`, with its stamp.
    async fn one(&self, box_id: BoxId, hash: ContentHash, given: Bytes) -> Result<Bytes, NotStamped> {
        let _turn = self.turns.enter(box_id).await;
        let stamped = self.authority.strengthen(given).await?;
        self.kept.insert(hash, stamped.clone());
        Ok(stamped)
    }
}
