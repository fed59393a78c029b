//! What data say, and nothing of the title was made of it: it is told, not dropped.

use potok_fns::xml::Fault;

use super::{Maker, VIOLATIONS, is_nothing};
use crate::data::{At, Given};
use crate::rule::Rule;
use crate::table::{Place, Shape};

const NO_PLACE: Fault = Fault::Contradiction {
    ru: "при остальных данных этому значению нет места в титуле: уберите его или исправьте вид лица, подписанта или документа",
    en: "beside what else is said the title has no place for this value: leave it out, or mend the kind of person, signer or document",
};

impl<'a> Maker<'a> {
    /// Tells of each value below an element that was not read, unless something is told of it, or of what it stands in, already.
    pub(super) fn tell_unread(&mut self, at: At) {
        if self.violations.len() >= VIOLATIONS {
            return;
        }
        let data = self.data;
        let (shape, position) = (data.shape(at), data.element(at).position);
        for (name, given) in data.attributes(at) {
            // What stands where its element begins was put there by this server, which fills in whatever it knows.
            if !given.is_read() && given.position != position {
                let name = shape.attributes.iter().copied().find(|known| *known == name);
                self.tell_if_said(given, name, shape);
            }
        }
        if shape.text && !data.text(at).is_read() {
            self.tell_if_said(data.text(at), None, shape);
        }
        for child in data.children(at) {
            if data.element(child).position == position {
                continue;
            }
            self.path.push(data.name(child));
            self.tell_unread(child);
            self.path.pop();
        }
    }

    /// Notes that everything below an element was read, for what is wrong with it is told already.
    pub(super) fn pass_over(&self, at: At) {
        for (_, given) in self.data.attributes(at) {
            given.read();
        }
        self.data.text(at).read();
        self.data.children(at).for_each(|child| self.pass_over(child));
    }

    fn tell_if_said(&mut self, given: Given<'a, 'a>, name: Option<&'static str>, shape: &Shape) {
        let value = given.value;
        let is_number = |rule: &Rule| matches!(rule, Rule::Decimal(_));
        let has_number = || shape.rules.iter().any(|(known, rule)| *known == name && is_number(rule));
        // What is not the case is not said, and nothing is lost with a sum of nothing.
        let is_unsaid = value.is_empty() || value == "false" || is_nothing(value) && has_number();
        if is_unsaid || shape.passed.contains(&name) {
            return;
        }
        let place = Place { attribute: name, ..Place::here() };
        let told = self.told_at(&place);
        let is_told = |known: &str| {
            told.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if !self.violations.iter().any(|violation| is_told(&violation.place)) {
            self.tell(Some(given.position), &place, NO_PLACE);
        }
    }
}
