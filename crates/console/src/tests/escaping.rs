//! Texts of strangers stay texts: every page, with hostile words wherever the API may give any.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use bytes::Bytes;
use potok_api::{Format, MethodSpec, Payload};
use potok_pages::Language;
use potok_types::{BoxId, Ticks};
use potok_wire::proto::departments::{Department as Unit, DepartmentList};
use potok_wire::proto::docflow::Entity as Said;
use potok_wire::proto::documents::document_history::{
    DocumentHistory, DocumentHistoryItem, DocumentHistoryItemPayload, HistoryAuthor,
    HistoryOrganizationBoxReference, RejectedPayload, SentPayload,
};
use potok_wire::proto::documents::{Document, DocumentAction, DocumentActionList, DocumentList};
use potok_wire::proto::employees::powers_of_attorney::{
    EmployeePowerOfAttorney, EmployeePowerOfAttorneyList,
};
use potok_wire::proto::employees::{Employee, EmployeeList};
use potok_wire::proto::events::{BoxEvent, BoxEventList, Entity, EntityType, Message, MetadataItem};
use potok_wire::proto::{
    Box as ApiBox, Content, Counteragent, CounteragentList, Department, FullName, Organization,
    OrganizationList, OrganizationUser, OrganizationUserPermissions, OrganizationUsersList, SignatureInfo,
    UserV2,
};
use proptest::prelude::*;
use serde_json::json;

use crate::office::{
    Body, Office, Organization as Kept, Power, Program, Request, RequestInFull, Secret, Standing, User, Wish,
};
use crate::{Fields, Given, Refused, Reply, Sent, Server, Visit, Webhooks, answer};

const ID: &str = "00000000-0000-4000-8000-000000000001";
/// Stands in each hostile text, so that what came out can be told from what the page has of its own.
const MARK: &str = "Ж7";

/// A server that answers everything with the same words.
#[derive(Clone)]
struct Hostile(String);

fn given(message: &impl Payload) -> Result<Given, Refused> {
    Ok(Given { status: 200, body: message.to_body(Format::Protobuf) })
}

impl Hostile {
    fn text(&self) -> String {
        self.0.clone()
    }

    fn some(&self) -> Option<String> {
        Some(self.text())
    }

    fn organization(&self) -> Organization {
        Organization {
            org_id: ID.to_owned(),
            inn: self.text(),
            kpp: self.some(),
            full_name: self.text(),
            short_name: self.some(),
            is_test: Some(true),
            boxes: vec![ApiBox {
                box_id: self.text(),
                box_id_guid: ID.to_owned(),
                title: self.text(),
                ..ApiBox::default()
            }],
            departments: vec![Department {
                name: self.text(),
                department_id: self.text(),
                ..Department::default()
            }],
            ..Organization::default()
        }
    }

    fn user(&self) -> UserV2 {
        let name = FullName { last_name: self.text(), first_name: self.text(), middle_name: self.some() };
        UserV2 { user_id: ID.to_owned(), login: self.some(), full_name: Some(name), ..UserV2::default() }
    }

    fn document(&self) -> Document {
        let mut document = Document {
            message_id: ID.to_owned(),
            entity_id: ID.to_owned(),
            title: self.text(),
            type_named_id: self.text(),
            counteragent_box_id: self.some(),
            index_key: self.some(),
            metadata: ["DocumentNumber", "FileName"]
                .map(|key| MetadataItem { key: key.to_owned(), value: self.text() })
                .into(),
            ..Document::default()
        };
        document.docflow_status.primary_status.status_text = self.some();
        document.docflow_status.primary_status.severity = self.some();
        document
    }

    fn entities(&self) -> Vec<Entity> {
        let content = Some(Content { size: 9, data: None });
        let document = Entity {
            entity_id: ID.to_owned(),
            file_name: self.some(),
            document_info: Some(self.document().into()),
            content: content.clone(),
            ..Entity::default()
        };
        let signature = Entity {
            entity_type: Some(EntityType::Signature as i32),
            entity_id: "00000000-0000-4000-8000-000000000002".to_owned(),
            parent_entity_id: Some(ID.to_owned()),
            signer_box_id: self.some(),
            file_name: self.some(),
            content,
            ..Entity::default()
        };
        vec![document, signature]
    }

