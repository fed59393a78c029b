//! What shows the exchange: events, messages, documents, docflows, contents.

mod refusals;

use potok_app::{Actor, Reading, ReadingError};
use potok_translate::{ContentBudget, ContentPlan};

potok_modules::modules! { "src/handlers/reading" except refusals => registered }

/// How much content an answer of one message carries, if the caller wants any.
fn message_budget(is_wanted: bool) -> ContentBudget {
    if is_wanted { ContentBudget::MESSAGE } else { ContentBudget::Nothing }
}

/// Builds an answer that may carry contents: once to learn which of them fit, and once more with them.
async fn with_contents<T>(
    reading: &Reading,
    actor: &Actor,
    budget: ContentBudget,
    build: impl Fn(&mut ContentPlan) -> T,
) -> Result<T, ReadingError> {
    Ok(filled(reading, actor, budget, build).await?.0)
}

/// The same, and whether all of them were there: what is lost may be found again, and no event tells of that.
async fn filled<T>(
    reading: &Reading,
    actor: &Actor,
    budget: ContentBudget,
    build: impl Fn(&mut ContentPlan) -> T,
) -> Result<(T, bool), ReadingError> {
    let mut plan = ContentPlan::planning(budget);
    let without = build(&mut plan);
    if plan.hashes().is_empty() {
        return Ok((without, true));
    }
    let loaded = reading.contents_for(actor, plan.hashes().iter().copied()).await?;
    let are_all_there = plan.hashes().iter().all(|hash| loaded.contains_key(hash));
    Ok((build(&mut ContentPlan::filling(budget, loaded)), are_all_there))
}
