//! Statements of the address book.

use super::statements;

statements! {
    /// Organizations, departments, people, routes of approval.
    DirectoryStmt {
        /// The organization of a box.
        OrganizationOfBox(box_id)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);
        /// An organization by its id.
        Organization(org_id)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);
        /// Organizations by INN; a KPP of nothing is any. By name, then by id.
        OrganizationsByInn(inn, kpp)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);
        /// Organizations by their taxpayer code abroad, by name, then by id.
        OrganizationsByForeignCode(foreign_code)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);
        /// Of the organizations with an INN the one that was added last.
        NewestOrganizationByInn(inn)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);
        /// An organization by its participant id.
        OrganizationByFnsId(fns_participant_id)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);
        /// All organizations, by name, then by id.
        Organizations()
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);
        /// Adds an organization, or replaces the one with its id.
        PutOrganization(org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only,
            is_test, is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);

        /// The departments of a box, in the order in which they were added.
        Departments(box_id)
            -> (id, parent, name, abbreviation, kpp, address, routed_by_kpp, routed_by_address, created_at);
        /// Adds a department behind the others, or replaces the one with its id.
        PutDepartment(box_id, id, parent, name, abbreviation, kpp, address, routed_by_kpp, routed_by_address, created_at);
        /// Deletes a department.
        DeleteDepartment(box_id, id);
        /// A row when somebody has the department for the own one or among the selected ones.
        DepartmentEmployees(box_id, department) -> (one);
        /// A row when documents lie in the department.
        DepartmentDocuments(box_id, department) -> (one);

        /// A user by id.
        User(id) -> (id, login, last_name, first_name, middle_name, is_service, is_blocked, is_registered);
        /// A user by folded login.
        UserByLogin(login_folded) -> (id, login, last_name, first_name, middle_name, is_service, is_blocked, is_registered);
        /// All users, by folded login.
        Users() -> (id, login, last_name, first_name, middle_name, is_service, is_blocked, is_registered);
        /// Adds a user, or replaces the one with its id, whose password stays if no other one is given.
        PutUser(id, login, login_folded, last_name, first_name, middle_name, is_service, is_blocked, is_registered,
            password_hash);

        /// An employee with the organization.
        Member(box_id, user_id)
            -> (box_id, user_id, position, created_at, department, is_administrator, access, selected_departments,
                can_create_documents, can_sign_documents, can_delete_restore_documents, can_add_resolutions,
                can_request_resolutions, can_manage_counteragents, is_blocked, can_attach_universal_messages,
                can_use_goskey, can_create_payment_orders, block_comment, can_be_invited_for_chat, unsubscribed,
                org_id, its_box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);
        /// The places of a user with their organizations, by box.
        Memberships(user_id)
            -> (box_id, user_id, position, created_at, department, is_administrator, access, selected_departments,
                can_create_documents, can_sign_documents, can_delete_restore_documents, can_add_resolutions,
                can_request_resolutions, can_manage_counteragents, is_blocked, can_attach_universal_messages,
                can_use_goskey, can_create_payment_orders, block_comment, can_be_invited_for_chat, unsubscribed,
                org_id, its_box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts,
                liquidated_on, block_requested_at, sends_nothing);
        /// Adds an employee, or replaces the one of this user and box.
        PutEmployee(box_id, user_id, position, created_at, department, is_administrator, access, selected_departments,
            can_create_documents, can_sign_documents, can_delete_restore_documents, can_add_resolutions,
            can_request_resolutions, can_manage_counteragents, is_blocked, can_attach_universal_messages, can_use_goskey,
            can_create_payment_orders, block_comment, can_be_invited_for_chat, unsubscribed);
        /// Takes an employee out; that there was one stays known.
        DeleteEmployee(box_id, user_id, deleted_at);
        /// A row when the user was an employee once, and is none now.
        WasEmployed(box_id, user_id) -> (one);
        /// A row when somebody besides the user administers the box and is not blocked.
        OtherAdministrator(box_id, user_id) -> (one);
        /// How many employees there are.
        CountStaff(box_id) -> (count);
        /// Employees with their users: those that are not registered first, then by the time since when.
        Staff(box_id, offset, limit)
            -> (box_id, user_id, position, created_at, department, is_administrator, access, selected_departments,
                can_create_documents, can_sign_documents, can_delete_restore_documents, can_add_resolutions,
                can_request_resolutions, can_manage_counteragents, is_blocked, can_attach_universal_messages,
                can_use_goskey, can_create_payment_orders, block_comment, can_be_invited_for_chat, unsubscribed,
                id, login, last_name, first_name, middle_name, is_service, user_is_blocked, is_registered);

        /// Powers of attorney that an employee has at hand, in the order in which they were attached.
        EmployeePowers(box_id, user_id) -> (number, issuer_inn, representative_inn, is_default, attached_at);
        /// Gives an employee a power, or replaces it.
        PutEmployeePower(box_id, user_id, number, issuer_inn, representative_inn, is_default, attached_at);
        /// Takes a power away; that it was there stays known.
        DetachPower(box_id, user_id, number, detached_at);
        /// A row when the employee had the power once, and has it no more.
        HadPower(box_id, user_id, number) -> (one);
        /// How many powers were attached to an employee since a time.
        CountPowersSince(box_id, user_id, since) -> (count);

        /// The stages of all routes of a box, route by route by name, in order.
        RouteStages(box_id) -> (id, route_name, user_id, department_id, name);
        /// Adds a route.
        InsertRoute(box_id, id, name);
        /// Adds a stage of a route.
        InsertRouteStage(box_id, route_id, number, user_id, department_id, name);
        /// Deletes a route.
        DeleteRoute(box_id, id);
        /// Deletes the stages of a route.
        DeleteRouteStages(box_id, route_id);
    }
}
