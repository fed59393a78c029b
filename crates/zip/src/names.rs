//! Names that every system can read.

use std::collections::HashSet;

/// Letters that a name may have. Official files with their signatures come to 190, and the file systems of Windows take 255.
pub const NAME_CHARS: usize = 200;

/// The names of an archive.
#[derive(Clone, Debug, Default)]
pub struct Names(HashSet<String>);

/// Names that Windows keeps for devices, whatever follows the first dot.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

impl Names {
    /// A name that nothing else has: `wanted`, without what Windows does not take, cut to [`NAME_CHARS`], and numbered if it
    /// is taken. Names that differ by case only are the same there.
    pub fn take(&mut self, wanted: &str) -> String {
        let wanted = readable(wanted);
        let mut name = cut(&wanted, "");
        let mut number = 2;
        while !self.0.insert(name.to_lowercase()) {
            name = cut(&wanted, &format!(" ({number})"));
            number += 1;
        }
        name
    }
}

fn readable(wanted: &str) -> String {
    let replaced: String = wanted
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let name = replaced.trim().trim_end_matches(['.', ' ']);
    if name.is_empty() {
        return "_".to_owned();
    }
    let stem = name.split('.').next().unwrap_or_default().trim().to_uppercase();
    let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    let is_port = port.is_some_and(|port| port.chars().count() == 1 && port != "0");
    if is_port || DEVICES.contains(&stem.as_str()) { format!("_{name}") } else { name.to_owned() }
}

/// The name with something before its ending, cut so that it is not too long. Endings that are endings stay.
fn cut(name: &str, before_ending: &str) -> String {
    let ending = name.rfind('.').filter(|dot| *dot > 0 && name.len() - dot <= 16).unwrap_or(name.len());
    let (stem, ending) = name.split_at(ending);
    let room = NAME_CHARS.saturating_sub(ending.chars().count() + before_ending.chars().count());
    let stem: String = stem.chars().take(room).collect();
    format!("{}{before_ending}{ending}", stem.trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_read_on_windows() {
        let mut names = Names::default();
        for (wanted, name) in [
            ("УПД № 1 от 01.02.2026.pdf", "УПД № 1 от 01.02.2026.pdf"),
            ("а/б\\в:г*д?е\"ж<з>и|к\t.xml", "а_б_в_г_д_е_ж_з_и_к_.xml"),
            ("..\\..\\windows\\system.ini", ".._.._windows_system.ini"),
            ("con", "_con"),
            ("Com1.txt", "_Com1.txt"),
            ("comma.txt", "comma.txt"),
            ("имя. . ", "имя"),
            ("...", "_"),
            ("", "_ (2)"),
        ] {
            assert_eq!(names.take(wanted), name, "{wanted}");
        }
    }

    #[test]
    fn no_two_files_have_one_name() {
        let mut names = Names::default();
        assert_eq!(names.take("Договор.pdf"), "Договор.pdf");
        assert_eq!(names.take("договор.PDF"), "договор (2).PDF");
        assert_eq!(names.take("Договор (2).pdf"), "Договор (2) (2).pdf");
        assert_eq!(names.take("Договор.pdf"), "Договор (3).pdf");
    }

    #[test]
    fn long_names_keep_their_ending_and_their_number() {
        let mut names = Names::default();
        let long = format!("{}.xml.1.sig", "ф".repeat(300));
        let first = names.take(&long);
        let second = names.take(&long);
        assert_eq!((first.chars().count(), second.chars().count()), (NAME_CHARS, NAME_CHARS));
        assert!(first.ends_with(".sig") && second.ends_with(" (2).sig"), "{first} {second}");
    }
}
