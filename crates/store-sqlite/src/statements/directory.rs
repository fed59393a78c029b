//! The address book.

use potok_store_sql::DirectoryStmt;

macro_rules! organizations {
    ($rest:literal) => {
        concat!(
            "SELECT org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                    is_suspended, ifns_code, address, foreign_code, is_roaming, encrypts, liquidated_on,
                    block_requested_at, sends_nothing
             FROM organizations ",
            $rest
        )
    };
}

macro_rules! employees {
    ($rest:literal) => {
        concat!(
            "SELECT e.box_id, e.user_id, e.position, e.created_at, e.department, e.is_administrator, e.access,
                    e.selected_departments, e.can_create_documents, e.can_sign_documents,
                    e.can_delete_restore_documents, e.can_add_resolutions, e.can_request_resolutions,
                    e.can_manage_counteragents, e.is_blocked, e.can_attach_universal_messages, e.can_use_goskey,
                    e.can_create_payment_orders, e.block_comment, e.can_be_invited_for_chat, e.unsubscribed, ",
            $rest
        )
    };
}

macro_rules! members {
    ($rest:literal) => {
        concat!(
            employees!(
                "o.org_id, o.box_id, o.inn, o.kpp, o.full_name, o.short_name, o.ogrn, o.fns_participant_id,
                 o.counteragents_only, o.is_test, o.is_suspended, o.ifns_code, o.address, o.foreign_code,
                 o.is_roaming, o.encrypts, o.liquidated_on, o.block_requested_at, o.sends_nothing
                 FROM employees e JOIN organizations o ON o.box_id = e.box_id "
            ),
            $rest
        )
    };
}

macro_rules! users {
    ($rest:literal) => {
        concat!(
            "SELECT id, login, last_name, first_name, middle_name, is_service, is_blocked, is_registered FROM users ",
            $rest
        )
    };
}

