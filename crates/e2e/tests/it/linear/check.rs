//! Whether a recorded history can be told one call after the other: the search of Wing and Gong with what Lowe adds to it, that nothing is
//! tried twice. Kept libraries of this kind record by threads of their own, or know sets and registers; ours is a page long, and what it
//! knows is in the model.

use std::collections::HashSet;
use std::hash::Hash;

/// What calls do, one after the other.
pub(crate) trait Model {
    type State: Clone + Eq + Hash;
    type Call;
    type Answer;

    /// The state after a call that was answered so; `None` when it cannot have been. `None` as the answer is one that nobody heard: the
    /// call may have been done at any time since, or never.
    fn apply(state: &Self::State, call: &Self::Call, answer: Option<&Self::Answer>) -> Option<Self::State>;
}

/// A call as its caller saw it. Times count up over all callers.
#[derive(Clone, Debug)]
pub(crate) struct Recorded<C, A> {
    pub(crate) begun: u64,
    pub(crate) ended: u64,
    pub(crate) call: C,
    /// `None`: nobody heard it. Then `ended` says nothing.
    pub(crate) answer: Option<A>,
}

/// Calls that can be told apart: bits of a set.
const MOST: usize = 128;

/// Whether there is an order of the calls in which each is answered as it was, and none comes before one that had ended when it began.
/// `may_be` says of which states what was seen last may come: without it, calls of which nobody heard would be tried everywhere.
pub(crate) fn is_linearizable<M: Model>(
    begin: &M::State,
    history: &[Recorded<M::Call, M::Answer>],
    may_be: impl Fn(&M::State) -> bool,
) -> bool {
    assert!(history.len() <= MOST, "{} calls are too many for one history", history.len());
    let answered = history.iter().enumerate().filter(|(_, it)| it.answer.is_some());
    let wanted = answered.fold(0_u128, |set, (nth, _)| set | 1 << nth);
    let mut tried: HashSet<(u128, M::State)> = HashSet::new();
    let mut ways = vec![(0_u128, begin.clone())];
    while let Some((done, state)) = ways.pop() {
        if done & wanted == wanted {
            return true;
        }
        if !tried.insert((done, state.clone())) {
            continue;
        }
        let open = || history.iter().enumerate().filter(move |(nth, _)| done & (1 << nth) == 0);
        let first_end = open().filter(|(_, it)| it.answer.is_some()).map(|(_, it)| it.ended).min();
        for (nth, it) in open().filter(|(_, it)| first_end.is_none_or(|end| it.begun < end)) {
            let next = M::apply(&state, &it.call, it.answer.as_ref());
            // What nobody heard and what changes nothing may as well not have been.
            let counts = |next: &M::State| may_be(next) && (it.answer.is_some() || *next != state);
            if let Some(next) = next.filter(counts) {
                ways.push((done | 1 << nth, next));
            }
        }
    }
    false
}
