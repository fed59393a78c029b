//! Where the examples of the contract work: two organizations, what one sent to the other, and people of every kind.

use std::collections::BTreeMap;

use potok_testkit::app::admin::{CreatedClient, NewRegistration, NewUser};
use potok_testkit::domain::directory::{AccessLevel, Permissions, RoamingOperator};
use potok_testkit::sdk::api::methods::{AcquireCounteragentQuery, BoxQuery, OperationQuery};
use potok_testkit::sdk::api::{Example, MethodSpec};
use potok_testkit::sdk::proto::counteragent_groups::CounteragentGroupToCreate;
use potok_testkit::sdk::proto::events::{
    CorrectionRequestAttachment, DocumentAttachment, MessagePatchToPostV2, MessageToPost,
    UniversalMessageAttachment, UnsignedContent,
};
use potok_testkit::sdk::proto::forwarding::ForwardDocumentRequest;
use potok_testkit::sdk::proto::{AcquireCounteragentRequest, DocumentId};
use potok_testkit::{Letter, Org, Person, RawAnswer, World, formal, marked, test_signed};
use potok_types::{BoxId, DepartmentId};
use tempfile::TempDir;

use super::{RawRequest, Who};
use crate::templates::template;
use crate::{power_of_attorney, remote_signing, signatures};

const PASSWORD: &str = "correct horse";
const APP: &str = "app";

/// A world in which the names of the examples mean something.
pub(crate) struct Place {
    world: World,
    box_org: Org,
    people: BTreeMap<u8, Person>,
    values: BTreeMap<&'static str, String>,
    /// What those registered who ask for it: nobody but administrators may ask for those of others.
    registrations: BTreeMap<u8, String>,
    /// A program that is switched off.
    shut_out: CreatedClient,
    /// The key that the server holds for everybody.
    _keys: TempDir,
    /// What stands for `{box}`.
    pub(crate) box_id: String,
    /// Ids of documents that only those see who see everything.
    pub(crate) documents: Vec<String>,
}

/// Nobody may do anything.
fn nothing() -> Permissions {
    Permissions {
        is_administrator: false,
        can_create_documents: false,
        can_sign_documents: false,
        can_delete_restore_documents: false,
        can_add_resolutions: false,
        can_request_resolutions: false,
        can_manage_counteragents: false,
        can_attach_universal_messages: false,
        ..Permissions::full()
    }
}

/// Messages and their documents, by the names of the examples.
struct Messages<'a> {
    world: &'a World,
    partner: &'a Org,
    own: &'a Org,
    department: DepartmentId,
    values: BTreeMap<&'static str, String>,
    documents: Vec<String>,
}

impl Messages<'_> {
    /// Sends a message to the department, as `name` with its document as `document`.
    async fn come(
        &mut self,
        name: &'static str,
        document: &'static str,
        change: impl FnOnce(&mut MessageToPost),
    ) {
        let mut letter = Letter::new(self.partner.box_id(), self.own.box_id());
        letter.0.to_department_id = Some(self.department.to_string());
        // The same bytes posted again would be taken for a repetition of the first post.
        letter.0.document_attachments[0].comment = Some(name.to_owned());
        if name == "message" {
            let power = power_of_attorney::by_name(power_of_attorney::NUMBER);
            letter.0.document_attachments[0].signed_content.power_of_attorney = Some(Box::new(power));
        }
        change(&mut letter.0);
        let message = self.partner.boss.post(&letter).await.unwrap();
        self.world.drain().await;
        self.documents.push(message.entities[0].entity_id.clone());
        self.values.insert(name, message.message_id);
        self.values.insert(document, message.entities[0].entity_id.clone());
        if name == "message" {
            let signature = message.entities.iter().find(|entity| entity.entity_type() as i32 == 2);
            self.values.insert("signature", signature.unwrap().entity_id.clone());
            let power = message.entities.iter().find(|entity| entity.power_of_attorney_info.is_some());
            self.values.insert("attached_power", power.unwrap().entity_id.clone());
        }
    }

    fn value(&self, name: &str) -> String {
        self.values[name].clone()
    }
}

