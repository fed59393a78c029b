//! Id tokens: who signed in, said to a program.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::jose;
use crate::key::IdKey;

/// Seconds by which clocks may differ.
const TOLERANCE: i64 = 60;

/// An id token that cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// It is no signed token, or the signature is not by a known key.
    #[error("the id token is not signed by a key of its issuer: {0}")]
    Signature(String),
    /// It is somebody else's, or its time is over.
    #[error("the id token is not good: {0}")]
    Claim(&'static str),
}

/// About whom a token is, as far as another provider tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// `sub`.
    pub subject: String,
    /// `email`, if `email_verified` is true.
    pub verified_email: Option<String>,
}

/// What an id token says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdToken {
    /// Who says it.
    pub iss: String,
    /// About whom.
    pub sub: String,
    /// To which program.
    pub aud: String,
    /// Until when, in seconds of Unix time.
    pub exp: i64,
    /// Since when.
    pub iat: i64,
    /// When the user signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// What the program had sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Half of the hash of the access token beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// Half of the hash of the code beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<String>,
}

/// The left half of the SHA-256 of what stands beside an id token, in base64url.
pub fn half_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..16])
}

impl IdToken {
    /// Signs it.
    ///
    /// # Errors
    /// [`IdTokenError::Signature`] when the key does not sign.
    pub fn sign(&self, key: &IdKey) -> Result<String, IdTokenError> {
        jose::ready();
        let header = Header { kid: Some(key.id().to_owned()), ..Header::new(IdKey::ALGORITHM) };
        jsonwebtoken::encode(&header, self, &key.signing).map_err(|error| signature(&error))
    }

    /// Reads a token that this server signed, expired or not: `id_token_hint`.
    ///
    /// # Errors
    /// [`IdTokenError`].
    pub fn read_own(text: &str, issuer: &str, keys: &[IdKey]) -> Result<Self, IdTokenError> {
        jose::ready();
        let header = jsonwebtoken::decode_header(text).map_err(|error| signature(&error))?;
        let key = keys.iter().find(|key| Some(key.id()) == header.kid.as_deref());
        let key = key.ok_or_else(|| IdTokenError::Signature("the key is not known".to_owned()))?;
        let read = jsonwebtoken::decode::<Self>(text, &key.checking, &only_signature(vec![IdKey::ALGORITHM]));
        let token = read.map_err(|error| signature(&error))?.claims;
        if token.iss == issuer { Ok(token) } else { Err(IdTokenError::Claim("it is of another issuer")) }
    }
}

/// What is checked of the claims is checked here, by the clock that everything else goes by.
fn only_signature(algorithms: Vec<Algorithm>) -> Validation {
    Validation {
        algorithms,
        validate_exp: false,
        validate_nbf: false,
        validate_aud: false,
        required_spec_claims: HashSet::new(),
        ..Validation::default()
    }
}

fn signature(error: &jsonwebtoken::errors::Error) -> IdTokenError {
    IdTokenError::Signature(error.to_string())
}

