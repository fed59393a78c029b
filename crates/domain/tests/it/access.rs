//! Who may do and see what.

use potok_types::DepartmentId;
use potok_types::access::{
    AccessClass, Administers, AdministersOrSelf, AllDocuments, BoxEmployee, FilteredDocuments,
    ManagesCounteragents, MayAttachUniversal, MayCreate, MayDeleteRestore, MayPatch, MaySign, NamedDocuments,
    OneDepartment,
};
use proptest::prelude::*;

use potok_domain::MessageType;
use potok_domain::access::{
    Action, Addressee, Asked, Denied, Reach, Scope, check, check_documents, may, scope,
};
use potok_domain::directory::{AccessLevel, EmployeeAction, Permissions};
use potok_domain::query::FeedFilter;
use potok_stories::{
    EXPORT, SALES, STORAGE, Simulation, Story, Who, colleague_of, document, letter, organization, user_of,
};

const HEAD: DepartmentId = DepartmentId::ZERO;

fn permissions(access: AccessLevel, department: DepartmentId) -> Permissions {
    Permissions { access, department, selected_departments: vec![SALES, STORAGE], ..Permissions::full() }
}

fn some(departments: &[DepartmentId]) -> Scope {
    Scope::of_departments(departments.iter().copied())
}

#[track_caller]
fn check_scope(access: AccessLevel, department: DepartmentId, expected: &Scope) {
    let mut expected = expected.clone();
    let person = user_of(Who::A);
    if let Scope::Departments { addressee, .. } = &mut expected {
        *addressee = Some(Addressee { person, department });
    }
    assert_eq!(scope(person, &permissions(access, department), &organization(Who::A)), expected);
}

#[test]
fn the_level_says_which_departments_are_seen() {
    use AccessLevel as Level;
    check_scope(Level::AllDocuments, SALES, &Scope::All);
    check_scope(Level::DepartmentOnly, SALES, &some(&[SALES]));
    check_scope(Level::DepartmentOnly, HEAD, &some(&[HEAD]));
    check_scope(Level::DepartmentAndSubdepartments, SALES, &some(&[SALES, EXPORT]));
    check_scope(Level::DepartmentAndSubdepartments, EXPORT, &some(&[EXPORT]));
    check_scope(Level::DepartmentAndSubdepartments, HEAD, &some(&[HEAD, SALES, EXPORT, STORAGE]));
    // Listed ones only: neither the own one nor those below.
    check_scope(Level::SelectedDepartments, EXPORT, &some(&[SALES, STORAGE]));
}

#[test]
fn neither_administrators_nor_blocked_people_see_more() {
    let mut blocked = permissions(AccessLevel::AllDocuments, HEAD);
    blocked.is_blocked = true;
    let seen = scope(user_of(Who::A), &blocked, &organization(Who::A));
    assert_eq!(seen, some(&[]), "not even what they were asked about");
    assert_eq!(may(&blocked, Action::SignDocuments), Err(Denied::Blocked));
    let administrator = permissions(AccessLevel::DepartmentOnly, SALES);
    assert!(administrator.is_administrator);
    let seen = scope(user_of(Who::A), &administrator, &organization(Who::A));
    assert!(!seen.sees_department(HEAD));
}

#[test]
fn each_action_has_its_own_flag() {
    type Flag = fn(&mut Permissions) -> &mut bool;
    let flags: [(Action, Flag); 9] = [
        (Action::CreateDocuments, |it| &mut it.can_create_documents),
        (Action::SignDocuments, |it| &mut it.can_sign_documents),
        (Action::DeleteRestoreDocuments, |it| &mut it.can_delete_restore_documents),
        (Action::AddResolutions, |it| &mut it.can_add_resolutions),
        (Action::RequestResolutions, |it| &mut it.can_request_resolutions),
        (Action::ManageCounteragents, |it| &mut it.can_manage_counteragents),
        (Action::AttachUniversalMessages, |it| &mut it.can_attach_universal_messages),
        (Action::UseGoskey, |it| &mut it.can_use_goskey),
        (Action::Administrate, |it| &mut it.is_administrator),
    ];
    for (position, (action, flag)) in flags.into_iter().enumerate() {
        let mut permissions = Permissions::full();
        *flag(&mut permissions) = false;
        for (other, (tried, _)) in flags.into_iter().enumerate() {
            let expected = if other == position { Err(Denied::Permission { action }) } else { Ok(()) };
            assert_eq!(may(&permissions, tried), expected, "{tried:?} without {action:?}");
        }
    }
}

