//! What lists of documents find, step by step, in both boxes.

use potok_domain::Direction;
use potok_domain::rows::{DocumentRow, StatusSet, StatusWord, counteragent_token, document_rows};

use crate::script::{Who, World, box_of};

/// Words that say what is known anyway; they are checked everywhere and left out of the stories.
const PLAIN: [StatusWord; 4] = [
    StatusWord::NotRevoked,
    StatusWord::NotFinished,
    StatusWord::NoRecipientSignatureRequest,
    StatusWord::WithSenderSignature,
];

/// Plays `story` and compares the statuses of the document's row in each box after each step. Steps stand at the margin,
/// views are indented: `A:` or `B:`, then the words. [`PLAIN`] ones are shown with a dash when they are missing.
#[track_caller]
fn check(story: &str) {
    let mut world = World::new();
    let mut shown = String::new();
    let expected: Vec<&str> = story.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for step in expected.iter().filter(|line| !line.starts_with("A:") && !line.starts_with("B:")) {
        world.step(step);
        shown += &format!("{step}\n");
        for who in [Who::A, Who::B] {
            if let Some(row) = row(&world, who) {
                shown += &format!("  {who:?}: {}\n", words(&row));
            }
        }
    }
    let actual: Vec<&str> = shown.lines().map(str::trim).collect();
    assert!(actual == expected, "the story goes otherwise:\n{shown}");
}

fn row(world: &World, who: Who) -> Option<DocumentRow> {
    let state = world.state(who)?;
    let mut rows = document_rows(&state);
    assert_eq!(rows.len(), 1, "one document, one row");
    // One box is shown once.
    (who == Who::A || !state.is_internal).then(|| rows.remove(0))
}

