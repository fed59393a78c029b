//! Rows of the directory, written with its events.

use potok_domain::RequestTarget;
use potok_domain::directory::{
    Address, Department, DirectoryChange, Employee, Organization, ResolutionRoute, User,
};
use potok_store::stored::encode_address;
use potok_store::{DirectoryRow, TokensOf};
use potok_types::{BoxId, RouteId, UserId};

use super::people::fold_login;
use super::powers;
use crate::login::{add_certificate, revoke};
use crate::{Batch, DirectoryStmt, Failure, LoginStmt, Sql, SqlWrite, args};

/// The first login of `rows` that another user has, or whose certificate another user has.
pub(crate) async fn taken_login(
    sql: &mut impl Sql,
    rows: &[DirectoryRow],
) -> Result<Option<String>, Failure> {
    for row in rows {
        let DirectoryChange::User(user) = &row.change else { continue };
        let folded = fold_login(&user.login);
        let args = args![&folded];
        let owner: Option<UserId> = sql.row(DirectoryStmt::UserByLogin, &args, |row| row.get(0)).await?;
        let mut owners: Vec<UserId> = owner.into_iter().collect();
        if let Some(certificate) = &row.certificate {
            let args = args![&certificate.thumbprint.0];
            owners.extend(sql.row(LoginStmt::Certificate, &args, |row| row.get::<UserId>(2)).await?);
        }
        if owners.iter().any(|owner| *owner != user.id) {
            return Ok(Some(user.login.clone()));
        }
    }
    Ok(None)
}

/// Writes `rows` of the box.
pub(crate) async fn put(
    sql: &mut impl SqlWrite,
    box_id: BoxId,
    rows: &[DirectoryRow],
) -> Result<(), Failure> {
    for DirectoryRow { change, at, password_hash, certificate } in rows {
        match change {
            DirectoryChange::Organization(it) => put_organization(sql, it).await?,
            DirectoryChange::Department(it) => put_department(sql, box_id, it).await?,
            DirectoryChange::NoDepartment(id) => {
                sql.execute(DirectoryStmt::DeleteDepartment, &args![box_id, *id]).await?;
            }
            DirectoryChange::Employee(it) => put_employee(sql, box_id, it).await?,
            DirectoryChange::NoEmployee(user) => {
                sql.execute(DirectoryStmt::DeleteEmployee, &args![box_id, *user, *at]).await?;
            }
            DirectoryChange::Route(it) => put_route(sql, box_id, it).await?,
            DirectoryChange::NoRoute(id) => delete_route(sql, box_id, *id).await?,
            DirectoryChange::Power(it) => powers::put(sql, box_id, it).await?,
            DirectoryChange::NoPower(user, number) => {
                sql.execute(DirectoryStmt::DetachPower, &args![box_id, *user, *number, *at]).await?;
            }
            DirectoryChange::User(it) => {
                put_user(sql, it, password_hash.as_ref()).await?;
                if let Some(certificate) = certificate {
                    add_certificate(sql, certificate).await?;
                }
            }
            DirectoryChange::AccessRequest { .. } => {}
        }
    }
    Ok(())
}

fn stored(address: Option<&Address>) -> Option<Vec<u8>> {
    address.map(encode_address)
}

async fn put_organization(sql: &mut impl SqlWrite, it: &Organization) -> Result<(), Failure> {
    let address = stored(it.address.as_ref());
    let args = args![
        it.org_id,
        it.box_id,
        &it.inn,
        it.kpp.as_ref(),
        &it.full_name,
        &it.short_name,
        it.ogrn.as_ref(),
        &it.fns_participant_id,
        it.counteragents_only,
        it.is_test,
        it.is_suspended,
        it.ifns_code.as_ref(),
        address.as_ref(),
        it.foreign_code.as_ref(),
        it.is_roaming,
        it.encrypts,
        it.restrictions.liquidated_on.as_ref(),
        it.restrictions.block_requested_at,
        it.restrictions.is_blocked,
    ];
    sql.execute(DirectoryStmt::PutOrganization, &args).await.map(drop)
}

async fn put_department(sql: &mut impl SqlWrite, box_id: BoxId, it: &Department) -> Result<(), Failure> {
    let address = stored(it.address.as_ref());
    let args = args![
        box_id,
        it.id,
        it.parent,
        &it.name,
        &it.abbreviation,
        it.kpp.as_ref(),
        address.as_ref(),
        it.routing.by_kpp,
        it.routing.by_address,
        it.created_at,
    ];
    sql.execute(DirectoryStmt::PutDepartment, &args).await.map(drop)
}

async fn put_employee(sql: &mut impl SqlWrite, box_id: BoxId, it: &Employee) -> Result<(), Failure> {
    let may = &it.permissions;
    let selected: Vec<u8> = may.selected_departments.iter().flat_map(|id| *id.as_bytes()).collect();
    let args = args![
        box_id,
        it.user_id,
        &it.position,
        it.created_at,
        may.department,
        may.is_administrator,
        may.access as i32,
        &selected,
        may.can_create_documents,
        may.can_sign_documents,
        may.can_delete_restore_documents,
        may.can_add_resolutions,
        may.can_request_resolutions,
        may.can_manage_counteragents,
        may.is_blocked,
        may.can_attach_universal_messages,
        may.can_use_goskey,
        may.can_create_payment_orders,
        may.block_comment.as_ref(),
        it.can_be_invited_for_chat,
        it.unsubscribed.bits(),
    ];
    sql.execute(DirectoryStmt::PutEmployee, &args).await.map(drop)
}

/// A user who is shut out loses all tokens with it.
async fn put_user(sql: &mut impl SqlWrite, it: &User, password_hash: Option<&String>) -> Result<(), Failure> {
    let folded = fold_login(&it.login);
    let args = args![
        it.id,
        &it.login,
        &folded,
        &it.last_name,
        &it.first_name,
        it.middle_name.as_ref(),
        it.is_service,
        it.is_blocked,
        it.is_registered,
        password_hash,
    ];
    sql.execute(DirectoryStmt::PutUser, &args).await?;
    if it.is_blocked {
        revoke(sql, &TokensOf::User(it.id)).await?;
    }
    Ok(())
}

async fn put_route(sql: &mut impl SqlWrite, box_id: BoxId, route: &ResolutionRoute) -> Result<(), Failure> {
    delete_route(sql, box_id, route.id).await?;
    sql.execute(DirectoryStmt::InsertRoute, &args![box_id, route.id, &route.name]).await?;
    let stages: Batch<'_> = route
        .stages
        .iter()
        .enumerate()
        .map(|(number, stage)| {
            let (user, department, name) = match stage {
                RequestTarget::User { id, name } => (Some(*id), None, name),
                RequestTarget::Department { id, name } => (None, Some(*id), name),
            };
            args![box_id, route.id, number, user, department, name]
        })
        .collect();
    sql.execute_each(DirectoryStmt::InsertRouteStage, &stages).await
}

async fn delete_route(sql: &mut impl SqlWrite, box_id: BoxId, route: RouteId) -> Result<(), Failure> {
    let args = args![box_id, route];
    sql.execute(DirectoryStmt::DeleteRouteStages, &args).await?;
    sql.execute(DirectoryStmt::DeleteRoute, &args).await.map(drop)
}