/// What another provider says. Claims of any other form are left alone.
#[derive(Deserialize)]
struct Theirs {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    azp: Option<String>,
    nonce: Option<String>,
    email: Option<String>,
    email_verified: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Subject {
    /// Reads an id token of another provider, whose `keys` are a JWK set.
    ///
    /// # Errors
    /// [`IdTokenError`].
    pub fn read(
        text: &str,
        keys: &str,
        issuer: &str,
        client_id: &str,
        nonce: &str,
        now_seconds: i64,
    ) -> Result<Self, IdTokenError> {
        jose::ready();
        let header = jsonwebtoken::decode_header(text).map_err(|error| signature(&error))?;
        let set: JwkSet =
            serde_json::from_str(keys).map_err(|error| IdTokenError::Signature(error.to_string()))?;
        let claims = set
            .keys
            .iter()
            .filter(|key| fits(key, &header))
            .filter_map(|key| DecodingKey::from_jwk(key).ok())
            .find_map(|key| {
                jsonwebtoken::decode::<Theirs>(text, &key, &only_signature(vec![header.alg])).ok()
            })
            .ok_or_else(|| IdTokenError::Signature(format!("no key of the issuer fits ({:?})", header.alg)))?
            .claims;
        let is_for_us = match &claims.aud {
            Audience::One(aud) => aud == client_id,
            Audience::Several(several) => {
                several.iter().any(|aud| aud == client_id)
                    && (several.len() == 1 || claims.azp.as_deref() == Some(client_id))
            }
        };
        let problems = [
            (claims.iss != issuer, "it is of another issuer"),
            (!is_for_us, "it is for another client"),
            (claims.azp.as_deref().is_some_and(|azp| azp != client_id), "it is for another client"),
            (claims.exp + (TOLERANCE as f64) < now_seconds as f64, "its time is over"),
            (claims.nonce.as_deref() != Some(nonce), "it belongs to another sign-in"),
            (claims.sub.is_empty(), "it names nobody"),
        ];
        if let Some((_, problem)) = problems.into_iter().find(|(is_wrong, _)| *is_wrong) {
            return Err(IdTokenError::Claim(problem));
        }
        let is_verified = match claims.email_verified {
            Some(serde_json::Value::Bool(is_verified)) => is_verified,
            Some(serde_json::Value::String(word)) => word == "true",
            _ => false,
        };
        Ok(Self { subject: claims.sub, verified_email: claims.email.filter(|_| is_verified) })
    }
}

/// Whether the key may be the one of the header: by its name, where both have one.
fn fits(key: &Jwk, header: &Header) -> bool {
    match (&key.common.key_id, &header.kid) {
        (Some(id), Some(wanted)) => id == wanted,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::StdRng;
    use serde_json::json;

    use super::*;

    fn key(seed: u64) -> IdKey {
        IdKey::generate(&mut StdRng::seed_from_u64(seed)).unwrap().0
    }

    fn token() -> IdToken {
        IdToken {
            iss: "https://id.example".to_owned(),
            sub: "user-1".to_owned(),
            aud: "potok".to_owned(),
            exp: 1000,
            iat: 400,
            nonce: Some("n".to_owned()),
            ..IdToken::default()
        }
    }

    fn set(keys: &[&IdKey]) -> String {
        let keys: Vec<_> = keys.iter().map(|key| key.jwk()).collect();
        json!({"keys": keys}).to_string()
    }

    #[test]
    fn a_token_of_this_server_is_known_again() {
        let (one, two) = (key(1), key(2));
        let text = token().sign(&one).unwrap();
        let read = |text: &str, issuer: &str, keys: &[IdKey]| IdToken::read_own(text, issuer, keys);
        assert_eq!(read(&text, "https://id.example", &[two.clone(), one.clone()]), Ok(token()));
        assert!(matches!(
            read(&text, "https://id.example", std::slice::from_ref(&two)),
            Err(IdTokenError::Signature(_))
        ));
        assert!(matches!(
            read(&text, "https://other.example", std::slice::from_ref(&one)),
            Err(IdTokenError::Claim(_))
        ));
        for broken in [
            format!("{}x", &text[..text.len() - 1]),
            text.replacen('.', ".x", 1),
            "a.b.c".to_owned(),
            // Without a signature, and with one by the public key as a secret.
            "eyJhbGciOiJub25lIn0.e30.".to_owned(),
            "eyJhbGciOiJIUzI1NiJ9.e30.AAAA".to_owned(),
        ] {
            assert!(read(&broken, "https://id.example", std::slice::from_ref(&one)).is_err(), "{broken}");
        }
    }

    #[test]
    fn another_provider_is_believed_only_what_it_says_to_us_now() {
        let (one, two) = (key(1), key(2));
        let good = token();
        let read = |token: &IdToken, keys: &str, now| {
            Subject::read(&token.sign(&one).unwrap(), keys, "https://id.example", "potok", "n", now)
        };
        let keys = set(&[&two, &one]);
        let subject = Subject { subject: "user-1".to_owned(), verified_email: None };
        assert_eq!(read(&good, &keys, 1060), Ok(subject));
        assert_eq!(read(&good, &keys, 1061), Err(IdTokenError::Claim("its time is over")));
        for (changed, problem) in [
            (IdToken { iss: "https://id.example/".to_owned(), ..good.clone() }, "it is of another issuer"),
            (IdToken { aud: "other".to_owned(), ..good.clone() }, "it is for another client"),
            (IdToken { nonce: None, ..good.clone() }, "it belongs to another sign-in"),
            (IdToken { nonce: Some("m".to_owned()), ..good.clone() }, "it belongs to another sign-in"),
            (IdToken { sub: String::new(), ..good.clone() }, "it names nobody"),
        ] {
            assert_eq!(read(&changed, &keys, 500), Err(IdTokenError::Claim(problem)));
        }
        assert!(matches!(read(&good, &set(&[&two]), 500), Err(IdTokenError::Signature(_))));
    }

    #[test]
    fn the_half_hash_is_that_of_the_standard() {
        // OpenID Connect Core, appendix A.3.
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
