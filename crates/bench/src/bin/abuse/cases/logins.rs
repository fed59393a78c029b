//! Logins and tokens. 390 wrong passwords at once took 7.9 GB that did not come back, and whoever knew the name of a client
//! shut its users out.

use std::sync::atomic::{AtomicUsize, Ordering};

use potok_testkit::sdk::Format;
use potok_testkit::sdk::api::Payload as _;
use potok_testkit::sdk::proto::LoginPassword;

use super::Outcome;
use crate::stage::{Cast, Scene};
use crate::{Failed, wire};

async fn login(scene: &Cast, login: String, password: String) -> Result<Outcome, Failed> {
    let body = LoginPassword { login, password }.to_body(Format::Protobuf);
    let client = format!("DiadocAuth ddauth_api_client_id={}", scene.client_id);
    let answer = wire::post(scene.server, "/V3/Authenticate?type=password", Some(&client), &body).await?;
    Ok(Outcome::Answered(answer.status))
}

pub(super) async fn passwords(scene: Scene, caller: usize) -> Result<Outcome, Failed> {
    login(&scene, scene.villain.login.clone(), format!("guess {caller}")).await
}

pub(super) async fn made_up(scene: Scene, caller: usize) -> Result<Outcome, Failed> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    login(&scene, format!("nobody-{caller}-{number}@example.org"), "guess".to_owned()).await
}

pub(super) async fn empty(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    let client = format!("DiadocAuth ddauth_api_client_id={}", scene.client_id);
    let answer = wire::post(scene.server, "/V3/Authenticate?type=password", Some(&client), b"").await?;
    Ok(Outcome::Answered(answer.status))
}

pub(super) async fn bad_tokens(scene: Scene, caller: usize) -> Result<Outcome, Failed> {
    let token = format!("DiadocAuth ddauth_api_client_id={},ddauth_token=no-{caller}", scene.client_id);
    let request = wire::head("GET", "/GetMyOrganizations", Some(&token), 0);
    Ok(Outcome::Answered(wire::call(scene.server, &request, b"").await?.status))
}
