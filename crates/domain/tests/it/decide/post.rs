//! What may be posted, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};

use potok_types::access::{AccessClass as _, BoxEmployee, MayCreate};
use potok_types::{BoxId, ContentRef, DepartmentId, EntityId, MessageId, SeededEntropy, Ticks};

use potok_domain::access::{Asked, actions_of_post, check};
use potok_domain::command::{Link, PostMessage};
use potok_domain::decide::{Addressees, Context, NamedByPatch, Outcome, Rejection, post_message};
use potok_domain::directory::{AccessLevel, Organization, Permissions};
use potok_domain::relation::{Reception, Status};
use potok_domain::{AttachmentType, Change, Check, Document, DocumentRef, Posted};
use potok_stories::{EXPORT, SALES, STORAGE, Who, box_of, bytes, document, letter, organization, user_of};

mod documents;

/// Everything that decides about a post.
struct Case {
    command: PostMessage<ContentRef>,
    recipient: Option<Organization>,
    proxy: Option<Organization>,
    recipient_takes: Option<Reception>,
    existing: BTreeSet<DocumentRef>,
    sender: Organization,
    permissions: Permissions,
}

fn case() -> Case {
    Case {
        command: letter(vec![document()]),
        recipient: Some(organization(Who::B)),
        proxy: Some(organization(Who::C)),
        recipient_takes: None,
        existing: BTreeSet::new(),
        sender: organization(Who::A),
        permissions: Permissions::full(),
    }
}

fn decide(change: impl FnOnce(&mut Case)) -> Result<Outcome, Rejection> {
    let mut case = case();
    change(&mut case);
    let entropy = SeededEntropy::new(1);
    let context = Context {
        now: Ticks::new(638_899_802_371_782_567),
        entropy: &entropy,
        author: user_of(Who::A),
        author_name: "Петрова Анна",
        organization: &case.sender,
        permissions: &case.permissions,
        checked: &BTreeMap::new(),
    };
    let addressees = Addressees {
        recipient: case.recipient.as_ref(),
        proxy: case.proxy.as_ref(),
        recipient_takes: case.recipient_takes.as_ref(),
        ..Addressees::default()
    };
    let asked = Asked { parts: &actions_of_post(&case.command), ..Asked::default() };
    check(&BoxEmployee::<MayCreate>::ACCESS, &case.permissions, &case.sender, &asked)?;
    post_message(&case.command, addressees, &case.existing, &NamedByPatch::default(), &context)
}

/// The post is refused in these words.
#[track_caller]
fn refused(expected: &str, change: impl FnOnce(&mut Case)) {
    assert_eq!(decide(change).expect_err("it is refused").to_string(), expected);
}

#[track_caller]
fn posted(change: impl FnOnce(&mut Case)) -> (Posted, Outcome) {
    let outcome = decide(change).expect("it is accepted");
    let Change::Posted(posted) = outcome.event.change.clone() else { panic!("not a message") };
    (*posted, outcome)
}

#[track_caller]
fn first_document(change: impl FnOnce(&mut Case)) -> Document {
    posted(change).0.entities[0].document().expect("documents stand first").clone()
}

const DOCUMENT: &str = "MessageToPost.DocumentAttachments[0]";

#[test]
fn a_letter_is_sent_with_everything_it_has() {
    let (posted, outcome) = posted(|case| case.command.documents[0].comment = Some(bytes("comment")));
    assert_eq!(outcome.deliver_to, [box_of(Who::B)]);
    assert_eq!(outcome.event.id, outcome.event.message_id.first_event());
    assert_eq!((posted.from.title.as_str(), posted.to.title.as_str()), ("A", "B"));
    assert_eq!((posted.from.department, posted.to.department), (Some(DepartmentId::ZERO), None));
    let [document, comment, signature] = posted.entities.as_slice() else {
        panic!("document, comment and signature are three entities")
    };
    assert_eq!(document.file_name.as_deref(), Some("contract.pdf"));
    assert_eq!(document.content_type_id, "nonformalized");
    assert_eq!((comment.parent, comment.file_name.as_deref()), (Some(document.id), Some("Comment.txt")));
    assert_eq!(comment.attachment_type(), AttachmentType::AttachmentComment);
    assert_eq!((signature.parent, signature.file_name.as_deref()), (Some(document.id), None));
    assert_eq!(signature.content_type_id, "");
    let signature = signature.signature().expect("it is one");
    assert_eq!((signature.signer_box, signature.check), (box_of(Who::A), Check::Unchecked));
    for entity in &posted.entities {
        assert_eq!((entity.author, entity.created_at), (Some(user_of(Who::A)), outcome.event.at));
    }
}

