//! The server in the console, for those who keep it and nobody else.

use potok_testkit::domain::directory::Permissions;
use potok_testkit::sdk::api::methods::GetNewEventsQuery;
use potok_testkit::{RawRequest, WorldOptions};

use super::place::{ConsolePlace, PASSWORD, words};
use crate::browser::{Browser, Seen, form};
use crate::power_of_attorney::{NUMBER, given, register};
use crate::signatures::INN;

/// The form of a list that makes something new; before it stand those that sign out and search.
const NEW: usize = 2;
/// Pages of the server, all of which look as if they were not there to others.
const PAGES: [&str; 6] = ["", "/organizations", "/users", "/programs", "/powers", "/requests"];

fn at(rest: &str) -> String {
    format!("/console/server{rest}")
}

/// The path of the first link of the page that begins so.
fn link(seen: &Seen, beginning: &str) -> String {
    let html = seen.text();
    let (_, rest) =
        html.split_once(&format!("href=\"{beginning}")).unwrap_or_else(|| panic!("{beginning}: {html}"));
    format!("{beginning}{}", rest.split('"').next().unwrap())
}

async fn calls(place: &ConsolePlace) -> Option<u16> {
    let query = GetNewEventsQuery::new(place.seller.box_id());
    place.seller.boss.client.get_new_events_v8(&query).await.err().and_then(|error| error.status())
}

#[tokio::test]
async fn organizations_and_users_are_made_stopped_and_let_in_again() {
    let place = ConsolePlace::kept().await;
    let browser = place.browser(&place.buyer, "en").await;
    let page = browser.open(&at("")).await;
    assert!(page.url.ends_with("/console/server/organizations"), "{}", page.url);
    assert!(words(&page).contains("Ромашка") && words(&page).contains("Лютик"), "{}", words(&page));
    let wrong = browser.submit_nth(&page, NEW, &[("name", "ООО «Астра»"), ("inn", "12")]).await;
    assert_eq!(wrong.status(), 400);
    assert!(
        wrong.text().contains("value=\"ООО «Астра»\"") && words(&wrong).contains("must be 10 or 12 digits")
    );
    let new = [("name", "ООО «Астра»"), ("inn", "7707083893"), ("kpp", "770701001"), ("test", "1")];
    let made = browser.submit_nth(&page, NEW, &new).await;
    assert!(
        words(&made).contains("ООО «Астра» INN 7707083893, KPP 770701001 works test"),
        "{}",
        words(&made)
    );
    let found = browser.open(&at("/organizations?q=7707083893")).await;
    assert!(!words(&found).contains("Ромашка"), "{}", words(&found));
    let organization = link(&found, "/console/server/organizations/");

    let users = browser.open(&at("/users")).await;
    let new = [("login", "Anna@Example.com"), ("password", PASSWORD), ("last", "Белова"), ("first", "Анна")];
    let made = browser.submit_nth(&users, NEW, &new).await;
    assert!(words(&made).contains("Белова Анна"), "{}", words(&made));
    let page = browser.open(&organization).await;
    let unknown = browser.submit_nth(&page, 2, &[("do", "administrator"), ("login", "nobody")]).await;
    assert_eq!(unknown.status(), 404);
    assert!(words(&unknown).contains("there is no user with login"), "{}", words(&unknown));
    let administrator = [("do", "administrator"), ("login", "anna@example.com"), ("position", "Директор")];
    assert_eq!(browser.submit_nth(&page, 2, &administrator).await.status(), 200);
    let anna = Browser::new(&place.world).speaking("en");
    let seen = anna.through("/console", "anna@example.com", PASSWORD).await;
    assert!(words(&seen).contains("ООО «Астра»") && !words(&seen).contains("Server"), "{}", words(&seen));

    // Another password ends what was open by the one before, and so does a block.
    let user = link(&browser.open(&at("/users?q=anna")).await, "/console/server/users/");
    let page = browser.open(&user).await;
    let change = [("do", "password"), ("password", " another one ")];
    assert_eq!(browser.submit_nth(&page, 1, &change).await.status(), 200);
    assert!(anna.open("/console").await.has("password"));
    let seen = anna.through("/console", "anna@example.com", " another one ").await;
    assert!(words(&seen).contains("ООО «Астра»"), "{}", words(&seen));
    let blocked = browser.submit_nth(&page, 2, &[("do", "block")]).await;
    assert!(words(&blocked).contains("blocked"), "{}", words(&blocked));
    assert!(anna.open("/console").await.has("password"));
    browser.submit_nth(&page, 2, &[("do", "unblock")]).await;
    let seen = anna.through("/console", "anna@example.com", " another one ").await;
    assert!(words(&seen).contains("ООО «Астра»"), "{}", words(&seen));
    let own = browser.open(&at(&format!("/users/{}", place.buyer.boss.user_id))).await;
    assert_eq!(
        browser.submit_nth(&own, 2, &[("do", "block")]).await.status(),
        409,
        "nobody shuts oneself out"
    );

    let page = browser.open(&at(&format!("/organizations/{}", place.seller.box_id().guid()))).await;
    let suspended = browser.submit_nth(&page, 1, &[("do", "suspend")]).await;
    assert!(words(&suspended).contains("suspended"), "{}", words(&suspended));
    assert_eq!(calls(&place).await, Some(402));
    browser.submit_nth(&page, 1, &[("do", "resume")]).await;
    assert_eq!(calls(&place).await, None);
    place.world.end().await;
}

