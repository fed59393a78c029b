//! Every method of the contract is called by those who may not call it.

use potok_api::{BoxIn, Caller, MethodSpec};
use potok_types::BoxId;

use crate::world::{Answer, World};

const JSON: (&str, &str) = ("Content-Type", "application/json; charset=utf-8");
const ID: &str = "4c422f4e-7ecd-492d-a652-3aa45007da1b";

/// Query, body and the answer to a user who works nowhere. A method that is missing here has nobody who thought about
/// what strangers see of it.
fn stranger_to(spec: &MethodSpec, world: &World, box_id: BoxId) -> (String, String, u16) {
    let (query, body, status) = match spec.label {
        "Authenticate V2" | "Authenticate V3" => {
            ("type=password", r#"{"login":"nobody","password":"x"}"#, 401)
        }
        "AuthenticateConfirm V2" | "AuthenticateConfirm V3" => {
            ("token=bm9ib2R5&thumbprint=0123456789ABCDEF0123456789ABCDEF01234567", "", 400)
        }
        "/connect/token" => ("", "grant_type=refresh_token&client_id=x&client_secret=y&refresh_token=z", 401),
        "GetBox" | "GetOrganization" => ("boxId={box}", "", 200),
        "GetOrganizationsByInnKpp" => ("inn=7701000010", "", 200),
        "GetMyOrganizations" | "GetMyUser V2" => ("", "", 200),
        "ShelfUpload" => ("nameOnShelf=__userId__/a&isLastPart=1", "bytes", 200),
        "ShelfDownload" => ("nameOnShelf=__userId__/b", "", 404),
        "GetDocflows V2" | "GetDocflows V3" | "GetDocflows V4" | "GetDocflows V5" => {
            let body = r#"{"Requests":[{"DocumentId":{"MessageId":"{id}","EntityId":"{id}"}}]}"#;
            ("boxId={box}", body, 403)
        }
        "GetEvent V2" | "GetEvent V3" => ("boxId={box}&eventId={id}", "", 403),
        "GetLastEvent" | "GetLastEvent V2" | "GetNewEvents V4" | "GetNewEvents V5" | "GetNewEvents V6"
        | "GetNewEvents V7" | "GetNewEvents V8" => ("boxId={box}", "", 403),
        "GetMessage V5" | "GetMessage V6" => ("boxId={box}&messageId={id}", "", 403),
        "Delete" | "Restore" => ("boxId={box}&messageId={id}", "", 403),
        "MoveDocuments" => {
            let body = r#"{"BoxId":"{box}","DocumentIds":[{"MessageId":"{id}","EntityId":"{id}"}]}"#;
            ("", body, 403)
        }
        "GetEntityContent V4" | "GetSignatureInfo" => ("boxId={box}&messageId={id}&entityId={id}", "", 403),
        "PostMessage V3" => ("", r#"{"FromBoxId":"{box}","ToBoxId":"{id}"}"#, 403),
        "PostMessagePatch V3" | "PostMessagePatch V4" => ("", r#"{"BoxId":"{box}","MessageId":"{id}"}"#, 403),
        label if label.starts_with("GetDocflowEvents ") => ("boxId={box}", r#"{"Filter":{}}"#, 403),
        label if label.starts_with("GetDocflowsByPacketId ") => {
            ("boxId={box}", r#"{"PacketId":"{id}"}"#, 403)
        }
        label if label.starts_with("SearchDocflows") => ("boxId={box}", r#"{"QueryString":"x"}"#, 403),
        "GetDocument V3" => ("boxId={box}&messageId={id}&entityId={id}", "", 403),
        "GetDocuments V3" => ("boxId={box}&filterCategory=Any.Inbound", "", 403),
        "GetDocuments V4" => ("boxId={box}", r#"{"DocumentCategory":"Inbound"}"#, 403),
        "GetDocumentsByMessageId" => ("boxId={box}&messageId={id}", "", 403),
        "GetDocumentsByCustomId" => ("boxId={box}&customDocumentId=x", "", 403),
        "GetDocumentTypes V2"
        | "GetDocumentTypes V3"
        | "GetWorkflowsSettings"
        | "GetWorkflowsSettings V2"
        | "GetResolutionRoutes" => ("boxId={box}", "", 403),
        "GetResolutionRoutesForOrganization" => ("orgId={org}", "", 403),
        "DetectDocumentTitles" | "DetectDocumentTypes" => ("boxId={box}", "<a/>", 403),
        "DetectDocumentTitlesOnShelf" | "DetectDocumentTypesOnShelf" => {
            ("boxId={box}&nameOnShelf=__userId__/a", "", 403)
        }
        "ParseSignatureRejectionXml" | "ParseRevocationRequestXml" => ("", "<a/>", 400),
        "GetInvoiceCorrectionRequestInfo" => ("boxId={box}&messageId={id}&entityId={id}", "", 403),
        "GenerateReceiptXml V2"
        | "GenerateSignatureRejectionXml V2"
        | "GenerateInvoiceCorrectionRequestXml V2" => ("boxId={box}", "{}", 403),
        label if label.starts_with("Generate") => ("boxId={box}&messageId={id}&attachmentId={id}", "{}", 403),
        other => panic!("say what a stranger is answered by {other}"),
    };
    let own = world.organization.org_id.to_string();
    let org = if box_id == world.organization.box_id { &own } else { ID };
    let filled = |text: &str| text.replace("{box}", &box_id.guid()).replace("{org}", org).replace("{id}", ID);
    (filled(query), filled(body), status)
}

async fn call(world: &World, spec: &MethodSpec, box_id: BoxId, token: Option<&str>) -> (Answer, u16) {
    let (query, body, status) = stranger_to(spec, world, box_id);
    let address = format!("{}?{query}", spec.path);
    let bearer = token.map(|token| format!("Bearer {token}")).unwrap_or_default();
    let only_client = world.client_only();
    let mut headers = vec![];
    match (spec.access.caller, token) {
        (_, None) | (Caller::OAuthClient, _) => {}
        (Caller::KnownClient, _) => headers.push(("Authorization", &*only_client)),
        _ => headers.push(("Authorization", &*bearer)),
    }
    if body.starts_with('{') {
        headers.push(JSON);
    }
    (world.send(spec.verb.as_str(), &address, &headers, body).await, status)
}

fn served() -> impl Iterator<Item = &'static MethodSpec> {
    potok_http::served().into_iter().map(|label| potok_api::by_label(label).unwrap())
}

#[tokio::test]
async fn nobody_gets_nothing() {
    let world = World::start().await;
    let own = world.organization.box_id;
    for spec in served() {
        let (answer, _) = call(&world, spec, own, None).await;
        assert_eq!(answer.status, 401, "{spec}: {}", answer.text());
        assert!(spec.status_codes.contains(&401), "{spec}");
        assert!(answer.header("www-authenticate").is_none(), "{spec}");
    }
}

#[tokio::test]
async fn a_stranger_learns_nothing_of_a_box_not_even_whether_it_exists() {
    let world = World::start().await;
    let own = world.organization.box_id;
    let none: BoxId = ID.parse().unwrap();
    for spec in served() {
        let (answer, expected) = call(&world, spec, own, Some(&world.stranger_token)).await;
        assert_eq!(answer.status, expected, "{spec}: {}", answer.text());
        assert!(spec.status_codes.contains(&expected), "{spec}: {expected} is not documented");
        if expected != 403 {
            continue;
        }
        assert_eq!(answer.text(), format!("Access to Box [{}] is denied", own.guid()), "{spec}");
        assert_eq!(answer.header("x-diadoc-errorcode"), Some("DiadocApi.Forbidden"), "{spec}");
        let (missing, _) = call(&world, spec, none, Some(&world.stranger_token)).await;
        if let BoxIn::Organization(_) = spec.box_in {
            // Which organizations there are is no secret, and no box is named that could be denied.
            assert_eq!(missing.status, 404, "{spec}: {}", missing.text());
            continue;
        }
        assert_eq!(
            (missing.status, missing.text()),
            (403, &*format!("Access to Box [{ID}] is denied")),
            "{spec}"
        );
    }
}

#[tokio::test]
async fn a_suspended_box_answers_402() {
    let world = World::start().await;
    let own = world.organization.box_id;
    world.running.app().admin().set_suspended(own, true).await.unwrap();
    for spec in served().filter(|spec| spec.access.caller == Caller::Employee) {
        let (answer, _) = call(&world, spec, own, Some(&world.user_token)).await;
        assert_eq!(answer.status, 402, "{spec}: {}", answer.text());
        assert_eq!(answer.text(), "Доступ запрещён. Необходима оплата тарифа АПИ");
        assert_eq!(answer.header("x-diadoc-errorcode"), Some("DiadocApi.PaymentRequired"));
    }
    assert_eq!(world.get("/GetMyOrganizations").await.status, 200, "it lists suspended boxes");
}

#[tokio::test]
async fn what_is_not_built_says_its_name_and_what_is_gone_its_successor() {
    let world = World::start().await;
    let served = potok_http::served();
    for spec in potok_api::methods::all() {
        if served.contains(spec.label) {
            continue;
        }
        let answer = world.send(spec.verb.as_str(), spec.path, &[], "").await;
        let code = answer.header("x-diadoc-errorcode").unwrap_or_default();
        if spec.is_gone() {
            assert_eq!((answer.status, code), (410, "DiadocApi.Gone"), "{spec}");
            if let Some(next) = potok_api::successor(spec) {
                assert!(answer.text().contains(next.label), "{spec}: {}", answer.text());
            }
        } else {
            assert_eq!((answer.status, code), (501, "Http.NotImplemented"), "{spec}");
        }
        assert!(answer.text().contains(spec.label), "{spec}: {}", answer.text());
    }
}
