//! Answers that a browser posts to the program: a page with a button, which needs no script.

use crate::browser::Browser;
use crate::openid_place::{LOGIN, OpenidPlace, PASSWORD, REDIRECT};

/// The value of a hidden field of the page.
fn hidden(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("type=\"hidden\" name=\"{name}\" value=\""))?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}

#[tokio::test]
async fn an_answer_is_posted_by_a_button() {
    let place = OpenidPlace::start().await;
    let browser = Browser::new(&place.world);
    let asked = place.authorize(&[("response_mode", "form_post")]);
    let page = browser.through(&asked, LOGIN, PASSWORD).await;
    let html = page.text();
    assert_eq!(page.status(), 200);
    assert!(html.contains(&format!("<form method=\"post\" action=\"{REDIRECT}\"")), "{html}");
    assert!(html.contains("<button type=\"submit\"") && !html.contains("<script"), "{html}");
    assert_eq!(hidden(&html, "state").as_deref(), Some("s t"));
    let shown = page.page.as_ref().unwrap();
    let policy = shown.header("content-security-policy").unwrap();
    // The page may post to the program and to nobody else.
    let allowed = policy.split(';').find_map(|rule| rule.trim().strip_prefix("form-action ")).unwrap();
    assert!(allowed.contains("http://127.0.0.1:7"), "{policy}");
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    assert_eq!(shown.header("cache-control"), Some("no-store"), "it holds a code");
    let code = hidden(&html, "code").unwrap();
    let (status, tokens) = place.redeem(&code).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(place.opens(&tokens["access_token"]).await);
    assert_eq!(browser.submit(&page, &[]).await.url, REDIRECT, "the button leads to the program");

    // Refusals go the same way.
    let stranger = Browser::new(&place.world);
    let asked = place.authorize(&[("response_mode", "form_post"), ("prompt", "none")]);
    let html = stranger.open(&asked).await.text();
    assert_eq!(hidden(&html, "error").as_deref(), Some("login_required"), "{html}");
    assert!(html.contains(REDIRECT) && hidden(&html, "code").is_none());
    place.world.end().await;
}
