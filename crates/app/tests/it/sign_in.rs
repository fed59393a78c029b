//! People sign in to programs: what holds when several come at once.

use std::sync::Arc;

use potok_app::admin::{NewRegistration, NewUser};
use potok_app::{AuthorizationRequest, ClientProof, GrantError, Presented, SignedIn};
use potok_stories::{Who, user_of};
use proptest::prelude::*;

use crate::fixture::AppFixture;

const REDIRECT: &str = "https://shop.example/in";
/// The verifier of RFC 7636, appendix B, and its challenge.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn signed_in(fixture: &AppFixture) -> SignedIn {
    let new = NewUser {
        login: "anna@example".to_owned(),
        password: Some("correct horse".to_owned()),
        ..NewUser::default()
    };
    fixture.app.admin().create_user(new).await.unwrap();
    let new = NewRegistration {
        client_id: "desktop".to_owned(),
        is_public: true,
        redirect_uris: vec![REDIRECT.to_owned()],
        ..NewRegistration::default()
    };
    fixture.app.admin().register_client(new).await.unwrap();
    let session = fixture.app.login().sign_in("Anna@example", "correct horse", None).await.unwrap();
    fixture.app.login().signed_in(&session).await.unwrap().unwrap()
}

async fn code(fixture: &AppFixture, who: &SignedIn) -> String {
    let request = AuthorizationRequest {
        client_id: Some("desktop".to_owned()),
        redirect_uri: Some(REDIRECT.to_owned()),
        response_type: Some("code".to_owned()),
        scope: Some("offline_access Diadoc.PublicAPI".to_owned()),
        code_challenge: Some(CHALLENGE.to_owned()),
        code_challenge_method: Some("S256".to_owned()),
        ..AuthorizationRequest::default()
    };
    let asked = fixture.app.login().asked(&request).await.unwrap();
    let reply = fixture.app.login().allow(&asked, who).await.unwrap();
    reply.parameters.iter().find(|(name, _)| *name == "code").unwrap().1.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_several_use_at_once_buys_nothing_that_lasts() {
    let fixture = Arc::new(AppFixture::start().await);
    let who = signed_in(&fixture).await;
    let code = code(&fixture, &who).await;
    let using = (0..8).map(|_| {
        let (fixture, code) = (Arc::clone(&fixture), code.clone());
        tokio::spawn(async move {
            let proof = ClientProof::public("desktop");
            fixture.app.login().tokens_by_code(&proof, &code, Some(REDIRECT), Some(VERIFIER)).await
        })
    });
    let mut bought = Vec::new();
    for used in using.collect::<Vec<_>>() {
        match used.await.unwrap() {
            Ok(issued) => bought.push(issued),
            Err(error) => assert!(matches!(error, GrantError::BadCode), "{error}"),
        }
    }
    assert_eq!(bought.len(), 1, "one of them is first");
    let presented = Presented::Bearer { token: bought[0].access_token.clone() };
    assert!(fixture.app.callers().identify(&presented, None).await.is_err());
    let refresh = bought[0].refresh_token.clone().unwrap();
    let proof = ClientProof::public("desktop");
    let again = fixture.app.login().tokens_by_refresh(&proof, &refresh, None).await;
    assert!(matches!(again, Err(GrantError::InvalidGrant)));
}

#[tokio::test]
async fn a_public_program_proves_nothing_by_its_id() {
    let fixture = AppFixture::start().await;
    signed_in(&fixture).await;
    let login = fixture.app.login();
    let desktop = ClientProof::public("desktop");
    assert!(matches!(login.tokens_by_client(&desktop, "").await, Err(GrantError::InvalidClient)));
    assert!(matches!(login.introspect(&desktop, "x").await, Err(GrantError::InvalidClient)));
    // A secret that there is none of is wrong, and so is none where there is one.
    let guess = ClientProof::secret("desktop", "guess");
    assert!(matches!(login.begin_device(&guess, "").await, Err(GrantError::InvalidClient)));
    let own = fixture.app.admin().create_client(Some("own".to_owned()), "Own", None).await.unwrap();
    let bare = ClientProof::public(&own.id);
    assert!(matches!(login.begin_device(&bare, "").await, Err(GrantError::InvalidClient)));
    assert!(login.begin_device(&ClientProof::secret(&own.id, &own.secret), "").await.is_ok());
}

/// What the rule of the house says about a chain of refresh tokens.
#[derive(Default)]
struct Chain {
    /// Of each token the one that it follows, and since when it is spent, in seconds.
    tokens: Vec<(Option<usize>, Option<i64>)>,
    is_over: bool,
}

impl Chain {
    /// Uses a token; the number of the next one.
    fn used(&mut self, number: usize, now: i64) -> Option<usize> {
        match self.tokens[number].1 {
            _ if self.is_over => None,
            Some(spent) => {
                self.is_over = now > spent + 60;
                None
            }
            None => {
                for (other, (parent, spent)) in self.tokens.iter_mut().enumerate() {
                    if other != number && *parent != Some(number) && spent.is_none() {
                        *spent = Some(now);
                    }
                }
                self.tokens.push((Some(number), None));
                Some(self.tokens.len() - 1)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the order in which somebody, or two, use the tokens of a chain, and however late.
    #[test]
    fn refresh_tokens_obey_the_rule_in_any_order(
        uses in prop::collection::vec((0usize..100, prop_oneof![Just(0i64), Just(7), Just(100)]), 1..24),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let fixture = AppFixture::start().await;
            let own = fixture.app.admin().create_client(Some("own".to_owned()), "Own", None).await.unwrap();
            let proof = ClientProof::secret(&own.id, &own.secret);
            let first = fixture.app.admin().issue_refresh_token(&own.id, user_of(Who::A)).await.unwrap();
            let mut chain = Chain { tokens: vec![(None, None)], is_over: false };
            let (mut texts, mut now, mut siblings) = (vec![first], 0, [0; 64]);
            for (choice, seconds) in uses {
                let number = choice % texts.len();
                // Of the next ones of a token only the newest eight are kept, which is another rule.
                if siblings[number] == 8 {
                    continue;
                }
                now += seconds;
                fixture.clock.advance_seconds(seconds);
                let bought = fixture.app.login().tokens_by_refresh(&proof, &texts[number], None).await;
                match (chain.used(number, now), bought) {
                    (Some(_), Ok(issued)) => {
                        siblings[number] += 1;
                        texts.push(issued.refresh_token.unwrap());
                    }
                    (None, Err(GrantError::InvalidGrant)) => {}
                    (expected, found) => panic!("token {number} at {now}: {expected:?}, {found:?}"),
                }
            }
        });
    }
}
