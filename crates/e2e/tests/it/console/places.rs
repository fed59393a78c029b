//! Every place of the console, from its own table, and how it is visited: a place that is added and forgotten here fails.

use std::path::PathBuf;

use serde_json::json;

use super::place::{ConsolePlace, words};
use crate::arrows::root;
use crate::power_of_attorney::{attach, register};
use crate::webhooks::good;

/// Where no receiver listens: the port of `discard`, which nothing has any more.
pub(super) const NOBODY: &str = "http://127.0.0.1:9/events";
/// Page, stylesheet and script together.
const MOST_BYTES: usize = 100 * 1024;

/// The places: what they are called in the code.
fn places() -> Vec<String> {
    let path: PathBuf = root().join("crates/console/src/places.rs");
    let source = std::fs::read_to_string(path).unwrap();
    let (_, table) = source.split_once("\nplaces! {\n").unwrap();
    let (table, _) = table.split_once("\n}").unwrap();
    let names =
        table.lines().map(|line| line.trim().trim_end_matches(',').rsplit(' ').next().unwrap().to_owned());
    names.collect()
}

/// A webhook of the buyer whose receiver is not there: its id.
async fn failing_webhook(place: &ConsolePlace) -> String {
    let wish = json!({"url": NOBODY, "afterIndexKey": "AAAAAAAAAAA"});
    let made = good(&place.world, &place.buyer.boss, "POST", "", wish).await;
    place.world.send_to_webhooks().await;
    made["id"].as_str().unwrap().to_owned()
}

/// Fills what pages show, and tells where they are: what each is called in pictures, and its path. `ids` are of a letter that
/// waits for the buyer, who keeps the server.
pub(super) async fn stops(place: &ConsolePlace, ids: &(String, String)) -> Vec<(&'static str, String)> {
    let org = &place.buyer;
    register(&org.boss, crate::power_of_attorney::given()).await;
    attach(&org.boss, org.boss.user_id).await;
    let document = place.document(org, ids);
    let at = |rest: &str| place.at(org, rest);
    let server = |rest: &str| format!("/console/server{rest}");
    let trace = place.refused_trace().await;
    let webhook = failing_webhook(place).await;
    let mut stops = Vec::new();
    for name in places() {
        let of_it = match name.as_str() {
            "Home" => vec![("home", "/console?all=1".to_owned())],
            "Organizations" => vec![("organizations", server("/organizations"))],
            "Organization" => {
                vec![("organization", server(&format!("/organizations/{}", org.box_id().guid())))]
            }
            "Users" => vec![("users", server("/users")), ("no-users", server("/users?q=nobody"))],
            "User" => vec![("user", server(&format!("/users/{}", org.boss.user_id)))],
            "Programs" => vec![("programs", server("/programs"))],
            "Program" => vec![("program", server("/programs/potok-console"))],
            "Register" => vec![("register", server("/powers"))],
            "Requests" => {
                vec![("requests", server("/requests")), ("no-requests", server("/requests?status=599"))]
            }
            "Request" => vec![("request", server(&format!("/requests/{trace}")))],
            "Documents" => vec![
                ("documents", at("/documents")),
                ("nothing", at("/documents?status=Finished&type=Contract")),
                ("wrong", at("/documents?from=2026-03-02&to=2026-03-01")),
            ],
            "Document" => vec![("document", document.clone())],
            "Act" => ["sign", "refuse", "ask", "forward", "approve", "countersign"]
                .map(|action| (action, format!("{document}/do/{action}")))
                .into(),
            "Send" => vec![("send", at("/send")), ("send-utd", at("/send?kind=utd"))],
            "Feed" => vec![("feed", at("/feed"))],
            "Partners" => {
                vec![("partners", at("/partners")), ("no-partners", at("/partners?status=Rejected"))]
            }
            "People" => vec![("people", at("/people")), ("missing", at("/nothing"))],
            "Employee" => vec![
                ("employee", at(&format!("/people/{}", org.boss.user_id))),
                ("new-employee", at("/people/new")),
            ],
            "Powers" => vec![
                ("powers", at("/powers")),
                ("powers-of", at(&format!("/powers?person={}", org.boss.user_id))),
            ],
            "Webhooks" => vec![("webhooks", at("/webhooks"))],
            "Webhook" => vec![("webhook", at(&format!("/webhooks/{webhook}")))],
            // They lead to another page, are files, or only take forms of a page that is visited.
            "Server" | "RequestFile" | "Message" | "Print" | "Protocol" | "File" | "Live" | "Departments" => {
                vec![]
            }
            new => panic!("{new} is a place of the console that nobody visits: say here how"),
        };
        stops.extend(of_it);
    }
    stops
}

#[tokio::test]
async fn every_page_is_small_and_speaks_one_language() {
    let place = ConsolePlace::kept().await;
    let ids = place.letter(|_| {}).await;
    for number in 0..25 {
        place
            .letter(|letter| letter.0.document_attachments[0].metadata[1].value = format!("{number}/26"))
            .await;
    }
    let stops = stops(&place, &ids).await;
    for language in ["ru", "en"] {
        let browser = place.browser(&place.buyer, language).await;
        let beside: usize = {
            let (style, script) =
                (browser.open("/console/style.css").await, browser.open("/console/script.js").await);
            style.text().len() + script.text().len()
        };
        for (name, path) in &stops {
            let seen = browser.open(path).await;
            let expected = match *name {
                "wrong" => 400,
                "missing" => 404,
                _ => 200,
            };
            assert_eq!(seen.status(), expected, "{name}: {}", words(&seen));
            let bytes = seen.text().len() + beside;
            assert!(bytes <= MOST_BYTES, "{name} takes {bytes} bytes with its style and script");
            assert!(seen.text().contains(&format!("<html lang=\"{language}\">")), "{name}");
        }
    }
    place.world.end().await;
}
