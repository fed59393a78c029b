//! `Prefer: dry-run`: a call that changes something is checked, decided and answered, and leaves nothing behind.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_testkit::sdk::api::methods::EntityQuery;
use potok_testkit::sdk::proto::events::{Entity, MessageToPost};
use potok_testkit::{Letter, Person, RawAnswer, RawRequest, World, WorldOptions, formal};
use potok_types::{EntityId, MessageId};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::drafts::sending;
use crate::templates::{documents, keep, of, template};

async fn call(world: &World, who: &Person, path: &str, body: &Value, is_dry: bool) -> RawAnswer {
    let body = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
    let request = RawRequest::post(path, body).bearer(&who.access_token);
    let request = request
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Accept", "application/json; charset=utf-8");
    world.raw(if is_dry { request.header("Prefer", "respond-async, Dry-Run") } else { request }).await
}

/// An answer without what is other each time: ids that were made for it, and times.
fn shape(answer: &RawAnswer) -> Value {
    let text = answer.text();
    let Ok(mut value) = serde_json::from_str::<Value>(&text) else { return json!(text) };
    fn plain(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                // Keys of feeds and lists are made of times.
                fields.retain(|name, _| !name.ends_with("Key"));
                fields.values_mut().for_each(plain);
            }
            Value::Array(items) => items.iter_mut().for_each(plain),
            Value::String(text) if text.len() >= 32 || text.ends_with("Z") => *value = json!("id"),
            Value::Number(_) => *value = json!(0),
            _ => {}
        }
    }
    plain(&mut value);
    value
}

/// Tries the call and makes it: the trial changes nothing and says what the real one says.
async fn both(world: &World, who: &Person, path: &str, body: &Value) -> RawAnswer {
    let before = world.kept();
    let tried = call(world, who, path, body, true).await;
    assert_eq!(world.kept(), before, "{path} {body}");
    let done = call(world, who, path, body, false).await;
    assert_eq!(tried.status, done.status, "{path} {body}: {} | {}", tried.text(), done.text());
    assert_eq!(done.header("preference-applied"), None);
    assert_eq!(tried.header("preference-applied"), Some("dry-run"), "{path} {body}");
    if done.status == 200 {
        assert_eq!(shape(&tried), shape(&done), "{path} {body}");
    } else {
        assert_eq!(tried.text(), done.text(), "{path} {body}");
        assert_eq!(tried.header("x-diadoc-errorcode"), done.header("x-diadoc-errorcode"));
    }
    done
}

fn letter(letter: MessageToPost) -> Value {
    let documents = letter.document_attachments.iter().map(|document| {
        let content = document.signed_content.content.clone().unwrap_or_default();
        let metadata = document.metadata.iter();
        json!({
            "TypeNamedId": document.type_named_id,
            "SignedContent": {"Content": STANDARD.encode(content), "SignWithTestSignature": true},
            "Comment": "прошу",
            "NeedRecipientSignature": true,
            "Metadata": metadata.map(|item| json!({"Key": item.key, "Value": item.value})).collect::<Vec<_>>(),
        })
    });
    json!({
        "FromBoxId": letter.from_box_id,
        "ToBoxId": letter.to_box_id,
        "DocumentAttachments": documents.collect::<Vec<_>>(),
    })
}

