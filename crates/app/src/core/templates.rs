//! Templates, and what they are told of the letters that were made of them.

use std::collections::HashMap;
use std::sync::Arc;

use potok_domain::{MessageState, templates};

use super::{Core, CoreError, NewChange};

impl Core {
    /// The template of which the letter was made, in the same box.
    pub(crate) async fn template_of(
        &self,
        letter: &MessageState,
    ) -> Result<Option<Arc<MessageState>>, CoreError> {
        match templates::template_of(letter) {
            Some(template) => self.find_state(letter.box_id, template).await,
            None => Ok(None),
        }
    }

    /// `change` of a letter, behind what happens with it to the template of which the letter was made.
    pub(crate) async fn with_template(&self, change: NewChange) -> Result<Vec<NewChange>, CoreError> {
        let Some(template) = self.template_of(&change.after).await? else { return Ok(vec![change]) };
        let (now, entropy) = (self.clock.now(), &*self.entropy);
        let told = templates::refusal_told(&change.after, &change.event, &template, now, entropy);
        let of_template = told.map(|outcome| NewChange::all(outcome, &HashMap::new(), Vec::new()));
        Ok(of_template.into_iter().flatten().chain([change]).collect())
    }
}
