//! Every method that is served, called by every kind of caller. What each is answered follows from the declaration of the
//! method, and from the example that stands there; nothing here knows a method by its name.

pub(crate) mod place;

use potok_testkit::RawRequest;
use potok_testkit::sdk::api::{Access, Administrator, BoxIn, Caller, Documents, MethodSpec, Right, by_label};

use self::place::Place;
use crate::no_oracle::seen;

/// Kinds of callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Without an `Authorization` header, and without credentials in a form.
    Nobody,
    /// A program that the server does not know.
    UnknownClient,
    /// A program that the server knows, without a token.
    OnlyClient,
    /// An employee of another organization.
    Stranger,
    /// An employee who sees everything and may do nothing.
    WithoutRights,
    /// An employee who may do everything, and sees another department.
    OtherDepartment,
    /// An employee who is shut out of the organization.
    Blocked,
    /// An employee who may do and see everything, by a program that is switched off.
    BlockedProgram,
    /// An employee who may do and see everything, and does not administer.
    Plain,
    /// An employee who may do and see everything.
    Administrator,
}

/// In the order in which they call: first those who are mostly refused.
pub(crate) const EVERYBODY: [Who; 10] = [
    Who::Nobody,
    Who::UnknownClient,
    Who::OnlyClient,
    Who::Stranger,
    Who::WithoutRights,
    Who::OtherDepartment,
    Who::Blocked,
    Who::BlockedProgram,
    Who::Plain,
    Who::Administrator,
];

/// What a caller is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// The answer of the example.
    Answer,
    /// A refusal: status and `X-Diadoc-ErrorCode`.
    Refused(u16, &'static str),
}

const UNKNOWN: Told = Told::Refused(401, "Http.Auth");
const FORBIDDEN: Told = Told::Refused(403, "DiadocApi.Forbidden");
const NOT_FOUND: Told = Told::Refused(404, "DiadocApi.NotFound");
const DOCUMENT: Told = Told::Refused(403, "DocumentService.EmployeeCannotAccessDocument");
const UNPAID: Told = Told::Refused(402, "DiadocApi.PaymentRequired");

/// What the class of the method says.
fn told(spec: &MethodSpec, who: Who) -> Told {
    let access = &spec.access;
    let is_user = !matches!(who, Who::Nobody | Who::UnknownClient | Who::OnlyClient);
    match access.caller {
        Caller::Anyone => Told::Answer,
        // They name themselves in the form, whatever the header says.
        Caller::OAuthClient if matches!(who, Who::Nobody | Who::UnknownClient | Who::BlockedProgram) => {
            Told::Refused(401, "")
        }
        Caller::OAuthClient => Told::Answer,
        _ if who == Who::BlockedProgram => FORBIDDEN,
        _ if matches!(who, Who::Nobody | Who::UnknownClient) => UNKNOWN,
        Caller::KnownClient => Told::Answer,
        _ if !is_user => UNKNOWN,
        // The program of the walk is a technology partner.
        Caller::User | Caller::Bearer | Caller::Partner => Told::Answer,
        Caller::Owner | Caller::TaskOwner if who == Who::Plain => Told::Answer,
        Caller::Owner | Caller::TaskOwner => NOT_FOUND,
        Caller::Employee | Caller::EmployeeIfNamed => told_employees(spec, who),
        // The box of the walk is that of another operator too.
        Caller::Operator if matches!(who, Who::Stranger | Who::Blocked) => FORBIDDEN,
        Caller::Operator => Told::Answer,
    }
}

fn told_employees(spec: &MethodSpec, who: Who) -> Told {
    let access = &spec.access;
    // The organization of the walk exchanges encrypted documents.
    let Access { documents, right, administrator, counteragents, .. } = *access;
    // Examples about somebody are about somebody else; a call that can name nobody is about the caller.
    let names_somebody = spec.query.iter().any(|param| param.name == "userId");
    let for_administrators = match administrator {
        Administrator::NotNeeded => false,
        Administrator::Needed => true,
        Administrator::NeededForOthers => names_somebody,
    };
    match who {
        Who::Stranger | Who::Blocked => FORBIDDEN,
        Who::WithoutRights if right.is_some() || counteragents || for_administrators => FORBIDDEN,
        Who::OtherDepartment | Who::Plain if for_administrators => FORBIDDEN,
        Who::OtherDepartment => match documents {
            Documents::All | Documents::Department => FORBIDDEN,
            Documents::Named => DOCUMENT,
            Documents::Untouched | Documents::Filtered => Told::Answer,
        },
        _ => Told::Answer,
    }
}

