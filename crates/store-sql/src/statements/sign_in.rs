//! Statements of signing in to programs.

use super::statements;

statements! {
    /// Registrations, codes, devices, consents, keys, trusted services.
    SignInStmt {
        /// What a client is registered with.
        Registration(client_id) -> (client_id, is_public, redirect_uris, post_logout_redirect_uris);
        /// Adds a registration, or replaces it.
        PutRegistration(client_id, is_public, redirect_uris, post_logout_redirect_uris);

        /// A code.
        Code(hash)
            -> (hash, client_id, user_id, redirect_uri, scope, nonce, challenge, signed_in_at, expires_at, used_at);
        /// Keeps a code.
        PutCode(hash, client_id, user_id, redirect_uri, scope, nonce, challenge, signed_in_at, expires_at, used_at);
        /// Uses a code.
        UseCode(hash, now);
        /// Deletes the codes of a user.
        DeleteCodesOfUser(user_id);
        /// Deletes the codes of a client.
        DeleteCodesOfClient(client_id);
        /// Deletes all codes.
        DeleteCodes();
        /// Deletes the codes that ended before a time.
        DeleteExpiredCodes(now);

        /// A device code.
        Device(hash)
            -> (hash, user_code, client_id, scope, expires_at, interval_seconds, asked_at, answer, user_id, signed_in_at);
        /// The same by what people type.
        DeviceByUserCode(user_code)
            -> (hash, user_code, client_id, scope, expires_at, interval_seconds, asked_at, answer, user_id, signed_in_at);
        /// Keeps a device code, unless its user code is taken.
        InsertDevice(
            hash, user_code, client_id, scope, expires_at, interval_seconds, asked_at, answer, user_id, signed_in_at
        );
        /// Notes when a device asked.
        NoteDeviceAsked(hash, now, interval_seconds);
        /// Notes what was said about a device that waits.
        AnswerDevice(user_code, answer, user_id, signed_in_at);
        /// Deletes a device code that was allowed.
        DeleteAllowedDevice(hash);
        /// Deletes the device codes that a user allowed.
        DeleteDevicesOfUser(user_id);
        /// Deletes the device codes of a client.
        DeleteDevicesOfClient(client_id);
        /// Deletes all device codes.
        DeleteDevices();
        /// Deletes the device codes that ended before a time.
        DeleteExpiredDevices(now);

        /// What a user allowed to a client.
        Consent(user_id, client_id) -> (scope);
        /// Notes it.
        PutConsent(user_id, client_id, scope, now);

        /// All signing keys, in the order in which they begin.
        Keys() -> (id, pkcs8, signs_from);
        /// Keeps a signing key.
        PutKey(id, pkcs8, signs_from);
        /// Deletes a signing key.
        DeleteKey(id);

        /// A key of a trusted service.
        ServiceKey(hash) -> (hash, client_id, name, added_at);
        /// All of them, by client and time.
        ServiceKeys() -> (hash, client_id, name, added_at);
        /// Adds one.
        PutServiceKey(hash, client_id, name, added_at);
        /// Deletes one.
        DeleteServiceKey(hash);
        /// To whom a user of a service is bound.
        BoundUser(key, service_user) -> (user_id);
        /// Binds a user of a service.
        Bind(key, service_user, user_id, now);
        /// Deletes all that a key bound.
        DeleteBindingsOfKey(key);
        /// Deletes all that is bound to a user.
        DeleteBindingsOfUser(user_id);

        /// Who somebody of another provider is.
        OutsideUser(issuer, subject) -> (user_id);
        /// Notes it, unless it is noted.
        InsertOutsideUser(issuer, subject, user_id, now);
    }
}
