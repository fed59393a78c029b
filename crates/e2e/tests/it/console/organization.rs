//! Counteragents, people, departments, and the feed.

use potok_testkit::domain::directory::Permissions;

use super::place::{ConsolePlace, PASSWORD, words};
use crate::browser::Browser;
use crate::counteragents::choosy;
use crate::push::Stream;

#[tokio::test]
async fn counteragents_are_invited_accept_and_part() {
    let place = ConsolePlace::start().await;
    let seller = &place.seller;
    let buyer = &choosy(&place.world, "АО «Лотос»", "7707083893").await;
    place.world.app().admin().change_password(&buyer.boss.login, Some(PASSWORD)).await.unwrap();
    let browser = place.browser(seller, "en").await;
    let page = browser.open(&place.at(seller, "/partners")).await;
    assert!(words(&page).contains("There is nobody here."), "{}", page.text());
    // The second form of the page searches.
    let invited =
        browser.submit_nth(&page, 2, &[("inn", "7707083893"), ("words", "Давайте <обмениваться>")]).await;
    assert!(words(&invited).contains("Invited by you"), "{}", words(&invited));
    place.world.drain().await;
    let other = place.browser(buyer, "ru").await;
    let page = other.open(&place.at(buyer, "/partners?status=InvitesMe")).await;
    assert!(page.text().contains("Давайте &#60;обмениваться&#62;"), "{}", page.text());
    let accepted = other.submit_nth(&page, 2, &[]).await;
    place.world.drain().await;
    assert!(words(&accepted).contains("Контрагент"), "{}", words(&accepted));
    let page = browser.open(&place.at(seller, "/partners?status=IsMyCounteragent&q=7707083893")).await;
    assert!(words(&page).contains("Лотос"), "{}", words(&page));
    let parted = browser.submit_nth(&page, 2, &[]).await;
    assert!(words(&parted).contains("Refused by you"), "{}", words(&parted));
    let unknown = browser.submit_nth(&parted, 3, &[("inn", "0000000000")]).await;
    assert!(words(&unknown).contains("the server refused"), "{}", words(&unknown));
    place.world.drain().await;
    place.world.end().await;
}

#[tokio::test]
async fn people_get_rights_and_lose_them() {
    let place = ConsolePlace::start().await;
    let seller = &place.seller;
    let browser = place.browser(seller, "en").await;
    let page = browser.open(&place.at(seller, "/people")).await;
    assert!(
        words(&page).contains("Иванов Иван") && words(&page).contains("administrator"),
        "{}",
        words(&page)
    );
    let form = browser.open(&place.at(seller, "/people/new")).await;
    let fields = [
        ("login", "new@example.com"),
        ("last", "Сидорова"),
        ("first", "Вера"),
        ("position", "Бухгалтер"),
        ("level", "2"),
        ("may-SignDocuments", "1"),
    ];
    let added = browser.submit_nth(&form, 1, &fields).await;
    let told = words(&added);
    assert!(
        added.url.ends_with("?done=1") && told.contains("Сидорова Вера") && told.contains("All documents"),
        "{told}"
    );
    let again = browser.submit_nth(&form, 1, &fields).await;
    assert!(again.status() >= 400 && again.text().contains("new@example.com"), "{}", words(&again));
    let link = added
        .text()
        .split("/people/")
        .find(|it| it.contains("Сидорова"))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let form = browser.open(&place.at(seller, &format!("/people/{link}"))).await;
    assert!(
        form.text().contains("name=\"may-SignDocuments\" type=\"checkbox\" value=\"1\" checked"),
        "{}",
        form.text()
    );
    let changed = browser
        .submit_nth(&form, 1, &[("position", "Главный бухгалтер"), ("level", "0"), ("blocked", "1")])
        .await;
    let told = words(&changed);
    assert!(
        told.contains("Главный бухгалтер")
            && told.contains("blocked")
            && told.contains("The department only"),
        "{told}"
    );
    let form = browser.open(&place.at(seller, &format!("/people/{link}"))).await;
    let removed = browser.submit_nth(&form, 1, &[("do", "remove")]).await;
    assert!(!words(&removed).contains("Сидорова"), "{}", words(&removed));
    let with_department =
        browser.submit_nth(&removed, removed.text().matches("<form").count() - 1, &[("name", "Склад")]).await;
    assert!(words(&with_department).contains("Склад"), "{}", words(&with_department));
    place.world.end().await;
}

#[tokio::test]
async fn whoever_is_no_administrator_sees_no_people() {
    let place = ConsolePlace::start().await;
    let rights = Permissions { is_administrator: false, ..Permissions::full() };
    let clerk = place.world.person(place.seller.box_id(), "clerk@example.com", rights).await;
    place.world.app().admin().change_password(&clerk.login, Some(PASSWORD)).await.unwrap();
    let browser = Browser::new(&place.world).speaking("ru");
    browser.through("/console", &clerk.login, PASSWORD).await;
    let page = words(&browser.open(&place.at(&place.seller, "/people")).await);
    assert!(page.contains("видят администраторы") && !page.contains("boss@"), "{page}");
    let form = browser.open(&place.at(&place.seller, "/people/new")).await;
    assert_eq!(form.status(), 404, "{}", form.text());
    place.world.end().await;
}

#[tokio::test]
async fn the_feed_is_shown_and_streamed() {
    let place = ConsolePlace::start().await;
    let ids = place.letter(|_| {}).await;
    let browser = place.browser(&place.buyer, "en").await;
    let page = browser.open(&place.at(&place.buyer, "/feed")).await;
    assert!(
        words(&page).contains("New document") && words(&page).contains("№7 от 01.02.26"),
        "{}",
        words(&page)
    );
    let there = browser.open(&place.at(&place.buyer, &format!("/documents/{}", ids.0))).await;
    assert!(there.url.ends_with(&format!("/documents/{}/{}", ids.0, ids.1)), "{}", there.url);
    // The stream is the one of the API, by the session of the console.
    let live = page.text().split("data-feed=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // The same letter once more would be a repeat of the call.
    place.letter(|letter| letter.0.document_attachments[0].metadata[1].value = "8".to_owned()).await;
    let token = browser.cookie("potok_console").unwrap();
    let head = format!(
        "GET {live} HTTP/1.1\r\nHost: potok\r\nConnection: close\r\nCookie: potok_console={token}\r\n\r\n"
    );
    let mut stream = Stream::send(place.world.address(), &head).await;
    let mut lines = Vec::new();
    while !lines.last().is_some_and(|line: &String| line.starts_with("data:")) {
        assert!(lines.len() < 4, "{live}: {lines:?}");
        lines.push(stream.line().await);
    }
    assert!(lines.concat().contains("contract.pdf"), "{lines:?}");
    drop(stream);
    place.world.end().await;
}
