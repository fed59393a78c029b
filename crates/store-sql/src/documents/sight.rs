//! Which documents of a box a question is about: all of some profiles, and of others those about which somebody was asked.

use std::collections::HashSet;

use potok_domain::AddresseeId;
use potok_domain::access::{Addressee, Reach, Scope};
use potok_domain::rows::RowTraits;
use potok_types::BoxId;

use super::profiles::{self, Profile};
use crate::{Batch, DocumentStmt, Failure, Sql, args};

/// Documents that are seen, as far as their profiles tell.
pub(super) struct Sight {
    /// Every document of these is seen.
    pub(super) whole: Vec<Profile>,
    /// Of these the documents about which this one was asked.
    pub(super) asked: Vec<(AddresseeId, Profile)>,
    addressee: Option<Addressee>,
    wholly: HashSet<i64>,
    partly: HashSet<i64>,
}

impl Sight {
    /// What is seen of the box `within` a scope; `reach` says what of documents with the same traits.
    pub(super) async fn of(
        sql: &mut impl Sql,
        box_id: BoxId,
        within: &Scope,
        reach: impl Fn(&RowTraits) -> Reach + Send + Sync,
    ) -> Result<Self, Failure> {
        let (mut whole, mut partly) = (Vec::new(), Vec::new());
        profiles::each(sql, box_id, |profile, traits| match reach(traits) {
            Reach::Nothing => {}
            Reach::Asked => partly.push(profile),
            Reach::All => whole.push(profile),
        })
        .await?;
        let addressee = within.addressee().filter(|_| !partly.is_empty());
        let asked = match addressee {
            Some(addressee) => asked(sql, box_id, addressee, &partly).await?,
            None => Vec::new(),
        };
        Ok(Self {
            wholly: whole.iter().map(|profile| profile.number).collect(),
            partly: asked.iter().map(|(_, profile)| profile.number).collect(),
            whole,
            asked,
            addressee,
        })
    }

    /// No document is seen.
    pub(super) fn is_nothing(&self) -> bool {
        self.whole.is_empty() && self.asked.is_empty()
    }

    /// A document of this profile may be seen.
    pub(super) fn may_see(&self, profile: i64) -> bool {
        self.wholly.contains(&profile) || self.partly.contains(&profile)
    }

    /// Which of these documents, named by their numbers and profiles, are seen. Those that are seen only by who was asked about
    /// them are asked for together.
    pub(super) async fn sees(
        &self,
        sql: &mut impl Sql,
        box_id: BoxId,
        documents: &[(i64, i64)],
    ) -> Result<Vec<bool>, Failure> {
        let mut is_seen: Vec<bool> =
            documents.iter().map(|(_, profile)| self.wholly.contains(profile)).collect();
        let doubtful: Vec<usize> =
            (0..documents.len()).filter(|place| self.partly.contains(&documents[*place].1)).collect();
        let ids = self.addressee.map(Addressee::ids).into_iter().flatten().collect::<Vec<_>>();
        let questions: Batch<'_> = doubtful
            .iter()
            .flat_map(|place| ids.iter().map(|id| (documents[*place].0, *id)))
            .map(|(document, id)| args![box_id, document, id.kind(), id])
            .collect();
        sql.each_of(DocumentStmt::IsAsked, &questions, |nth, _| {
            is_seen[doubtful[nth / ids.len()]] = true;
            Ok(())
        })
        .await?;
        Ok(is_seen)
    }
}

/// Those of `profiles` with documents about which the addressee was asked, for each way of being asked.
async fn asked(
    sql: &mut impl Sql,
    box_id: BoxId,
    addressee: Addressee,
    profiles: &[Profile],
) -> Result<Vec<(AddresseeId, Profile)>, Failure> {
    let ids = addressee.ids();
    let questions: Batch<'_> = ids.iter().map(|id| args![box_id, id.kind(), *id]).collect();
    let mut asked = Vec::new();
    sql.each_of(DocumentStmt::ProfilesAsked, &questions, |nth, row| {
        let number: i64 = row.get(0)?;
        let found = profiles.binary_search_by_key(&number, |profile| profile.number);
        asked.extend(found.ok().map(|place| (ids[nth], profiles[place])));
        Ok(())
    })
    .await?;
    Ok(asked)
}
