//! Registrations, codes, devices, consents, keys, trusted services.

use potok_store_sql::SignInStmt;

macro_rules! devices {
    ($rest:literal) => {
        concat!(
            "SELECT hash, user_code, client_id, scope, expires_at, interval_seconds, asked_at, answer, user_id,
                    signed_in_at
             FROM device_codes ",
            $rest
        )
    };
}

macro_rules! service_keys {
    ($rest:literal) => {
        concat!("SELECT hash, client_id, name, added_at FROM service_keys ", $rest)
    };
}

pub(super) const fn text(stmt: SignInStmt) -> &'static str {
    match stmt {
        SignInStmt::Registration => {
            "SELECT client_id, is_public, redirect_uris, post_logout_redirect_uris FROM registrations
             WHERE client_id = $1"
        }
        SignInStmt::PutRegistration => {
            "INSERT INTO registrations (client_id, is_public, redirect_uris, post_logout_redirect_uris)
             VALUES ($1, $2 <> 0, $3, $4)
             ON CONFLICT (client_id) DO UPDATE SET
                 is_public = excluded.is_public, redirect_uris = excluded.redirect_uris,
                 post_logout_redirect_uris = excluded.post_logout_redirect_uris"
        }

        SignInStmt::Code => {
            "SELECT hash, client_id, user_id, redirect_uri, scope, nonce, challenge, signed_in_at, expires_at, used_at
             FROM authorization_codes WHERE hash = $1"
        }
        SignInStmt::PutCode => {
            "INSERT INTO authorization_codes (hash, client_id, user_id, redirect_uri, scope, nonce, challenge,
                                              signed_in_at, expires_at, used_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        }
        SignInStmt::UseCode => "UPDATE authorization_codes SET used_at = $2 WHERE hash = $1",
        SignInStmt::DeleteCodesOfUser => "DELETE FROM authorization_codes WHERE user_id = $1",
        SignInStmt::DeleteCodesOfClient => "DELETE FROM authorization_codes WHERE client_id = $1",
        SignInStmt::DeleteCodes => "DELETE FROM authorization_codes",
        SignInStmt::DeleteExpiredCodes => "DELETE FROM authorization_codes WHERE expires_at < $1",

        SignInStmt::Device => devices!("WHERE hash = $1"),
        SignInStmt::DeviceByUserCode => devices!("WHERE user_code = $1"),
        SignInStmt::InsertDevice => {
            "INSERT INTO device_codes (hash, user_code, client_id, scope, expires_at, interval_seconds,
                                                 asked_at, answer, user_id, signed_in_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT DO NOTHING"
        }
        SignInStmt::NoteDeviceAsked => {
            "UPDATE device_codes SET asked_at = $2, interval_seconds = $3 WHERE hash = $1"
        }
        SignInStmt::AnswerDevice => {
            "UPDATE device_codes SET answer = $2, user_id = $3, signed_in_at = $4 WHERE user_code = $1 AND answer = 0"
        }
        SignInStmt::DeleteAllowedDevice => "DELETE FROM device_codes WHERE hash = $1 AND answer = 1",
        SignInStmt::DeleteDevicesOfUser => "DELETE FROM device_codes WHERE user_id = $1",
        SignInStmt::DeleteDevicesOfClient => "DELETE FROM device_codes WHERE client_id = $1",
        SignInStmt::DeleteDevices => "DELETE FROM device_codes",
        SignInStmt::DeleteExpiredDevices => "DELETE FROM device_codes WHERE expires_at < $1",

        SignInStmt::Consent => "SELECT scope FROM consents WHERE user_id = $1 AND client_id = $2",
        SignInStmt::PutConsent => {
            "INSERT INTO consents (user_id, client_id, scope, granted_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, client_id) DO UPDATE SET
                 scope = excluded.scope, granted_at = excluded.granted_at"
        }

        SignInStmt::Keys => "SELECT id, pkcs8, signs_from FROM signing_keys ORDER BY signs_from, id",
        SignInStmt::PutKey => "INSERT INTO signing_keys (id, pkcs8, signs_from) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET
                 pkcs8 = excluded.pkcs8, signs_from = excluded.signs_from",
        SignInStmt::DeleteKey => "DELETE FROM signing_keys WHERE id = $1",

        SignInStmt::ServiceKey => service_keys!("WHERE hash = $1"),
        SignInStmt::ServiceKeys => service_keys!("ORDER BY client_id, added_at, hash"),
        SignInStmt::PutServiceKey => {
            "INSERT INTO service_keys (hash, client_id, name, added_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (hash) DO UPDATE SET
                 client_id = excluded.client_id, name = excluded.name, added_at = excluded.added_at"
        }
        SignInStmt::DeleteServiceKey => "DELETE FROM service_keys WHERE hash = $1",
        SignInStmt::BoundUser => "SELECT user_id FROM service_users WHERE key = $1 AND service_user = $2",
        SignInStmt::Bind => {
            "INSERT INTO service_users (key, service_user, user_id, bound_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (key, service_user) DO UPDATE SET
                 user_id = excluded.user_id, bound_at = excluded.bound_at"
        }
        SignInStmt::DeleteBindingsOfKey => "DELETE FROM service_users WHERE key = $1",
        SignInStmt::DeleteBindingsOfUser => "DELETE FROM service_users WHERE user_id = $1",

        SignInStmt::OutsideUser => "SELECT user_id FROM outside_users WHERE issuer = $1 AND subject = $2",
        SignInStmt::InsertOutsideUser => {
            "INSERT INTO outside_users (issuer, subject, user_id, added_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING"
        }
    }
}
