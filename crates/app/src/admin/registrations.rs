//! What programs that people sign in to are registered with.

use potok_oidc::RedirectUri;
use potok_store::{ApiClient, Registration};

use super::{Admin, AdminError, invalid};

/// Addresses of each kind that a program may have.
const MOST_ADDRESSES: usize = 20;

/// What to register a program with.
#[derive(Clone, Debug, Default)]
pub struct NewRegistration {
    /// The API client; made, with the name, when there is none and it is public.
    pub client_id: String,
    /// What it is, for people.
    pub name: String,
    /// It keeps no secret.
    pub is_public: bool,
    /// Where browsers may be sent with a code.
    pub redirect_uris: Vec<String>,
    /// Where browsers may be sent after the end of a session.
    pub post_logout_redirect_uris: Vec<String>,
}

impl Admin {
    /// Registers a program, in the place of what it was registered with. A public one is made; any other has to be there, with
    /// its secret.
    ///
    /// # Errors
    /// [`AdminError::NoClient`]; `CoreError::Invalid` for an address that browsers cannot be sent to, too many of them, a public
    /// program with a secret, and one that keeps a secret without having any.
    pub async fn register_client(&self, new: NewRegistration) -> Result<Registration, AdminError> {
        for (path, uris) in [
            ("redirect_uri", &new.redirect_uris),
            ("post_logout_redirect_uri", &new.post_logout_redirect_uris),
        ] {
            if uris.len() > MOST_ADDRESSES {
                return Err(invalid(path, format!("a program has at most {MOST_ADDRESSES} of them")));
            }
            for uri in uris {
                RedirectUri::parse(uri).map_err(|error| invalid(path, format!("{uri:?}: {error}")))?;
            }
        }
        let known = self.logins.api_client(&new.client_id).await?;
        match (known, new.is_public) {
            (None, false) => return Err(AdminError::NoClient(new.client_id)),
            (Some(client), true) if client.secret_hash.is_some() => {
                let reason = format!("{:?} has a secret, so it is not public; choose another id", client.id);
                return Err(invalid("client", reason));
            }
            (Some(client), false) if client.secret_hash.is_none() => {
                let reason =
                    format!("{:?} has no secret: `potok admin client renew-secret` makes one", client.id);
                return Err(invalid("client", reason));
            }
            (Some(_), _) => {}
            (None, true) => self.create_public_client(&new).await?,
        }
        let registration = Registration {
            client_id: new.client_id,
            is_public: new.is_public,
            redirect_uris: new.redirect_uris,
            post_logout_redirect_uris: new.post_logout_redirect_uris,
        };
        self.logins.put_registration(&registration).await?;
        Ok(registration)
    }

    async fn create_public_client(&self, new: &NewRegistration) -> Result<(), AdminError> {
        self.must_be_client_id(&new.client_id).await?;
        let client = ApiClient {
            id: new.client_id.clone(),
            name: new.name.clone(),
            secret_hash: None,
            is_blocked: false,
            service_user: None,
            is_partner: false,
        };
        Ok(self.logins.put_api_client(&client).await?)
    }

    /// What a program is registered with, if it is.
    ///
    /// # Errors
    /// `CoreError::Store`.
    pub async fn registration(&self, client_id: &str) -> Result<Option<Registration>, AdminError> {
        Ok(self.logins.registration(client_id).await?)
    }
}
