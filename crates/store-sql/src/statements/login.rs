//! Statements of logins.

use super::statements;

statements! {
    /// Clients, passwords, tokens, certificates, challenges.
    LoginStmt {
        /// A client.
        Client(id) -> (id, name, secret_hash, is_blocked, service_user);
        /// All clients, by id.
        Clients() -> (id, name, secret_hash, is_blocked, service_user);
        /// Adds a client, or replaces the one with its id.
        PutClient(id, name, secret_hash, is_blocked, service_user);

        /// The password of the user with a folded login.
        Password(login_folded) -> (id, password_hash);

        /// A token.
        Token(hash) -> (hash, kind, client_id, user_id, scope, certificate, expires_at);
        /// A token with its client and its user; their columns are empty where there is none.
        Session(hash)
            -> (hash, kind, client_id, user_id, scope, certificate, expires_at, id, name, secret_hash, is_blocked,
                service_user, its_user_id, login, last_name, first_name, middle_name, is_service);
        /// Keeps a token, also in the place of one with its hash.
        PutToken(hash, kind, client_id, user_id, scope, certificate, expires_at);
        /// Moves the end of a token's life.
        ExtendToken(hash, expires_at);
        /// Deletes the tokens that ended before a time.
        DeleteExpiredTokens(now);
        /// Deletes the tokens that a certificate bought.
        DeleteTokensOfCertificate(certificate);

        /// A certificate by its thumbprint.
        Certificate(thumbprint) -> (thumbprint, der, user_id, added_at);
        /// The certificates of a user, in the order in which they were added.
        CertificatesOfUser(user_id) -> (thumbprint, der, user_id, added_at);
        /// Adds a certificate, unless its thumbprint is taken.
        InsertCertificate(thumbprint, der, user_id, added_at);
        /// Deletes a certificate of a user.
        DeleteCertificate(thumbprint, user_id);

        /// Keeps a challenge as the newest one, also in the place of one with its hash.
        PutChallenge(hash, client_id, certificate, bucket, expires_at);
        /// Deletes all challenges of a bucket but the newest ones.
        DeleteOldChallenges(bucket, limit);
        /// Deletes a challenge and tells what it was.
        TakeChallenge(hash) -> (hash, client_id, certificate, bucket, expires_at);
        /// Deletes the challenges that ended before a time.
        DeleteExpiredChallenges(now);
    }
}