    fn history(&self) -> DocumentHistory {
        let said =
            Said { content: Some(Content { size: 9, data: Some(self.text().into()) }), ..Said::default() };
        let payload = |payload| DocumentHistoryItem {
            box_id: self.text(),
            author: Some(HistoryAuthor { display_name: self.some(), ..HistoryAuthor::default() }),
            payload: Some(Box::new(payload)),
            ..DocumentHistoryItem::default()
        };
        let mut history = DocumentHistory {
            items: vec![
                payload(DocumentHistoryItemPayload {
                    sent: Some(SentPayload { comment_entity: Some(said), ..SentPayload::default() }),
                    ..DocumentHistoryItemPayload::default()
                }),
                payload(DocumentHistoryItemPayload {
                    rejected: Some(
                        RejectedPayload { plain_text: self.some(), ..RejectedPayload::default() }.into(),
                    ),
                    ..DocumentHistoryItemPayload::default()
                }),
            ],
            ..DocumentHistory::default()
        };
        let known = HistoryOrganizationBoxReference {
            box_id: self.text(),
            box_title: self.text(),
            ..HistoryOrganizationBoxReference::default()
        };
        history.reference_data.get_or_insert_default().boxes.push(known);
        history
    }

    fn signature(&self) -> SignatureInfo {
        SignatureInfo {
            thumbprint: self.text(),
            issuer: self.some(),
            start_date: self.some(),
            end_date: self.some(),
            org_name: self.some(),
            org_inn: self.some(),
            job_title: self.some(),
            first_name: self.some(),
            surname: self.some(),
            ..SignatureInfo::default()
        }
    }

    fn employee(&self) -> Employee {
        Employee { user: self.user(), position: self.text(), ..Employee::default() }
    }
}

