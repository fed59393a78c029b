//! From the lines of an adapter to what is done with a structure.

use std::collections::HashMap;
use std::sync::Arc;

use crate::classifier::Classifier;
use crate::table::lines::{Line as Words, Sheet, sheet};
use crate::table::{Bind, Path, Place, Result, TableError, place_of, repeated};

/// Blocks inside of each other; more is a block that holds itself.
const DEPTH: usize = 16;

/// One structure, and where its fields stand in a contract.
#[derive(Debug)]
pub(super) struct Sides {
    /// Its name without the package.
    pub(super) structure: &'static str,
    pub(super) lines: Arc<[Line]>,
}

/// What becomes of a field.
#[derive(Clone, Debug)]
pub(super) enum Line {
    /// A value of the contract.
    Value(Box<Value>),
    /// Values, each the text of an element of its own.
    Texts { name: &'static str, bind: Bind, codec: Codec },
    /// A structure, or several.
    Part(Part),
    /// A flag: the same as another field of the outermost structure, unless a third one is given.
    Same { name: &'static str, of: &'static str, unless: &'static str },
    /// The contract has no word for it, and a title that is read always says this.
    Constant { name: &'static str, value: &'static str },
    /// Not used by this format, as the documentation says.
    Passed(&'static str),
    /// There is no place for it: whoever fills it is told.
    Refused(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) name: &'static str,
    /// A structure is not read without it, so that it is written even when there is nothing to say.
    pub(super) required: bool,
    pub(super) codec: Codec,
    pub(super) place: Place,
    /// A second place that says the same.
    pub(super) also: Option<Place>,
    /// Where a title that is read says it, if elsewhere.
    pub(super) from: Option<Place>,
    /// What stands in for a value that is not there.
    pub(super) or: Option<&'static str>,
    /// A place that is `true` when there is no value.
    pub(super) otherwise: Option<Place>,
    /// A place that tells a person (12 digits) from an organization.
    pub(super) tells: Option<Place>,
    /// What the element is called when there is a value.
    pub(super) refers: Option<&'static str>,
    /// A field beside it that takes its place.
    pub(super) unless: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) bind: Bind,
    pub(super) inside: Arc<[Line]>,
}

/// How a value is said on the two sides.
#[derive(Clone, Debug)]
pub(super) enum Codec {
    /// Alike.
    Text,
    /// Words of the structure and of the contract; an empty one is no value.
    Map(Arc<[(&'static str, &'static str)]>),
    /// A truth value; what is not the case is not said.
    Flag,
    /// A code, which the structure may also say by letters or by its name.
    Code(Classifier),
    /// A name that the contract has only where the code at this place has none.
    Name(Classifier, Place),
}

impl Line {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Value(value) => value.name,
            Self::Texts { name, .. }
            | Self::Part(Part { name, .. })
            | Self::Same { name, .. }
            | Self::Constant { name, .. }
            | Self::Passed(name)
            | Self::Refused(name) => name,
        }
    }
}

/// Reads an adapter; `texts` knows those that it includes.
pub(super) fn adapter(text: &'static str, texts: &dyn Fn(&str) -> Option<&'static str>) -> Result<Sides> {
    let sheet = sheet(text, texts)?;
    let root = sheet.root.as_ref().ok_or_else(|| TableError("the adapter has no structure".to_owned()))?;
    let compiler = Compiler { maps: maps(&sheet)?, sheet: &sheet };
    Ok(Sides { structure: root.words[0], lines: compiler.lines(&root.inside, 0)?.into() })
}

type Maps = HashMap<&'static str, Arc<[(&'static str, &'static str)]>>;

/// `map NAME Word='code' …`.
fn maps(sheet: &Sheet) -> Result<Maps> {
    let map = |line: &Words| {
        let pair = |word: &&'static str| {
            let (said, code) = word.split_once('=').ok_or_else(|| line.error("no pair"))?;
            Ok((said, code.trim_matches('\'')))
        };
        line.words[2..].iter().map(pair).collect::<Result<Arc<[_]>>>()
    };
    sheet.maps.iter().map(|(name, line)| Ok((*name, map(line)?))).collect()
}

struct Compiler<'a> {
    sheet: &'a Sheet,
    maps: Maps,
}

