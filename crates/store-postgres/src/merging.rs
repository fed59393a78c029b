//! One statement instead of the same one for many boxes: where the statement takes an argument, its merged form takes a list of them, so
//! that the server reads and plans it once. Plain PostgreSQL only: Citus would carry the rows to the coordinator.

use std::fmt::Write as _;

use crate::arguments::{Kept, List, without_zeros};

/// Rows that one statement adds, or questions that it asks, at most.
pub(crate) const ROWS: usize = 512;
/// Bytes of their texts and bytes after which it takes no more.
pub(crate) const BYTES: usize = 8 << 20;

/// A statement with its lists.
#[derive(Debug)]
pub(crate) struct Merged {
    pub(crate) sql: String,
    pub(crate) lists: Vec<List>,
}

/// What stands in one place of a statement, each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing at all.
    Null,
    Int,
    Text,
    Bytes,
}

impl Kind {
    const fn of(argument: &Kept) -> Option<Self> {
        match argument {
            Kept::Null => Some(Self::Null),
            Kept::Int(_) => Some(Self::Int),
            Kept::Text(_) => Some(Self::Text),
            Kept::Id(_) | Kept::Bytes(_) => Some(Self::Bytes),
            // A list of lists is none of these.
            Kept::Numbers(_) => None,
        }
    }

    const fn list(self) -> Option<List> {
        match self {
            Self::Null => None,
            Self::Int => Some(List::Ints(Vec::new())),
            Self::Text => Some(List::Texts(Vec::new())),
            Self::Bytes => Some(List::Bytes(Vec::new())),
        }
    }
}

/// The kinds of arguments that a statement has each time; `None` where they differ, or are no matter of lists.
fn kinds(each: &[Vec<Kept>]) -> Option<Vec<Kind>> {
    let mut kinds = vec![Kind::Null; each.first()?.len()];
    for args in each {
        if args.len() != kinds.len() {
            return None;
        }
        for (kind, argument) in kinds.iter_mut().zip(args) {
            match (*kind, Kind::of(argument)?) {
                (_, Kind::Null) => {}
                (Kind::Null, first) => *kind = first,
                (same, other) if same == other => {}
                _ => return None,
            }
        }
    }
    kinds.iter().any(|kind| *kind != Kind::Null).then_some(kinds)
}

/// The lists, place by place.
fn lists(kinds: &[Kind], each: Vec<Vec<Kept>>) -> Vec<List> {
    let mut lists: Vec<Option<List>> = kinds.iter().map(|kind| kind.list()).collect();
    for args in each {
        for (list, argument) in lists.iter_mut().zip(args) {
            match (list, argument) {
                (Some(List::Ints(list)), Kept::Int(number)) => list.push(Some(number)),
                (Some(List::Ints(list)), _) => list.push(None),
                (Some(List::Texts(list)), Kept::Text(text)) => list.push(Some(without_zeros(text))),
                (Some(List::Texts(list)), _) => list.push(None),
                (Some(List::Bytes(list)), Kept::Bytes(bytes)) => list.push(Some(bytes)),
                (Some(List::Bytes(list)), Kept::Id(id)) => list.push(Some(id.into_bytes().into())),
                (Some(List::Bytes(list)), _) => list.push(None),
                (None, _) => {}
            }
        }
    }
    lists.into_iter().flatten().collect()
}

/// Questions that are asked together: a row of the answer has the number of its question behind its columns, from 1. What cannot be
/// asked so comes back.
pub(crate) fn questions(sql: &str, each: Vec<Vec<Kept>>) -> Result<Merged, Vec<Vec<Kept>>> {
    merged(sql, each, question)
}

/// Rows that are added together. What cannot be written so comes back.
pub(crate) fn rows(sql: &str, each: Vec<Vec<Kept>>) -> Result<Merged, Vec<Vec<Kept>>> {
    merged(sql, each, row)
}

