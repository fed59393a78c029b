//! How somebody gets a token.

use potok_app::admin::{CreatedClient, NewUser};
use potok_app::{ClientProof, GrantError, LoginError, NamedCertificate, Presented, Subject};
use potok_stories::{Who, user_of};
use potok_types::access::KnownClient;

use crate::fixture::{AppFixture, CLIENT};

const DAY: i64 = 24 * 3600;

fn proof(client: &CreatedClient) -> ClientProof {
    ClientProof::secret(&client.id, &client.secret)
}

#[tokio::test]
async fn a_password_opens_its_own_account_only() {
    let fixture = AppFixture::start().await;
    let new = NewUser {
        login: "anna@example".to_owned(),
        password: Some("correct horse".to_owned()),
        ..NewUser::default()
    };
    let user = fixture.app.admin().create_user(new).await.unwrap();
    let program = fixture.program().await;
    let client =
        fixture.app.callers().permit::<KnownClient>(Some(&program), Subject::default()).await.unwrap();
    let login = async |login: &str, password: &str| {
        fixture.app.login().by_password(&client, login, password, None, None).await
    };

    let token = login("ANNA@example", "correct horse").await.unwrap();
    let caller = fixture.app.callers().identify(&Presented::Bearer { token }, None).await.unwrap();
    assert_eq!(caller.user().unwrap().id, user.id);
    // Who has no password, who is not there, and who mistypes are told the same.
    for (name, password) in [("anna@example", "correct Horse"), ("boss@A", ""), ("nobody", "correct horse")] {
        assert!(matches!(login(name, password).await, Err(LoginError::WrongPassword)), "{name}");
    }
}

/// One thread, so that the login stands where its password is looked at until everything else is done.
#[tokio::test(flavor = "current_thread")]
async fn a_password_that_is_changed_while_it_is_looked_at_opens_nothing() {
    let fixture = AppFixture::start().await;
    let admin = fixture.app.admin();
    admin.change_password("boss@B", Some("old")).await.unwrap();
    let program = fixture.program().await;
    let client =
        fixture.app.callers().permit::<KnownClient>(Some(&program), Subject::default()).await.unwrap();
    let login =
        async |password: &str| fixture.app.login().by_password(&client, "boss@B", password, None, None).await;
    for (before, change) in [("old", Some("new")), ("new", None)] {
        let mut looking = std::pin::pin!(login(before));
        // Polled once: the hash was read, and is being compared.
        let begun = std::future::poll_fn(|context| {
            std::task::Poll::Ready(looking.as_mut().poll(context).is_pending())
        });
        assert!(begun.await);
        admin.change_password("boss@B", change).await.unwrap();
        assert!(matches!(looking.await, Err(LoginError::WrongPassword)), "{before}");
    }
    admin.change_password("boss@B", Some("third")).await.unwrap();
    login("third").await.unwrap();
}

#[tokio::test]
async fn a_refresh_token_lives_as_long_as_it_is_used() {
    let fixture = AppFixture::start().await;
    let admin = fixture.app.admin();
    let mine = admin.create_client(Some("mine".to_owned()), "Mine", None).await.unwrap();
    let other = admin.create_client(Some("other".to_owned()), "Other", None).await.unwrap();
    let token = admin.issue_refresh_token(&mine.id, user_of(Who::A)).await.unwrap();
    let login = fixture.app.login();
    for _ in 0..3 {
        fixture.clock.advance_seconds(179 * DAY);
        let issued = login.tokens_by_refresh(&proof(&mine), &token, None).await.unwrap();
        assert_ne!(issued.refresh_token.unwrap(), token, "the next one, which this program throws away");
        let presented = Presented::Bearer { token: issued.access_token };
        let caller = fixture.app.callers().identify(&presented, None).await.unwrap();
        assert_eq!((caller.user().unwrap().id, &*caller.client.id), (user_of(Who::A), "mine"));
    }
    let wrong = login.tokens_by_refresh(&ClientProof::secret(&mine.id, "guess"), &token, None).await;
    assert!(matches!(wrong, Err(GrantError::InvalidClient)));
    let stolen = login.tokens_by_refresh(&proof(&other), &token, None).await;
    assert!(matches!(stolen, Err(GrantError::InvalidGrant)));
    fixture.clock.advance_seconds(181 * DAY);
    let late = login.tokens_by_refresh(&proof(&mine), &token, None).await;
    assert!(matches!(late, Err(GrantError::InvalidGrant)));
}

#[tokio::test]
async fn refresh_tokens_follow_each_other_and_a_late_one_ends_them_all() {
    let fixture = AppFixture::start().await;
    let admin = fixture.app.admin();
    let mine = admin.create_client(Some("mine".to_owned()), "Mine", None).await.unwrap();
    let first = admin.issue_refresh_token(&mine.id, user_of(Who::A)).await.unwrap();
    let other = admin.issue_refresh_token(&mine.id, user_of(Who::A)).await.unwrap();
    let login = fixture.app.login();
    let buy = async |token: &str| {
        let bought = login.tokens_by_refresh(&proof(&mine), token, None).await;
        bought.map(|issued| (issued.access_token, issued.refresh_token.unwrap()))
    };
    let is_good = async |access: &str| {
        let presented = Presented::Bearer { token: access.to_owned() };
        fixture.app.callers().identify(&presented, None).await.is_ok()
    };
    // The answer got lost: the first one buys again, however late.
    let (_, lost) = buy(&first).await.unwrap();
    fixture.clock.advance_seconds(DAY);
    let (_, second) = buy(&first).await.unwrap();
    let (access, third) = buy(&second).await.unwrap();
    // A repeated call that is a little late is refused, and that is all; so is the sibling that nobody got.
    for spent in [&first, &lost] {
        assert!(matches!(buy(spent).await, Err(GrantError::InvalidGrant)));
    }
    assert!(is_good(&access).await);
    // Later it shows that two have tokens of the chain.
    fixture.clock.advance_seconds(61);
    assert!(matches!(buy(&first).await, Err(GrantError::InvalidGrant)));
    assert!(!is_good(&access).await);
    assert!(matches!(buy(&third).await, Err(GrantError::InvalidGrant)));
    assert!(buy(&other).await.is_ok(), "another chain goes on");
}

