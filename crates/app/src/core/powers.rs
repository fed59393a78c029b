//! The register of powers of attorney: folds of its streams, the one way in which it changes, and what its files say.

use bytes::Bytes;
use potok_domain::Revision;
use potok_domain::powers::{
    HandedOn, Origin, Power, PowerName, REGISTER_BOX, RegisterChange, RegisterEvent, Registered, Tried,
};
use potok_fns::power::{PowerFault, PowerFile};
use potok_store::stored::{StoredFormError, decode_register_event};
use potok_store::{Append, AppendError, NewEvent, SmallContent, StoreError, StreamAppend, StreamId, Wanted};
use potok_types::{EventId, PowerId, UserId, limits};

use super::commit::{CommitError, TRIES};
use super::{Core, CoreError};

/// A power of the register, with its files.
#[derive(Clone, Debug)]
pub struct RegisteredPower {
    /// What it says.
    pub power: Power,
    /// What became of it.
    pub registered: Registered,
    /// The bytes of the file.
    pub file: Bytes,
    /// The signature over it.
    pub signature: Bytes,
}

impl RegisteredPower {
    /// The same for who checks it.
    pub(crate) fn tried(&self) -> Tried {
        let revoked = self.registered.revoked().cloned();
        Tried { power: self.power.clone(), origin: Origin::Register { revoked } }
    }
}

fn unreadable(error: StoredFormError) -> StoreError {
    StoreError { action: "read the register of powers of attorney", source: Box::new(error) }
}

fn registered(stored: Option<Vec<Bytes>>) -> Result<Registered, StoreError> {
    let events = stored.unwrap_or_default().iter().map(|stored| decode_register_event(stored)).collect();
    let events: Vec<RegisterEvent> = Result::map_err(events, unreadable)?;
    Ok(Registered::replay(&events))
}

impl Core {
    /// What the register knows of a number.
    pub(crate) async fn registered(&self, number: PowerId) -> Result<Registered, StoreError> {
        let wanted = [Wanted::all(StreamId::power(number))];
        registered(self.journal.streams(REGISTER_BOX, &wanted).await?.pop().flatten())
    }

    /// The power with this number, if somebody registered it.
    pub(crate) async fn registered_power(
        &self,
        number: PowerId,
    ) -> Result<Option<RegisteredPower>, CoreError> {
        let registered = self.registered(number).await?;
        let Some(files) = registered.file() else { return Ok(None) };
        let mut loaded = self.load_contents(REGISTER_BOX, [files.file.hash, files.signature.hash]).await?;
        let mut take = |hash| loaded.remove(&hash).ok_or(CoreError::LostBytes(hash));
        let (file, signature) = (take(files.file.hash)?, take(files.signature.hash)?);
        // It was read before it was taken in.
        let power = self.read_power(&file).await?.map_err(|_| CoreError::LostBytes(files.file.hash))?;
        Ok(Some(RegisteredPower { power, registered, file, signature }))
    }

    /// The power of that name, if the register has it. Who knows only the number of a power is told nothing of it.
    pub(crate) async fn power_named(&self, name: &PowerName) -> Result<Option<RegisteredPower>, CoreError> {
        let found = self.registered_power(name.number).await?;
        Ok(found.filter(|found| found.power.is_named(name)))
    }

    /// The powers from which `power` was handed on, the nearest first, as far as the register has them.
    pub(crate) async fn ancestors(&self, power: &Power) -> Result<Vec<RegisteredPower>, CoreError> {
        let mut found: Vec<RegisteredPower> = Vec::new();
        let mut before = power.handed_on.as_ref().and_then(HandedOn::before);
        while let Some(number) = before.filter(|_| found.len() < limits::POWER_CHAIN) {
            let Some(parent) = self.registered_power(number).await? else { break };
            before = parent.power.handed_on.as_ref().and_then(HandedOn::before);
            found.push(parent);
        }
        Ok(found)
    }

    /// Changes what the register knows of a number as `decide` wants it, which is asked again when others changed it meanwhile.
    /// `contents` are written with the event. What is known then.
    ///
    /// # Errors
    /// What `decide` says; else [`CommitError`].
    pub(crate) async fn change_register<E: From<CommitError>>(
        &self,
        number: PowerId,
        by: Option<UserId>,
        contents: &[SmallContent],
        decide: impl Fn(&Registered) -> Result<Option<RegisterChange>, E>,
    ) -> Result<Registered, E> {
        let (stream, id) = (StreamId::power(number), EventId::from_uuid(self.entropy.id()));
        for _ in 0..TRIES {
            let known = self.registered(number).await.map_err(CommitError::from)?;
            let Some(change) = decide(&known)? else { return Ok(known) };
            let event = RegisterEvent { id, at: self.clock.now(), by, change };
            let expected = Revision(known.events());
            let append = StreamAppend {
                contents: contents.to_vec(),
                ..StreamAppend::new(stream, expected, vec![NewEvent::of_power(stream, &event)])
            };
            match self.journal.append(Append::new(REGISTER_BOX, vec![append])).await {
                Ok(_) => return Ok(self.registered(number).await.map_err(CommitError::from)?),
                Err(AppendError::Stale { .. }) => {}
                Err(error) => return Err(CommitError::of(error, stream).into()),
            }
        }
        Err(CommitError::Busy(stream).into())
    }

    /// What the file of a power says.
    ///
    /// # Errors
    /// `CoreError::NoRoom`, `CoreError::CutOff`; inside, what is wrong with the file.
    pub(crate) async fn read_power(&self, file: &Bytes) -> Result<Result<Power, PowerFault>, CoreError> {
        Ok(self.room.read(file, |bytes| PowerFile::parse(bytes).map(power)).await?)
    }
}

/// What a file says, with the moments of its days.
fn power(it: PowerFile) -> Power {
    Power {
        file_id: it.file_id,
        number: it.number,
        starts_at: it.issued_on.begins_at(),
        last_day: it.expires_on.begins_at(),
        system: it.system,
        may_be_handed_on: it.may_be_handed_on,
        issuers: it.principals,
        representatives: it.representatives,
        granted: it.granted,
        handed_on: it.handed_on,
    }
}
