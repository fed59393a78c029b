//! The file of a power of attorney with its signature: taken in, and judged.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::PowerOfAttorney as Right;
use potok_domain::command::{SignedPower, Source};
use potok_domain::directory::{Organization, Restrictions};
use potok_domain::powers::{Party, Power, SignatureOfPower, SignedFile};
use potok_room::NoRoom;
use potok_seams::{LoadError, NotAccepted, SignatureToCheck, SignatureVerifier, SignedBytes, VerifyError};
use potok_store::SmallContent;
use potok_types::{BoxId, ContentRef, EntityId, Invalid, OrgId, Ticks, UserId, limits};
use tokio::time::timeout;

use crate::Shelf;
use crate::core::CoreError;

/// How long a caller waits for the check of one signature.
const PATIENCE: Duration = Duration::from_secs(30);
/// Issuers of one power whose signature it may be.
const ISSUERS: usize = 8;

/// The bytes of a power and of its signature.
#[derive(Clone, Debug)]
pub(crate) struct PowerBytes {
    pub(crate) file: Bytes,
    pub(crate) signature: Bytes,
}

impl PowerBytes {
    /// The names of the bytes, and the bytes beside them.
    pub(crate) fn contents(&self) -> (SignedFile, Vec<SmallContent>) {
        let named = |bytes: &Bytes| (ContentRef::of(bytes), bytes.clone());
        let [(file, file_bytes), (signature, signature_bytes)] = [named(&self.file), named(&self.signature)];
        let small = |content: ContentRef, bytes| SmallContent { hash: content.hash, bytes };
        (SignedFile { file, signature }, vec![small(file, file_bytes), small(signature, signature_bytes)])
    }
}

impl Shelf {
    /// The bytes of `source`, which is at `path` and stands in the request or on the shelf of `user`.
    ///
    /// # Errors
    /// [`CoreError::Invalid`] names the place.
    pub(crate) async fn bytes_at(
        &self,
        user: UserId,
        path: &str,
        source: &Source,
    ) -> Result<Bytes, CoreError> {
        let bytes = match source {
            Source::Inline(bytes) => bytes.clone(),
            Source::OnShelf(name) => {
                let place = format!("{path}.NameOnShelf");
                let found = self.find_document(user, name, &place).await?;
                found
                    .ok_or_else(|| Invalid::new(place, format!("there is no file {name:?} on your shelf")))?
            }
            Source::TestSignature | Source::Kept(_) | Source::Prepared(_) => {
                return Err(Invalid::new(path, "a test signature is no file").into());
            }
        };
        match bytes.len() as u64 {
            length if length > limits::POWER_FILE_BYTES => {
                let most = limits::POWER_FILE_BYTES;
                Err(Invalid::new(path, format!("{length} bytes are more than it may have ({most})")).into())
            }
            _ => Ok(bytes),
        }
    }
}

/// Takes the bytes of a power in; its signature has to be one.
///
/// # Errors
/// [`CoreError::Invalid`] names the place; [`CoreError::NoRoom`].
pub(crate) async fn take_in(
    shelf: &Shelf,
    verifier: &dyn SignatureVerifier,
    user: UserId,
    given: &SignedPower<Source>,
) -> Result<PowerBytes, CoreError> {
    let SignedPower { path, content, signature } = given;
    let file = shelf.bytes_at(user, &format!("{path}.Content"), content).await?;
    let place = format!("{path}.Signature");
    let signature = shelf.bytes_at(user, &place, signature).await?;
    let accepting = timeout(PATIENCE, verifier.accept(signature));
    let signature = accepting.await.map_err(|_| NoRoom)?.map_err(|error| match error {
        NotAccepted::Unusable(unusable) => CoreError::from(Invalid::new(place, unusable.to_string())),
        NotAccepted::NotDone(not_done) => not_done.into(),
    })?;
    Ok(PowerBytes { file, signature })
}

/// The one file that is signed.
struct AtHand(Bytes);

#[async_trait]
impl SignedBytes for AtHand {
    async fn load(&self, _: ContentRef) -> Result<Bytes, LoadError> {
        Ok(self.0.clone())
    }
}

/// Whether the file was signed by one of those who give the power. Test signatures count where `is_test`.
///
/// # Errors
/// [`CoreError::NoRoom`] when it takes too long; [`CoreError::CutOff`].
pub(crate) async fn judge(
    verifier: &dyn SignatureVerifier,
    power: &Power,
    bytes: &PowerBytes,
    is_test: bool,
    given_at: Ticks,
) -> Result<SignatureOfPower, CoreError> {
    let to_check = power.issuers.iter().take(ISSUERS).map(|issuer| SignatureToCheck {
        signature: EntityId::ZERO,
        signer: Arc::new(organization(issuer, is_test)),
        bytes: bytes.signature.clone(),
        signed: ContentRef::of(&bytes.file),
        given_at,
    });
    let to_check: Vec<SignatureToCheck> = to_check.collect();
    let signed = AtHand(bytes.file.clone());
    let judged = timeout(PATIENCE, verifier.verify(&to_check, &signed)).await.map_err(|_| NoRoom)?;
    let judged = judged.map_err(|error| match error {
        VerifyError::Load(_) | VerifyError::CutOff => CoreError::CutOff,
    })?;
    let verdicts = || judged.iter().map(|it| &it.verdict);
    if !verdicts().any(|verdict| verdict.is_valid) {
        return Ok(SignatureOfPower::Bad);
    }
    let is_of_issuer = verdicts().any(|verdict| verdict.power_of_attorney == Some(Right::NotRequired));
    Ok(if is_of_issuer { SignatureOfPower::Good } else { SignatureOfPower::OfAnother })
}

/// Whoever gives a power, as the organization that signs.
fn organization(issuer: &Party, is_test: bool) -> Organization {
    Organization {
        org_id: OrgId::ZERO,
        box_id: BoxId::ZERO,
        inn: issuer.named_inn().unwrap_or_default().to_owned(),
        kpp: issuer.kpp.clone(),
        full_name: issuer.name.clone().unwrap_or_default(),
        short_name: issuer.name.clone().unwrap_or_default(),
        ogrn: issuer.ogrn.clone(),
        ifns_code: None,
        address: None,
        foreign_code: None,
        fns_participant_id: String::new(),
        counteragents_only: false,
        is_test,
        encrypts: false,
        restrictions: Restrictions::default(),
        is_suspended: false,
        is_roaming: false,
        departments: Vec::new(),
    }
}
