//! The form of additions to a message.

use potok_types::{BoxId, EntityId, MessageId, RouteId};

use super::{check, inline};
use potok_domain::command::{
    NewCancellation, NewDenial, NewPacket, NewRejection, NewResolution, NewResolutionRequest, NewRouteStep,
    NewService, NewSignature, NewTagChange, NewTitle, NewUniversalMessage, NewVerification, PostPatch,
    Source,
};
use potok_domain::decide::form;
use potok_domain::{RequestKind, Tag, TagChange};

type Patch = PostPatch<Source>;

fn empty() -> Patch {
    PostPatch::empty(BoxId::ZERO, MessageId::ZERO)
}

fn labels(labels: &[&str]) -> Vec<String> {
    labels.iter().map(|label| (*label).to_owned()).collect()
}

fn service(given: &[&str]) -> NewService<Source> {
    NewService {
        path: "P".to_owned(),
        parent: EntityId::ZERO,
        content: inline("file"),
        signature: inline("signature"),
        power: None,
        file_name: None,
        text: None,
        content_type_id: None,
        labels: labels(given),
    }
}

fn signature(given: &[&str]) -> NewSignature<Source> {
    NewSignature {
        path: "P".to_owned(),
        parent: EntityId::ZERO,
        signature: Source::TestSignature,
        power: None,
        prepared: None,
        is_approval: false,
        labels: labels(given),
    }
}

fn route_step(comment: &str, given: &[&str]) -> NewRouteStep<Source> {
    NewRouteStep {
        path: "P".to_owned(),
        document: EntityId::ZERO,
        route: RouteId::ZERO,
        comment: inline(comment),
        labels: labels(given),
    }
}

/// One item in the list of that name, with these labels and a comment of so many characters where it takes one.
fn with(list: &str, given: &[&str], comment_chars: usize) -> Patch {
    let mut patch = empty();
    let (path, id, comment) = ("P".to_owned(), EntityId::ZERO, inline(&"я".repeat(comment_chars)));
    let labels = labels(given);
    match list {
        "Signatures" => patch.signatures.push(signature(given)),
        "Receipts" => patch.receipts.push(service(given)),
        "CorrectionRequests" => patch.amendment_requests.push(service(given)),
        "RevocationRequests" => patch.revocation_requests.push(service(given)),
        "XmlSignatureRejections" => {
            patch.rejections.push(NewRejection { service: service(given), is_formal: true });
        }
        "RecipientTitles" => patch.titles.push(NewTitle {
            service: service(given),
            need_receipt: false,
            index: None,
            only: None,
            recognized: None,
            with_disagreements: false,
        }),
        "Resolutions" => {
            patch.resolutions.push(NewResolution { path, parent: id, decision: None, comment, labels });
        }
        "ResolutionRequests" => patch.resolution_requests.push(NewResolutionRequest {
            path,
            parent: id,
            kind: RequestKind::Approvement,
            user: None,
            department: None,
            comment,
            labels,
        }),
        "ResolutionRequestCancellations" => patch.cancellations.push(NewCancellation {
            path,
            target: id,
            is_of_denial: false,
            comment,
            labels,
        }),
        "ResolutionRequestDenials" => {
            patch.denials.push(NewDenial { path, request: id, comment, labels });
        }
        "ResolutionRouteAssignments" => {
            patch.route_assignments.push(route_step(&"я".repeat(comment_chars), given));
        }
        "ResolutionRouteRemovals" => {
            patch.route_removals.push(route_step(&"я".repeat(comment_chars), given));
        }
        "SignatureVerifications" => patch.verifications.push(NewVerification {
            path,
            document: id,
            is_valid: false,
            report: inline("report"),
            comment: Some(comment),
            labels,
        }),
        "UniversalMessages" => patch.universal_messages.push(NewUniversalMessage {
            path,
            parent: id,
            code_group: None,
            affects_workflow: None,
            events: Vec::new(),
            content: inline("file"),
            file_name: None,
            labels,
        }),
        other => panic!("{other}"),
    }
    patch
}

