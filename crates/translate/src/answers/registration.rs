//! `Register`.

use potok_domain::directory::Registration;
use potok_wire::proto::registration::RegistrationResponse;

/// `RegistrationResponse`.
pub fn answer(told: Registration) -> RegistrationResponse {
    RegistrationResponse {
        registration_status: told.status as i32,
        box_id: told.box_id.map(|id| id.to_string()),
        data_to_sign: told.data_to_sign.map(Into::into),
    }
}
