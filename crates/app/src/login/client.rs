//! Programs that prove themselves at the OAuth endpoints.

use potok_store::{ApiClient, Registration};

use super::{GrantError, Login};
use crate::access::{self, AccessError, hash_of};

/// By what a program says who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientProof {
    /// `client_id`.
    pub id: String,
    /// `client_secret`; programs that keep none send none.
    pub secret: Option<String>,
}

impl ClientProof {
    /// Id and secret.
    pub fn secret(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { id: id.into(), secret: Some(secret.into()) }
    }

    /// A program that keeps no secret.
    pub fn public(id: impl Into<String>) -> Self {
        Self { id: id.into(), secret: None }
    }
}

/// A program that has said who it is, and has proved it if it can.
pub(super) struct Proved {
    pub(super) client: ApiClient,
    /// It keeps no secret: anybody could say the same.
    pub(super) is_public: bool,
}

impl Proved {
    /// Insists on a program with a secret.
    pub(super) fn confidential(self) -> Result<ApiClient, GrantError> {
        if self.is_public { Err(GrantError::InvalidClient) } else { Ok(self.client) }
    }
}

impl Login {
    /// # Errors
    /// [`GrantError::InvalidClient`], also for a client that is switched off.
    pub(super) async fn prove(&self, proof: &ClientProof) -> Result<Proved, GrantError> {
        let client = match access::known_client(&*self.logins, &proof.id).await {
            Ok(client) => client,
            Err(AccessError::Core(error)) => return Err(error.into()),
            Err(_) => return Err(GrantError::InvalidClient),
        };
        // Hashes of long random secrets are compared, so the time of the comparison tells nothing useful.
        match (client.secret_hash, &proof.secret) {
            (Some(hash), Some(secret)) if hash == hash_of(secret) => Ok(Proved { client, is_public: false }),
            (None, None) if self.is_public(&client.id).await? => Ok(Proved { client, is_public: true }),
            _ => Err(GrantError::InvalidClient),
        }
    }

    async fn is_public(&self, client_id: &str) -> Result<bool, GrantError> {
        let registration = self.logins.registration(client_id).await?;
        Ok(registration.is_some_and(|Registration { is_public, .. }| is_public))
    }
}
