//! `UpdateMyUser`.

use potok_domain::directory::{PersonName, UserPatch};
use potok_wire::proto::users::UserToUpdate;

/// What to change of the user. A part without a value changes nothing.
pub fn patch(body: UserToUpdate) -> UserPatch {
    let name = body.full_name.and_then(|patch| patch.full_name);
    UserPatch {
        login: body.login.and_then(|patch| patch.login).filter(|login| !login.trim().is_empty()),
        name: name.map(|name| PersonName {
            last: name.last_name,
            first: name.first_name,
            middle: name.middle_name,
        }),
    }
}
