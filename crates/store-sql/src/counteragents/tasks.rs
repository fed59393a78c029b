//! Tasks.

use async_trait::async_trait;
use potok_domain::DocumentRef;
use potok_store::{StoreError, Task, TaskOutcome, Tasks};
use potok_types::{BoxId, EntityId, MessageId, PowerId, TaskId, Ticks};

use crate::{Backend, CounteragentStmt, Failure, Row, Sql, SqlStore, SqlWrite, args};

const DONE: i32 = 1;
const WITH_DOCUMENT: i32 = 2;
const FAILED: i32 = 3;
const POWER: i32 = 4;
const NO_POWER: i32 = 5;

/// What an outcome has besides its number.
#[derive(Default)]
struct Columns<'a> {
    counteragent: Option<BoxId>,
    document: Option<DocumentRef>,
    reason: Option<&'a String>,
    power: Option<PowerId>,
    code: Option<&'a String>,
}

async fn put(sql: &mut impl SqlWrite, task: &Task) -> Result<(), Failure> {
    let mut row = Columns::default();
    let outcome = match &task.outcome {
        TaskOutcome::Done { counteragent } => {
            row.counteragent = Some(*counteragent);
            DONE
        }
        TaskOutcome::WithDocument { counteragent, document } => {
            (row.counteragent, row.document) = (Some(*counteragent), Some(*document));
            WITH_DOCUMENT
        }
        TaskOutcome::Failed { reason } => {
            row.reason = Some(reason);
            FAILED
        }
        TaskOutcome::Power { number } => {
            row.power = Some(*number);
            POWER
        }
        TaskOutcome::NoPower { code, reason } => {
            (row.code, row.reason) = (Some(code), Some(reason));
            NO_POWER
        }
    };
    let args = args![
        task.id,
        task.user,
        task.box_id,
        task.started_at,
        outcome,
        row.counteragent,
        row.document.map(|it| it.message_id),
        row.document.map(|it| it.entity_id),
        row.reason,
        row.power,
        row.code,
    ];
    sql.execute(CounteragentStmt::PutTask, &args).await.map(drop)
}

fn read(id: TaskId, row: &dyn Row) -> Result<Task, Failure> {
    let counteragent: Option<BoxId> = row.get(4)?;
    let document: (Option<MessageId>, Option<EntityId>) = (row.get(5)?, row.get(6)?);
    let outcome = match (row.get::<i32>(3)?, counteragent, document) {
        (DONE, Some(counteragent), _) => TaskOutcome::Done { counteragent },
        (WITH_DOCUMENT, Some(counteragent), (Some(message_id), Some(entity_id))) => {
            TaskOutcome::WithDocument { counteragent, document: DocumentRef { message_id, entity_id } }
        }
        (FAILED, ..) => TaskOutcome::Failed { reason: row.get(7)? },
        (POWER, ..) => TaskOutcome::Power { number: row.get(8)? },
        (NO_POWER, ..) => TaskOutcome::NoPower { code: row.get(9)?, reason: row.get(7)? },
        (other, ..) => return Err(Failure::Invalid(format!("task {id} has the outcome {other}"))),
    };
    Ok(Task { id, user: row.get(0)?, box_id: row.get(1)?, started_at: row.get(2)?, outcome })
}

#[async_trait]
impl<B: Backend> Tasks for SqlStore<B> {
    async fn put_task(&self, task: &Task) -> Result<(), StoreError> {
        self.write("keep a task", task.clone(), |session, task| {
            session.touches_nothing();
            Box::pin(put(&mut session.sql, task))
        })
        .await
    }

    async fn task(&self, id: TaskId) -> Result<Option<Task>, StoreError> {
        self.ask("find a task", id, |sql, id| {
            Box::pin(async move { sql.row(CounteragentStmt::Task, &args![*id], |row| read(*id, row)).await })
        })
        .await
    }

    async fn forget_tasks(&self, before: Ticks) -> Result<u64, StoreError> {
        self.rewrite("forget tasks", before, |session, before| {
            session.touches_nothing();
            Box::pin(async move { session.sql.execute(CounteragentStmt::ForgetTasks, &args![*before]).await })
        })
        .await
    }
}