#[test]
fn documents_are_seen_where_they_lie() {
    let mut simulation = Simulation::new(1);
    let mut command = letter(vec![document()]);
    command.from_department = Some(EXPORT);
    let message = simulation.post(Who::A, &command).unwrap().message_id;
    let state = simulation.state(Who::A, message).unwrap();
    let id = simulation.document(message, 0);
    let signature = state.children(id).next().unwrap().entity.id;
    let check = |scope: &Scope, id| check_documents(scope, &state, [id]);
    assert_eq!(check(&Scope::All, id), Ok(()));
    assert_eq!(check(&some(&[EXPORT]), id), Ok(()));
    assert_eq!(check(&some(&[SALES]), id), Err(Denied::Document { document: id }));
    assert_eq!(check(&some(&[]), signature), Ok(()), "not a document: nothing to see");
}

/// Whether the colleague of A, who works in a department and sees what lies there, sees two documents of the head department
/// after what A did.
fn seen_by_colleague(of: DepartmentId, done: &str) -> [bool; 2] {
    let (story, refused) = Story::play(&format!("post Nonformalized Nonformalized delay; {done}"));
    assert_eq!(refused, None);
    let state = story.simulation.state(Who::A, story.message()).expect("the message is there");
    let permissions = Permissions { department: of, ..Permissions::none() };
    let seen = scope(colleague_of(Who::A), &permissions, &organization(Who::A));
    [0, 1].map(|nth| seen.sees_document(&state, story.simulation.document(story.message(), nth)))
}

#[test]
fn who_was_asked_sees_the_document_wherever_it_lies() {
    let asked = |done| seen_by_colleague(EXPORT, done);
    assert_eq!(asked("A tags d1 a=1"), [false, false]);
    assert_eq!(asked("A asks-approval d1"), [true, false]);
    assert_eq!(asked("A asks-approval-signature d2"), [false, true]);
    assert_eq!(asked("A asks-signature d1"), [true, false]);
    assert_eq!(asked("A asks-approval d1 to-me"), [false, false], "somebody else was asked");
    // What is taken back opens nothing, what has its answer does.
    assert_eq!(asked("A asks-approval d1; A cancels request(d1)"), [false, false]);
    assert_eq!(asked("A asks-approval d1; A' resolves-yes d1"), [true, false]);
    assert_eq!(asked("A asks-signature d1; A' denies request(d1)"), [true, false]);
    // A department is asked: everybody who works there, and nobody above or below.
    assert_eq!(asked("A asks-approval d1 to-sales"), [false, false]);
    assert_eq!(seen_by_colleague(SALES, "A asks-approval d1 to-sales"), [true, false]);
}

#[test]
fn drafts_lie_in_no_department() {
    for (kind, is_seen) in
        [(MessageType::Letter, true), (MessageType::Template, true), (MessageType::Draft, false)]
    {
        assert_eq!(some(&[SALES]).sees(kind, SALES), is_seen, "{kind:?}");
        assert!(!some(&[SALES]).sees(kind, STORAGE));
        assert!(Scope::All.sees(kind, SALES));
        let reach = if is_seen { Reach::All } else { Reach::Nothing };
        assert_eq!(some(&[SALES]).reach(kind, SALES), reach, "{kind:?}");
        assert_eq!(some(&[SALES]).reach(kind, STORAGE), Reach::Nothing);
        assert_eq!(Scope::All.reach(kind, SALES), Reach::All);
        let own =
            scope(user_of(Who::A), &permissions(AccessLevel::DepartmentOnly, SALES), &organization(Who::A));
        assert_eq!(own.reach(kind, STORAGE), Reach::Asked);
    }
    let narrowed = |kinds: &[MessageType], scope: &Scope| {
        let mut filter = FeedFilter { message_types: kinds.to_vec(), ..FeedFilter::default() };
        filter.narrow_to(scope);
        filter.message_types
    };
    use MessageType::{Draft, Letter, Template};
    assert_eq!(narrowed(&[], &some(&[SALES])), [Letter, Template]);
    assert_eq!(narrowed(&[Letter, Draft], &some(&[SALES])), [Letter]);
    assert_eq!(narrowed(&[], &Scope::All), []);
    assert_eq!(narrowed(&[Draft], &Scope::All), [Draft]);
    // Whoever asks for drafts alone and sees none is shown nothing, and not everything else.
    let mut filter = FeedFilter { message_types: vec![Draft], ..FeedFilter::default() };
    filter.within = some(&[SALES]);
    filter.narrow_to(&some(&[SALES]));
    assert_eq!(filter.within, some(&[]));
}

