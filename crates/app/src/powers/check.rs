//! Whether a power of attorney that came with a signature is good for it.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::directory::Organization;
use potok_domain::powers::{
    AttachedPower, HandedOn, Origin, Power, Problem, Sending, SignedFile, SignerNamed, Tried, Validation,
    validate,
};
use potok_domain::{SignatureDescription, SubjectKind};
use potok_seams::{LoadError, SignatureVerifier, SignedBytes};
use potok_types::{BoxId, ContentRef, Ticks, limits};

use super::signed_file::{PowerBytes, judge};
use crate::core::{Core, CoreError, RegisteredPower};

/// The signature that a power came with.
pub(crate) struct CheckedSignature<'a> {
    /// Its bytes.
    pub(crate) signature: Bytes,
    /// In whose name it is.
    pub(crate) organization: &'a Organization,
    /// When it was given.
    pub(crate) at: Ticks,
}

/// Checks a power, whose file is beside it if it came as one. `load` gives the bytes of files.
///
/// # Errors
/// [`CoreError`] when the check cannot be done now.
pub(crate) async fn check_power(
    core: &Core,
    verifier: &dyn SignatureVerifier,
    (attached, file): (&AttachedPower, Option<ContentRef>),
    given: CheckedSignature<'_>,
    files: &dyn SignedBytes,
) -> Result<Validation, CoreError> {
    let described = verifier.describe(given.signature.clone()).await?;
    let signer = described.as_ref().and_then(named);
    let checking = Checking { core, verifier, given: &given, files };
    let first = match (attached.sending, file, attached.signature) {
        (Sending::File, Some(file), Some(signature)) => checking.file(SignedFile { file, signature }).await?,
        _ => core.power_named(&attached.name).await?.map(|found| found.tried()).ok_or_else(|| {
            Problem::new("NotInRegister", format!("МЧД {} нет в реестре", attached.name.number))
        }),
    };
    let mut chain = match first {
        Ok(first) => vec![first],
        Err(problem) => return Ok(Validation::Unreadable(problem)),
    };
    for file in attached.ancestors.iter().take(limits::POWER_CHAIN) {
        match checking.file(*file).await? {
            Ok(ancestor) => chain.push(ancestor),
            Err(problem) => return Ok(Validation::Unreadable(problem)),
        }
    }
    // What did not come along the register may know.
    if let Some(last) = chain.last().filter(|last| before(&last.power).is_some()) {
        let known = core.ancestors(&last.power).await?;
        chain.extend(known.iter().map(RegisteredPower::tried));
    }
    Ok(Validation::Done(validate(&chain, signer.as_ref(), &given.organization.inn, given.at)))
}

fn before(power: &Power) -> Option<potok_types::PowerId> {
    power.handed_on.as_ref().and_then(HandedOn::before)
}

struct Checking<'a> {
    core: &'a Core,
    verifier: &'a dyn SignatureVerifier,
    given: &'a CheckedSignature<'a>,
    files: &'a dyn SignedBytes,
}

impl Checking<'_> {
    /// What a file says, and where it comes from: the register vouches for the files that it has.
    async fn file(&self, files: SignedFile) -> Result<Result<Tried, Problem>, CoreError> {
        let (file, signature) = (self.load(files.file).await?, self.load(files.signature).await?);
        let bytes = PowerBytes { file, signature };
        let power = match self.core.read_power(&bytes.file).await? {
            Ok(power) => power,
            Err(fault) => return Ok(Err(Problem::new("Unreadable", fault.to_string()))),
        };
        let known = self.core.registered(power.number).await?;
        let origin = match known.file() {
            Some(registered) if registered.file == files.file => {
                Origin::Register { revoked: known.revoked().cloned() }
            }
            _ => {
                let is_test = self.given.organization.is_test;
                Origin::File(judge(self.verifier, &power, &bytes, is_test, self.given.at).await?)
            }
        };
        Ok(Ok(Tried { power, origin }))
    }

    async fn load(&self, content: ContentRef) -> Result<Bytes, CoreError> {
        let loaded = self.files.load(content).await;
        loaded.map_err(|LoadError(error)| error.downcast().map_or(CoreError::CutOff, |error| *error))
    }
}

/// The bytes of a box.
pub(crate) struct InBox<'a> {
    pub(crate) core: &'a Core,
    pub(crate) box_id: BoxId,
}

impl InBox<'_> {
    /// The bytes named `content`.
    pub(crate) async fn bytes(&self, content: ContentRef) -> Result<Bytes, CoreError> {
        let mut loaded = self.core.load_contents(self.box_id, [content.hash]).await?;
        loaded.remove(&content.hash).ok_or(CoreError::LostBytes(content.hash))
    }
}

#[async_trait]
impl SignedBytes for InBox<'_> {
    async fn load(&self, content: ContentRef) -> Result<Bytes, LoadError> {
        self.bytes(content).await.map_err(|error| LoadError(Box::new(error)))
    }
}

/// Whom a signature names.
fn named(it: &SignatureDescription) -> Option<SignerNamed> {
    let snils = it.snils.as_ref().map(|snils| snils.chars().filter(char::is_ascii_digit).collect());
    let inn = |kinds: &[SubjectKind]| it.inn.clone().filter(|_| kinds.contains(&it.subject));
    (it.subject != SubjectKind::Unknown).then(|| SignerNamed {
        organization_inn: inn(&[SubjectKind::LegalEntity]),
        person_inn: inn(&[SubjectKind::PhysicalPerson, SubjectKind::IndividualEntity]),
        snils,
    })
}
