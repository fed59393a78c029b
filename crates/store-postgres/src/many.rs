//! Appends to many boxes in one transaction. It takes the heads of those boxes that are there and that nobody holds, so it waits for
//! nobody and two of them never wait for each other; the other boxes are left to transactions of their own. Only for plain PostgreSQL: on
//! Citus a transaction over two workers may answer before both halves can be seen.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::join;
use potok_store_sql::journal::Prepared;
use potok_store_sql::{Failure, Row, Session, Touched, Waiting};
use potok_types::BoxId;
use tokio_postgres::types::Type;

use crate::arguments::Columns;
use crate::calls::query_typed;
use crate::failure::OrFailure as _;
use crate::lent::Lent;
use crate::member::{Member, SharedDesk};
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
        let entered = match enter(&lent, boxes).await {
            Ok(entered) => entered,
            Err(failure) => return Err(undone(lent, failure).await),
        };
        let of_entered: Vec<_> =
            boxes.iter().filter_map(|of_box| Some((of_box, *entered.get(&of_box.0)?))).collect();
        let desks: Vec<SharedDesk> = of_entered.iter().map(|_| SharedDesk::default()).collect();
        let members = of_entered.iter().zip(&desks).map(|(((box_id, all), last), desk)| async {
            let mut member = Member::new(desk.clone(), *box_id, *last);
            member.foresee(all).await?;
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
        let mut done = of_entered.iter().map(|((box_id, _), _)| *box_id).zip(done).collect::<HashMap<_, _>>();
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

/// Begins, and enters what is free: with the numbers in the heads.
async fn enter(lent: &Lent, boxes: &[OfBox]) -> Result<HashMap<BoxId, i64>, Failure> {
    let ids: Vec<&[u8]> = boxes.iter().map(|(box_id, _)| &box_id.as_bytes()[..]).collect();
    let args: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
        [(&ids, Type::BYTEA_ARRAY), (&NUMBERS, Type::INT8)];
    // One way to the server and back.
    let (begun, heads) = join(lent.batch_execute(BEGIN_OF_BOX), query_typed(lent, HEADS, &args)).await;
    begun.or_failure()?;
    let heads = heads?.into_iter().map(|row| {
        let row: &dyn Row = &Columns(row);
        Ok((row.get(0)?, row.get(1)?))
    });
    heads.collect()
}

/// Undoes the transaction; if that fails, the connection is thrown away, which does it too.
async fn undone(mut lent: Lent, failure: Failure) -> Broken {
    if lent.batch_execute("ROLLBACK").await.is_ok() {
        lent.done();
    }
    Broken::Undone(failure)
}
