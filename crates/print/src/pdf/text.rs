//! Text as it can be drawn: cleaned, measured, broken into lines.

use super::font::Weight;

/// Text without what cannot be drawn: line breaks, tabs and other control characters become blanks, runs of blanks one.
pub(crate) fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for word in text.split(|c: char| c == ' ' || c.is_control()).filter(|word| !word.is_empty()) {
        if !clean.is_empty() {
            clean.push(' ');
        }
        clean.extend(word.chars().filter(|c| !is_mark(*c)));
    }
    clean
}

/// Marks that only say how text runs: they have no picture, and PDF/A allows no glyph for them.
const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Width of a text in points.
pub(crate) fn width(text: &str, weight: Weight, size: f32) -> f32 {
    let face = weight.face();
    text.chars().map(|letter| face.advance(letter)).sum::<f32>() * size / 1000.0
}

/// Breaks clean text into lines that fit a width; between words, and inside of words that no line holds. Never empty.
pub(crate) fn wrap(text: &str, weight: Weight, size: f32, room: f32) -> Vec<String> {
    let text = clean(text);
    let room = room * 1000.0 / size;
    let face = weight.face();
    let blank = face.advance(' ');
    let mut lines = Vec::new();
    let (mut line, mut filled) = (String::new(), 0.0_f32);
    for word in text.split(' ') {
        let wide: f32 = word.chars().map(|letter| face.advance(letter)).sum();
        if !line.is_empty() && filled + blank + wide > room {
            lines.push(std::mem::take(&mut line));
            filled = 0.0;
        }
        if !line.is_empty() {
            line.push(' ');
            filled += blank;
        }
        if filled + wide <= room {
            line.push_str(word);
            filled += wide;
            continue;
        }
        for letter in word.chars() {
            let wide = face.advance(letter);
            if !line.is_empty() && filled + wide > room {
                lines.push(std::mem::take(&mut line));
                filled = 0.0;
            }
            line.push(letter);
            filled += wide;
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, room: f32) -> Vec<String> {
        wrap(text, Weight::Regular, 10.0, room)
    }

    #[test]
    fn text_is_cleaned_before_it_is_drawn() {
        assert_eq!(clean(" ООО\t«Кедровый\r\nберег» \u{0}"), "ООО «Кедровый берег»");
        assert_eq!(clean("пе\u{ad}ре\u{200b}нос"), "перенос");
        assert_eq!(clean(""), "");
    }

    #[test]
    fn lines_break_between_words_and_lose_nothing() {
        let text = "Универсальный передаточный документ о передаче товаров";
        for room in [20.0, 60.0, 90.0, 400.0] {
            let lines = lines(text, room);
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
            for line in &lines {
                assert!(
                    width(line, Weight::Regular, 10.0) <= room + 0.01 || line.chars().count() == 1,
                    "{line}"
                );
            }
        }
        assert_eq!(lines(text, 1000.0), [text]);
        assert_eq!(lines("", 10.0), [""]);
    }

    #[test]
    fn a_word_that_no_line_holds_is_broken() {
        let lines = lines("01046001234567892152ABCDEFGH", 40.0);
        assert!(lines.len() > 2);
        assert_eq!(lines.concat(), "01046001234567892152ABCDEFGH");
    }
}
