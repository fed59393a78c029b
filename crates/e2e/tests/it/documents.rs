//! Lists of documents: what every filter, order and page of them finds, in both versions and both formats.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::domain::rows::StatusWord;
use potok_testkit::sdk::api::Opaque;
use potok_testkit::sdk::api::methods::{
    BoxQuery, GetDocumentQuery, GetDocumentsByCustomIdQuery, GetDocumentsByMessageIdQuery, GetDocumentsQuery,
};
use potok_testkit::sdk::proto::documents::{
    DepartmentFilter, Document, DocumentList, GeneralReceiptStatus, GetDocumentsV4Request,
    ProxySignatureStatus, RecipientResponseStatus, ResolutionStatusType, RevocationStatus,
    SenderSignatureStatus,
};
use potok_testkit::sdk::proto::events::{
    Message, MessagePatchToPostV2, MessageToPost, MetadataItem, ReceiptAttachment, ResolutionAttachment,
    ResolutionRequestAttachment, RevocationRequestAttachment, XmlSignatureRejectionAttachment,
};
use potok_testkit::sdk::proto::{CustomDataItem, ResolutionRequestType, SortDirection};
use potok_testkit::{Letter, Org, PAPER, Person, World, test_signed};
use potok_types::{DepartmentId, EntityId, MessageId};

use crate::support::is_finished;

/// A document on its way, with its own words.
struct Sent {
    message: String,
    id: String,
}

impl Sent {
    fn of(message: &Message) -> Self {
        Self { message: message.message_id.clone(), id: message.entities[0].entity_id.clone() }
    }

    fn patch(&self) -> MessagePatchToPostV2 {
        MessagePatchToPostV2 { message_id: self.message.clone(), ..MessagePatchToPostV2::default() }
    }
}

fn letter(a: &Org, b: &Org, number: &str, date: &str, file_name: &str, sum: Option<&str>) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    let document = &mut letter.0.document_attachments[0];
    document.signed_content = test_signed(format!("{number} {date} {file_name} {sum:?}").into_bytes());
    let item = |key: &str, value: &str| MetadataItem { key: key.to_owned(), value: value.to_owned() };
    document.metadata =
        vec![item("FileName", file_name), item("DocumentNumber", number), item("DocumentDate", date)];
    if let Some(sum) = sum {
        document.type_named_id = "ProformaInvoice".to_owned();
        document.metadata.push(item("TotalSum", sum));
    }
    letter
}

async fn send(world: &World, who: &Org, letter: &Letter) -> Sent {
    let sent = Sent::of(&who.boss.post(letter).await.unwrap());
    world.drain().await;
    sent
}

