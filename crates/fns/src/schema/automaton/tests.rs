//! Words of one-letter elements.

use super::super::model::Names;
use super::*;

fn some(particle: Particle, least: u32, most: Option<u32>) -> Occurring {
    Occurring { particle, least, most }
}

fn once(particle: Particle) -> Occurring {
    some(particle, 1, Some(1))
}

struct Letters(Names);

impl Letters {
    fn element(&mut self, name: &str) -> Particle {
        let symbol = self.0.intern(Namespace::NONE, name);
        Particle::Element(symbol, ElementId(name.bytes().next().unwrap().into()))
    }

    fn accepts(&self, automaton: &Automaton, word: &str) -> bool {
        let mut state = Automaton::START;
        for letter in word.chars() {
            let symbol = self.0.find(Namespace::NONE, &letter.to_string());
            match automaton.step(state, symbol, Namespace::NONE, true) {
                Some(Step::Element(_, next) | Step::Any(_, next)) => state = next,
                None => return false,
            }
        }
        automaton.accepts(state)
    }
}

#[test]
fn content_models_take_their_words() {
    let mut l = Letters(Names::default());
    let (a, b, c) = (l.element("a"), l.element("b"), l.element("c"));
    l.element("x");
    let any = Particle::Any(Wildcard {
        allowed: super::super::model::Allowed::Any,
        process: super::super::model::Process::Skip,
    });
    let sequence = |parts: &[Occurring]| Particle::Sequence(parts.to_vec());
    let choice = |parts: &[Occurring]| Particle::Choice(parts.to_vec());
    for (content, good, bad) in [
        (
            once(sequence(&[once(a.clone()), once(b.clone())])),
            &["ab"][..],
            &["", "a", "ba", "abb", "abx"][..],
        ),
        (once(sequence(&[some(a.clone(), 0, Some(1)), once(b.clone())])), &["ab", "b"], &["a", "aab"]),
        (
            once(sequence(&[some(a.clone(), 2, Some(4)), some(b.clone(), 0, None)])),
            &["aa", "aaaa", "aaabbb"],
            &["a", "aaaaa", "b", "aba"],
        ),
        (once(sequence(&[some(a.clone(), 3, None)])), &["aaa", "aaaaa"], &["aa", ""]),
        (some(choice(&[once(a.clone()), once(b.clone())]), 0, None), &["", "abba"], &["c", "abc"]),
        (some(choice(&[once(a.clone()), once(b.clone())]), 1, Some(1)), &["a", "b"], &["", "ab"]),
        (
            some(sequence(&[once(a.clone()), some(b.clone(), 0, Some(1))]), 0, Some(2)),
            &["", "a", "ab", "aba", "abab"],
            &["b", "aaa", "abb"],
        ),
        (
            once(choice(&[
                once(sequence(&[once(a.clone()), once(c.clone())])),
                once(sequence(&[once(b.clone()), once(c.clone())])),
            ])),
            &["ac", "bc"],
            &["a", "c", "abc"],
        ),
        (some(choice(&[some(a.clone(), 0, None)]), 0, None), &["", "a", "aaa"], &["b"]),
        (once(sequence(&[once(a.clone()), some(any, 0, None)])), &["a", "axbx"], &["", "x"]),
        (once(sequence(&[some(a.clone(), 0, Some(0)), once(b.clone())])), &["b"], &["ab"]),
        (once(sequence(&[])), &[""], &["a"]),
        (once(choice(&[])), &[], &["", "a"]),
    ] {
        let automaton = Automaton::new(&content, true).unwrap();
        for good in good {
            assert!(l.accepts(&automaton, good), "{content:?} and {good:?}");
        }
        for bad in bad {
            assert!(!l.accepts(&automaton, bad), "{content:?} and {bad:?}");
        }
    }
}

#[test]
fn ambiguous_and_huge_models_are_refused() {
    let mut l = Letters(Names::default());
    let (a, b) = (l.element("a"), l.element("b"));
    let any = |allowed| {
        let process = super::super::model::Process::Lax;
        Particle::Any(Wildcard { allowed, process })
    };
    use super::super::model::Allowed;
    for (content, reason) in [
        (once(Particle::Sequence(vec![some(a.clone(), 0, Some(1)), once(a.clone())])), "ambiguous"),
        (
            once(Particle::Choice(vec![
                once(Particle::Sequence(vec![once(a.clone()), once(b.clone())])),
                once(a.clone()),
            ])),
            "ambiguous",
        ),
        (once(Particle::Sequence(vec![some(a.clone(), 0, None), once(any(Allowed::Any))])), "ambiguous"),
        (some(a.clone(), 0, Some(100_000)), "more than"),
        (
            some(Particle::Sequence(vec![some(a.clone(), 0, Some(200)), once(b.clone())]), 0, Some(200)),
            "more than",
        ),
        (
            once(Particle::Sequence((0..1500).map(|n| some(l.element(&format!("e{n}")), 0, None)).collect())),
            "too large",
        ),
    ] {
        let error = Automaton::new(&content, true).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
    assert!(Automaton::new(&some(a, 0, Some(9999)), true).is_ok());
    let apart = Particle::Sequence(vec![some(b, 0, None), once(any(Allowed::Other))]);
    assert!(Automaton::new(&once(apart), true).is_ok());
}