/// The permission that a refusal for the lack of it names.
const fn name_of(right: Right) -> &'static str {
    match right {
        Right::Create => "CreateDocuments",
        Right::Sign => "SignDocuments",
        Right::DeleteRestore => "DeleteRestoreDocuments",
        Right::UniversalMessage => "AttachUniversalMessages",
        Right::ByPatch => "permission",
    }
}

pub(crate) fn served() -> impl Iterator<Item = &'static MethodSpec> {
    potok_http::served().into_iter().map(|label| by_label(label).unwrap())
}

#[tokio::test]
async fn everybody_is_told_what_the_declarations_say() {
    let place = Place::new().await;
    for spec in served() {
        let mut seen = (false, String::new());
        for who in EVERYBODY {
            let answer = place.call(spec, who).await;
            let text = answer.text();
            let case = format!("{spec} ({}), {who:?}: {text}", spec.access);
            match told(spec, who) {
                Told::Answer => {
                    let example = spec.example.unwrap();
                    assert_eq!(answer.status, example.status, "{case}");
                }
                Told::Refused(status, code) => {
                    let found = (answer.status, answer.header("x-diadoc-errorcode").unwrap_or_default());
                    assert_eq!(found, (status, code), "{case}");
                    assert!(spec.may_answer(status), "{case}");
                }
            }
            let names_document = place.documents.iter().any(|id| text.contains(id.as_str()));
            match who {
                Who::Stranger if told(spec, who) == FORBIDDEN => {
                    assert_eq!(text, format!("Access to Box [{}] is denied", place.box_id), "{case}");
                }
                Who::BlockedProgram if told(spec, who) == FORBIDDEN => {
                    assert_eq!(text, "the API client \"shut-out\" is blocked by the administrator", "{case}");
                }
                Who::WithoutRights if told(spec, who) == FORBIDDEN => {
                    let name = spec.access.right.map_or("permission", name_of);
                    assert!(text.contains(name), "{case}");
                }
                Who::OtherDepartment if spec.access.documents == Documents::Filtered => {
                    assert!(!names_document, "{case}");
                }
                Who::Plain => seen = (names_document, text),
                _ => {}
            }
        }
        if spec.access.documents == Documents::Filtered {
            assert!(seen.0, "the example of {spec} shows nothing that could be hidden: {}", seen.1);
        }
    }
    place.end().await;
}

/// A box that does not exist is told from one that is not the caller's by nothing.
#[tokio::test]
async fn strangers_do_not_learn_which_boxes_exist() {
    const NONE: &str = "4c422f4e-7ecd-492d-a652-3aa45007da1b";
    let mut place = Place::new().await;
    let foreign = place.box_id.clone();
    let in_box = |spec: &&MethodSpec| spec.access.caller == Caller::Employee;
    for spec in served().filter(in_box) {
        // Which organizations there are is no secret, and no box is named that could be denied.
        if matches!(spec.box_in, BoxIn::Organization(_) | BoxIn::BodyOrganization(_)) {
            continue;
        }
        let mut told = Vec::new();
        for box_id in [&*foreign, NONE] {
            place.box_id = box_id.to_owned();
            let answer = place.call(spec, Who::Stranger).await;
            let expected = (403, format!("Access to Box [{box_id}] is denied"));
            assert_eq!((answer.status, answer.text()), expected, "{spec}");
            told.push(seen(&answer, box_id));
        }
        assert_eq!(told[0], told[1], "{spec}: code, headers and text");
    }
    place.end().await;
}

#[tokio::test]
async fn a_suspended_box_is_closed_to_everybody() {
    let place = Place::new().await;
    place.suspend().await;
    for spec in served() {
        let answer = place.call(spec, Who::Administrator).await;
        let found = (answer.status, answer.header("x-diadoc-errorcode").unwrap_or_default());
        match spec.access.caller {
            // The examples name a box.
            Caller::Employee | Caller::EmployeeIfNamed | Caller::Operator => {
                let Told::Refused(status, code) = UNPAID else { unreachable!() };
                assert_eq!(found, (status, code), "{spec}: {}", answer.text());
                assert_eq!(answer.text(), "Доступ запрещён. Необходима оплата тарифа АПИ");
                assert!(spec.may_answer(status), "{spec}");
            }
            Caller::Owner | Caller::TaskOwner => assert_eq!(found.0, 404, "{spec}"),
            _ => assert_eq!(found.0, spec.example.unwrap().status, "{spec}: {}", answer.text()),
        }
    }
    place.end().await;
}