fn merged(
    sql: &str,
    each: Vec<Vec<Kept>>,
    text: impl Fn(&str, &[Kind]) -> Option<String>,
) -> Result<Merged, Vec<Vec<Kept>>> {
    let found = kinds(&each).and_then(|kinds| text(sql, &kinds).map(|sql| (kinds, sql)));
    match found {
        Some((kinds, sql)) => Ok(Merged { sql, lists: lists(&kinds, each) }),
        None => Err(each),
    }
}

/// The statement as a question of many. Where nothing may be asked row by row, or rows are locked, there is none.
pub(crate) fn question(sql: &str, kinds: &[Kind]) -> Option<String> {
    let is_plain =
        sql.trim_start().starts_with("SELECT") && !sql.contains("LIMIT $") && !sql.contains("FOR UPDATE");
    if !is_plain {
        return None;
    }
    let (lists, names) = table(kinds);
    let asked = with_columns(sql, kinds)?;
    // The offset keeps the question a question for each row, by the index that it is made for.
    Some(format!(
        "SELECT answer.*, lists.nth FROM unnest({lists}) WITH ORDINALITY AS lists ({names}, nth)
         CROSS JOIN LATERAL ({asked} OFFSET 0) AS answer"
    ))
}

/// Whether a statement that adds a row looks at others before: then two that look at the same ones are no one statement.
pub(crate) fn looks(sql: &str) -> bool {
    !sql.contains("VALUES (")
}

/// The statement that adds one row, as one that adds many; `None` when it does something else.
pub(crate) fn row(sql: &str, kinds: &[Kind]) -> Option<String> {
    let Some((head, rest)) = sql.split_once("VALUES (") else { return selected_row(sql, kinds) };
    let mut depth = 1_usize;
    let end = rest.find(|letter| {
        depth = match letter {
            '(' => depth + 1,
            ')' => depth - 1,
            _ => depth,
        };
        depth == 0
    })?;
    let (row, tail) = rest.split_at_checked(end)?;
    let tail = tail.strip_prefix(')')?;
    let is_plain = sql.trim_start().starts_with("INSERT") && !row.contains("SELECT");
    if !is_plain || tail.contains("DO UPDATE") || tail.contains("RETURNING") || tail.contains('$') {
        return None;
    }
    let (lists, names) = table(kinds);
    let row = with_columns(row, kinds)?;
    Some(format!("{head}SELECT {row} FROM unnest({lists}) AS lists ({names}){tail}"))
}

/// The same of a row that is selected.
fn selected_row(sql: &str, kinds: &[Kind]) -> Option<String> {
    let (head, row) = sql.split_at_checked(sql.find("SELECT")?)?;
    let is_plain = head.trim_start().starts_with("INSERT") && !head.contains('$');
    if !is_plain || row.contains("ON CONFLICT") || row.contains("RETURNING") {
        return None;
    }
    let (lists, names) = table(kinds);
    let row = with_columns(row, kinds)?;
    Some(format!(
        "{head}SELECT answer.* FROM unnest({lists}) AS lists ({names}) CROSS JOIN LATERAL ({row}) AS answer"
    ))
}

/// The lists as arguments, and the names of their columns.
fn table(kinds: &[Kind]) -> (String, String) {
    let (mut lists, mut names) = (Vec::new(), Vec::new());
    for (place, kind) in (1..).zip(kinds) {
        if let Some(list) = kind.list() {
            lists.push(format!("${}::{}", lists.len() + 1, list.kind().1));
            names.push(format!("p{place}"));
        }
    }
    (lists.join(", "), names.join(", "))
}

