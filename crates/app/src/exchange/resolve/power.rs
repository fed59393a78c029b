//! Powers of attorney that come with signatures.

use bytes::Bytes;
use potok_domain::command::{FoundPower, PowerToAttach, SignedPower, Source};
use potok_domain::powers::{AttachedPower, HandedOn, Power, PowerName, Sending, SignedFile};
use potok_fns::recognize;
use potok_types::{ContentRef, PowerId, limits};

use super::Resolver;
use crate::core::RegisteredPower;
use crate::exchange::ExchangeError;
use crate::exchange::box_bytes::BoxBytes;
use crate::powers::{CheckedSignature, PowerBytes, check_power, take_in};

impl Resolver<'_> {
    /// Finds the power of attorney that comes with `signature` over `signed`, and keeps its files.
    pub(super) async fn power(
        &mut self,
        given: Option<PowerToAttach<Source>>,
        signature: Option<ContentRef>,
        signed: Option<ContentRef>,
    ) -> Result<Option<PowerToAttach<ContentRef>>, ExchangeError> {
        let (Some(given), Some(signature)) = (given, signature) else { return Ok(None) };
        let (attached, file) = match given {
            PowerToAttach::Named { path, name, as_file } => {
                let found = self.exchange.core.power_named(&name).await?;
                if as_file {
                    let unknown =
                        "the register has no such power of attorney: register it first, or send its file";
                    let found =
                        found.ok_or_else(|| ExchangeError::invalid(format!("{path}.FullId"), unknown))?;
                    self.as_file(&found).await?
                } else {
                    let name = found.map_or(name, |found| found.power.name());
                    (
                        AttachedPower {
                            name,
                            sending: Sending::Metadata,
                            signature: None,
                            ancestors: Vec::new(),
                        },
                        None,
                    )
                }
            }
            PowerToAttach::Default { path, as_file } => {
                let found = self.default_power(&path).await?;
                if as_file {
                    self.as_file(&found).await?
                } else {
                    let (name, sending) = (found.power.name(), Sending::Metadata);
                    (AttachedPower { name, sending, signature: None, ancestors: Vec::new() }, None)
                }
            }
            PowerToAttach::InDocument { path } => {
                let name = self.named_in(&path, signed).await?;
                let sending = Sending::DocumentContent;
                (AttachedPower { name, sending, signature: None, ancestors: Vec::new() }, None)
            }
            PowerToAttach::Files { path, files } => self.files(&path, files).await?,
            PowerToAttach::Found(found) => return Ok(Some(PowerToAttach::Found(found))),
        };
        let validation = match self.is_internal {
            true => Some(self.check(&attached, file, signature).await?),
            false => None,
        };
        Ok(Some(PowerToAttach::Found(Box::new(FoundPower { attached, file, validation }))))
    }

    /// The one that the employee has at hand for whatever names no other.
    async fn default_power(&self, path: &str) -> Result<RegisteredPower, ExchangeError> {
        let core = &self.exchange.core;
        let held = core.directory.employee_powers(self.actor.box_id(), self.actor.user.id).await?;
        let default = held.iter().find(|held| held.is_default);
        let found = match default {
            Some(held) => core.registered_power(held.name.number).await?,
            None => None,
        };
        found.ok_or_else(|| {
            let reason = "you have no default power of attorney: choose one by UpdateEmployeePowerOfAttorney, or name one";
            ExchangeError::invalid(format!("{path}.UseDefault"), reason)
        })
    }

    /// The one that the signer named in `signed` itself. What the register does not know is taken for given by the organization that
    /// posts: the formats name no issuer.
    async fn named_in(&self, path: &str, signed: Option<ContentRef>) -> Result<PowerName, ExchangeError> {
        let none = || {
            let reason = "the signed file names no electronic power of attorney of its signer: titles of the orders 970, 405 and \
                          691 can, in СвДоверЭл; name the power by FullId, or send its file";
            ExchangeError::invalid(format!("{path}.UseDocumentContent"), reason)
        };
        let (core, box_id) = (&self.exchange.core, self.actor.box_id());
        let bytes = BoxBytes { core, box_id, small: &self.small }.bytes(signed.ok_or_else(none)?).await?;
        let powers = core.room.read(&bytes, recognize::powers_of_signers).await?;
        let number = powers.ok().and_then(|powers| powers.into_iter().next());
        let number: PowerId = number.and_then(|number| number.parse().ok()).ok_or_else(none)?;
        let known = core.registered_power(number).await?;
        Ok(known.map_or_else(
            || PowerName {
                number,
                issuer_inn: self.actor.organization.inn.clone(),
                representative_inn: None,
            },
            |known| known.power.name(),
        ))
    }

    async fn as_file(
        &mut self,
        found: &RegisteredPower,
    ) -> Result<(AttachedPower, Option<ContentRef>), ExchangeError> {
        let ancestors = self.exchange.core.ancestors(&found.power).await?;
        let mut kept = Vec::with_capacity(ancestors.len());
        for it in &ancestors {
            kept.push(self.keep_power(it.file.clone(), it.signature.clone()).await?);
        }
        let SignedFile { file, signature } =
            self.keep_power(found.file.clone(), found.signature.clone()).await?;
        let (name, signature) = (found.power.name(), Some(signature));
        Ok((AttachedPower { name, sending: Sending::File, signature, ancestors: kept }, Some(file)))
    }

    /// The power is the one from which no other of the files was handed on; the others are its ancestors.
    async fn files(
        &mut self,
        path: &str,
        files: Vec<SignedPower<Source>>,
    ) -> Result<(AttachedPower, Option<ContentRef>), ExchangeError> {
        let most = limits::POWER_CHAIN + 1;
        if files.len() > most {
            let reason = format!("{} files: a chain has at most {most}", files.len());
            return Err(ExchangeError::invalid(path, reason));
        }
        let exchange = self.exchange;
        let mut read: Vec<(Power, PowerBytes)> = Vec::with_capacity(files.len());
        for file in &files {
            let bytes = take_in(&exchange.shelf, &*exchange.verifier, self.actor.user.id, file).await?;
            let power = exchange.core.read_power(&bytes.file).await?;
            let power = power.map_err(|fault| {
                ExchangeError::invalid(format!("{}.Content", file.path), fault.to_string())
            })?;
            read.push((power, bytes));
        }
        let before = |power: &Power| power.handed_on.as_ref().and_then(HandedOn::before);
        let is_ancestor = |power: &Power| read.iter().any(|(other, _)| before(other) == Some(power.number));
        let last = read.iter().position(|(power, _)| !is_ancestor(power));
        let broken = || ExchangeError::invalid(path, "the files make no chain: none of them is the last one");
        let (power, bytes) = read.swap_remove(last.ok_or_else(broken)?);
        let mut ancestors = Vec::with_capacity(read.len());
        let mut next = before(&power);
        while let Some(place) = read.iter().position(|(power, _)| Some(power.number) == next) {
            let (ancestor, bytes) = read.swap_remove(place);
            next = before(&ancestor);
            ancestors.push(self.keep_power(bytes.file, bytes.signature).await?);
        }
        if let Some((stranger, _)) = read.first() {
            let reason = format!(
                "power of attorney {} belongs to no chain of the others: leave it out",
                stranger.number
            );
            return Err(ExchangeError::invalid(path, reason));
        }
        let SignedFile { file, signature } = self.keep_power(bytes.file, bytes.signature).await?;
        let attached = AttachedPower {
            name: power.name(),
            sending: Sending::File,
            signature: Some(signature),
            ancestors,
        };
        Ok((attached, Some(file)))
    }

    async fn keep_power(&mut self, file: Bytes, signature: Bytes) -> Result<SignedFile, ExchangeError> {
        let file = self.put(file).await?;
        Ok(SignedFile { file, signature: self.put(signature).await? })
    }

    async fn check(
        &self,
        attached: &AttachedPower,
        file: Option<ContentRef>,
        signature: ContentRef,
    ) -> Result<potok_domain::powers::Validation, ExchangeError> {
        let (core, actor) = (&self.exchange.core, self.actor);
        let bytes = BoxBytes { core, box_id: actor.box_id(), small: &self.small };
        let checked = CheckedSignature {
            signature: bytes.bytes(signature).await?,
            organization: &actor.organization,
            at: core.clock.now(),
        };
        Ok(check_power(core, &*self.exchange.verifier, (attached, file), checked, &bytes).await?)
    }
}
