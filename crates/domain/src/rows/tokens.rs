//! Words by which documents are found. Case does not matter, and ё is е.

use potok_types::BoxId;

use super::DocumentRow;
use crate::Document;
use crate::docflow::originals;
use crate::values::DocumentDate;

/// Longer words are cut, on both sides of the comparison.
const LONGEST: usize = 64;
/// Words of a query that count; nobody types more.
const WORDS_IN_QUERY: usize = 32;
/// Words of one number, name or tag by which a document is found. Each is a row in both boxes.
const WORDS_IN_TEXT: usize = 64;

/// `text` in the form in which texts are compared.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }).collect()
}

/// The word under which all documents exchanged with `counteragent` are found. No text has it: `@` never begins a word.
pub fn counteragent_token(counteragent: BoxId) -> String {
    format!("@{}", counteragent.uuid().as_simple())
}

/// The word under which documents are found that name one of the exchange with `counteragent`, with this number and date, as what they
/// revise or correct, whether it is there or not. No text has it, as it has none of [`counteragent_token`].
pub fn original_token(counteragent: BoxId, number: &str, date: DocumentDate) -> String {
    let number: String = fold(number).split_whitespace().collect();
    format!("{}/{date}/{}", counteragent_token(counteragent), cut(&number))
}

/// The word under which every document with `text` as its number or file name is found, so that a list need not look at
/// others: that of its words which is likely to be rare, or a word that no text has when it has none.
pub fn name_token(text: &str) -> String {
    let folded = fold(text);
    // Numbers and dates tell documents apart better than words do, and long words better than short ones.
    let rarity = |word: &String| (word.contains(|c: char| c.is_ascii_digit()), word.chars().count());
    let rarest = words(&folded).into_iter().max_by_key(rarity);
    rarest.map_or_else(
        || format!("#{}", cut(&folded.split_whitespace().collect::<String>())),
        |word| cut(&word),
    )
}

/// The words of a query, folded, each once; empty when it holds nothing but separators.
pub fn query_tokens(query: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for word in words(&fold(query)) {
        let word = cut(&word);
        // Few enough to look through; what comes after the last that counts is not looked at.
        if !tokens.contains(&word) {
            tokens.push(word);
            if tokens.len() == WORDS_IN_QUERY {
                break;
            }
        }
    }
    tokens
}

/// One condition of a query by tags, folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagQuery {
    /// Key of the tag.
    pub key: String,
    /// Its value; `None` is any.
    pub value: Option<String>,
}

/// The query as conditions on tags, if it is written as `key: value` in every line.
pub fn tag_query(query: &str) -> Option<Vec<TagQuery>> {
    let lines = query.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "---");
    let pairs: Option<Vec<TagQuery>> = lines.map(tag_line).collect();
    pairs.filter(|pairs| !pairs.is_empty())
}

fn tag_line(line: &str) -> Option<TagQuery> {
    let (key, value) = line.split_once(": ")?;
    let (key, value) = (unquoted(key.trim()), unquoted(value.trim()));
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    (is_key && !value.is_empty()).then(|| TagQuery { key: fold(key), value: Some(fold(value)) })
}

fn unquoted(text: &str) -> &str {
    ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(text)
}

/// Everything by which the document of `row` is found.
pub(super) fn of_row(row: &DocumentRow, document: &Document, counteragent_title: &str) -> Vec<String> {
    let mut tokens = vec![counteragent_token(row.counteragent)];
    let mut add = |text: &str| add_words(&mut tokens, text);
    row.number.iter().chain(&row.file_name).for_each(|text| add(text));
    tokens.extend(row.number.iter().chain(&row.file_name).map(|text| name_token(text)));
    let mut add = |text: &str| add_words(&mut tokens, text);
    add(counteragent_title);
    for tag in &row.tags {
        add(&tag.key);
        add(&tag.value);
    }
    match row.date {
        // The parts of a date say nothing.
        Some(date) => tokens.push(date.to_string()),
        None => document.metadata("DocumentDate").into_iter().for_each(|text| add_words(&mut tokens, text)),
    }
    match row.total_sum {
        Some(sum) => tokens.extend(sum.spellings()),
        None => document.metadata("TotalSum").into_iter().for_each(|text| add_words(&mut tokens, text)),
    }
    let named = originals(document).into_iter();
    tokens.extend(named.map(|original| original_token(row.counteragent, &original.number, original.date)));
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// The words of `text`, and their parts where a word is put together: `упд-17/3` is found by `упд` and by `17` too.
fn add_words(tokens: &mut Vec<String>, text: &str) {
    for word in words(&fold(text)).into_iter().take(WORDS_IN_TEXT) {
        let parts: Vec<&str> = word.split(|c: char| !c.is_alphanumeric()).take(WORDS_IN_TEXT).collect();
        if parts.len() > 1 {
            tokens.extend(parts.into_iter().filter(|part| part.chars().nth(1).is_some()).map(cut));
        }
        tokens.push(cut(&word));
    }
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST).collect()
}

/// Words of folded text. Signs that hold numbers and names together stay inside a word, at its ends they fall off; a
/// comma between digits is a decimal point.
fn words(folded: &str) -> Vec<String> {
    let chars: Vec<char> = folded.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    let mut text = String::with_capacity(folded.len());
    for (at, &c) in chars.iter().enumerate() {
        let between_digits = is_digit(at.checked_sub(1)) && is_digit(Some(at + 1));
        text.push(match c {
            ',' if between_digits => '.',
            c if c.is_alphanumeric() || is_joint(c) => c,
            _ => ' ',
        });
    }
    text.split(' ')
        .map(|word| word.trim_matches(is_joint))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

const fn is_joint(c: char) -> bool {
    matches!(c, '.' | '-' | '_' | '/' | '\\' | '@')
}
