//! What may be added to a message, told as stories.

use potok_domain::access::{Action, Denied};
use potok_domain::approval::{self, RequestStanding};
use potok_domain::command::{NewResolution, NewResolutionRequest, PostPatch};
use potok_domain::decide::Rejection;
use potok_domain::directory::AccessLevel;
use potok_domain::{Decision, EntityState, RequestKind, ResolutionRequest};
use potok_stories::{SALES, Simulation, Story, Who, bytes, document, letter, patch, user_of};

/// Every step is accepted but the last one, which ends as `expected`: `ok`, or why not.
#[track_caller]
fn check(steps: &str, expected: &str) {
    let (story, refused) = Story::play(steps);
    let names = |id| story.names(Who::A).get(&id).cloned().unwrap_or_else(|| "nothing".to_owned());
    let shown = match refused {
        None => "ok".to_owned(),
        Some(Rejection::InvalidDocumentState { document, step, reason, .. }) => {
            format!("{step:?} {}: {reason}", names(document))
        }
        Some(Rejection::LockedPacket { missing, .. }) => {
            format!("locked packet lacks {}", missing.into_iter().map(names).collect::<Vec<_>>().join(" "))
        }
        Some(Rejection::BadParent { path, reason, .. }) => format!("{path} is a bad parent: {reason}"),
        Some(Rejection::AlreadyReceipted { parent, .. }) => format!("{} has a receipt", names(parent)),
        Some(Rejection::NotSupported { what, document, .. }) => {
            format!("no {what:?} on {}", names(document))
        }
        Some(Rejection::TooManyFailedSignatures { entity, attempts, .. }) => {
            format!("{attempts} bad signatures on {}", names(entity))
        }
        Some(other) => other.to_string(),
    };
    assert_eq!(shown, expected, "{steps}");
}

#[test]
fn the_recipient_answers_once() {
    let asked = "post Nonformalized ask; deliver";
    let answered = "d1: получатель уже ответил на него";
    check(&format!("{asked}; B signs d1"), "ok");
    check(&format!("{asked}; B refuses d1"), "ok");
    check(&format!("{asked}; B refuses-plainly d1"), "ok");
    check(&format!("{asked}; B signs d1; B signs d1"), &format!("Sign {answered}"));
    check(&format!("{asked}; B signs d1; deliver; B refuses d1"), &format!("Reject {answered}"));
    check(&format!("{asked}; B refuses d1; deliver; B signs d1"), &format!("Sign {answered}"));
    check(&format!("{asked}; B signs d1 & refuses d1"), "Reject d1: в одном запросе на него отвечено дважды");
    check(&format!("{asked}; B signs d1 d1"), "Sign d1: в одном запросе на него отвечено дважды");
    check("post Nonformalized; deliver; B signs d1", "ok");
}

#[test]
fn who_is_not_expected_to_answer_cannot() {
    check(
        "post Nonformalized; A signs d1",
        "Sign d1: он уже подписан отправителем и ждет действий получателя",
    );
    check(
        "post Nonformalized; A refuses d1",
        "Reject d1: он уже подписан отправителем и ждет действий получателя",
    );
    let unilateral = "d1: его регламент не предусматривает ответа получателя";
    check("post Nonformalized wf6; deliver; B signs d1", &format!("Sign {unilateral}"));
    check("post Nonformalized wf6; deliver; B refuses d1", &format!("Reject {unilateral}"));
    let with_title = "post XmlTorg12 wf3; deliver";
    check(
        &format!("{with_title}; B signs d1"),
        "Sign d1: на него отвечают титулом получателя, а не подписью",
    );
    check(&format!("{with_title}; B refuses d1"), "ok");
}

