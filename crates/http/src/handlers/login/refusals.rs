//! Why nobody is logged in, as the client is told. `/connect/token` has an answer of its own form.

use potok_app::LoginError;

use crate::{ApiError, ErrorCode};

impl From<LoginError> for ApiError {
    fn from(error: LoginError) -> Self {
        let code = match error {
            LoginError::WrongPassword => ErrorCode::Auth,
            LoginError::BadCertificate(_) | LoginError::BadChallenge => ErrorCode::BadRequest,
            LoginError::UnknownCertificate(_) | LoginError::CertificateRefused { .. } => ErrorCode::Forbidden,
            LoginError::Core(error) => return error.into(),
        };
        Self::new(code, error.to_string())
    }
}
