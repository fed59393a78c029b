//! Who is let in, and as whom.

use potok_app::{AccessError, CoreError, Place, Presented, Subject};
use potok_domain::directory::Permissions;
use potok_stories::{Who, box_of, colleague_of, user_of};
use potok_types::access::{AllDocuments, BoxEmployee, MaySign, User};
use potok_types::{BoxId, OrgId};

use crate::fixture::{AppFixture, CLIENT};

#[tokio::test]
async fn a_token_is_good_for_its_client_and_its_time() {
    let fixture = AppFixture::start().await;
    let callers = fixture.app.callers();
    let token = fixture.app.admin().issue_access_token(CLIENT, user_of(Who::A)).await.unwrap();
    let bearer = Presented::Bearer { token: token.clone() };
    let known = callers.identify(&bearer, None).await.unwrap();
    assert_eq!(known.user().unwrap().id, user_of(Who::A));

    fixture.app.admin().create_client(Some("other".to_owned()), "Other", None).await.unwrap();
    let other = Presented::DiadocAuth { client_id: "other".to_owned(), token: Some(token) };
    let other = callers.identify(&other, None).await.unwrap();
    assert!(other.has_bad_token() && other.client.id == "other", "the program is known all the same");
    assert!(matches!(other.user(), Err(AccessError::BadToken)));
    assert!(matches!(fixture.program().await.user(), Err(AccessError::NoToken)));

    fixture.clock.advance_seconds(24 * 3600 + 1);
    assert!(matches!(callers.identify(&bearer, None).await, Err(AccessError::BadToken)));
    let stranger = Presented::DiadocAuth { client_id: "nobody".to_owned(), token: None };
    assert!(matches!(callers.identify(&stranger, None).await, Err(AccessError::UnknownClient)));
}

#[tokio::test]
async fn a_box_lets_in_its_employees_who_are_not_shut_out() {
    let fixture = AppFixture::start().await;
    let callers = fixture.app.callers();
    let of = async |user| fixture.caller(user).await;
    let in_box = |box_id| Subject { place: Some(Place::Box(box_id)), person: None };
    let (mine, unknown) = (box_of(Who::A), BoxId::ZERO);
    let stranger = of(user_of(Who::B)).await;
    for box_id in [mine, unknown] {
        let refused = callers.permit::<BoxEmployee>(Some(&stranger), in_box(box_id)).await.unwrap_err();
        assert!(
            matches!(refused, AccessError::BoxDenied(id) if id == box_id),
            "a box that is not there is told by nothing"
        );
    }
    assert!(matches!(callers.permit::<BoxEmployee>(None, in_box(mine)).await, Err(AccessError::NoHeader)));
    let elsewhere = Subject { place: Some(Place::Organization(OrgId::ZERO)), person: None };
    let refused = callers.permit::<BoxEmployee>(Some(&stranger), elsewhere).await.unwrap_err();
    assert!(matches!(refused, AccessError::NoOrganization(_)));

    fixture.employ(colleague_of(Who::A), mine, Permissions { is_blocked: true, ..Permissions::full() }).await;
    let blocked = of(colleague_of(Who::A)).await;
    let refused = callers.permit::<BoxEmployee>(Some(&blocked), in_box(mine)).await.unwrap_err();
    assert!(matches!(refused, AccessError::EmployeeBlocked(_)));
    callers.permit::<User>(Some(&blocked), Subject::default()).await.unwrap();

    fixture.app.admin().set_suspended(mine, true).await.unwrap();
    let boss = of(user_of(Who::A)).await;
    let refused = callers.permit::<BoxEmployee>(Some(&boss), in_box(mine)).await.unwrap_err();
    assert!(matches!(refused, AccessError::BoxSuspended(_)));
    fixture.app.admin().set_suspended(mine, false).await.unwrap();
    callers.permit::<BoxEmployee>(Some(&boss), in_box(mine)).await.unwrap();
}

#[tokio::test]
async fn a_class_asks_for_what_it_declares() {
    let fixture = AppFixture::start().await;
    let callers = fixture.app.callers();
    let mine = Subject { place: Some(Place::Box(box_of(Who::A))), person: None };
    let colleague = fixture.caller(colleague_of(Who::A)).await;
    callers.permit::<BoxEmployee<MaySign>>(Some(&colleague), mine).await.unwrap();
    let refused = callers.permit::<AllDocuments>(Some(&colleague), mine).await.unwrap_err();
    assert!(matches!(refused, AccessError::Core(CoreError::Denied(_))), "{refused}");
    let permissions = Permissions { can_sign_documents: false, ..Permissions::full() };
    fixture.employ(colleague_of(Who::A), box_of(Who::A), permissions).await;
    callers.permit::<AllDocuments>(Some(&colleague), mine).await.unwrap();
    let refused = callers.permit::<BoxEmployee<MaySign>>(Some(&colleague), mine).await.unwrap_err();
    assert!(refused.to_string().contains("SignDocuments"), "{refused}");
}
