//! Time stamps on the signatures that a delivery brings.

use potok_domain::strengthen::Strengthened;
use potok_domain::{MessageState, Verdict};
use potok_store::SmallContent;
use potok_types::EntityId;

use super::Messages;
use crate::core::CoreError;

/// The strengthened copies of one delivery, with what has to be written beside them.
#[derive(Clone, Debug, Default)]
pub(super) struct Stamped {
    pub(super) copies: Vec<Strengthened>,
    pub(super) contents: Vec<SmallContent>,
}

impl Messages {
    /// Has the signatures of `verdicts` stamped, if there is an authority for it. Whether a signature is good does not
    /// depend on it, so without an answer the delivery goes on, and the signature as it was posted.
    pub(super) async fn stamped(
        &self,
        source: &MessageState,
        verdicts: &[Verdict],
    ) -> Result<Stamped, CoreError> {
        let mut stamped = Stamped::default();
        let Some(authority) = &self.time_stamping else { return Ok(stamped) };
        let signatures = verdicts.iter().filter_map(|verdict| {
            let content = source.entity(verdict.signature)?.entity.content?;
            Some((verdict.signature, content))
        });
        let signatures: Vec<_> = signatures.collect();
        let hashes = signatures.iter().map(|(_, content)| content.hash);
        let loaded = self.core.load_contents(source.box_id, hashes).await?;
        for (original, content) in signatures {
            let bytes = loaded.get(&content.hash).cloned();
            let bytes = bytes.ok_or(CoreError::LostContent { entity: original })?;
            match authority.strengthen(bytes).await {
                Ok(bytes) => stamped.copies.push(Strengthened {
                    original,
                    id: EntityId::from_uuid(self.core.entropy.uuid()),
                    content: self.core.keep(bytes, &mut stamped.contents).await?,
                }),
                Err(error) => {
                    tracing::warn!(msg.id = %source.message_id, %error, "a signature goes on without a time stamp");
                }
            }
        }
        Ok(stamped)
    }
}
