//! Reports of refusals: their codes, their words, and what has to be refused at all.

use potok_testkit::{RawAnswer, RawRequest};
use potok_types::EventId;
use serde_json::{Value, json};

use crate::attested::place::{NOBODY, Place, TITLE_0, base64, file, signed, transfer, with};

const CONFIRMATION: &[u8] = include_bytes!("../../../../fns/testdata/pdpol_1.03.xml");

#[track_caller]
fn check(told: &RawAnswer, status: u16, code: &str, text: &str) {
    let found = (told.status, told.header("x-diadoc-errorcode").unwrap_or_default(), told.text());
    assert_eq!(found, (status, code, text.to_owned()));
}

fn json_of(told: &RawAnswer) -> Value {
    assert_eq!(told.status, 200, "{}", told.text());
    serde_json::from_slice(&told.body).unwrap()
}

/// The same file, signed by the same person within the same second, in two letters.
#[tokio::test]
async fn w3_the_receipt_of_a_twin_is_refused() {
    let place = Place::new().await;
    let who = &place.b.boss;
    let mut twins = Vec::new();
    for comment in ["first", "second"] {
        let document = with(transfer(TITLE_0), json!({ "Comment": comment }));
        let posted = json_of(&place.document(document).await);
        let [message, document] = [&posted["MessageId"], &posted["Entities"][0]["EntityId"]];
        twins.push([message, document].map(|id| id.as_str().unwrap().to_owned()));
    }
    place.world.drain().await;
    let details = json!({ "SignerDetails": { "Surname": "И", "FirstName": "И", "JobTitle": "д" } });
    let [message, document] = &twins[0];
    let path =
        format!("/GenerateReceiptXml?boxId={}&messageId={message}&attachmentId={document}", who.box_id);
    let receipt = place.post(who, &path, details.to_string()).await;
    assert_eq!(receipt.status, 200, "{}", receipt.text());
    for ([message, document], status) in twins.iter().zip([200, 400]).rev() {
        let item = json!({ "ParentEntityId": document, "SignedContent": signed(&receipt.body) });
        let told = place.patch(who, message, json!({ "Receipts": [item] })).await;
        assert_eq!(told.status, status, "{}", told.text());
    }
    place.end().await;
}

#[tokio::test]
async fn w4_names_that_no_system_takes_are_refused_and_use_nothing_up() {
    const TEXT: &str = "MessageToPost.DocumentAttachments[0]: Имя файла не должно содержать символы < > : “ / \\ | ? * или \
                        заканчиваться точкой, пробелом";
    let place = Place::new().await;
    for name in [
        "a<b", "a>b", "a:b", "a\"b", "a/b", "a\\b", "a|b", "a?b", "a*b", "a.", "a ", "  ", "../a", "a\nb",
        "a\0b",
    ] {
        check(&place.document(file(name)).await, 400, "Http.BadRequest", TEXT);
    }
    let old = json!({ "FileName": "a?.txt", "SignedContent": signed(b"a") });
    let text = TEXT.replace("DocumentAttachments", "NonformalizedDocuments");
    check(&place.letter(json!({ "NonformalizedDocuments": [old] })).await, 400, "Http.BadRequest", &text);
    assert_eq!(place.document(file("Счет № 1 (копия).txt")).await.status, 200);
    place.end().await;
}

#[tokio::test]
async fn w5_attributes_beside_a_file_that_says_them_are_refused() {
    let place = Place::new().await;
    for keys in [&["DocumentDate", "DocumentNumber"][..], &["FileName"], &["Fancy"]] {
        let items: Vec<Value> = keys.iter().map(|key| json!({ "Key": key, "Value": "01.02.2026" })).collect();
        let told = place.document(with(transfer(TITLE_0), json!({ "Metadata": items }))).await;
        let keys = keys.join(", ");
        let text = format!("MessageToPost.DocumentAttachments[0]: Provided odd metadata items. Keys: {keys}");
        check(&told, 400, "Http.BadRequest", &text);
    }
    assert_eq!(place.document(transfer(TITLE_0)).await.status, 200);
    place.end().await;
}

#[tokio::test]
async fn w6_parameters_bodies_and_contents_have_codes_of_their_own() {
    let place = Place::new().await;
    let who = &place.a.boss;
    for (told, code) in [
        (place.in_box(who, "/V3/GetDocuments", "").await, "Http.BadRequest"),
        (place.in_box(who, "/V3/GetDocuments", "&filterCategory=Nonsense").await, "Http.BadRequest"),
        (place.in_box(who, "/V8/GetNewEvents", "&limit=0").await, "Http.BadRequest"),
        (place.post(who, "/V3/PostMessage", "no JSON").await, "Http.BadRequest"),
        (place.document(with(file("a"), json!({ "TypeNamedId": "Nonsense" }))).await, "Http.BadRequest"),
        (place.document(transfer(b"%PDF-1.7")).await, "DocumentService.InvalidFileContent"),
        (place.document(transfer(CONFIRMATION)).await, "DocumentService.InvalidFileContent"),
        (
            place.letter(json!({ "Invoices": [{ "SignedContent": signed(CONFIRMATION) }] })).await,
            "DocumentService.InvalidFileContent",
        ),
    ] {
        let found = (told.status, told.header("x-diadoc-errorcode"));
        assert_eq!(found, (400, Some(code)), "{}", told.text());
    }
    place.end().await;
}

