//! Content models as automata: which element may follow which.
//!
//! Every particle that can match becomes a position (copies of a particle that may stand several times are positions of
//! their own), positions that can follow each other are linked, and sets of positions become states. The standard demands
//! that a name alone tells which particle it belongs to, so one state leads to one state for each name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::model::{ElementId, Namespace, Symbol, Wildcard};

/// What stands in a content model, before it is an automaton.
#[derive(Clone, Debug)]
pub(super) enum Particle {
    Element(Symbol, ElementId),
    Any(Wildcard),
    Sequence(Vec<Occurring>),
    Choice(Vec<Occurring>),
}

/// A particle with how often it stands.
#[derive(Clone, Debug)]
pub(super) struct Occurring {
    pub(super) particle: Particle,
    pub(super) least: u32,
    /// `None` for any number.
    pub(super) most: Option<u32>,
}

/// Positions that one content model may have, and links between them.
const POSITIONS: usize = 20_000;
const LINKS: usize = 1_000_000;

/// A content model ready for use.
#[derive(Debug)]
pub(super) struct Automaton {
    states: Vec<State>,
}

/// Index into the states of an automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StateId(usize);

#[derive(Debug, Default)]
struct State {
    /// Whether the content may end here.
    accepting: bool,
    next: Vec<(Symbol, ElementId, StateId)>,
    any: Vec<(Wildcard, StateId)>,
}

/// Where an element leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Element(ElementId, StateId),
    Any(&'a Wildcard, StateId),
}

impl Automaton {
    /// # Errors
    /// The model is too large, or a name does not tell which particle it belongs to.
    pub(super) fn new(content: &Occurring, no_target: bool) -> Result<Self, String> {
        let mut builder = Builder { positions: Vec::new(), follow: Vec::new(), links: 0, sources: 0 };
        let whole = builder.occurring(content)?;
        builder.states(&whole, no_target)
    }

    pub(super) const START: StateId = StateId(0);

    /// Where an element leads to from a state.
    pub(super) fn step(
        &self,
        state: StateId,
        symbol: Option<Symbol>,
        namespace: Namespace,
        no_target: bool,
    ) -> Option<Step<'_>> {
        let state = &self.states[state.0];
        if let Some(symbol) = symbol
            && let Some(&(_, element, next)) = state.next.iter().find(|(known, ..)| *known == symbol)
        {
            return Some(Step::Element(element, next));
        }
        let (wildcard, next) = state.any.iter().find(|(any, _)| any.allows(namespace, no_target))?;
        Some(Step::Any(wildcard, *next))
    }

    pub(super) fn accepts(&self, state: StateId) -> bool {
        self.states[state.0].accepting
    }

    /// Names that may stand next.
    pub(super) fn expected(&self, state: StateId) -> impl Iterator<Item = Option<Symbol>> {
        let state = &self.states[state.0];
        state.next.iter().map(|(symbol, ..)| Some(*symbol)).chain(state.any.iter().map(|_| None))
    }

    /// Where an element would lead to if what is missing before it were there: the nearest such place. If there is none, the
    /// element as declared anywhere in this content, which leads nowhere.
    pub(super) fn resume(&self, from: StateId, symbol: Symbol) -> Option<(ElementId, Option<StateId>)> {
        let step = |state: StateId| {
            let found = self.states[state.0].next.iter().find(|(known, ..)| *known == symbol);
            found.map(|&(_, element, next)| (element, next))
        };
        let mut seen = vec![false; self.states.len()];
        let mut queue = std::collections::VecDeque::from([from]);
        seen[from.0] = true;
        while let Some(state) = queue.pop_front() {
            if let Some((element, next)) = step(state) {
                return Some((element, Some(next)));
            }
            for &(_, _, next) in &self.states[state.0].next {
                if !std::mem::replace(&mut seen[next.0], true) {
                    queue.push_back(next);
                }
            }
        }
        (0..self.states.len()).find_map(|state| step(StateId(state))).map(|(element, _)| (element, None))
    }
}