#[test]
fn an_unsent_document_is_sent_by_its_signature() {
    let unsent = "post Nonformalized Nonformalized delay";
    check(&format!("{unsent}; A signs d1"), "ok");
    check(&format!("{unsent}; A signs d1; A signs d2"), "ok");
    check(
        &format!("{unsent}; A signs d1; A signs d1"),
        "Sign d1: он уже подписан отправителем и ждет действий получателя",
    );
    check(&format!("{unsent}; A signs d1 d1"), "Sign d1: он подписан дважды в одном запросе");
    check("post Nonformalized badly; deliver; A signs d1", "ok");
    check(
        "post Nonformalized delay; A refuses d1",
        "Reject d1: он уже подписан отправителем и ждет действий получателя",
    );
}

#[test]
fn in_an_internal_message_the_first_signature_sends_and_the_second_answers() {
    let unsent = "post Nonformalized delay internal";
    check(&format!("{unsent}; A signs d1; A signs d1"), "ok");
    check(&format!("{unsent}; A signs d1; A refuses d1"), "ok");
    check(&format!("{unsent}; A refuses d1"), "Reject d1: он еще не отправлен");
    check(
        &format!("{unsent}; A signs d1; A signs d1; A signs d1"),
        "Sign d1: получатель уже ответил на него",
    );
    check("post Nonformalized internal; A receipts d1", "ok");
    check(&format!("{unsent}; A receipts d1"), "Receipt d1: он еще не отправлен");
}

#[test]
fn a_locked_packet_is_treated_as_one() {
    for lock in ["send-lock", "full-lock"] {
        let unsent = format!("post Nonformalized Nonformalized delay {lock}");
        check(&format!("{unsent}; A signs d1"), "locked packet lacks d2");
        check(&format!("{unsent}; A signs d1 d2"), "ok");
        check(&format!("{unsent}; A approves d2"), "locked packet lacks d1");
        check(&format!("{unsent}; A signs d2 d1 & approves d1 d2"), "ok");
    }
    let full = "post Nonformalized Nonformalized full-lock; deliver";
    check(&format!("{full}; B signs d2"), "locked packet lacks d1");
    check(&format!("{full}; B refuses d2"), "locked packet lacks d1");
    check(&format!("{full}; B signs d1 & refuses d2"), "locked packet lacks d2");
    check(&format!("{full}; B signs d1 d2"), "ok");
    check(&format!("{full}; B approves d1"), "locked packet lacks d2");
    check(&format!("{full}; B receipts d1"), "ok");
    // Until it is sent only.
    check("post Nonformalized Nonformalized send-lock; deliver; B signs d2", "ok");
    // What cannot be signed need not be.
    check("post Nonformalized ServiceDetails full-lock; deliver; B signs d1", "ok");
}

#[test]
fn a_document_is_receipted_once_by_its_recipient() {
    let delivered = "post Nonformalized; deliver";
    check(&format!("{delivered}; B receipts d1"), "ok");
    check(&format!("{delivered}; B receipts d1; B receipts d1"), "d1 has a receipt");
    check(&format!("{delivered}; B receipts d1 d1"), "d1 has a receipt");
    check(&format!("{delivered}; A receipts d1"), "Receipt d1: извещение подписывает получатель");
    check(&format!("{delivered}; B refuses d1; B receipts d1"), "ok");
    check(&format!("{delivered}; B receipts d1 badly; deliver; B receipts d1"), "ok");
    check(
        &format!("{delivered}; B receipts d1; B receipts receipt(d1)"),
        "Receipts[0].ParentEntityId is a bad parent: получение подтверждают у документа, титула, запроса или \
         подтверждения",
    );
}

#[test]
fn the_kind_of_a_receipt_follows_the_workflow() {
    for (post, expected) in [
        ("post Nonformalized", "patch: receipt(d1) sB(receipt(d1))"),
        ("post UniversalTransferDocument wf17", "patch: invoice-receipt(d1) sB(invoice-receipt(d1))"),
    ] {
        let (story, refused) = Story::play(&format!("{post}; deliver; B receipts d1"));
        assert_eq!(refused, None);
        assert_eq!(story.feed(Who::B).lines().last(), Some(expected));
    }
}

