//! Runs of documents that lie together in one index, read in pieces, one by one or merged.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use crate::{Batch, DocumentStmt, Failure, Row, Sql, Value};

/// Documents that are looked at together first; each further piece is twice as large.
pub(super) const FIRST_PIECE: usize = 16;
/// Documents of the largest piece.
pub(super) const LARGEST_PIECE: usize = 256;

/// Keeps those of `items` that are wanted.
pub(super) fn keep<T>(items: &mut Vec<T>, is_wanted: &[bool]) {
    let mut place = 0;
    items.retain(|_| {
        place += 1;
        is_wanted.get(place - 1).is_some_and(|is_wanted| *is_wanted)
    });
}

/// What lies together in one index.
pub(super) trait Run: Send + Sync {
    /// A document met on the way.
    type Met: Copy + Send + Sync;
    /// Where reading stands: at the document read last, or before the first one.
    type Place: Default + Send + Sync;
    /// By what runs are merged: the greatest comes first.
    type Rank: Ord + Send;

    /// Its documents come in the order of their ranks. Runs that are merged all have it.
    fn is_ordered(&self) -> bool;

    /// Asks for the documents behind a place.
    fn statement(&self) -> DocumentStmt;

    /// With these arguments.
    fn arguments<'a>(&'a self, place: &'a Self::Place, limit: usize) -> Vec<Value<'a>>;

    /// Reads one row of the answer.
    fn read(&self, row: &dyn Row, place: &mut Self::Place) -> Result<Self::Met, Failure>;

    /// The rank of a document of this run.
    fn rank(&self, met: &Self::Met) -> Self::Rank;
}

/// A run that is being read.
pub(super) struct Stream<R: Run> {
    run: R,
    place: R::Place,
    buffer: VecDeque<R::Met>,
    piece: usize,
    is_read: bool,
}

/// The answer to one question.
struct Piece<R: Run> {
    met: VecDeque<R::Met>,
    place: R::Place,
}

impl<R: Run> Piece<R> {
    fn empty() -> Self {
        Self { met: VecDeque::new(), place: R::Place::default() }
    }

    fn read(&mut self, run: &R, row: &dyn Row) -> Result<(), Failure> {
        self.met.push_back(run.read(row, &mut self.place)?);
        Ok(())
    }
}

impl<R: Run> Stream<R> {
    /// Begins behind `place` with a piece of some `piece` documents; each further one is twice as large.
    pub(super) fn new(run: R, place: R::Place, piece: usize) -> Self {
        Self { run, place, buffer: VecDeque::new(), piece: piece.clamp(2, LARGEST_PIECE), is_read: false }
    }

    async fn next(&mut self, sql: &mut impl Sql) -> Result<Option<R::Met>, Failure> {
        if self.buffer.is_empty() && !self.is_read {
            let mut piece = Piece::empty();
            let args = self.run.arguments(&self.place, self.piece);
            sql.each(self.run.statement(), &args, |row| piece.read(&self.run, row)).await?;
            self.take(piece);
        }
        Ok(self.buffer.pop_front())
    }

    fn take(&mut self, piece: Piece<R>) {
        self.is_read = piece.met.len() < self.piece;
        self.piece = (self.piece * 2).min(LARGEST_PIECE);
        if !piece.met.is_empty() {
            self.place = piece.place;
        }
        self.buffer = piece.met;
    }
}

/// Several runs read as one: merged if all of them are ordered, else one after the other.
pub(super) struct Merge<R: Run> {
    is_ordered: bool,
    streams: Vec<Stream<R>>,
    /// The next document of each ordered stream, once all have one.
    heads: Option<BinaryHeap<Head<R>>>,
}

struct Head<R: Run> {
    rank: R::Rank,
    met: R::Met,
    stream: usize,
}

impl<R: Run> Ord for Head<R> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank).then(self.stream.cmp(&other.stream))
    }
}

impl<R: Run> PartialOrd for Head<R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R: Run> PartialEq for Head<R> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<R: Run> Eq for Head<R> {}

impl<R: Run> Merge<R> {
    pub(super) fn new(streams: Vec<Stream<R>>, is_ordered: bool) -> Self {
        Self { is_ordered, streams, heads: None }
    }

    /// Documents come in the order of their ranks.
    pub(super) const fn is_ordered(&self) -> bool {
        self.is_ordered
    }

    /// The next document and its run; `None` at the end.
    pub(super) async fn next(&mut self, sql: &mut impl Sql) -> Result<Option<(R::Met, &R)>, Failure> {
        let next = if self.is_ordered { self.first(sql).await? } else { self.any(sql).await? };
        Ok(next.map(|(met, stream)| (met, &self.streams[stream].run)))
    }

    async fn any(&mut self, sql: &mut impl Sql) -> Result<Option<(R::Met, usize)>, Failure> {
        while let Some(stream) = self.streams.last_mut() {
            if let Some(met) = stream.next(sql).await? {
                return Ok(Some((met, self.streams.len() - 1)));
            }
            self.streams.pop();
        }
        Ok(None)
    }

    async fn first(&mut self, sql: &mut impl Sql) -> Result<Option<(R::Met, usize)>, Failure> {
        let head = |streams: &[Stream<R>], met: R::Met, stream: usize| {
            let rank = streams[stream].run.rank(&met);
            Head { rank, met, stream }
        };
        let heads = match &mut self.heads {
            Some(heads) => heads,
            None => {
                fill_all(sql, &mut self.streams).await?;
                let mut heads = BinaryHeap::with_capacity(self.streams.len());
                for stream in 0..self.streams.len() {
                    let first = self.streams[stream].buffer.pop_front();
                    heads.extend(first.map(|met| head(&self.streams, met, stream)));
                }
                self.heads.insert(heads)
            }
        };
        let Some(Head { met, stream, .. }) = heads.pop() else { return Ok(None) };
        if let Some(next) = self.streams[stream].next(sql).await? {
            heads.push(head(&self.streams, next, stream));
        }
        Ok(Some((met, stream)))
    }
}

/// Reads the first piece of every stream, those of one statement together.
async fn fill_all<R: Run>(sql: &mut impl Sql, streams: &mut [Stream<R>]) -> Result<(), Failure> {
    let mut left: Vec<usize> = (0..streams.len()).collect();
    while let Some(first) = left.first() {
        let statement = streams[*first].run.statement();
        let (now, later): (Vec<usize>, Vec<usize>) =
            left.into_iter().partition(|place| streams[*place].run.statement() == statement);
        left = later;
        let mut batch = Batch::default();
        for place in &now {
            let stream = &streams[*place];
            batch.push(&stream.run.arguments(&stream.place, stream.piece));
        }
        let mut pieces: Vec<Piece<R>> = now.iter().map(|_| Piece::empty()).collect();
        let show = |nth: usize, row: &dyn Row| pieces[nth].read(&streams[now[nth]].run, row);
        sql.each_of(statement, &batch, show).await?;
        for (place, piece) in now.into_iter().zip(pieces) {
            streams[place].take(piece);
        }
    }
    Ok(())
}