/// A part of a content model while it is taken apart.
struct Part {
    /// Whether it may be nothing.
    nullable: bool,
    first: Vec<u32>,
    last: Vec<u32>,
}

#[derive(Clone)]
struct Position {
    matches: Matches,
    /// The particle that it is a copy of.
    source: u32,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Matches {
    Element(Symbol, ElementId),
    Any(Wildcard),
}

struct Builder {
    positions: Vec<Position>,
    follow: Vec<Vec<u32>>,
    links: usize,
    sources: u32,
}

impl Builder {
    fn occurring(&mut self, occurring: &Occurring) -> Result<Part, String> {
        let first_source = self.sources;
        let mut least = occurring.least as usize;
        // A loop needs one copy behind the ones that have to be there.
        let copies = occurring.most.map_or(least.max(1), |most| most as usize);
        let mut whole = Part { nullable: true, first: Vec::new(), last: Vec::new() };
        let mut before: Vec<u32> = Vec::new();
        for copy in 0..copies {
            // Copies are the same particles.
            self.sources = first_source;
            let part = self.particle(&occurring.particle)?;
            if part.nullable {
                // What may be nothing may be there any number of times less.
                least = 0;
            }
            // A copy beyond the least is only there if the one before it is: that way copies cost links for one each.
            self.link(&before, &part.first)?;
            if copy + 1 == copies && occurring.most.is_none() {
                self.link(&part.last, &part.first)?;
            }
            if copy == 0 {
                whole.first = part.first;
            }
            if copy >= least {
                whole.last.extend(&part.last);
            } else {
                whole.last.clone_from(&part.last);
            }
            before = part.last;
        }
        whole.nullable = least == 0;
        Ok(whole)
    }

    /// Puts a part behind another.
    fn append(&mut self, whole: &mut Part, part: Part) -> Result<(), String> {
        self.link(&whole.last, &part.first)?;
        if whole.nullable {
            whole.first.extend(&part.first);
        }
        if part.nullable {
            whole.last.extend(&part.last);
        } else {
            whole.last = part.last;
        }
        whole.nullable &= part.nullable;
        Ok(())
    }

    fn link(&mut self, from: &[u32], to: &[u32]) -> Result<(), String> {
        self.links += from.len() * to.len();
        if self.links > LINKS {
            return Err("a content model is too large".into());
        }
        for &from in from {
            self.follow[from as usize].extend(to);
        }
        Ok(())
    }

    fn particle(&mut self, particle: &Particle) -> Result<Part, String> {
        match particle {
            Particle::Element(symbol, element) => self.position(Matches::Element(*symbol, *element)),
            Particle::Any(wildcard) => self.position(Matches::Any(wildcard.clone())),
            Particle::Sequence(parts) => {
                let mut whole = Part { nullable: true, first: Vec::new(), last: Vec::new() };
                for part in parts {
                    let part = self.occurring(part)?;
                    self.append(&mut whole, part)?;
                }
                Ok(whole)
            }
            Particle::Choice(parts) => {
                // An empty choice can never be made; nothing follows and nothing ends there.
                let mut whole = Part { nullable: false, first: Vec::new(), last: Vec::new() };
                for part in parts {
                    let part = self.occurring(part)?;
                    whole.nullable |= part.nullable;
                    whole.first.extend(part.first);
                    whole.last.extend(part.last);
                }
                Ok(whole)
            }
        }
    }

    fn position(&mut self, matches: Matches) -> Result<Part, String> {
        if self.positions.len() == POSITIONS {
            return Err(format!("a content model has more than {POSITIONS} places for elements"));
        }
        let index = u32::try_from(self.positions.len()).map_err(|error| error.to_string())?;
        self.positions.push(Position { matches, source: self.sources });
        self.sources += 1;
        self.follow.push(Vec::new());
        Ok(Part { nullable: false, first: vec![index], last: vec![index] })
    }