#[tokio::test]
async fn w7_what_is_not_there_is_told_by_reading_and_by_changing_methods() {
    let place = Place::new().await;
    let (a, b) = (&place.a.boss, &place.b.boss);
    let text = format!("Сообщение {}:{NOBODY} не найдено", a.box_id.guid());
    check(&place.sign(a, NOBODY, NOBODY).await, 404, "DocumentService.DocumentNotFound", &text);
    for method in ["/Delete", "/Restore"] {
        let path = format!("{method}?boxId={}&messageId={NOBODY}", a.box_id);
        check(&place.post(a, &path, "").await, 404, "DocumentService.DocumentNotFound", &text);
    }

    let (message, document, signature) = place.delivered().await;
    for (message, entity) in [(&*message, &*signature), (&*message, NOBODY), (NOBODY, &*document)] {
        let told =
            place.in_box(a, "/V3/GetDocument", &format!("&messageId={message}&entityId={entity}")).await;
        check(&told, 404, "DiadocApi.NotFound", &format!("Document {message}:{entity} not found"));
    }
    let told = place.in_box(a, "/V6/GetMessage", &format!("&messageId={message}&entityId={signature}")).await;
    check(&told, 404, "DiadocApi.NotFound", &format!("Document {signature} not found in message {message}"));

    let (message, ..) = place.transferred().await;
    let confirmation = place.entity(b, &message, "InvoiceConfirmation").await;
    let signer =
        json!({ "SignerDetails": { "Surname": "И", "FirstName": "И", "JobTitle": "д" } }).to_string();
    for method in ["/GenerateReceiptXml", "/GenerateInvoiceDocumentReceiptXml"] {
        let query = format!("boxId={}&messageId={message}&attachmentId={confirmation}", b.box_id);
        let told = place.post(b, &format!("{method}?{query}"), signer.clone()).await;
        let found = (told.status, told.header("x-diadoc-errorcode"));
        assert_eq!(found, (409, Some("DocumentService.InvalidDocumentType")), "{}", told.text());
        assert!(told.text().starts_with("ErrorCode: DocumentService.InvalidDocumentType (Http.Conflict)"));
    }
    place.end().await;
}

#[tokio::test]
async fn w8_who_does_not_say_who_calls_is_asked_to() {
    let place = Place::new().await;
    for header in [None, Some(""), Some("  ")] {
        let request = RawRequest::get("/GetMyOrganizations");
        let request =
            header.into_iter().fold(request, |request, value| request.header("Authorization", value));
        let told = place.world.raw(request).await;
        check(&told, 401, "Http.Auth", "Authorization header is not filled");
        assert_eq!(told.header("www-authenticate"), Some("Basic realm=\"diadoc\", DiadocAuth"));
    }
    // Who says something is told what is wrong with it, and not asked for anything that starts a conversation.
    let told =
        place.world.raw(RawRequest::get("/GetMyOrganizations").header("Authorization", "Basic YTpi")).await;
    assert_eq!((told.status, told.header("www-authenticate")), (401, None), "{}", told.text());
    place.end().await;
}

#[tokio::test]
async fn w9_a_parameter_is_given_once() {
    let place = Place::new().await;
    let who = &place.a.boss;
    let dates = "&filterCategory=Any.Outbound&fromDocumentDate=12.02.2024&fromDocumentDate=15.02.2024";
    let told = place.in_box(who, "/V3/GetDocuments", dates).await;
    check(
        &told,
        400,
        "Http.BadRequest",
        "fromDocumentDate: Could not parse query param: 12.02.2024,15.02.2024",
    );
    for (query, text) in [
        ("&count=1&COUNT=1", "count: Could not parse query param: 1,1"),
        ("&sortDirection=Ascending&sortdirection", "sortDirection: Could not parse query param: Ascending,"),
        ("&fromDocumentDate=2024-02-12", "fromDocumentDate: Could not parse query param: 2024-02-12"),
    ] {
        let query = format!("&filterCategory=Any.Outbound{query}");
        check(&place.in_box(who, "/V3/GetDocuments", &query).await, 400, "Http.BadRequest", text);
    }
    let own = who.box_id.to_string();
    let told = place.in_box(who, "/V8/GetNewEvents", &format!("&boxid={own}")).await;
    check(&told, 400, "Http.BadRequest", &format!("boxId: Could not parse query param: {own},{own}"));
    // A list may come in parts.
    let lists = "&messageType=Letter&messageType=Draft";
    assert_eq!(place.in_box(who, "/V8/GetNewEvents", lists).await.status, 200);
    place.end().await;
}