fn universal(message: &mut MessageToPost) {
    let document = &mut message.document_attachments[0];
    document.metadata[1].value = "4711".to_owned();
    *document = formal(DocumentAttachment {
        type_named_id: "UniversalTransferDocument".to_owned(),
        function: Some("СЧФДОП".to_owned()),
        ..std::mem::take(document)
    });
}

fn wants_signature(message: &mut MessageToPost) {
    message.document_attachments[0].need_recipient_signature = Some(true);
}

impl Place {
    pub(crate) async fn new() -> Self {
        let world = World::start().await;
        let (partner, own) = world.two_sides().await;
        let sales = world.department(&own, "Продажи", DepartmentId::ZERO).await.id;
        let legal = world.department(&own, "Юристы", DepartmentId::ZERO).await.id;
        let spare = world.department(&own, "Архив", DepartmentId::ZERO).await.id;
        let user = world.person(own.box_id(), "user@walk", nothing()).await.user_id;
        let leaver = world.person(own.box_id(), "leaver@walk", nothing()).await.user_id;
        let boss = &own.boss;
        power_of_attorney::register(boss, power_of_attorney::given()).await;
        // Something that others see, so that they have a last event.
        let for_sales = MessageToPost {
            to_department_id: Some(sales.to_string()),
            ..Letter::new(partner.box_id(), own.box_id()).0
        };
        partner.boss.post(&Letter(for_sales)).await.unwrap();

        let (values, documents) = (BTreeMap::new(), Vec::new());
        let mut messages =
            Messages { world: &world, partner: &partner, own: &own, department: legal, values, documents };
        messages.come("message", "document", universal).await;
        messages.come("amended", "amended_document", universal).await;
        messages.come("letter", "letter_document", wants_signature).await;
        messages.come("finished", "finished_document", wants_signature).await;
        messages.come("spare", "spare_document", |_| {}).await;
        messages.come("other_spare", "other_spare_document", |_| {}).await;
        boss.sign(&messages.value("finished"), &messages.value("finished_document")).await.unwrap();
        let request = amendment_request(&world, boss, &messages).await;
        let said = universal_message(boss, &messages).await;
        let mut own_letter = Letter::new(own.box_id(), partner.box_id());
        own_letter.0.from_department_id = Some(legal.to_string());
        own_letter.0.document_attachments[0].custom_document_id = Some("ERP-1".to_owned());
        let sent = boss.post(&own_letter).await.unwrap();
        let mut of_marked = Letter::new(own.box_id(), partner.box_id());
        of_marked.0.from_department_id = Some(legal.to_string());
        universal(&mut of_marked.0);
        let document = &mut of_marked.0.document_attachments[0];
        *document = marked(std::mem::take(document));
        let of_marked = boss.post(&of_marked).await.unwrap();
        world.drain().await;
        let Messages { mut values, mut documents, .. } = messages;
        documents.push(sent.entities[0].entity_id.clone());
        documents.push(of_marked.entities[0].entity_id.clone());
        values.insert("marked_document", of_marked.entities[0].entity_id.clone());
        values.insert("marked", of_marked.message_id);
        keep_drafts(&own, partner.box_id(), &mut values).await;
        let customer = world.organization("ЗАО «Клевер»", "9600000009").await;
        forward(&world, &partner.boss, &own, &customer, &mut values).await;
        documents.extend(get_templates(&world, (&partner, &own), legal, &mut values).await);

        let somebody = NewUser {
            login: "login@walk".to_owned(),
            password: Some(PASSWORD.to_owned()),
            last_name: "Иванов".to_owned(),
            first_name: "Иван".to_owned(),
            ..NewUser::default()
        };
        let somebody = world.app().admin().create_user(somebody).await.unwrap();
        let program = world.program();
        let app = NewRegistration {
            client_id: APP.to_owned(),
            name: "App".to_owned(),
            is_public: true,
            redirect_uris: vec!["https://app.example/in".to_owned()],
            ..NewRegistration::default()
        };
        world.app().admin().register_client(app).await.unwrap();
        world.app().admin().set_client_partner(&program.id, true).await.unwrap();
        world.app().admin().set_encryption(own.box_id(), true).await.unwrap();
        let operator = RoamingOperator {
            fns_id: "2AE".to_owned(),
            name: "Оператор".to_owned(),
            is_active: true,
            features: Vec::new(),
            box_id: Some(own.box_id()),
        };
        world.app().admin().put_outside(&[operator], &[]).await.unwrap();
        let refresh = world.app().admin().issue_refresh_token(&program.id, somebody.id).await.unwrap();
        for (name, value) in [
            ("amendment_request", request),
            ("universal", said),
            ("event", values["message"].clone()),
            ("packet", packet(&world, boss, &values).await),
            ("number", "4711".to_owned()),
            ("custom", "ERP-1".to_owned()),
            ("org", own.organization.org_id.to_string()),
            ("inn", own.organization.inn.clone()),
            ("department", legal.to_string()),
            ("spare_department", spare.to_string()),
            ("user", user.to_string()),
            ("leaver", leaver.to_string()),
            ("partner", partner.box_id().guid()),
            ("partner_org", partner.organization.org_id.to_string()),
            ("customer", customer.box_id().guid()),
            ("customer_org", customer.organization.org_id.to_string()),
            ("shelf", "shelf.txt".to_owned()),
            ("own_shelf", "own.txt".to_owned()),
            ("login", somebody.login),
            ("app", APP.to_owned()),
            ("redirect", "https://app.example/in".to_owned()),
            ("password", PASSWORD.to_owned()),
            ("refresh", refresh),
            ("power", power_of_attorney::NUMBER.to_owned()),
            ("issuer", signatures::INN.to_owned()),
            ("registration", power_of_attorney::register(boss, power_of_attorney::given()).await),
            ("attached", power_of_attorney::attach(boss, user).await),
            ("handed_on_by", "961234567890".to_owned()),
            ("certificate", power_of_attorney::certificate()),
        ] {
            values.insert(name, value);
        }

        let of_sales = Permissions {
            department: sales,
            access: AccessLevel::DepartmentOnly,
            is_administrator: false,
            ..Permissions::full()
        };
        let blocked = Permissions { is_blocked: true, ..Permissions::full() };
        let plain = Permissions { is_administrator: false, ..Permissions::full() };
        let mut people = BTreeMap::from([(Who::Stranger as u8, partner.boss.clone())]);
        for (who, permissions) in [
            (Who::WithoutRights, nothing()),
            (Who::OtherDepartment, of_sales),
            (Who::Blocked, blocked),
            (Who::Plain, plain),
            (Who::Administrator, Permissions::full()),
        ] {
            let person = world.person(own.box_id(), &format!("{who:?}@walk"), permissions).await;
            people.insert(who as u8, person);
        }
        let mut registrations = BTreeMap::new();
        for who in [Who::WithoutRights, Who::OtherDepartment, Who::Plain] {
            let task = power_of_attorney::register(&people[&(who as u8)], power_of_attorney::given()).await;
            registrations.insert(who as u8, task);
        }
        partnership(&world, &people[&(Who::Plain as u8)], customer.box_id()).await;
        values.insert("task", partnership(&world, &people[&(Who::Plain as u8)], partner.box_id()).await);
        for name in ["group", "spare_group"] {
            values.insert(name, group(&people[&(Who::Administrator as u8)], name).await);
        }
        let admin = world.app().admin();
        let shut_out = admin.create_client(Some("shut-out".to_owned()), "Switched off", None).await.unwrap();
        let somebody = people[&(Who::Administrator as u8)].clone();
        let access_token = admin.issue_access_token(&shut_out.id, somebody.user_id).await.unwrap();
        for (who, person) in &people {
            put_on_shelf(&world, person, "shelf.txt").await;
            if *who == Who::Plain as u8 {
                put_on_shelf(&world, person, "own.txt").await;
            }
        }
        admin.set_client_blocked(&shut_out.id, true).await.unwrap();
        let keys = hold_keys(&world, &people, &mut values).await;
        people.insert(Who::BlockedProgram as u8, Person { access_token, ..somebody });
        let box_id = own.box_id().guid();
        Self { world, box_org: own, people, values, registrations, shut_out, _keys: keys, box_id, documents }
    }

