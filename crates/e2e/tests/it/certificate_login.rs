//! Logging in by certificate: the two steps as the SDK takes them and as a stranger's program does.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use potok_cms::enveloped_data;
use potok_cms::gost::ParameterSet;
use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
use potok_cms::revocation::Revocation;
use potok_cms::{KeyKind, UnixTime};
use potok_sdk::{Auth, CertificateLogin, Client, Error, RetryPolicy};
use potok_testkit::{RawAnswer, RawRequest, Signatures, World, WorldOptions};
use potok_types::UserId;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// When every world begins: 2026-02-01T09:00:00Z.
const NOW: UnixTime = UnixTime(1_769_936_400);
const HOUR: i64 = 3600;

/// Issues certificates to people.
struct Issuer {
    authority: Authority,
    random: StdRng,
}

impl Issuer {
    fn new() -> Self {
        let mut random = StdRng::seed_from_u64(5);
        let validity = Validity { from: UnixTime(NOW.0 - HOUR), to: UnixTime(NOW.0 + 8760 * HOUR) };
        let subject = Subject::common_name("Удостоверяющий центр");
        let authority = Authority::root(&subject, KeyKind::P256, validity, &mut random).unwrap();
        Self { authority, random }
    }

    fn issue(&mut self, kind: KeyKind, seconds: i64) -> Identity {
        let validity = Validity { from: UnixTime(NOW.0 - HOUR), to: UnixTime(NOW.0 + seconds) };
        let subject = Subject::common_name("Иванов Иван Иванович");
        self.authority.issue_identity(&subject, kind, Role::Signer, validity, &mut self.random).unwrap()
    }
}

/// A world with a person who has a certificate.
struct Login {
    world: World,
    issuer: Issuer,
    user: UserId,
    identity: Identity,
}

impl Login {
    async fn start(kind: KeyKind) -> Self {
        let world = World::start().await;
        let mut issuer = Issuer::new();
        let user = world.organization("ООО «Ромашка»", "9612345678").await.boss.user_id;
        let identity = issuer.issue(kind, 8760 * HOUR);
        world.app().admin().add_certificate(user, identity.certificate.to_pem().as_bytes()).await.unwrap();
        Self { world, issuer, user, identity }
    }

    fn client(&self, auth: Auth) -> Client {
        let builder = Client::builder(self.world.base_url(), self.world.program().id.clone());
        builder.auth(auth).retry(RetryPolicy::NEVER).build().unwrap()
    }

    async fn post(&self, path: String, body: &[u8]) -> RawAnswer {
        let client = &self.world.program().id;
        let request = RawRequest::post(path, body.to_vec())
            .header("Authorization", format!("DiadocAuth ddauth_api_client_id={client}"));
        self.world.raw(request).await
    }

    /// The first step, and the secret in base64, ready for a query.
    async fn secret(&self, version: &str, identity: &Identity) -> String {
        let certificate = identity.certificate.as_der();
        let answer = self.post(format!("/{version}/Authenticate?type=certificate"), certificate).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/octet-stream")));
        let secret = enveloped_data::decrypt(&answer.body, &identity.certificate, &identity.key).unwrap();
        assert_eq!(secret.len(), 32);
        escaped(&BASE64_STANDARD.encode(secret))
    }

    /// The second step; `rest` is the query behind the token.
    async fn confirm(&self, version: &str, secret: &str, rest: &str, body: &[u8]) -> RawAnswer {
        self.post(format!("/{version}/AuthenticateConfirm?token={secret}{rest}"), body).await
    }

    async fn opens(&self, token: &str) -> bool {
        match self.client(Auth::Token(token.to_owned())).get_my_user_v2().await {
            Ok(user) => user.user_id == self.user.to_string(),
            Err(error) => {
                assert_eq!(error.status(), Some(401), "{error}");
                false
            }
        }
    }

    fn thumbprint(&self) -> String {
        format!("&thumbprint={}", self.identity.certificate.thumbprint())
    }
}

