//! Patterns of XML Schema, as regular expressions of the `regex` crate.
//!
//! The two languages look alike and are not: a pattern holds for the whole value, `^` and `$` are ordinary characters,
//! classes are subtracted by `[a-z-[aeiou]]`, blocks of Unicode have names, `\i` and `\c` are the letters of XML names.
//! So a pattern is read by its own grammar and written anew. Matching takes linear time whatever the pattern is.

mod blocks;

use std::fmt::Write as _;

use regex::{Regex, RegexBuilder};

/// Bytes that one compiled pattern may take.
const PATTERN_BYTES: usize = 4 << 20;
/// Groups and classes inside each other.
const DEPTH: usize = 64;

/// A pattern, or several of one restriction, of which a value has to fit one.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// As the schema has it.
    pub(super) text: String,
    regex: Regex,
}

impl Pattern {
    /// Reads the patterns of one restriction.
    ///
    /// # Errors
    /// What is wrong with which pattern.
    pub(super) fn compile(patterns: &[&str]) -> Result<Self, String> {
        let mut written = String::from("\\A(?:");
        for (index, pattern) in patterns.iter().enumerate() {
            if index > 0 {
                written.push('|');
            }
            let mut reader = Reader { rest: pattern, written: &mut written, depth: 0 };
            reader.expression().map_err(|reason| format!("the pattern {pattern:?}: {reason}"))?;
            if !reader.rest.is_empty() {
                return Err(format!("the pattern {pattern:?}: ')' without '('"));
            }
        }
        written.push_str(")\\z");
        let text = patterns.join("|");
        let regex = RegexBuilder::new(&written)
            .size_limit(PATTERN_BYTES)
            .dfa_size_limit(PATTERN_BYTES)
            .build()
            .map_err(|_| format!("the pattern {text:?} is too large"))?;
        Ok(Self { text, regex })
    }

    pub(super) fn fits(&self, value: &str) -> bool {
        self.regex.is_match(value)
    }
}

struct Reader<'p, 'w> {
    rest: &'p str,
    written: &'w mut String,
    depth: usize,
}

