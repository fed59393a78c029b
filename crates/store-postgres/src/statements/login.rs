//! Clients, passwords, tokens, certificates, challenges.

use potok_store_sql::LoginStmt;

macro_rules! clients {
    ($rest:literal) => {
        concat!("SELECT id, name, secret_hash, is_blocked, service_user, is_partner FROM api_clients ", $rest)
    };
}

macro_rules! tokens {
    ($rest:literal) => {
        concat!(
            "SELECT hash, kind, client_id, user_id, scope, certificate, issued_at, expires_at, family, parent, spent_at
             FROM tokens ",
            $rest
        )
    };
}

macro_rules! certificates {
    ($rest:literal) => {
        concat!("SELECT thumbprint, der, user_id, added_at FROM user_certificates ", $rest)
    };
}

pub(super) const fn text(stmt: LoginStmt) -> &'static str {
    match stmt {
        LoginStmt::Client => clients!("WHERE id = $1"),
        LoginStmt::Clients => clients!("ORDER BY id"),
        LoginStmt::PutClient => {
            "INSERT INTO api_clients (id, name, secret_hash, is_blocked, service_user, is_partner)
             VALUES ($1, $2, $3, $4 <> 0, $5, $6 <> 0)
             ON CONFLICT (id) DO UPDATE SET
                 name = excluded.name, secret_hash = excluded.secret_hash, is_blocked = excluded.is_blocked,
                 service_user = excluded.service_user, is_partner = excluded.is_partner"
        }
        LoginStmt::SetClientBlocked => "UPDATE api_clients SET is_blocked = ($2 <> 0) WHERE id = $1",
        LoginStmt::SetClientPartner => "UPDATE api_clients SET is_partner = ($2 <> 0) WHERE id = $1",
        LoginStmt::SetClientSecret => "UPDATE api_clients SET secret_hash = $2 WHERE id = $1",

        LoginStmt::Password => "SELECT id, password_hash FROM users WHERE login_folded = $1",
        LoginStmt::Proofs => {
            "SELECT u.password_hash, c.secret_hash FROM users u LEFT JOIN api_clients c ON c.id = $2
             WHERE u.id = $1 AND NOT u.is_blocked AND (NOT c.is_blocked OR $2 = '')
             FOR SHARE OF u"
        }
        LoginStmt::SetPassword => "UPDATE users SET password_hash = $2 WHERE id = $1",

        LoginStmt::Token => tokens!("WHERE hash = $1"),
        LoginStmt::Tokens => tokens!("ORDER BY user_id, client_id, issued_at, hash"),
        LoginStmt::TokensOfUser => {
            tokens!("WHERE user_id = $1 ORDER BY user_id, client_id, issued_at, hash")
        }
        LoginStmt::TokensOfClient => {
            tokens!("WHERE client_id = $1 ORDER BY user_id, client_id, issued_at, hash")
        }
        LoginStmt::TokensOfFamily => {
            tokens!("WHERE family = $1 ORDER BY user_id, client_id, issued_at, hash")
        }
        LoginStmt::Session => {
            "SELECT t.hash, t.kind, t.client_id, t.user_id, t.scope, t.certificate, t.issued_at, t.expires_at,
                    t.family, t.parent, t.spent_at,
                    c.id, c.name, c.secret_hash, c.is_blocked, c.service_user, c.is_partner,
                    u.id, u.login, u.last_name, u.first_name, u.middle_name, u.is_service, u.is_blocked, u.is_registered
             FROM tokens t LEFT JOIN api_clients c ON c.id = t.client_id LEFT JOIN users u ON u.id = t.user_id
             WHERE t.hash = $1"
        }
        LoginStmt::PutToken => {
            "INSERT INTO tokens (hash, kind, client_id, user_id, scope, certificate, issued_at, expires_at,
                                            family, parent, spent_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (hash) DO UPDATE SET
                 kind = excluded.kind, client_id = excluded.client_id, user_id = excluded.user_id,
                 scope = excluded.scope, certificate = excluded.certificate, issued_at = excluded.issued_at,
                 expires_at = excluded.expires_at, family = excluded.family, parent = excluded.parent,
                 spent_at = excluded.spent_at"
        }
        LoginStmt::SpendOthers => {
            "UPDATE tokens SET spent_at = $3
             WHERE family = $1 AND kind = 2 AND spent_at IS NULL AND hash <> $2 AND parent IS DISTINCT FROM $2"
        }
        LoginStmt::DeleteOldSuccessors => {
            "DELETE FROM tokens WHERE hash IN (
                 SELECT hash FROM tokens WHERE family = $1 AND kind = 2 AND spent_at IS NULL AND parent = $2
                 ORDER BY issued_at DESC, hash OFFSET $3)"
        }
        LoginStmt::DeleteExpiredTokens => "DELETE FROM tokens WHERE expires_at < $1",
        LoginStmt::DeleteTokensOfCertificate => "DELETE FROM tokens WHERE certificate = $1",
        LoginStmt::DeleteTokens => "DELETE FROM tokens",
        LoginStmt::DeleteTokensOfUser => "DELETE FROM tokens WHERE user_id = $1",
        LoginStmt::DeleteTokensOfClient => "DELETE FROM tokens WHERE client_id = $1",
        LoginStmt::DeleteTokensOfFamily => "DELETE FROM tokens WHERE family = $1",
        LoginStmt::DeleteToken => "DELETE FROM tokens WHERE hash = $1",

        LoginStmt::Certificate => certificates!("WHERE thumbprint = $1"),
        LoginStmt::CertificatesOfUser => certificates!("WHERE user_id = $1 ORDER BY added_at, thumbprint"),
        LoginStmt::CertificatesOfBox => {
            "SELECT c.thumbprint, c.der, c.user_id, c.added_at
             FROM employees e JOIN users u ON u.id = e.user_id JOIN user_certificates c ON c.user_id = e.user_id
             WHERE e.box_id = $1 AND e.deleted_at IS NULL AND NOT e.is_blocked AND NOT u.is_blocked
             ORDER BY c.added_at, c.thumbprint LIMIT $2"
        }
        LoginStmt::InsertCertificate => {
            "INSERT INTO user_certificates (thumbprint, der, user_id, added_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING"
        }
        LoginStmt::DeleteCertificate => {
            "DELETE FROM user_certificates WHERE thumbprint = $1 AND user_id = $2"
        }

        LoginStmt::PutChallenge => {
            "INSERT INTO login_challenges (hash, client_id, certificate, bucket, expires_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (hash) DO UPDATE SET
                 client_id = excluded.client_id, certificate = excluded.certificate, bucket = excluded.bucket,
                 expires_at = excluded.expires_at, id = excluded.id"
        }
        LoginStmt::DeleteOldChallenges => {
            "DELETE FROM login_challenges WHERE id IN (
                 SELECT id FROM login_challenges WHERE bucket = $1 ORDER BY id DESC OFFSET $2)"
        }
        LoginStmt::TakeChallenge => {
            "DELETE FROM login_challenges WHERE hash = $1
             RETURNING hash, client_id, certificate, bucket, expires_at"
        }
        LoginStmt::DeleteExpiredChallenges => "DELETE FROM login_challenges WHERE expires_at < $1",
    }
}