    /// What stands for a name of the examples.
    pub(crate) fn value(&self, name: &str) -> &str {
        if name == "box" { &self.box_id } else { &self.values[name] }
    }

    /// All of it but the box.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The server.
    pub(crate) const fn world(&self) -> &World {
        &self.world
    }

    /// The token of one who has one.
    pub(crate) fn token(&self, who: Who) -> &str {
        &self.people[&(who as u8)].access_token
    }

    /// Calls the method as its example says.
    pub(crate) async fn call(&self, spec: &MethodSpec, who: Who) -> RawAnswer {
        let example = spec.example.unwrap_or_else(|| panic!("{spec} has no example"));
        self.world.raw(self.request(spec, &example, who, |_| None)).await
    }

    /// A call of the method, with JSON in and out, in which `instead` says what stands for some names in place of their values.
    pub(crate) fn request(
        &self,
        spec: &MethodSpec,
        example: &Example,
        who: Who,
        instead: impl Fn(&str) -> Option<String>,
    ) -> RawRequest {
        let value = |name: &str| instead(name).or_else(|| self.value_for(who, name));
        let (query, body) =
            example.fill(value).unwrap_or_else(|name| panic!("{spec}: {{{name}}} has no value"));
        let is_json = body.starts_with('{');
        let mut request = RawRequest {
            verb: spec.verb.to_string(),
            path: format!("{}?{query}", spec.path),
            headers: Vec::new(),
            body: body.into(),
        };
        request = request.header("Accept", "application/json");
        if is_json {
            request = request.header("Content-Type", "application/json; charset=utf-8");
        }
        match (who, self.people.get(&(who as u8))) {
            (_, Some(person)) => request.bearer(&person.access_token),
            (Who::Nobody, None) => request,
            (_, None) => {
                let header = format!("DiadocAuth ddauth_api_client_id={}", self.client(who));
                request.header("Authorization", header)
            }
        }
    }

