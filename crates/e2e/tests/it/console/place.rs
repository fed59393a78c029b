//! Two organizations with people who have passwords, and letters between them.

use potok_testkit::{Letter, Org, RawAnswer, RawRequest, World, WorldOptions};

use crate::browser::{Browser, Seen, unescaped};

pub(crate) const PASSWORD: &str = "correct horse";

/// A world with two sides who open the console.
pub(crate) struct ConsolePlace {
    pub(crate) world: World,
    pub(crate) seller: Org,
    pub(crate) buyer: Org,
}

impl ConsolePlace {
    pub(crate) async fn start() -> Self {
        Self::start_with(WorldOptions::default()).await
    }

    /// A world whose buyer keeps the server, which keeps the last requests.
    pub(crate) async fn kept() -> Self {
        Self::start_with(WorldOptions {
            settings: Box::new(|settings| {
                settings.http.keepers = vec!["Boss@9687654321".to_owned()];
                settings.http.request_journal = 100;
                settings.webhook_ranges = "127.0.0.0/8".parse().unwrap();
            }),
            // Each node keeps the requests that came to it.
            nodes: 1,
            ..WorldOptions::default()
        })
        .await
    }

    pub(crate) async fn start_with(options: WorldOptions) -> Self {
        let world = World::start_with(options).await;
        let (mut seller, mut buyer) = world.two_sides().await;
        for org in [&mut seller, &mut buyer] {
            world.app().admin().change_password(&org.boss.login, Some(PASSWORD)).await.unwrap();
            // Another password ends the tokens that there were.
            let boss = world.known_person(org.box_id(), org.boss.user_id, &org.boss.login).await;
            org.boss = boss;
        }
        Self { world, seller, buyer }
    }

    /// A browser in which the boss of `org` has signed in.
    pub(crate) async fn browser(&self, org: &Org, language: &'static str) -> Browser<'_> {
        let browser = Browser::new(&self.world).speaking(language);
        let seen = browser.through("/console", &org.boss.login, PASSWORD).await;
        assert_eq!(seen.status(), 200, "{}", seen.text());
        browser
    }

    /// A path of the console of `org`.
    pub(crate) fn at(&self, org: &Org, rest: &str) -> String {
        format!("/console/{}{rest}", org.box_id().guid())
    }

    /// The page of the first document of a message.
    pub(crate) fn document(&self, org: &Org, ids: &(String, String)) -> String {
        self.at(org, &format!("/documents/{}/{}", ids.0, ids.1))
    }

    /// The trace id of a refused request of the buyer.
    pub(crate) async fn refused_trace(&self) -> String {
        let request = RawRequest::post("/V3/PostMessage", r#"{"FromBoxId":"nobody","ToBoxId":"somebody"}"#)
            .bearer(&self.buyer.boss.access_token)
            .header("Content-Type", "application/json; charset=utf-8");
        let answer = self.world.raw(request).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        answer.header("x-kontur-trace-id").unwrap().to_owned()
    }

    /// Sends a form of a page in parts, with files: their fields, names and bytes.
    pub(crate) async fn upload(
        &self,
        browser: &Browser<'_>,
        page: &Seen,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, String)],
    ) -> RawAnswer {
        let html = page.text();
        let mark = html.split("name=\"mark\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let part = |name: &str, more: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
        };
        let mut body = part("mark", "", mark);
        body.extend(fields.iter().map(|(name, value)| part(name, "", value)));
        body.extend(
            files.iter().map(|(name, file, bytes)| part(name, &format!("; filename=\"{file}\""), bytes)),
        );
        body.push_str("--x--\r\n");
        let cookies =
            ["potok_console", "potok_form"].map(|name| format!("{name}={}", browser.cookie(name).unwrap()));
        let request = RawRequest::post(path, body)
            .header("Content-Type", "multipart/form-data; boundary=x")
            .header("Cookie", cookies.join("; "));
        self.world.raw(request).await
    }

    /// A delivered letter of the seller that wants a signature: its message and its document.
    pub(crate) async fn letter(&self, change: impl FnOnce(&mut Letter)) -> (String, String) {
        let mut letter = Letter::new(self.seller.box_id(), self.buyer.box_id()).wants_signature();
        change(&mut letter);
        let message = self.seller.boss.post(&letter).await.unwrap();
        self.world.drain().await;
        let document = message.entities.iter().find(|entity| entity.document_info.is_some()).unwrap();
        (message.message_id.clone(), document.entity_id.clone())
    }
}

/// The text of a page without its tags, with single blanks.
pub(crate) fn words(seen: &Seen) -> String {
    let html = seen.text();
    let text: Vec<&str> = html.split('<').filter_map(|part| Some(part.split_once('>')?.1)).collect();
    unescaped(&text.join(" ").split_whitespace().collect::<Vec<_>>().join(" "))
}
