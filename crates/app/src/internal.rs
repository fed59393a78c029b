//! Signatures inside one organization. Nobody delivers them, so nobody would look at them later: they are checked before
//! anything is written.

use potok_store::SmallContent;
use potok_types::{BoxId, ContentRef, EntityId};

use crate::{App, AppError, SignatureToCheck};

/// A signature of a request.
pub(crate) struct GivenSignature {
    /// Where it stands in the request.
    pub(crate) path: String,
    /// It.
    pub(crate) signature: ContentRef,
    /// What it signs.
    pub(crate) signed: ContentRef,
}

impl App {
    /// Refuses bad signatures. `small` are the contents that the request brought.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the first bad one.
    pub(crate) async fn check_internal(
        &self,
        box_id: BoxId,
        given: Vec<GivenSignature>,
        small: &[SmallContent],
    ) -> Result<(), AppError> {
        let mut to_check = Vec::with_capacity(given.len());
        for GivenSignature { signature, signed, .. } in &given {
            let bytes = match small.iter().find(|kept| kept.hash == signature.hash) {
                Some(kept) => Some(kept.bytes.clone()),
                None => self.contents.get(signature.hash).await?,
            };
            to_check.push(SignatureToCheck {
                signature: EntityId::ZERO,
                signer_box: box_id,
                bytes: bytes.ok_or(AppError::Internal)?,
                signed: *signed,
            });
        }
        if to_check.is_empty() {
            return Ok(());
        }
        let verdicts = self.verifier.verify(&to_check).await;
        match given.into_iter().zip(verdicts).find(|(_, verdict)| !verdict.is_valid) {
            None => Ok(()),
            Some((GivenSignature { path, .. }, _)) => Err(AppError::Invalid {
                path,
                reason: "the signature does not match the content; sign exactly the bytes that are sent"
                    .to_owned(),
            }),
        }
    }
}