/// Two boxes in which everything has happened that a test can make happen.
async fn shelf(world: &World, a: &Org, b: &Org) {
    let plain = |number: &str| letter(a, b, number, "01.02.2026", &format!("{number}.pdf"), None);
    let signed = |number: &str| plain(number).wants_signature();
    send(world, a, &plain("plain")).await;
    send(world, a, &signed("waiting")).await;
    send(world, a, &plain("receipt").wants_receipt()).await;
    let mut back = letter(b, a, "back", "02.02.2026", "back.pdf", None).wants_signature();
    back.0.from_box_id = b.box_id().to_string();
    send(world, b, &back).await;

    let done = send(world, a, &signed("signed").wants_receipt()).await;
    let receipts = vec![ReceiptAttachment {
        parent_entity_id: done.id.clone(),
        signed_content: test_signed(PAPER),
        labels: Vec::new(),
    }];
    b.boss.patch(MessagePatchToPostV2 { receipts, ..done.patch() }).await.unwrap();
    b.boss.sign(&done.message, &done.id).await.unwrap();

    let refused = send(world, a, &signed("refused")).await;
    let refusal = |parent: &str| {
        vec![XmlSignatureRejectionAttachment {
            parent_entity_id: parent.to_owned(),
            signed_content: test_signed(PAPER),
            labels: Vec::new(),
        }]
    };
    let patch = MessagePatchToPostV2 { xml_signature_rejections: refusal(&refused.id), ..refused.patch() };
    b.boss.patch(patch).await.unwrap();

    for (number, who, answer) in
        [("asked", &a.boss, None), ("revoked", &a.boss, Some(true)), ("kept", &b.boss, Some(false))]
    {
        // A document that nobody has signed is revoked by its sender alone.
        let sent = send(world, a, &signed(number)).await;
        b.boss.sign(&sent.message, &sent.id).await.unwrap();
        world.drain().await;
        let revocation_requests = vec![RevocationRequestAttachment {
            parent_entity_id: sent.id.clone(),
            signed_content: test_signed(PAPER),
            labels: Vec::new(),
        }];
        let asked = who.patch(MessagePatchToPostV2 { revocation_requests, ..sent.patch() }).await.unwrap();
        world.drain().await;
        let request = &asked.entities[0].entity_id;
        let other = if who.box_id == a.box_id() { &b.boss } else { &a.boss };
        match answer {
            None => {}
            Some(true) => drop(other.sign(&sent.message, request).await.unwrap()),
            Some(false) => {
                let xml_signature_rejections = refusal(request);
                let patch = MessagePatchToPostV2 { xml_signature_rejections, ..sent.patch() };
                other.patch(patch).await.unwrap();
            }
        }
    }

    for (number, answer) in [("approving", None), ("approved", Some(1)), ("disapproved", Some(2))] {
        let sent = send(world, a, &signed(number)).await;
        let patch = match answer {
            None => MessagePatchToPostV2 {
                resolution_requests: vec![ResolutionRequestAttachment {
                    initial_document_id: sent.id.clone(),
                    r#type: ResolutionRequestType::ApprovementRequest as i32,
                    target_user_id: Some(b.boss.user_id.to_string()),
                    ..ResolutionRequestAttachment::default()
                }],
                ..sent.patch()
            },
            Some(resolution_type) => MessagePatchToPostV2 {
                resolutions: vec![ResolutionAttachment {
                    initial_document_id: sent.id.clone(),
                    resolution_type,
                    ..ResolutionAttachment::default()
                }],
                ..sent.patch()
            },
        };
        b.boss.patch(patch).await.unwrap();
    }

    let mut unsent = plain("unsent");
    unsent.0.delay_send = Some(true);
    unsent.0.document_attachments[0].signed_content.sign_with_test_signature = None;
    a.boss.post(&unsent).await.unwrap();
    world.drain().await;
}

/// A list of `GetDocuments` V3, which is the same in both formats.
async fn v3(who: &Person, query: &GetDocumentsQuery) -> DocumentList {
    let list = who.client.get_documents_v3(query).await.unwrap();
    assert_eq!(list, who.json.get_documents_v3(query).await.unwrap());
    list
}

/// The same of V4.
async fn v4(who: &Person, body: &GetDocumentsV4Request) -> DocumentList {
    let query = BoxQuery::new(who.box_id);
    let list = who.client.get_documents_v4(&query, body.clone()).await.unwrap();
    assert_eq!(list, who.json.get_documents_v4(&query, body.clone()).await.unwrap());
    list
}

fn category(who: &Person, category: &str) -> GetDocumentsQuery {
    GetDocumentsQuery::new(who.box_id, category.to_owned())
}

fn class(word: &str) -> GetDocumentsV4Request {
    GetDocumentsV4Request { document_category: word.to_owned(), ..GetDocumentsV4Request::default() }
}

fn numbers(list: &DocumentList) -> Vec<&str> {
    list.documents.iter().map(|document| document.document_number()).collect()
}

