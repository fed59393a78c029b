//! Employees of an organization.

use potok_types::access::{Administers, AdministersOrSelf, BoxEmployee};
use potok_types::{BoxId, UserId};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery, PageQuery};
use crate::params::queries;
use crate::spec::dates::R1_ASSUMED;
use crate::{Empty, Example};

queries! {
    /// A call about one employee.
    EmployeeQuery {
        /// The box.
        box_id: BoxId = "boxId",
        /// The user.
        user_id: UserId = "userId";
    }

    /// The query of `GetEmployeePowersOfAttorney`.
    GetEmployeePowersOfAttorneyQuery {
        /// The box.
        box_id: BoxId = "boxId";
        /// The user; the caller when absent.
        user_id: Option<UserId> = "userId",
        /// Leave out expired and revoked ones; false when absent.
        only_actual: Option<bool> = "onlyActual",
    }

    /// A call about an employee's power of attorney named in the body.
    EmployeePowerOfAttorneyQuery {
        /// The box.
        box_id: BoxId = "boxId";
        /// The user; the caller when absent.
        user_id: Option<UserId> = "userId",
    }

    /// A call about an employee's power of attorney.
    EmployeePowerOfAttorneyV1Query {
        /// The box.
        box_id: BoxId = "boxId",
        /// Registration number of the power of attorney.
        registration_number: String = "registrationNumber",
        /// Taxpayer number of who issued it.
        issuer_inn: String = "issuerInn";
        /// The user; the caller when absent.
        user_id: Option<UserId> = "userId",
    }
}

