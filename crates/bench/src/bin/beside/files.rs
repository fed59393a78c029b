//! Files of the shelf: up beside `cp` of the same bytes to the same disk, down beside nginx with the same file.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use potok_bench::load::{Connection, answer};

use crate::Failed;
use crate::nginx::Nginx;
use crate::process::{Cores, Process, on_cores, pin_client};
use crate::rows::Stage;

const MIB: usize = 1 << 20;
/// Bytes of a file.
const FILE: usize = 192 * MIB;
/// Of those that are fetched: the largest is one that the shelf made of parts.
const DOWNLOADS: [usize; 3] = [8 * MIB, 64 * MIB, FILE];
/// Parts as clients send them, and as large as they may be, by how many connections.
const UPLOADS: [(usize, usize); 4] = [(3 * MIB, 1), (3 * MIB, 4), (64 * MIB, 1), (64 * MIB, 3)];

/// How fast one thing went beside another.
pub(crate) struct Speed {
    pub(crate) name: String,
    /// MiB a second.
    pub(crate) ours: f64,
    pub(crate) theirs: f64,
}

impl Speed {
    pub(crate) fn ratio(&self) -> f64 {
        self.ours / self.theirs
    }
}

/// Rounds of both sides in turn; of each the median.
pub(crate) async fn speeds(stage: &Stage, rounds: u32) -> Result<Vec<Speed>, Failed> {
    let cores = match std::env::var("POTOK_BENCH_CORES").as_deref() {
        Ok("own") => Cores::Own,
        _ => Cores::All,
    };
    pin_client(cores)?;
    let server = &Process::serve(&stage.data, cores, &[])?;
    let folder = tempfile::tempdir_in(stage.data.parent().unwrap_or(&stage.data))?;
    let bytes = random();
    let mut speeds = Vec::new();
    for (part, connections) in UPLOADS {
        let parts = folder.path().join("parts");
        std::fs::create_dir(&parts)?;
        for (number, piece) in bytes.chunks(part).enumerate() {
            std::fs::write(parts.join(number.to_string()), piece)?;
        }
        let (mut ours, mut copied, mut in_turn) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds {
            // Of bytes that it has the server makes sure, and writes them again over those that are there.
            let new = random();
            ours.push(upload(stage, server, &new, part, connections).await?.0);
            copied.push(copy(cores, &parts, &folder.path().join("copy"))?);
            if connections == 1 {
                in_turn.push(copy_in_turn(&parts, &folder.path().join("copy"))?);
            }
        }
        std::fs::remove_dir_all(&parts)?;
        let name = format!("upload, {} MiB a part, {connections} at once", part / MIB);
        if !in_turn.is_empty() {
            speeds.push(speed(format!("{name}, each copy durable first"), FILE, [ours.clone(), in_turn]));
        }
        speeds.push(speed(name, FILE, [ours, copied]));
    }
    let root = folder.path().join("root");
    std::fs::create_dir(&root)?;
    for size in DOWNLOADS {
        std::fs::write(root.join(size.to_string()), &bytes[..size])?;
    }
    let Some(nginx) = Nginx::over(folder, cores)? else { return Ok(speeds) };
    for size in DOWNLOADS {
        let (_, name) = upload(stage, server, &bytes[..size], size.min(UPLOADS[0].0), 1).await?;
        let ours = stage.get(&format!("/V2/ShelfDownload?fileName={name}"));
        let theirs = stage.get(&format!("/{size}"));
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            times[0].push(download(server, &ours, size).await?);
            times[1].push(download(&nginx.process, &theirs, size).await?);
        }
        speeds.push(speed(format!("download, {} MiB", size / MIB), size, times));
    }
    Ok(speeds)
}

fn speed(name: String, bytes: usize, times: [Vec<Duration>; 2]) -> Speed {
    let [ours, theirs] = times.map(|mut times| {
        times.sort_unstable();
        (bytes / MIB) as f64 / times[times.len() / 2].as_secs_f64()
    });
    Speed { name, ours, theirs }
}

/// Bytes that nothing makes shorter.
fn random() -> Vec<u8> {
    let mut bytes = vec![0; FILE];
    rand::fill(&mut bytes[..]);
    bytes
}

/// Sends a file in parts over so many connections; how long until the last one was acknowledged, and the name of the file.
async fn upload(
    stage: &Stage,
    server: &Process,
    bytes: &[u8],
    part: usize,
    connections: usize,
) -> Result<(Duration, String), Failed> {
    let parts: Vec<&[u8]> = bytes.chunks(part).collect();
    let init = stage.post("/ShelfUploadPartInit", parts[0]);
    let started = Instant::now();
    let name = String::from_utf8(answer(server.address, &init).await?)?;
    let begun = started.elapsed();
    let requests: Vec<Vec<u8>> = (1..parts.len())
        .map(|number| {
            let is_last = number + 1 == parts.len();
            let path = format!("/ShelfUploadPart?fileName={name}&partIndex={number}&isLastPart={is_last}");
            stage.post(&path, parts[number])
        })
        .collect();
    let requests = Arc::new(requests);
    let started = Instant::now();
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..connections {
        let (requests, address) = (Arc::clone(&requests), server.address);
        senders.spawn(async move {
            let mut connection = Connection::open(address).await?;
            for request in requests.iter().skip(sender).step_by(connections) {
                connection.call(request).await?;
            }
            Ok::<_, std::io::Error>(())
        });
    }
    while let Some(sent) = senders.join_next().await {
        sent??;
    }
    Ok((begun + started.elapsed(), name))
}

/// `cp` of the parts, and each of them and their folder made durable.
fn copy(cores: Cores, parts: &Path, copy: &Path) -> Result<Duration, Failed> {
    let started = Instant::now();
    let done = on_cores(cores, "cp").args(["-r", "--reflink=never"]).arg(parts).arg(copy).status()?;
    if !done.success() {
        return Err("cp failed".into());
    }
    for file in std::fs::read_dir(copy)? {
        std::fs::File::open(file?.path())?.sync_all()?;
    }
    std::fs::File::open(copy)?.sync_all()?;
    let took = started.elapsed();
    std::fs::remove_dir_all(copy)?;
    Ok(took)
}

/// Copies of the parts, each durable before the next is begun, as whoever sends one after the other has them.
fn copy_in_turn(parts: &Path, copy: &Path) -> Result<Duration, Failed> {
    let started = Instant::now();
    std::fs::create_dir(copy)?;
    for part in std::fs::read_dir(parts)? {
        let part = part?;
        let place = copy.join(part.file_name());
        std::fs::copy(part.path(), &place)?;
        std::fs::File::open(place)?.sync_all()?;
        std::fs::File::open(copy)?.sync_all()?;
    }
    let took = started.elapsed();
    std::fs::remove_dir_all(copy)?;
    Ok(took)
}

async fn download(server: &Process, request: &[u8], size: usize) -> Result<Duration, Failed> {
    let mut connection = Connection::open(server.address).await?;
    let started = Instant::now();
    let length = connection.call(request).await?;
    match length == size {
        true => Ok(started.elapsed()),
        false => Err(format!("{length} bytes came").into()),
    }
}
