//! The pages of the sign-in in a real browser, by its keyboard only.

use std::net::Ipv4Addr;

use potok_testkit::app::admin::NewRegistration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::openid_place::{LOGIN, OpenidPlace, PASSWORD};
use crate::webdriver::{Chromium, TAB};

/// A program on this machine that waits for its answer; it shows a page to each who comes.
async fn program() -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            drop(socket.read(&mut asked).await);
            let page = "<!doctype html><title>Shop</title>";
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length:";
            drop(socket.write_all(format!("{head} {}\r\n\r\n{page}", page.len()).as_bytes()).await);
        }
    });
    (url, serving)
}

#[tokio::test]
async fn somebody_signs_in_by_the_keyboard_alone() {
    let place = OpenidPlace::start().await;
    let (redirect, serving) = program().await;
    let new = NewRegistration {
        client_id: "shop".to_owned(),
        redirect_uris: vec![redirect.clone()],
        ..NewRegistration::default()
    };
    place.world.app().admin().register_client(new).await.unwrap();
    let base = place.world.base_url();
    let chromium = Chromium::start("ru").await;

    chromium.open(&format!("{base}{}", place.authorize(&[("redirect_uri", &redirect)]))).await;
    assert_eq!(chromium.ask("title").await, "Вход");
    assert_ne!(chromium.ground("light").await, chromium.ground("dark").await);
    assert_eq!(chromium.focused().await, "login", "the first field waits");
    chromium.press(LOGIN).await;
    chromium.press(TAB).await;
    assert_eq!(chromium.focused().await, "password");
    chromium.press("wrong").await;
    chromium.send_form().await;
    let page = chromium.ask("source").await;
    assert!(page.contains("Неверный логин или пароль."), "{page}");
    assert_eq!(chromium.focused().await, "password", "the login stands there");
    chromium.press(PASSWORD).await;
    chromium.send_form().await;
    assert_eq!(chromium.ask("title").await, "Доступ для программы");
    chromium.press(TAB).await;
    assert_eq!(chromium.focused().await, "Разрешить");
    chromium.send_form().await;
    let url = chromium.ask("url").await;
    assert!(url.starts_with(&format!("{redirect}?code=")), "{url}");
    assert_eq!(chromium.ask("title").await, "Shop");

    // A device, in the same session.
    let scope = ("scope", "openid Diadoc.PublicAPI");
    let (_, begun) = place.post("/connect/deviceauthorization", &[scope]).await;
    chromium.open(begun["verification_uri"].as_str().unwrap()).await;
    assert_eq!(chromium.focused().await, "user_code");
    chromium.press(&begun["user_code"].as_str().unwrap().to_lowercase()).await;
    chromium.send_form().await;
    let page = chromium.ask("source").await;
    assert!(page.contains(begun["user_code"].as_str().unwrap()), "{page}");
    chromium.press(TAB).await;
    assert_eq!(chromium.focused().await, "Разрешить");
    chromium.send_form().await;
    assert_eq!(chromium.ask("title").await, "Устройство может продолжать");
    let device = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    let code = ("device_code", begun["device_code"].as_str().unwrap());
    let (status, tokens) = place.post("/connect/token", &[device, code]).await;
    assert_eq!(status, 200, "{tokens}");

    // And out again.
    chromium.open(&format!("{base}/connect/endsession")).await;
    chromium.press(TAB).await;
    assert_eq!(chromium.focused().await, "Выйти");
    chromium.send_form().await;
    assert_eq!(chromium.ask("title").await, "Вы вышли");
    chromium.open(&format!("{base}/signin")).await;
    assert_eq!(chromium.ask("title").await, "Вход");
    chromium.end().await;
    serving.abort();
    place.world.end().await;
}
