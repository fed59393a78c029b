//! `potok evidence` through the real binary: made beside the data of a server, read on another machine.

use std::path::Path;

use serde_json::Value;

use crate::process::potok;

/// Exit code, and what it said.
fn run(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = potok(folder).args(words).current_dir(folder).env("LANG", "C").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), said + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn what_the_demonstration_did_is_proven_elsewhere() {
    let data = tempfile::tempdir().unwrap();
    let (code, told) = run(data.path(), &["demo", "--once", "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(0), "{told}");
    let demo: Value = serde_json::from_slice(&std::fs::read(data.path().join("demo.json")).unwrap()).unwrap();
    let (box_id, message) =
        (demo["users"][0]["box_id"].as_str().unwrap(), demo["exchange"]["message_id"].as_str().unwrap());
    let (code, told) = run(
        data.path(),
        &["evidence", "export", "--box", box_id, "--message", message, "--out", "package.zip"],
    );
    // The log may have a warning behind it.
    assert_eq!((code, told.lines().next()), (Some(0), Some("package.zip")));
    let none = "00000000-0000-0000-0000-000000000001";
    let (code, told) = run(data.path(), &["evidence", "export", "--box", box_id, "--message", none]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains(none), "{told}");

    // Another machine: nothing of the server's but the package and the root that its reader trusts.
    let elsewhere = tempfile::tempdir().unwrap();
    let package = std::fs::read(data.path().join("package.zip")).unwrap();
    std::fs::write(elsewhere.path().join("package.zip"), &package).unwrap();
    let trust = data.path().join("test-pki/trust");
    let trust = trust.to_str().unwrap();
    let (code, told) = run(elsewhere.path(), &["evidence", "verify", "package.zip", "--trust", trust]);
    assert_eq!(code, Some(0), "{told}");
    for words in [
        "Sender: ООО «Ромашка», INN ",
        "proven: the manifest is signed by the operator",
        "proven: all files",
        "that the operator received the file",
        "that the operator passed on the file",
        "In all: everything is proven",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let (code, told) = run(elsewhere.path(), &["evidence", "verify", "package.zip", "--lang", "ru"]);
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("не доказано: опись подписана") && told.contains("--trust"), "{told}");
    assert!(told.contains("  Отправитель: ООО «Ромашка», ИНН ") && !told.contains("Sender"), "{told}");
    let (code, told) =
        run(elsewhere.path(), &["evidence", "verify", "package.zip", "--trust", trust, "--json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &told["outcome"]), (Some(0), &"Proven".into()));
    assert_eq!(told["manifest"]["messageId"], message);

    let mut changed = package;
    let middle = changed.len() / 3;
    changed[middle] ^= 4;
    std::fs::write(elsewhere.path().join("changed.zip"), changed).unwrap();
    let (code, told) = run(elsewhere.path(), &["evidence", "verify", "changed.zip", "--trust", trust]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("In all: the package was changed") && !told.contains("ИНН"), "{told}");
    std::fs::write(elsewhere.path().join("cut.zip"), b"PK").unwrap();
    std::fs::write(elsewhere.path().join("no.crt"), b"no certificate").unwrap();
    let russian = ["evidence", "verify", "cut.zip", "--lang", "ru", "--trust", "."];
    let (code, told) = run(elsewhere.path(), &russian);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("нарушено: архив не читается или изменён: он слишком короткий"), "{told}");
    assert!(told.contains("не учтено: ") && told.contains("no.crt – не сертификат"), "{told}");
    for (words, expected) in [
        (&["none.zip"][..], "none.zip не читается: такого файла нет"),
        (&["cut.zip", "--trust", "none"], "none не читается: укажите файл или папку"),
    ] {
        let (code, told) = run(elsewhere.path(), &[&["evidence", "verify", "--lang", "ru"], words].concat());
        assert!(code == Some(1) && told.contains(expected) && !told.contains("cannot"), "{expected}: {told}");
    }
}
