//! The page of webhooks: made, tried, stopped, sent again, with another secret, and forgotten, by administrators alone.

use potok_testkit::domain::directory::Permissions;
use serde_json::json;

use super::place::{ConsolePlace, PASSWORD, words};
use crate::browser::{Browser, Seen};
use crate::webhooks::{Receiver, event_ids, feed, options, post};

/// The forms of the page of a webhook; before them is that which signs out.
const FACTS: usize = 1;
const TERMS: usize = 2;
const REPLAY: usize = 3;
const SECRET: usize = 4;

/// The secret that a page shows.
fn secret(page: &Seen) -> String {
    let html = page.text();
    let (_, rest) = html.split_once("<code>whsec_").expect("a secret");
    format!("whsec_{}", rest.split('<').next().unwrap())
}

#[tokio::test]
async fn a_webhook_lives_its_life_on_its_page() {
    let place = ConsolePlace::start_with(options()).await;
    post(&place.world, &place.seller, &place.buyer, "before it was made").await;
    let mut receiver = Receiver::start().await;
    let browser = place.browser(&place.buyer, "en").await;
    let list = place.at(&place.buyer, "/webhooks");
    let page = browser.open(&list).await;
    assert!(words(&page).contains("There are no webhooks yet."), "{}", words(&page));
    let refused = browser.submit_nth(&page, 1, &[("url", "ftp://receiver.example/in")]).await;
    assert_eq!(refused.status(), 400);
    let told = words(&refused);
    assert!(told.contains("the server refused") && told.contains("scheme is ftp"), "{told}");
    assert!(refused.text().contains("value=\"ftp://receiver.example/in\""), "it stays to be mended");

    let made = browser.submit_nth(&page, 1, &[("url", &receiver.url), ("after", "AAAAAAAAAAA")]).await;
    let first = secret(&made);
    receiver.set(json!({"secret": first, "status": 200})).await;
    place.world.send_to_webhooks().await;
    let all = event_ids(&feed(&place.world, &place.buyer.boss).await);
    assert_eq!(receiver.taken(all.len()).await, all);
    let page = browser.open(&list).await;
    assert!(!page.text().contains(&first), "it is shown once");
    let link = page.text().split("/webhooks/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let one = format!("{list}/{link}");
    let page = browser.open(&one).await;
    let told = words(&page);
    assert!(told.contains(&all[0]) && told.contains("200") && told.contains("sends"), "{told}");

    // Something is sent to try it.
    let page = browser.submit_nth(&page, FACTS, &[("do", "ping")]).await;
    assert!(words(&page).contains("The receiver took the message: 200"), "{}", words(&page));
    assert_eq!(receiver.messages(1, 200).await[0]["message"]["type"], "ping");

    // What happens while it is stopped is sent when it goes on.
    let page = browser.submit_nth(&page, FACTS, &[("do", "pause")]).await;
    assert!(words(&page).contains("paused"), "{}", words(&page));
    post(&place.world, &place.seller, &place.buyer, "while it was stopped").await;
    place.world.send_to_webhooks().await;
    let page = browser.submit_nth(&page, FACTS, &[("do", "resume")]).await;
    place.world.send_to_webhooks().await;
    let more = event_ids(&feed(&place.world, &place.buyer.boss).await);
    assert_eq!(receiver.taken(more.len() - all.len()).await, more[all.len()..]);

    // Another secret, and everything once more, signed by it alone.
    let page = browser.submit_nth(&page, SECRET, &[("do", "rotate"), ("keep", "0")]).await;
    let second = secret(&page);
    assert_ne!(first, second);
    receiver.set(json!({"secret": second, "status": 200})).await;
    let wrong = browser.submit_nth(&page, REPLAY, &[("do", "replay"), ("after", "the start")]).await;
    assert_eq!(wrong.status(), 400);
    assert!(words(&wrong).contains("afterIndexKey"), "{}", words(&wrong));
    let page = browser.submit_nth(&page, REPLAY, &[("do", "replay"), ("after", "AAAAAAAAAAA")]).await;
    place.world.send_to_webhooks().await;
    assert_eq!(receiver.taken(more.len()).await, more);

    // Another address; of that nothing is known.
    let other = format!("{}/other", receiver.url);
    let page = browser.submit_nth(&page, TERMS, &[("do", "change"), ("url", &other)]).await;
    assert!(words(&page).contains("Done.") && words(&page).contains(&other), "{}", words(&page));
    let page = browser.submit_nth(&page, FACTS, &[("do", "delete")]).await;
    assert!(page.url.contains("/webhooks?done=1"), "{}", page.url);
    assert!(words(&page).contains("There are no webhooks yet."), "{}", words(&page));
    assert_eq!(browser.open(&one).await.status(), 404);
    place.world.drain().await;
    place.world.end().await;
}

#[tokio::test]
async fn webhooks_are_the_business_of_administrators() {
    let place = ConsolePlace::start_with(options()).await;
    let boss = place.browser(&place.seller, "ru").await;
    let list = place.at(&place.seller, "/webhooks");
    let page = boss.open(&list).await;
    let wish = [("url", super::places::NOBODY)];
    let made = boss.submit_nth(&page, 1, &wish).await;
    let link = made.text().split("/webhooks/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let rights = Permissions { is_administrator: false, ..Permissions::full() };
    let clerk = place.world.person(place.seller.box_id(), "clerk@example.com", rights).await;
    place.world.app().admin().change_password(&clerk.login, Some(PASSWORD)).await.unwrap();
    let browser = Browser::new(&place.world).speaking("ru");
    browser.through("/console", &clerk.login, PASSWORD).await;
    let seen = browser.open(&list).await;
    assert!(words(&seen).contains("видят администраторы"), "{}", words(&seen));
    assert!(!seen.text().contains(&link) && !seen.text().contains("127.0.0.1:9"), "{}", seen.text());
    assert_eq!(browser.open(&format!("{list}/{link}")).await.status(), 404);
    // A form of another page has the mark of the same session.
    let form = browser.open(&place.at(&place.seller, "/partners")).await;
    for (path, fields) in [(list.clone(), wish), (format!("{list}/{link}"), [("do", "delete")])] {
        let answer = place.upload(&browser, &form, &path, &fields, &[]).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
    let still = boss.open(&format!("{list}/{link}")).await;
    assert_eq!(still.status(), 200, "it is there as before: {}", words(&still));
    // Whoever works elsewhere finds no such box.
    let stranger = place.browser(&place.buyer, "ru").await;
    assert_eq!(stranger.open(&list).await.status(), 404);
    assert_eq!(stranger.open(&format!("{list}/{link}")).await.status(), 404);
    place.world.end().await;
}