    /// What stands for a name of the examples in the call of `who`.
    fn value_for(&self, who: Who, name: &str) -> Option<String> {
        match name {
            "box" => Some(self.box_id.clone()),
            "client" => Some(self.client(who)),
            "registration" if self.registrations.contains_key(&(who as u8)) => {
                self.registrations.get(&(who as u8)).cloned()
            }
            "secret" if who == Who::BlockedProgram => Some(self.shut_out.secret.clone()),
            "secret" => Some(self.world.program().secret.clone()),
            // What is deleted once cannot be deleted again.
            "spare" | "spare_document" | "spare_draft" if who == Who::Administrator => {
                self.values.get(format!("other_{name}").as_str()).cloned()
            }
            _ => self.values.get(name).cloned(),
        }
    }

    /// The program of `who`.
    fn client(&self, who: Who) -> String {
        match who {
            Who::Nobody => String::new(),
            Who::UnknownClient => "nobody-knows-it".to_owned(),
            Who::BlockedProgram => self.shut_out.id.clone(),
            _ => self.world.program().id.clone(),
        }
    }

    /// Suspends the box.
    pub(crate) async fn suspend(&self) {
        self.world.app().admin().set_suspended(self.box_org.box_id(), true).await.unwrap();
    }

    pub(crate) async fn end(self) {
        self.world.drain().await;
        self.world.end().await;
    }
}

