//! The codes by which pages name letters.

use std::collections::HashMap;

/// The letters that were written in one face.
///
/// A letter is named by its number in Unicode, whichever glyph it has: faces share glyphs between letters that look alike
/// (Latin and Cyrillic «А»), and yet text is copied out as it was. Letters above 65 535 take the numbers that Unicode gives to no letter.
#[derive(Default)]
pub(crate) struct Letters {
    /// Bits by number.
    used: Vec<u64>,
    above: HashMap<char, u16>,
}

/// The first number that is no letter, and how many there are.
const FREE: u16 = 0xd800;
const FREE_COUNT: u16 = 0x800;

impl Letters {
    /// The codes of a text, two bytes each.
    pub(crate) fn codes(&mut self, text: &str) -> Vec<u8> {
        let mut codes = Vec::with_capacity(2 * text.len());
        for letter in text.chars() {
            codes.extend(self.code(letter).to_be_bytes());
        }
        codes
    }

    fn code(&mut self, letter: char) -> u16 {
        let Ok(code) = u16::try_from(u32::from(letter)) else {
            return self.code_above(letter);
        };
        let (word, bit) = (usize::from(code) / 64, code % 64);
        if self.used.len() <= word {
            self.used.resize(word + 1, 0);
        }
        self.used[word] |= 1 << bit;
        code
    }

    fn code_above(&mut self, letter: char) -> u16 {
        if let Some(code) = self.above.get(&letter) {
            return *code;
        }
        let index = u16::try_from(self.above.len()).unwrap_or(FREE_COUNT);
        if index >= FREE_COUNT {
            // More than two thousand different signs of rare scripts are in no document.
            return self.code('?');
        }
        self.above.insert(letter, FREE + index);
        FREE + index
    }

    /// All codes with their letters, in order.
    pub(crate) fn used(&self) -> Vec<(u16, char)> {
        let bits = self.used.iter().enumerate().flat_map(|(word, bits)| {
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit)
        });
        let below = bits.filter_map(|code| {
            let code = u16::try_from(code).ok()?;
            Some((code, char::from_u32(code.into())?))
        });
        let above = self.above.iter().map(|(letter, code)| (*code, *letter));
        let mut used: Vec<_> = below.chain(above).collect();
        used.sort_unstable();
        used
    }
}
