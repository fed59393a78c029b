//! The one way in which boxes change: load, decide, render, append; and again when others were faster.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use potok_domain::decide::Outcome;
use potok_domain::docflow::Docflows;
use potok_domain::rows::document_rows;
use potok_domain::{DocumentRef, Event, MessageState, Revision};
use potok_store::{
    Append, AppendError, EventPlace, LeaseToken, NewEvent, NewOperation, Operation, SmallContent, StoreError,
    StreamAppend, StreamId,
};
use potok_types::{BoxId, MessageId};

use super::relation_step::RelationStep;
use super::{Core, read_models};

/// How often a decision is taken when others keep changing what it stands on.
pub(crate) const TRIES: usize = 20;

/// One event that a decision wants, with all that goes with it.
pub(crate) struct NewChange {
    /// The event.
    pub(crate) event: Event,
    /// Its message right after it.
    pub(crate) after: MessageState,
    /// The boxes that must get it.
    pub(crate) deliver_to: Vec<BoxId>,
    /// Small contents that it names.
    pub(crate) contents: Vec<SmallContent>,
    /// Pairs (document, its base) that reach over messages.
    pub(crate) links: Vec<(DocumentRef, DocumentRef)>,
    /// What happens with it in streams that are no messages.
    pub(crate) beside: Vec<StreamAppend>,
}

impl NewChange {
    /// The first event of a message, of which nobody else learns. `None` when it does not open one.
    pub(crate) fn opening(box_id: BoxId, event: Event) -> Option<Self> {
        let after = MessageState::open(box_id, &event)?;
        Some(Self::alone(event, after))
    }

    /// The next event of `before`, of which nobody else learns.
    pub(crate) fn next(before: &MessageState, event: Event) -> Self {
        let mut after = before.clone();
        after.apply(&event);
        Self::alone(event, after)
    }

    const fn alone(event: Event, after: MessageState) -> Self {
        Self {
            event,
            after,
            deliver_to: Vec::new(),
            contents: Vec::new(),
            links: Vec::new(),
            beside: Vec::new(),
        }
    }

    /// What `outcome` wants, its own event last. `others` has the messages whose events happen with it.
    pub(crate) fn all(
        outcome: Outcome,
        others: &HashMap<MessageId, Arc<MessageState>>,
        contents: Vec<SmallContent>,
    ) -> Vec<Self> {
        let Outcome { event, after, of_others, deliver_to, links } = outcome;
        let mut all: Vec<Self> = Vec::with_capacity(of_others.len() + 1);
        all.extend(of_others.into_iter().map(|event| {
            let before = others.get(&event.message_id).expect("a decision changes what it was shown");
            Self::next(before, event)
        }));
        all.push(Self { deliver_to, contents, links, ..Self::alone(event, after) });
        all
    }
}

/// What is written with the events.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terms<'a> {
    /// The call whose repeat has to find the last event.
    pub(crate) operation: Option<&'a Operation>,
    /// The delivery that is done then.
    pub(crate) settles: Option<LeaseToken>,
    /// The decision is taken and rendered, and nothing of it is written or remembered.
    pub(crate) is_dry: bool,
}

/// What became of a decision.
#[derive(Debug)]
pub(crate) enum Committed {
    /// It was written, each event as it was decided; nothing where nothing was wanted.
    Written(Vec<Written>),
    /// The operation was done before, by this event.
    Repeated(EventPlace),
}

/// An event in the journal.
#[derive(Debug)]
pub(crate) struct Written {
    /// Its message right after it.
    pub(crate) after: Arc<MessageState>,
    /// The event as its readers get it.
    pub(crate) ready: Bytes,
}

