//! Why nobody is logged in, as the client is told. `/connect/token` has an answer of its own form.

use potok_app::LoginError;

use crate::refusals::refusals;

refusals! {
    LoginError {
        WrongPassword => @WrongPassword,
            "Mend login or password; which of the two is wrong is not told.";
        BadSession => Auth,
            "Sign in at `/signin` again, and send the new session id.";
        Provider => Auth,
            "Sign in by password, or let an administrator give the user the login that is the provider's verified e-mail.";
        NotBound => Auth,
            "Send the key that the operator gave, and bind the user by logging in with both headers.";
        UserBlocked => Auth,
            "`potok admin user unblock` lets the user in again.";
        BadCertificate("it was valid until 2026-01-01T00:00:00Z".to_owned()) => BadRequest,
            "Send a certificate in DER whose key can be encrypted to.";
        BadChallenge => BadRequest,
            "Start again.";
        UnknownCertificate("AB12…".to_owned()) => Forbidden,
            "Let an administrator add it to the user.";
        CertificateRefused { thumbprint: "AB12…".to_owned(), reason: "revoked".to_owned() } => Forbidden,
            "Log in by a certificate that the server trusts.";
    }
    pass TooManyAttempts;
    pass Core;
}
