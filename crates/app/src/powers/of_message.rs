//! `GetPowerOfAttorneyInfo` and `GetPowerOfAttorneyContent`: the power of attorney of a signature.

use bytes::Bytes;
use potok_domain::EntityState;
use potok_domain::access::check_documents;
use potok_domain::powers::{AttachedPower, Power, SignedFile};
use potok_types::access::NamedDocuments;
use potok_types::{ContentRef, EntityId, MessageId};

use super::check::InBox;
use super::{Powers, PowersError};
use crate::core::{Missing, RegisteredPower};
use crate::{Actor, Permit};

/// A power with its files.
#[derive(Clone, Debug)]
pub struct PowerOnFile {
    /// What it says.
    pub power: Power,
    /// The file.
    pub file: Bytes,
    /// The signature over it.
    pub signature: Bytes,
}

impl From<RegisteredPower> for PowerOnFile {
    fn from(it: RegisteredPower) -> Self {
        Self { power: it.power, file: it.file, signature: it.signature }
    }
}

impl Powers {
    /// The power that the entity is, and those from which it was handed on, the nearest first: from the message where they came
    /// along, else from the register.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Content` for what is no power of attorney; `Denied::Document`;
    /// [`PowersError::NoFile`] when nobody has the file.
    pub async fn power_of_message(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        entity: EntityId,
    ) -> Result<(PowerOnFile, Vec<PowerOnFile>), PowersError> {
        let state = self.core.state(actor.box_id(), message).await?;
        let found = state.entity(entity).ok_or(Missing::Content { message, entity })?;
        check_documents(&actor.scope, &state, [state.root_of(entity)])?;
        let attached = found.entity.power().ok_or(Missing::Content { message, entity })?;
        let Some(power) = self.on_file(actor, found, attached).await? else {
            return Err(PowersError::NoFile { number: attached.name.number });
        };
        let mut chain = Vec::new();
        for files in &attached.ancestors {
            chain.extend(self.read(actor, *files).await?);
        }
        let last = chain.last().unwrap_or(&power);
        let known = self.core.ancestors(&last.power).await?;
        chain.extend(known.into_iter().map(PowerOnFile::from));
        Ok((power, chain))
    }

    async fn on_file(
        &self,
        actor: &Actor,
        found: &EntityState,
        attached: &AttachedPower,
    ) -> Result<Option<PowerOnFile>, PowersError> {
        let files: Option<(ContentRef, ContentRef)> = found.entity.content.zip(attached.signature);
        match files {
            Some((file, signature)) => self.read(actor, SignedFile { file, signature }).await,
            None => Ok(self.core.power_named(&attached.name).await?.map(PowerOnFile::from)),
        }
    }

    async fn read(&self, actor: &Actor, files: SignedFile) -> Result<Option<PowerOnFile>, PowersError> {
        let contents = InBox { core: &self.core, box_id: actor.box_id() };
        let (file, signature) = (contents.bytes(files.file).await?, contents.bytes(files.signature).await?);
        let power = self.core.read_power(&file).await?;
        Ok(power.ok().map(|power| PowerOnFile { power, file, signature }))
    }
}