#[test]
fn documents_of_one_post_share_a_packet_and_have_ids_of_their_own() {
    let (posted, _) = posted(|case| case.command.documents.push(document()));
    let documents: Vec<_> = posted.entities.iter().filter_map(|entity| entity.document()).collect();
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0].packet, documents[1].packet);
    let ids: BTreeSet<_> = posted.entities.iter().map(|entity| entity.id).collect();
    assert_eq!(ids.len(), posted.entities.len());
}

#[test]
fn a_letter_goes_to_the_intermediate_recipient_first() {
    let (posted, outcome) = posted(|case| {
        case.command.proxy = Some(box_of(Who::C));
        case.command.proxy_department = Some(EXPORT);
    });
    assert_eq!(outcome.deliver_to, [box_of(Who::C)]);
    let proxy = posted.proxy.expect("it was named");
    assert_eq!((proxy.title.as_str(), proxy.department), ("C", Some(EXPORT)));
}

#[test]
fn an_intermediate_recipient_is_a_third_box_that_the_workflow_knows() {
    let through = |case: &mut Case| case.command.proxy = Some(box_of(Who::C));
    let third = "MessageToPost.ProxyBoxId: the intermediate recipient is neither the sender nor the recipient; name a \
                 third box";
    refused(third, |case| case.command.proxy = Some(box_of(Who::A)));
    refused(third, |case| case.command.proxy = Some(box_of(Who::B)));
    refused(
        "MessageToPost.ProxyBoxId: a letter inside the organization has no intermediate recipient; leave ProxyBoxId \
         out",
        |case| {
            through(case);
            (case.command.is_internal, case.command.to) = (true, None);
        },
    );
    refused(
        "MessageToPost.ProxyBoxId: there is no box 0000000000000000000000000000000c@diadoc.ru; look the recipient's \
         box up by INN and KPP",
        |case| {
            through(case);
            case.proxy = None;
        },
    );
    refused("Recipient allows to receive messages only from counteragents", |case| {
        through(case);
        case.proxy.as_mut().unwrap().counteragents_only = true;
    });
    refused(
        "MessageToPost.DocumentAttachments[0]: Proxy workflow is not supported for UniversalTransferDocument with \
         workflow 17; choose another WorkflowId, or send the document without ProxyBoxId",
        |case| {
            through(case);
            case.command.documents[0].type_named_id = "UniversalTransferDocument".to_owned();
        },
    );
    refused(
        "MessageToPost.DocumentAttachments[0].WorkflowId: in workflow 13 an intermediate recipient writes a title; name \
         it in ProxyBoxId, or choose another workflow",
        |case| {
            case.command.documents[0].type_named_id = "PerformedWorkAcceptanceCertificate".to_owned();
            case.command.documents[0].workflow = Some(13);
        },
    );
}

#[test]
fn an_unsent_letter_goes_nowhere() {
    let (posted, outcome) = posted(|case| {
        case.command.delay_send = true;
        case.command.documents[0].signature = None;
        case.command.documents[0].editing_setting = Some("setting".to_owned());
    });
    assert_eq!(outcome.deliver_to, []);
    assert!(posted.entities.iter().all(|entity| entity.signature().is_none()));
}

#[test]
fn an_internal_letter_lies_where_it_is_addressed_and_its_signatures_are_good() {
    let (posted, outcome) = posted(|case| {
        case.command.is_internal = true;
        case.command.to = None;
        case.recipient = None;
        case.command.from_department = Some(EXPORT);
        case.command.to_department = Some(STORAGE);
    });
    assert_eq!(outcome.deliver_to, []);
    assert_eq!(posted.from.box_id, posted.to.box_id);
    assert_eq!((posted.from.department, posted.to.department), (Some(EXPORT), Some(STORAGE)));
    assert_eq!(posted.entities[0].document().unwrap().department, STORAGE);
    assert_eq!(posted.entities[1].signature().unwrap().check, Check::Valid);
}

#[test]
fn a_post_needs_permissions() {
    refused(
        "permission CreateDocuments is needed: ask the administrator of the organization for it",
        |case| case.permissions.can_create_documents = false,
    );
    refused("permission SignDocuments is needed: ask the administrator of the organization for it", |case| {
        case.permissions.can_sign_documents = false
    });
    posted(|case| {
        case.permissions.can_sign_documents = false;
        case.command.delay_send = true;
        case.command.documents[0].signature = None;
    });
    // Whoever may not post does not learn what else is wrong.
    refused(
        "permission CreateDocuments is needed: ask the administrator of the organization for it",
        |case| {
            case.permissions.can_create_documents = false;
            case.command.documents.clear();
        },
    );
}

#[test]
fn a_letter_needs_a_recipient_that_takes_it() {
    refused(
        "MessageToPost.ToBoxId: there is no box 00000000000000000000000000000000@diadoc.ru; look the recipient's box \
         up by INN and KPP",
        |case| {
            case.command.to = Some(BoxId::ZERO);
            case.recipient = None;
        },
    );
    refused("Recipient allows to receive messages only from counteragents", |case| {
        case.recipient.as_mut().unwrap().counteragents_only = true
    });
}

