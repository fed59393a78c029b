//! Logging in by certificate through the real binary: the administrator's commands, the server's process, the SDK.

use potok_cms::gost::ParameterSet;
use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
use potok_cms::{KeyKind, UnixTime};
use potok_sdk::{Auth, Client, RetryPolicy};
use potok_types::{Clock as _, SystemClock};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::process::{Served, admin};

/// A certificate for some days around today: the binary goes by the clock of the machine.
fn identity(kind: KeyKind, random: &mut StdRng) -> Identity {
    let now = i64::try_from(SystemClock.now().unix_nanoseconds() / 1_000_000_000).unwrap();
    let validity = Validity { from: UnixTime(now - 86_400), to: UnixTime(now + 86_400) };
    let subject = Subject::common_name("Удостоверяющий центр");
    let authority = Authority::root(&subject, KeyKind::P256, validity, random).unwrap();
    let subject = Subject::common_name("Иванов Иван");
    authority.issue_identity(&subject, kind, Role::Signer, validity, random).unwrap()
}

#[tokio::test]
async fn an_administrator_adds_a_certificate_and_its_key_logs_in() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |words: &[&str]| admin(&data, words);
    let user = run(&["user", "create", "--login", "ivan", "--last-name", "И", "--first-name", "И"]).unwrap();
    let client = run(&["client", "create", "--name", "tests", "--id", "tests"]).unwrap();
    let mut random = StdRng::seed_from_u64(3);
    let gost = KeyKind::Gost(ParameterSet::CryptoProXchA);
    let identities =
        [KeyKind::Rsa2048, KeyKind::P256, KeyKind::P384, gost].map(|kind| identity(kind, &mut random));
    let file = folder.path().join("certificate.pem");
    let file = file.to_str().unwrap();

    let server = Served::start(&data, &[]);
    let connect = |identity: &Identity| {
        let bytes = [identity.key.to_pem().as_str(), &identity.certificate.to_pem()].concat();
        Client::builder(server.address(), client["client_id"].as_str().unwrap())
            .auth(Auth::certificate_file(bytes.as_bytes(), None).unwrap())
            .retry(RetryPolicy::NEVER)
            .build()
            .unwrap()
    };
    for identity in &identities {
        let unknown = connect(identity).get_my_user_v2().await.unwrap_err();
        assert_eq!(unknown.status(), Some(403), "{unknown}");
        assert!(unknown.to_string().contains("potok admin user certificate add"), "{unknown}");

        std::fs::write(file, identity.certificate.to_pem()).unwrap();
        let added = run(&["user", "certificate", "add", "--user", "ivan", file]).unwrap();
        assert_eq!(added["thumbprint"], identity.certificate.thumbprint().to_string());
        assert_eq!(added["subject"], "CN=Иванов Иван, C=RU");
        let me = connect(identity).get_my_user_v2().await.unwrap();
        assert_eq!(me.user_id, user["user_id"].as_str().unwrap());
    }
    let listed = run(&["user", "certificate", "list", "--user", "ivan"]).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), identities.len());

    let thumbprint = identities[1].certificate.thumbprint().to_string();
    let known = connect(&identities[1]);
    assert!(known.get_my_user_v2().await.is_ok());
    run(&["user", "certificate", "remove", "--user", "ivan", &thumbprint]).unwrap();
    // Its token is gone, and so is the way to another one.
    assert_eq!(known.get_my_user_v2().await.unwrap_err().status(), Some(403));
    let again = run(&["user", "certificate", "remove", "--user", "ivan", &thumbprint]).unwrap_err();
    assert!(again.contains("is no certificate of this user"), "{again}");

    std::fs::write(file, "not a certificate").unwrap();
    let wrong = run(&["user", "certificate", "add", "--user", "ivan", file]).unwrap_err();
    assert!(wrong.contains("certificate") && wrong.contains("neither DER"), "{wrong}");
    let missing = run(&["user", "certificate", "add", "--user", "ivan", "nowhere.pem"]).unwrap_err();
    assert!(missing.contains("nowhere.pem"), "{missing}");
    assert!(server.end().0.success());
}
