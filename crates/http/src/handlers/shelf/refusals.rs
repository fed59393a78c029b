//! What the shelf refuses, as the client is told.

use potok_app::ShelfError;

use crate::{ApiError, ErrorCode};

impl From<ShelfError> for ApiError {
    fn from(error: ShelfError) -> Self {
        let code = match error {
            ShelfError::NoFile(_) => ErrorCode::NotFound,
            ShelfError::TooLarge(_) => ErrorCode::BadRequest,
            ShelfError::Core(error) => return error.into(),
        };
        Self::new(code, error.to_string())
    }
}