#[test]
fn a_document_whose_workflow_knows_no_receipts_takes_none() {
    // No type is posted with such a workflow yet, so the message is made by hand.
    let mut simulation = Simulation::new(1);
    let mut event = simulation.post(Who::A, &letter(vec![document()])).unwrap();
    if let potok_domain::Change::Posted(posted) = &mut event.change
        && let potok_domain::Body::Document(document) = &mut posted.entities[0].body
    {
        document.workflow = potok_domain::WorkflowId(8);
    }
    let recipient = potok_stories::organization(Who::B);
    let state = potok_domain::MessageState::replay(recipient.box_id, [&event]).unwrap();
    let entropy = potok_types::SeededEntropy::new(1);
    let permissions = potok_domain::directory::Permissions::full();
    let context = potok_domain::decide::Context {
        now: event.at,
        entropy: &entropy,
        author: potok_stories::user_of(Who::B),
        author_name: "Петрова Анна",
        organization: &recipient,
        permissions: &permissions,
        checked: &std::collections::BTreeMap::new(),
    };
    let mut command = patch(Who::B, event.message_id);
    let document = event.entities()[0].id;
    command.receipts.push(potok_domain::command::NewService {
        path: "MessagePatchToPost.Receipts[0]".to_owned(),
        parent: document,
        content: bytes("receipt"),
        signature: bytes("signature"),
        power: None,
        file_name: None,
        text: None,
        content_type_id: None,
        labels: Vec::new(),
    });
    let refused =
        potok_domain::decide::post_patch(&state, &command, &Default::default(), &context).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "Команда AddCommonReceipt не поддерживается документом {document}: MessagePatchToPost.Receipts[0]: его \
             регламент не предусматривает извещений о получении"
        )
    );
}

#[test]
fn parents_are_documents_of_the_message() {
    let no_document = "is a bad parent: это не документ; укажите идентификатор документа";
    let missing = "is a bad parent: такой сущности нет в сообщении";
    let delivered = "post Nonformalized comment; deliver";
    check(&format!("{delivered}; B signs nothing"), &format!("Signatures[0].ParentEntityId {missing}"));
    check(
        &format!("{delivered}; B signs comment(d1)"),
        &format!("Signatures[0].ParentEntityId {no_document}"),
    );
    check(&format!("{delivered}; B signs sA(d1)"), &format!("Signatures[0].ParentEntityId {no_document}"));
    check(&format!("{delivered}; B refuses sA(d1)"), &format!("Rejections[0].ParentEntityId {no_document}"));
    check(&format!("{delivered}; B approves nothing"), &format!("Signatures[0].ParentEntityId {missing}"));
    let failed = "post Nonformalized badly; deliver";
    check(&format!("{failed}; A signs notice()"), &format!("Signatures[0].ParentEntityId {no_document}"));
}

#[test]
fn after_three_bad_signatures_a_day_is_over() {
    let asked = "post Nonformalized ask; deliver";
    let bad = "; B signs d1 badly; deliver";
    check(&format!("{asked}{bad}{bad}; B signs d1"), "ok");
    check(&format!("{asked}{bad}{bad}{bad}; B signs d1"), "3 bad signatures on d1");
    check(&format!("{asked}{bad}{bad}{bad}; B refuses d1"), "3 bad signatures on d1");
    check(&format!("{asked}{bad}{bad}{bad}; next day; B signs d1"), "ok");
    let receipt = "; B receipts d1 badly; deliver";
    check(&format!("{asked}{bad}{receipt}{bad}; B signs d1"), "3 bad signatures on d1");
    let sending = "; A signs d1 badly; deliver";
    check(&format!("post Nonformalized badly; deliver{sending}; A signs d1"), "ok");
    check(
        &format!("post Nonformalized badly; deliver{sending}{sending}; A signs d1"),
        "3 bad signatures on d1",
    );
    // A good signature that shared the fate of a bad one is not held against anybody.
    check("post Nonformalized Nonformalized badly; deliver; A signs d2; deliver; B signs d2", "ok");
}