    fn states(mut self, whole: &Part, no_target: bool) -> Result<Automaton, String> {
        for follow in &mut self.follow {
            follow.sort_unstable();
            follow.dedup();
        }
        let mut ending = vec![false; self.positions.len()];
        for &position in &whole.last {
            ending[position as usize] = true;
        }
        let mut first = whole.first.clone();
        first.sort_unstable();
        first.dedup();
        // States are told apart by what may follow and whether they end; the first one has a key of its own.
        let mut known: HashMap<(Vec<u32>, bool), StateId> = HashMap::new();
        let mut states = vec![State { accepting: whole.nullable, ..State::default() }];
        known.insert((first.clone(), whole.nullable), StateId(0));
        let mut queue = vec![(StateId(0), first)];
        while let Some((at, follow)) = queue.pop() {
            let mut by_match: HashMap<&Matches, (u32, Vec<u32>)> = HashMap::new();
            let mut order = Vec::new();
            for &position in &follow {
                let Position { matches, source } = &self.positions[position as usize];
                match by_match.entry(matches) {
                    Entry::Vacant(entry) => {
                        order.push(matches);
                        entry.insert((*source, vec![position]));
                    }
                    Entry::Occupied(mut entry) => {
                        if entry.get().0 != *source {
                            return Err("a content model is ambiguous".into());
                        }
                        entry.get_mut().1.push(position);
                    }
                }
            }
            if clashes(&order, no_target) {
                return Err("a content model is ambiguous".into());
            }
            for matches in order {
                let members = &by_match[matches].1;
                let mut after: Vec<u32> =
                    members.iter().flat_map(|&member| self.follow[member as usize].iter().copied()).collect();
                after.sort_unstable();
                after.dedup();
                let accepting = members.iter().any(|&member| ending[member as usize]);
                let next = match known.entry((after, accepting)) {
                    Entry::Occupied(entry) => *entry.get(),
                    Entry::Vacant(entry) => {
                        let next = StateId(states.len());
                        if next.0 > POSITIONS {
                            return Err("a content model is too large".into());
                        }
                        states.push(State { accepting, ..State::default() });
                        queue.push((next, entry.key().0.clone()));
                        entry.insert(next);
                        next
                    }
                };
                match matches {
                    Matches::Element(symbol, element) => states[at.0].next.push((*symbol, *element, next)),
                    Matches::Any(wildcard) => states[at.0].any.push((wildcard.clone(), next)),
                }
            }
        }
        Ok(Automaton { states })
    }
}

/// Whether two different particles could match the same element.
fn clashes(matches: &[&Matches], no_target: bool) -> bool {
    let mut names: Vec<Symbol> = matches
        .iter()
        .filter_map(|one| match one {
            Matches::Element(symbol, _) => Some(*symbol),
            Matches::Any(_) => None,
        })
        .collect();
    names.sort_unstable();
    let twice = names.windows(2).any(|pair| pair[0] == pair[1]);
    let wildcards: Vec<&Wildcard> = matches
        .iter()
        .filter_map(|one| match one {
            Matches::Any(wildcard) => Some(wildcard),
            Matches::Element(..) => None,
        })
        .collect();
    let kinds = [Namespace::NONE, Namespace::TARGET, Namespace::FOREIGN];
    let of = |wildcard: &Wildcard, kind| wildcard.allows(kind, no_target);
    // Elements of a schema are in its namespace or in none.
    let own = if names.is_empty() { &[][..] } else { &kinds[..if no_target { 1 } else { 2 }] };
    let with_element = wildcards.iter().any(|wildcard| own.iter().any(|&kind| of(wildcard, kind)));
    let with_each_other = wildcards.iter().enumerate().any(|(at, one)| {
        wildcards[at + 1..].iter().any(|other| kinds.iter().any(|&kind| of(one, kind) && of(other, kind)))
    });
    twice || with_element || with_each_other
}

#[cfg(test)]
mod tests;
