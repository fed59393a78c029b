//! Nobody learns by asking which logins and certificates there are.

use base64::prelude::*;
use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
use potok_cms::{KeyKind, UnixTime, enveloped_data};
use potok_testkit::app::admin::NewUser;
use potok_testkit::{RawAnswer, RawRequest, World};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::browser::{Browser, encoded};
use crate::openid_place::{LOGIN, OpenidPlace, PASSWORD};
use crate::signatures::AT;

/// Everything of an answer that a caller sees, but for what tells one answer from the next whatever they say.
pub(crate) fn seen(answer: &RawAnswer, named: &str) -> (u16, Vec<(String, String)>, String) {
    let mut headers = answer.headers.clone();
    headers.retain(|(name, _)| !["x-kontur-trace-id", "date", "content-length"].contains(&name.as_str()));
    headers.sort();
    (answer.status, headers, answer.text().replace(named, "…"))
}

/// A user who comes in by password, one who has none, one who is shut out, and nobody.
const LOGINS: [&str; 4] = [LOGIN, "robot@example.com", "blocked@example.com", "nobody@example.com"];

async fn place() -> OpenidPlace {
    let place = OpenidPlace::start().await;
    for (login, password) in [("robot@example.com", None), ("blocked@example.com", Some(PASSWORD))] {
        let new =
            NewUser { login: login.to_owned(), password: password.map(str::to_owned), ..NewUser::default() };
        place.world.app().admin().create_user(new).await.unwrap();
    }
    place.world.app().admin().set_user_blocked("blocked@example.com", true).await.unwrap();
    place
}

#[tokio::test]
async fn wrong_passwords_tell_nothing_about_logins() {
    let place = place().await;
    let client = format!("DiadocAuth ddauth_api_client_id={}", place.program.id);
    let mut told = Vec::new();
    // The sixth attempt has to wait, whoever it is for.
    for _ in 0..7 {
        for login in LOGINS {
            let body = format!(r#"{{"login":"{login}","password":"wrong"}}"#);
            let asked = RawRequest::post("/V3/Authenticate?type=password", body)
                .header("Authorization", client.as_str())
                .header("Content-Type", "application/json");
            told.push(seen(&place.world.raw(asked).await, login));
        }
    }
    for attempt in told.chunks(LOGINS.len()) {
        assert!(attempt.iter().all(|one| *one == attempt[0]), "{attempt:#?}");
    }
    assert_eq!((told[0].0, told.last().unwrap().0), (401, 429));
    place.world.end().await;
}

#[tokio::test]
async fn the_sign_in_page_tells_nothing_about_logins() {
    let place = place().await;
    let mut told = Vec::new();
    for login in LOGINS {
        let browser = Browser::new(&place.world);
        let page = browser.open(&place.authorize(&[])).await;
        let answer = browser.submit(&page, &[("login", login), ("password", "wrong")]).await;
        // What is hidden in the form is another secret each time.
        let html = answer.text().replace(login, "…");
        let tags = html.split('<').filter(|tag| !tag.contains("hidden"));
        let words: Vec<String> = tags.map(str::to_owned).collect();
        told.push((answer.status(), words));
    }
    assert!(told.iter().all(|one| *one == told[0]), "{told:#?}");
    place.world.end().await;
}

struct Keys {
    authority: Authority,
    random: StdRng,
}

impl Keys {
    fn new() -> Self {
        let mut random = StdRng::seed_from_u64(6);
        let subject = Subject::common_name("Удостоверяющий центр");
        let authority = Authority::root(&subject, KeyKind::P256, year(), &mut random).unwrap();
        Self { authority, random }
    }

    fn issue(&mut self, name: &str) -> Identity {
        let subject = Subject::common_name(name);
        let (kind, role) = (KeyKind::P256, Role::Signer);
        self.authority.issue_identity(&subject, kind, role, year(), &mut self.random).unwrap()
    }
}

fn year() -> Validity {
    Validity { from: UnixTime(AT.0 - 3600), to: UnixTime(AT.0 + 365 * 86_400) }
}

/// Who holds a key of the own gets a challenge, and answers it in the name of other certificates.
#[tokio::test]
async fn the_holder_of_a_key_learns_nothing_about_other_certificates() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let mut keys = Keys::new();
    let (own, of_boss, of_nobody) = (keys.issue("Своя"), keys.issue("Директор"), keys.issue("Ничья"));
    world.app().admin().add_certificate(a.boss.user_id, of_boss.certificate.as_der()).await.unwrap();
    let post = async |path: String, body: &[u8]| {
        let client = format!("DiadocAuth ddauth_api_client_id={}", world.program().id);
        world.raw(RawRequest::post(path, body.to_vec()).header("Authorization", client)).await
    };
    let mut challenges = Vec::new();
    let mut told = Vec::new();
    for other in [&of_boss, &of_nobody] {
        let sealed = post("/V3/Authenticate?type=certificate".to_owned(), other.certificate.as_der()).await;
        let length = sealed.body.len();
        challenges.push((sealed.status, length));
        for is_whole in [false, true] {
            let sealed = post("/V3/Authenticate?type=certificate".to_owned(), own.certificate.as_der()).await;
            let secret = enveloped_data::decrypt(&sealed.body, &own.certificate, &own.key).unwrap();
            let token = encoded(&BASE64_STANDARD.encode(secret));
            let thumbprint = other.certificate.thumbprint().to_string();
            let answer = if is_whole {
                let path = format!("/V3/AuthenticateConfirm?token={token}");
                post(path, other.certificate.as_der()).await
            } else {
                post(format!("/V3/AuthenticateConfirm?token={token}&thumbprint={thumbprint}"), b"").await
            };
            told.push(seen(&answer, &thumbprint));
        }
    }
    assert_eq!(challenges[0].0, challenges[1].0);
    let [boss, boss_whole, nobody, nobody_whole] = &told[..] else { panic!("four answers") };
    assert_eq!((boss, boss_whole), (nobody, nobody_whole));
    assert_eq!(boss.0, 403);
    world.end().await;
}
