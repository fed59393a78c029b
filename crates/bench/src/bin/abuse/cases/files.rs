//! The shelf. One request with one byte took 3 GB and 7 s, and with a larger number ended the process; fifteen downloads that
//! nobody read took 6 GB as long as their sockets stayed open.

use std::sync::LazyLock;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::Outcome;
use crate::stage::Scene;
use crate::{Failed, wire};

/// Most bytes of a part.
const PART: usize = 60 << 20;
const PARTS: usize = 6;

fn path(name: &str, part: usize, is_last: bool) -> String {
    let last = if is_last { "&isLastPart=1" } else { "" };
    format!("/ShelfUpload?nameOnShelf=__userId__/{name}&partIndex={part}{last}")
}

fn token(scene: &Scene) -> String {
    format!("Bearer {}", scene.villain.token)
}

pub(super) async fn far_part(scene: Scene, caller: usize) -> Result<Outcome, Failed> {
    let path = path(&format!("far-{caller}"), 100_000_000, true);
    Ok(Outcome::Answered(wire::post(scene.server, &path, Some(&token(&scene)), b"x").await?.status))
}

pub(super) async fn many_parts(scene: Scene, caller: usize) -> Result<Outcome, Failed> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let part = NEXT.fetch_add(1, Ordering::Relaxed) % 9_999;
    let path = path(&format!("many-{caller}"), part, false);
    Ok(Outcome::Answered(wire::post(scene.server, &path, Some(&token(&scene)), b"x").await?.status))
}

pub(super) async fn large_parts(scene: Scene, caller: usize) -> Result<Outcome, Failed> {
    static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| vec![7; PART]);
    let path = path(&format!("parts-{caller}"), 0, false);
    Ok(Outcome::Answered(wire::post(scene.server, &path, Some(&token(&scene)), &BYTES).await?.status))
}

pub(super) async fn large_file(scene: Scene) -> Result<(), Failed> {
    for part in 0..PARTS {
        let mut bytes = vec![7; PART];
        bytes[..8].copy_from_slice(&part.to_le_bytes());
        let path = path("large", part, part + 1 == PARTS);
        let answer = wire::post(scene.server, &path, Some(&token(&scene)), &bytes).await?;
        if answer.status != 200 {
            return Err(format!("part {part} was answered by {}", answer.status).into());
        }
    }
    Ok(())
}

pub(super) async fn unread_download(scene: Scene, _: usize) -> Result<Outcome, Failed> {
    let mut socket = TcpStream::connect(scene.server).await?;
    let path = "/ShelfDownload?nameOnShelf=__userId__/large";
    socket.write_all(&wire::head("GET", path, Some(&token(&scene)), 0)).await?;
    Ok(Outcome::Holds(Box::new(socket)))
}