/// The text with columns in the place of arguments.
fn with_columns(sql: &str, kinds: &[Kind]) -> Option<String> {
    let mut pieces = sql.split('$');
    let mut text = pieces.next()?.to_owned();
    for piece in pieces {
        let end = piece.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(piece.len());
        let (place, rest) = piece.split_at_checked(end)?;
        let place: usize = place.parse().ok()?;
        match kinds.get(place.checked_sub(1)?)? {
            Kind::Null => text.push_str("NULL"),
            _ => write!(text, "lists.p{place}").ok()?,
        }
        text.push_str(rest);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_question_becomes_one_for_each_of_many() {
        assert_eq!(
            question("SELECT a FROM t WHERE b = $1 AND c > $2 LIMIT 1", &[Kind::Bytes, Kind::Int]).as_deref(),
            Some(
                "SELECT answer.*, lists.nth FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS lists (p1, p2, nth)
         CROSS JOIN LATERAL (SELECT a FROM t WHERE b = lists.p1 AND c > lists.p2 LIMIT 1 OFFSET 0) AS answer"
            )
        );
        for other in [
            "SELECT a FROM t LIMIT $2",
            "SELECT a FROM t WHERE b = $1 FOR UPDATE",
            "DELETE FROM t WHERE b = $1 RETURNING a",
            "SELECT a FROM t WHERE b = $3",
        ] {
            assert_eq!(question(other, &[Kind::Int, Kind::Int]), None, "{other}");
        }
    }

    #[test]
    fn a_row_becomes_many_where_nothing_but_rows_is_added() {
        assert_eq!(
            row(
                "INSERT INTO t (a, b, c) VALUES ($1, coalesce($2, 0) <> 0, $3)\n ON CONFLICT DO NOTHING",
                &[Kind::Bytes, Kind::Int, Kind::Null]
            )
            .as_deref(),
            Some(
                "INSERT INTO t (a, b, c) SELECT lists.p1, coalesce(lists.p2, 0) <> 0, NULL \
                 FROM unnest($1::bytea[], $2::bigint[]) AS lists (p1, p2)\n ON CONFLICT DO NOTHING"
            )
        );
        for other in [
            "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = 1",
            "INSERT INTO t (a) VALUES ($1) RETURNING a",
            "INSERT INTO t (a) VALUES ((SELECT a FROM u WHERE b = $1))",
            "INSERT INTO t (a) SELECT $1 FROM u ON CONFLICT DO NOTHING",
            "DELETE FROM t WHERE a = $1",
            "DELETE FROM t WHERE a = (SELECT $1)",
        ] {
            assert_eq!(row(other, &[Kind::Int]), None, "{other}");
        }
        let looking = "INSERT INTO t (a) SELECT $1 FROM u WHERE b = $1";
        assert_eq!(
            row(looking, &[Kind::Int]).as_deref(),
            Some(
                "INSERT INTO t (a) SELECT answer.* FROM unnest($1::bigint[]) AS lists (p1) \
                 CROSS JOIN LATERAL (SELECT lists.p1 FROM u WHERE b = lists.p1) AS answer"
            )
        );
        assert!(looks(looking) && !looks("INSERT INTO t (a) VALUES ($1)"));
    }

    #[test]
    fn lists_have_a_place_for_what_is_not_there() {
        let sql = "INSERT INTO t (a, b, c) VALUES ($1, $2, $3)";
        let each = vec![
            vec![Kept::Id(Uuid::from_u128(1)), Kept::Null, Kept::Text("a\0".to_owned())],
            vec![Kept::Bytes(vec![2]), Kept::Null, Kept::Null],
        ];
        let Merged { lists, .. } = rows(sql, each).expect("plain rows");
        let [List::Bytes(first), List::Texts(last)] = lists.as_slice() else { panic!("{lists:?}") };
        assert_eq!(first, &[Some(Uuid::from_u128(1).as_bytes().to_vec()), Some(vec![2])]);
        assert_eq!(last, &[Some("a\u{fffd}".to_owned()), None]);
        for odd in [vec![Kept::Int(1), Kept::Null, Kept::Null], vec![Kept::Numbers(vec![1])], vec![]] {
            let each = vec![vec![Kept::Id(Uuid::nil()), Kept::Null, Kept::Null], odd];
            assert_eq!(rows(sql, each.clone()).expect_err("not alike"), each);
        }
        let nothing = vec![vec![Kept::Null]];
        assert_eq!(rows("INSERT INTO t (a) VALUES ($1)", nothing.clone()).expect_err("no list"), nothing);
    }
}
