//! The table of a format as it is used: what stands in a title, in order, and where each value comes from.

mod compile;
mod line;
pub(crate) mod lines;
mod path;
mod shape;

use std::sync::Arc;

use potok_fns::xml::Wanted;

pub(crate) use compile::table;
pub(crate) use line::{place_of, repeated};
pub(crate) use path::{Id, Path};
pub(crate) use shape::{Child, Shape};

use crate::classifier::Classifier;
use crate::rule::Rule;

/// What is wrong with the text of a table: the line and what is the matter with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableError(pub(crate) String);

pub(crate) type Result<T> = std::result::Result<T, TableError>;

/// A title of one format in one version.
#[derive(Debug)]
pub(crate) struct Table {
    /// The root element of the contract.
    pub(crate) contract: &'static str,
    /// The root element of the title.
    pub(crate) root: &'static str,
    /// What stands in it.
    pub(crate) inside: Arc<[Node]>,
    /// How the file is called.
    pub(crate) file: FileRule,
    /// Where the ids of the participants stand, the first that is there.
    pub(crate) sender: Vec<Source>,
    pub(crate) recipient: Vec<Source>,
    /// The numbers that the contract has for kinds of persons: organization, entrepreneur, person, foreigner.
    pub(crate) kinds: [&'static str; 4],
    /// What else the contract wants to know of an organization that it names by its box.
    pub(crate) fills: Vec<&'static str>,
    /// The names of the contract.
    pub(crate) shape: Shape,
}

/// How a file is called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileRule {
    pub(crate) prefix: &'static str,
    pub(crate) tail: Tail,
}

/// What follows the guid, or changes the prefix, in the name of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Nothing.
    None,
    /// Six numbers that say what kinds of goods are inside.
    Goods,
    /// The same six numbers, as the first title has them.
    GoodsOfFirst,
    /// Letters behind the prefix: `MARK`, `PROS`.
    Letters,
    /// Letters behind the prefix, if the first title has them.
    LettersOfFirst,
}

/// One line of a table.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Attribute(Attribute),
    Element(Element),
    /// One of several elements.
    Choice {
        optional: bool,
        of: Vec<Element>,
    },
    /// Something that the contract has and no title: held to its rule, and used by whoever fills the contract in.
    Known {
        place: Place,
        rule: Rule,
        many: bool,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) value: Value,
    pub(crate) when: Vec<Test>,
    pub(crate) set: Vec<(Place, &'static str)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Element {
    pub(crate) name: &'static str,
    pub(crate) optional: bool,
    /// Written whatever is said, though a title that is read may lack it.
    pub(crate) always: bool,
    pub(crate) many: bool,
    pub(crate) bind: Bind,
    pub(crate) value: Option<Value>,
    pub(crate) when: Vec<Test>,
    pub(crate) set: Vec<(Place, &'static str)>,
    pub(crate) inside: Arc<[Node]>,
}

/// Which element of the contract an element of the title stands for.
#[derive(Clone, Debug)]
pub(crate) enum Bind {
    /// None of its own: the title groups what the contract does not.
    Here,
    /// An element that is there once.
    At(Path),
    /// Each of several elements: the path, and which step of it is repeated.
    Each(Path, usize),
}

/// A place in the contract, from the element at hand or from the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) from_root: bool,
    pub(crate) steps: Path,
    /// An attribute; without it the text of the element.
    pub(crate) attribute: Option<&'static str>,
    /// Its number.
    pub(crate) attribute_id: Option<Id>,
}

impl Place {
    pub(super) fn new(from_root: bool, steps: Path, attribute: Option<&'static str>) -> Self {
        Self { from_root, steps, attribute, attribute_id: attribute.map(Id::of) }
    }

    /// The element at hand.
    pub(crate) fn here() -> Self {
        Self::new(false, Path::default(), None)
    }
}

/// Whether something was asked for by an element of the contract itself, and not only by the kind of document.
pub(crate) fn is_asked_for(when: &[Test]) -> bool {
    when.iter().any(|test| !test.place.from_root)
}

/// Where a value comes from, and what is done to it on its way.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) source: Source,
    pub(crate) rule: Rule,
    /// What stands in for it, the first whose tests hold.
    pub(crate) or: Vec<(Source, Vec<Test>)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// The contract.
    Contract(Place),
    /// Always this.
    Literal(&'static str),
    /// Something else that is known.
    Outside(Outside),
    /// A place in the first title.
    First(Place),
    /// A name by a code of the contract; codes that the classifier lacks take the other place.
    Name(Classifier, Place, Option<Place>),
    /// Different names by the codes at a place that is there several times, from the step that repeats.
    Names(Classifier, Place),
}

/// Sources beside contract and first title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outside {
    FileId,
    Program,
    Date,
    Time,
    /// The time with colons.
    Clock,
    Sender,
    Recipient,
    OperatorName,
    OperatorInn,
    OperatorCode,
    /// Which of its kind it is, from 1.
    Number,
    /// Nobody: what others write is read and dropped.
    Nothing,
    /// Signatures of the first title.
    Signatures,
    /// File id of the first title.
    FirstFileId,
}

/// A condition on the contract.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) place: Place,
    pub(crate) ask: Ask,
}

#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// One of these; `-` is an absent one. A single one is what a parsed title gets.
    Is(Vec<&'static str>),
    Present,
    Absent,
    Keeps(Rule),
}

/// The one value that all of some elements ask of which kind something is, and all kinds that they know.
pub(crate) fn kinds(of: &[Element]) -> Option<(&Place, Vec<&'static str>)> {
    let mut found: Option<&Place> = None;
    let mut known = Vec::new();
    for element in of {
        let (place, values) = element.when.iter().find_map(|test| match &test.ask {
            Ask::Is(values) => Some((&test.place, values)),
            _ => None,
        })?;
        if *found.get_or_insert(place) != place {
            return None;
        }
        for value in values {
            if *value != "-" && !known.contains(value) {
                known.push(value);
            }
        }
    }
    found.map(|place| (place, known))
}

impl Element {
    /// Whether everything in it is always the same: of two rows with one name, this one is meant by exactly that title.
    pub(crate) fn is_constant(&self) -> bool {
        let constant = |node: &Node| match node {
            Node::Attribute(row) => matches!(row.value.source, Source::Literal(_)),
            _ => false,
        };
        matches!(self.bind, Bind::Here) && !self.inside.is_empty() && self.inside.iter().all(constant)
    }
}

impl Table {
    /// What an answer takes from the title that it answers.
    pub(crate) fn wanted_of_first(&self) -> Wanted {
        let mut wanted = Wanted::default();
        keep(&self.inside, &mut wanted);
        wanted
    }
}

fn keep(nodes: &[Node], wanted: &mut Wanted) {
    let mut of_value = |value: &Value| {
        for source in std::iter::once(&value.source).chain(value.or.iter().map(|(source, _)| source)) {
            if let Source::First(place) = source {
                wanted.keep(&place.steps);
            }
        }
    };
    for node in nodes {
        match node {
            Node::Attribute(row) => of_value(&row.value),
            Node::Element(row) => row.value.iter().for_each(&mut of_value),
            Node::Choice { .. } | Node::Known { .. } => {}
        }
    }
    for node in nodes {
        match node {
            Node::Element(row) => keep(&row.inside, wanted),
            Node::Choice { of, .. } => of.iter().for_each(|row| keep(&row.inside, wanted)),
            Node::Attribute(_) | Node::Known { .. } => {}
        }
    }
}
