//! What each of three boxes gets of letters of A to B through C.

use potok_stories::{Story, Who};

/// The feeds of all boxes after `steps`, all of which succeed: a line per event, with whose it is.
#[track_caller]
fn check_feeds(steps: &str, expected: &str) {
    let (story, refused) = Story::play(steps);
    assert_eq!(refused, None);
    let feeds = [Who::A, Who::C, Who::B].map(|who| (who, story.feed(who)));
    let lines = feeds.iter().flat_map(|(who, feed)| feed.lines().map(move |line| format!("{who:?} {line}")));
    let actual: Vec<String> = lines.collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(actual == expected, "the feeds are:\n{}", actual.join("\n"));
}

#[test]
fn what_each_box_is_told() {
    check_feeds(
        "post Nonformalized ask comment through-C; deliver; C signs d1; deliver; B signs d1; deliver",
        "
        A message: d1 comment(d1) sA(d1)
        A delivered message:
        A received: sC(d1)
        A delivered message:
        A received: sB(d1)
        C message: d1 comment(d1) sA(d1)
        C patch: sC(d1)
        C delivered patch:
        C received: sB(d1)
        B message: d1 comment(d1) sA(d1) sC(d1)
        B patch: sB(d1)
        B delivered patch:
        ",
    );
}

#[test]
fn documents_go_on_one_by_one() {
    check_feeds(
        "post Nonformalized Nonformalized ask through-C; deliver; C signs d2; deliver; C signs d1; deliver",
        "
        A message: d1 sA(d1) d2 sA(d2)
        A delivered message:
        A received: sC(d2)
        A delivered message:
        A received: sC(d1)
        A delivered patch:
        C message: d1 sA(d1) d2 sA(d2)
        C patch: sC(d2)
        C delivered patch:
        C patch: sC(d1)
        C delivered patch:
        B message: d2 sA(d2) sC(d2)
        B received: d1 sA(d1) sC(d1)
        ",
    );
}

#[test]
fn tags_are_everybodys_and_receipts_are_not() {
    check_feeds(
        "post XmlTorg12 wf3 receipt through-C; deliver; A tags d1 a=1; deliver; C tags d1 b=2 & signs d1; deliver; B tags d1 c=3 & receipts d1; deliver; B titles d1 asks-receipt; deliver; A receipts title(d1); deliver",
        "
        A message: d1 sA(d1)
        A delivered message:
        A patch: tag(d1)
        A delivered patch:
        A received: sC(d1) tag(d1)
        A delivered message:
        A received: receipt(d1) sB(receipt(d1)) tag(d1)
        A received: title(d1) sB(title(d1))
        A patch: receipt(title(d1)) sA(receipt(title(d1)))
        A delivered patch:
        C message: d1 sA(d1)
        C received: tag(d1)
        C patch: sC(d1) tag(d1)
        C delivered patch:
        C received: tag(d1)
        C received: title(d1) sB(title(d1))
        B message: d1 sA(d1) tag(d1) sC(d1) tag(d1)
        B patch: receipt(d1) sB(receipt(d1)) tag(d1)
        B delivered patch:
        B patch: title(d1) sB(title(d1))
        B delivered patch:
        B received: receipt(title(d1)) sA(receipt(title(d1)))
        ",
    );
}

#[test]
fn confirmations_go_to_sender_and_recipient() {
    check_feeds(
        "post XmlTorg12 wf19 through-C; deliver; C signs d1; deliver; B titles d1; deliver",
        "
        A message: d1 sA(d1)
        A delivered message: received(d1) sOp(received(d1))
        A received: sC(d1)
        A delivered message:
        A received: title(d1) sB(title(d1)) passed-on(title(d1)) sOp(passed-on(title(d1)))
        C message: d1 sA(d1)
        C patch: sC(d1)
        C delivered patch:
        C received: title(d1) sB(title(d1))
        B message: d1 sA(d1) sC(d1) passed-on(d1) sOp(passed-on(d1))
        B patch: title(d1) sB(title(d1))
        B delivered patch: received(title(d1)) sOp(received(title(d1)))
        ",
    );
}

#[test]
fn what_was_refused_goes_nowhere() {
    check_feeds(
        "post Nonformalized Nonformalized ask through-C; deliver; C refuses d1 & signs d2; deliver; A tags d1 a=1; A tags d2 b=2; deliver",
        "
        A message: d1 sA(d1) d2 sA(d2)
        A delivered message:
        A received: sC(d2) refusal(d1) sC(refusal(d1))
        A delivered message:
        A patch: tag(d1)
        A patch: tag(d2)
        A delivered patch:
        A delivered patch:
        C message: d1 sA(d1) d2 sA(d2)
        C patch: sC(d2) refusal(d1) sC(refusal(d1))
        C delivered patch:
        C received: tag(d1)
        C received: tag(d2)
        B message: d2 sA(d2) sC(d2)
        B received: tag(d2)
        ",
    );
}

#[test]
fn what_was_lost_with_the_first_sending_stays_lost() {
    let mut story = Story::new();
    for step in
        ["post Nonformalized through-C badly", "A revokes d1", "fail", "A signs d1", "deliver", "C signs d1"]
    {
        match step {
            "fail" => story.simulation.deliver_one(0, false),
            _ => story.step(step).expect("it is accepted"),
        }
    }
    story.step("deliver").expect("it is a step");
    assert_eq!(story.feed(Who::B), "message: d1 sA(d1) sC(d1)");
}

#[test]
fn what_is_encrypted_is_checked_by_the_recipient_alone() {
    check_feeds(
        "post Nonformalized encrypted fndefault vv1 ask through-C; deliver; C signs d1; deliver; B disproves d1; deliver; A signs d1; deliver; B verifies d1; deliver",
        "
        A message: d1 sA(d1)
        A delivered message:
        A received: sC(d1)
        A delivered message:
        A received: report(sA(d1))
        A patch: sA(d1)
        A delivered patch:
        A received:
        C message: d1 sA(d1)
        C patch: sC(d1)
        C delivered patch:
        C received:
        C received: sA(d1)
        C received:
        B message: d1 sA(d1) sC(d1)
        B patch: report(sA(d1))
        B delivered patch:
        B received: sA(d1)
        B patch:
        B delivered patch:
        ",
    );
}
