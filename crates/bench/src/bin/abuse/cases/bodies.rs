//! Bodies. Twenty that were held took 2.2 GB, six titles of wanted elements 3.6 GB, refused JSON ten times its size, and a form
//! 0.08 s before anybody was asked who he is.

use std::sync::LazyLock;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::Outcome;
use crate::stage::Scene;
use crate::{Failed, wire};

const LARGE: usize = 99 << 20;

fn bearer(scene: &Scene) -> String {
    format!("Bearer {}", scene.villain.token)
}

async fn posted(scene: &Scene, path: &str, token: Option<&str>, body: &[u8]) -> Result<Outcome, Failed> {
    Ok(Outcome::Answered(wire::post(scene.server, path, token, body).await?.status))
}

static JSON: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut text = br#"{"FromBoxId":"x","Nobody":["#.to_vec();
    while text.len() < 85 << 20 {
        text.extend_from_slice(br#"{"a":["b",1,null]},"#);
    }
    text.extend_from_slice(b"1]}");
    text
});

static TITLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let name = "ON_NSCHFDOPPR_2BM-7802000020_2BM-7701000010_20260201_00000000-0000-0000-0000-000000000001";
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Файл ИдФайл=\"{name}\" ВерсФорм=\"5.03\"><Документ КНД=\"1115131\">\
         <СвСчФакт>"
    )
    .into_bytes();
    while text.len() < 33 << 20 {
        text.extend_from_slice("<СвПрод/>".as_bytes());
    }
    text.extend_from_slice("</СвСчФакт></Документ></Файл>".as_bytes());
    text
});

static FORM: LazyLock<Vec<u8>> = LazyLock::new(|| b"a&".repeat(2_000_000));

pub(super) async fn prepare_json(_: Scene) -> Result<(), Failed> {
    LazyLock::force(&JSON);
    Ok(())
}

pub(super) async fn json(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    let head = format!(
        "POST /V3/PostMessage HTTP/1.1\r\nHost: potok\r\nAuthorization: {}\r\nConnection: close\r\n\
         Content-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
        bearer(&scene),
        JSON.len()
    );
    Ok(Outcome::Answered(wire::call(scene.server, head.as_bytes(), &JSON).await?.status))
}

pub(super) async fn held(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    static PIECE: [u8; wire::AT_ONCE] = [0; wire::AT_ONCE];
    let mut socket = TcpStream::connect(scene.server).await?;
    socket.write_all(&wire::head("POST", "/V3/PostMessage", Some(&bearer(&scene)), LARGE)).await?;
    for _ in 0..(98 << 20) / PIECE.len() {
        socket.write_all(&PIECE).await?;
    }
    Ok(Outcome::Holds(Box::new(socket)))
}

pub(super) async fn prepare_titles(_: Scene) -> Result<(), Failed> {
    LazyLock::force(&TITLE);
    Ok(())
}

pub(super) async fn titles(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    let path = format!("/DetectDocumentTypes?boxId={}", scene.villain.box_id);
    posted(&scene, &path, Some(&bearer(&scene)), &TITLE).await
}

pub(super) async fn prepare_forms(_: Scene) -> Result<(), Failed> {
    LazyLock::force(&FORM);
    Ok(())
}

pub(super) async fn forms(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    posted(&scene, "/connect/token", None, &FORM).await
}
