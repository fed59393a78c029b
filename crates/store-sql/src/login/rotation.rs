//! Refresh tokens: used, and followed by others.

use potok_store::{Rotated, Rotation, Token, TokenKind};

use super::tokens::{put_token, token};
use crate::{Failure, LoginStmt, SqlWrite, args};

/// Uses a refresh token. That it is used shows that its parent has done its work: nobody needs that any more.
pub(super) async fn rotate(sql: &mut impl SqlWrite, it: &Rotation) -> Result<Rotated, Failure> {
    let found = sql.row(LoginStmt::Token, &args![&it.used.0], token).await?;
    let Some(used) = found.filter(|token| token.kind == TokenKind::Refresh) else {
        return Ok(Rotated::Unknown);
    };
    if let Some(at) = used.spent_at {
        return Ok(Rotated::Spent(at));
    }
    let family = used.family.unwrap_or(used.hash);
    sql.execute(LoginStmt::SpendOthers, &args![&family.0, &it.used.0, it.now]).await?;
    put_token(sql, &Token { expires_at: it.used_expires_at, ..used }).await?;
    if let Some(next) = &it.next {
        let others = it.successors.saturating_sub(1);
        sql.execute(LoginStmt::DeleteOldSuccessors, &args![&family.0, &it.used.0, others]).await?;
        put_token(sql, next).await?;
    }
    put_token(sql, &it.access).await?;
    Ok(Rotated::Done)
}