fn words(row: &DocumentRow) -> String {
    let has = |word: StatusWord| row.traits.statuses.meets(StatusSet::from(word));
    if row.traits.statuses == StatusSet::default() || has(StatusWord::Deleted) {
        let rest = StatusWord::ALL.iter().filter(|word| **word != StatusWord::Deleted);
        assert!(rest.copied().all(|word| !has(word)), "it has that status alone, or none");
        return if has(StatusWord::Deleted) { "Deleted".to_owned() } else { "in no list".to_owned() };
    }
    assert!(row.traits.statuses.meets(StatusSet::ANY));
    assert_ne!(has(StatusWord::Finished), has(StatusWord::NotFinished));
    let words = StatusWord::ALL.iter().filter_map(|&word| match (PLAIN.contains(&word), has(word)) {
        (true, false) => Some(format!("-{}", word.name())),
        (false, true) => Some(word.name().to_owned()),
        _ => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn signed_by_the_other_side() {
    check(
        "
        post unsent request
          A: -NoRecipientSignatureRequest -WithSenderSignature WaitingForSenderSignature
        A sign
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature -WithSenderSignature
        deliver
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: NotRead -NoRecipientSignatureRequest WaitingForRecipientSignature RequestsMySignature
        B sign
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: -NoRecipientSignatureRequest WithRecipientSignature
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
        ",
    );
}

#[test]
fn bad_signatures_and_a_refusal() {
    check(
        "
        post request
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature -WithSenderSignature
        fail
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature -WithSenderSignature InvalidSenderSignature
        A sign
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature -WithSenderSignature
        deliver
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: NotRead -NoRecipientSignatureRequest WaitingForRecipientSignature RequestsMySignature
        B sign
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: -NoRecipientSignatureRequest WithRecipientSignature
        fail
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: -NoRecipientSignatureRequest InvalidRecipientSignature
        B refuse
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: -NoRecipientSignatureRequest RecipientSignatureRequestRejected
        deliver
          A: -NoRecipientSignatureRequest RecipientSignatureRequestRejected Finished -NotFinished
          B: -NoRecipientSignatureRequest RecipientSignatureRequestRejected Finished -NotFinished
        ",
    );
}

#[test]
fn nothing_is_asked_for() {
    check(
        "
        post
          A: -WithSenderSignature
        deliver
          A: Finished -NotFinished
          B: NotRead Finished -NotFinished
        ",
    );
}

#[test]
fn a_receipt_is_asked_for() {
    check(
        "
        post receipt wf=6 type=ProformaInvoice
          A: -WithSenderSignature WaitingForReceipt
        deliver
          A: WaitingForReceipt
          B: NotRead HaveToCreateReceipt
        B receipt
          A: WaitingForReceipt
          B:
        deliver
          A: Finished -NotFinished
          B: Finished -NotFinished
        ",
    );
}

#[test]
fn an_invoice_of_today() {
    check(
        "
        post type=Invoice wf=17
          A: -WithSenderSignature WaitingForReceipt WaitingForInvoiceReceipt
        deliver
          A: WaitingForReceipt WaitingForInvoiceReceipt
          B: NotRead HaveToCreateReceipt
        confirm document
          A: WaitingForReceipt WaitingForInvoiceReceipt
          B: NotRead HaveToCreateReceipt
        B receipt
          A: WaitingForReceipt WaitingForInvoiceReceipt
          B:
        deliver
          A:
          B:
        confirm receipt
          A: Finished -NotFinished
          B: Finished -NotFinished
        B amend
          A: Finished -NotFinished
          B: Finished -NotFinished InvoiceAmendmentRequested
        deliver
          A: Finished -NotFinished InvoiceAmendmentRequested
          B: Finished -NotFinished InvoiceAmendmentRequested
        ",
    );
}

#[test]
fn an_invoice_of_old_where_confirmations_are_acknowledged() {
    check(
        "
        post type=Invoice wf=10
          A: -WithSenderSignature WaitingForReceipt WaitingForInvoiceReceipt
        deliver
          A: WaitingForReceipt WaitingForInvoiceReceipt
          B: NotRead HaveToCreateReceipt
        confirm document
          A: HaveToCreateReceipt WaitingForReceipt WaitingForInvoiceReceipt
          B: NotRead HaveToCreateReceipt
        A acknowledge
          A: WaitingForReceipt WaitingForInvoiceReceipt
          B: NotRead HaveToCreateReceipt
        B acknowledge
          A: WaitingForReceipt WaitingForInvoiceReceipt
          B: HaveToCreateReceipt
        B receipt
          A: WaitingForReceipt WaitingForInvoiceReceipt
          B:
        deliver
          A: Finished -NotFinished
          B:
        confirm receipt to B
          A: Finished -NotFinished
          B: HaveToCreateReceipt
        B acknowledge
          A: Finished -NotFinished
          B: Finished -NotFinished
        ",
    );
}

#[test]
fn a_title_with_disagreements_and_a_receipt_on_it() {
    check(
        "
        post type=UniversalTransferDocument function=СЧФДОП wf=18
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature -WithSenderSignature WaitingForReceipt WaitingForInvoiceReceipt
        deliver
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature WaitingForReceipt WaitingForInvoiceReceipt
          B: NotRead -NoRecipientSignatureRequest WaitingForRecipientSignature RequestsMySignature HaveToCreateReceipt
        confirm document
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature WaitingForReceipt WaitingForInvoiceReceipt
          B: NotRead -NoRecipientSignatureRequest WaitingForRecipientSignature RequestsMySignature HaveToCreateReceipt
        B title partly asks-receipt
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature WaitingForReceipt WaitingForInvoiceReceipt
          B: -NoRecipientSignatureRequest WithRecipientPartiallySignature HaveToCreateReceipt WaitingForReceipt WaitingForInvoiceReceipt
        deliver
          A: -NoRecipientSignatureRequest WithRecipientPartiallySignature HaveToCreateReceipt WaitingForReceipt WaitingForInvoiceReceipt
          B: -NoRecipientSignatureRequest WithRecipientPartiallySignature HaveToCreateReceipt WaitingForReceipt WaitingForInvoiceReceipt
        A receipt on title
          A: -NoRecipientSignatureRequest WithRecipientPartiallySignature WaitingForReceipt WaitingForInvoiceReceipt
          B: -NoRecipientSignatureRequest WithRecipientPartiallySignature HaveToCreateReceipt WaitingForReceipt WaitingForInvoiceReceipt
        deliver
          A: -NoRecipientSignatureRequest WithRecipientPartiallySignature WaitingForReceipt WaitingForInvoiceReceipt
          B: -NoRecipientSignatureRequest WithRecipientPartiallySignature HaveToCreateReceipt
        ",
    );
}

#[test]
fn approved_and_revoked_by_both() {
    check(
        "
        post request
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature -WithSenderSignature
        deliver
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: NotRead -NoRecipientSignatureRequest WaitingForRecipientSignature RequestsMySignature
        B sign
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: -NoRecipientSignatureRequest WithRecipientSignature
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
        A ask approval
          A: -NoRecipientSignatureRequest WithRecipientSignature WaitingForResolution Finished -NotFinished
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
        A resolve yes
          A: -NoRecipientSignatureRequest WithRecipientSignature Approved Finished -NotFinished
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
        A revoke
          A: -NoRecipientSignatureRequest WithRecipientSignature Approved RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature Approved RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature RequestsMyRevocation
        B disagree
          A: -NoRecipientSignatureRequest WithRecipientSignature Approved RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature RequestsMyRevocation
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature Approved Finished -NotFinished RevocationRejected
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished RevocationRejected
        B revoke
          A: -NoRecipientSignatureRequest WithRecipientSignature Approved Finished -NotFinished RevocationRejected
          B: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature Approved RequestsMyRevocation
          B: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
        A agree
          A: -NoRecipientSignatureRequest WithRecipientSignature Approved RequestsMyRevocation
          B: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature Approved Finished -NotFinished RevocationAccepted -NotRevoked
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished RevocationAccepted -NotRevoked
        ",
    );
}

#[test]
fn denied_and_deleted_before_sending() {
    check(
        "
        post unsent
          A: -NoRecipientSignatureRequest -WithSenderSignature WaitingForSenderSignature
        A ask signature
          A: -NoRecipientSignatureRequest -WithSenderSignature WaitingForSenderSignature WaitingForResolution
        A deny
          A: -NoRecipientSignatureRequest -WithSenderSignature WaitingForSenderSignature SignatureRequestRejected
        A resolve no
          A: -NoRecipientSignatureRequest -WithSenderSignature WaitingForSenderSignature Disapproved
        A delete
          A: Deleted
        A restore
          A: -NoRecipientSignatureRequest -WithSenderSignature WaitingForSenderSignature Disapproved
        ",
    );
}

#[test]
fn revoked_by_the_sender_alone() {
    check(
        "
        post
          A: -WithSenderSignature
        deliver
          A: Finished -NotFinished
          B: NotRead Finished -NotFinished
        A revoke
          A: RevocationIsRequestedByMe
          B: NotRead Finished -NotFinished
        deliver
          A: Finished -NotFinished RevocationAccepted -NotRevoked
          B: NotRead Finished -NotFinished RevocationAccepted -NotRevoked
        ",
    );
}

#[test]
fn inside_one_organization() {
    check(
        "
        post internal request
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature RequestsMySignature
        A sign
          A: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
        ",
    );
}

#[test]
fn what_is_no_letter_is_in_no_list() {
    check(
        "
        post draft
          A: in no list
        ",
    );
    check(
        "
        post template
          A: in no list
        deliver
          A: in no list
          B: in no list
        ",
    );
}

#[test]
fn a_request_to_revoke_is_approved_first() {
    check(
        "
        post request
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature -WithSenderSignature
        deliver
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: NotRead -NoRecipientSignatureRequest WaitingForRecipientSignature RequestsMySignature
        B sign
          A: -NoRecipientSignatureRequest WaitingForRecipientSignature
          B: -NoRecipientSignatureRequest WithRecipientSignature
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
        A revoke
          A: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature RequestsMyRevocation
        B ask approval on request
          A: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature RequestsMyRevocation WaitingForRevocationApprovement
        B resolve no on request
          A: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature RequestsMyRevocation RevocationDisapproved
        B ask approval on request
          A: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature RequestsMyRevocation WaitingForRevocationApprovement
        B resolve yes on request
          A: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature RequestsMyRevocation RevocationApproved
        B agree
          A: -NoRecipientSignatureRequest WithRecipientSignature RevocationIsRequestedByMe
          B: -NoRecipientSignatureRequest WithRecipientSignature RequestsMyRevocation
        deliver
          A: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished RevocationAccepted -NotRevoked
          B: -NoRecipientSignatureRequest WithRecipientSignature Finished -NotFinished RevocationAccepted -NotRevoked
        ",
    );
}

#[test]
fn what_a_row_holds() {
    let mut world = World::after("post unsent request type=Contract wf=2");
    let before = row(&world, Who::A).unwrap();
    assert_eq!(before.listed_at, before.created_at, "what is not sent is listed by when it was made");
    assert!(!before.traits.is_sent);
    world.step("A sign");
    world.step("deliver");
    let [sent, arrived] = [Who::A, Who::B].map(|who| row(&world, who).unwrap());
    assert!(sent.created_at == before.created_at && sent.listed_at > before.listed_at, "by when it was sent");
    assert_eq!(arrived.listed_at, world.state(Who::B).unwrap().created_at(), "by when it arrived");
    for (row, direction, who) in
        [(&sent, Direction::Outbound, Who::B), (&arrived, Direction::Inbound, Who::A)]
    {
        assert!(row.traits.is_sent && !row.traits.has_proxy && row.traits.route.is_none());
        assert_eq!((row.traits.direction, row.traits.type_named_id.as_str()), (direction, "Contract"));
        assert_eq!(row.counteragent, box_of(who));
        assert_eq!(row.number.as_deref(), Some("7"));
        assert_eq!(row.date.map(|date| date.to_string()).as_deref(), Some("01.02.2026"));
        assert_eq!(row.file_name.as_deref(), Some("contract.pdf"));
    }
    world.step("A tag Проект Ёлка-7");
    let tagged = row(&world, Who::A).unwrap();
    let added: Vec<&str> =
        tagged.tokens.iter().filter(|token| !sent.tokens.contains(token)).map(String::as_str).collect();
    assert_eq!(added, ["елка", "елка-7", "проект"]);
    for word in ["7", "01.02.2026", "contract.pdf", "contract", "pdf", &counteragent_token(box_of(Who::B))] {
        assert!(sent.tokens.iter().any(|token| token == word), "{word}: {:?}", sent.tokens);
    }
    assert!(sent.tokens.is_sorted());
}
