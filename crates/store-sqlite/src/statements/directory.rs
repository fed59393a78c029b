//! The address book.

use potok_store_sql::DirectoryStmt;

macro_rules! organizations {
    ($rest:literal) => {
        concat!(
            "SELECT org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id, counteragents_only, is_test,
                    is_suspended
             FROM organizations ",
            $rest
        )
    };
}

macro_rules! members {
    ($rest:literal) => {
        concat!(
            "SELECT e.box_id, e.user_id, e.position, e.created_at, e.department, e.is_administrator, e.access,
                    e.selected_departments, e.can_create_documents, e.can_sign_documents,
                    e.can_delete_restore_documents, e.can_add_resolutions, e.can_request_resolutions,
                    e.can_manage_counteragents, e.is_blocked, e.can_attach_universal_messages,
                    o.org_id, o.box_id, o.inn, o.kpp, o.full_name, o.short_name, o.ogrn, o.fns_participant_id,
                    o.counteragents_only, o.is_test, o.is_suspended
             FROM employees e JOIN organizations o ON o.box_id = e.box_id ",
            $rest
        )
    };
}

macro_rules! users {
    ($rest:literal) => {
        concat!(
            "SELECT id, login, last_name, first_name, middle_name, is_service, is_blocked FROM users ",
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
        DirectoryStmt::OrganizationByFnsId => organizations!("WHERE fns_participant_id = ?1"),
        DirectoryStmt::Organizations => organizations!("ORDER BY short_name, org_id"),
        DirectoryStmt::PutOrganization => {
            "INSERT INTO organizations (org_id, box_id, inn, kpp, full_name, short_name, ogrn, fns_participant_id,
                                        counteragents_only, is_test, is_suspended)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (org_id) DO UPDATE SET
                 box_id = excluded.box_id, inn = excluded.inn, kpp = excluded.kpp, full_name = excluded.full_name,
                 short_name = excluded.short_name, ogrn = excluded.ogrn,
                 fns_participant_id = excluded.fns_participant_id,
                 counteragents_only = excluded.counteragents_only, is_test = excluded.is_test,
                 is_suspended = excluded.is_suspended"
        }
        DirectoryStmt::SetSuspended => "UPDATE organizations SET is_suspended = ?2 WHERE box_id = ?1",

        DirectoryStmt::Departments => {
            "SELECT id, parent, name, abbreviation, kpp FROM departments WHERE box_id = ?1 ORDER BY number"
        }
        DirectoryStmt::PutDepartment => {
            "INSERT INTO departments (box_id, id, number, parent, name, abbreviation, kpp)
             VALUES (?1, ?2, (SELECT count(*) FROM departments WHERE box_id = ?1), ?3, ?4, ?5, ?6)
             ON CONFLICT (box_id, id) DO UPDATE SET
                 parent = excluded.parent, name = excluded.name, abbreviation = excluded.abbreviation,
                 kpp = excluded.kpp"
        }
        DirectoryStmt::DeleteDepartments => "DELETE FROM departments WHERE box_id = ?1",

        DirectoryStmt::User => users!("WHERE id = ?1"),
        DirectoryStmt::UserByLogin => users!("WHERE login_folded = ?1"),
        DirectoryStmt::Users => users!("ORDER BY login_folded"),
        DirectoryStmt::PutUser => {
            "INSERT INTO users (id, login, login_folded, last_name, first_name, middle_name, is_service,
                                is_blocked, password_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (id) DO UPDATE SET
                 login = excluded.login, login_folded = excluded.login_folded, last_name = excluded.last_name,
                 first_name = excluded.first_name, middle_name = excluded.middle_name,
                 is_service = excluded.is_service, is_blocked = excluded.is_blocked,
                 password_hash = excluded.password_hash"
        }
        DirectoryStmt::SetUserBlocked => "UPDATE users SET is_blocked = ?2 WHERE id = ?1",

        DirectoryStmt::Member => members!("WHERE e.box_id = ?1 AND e.user_id = ?2"),
        DirectoryStmt::Memberships => members!("WHERE e.user_id = ?1 ORDER BY e.box_id"),
        DirectoryStmt::PutEmployee => {
            "INSERT OR REPLACE INTO employees (box_id, user_id, position, created_at, department, is_administrator,
                 access, selected_departments, can_create_documents, can_sign_documents, can_delete_restore_documents,
                 can_add_resolutions, can_request_resolutions, can_manage_counteragents, is_blocked,
                 can_attach_universal_messages)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
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