#[test]
fn approvals_change_nothing_in_the_flow() {
    check("post Nonformalized ask; deliver; B approves d1; B approves d1; B signs d1", "ok");
    check("post Nonformalized delay; A approves d1; A signs d1", "ok");
    check("post Nonformalized wf6; deliver; B approves d1", "ok");
    check(
        "post UniversalTransferDocument delay; A approves d1",
        "Approve d1: формализованный документ согласуют подписью только после отправки",
    );
    check("post UniversalTransferDocument; A approves d1", "ok");
}

#[test]
fn of_one_document_five_hundred_approvals_a_day_are_taken() {
    let mut simulation = Simulation::new(1);
    let message = simulation.post(Who::A, &letter(vec![document()])).unwrap().message_id;
    let parent = simulation.document(message, 0);
    let mut command = patch(Who::A, message);
    let approval = |i| potok_domain::command::NewSignature {
        path: format!("Signatures[{i}]"),
        parent,
        signature: bytes("approval"),
        power: None,
        prepared: None,
        is_approval: true,
        labels: Vec::new(),
    };
    command.signatures = (0..499).map(approval).collect();
    simulation.patch(Who::A, &command).unwrap();
    command.signatures = (0..2).map(approval).collect();
    let refused = simulation.patch(Who::A, &command).unwrap_err();
    assert_eq!(
        refused,
        Rejection::TooManyApprovals { path: "Signatures[1]".to_owned(), entity: parent, allowed: 500 }
    );
    command.signatures.truncate(1);
    simulation.patch(Who::A, &command).unwrap();
    simulation.patch(Who::A, &command).unwrap_err();
    simulation.next_day();
    simulation.patch(Who::A, &command).unwrap();
}

/// Looking at each request alone would look at all entities after it: minutes instead of a moment.
#[test]
fn thousands_of_requests_and_their_answers_are_told_apart_in_one_pass() {
    const PATCHES: usize = 40;
    const EACH: usize = 200;
    let mut simulation = Simulation::new(1);
    let message = simulation.post(Who::A, &letter(vec![document()])).unwrap().message_id;
    let parent = simulation.document(message, 0);
    let request = |i| NewResolutionRequest {
        path: format!("ResolutionRequests[{i}]"),
        parent,
        kind: RequestKind::Approvement,
        user: Some(user_of(Who::A)),
        department: None,
        comment: bytes(""),
        labels: Vec::new(),
    };
    for _ in 0..PATCHES {
        let requests = (0..EACH).map(request).collect();
        simulation
            .patch(Who::A, &PostPatch { resolution_requests: requests, ..patch(Who::A, message) })
            .unwrap();
    }
    let resolution = NewResolution {
        path: "Resolutions[0]".to_owned(),
        parent,
        decision: Some(Decision::Approve),
        comment: bytes(""),
        labels: Vec::new(),
    };
    simulation.patch(Who::A, &PostPatch { resolutions: vec![resolution], ..patch(Who::A, message) }).unwrap();
    let state = simulation.state(Who::A, message).unwrap();
    let requests: Vec<_> = approval::resolution_requests(&state, parent).collect();
    assert_eq!(requests.len(), PATCHES * EACH);
    let resolved = |found: &&(&EntityState, &ResolutionRequest)| {
        matches!(approval::request_standing(&state, found.0.entity.id), RequestStanding::Resolved(_))
    };
    assert_eq!(requests.iter().filter(resolved).count(), 1);
    assert!(resolved(&&requests[0]), "the oldest one");
    assert_eq!(approval::open_requests(&state, parent).count(), PATCHES * EACH - 1);
}

#[test]
fn a_patch_adds_something() {
    let mut simulation = Simulation::new(1);
    let message = simulation.post(Who::A, &letter(vec![document()])).unwrap().message_id;
    let refused = simulation.patch(Who::A, &patch(Who::A, message)).unwrap_err();
    assert_eq!(refused.to_string(), "MessagePatchToPost should contain at least one entity");
}

