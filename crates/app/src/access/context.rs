//! What the rules of the exchange want to know of whoever acts.

use std::collections::BTreeMap;

use potok_domain::Verdict;
use potok_domain::decide::Context;
use potok_types::ContentHash;

use super::Actor;
use crate::core::Core;

/// Of most commands no signature is checked before.
static NOTHING_CHECKED: BTreeMap<ContentHash, Verdict> = BTreeMap::new();

impl Actor {
    /// What a decision needs to know besides the command. `author_name` is the user's, and lives outside.
    pub(crate) fn context<'a>(&'a self, core: &'a Core, author_name: &'a str) -> Context<'a> {
        Context {
            now: core.clock.now(),
            entropy: &*core.entropy,
            author: self.user.id,
            author_name,
            organization: &self.organization,
            permissions: &self.employee.permissions,
            checked: &NOTHING_CHECKED,
        }
    }
}
