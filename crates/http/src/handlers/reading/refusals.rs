//! What is not shown, as the client is told.

use potok_app::ReadingError;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    ReadingError {
        DepartmentDenied(sample::department()) => Forbidden,
            "Name a department that the employee sees.";
        Template(sample::message()) => Conflict,
            "Call `GetMessage` V5 or V6.";
    }
    pass Core;
}
