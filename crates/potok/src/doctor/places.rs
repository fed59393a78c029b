//! The data folder, its disk, and the clock.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::UNIX_EPOCH;

use potok_types::Ticks;

use super::Findings;

/// With less room a server has little time until it stops to take anything.
const LITTLE_BYTES: u64 = 1 << 30;
/// 2026-01-01: no clock that is right shows less.
const EARLIEST: i64 = 1_767_225_600;
/// Seconds by which clocks may differ.
const DIFFERENCE: i64 = 5;

pub(super) fn look(data: &Path, now: Ticks, findings: &mut Findings) {
    if now.unix_seconds() < EARLIEST {
        findings.bad(
            format_args!("the clock shows {} seconds of Unix time, which is past", now.unix_seconds()),
            "set it: events are ordered and certificates are judged by it",
        );
    }
    if !data.is_dir() {
        let cure = "a server makes it when it starts; give the one of your server with --data";
        return findings.doubtful(format_args!("there is no data folder {}", data.display()), cure);
    }
    match probe(data) {
        Ok(written_at) if (written_at - now.unix_seconds()).abs() > DIFFERENCE => findings.doubtful(
            format_args!("the clock of the data folder is {} s ahead", written_at - now.unix_seconds()),
            "set both by the same time server: what is not needed is found by the times of files",
        ),
        Ok(_) => findings.good(format_args!("the data folder {} takes files", data.display())),
        Err(error) => findings.bad(
            format_args!("the data folder {} takes no files ({error})", data.display()),
            "make room on its disk, and let the user of the server write there",
        ),
    }
    permissions(data, findings);
    room(data, findings);
}

/// Writes a file and takes it away: when it was written, by the clock of the folder.
fn probe(data: &Path) -> io::Result<i64> {
    let path = data.join("doctor.probe");
    let mut file = File::create(&path)?;
    let written = file.write_all(b"probe").and_then(|()| file.sync_all());
    let modified = file.metadata().and_then(|found| found.modified());
    std::fs::remove_file(&path)?;
    written?;
    let since = modified?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

fn permissions(data: &Path, findings: &mut Findings) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let Ok(found) = std::fs::metadata(data) else { return };
        match found.permissions().mode() & 0o077 {
            0 => findings.good("nobody else on this machine can look into the data folder"),
            _ => findings.doubtful(
                "others on this machine can look into the data folder",
                format_args!("chmod -R go= {}, and with systemd StateDirectoryMode=0700", data.display()),
            ),
        }
    }
}

fn room(data: &Path, findings: &mut Findings) {
    #[cfg(unix)]
    {
        let Ok(found) = rustix::fs::statvfs(data) else { return };
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        let (free_mib, all_mib) = (free >> 20, found.f_blocks.saturating_mul(found.f_frsize) >> 20);
        let what = format!("{free_mib} MiB of {all_mib} are free on the disk of the data folder");
        if free < LITTLE_BYTES {
            findings.bad(what, "make room: without any, nothing is taken any more");
        } else if free_mib < all_mib / 10 {
            findings.doubtful(what, "make room before it is full");
        } else {
            findings.good(what);
        }
    }
}