/// Whether the words of the API that describe the document say that it has the status; `None` where they do not tell.
fn has(word: StatusWord, document: &Document, is_finished: bool) -> Option<bool> {
    use StatusWord as Word;
    let response = |status: RecipientResponseStatus| document.recipient_response_status() == status;
    let revocation = |status: RevocationStatus| document.revocation_status() == status;
    let proxy = |status: ProxySignatureStatus| document.proxy_signature_status() == status;
    let approval = |status: ResolutionStatusType| {
        document.resolution_status.as_ref().is_some_and(|found| found.r#type() == status)
    };
    let receipts = |status: GeneralReceiptStatus| {
        document.recipient_receipt_metadata.receipt_status() == status
            || document.sender_receipt_metadata.receipt_status() == status
    };
    Some(match word {
        Word::NotRead => !document.is_read(),
        Word::NoRecipientSignatureRequest => {
            response(RecipientResponseStatus::RecipientResponseStatusNotAcceptable)
        }
        Word::WaitingForRecipientSignature => response(RecipientResponseStatus::WaitingForRecipientSignature),
        Word::WithRecipientSignature => response(RecipientResponseStatus::WithRecipientSignature),
        Word::WithRecipientPartiallySignature => {
            response(RecipientResponseStatus::WithRecipientPartiallySignature)
        }
        Word::RecipientSignatureRequestRejected => {
            response(RecipientResponseStatus::RecipientSignatureRequestRejected)
        }
        Word::InvalidRecipientSignature => response(RecipientResponseStatus::InvalidRecipientSignature),
        Word::WithSenderSignature => {
            document.sender_signature_status() == SenderSignatureStatus::SenderSignatureCheckedAndValid
        }
        Word::WaitingForSenderSignature => {
            document.sender_signature_status() == SenderSignatureStatus::WaitingForSenderSignature
        }
        Word::InvalidSenderSignature => {
            document.sender_signature_status() == SenderSignatureStatus::SenderSignatureCheckedAndInvalid
        }
        Word::WaitingForProxySignature => proxy(ProxySignatureStatus::WaitingForProxySignature),
        Word::WithProxySignature => proxy(ProxySignatureStatus::WithProxySignature),
        Word::InvalidProxySignature => proxy(ProxySignatureStatus::InvalidProxySignature),
        Word::ProxySignatureRejected => proxy(ProxySignatureStatus::ProxySignatureRejected),
        Word::Approved => approval(ResolutionStatusType::Approved),
        Word::Disapproved => approval(ResolutionStatusType::Disapproved),
        Word::SignatureRequestRejected => approval(ResolutionStatusType::SignatureDenied),
        Word::Finished => is_finished,
        Word::NotFinished => !is_finished,
        Word::WaitingForReceipt => receipts(GeneralReceiptStatus::WaitingForReceipt),
        Word::InvoiceAmendmentRequested => document.amendment_request_metadata.amendment_flags & 1 == 1,
        Word::RevocationIsRequestedByMe => revocation(RevocationStatus::RevocationIsRequestedByMe),
        Word::RequestsMyRevocation => revocation(RevocationStatus::RequestsMyRevocation),
        Word::RevocationAccepted => revocation(RevocationStatus::RevocationAccepted),
        Word::RevocationRejected => revocation(RevocationStatus::RevocationRejected),
        Word::NotRevoked => !revocation(RevocationStatus::RevocationAccepted),
        Word::Deleted => document.is_deleted(),
        _ => return None,
    })
}

#[tokio::test]
async fn every_category_lists_the_documents_that_say_so_of_themselves() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    shelf(&world, &a, &b).await;
    for who in [&a.boss, &b.boss] {
        let mut found = 0;
        for word in ["Inbound", "Outbound", "Internal", "Proxy"] {
            let all = v3(who, &category(who, &format!("Any.{word}"))).await;
            assert_eq!(all, v4(who, &class(word)).await);
            assert_eq!(all.total_count as usize, all.documents.len());
            assert_eq!(v3(who, &category(who, &format!("Nonformalized.{word}"))).await, all);
            assert!(v3(who, &category(who, &format!("Invoice.{word}"))).await.documents.is_empty());
            let mut finished = Vec::new();
            for document in &all.documents {
                finished.push(is_finished(who, &document.message_id, &document.entity_id).await);
            }
            for status in StatusWord::ALL {
                let listed = v3(who, &category(who, &format!("Any.{word}{}", status.name()))).await;
                let body = GetDocumentsV4Request {
                    document_statuses: vec![status.name().to_owned()],
                    ..class(word)
                };
                assert_eq!(listed, v4(who, &body).await, "{word}{}", status.name());
                found += usize::from(!listed.documents.is_empty());
                for (document, is_finished) in all.documents.iter().zip(&finished) {
                    let Some(expected) = has(*status, document, *is_finished) else { continue };
                    let is_there = listed.documents.contains(document);
                    assert_eq!(is_there, expected, "{word}{}: {document:?}", status.name());
                }
            }
        }
        assert!(found > 15, "the categories find something: {found}");
    }
    let wrong = category(&a.boss, "Any.InboundSomehow");
    assert_eq!(a.boss.client.get_documents_v3(&wrong).await.unwrap_err().status(), Some(400));
    world.end().await;
}

