//! Contracts made up from a table: what a program could send.

use potok_fns::xml::Writer;

use crate::Format;
use crate::draft::{At, Draft};
use crate::rule::Rule;
use crate::table::{Ask, Attribute, Bind, Element, Node, Place, Source, Table, Tail, Test, Value};

/// Decides what a made-up contract says.
pub trait Dice {
    /// Whether something that may be absent is there.
    fn is_there(&mut self) -> bool;
    /// One of so many, from 0; there is at least one.
    fn pick(&mut self, of: usize) -> usize;
    /// How many there are of what may repeat, at least one.
    fn count(&mut self) -> usize;
}

/// Says everything, always the first choice.
#[derive(Clone, Copy, Debug)]
pub struct Full;

impl Dice for Full {
    fn is_there(&mut self) -> bool {
        true
    }
    fn pick(&mut self, _: usize) -> usize {
        0
    }
    fn count(&mut self) -> usize {
        2
    }
}

/// Says only what has to be said.
#[derive(Clone, Copy, Debug)]
pub struct Minimal;

impl Dice for Minimal {
    fn is_there(&mut self) -> bool {
        false
    }
    fn pick(&mut self, _: usize) -> usize {
        0
    }
    fn count(&mut self) -> usize {
        1
    }
}

/// Chooses by given numbers, over and over; without any it says the least.
#[derive(Clone, Debug)]
pub struct Chosen<'a> {
    numbers: &'a [u8],
    next: usize,
}

impl<'a> Chosen<'a> {
    /// Chooses by these numbers.
    pub fn new(numbers: &'a [u8]) -> Self {
        Self { numbers, next: 0 }
    }

    fn number(&mut self) -> usize {
        if self.numbers.is_empty() {
            return 0;
        }
        let turn = self.next / self.numbers.len();
        let number = usize::from(self.numbers[self.next % self.numbers.len()]);
        self.next += 1;
        // Another round is another sequence.
        number.wrapping_add(turn * 37) % 256
    }
}

impl Dice for Chosen<'_> {
    fn is_there(&mut self) -> bool {
        self.number().is_multiple_of(3)
    }
    fn pick(&mut self, of: usize) -> usize {
        self.number() % of
    }
    fn count(&mut self) -> usize {
        1 + self.number() % 3
    }
}

impl Format {
    /// A contract of the format, UTF-8 with a byte order mark. Everything in it keeps the rules of its values; what one
    /// value asks of another, as sums do, is not looked after.
    pub fn sample(self, dice: &mut dyn Dice) -> Vec<u8> {
        let table = self.table();
        let mut maker = Maker { table, draft: Draft::new(table.contract), dice, values: 0, marked: false };
        maker.nodes(&table.inside, Draft::ROOT);
        maker.participants();
        maker.draft.write(&table.shape).unwrap_or_else(|_| Writer::utf8().finish())
    }
}

struct Maker<'a> {
    table: &'a Table,
    draft: Draft,
    dice: &'a mut dyn Dice,
    /// Values made so far: no two texts are the same.
    values: usize,
    marked: bool,
}