#[async_trait]
impl Server for Hostile {
    async fn call(&self, spec: &'static MethodSpec, _: String, _: Bytes) -> Result<Given, Refused> {
        match spec.name {
            "GetMyUser" => given(&self.user()),
            "GetMyOrganizations" => given(&OrganizationList { organizations: vec![self.organization()] }),
            "GetBox" => given(&ApiBox {
                box_id: self.text(),
                box_id_guid: self.text(),
                title: self.text(),
                ..ApiBox::default()
            }),
            "GetDocuments" => given(&DocumentList {
                total_count: 99,
                documents: vec![self.document()],
                has_more_results: Some(true),
            }),
            "GetMessage" => given(&Message { entities: self.entities(), ..Message::default() }),
            "GetDocumentActions" => {
                let all = (1..90).map(|kind| DocumentAction { r#type: kind, payload: None });
                given(&DocumentActionList { actions: all.collect() })
            }
            "GetDocumentHistory" => given(&self.history()),
            "GetSignatureInfo" => given(&self.signature()),
            "GetEntityContent" => Ok(Given { status: 200, body: self.text().into() }),
            "GetCounteragents" => given(&CounteragentList {
                counteragents: vec![Counteragent {
                    index_key: self.some(),
                    organization: self.organization(),
                    current_status: Some(2),
                    message_from_counteragent: self.some(),
                    ..Counteragent::default()
                }],
                ..CounteragentList::default()
            }),
            "GetEmployees" => given(&EmployeeList { employees: vec![self.employee()], total_count: 99 }),
            "GetEmployee" => given(&self.employee()),
            "admin/GetDepartments" => given(&DepartmentList {
                departments: vec![Unit {
                    id: self.text(),
                    parent_department_id: self.some(),
                    name: self.text(),
                    ..Unit::default()
                }],
                total_count: 1,
            }),
            "GetNewEvents" => given(&BoxEventList {
                events: vec![BoxEvent {
                    message: Some(
                        Message { message_id: self.text(), entities: self.entities(), ..Message::default() }
                            .into(),
                    ),
                    index_key: self.some(),
                    ..BoxEvent::default()
                }],
                ..BoxEventList::default()
            }),
            "GetOrganizationUsers" => given(&OrganizationUsersList {
                users: vec![OrganizationUser {
                    id: self.text(),
                    name: self.text(),
                    position: self.text(),
                    ..OrganizationUser::default()
                }],
                current_user_id: self.text(),
            }),
            "GetMyPermissions" => given(&OrganizationUserPermissions {
                job_title: self.some(),
                ..OrganizationUserPermissions::default()
            }),
            "GetEmployeePowersOfAttorney" => {
                let mut power = EmployeePowerOfAttorney::default();
                power.power_of_attorney.full_id.registration_number = self.text();
                power.power_of_attorney.full_id.issuer_inn = self.text();
                power.power_of_attorney.confidant.person_name.last_name = self.text();
                given(&EmployeePowerOfAttorneyList { powers_of_attorney: vec![power] })
            }
            _ => Err(Refused { status: 400, text: self.text() }),
        }
    }

    async fn webhooks(&self, _: Webhooks, _: BoxId, rest: &str, body: Bytes) -> Result<Bytes, Refused> {
        let is_refused = !body.is_empty() && !rest.ends_with("/rotate") && self.0.contains('&');
        let text = self.text();
        let webhook = json!({
            "id": ID, "url": text, "departmentId": text, "userId": text, "createdAt": text, "state": text, "reason": text,
            "indexKey": text, "failures": 1, "oldSecretsUntil": [text], "secret": text, "error": text, "milliseconds": 1,
        });
        let attempt = json!({"eventId": text, "at": text, "milliseconds": 1, "error": text});
        Ok(match rest {
            _ if is_refused => return Err(Refused { status: 400, text }),
            "" if body.is_empty() => json!({ "webhooks": [webhook] }),
            rest if rest.ends_with("/deliveries") => json!({ "deliveries": [attempt] }),
            _ => webhook,
        }
        .to_string()
        .into())
    }

    async fn office(&self) -> Option<Box<dyn Office>> {
        Some(Box::new(self.clone()))
    }
}

#[async_trait]
impl Office for Hostile {
    async fn organizations(&self) -> Result<Vec<Kept>, Refused> {
        Ok(vec![Kept {
            box_id: ID.parse().expect("an id"),
            name: self.text(),
            inn: self.text(),
            kpp: self.text(),
            participant_id: self.text(),
            is_test: true,
            is_suspended: false,
            is_roaming: false,
            departments: 1,
        }])
    }

    async fn users(&self) -> Result<Vec<User>, Refused> {
        let id = ID.parse().expect("an id");
        Ok(vec![User { id, login: self.text(), name: self.text(), is_robot: true, is_blocked: true }])
    }

    async fn programs(&self) -> Result<Vec<Program>, Refused> {
        let program = |id: String| Program {
            id,
            name: self.text(),
            has_secret: true,
            robot: self.text(),
            redirects: vec![self.text()],
            after_sign_out: vec![self.text()],
            ..Program::default()
        };
        Ok(vec![program(ID.to_owned()), program(self.text())])
    }

    async fn powers(&self) -> Result<Vec<Power>, Refused> {
        Ok(vec![Power {
            number: self.text(),
            issuer: self.text(),
            issuer_inn: self.text(),
            representative: self.text(),
            representative_inn: self.text(),
            starts_at: Ticks::new(1),
            ends_at: Ticks::new(2),
            standing: Standing::Active,
            reason: self.text(),
        }])
    }

    fn keeps_requests(&self) -> bool {
        true
    }

    fn requests(&self, _: &str) -> Vec<Request> {
        vec![Request {
            at: Ticks::new(1),
            trace: ID.to_owned(),
            what: self.text(),
            status: 400,
            micros: 1,
            client: self.text(),
            box_id: self.text(),
            refusal: self.text(),
        }]
    }

    fn request(&self, _: &str) -> Option<RequestInFull> {
        let body = || Body { bytes: 1, is_whole: true, text: self.text(), protobuf: self.text() };
        Some(RequestInFull {
            request: self.requests("").remove(0),
            target: self.text(),
            code: self.text(),
            headers: vec![(self.text(), self.text())],
            asked: body(),
            answered: Some(body()),
            curl: self.text(),
            all: self.text(),
        })
    }

    async fn act(&self, wish: Wish) -> Result<Option<Secret>, Refused> {
        match wish {
            Wish::CreateProgram { .. } => Ok(Some(Secret { client: self.text(), secret: self.text() })),
            _ => Err(Refused { status: 400, text: self.text() }),
        }
    }
}

/// Nothing here waits for anything.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("the server of the test never waits"),
    }
}

