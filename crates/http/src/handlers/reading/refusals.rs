//! What is not shown, as the client is told.

use potok_app::ReadingError;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    ReadingError {
        DepartmentDenied(sample::department()) => Forbidden,
            "Name a department that the employee sees.";
    }
    pass Core;
}