#[tokio::test]
async fn a_refresh_token_stays_the_only_one_where_that_is_wanted() {
    let fixture = AppFixture::start_with(|options| options.rotate_refresh_tokens = false).await;
    let admin = fixture.app.admin();
    let mine = admin.create_client(Some("mine".to_owned()), "Mine", None).await.unwrap();
    let token = admin.issue_refresh_token(&mine.id, user_of(Who::A)).await.unwrap();
    for _ in 0..2 {
        fixture.clock.advance_seconds(179 * DAY);
        let issued = fixture.app.login().tokens_by_refresh(&proof(&mine), &token, None).await.unwrap();
        assert_eq!(issued.refresh_token.as_deref(), Some(&*token));
    }
}

#[tokio::test]
async fn who_is_blocked_gets_no_token_by_any_way() {
    let fixture = AppFixture::start().await;
    let admin = fixture.app.admin();
    let robot = admin.create_client(Some("robot".to_owned()), "Robot", Some(user_of(Who::B))).await.unwrap();
    admin.change_password("boss@B", Some("correct horse")).await.unwrap();
    let refresh = admin.issue_refresh_token(&robot.id, user_of(Who::B)).await.unwrap();
    let access = admin.issue_access_token(&robot.id, user_of(Who::B)).await.unwrap();
    assert_eq!(admin.set_user_blocked("BOSS@b", true).await.unwrap(), 2);

    let login = fixture.app.login();
    let program = fixture.program().await;
    let client =
        fixture.app.callers().permit::<KnownClient>(Some(&program), Subject::default()).await.unwrap();
    let refused = login.by_password(&client, "boss@B", "correct horse", None, None).await;
    assert!(matches!(refused, Err(LoginError::UserBlocked)));
    let guessed = login.by_password(&client, "boss@B", "x", None, None).await;
    assert!(matches!(guessed, Err(LoginError::WrongPassword)), "that it is blocked is told to nobody else");
    let refused = login.tokens_by_refresh(&proof(&robot), &refresh, None).await;
    assert!(matches!(refused, Err(GrantError::InvalidGrant)));
    let refused = login.tokens_by_client(&proof(&robot), "").await;
    assert!(matches!(refused, Err(GrantError::UserBlocked)));
    let presented = Presented::Bearer { token: access };
    assert!(fixture.app.callers().identify(&presented, None).await.is_err());
    assert!(admin.issue_access_token(&robot.id, user_of(Who::B)).await.is_err());

    admin.set_user_blocked("boss@B", false).await.unwrap();
    login.by_password(&client, "boss@B", "correct horse", None, None).await.unwrap();
    assert!(fixture.app.callers().identify(&presented, None).await.is_err(), "revoked is revoked");
}

#[tokio::test]
async fn a_robot_acts_as_its_service_account() {
    let fixture = AppFixture::start().await;
    let admin = fixture.app.admin();
    let robot = admin.create_client(Some("robot".to_owned()), "Robot", Some(user_of(Who::B))).await.unwrap();
    let bare = admin.create_client(Some("bare".to_owned()), "Bare", None).await.unwrap();
    let login = fixture.app.login();
    let issued = login.tokens_by_client(&proof(&robot), "").await.unwrap();
    assert_eq!((issued.refresh_token, &*issued.scope), (None, "Diadoc.PublicAPI"));
    let presented = Presented::Bearer { token: issued.access_token };
    let caller = fixture.app.callers().identify(&presented, None).await.unwrap();
    assert_eq!(caller.user().unwrap().id, user_of(Who::B));
    let refused = login.tokens_by_client(&proof(&robot), "Diadoc.PublicAPI everything").await;
    assert!(matches!(refused, Err(GrantError::InvalidScope)));
    let refused = login.tokens_by_client(&proof(&bare), "").await;
    assert!(matches!(refused, Err(GrantError::UnauthorizedClient)));
    // A client without a secret proves nothing.
    let refused = login.tokens_by_client(&ClientProof::public(CLIENT), "").await;
    assert!(matches!(refused, Err(GrantError::InvalidClient)));
}

#[tokio::test]
async fn an_answer_to_no_challenge_is_none() {
    let fixture = AppFixture::start().await;
    let program = fixture.program().await;
    let client =
        fixture.app.callers().permit::<KnownClient>(Some(&program), Subject::default()).await.unwrap();
    let named = || NamedCertificate::Thumbprint("AB".repeat(20));
    for answer in ["AAAA", "not base64!"] {
        let refused = fixture.app.login().by_certificate(&client, answer, named(), None).await;
        assert!(matches!(refused, Err(LoginError::BadChallenge)), "{answer}");
    }
    let short = NamedCertificate::Thumbprint("AB".to_owned());
    let refused = fixture.app.login().by_certificate(&client, "AAAA", short, None).await.unwrap_err();
    assert!(refused.to_string().starts_with("thumbprint:"), "{refused}");
    let refused = fixture.app.login().challenge(&client, bytes::Bytes::from_static(b"no certificate")).await;
    assert!(matches!(refused, Err(LoginError::BadCertificate(_))));
}
