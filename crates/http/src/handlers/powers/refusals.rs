//! What is refused of powers of attorney, as the client is told.

use potok_app::PowersError;
use potok_domain::directory::AttachRefusal;
use potok_domain::powers::RegisterRefusal;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    PowersError {
        NoPower { path: "PowerOfAttorneyPrevalidateRequestV2.FullId", name: sample::power() } => NotFound,
            "Register the power of attorney, and name its issuer.";
        NotAtHand {
            path: "EmployeePowerOfAttorneyToUpdateV2.PowerOfAttorneyFullId", name: sample::power(), user: sample::user()
        } => NotFound,
            "Attach the power of attorney by `AddEmployeePowerOfAttorney`.";
        NoEmployee { user: sample::user(), box_id: sample::box_id() } => NotFound,
            "`GetEmployees` lists the employees.";
        NoFile { number: sample::power().number } => NotFound,
            "Ask who signed for the file.";
        NoTask(sample::task()) => NotFound,
            "Ask in the box in which it was begun, within a day.";
        Busy(sample::message().into()) => Conflict retry 1,
            "Repeat the call.";
    }
    pass Core;
    pass Register;
    pass Attach;
}

refusals! {
    AttachRefusal {
        TooMany { user: sample::user() } => BadRequest,
            "Detach powers of attorney that are not needed.";
        TooManyToday { user: sample::user() } => BadRequest,
            "Come again tomorrow.";
    }
}

refusals! {
    RegisterRefusal {
        NumberTaken(sample::power().number) => Conflict,
            "Issue the power of attorney with a number of its own.";
        RevokedBefore(sample::power().number) => Conflict,
            "Nothing is left to do.";
        Unknown(sample::power().number) => NotFound,
            "Register the power of attorney.";
    }
}
