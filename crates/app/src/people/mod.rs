//! Who takes part: organizations, their boxes, their people, their routes of approval.

mod error;
mod organizations;
mod routes;

use std::sync::Arc;

pub use error::PeopleError;
pub use organizations::OrganizationQuery;

use crate::core::Core;

/// Who takes part.
pub struct People {
    pub(crate) core: Arc<Core>,
}