/// A key that the server holds for everybody, and what the one who may do everything has begun to sign by it.
async fn hold_keys(
    world: &World,
    people: &BTreeMap<u8, Person>,
    values: &mut BTreeMap<&'static str, String>,
) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let key = remote_signing::key_file(&signatures::pki(folder.path()), folder.path());
    let admin = world.app().admin();
    for person in people.values() {
        admin.add_held_key(&person.login, key.clone(), true).await.unwrap();
    }
    let plain = &people[&(Who::Plain as u8)];
    for (name, path, body) in [
        ("dss", format!("/DssSign?boxId={}", plain.box_id.guid()), true),
        ("cloud", "/CloudSign".to_owned(), true),
        ("signed", "/CloudSign".to_owned(), true),
        ("receipts", format!("/AutoSignReceipts?boxId={}", plain.box_id.guid()), false),
    ] {
        let body = if body { r#"{"Files":[{"Content":{"Content":"ZmlsZQ=="}}]}"# } else { "" };
        let call = |path: String, body: &'static str| {
            let call = RawRequest::post(path, body).bearer(&plain.access_token);
            world.raw(call.header("Content-Type", "application/json").header("Accept", "application/json"))
        };
        let begun = call(path, body).await;
        let begun: serde_json::Value = begun.text().parse().unwrap();
        let task = begun["TaskId"].as_str().unwrap().to_owned();
        if matches!(name, "cloud" | "signed") {
            let code = admin.tell_code(task.parse().unwrap()).await.unwrap();
            if name == "signed" {
                let path = format!("/CloudSignConfirm?token={task}&confirmationCode={code}");
                assert_eq!(call(path, "").await.status, 200);
                // Before there are receipts to sign: documents of the examples wait for theirs.
                world.sign().await;
            }
        }
        values.insert(name, task);
    }
    folder
}

/// Drafts to `partner`, which nobody sees who does not see everything.
async fn keep_drafts(own: &Org, partner: BoxId, values: &mut BTreeMap<&'static str, String>) {
    for name in ["draft", "spare_draft", "other_spare_draft"] {
        let draft = Letter::new(own.box_id(), partner).comment(name).draft();
        let kept = own.boss.post(&draft).await.unwrap();
        values.insert(name, kept.message_id);
        if name == "draft" {
            values.insert("draft_document", kept.entities[0].entity_id.clone());
        }
    }
}