fn escaped(text: &str) -> String {
    text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

fn refused(answer: &RawAnswer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let code = if status == 403 { "DiadocApi.Forbidden" } else { "Http.BadRequest" };
    assert_eq!(answer.header("x-diadoc-errorcode"), Some(code));
    assert!(answer.text().contains(words), "{}", answer.text());
}

const KINDS: [KeyKind; 5] = [
    KeyKind::Rsa2048,
    KeyKind::P256,
    KeyKind::P384,
    KeyKind::Gost(ParameterSet::Tc26A256),
    KeyKind::Gost(ParameterSet::Tc26A512),
];

#[tokio::test]
async fn the_key_of_a_certificate_opens_the_account() {
    for kind in KINDS {
        let login = Login::start(kind).await;
        let Identity { certificate, key } = &login.identity;
        let file = [key.to_pem().as_str(), &certificate.to_pem()].concat();
        let client = login.client(Auth::certificate_file(file.as_bytes(), None).unwrap());
        for _ in 0..2 {
            let me = client.get_my_user_v2().await.unwrap();
            assert_eq!(me.user_id, login.user.to_string(), "{kind:?}");
        }
        // A day later the token has died, and the key gets another one.
        login.world.clock().advance_seconds(25 * HOUR);
        assert_eq!(client.get_my_user_v2().await.unwrap().user_id, login.user.to_string(), "{kind:?}");
        login.world.end().await;
    }
}

#[tokio::test]
async fn both_versions_take_the_certificate_or_its_thumbprint() {
    let login = Login::start(KeyKind::P256).await;
    let certificate = login.identity.certificate.as_der();
    let thumbprint = login.thumbprint();
    let lower = thumbprint.to_lowercase();
    for version in ["V2", "V3"] {
        for (rest, body) in [
            ("&saveBinding=False", certificate),
            ("", certificate),
            (&*thumbprint, b""),
            // With a thumbprint the body is not looked at.
            (&*format!("{lower}&saveBinding=false"), b"anything"),
        ] {
            let secret = login.secret(version, &login.identity).await;
            let answer = login.confirm(version, &secret, rest, body).await;
            assert_eq!(answer.status, 200, "{version} {rest}: {}", answer.text());
            assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
            assert!(login.opens(&answer.text()).await, "{version} {rest}");
        }
        // The secret as base64 that nobody escaped: a plus arrives as a blank.
        let secret = login.secret(version, &login.identity).await.replace("%2F", "/").replace("%3D", "=");
        let answer = login.confirm(version, &secret.replace("%2B", "+"), &thumbprint, b"").await;
        assert_eq!(answer.status, 200, "{version}: {}", answer.text());
    }
    login.world.end().await;
}

#[tokio::test]
async fn a_challenge_is_answered_once_in_time_by_its_client_for_its_certificate() {
    let mut login = Login::start(KeyKind::P256).await;
    let thumbprint = login.thumbprint();
    let waiting = "not the answer to a waiting challenge";

    let secret = login.secret("V3", &login.identity).await;
    let (first, second) = tokio::join!(
        login.confirm("V3", &secret, &thumbprint, b""),
        login.confirm("V2", &secret, &thumbprint, b"")
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400], "of two at once, one");
    refused(&login.confirm("V3", &secret, &thumbprint, b"").await, 400, waiting);

    let secret = login.secret("V3", &login.identity).await;
    login.world.clock().advance_seconds(301);
    refused(&login.confirm("V3", &secret, &thumbprint, b"").await, 400, waiting);

    let secret = login.secret("V3", &login.identity).await;
    let other =
        login.world.app().admin().create_client(Some("other".to_owned()), "Other", None).await.unwrap();
    let request = RawRequest::post(format!("/V3/AuthenticateConfirm?token={secret}{thumbprint}"), "")
        .header("Authorization", format!("DiadocAuth ddauth_api_client_id={}", other.id));
    refused(&login.world.raw(request).await, 400, waiting);
    refused(&login.confirm("V3", &secret, &thumbprint, b"").await, 400, waiting);

    // Both certificates open the account, and yet one does not answer for the other.
    let spare = login.issuer.issue(KeyKind::P256, HOUR);
    login.world.app().admin().add_certificate(login.user, spare.certificate.as_der()).await.unwrap();
    let secret = login.secret("V3", &spare).await;
    refused(&login.confirm("V3", &secret, &thumbprint, b"").await, 403, "does not belong to any user");

    // A restart in between changes nothing.
    let secret = login.secret("V3", &login.identity).await;
    login.world.restart().await;
    assert_eq!(login.confirm("V3", &secret, &thumbprint, b"").await.status, 200);
    refused(&login.confirm("V3", &secret, &thumbprint, b"").await, 400, waiting);
    login.world.end().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_or_an_answer_is_said() {
    let mut login = Login::start(KeyKind::P256).await;
    let (id, thumbprint) = (login.identity.certificate.as_der().to_vec(), login.thumbprint());

    let authenticate = "/V3/Authenticate?type=certificate";
    for (body, words) in
        [(&b""[..], "nothing was given"), (b"{}", "neither DER"), (&id[..id.len() - 1], "the end is missing")]
    {
        refused(&login.post(authenticate.to_owned(), body).await, 400, words);
    }
    let base64 = BASE64_STANDARD.encode(&id);
    assert_eq!(login.post(authenticate.to_owned(), base64.as_bytes()).await.status, 200);

    let zero = "&thumbprint=0000000000000000000000000000000000000000";
    for (token, rest, status, words) in [
        ("bm90aGluZw%3D%3D", &*thumbprint, 400, "not the answer"),
        ("%21%21", &*thumbprint, 400, "not the answer"),
        ("bm90aGluZw%3D%3D", "&thumbprint=12", 400, "40 hexadecimal digits"),
        ("bm90aGluZw%3D%3D", "", 400, "thumbprint is missing"),
        ("bm90aGluZw%3D%3D", "&saveBinding=True", 400, "X-Diadoc-ServiceKey"),
    ] {
        refused(&login.confirm("V3", token, rest, b"").await, status, words);
    }
    // A thumbprint of nobody, with a good answer: the key is there, the account is not.
    let secret = login.secret("V3", &login.identity).await;
    refused(&login.confirm("V3", &secret, zero, b"").await, 403, "does not belong to any user");

    // Strangers get a challenge too, and learn at the end that nobody knows them.
    let stranger = login.issuer.issue(KeyKind::Rsa2048, HOUR);
    let secret = login.secret("V3", &stranger).await;
    let answer = login.confirm("V3", &secret, "", stranger.certificate.as_der()).await;
    refused(&answer, 403, &format!("{} does not belong", stranger.certificate.thumbprint()));
    let error = login.client(Auth::Certificate(CertificateLogin::new(stranger))).get_my_user_v2().await;
    assert_eq!(error.unwrap_err().status(), Some(403));

    // Out of date before the first step, and between the two.
    let brief = login.issuer.issue(KeyKind::P256, 60);
    login.world.app().admin().add_certificate(login.user, brief.certificate.as_der()).await.unwrap();
    let secret = login.secret("V3", &brief).await;
    login.world.clock().advance_seconds(100);
    let rest = format!("&thumbprint={}", brief.certificate.thumbprint());
    refused(&login.confirm("V3", &secret, &rest, b"").await, 403, "it was valid until 2026-02-01T09:01:00Z");
    let late = login.post(authenticate.to_owned(), brief.certificate.as_der()).await;
    refused(&late, 400, "it was valid until 2026-02-01T09:01:00Z");
    let error =
        login.world.app().admin().add_certificate(login.user, brief.certificate.as_der()).await.unwrap_err();
    assert!(error.to_string().contains("valid until"), "{error}");
    login.world.end().await;
}

#[tokio::test]
async fn another_key_opens_nothing() {
    let mut login = Login::start(KeyKind::P256).await;
    let other = login.issuer.issue(KeyKind::P256, HOUR);
    let mixed = Identity { certificate: login.identity.certificate.clone(), key: other.key };
    let error = login.client(Auth::Certificate(CertificateLogin::new(mixed))).get_my_user_v2().await;
    let error = error.unwrap_err();
    assert!(
        matches!(&error, Error::Certificate { thumbprint, .. } if *thumbprint == login.identity.certificate.thumbprint().to_string()),
        "{error}"
    );
    login.world.end().await;
}

#[tokio::test]
async fn a_certificate_that_is_taken_away_takes_its_tokens_along() {
    let mut login = Login::start(KeyKind::P256).await;
    let app = login.world.app();
    let thumbprint = login.identity.certificate.thumbprint().to_string();
    let mine = app.admin().certificates_of(login.user).await.unwrap();
    assert_eq!(mine.iter().map(|one| &*one.thumbprint).collect::<Vec<_>>(), [&*thumbprint]);

    let stranger = login.world.organization("АО «Лютик»", "9687654321").await.boss.user_id;
    let app = login.world.app();
    let error = app.admin().add_certificate(stranger, login.identity.certificate.as_der()).await.unwrap_err();
    assert!(error.to_string().contains("opens another account"), "{error}");
    assert!(app.admin().remove_certificate(stranger, &thumbprint).await.is_err(), "it is not theirs");

    let secret = login.secret("V3", &login.identity).await;
    let token = login.confirm("V3", &secret, &login.thumbprint(), b"").await.text();
    let waiting = login.secret("V3", &login.identity).await;
    let by_other_means =
        login.world.app().admin().issue_access_token(&login.world.program().id, login.user).await.unwrap();
    assert!(login.opens(&token).await);

    login.world.app().admin().remove_certificate(login.user, &thumbprint).await.unwrap();
    assert!(!login.opens(&token).await, "what it bought is gone");
    assert!(login.opens(&by_other_means).await, "what others bought is not");
    refused(&login.confirm("V3", &waiting, &login.thumbprint(), b"").await, 403, "does not belong");

    // Whoever gets it now logs in as somebody else.
    login.world.app().admin().add_certificate(stranger, login.identity.certificate.as_der()).await.unwrap();
    login.user = stranger;
    let secret = login.secret("V3", &login.identity).await;
    let token = login.confirm("V3", &secret, &login.thumbprint(), b"").await.text();
    assert!(login.opens(&token).await);
    login.world.end().await;
}

/// A world that trusts the certificates in `folder`.
async fn trusting(folder: &Path) -> World {
    let folders = ["trust", "lists"].map(|name| folder.join(name));
    folders.iter().for_each(|folder| std::fs::create_dir_all(folder).unwrap());
    let [trust, lists] = folders;
    World::start_with(WorldOptions {
        settings: Box::new(move |settings| {
            settings.signatures = Signatures::Checked;
            settings.trust.certificates = Some(trust.clone());
            settings.trust.revocation_lists = Some(lists.clone());
        }),
        ..WorldOptions::default()
    })
    .await
}

#[tokio::test]
async fn with_configured_trust_the_issuer_counts_and_the_revocation_lists_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut issuer = Issuer::new();
    let world = trusting(folder.path()).await;
    let user = world.organization("ООО «Ромашка»", "9612345678").await.boss.user_id;
    let identity = issuer.issue(KeyKind::P256, 8760 * HOUR);
    world.app().admin().add_certificate(user, identity.certificate.as_der()).await.unwrap();
    let mut login = Login { world, issuer, user, identity };
    let thumbprint = login.thumbprint();
    let not_accepted = |words: &str| format!("{} is not accepted: {words}", &thumbprint[12..]);

    let secret = login.secret("V3", &login.identity).await;
    let answer = login.confirm("V3", &secret, &thumbprint, b"").await;
    refused(
        &answer,
        403,
        &not_accepted("The certificate is not valid: the issuer of a certificate is not known"),
    );

    // The server sees new files without a restart.
    let root = login.issuer.authority.certificate().to_pem();
    std::fs::write(folder.path().join("trust/root.pem"), root).unwrap();
    login.world.clock().advance_seconds(2);
    for version in ["V2", "V3"] {
        let secret = login.secret(version, &login.identity).await;
        let answer = login.confirm(version, &secret, &thumbprint, b"").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(login.opens(&answer.text()).await);
    }

    let spare = login.issuer.issue(KeyKind::Rsa2048, HOUR);
    login.world.app().admin().add_certificate(login.user, spare.certificate.as_der()).await.unwrap();
    let revocation = Revocation { time: UnixTime(NOW.0 - 60), reason: 1 };
    let validity = Validity { from: UnixTime(NOW.0 - HOUR), to: UnixTime(NOW.0 + HOUR) };
    let entry = (login.identity.certificate.clone(), revocation);
    let list = login.issuer.authority.revocation_list(&[entry], 1, validity).unwrap();
    std::fs::write(folder.path().join("lists/root.crl"), list).unwrap();
    login.world.clock().advance_seconds(2);
    let secret = login.secret("V3", &login.identity).await;
    let answer = login.confirm("V3", &secret, &thumbprint, b"").await;
    refused(&answer, 403, &not_accepted("The certificate is not valid: a certificate is revoked"));
    let secret = login.secret("V3", &spare).await;
    let rest = format!("&thumbprint={}", spare.certificate.thumbprint());
    assert_eq!(login.confirm("V3", &secret, &rest, b"").await.status, 200, "nobody revoked this one");
    login.world.end().await;
}
