//! Appends of many boxes that go on together: each as far as it can without the server, then one way there and back for all.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use futures_util::future::{MaybeDone, maybe_done};
use potok_store_sql::Failure;
use tokio_postgres::types::{ToSql, Type};

use crate::ahead::in_order;
use crate::arguments::{Argument, Kept, List};
use crate::calls::{Plan, Typed, execute_typed, query_typed};
use crate::failure::OrFailure as _;
use crate::lent::Lent;
use crate::member::{Heard, Said, SharedDesk, Wants};
use crate::merging::{self, BYTES, Merged, ROWS};

/// Statements that are alike, from how many of them on they become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MergedFrom(pub(crate) usize);

/// A statement on its way.
struct Call {
    sql: Cow<'static, str>,
    args: Args,
}

enum Args {
    /// Of one.
    One(Vec<Kept>),
    /// Of many, as lists.
    Many(Vec<List>),
}

impl Call {
    async fn execute(&self, lent: &Lent) -> Result<u64, Failure> {
        match &self.args {
            Args::One(args) => {
                let args: Vec<Argument<'_>> = args.iter().map(Kept::argument).collect();
                crate::calls::execute(lent, &self.sql, &args).await
            }
            Args::Many(lists) => execute_typed(lent, &self.sql, &typed(lists)).await,
        }
    }

    async fn query(&self, lent: &Lent) -> Result<Vec<tokio_postgres::Row>, Failure> {
        match &self.args {
            Args::One(args) => {
                let args: Vec<Argument<'_>> = args.iter().map(Kept::argument).collect();
                crate::calls::query(lent, Plan::Kept, &self.sql, &args).await
            }
            Args::Many(lists) => query_typed(lent, &self.sql, &typed(lists)).await,
        }
    }
}

fn typed(lists: &[List]) -> Vec<Typed<'_>> {
    lists.iter().map(|list| (list as &(dyn ToSql + Sync), list.kind().0)).collect::<Vec<(_, Type)>>()
}

/// Writes that wait for the end of the transaction.
pub(crate) struct Rest(Vec<Call>);

impl Rest {
    /// Sends them in their order; whatever is polled after this comes behind them. The first that failed is told.
    pub(crate) async fn send(&self, lent: &Lent) -> Result<(), Failure> {
        in_order(self.0.iter().map(|call| call.execute(lent)))
            .await
            .into_iter()
            .try_for_each(|done| done.map(drop))
    }
}

/// A question on its way, and whose it is: the member, and the place among what the member asked.
struct Question {
    wants: Wants,
    call: Call,
    whose: Vec<(usize, usize)>,
}

/// What all of them come to, and the writes that are left to be sent with the end of the transaction. Each of `members` waits for
/// nothing but its desk.
pub(crate) async fn go<T: Send>(
    lent: &Lent,
    desks: &[SharedDesk],
    members: impl Iterator<Item = impl Future<Output = T> + Send> + Send,
    merged_from: MergedFrom,
) -> Result<(Vec<T>, Rest), Failure> {
    let mut members: Vec<Pin<Box<MaybeDone<_>>>> = members.map(|it| Box::pin(maybe_done(it))).collect();
    loop {
        poll_fn(|context| {
            for member in &mut members {
                let _waits_for_its_desk = member.as_mut().poll(context);
            }
            Poll::Ready(())
        })
        .await;
        let writes = desks.iter().map(|desk| std::mem::take(&mut desk.lock().writes)).collect();
        let writes = statements_of(writes, merged_from);
        let asked: Vec<Vec<(Wants, Said)>> =
            desks.iter().map(|desk| std::mem::take(&mut desk.lock().asked)).collect();
        if asked.iter().all(Vec::is_empty) {
            let done: Option<Vec<T>> = members.iter_mut().map(|it| it.as_mut().take_output()).collect();
            let stuck = || Failure::Invalid("an append among others waits for nothing".to_owned());
            return Ok((done.ok_or_else(stuck)?, Rest(writes)));
        }
        let answers = answers(lent, &writes, asked, merged_from).await?;
        for (desk, answers) in desks.iter().zip(answers).filter(|(_, answers)| !answers.is_empty()) {
            desk.lock().heard = Some(answers);
        }
    }
}

