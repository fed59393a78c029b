//! What is not told of organizations and people, as the client is told.

use potok_app::PeopleError;

use crate::{ApiError, ErrorCode};

impl From<PeopleError> for ApiError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::NoOrganization(_) | PeopleError::SeveralOrganizations { .. } => {
                Self::new(ErrorCode::NotFound, error.to_string())
            }
            PeopleError::Core(error) => error.into(),
        }
    }
}
