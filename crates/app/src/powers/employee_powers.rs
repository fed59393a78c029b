//! `GetEmployeePowersOfAttorney`, `AddEmployeePowerOfAttorney`, `UpdateEmployeePowerOfAttorney`,
//! `DeleteEmployeePowerOfAttorney`: powers that employees have at hand.

use potok_domain::directory::{DirectoryWish, EmployeePower, attach, make_default};
use potok_domain::powers::{PowerName, Standing};
use potok_types::UserId;
use potok_types::access::{AdministersOrSelf, BoxEmployee};

use super::{Powers, PowersError};
use crate::core::{DirectoryWishes, RegisteredPower};
use crate::{Actor, Permit};

/// Who may look after the powers of an employee: administrators, and the employee.
type Keeper = Permit<AdministersOrSelf<BoxEmployee>>;

const DAY_SECONDS: i64 = 24 * 3600;

/// A power that an employee has at hand, as the register has it.
#[derive(Clone, Debug)]
pub struct PowerAtHand {
    /// The power.
    pub power: RegisteredPower,
    /// Those from which it was handed on, the nearest first.
    pub ancestors: Vec<RegisteredPower>,
    /// It is taken when nobody names another one.
    pub is_default: bool,
}

impl Powers {
    /// The powers of `user`, or of the caller; with `only_actual` those that hold or will.
    ///
    /// # Errors
    /// [`PowersError::NoEmployee`].
    pub async fn employee_powers(
        &self,
        actor: &Keeper,
        user: Option<UserId>,
        only_actual: bool,
    ) -> Result<Vec<PowerAtHand>, PowersError> {
        let user = self.employee(actor, user).await?;
        let mut all = Vec::new();
        for held in self.core.directory.employee_powers(actor.box_id(), user).await? {
            let Some(shown) = self.at_hand(&held).await? else { continue };
            if !only_actual || self.standing(&shown.power).is_actual() {
                all.push(shown);
            }
        }
        Ok(all)
    }

    /// Gives the power of `name`, which stands at `path`, to `user`, or to the caller. What is there already stays.
    ///
    /// # Errors
    /// [`PowersError::NoEmployee`], [`PowersError::NoPower`]; `AttachRefusal`.
    pub async fn attach_power(
        &self,
        actor: &Keeper,
        user: Option<UserId>,
        (path, name): (&'static str, PowerName),
    ) -> Result<PowerAtHand, PowersError> {
        let (box_id, user) = (actor.box_id(), self.employee(actor, user).await?);
        let found = self.core.power_named(&name).await?;
        let found = found.ok_or(PowersError::NoPower { path, name })?;
        let new = EmployeePower {
            user,
            name: found.power.name(),
            is_default: false,
            attached_at: self.core.clock.now(),
        };
        let since = new.attached_at.plus_seconds(-DAY_SECONDS);
        let directory = &self.core.directory;
        let held = self
            .core
            .change_directory(box_id, Some(actor.user.id), || async {
                let held = directory.employee_powers(box_id, user).await?;
                let today = directory.powers_attached_since(box_id, user, since).await?;
                let wish = attach(
                    &held,
                    &new,
                    self.actual(&held).await?,
                    usize::try_from(today).unwrap_or(usize::MAX),
                )?;
                let known = held.into_iter().find(|it| it.name.number == new.name.number);
                let wishes = wish.map(DirectoryWishes::from).unwrap_or_default();
                Ok::<_, PowersError>((wishes, known.unwrap_or_else(|| new.clone())))
            })
            .await?;
        let ancestors = self.core.ancestors(&found.power).await?;
        Ok(PowerAtHand { power: found, ancestors, is_default: held.is_default })
    }

    /// Makes the power of `name`, which stands at `path`, the default one, or not; `None` leaves it as it is. The one that was the
    /// default before is it no more.
    ///
    /// # Errors
    /// [`PowersError::NoEmployee`], [`PowersError::NotAtHand`].
    pub async fn update_power(
        &self,
        actor: &Keeper,
        user: Option<UserId>,
        (path, name): (&'static str, PowerName),
        is_default: Option<bool>,
    ) -> Result<PowerAtHand, PowersError> {
        let (box_id, user) = (actor.box_id(), self.employee(actor, user).await?);
        let changed = self
            .core
            .change_directory(box_id, Some(actor.user.id), || async {
                let held = self.core.directory.employee_powers(box_id, user).await?;
                let known = held.iter().find(|it| is_meant(it, &name)).cloned();
                let known = known.ok_or_else(|| PowersError::NotAtHand { path, name: name.clone(), user })?;
                let wishes = is_default.map(|wanted| make_default(&held, known.name.number, wanted));
                let wishes =
                    DirectoryWishes { wishes: wishes.unwrap_or_default(), ..DirectoryWishes::default() };
                let is_default = is_default.unwrap_or(known.is_default);
                Ok::<_, PowersError>((wishes, EmployeePower { is_default, ..known }))
            })
            .await?;
        let shown = self.at_hand(&changed).await?;
        shown.ok_or(PowersError::NoPower { path, name })
    }

    /// Takes the power of `name`, which stands at `path`, from `user`, or from the caller. What was taken before is gone.
    ///
    /// # Errors
    /// [`PowersError::NoEmployee`]; [`PowersError::NotAtHand`] for one that never was there.
    pub async fn detach_power(
        &self,
        actor: &Keeper,
        user: Option<UserId>,
        (path, name): (&'static str, PowerName),
    ) -> Result<(), PowersError> {
        let (box_id, user) = (actor.box_id(), self.employee(actor, user).await?);
        let directory = &self.core.directory;
        self.core
            .change_directory(box_id, Some(actor.user.id), || async {
                let held = directory.employee_powers(box_id, user).await?;
                if held.iter().any(|it| is_meant(it, &name)) {
                    return Ok((DirectoryWish::no_power(user, name.number).into(), ()));
                }
                match directory.had_power(box_id, user, name.number).await? {
                    true => Ok((DirectoryWishes::default(), ())),
                    false => Err(PowersError::NotAtHand { path, name: name.clone(), user }),
                }
            })
            .await
    }

    /// Of whom the call is, if that is an employee of the box.
    async fn employee(&self, actor: &Actor, user: Option<UserId>) -> Result<UserId, PowersError> {
        let user = user.unwrap_or(actor.user.id);
        let found = self.core.directory.member(actor.box_id(), user).await?;
        found.map(|_| user).ok_or(PowersError::NoEmployee { user, box_id: actor.box_id() })
    }

    async fn at_hand(&self, held: &EmployeePower) -> Result<Option<PowerAtHand>, PowersError> {
        let Some(power) = self.core.registered_power(held.name.number).await? else { return Ok(None) };
        let ancestors = self.core.ancestors(&power.power).await?;
        Ok(Some(PowerAtHand { power, ancestors, is_default: held.is_default }))
    }

    /// How many of `held` hold or will.
    async fn actual(&self, held: &[EmployeePower]) -> Result<usize, PowersError> {
        let mut actual = 0;
        for it in held {
            let found = self.core.registered_power(it.name.number).await?;
            actual += usize::from(found.is_some_and(|found| self.standing(&found).is_actual()));
        }
        Ok(actual)
    }

    fn standing(&self, it: &RegisteredPower) -> Standing {
        it.power.standing(it.registered.revoked().is_some(), self.core.clock.now())
    }
}

fn is_meant(held: &EmployeePower, name: &PowerName) -> bool {
    held.name.number == name.number && held.name.issuer_inn == name.issuer_inn
}
