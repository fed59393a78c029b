//! Reading a file for people: what has been shown is noted, so that the rest can be shown too.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use potok_fns::xml::Element;

/// The values that have been shown, by where they lie in memory.
type Shown = Rc<RefCell<HashSet<*const u8>>>;

/// A place in a file.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    element: &'a Element,
    shown: Shown,
}

/// Values of one element that no form has a place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rest {
    /// The names of the elements, with numbers where there are several of a name; empty for the root.
    pub(crate) place: String,
    /// Its values with their names.
    pub(crate) values: String,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(element: &'a Element) -> Self {
        Self { element, shown: Shown::default() }
    }

    fn on(&self, element: &'a Element) -> Self {
        Self { element, shown: Rc::clone(&self.shown) }
    }

    pub(crate) fn name(&self) -> &'a str {
        &self.element.name
    }

    /// The value at a path, `A/B/@C` or `A/B`; of several paths with `|` between, the first that is there. Empty when none is.
    pub(crate) fn get(&self, paths: &str) -> &'a str {
        paths.split('|').find_map(|path| self.value(path)).unwrap_or_default()
    }

    /// As [`Reader::get`], of all elements that the path leads to.
    pub(crate) fn list(&self, elements: &str, value: &str) -> Vec<&'a str> {
        self.all(elements).iter().map(|found| found.get(value)).filter(|value| !value.is_empty()).collect()
    }

    fn value(&self, path: &str) -> Option<&'a str> {
        let (elements, attribute) = match path.split_once('@') {
            Some((elements, attribute)) => (elements.trim_end_matches('/'), Some(attribute)),
            None => (path, None),
        };
        // Of several elements of a name, the first that has the value.
        self.walk(elements).into_iter().find_map(|element| {
            let value = match attribute {
                Some(name) => element.attribute(name)?,
                None => element.text.trim(),
            };
            if value.is_empty() {
                return None;
            }
            self.shown.borrow_mut().insert(value.as_ptr());
            Some(value)
        })
    }

    /// The elements that a path leads to; of several paths, those of the first that leads somewhere.
    pub(crate) fn all(&self, paths: &str) -> Vec<Self> {
        let found = paths.split('|').map(|path| self.walk(path)).find(|found| !found.is_empty());
        found.unwrap_or_default().into_iter().map(|element| self.on(element)).collect()
    }

    /// The first of them.
    pub(crate) fn at(&self, paths: &str) -> Option<Self> {
        self.all(paths).into_iter().next()
    }

    fn walk(&self, path: &str) -> Vec<&'a Element> {
        let mut found = vec![self.element];
        for step in path.split('/').filter(|step| !step.is_empty()) {
            found = found
                .into_iter()
                .flat_map(|e| e.children.iter().filter(|child| child.name == step))
                .collect();
        }
        found
    }

    /// Everything that has not been shown, in the order of the file.
    pub(crate) fn rest(&self) -> Vec<Rest> {
        let mut rest = Vec::new();
        self.collect(self.element, &mut Vec::new(), &mut rest);
        rest
    }

    fn collect(&self, element: &Element, path: &mut Vec<String>, rest: &mut Vec<Rest>) {
        let shown = self.shown.borrow();
        let is_new = |value: &str| !value.is_empty() && !shown.contains(&value.as_ptr());
        let mut values: Vec<String> = element
            .attributes
            .iter()
            .filter(|found| is_new(&found.value))
            .map(|found| format!("{}: {}", found.name, found.value))
            .collect();
        let text = element.text.trim();
        if is_new(text) {
            values.push(text.to_owned());
        }
        if !values.is_empty() {
            rest.push(Rest { place: path.join(" / "), values: values.join("; ") });
        }
        let mut number = 0;
        for (index, child) in element.children.iter().enumerate() {
            let is_same = |other: Option<&Element>| other.is_some_and(|other| other.name == child.name);
            number = if is_same(index.checked_sub(1).and_then(|index| element.children.get(index))) {
                number + 1
            } else {
                1
            };
            if SIGNATURES.contains(&child.name.as_str()) {
                continue;
            }
            let is_alone = number == 1 && !is_same(element.children.get(index + 1));
            let name = &child.name;
            path.push(if is_alone { name.to_string() } else { format!("{name} {number}") });
            self.collect(child, path, rest);
            path.pop();
        }
    }
}

/// Elements that hold whole signatures: stamps tell what these say.
const SIGNATURES: [&str; 9] =
    ["ЭП", "ЭЦП", "ЭППолФайл", "ЭЦППолФайл", "ЭПОтпрФайл", "ЭЦПОтпрФайл", "ЭЦПАнФайл", "ЭПАнФайл", "ЭПФайл"];

#[cfg(test)]
mod tests {
    use potok_fns::xml::{Document, Limits};

    use super::*;

    #[test]
    fn what_was_not_shown_is_the_rest() {
        let xml = "<Ф В=\"5.03\"><Д Н=\"17\"><Т Имя=\"стол\" Цена=\"5\"/><Т Имя=\"стул\">дуб</Т><ЭП>AAAA</ЭП></Д></Ф>";
        let document = Document::parse(xml.as_bytes(), &Limits::TITLE).expect("the file is fine");
        let reader = Reader::new(&document.root);
        assert_eq!(reader.get("Д/@Нет|Д/@Н"), "17");
        assert_eq!(reader.list("Д/Т", "@Имя"), ["стол", "стул"]);
        assert_eq!(reader.get("Д/Нет/@Н"), "");
        let rest: Vec<_> =
            reader.rest().into_iter().map(|rest| format!("{} - {}", rest.place, rest.values)).collect();
        assert_eq!(rest, [" - В: 5.03", "Д / Т 1 - Цена: 5", "Д / Т 2 - дуб"]);
    }
}