impl Maker<'_> {
    fn nodes(&mut self, nodes: &[Node], here: At) {
        for node in nodes {
            match node {
                Node::Attribute(row) => self.attribute(row, here),
                Node::Element(row) => self.element(row, row.optional && !row.always, here),
                Node::Choice { optional, of } => self.choice(*optional, of, here),
                Node::Known { .. } => {}
            }
        }
    }

    fn attribute(&mut self, row: &Attribute, here: At) {
        if !self.root_holds(&row.when) || !(row.required || !row.value.or.is_empty() || self.dice.is_there())
        {
            return;
        }
        // What nothing else can stand for, and what the contract may say itself.
        let here_tests: Vec<&Test> = row.when.iter().filter(|test| !test.place.from_root).collect();
        if here_tests.iter().any(|test| !self.make_hold(test, here)) {
            return;
        }
        self.value(&row.value, here);
        for (place, value) in &row.set {
            self.draft.put(here, place, &Rule::Any, value);
        }
    }

    fn choice(&mut self, optional: bool, of: &[Element], here: At) {
        if optional && !self.dice.is_there() {
            return;
        }
        let first = self.dice.pick(of.len());
        // From the chosen one on: its tests may not hold here.
        for row in of.iter().cycle().skip(first).take(of.len()) {
            let holds = row.when.iter().all(|test| self.make_hold(test, here));
            if holds {
                self.element(row, false, here);
                return;
            }
        }
    }

    fn element(&mut self, row: &Element, optional: bool, here: At) {
        if optional && !self.dice.is_there() || !row.when.iter().all(|test| self.make_hold(test, here)) {
            return;
        }
        if row.name.starts_with("НомСредИдентТов") {
            self.marked = true;
        }
        let times = if row.many { self.dice.count() } else { 1 };
        for _ in 0..times {
            let at = match &row.bind {
                Bind::Here => here,
                Bind::At(steps) => self.draft.descend(here, steps, None),
                Bind::Each(steps, many) => self.draft.descend(here, steps, Some(*many)),
            };
            if let Some(value) = &row.value {
                self.value(value, at);
            }
            self.nodes(&row.inside, at);
            for (place, value) in &row.set {
                self.draft.put(at, place, &Rule::Any, value);
            }
        }
    }

    fn value(&mut self, value: &Value, here: At) {
        // Codes made up are such that have a name, so names need no care.
        let Source::Contract(place) = &value.source else { return };
        if self.draft.look(here, place).is_none() {
            let text = self.text(value, place);
            self.draft.put(here, place, &Rule::Any, &text);
        }
    }

    fn text(&mut self, value: &Value, place: &Place) -> String {
        self.values += 1;
        let parts = matches!(value.rule, Rule::Part(_));
        if parts {
            return ["Лебедева Анна Павловна", "Зимин Олег Мамед оглы"][self.dice.pick(2)].to_owned();
        }
        let name = place.attribute.or(place.steps.last().copied()).unwrap_or_default();
        let number = self.values + self.dice.pick(7);
        value.rule.sample(name, number, &mut |of| self.dice.pick(of))
    }

    fn root_holds(&self, tests: &[Test]) -> bool {
        tests.iter().filter(|test| test.place.from_root).all(|test| self.holds(test, Draft::ROOT))
    }

    fn holds(&self, test: &Test, at: At) -> bool {
        let found = self.draft.look(at, &test.place);
        match &test.ask {
            Ask::Is(values) => values.contains(&found.unwrap_or("-")),
            Ask::Present => found.is_some(),
            Ask::Absent => found.is_none(),
            Ask::Keeps(rule) => found.is_some_and(|value| rule.keeps(value)),
        }
    }

    /// Says what a test asks for, if nothing else is said yet.
    fn make_hold(&mut self, test: &Test, here: At) -> bool {
        if test.place.from_root {
            return self.holds(test, Draft::ROOT);
        }
        let Some(name) = test.place.attribute else {
            // An element that has to be there is made by the row itself.
            return !matches!(test.ask, Ask::Absent) || self.draft.find(here, &test.place.steps).is_none();
        };
        let is_said = self.draft.look(here, &test.place).is_some();
        match &test.ask {
            Ask::Is(values) if !is_said => {
                let value = values.iter().find(|value| **value != "-").copied().unwrap_or_default();
                self.draft.put(here, &test.place, &Rule::Any, value);
                true
            }
            Ask::Keeps(rule) if !is_said => {
                self.values += 1;
                let text = rule.sample(name, self.values, &mut |of| self.dice.pick(of));
                self.draft.put(here, &test.place, &Rule::Any, &text);
                true
            }
            // What has to be there is a value of the row itself.
            Ask::Present if !is_said => true,
            _ => self.holds(test, here),
        }
    }

    fn participants(&mut self) {
        let ids = [
            "2BM-9901000010-990101001-202611010900000000001",
            "2BM-9902000020-990201001-202611010930000000002",
        ];
        for (places, id) in [&self.table.sender, &self.table.recipient].into_iter().zip(ids) {
            if let Some(Source::Contract(place)) = places.first() {
                self.draft.put(Draft::ROOT, place, &Rule::Any, id);
            }
        }
        if self.marked && self.table.file.tail == Tail::Goods {
            let at = self.draft.descend(Draft::ROOT, &["MetaData", "IncludeIdentificationNumbers"], Some(1));
            self.draft.put(at, &Place::here(), &Rule::Any, "0");
        }
    }
}