#[test]
fn all_documents_are_asked_for_by_organization() {
    let organization = organization(Who::A);
    assert_eq!(Scope::All.require_all(organization.org_id), Ok(()));
    let denied = some(&[HEAD]).require_all(organization.org_id).unwrap_err().to_string();
    let expected =
        format!("User must have access to all departments in organization {}", organization.org_id);
    assert!(denied.starts_with(&expected), "{denied}");
}

/// What somebody who may do everything but `missing` is told by a method of class `C`.
fn without<C: AccessClass>(missing: &[Action], is_about_self: bool) -> Result<(), Denied> {
    let mut permissions = Permissions::full();
    for action in missing {
        *match action {
            Action::CreateDocuments => &mut permissions.can_create_documents,
            Action::SignDocuments => &mut permissions.can_sign_documents,
            Action::DeleteRestoreDocuments => &mut permissions.can_delete_restore_documents,
            Action::AddResolutions => &mut permissions.can_add_resolutions,
            Action::RequestResolutions => &mut permissions.can_request_resolutions,
            Action::ManageCounteragents => &mut permissions.can_manage_counteragents,
            Action::AttachUniversalMessages => &mut permissions.can_attach_universal_messages,
            Action::UseGoskey => &mut permissions.can_use_goskey,
            Action::Administrate => &mut permissions.is_administrator,
        } = false;
    }
    let asked = Asked { is_about_self, parts: &[] };
    check(&C::ACCESS, &permissions, &organization(Who::A), &asked)
}

/// Methods of class `C` need the permissions `needed` and no others.
#[track_caller]
fn check_needs<C: AccessClass>(needed: &[Action]) {
    use Action as It;
    let all = [
        It::CreateDocuments,
        It::SignDocuments,
        It::DeleteRestoreDocuments,
        It::AddResolutions,
        It::RequestResolutions,
        It::ManageCounteragents,
        It::AttachUniversalMessages,
        It::UseGoskey,
        It::Administrate,
    ];
    for action in all {
        let expected = if needed.contains(&action) { Err(Denied::Permission { action }) } else { Ok(()) };
        assert_eq!(without::<C>(&[action], false), expected, "{} without {action:?}", C::ACCESS);
    }
}

#[test]
fn each_class_needs_its_permissions() {
    check_needs::<BoxEmployee>(&[]);
    check_needs::<BoxEmployee<MayCreate>>(&[Action::CreateDocuments]);
    check_needs::<AllDocuments<MaySign>>(&[Action::SignDocuments]);
    check_needs::<NamedDocuments<MayDeleteRestore>>(&[Action::DeleteRestoreDocuments]);
    check_needs::<NamedDocuments<MayAttachUniversal>>(&[Action::AttachUniversalMessages]);
    // Which one it is, only the patch says.
    check_needs::<NamedDocuments<MayPatch>>(&[]);
    check_needs::<ManagesCounteragents<BoxEmployee>>(&[Action::ManageCounteragents]);
    check_needs::<ManagesCounteragents<Administers<BoxEmployee>>>(&[
        Action::ManageCounteragents,
        Action::Administrate,
    ]);
    check_needs::<AdministersOrSelf<BoxEmployee>>(&[Action::Administrate]);
    assert_eq!(without::<AdministersOrSelf<BoxEmployee>>(&[Action::Administrate], true), Ok(()));
    let denied = Err(Denied::Permission { action: Action::Administrate });
    assert_eq!(without::<Administers<BoxEmployee>>(&[Action::Administrate], true), denied);
}

#[test]
fn only_methods_over_all_documents_are_closed_to_who_sees_some() {
    let clerk = permissions(AccessLevel::DepartmentAndSubdepartments, HEAD);
    let organization = organization(Who::A);
    let asked = |class: potok_types::access::Access| {
        check(&class, &clerk, &organization, &Asked { is_about_self: true, parts: &[] })
    };
    let denied = Err(Denied::AllDepartments { organization: organization.org_id });
    assert_eq!(asked(AllDocuments::<MaySign>::ACCESS), denied, "a head of everything is not everything");
    for class in [
        BoxEmployee::<MaySign>::ACCESS,
        OneDepartment::<MaySign>::ACCESS,
        NamedDocuments::<MaySign>::ACCESS,
        FilteredDocuments::<MaySign>::ACCESS,
    ] {
        assert_eq!(asked(class), Ok(()), "{class}");
    }
}

#[test]
fn blocked_people_pass_no_class_that_asks_for_something() {
    let mut blocked = Permissions::full();
    blocked.is_blocked = true;
    let class = BoxEmployee::<MayCreate>::ACCESS;
    assert_eq!(
        check(&class, &blocked, &organization(Who::A), &Asked { is_about_self: true, parts: &[] }),
        Err(Denied::Blocked)
    );
}

