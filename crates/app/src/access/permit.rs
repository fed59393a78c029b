//! Permits: what the check of a caller leaves behind, and what use cases ask for.
//!
//! Permits are made in one place, [`Callers::permit`], of the class that the method declares. A use case takes the permit of
//! the class whose check it relies on, so nobody gets to it past the check or by a method of another class. What a
//! class says about things that only the use case finds (named documents, parts of a patch) the use case insists on, with
//! the permit in hand: the permit asks the same policy again when the parts are known.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use potok_domain::access::{self, Action, Asked, Denied};
use potok_domain::directory::User;
use potok_store::ApiClient;
use potok_types::access::{
    Access, AccessClass, Administers, AdministersOrSelf, AllDocuments, Anyone, BearerUser, BoxEmployee,
    BoxEmployeeIfNamed, EncryptsDocuments, FilteredDocuments, KnownClient, ManagesCounteragents,
    NamedDocuments, Needs, OAuthClient, OneDepartment, Owner, Partner, RoamingOperator, TaskOwner,
    User as AnyUser,
};
use potok_types::{BoxId, OrgId, UserId};

use super::{AccessError, Actor, Caller, Callers, OperatorActor, PartnerUser, let_in};
use crate::core::Core;

/// The caller passed the check of class `C`, and is known as its [`Held::Holder`].
#[derive(Clone, Debug)]
pub struct Permit<C: Held> {
    holder: C::Holder,
    class: PhantomData<C>,
}

/// A class of which there are permits: the server knows everything that it asks about.
pub trait Held: AccessClass {
    /// What the caller is known as after the check.
    type Holder: Holder;
}

/// What a call names, as far as the check of its caller has to know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject {
    /// The box that the call is about, or its organization.
    pub place: Option<Place>,
    /// The person whom the call is about, if it is about one.
    pub person: Option<UserId>,
}

/// Where a call takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In this box.
    Box(BoxId),
    /// In the box of this organization.
    Organization(OrgId),
}

/// What a caller can be known as.
pub trait Holder: Clone + std::fmt::Debug + Send + Sync + Sized {
    /// Checks the caller of a method of class `access`.
    #[doc(hidden)]
    fn check(
        callers: &Callers,
        caller: Option<&Caller>,
        access: &Access,
        subject: Subject,
    ) -> impl Future<Output = Result<Self, AccessError>> + Send;
}

impl<C: Held> Deref for Permit<C> {
    type Target = C::Holder;

    fn deref(&self) -> &Self::Target {
        &self.holder
    }
}

impl<C: Held<Holder = Actor>> Permit<C> {
    /// What the policy says when the parts of the call are known: what a patch or a message needs depends on what is in it.
    pub(crate) fn check_parts(&self, parts: &[Action]) -> Result<(), Denied> {
        let asked = Asked { parts, ..Asked::default() };
        access::check(&C::ACCESS, &self.employee.permissions, &self.organization, &asked)
    }
}

impl<C: Held<Holder = Actor>> Permit<C> {
    /// That of a user for whom the server goes on with what a call has begun: as if it were called now.
    ///
    /// # Errors
    /// As [`Callers::permit`].
    pub(crate) async fn again(core: &Core, user: UserId, box_id: BoxId) -> Result<Self, AccessError> {
        let denied = || AccessError::BoxDenied(box_id);
        let user = core.directory.user(user).await?.filter(|user| !user.is_blocked).ok_or_else(denied)?;
        let member = core.directory.member(box_id, user.id).await?.ok_or_else(denied)?;
        let_in(&member.organization, &member.employee)?;
        let holder = Actor::of(&Arc::new(user), member);
        let asked = Asked { is_about_self: true, parts: &[] };
        access::check(&C::ACCESS, &holder.employee.permissions, &holder.organization, &asked)?;
        Ok(Self { holder, class: PhantomData })
    }

    /// The employee.
    pub(crate) fn holder(self) -> Actor {
        self.holder
    }
}

impl Callers {
    /// Checks the caller of a method of class `C`.
    ///
    /// # Errors
    /// [`AccessError::NoHeader`] and relatives when the class asks for more than is known of the caller;
    /// [`AccessError::BoxDenied`], [`AccessError::EmployeeBlocked`], [`AccessError::BoxSuspended`];
    /// [`AccessError::NoOrganization`]; `CoreError::Denied` when the employee lacks what the class asks for.
    pub async fn permit<C: Held>(
        &self,
        caller: Option<&Caller>,
        subject: Subject,
    ) -> Result<Permit<C>, AccessError> {
        let holder = C::Holder::check(self, caller, &C::ACCESS, subject).await?;
        Ok(Permit { holder, class: PhantomData })
    }

    /// Insists on a caller who is let into `box_id`, and on nothing else.
    ///
    /// # Errors
    /// As [`Self::permit`].
    pub async fn must_be_let_in(&self, caller: &Caller, box_id: BoxId) -> Result<(), AccessError> {
        self.actor(caller, box_id).await.map(drop)
    }
}

