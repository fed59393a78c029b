//! A world with programs that people sign in to.

use potok_testkit::app::admin::{CreatedClient, NewRegistration, NewUser};
use potok_testkit::domain::directory::User;
use potok_testkit::{RawAnswer, RawRequest, World, WorldOptions};
use serde_json::Value;

use crate::browser::form;

pub(crate) const LOGIN: &str = "anna@example.com";
pub(crate) const PASSWORD: &str = "correct horse";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:7/in";
pub(crate) const LOGGED_OUT: &str = "http://127.0.0.1:7/out";
/// A program without a secret.
pub(crate) const PUBLIC: &str = "desktop";
/// The verifier of RFC 7636, appendix B, and its challenge.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A world with somebody who signs in, a program with a secret, and one without.
pub(crate) struct OpenidPlace {
    pub(crate) world: World,
    pub(crate) user: User,
    pub(crate) program: CreatedClient,
}

impl OpenidPlace {
    pub(crate) async fn start() -> Self {
        Self::start_with(WorldOptions::default()).await
    }

    pub(crate) async fn start_with(options: WorldOptions) -> Self {
        let world = World::start_with(options).await;
        let admin = world.app().admin();
        let user = NewUser {
            login: LOGIN.to_owned(),
            password: Some(PASSWORD.to_owned()),
            last_name: "Орлова".to_owned(),
            first_name: "Анна".to_owned(),
            ..NewUser::default()
        };
        let user = admin.create_user(user).await.unwrap();
        let program = admin.create_client(Some("shop".to_owned()), "Shop", Some(user.id)).await.unwrap();
        for (client_id, is_public) in [("shop", false), (PUBLIC, true)] {
            let new = NewRegistration {
                client_id: client_id.to_owned(),
                name: "Desktop".to_owned(),
                is_public,
                redirect_uris: vec![REDIRECT.to_owned()],
                post_logout_redirect_uris: vec![LOGGED_OUT.to_owned()],
            };
            admin.register_client(new).await.unwrap();
        }
        Self { world, user, program }
    }

    /// Posts a form by the program with a secret.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let own = [("client_id", &*self.program.id), ("client_secret", &*self.program.secret)];
        self.post_as(path, &[&own, fields].concat()).await
    }

    /// Posts a form as it is.
    pub(crate) async fn post_as(&self, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let request =
            RawRequest::post(path, form(fields)).header("Content-Type", "application/x-www-form-urlencoded");
        let RawAnswer { status, body, .. } = self.world.raw(request).await;
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Where a program sends a browser: what has to be there, and `more`, which wins.
    pub(crate) fn authorize(&self, more: &[(&str, &str)]) -> String {
        let usual = [
            ("response_type", "code"),
            ("client_id", "shop"),
            ("scope", "openid offline_access Diadoc.PublicAPI"),
            ("redirect_uri", REDIRECT),
            ("state", "s t"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        let all: Vec<(&str, &str)> =
            kept.copied().chain(more.iter().copied()).filter(|(_, value)| !value.is_empty()).collect();
        format!("/connect/authorize?{}", form(&all))
    }

    /// Uses a code of the program with a secret.
    pub(crate) async fn redeem(&self, code: &str) -> (u16, Value) {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        self.post("/connect/token", &fields).await
    }

    /// Whether the token opens the API.
    pub(crate) async fn opens(&self, token: &Value) -> bool {
        let request = RawRequest::get("/V2/GetMyUser").bearer(token.as_str().unwrap());
        self.world.raw(request).await.status == 200
    }
}