#[tokio::test]
async fn pages_of_any_size_make_the_whole_list_in_both_orders() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    for (number, date) in [
        ("1", "05.02.2026"),
        ("2", "01.02.2026"),
        ("3", "03.02.2026"),
        ("4", "03.02.2026"),
        ("5", "31.12.2025"),
    ] {
        send(&world, &a, &letter(&a, &b, number, date, "act.pdf", None)).await;
    }
    let by_time = ["1", "2", "3", "4", "5"];
    let by_date = ["5", "2", "3", "4", "1"];
    for (who, word) in [(&a.boss, "Outbound"), (&b.boss, "Inbound")] {
        for (from, expected) in [(None, by_time), (Some("01.01.2025"), by_date)] {
            for direction in ["Ascending", "Descending"] {
                let mut query = category(who, &format!("Any.{word}"));
                query.from_document_date = from.map(str::to_owned);
                query.sort_direction = Some(direction.to_owned());
                let mut expected = expected.to_vec();
                if direction == "Descending" {
                    expected.reverse();
                }
                let whole = v3(who, &query).await;
                assert_eq!(numbers(&whole), expected, "{word} {direction} {from:?}");
                let sort = if direction == "Descending" {
                    SortDirection::Descending
                } else {
                    SortDirection::Ascending
                };
                let mut body = GetDocumentsV4Request {
                    from_document_date: query.from_document_date.clone(),
                    sort_direction: Some(sort as i32),
                    count: Some(2),
                    ..class(word)
                };
                query.count = Some(2);
                let mut documents = Vec::new();
                loop {
                    let page = v3(who, &query).await;
                    assert_eq!(page, v4(who, &body).await);
                    assert_eq!((page.total_count, page.has_more_results), (5, Some(false)));
                    let Some(last) = page.documents.last().and_then(|last| last.index_key.clone()) else {
                        break;
                    };
                    body.after_index_key = Some(last.clone());
                    query.after_index_key = Some(Opaque(last));
                    documents.extend(page.documents);
                }
                assert_eq!(documents, whole.documents);
                query.count = Some(0);
                let count = v3(who, &query).await;
                assert_eq!((count.total_count, count.documents.len()), (5, 0));
            }
        }
    }
    world.end().await;
}

