//! The certificate grant: `/authentication/certificate`, then `/connect/token`.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
use potok_cms::{KeyKind, UnixTime, enveloped_data};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::openid_place::{LOGIN, OpenidPlace, PUBLIC};

fn identities(now: i64) -> [Identity; 2] {
    let mut random = StdRng::seed_from_u64(6);
    let validity = Validity { from: UnixTime(now - 3600), to: UnixTime(now + 36_000) };
    let root = Subject::common_name("УЦ");
    let authority = Authority::root(&root, KeyKind::P256, validity, &mut random).unwrap();
    [KeyKind::P256, KeyKind::P384].map(|kind| {
        let subject = Subject::common_name("Орлова Анна");
        authority.issue_identity(&subject, kind, Role::Signer, validity, &mut random).unwrap()
    })
}

#[tokio::test]
async fn who_holds_the_key_of_a_certificate_gets_tokens() {
    let place = OpenidPlace::start().await;
    let admin = place.world.app().admin();
    let [own, stranger] = identities(place.world.clock_seconds());
    admin.add_certificate(place.user.id, own.certificate.to_pem().as_bytes()).await.unwrap();
    let thumbprint = |identity: &Identity| identity.certificate.thumbprint().to_string();
    let begin = async |public_key: &str| {
        place.post("/authentication/certificate", &[("public_key", public_key)]).await
    };
    let opened = async |identity: &Identity, form: &str| {
        let (status, told) = begin(form).await;
        assert_eq!(status, 200, "{told}");
        let sealed = BASE64_STANDARD.decode(told["encrypted_key"].as_str().unwrap()).unwrap();
        let secret = enveloped_data::decrypt(&sealed, &identity.certificate, &identity.key).unwrap();
        BASE64_STANDARD.encode(secret)
    };
    let buy = async |answer: &str, thumbprint: &str, scope: &str| {
        let fields = [
            ("grant_type", "certificate"),
            ("decrypted_key", answer),
            ("thumbprint", thumbprint),
            ("scope", scope),
        ];
        place.post("/connect/token", &fields).await
    };
    let (pem, der) = (own.certificate.to_pem(), BASE64_STANDARD.encode(own.certificate.as_der()));
    for form in [&*pem, &*der] {
        let answer = opened(&own, form).await;
        let scope = "openid offline_access Diadoc.PublicAPI";
        let (status, tokens) = buy(&answer, &thumbprint(&own).to_lowercase(), scope).await;
        assert_eq!((status, tokens["scope"].as_str()), (200, Some(scope)), "{tokens}");
        assert!(place.opens(&tokens["access_token"]).await && tokens["id_token"].is_string());
        assert!(tokens["refresh_token"].is_string());
        assert_eq!(buy(&answer, &thumbprint(&own), scope).await.1["error"], "invalid_grant", "once");
    }
    let (_, bare) = buy(&opened(&own, &der).await, &thumbprint(&own), "").await;
    assert_eq!((bare["scope"].as_str(), bare.get("refresh_token")), (Some("Diadoc.PublicAPI"), None));
    // Somebody's own certificate that nobody added, another one's name, a scope that there is none of.
    let answer = opened(&stranger, &stranger.certificate.to_pem()).await;
    let (status, told) = buy(&answer, &thumbprint(&stranger), "").await;
    assert_eq!((status, told["error"].as_str()), (400, Some("invalid_grant")), "{told}");
    assert!(told["error_description"].as_str().unwrap().contains("does not belong to any user"), "{told}");
    let answer = opened(&stranger, &stranger.certificate.to_pem()).await;
    assert_eq!(buy(&answer, &thumbprint(&own), "").await.1["error"], "invalid_grant");
    let answer = opened(&own, &der).await;
    assert_eq!(buy(&answer, &thumbprint(&own), "everything").await.1["error"], "invalid_scope");
    assert_eq!(buy("AAAA", "short", "").await.1["error"], "invalid_grant");
    for (key, error) in [("", "invalid_request"), ("bm9uZQ==", "invalid_grant")] {
        let (status, told) = begin(key).await;
        assert_eq!((status, told["error"].as_str()), (400, Some(error)), "{told}");
    }
    // What was asked by one program is not answered by another; who is shut out gets nothing.
    let answer = opened(&own, &der).await;
    let fields = [
        ("client_id", PUBLIC),
        ("grant_type", "certificate"),
        ("decrypted_key", &*answer),
        ("thumbprint", &thumbprint(&own)),
    ];
    assert_eq!(place.post_as("/connect/token", &fields).await.1["error"], "invalid_grant");
    let answer = opened(&own, &der).await;
    admin.set_user_blocked(LOGIN, true).await.unwrap();
    assert_eq!(buy(&answer, &thumbprint(&own), "").await.1["error"], "invalid_grant");
    place.world.end().await;
}