#[test]
fn a_patch_needs_permission_and_reach() {
    let mut simulation = Simulation::new(1);
    let mut posted = letter(vec![document()]);
    posted.to_department = Some(SALES);
    let message = simulation.post(Who::A, &posted).unwrap().message_id;
    simulation.deliver_all();
    let document = simulation.document(message, 0);
    let mut command = patch(Who::B, message);
    command.signatures.push(potok_domain::command::NewSignature {
        path: "Signatures[0]".to_owned(),
        parent: document,
        signature: bytes("signature"),
        power: None,
        prepared: None,
        is_approval: false,
        labels: Vec::new(),
    });
    let mut with = |change: fn(&mut potok_domain::directory::Permissions)| {
        let permissions = simulation.permissions.get_mut(&Who::B).unwrap();
        *permissions = potok_domain::directory::Permissions::full();
        change(permissions);
        simulation.patch(Who::B, &command).map(|_| ())
    };
    assert_eq!(
        with(|permissions| permissions.can_sign_documents = false),
        Err(Denied::Permission { action: Action::SignDocuments }.into())
    );
    assert_eq!(
        with(|permissions| permissions.access = AccessLevel::DepartmentOnly),
        Err(Denied::Document { document }.into()),
        "the document lies in another department"
    );
    assert_eq!(
        with(|permissions| {
            permissions.access = AccessLevel::SelectedDepartments;
            permissions.selected_departments = vec![SALES];
        }),
        Ok(())
    );
}

#[test]
fn refusals_say_where_and_what_to_do() {
    let (_, refused) = Story::play("post Nonformalized Nonformalized full-lock; deliver; B signs d1");
    let text = refused.unwrap().to_string();
    assert!(text.starts_with("Необходимо подписать все документы в пакете"), "{text}");
    let (_, refused) = Story::play("post Nonformalized; A signs d1");
    let text = refused.unwrap().to_string();
    assert!(text.starts_with("Текущее состояние документа не позволяет его подписать"), "{text}");
    assert!(text.contains("Signatures[0]"), "{text}");
    let (_, refused) = Story::play(
        "post Nonformalized; deliver; B signs d1 badly; deliver; B signs d1 badly; deliver; B signs d1 badly; deliver; \
         B signs d1",
    );
    let text = refused.unwrap().to_string();
    assert!(
        text.starts_with(
            "Too many failed signatures today. There were 3 attempts, but max allowed per day is 3"
        ),
        "{text}"
    );
    let (_, refused) = Story::play("post Nonformalized; deliver; B signs nothing");
    let text = refused.unwrap().to_string();
    assert!(text.contains("Некорректная ссылка на родительский файл"), "{text}");
}

#[test]
fn the_sender_cancels_once_what_the_state_was_told_of_marked_goods() {
    let post = |goods: &str| {
        format!("post UniversalTransferDocument filled named=ON_NSCHFDOPPR_a_b_20260101_c_{goods}_00.xml")
    };
    let marked = post("0_1_0_0_0");
    check(&format!("{marked}; A cancels-fixation d1"), "ok");
    check(&format!("{marked}; deliver; A cancels-fixation d1; deliver"), "ok");
    let twice = "CancelFixation d1: сведения уже отменены";
    check(&format!("{marked}; A cancels-fixation d1; A cancels-fixation d1"), twice);
    check(&format!("{marked}; A cancels-fixation d1 d1"), twice);
    check(&format!("{marked}; deliver; A cancels-fixation badly d1; deliver; A cancels-fixation d1"), "ok");
    check(&format!("{marked}; deliver; B cancels-fixation d1"), "Only sender can cancel TtGis fixation");
    check(
        &format!("{}; A cancels-fixation d1", post("1_0_0_0_1")),
        "CancelFixation d1: имя его файла не говорит о маркированных товарах",
    );
    check(&format!("{marked} delay; A cancels-fixation d1"), "CancelFixation d1: он еще не отправлен");
}