#[tokio::test]
async fn every_filter_of_both_versions_finds_what_it_names() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let c = world.organization("ООО «Василёк»", "9611111111").await;
    let mut tagged = letter(&a, &b, "17/1", "01.02.2026", "Счёт 17.pdf", Some("1200.50"));
    tagged.0.document_attachments[0].custom_data =
        vec![CustomDataItem { key: "Проект".to_owned(), value: Some("Ёлка".to_owned()) }];
    send(&world, &a, &tagged).await;
    send(&world, &a, &letter(&a, &b, "17", "02.02.2026", "act.pdf", Some("1200,5"))).await;
    send(&world, &a, &letter(&a, &c, "18", "03.02.2026", "act.pdf", Some("7"))).await;
    let third = send(&world, &a, &letter(&a, &c, "б/н", "04.02.2026", "№", None)).await;
    let who = &a.boss;
    let time = who
        .client
        .get_document_v3(&GetDocumentQuery::new(
            a.box_id(),
            third.message.parse::<MessageId>().unwrap(),
            third.id.parse::<EntityId>().unwrap(),
        ))
        .await
        .unwrap()
        .send_timestamp_ticks
        .unwrap();
    let some = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let base = || class("Outbound");
    let tag = |key: &str, value: Option<&str>| {
        vec![CustomDataItem { key: key.to_owned(), value: value.map(str::to_owned) }]
    };
    let ticks = |ticks: i64| Some(potok_testkit::sdk::proto::Timestamp { ticks });
    let cases: Vec<(&str, GetDocumentsV4Request, &[&str])> = vec![
        ("all", base(), &["17/1", "17", "18", "б/н"]),
        ("number", GetDocumentsV4Request { document_numbers: some(&["17"]), ..base() }, &["17"]),
        (
            "numbers",
            GetDocumentsV4Request { document_numbers: some(&["б/н", "17/1"]), ..base() },
            &["17/1", "б/н"],
        ),
        (
            "file",
            GetDocumentsV4Request { file_names: some(&["act.pdf", "№"]), ..base() },
            &["17", "18", "б/н"],
        ),
        ("another case", GetDocumentsV4Request { file_names: some(&["Act.pdf"]), ..base() }, &[]),
        ("sum", GetDocumentsV4Request { total_sums: some(&["1200.5"]), ..base() }, &["17/1", "17"]),
        (
            "from a sum",
            GetDocumentsV4Request { from_total_sum: Some("7.01".to_owned()), ..base() },
            &["17/1", "17"],
        ),
        ("up to a sum", GetDocumentsV4Request { to_total_sum: Some("7".to_owned()), ..base() }, &["18"]),
        (
            "counteragent",
            GetDocumentsV4Request { counteragent_box_ids: some(&[&c.box_id().to_string()]), ..base() },
            &["18", "б/н"],
        ),
        (
            "counteragent and number",
            GetDocumentsV4Request {
                counteragent_box_ids: some(&[&c.box_id().to_string(), &b.box_id().to_string()]),
                document_numbers: some(&["18"]),
                ..base()
            },
            &["18"],
        ),
        ("tag", GetDocumentsV4Request { custom_data: tag("проект", Some("елка")), ..base() }, &["17/1"]),
        ("tag of any value", GetDocumentsV4Request { custom_data: tag("ПРОЕКТ", None), ..base() }, &["17/1"]),
        ("another tag", GetDocumentsV4Request { custom_data: tag("проект", Some("дуб")), ..base() }, &[]),
        (
            "dates",
            GetDocumentsV4Request {
                from_document_date: Some("02.02.2026".to_owned()),
                to_document_date: Some("03.02.2026".to_owned()),
                ..base()
            },
            &["17", "18"],
        ),
        (
            "dates of a counteragent",
            GetDocumentsV4Request {
                from_document_date: Some("02.02.2026".to_owned()),
                counteragent_box_ids: some(&[&b.box_id().to_string()]),
                ..base()
            },
            &["17"],
        ),
        ("times", GetDocumentsV4Request { from_timestamp: ticks(time), ..base() }, &["б/н"]),
        (
            "times before",
            GetDocumentsV4Request { to_timestamp: ticks(time - 1), ..base() },
            &["17/1", "17", "18"],
        ),
        (
            "types",
            GetDocumentsV4Request {
                document_type_named_ids: some(&["ProformaInvoice", "Nonformalized"]),
                ..base()
            },
            &["17/1", "17", "18", "б/н"],
        ),
        (
            "another type",
            GetDocumentsV4Request { document_type_named_ids: some(&["Invoice"]), ..base() },
            &[],
        ),
        (
            "one of two statuses",
            GetDocumentsV4Request { document_statuses: some(&["Deleted", "NotRevoked"]), ..base() },
            &["17/1", "17", "18", "б/н"],
        ),
        ("the other way", class("Inbound"), &[]),
    ];
    for (name, body, expected) in cases {
        assert_eq!(numbers(&v4(who, &body).await), expected, "{name}");
    }
    let mut query = category(who, "Any.Outbound");
    query.document_number = Some("17".to_owned());
    assert_eq!(numbers(&v3(who, &query).await), ["17"]);
    query.timestamp_from_ticks = Some(time);
    assert_eq!(who.client.get_documents_v3(&query).await.unwrap_err().status(), Some(400));
    query.document_number = None;
    assert_eq!(numbers(&v3(who, &query).await), ["б/н"]);
    query.timestamp_from_ticks = None;
    query.counteragent_box_id = Some(c.box_id());
    assert_eq!(numbers(&v3(who, &query).await), ["18", "б/н"]);
    world.end().await;
}

