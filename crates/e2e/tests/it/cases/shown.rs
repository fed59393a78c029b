//! Reports of answers: what clients read in them.

use potok_testkit::{RawAnswer, RawRequest};
use serde_json::{Value, json};

use crate::attested::place::{Place, signed, with};
use crate::docflows::ok;

fn json_of(told: &RawAnswer) -> Value {
    assert_eq!(told.status, 200, "{}", told.text());
    serde_json::from_slice(&told.body).unwrap()
}

#[tokio::test]
async fn w15_organizations_have_the_keys_that_clients_read() {
    let place = Place::new().await;
    let person = place.world.real_organization("Королева В. Е.", "500100732259").await;
    for (who, is_test, kpp) in [(&place.a.boss, true, None), (&person.boss, false, Some(""))] {
        let mine = json_of(&place.get(who, "/GetMyOrganizations").await)["Organizations"][0].take();
        let one = json_of(&place.get(who, &format!("/GetOrganization?boxId={}", who.box_id)).await);
        let inside =
            json_of(&place.get(who, &format!("/GetBox?boxId={}", who.box_id)).await)["Organization"].take();
        for shown in [mine, one, inside] {
            assert_eq!(shown["OrgIdGuid"], shown["OrgId"]);
            assert_eq!((&shown["IsTest"], &shown["JoinedDiadocTreaty"]), (&json!(is_test), &json!(!is_test)));
            assert_eq!((&shown["InvitationCount"], &shown["SearchCount"]), (&json!(0), &json!(0)));
            let found = shown["Kpp"].as_str().unwrap();
            assert!(kpp.is_none_or(|kpp| kpp == found), "{shown}");
        }
    }
    place.end().await;
}

#[tokio::test]
async fn f1_deleted_messages_are_shown_as_deleted_or_not_at_all() {
    let place = Place::new().await;
    let (message, document, _) = place.delivered().await;
    for who in [&place.a.boss, &place.b.boss] {
        let query = format!("&messageId={message}");
        let show = async |version: u32| place.in_box(who, &format!("/V{version}/GetMessage"), &query).await;
        assert_eq!(json_of(&show(5).await)["IsDeleted"], false);
        let path = |method: &str| format!("{method}?boxId={}&messageId={message}", who.box_id);
        assert_eq!(place.post(who, &path("/Delete"), "").await.status, 200);
        assert_eq!(json_of(&show(5).await)["IsDeleted"], true);
        for query in [query.clone(), format!("{query}&entityId={document}")] {
            let told = place.in_box(who, "/V6/GetMessage", &query).await;
            let found = (told.status, told.header("x-diadoc-errorcode"));
            assert_eq!(found, (404, Some("DiadocApi.NotFound")), "{}", told.text());
        }
        assert_eq!(place.post(who, &path("/Restore"), "").await.status, 200);
        for version in [5, 6] {
            assert_eq!(json_of(&show(version).await)["IsDeleted"], false, "V{version}");
        }
    }
    place.end().await;
}

#[tokio::test]
async fn f2_unread_messages_stand_where_both_official_clients_look() {
    let place = Place::new().await;
    let (message, document, _) = place.delivered().await;
    let body = json!({ "Requests": [{ "DocumentId": { "MessageId": message, "EntityId": document } }] });
    for version in [3, 4] {
        let path = format!("/V{version}/GetDocflows?boxId={}", place.b.box_id());
        let request = RawRequest::post(path, body.to_string()).bearer(&place.b.boss.access_token);
        let told = place.world.raw(request.header("Content-Type", "application/json")).await;
        assert_eq!(told.status, 200, "{}", told.text());
        // The fields 20 and 82, both false.
        let both = [0xA0, 0x01, 0x00, 0x90, 0x05, 0x00];
        assert!(told.body.windows(both.len()).any(|window| window == both), "V{version}: {:?}", told.body);
        let shown = ok(&place.world, &place.b.boss, &format!("/V{version}/GetDocflows"), &body).await;
        let info = shown["Documents"][0]["DocumentInfo"].as_object().unwrap();
        let keys: Vec<_> = info.keys().filter(|key| key.starts_with("HasUnread")).collect();
        assert_eq!(keys, ["HasUnreadOutOfWorkflowUniversalMessages"], "JSON has it once");
        assert_eq!(info["HasUnreadOutOfWorkflowUniversalMessages"], false);
    }
    place.end().await;
}

#[tokio::test]
async fn f5_encrypted_documents_of_the_obsolete_lists_are_taken() {
    let place = Place::new().await;
    let metadata = json!({
        "FileId": "ON_SFAKT_1", "BuyerFnsParticipantId": "2BM-1", "SenderFnsParticipantId": "2BM-2",
        "DocumentDateAndNumber": { "DocumentDate": "01.02.2026", "DocumentNumber": "7" },
    });
    let basic = json!({ "FormationDate": "01.02.2026", "FormationTime": "10:20" });
    let encrypted = json!({ "SignedContent": signed(b"encrypted"), "Metadata": metadata });
    let pair = json!({ "DocumentDate": "01.01.2026", "DocumentNumber": "3" });
    let correction = json!({ "InvoiceCorrectionMetadata": { "OriginalInvoiceDateAndNumber": pair } });
    for (list, item, kind) in [
        ("EncryptedInvoices", encrypted.clone(), "Invoice"),
        ("EncryptedInvoices", with(encrypted.clone(), correction), "InvoiceCorrection"),
        (
            "EncryptedXmlTorg12SellerTitles",
            with(encrypted.clone(), json!({ "XmlBasicMetadata": basic })),
            "XmlTorg12",
        ),
        (
            "EncryptedXmlAcceptanceCertificateSellerTitles",
            with(encrypted, json!({ "XmlBasicMetadata": basic })),
            "XmlAcceptanceCertificate",
        ),
    ] {
        let shown = json_of(&place.letter(json!({ list: [item] })).await)["Entities"][0].take();
        assert_eq!(shown["IsEncryptedContent"], true, "{list}: {shown}");
        assert_eq!(shown["DocumentInfo"]["TypeNamedId"], kind, "{list}");
        assert!(!shown["DocumentInfo"]["Version"].as_str().unwrap().is_empty(), "{list}: {shown}");
    }
    place.end().await;
}