#[test]
fn a_malformed_letter_is_refused() {
    refused(
        &format!(
            "{DOCUMENT}.SignedContent.Signature: a signature is required; give one of Signature, SignatureNameOnShelf and \
             SignWithTestSignature, or set DelaySend to store the letter without sending it"
        ),
        |case| case.command.documents[0].signature = None,
    );
}

#[test]
fn the_senders_department_is_within_reach() {
    let employee = |access, department| {
        move |case: &mut Case| {
            case.permissions.access = access;
            case.permissions.department = department;
        }
    };
    assert_eq!(first_document(employee(AccessLevel::AllDocuments, SALES)).department, DepartmentId::ZERO);
    assert_eq!(first_document(employee(AccessLevel::DepartmentOnly, SALES)).department, SALES);
    let from = |access, department| {
        move |case: &mut Case| {
            employee(access, SALES)(case);
            case.command.from_department = Some(department);
        }
    };
    assert_eq!(first_document(from(AccessLevel::DepartmentAndSubdepartments, EXPORT)).department, EXPORT);
    refused(
        &format!(
            "MessageToPost.FromDepartmentId: access to department {EXPORT} is denied; name a department whose documents \
             you see"
        ),
        from(AccessLevel::DepartmentOnly, EXPORT),
    );
    let unknown = DepartmentId::from_uuid(uuid::Uuid::from_u128(9));
    refused("Department wasn't found", from(AccessLevel::AllDocuments, unknown));
    refused("Department wasn't found", |case| case.command.to_department = Some(unknown));
}

#[test]
fn links_lead_to_documents_that_are_there() {
    let base = DocumentRef { message_id: MessageId::ZERO, entity_id: EntityId::ZERO };
    let (posted, outcome) = posted(|case| {
        case.existing.insert(base);
        case.command.documents.push(document());
        case.command.documents[0].custom_document_id = Some("one".to_owned());
        case.command.documents[0].initial_documents = vec![Link::Existing(base), Link::Existing(base)];
        case.command.documents[1].subordinate_documents = vec![Link::SameRequest("one".to_owned())];
    });
    let message_id = outcome.event.message_id;
    let here = |entity_id| DocumentRef { message_id, entity_id };
    let documents: Vec<_> =
        posted.entities.iter().filter_map(|found| found.document().map(|it| (found.id, it))).collect();
    let [(one, first), (two, second)] = documents.as_slice() else { panic!("two documents") };
    assert_eq!(first.initial_documents, [base, here(*two)]);
    assert_eq!(second.subordinate_documents, [here(*one)]);
    assert_eq!(outcome.links, [(here(*one), base)]);
    assert_eq!(potok_domain::receive::links(&outcome.event), outcome.links);
    refused(
        &format!(
            "{DOCUMENT}.InitialDocumentIds[0]: there is no document {} in message {} of this box",
            base.entity_id, base.message_id
        ),
        |case| case.command.documents[0].initial_documents = vec![Link::Existing(base)],
    );
}

#[test]
fn a_message_is_a_test_when_anything_in_it_is() {
    assert!(!posted(|_| {}).0.is_test);
    assert!(posted(|case| case.command.is_test = true).0.is_test);
    assert!(posted(|case| case.sender.is_test = true).0.is_test);
    assert!(posted(|case| case.recipient.as_mut().unwrap().is_test = true).0.is_test);
}

#[test]
fn a_recipient_takes_what_it_lets_the_sender_send() {
    let takes = |status| Some(Reception { status, ..Reception::default() });
    const STRANGER: &str = "Recipient allows to receive messages only from counteragents";
    const BLOCKED: &str = "Recipient forbids to receive messages from blocked senders";
    for status in [None, Some(Status::InvitesMe), Some(Status::IsInvitedByMe), Some(Status::RejectsMe)] {
        posted(|case| case.recipient_takes = takes(status));
        refused(STRANGER, |case| {
            case.recipient_takes = takes(status);
            case.recipient.as_mut().expect("it is there").counteragents_only = true;
        });
        refused(STRANGER, |case| {
            case.recipient_takes = Some(Reception { status, partners_only: true, ..Reception::default() });
        });
    }
    refused(BLOCKED, |case| case.recipient_takes = takes(Some(Status::IsRejectedByMe)));
    posted(|case| {
        case.recipient_takes = takes(Some(Status::IsMyCounteragent));
        case.recipient.as_mut().expect("it is there").counteragents_only = true;
    });
    // An invitation gets through to those who take nothing else.
    posted(|case| {
        case.recipient.as_mut().expect("it is there").counteragents_only = true;
        case.command.invitation = Some(potok_domain::Inviting::default());
    });
}