/// A decision was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommitError {
    /// Others changed the stream again and again.
    #[error("the {0} is being changed by others")]
    Busy(StreamId),
    /// The delivery belongs to another worker by now.
    #[error("the lease ran out")]
    LeaseLost,
    /// The message was erased in the box.
    #[error("the {0} was erased")]
    Erased(StreamId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CommitError {
    /// What an append to `stream` came to that others did not beat.
    pub(crate) fn of(error: AppendError, stream: StreamId) -> Self {
        match error {
            AppendError::Stale { .. } | AppendError::Repeated(_) | AppendError::LoginTaken(_) => {
                Self::Busy(stream)
            }
            AppendError::LeaseLost => Self::LeaseLost,
            AppendError::Erased(stream) => Self::Erased(stream),
            AppendError::Store(error) => Self::Store(error),
        }
    }
}

impl Core {
    /// Forgets a delivery of which nobody is told anything.
    ///
    /// # Errors
    /// [`CommitError::LeaseLost`], [`CommitError::Store`].
    pub(crate) async fn settle(&self, lease: LeaseToken, stream: StreamId) -> Result<(), CommitError> {
        let settled = self.journal.append(Append::settling(lease)).await;
        settled.map(drop).map_err(|error| CommitError::of(error, stream))
    }

    /// Writes what `decide` wants to `box_id`, all or nothing. `decide` loads what it stands on each time that it is asked,
    /// because it is asked again when others changed that meanwhile.
    ///
    /// What is written is remembered, and whoever delivers is woken.
    ///
    /// # Errors
    /// What `decide` says; else [`CommitError`].
    pub(crate) async fn commit<E, D>(
        &self,
        box_id: BoxId,
        terms: Terms<'_>,
        mut decide: impl FnMut() -> D,
    ) -> Result<Committed, E>
    where
        E: From<CommitError>,
        D: Future<Output = Result<Vec<NewChange>, E>>,
    {
        let decide = || {
            let decision = decide();
            async { decision.await.map(|changes| (changes, ())) }
        };
        let (committed, ()) = self.commit_telling(box_id, terms, decide).await?;
        Ok(committed)
    }

    /// The same where a decision has something to tell besides what it wants written: what the last one told.
    ///
    /// # Errors
    /// As [`Self::commit`].
    pub(crate) async fn commit_telling<T, E, D>(
        &self,
        box_id: BoxId,
        terms: Terms<'_>,
        mut decide: impl FnMut() -> D,
    ) -> Result<(Committed, T), E>
    where
        E: From<CommitError>,
        D: Future<Output = Result<(Vec<NewChange>, T), E>>,
    {
        let mut tries = 0;
        loop {
            tries += 1;
            let (changes, told) = decide().await?;
            if changes.is_empty() && terms.settles.is_none() {
                return Ok((Committed::Written(Vec::new()), told));
            }
            let steps = self.relations_after(box_id, &changes).await.map_err(CommitError::from)?;
            if terms.is_dry {
                // What the append would have found.
                if let Some(operation) = terms.operation
                    && let Some(made) =
                        self.journal.operation(box_id, operation).await.map_err(CommitError::from)?
                {
                    return Ok((Committed::Repeated(made), told));
                }
                return Ok((Committed::Written(self.rendered(changes).written), told));
            }
            match self.append(box_id, terms, changes, steps).await {
                Ok(written) => return Ok((Committed::Written(written), told)),
                Err(AppendError::Stale { .. }) if tries < TRIES => {}
                Err(AppendError::Stale { stream, .. }) => return Err(CommitError::Busy(stream).into()),
                Err(AppendError::Repeated(made)) => return Ok((Committed::Repeated(made), told)),
                Err(AppendError::LeaseLost) => return Err(CommitError::LeaseLost.into()),
                Err(AppendError::Erased(stream)) => return Err(CommitError::Erased(stream).into()),
                // Messages bring no users along.
                Err(AppendError::LoginTaken(_)) => unreachable!("no row of a user was written"),
                Err(AppendError::Store(error)) => return Err(CommitError::Store(error).into()),
            }
        }
    }

    /// What `changes` are in the journal and to its readers.
    fn rendered(&self, changes: Vec<NewChange>) -> Rendered {
        let mut rendered = Rendered::default();
        let mut others: Vec<StreamAppend> = Vec::new();
        for change in changes {
            let NewChange { event, after, deliver_to, contents, links, beside } = change;
            // The event and the rows show the same documents in the same state.
            let docflows = Docflows::of(&after);
            let new = read_models::of_event(&*self.rendering, &docflows, &event);
            let ready = new.ready.clone();
            rendered.must_deliver |= !deliver_to.is_empty();
            rendered.made = Some(EventPlace { stream: new.stream, event: new.id });
            let expected = Revision(after.revision().0.saturating_sub(1));
            rendered.streams.push(StreamAppend {
                documents: document_rows(&docflows),
                contents,
                links,
                ..StreamAppend::new(new.stream, expected, vec![NewEvent { deliver_to, ..new }])
            });
            rendered.written.push(Written { after: Arc::new(after), ready });
            rendered.must_deliver |=
                beside.iter().flat_map(|beside| &beside.events).any(|new| !new.deliver_to.is_empty());
            others.extend(beside);
        }
        rendered.streams.extend(others);
        rendered
    }

    async fn append(
        &self,
        box_id: BoxId,
        terms: Terms<'_>,
        changes: Vec<NewChange>,
        steps: Vec<RelationStep>,
    ) -> Result<Vec<Written>, AppendError> {
        let Rendered { mut streams, written, made, mut must_deliver } = self.rendered(changes);
        for step in steps {
            must_deliver = true;
            streams.push(step.append(self.clock.now()));
        }
        let operation = terms.operation.zip(made);
        let operation =
            operation.map(|(operation, made)| NewOperation { operation: operation.clone(), made });
        let begun = Instant::now();
        let appended =
            self.journal.append(Append { box_id, streams, operation, settles: terms.settles }).await;
        self.figures.appended(begun.elapsed());
        appended?;
        for Written { after, .. } in &written {
            self.states.put(after);
        }
        if must_deliver {
            self.deliveries.ring(box_id);
        }
        if !written.is_empty() {
            self.feeds.ring(box_id);
            self.rung.happened(box_id);
        }
        Ok(written)
    }
}

/// Changes as they are written, and as they are told.
#[derive(Debug, Default)]
struct Rendered {
    streams: Vec<StreamAppend>,
    written: Vec<Written>,
    /// The last event.
    made: Option<EventPlace>,
    must_deliver: bool,
}