/// The rows that each of these would hear who ask for nothing but rows, and write nothing. All is sent when this is first polled.
pub(crate) async fn ask(
    lent: &Lent,
    asked: Vec<Vec<Said>>,
    merged_from: MergedFrom,
) -> Result<Vec<Vec<Heard>>, Failure> {
    let rows = |asked: Vec<Said>| asked.into_iter().map(|said| (Wants::Rows, said)).collect();
    answers(lent, &[], asked.into_iter().map(rows).collect(), merged_from).await
}

/// What each hears of what it asked, behind these writes.
async fn answers(
    lent: &Lent,
    writes: &[Call],
    asked: Vec<Vec<(Wants, Said)>>,
    merged_from: MergedFrom,
) -> Result<Vec<Vec<Heard>>, Failure> {
    let mut answers: Vec<Vec<Option<Heard>>> =
        asked.iter().map(|asked| asked.iter().map(|_| None).collect()).collect();
    let questions = questions_of(asked, merged_from);
    for (question, heard) in questions.iter().zip(asked_of_server(lent, writes, &questions).await?) {
        question.answer(heard, &mut answers)?;
    }
    let all = answers.into_iter().map(|answers| answers.into_iter().collect::<Option<Vec<_>>>());
    all.collect::<Option<_>>()
        .ok_or_else(|| Failure::Invalid("a question among others was not answered".to_owned()))
}

/// Everything on one way to the server and back.
async fn asked_of_server(
    lent: &Lent,
    writes: &[Call],
    questions: &[Question],
) -> Result<Vec<Heard>, Failure> {
    let one = |wants, call| async move {
        match wants {
            Wants::Rows => Call::query(call, lent).await.map(Heard::Rows),
            Wants::Count => Call::execute(call, lent).await.map(Heard::Count),
        }
    };
    let writes = writes.iter().map(|call| (Wants::Count, call));
    let count = writes.len();
    let questions = questions.iter().map(|question| (question.wants, &question.call));
    let heard = in_order(writes.chain(questions).map(|(wants, call)| one(wants, call))).await;
    // All of it fails with the first that does.
    let heard: Vec<Heard> = heard.into_iter().collect::<Result<_, _>>()?;
    Ok(heard.into_iter().skip(count).collect())
}

impl Question {
    /// Gives each its part of the answer.
    fn answer(&self, heard: Heard, answers: &mut [Vec<Option<Heard>>]) -> Result<(), Failure> {
        let mut put = |(member, place): (usize, usize), heard| {
            if let Some(answer) = answers.get_mut(member).and_then(|answers| answers.get_mut(place)) {
                *answer = Some(heard);
            }
        };
        let rows = match (heard, self.whose.as_slice(), &self.call.args) {
            (heard, [alone], Args::One(_)) => {
                put(*alone, heard);
                return Ok(());
            }
            (Heard::Rows(rows), _, Args::Many(_)) => rows,
            _ => return Err(Failure::Invalid("many questions were answered as one".to_owned())),
        };
        let mut of_each: Vec<Vec<tokio_postgres::Row>> = self.whose.iter().map(|_| Vec::new()).collect();
        for row in rows {
            // The number of the question stands behind the columns.
            let nth: i64 = row.try_get(row.len().saturating_sub(1)).or_failure()?;
            let place = usize::try_from(nth - 1).ok().and_then(|nth| of_each.get_mut(nth));
            let strange =
                || Failure::Invalid(format!("a row answers question {nth} of {}", self.whose.len()));
            place.ok_or_else(strange)?.push(row);
        }
        self.whose.iter().zip(of_each).for_each(|(whose, rows)| put(*whose, Heard::Rows(rows)));
        Ok(())
    }
}