fn page(server: &Hostile, rest: &str, query: &str, sent: Option<&str>) -> String {
    let path = match rest {
        "" => "/console".to_owned(),
        rest if rest.starts_with("/server") => format!("/console{rest}"),
        rest => format!("/console/{ID}{rest}"),
    };
    let visit = Visit {
        path,
        query: Fields::parse(query),
        sent: sent.map(|text| Sent::parse("", &Bytes::from(text.to_owned())).expect("it is UTF-8")),
        language: Language::English,
        mark: server.text(),
    };
    match now(answer(server, &visit)) {
        Reply::Page { html, .. } => html,
        other => panic!("{rest}: a page is expected, not {other:?}"),
    }
}

/// What stands behind each mark that came out must be escaped, and the words have to be there, or nothing was looked at.
fn holds(html: &str, what: &str) {
    assert!(html.contains(MARK), "{what} shows nothing of what the API gave");
    for raw in ['<', '>', '"', '\''] {
        assert!(!html.contains(&format!("{MARK}{raw}")), "{what}: {raw} behind the mark: {html}");
    }
    assert!(!html.contains("<script>"), "{what}: {html}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_text_of_a_stranger_becomes_markup(raw in "[<>\"'&]", rest in "\\PC{0,20}") {
        let text = format!("{MARK}{raw}{MARK}<script>{rest}");
        let server = Hostile(text.clone());
        let document = format!("/documents/{ID}/{ID}");
        let typed = Fields::default().with("q", &text);
        for (rest, query) in [
            ("", "all=1".to_owned()),
            ("/documents", String::new()),
            ("/documents", Fields::parse(&typed).with("number", &text)),
            (&document, String::new()),
            ("/send", String::new()),
            ("/send", Fields::parse("kind=utd").with("number", &text)),
            ("/feed", String::new()),
            ("/partners", typed.clone()),
            ("/people", String::new()),
            ("/people/new", String::new()),
            (&format!("/people/{ID}"), String::new()),
            ("/powers", String::new()),
            ("/powers", format!("person={ID}")),
            ("/webhooks", String::new()),
            (&format!("/webhooks/{ID}"), String::new()),
            ("/server/organizations", String::new()),
            (&format!("/server/organizations/{ID}"), String::new()),
            ("/server/users", typed.clone()),
            (&format!("/server/users/{ID}"), String::new()),
            ("/server/programs", String::new()),
            (&format!("/server/programs/{ID}"), String::new()),
            ("/server/powers", String::new()),
            ("/server/requests", Fields::parse(&typed).with("method", &text)),
            (&format!("/server/requests/{ID}"), String::new()),
        ] {
            holds(&page(&server, rest, &query, None), rest);
        }
        let filled = [
            "words", "position", "to", "person", "number", "operation", "login", "inn", "last", "issuer", "name", "id",
            "redirects", "revoke", "url", "after", "department",
        ]
            .iter()
            .fold("by=key".to_owned(), |form, name| Fields::parse(&form).with(name, &text));
        for name in ["sign", "refuse", "revoke", "approve", "ask", "forward", "amend", "receipt", "title"] {
            let path = format!("{document}/do/{name}");
            holds(&page(&server, &path, "", None), &path);
            holds(&page(&server, &path, "", Some(&filled)), &path);
        }
        for path in [
            "/send",
            "/partners",
            "/people/new",
            "/powers",
            "/webhooks",
            "/server/organizations",
            "/server/users",
            "/server/programs",
            "/server/powers",
            &format!("/server/organizations/{ID}"),
            &format!("/server/users/{ID}"),
            &format!("/server/programs/{ID}"),
        ] {
            holds(&page(&server, path, "", Some(&filled)), path);
        }
        for done in ["ping", "rotate"] {
            let (path, form) = (format!("/webhooks/{ID}"), format!("do={done}&keep=0"));
            holds(&page(&server, &path, "", Some(&form)), done);
        }
    }
}
