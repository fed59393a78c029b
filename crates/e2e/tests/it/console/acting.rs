//! What is done by forms: signed, refused, answered, approved, forwarded, sent; with its refusals.

use potok_testkit::Org;
use potok_testkit::domain::directory::Permissions;

use super::place::{ConsolePlace, PASSWORD, words};
use crate::browser::{Browser, Seen};
use crate::remote_signing::key_file;
use crate::signatures;

/// The form of a page; before it stands the one that signs out.
const FORM: usize = 1;

async fn act(
    place: &ConsolePlace,
    org: &Org,
    ids: &(String, String),
    language: &'static str,
    name: &str,
    fields: &[(&str, &str)],
) -> Seen {
    let browser = place.browser(org, language).await;
    let form = browser.open(&format!("{}/do/{name}", place.document(org, ids))).await;
    assert_eq!(form.status(), 200, "{name}: {}", form.text());
    let seen = browser.submit_nth(&form, FORM, fields).await;
    place.world.drain().await;
    seen
}

fn done(seen: &Seen, expected: &str) {
    let told = words(seen);
    assert!(seen.status() == 200 && seen.url.contains("?done=1"), "{}: {told}", seen.url);
    assert!(told.contains(expected), "{expected}: {told}");
}

#[tokio::test]
async fn a_document_is_signed_and_then_revoked_by_both() {
    let place = ConsolePlace::start().await;
    let (seller, buyer) = (&place.seller, &place.buyer);
    for (language, signed, revoked, kept) in [
        ("en", "Signed", "Revoked", "The revocation was refused"),
        ("ru", "Подписан", "Аннулирован", "Отказано в аннулировании"),
    ] {
        for is_agreed in [true, false] {
            let ids = place
                .letter(|letter| {
                    letter.0.document_attachments[0].metadata[1].value = format!("{language}{is_agreed}")
                })
                .await;
            done(&act(&place, buyer, &ids, language, "sign", &[("by", "test")]).await, signed);
            let reason = [("words", "Ошибка в цене"), ("position", "Директор"), ("by", "test")];
            act(&place, seller, &ids, language, "revoke", &reason).await;
            let browser = place.browser(buyer, language).await;
            let told = words(&browser.open(&place.document(buyer, &ids)).await);
            assert!(told.contains("Ошибка в цене"), "{told}");
            match is_agreed {
                true => done(&act(&place, buyer, &ids, language, "agree", &[("by", "test")]).await, revoked),
                false => {
                    let why = [("words", "Не согласны"), ("position", "Директор"), ("by", "test")];
                    done(&act(&place, buyer, &ids, language, "keep", &why).await, kept);
                }
            }
        }
    }
    place.world.end().await;
}

#[tokio::test]
async fn a_refusal_needs_its_reason() {
    let place = ConsolePlace::start().await;
    let ids = place.letter(|_| {}).await;
    let without =
        act(&place, &place.buyer, &ids, "en", "refuse", &[("by", "test"), ("position", "Директор")]).await;
    assert!(words(&without).contains("Write the reason."), "{}", without.text());
    let refused = act(
        &place,
        &place.buyer,
        &ids,
        "en",
        "refuse",
        &[("words", "Цена <не> та"), ("by", "test"), ("position", "Директор")],
    )
    .await;
    done(&refused, "Refused");
    assert!(refused.text().contains("Цена &#60;не&#62; та") && !refused.text().contains("<не>"));
    // What is over cannot be done again, and the page says why.
    let browser = place.browser(&place.buyer, "en").await;
    let form = browser.open(&format!("{}/do/sign", place.document(&place.buyer, &ids))).await;
    let again = browser.submit_nth(&form, FORM, &[("by", "test")]).await;
    assert_eq!(again.status(), 409, "{}", again.text());
    assert!(words(&again).contains("the server refused"), "{}", again.text());
    place.world.end().await;
}

#[tokio::test]
async fn receipts_and_amendments_are_asked_for_and_given() {
    let place = ConsolePlace::start().await;
    let ids = place.letter(|letter| letter.0.document_attachments[0].need_receipt = Some(true)).await;
    let who = [("position", "Кладовщик"), ("by", "test")];
    let seen = act(&place, &place.buyer, &ids, "ru", "receipt", &who).await;
    done(&seen, "Отправлено извещение о получении");
    place.world.end().await;
}

#[tokio::test]
async fn colleagues_are_asked_and_answer() {
    let place = ConsolePlace::start().await;
    let (world, buyer) = (&place.world, &place.buyer);
    let clerk = world.person(buyer.box_id(), "clerk@example.com", Permissions::full()).await;
    world.app().admin().change_password(&clerk.login, Some(PASSWORD)).await.unwrap();
    let ids = place.letter(|_| {}).await;
    let id = clerk.user_id.to_string();
    let fields = [("person", id.as_str()), ("what", "approve"), ("words", "Посмотрите, пожалуйста")];
    let asked = act(&place, buyer, &ids, "en", "ask", &fields).await;
    done(&asked, "On approval");
    let browser = Browser::new(world).speaking("ru");
    browser.through("/console", &clerk.login, PASSWORD).await;
    let page = browser.open(&place.document(buyer, &ids)).await;
    assert!(
        words(&page).contains("согласуйте документ или откажите") && words(&page).contains("Посмотрите"),
        "{}",
        page.text()
    );
    let form = browser.open(&format!("{}/do/approve", place.document(buyer, &ids))).await;
    let seen = browser.submit_nth(&form, FORM, &[("words", "Всё верно")]).await;
    done(&seen, "Согласован");
    let fields = [("words", "Нет")];
    done(&act(&place, buyer, &ids, "en", "disapprove", &fields).await, "Disapproved");
    place.world.drain().await;
    place.world.end().await;
}