#[tokio::test]
async fn departments_see_their_own_lists() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let sales = world.department(&b, "Продажи", DepartmentId::ZERO).await;
    let east = world.department(&b, "Восток", sales.id).await;
    let clerk = Permissions {
        department: sales.id,
        access: AccessLevel::DepartmentOnly,
        is_administrator: false,
        ..Permissions::full()
    };
    let clerk = world.person(b.box_id(), "clerk@b", clerk).await;
    let mut last = None;
    for (number, department) in [("head", None), ("sales", Some(sales.id)), ("east", Some(east.id))] {
        let letter = Letter(MessageToPost {
            to_department_id: department.map(|id| id.to_string()),
            ..letter(&a, &b, number, "01.02.2026", "act.pdf", None).0
        });
        last = Some(send(&world, &a, &letter).await);
    }
    let mut query = category(&b.boss, "Any.Inbound");
    assert_eq!(numbers(&v3(&b.boss, &query).await), ["head", "sales", "east"]);
    assert_eq!(numbers(&v3(&clerk, &query).await), ["sales"]);
    query.department_id = Some(sales.id);
    assert_eq!(numbers(&v3(&b.boss, &query).await), ["sales", "east"]);
    assert_eq!(numbers(&v3(&clerk, &query).await), ["sales"]);
    query.exclude_subdepartments = true;
    assert_eq!(numbers(&v3(&b.boss, &query).await), ["sales"]);
    query.department_id = Some(east.id);
    assert_eq!(clerk.client.get_documents_v3(&query).await.unwrap_err().status(), Some(403));
    let of = |department: DepartmentId| GetDocumentsV4Request {
        departments: vec![DepartmentFilter {
            department_id: department.to_string(),
            exclude_subdepartments: Some(false),
        }],
        ..class("Inbound")
    };
    assert_eq!(numbers(&v4(&b.boss, &of(sales.id)).await), ["sales", "east"]);
    assert_eq!(numbers(&v4(&b.boss, &of(east.id)).await), ["east"]);
    let unknown = of("9a000000-0000-4000-8000-000000000001".parse::<DepartmentId>().unwrap());
    let refused = b.boss.client.get_documents_v4(&BoxQuery::new(b.box_id()), unknown).await.unwrap_err();
    assert_eq!(refused.status(), Some(404));

    let Sent { message, id } = last.unwrap();
    let one = GetDocumentQuery::new(
        b.box_id(),
        message.parse::<MessageId>().unwrap(),
        id.parse::<EntityId>().unwrap(),
    );
    assert_eq!(clerk.client.get_document_v3(&one).await.unwrap_err().status(), Some(403));
    let by_message = GetDocumentsByMessageIdQuery::new(b.box_id(), message.parse::<MessageId>().unwrap());
    assert!(clerk.client.get_documents_by_message_id(&by_message).await.unwrap().documents.is_empty());
    world.end().await;
}

#[tokio::test]
async fn documents_are_found_by_message_and_by_the_id_of_their_sender() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut both = letter(&a, &b, "1", "01.02.2026", "first.pdf", None);
    both.0.document_attachments[0].custom_document_id = Some("ERP-1".to_owned());
    both.0.document_attachments.push(Letter::document("second.pdf", b"second".to_vec()));
    let posted = a.boss.post(&both).await.unwrap();
    world.drain().await;
    let message = posted.message_id.parse::<MessageId>().unwrap();
    let roots = posted.entities.iter().filter(|entity| entity.parent_entity_id.is_none());
    let ids: Vec<&str> = roots.map(|entity| entity.entity_id.as_str()).collect();
    for who in [&a.boss, &b.boss] {
        let query = GetDocumentsByMessageIdQuery::new(who.box_id, message);
        let list = who.client.get_documents_by_message_id(&query).await.unwrap();
        assert_eq!(list, who.json.get_documents_by_message_id(&query).await.unwrap());
        let found: Vec<&str> = list.documents.iter().map(|document| document.entity_id.as_str()).collect();
        assert_eq!((found, list.total_count, list.has_more_results), (ids.clone(), 2, Some(false)));
        for listed in &list.documents {
            let mut query =
                GetDocumentQuery::new(who.box_id, message, listed.entity_id.parse::<EntityId>().unwrap());
            let with_bytes = who.client.get_document_v3(&query).await.unwrap();
            assert_eq!(with_bytes, who.json.get_document_v3(&query).await.unwrap());
            assert!(with_bytes.content.as_ref().unwrap().data.is_some());
            query.inject_entity_content = Some(false);
            assert_eq!(&who.client.get_document_v3(&query).await.unwrap(), listed);
        }
        let unknown = GetDocumentsByMessageIdQuery::new(
            who.box_id,
            "9a000000-0000-4000-8000-000000000001".parse::<MessageId>().unwrap(),
        );
        assert_eq!(who.client.get_documents_by_message_id(&unknown).await.unwrap_err().status(), Some(404));
        for (id, count) in [("ERP-1", usize::from(who.box_id == a.box_id())), ("erp-1", 0), ("ERP-2", 0)] {
            let query = GetDocumentsByCustomIdQuery::new(who.box_id, id.to_owned());
            let list = who.client.get_documents_by_custom_id(&query).await.unwrap();
            assert_eq!(list.documents.len(), count, "{id}");
            assert_eq!(list, who.json.get_documents_by_custom_id(&query).await.unwrap());
        }
    }
    world.end().await;
}
