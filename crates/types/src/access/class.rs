//! The classes as types. Nothing is ever made of them, they only choose.

use std::convert::Infallible;
use std::marker::PhantomData;

use super::{Access, Administrator, Caller, Documents, Right};

/// A class of access as a type.
pub trait AccessClass: Copy + std::fmt::Debug + Send + Sync + 'static {
    /// The same as data.
    const ACCESS: Access;
}

/// A class whose methods look at all documents of a box and show those that the caller sees.
pub trait Narrowed: AccessClass {}

/// The action permission of a class.
pub trait Needs: Copy + std::fmt::Debug + Send + Sync + 'static {
    /// Which one, if any.
    const RIGHT: Option<Right>;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = $right:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl Needs for $name {
            const RIGHT: Option<Right> = $right;
        }
    )*};
}

rights! {
    /// No action permission.
    NoRight = None;
    /// [`Right::Create`].
    MayCreate = Some(Right::Create);
    /// [`Right::Sign`].
    MaySign = Some(Right::Sign);
    /// [`Right::DeleteRestore`].
    MayDeleteRestore = Some(Right::DeleteRestore);
    /// [`Right::UniversalMessage`].
    MayAttachUniversal = Some(Right::UniversalMessage);
    /// [`Right::ByPatch`].
    MayPatch = Some(Right::ByPatch);
}

/// Classes that ask only what the caller is.
macro_rules! callers {
    ($($(#[$doc:meta])* $name:ident = $caller:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl AccessClass for $name {
            const ACCESS: Access = Access::of(Caller::$caller);
        }
    )*};
}

callers! {
    /// [`Caller::Anyone`].
    Anyone = Anyone;
    /// [`Caller::OAuthClient`].
    OAuthClient = OAuthClient;
    /// [`Caller::KnownClient`].
    KnownClient = KnownClient;
    /// [`Caller::User`].
    User = User;
    /// [`Caller::Bearer`].
    BearerUser = Bearer;
    /// [`Caller::EmployeeIfNamed`].
    BoxEmployeeIfNamed = EmployeeIfNamed;
    /// [`Caller::Owner`].
    Owner = Owner;
    /// [`Caller::TaskOwner`].
    TaskOwner = TaskOwner;
    /// [`Caller::Partner`].
    Partner = Partner;
    /// [`Caller::Operator`].
    RoamingOperator = Operator;
}

/// Classes of [`Caller::Employee`]: what they do with documents, and the action permission `R`.
macro_rules! employees {
    ($($(#[$doc:meta])* $name:ident = $documents:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<R = NoRight>(Infallible, PhantomData<R>);

        impl<R: Needs> AccessClass for $name<R> {
            const ACCESS: Access =
                Access { right: R::RIGHT, ..Access::of(Caller::Employee).documents(Documents::$documents) };
        }
    )*};
}

employees! {
    /// An employee, and no document is shown or changed.
    BoxEmployee = Untouched;
    /// [`Documents::All`].
    AllDocuments = All;
    /// [`Documents::Department`].
    OneDepartment = Department;
    /// [`Documents::Named`].
    NamedDocuments = Named;
    /// [`Documents::Filtered`].
    FilteredDocuments = Filtered;
}

impl<R: Needs> Narrowed for AllDocuments<R> {}
impl<R: Needs> Narrowed for OneDepartment<R> {}
impl<R: Needs> Narrowed for FilteredDocuments<R> {}

/// Another class, and one thing more.
macro_rules! further {
    ($($(#[$doc:meta])* $name:ident = |$access:ident| $with:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<C>(Infallible, PhantomData<C>);

        impl<C: AccessClass> AccessClass for $name<C> {
            const ACCESS: Access = {
                let $access = C::ACCESS;
                $with
            };
        }
    )*};
}

further! {
    /// The same for administrators.
    Administers = |access| access.administrator(Administrator::Needed);
    /// The same for administrators, and for everybody about themselves.
    AdministersOrSelf = |access| access.administrator(Administrator::NeededForOthers);
    /// The same with `ManageCounteragents`.
    ManagesCounteragents = |access| access.counteragents();
    /// The same for organizations that exchange encrypted documents.
    EncryptsDocuments = |access| access.encrypted();
}
