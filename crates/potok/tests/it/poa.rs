//! The register of powers of attorney through the real binary.

use crate::process::admin;

const POWER: &str = include_str!("../../../fns/testdata/power/given.xml");
const NUMBER: &str = "0a2b4c6d-1111-4222-8333-444455556666";

#[test]
fn an_administrator_keeps_the_register_of_powers_of_attorney() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |words: &[&str]| admin(&data, &[&["poa"], words].concat());
    let file = folder.path().join("power.xml");
    let file = file.to_str().unwrap();
    assert_eq!(run(&["list"]).unwrap(), serde_json::json!([]));
    let missing = run(&["upload", file]).unwrap_err();
    assert!(missing.contains("power.xml") && missing.contains("cannot be read"), "{missing}");
    std::fs::write(file, POWER).unwrap();
    let unsigned = run(&["upload", file]).unwrap_err();
    assert!(unsigned.contains("power.xml.sig"), "{unsigned}");
    std::fs::write(format!("{file}.sig"), "any bytes").unwrap();
    let put = run(&["upload", file]).unwrap();
    assert_eq!((&put["number"], &put["issuer_inn"]), (&NUMBER.into(), &"9612345678".into()));
    assert_eq!(run(&["list"]).unwrap(), serde_json::json!([put]));

    std::fs::write(file, POWER.replace("Кладовщик", "Сторож")).unwrap();
    let taken = run(&["upload", file]).unwrap_err();
    assert!(taken.contains("another power of attorney is registered under"), "{taken}");
    std::fs::write(file, "<a/>").unwrap();
    let wrong = run(&["upload", file]).unwrap_err();
    assert!(wrong.contains("file: the root element is a"), "{wrong}");

    run(&["revoke", NUMBER, "--reason", "уволен"]).unwrap();
    let listed = run(&["list"]).unwrap();
    assert_eq!((&listed[0]["status"], &listed[0]["reason"]), (&"revoked".into(), &"уволен".into()));
    let again = run(&["revoke", NUMBER]).unwrap_err();
    assert!(again.contains("was revoked before"), "{again}");
    let unknown = run(&["revoke", "7f000000-1111-4222-8333-444455556666"]).unwrap_err();
    assert!(unknown.contains("is not in the register"), "{unknown}");
}