pub(super) const fn text(stmt: DirectoryStmt) -> &'static str {
    match stmt {
        DirectoryStmt::OrganizationOfBox => organizations!("WHERE box_id = ?1"),
        DirectoryStmt::Organization => organizations!("WHERE org_id = ?1"),
        DirectoryStmt::OrganizationsByInn => {
            organizations!("WHERE inn = ?1 AND (?2 IS NULL OR kpp = ?2) ORDER BY short_name, org_id")
        }
        DirectoryStmt::OrganizationsByForeignCode => {
            organizations!("WHERE foreign_code = ?1 ORDER BY short_name, org_id")
        }
        DirectoryStmt::NewestOrganizationByInn => {
            organizations!("WHERE rowid = (SELECT max(rowid) FROM organizations WHERE inn = ?1)")
        }
        DirectoryStmt::OrganizationByFnsId => organizations!("WHERE fns_participant_id = ?1"),
        DirectoryStmt::Organizations => organizations!("ORDER BY short_name, org_id"),
        DirectoryStmt::PutOrganization => {
            "INSERT INTO organizations (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id,
                                        counteragents_only, is_test, is_suspended, ifns_code, address,
                                        foreign_code, is_roaming, encrypts, liquidated_on, block_requested_at,
                                        sends_nothing)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
             ON CONFLICT (org_id) DO UPDATE SET
                 box_id = excluded.box_id, inn = excluded.inn, kpp = excluded.kpp, full_name = excluded.full_name,
                 short_name = excluded.short_name, ogrn = excluded.ogrn,
                 fns_participant_id = excluded.fns_participant_id,
                 counteragents_only = excluded.counteragents_only, is_test = excluded.is_test,
                 is_suspended = excluded.is_suspended, ifns_code = excluded.ifns_code,
                 address = excluded.address, foreign_code = excluded.foreign_code,
                 is_roaming = excluded.is_roaming, encrypts = excluded.encrypts,
                 liquidated_on = excluded.liquidated_on, block_requested_at = excluded.block_requested_at,
                 sends_nothing = excluded.sends_nothing"
        }

        DirectoryStmt::Departments => {
            "SELECT id, parent, name, abbreviation, kpp, address, routed_by_kpp, routed_by_address, created_at
             FROM departments WHERE box_id = ?1 ORDER BY number"
        }
        DirectoryStmt::PutDepartment => {
            "INSERT INTO departments (box_id, id, number, parent, name, abbreviation, kpp, address, routed_by_kpp,
                                      routed_by_address, created_at)
             VALUES (?1, ?2, (SELECT coalesce(max(number) + 1, 0) FROM departments WHERE box_id = ?1), ?3, ?4, ?5, ?6,
                     ?7, ?8, ?9, ?10)
             ON CONFLICT (box_id, id) DO UPDATE SET
                 parent = excluded.parent, name = excluded.name, abbreviation = excluded.abbreviation,
                 kpp = excluded.kpp, address = excluded.address, routed_by_kpp = excluded.routed_by_kpp,
                 routed_by_address = excluded.routed_by_address, created_at = excluded.created_at"
        }
        DirectoryStmt::DeleteDepartment => "DELETE FROM departments WHERE box_id = ?1 AND id = ?2",
        DirectoryStmt::DepartmentEmployees => {
            "SELECT 1 FROM employees
             WHERE box_id = ?1 AND deleted_at IS NULL AND (department = ?2 OR instr(selected_departments, ?2) > 0)
             LIMIT 1"
        }
        DirectoryStmt::DepartmentDocuments => {
            "SELECT 1 FROM document_profiles p
             WHERE p.box_id = ?1 AND p.department = ?2
               AND EXISTS (SELECT 1 FROM documents d WHERE d.box_id = ?1 AND d.profile = p.profile)
             LIMIT 1"
        }

        DirectoryStmt::User => users!("WHERE id = ?1"),
        DirectoryStmt::UserByLogin => users!("WHERE login_folded = ?1"),
        DirectoryStmt::Users => users!("ORDER BY login_folded"),
        DirectoryStmt::PutUser => {
            "INSERT INTO users (id, login, login_folded, last_name, first_name, middle_name, is_service,
                                is_blocked, is_registered, password_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET
                 login = excluded.login, login_folded = excluded.login_folded, last_name = excluded.last_name,
                 first_name = excluded.first_name, middle_name = excluded.middle_name,
                 is_service = excluded.is_service, is_blocked = excluded.is_blocked,
                 is_registered = excluded.is_registered,
                 password_hash = coalesce(excluded.password_hash, password_hash)"
        }

        DirectoryStmt::Member => members!("WHERE e.box_id = ?1 AND e.user_id = ?2 AND e.deleted_at IS NULL"),
        DirectoryStmt::Memberships => {
            members!("WHERE e.user_id = ?1 AND e.deleted_at IS NULL ORDER BY e.box_id")
        }
        DirectoryStmt::PutEmployee => {
            "INSERT OR REPLACE INTO employees (box_id, user_id, position, created_at, department, is_administrator,
                 access, selected_departments, can_create_documents, can_sign_documents, can_delete_restore_documents,
                 can_add_resolutions, can_request_resolutions, can_manage_counteragents, is_blocked,
                 can_attach_universal_messages, can_use_goskey, can_create_payment_orders, block_comment,
                 can_be_invited_for_chat, unsubscribed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"
        }
        DirectoryStmt::DeleteEmployee => {
            "UPDATE employees SET deleted_at = ?3 WHERE box_id = ?1 AND user_id = ?2"
        }
        DirectoryStmt::WasEmployed => {
            "SELECT 1 FROM employees WHERE box_id = ?1 AND user_id = ?2 AND deleted_at IS NOT NULL"
        }
        DirectoryStmt::OtherAdministrator => {
            "SELECT 1 FROM employees e JOIN users u ON u.id = e.user_id
             WHERE e.box_id = ?1 AND e.user_id <> ?2 AND e.deleted_at IS NULL AND e.is_administrator
               AND NOT e.is_blocked AND NOT u.is_blocked
             LIMIT 1"
        }
        DirectoryStmt::CountStaff => {
            "SELECT count(*) FROM employees e JOIN users u ON u.id = e.user_id
             WHERE e.box_id = ?1 AND e.deleted_at IS NULL"
        }
        // Pages have numbers, so the way to one leads past those before it: what is put in order is what orders alone, and rows
        // are read of the page only. The last page costs what the first one does.
        DirectoryStmt::Staff => employees!(
            "u.id, u.login, u.last_name, u.first_name, u.middle_name, u.is_service, u.is_blocked, u.is_registered
             FROM (SELECT by_time.user_id, by_time.created_at, of_it.is_registered
                   FROM employees by_time JOIN users of_it ON of_it.id = by_time.user_id
                   WHERE by_time.box_id = ?1 AND by_time.deleted_at IS NULL
                   ORDER BY of_it.is_registered, by_time.created_at, by_time.user_id LIMIT ?3 OFFSET ?2) page
             CROSS JOIN employees e ON e.box_id = ?1 AND e.user_id = page.user_id
             JOIN users u ON u.id = page.user_id
             ORDER BY page.is_registered, page.created_at, page.user_id"
        ),

        DirectoryStmt::EmployeePowers => {
            "SELECT number, issuer_inn, representative_inn, is_default, attached_at FROM employee_powers
             WHERE box_id = ?1 AND user_id = ?2 AND detached_at IS NULL ORDER BY attached_at, number"
        }
        DirectoryStmt::PutEmployeePower => {
            "INSERT OR REPLACE INTO employee_powers (box_id, user_id, number, issuer_inn, representative_inn, is_default,
                                                     attached_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        }
        DirectoryStmt::DetachPower => {
            "UPDATE employee_powers SET detached_at = ?4, is_default = 0 WHERE box_id = ?1 AND user_id = ?2 AND number = ?3"
        }
        DirectoryStmt::HadPower => {
            "SELECT 1 FROM employee_powers
             WHERE box_id = ?1 AND user_id = ?2 AND number = ?3 AND detached_at IS NOT NULL"
        }
        DirectoryStmt::CountPowersSince => {
            "SELECT count(*) FROM employee_powers WHERE box_id = ?1 AND user_id = ?2 AND attached_at >= ?3"
        }

        DirectoryStmt::RouteStages => {
            "SELECT r.id, r.name, s.user_id, s.department_id, s.name
             FROM resolution_routes r
             JOIN resolution_route_stages s ON s.box_id = r.box_id AND s.route_id = r.id
             WHERE r.box_id = ?1
             ORDER BY r.name, r.id, s.number"
        }
        DirectoryStmt::InsertRoute => "INSERT INTO resolution_routes (box_id, id, name) VALUES (?1, ?2, ?3)",
        DirectoryStmt::InsertRouteStage => {
            "INSERT INTO resolution_route_stages (box_id, route_id, number, user_id, department_id, name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        }
        DirectoryStmt::DeleteRoute => "DELETE FROM resolution_routes WHERE box_id = ?1 AND id = ?2",
        DirectoryStmt::DeleteRouteStages => {
            "DELETE FROM resolution_route_stages WHERE box_id = ?1 AND route_id = ?2"
        }
    }
}
