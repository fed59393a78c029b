//! Statements of logins.

use super::statements;

statements! {
    /// Clients, passwords, tokens, certificates, challenges.
    LoginStmt {
        /// A client.
        Client(id) -> (id, name, secret_hash, is_blocked, service_user, is_partner);
        /// All clients, by id.
        Clients() -> (id, name, secret_hash, is_blocked, service_user, is_partner);
        /// Adds a client, or replaces the one with its id.
        PutClient(id, name, secret_hash, is_blocked, service_user, is_partner);
        /// Blocks a client, or lets it in again.
        SetClientBlocked(id, is_blocked);
        /// Marks a client as a technology partner, or takes the mark away.
        SetClientPartner(id, is_partner);
        /// Gives a client another secret.
        SetClientSecret(id, secret_hash);

        /// The password of the user with a folded login.
        Password(login_folded) -> (id, password_hash);
        /// What a user and a client have to prove who they are, if neither is blocked.
        Proofs(user_id, client_id) -> (password_hash, secret_hash);
        /// Gives a user another password.
        SetPassword(id, password_hash);

        /// A token.
        Token(hash)
            -> (hash, kind, client_id, user_id, scope, certificate, issued_at, expires_at, family, parent, spent_at);
        /// All tokens, by user, client and time.
        Tokens()
            -> (hash, kind, client_id, user_id, scope, certificate, issued_at, expires_at, family, parent, spent_at);
        /// Those of a user, by client and time.
        TokensOfUser(user_id)
            -> (hash, kind, client_id, user_id, scope, certificate, issued_at, expires_at, family, parent, spent_at);
        /// Those of a client, by user and time.
        TokensOfClient(client_id)
            -> (hash, kind, client_id, user_id, scope, certificate, issued_at, expires_at, family, parent, spent_at);
        /// Those of a chain, by user, client and time.
        TokensOfFamily(family)
            -> (hash, kind, client_id, user_id, scope, certificate, issued_at, expires_at, family, parent, spent_at);
        /// A token with its client and its user; their columns are empty where there is none.
        Session(hash)
            -> (hash, kind, client_id, user_id, scope, certificate, issued_at, expires_at, family, parent, spent_at,
                id, name, secret_hash, is_blocked, service_user, is_partner,
                its_user_id, login, last_name, first_name, middle_name, is_service, its_is_blocked, is_registered);
        /// Keeps a token, also in the place of one with its hash.
        PutToken(hash, kind, client_id, user_id, scope, certificate, issued_at, expires_at, family, parent, spent_at);
        /// Spends the refresh tokens of a chain that are good, but one and its successors.
        SpendOthers(family, hash, now);
        /// Deletes all successors of a refresh token that nobody used but the newest ones.
        DeleteOldSuccessors(family, parent, limit);
        /// Deletes the tokens that ended before a time.
        DeleteExpiredTokens(now);
        /// Deletes the tokens that a certificate bought.
        DeleteTokensOfCertificate(certificate);
        /// Deletes all tokens.
        DeleteTokens();
        /// Deletes the tokens of a user.
        DeleteTokensOfUser(user_id);
        /// Deletes the tokens of a client.
        DeleteTokensOfClient(client_id);
        /// Deletes the tokens of a chain.
        DeleteTokensOfFamily(family);
        /// Deletes a token.
        DeleteToken(hash);

        /// A certificate by its thumbprint.
        Certificate(thumbprint) -> (thumbprint, der, user_id, added_at);
        /// The certificates of a user, in the order in which they were added.
        CertificatesOfUser(user_id) -> (thumbprint, der, user_id, added_at);
        /// Certificates of the employees of a box who are not blocked, there or at all, in the order in which they were
        /// added.
        CertificatesOfBox(box_id, limit) -> (thumbprint, der, user_id, added_at);
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