#[tokio::test]
async fn everything_that_leads_to_an_event_can_be_tried() {
    let world = World::start_embedded().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let (a, b) = (&a.boss, &b.boss);
    let said = |answer: &RawAnswer| serde_json::from_str::<Value>(&answer.text()).unwrap();

    let post = letter(Letter::new(a.box_id, b.box_id).0);
    let posted = said(&both(&world, a, "/V3/PostMessage?operationId=1", &post).await);
    let (message, document) = (&posted["MessageId"], &posted["Entities"][0]["EntityId"]);
    world.drain().await;
    let sign = json!({"BoxId": b.box_id.to_string(), "MessageId": message,
        "Signatures": [{"ParentEntityId": document, "SignWithTestSignature": true}]});
    both(&world, b, "/V4/PostMessagePatch", &sign).await;
    world.drain().await;
    let note = json!({"BoxId": a.box_id.to_string(), "MessageId": message,
        "Resolutions": [{"InitialDocumentId": document, "ResolutionType": "Approve"}]});
    both(&world, a, "/V3/PostMessagePatch", &note).await;
    let forward = json!({"ToBoxId": c.box_id().to_string(),
        "DocumentId": {"MessageId": message, "EntityId": document}});
    both(&world, a, &format!("/V2/ForwardDocument?boxId={}", a.box_id), &forward).await;
    world.drain().await;

    let draft = a.post(&Letter::new(a.box_id, b.box_id).draft()).await.unwrap();
    let send = serde_json::to_value(json!({"BoxId": a.box_id.to_string(), "DraftId": draft.message_id,
        "DocumentSignatures": [{"ParentEntityId": sending(a, &draft).document_signatures[0].parent_entity_id,
            "SignWithTestSignature": true}]}));
    both(&world, a, "/SendDraft", &send.unwrap()).await;
    let other = a.post(&Letter::new(a.box_id, b.box_id).comment("2").draft()).await.unwrap();
    let recycle = format!("/RecycleDraft?boxId={}&draftId={}", a.box_id, other.message_id);
    both(&world, a, &recycle, &Value::Null).await;
    world.drain().await;

    let made = template(a.box_id, b.box_id, &["заявка", "акт"]);
    let documents_of_template = made.document_attachments.iter().map(|document| {
        let content = document.unsigned_content.content.clone().unwrap_or_default();
        json!({"TypeNamedId": "Nonformalized", "UnsignedContent": {"Content": STANDARD.encode(content)},
            "Metadata": [{"Key": "FileName", "Value": "a.txt"}]})
    });
    let posted = json!({"FromBoxId": made.from_box_id, "ToBoxId": made.to_box_id,
        "MessageFromBoxId": made.message_from_box_id, "MessageToBoxId": made.message_to_box_id,
        "DocumentAttachments": documents_of_template.collect::<Vec<_>>()});
    both(&world, a, "/PostTemplate", &posted).await;
    let kept = keep(&a.client, &template(a.box_id, b.box_id, &["3", "4"])).await.unwrap();
    world.drain().await;
    let ids = documents(&kept.entities);
    let transform = of(b, &kept.message_id, &ids[..1]);
    let transform = json!({"BoxId": transform.box_id, "TemplateId": transform.template_id,
        "DocumentTransformations": [{"DocumentId": ids[0]}]});
    both(&world, b, "/TransformTemplateToMessage", &transform).await;
    let refuse = format!("/PostTemplatePatch?boxId={}&templateId={}", b.box_id, kept.message_id);
    both(&world, b, &refuse, &json!({"Refusals": [{"DocumentId": ids[1], "Comment": "не нужен"}]})).await;
    world.drain().await;

    let delete = format!("?boxId={}&messageId={}", a.box_id, message.as_str().unwrap());
    both(&world, a, &format!("/Delete{delete}"), &Value::Null).await;
    both(&world, a, &format!("/Restore{delete}"), &Value::Null).await;
    world.end().await;
}

#[tokio::test]
async fn a_trial_is_no_repeat_and_what_was_done_is_told_again() {
    let world = World::start_embedded().await;
    let (a, b) = world.two_sides().await;
    let post = letter(Letter::new(a.box_id(), b.box_id()).0);
    let path = "/V3/PostMessage?operationId=same";
    let tried = call(&world, &a.boss, path, &post, true).await;
    let done = call(&world, &a.boss, path, &post, false).await;
    assert_ne!(tried.text(), done.text(), "the trial left nothing that could be repeated");
    let again = call(&world, &a.boss, path, &post, true).await;
    assert_eq!(again.text(), done.text(), "a real call would find the first one too");
    world.drain().await;
    world.end().await;
}

/// A signature that delivery would find bad is taken by the call, and told by the trial.
#[tokio::test]
async fn a_trial_tells_what_delivery_would_find() {
    let options = WorldOptions {
        settings: Box::new(|settings| settings.signatures = potok_testkit::Signatures::Checked),
        on_postgres: false,
        ..WorldOptions::default()
    };
    let world = World::start_with(options).await;
    let (a, b) = world.two_sides().await;
    let good = letter(Letter::new(a.box_id(), b.box_id()).0);
    let tried = call(&world, &a.boss, "/V3/PostMessage", &good, true).await;
    assert_eq!((tried.status, tried.header("potok-not-delivered")), (200, None), "{}", tried.text());
    // The signature of another content.
    let posted = a.boss.post(&Letter::new(a.box_id(), b.box_id())).await.unwrap();
    let (document, is_under) = (&posted.entities[0].entity_id, |it: &&Entity| it.parent_entity_id.is_some());
    let signature = posted.entities.iter().find(is_under).unwrap();
    assert_eq!(signature.parent_entity_id(), document);
    let message: MessageId = posted.message_id.parse().unwrap();
    let query = EntityQuery::new(a.box_id(), message, signature.entity_id.parse::<EntityId>().unwrap());
    let signature = a.boss.client.get_entity_content_v4(&query).await.unwrap().0;
    let mut bad = good.clone();
    bad["DocumentAttachments"][0]["SignedContent"] = json!({
        "Content": STANDARD.encode("другой текст"),
        "Signature": STANDARD.encode(signature),
    });
    let tried = both(&world, &a.boss, "/V3/PostMessage", &bad).await;
    assert_eq!(tried.status, 200);
    let tried = call(&world, &a.boss, "/V3/PostMessage?operationId=2", &bad, true).await;
    let told = tried.header("potok-not-delivered").expect("it would not be delivered");
    let path = "MessageToPost.DocumentAttachments[0].SignedContent.Signature; words*=UTF-8''%D0";
    assert!(told.starts_with(path), "{told}");
    world.drain().await;
    world.end().await;
}

