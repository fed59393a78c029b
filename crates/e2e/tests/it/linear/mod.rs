//! What callers of one box saw while they called at once can be told one call after the other: posts, repeats of posts, deletions, and
//! reads of the feed, some of them given up before their answer came.

mod check;
mod place;

use potok_testkit::{World, WorldOptions};

use check::{Recorded, is_linearizable};
use place::{Answer, Call, Feed, Item, Place, What};

const ROUNDS: u64 = 4;

async fn told(world: World) {
    let mut place = Place::new(world).await;
    for round in 0..ROUNDS {
        let (begin, history) = place.round(round + 1).await;
        assert!(history.iter().any(|it| it.answer.is_none()), "some answers were not heard");
        assert!(can_be(&begin, &history), "round {round}: {history:#?}");
        // The same with faults of which each is one: the checker has eyes.
        for (name, planted) in faults(&begin, &history) {
            assert!(!can_be(&begin, &planted), "round {round}: {name} is not seen");
        }
    }
    place.end().await;
}

/// Whether a history can be told in one order. Its last call began when all others had ended, and saw everything: a feed only grows, so each
/// state before is a beginning of that.
fn can_be(begin: &[Item], history: &[Recorded<Call, Answer>]) -> bool {
    let mut seen = begin.to_vec();
    if let Some(Answer::Seen(items)) = history.last().and_then(|last| last.answer.as_ref()) {
        seen.extend(items);
    }
    is_linearizable::<Feed>(&begin.to_vec(), history, |state| seen.starts_with(state))
}

/// What was recorded, as it would look if something had gone wrong.
fn faults(
    begin: &[Item],
    history: &[Recorded<Call, Answer>],
) -> Vec<(&'static str, Vec<Recorded<Call, Answer>>)> {
    // The last call of a round reads everything.
    let with_last = |change: fn(&mut Vec<Item>)| {
        let mut planted = history.to_vec();
        if let Some(Answer::Seen(items)) = &mut planted.last_mut().unwrap().answer {
            change(items);
        }
        planted
    };
    let mut stale = history.to_vec();
    // A read that began when everything else had ended shows what there was in the beginning.
    let last = stale.last().unwrap().clone();
    let read =
        Recorded { begun: last.ended + 1, ended: last.ended + 2, call: Call::Read(begin.len()), ..last };
    stale.push(Recorded { answer: Some(Answer::Seen(Vec::new())), ..read });
    vec![
        (
            "a lost event",
            with_last(|items| {
                items.remove(items.len() / 2);
            }),
        ),
        (
            "a lost last event",
            with_last(|items| {
                items.pop();
            }),
        ),
        ("an event that came twice", with_last(|items| items.push(items[0]))),
        ("events in another order", with_last(|items| items.reverse())),
        ("a stale read", stale),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_callers_of_a_box_see_at_once_can_be_told_in_one_order() {
    told(World::start_embedded().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_callers_of_a_box_see_at_once_on_two_nodes_can_be_told_in_one_order() {
    told(World::start_with(WorldOptions { on_postgres: true, nodes: 2, ..WorldOptions::default() }).await)
        .await;
}

/// Histories by hand: which can be told in one order, and which cannot.
#[test]
fn the_checker_tells_what_can_be_from_what_cannot() {
    const A: Item = (What::Created, 0);
    const B: Item = (What::Created, 1);
    let call = |begun, ended, call, answer| Recorded { begun, ended, call, answer };
    let done = |begun, ended, it| call(begun, ended, it, Some(Answer::Done));
    let unheard = |begun, it| call(begun, u64::MAX, it, None);
    let seen =
        |begun, ended, items: &[Item]| call(begun, ended, Call::Read(0), Some(Answer::Seen(items.to_vec())));
    let post = Call::Post;
    for (name, can_be, history) in [
        ("one after the other", true, vec![done(0, 1, post(0)), seen(2, 3, &[A])]),
        ("a stale read", false, vec![done(0, 1, post(0)), seen(2, 3, &[])]),
        ("a read beside a post may miss it", true, vec![done(0, 5, post(0)), seen(1, 4, &[])]),
        ("and may see it", true, vec![done(0, 5, post(0)), seen(1, 4, &[A])]),
        ("what was seen stays", false, vec![done(0, 9, post(0)), seen(1, 2, &[A]), seen(3, 4, &[])]),
        (
            "two at once come in either order",
            true,
            vec![done(0, 5, post(0)), done(1, 4, post(1)), seen(6, 7, &[B, A])],
        ),
        (
            "but in one order for everybody",
            false,
            vec![done(0, 5, post(0)), done(1, 4, post(1)), seen(6, 9, &[B, A]), seen(7, 8, &[A, B])],
        ),
        ("an answer that nobody heard may mean nothing", true, vec![unheard(0, post(0)), seen(2, 3, &[])]),
        ("or be done later", true, vec![unheard(0, post(0)), seen(2, 3, &[]), seen(4, 5, &[A])]),
        ("but not before it was asked", false, vec![seen(0, 1, &[A]), unheard(2, post(0))]),
        ("nor taken back", false, vec![unheard(0, post(0)), seen(2, 3, &[A]), seen(4, 5, &[])]),
        ("a repeat is no second one", true, vec![done(0, 1, post(0)), done(2, 3, post(0)), seen(4, 5, &[A])]),
        ("nor seen as one", false, vec![done(0, 1, post(0)), done(2, 3, post(0)), seen(4, 5, &[A, A])]),
        (
            "of two deletions one is refused",
            true,
            vec![
                done(0, 1, post(0)),
                done(2, 5, Call::Delete(0)),
                call(3, 4, Call::Delete(0), Some(Answer::Refused)),
                seen(6, 7, &[A, (What::Deleted, 0)]),
            ],
        ),
        (
            "not both done",
            false,
            vec![done(0, 1, post(0)), done(2, 5, Call::Delete(0)), done(3, 4, Call::Delete(0))],
        ),
    ] {
        assert_eq!(is_linearizable::<Feed>(&Vec::new(), &history, |_| true), can_be, "{name}");
    }
}
