//! The console as a program: people sign in to it as to any other one, at this server.

use potok_store::{ApiClient, Registration};

use super::Login;
use crate::core::CoreError;

/// The API client as which the console calls.
pub const CONSOLE_CLIENT: &str = "potok-console";

impl Login {
    /// Where the console gets its codes: at this server, so nobody has to be asked whether it may have them.
    pub fn console_uri(&self) -> String {
        format!("{}/console/in", self.issuer)
    }

    /// Makes the console known before somebody signs in to it; whether it is. It is not when another program has its id.
    ///
    /// # Errors
    /// [`CoreError::Store`].
    pub async fn open_console(&self) -> Result<bool, CoreError> {
        let uri = self.console_uri();
        let known = self.logins.registration(CONSOLE_CLIENT).await?;
        if known.is_some_and(|known| known.is_public && known.redirect_uris.contains(&uri)) {
            return Ok(true);
        }
        match self.logins.api_client(CONSOLE_CLIENT).await? {
            Some(client) if client.secret_hash.is_some() => return Ok(false),
            // It may be switched off as any other program.
            Some(_) => {}
            None => self.logins.put_api_client(&the_console()).await?,
        }
        let registration = Registration {
            client_id: CONSOLE_CLIENT.to_owned(),
            is_public: true,
            redirect_uris: vec![uri],
            post_logout_redirect_uris: Vec::new(),
        };
        self.logins.put_registration(&registration).await?;
        Ok(true)
    }

    /// Whether a code is for the console of this very server.
    pub(super) fn is_console(&self, client_id: &str, redirect_uri: &str) -> bool {
        client_id == CONSOLE_CLIENT && redirect_uri == self.console_uri()
    }
}

fn the_console() -> ApiClient {
    ApiClient {
        id: CONSOLE_CLIENT.to_owned(),
        name: "Potok".to_owned(),
        secret_hash: None,
        is_blocked: false,
        service_user: None,
        is_partner: false,
    }
}
