//! `SearchDocflows`: documents found by words or tags.

use potok_domain::Direction;
use potok_domain::query::{SearchRequest, SearchScope};
use potok_domain::rows::{counteragent_token, query_tokens, tag_query};
use potok_store::{SearchQuery, SearchWords};
use potok_types::access::FilteredDocuments;
use potok_types::{Invalid, limits};

use crate::{FoundDocument, Permit, Reading, ReadingError};

/// What was found.
#[derive(Clone, Debug)]
pub struct SearchAnswer {
    /// The newest documents first.
    pub documents: Vec<FoundDocument>,
    /// There are more behind them.
    pub have_more: bool,
}

impl Reading {
    /// The documents that the actor may see and that match.
    ///
    /// # Errors
    /// `CoreError::Invalid` for a blank text, or a page that cannot be.
    pub async fn search_docflows(
        &self,
        actor: &Permit<FilteredDocuments>,
        request: SearchRequest,
    ) -> Result<SearchAnswer, ReadingError> {
        let invalid =
            |field: &str, reason: String| Invalid::new(format!("SearchDocflowsRequest.{field}"), reason);
        if request.text.trim().is_empty() {
            let reason = "nothing to search for; write a number, a name, a sum or a tag".to_owned();
            return Err(invalid("QueryString", reason).into());
        }
        let skip = usize::try_from(request.first_index).map_err(|_| {
            invalid("FirstIndex", format!("{} is negative; count from 0", request.first_index))
        })?;
        let count = usize::try_from(request.count).ok().filter(|count| (1..=limits::PAGE).contains(count));
        let count = count.ok_or_else(|| {
            let reason =
                format!("{} is not possible; ask for 1 to {} documents", request.count, limits::PAGE);
            invalid("Count", reason)
        })?;
        let (direction, is_deleted) = match request.scope {
            SearchScope::Any => (None, false),
            SearchScope::Incoming => (Some(Direction::Inbound), false),
            SearchScope::Outgoing => (Some(Direction::Outbound), false),
            SearchScope::Deleted => (None, true),
            SearchScope::Internal => (Some(Direction::Internal), false),
        };
        let query = SearchQuery {
            box_id: actor.box_id(),
            words: self.words(&request.text).await?,
            direction,
            is_deleted: Some(is_deleted),
            within: actor.scope.clone(),
            skip,
            // One more shows whether there are more.
            limit: count + 1,
        };
        let mut found = self.core.readings.search(query).await?;
        let have_more = found.len() > count;
        found.truncate(count);
        Ok(SearchAnswer { documents: self.find_documents(actor, &found).await?, have_more })
    }

    async fn words(&self, text: &str) -> Result<SearchWords, ReadingError> {
        if let Some(tags) = tag_query(text) {
            return Ok(SearchWords::Tags(tags));
        }
        let mut tokens = query_tokens(text);
        // Documents are not told apart by INN but by box, because an INN is known from the directory only.
        for inn in tokens.clone() {
            if matches!(inn.len(), 10 | 12) && inn.bytes().all(|byte| byte.is_ascii_digit()) {
                let organizations = self.core.directory.organizations_by_inn(&inn, None).await?;
                tokens.extend(organizations.iter().map(|found| counteragent_token(found.box_id)));
            }
        }
        Ok(SearchWords::Any(tokens))
    }
}
