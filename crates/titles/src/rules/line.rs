//! The line of a rule.

use std::fmt::Write as _;

/// A rule of a format beyond its schema.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) code: &'static str,
    /// The element it is asked for, behind the names of those around it.
    pub(super) context: Vec<&'static str>,
    pub(super) when: Vec<Test>,
    /// Alternatives, of each everything.
    pub(super) need: Vec<Vec<Test>>,
}

/// A question to a place.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) path: Path,
    pub(super) ask: Ask,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ask {
    Present,
    Absent,
    Is(Vec<&'static str>),
    /// There, and none of these.
    IsOther(Vec<&'static str>),
}

/// Elements, and perhaps an attribute at their end; from the root or from the context.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) from_root: bool,
    pub(super) steps: Vec<&'static str>,
    pub(super) attribute: Option<&'static str>,
    text: &'static str,
}

/// All rules of a text.
///
/// # Errors
/// The line that is no rule.
pub(super) fn rules(text: &'static str) -> Result<Vec<Rule>, String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| rule(line).ok_or_else(|| line.to_owned())).collect()
}

fn rule(line: &'static str) -> Option<Rule> {
    let (head, need) = line.split_once(" need ")?;
    let (head, when) = head.split_once(" when ").unwrap_or((head, ""));
    let mut words = head.split(' ');
    let (id, code, context) = (words.next()?, words.next()?, words.next()?);
    let need = need.split(' ').map(|all| all.split('+').map(test).collect()).collect();
    words.next().is_none().then(|| Rule {
        id,
        code,
        context: context.split('/').collect(),
        when: when.split(' ').filter(|word| !word.is_empty()).map(test).collect(),
        need,
    })
}

fn test(word: &'static str) -> Test {
    let (path, ask) = match (word.strip_prefix('!'), word.split_once("!="), word.split_once('=')) {
        (Some(path), ..) => (path, Ask::Absent),
        (None, Some((path, values)), _) => (path, Ask::IsOther(values.split('|').collect())),
        (None, None, Some((path, values))) => (path, Ask::Is(values.split('|').collect())),
        (None, None, None) => (word, Ask::Present),
    };
    let (from_root, text) = (path.starts_with('^'), path.trim_start_matches('^'));
    let (steps, attribute) = match text.split_once('@') {
        Some((steps, attribute)) => (steps, Some(attribute)),
        None => (text, None),
    };
    let steps = steps.split('/').filter(|step| !step.is_empty()).collect();
    Test { path: Path { from_root, steps, attribute, text }, ask }
}

impl Rule {
    /// What the rule says, in Russian and in English.
    pub(super) fn told(&self) -> (String, String) {
        let Self { id, code, when, need, .. } = self;
        let (mut ru, mut en) = (format!("правило {id} (код {code}): "), format!("rule {id} (code {code}): "));
        for (index, test) in when.iter().enumerate() {
            let (of_ru, of_en) = test.told();
            let _ = write!(ru, "{}{of_ru}", if index == 0 { "если " } else { " и " });
            let _ = write!(en, "{}{of_en}", if index == 0 { "if " } else { " and " });
        }
        if !when.is_empty() {
            ru.push_str(", ");
            en.push_str(", ");
        }
        let one = |all: &Vec<Test>, and: &str| all.iter().map(Test::needed).collect::<Vec<_>>().join(and);
        if let [all] = need.as_slice()
            && all.iter().all(|test| test.ask == Ask::Absent)
        {
            let _ = write!(ru, "не указывается {}", one(all, " и "));
            let _ = write!(en, "{} may not be given", one(all, " and "));
        } else {
            let any = |or: &str, and: &str| need.iter().map(|all| one(all, and)).collect::<Vec<_>>().join(or);
            let _ = write!(ru, "указывается {}", any(" или ", " и "));
            let _ = write!(en, "{} has to be given", any(" or ", " and "));
        }
        (ru, en)
    }
}

impl Test {
    /// What has to be there, or may not.
    fn needed(&self) -> String {
        let text = self.path.text;
        match &self.ask {
            Ask::Present | Ask::Absent => text.to_owned(),
            Ask::Is(values) => format!("{text} = {}", words(values, " | ")),
            Ask::IsOther(values) => format!("{text} ≠ {}", words(values, " | ")),
        }
    }

    fn told(&self) -> (String, String) {
        let text = self.path.text;
        match &self.ask {
            Ask::Present => (format!("есть {text}"), format!("there is {text}")),
            Ask::Absent => (format!("нет {text}"), format!("there is no {text}")),
            Ask::Is(values) => {
                let (ru, en) = (words(values, " или "), words(values, " or "));
                (format!("{text} - {ru}"), format!("{text} is {en}"))
            }
            Ask::IsOther(values) => {
                let (ru, en) = (words(values, " или "), words(values, " or "));
                (format!("{text} - не {ru}"), format!("{text} is not {en}"))
            }
        }
    }
}

/// Values as they stand in titles.
fn words(values: &[&str], between: &str) -> String {
    values.join(between).replace('_', " ")
}
