//! The console in a real browser: an exchange from both sides, in both languages, once by the keyboard alone; and what a judge
//! of accessibility says of every page.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use potok_testkit::{Letter, Org};
use serde_json::Value;

use super::place::{ConsolePlace, PASSWORD};
use super::places::{NOBODY, stops};
use crate::arrows::root;
use crate::webdriver::{Chromium, TAB};

async fn sign_in(chromium: &Chromium, place: &ConsolePlace, org: &Org) {
    chromium.open(&format!("{}/console", place.world.base_url())).await;
    chromium.fill("#login", &org.boss.login).await;
    chromium.fill("#password", PASSWORD).await;
    chromium.follow("button[type=submit]").await;
}

async fn sign_out(chromium: &Chromium) {
    chromium.follow(".who button").await;
}

/// The judge, as npm has it.
fn axe() -> String {
    let path = root().join("target/clients/node/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} is not there: `make tools` installs it", path.display()))
}

/// What the judge has against the page that is open, if it is worth mending.
async fn faults(chromium: &Chromium, axe: &str) -> Vec<String> {
    chromium.run(axe, &[]).await;
    let script = "const done = arguments[arguments.length - 1]; \
                  axe.run(document, {iframes: false}).then(found => done(found.violations.map(it => \
                  [it.impact, it.id, it.help, it.nodes.map(node => node.target.join(' ') + ' ' + (node.failureSummary || '')).join(' | ')].join(': '))), \
                  error => done(['critical: ' + error]));";
    let Value::Array(found) = chromium.run_to_its_end(script).await else { panic!("a list is expected") };
    let found = found.iter().map(|it| it.as_str().unwrap().to_owned());
    found.filter(|it| it.starts_with("serious") || it.starts_with("critical")).collect()
}

#[tokio::test]
async fn two_sides_exchange_a_document_in_their_browsers() {
    let place = ConsolePlace::start().await;
    place.letter(|letter| letter.0.document_attachments[0].metadata[1].value = "первое".to_owned()).await;
    let folder = tempfile::tempdir().unwrap();
    for (language, title, signed, refused, next) in [
        ("ru", "Договор поставки", "Подписан", "Отказано в подписи", "подпишите документ или откажите"),
        ("en", "Supply contract", "Signed", "Refused", "sign the document, or refuse"),
    ] {
        let chromium = Chromium::start_with(language, true).await;
        for outcome in ["sign", "refuse"] {
            // The seller sends a file.
            let file: PathBuf = folder.path().join(format!("{title} {outcome}.txt"));
            std::fs::write(&file, format!("{title}: условия, {language} {outcome}")).unwrap();
            sign_in(&chromium, &place, &place.seller).await;
            chromium.follow("nav a[href$='/send']").await;
            chromium.fill("#to", "АО").await;
            chromium.fill("#file", file.to_str().unwrap()).await;
            chromium.fill("#number", &format!("{language}-{outcome}")).await;
            chromium.fill("#words", "<b>Прошу</b> рассмотреть").await;
            chromium.follow("form.card button[type=submit]").await;
            assert!(chromium.text("h1").await.contains(&format!("{language}-{outcome}")));
            sign_out(&chromium).await;
            place.world.drain().await;
            // The buyer finds it by typing, without sending the form.
            sign_in(&chromium, &place, &place.buyer).await;
            chromium.fill("#q", &format!("{language}-{outcome}")).await;
            let selector = "#results tbody tr:only-child a";
            let found = async { while chromium.find(selector).await.is_none() {} };
            tokio::time::timeout(Duration::from_secs(60), found)
                .await
                .expect("the list follows what is typed");
            chromium.follow(selector).await;
            let page = chromium.text("main").await;
            assert!(page.contains(next) && page.contains("<b>Прошу</b> рассмотреть"), "{page}");
            chromium.follow(&format!("a[href$='/do/{outcome}']")).await;
            if outcome == "refuse" {
                chromium.fill("#words", "Цена не та").await;
                chromium.fill("#position", "Директор").await;
            }
            chromium.follow("form.card .buttons button").await;
            let page = chromium.text("main").await;
            let expected = if outcome == "sign" { signed } else { refused };
            assert!(page.contains(expected), "{expected}: {page}");
            sign_out(&chromium).await;
            place.world.drain().await;
            // The seller reads what became of it.
            sign_in(&chromium, &place, &place.seller).await;
            chromium
                .open(&format!(
                    "{}{}",
                    place.world.base_url(),
                    place.at(&place.seller, "/documents?class=Outbound")
                ))
                .await;
            chromium.follow("#results tbody tr:first-child a").await;
            let page = chromium.text(".timeline").await;
            assert!(outcome == "sign" || page.contains("Цена не та"), "{page}");
            sign_out(&chromium).await;
        }
        chromium.end().await;
    }
    place.world.end().await;
}

/// Goes on by the tabulator until the focus is on what is called so.
async fn tab_to(chromium: &Chromium, target: &str) {
    let mut seen = Vec::new();
    while seen.last().is_none_or(|it: &String| it != target) {
        assert!(seen.len() < 60, "{target} is not among {seen:?}");
        chromium.press(TAB).await;
        seen.push(chromium.focused().await);
    }
}