/// What the page shows this once.
fn secret(seen: &Seen) -> String {
    let told = words(seen);
    let (_, rest) = told.split_once("client_secret ").unwrap_or_else(|| panic!("{told}"));
    rest.split(' ').next().unwrap().to_owned()
}

async fn token_status(place: &ConsolePlace, id: &str, secret: &str) -> u16 {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", "Diadoc.PublicAPI"),
    ];
    let request = RawRequest::post("/connect/token", form(&fields))
        .header("Content-Type", "application/x-www-form-urlencoded");
    place.world.raw(request).await.status
}

#[tokio::test]
async fn programs_are_made_registered_and_shut_out() {
    let place = ConsolePlace::kept().await;
    let browser = place.browser(&place.buyer, "en").await;
    let users = browser.open(&at("/users")).await;
    let robot = [("login", "robot"), ("last", "Робот"), ("first", "Первый"), ("robot", "1")];
    browser.submit_nth(&users, NEW, &robot).await;
    let list = browser.open(&at("/programs")).await;
    let made = browser.submit_nth(&list, NEW, &[("name", "Учёт"), ("id", "erp"), ("robot", "robot")]).await;
    let first = secret(&made);
    assert_eq!(token_status(&place, "erp", &first).await, 200);
    assert!(!browser.open(&at("/programs")).await.text().contains(&first));
    let page = browser.open(&at("/programs/erp")).await;
    let another = secret(&browser.submit_nth(&page, 2, &[("do", "renew")]).await);
    assert_ne!(token_status(&place, "erp", &first).await, 200);
    assert_eq!(token_status(&place, "erp", &another).await, 200);
    browser.submit_nth(&page, 2, &[("do", "block")]).await;
    assert_ne!(token_status(&place, "erp", &another).await, 200);
    let working = browser.submit_nth(&page, 2, &[("do", "unblock")]).await;
    assert!(words(&working).contains("works"), "{}", words(&working));
    let partner = browser.submit_nth(&page, 2, &[("do", "partner")]).await;
    assert!(words(&partner).contains("partner"), "{}", words(&partner));

    let wrong = browser.submit_nth(&page, 1, &[("do", "register"), ("redirects", "nowhere")]).await;
    assert_eq!(wrong.status(), 400);
    assert!(wrong.text().contains(">nowhere</textarea>"), "{}", wrong.text());
    let uris = "https://erp.example/in\r\n https://erp.example/also \r\n";
    let kept = browser.submit_nth(&page, 1, &[("do", "register"), ("redirects", uris)]).await;
    assert!(
        kept.text().contains(">https://erp.example/in\nhttps://erp.example/also</textarea>"),
        "{}",
        kept.text()
    );
    let public = [("public", "1"), ("id", "app"), ("redirects", "http://127.0.0.1:1/in")];
    let made = browser.submit_nth(&list, NEW, &public).await;
    assert!(words(&made).contains("app") && words(&made).contains("public"), "{}", words(&made));
    let taken = browser.submit_nth(&list, NEW, &[("name", "Учёт"), ("id", "erp")]).await;
    assert_eq!(taken.status(), 400, "{}", words(&taken));
    assert_eq!(browser.open(&at("/programs/none")).await.status(), 404);
    place.world.end().await;
}