/// The lists of labelled items, and how many characters a comment in them may have.
const LISTS: [(&str, Option<usize>); 14] = [
    ("Signatures", None),
    ("Receipts", None),
    ("CorrectionRequests", None),
    ("RevocationRequests", None),
    ("XmlSignatureRejections", None),
    ("RecipientTitles", None),
    ("Resolutions", Some(5000)),
    ("ResolutionRequests", Some(500)),
    ("ResolutionRequestCancellations", Some(256)),
    ("ResolutionRequestDenials", Some(500)),
    ("ResolutionRouteAssignments", Some(500)),
    ("ResolutionRouteRemovals", Some(500)),
    ("SignatureVerifications", Some(5000)),
    ("UniversalMessages", None),
];

#[test]
fn a_patch_adds_something() {
    check(form::patch(&empty()), Some("MessagePatchToPost should contain at least one entity"));
    let newer = Patch { structure: "MessagePatchToPostV2", ..empty() };
    check(form::patch(&newer), Some("MessagePatchToPostV2 should contain at least one entity"));
}

#[test]
fn labels_are_few_short_and_different_in_every_list() {
    let many: Vec<String> = (0..31).map(|i| format!("label{i}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (list, _) in LISTS {
        let check = |labels: &[&str], expected| check(form::patch(&with(list, labels, 0)), expected);
        check(&["label-1", "Other"], None);
        check(&["abcdefghijabcdefghij"], None);
        check(&many[..30], None);
        check(&many, Some("P.Labels: 31 labels are given, at most 30 are allowed; leave the rest out"));
        check(
            &["a", "b c"],
            Some("P.Labels[1]: label 'b c' must be 1 to 20 Latin letters, digits and dashes"),
        );
        check(
            &["метка"],
            Some("P.Labels[0]: label 'метка' must be 1 to 20 Latin letters, digits and dashes"),
        );
        check(
            &["abcdefghijabcdefghij1"],
            Some(
                "P.Labels[0]: label 'abcdefghijabcdefghij1' must be 1 to 20 Latin letters, digits and dashes",
            ),
        );
        check(&[""], Some("P.Labels[0]: label '' must be 1 to 20 Latin letters, digits and dashes"));
        check(&["Label", "lABEL"], Some("P.Labels[1]: label 'lABEL' is repeated; leave one of the two out"));
        check(
            &["_other"],
            Some("P.Labels[0]: label '_other' is reserved; give a label without the leading underscore"),
        );
        let impersonal =
            "P.Labels[0]: label '_impersonal' is reserved; give a label without the leading underscore";
        let may_be_impersonal = matches!(list, "Receipts" | "CorrectionRequests");
        check(&["_impersonal"], (!may_be_impersonal).then_some(impersonal));
    }
}

#[test]
fn comments_are_bounded_where_there_are_any() {
    for (list, most) in LISTS {
        let Some(most) = most else { continue };
        check(form::patch(&with(list, &[], most)), None);
        let expected = format!(
            "P.Comment: {} characters are given, at most {most} are allowed; shorten the comment",
            most + 1
        );
        check(form::patch(&with(list, &[], most + 1)), Some(expected.as_str()));
    }
}

#[test]
fn tags_and_packets_have_a_form() {
    let tag = |change| {
        let (path, document, content) = ("P".to_owned(), EntityId::ZERO, inline(""));
        Patch { tag_changes: vec![NewTagChange { path, document, change, content }], ..empty() }
    };
    let set =
        |key: &str, value: &str| tag(TagChange::Set(Tag { key: key.to_owned(), value: value.to_owned() }));
    let bad_key = "P.Key: a key must be 1 to 60 Latin or Cyrillic letters, digits, dashes and underscores";
    check(form::patch(&set("ключ", "значение")), None);
    check(form::patch(&set("a b", "")), Some(bad_key));
    check(form::patch(&tag(TagChange::Remove { key: String::new() })), Some(bad_key));
    check(
        form::patch(&set("a", &"я".repeat(201))),
        Some("P.Value: a value has at most 200 characters; shorten it"),
    );
    let packet =
        NewPacket { path: "P".to_owned(), document: EntityId::ZERO, add: Vec::new(), remove: Vec::new() };
    check(
        form::patch(&Patch { packets: vec![packet], ..empty() }),
        Some("P: nothing joins and nothing leaves; fill AddDocumentsToPacket or RemoveDocumentsFromPacket"),
    );
}
