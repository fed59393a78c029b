//! What is not told of organizations and people, as the client is told.

use potok_app::PeopleError;
#[cfg(test)]
use potok_domain::directory::DepartmentInUse;
use potok_domain::directory::DirectoryConflict;

use crate::refusals::refusals;
#[cfg(test)]
use crate::refusals::sample;

refusals! {
    PeopleError {
        NoOrganization { query: potok_app::OrganizationQuery::Org(sample::organization()) } => @NoOrganization,
            "Mend what names the organization.";
        NotOneOrganization { inn: "7701000010".to_owned(), kpp: None } => @NotOneOrganization,
            "Name the KPP too, or mend what names the organization.";
        UnknownBox(sample::box_id()) => @UnknownBox,
            "Take the id from an answer of the API.";
        NoEmployee { user: sample::user(), box_id: sample::box_id() } => NotFound,
            "`GetEmployees` lists the employees.";
        NothingToConfirm("AB01".to_owned()) => Conflict,
            "Go on with `Register`.";
        CertificateOfOther("AB01".to_owned()) => Forbidden,
            "Log in by the certificate, or ask the administrator of the server.";
        TooManyRegistrations { attempts: 3 } => Conflict,
            "Try again tomorrow, or call with `autoRegister=false`.";
        LoginStays("user@romashka.example".to_owned()) => MethodNotAllowed,
            "Leave `Login` out.";
        NotOwnCertificate("AB01".to_owned()) => Forbidden,
            "Name a certificate of your own, or ask an administrator of the organization.";
        NoSigner { thumbprint: "AB01".to_owned(), title: 0 } => NotFound,
            "Say it by a `POST` to the same path.";
        NotForInvoices { thumbprint: "AB01".to_owned(), box_id: sample::box_id() } => Forbidden,
            "Register it with `SendFnsRegistrationMessage`.";
        TestInvoices(sample::box_id()) => Conflict,
            "Use a real organization.";
        NoRequisites { box_id: sample::box_id(), missing: "Ogrn".to_owned() } => Conflict,
            "Write them with `UpdateOrganizationProperties`.";
        NoParticipantId(sample::box_id()) => Conflict,
            "Let the administrator of the server give the organization one.";
        NoParticipant("2AE-7701000010".to_owned()) => Conflict,
            "Look for the organization by `SearchFnsParticipants`, or let the administrator of the server tell of it.";
    }
    pass Conflict;
    pass Core;
}

refusals! {
    DirectoryConflict {
        HeadDepartment => Conflict,
            "Change the organization itself, or name another department.";
        Circle { department: sample::department(), parent: sample::department() } => Conflict,
            "Name a parent that does not lie below the department.";
        DepartmentInUse { department: sample::department(), by: DepartmentInUse::Employees } => Conflict,
            "Empty the department first.";
        LastAdministrator { user: sample::user() } => Conflict,
            "Make somebody else an administrator first.";
        AlreadyEmployed { user: sample::user(), box_id: sample::box_id() } => Conflict,
            "Change the employee with `UpdateEmployee`.";
    }
}