impl Reader<'_, '_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn skip(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEPTH { Err(format!("deeper than {DEPTH}")) } else { Ok(()) }
    }

    /// Branches until the end or a closing parenthesis.
    fn expression(&mut self) -> Result<(), String> {
        self.deeper()?;
        while let Some(c) = self.rest.chars().next() {
            match c {
                ')' => break,
                '|' => {
                    self.next();
                    self.written.push('|');
                }
                _ => {
                    self.atom()?;
                    self.quantifier()?;
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn atom(&mut self) -> Result<(), String> {
        match self.next() {
            Some('(') => {
                self.written.push_str("(?:");
                self.expression()?;
                if !self.skip(')') {
                    return Err("'(' without ')'".into());
                }
                self.written.push(')');
            }
            Some('[') => self.class()?,
            Some('.') => self.written.push_str("[^\\n\\r]"),
            Some('\\') => {
                let piece = self.escape()?.class();
                self.written.push_str(&piece);
            }
            Some(c @ ('?' | '*' | '+' | '{' | '}' | ']')) => {
                return Err(format!("{c:?} has nothing before it"));
            }
            Some(c) => push_literal(self.written, c),
            None => {}
        }
        Ok(())
    }

    fn quantifier(&mut self) -> Result<(), String> {
        match self.rest.chars().next() {
            Some(c @ ('?' | '*' | '+')) => {
                self.next();
                self.written.push(c);
            }
            Some('{') => {
                let (inside, rest) = self.rest[1..].split_once('}').ok_or("'{' without '}'")?;
                let number = |text: &str| match text.bytes().all(|b| b.is_ascii_digit()) {
                    true => text.parse::<u32>().map_err(|_| format!("{{{inside}}} is no quantity")),
                    false => Err(format!("{{{inside}}} is no quantity")),
                };
                match inside.split_once(',') {
                    None => write!(self.written, "{{{}}}", number(inside)?),
                    Some((least, "")) => write!(self.written, "{{{},}}", number(least)?),
                    Some((least, most)) => {
                        let (least, most) = (number(least)?, number(most)?);
                        if least > most {
                            return Err(format!("{{{inside}}} is no quantity"));
                        }
                        write!(self.written, "{{{least},{most}}}")
                    }
                }
                .map_err(|error| error.to_string())?;
                self.rest = rest;
            }
            _ => return Ok(()),
        }
        // What the other language would read as "as few as possible" is a mistake here.
        match self.rest.chars().next() {
            Some(c @ ('?' | '*' | '+' | '{')) => Err(format!("{c:?} behind a quantity")),
            _ => Ok(()),
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<Escape, String> {
        let class = match self.next().ok_or("a backslash at the end")? {
            'n' => return Ok(Escape::Character('\n')),
            'r' => return Ok(Escape::Character('\r')),
            't' => return Ok(Escape::Character('\t')),
            c @ ('\\' | '|' | '.' | '?' | '*' | '+' | '(' | ')' | '{' | '}' | '-' | '[' | ']' | '^') => {
                return Ok(Escape::Character(c));
            }
            's' => SPACE.into(),
            'S' => not(SPACE),
            'd' => "\\p{Nd}".into(),
            'D' => "\\P{Nd}".into(),
            'w' => not(NO_WORD),
            'W' => NO_WORD.into(),
            'i' => NAME_START.into(),
            'I' => not(NAME_START),
            'c' => NAME.into(),
            'C' => not(NAME),
            kind @ ('p' | 'P') => {
                let rest = self.rest.strip_prefix('{').ok_or("\\p without '{'")?;
                let (name, rest) = rest.split_once('}').ok_or("\\p{ without '}'")?;
                self.rest = rest;
                let inside = property(name).ok_or_else(|| format!("no property {name:?}"))?;
                if kind == 'p' { inside } else { not(&inside) }
            }
            c => return Err(format!("no escape \\{c}")),
        };
        Ok(Escape::Class(class))
    }

    /// Behind an opening bracket, up to the closing one.
    fn class(&mut self) -> Result<(), String> {
        self.deeper()?;
        // Negation belongs to what stands left of a subtraction, so that side is a class of its own.
        let opening = if self.skip('^') { "[[^" } else { "[[" };
        self.written.push_str(opening);
        let opened = self.written.len();
        let mut subtracted = false;
        loop {
            match self.rest.chars().next() {
                None => return Err("'[' without ']'".into()),
                Some(']') => {
                    self.next();
                    break;
                }
                Some('-') if self.rest[1..].starts_with('[') => {
                    self.rest = &self.rest[2..];
                    if self.written.len() == opened {
                        return Err("nothing to subtract from".into());
                    }
                    self.written.push_str("]--");
                    self.class()?;
                    subtracted = true;
                    if !self.skip(']') {
                        return Err("something behind a subtracted class".into());
                    }
                    break;
                }
                Some(_) => self.range()?,
            }
        }
        if self.written.len() == opened {
            return Err("an empty class".into());
        }
        self.written.push_str(if subtracted { "]" } else { "]]" });
        self.depth -= 1;
        Ok(())
    }

    /// A character, a range or an escape inside of a class.
    fn range(&mut self) -> Result<(), String> {
        let first = match self.next() {
            Some('\\') => match self.escape()? {
                Escape::Character(c) => c,
                Escape::Class(class) => {
                    self.written.push_str(&class);
                    return Ok(());
                }
            },
            Some('[') => return Err("'[' inside of a class".into()),
            Some(c) => c,
            None => return Err("'[' without ']'".into()),
        };
        push_literal(self.written, first);
        // A dash is one itself at the end, and in front of a class that is taken away.
        let Some(rest) = self.rest.strip_prefix('-') else { return Ok(()) };
        if rest.starts_with([']', '[']) {
            return Ok(());
        }
        self.rest = rest;
        let last = match self.next() {
            Some('\\') => match self.escape()? {
                Escape::Character(c) => c,
                Escape::Class(_) => return Err("a range up to a class".into()),
            },
            Some(c) => c,
            None => return Err("'[' without ']'".into()),
        };
        if last < first {
            return Err(format!("the range {first}-{last} goes backwards"));
        }
        self.written.push('-');
        push_literal(self.written, last);
        Ok(())
    }
}

enum Escape {
    Character(char),
    /// In the other language's words.
    Class(String),
}

impl Escape {
    fn class(self) -> String {
        match self {
            Self::Class(class) => class,
            Self::Character(c) => {
                let mut written = String::new();
                push_literal(&mut written, c);
                written
            }
        }
    }
}

const SPACE: &str = "[ \\t\\n\\r]";
/// Everything that is no part of a word.
const NO_WORD: &str = "[\\p{P}\\p{Z}\\p{C}]";
macro_rules! name_start {
    () => {
        ":_A-Za-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}\u{200D}\
         \u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}"
    };
}
/// What a name of XML may begin with.
const NAME_START: &str = concat!("[", name_start!(), "]");
/// What a name of XML may hold.
const NAME: &str = concat!("[", name_start!(), "\\-.0-9\u{B7}\u{300}-\u{36F}\u{203F}\u{2040}]");

fn not(class: &str) -> String {
    format!("[^{class}]")
}

/// A category of Unicode, or a block behind `Is`.
fn property(name: &str) -> Option<String> {
    const CATEGORIES: [&str; 36] = [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd",
        "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf",
        "Co", "Cn",
    ];
    match name.strip_prefix("Is") {
        Some(block) => {
            let (first, last) = blocks::find(block)?;
            Some(format!("[\\x{{{first:X}}}-\\x{{{last:X}}}]"))
        }
        None => CATEGORIES.contains(&name).then(|| format!("\\p{{{name}}}")),
    }
}

/// A character that means nothing but itself.
fn push_literal(written: &mut String, c: char) {
    // All signs of ASCII may stand behind a backslash, letters and digits may not.
    if c.is_ascii_punctuation() {
        written.push('\\');
        written.push(c);
    } else if c.is_ascii_control() {
        written.push_str(&format!("\\x{{{:X}}}", u32::from(c)));
    } else {
        written.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_the_standard_says() {
        for (pattern, good, bad) in [
            ("[0-9]{3}", &["123"][..], &["12", "1234", "a123", "١٢٣"][..]),
            (r"\d{2}", &["12", "١٢"], &["1", "1a"]),
            ("а|бв", &["а", "бв"], &["аб", "б", ""]),
            // Anchors are characters.
            ("^a$", &["^a$"], &["a"]),
            ("a/b#~&&c", &["a/b#~&&c"], &["a"]),
            (".+T.+Z", &["1T2Z"], &["TZ", "1\nT2Z"]),
            ("", &[""], &["a"]),
            ("|a", &["", "a"], &["b"]),
            ("(ab)*c?", &["", "c", "abab", "abc"], &["a", "cc"]),
            ("a{2,}", &["aa", "aaaa"], &["a"]),
            ("a{0,2}", &["", "aa"], &["aaa"]),
            ("[+|-]1", &["+1", "|1", "-1"], &["1", "*1"]),
            ("[-a]+", &["-a-"], &["b"]),
            ("[A-Za-z0-9@.-]{4,46}", &["a@b.c-d"], &["a_bc", "abc"]),
            ("[^а-яё]", &["Ж", "-", "\n"], &["ж", "ё"]),
            ("[а-я-[жю]]+", &["абв"], &["аж"]),
            ("[^а-я-[жЖ]]", &["x"], &["Ж", "а"]),
            (r"[\d-[45]]", &["3"], &["4"]),
            (r"[a\-c]+", &["a-c"], &["b"]),
            (r"[\^\]\[]+", &["^[]"], &["\\"]),
            (r"\s\S", &[" x", "\ta", "\u{20}\u{A0}"], &["\u{A0}x", "  "]),
            (r"\w+", &["слово1", "a+b"], &["a b", "a-b", "a,"]),
            (r"\W", &[" ", "-", "«"], &["a", "+"]),
            (r"\i\c*", &["Имя-1", "_a", ":x"], &["1a", "-", "a b"]),
            (r"\I", &["1", "-"], &["a"]),
            (r"\C", &[" ", "+"], &["-"]),
            (r"\p{Lu}\p{Ll}+", &["Иван", "Ivan"], &["иван", "И"]),
            (r"\P{L}", &["1"], &["я"]),
            (r"\p{IsCyrillic}+", &["Жук"], &["Zhuk", "Ж1"]),
            (r"[^\p{IsCyrillic}]", &["Z"], &["Ж"]),
            (r"\p{IsBasicLatin}{2}", &["a~"], &["aё"]),
            (r"\\\.\?", &[r"\.?"], &["a"]),
            (r"[\n\t]x", &["\nx"], &["nx"]),
        ] {
            let compiled = Pattern::compile(&[pattern]).unwrap();
            for good in good {
                assert!(compiled.fits(good), "{pattern} and {good:?}");
            }
            for bad in bad {
                assert!(!compiled.fits(bad), "{pattern} and {bad:?}");
            }
        }
        let either = Pattern::compile(&["[0-9]{8}", "[0-9]{10}"]).unwrap();
        assert!(either.fits("12345678") && either.fits("1234567890") && !either.fits("123456789"));
        assert_eq!(either.text, "[0-9]{8}|[0-9]{10}");
    }

    #[test]
    fn what_is_no_pattern_is_named() {
        for (pattern, reason) in [
            ("(a", "'(' without ')'"),
            ("a)", "')' without '('"),
            ("[a", "'[' without ']'"),
            ("[]", "an empty class"),
            ("[z-a]", "backwards"),
            ("[a[b]]", "'[' inside"),
            ("[a-[b]c]", "behind a subtracted class"),
            ("*a", "nothing before"),
            ("a{2", "'{' without '}'"),
            ("a{x}", "no quantity"),
            ("a{+1}", "no quantity"),
            ("a{3,1}", "no quantity"),
            ("a+?", "behind a quantity"),
            ("(?:a)", "nothing before"),
            (r"\b", "no escape"),
            (r"\p{Нет}", "no property"),
            (r"\p{IsKlingon}", "no property"),
            (r"\pL", "without '{'"),
            ("a\\", "backslash at the end"),
            ("(a{1000}){1000}", "too large"),
        ] {
            let error = Pattern::compile(&[pattern]).unwrap_err();
            assert!(error.contains(reason), "{pattern}: {error}");
        }
        let deep = format!("{}a{}", "(".repeat(100), ")".repeat(100));
        assert!(Pattern::compile(&[&deep]).unwrap_err().contains("deeper"));
    }
}