endpoints! {
    $ Employees for_each_employees_endpoint;

    /// One employee.
    GetEmployee get_employee = "GetEmployee" 1, Get "/GetEmployee",
    EmployeeQuery, Empty => proto::employees::Employee {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&userId={user}")),
    }

    /// A page of the employees.
    GetEmployees get_employees = "GetEmployees" 1, Get "/GetEmployees",
    PageQuery, Empty => proto::employees::EmployeeList {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}")),
    }

    /// Adds an employee.
    CreateEmployee create_employee = "CreateEmployee" 1, Post "/CreateEmployee",
    BoxQuery, proto::employees::EmployeeToCreate => proto::employees::Employee {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}",
            r#"{"Credentials":{"Login":{"Login":"new@walk"}},"CanBeInvitedForChat":false,"Permissions":{"UserDepartmentId":"{department}","IsAdministrator":false,"DocumentAccessLevel":"DepartmentOnly"}}"#,
        )),
    }

    /// Changes an employee.
    UpdateEmployee update_employee = "UpdateEmployee" 1, Post "/UpdateEmployee",
    EmployeeQuery, proto::employees::EmployeeToUpdate => proto::employees::Employee {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new("boxId={box}&userId={user}", r#"{"Position":{"Position":"Кладовщик"}}"#)),
    }

    /// Removes an employee.
    DeleteEmployee delete_employee = "DeleteEmployee" 1, Post "/DeleteEmployee",
    EmployeeQuery, Empty => Empty {
        access: Administers<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 429, 500],
        example: Some(Example::query("boxId={box}&userId={leaver}")),
    }

    /// Which notifications an employee gets.
    GetSubscriptions get_subscriptions = "GetSubscriptions" 1, Get "/GetSubscriptions",
    EmployeeQuery, Empty => proto::employees::subscriptions::EmployeeSubscriptions {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&userId={user}")),
    }

    /// Changes which notifications an employee gets.
    UpdateSubscriptions update_subscriptions = "UpdateSubscriptions" 1, Post "/UpdateSubscriptions",
    EmployeeQuery, proto::employees::subscriptions::SubscriptionsToUpdate
    => proto::employees::subscriptions::EmployeeSubscriptions {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}&userId={user}",
            r#"{"Subscriptions":[{"Id":"News","IsSubscribed":false}]}"#,
        )),
    }

    /// Powers of attorney of an employee.
    GetEmployeePowersOfAttorney get_employee_powers_of_attorney =
        "GetEmployeePowersOfAttorney" 1, Get "/GetEmployeePowersOfAttorney",
    GetEmployeePowersOfAttorneyQuery, Empty
    => proto::employees::powers_of_attorney::EmployeePowerOfAttorneyList {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&userId={user}")),
    }

    /// Attaches a power of attorney to an employee.
    AddEmployeePowerOfAttorneyV2 add_employee_power_of_attorney_v2 =
        "AddEmployeePowerOfAttorney" 2, Post "/V2/AddEmployeePowerOfAttorney",
    EmployeePowerOfAttorneyQuery, proto::powers_of_attorney::PowerOfAttorneyFullId
    => proto::employees::powers_of_attorney::EmployeePowerOfAttorney {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: Some(Example::new("boxId={box}&userId={user}", r#"{"RegistrationNumber":"{power}","IssuerInn":"{issuer}"}"#)),
    }

    /// Makes a power of attorney of an employee the default one, or not.
    UpdateEmployeePowerOfAttorneyV2 update_employee_power_of_attorney_v2 =
        "UpdateEmployeePowerOfAttorney" 2, Post "/V2/UpdateEmployeePowerOfAttorney",
    EmployeePowerOfAttorneyQuery, proto::employees::powers_of_attorney::EmployeePowerOfAttorneyToUpdateV2
    => proto::employees::powers_of_attorney::EmployeePowerOfAttorney {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}&userId={user}",
            r#"{"PowerOfAttorneyFullId":{"RegistrationNumber":"{attached}","IssuerInn":"{handed_on_by}"}}"#,
        )),
    }

    /// Detaches a power of attorney from an employee.
    DeleteEmployeePowerOfAttorneyV2 delete_employee_power_of_attorney_v2 =
        "DeleteEmployeePowerOfAttorney" 2, Post "/V2/DeleteEmployeePowerOfAttorney",
    EmployeePowerOfAttorneyQuery, proto::powers_of_attorney::PowerOfAttorneyFullId => Empty {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: Some(Example::new("boxId={box}&userId={user}", r#"{"RegistrationNumber":"{power}","IssuerInn":"{issuer}"}"#)),
    }

    /// Attaches a power of attorney to an employee.
    AddEmployeePowerOfAttorney add_employee_power_of_attorney =
        "AddEmployeePowerOfAttorney" 1, Post "/AddEmployeePowerOfAttorney",
    EmployeePowerOfAttorneyV1Query, Empty => proto::employees::powers_of_attorney::EmployeePowerOfAttorney {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query("boxId={box}&userId={user}&registrationNumber={power}&issuerInn={issuer}")),
    }

    /// Makes a power of attorney of an employee the default one, or not.
    UpdateEmployeePowerOfAttorney update_employee_power_of_attorney =
        "UpdateEmployeePowerOfAttorney" 1, Post "/UpdateEmployeePowerOfAttorney",
    EmployeePowerOfAttorneyV1Query, proto::employees::powers_of_attorney::EmployeePowerOfAttorneyToUpdate
    => proto::employees::powers_of_attorney::EmployeePowerOfAttorney {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::new(
            "boxId={box}&userId={user}&registrationNumber={attached}&issuerInn={handed_on_by}",
            r#"{"IsDefaultPatch":{"IsDefault":true}}"#,
        )),
    }

    /// Detaches a power of attorney from an employee.
    DeleteEmployeePowerOfAttorney delete_employee_power_of_attorney =
        "DeleteEmployeePowerOfAttorney" 1, Post "/DeleteEmployeePowerOfAttorney",
    EmployeePowerOfAttorneyV1Query, Empty => Empty {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query("boxId={box}&userId={user}&registrationNumber={power}&issuerInn={issuer}")),
    }
}
