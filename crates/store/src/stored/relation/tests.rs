use std::collections::BTreeSet;

use potok_domain::relation::{
    Act, Deed, Group, GroupChange, GroupEvent, Happening, Invitation, RelationChange, RelationEvent, Status,
    Told,
};
use potok_types::{DepartmentId, EntityId, EventId, GroupId, MessageId, Ticks, UserId};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn uuid() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn status() -> impl Strategy<Value = Option<Status>> {
    prop::option::of(prop::sample::select(Status::ALL.to_vec()))
}

fn text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(".{0,9}")
}

fn document() -> impl Strategy<Value = Option<potok_domain::DocumentRef>> {
    prop::option::of((uuid(), uuid()).prop_map(|(message, entity)| potok_domain::DocumentRef {
        message_id: MessageId::from_uuid(message),
        entity_id: EntityId::from_uuid(entity),
    }))
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (document(), any::<bool>(), any::<bool>(), status()).prop_map(
            |(document, needs_signature, is_accepted_at_once, before)| {
                Deed::Invited(Invitation { document, needs_signature, is_accepted_at_once, before })
            }
        ),
        Just(Deed::Accepted),
        status().prop_map(|back_to| Deed::Withdrew { back_to }),
        Just(Deed::Declined),
        Just(Deed::BrokeUp),
        Just(Deed::Exchanged),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    (any::<u32>(), any::<u32>(), any::<i64>(), deed(), text())
        .prop_map(|(number, seen, at, deed, message)| Act { number, seen, at: Ticks::new(at), deed, message })
}

fn change() -> impl Strategy<Value = RelationChange> {
    prop_oneof![
        (act(), prop::option::of(uuid()))
            .prop_map(|(act, by)| RelationChange::Mine { act, by: by.map(UserId::from_uuid) }),
        act().prop_map(RelationChange::Theirs),
        (uuid(), uuid()).prop_map(|(group, by)| RelationChange::Grouped {
            group: GroupId::from_uuid(group),
            by: UserId::from_uuid(by)
        }),
    ]
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    use Happening::{
        AcceptedMine, BrokeUpWithMe, DeclinedMine, IAccepted, IBrokeUp, IDeclined, IInvited, IMade,
        IWithdrew, InvitedMe, MadeMe, WithdrewTheirs,
    };
    prop::sample::subsequence(
        vec![
            IInvited,
            InvitedMe,
            AcceptedMine,
            IAccepted,
            IWithdrew,
            WithdrewTheirs,
            IDeclined,
            DeclinedMine,
            IBrokeUp,
            BrokeUpWithMe,
            IMade,
            MadeMe,
        ],
        0..12,
    )
}

fn told() -> impl Strategy<Value = Told> {
    (happenings(), status(), text(), text(), text(), document(), uuid()).prop_map(
        |(happenings, status, comment, message_to, message_from, invitation, group)| Told {
            happenings,
            status,
            comment,
            message_to,
            message_from,
            invitation,
            group: GroupId::from_uuid(group),
        },
    )
}

proptest! {
    #[test]
    fn an_event_of_a_relation_is_read_as_it_was_written(
        (id, at, change, told) in (uuid(), any::<i64>(), change(), told()),
    ) {
        let event = RelationEvent { id: EventId::from_uuid(id), at: Ticks::new(at), change, told };
        prop_assert_eq!(decode_relation_event(&encode_relation_event(&event)).expect("just written"), event);
    }

    #[test]
    fn an_event_of_groups_is_read_as_it_was_written(
        (id, by, group) in (uuid(), uuid(), uuid()),
        (at, name) in (any::<i64>(), ".{0,9}"),
        departments in prop::option::of(prop::collection::vec(uuid(), 0..3)),
        is_gone in any::<bool>(),
    ) {
        let id = EventId::from_uuid(id);
        let group = GroupId::from_uuid(group);
        let departments: Option<BTreeSet<DepartmentId>> =
            departments.map(|all| all.into_iter().map(DepartmentId::from_uuid).collect());
        let change = match is_gone {
            true => GroupChange::Dissolved(group),
            false => GroupChange::Put(Group { id: group, name, departments }),
        };
        let event = GroupEvent { id, at: Ticks::new(at), by: UserId::from_uuid(by), change };
        prop_assert_eq!(decode_group_event(&encode_group_event(&event)).expect("just written"), event);
    }

    #[test]
    fn bytes_that_are_no_event_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut with_version = vec![0, 1];
        with_version.extend_from_slice(&bytes);
        let _ = (decode_relation_event(&bytes), decode_relation_event(&with_version));
        let _ = (decode_group_event(&bytes), decode_group_event(&with_version));
    }
}

/// As the first release wrote them: a journal is read for years.
#[test]
fn what_the_first_version_wrote_is_read() {
    let id = |number| Uuid::from_u128(number);
    let document = potok_domain::DocumentRef {
        message_id: MessageId::from_uuid(id(4)),
        entity_id: EntityId::from_uuid(id(5)),
    };
    let invitation = Invitation {
        document: Some(document),
        needs_signature: true,
        is_accepted_at_once: false,
        before: Some(Status::RejectsMe),
    };
    let relation = RelationEvent {
        id: EventId::from_uuid(id(1)),
        at: Ticks::new(638_899_802_371_782_567),
        change: RelationChange::Mine {
            act: Act {
                number: 3,
                seen: 2,
                at: Ticks::new(638_899_802_371_782_567),
                deed: Deed::Invited(invitation),
                message: Some("Привет".to_owned()),
            },
            by: Some(UserId::from_uuid(id(2))),
        },
        told: Told {
            happenings: vec![Happening::IInvited],
            status: Some(Status::IsInvitedByMe),
            comment: Some("Привет".to_owned()),
            message_to: Some("Привет".to_owned()),
            message_from: None,
            invitation: Some(document),
            group: GroupId::ZERO,
        },
    };
    let group = GroupEvent {
        id: EventId::from_uuid(id(1)),
        at: Ticks::new(638_899_802_371_782_567),
        by: UserId::from_uuid(id(2)),
        change: GroupChange::Put(Group {
            id: GroupId::from_uuid(id(3)),
            name: "Юг".to_owned(),
            departments: Some(BTreeSet::from([DepartmentId::ZERO])),
        }),
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/relations/v1");
    for (name, bytes) in
        [("invited", encode_relation_event(&relation)), ("group", encode_group_event(&group))]
    {
        let path = folder.join(name).with_extension("bin");
        if std::env::var_os("POTOK_WRITE_SAMPLES").is_some() && !path.exists() {
            std::fs::create_dir_all(&folder).expect("writable");
            std::fs::write(path, bytes).expect("writable");
        }
    }
    let kept = |name: &str| std::fs::read(folder.join(name)).expect("the sample is there");
    assert_eq!(decode_relation_event(&kept("invited.bin")).expect("readable"), relation);
    assert_eq!(decode_group_event(&kept("group.bin")).expect("readable"), group);
}