#[tokio::test]
async fn w10_old_clients_write_a_blank_between_client_and_token() {
    let place = Place::new().await;
    let client = &place.world.program().id;
    let token = &place.a.boss.access_token;
    for header in [
        format!("DiadocAuth ddauth_api_client_id={client} ddauth_token={token}"),
        format!("DiadocAuth ddauth_token={token}\tddauth_api_client_id={client}"),
        format!("DiadocAuth ddauth_api_client_id=\"{client}\"  ddauth_token=\"{token}\""),
        format!("DiadocAuth ddauth_api_client_id={client}, , ddauth_token={token}"),
    ] {
        let request = RawRequest::get("/GetMyOrganizations").header("Authorization", header.clone());
        let told = place.world.raw(request).await;
        assert_eq!(told.status, 200, "{header}: {}", told.text());
    }
    place.end().await;
}

#[tokio::test]
async fn w14_days_that_do_not_exist_are_refused() {
    const TEXT: &str = "MessageToPost.DocumentAttachments[0].Metadata[2].Value: not a date of the form ДД.ММ.ГГГГ; write one, \
                        as 01.02.2026";
    let place = Place::new().await;
    let contract = |date: &str| {
        let items = [("FileName", "a.txt"), ("DocumentNumber", "1"), ("DocumentDate", date)];
        let items: Vec<Value> =
            items.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        with(file("a.txt"), json!({ "TypeNamedId": "Contract", "Metadata": items }))
    };
    for date in ["2024-02-15", "31.02.2024", "1.2.2024", "29.02.2023", "00.01.2024", "01.13.2024", "вчера"]
    {
        check(&place.document(contract(date)).await, 400, "Http.BadRequest", TEXT);
    }
    assert_eq!(place.document(contract("29.02.2024")).await.status, 200);
    place.end().await;
}

#[tokio::test]
async fn w15_base64_that_was_cut_short_is_refused_as_such() {
    let place = Place::new().await;
    let whole = base64(b"hello, world");
    for (text, status) in [(&whole[..], 200), (&whole[..15], 400), (&whole[..14], 400), ("aGVsbG8", 400)] {
        let content = json!({ "Content": text, "SignWithTestSignature": true });
        let told = place.document(with(file("a.txt"), json!({ "SignedContent": content }))).await;
        assert_eq!(told.status, status, "{text}: {}", told.text());
        assert!(status == 200 || told.text().contains("the text was cut short"), "{}", told.text());
    }
    place.end().await;
}

#[tokio::test]
async fn w29_what_has_a_default_may_be_left_out() {
    let place = Place::new().await;
    let (message, document, _) = place.transferred().await;
    let query = format!("&messageId={message}&entityId={document}");
    let parent = place.in_box(&place.b.boss, "/V4/GetEntityContent", &query).await.body;
    let title = potok_testkit::answering_title(&parent).unwrap();
    let title = json!({ "ParentEntityId": document, "SignedContent": signed(&title) });
    let told = json_of(&place.patch(&place.b.boss, &message, json!({ "RecipientTitles": [title] })).await);
    assert_eq!(told["Entities"][0]["NeedReceipt"], false);
    assert!(told["PatchId"].as_str().unwrap().parse::<EventId>().is_ok());
    place.end().await;
}

#[tokio::test]
async fn f12_a_document_is_no_amendment_request() {
    let place = Place::new().await;
    let (message, document, _) = place.delivered().await;
    let told = place
        .in_box(
            &place.b.boss,
            "/GetInvoiceCorrectionRequestInfo",
            &format!("&messageId={message}&entityId={document}"),
        )
        .await;
    let text =
        format!("entity {document} is no amendment request: name one, not the document that it is about");
    check(&told, 409, "DiadocApi.Conflict", &text);
    place.end().await;
}

#[tokio::test]
async fn f13_invitations_stand_alone() {
    let place = Place::new().await;
    let invitation = with(file("a"), json!({ "TypeNamedId": "TrustConnectionRequest" }));
    let told = place.document(invitation).await;
    assert_eq!(told.status, 200, "{}", told.text());
    place.end().await;
}

#[tokio::test]
async fn f13_what_is_obsolete_or_foreign_is_told_as_such() {
    let place = Place::new().await;
    let login = |kind: &str| {
        RawRequest::post(format!("/V3/Authenticate?type={kind}"), "sign-in id")
            .header("Authorization", format!("DiadocAuth ddauth_api_client_id={}", place.world.program().id))
            .header("Content-Type", "text/plain")
    };
    let told = place.world.raw(login("sid")).await;
    assert_eq!(told.status, 401, "{}", told.text());

    place.end().await;
}