#[tokio::test]
async fn nobody_else_finds_the_pages_of_the_server() {
    let place = ConsolePlace::kept().await;
    let seller = place.browser(&place.seller, "en").await;
    let page = seller.open(&place.at(&place.seller, "/documents")).await;
    assert!(!page.text().contains("/console/server"), "{}", page.text());
    let keeper = place.browser(&place.buyer, "en").await;
    assert!(keeper.open(&place.at(&place.buyer, "/documents")).await.text().contains("/console/server"));
    for rest in PAGES {
        // The first of them leads to another one, which is not there either.
        let seen = seller.open(&at(rest)).await;
        assert_eq!(seen.status(), 404, "{rest}: {}", seen.text());
        // Whoever signs in to another program does not give the server to it.
        let token = &place.buyer.boss.access_token;
        let request = RawRequest::get(at(rest)).header("Cookie", format!("potok_console={token}"));
        let answer = place.world.raw(request).await;
        assert!(answer.status == 404 || answer.status == 303, "{rest}: {} {}", answer.status, answer.text());
    }
    // A form of a page of one's own, sent there.
    let own = seller.open(&place.at(&place.seller, "/partners")).await;
    let text = own.text().replace(&place.at(&place.seller, "/partners"), &at("/users"));
    let mark = text.split("name=\"mark\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let cookies =
        ["potok_console", "potok_form"].map(|name| format!("{name}={}", seller.cookie(name).unwrap()));
    let sent = form(&[("mark", mark), ("login", "intruder"), ("last", "A"), ("first", "B")]);
    let request = RawRequest::post(at("/users"), sent)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Cookie", cookies.join("; "));
    assert_eq!(place.world.raw(request).await.status, 404);
    assert!(place.world.app().admin().find_user("intruder").await.unwrap().is_none());
    place.world.end().await;
    // Where no keepers are named there are none, and where no requests are kept there is no page of them.
    for keepers in [vec![], vec!["boss@9612345678".to_owned()]] {
        let options = WorldOptions {
            settings: Box::new({
                let keepers = keepers.clone();
                move |settings| settings.http.keepers.clone_from(&keepers)
            }),
            ..WorldOptions::default()
        };
        let place = ConsolePlace::start_with(options).await;
        let boss = place.browser(&place.seller, "en").await;
        let expected = if keepers.is_empty() { 404 } else { 200 };
        assert_eq!(boss.open(&at("/users")).await.status(), expected);
        assert_eq!(boss.open(&at("/requests")).await.status(), 404);
        place.world.end().await;
    }
}

#[tokio::test]
async fn requests_are_found_and_explained() {
    let place = ConsolePlace::kept().await;
    let token = &place.seller.boss.access_token;
    let refused = RawRequest::post("/V3/PostMessage", r#"{"FromBoxId":"<b>"}"#)
        .bearer(token)
        .header("Content-Type", "application/json; charset=utf-8");
    assert_eq!(place.world.raw(refused).await.status, 400);
    assert_eq!(calls(&place).await, None);
    let browser = place.browser(&place.buyer, "ru").await;
    let list = browser.open(&at("/requests?status=4xx&method=postmessage")).await;
    let told = words(&list);
    assert!(told.contains("PostMessage V3") && !told.contains("GetNewEvents"), "{told}");
    let path = link(&list, "/console/server/requests/");
    let page = browser.open(&path).await;
    let told = words(&page);
    assert!(told.contains("Почему отказано") && told.contains("\"FromBoxId\": \"<b>\""), "{told}");
    assert!(told.contains("curl -X POST \"$BASE\"'/V3/PostMessage'"), "{told}");
    assert!(!page.text().contains(token.as_str()), "secrets are masked");
    let file = browser.open(&format!("{path}/file")).await;
    assert_eq!(file.page.as_ref().unwrap().header("content-type"), Some("application/json"));
    let all: serde_json::Value = serde_json::from_str(&file.text()).unwrap();
    assert_eq!(all["method"], "PostMessage V3");
    let good = browser.open(&at("/requests?method=GetNewEvents&status=200")).await;
    let page = browser.open(&link(&good, "/console/server/requests/")).await;
    assert!(
        words(&page).contains("Protobuf, base64") && words(&page).contains("TotalCount"),
        "{}",
        words(&page)
    );
    assert_eq!(browser.open(&at("/requests/0000")).await.status(), 404);
    let none = browser.open(&at("/requests?status=599")).await;
    assert!(words(&none).contains("Таких запросов нет"), "{}", words(&none));
    place.world.end().await;
}

#[tokio::test]
async fn powers_of_attorney_are_taken_in_had_at_hand_and_taken_back() {
    let place = ConsolePlace::kept().await;
    let org = &place.buyer;
    let browser = place.browser(org, "en").await;
    let own = place.at(org, "/powers");
    let empty = browser.open(&own).await;
    assert!(words(&empty).contains("There are no powers of attorney yet."), "{}", words(&empty));
    let files = [("file", "a.xml", given()), ("signature", "a.sig", "any bytes".to_owned())];
    let answer = place.upload(&browser, &empty, &own, &[("do", "register")], &files).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some(format!("{own}?done=1").as_str())));
    let list = browser.open(&own).await;
    assert!(words(&list).contains(NUMBER) && list.text().contains("value=\"default\""), "{}", list.text());
    let marked = browser.submit_nth(&list, 1, &[("do", "default")]).await;
    assert!(words(&marked).contains("default"), "{}", words(&marked));
    let unmarked = browser.submit_nth(&marked, 1, &[("do", "no-default")]).await;
    assert!(unmarked.text().contains("value=\"default\""), "{}", unmarked.text());
    // An administrator gives one to somebody else, who sees it too.
    let rights = Permissions { is_administrator: false, ..Permissions::full() };
    let clerk = place.world.person(org.box_id(), "clerk@example.com", rights).await;
    place.world.app().admin().change_password(&clerk.login, Some(PASSWORD)).await.unwrap();
    let of_clerk = format!("{own}?person={}", clerk.user_id);
    let page = browser.open(&of_clerk).await;
    let wrong = browser.submit_nth(&page, 1, &[("number", NUMBER), ("issuer", "0000000000")]).await;
    assert!(wrong.status() >= 400 && wrong.text().contains("value=\"0000000000\""), "{}", wrong.text());
    let added = browser.submit_nth(&page, 1, &[("number", NUMBER), ("issuer", INN)]).await;
    assert!(words(&added).contains(NUMBER), "{}", words(&added));
    let other = Browser::new(&place.world).speaking("ru");
    other.through("/console", &clerk.login, PASSWORD).await;
    assert!(words(&other.open(&own).await).contains(NUMBER));
    let of_boss = format!("{own}?person={}", org.boss.user_id);
    assert_eq!(other.open(&of_boss).await.status(), 404, "those of others are nobody's business");

    // Whoever keeps the server sees the register, and takes one back.
    register(&org.boss, given().replace(NUMBER, "00000000-0000-4000-8000-000000000009")).await;
    let list = browser.open(&at(&format!("/powers?q={NUMBER}"))).await;
    assert!(words(&list).contains("Holds") && !words(&list).contains("000000000009"), "{}", words(&list));
    let revoked = browser.submit_nth(&list, 2, &[("reason", "Уволен <b>")]).await;
    let told = words(&revoked);
    assert!(told.contains("Revoked") && told.contains("Уволен <b>"), "{told}");
    assert!(words(&browser.open(&own).await).contains("does not hold"));
    let again = browser.submit_nth(&list, 2, &[("reason", "")]).await;
    assert!(again.status() >= 400, "{}", words(&again));
    let nothing = place.upload(&browser, &list, &at("/powers"), &[], &files[..1]).await;
    assert_eq!(nothing.status, 400, "{}", nothing.text());
    place.world.end().await;
}
