//! Appends to one box or to many in one transaction. It takes the heads of those boxes that are there and that nobody holds, so it waits for
//! nobody and two of them never wait for each other; the other boxes are left to transactions of their own. Only for plain PostgreSQL: on
//! Citus a transaction over two workers may answer before both halves can be seen.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join3;
use potok_store_sql::journal::Prepared;
use potok_store_sql::{Failure, Row, Session, Touched, Waiting};
use potok_types::BoxId;
use tokio_postgres::types::Type;

use crate::arguments::Columns;
use crate::calls::{Typed, query_typed};
use crate::failure::OrFailure as _;
use crate::lent::Lent;
use crate::member::{self, Foreseen, Member, Said, SharedDesk};
use crate::rounds::{self, MergedFrom};
use crate::runner::{BEGIN_OF_BOX, Broken, NUMBERS, commit};
use crate::writing::{Outcome, Writer, append_each};

/// The write with which the transaction begins: to each head that is free, in the order of the boxes.
const HEADS: &str =
    "WITH free AS (SELECT box_id FROM boxes WHERE box_id = ANY($1) ORDER BY box_id FOR UPDATE SKIP LOCKED)
     UPDATE boxes SET rows = boxes.rows + $2 FROM free WHERE boxes.box_id = free.box_id
     RETURNING boxes.box_id, boxes.rows";

/// What waits for one box, in order.
pub(crate) type OfBox = (BoxId, Vec<Arc<Prepared>>);

/// What was done for the appends of a box, once it is durable.
struct Done {
    outcomes: Vec<Outcome>,
    touched: Touched,
    waiting: Option<Waiting>,
}

impl Writer {
    /// Appends to all of these boxes, of which none is named twice. `None` of a box that is new or at which somebody else is at work:
    /// nothing was done there. What is refused touches nothing and fails no other; what fails, fails all.
    pub(crate) async fn append_to_many(
        &self,
        boxes: &[OfBox],
        merged_from: MergedFrom,
    ) -> Result<Vec<Option<Vec<Outcome>>>, Broken> {
        let mut lent = Lent::from(&self.pool).await.map_err(Broken::Undone)?;
        lent.begin();
        let entered = match enter(&lent, boxes, merged_from).await {
            Ok(entered) => entered,
            Err(failure) => return Err(undone(lent, failure).await),
        };
        let of_entered: Vec<_> =
            boxes.iter().zip(entered).filter_map(|(of_box, it)| Some((of_box, it?))).collect();
        let names: Vec<BoxId> = of_entered.iter().map(|((box_id, _), _)| *box_id).collect();
        let desks: Vec<SharedDesk> = of_entered.iter().map(|_| SharedDesk::default()).collect();
        let members = of_entered.into_iter().zip(&desks).map(|(((box_id, all), entered), desk)| async move {
            let member = Member::new(desk.clone(), *box_id, entered.last, entered.foreseen);
            let mut session = Session::new(member, Arc::clone(&self.clock));
            let outcomes = append_each(&mut session, all).await?;
            Ok::<_, Failure>(Done { outcomes, touched: session.touched, waiting: session.waiting })
        });
        let gone = rounds::go(&lent, &desks, members, merged_from).await;
        let gone =
            gone.and_then(|(done, rest)| Ok((done.into_iter().collect::<Result<Vec<Done>, _>>()?, rest)));
        let (done, rest) = match gone {
            Ok(gone) => gone,
            Err(failure) => return Err(undone(lent, failure).await),
        };
        commit(&lent, rest.send(&lent)).await?;
        lent.done();
        let mut done = names.into_iter().zip(done).collect::<HashMap<_, _>>();
        Ok(boxes
            .iter()
            .map(|(box_id, _)| {
                let Done { outcomes, touched, waiting } = done.remove(box_id)?;
                self.note(touched, waiting);
                Some(outcomes)
            })
            .collect())
    }
}

/// A box whose head is held.
struct Entered {
    /// The number in the head.
    last: i64,
    /// What the appends will ask, as it is behind the head.
    foreseen: Foreseen,
}

/// Begins, and enters what is free. What the appends are known to ask goes with that, on one way to the server and back: each statement
/// sees what was committed before it, so nothing of a box that was entered is older than its head.
async fn enter(
    lent: &Lent,
    boxes: &[OfBox],
    merged_from: MergedFrom,
) -> Result<Vec<Option<Entered>>, Failure> {
    let ids: Vec<&[u8]> = boxes.iter().map(|(box_id, _)| &box_id.as_bytes()[..]).collect();
    let args: [Typed<'_>; 2] = [(&ids, Type::BYTEA_ARRAY), (&NUMBERS, Type::INT8)];
    let questions: Vec<Vec<Said>> = boxes.iter().map(|(_, all)| member::foresee(all)).collect();
    let (begun, heads, heard) = join3(
        lent.batch_execute(BEGIN_OF_BOX),
        query_typed(lent, HEADS, &args),
        rounds::ask(lent, questions.clone(), merged_from),
    )
    .await;
    begun.or_failure()?;
    let heads = heads?.into_iter().map(|row| {
        let row: &dyn Row = &Columns(row);
        Ok::<(BoxId, i64), Failure>((row.get(0)?, row.get(1)?))
    });
    let heads: HashMap<BoxId, i64> = heads.collect::<Result<_, _>>()?;
    let entered = boxes.iter().zip(questions).zip(heard?).map(|(((box_id, _), questions), heard)| {
        let Some(last) = heads.get(box_id).copied() else { return Ok(None) };
        Ok(Some(Entered { last, foreseen: member::foreseen(questions, heard)? }))
    });
    entered.collect()
}

/// Undoes the transaction; if that fails, the connection is thrown away, which does it too.
async fn undone(mut lent: Lent, failure: Failure) -> Broken {
    if lent.batch_execute("ROLLBACK").await.is_ok() {
        lent.done();
    }
    Broken::Undone(failure)
}
