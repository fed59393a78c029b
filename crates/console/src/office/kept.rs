//! What is kept by a server, and what its keepers may wish.

use async_trait::async_trait;
use bytes::Bytes;
use potok_types::{BoxId, Ticks, UserId};

use crate::Refused;

/// The server, in the hands of somebody who keeps it.
#[async_trait]
pub trait Office: Send + Sync {
    /// All organizations, by name.
    ///
    /// # Errors
    /// The store does not answer; so everywhere here.
    async fn organizations(&self) -> Result<Vec<Organization>, Refused>;
    /// All users, by login.
    async fn users(&self) -> Result<Vec<User>, Refused>;
    /// All programs that may call the API, by id.
    async fn programs(&self) -> Result<Vec<Program>, Refused>;
    /// The register of powers of attorney, by number.
    async fn powers(&self) -> Result<Vec<Power>, Refused>;
    /// Whether the last requests are kept.
    fn keeps_requests(&self) -> bool;
    /// The last requests that a query asks for, as `potok journal` asks; the newest first.
    fn requests(&self, query: &str) -> Vec<Request>;
    /// One of them, by its trace id, with all that is kept.
    fn request(&self, trace: &str) -> Option<RequestInFull>;
    /// Does what is wished; a secret that was made is shown this once.
    async fn act(&self, wish: Wish) -> Result<Option<Secret>, Refused>;
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its box.
    pub box_id: BoxId,
    /// Its name.
    pub name: String,
    /// INN.
    pub inn: String,
    /// KPP, or nothing.
    pub kpp: String,
    /// Participant id of the exchange.
    pub participant_id: String,
    /// Without legal force.
    pub is_test: bool,
    /// Its box is suspended: every call with it is answered 402.
    pub is_suspended: bool,
    /// It is with another operator.
    pub is_roaming: bool,
    /// Departments besides the head.
    pub departments: usize,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its login.
    pub login: String,
    /// Its names, the family name first.
    pub name: String,
    /// A robot's account.
    pub is_robot: bool,
    /// Shut out everywhere.
    pub is_blocked: bool,
}

/// A program that may call the API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Its client id.
    pub id: String,
    /// What it is, for people.
    pub name: String,
    /// It has a secret.
    pub has_secret: bool,
    /// As whom it acts without a person: a login, or nothing.
    pub robot: String,
    /// A technology partner.
    pub is_partner: bool,
    /// Shut out.
    pub is_blocked: bool,
    /// Where browsers may be sent with a code.
    pub redirects: Vec<String>,
    /// Where browsers may be sent after the end of a session.
    pub after_sign_out: Vec<String>,
}

/// How a power of attorney stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does not hold yet.
    Created,
    /// It holds.
    Active,
    /// It does not hold any more.
    Expired,
    /// Who gave it took it back.
    Revoked,
}

/// A power of attorney of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Power {
    /// Its number.
    pub number: String,
    /// Who gave it: a name, or nothing.
    pub issuer: String,
    /// INN of who gave it.
    pub issuer_inn: String,
    /// Who got it: a name, or nothing.
    pub representative: String,
    /// INN of who got it, or nothing.
    pub representative_inn: String,
    /// From when.
    pub starts_at: Ticks,
    /// Until before when.
    pub ends_at: Ticks,
    /// How it stands now.
    pub standing: Standing,
    /// Why it was taken back.
    pub reason: String,
}

/// A request that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it came.
    pub at: Ticks,
    /// `X-Kontur-Trace-Id` of its answer.
    pub trace: String,
    /// The method, or verb and path.
    pub what: String,
    /// The status of the answer.
    pub status: u16,
    /// How long it took.
    pub micros: u64,
    /// Which program asked, if that is known.
    pub client: String,
    /// About which box, if about one.
    pub box_id: String,
    /// Why it was refused; nothing when it was not.
    pub refusal: String,
}

/// A request with all that was kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestInFull {
    /// In short.
    pub request: Request,
    /// Verb, path and query, with secrets masked.
    pub target: String,
    /// `X-Diadoc-ErrorCode`, or nothing.
    pub code: String,
    /// Headers, with secrets masked.
    pub headers: Vec<(String, String)>,
    /// What came.
    pub asked: Body,
    /// What was answered; `None` for a refusal.
    pub answered: Option<Body>,
    /// The call for a shell.
    pub curl: String,
    /// All of it, in JSON.
    pub all: String,
}

/// A body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// How long it was, in bytes.
    pub bytes: u64,
    /// Nothing of it was left out.
    pub is_whole: bool,
    /// A structure as JSON, else a text; nothing for what is neither, and for what is secret.
    pub text: String,
    /// A structure as protobuf, in base64.
    pub protobuf: String,
}

/// A secret, which nobody sees again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The program's client id.
    pub client: String,
    /// The secret.
    pub secret: String,
}

/// What keepers may wish: the commands of `potok admin` that are asked for most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// A new organization with its box.
    CreateOrganization {
        /// Its name.
        name: String,
        /// INN.
        inn: String,
        /// KPP.
        kpp: Option<String>,
        /// Without legal force.
        is_test: bool,
    },
    /// A box is suspended, or works again.
    SuspendBox {
        /// The box that is suspended.
        box_id: BoxId,
        /// Suspended.
        is_suspended: bool,
    },
    /// A user becomes an employee with all rights.
    AddAdministrator {
        /// The box of the organization.
        box_id: BoxId,
        /// The login of who becomes one.
        login: String,
        /// The position.
        position: String,
    },
    /// A new user.
    CreateUser {
        /// The login.
        login: String,
        /// Without one, no login by password.
        password: Option<String>,
        /// Family name, given name, patronymic.
        names: (String, String, Option<String>),
        /// A robot's account.
        is_robot: bool,
    },
    /// Another password, or none; all tokens of the user end.
    SetPassword {
        /// Whose password it is.
        user: UserId,
        /// The new one.
        password: Option<String>,
    },
    /// A user is shut out, or let in again.
    BlockUser {
        /// Who is shut out, or let in.
        user: UserId,
        /// Shut out.
        is_blocked: bool,
    },
    /// A new program with a secret.
    CreateProgram {
        /// Its client id; made when absent.
        id: Option<String>,
        /// What it is.
        name: String,
        /// Login of the robot as which it acts without a person.
        robot: Option<String>,
    },
    /// Where people who sign in to a program are sent back to.
    RegisterProgram {
        /// The client id; made when there is none and it is public.
        id: String,
        /// What a new one is, for people; the id when absent.
        name: Option<String>,
        /// It keeps no secret.
        is_public: bool,
        /// With a code.
        redirects: Vec<String>,
        /// After the end of a session.
        after_sign_out: Vec<String>,
    },
    /// A program is shut out, or let in again.
    BlockProgram {
        /// The client id.
        id: String,
        /// Shut out.
        is_blocked: bool,
    },
    /// A program becomes a technology partner, or is none any more.
    MarkPartner {
        /// The client id.
        id: String,
        /// It is one.
        is_partner: bool,
    },
    /// Another secret; all tokens of the program end.
    RenewSecret {
        /// The client id.
        id: String,
    },
    /// A power of attorney is taken into the register.
    TakePower {
        /// The file.
        file: Bytes,
        /// The detached signature of who gave it.
        signature: Bytes,
    },
    /// A power of attorney is taken back.
    RevokePower {
        /// Its number.
        number: String,
        /// Why, for people.
        reason: String,
    },
}