#[tokio::test]
async fn what_cannot_be_tried_is_not_done() {
    let world = World::start_embedded().await;
    let (a, _) = world.two_sides().await;
    let before = world.kept();
    let invite = json!({"Inn": "9687654321"});
    let path = format!("/V3/AcquireCounteragent?myBoxId={}", a.box_id());
    let refused = call(&world, &a.boss, &path, &invite, true).await;
    assert_eq!((refused.status, refused.header("preference-applied")), (400, None), "{}", refused.text());
    assert!(refused.text().contains("nothing was done"), "{}", refused.text());
    assert_eq!(world.kept(), before);
    // What only reads may be asked with it.
    let read =
        RawRequest::get("/GetMyOrganizations").bearer(&a.boss.access_token).header("Prefer", "dry-run");
    assert_eq!(world.raw(read).await.status, 200);
    world.end().await;
}

/// Bodies changed at random: whatever the real call takes or refuses, the trial took or refused before, in the same words.
#[tokio::test]
async fn a_trial_says_of_any_body_what_the_call_says() {
    let world = World::start_embedded().await;
    let (a, b) = world.two_sides().await;
    let c = world.third_side().await;
    let mut formalized = Letter::new(a.box_id(), b.box_id()).0;
    let mut document = Letter::document("a.xml", Vec::new());
    document.type_named_id = "UniversalTransferDocument".to_owned();
    document.function = Some("ДОП".to_owned());
    formalized.document_attachments.push(formal(document));
    let mut base = letter(formalized);
    base["DocumentAttachments"][1]["Function"] = json!("ДОП");
    base["DocumentAttachments"][1]["Version"] = json!("utd970_05_03_01");
    let mut random = StdRng::seed_from_u64(12);
    let (mut taken, mut refused) = (0, 0);
    for round in 0..120 {
        let mut post = base.clone();
        for _ in 0..random.random_range(0..3) {
            change(&mut post, &mut random, &[a.box_id().to_string(), c.box_id().to_string()]);
        }
        let path = format!("/V3/PostMessage?operationId={round}");
        let answer = both(&world, &a.boss, &path, &post).await;
        if answer.status != 200 {
            refused += 1;
            continue;
        }
        taken += 1;
        let posted: Value = serde_json::from_str(&answer.text()).unwrap();
        world.drain().await;
        let mut patch = json!({"BoxId": b.box_id().to_string(), "MessageId": posted["MessageId"],
            "Signatures": [{"ParentEntityId": posted["Entities"][0]["EntityId"], "SignWithTestSignature": true}],
            "ResolutionRequests": [{"InitialDocumentId": posted["Entities"][0]["EntityId"],
                "Type": "Approve", "TargetUserId": b.boss.user_id.to_string()}]});
        for _ in 0..random.random_range(0..2) {
            change(&mut patch, &mut random, &[a.box_id().to_string(), c.box_id().to_string()]);
        }
        let answer = both(&world, &b.boss, "/V4/PostMessagePatch", &patch).await;
        *if answer.status == 200 { &mut taken } else { &mut refused } += 1;
        world.drain().await;
    }
    assert!(taken > 20 && refused > 20, "{taken} {refused}");
    world.drain().await;
    world.end().await;
}

/// Changes one value somewhere: takes it away, gives it twice, or puts something else there.
fn change(value: &mut Value, random: &mut StdRng, others: &[String]) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let nth = random.random_range(0..fields.len());
            let name = fields.keys().nth(nth).cloned().unwrap_or_default();
            if random.random_range(0..6) == 0 {
                fields.remove(&name);
            } else if let Some(inner) = fields.get_mut(&name) {
                change(inner, random, others);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let nth = random.random_range(0..items.len());
            match random.random_range(0..6) {
                0 => drop(items.remove(nth)),
                1 => items.push(items[nth].clone()),
                _ => change(&mut items[nth], random, others),
            }
        }
        Value::Bool(flag) => *flag = !*flag,
        other => {
            let choices = [
                json!(""),
                json!("0J/QvtGC0L7Qug=="),
                json!("00000000-0000-0000-0000-000000000001"),
                json!(others[random.random_range(0..others.len())]),
                json!("x".repeat(3000)),
                json!(7),
                Value::Null,
            ];
            *other = choices[random.random_range(0..choices.len())].clone();
        }
    }
}
