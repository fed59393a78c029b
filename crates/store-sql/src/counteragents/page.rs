//! Pages of the list: one run of an index, or a few that are merged.

use potok_domain::relation::Status;
use potok_store::{Among, Counteragent, CounteragentPage, CounteragentQuery};
use potok_types::{GroupId, IndexKey};

use super::counteragent;
use crate::{Batch, CounteragentStmt, Failure, Sql, args};

/// What lies together in one index, by key.
#[derive(Clone, Copy)]
enum Run {
    All,
    Status(Status),
    Group(GroupId),
}

fn runs(among: &Among) -> Vec<Run> {
    match among {
        Among::All => vec![Run::All],
        Among::Statuses(statuses) => statuses.iter().map(|status| Run::Status(*status)).collect(),
        Among::Groups(groups) => groups.iter().map(|group| Run::Group(*group)).collect(),
    }
}

/// The statements of runs, which are all of one sort.
const fn statements(run: Run) -> (CounteragentStmt, CounteragentStmt) {
    match run {
        Run::All => (CounteragentStmt::Page, CounteragentStmt::Count),
        Run::Status(_) => (CounteragentStmt::PageOfStatus, CounteragentStmt::CountOfStatus),
        Run::Group(_) => (CounteragentStmt::PageOfGroup, CounteragentStmt::CountOfGroup),
    }
}

pub(super) async fn page(sql: &mut impl Sql, query: &CounteragentQuery) -> Result<CounteragentPage, Failure> {
    let runs = runs(&query.among);
    let Some((page, count)) = runs.first().copied().map(statements) else {
        return Ok(CounteragentPage { counteragents: Vec::new(), total: 0, is_exact: true });
    };
    let before = query.after.map_or(i64::MAX, IndexKey::get);
    let mut counteragents: Vec<Counteragent> = Vec::new();
    if query.limit > 0 {
        let mut pages = Batch::default();
        for run in &runs {
            match run {
                Run::All => pages.push(&args![query.box_id, before, query.limit]),
                Run::Status(status) => pages.push(&args![query.box_id, *status as i32, before, query.limit]),
                Run::Group(group) => pages.push(&args![query.box_id, *group, before, query.limit]),
            }
        }
        sql.each_of(page, &pages, |_, row| {
            counteragents.push(counteragent(row)?);
            Ok(())
        })
        .await?;
        counteragents.sort_unstable_by_key(|found| std::cmp::Reverse(found.key));
        counteragents.truncate(query.limit);
    }
    let up_to = i64::try_from(query.count_up_to).unwrap_or(i64::MAX - 1);
    let mut counts = Batch::default();
    for run in &runs {
        match run {
            Run::All => counts.push(&args![query.box_id, up_to + 1]),
            Run::Status(status) => counts.push(&args![query.box_id, *status as i32, up_to + 1]),
            Run::Group(group) => counts.push(&args![query.box_id, *group, up_to + 1]),
        }
    }
    let mut total: i64 = 0;
    sql.each_of(count, &counts, |_, row| {
        total += row.get::<i64>(0)?;
        Ok(())
    })
    .await?;
    let (is_exact, total) = (total <= up_to, total.min(up_to).unsigned_abs());
    Ok(CounteragentPage { counteragents, total, is_exact })
}
