//! From lines to a table.

use std::collections::HashMap;
use std::sync::Arc;

use super::line::{Words, place_of, repeated};
use super::lines::{Line, Sheet, sheet};
use super::{
    Attribute, Bind, Element, FileRule, Node, Place, Result, Shape, Source, Table, TableError, Tail,
};
use crate::rule::NameMap;

/// Blocks inside of each other; more is a block that holds itself.
const DEPTH: usize = 16;

/// Reads a table; `texts` knows those that it extends and includes.
pub(crate) fn table(text: &'static str, texts: &dyn Fn(&str) -> Option<&'static str>) -> Result<Table> {
    let sheet = sheet(text, texts)?;
    let maps = sheet.maps.iter().map(|(name, line)| Ok((*name, map(line)?))).collect::<Result<_>>()?;
    let missing = |what: &str| TableError(format!("the table has no {what}"));
    let root = sheet.root.as_ref().ok_or_else(|| missing("root"))?;
    let about = |word: &str| sheet.about.get(word).ok_or_else(|| missing(word));
    let contract = about("contract")?.words.get(1).copied().ok_or_else(|| missing("contract"))?;
    let compiler = Compiler { sheet: &sheet, maps };
    let inside = compiler.nodes(&root.inside, 0)?;
    let orders = sheet.orders.iter().filter_map(|line| line.words.get(1..)).collect::<Vec<_>>();
    let shape = Shape::of(&inside, &orders);
    Ok(Table {
        contract,
        root: root.words[0],
        inside,
        file: file(about("file")?)?,
        sender: compiler.sources(about("sender")?)?,
        recipient: compiler.sources(about("recipient")?)?,
        kinds: kinds(about("kinds")?)?,
        fills: sheet.about.get("fills").map(|line| line.words[1..].to_vec()).unwrap_or_default(),
        shape,
    })
}

fn file(line: &Line) -> Result<FileRule> {
    let prefix = line.words.get(1).copied().ok_or_else(|| line.error("no prefix"))?;
    let tail = match line.words.get(2).copied() {
        None => Tail::None,
        Some("goods") => Tail::Goods,
        Some("goods-of-first") => Tail::GoodsOfFirst,
        Some("letters") => Tail::Letters,
        Some("letters-of-first") => Tail::LettersOfFirst,
        Some(_) => return Err(line.error("no such tail")),
    };
    Ok(FileRule { prefix, tail })
}

/// `kinds organization entrepreneur person foreigner`, by their numbers.
fn kinds(line: &Line) -> Result<[&'static str; 4]> {
    line.words.get(1..).and_then(|words| words.try_into().ok()).ok_or_else(|| line.error("four numbers"))
}

/// `map NAME contract='title' …`: what the contract says, what the title says.
fn map(line: &Line) -> Result<Arc<NameMap>> {
    let pair = |word: &&'static str| {
        let (contract, title) = word.split_once('=').ok_or_else(|| line.error("no pair"))?;
        Ok((contract.trim_matches('\''), title.trim_matches('\'')))
    };
    Ok(Arc::new(NameMap(line.words[2..].iter().map(pair).collect::<Result<_>>()?)))
}

struct Compiler<'a> {
    sheet: &'a Sheet,
    maps: HashMap<&'static str, Arc<NameMap>>,
}

impl Compiler<'_> {
    fn sources(&self, line: &Line) -> Result<Vec<Source>> {
        let mut words = Words::new(line, &self.maps);
        let mut all = Vec::new();
        while words.peek().is_some() {
            all.push(words.source()?);
        }
        Ok(all)
    }

    fn nodes(&self, lines: &[Line], depth: usize) -> Result<Arc<[Node]>> {
        let mut nodes = Vec::with_capacity(lines.len());
        for line in lines {
            if line.words[0] == "use" {
                nodes.extend(self.block(line, line.words.get(1), depth)?.iter().cloned());
            } else {
                nodes.push(self.node(line, depth)?);
            }
        }
        // Attributes are written before elements, wherever a block brings them.
        nodes.sort_by_key(|node| !matches!(node, Node::Attribute(_)));
        Ok(nodes.into())
    }

    fn block(&self, line: &Line, name: Option<&&'static str>, depth: usize) -> Result<Arc<[Node]>> {
        if depth > DEPTH {
            return Err(line.error("a block holds itself"));
        }
        let block = name.and_then(|name| self.sheet.blocks.get(name));
        self.nodes(block.ok_or_else(|| line.error("no such block"))?, depth + 1)
    }

    fn node(&self, line: &Line, depth: usize) -> Result<Node> {
        let mut words = Words::new(line, &self.maps);
        let node = match line.words[0] {
            "known" => {
                let (steps, many) = repeated(words.word()?);
                let place = known(&steps);
                Node::Known { place, rule: words.rule()?, many: many.is_some() }
            }
            word @ ("choice" | "choice?") => {
                let of = line.inside.iter().map(|line| self.element(line, depth)).collect::<Result<_>>()?;
                Node::Choice { optional: word == "choice?", of }
            }
            word if word.starts_with('@') => {
                let name = word[1..].trim_end_matches('!');
                let value = words.value()?.ok_or_else(|| line.error("no value"))?;
                let (when, set) = (words.when()?, words.set()?);
                Node::Attribute(Attribute { name, required: word.ends_with('!'), value, when, set })
            }
            _ => return self.element(line, depth).map(Node::Element),
        };
        words.end()?;
        Ok(node)
    }

    fn element(&self, line: &Line, depth: usize) -> Result<Element> {
        let mut words = Words::new(line, &self.maps);
        let word = line.words[0];
        let name = word.trim_end_matches(['!', '?', '+', '*']);
        let block = if words.take(":") { Some(words.word()?) } else { None };
        let bind = words.bind()?;
        let value = words.value()?;
        let (when, set) = (words.when()?, words.set()?);
        words.end()?;
        let mut inside = self.nodes(&line.inside, depth)?;
        if let Some(block) = block {
            let of_block = self.block(line, Some(&block), depth)?;
            let (attributes, others): (Vec<&Node>, Vec<&Node>) =
                of_block.iter().chain(inside.iter()).partition(|node| matches!(node, Node::Attribute(_)));
            inside = attributes.into_iter().chain(others).cloned().collect();
        }
        if value.is_some() && !inside.is_empty() {
            return Err(line.error("an element has text or elements"));
        }
        let many = word.ends_with(['+', '*']);
        if many && matches!(bind, Bind::At(_)) {
            return Err(line.error("one cannot be several"));
        }
        let (always, optional) = (word.ends_with('!'), word.trim_end_matches('!').ends_with(['?', '*']));
        Ok(Element { name, optional, always, many, bind, value, when, set, inside })
    }
}

/// The last step of a path may be an attribute.
fn known(steps: &[&'static str]) -> Place {
    let attribute = steps.last().and_then(|last| last.strip_prefix('@'));
    let steps = &steps[..steps.len() - usize::from(attribute.is_some())];
    match attribute {
        Some(_) => Place::new(false, steps.iter().copied().collect(), attribute),
        None => steps.iter().fold(place_of("."), |mut place, step| {
            place.steps.push(step);
            place
        }),
    }
}
