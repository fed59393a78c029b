//! Pieces of a text that is kept once.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A name or a value of a document. All pieces of one document share its text, so that a hundred thousand lines of goods are one
/// string and not a million.
#[derive(Clone)]
pub struct Piece {
    text: Arc<String>,
    /// Bytes of the text: where the piece begins and where it ends.
    bounds: [u32; 2],
}

impl Piece {
    /// `part` as a piece of `text`, if it is one, and else as a string of its own.
    pub(super) fn of(text: &Arc<String>, part: &str) -> Self {
        let start = part.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
        let end = start.wrapping_add(part.len());
        match (u32::try_from(start), u32::try_from(end)) {
            (Ok(from), Ok(to)) if end <= text.len() => Self { text: Arc::clone(text), bounds: [from, to] },
            _ => part.into(),
        }
    }

    /// The piece.
    pub fn as_str(&self) -> &str {
        self
    }
}

impl Deref for Piece {
    type Target = str;

    fn deref(&self) -> &str {
        let [start, end] = self.bounds.map(|bound| bound as usize);
        self.text.get(start..end).unwrap_or_default()
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        // Whatever was read has come through a limit of bytes, and so has what is made of it.
        let end = u32::try_from(text.len()).expect("no value has 4 GiB");
        Self { text: Arc::new(text), bounds: [0, end] }
    }
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Piece {}

impl PartialEq<str> for Piece {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Piece {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_what_it_was_cut_of() {
        let text = Arc::new(String::from("<счёт №=\"1\"/>"));
        let own = Piece::of(&text, &text[1..9]);
        assert_eq!((own.as_str(), Arc::strong_count(&text)), ("счёт", 2));
        // Another text of the same letters lies elsewhere.
        for other in [String::from("счёт"), String::new(), text[1..].to_owned() + "более"] {
            let piece = Piece::of(&text, &other);
            assert_eq!((piece.as_str(), Arc::strong_count(&text)), (other.as_str(), 2));
        }
        assert_eq!(Piece::of(&text, &text[..0]), "");
        assert_eq!(Piece::of(&text, &text[text.len()..]), "");
    }
}