#[tokio::test]
async fn f7_versions_of_service_files_have_ids_of_their_own() {
    let place = Place::new().await;
    let (message, document, _) = place.transferred().await;
    let who = &place.b.boss;
    let details = json!({ "SignerDetails": { "Surname": "И", "FirstName": "И", "JobTitle": "д" } });
    let path =
        format!("/GenerateReceiptXml?boxId={}&messageId={message}&attachmentId={document}", who.box_id);
    let old = place.post(who, &path, details.to_string()).await;
    assert_eq!(old.status, 200, "{}", old.text());
    let receipt = json!({ "ParentEntityId": document, "SignedContent": signed(&old.body) });
    let posted = json_of(&place.patch(who, &message, json!({ "Receipts": [receipt] })).await);
    assert_eq!(posted["Entities"][0]["ContentTypeId"], "receipt_01");

    let (message, document, _) = place.transferred().await;
    let new = who.clarification(&message, &document, "Неверное количество").await.content.unwrap();
    let request = json!({ "ParentEntityId": document, "SignedContent": signed(&new) });
    let posted = json_of(&place.patch(who, &message, json!({ "CorrectionRequests": [request] })).await);
    assert_eq!(posted["Entities"][0]["ContentTypeId"], "amendment_request_133_01_03");
    place.end().await;
}

#[tokio::test]
async fn f9_invitations_are_counted_for_who_asks_for_relations() {
    let place = Place::new().await;
    let inn = &place.b.organization.inn;
    for (relations, expected) in
        [("", None), ("&includeRelations=false", None), ("&includeRelations=true", Some(0))]
    {
        let path = format!("/GetOrganizationsByInnKpp?inn={inn}{relations}");
        let told = place.world.raw(RawRequest::get(path).bearer(&place.a.boss.access_token)).await;
        let list: potok_testkit::sdk::proto::OrganizationList =
            prost::Message::decode(&told.body[..]).unwrap();
        assert_eq!(list.organizations[0].invitation_count, expected, "{relations}");
    }
    place.end().await;
}

#[tokio::test]
async fn f10_nothing_but_a_file_name_is_announced_where_nothing_else_is_known() {
    let place = Place::new().await;
    let types = json_of(&place.in_box(&place.a.boss, "/V2/GetDocumentTypes", "").await);
    for name in ["TrustConnectionRequest", "MesNotification"] {
        let kind =
            types["DocumentTypes"].as_array().unwrap().iter().find(|kind| kind["Name"] == name).unwrap();
        for version in kind["Functions"][0]["Versions"].as_array().unwrap() {
            let items = version["Titles"][0]["MetadataItems"].as_array().unwrap();
            let keys: Vec<_> = items.iter().map(|item| &item["Id"]).collect();
            assert_eq!(keys, ["FileName"], "{name}");
        }
    }
    place.end().await;
}

#[tokio::test]
async fn f11_what_was_taken_back_leaves_no_resolution() {
    let place = Place::new().await;
    let (message, document, _) = place.delivered().await;
    let who = &place.b.boss;
    let status = async || {
        let query = format!("&messageId={message}&entityId={document}");
        json_of(&place.in_box(who, "/V3/GetDocument", &query).await).get("ResolutionStatus").cloned()
    };
    assert_eq!(status().await, None);
    let request = json!({
        "InitialDocumentId": document,
        "Type": "ApprovementRequest",
        "TargetUserId": who.user_id.to_string(),
    });
    let asked = json_of(&place.patch(who, &message, json!({ "ResolutionRequests": [request] })).await);
    let asked = asked["Entities"][0]["EntityId"].clone();
    assert_eq!(status().await.unwrap()["AuthorUserId"], who.user_id.to_string());
    let cancel = json!({ "ResolutionRequestCancellations": [{ "InitialResolutionRequestId": asked }] });
    json_of(&place.patch(who, &message, cancel).await);
    assert_eq!(status().await, None);
    place.end().await;
}

/// Keys that no structure declares, and that clients read all the same.
#[tokio::test]
async fn documents_have_the_keys_that_clients_read() {
    let place = Place::new().await;
    let (message, document, _) = place.delivered().await;
    let query = format!("&messageId={message}&entityId={document}");
    let shown = json_of(&place.in_box(&place.b.boss, "/V3/GetDocument", &query).await);
    assert_eq!((&shown["MessageIdGuid"], &shown["EntityIdGuid"]), (&shown["MessageId"], &shown["EntityId"]));
    assert_eq!(shown["CounteragentBoxIdGuid"], place.a.box_id().guid());
    let at = shown["CreationTimestamp"].as_str().unwrap();
    assert!(at.starts_with("2026-02-01T09:00:00.") && at.len() == 28 && at.ends_with('Z'), "{at}");
    place.end().await;
}