#[tokio::test]
async fn a_webhook_is_added_and_tried_by_the_keyboard_alone_without_scripts() {
    let place = ConsolePlace::kept().await;
    let chromium = Chromium::start("en").await;
    chromium.open(&format!("{}/console", place.world.base_url())).await;
    chromium.press(&place.buyer.boss.login).await;
    chromium.press(TAB).await;
    chromium.press(PASSWORD).await;
    chromium.send_form().await;
    for link in ["Organization", "Webhooks"] {
        tab_to(&chromium, link).await;
        chromium.send_form().await;
    }
    let page = chromium.text("main").await;
    assert!(page.contains("There are no webhooks yet."), "{page}");
    tab_to(&chromium, "url").await;
    chromium.press(NOBODY).await;
    tab_to(&chromium, "Add").await;
    chromium.send_form().await;
    let page = chromium.text("main").await;
    assert!(page.contains("whsec_") && page.contains("this once"), "{page}");
    for (target, told) in [
        (NOBODY, "Nothing has been sent yet."),
        ("Send a test", "The receiver did not take the message."),
        ("Pause", "paused"),
    ] {
        tab_to(&chromium, target).await;
        chromium.send_form().await;
        let page = chromium.text("main").await;
        assert!(page.contains(told), "{target}: {page}");
    }
    chromium.end().await;
    place.world.end().await;
}

#[tokio::test]
async fn a_document_is_signed_by_the_keyboard_alone_without_scripts() {
    let place = ConsolePlace::start().await;
    place.letter(|_| {}).await;
    let chromium = Chromium::start("ru").await;
    chromium.open(&format!("{}/console", place.world.base_url())).await;
    chromium.press(&place.buyer.boss.login).await;
    chromium.press(TAB).await;
    chromium.press(PASSWORD).await;
    chromium.send_form().await;
    for target in ["Неформализованный документ №7 от 01.02.26", "Подписать", "Подписать"]
    {
        tab_to(&chromium, target).await;
        chromium.send_form().await;
    }
    let page = chromium.text("main").await;
    assert!(page.contains("Подписан") && page.contains("Сделано."), "{page}");
    place.world.drain().await;
    chromium.end().await;
    place.world.end().await;
}

#[tokio::test]
async fn a_judge_of_accessibility_finds_nothing_serious() {
    let place = ConsolePlace::kept().await;
    let ids = place
        .letter(|letter| letter.0.document_attachments[0].comment = Some("Прошу подписать".to_owned()))
        .await;
    let stops = stops(&place, &ids).await;
    let axe = axe();
    for (language, scheme) in [("ru", "light"), ("en", "dark")] {
        let chromium = Chromium::start_with(language, true).await;
        chromium.scheme(scheme).await;
        chromium.open(&format!("{}/console", place.world.base_url())).await;
        let mut all: Vec<(String, Vec<String>)> = vec![("sign-in".to_owned(), faults(&chromium, &axe).await)];
        sign_in(&chromium, &place, &place.buyer).await;
        for (name, path) in &stops {
            for width in [1280, 390] {
                chromium.resize(width, 800).await;
                chromium.open(&format!("{}{path}", place.world.base_url())).await;
                all.push((format!("{name} {width}"), faults(&chromium, &axe).await));
                let wide = chromium.run("return document.documentElement.scrollWidth", &[]).await;
                assert!(
                    wide.as_u64().unwrap() <= u64::from(width),
                    "{name} scrolls sideways at {width}: {wide}"
                );
            }
        }
        all.retain(|(_, faults)| !faults.is_empty());
        assert!(all.is_empty(), "{language}: {all:#?}");
        chromium.end().await;
    }
    place.world.end().await;
}

/// Pictures for `docs/console.md` (`make screenshots`), and of everything for whoever wants to look: `POTOK_PICTURES` names the
/// folder, `POTOK_PICTURES_OF` which.
#[tokio::test]
async fn pictures() {
    let Some(folder) = std::env::var_os("POTOK_PICTURES").map(PathBuf::from) else { return };
    let is_all = std::env::var("POTOK_PICTURES_OF").is_ok_and(|it| it == "all");
    let place = ConsolePlace::kept().await;
    for number in 1..=6 {
        let mut letter = Letter::new(place.seller.box_id(), place.buyer.box_id()).wants_signature();
        let metadata = &mut letter.0.document_attachments[0].metadata;
        metadata[0].value = format!("Договор поставки {number}.txt");
        metadata[1].value = format!("{number}/26");
        place.seller.boss.post(&letter).await.unwrap();
    }
    place.world.drain().await;
    let ids = place
        .letter(|letter| {
            letter.0.document_attachments[0].comment = Some("Прошу подписать до пятницы".to_owned())
        })
        .await;
    let stops = stops(&place, &ids).await;
    std::fs::create_dir_all(&folder).unwrap();
    let shots: &[(&str, &str, u32)] = match is_all {
        true => &[("ru", "light", 1280), ("en", "dark", 1280), ("ru", "dark", 390), ("en", "light", 390)],
        false => &[("en", "light", 1100), ("ru", "dark", 1100)],
    };
    for (language, scheme, width) in shots {
        let chromium = Chromium::start_with(language, true).await;
        chromium.scheme(scheme).await;
        chromium.resize(*width, 800).await;
        sign_in(&chromium, &place, &place.buyer).await;
        for (name, path) in &stops {
            let is_wanted = is_all
                || (*language == "en" && ["documents", "send-utd", "request"].contains(name))
                || (*language == "ru" && *name == "document");
            if !is_wanted {
                continue;
            }
            chromium.open(&format!("{}{path}", place.world.base_url())).await;
            let height = chromium.run("return document.documentElement.scrollHeight", &[]).await;
            let height = u32::try_from(height.as_u64().unwrap()).unwrap();
            chromium.resize(*width, height.clamp(500, 2400)).await;
            let picture = STANDARD.decode(chromium.picture(false).await).unwrap();
            let file = if is_all {
                format!("{name}-{language}-{scheme}-{width}.png")
            } else {
                format!("console-{name}.png")
            };
            std::fs::write(folder.join(file), picture).unwrap();
            chromium.resize(*width, 800).await;
        }
        chromium.end().await;
    }
    place.world.end().await;
}
