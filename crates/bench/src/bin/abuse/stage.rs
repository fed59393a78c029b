//! Two organizations with an exchanged document, made once and copied for each server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use serde_json::Value;

use crate::server::binary;
use crate::{Failed, wire};

/// Data of a server that was never abused.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
    demo: Value,
}

/// Who is there, as the abuse and the honest client need it.
#[derive(Debug)]
pub(crate) struct Cast {
    pub(crate) server: SocketAddr,
    pub(crate) client_id: String,
    pub(crate) message: String,
    pub(crate) document: String,
    /// Means no good: an employee of the sender, who sees everything.
    pub(crate) villain: Person,
    /// Reads: an employee of the recipient.
    pub(crate) honest: Person,
}

pub(crate) type Scene = Arc<Cast>;

/// Somebody with a token.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) login: String,
    pub(crate) user_id: String,
    pub(crate) box_id: String,
    pub(crate) other_box_id: String,
    pub(crate) token: String,
}

impl Stage {
    pub(crate) fn set() -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("made");
        let mut command = binary();
        command.arg("demo").arg("--data").arg(&data).args([
            "--once",
            "--listen",
            "127.0.0.1:0",
            "--log",
            "error",
        ]);
        let done = command.stdout(Stdio::null()).status()?;
        if !done.success() {
            return Err(format!("the demonstration ended with {done}").into());
        }
        let demo = serde_json::from_slice(&std::fs::read(data.join("demo.json"))?)?;
        Ok(Self { folder, demo })
    }

    /// A copy of the data that nobody has used.
    pub(crate) fn fresh_data(&self) -> Result<PathBuf, Failed> {
        let data = self.folder.path().join("used");
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        copy(&self.folder.path().join("made"), &data)?;
        Ok(data)
    }

    /// Logs everybody in.
    pub(crate) async fn scene(&self, server: SocketAddr) -> Result<Scene, Failed> {
        let demo = &self.demo;
        let (client_id, secret) = (text(&demo["api_client_id"]), text(&demo["client_secret"]));
        let boxes = [0, 2].map(|user| text(&demo["users"][user]["box_id"]));
        let mut people = Vec::with_capacity(2);
        for (user, box_id, other_box_id) in [(0, &boxes[0], &boxes[1]), (2, &boxes[1], &boxes[0])] {
            let user = &demo["users"][user];
            let form = format!(
                "grant_type=refresh_token&client_id={client_id}&client_secret={secret}&refresh_token={}",
                text(&user["refresh_token"]).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
            );
            let answer = wire::post(server, "/connect/token", None, form.as_bytes()).await?;
            let issued: Value = serde_json::from_slice(&answer.body)?;
            people.push(Person {
                login: text(&user["login"]),
                user_id: text(&user["user_id"]),
                box_id: box_id.clone(),
                other_box_id: other_box_id.clone(),
                token: text(&issued["access_token"]),
            });
        }
        let [villain, honest] = <[Person; 2]>::try_from(people).map_err(|_| "two people play")?;
        let exchange = &demo["exchange"];
        let (message, document) = (text(&exchange["message_id"]), text(&exchange["document_id"]));
        Ok(Arc::new(Cast { server, client_id, message, document, villain, honest }))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    std::fs::create_dir(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
