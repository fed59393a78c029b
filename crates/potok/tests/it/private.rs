//! What the server keeps is nobody else's business on the machine.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;

use crate::process::{Served, admin};

/// Everything in the folder is its owner's alone.
pub(crate) fn check(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let found = std::fs::symlink_metadata(&path).unwrap();
        assert_eq!(found.permissions().mode() & 0o077, 0, "{}", path.display());
        if found.is_dir() {
            check(&path);
        }
    }
}

fn warnings(served: Served) -> usize {
    let (_, log) = served.end();
    let is_warning =
        |line: &&serde_json::Value| line["message"] == "others on this machine can look into the data folder";
    log.iter().filter(is_warning).count()
}

#[test]
fn files_are_private_also_in_a_folder_that_is_not() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    // As a service manager makes it.
    std::fs::set_permissions(data, Permissions::from_mode(0o755)).unwrap();
    admin(data, &["organization", "create", "--name", "АО «Лютик»", "--inn", "7802000020"]).unwrap();
    let served = Served::start(data, &[]);
    check(data);
    assert_eq!(warnings(served), 1);
    std::fs::set_permissions(data, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(warnings(Served::start(data, &[])), 0);
}
