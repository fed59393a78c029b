//! Test keys, signing and checking from a terminal, with the `openssl` program as a judge that we did not write.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::process::potok;
use crate::soft_token::SoftToken;

/// A folder with keys of all algorithms and a document.
struct Desk(TempDir);

impl Desk {
    fn new(rest: &[&str]) -> (Self, Value) {
        let desk = Self(TempDir::new().unwrap());
        std::fs::write(desk.path("contract.txt"), "Договор поставки\n").unwrap();
        let pki = desk.path("pki");
        let mut words = vec!["admin", "--json", "pki", "new", pki.to_str().unwrap()];
        words.extend(rest);
        let output = desk.potok(&words);
        assert!(output.status.success(), "{}", complaint(&output));
        let made = serde_json::from_slice(&output.stdout).unwrap();
        (desk, made)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn potok(&self, words: &[&str]) -> Output {
        potok(self.0.path()).args(words).current_dir(self.0.path()).output().unwrap()
    }

    fn sign(&self, key: &Value, rest: &[&str]) -> Output {
        self.potok(&[&["sign", "contract.txt", "--key", text(key)], rest].concat())
    }

    fn verify(&self, pki: &Value, rest: &[&str]) -> (Option<i32>, String) {
        let (trust, revocation) = (text(&pki["trust"]), text(&pki["revocation"]));
        let words = ["verify", "contract.txt", "--trust", trust, "--revocation", revocation];
        let output = self.potok(&[&words, rest].concat());
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs `openssl` with its GOST engine in `folder`; `None` when it is not installed, which `make tools` cures.
fn openssl(folder: &Path, words: &[&str]) -> Option<Output> {
    let config = folder.join("openssl.cnf");
    let lines = "openssl_conf = init\n[init]\nengines = engines\n[engines]\ngost = gost\n[gost]\n\
                 engine_id = gost\ndefault_algorithms = ALL\n";
    std::fs::write(&config, lines).unwrap();
    let run = |words: &[&str]| {
        Command::new("openssl").args(words).env("OPENSSL_CONF", &config).current_dir(folder).output()
    };
    if !run(&["engine", "gost"]).is_ok_and(|output| output.status.success()) {
        assert!(
            std::env::var_os("CI").is_none(),
            "openssl with the GOST engine is missing: run `make tools`"
        );
        return None;
    }
    Some(run(words).unwrap())
}

#[test]
fn what_is_signed_in_a_terminal_verifies_here_and_in_openssl() {
    let (desk, made) = Desk::new(&["--algorithms", "gost256,gost512,rsa,p256,p384"]);
    let forms = [("der", "DER"), ("pem", "PEM"), ("base64", "")];
    for (pki, (form, theirs)) in made.as_array().unwrap().iter().zip(forms.iter().cycle()) {
        let output = desk.sign(&pki["people"][0], &["--form", form]);
        assert!(output.status.success(), "{}", complaint(&output));
        let (code, said) = desk.verify(pki, &[]);
        assert_eq!(code, Some(0), "{said}");
        for words in ["The signature is good", "Ромашкина Анна Павловна", "Директор", "7701000010"]
        {
            assert!(said.contains(words), "{words}: {said}");
        }
        if theirs.is_empty() {
            continue;
        }
        let root = format!("{}/root.pem", text(&pki["trust"]));
        let words = [
            "cms",
            "-verify",
            "-binary",
            "-in",
            "contract.txt.p7s",
            "-inform",
            theirs,
            "-content",
            "contract.txt",
        ];
        let rest = ["-CAfile", &root, "-purpose", "any", "-out", "out"];
        let Some(judged) = openssl(desk.0.path(), &[&words[..], &rest].concat()) else { continue };
        assert!(judged.status.success(), "{} {}", pki["algorithm"], complaint(&judged));
    }
}

#[test]
fn what_is_wrong_is_told_with_the_likely_cause_and_the_exit_code() {
    let (desk, made) = Desk::new(&["--algorithms", "p256"]);
    let pki = &made[0];
    assert!(desk.sign(&pki["people"][0], &[]).status.success());
    let output = desk.potok(&["verify", "contract.txt"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("The signature is bad") && said.contains("is not known"),
        "nothing is trusted: {said}"
    );

    // Other ends of lines.
    std::fs::write(desk.path("contract.txt"), "Договор поставки\r\n").unwrap();
    let (code, said) = desk.verify(pki, &["--language", "ru"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("Подпись неверна") && said.contains("Вероятная причина"), "{said}");

    std::fs::write(desk.path("contract.txt.p7s"), "nothing of the kind").unwrap();
    let (code, said) = desk.verify(pki, &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("cannot be read"), "{said}");
    assert!(desk.potok(&["verify", "absent.txt"]).status.code() == Some(1));
}

#[test]
fn keys_are_behind_a_password_when_one_is_given() {
    let folder = TempDir::new().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "тайна\n").unwrap();
    let password = password.to_str().unwrap();
    let (desk, made) = Desk::new(&["--algorithms", "gost256", "--password-file", password]);
    let key = &made[0]["people"][0];
    let output = desk.sign(key, &[]);
    assert!(complaint(&output).contains("password"), "{}", complaint(&output));
    let output = desk.sign(key, &["--password-file", password]);
    assert!(output.status.success(), "{}", complaint(&output));
    assert_eq!(desk.verify(&made[0], &[]).0, Some(0));

    let pki = desk.path("pki");
    let again = desk.potok(&["admin", "pki", "new", pki.to_str().unwrap(), "--algorithms", "gost256"]);
    assert!(complaint(&again).contains("is there already"), "{}", complaint(&again));
}

#[test]
fn a_program_may_hold_the_key() {
    let (desk, made) = Desk::new(&["--algorithms", "rsa"]);
    let (pki, person) = (&made[0], text(&made[0]["people"][0]));
    let line = format!("command:openssl pkeyutl -sign -inkey {person} -pkeyopt digest:sha256");
    let certificate = person.replace(".pem", ".crt");
    let words = ["sign", "contract.txt", "--key", &line, "--certificate", &certificate];
    let output = desk.potok(&words);
    assert!(output.status.success(), "{}", complaint(&output));
    assert_eq!(desk.verify(pki, &["--trust", &format!("{}/authority.pem", text(&pki["trust"]))]).0, Some(0));

    let failing = ["sign", "contract.txt", "--key", "command:false", "--certificate", &certificate];
    let output = desk.potok(&failing);
    assert!(complaint(&output).contains("false"), "{}", complaint(&output));
    // Another key than the certificate's.
    let operator = text(&pki["operator"]);
    let line = format!("command:openssl pkeyutl -sign -inkey {operator} -pkeyopt digest:sha256");
    let output = desk.potok(&["sign", "contract.txt", "--key", &line, "--certificate", &certificate]);
    assert!(complaint(&output).contains("does not belong"), "{}", complaint(&output));
}

#[test]
fn a_token_may_hold_the_key() {
    let (desk, made) = Desk::new(&["--algorithms", "rsa,p256,p384"]);
    let Some(token) = SoftToken::new(desk.0.path()) else { return };
    let (variable, config) = token.env();
    for (index, pki) in made.as_array().unwrap().iter().enumerate() {
        let (person, name) = (text(&pki["people"][0]), text(&pki["algorithm"]));
        let id = format!("{:02x}", index + 1);
        token.import(person, name, &id);
        let sign = |uri: &str| {
            let certificate = person.replace(".pem", ".crt");
            potok(desk.0.path())
                .args(["sign", "contract.txt", "--key", uri, "--certificate", &certificate])
                .current_dir(desk.0.path())
                .env(variable, config)
                .output()
                .unwrap()
        };
        let rest = token.query();
        let output = sign(&format!("pkcs11:token=My%20token;object={name};id=%{id}{rest}"));
        assert!(output.status.success(), "{name}: {}", complaint(&output));
        let authority = format!("{}/authority.pem", text(&pki["trust"]));
        let (code, said) = desk.verify(pki, &["--trust", &authority]);
        assert_eq!(code, Some(0), "{said}");
        for (uri, words) in [
            (format!("pkcs11:token=My%20token;object=other{rest}"), "0 such private keys"),
            (format!("pkcs11:token=Other{rest}"), "My token"),
            ("pkcs11:token=a?module-path=/nowhere.so".to_owned(), "/nowhere.so"),
        ] {
            let complaint = complaint(&sign(&uri));
            assert!(complaint.contains(words), "{words}: {complaint}");
        }
    }
}