fn known(caller: Option<&Caller>) -> Result<&Caller, AccessError> {
    caller.ok_or(AccessError::NoHeader)
}

/// Nobody, or somebody who is asked for credentials by the use case.
impl Holder for () {
    async fn check(_: &Callers, _: Option<&Caller>, _: &Access, _: Subject) -> Result<Self, AccessError> {
        Ok(())
    }
}

/// The program.
impl Holder for Arc<ApiClient> {
    async fn check(
        _: &Callers,
        caller: Option<&Caller>,
        _: &Access,
        _: Subject,
    ) -> Result<Self, AccessError> {
        Ok(Arc::clone(&known(caller)?.client))
    }
}

/// The person or robot.
impl Holder for Arc<User> {
    async fn check(
        _: &Callers,
        caller: Option<&Caller>,
        _: &Access,
        _: Subject,
    ) -> Result<Self, AccessError> {
        known(caller)?.user().cloned()
    }
}

/// The employee.
impl Holder for Actor {
    async fn check(
        callers: &Callers,
        caller: Option<&Caller>,
        class: &Access,
        subject: Subject,
    ) -> Result<Self, AccessError> {
        let box_id = match subject.place {
            Some(Place::Box(box_id)) => box_id,
            Some(Place::Organization(id)) => {
                let found = callers.core.directory.organization(id).await?;
                found.ok_or(AccessError::NoOrganization(id))?.box_id
            }
            // The contract names a box for every method of such a class.
            None => return Err(AccessError::NoPlace),
        };
        let actor = callers.actor(known(caller)?, box_id).await?;
        let is_about_self = subject.person == Some(actor.user.id);
        let asked = Asked { is_about_self, parts: &[] };
        access::check(class, &actor.employee.permissions, &actor.organization, &asked)?;
        Ok(actor)
    }
}

/// The employee, if the call names a box.
impl Holder for Option<Actor> {
    async fn check(
        callers: &Callers,
        caller: Option<&Caller>,
        class: &Access,
        subject: Subject,
    ) -> Result<Self, AccessError> {
        match subject.place {
            Some(_) => Actor::check(callers, caller, class, subject).await.map(Some),
            None => Ok(None),
        }
    }
}

/// The user of a technology partner.
impl Holder for PartnerUser {
    async fn check(
        callers: &Callers,
        caller: Option<&Caller>,
        _: &Access,
        _: Subject,
    ) -> Result<Self, AccessError> {
        callers.partner(known(caller)?).await
    }
}

/// The employee of a box as which another operator calls.
impl Holder for OperatorActor {
    async fn check(
        callers: &Callers,
        caller: Option<&Caller>,
        class: &Access,
        subject: Subject,
    ) -> Result<Self, AccessError> {
        let actor = Actor::check(callers, caller, class, subject).await?;
        let box_id = actor.box_id();
        let operators = callers.registers.roaming_operators().await?;
        if !operators.iter().any(|operator| operator.is_active && operator.box_id == Some(box_id)) {
            return Err(AccessError::NoOperator(box_id));
        }
        Ok(Self { actor })
    }
}

/// A caller of whom it is known which user it is.
pub trait Somebody {
    /// The user.
    fn user_id(&self) -> UserId;
}

impl Somebody for Arc<User> {
    fn user_id(&self) -> UserId {
        self.id
    }
}

impl Somebody for Actor {
    fn user_id(&self) -> UserId {
        self.user.id
    }
}

macro_rules! held {
    ($($class:ty as $holder:ty;)*) => {$(
        impl Held for $class {
            type Holder = $holder;
        }
    )*};
}

held! {
    Anyone as ();
    OAuthClient as ();
    KnownClient as Arc<ApiClient>;
    AnyUser as Arc<User>;
    BearerUser as Arc<User>;
    // Use cases look among the holder's own things, so others find nothing.
    Owner as Arc<User>;
    TaskOwner as Arc<User>;
    BoxEmployeeIfNamed as Option<Actor>;
    Partner as PartnerUser;
    RoamingOperator as OperatorActor;
}

/// Classes of employees. What asks for one thing more asks for it of an employee.
macro_rules! employees {
    ($($class:ident [$($bound:tt)+];)*) => {$(
        impl<C: $($bound)+> Held for $class<C> {
            type Holder = Actor;
        }
    )*};
}

employees! {
    BoxEmployee [Needs];
    AllDocuments [Needs];
    OneDepartment [Needs];
    NamedDocuments [Needs];
    FilteredDocuments [Needs];
    Administers [Held<Holder = Actor>];
    AdministersOrSelf [Held<Holder = Actor>];
    ManagesCounteragents [Held<Holder = Actor>];
    EncryptsDocuments [Held<Holder = Actor>];
}
