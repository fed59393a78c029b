//! Signing in to the console and out of it, and what nobody may see.

use potok_testkit::RawRequest;
use potok_testkit::domain::directory::Permissions;

use super::place::{ConsolePlace, PASSWORD, words};
use crate::browser::Browser;

#[tokio::test]
async fn somebody_signs_in_by_a_code_and_out_again() {
    let place = ConsolePlace::start().await;
    let browser = Browser::new(&place.world).speaking("en");
    let deep = place.at(&place.seller, "/documents?class=Outbound");
    let asked = browser.open(&deep).await;
    assert!(asked.has("password") && asked.url.contains("/connect/authorize?"), "{}", asked.url);
    assert!(asked.url.contains("code_challenge_method=S256"), "{}", asked.url);
    let login = &place.seller.boss.login;
    let seen = browser.submit(&asked, &[("login", login), ("password", PASSWORD)]).await;
    assert!(seen.url.ends_with(&deep), "nobody is asked to allow the server its own pages: {}", seen.url);
    assert!(words(&seen).contains("Иванов Иван"), "{}", seen.text());
    // The session is the browser's alone, and its token is that of no other program.
    let token = browser.cookie("potok_console").unwrap();
    let answer = place.world.raw(RawRequest::get("/V2/GetMyUser").bearer(&token)).await;
    assert_eq!(answer.status, 200);
    let page = seen.page.as_ref().unwrap();
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self';"), "{policy}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    // And out: the token opens nothing any more.
    let out = browser.submit(&seen, &[]).await;
    assert!(words(&out).contains("You are signed out"), "{}", out.text());
    let answer = place.world.raw(RawRequest::get("/V2/GetMyUser").bearer(&token)).await;
    assert_eq!(answer.status, 401);
    assert!(browser.open(&deep).await.has("password"));
    place.world.end().await;
}

#[tokio::test]
async fn a_box_of_others_and_none_look_the_same() {
    let place = ConsolePlace::start().await;
    let ids = place.letter(|_| {}).await;
    let stranger = place.world.third_side().await;
    place.world.app().admin().change_password(&stranger.boss.login, Some(PASSWORD)).await.unwrap();
    let browser = place.browser(&stranger, "ru").await;
    let none = "/console/00000000-0000-4000-8000-00000000abcd";
    for rest in [
        "/documents",
        &format!("/documents/{}/{}", ids.0, ids.1),
        &format!("/documents/{}/{}/file/{}", ids.0, ids.1, ids.1),
        "/nothing",
    ] {
        let foreign = browser.open(&place.at(&place.seller, rest)).await;
        let nothing = browser.open(&format!("{none}{rest}")).await;
        let unnamed = |seen: &crate::browser::Seen, id: &str| seen.text().replace(id, "BOX");
        assert_eq!((foreign.status(), nothing.status()), (404, 404), "{rest}");
        let [foreign, nothing] =
            [unnamed(&foreign, &place.seller.box_id().guid()), unnamed(&nothing, &none[9..])];
        assert_eq!(foreign, nothing, "{rest}");
    }
    // Nor does a colleague without the right see what is of another department.
    place.world.end().await;
}

#[tokio::test]
async fn forms_of_elsewhere_do_nothing() {
    let place = ConsolePlace::start().await;
    let browser = place.browser(&place.seller, "en").await;
    let token = browser.cookie("potok_console").unwrap();
    let mark = browser.cookie("potok_form").unwrap();
    let cookies = format!("potok_console={token}; potok_form={mark}");
    let send = |body: &str, site: &str| {
        let request = RawRequest::post("/console/out", body.to_owned())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Cookie", cookies.clone())
            .header("Sec-Fetch-Site", site.to_owned());
        place.world.raw(request)
    };
    for (body, site) in [("", "same-origin"), ("mark=x", "same-origin"), ("mark=x", "cross-site")] {
        assert_eq!(send(body, site).await.status, 400, "{body} {site}");
    }
    let answer = place.world.raw(RawRequest::get("/V2/GetMyUser").bearer(&token)).await;
    assert_eq!(answer.status, 200, "the session is still there");
    // Without a session a form is nobody's.
    let answer = place.world.raw(RawRequest::post("/console/out", "mark=x")).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/console/in?return=%2Fconsole")));
    let answer = place.world.raw(RawRequest { verb: "PUT".to_owned(), ..RawRequest::get("/console") }).await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, POST")));
    place.world.end().await;
}

#[tokio::test]
async fn an_answer_that_was_not_asked_for_signs_nobody_in() {
    let place = ConsolePlace::start().await;
    let browser = Browser::new(&place.world).speaking("en");
    for query in ["code=x&state=y", "error=access_denied", "code=x"] {
        let seen = browser.open(&format!("/console/in?{query}")).await;
        assert_eq!(seen.status(), 400, "{query}");
        assert!(words(&seen).contains("sign in again"), "{}", seen.text());
        assert_eq!(browser.cookie("potok_console"), None);
    }
    // Nor is anybody sent elsewhere afterwards.
    let asked = browser.open("/console/in?return=%2F%2Fevil.example").await;
    let login = &place.seller.boss.login;
    let seen = browser.submit(&asked, &[("login", login), ("password", PASSWORD)]).await;
    assert!(seen.url.ends_with("/documents"), "{}", seen.url);
    place.world.end().await;
}

#[tokio::test]
async fn boxes_are_chosen_and_languages_too() {
    let place = ConsolePlace::start().await;
    let (world, seller, buyer) = (&place.world, &place.seller, &place.buyer);
    let lonely = world.person(seller.box_id(), "lonely@example.com", Permissions::full()).await;
    world.app().admin().change_password(&lonely.login, Some(PASSWORD)).await.unwrap();
    let admin = world.app().admin();
    admin.put_employee(buyer.box_id(), lonely.user_id, "Бухгалтер", Permissions::full()).await.unwrap();
    let browser = Browser::new(world).speaking("ru");
    let seen = browser.through("/console", &lonely.login, PASSWORD).await;
    let told = words(&seen);
    assert!(
        told.contains("Ваши организации") && told.contains("Ромашка") && told.contains("Лютик"),
        "{told}"
    );
    let english = browser.open("/console/language?to=en&return=%2Fconsole%3Fall%3D1").await;
    assert!(words(&english).contains("Your organizations"), "{}", english.text());
    assert!(words(&browser.open("/console").await).contains("Your organizations"), "it is kept");
    let elsewhere = browser.open("/console/language?to=ru&return=https%3A%2F%2Fevil.example").await;
    assert!(elsewhere.url.ends_with("/console"), "{}", elsewhere.url);
    place.world.end().await;
}
