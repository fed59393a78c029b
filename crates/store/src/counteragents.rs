//! The list of counteragents of a box, in the order of the keys of events.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::relation::{Status, Told};
use potok_types::{BoxId, GroupId, IndexKey};

use crate::StoreError;

/// Where a box stands in the list of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounteragentRow {
    /// What it is there; `None`: it does not stand in the list.
    pub status: Option<Status>,
    /// The group into which it was put; zero for who is no partner.
    pub group: GroupId,
}

impl From<&Told> for CounteragentRow {
    fn from(told: &Told) -> Self {
        Self { status: told.status, group: told.group }
    }
}

/// One box of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counteragent {
    /// The box of the other organization.
    pub box_id: BoxId,
    /// The key of the last event of the relation: where it stands.
    pub key: IndexKey,
    /// That event, in its stored form.
    pub last_event: Bytes,
}

/// Which counteragents are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Among {
    /// All that stand in the list.
    All,
    /// Those with one of these statuses.
    Statuses(Vec<Status>),
    /// Partners that were put into one of these groups.
    Groups(Vec<GroupId>),
}

/// A page to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounteragentQuery {
    /// The box whose list it is.
    pub box_id: BoxId,
    /// Of whom.
    pub among: Among,
    /// Exclusive start; the list goes from the newest event to the oldest.
    pub after: Option<IndexKey>,
    /// Boxes on the page.
    pub limit: usize,
    /// Counting stops here.
    pub count_up_to: u64,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounteragentPage {
    /// The newest event first.
    pub counteragents: Vec<Counteragent>,
    /// All that match, wherever the page begins, counted up to `count_up_to`.
    pub total: u64,
    /// Counting did not stop early.
    pub is_exact: bool,
}

/// Reading the list of counteragents. A page costs the same wherever it lies.
#[async_trait]
pub trait Counteragents: Send + Sync {
    /// One box of the list of `box_id`; `None` when it does not stand there.
    async fn counteragent(&self, box_id: BoxId, other: BoxId) -> Result<Option<Counteragent>, StoreError>;

    /// The same for several boxes, in their order.
    async fn counteragents_of(
        &self,
        box_id: BoxId,
        others: &[BoxId],
    ) -> Result<Vec<Option<Counteragent>>, StoreError>;

    /// The page behind the given key.
    async fn counteragents(&self, query: CounteragentQuery) -> Result<CounteragentPage, StoreError>;

    /// How many boxes have invited `box_id` and wait for an answer, counted up to `up_to`.
    async fn count_invitations(&self, box_id: BoxId, up_to: u64) -> Result<u64, StoreError> {
        let among = Among::Statuses(vec![Status::InvitesMe]);
        let query = CounteragentQuery { box_id, among, after: None, limit: 0, count_up_to: up_to };
        Ok(self.counteragents(query).await?.total)
    }
}
