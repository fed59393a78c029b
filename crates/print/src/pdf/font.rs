//! The two faces that everything is written with.

use std::sync::LazyLock;

/// A face, regular or bold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    pub(crate) const ALL: [Self; 2] = [Self::Regular, Self::Bold];

    pub(crate) fn face(self) -> &'static Face {
        match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        }
    }
}

static REGULAR: LazyLock<Face> = LazyLock::new(|| {
    Face::read("RobotoCondensed", include_bytes!("../../fonts/RobotoCondensed-Regular.ttf"))
});
static BOLD: LazyLock<Face> = LazyLock::new(|| {
    Face::read("RobotoCondensed-Bold", include_bytes!("../../fonts/RobotoCondensed-Bold.ttf"))
});

/// Letters beyond this are in no face.
const LAST: usize = 0x2300;

/// A face as far as setting text needs it. The files are ours, so reading them cannot fail but in a test.
pub(crate) struct Face {
    pub(crate) name: &'static str,
    /// The file, compressed once for all documents.
    pub(crate) packed: Vec<u8>,
    /// Length of the file in bytes.
    pub(crate) length: usize,
    /// Glyph by letter, 0 where there is none.
    glyphs: Vec<u16>,
    /// Advance by glyph, in thousandths of the size.
    advances: Vec<f32>,
}

impl Face {
    fn read(name: &'static str, file: &'static [u8]) -> Self {
        let units = f32::from(word(table(file, b"head"), 18));
        let lines = usize::from(word(table(file, b"hhea"), 34));
        let widths = table(file, b"hmtx");
        let count = usize::from(word(table(file, b"maxp"), 4));
        let advances =
            (0..count).map(|glyph| f32::from(word(widths, 4 * glyph.min(lines - 1))) * 1000.0 / units);
        Self {
            name,
            packed: super::pack(file),
            length: file.len(),
            glyphs: letters(table(file, b"cmap")),
            advances: advances.collect(),
        }
    }

    /// The glyph of a letter.
    pub(crate) fn glyph(&self, letter: char) -> Option<u16> {
        self.glyphs.get(letter as usize).copied().filter(|glyph| *glyph != 0)
    }

    /// The glyph that stands for letters that the face lacks.
    pub(crate) fn stranger(&self) -> u16 {
        self.glyphs[usize::from(b'?')]
    }

    /// How wide a letter is, in thousandths of the size.
    pub(crate) fn advance(&self, letter: char) -> f32 {
        self.advances[usize::from(self.glyph(letter).unwrap_or_else(|| self.stranger()))]
    }
}

fn word(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn long(bytes: &[u8], at: usize) -> usize {
    usize::from(word(bytes, at)) << 16 | usize::from(word(bytes, at + 2))
}

/// A table of the file.
fn table<'a>(file: &'a [u8], tag: &[u8; 4]) -> &'a [u8] {
    let found =
        (0..usize::from(word(file, 4))).map(|index| 12 + 16 * index).find(|at| file[*at..*at + 4] == *tag);
    let at = found.expect("a face has the tables that are needed");
    let start = long(file, at + 8);
    &file[start..start + long(file, at + 12)]
}

/// Glyph by letter, from the segments of format 4.
fn letters(cmap: &[u8]) -> Vec<u16> {
    let map = &cmap[long(cmap, 8)..];
    assert_eq!(word(map, 0), 4, "the letters of a face are mapped by segments");
    let twice = usize::from(word(map, 6));
    let mut glyphs = vec![0; LAST];
    for segment in (0..twice).step_by(2) {
        let (last, first) = (word(map, 14 + segment), word(map, 16 + twice + segment));
        let (delta, range_at) = (word(map, 16 + 2 * twice + segment), 16 + 3 * twice + segment);
        let range = usize::from(word(map, range_at));
        for letter in first..=last {
            let Some(place) = glyphs.get_mut(usize::from(letter)) else { break };
            *place = match range {
                0 => letter.wrapping_add(delta),
                _ => match word(map, range_at + range + 2 * usize::from(letter - first)) {
                    0 => 0,
                    glyph => glyph.wrapping_add(delta),
                },
            };
        }
    }
    glyphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_written_with_letters_that_are_there() {
        let needed = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяҐґІіЇїЄєЎў\
                      ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 \u{a0}№«»„“”‘’—–-−…₽€$£×±≤≥≈•%‰§©°²³½";
        for weight in Weight::ALL {
            let lacks: String =
                needed.chars().filter(|letter| weight.face().glyph(*letter).is_none()).collect();
            assert_eq!(lacks, "", "{weight:?}");
            assert!(weight.face().advance('Ш') > weight.face().advance('i'));
            assert_eq!(weight.face().glyph('漢'), None);
        }
    }

    #[test]
    fn faces_are_small() {
        let total: usize = Weight::ALL.iter().map(|weight| weight.face().length).sum();
        assert!(total < 64_000, "{total} bytes of fonts are in every binary");
    }
}