/// Writes of many as few statements, each member's in their order: again and again that statement which most of them are at.
fn statements_of(mut queues: Vec<VecDeque<Said>>, merged_from: MergedFrom) -> Vec<Call> {
    let mut calls = Vec::new();
    loop {
        let mut fronts: Vec<(&'static str, usize)> = Vec::new();
        for (sql, _) in queues.iter().filter_map(VecDeque::front) {
            match fronts.iter_mut().find(|(front, _)| front == sql) {
                Some((_, count)) => *count += 1,
                None => fronts.push((sql, 1)),
            }
        }
        let Some((sql, _)) = fronts.into_iter().max_by_key(|(_, count)| *count) else { return calls };
        let looks = merging::looks(sql);
        let mut each: Vec<Vec<Kept>> = Vec::new();
        for queue in &mut queues {
            let first = each.len();
            let goes = |(front, args): &mut Said, each: &[Vec<Kept>]| {
                *front == sql && !(looks && each.iter().any(|other| looks_at_the_same(args, other)))
            };
            while let Some((_, args)) =
                queue.pop_front_if(|said| goes(said, each.get(first..).unwrap_or_default()))
            {
                each.push(args);
            }
        }
        in_pieces(
            each,
            |args| bytes_of(args),
            |each| {
                let alone = match each.len() < merged_from.0 {
                    true => each,
                    false => match merging::rows(sql, each) {
                        Ok(Merged { sql, lists }) => {
                            return calls.push(Call { sql: sql.into(), args: Args::Many(lists) });
                        }
                        Err(each) => each,
                    },
                };
                calls.extend(alone.into_iter().map(|args| Call { sql: sql.into(), args: Args::One(args) }));
            },
        );
    }
}

/// The rows that a statement looks at are those of its box, and of a stream of it, where it names one: its first arguments.
fn looks_at_the_same(args: &[Kept], others: &[Kept]) -> bool {
    args.iter().zip(others).take(3).all(|(one, other)| one == other)
}

/// Questions of many as few statements: none looks at what another one changes, for each is of its own box.
fn questions_of(asked: Vec<Vec<(Wants, Said)>>, merged_from: MergedFrom) -> Vec<Question> {
    type Alike = (Wants, &'static str, Vec<((usize, usize), Vec<Kept>)>);
    let mut alike: Vec<Alike> = Vec::new();
    for (member, asked) in asked.into_iter().enumerate() {
        for (place, (wants, (sql, args))) in asked.into_iter().enumerate() {
            let one = ((member, place), args);
            match alike.iter_mut().find(|(other, text, _)| (*other, *text) == (wants, sql)) {
                Some((.., each)) => each.push(one),
                None => alike.push((wants, sql, vec![one])),
            }
        }
    }
    let mut questions = Vec::new();
    for (wants, sql, each) in alike {
        in_pieces(
            each,
            |(_, args)| bytes_of(args),
            |each| {
                let (whose, each): (Vec<_>, Vec<_>) = each.into_iter().unzip();
                let alone = match wants == Wants::Count || each.len() < merged_from.0 {
                    true => each,
                    false => match merging::questions(sql, each) {
                        Ok(Merged { sql, lists }) => {
                            let call = Call { sql: sql.into(), args: Args::Many(lists) };
                            return questions.push(Question { wants, call, whose });
                        }
                        Err(each) => each,
                    },
                };
                questions.extend(whose.into_iter().zip(alone).map(|(whose, args)| {
                    let call = Call { sql: sql.into(), args: Args::One(args) };
                    Question { wants, call, whose: vec![whose] }
                }));
            },
        );
    }
    questions
}

/// As many as go into one statement, and so on.
fn in_pieces<T>(all: Vec<T>, bytes: impl Fn(&T) -> usize, mut each: impl FnMut(Vec<T>)) {
    let (mut piece, mut in_piece) = (Vec::new(), 0);
    for one in all {
        in_piece += bytes(&one);
        if piece.len() == ROWS || (in_piece > BYTES && !piece.is_empty()) {
            in_piece = bytes(&one);
            each(std::mem::take(&mut piece));
        }
        piece.push(one);
    }
    if !piece.is_empty() {
        each(piece);
    }
}

fn bytes_of(args: &[Kept]) -> usize {
    args.iter().map(Kept::bytes).sum()
}