#[tokio::test]
async fn documents_are_forwarded_deleted_and_restored() {
    let place = ConsolePlace::start().await;
    let third = place.world.third_side().await;
    // Whoever got a letter is a counteragent.
    let mut letter = potok_testkit::Letter::new(place.buyer.box_id(), third.box_id());
    letter.0.document_attachments[0].need_recipient_signature = Some(false);
    place.buyer.boss.post(&letter).await.unwrap();
    place.world.drain().await;
    let ids = place.letter(|_| {}).await;
    let to = third.box_id().guid();
    done(&act(&place, &place.buyer, &ids, "en", "forward", &[("to", &to)]).await, "Forwarded");
    let deleted = act(&place, &place.buyer, &ids, "en", "delete", &[]).await;
    assert!(deleted.url.ends_with("/documents?done=deleted"), "{}", deleted.url);
    assert!(words(&deleted).contains("It can be restored."), "{}", words(&deleted));
    let browser = place.browser(&place.buyer, "ru").await;
    let deleted = browser.open(&place.at(&place.buyer, "/documents?status=Deleted")).await;
    // The form behind the filters is that of the row.
    let restored = browser.submit_nth(&deleted, FORM + 1, &[]).await;
    done(&restored, "Восстановлен");
    place.world.end().await;
}

#[tokio::test]
async fn a_signature_is_uploaded() {
    let place = ConsolePlace::start().await;
    let ids = place.letter(|_| {}).await;
    let browser = place.browser(&place.buyer, "en").await;
    let path = format!("{}/do/sign", place.document(&place.buyer, &ids));
    let form = browser.open(&path).await;
    let asked = browser.submit_nth(&form, FORM, &[("by", "file")]).await;
    assert!(asked.has("signature") && words(&asked).contains("Get the document"), "{}", asked.text());
    let signature = [("signature", "a.sig", "signature".to_owned())];
    let answer = place.upload(&browser, &asked, &path, &[("by", "file")], &signature).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    place.world.drain().await;
    let seen = browser.open(&place.document(&place.buyer, &ids)).await;
    assert!(words(&seen).contains("Signed"), "{}", seen.text());
    place.world.end().await;
}

#[tokio::test]
async fn a_key_of_the_server_signs_when_its_holder_says_so() {
    let place = ConsolePlace::start().await;
    let (folder, login) = (tempfile::tempdir().unwrap(), &place.buyer.boss.login);
    let pki = signatures::pki(folder.path());
    let admin = place.world.app().admin();
    admin.add_held_key(login, key_file(&pki, folder.path()), false).await.unwrap();
    let ids = place.letter(|_| {}).await;
    let browser = place.browser(&place.buyer, "en").await;
    let form = browser.open(&format!("{}/do/sign", place.document(&place.buyer, &ids))).await;
    let mut waits = browser.submit_nth(&form, FORM, &[("by", "key")]).await;
    for _ in 0..2 {
        assert!(words(&waits).contains("The signature is awaited."), "{}", words(&waits));
        place.world.sign().await;
        waits = browser.submit_nth(&waits, FORM, &[]).await;
    }
    let asked = admin.waiting_signings(Some(login)).await.unwrap();
    admin.answer_signing(asked[0].id, true).await.unwrap();
    place.world.sign().await;
    done(&browser.submit_nth(&waits, FORM, &[]).await, "Signed");
    place.world.drain().await;
    place.world.end().await;
}

#[tokio::test]
async fn a_transfer_document_is_made_of_a_form_and_answered_by_another() {
    let place = ConsolePlace::start().await;
    place.letter(|_| {}).await;
    let browser = place.browser(&place.seller, "ru").await;
    let to = place.buyer.box_id().guid();
    let fields = [
        ("to", to.as_str()),
        ("number", "КБ-7"),
        ("date", "2026-02-01"),
        ("vat", "22"),
        ("product1", "Доска <обрезная>"),
        ("quantity1", "2,5"),
        ("price1", "800"),
        ("position", "Директор"),
        ("by", "test"),
    ];
    let form = browser.open(&place.at(&place.seller, "/send?kind=utd")).await;
    let wrong = browser
        .submit_nth(&form, FORM, &[&fields[..6], &[("price1", "дорого"), ("quantity1", "1")]].concat())
        .await;
    assert_eq!(wrong.status(), 400, "{}", wrong.text());
    assert!(
        wrong.text().contains("value=\"Доска &#60;обрезная&#62;\""),
        "what was typed stays: {}",
        wrong.text()
    );
    let sent = browser.submit_nth(&form, FORM, &fields).await;
    assert!(sent.url.ends_with("?done=sent"), "{}: {}", sent.url, words(&sent));
    assert!(words(&sent).contains("2440"), "{}", words(&sent));
    place.world.drain().await;
    let path = sent.url.split('?').next().unwrap().rsplit('/').collect::<Vec<&str>>();
    let ids = (path[1].to_owned(), path[0].to_owned());
    let answer = [("result", "1"), ("accepted", "2026-02-02"), ("position", "Кладовщик"), ("by", "test")];
    let answered = act(&place, &place.buyer, &ids, "en", "title", &answer).await;
    done(&answered, "Recipient's title");
    let seen = browser.open(&place.document(&place.seller, &ids)).await;
    assert!(words(&seen).contains("Подписан контрагентом"), "{}", words(&seen));
    place.world.end().await;
}
