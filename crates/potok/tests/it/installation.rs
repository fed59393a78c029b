//! A server in this process with one organization in it, and a plain HTTP client.

use std::sync::Arc;

use potok::{Running, Server, Settings};
use potok_app::admin::{CreatedClient, NewOrganization, NewUser};
use potok_domain::directory::{Organization, Permissions, User};
use potok_types::{Clock, Entropy, ManualClock, SeededEntropy, Ticks};
use reqwest::header::HeaderMap;
use tempfile::TempDir;

/// A server, its clock, and somebody who may call it.
pub(crate) struct Installation {
    pub(crate) running: Running,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) client: CreatedClient,
    pub(crate) organization: Organization,
    /// Works in the organization.
    pub(crate) user: User,
    pub(crate) user_token: String,
    /// Works nowhere.
    pub(crate) stranger_token: String,
    http: reqwest::Client,
    _folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub(crate) const PASSWORD: &str = "correct horse";

impl Installation {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(folder.path());
        settings.http.requests_per_second = 0;
        change(&mut settings);
        // 2026-02-01T09:00:00Z
        let clock = Arc::new(ManualClock::new(Ticks::from_unix_nanoseconds(1_769_936_400_000_000_000)));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(7));
        let running = Server::start(settings, Arc::<ManualClock>::clone(&clock) as Arc<dyn Clock>, entropy)
            .await
            .unwrap();
        let app = running.app();
        let client = app.admin().create_client(Some("tests".to_owned()), "Tests", None).await.unwrap();
        let organization = app
            .admin()
            .create_organization(NewOrganization {
                name: "ООО «Ромашка»".to_owned(),
                inn: "7701000010".to_owned(),
                kpp: Some("770101001".to_owned()),
                ..NewOrganization::default()
            })
            .await
            .unwrap();
        let user = create_user(&running, "user@romashka.example").await;
        app.admin().put_employee(organization.box_id, user.id, "", Permissions::full()).await.unwrap();
        let stranger = create_user(&running, "stranger@nowhere.example").await;
        let user_token = app.admin().issue_access_token(&client.id, user.id).await.unwrap();
        let stranger_token = app.admin().issue_access_token(&client.id, stranger.id).await.unwrap();
        let http = http();
        Self { running, clock, client, organization, user, user_token, stranger_token, http, _folder: folder }
    }

    /// Sends a request; the address is the path with its query.
    pub(crate) async fn send(
        &self,
        verb: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let url = format!("{}{address}", self.running.base_url());
        let mut request = self.http.request(verb.parse().unwrap(), url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, body: answer.bytes().await.unwrap().to_vec() }
    }

    /// The same as the organization's employee.
    pub(crate) async fn get(&self, address: &str) -> Answer {
        let token = format!("Bearer {}", self.user_token);
        self.send("GET", address, &[("Authorization", &token)], "").await
    }

    /// Only the API client, without a user.
    pub(crate) fn client_only(&self) -> String {
        format!("DiadocAuth ddauth_api_client_id={}", self.client.id)
    }
}

/// A client without habits of its own: no proxy, no redirects. It wants some TLS, though nothing here uses it.
pub(crate) fn http() -> reqwest::Client {
    let _somebody_was_first = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

async fn create_user(running: &Running, login: &str) -> User {
    let new = NewUser {
        login: login.to_owned(),
        password: Some(PASSWORD.to_owned()),
        last_name: "Иванов".to_owned(),
        first_name: "Иван".to_owned(),
        ..NewUser::default()
    };
    running.app().admin().create_user(new).await.unwrap()
}