/// Says something about the document of `{message}`.
async fn universal_message(boss: &Person, messages: &Messages<'_>) -> String {
    let said = MessagePatchToPostV2 {
        message_id: messages.value("message"),
        universal_messages: vec![UniversalMessageAttachment {
            parent_entity_id: messages.value("document"),
            universal_message_content: UnsignedContent {
                content: Some("<a b=\"11540021\"/>".into()),
                ..UnsignedContent::default()
            },
            ..UniversalMessageAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    boss.patch(said).await.unwrap().entities[0].entity_id.clone()
}

/// The partner forwards what it sent to somebody else.
async fn forward(
    world: &World,
    partner: &Person,
    own: &Org,
    customer: &Org,
    values: &mut BTreeMap<&'static str, String>,
) {
    let sent = partner.post(&Letter::new(partner.box_id, customer.box_id())).await.unwrap();
    let document_id =
        DocumentId { message_id: sent.message_id, entity_id: sent.entities[0].entity_id.clone() };
    let request = ForwardDocumentRequest { to_box_id: own.box_id().to_string(), document_id };
    let told = partner.client.forward_document_v2(&BoxQuery::new(partner.box_id), request.clone()).await;
    world.drain().await;
    let event = told.unwrap().forwarded_document_id.unwrap().forward_event_id.unwrap();
    values.insert("forwarded", event);
    values.insert("forwarded_message", request.document_id.message_id);
    values.insert("forwarded_document", request.document_id.entity_id);
}

/// Templates that come to the department, of which letters are made; their documents.
async fn get_templates(
    world: &World,
    (partner, own): (&Org, &Org),
    department: DepartmentId,
    values: &mut BTreeMap<&'static str, String>,
) -> Vec<String> {
    let mut documents = Vec::new();
    for (name, document) in [("template", "template_document"), ("spare_template", "spare_template_document")]
    {
        let mut posted = template(partner.box_id(), own.box_id(), &[name]);
        posted.to_department_id = Some(department.to_string());
        posted.is_reusable = Some(true);
        let kept = partner.boss.client.post_template(&OperationQuery::new(), posted).await.unwrap();
        documents.push(kept.entities[0].entity_id.clone());
        values.insert(name, kept.message_id);
        values.insert(document, kept.entities[0].entity_id.clone());
    }
    world.drain().await;
    documents
}

/// Asks to amend the document of `{amended}`.
async fn amendment_request(world: &World, boss: &Person, messages: &Messages<'_>) -> String {
    let (message, document) = (messages.value("amended"), messages.value("amended_document"));
    let path = format!(
        "/GenerateInvoiceCorrectionRequestXml?boxId={}&messageId={message}&attachmentId={document}",
        boss.box_id.guid()
    );
    let body = r#"{"ErrorMessage":"Цена","Signer":{"SignerDetails":{"Surname":"Орлова","FirstName":"Мария","JobTitle":"Директор"}}}"#;
    let request =
        RawRequest::post(path, body).bearer(&boss.access_token).header("Content-Type", "application/json");
    let file = world.raw(request).await;
    assert_eq!(file.status, 200, "{}", file.text());
    let patch = MessagePatchToPostV2 {
        message_id: message,
        correction_requests: vec![CorrectionRequestAttachment {
            parent_entity_id: document,
            signed_content: test_signed(file.body),
            labels: Vec::new(),
        }],
        ..MessagePatchToPostV2::default()
    };
    boss.patch(patch).await.unwrap().entities[0].entity_id.clone()
}

/// The packet of `{document}`.
async fn packet(world: &World, boss: &Person, values: &BTreeMap<&'static str, String>) -> String {
    let body = format!(
        r#"{{"Requests":[{{"DocumentId":{{"MessageId":"{}","EntityId":"{}"}}}}]}}"#,
        values["message"], values["document"]
    );
    let shown = crate::docflows::ok(world, boss, "/V4/GetDocflows", &body.parse().unwrap()).await;
    let packet = &shown["Documents"][0]["DocumentInfo"]["PacketInfo"]["PacketId"];
    crate::docflows::text(packet).to_owned()
}

/// Makes a partner; the task by which that was done.
async fn partnership(world: &World, person: &Person, partner: BoxId) -> String {
    let query = AcquireCounteragentQuery::new(person.box_id);
    let invitation =
        AcquireCounteragentRequest { box_id: Some(partner.guid()), ..AcquireCounteragentRequest::default() };
    let task = person.client.acquire_counteragent_v3(&query, invitation).await.unwrap();
    world.drain().await;
    task.task_id.unwrap()
}

/// A new group of counteragents.
async fn group(person: &Person, name: &str) -> String {
    let new = CounteragentGroupToCreate { name: name.to_owned(), departments: None };
    let made = person.client.create_counteragent_group(&BoxQuery::new(person.box_id), new).await.unwrap();
    made.counteragent_group_id
}

async fn put_on_shelf(world: &World, person: &Person, name: &str) {
    let path = format!("/ShelfUpload?nameOnShelf=__userId__/{name}&isLastPart=1");
    let request = RawRequest::post(path, "file").bearer(&person.access_token);
    assert_eq!(world.raw(request).await.status, 200);
}