impl Compiler<'_> {
    fn lines(&self, all: &[Words], depth: usize) -> Result<Vec<Line>> {
        if depth > DEPTH {
            return Err(TableError("a block holds itself".to_owned()));
        }
        let mut lines = Vec::with_capacity(all.len());
        for line in all {
            match line.words[0] {
                "use" => lines.extend(self.block(line, 1, depth)?),
                "passed" => lines.extend(line.words[1..].iter().map(|name| Line::Passed(name))),
                "refused" => lines.extend(line.words[1..].iter().map(|name| Line::Refused(name))),
                "constant" => {
                    let [_, name, value] = line.words[..] else { return Err(line.error("name and value")) };
                    lines.push(Line::Constant { name, value });
                }
                _ => lines.push(self.field(line, depth)?),
            }
        }
        Ok(lines)
    }

    fn block(&self, line: &Words, at: usize, depth: usize) -> Result<Vec<Line>> {
        let block = line.words.get(at).and_then(|name| self.sheet.blocks.get(name));
        self.lines(block.ok_or_else(|| line.error("no such block"))?, depth + 1)
    }

    fn field(&self, line: &Words, depth: usize) -> Result<Line> {
        let first = line.words[0];
        let name = first.trim_end_matches(['!', '*']);
        let required = first.ends_with('!');
        let word = |at: usize| line.words.get(at).copied().ok_or_else(|| line.error("a word is missing"));
        let (bind, next) = match word(1)? {
            "=" => return Ok(Line::Value(Box::new(self.value(line, name, required)?))),
            "same" => {
                let [_, _, of, "unless", unless] = line.words[..] else {
                    return Err(line.error("same FIELD unless FIELD"));
                };
                return Ok(Line::Same { name, of, unless });
            }
            "here" => (Bind::Here, 2),
            "at" => (Bind::At(word(2)?.split('/').collect()), 3),
            "each" => {
                let (path, many) = repeated(word(2)?);
                let many = many.ok_or_else(|| line.error("nothing is repeated"))?;
                (Bind::Each(path.into_iter().collect::<Path>(), many), 3)
            }
            _ => return Err(line.error("= PLACE, at PATH, each PATH*, here or same FIELD")),
        };
        let inside = match line.words.get(next).copied() {
            None => self.lines(&line.inside, depth)?,
            Some(":") => self.block(line, next + 1, depth)?,
            Some("=") => {
                let Value { codec, .. } = self.value(&without_bind(line, next), name, false)?;
                return Ok(Line::Texts { name, bind, codec });
            }
            Some(_) => return Err(line.error("a block or lines")),
        };
        if inside.is_empty() {
            return Err(line.error("nothing is inside"));
        }
        Ok(Line::Part(Part { name, required, bind, inside: inside.into() }))
    }

    /// `NAME = PLACE …`.
    fn value(&self, line: &Words, name: &'static str, required: bool) -> Result<Value> {
        let mut words = line.words[2..].iter().copied();
        let mut word = || words.next().ok_or_else(|| line.error("a word is missing"));
        let mut value = Value {
            name,
            required,
            codec: Codec::Text,
            place: place_of(word()?),
            also: None,
            from: None,
            or: None,
            otherwise: None,
            tells: None,
            refers: None,
            unless: None,
        };
        while let Ok(option) = word() {
            match option {
                "also" => value.also = Some(place_of(word()?)),
                "from" => value.from = Some(place_of(word()?)),
                "or" => value.or = Some(word()?.trim_matches('\'')),
                "else" => value.otherwise = Some(place_of(word()?)),
                "tells" => value.tells = Some(place_of(word()?)),
                "refers" => value.refers = Some(word()?),
                "unless" => value.unless = Some(word()?),
                codec => {
                    let codec = self.codec(codec);
                    value.codec = codec.ok_or_else(|| line.error(&format!("{option:?} has no place")))?;
                }
            }
        }
        Ok(value)
    }

    /// `flag`, `map(M)`, `code(C)`, `name(C,PLACE)`.
    fn codec(&self, word: &'static str) -> Option<Codec> {
        let Some((kind, of)) = word.split_once('(') else { return (word == "flag").then_some(Codec::Flag) };
        let of = of.strip_suffix(')')?;
        match kind {
            "map" => self.maps.get(of).cloned().map(Codec::Map),
            "code" => Classifier::named(of).map(Codec::Code),
            "name" => {
                let (classifier, place) = of.split_once(',')?;
                Some(Codec::Name(Classifier::named(classifier)?, place_of(place)))
            }
            _ => None,
        }
    }
}

/// The line without `each PATH*`.
fn without_bind(line: &Words, next: usize) -> Words {
    let words = line.words[..1].iter().chain(&line.words[next..]).copied().collect();
    Words { number: line.number, words, inside: Vec::new() }
}
