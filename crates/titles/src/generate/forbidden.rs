//! Where data have a character that no XML may have: only what did not come as XML can.

use potok_fns::xml::{Fault, XmlError};

use crate::data::{At, Data};

/// All values below an element that have it.
pub(super) fn find(data: &Data<'_>, at: At, path: &str, forbidden: char, found: &mut Vec<XmlError>) {
    let mut tell = |value: &str, position, place: String| {
        if value.contains(forbidden) {
            let fault = Fault::ForbiddenCharacter(forbidden.into());
            found.push(XmlError { position: Some(position), place, fault });
        }
    };
    for (name, given) in data.attributes(at) {
        tell(given.value, given.position, format!("{path}/@{name}"));
    }
    tell(data.text(at).value, data.text(at).position, path.to_owned());
    for child in data.children(at) {
        let (name, number) = data.name(child);
        let number = if number > 0 { format!("[{number}]") } else { String::new() };
        find(data, child, &format!("{path}/{name}{number}"), forbidden, found);
    }
}
