//! Statements of the address book.

use super::statements;

statements! {
    /// Organizations, departments, people, routes of approval.
    DirectoryStmt {
        /// The organization of a box.
        OrganizationOfBox(box_id)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended);
        /// An organization by its id.
        Organization(org_id)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended);
        /// Organizations by INN; a KPP of nothing is any. By name, then by id.
        OrganizationsByInn(inn, kpp)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended);
        /// An organization by its participant id.
        OrganizationByFnsId(fns_participant_id)
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended);
        /// All organizations, by name, then by id.
        Organizations()
            -> (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                is_suspended);
        /// Adds an organization, or replaces the one with its id.
        PutOrganization(org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only,
            is_test, is_suspended);
        /// Suspends a box or frees it.
        SetSuspended(box_id, is_suspended);

        /// The departments of a box, in the order in which they were added.
        Departments(box_id) -> (id, parent, name, abbreviation, kpp);
        /// Adds a department behind the others, or replaces the one with its id.
        PutDepartment(box_id, id, parent, name, abbreviation, kpp);
        /// Deletes all departments of a box.
        DeleteDepartments(box_id);

        /// A user by id.
        User(id) -> (id, login, last_name, first_name, middle_name, is_service, is_blocked);
        /// A user by folded login.
        UserByLogin(login_folded) -> (id, login, last_name, first_name, middle_name, is_service, is_blocked);
        /// All users, by folded login.
        Users() -> (id, login, last_name, first_name, middle_name, is_service, is_blocked);
        /// Adds a user, or replaces the one with its id.
        PutUser(id, login, login_folded, last_name, first_name, middle_name, is_service, is_blocked, password_hash);
        /// Blocks a user, or lets it in again.
        SetUserBlocked(id, is_blocked);

        /// An employee with the organization.
        Member(box_id, user_id)
            -> (box_id, user_id, position, created_at, department, is_administrator, access, selected_departments,
                can_create_documents, can_sign_documents, can_delete_restore_documents, can_add_resolutions,
                can_request_resolutions, can_manage_counteragents, is_blocked, can_attach_universal_messages, org_id, its_box_id, inn, kpp,
                full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test, is_suspended);
        /// The places of a user with their organizations, by box.
        Memberships(user_id)
            -> (box_id, user_id, position, created_at, department, is_administrator, access, selected_departments,
                can_create_documents, can_sign_documents, can_delete_restore_documents, can_add_resolutions,
                can_request_resolutions, can_manage_counteragents, is_blocked, can_attach_universal_messages, org_id, its_box_id, inn, kpp,
                full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test, is_suspended);
        /// Adds an employee, or replaces the one of this user and box.
        PutEmployee(box_id, user_id, position, created_at, department, is_administrator, access, selected_departments,
            can_create_documents, can_sign_documents, can_delete_restore_documents, can_add_resolutions,
            can_request_resolutions, can_manage_counteragents, is_blocked, can_attach_universal_messages);

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