#[test]
fn what_the_parts_of_a_call_need_is_asked_with_its_class() {
    let parts = [Action::SignDocuments, Action::AddResolutions];
    for (missing, expected) in [
        (None, Ok(())),
        (Some(Action::CreateDocuments), Ok(())),
        (Some(Action::AddResolutions), Err(Denied::Permission { action: Action::AddResolutions })),
    ] {
        let mut permissions = Permissions::full();
        match missing {
            Some(Action::CreateDocuments) => permissions.can_create_documents = false,
            Some(Action::AddResolutions) => permissions.can_add_resolutions = false,
            _ => {}
        }
        let asked = Asked { parts: &parts, ..Asked::default() };
        let told = check(&NamedDocuments::<MayPatch>::ACCESS, &permissions, &organization(Who::A), &asked);
        assert_eq!(told, expected, "without {missing:?}");
    }
}

/// Any rights in an organization with the departments of the stories.
fn any_permissions() -> impl Strategy<Value = Permissions> {
    let department = || proptest::sample::select(vec![HEAD, SALES, EXPORT, STORAGE]);
    let levels = vec![
        AccessLevel::DepartmentOnly,
        AccessLevel::DepartmentAndSubdepartments,
        AccessLevel::AllDocuments,
        AccessLevel::SelectedDepartments,
    ];
    let selected = proptest::collection::vec(department(), 0..4);
    let flags = proptest::array::uniform9(any::<bool>());
    (department(), proptest::sample::select(levels), selected, flags, any::<bool>(), any::<bool>()).prop_map(
        |(department, access, selected_departments, flags, is_administrator, is_blocked)| {
            let mut may = Permissions {
                department,
                access,
                selected_departments,
                is_administrator,
                is_blocked,
                ..Permissions::none()
            };
            for (action, is_allowed) in EmployeeAction::ALL.into_iter().zip(flags) {
                *action.flag(&mut may) = is_allowed;
            }
            may
        },
    )
}

/// The same with one thing more, whichever `choice` says; what can be had already stays.
fn with_one_right_more(before: &Permissions, choice: usize, department: DepartmentId) -> Permissions {
    let mut after = before.clone();
    match choice {
        0 => after.is_administrator = true,
        1 => after.is_blocked = false,
        2 => after.access = AccessLevel::AllDocuments,
        3 if after.access == AccessLevel::DepartmentOnly => {
            after.access = AccessLevel::DepartmentAndSubdepartments;
        }
        3 => {}
        4 => after.selected_departments.push(department),
        _ => *EmployeeAction::ALL[choice % EmployeeAction::ALL.len()].flag(&mut after) = true,
    }
    after
}

proptest! {
    /// Whatever is added, nothing gets out of sight and nothing gets forbidden; and what is taken away again is as it was.
    #[test]
    fn one_right_more_takes_nothing_away(
        before in any_permissions(),
        choice in 0..14_usize,
        department in proptest::sample::select(vec![HEAD, SALES, EXPORT, STORAGE]),
    ) {
        let organization = organization(Who::A);
        let after = with_one_right_more(&before, choice, department);
        let colleague = colleague_of(Who::A);
        let (less, more) = (scope(colleague, &before, &organization), scope(colleague, &after, &organization));
        for seen in [HEAD, SALES, EXPORT, STORAGE] {
            prop_assert!(!less.sees_department(seen) || more.sees_department(seen), "{before:?} {after:?}");
            for kind in [MessageType::Letter, MessageType::Draft, MessageType::Template] {
                prop_assert!(!less.sees(kind, seen) || more.sees(kind, seen), "{before:?} {after:?}");
            }
        }
        prop_assert!(!less.sees_all() || more.sees_all());
        for asked in ["", "; A asks-approval d1", "; A asks-approval d1 to-sales", "; A asks-signature d2 to-me"] {
            let (story, _) = Story::play(&format!("post Nonformalized Nonformalized delay{asked}"));
            let state = story.simulation.state(Who::A, story.message()).unwrap();
            for (found, _) in state.documents() {
                let document = found.entity.id;
                let is_lost = less.sees_document(&state, document) && !more.sees_document(&state, document);
                prop_assert!(!is_lost, "{asked} {before:?} {after:?}");
            }
        }
        for action in Action::ALL {
            prop_assert!(may(&before, action).is_err() || may(&after, action).is_ok(), "{action:?}");
        }
    }
}
