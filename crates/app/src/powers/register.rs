//! `RegisterPowerOfAttorney` and `RegisterPowerOfAttorneyResult`.

use potok_domain::command::{PowerToRegister, SignedPower, Source};
use potok_domain::powers::{PowerName, SignatureOfPower};
use potok_store::{Task, TaskOutcome};
use potok_types::access::{AdministersOrSelf, BoxEmployee};
use potok_types::{TaskId, Ticks};

use super::signed_file::{judge, take_in};
use super::{Powers, PowersError};
use crate::core::RegisteredPower;
use crate::{Actor, Permit};

/// How long a result is kept.
const LIFE_SECONDS: i64 = 24 * 3600;

/// What a registration came to.
#[derive(Clone, Debug)]
pub enum PowerRegistration {
    /// The power is in the register.
    Done {
        /// It, with its files.
        power: Box<RegisteredPower>,
        /// Those from which it was handed on, the nearest first, as far as the register has them.
        ancestors: Vec<RegisteredPower>,
        /// When that was looked up.
        at: Ticks,
    },
    /// It is not.
    Refused {
        /// What is wrong, for programs.
        code: String,
        /// What is wrong, for people.
        reason: String,
    },
}

impl Powers {
    /// Registers a power of attorney, or looks it up, and names the task by which the result is asked for. The work is done when
    /// this returns; a power that is in the register already stays as it is.
    ///
    /// # Errors
    /// `CoreError::Invalid` for bytes that are not there and a signature that is none; `RegisterRefusal::NumberTaken`. What is
    /// wrong with the power itself is told by the result.
    pub async fn register(
        &self,
        actor: &Permit<AdministersOrSelf<BoxEmployee>>,
        given: PowerToRegister<Source>,
    ) -> Result<TaskId, PowersError> {
        let outcome = match given {
            PowerToRegister::Named(name) => self.look_up(&name).await?,
            PowerToRegister::File(file) => self.take_in(actor, &file).await?,
        };
        let id = TaskId::from_uuid(self.core.entropy.uuid());
        let (user, box_id, started_at) = (actor.user.id, actor.box_id(), self.core.clock.now());
        self.tasks.put_task(&Task { id, user, box_id, started_at, outcome }).await?;
        Ok(id)
    }

    async fn look_up(&self, name: &PowerName) -> Result<TaskOutcome, PowersError> {
        Ok(match self.core.power_named(name).await? {
            Some(found) => TaskOutcome::Power { number: found.power.number },
            None => refused(
                "NotFound",
                format!("В реестре нет МЧД {} доверителя с ИНН {}", name.number, name.issuer_inn),
            ),
        })
    }

    async fn take_in(&self, actor: &Actor, given: &SignedPower<Source>) -> Result<TaskOutcome, PowersError> {
        let bytes = take_in(&self.shelf, &*self.verifier, actor.user.id, given).await?;
        let power = match self.core.read_power(&bytes.file).await? {
            Ok(power) => power,
            Err(fault) => return Ok(refused("Unreadable", fault.to_string())),
        };
        let (is_test, now) = (actor.organization.is_test, self.core.clock.now());
        match judge(&*self.verifier, &power, &bytes, is_test, now).await? {
            SignatureOfPower::Good => {}
            SignatureOfPower::OfAnother => {
                return Ok(refused("SignatureOfAnother", "МЧД подписана не доверителем"));
            }
            SignatureOfPower::Bad => return Ok(refused("BadSignature", "Подпись под МЧД недействительна")),
        }
        let (number, (files, contents)) = (power.number, bytes.contents());
        let decide =
            |known: &potok_domain::powers::Registered| Ok::<_, PowersError>(known.register(number, files)?);
        self.core.change_register(number, Some(actor.user.id), &contents, decide).await?;
        Ok(TaskOutcome::Power { number })
    }

    /// What a registration came to.
    ///
    /// # Errors
    /// [`PowersError::NoTask`].
    pub async fn registration(
        &self,
        actor: &Permit<AdministersOrSelf<BoxEmployee>>,
        id: TaskId,
    ) -> Result<PowerRegistration, PowersError> {
        let at = self.core.clock.now();
        let since = at.plus_seconds(-LIFE_SECONDS);
        let found = self.tasks.task(id).await?;
        let is_seen = |task: &Task| {
            let is_own = task.user == actor.user.id || actor.employee.permissions.is_administrator;
            task.box_id == actor.box_id() && is_own && task.started_at >= since
        };
        match found.filter(is_seen).map(|task| task.outcome) {
            Some(TaskOutcome::Power { number }) => {
                let power = self.core.registered_power(number).await?.ok_or(PowersError::NoTask(id))?;
                let ancestors = self.core.ancestors(&power.power).await?;
                Ok(PowerRegistration::Done { power: Box::new(power), ancestors, at })
            }
            Some(TaskOutcome::NoPower { code, reason }) => Ok(PowerRegistration::Refused { code, reason }),
            _ => Err(PowersError::NoTask(id)),
        }
    }
}

fn refused(code: &str, reason: impl Into<String>) -> TaskOutcome {
    let potok_domain::powers::Problem { code, text } = potok_domain::powers::Problem::new(code, reason);
    TaskOutcome::NoPower { code, reason: text }
}
