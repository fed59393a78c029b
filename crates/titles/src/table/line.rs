//! What the words of a line mean.

use std::collections::HashMap;
use std::sync::Arc;

use super::lines::Line;
use super::{Ask, Bind, Outside, Place, Result, Source, Test, Value};
use crate::classifier::Classifier;
use crate::rule::{NameMap, Rule};

/// The words of a line, read one after the other.
pub(super) struct Words<'a> {
    line: &'a Line,
    maps: &'a HashMap<&'static str, Arc<NameMap>>,
    next: usize,
}

impl<'a> Words<'a> {
    /// After the first word.
    pub(super) fn new(line: &'a Line, maps: &'a HashMap<&'static str, Arc<NameMap>>) -> Self {
        Self { line, maps, next: 1 }
    }

    pub(super) fn peek(&self) -> Option<&'static str> {
        self.line.words.get(self.next).copied()
    }

    /// The next word if it is this one.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let is_it = self.peek() == Some(word);
        self.next += usize::from(is_it);
        is_it
    }

    pub(super) fn word(&mut self) -> Result<&'static str> {
        let word = self.peek().ok_or_else(|| self.line.error("a word is missing"))?;
        self.next += 1;
        Ok(word)
    }

    pub(super) fn end(&self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(word) => Err(self.line.error(&format!("{word:?} has no place"))),
        }
    }

    /// `each` and `at`.
    pub(super) fn bind(&mut self) -> Result<Bind> {
        if self.take("at") {
            let path = self.word()?;
            return Ok(Bind::At(path.split('/').collect()));
        }
        if !self.take("each") {
            return Ok(Bind::Here);
        }
        let (path, many) = repeated(self.word()?);
        let many = many.ok_or_else(|| self.line.error("nothing is repeated"))?;
        Ok(Bind::Each(path.into_iter().collect(), many))
    }

    /// `= SOURCE RULE or SOURCE if TEST …`.
    pub(super) fn value(&mut self) -> Result<Option<Value>> {
        if !self.take("=") {
            return Ok(None);
        }
        let source = self.source()?;
        let rule = match (self.peek(), &source) {
            (Some(word), _) if !matches!(word, "or" | "when" | "set") => self.rule()?,
            (_, Source::Literal(constant)) => Rule::constant(constant),
            _ => Rule::Any,
        };
        let mut or = Vec::new();
        while self.take("or") {
            let source = self.source()?;
            let mut tests = Vec::new();
            while self.take("if") {
                tests.push(self.test()?);
            }
            or.push((source, tests));
        }
        Ok(Some(Value { source, rule, or }))
    }

    /// `when TEST …`.
    pub(super) fn when(&mut self) -> Result<Vec<Test>> {
        let mut tests = Vec::new();
        while self.take("when") {
            tests.push(self.test()?);
        }
        Ok(tests)
    }

    /// `set PLACE=VALUE …`.
    pub(super) fn set(&mut self) -> Result<Vec<(Place, &'static str)>> {
        let mut all = Vec::new();
        while self.take("set") {
            let word = self.word()?;
            let (place, value) = word.split_once('=').ok_or_else(|| self.line.error("no value to set"))?;
            all.push((place_of(place), value));
        }
        Ok(all)
    }

    pub(super) fn rule(&mut self) -> Result<Rule> {
        let word = self.word()?;
        Rule::named(word, self.maps).ok_or_else(|| self.line.error(&format!("no rule is called {word:?}")))
    }

    pub(super) fn source(&mut self) -> Result<Source> {
        let word = self.word()?;
        if let Some(literal) = word.strip_prefix('\'') {
            return Ok(Source::Literal(literal.trim_end_matches('\'')));
        }
        let Some(name) = word.strip_prefix('$') else {
            return Ok(Source::Contract(place_of(word)));
        };
        let known = match name {
            "file" => Some(Outside::FileId),
            "program" => Some(Outside::Program),
            "date" => Some(Outside::Date),
            "time" => Some(Outside::Time),
            "clock" => Some(Outside::Clock),
            "sender" => Some(Outside::Sender),
            "recipient" => Some(Outside::Recipient),
            "operator.name" => Some(Outside::OperatorName),
            "operator.inn" => Some(Outside::OperatorInn),
            "operator.code" => Some(Outside::OperatorCode),
            "number" => Some(Outside::Number),
            "nothing" => Some(Outside::Nothing),
            "signatures" => Some(Outside::Signatures),
            "first.file" => Some(Outside::FirstFileId),
            _ => None,
        };
        if let Some(outside) = known {
            return Ok(Source::Outside(outside));
        }
        self.looked_up(name).ok_or_else(|| self.line.error(&format!("no source is called {word:?}")))
    }

    /// `$first:PLACE`, `$name:CLASSIFIER(PLACE,OTHER)`, `$names:CLASSIFIER(PLACE)`.
    fn looked_up(&self, name: &'static str) -> Option<Source> {
        let (kind, rest) = name.split_once(':')?;
        if kind == "first" {
            return Some(Source::First(place_of(rest)));
        }
        let (classifier, places) = rest.strip_suffix(')')?.split_once('(')?;
        let classifier = Classifier::named(classifier)?;
        let (code, other) = match places.split_once(',') {
            Some((code, other)) => (code, Some(place_of(other))),
            None => (places, None),
        };
        match kind {
            "name" => Some(Source::Name(classifier, place_of(code), other)),
            "names" => Some(Source::Names(classifier, place_of(code))),
            _ => None,
        }
    }

    /// `@A=v|w`, `@A~rule`, `@A`, `!@A`; with `^` from the root.
    pub(super) fn test(&mut self) -> Result<Test> {
        let word = self.word()?;
        if let Some(place) = word.strip_prefix('!') {
            return Ok(Test { place: place_of(place), ask: Ask::Absent });
        }
        if let Some((place, rule)) = word.split_once('~') {
            let rule = Rule::named(rule, self.maps).ok_or_else(|| self.line.error("no such rule"))?;
            return Ok(Test { place: place_of(place), ask: Ask::Keeps(rule) });
        }
        let Some((place, values)) = word.split_once('=') else {
            return Ok(Test { place: place_of(word), ask: Ask::Present });
        };
        Ok(Test {
            place: place_of(place),
            ask: Ask::Is(values.split('|').map(|value| value.trim_matches('\'')).collect()),
        })
    }
}

/// `A/B/@c`, `A/B`, `@c`, `.`, each from the root with `^`.
pub(crate) fn place_of(text: &'static str) -> Place {
    let from_root = text.starts_with('^');
    let text = text.trim_start_matches('^');
    let (path, attribute) = match text.rsplit_once('@') {
        Some((path, attribute)) => (path.trim_end_matches('/'), Some(attribute)),
        None => (text, None),
    };
    let steps = path.split('/').filter(|step| !step.is_empty() && *step != ".").collect();
    Place::new(from_root, steps, attribute)
}

/// A path whose repeated step has a star.
pub(crate) fn repeated(text: &'static str) -> (Vec<&'static str>, Option<usize>) {
    let many = text.split('/').position(|step| step.ends_with('*'));
    (text.split('/').map(|step| step.trim_end_matches('*')).collect(), many)
}
