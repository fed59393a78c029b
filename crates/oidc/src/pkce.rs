//! Proof Key for Code Exchange (RFC 7636): only whoever began a sign-in can finish it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Characters of a verifier.
const VERIFIER_LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;
/// Characters of a challenge: a SHA-256 in base64url.
const CHALLENGE_LENGTH: usize = 43;

/// A challenge that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PkceError {
    /// Only SHA-256 is served: the plain way shows the verifier to whoever sees the address.
    #[error("code_challenge_method must be S256")]
    Method,
    /// It is no SHA-256 in base64url.
    #[error("code_challenge must be the SHA-256 of the verifier in base64url without padding, 43 characters")]
    Form,
}

/// The SHA-256 of a verifier, in base64url.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge(String);

impl Challenge {
    /// Reads what came with a request for a code; `None` when there is none. Without a method the plain one is meant.
    ///
    /// # Errors
    /// [`PkceError`].
    pub fn read(challenge: Option<&str>, method: Option<&str>) -> Result<Option<Self>, PkceError> {
        match (challenge, method) {
            (None, None) => Ok(None),
            (_, None) => Err(PkceError::Method),
            (_, Some(method)) if method != "S256" => Err(PkceError::Method),
            (None, Some(_)) => Err(PkceError::Form),
            (Some(challenge), Some(_)) => {
                let is_digest =
                    challenge.len() == CHALLENGE_LENGTH && URL_SAFE_NO_PAD.decode(challenge).is_ok();
                if is_digest { Ok(Some(Self(challenge.to_owned()))) } else { Err(PkceError::Form) }
            }
        }
    }

    /// The challenge of a verifier.
    pub fn of(verifier: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)))
    }

    /// As it stands in a request.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `verifier` may follow on the challenge of a request, if it had one. A verifier to no challenge is refused too:
    /// somebody took the challenge out of the request.
    pub fn is_met(challenge: Option<&str>, verifier: Option<&str>) -> bool {
        match (challenge, verifier) {
            (None, None) => true,
            (Some(challenge), Some(verifier)) => {
                let is_verifier = VERIFIER_LENGTHS.contains(&verifier.len())
                    && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
                is_verifier && Self::of(verifier).0 == challenge
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// From RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_standard_holds() {
        assert_eq!(Challenge::of(VERIFIER).as_str(), CHALLENGE);
        assert!(Challenge::is_met(Some(CHALLENGE), Some(VERIFIER)));
        let read = Challenge::read(Some(CHALLENGE), Some("S256"));
        assert_eq!(read, Ok(Some(Challenge(CHALLENGE.to_owned()))));
    }

    #[test]
    fn one_without_the_other_is_refused() {
        assert!(Challenge::is_met(None, None));
        assert!(!Challenge::is_met(Some(CHALLENGE), None));
        assert!(!Challenge::is_met(None, Some(VERIFIER)), "the challenge was taken out of the request");
        for (challenge, method, refused) in [
            (Some(CHALLENGE), None, PkceError::Method),
            (Some(CHALLENGE), Some("plain"), PkceError::Method),
            (Some(CHALLENGE), Some("s256"), PkceError::Method),
            (None, Some("S256"), PkceError::Form),
            (Some("short"), Some("S256"), PkceError::Form),
        ] {
            assert_eq!(Challenge::read(challenge, method), Err(refused), "{challenge:?} {method:?}");
        }
        assert_eq!(Challenge::read(None, None), Ok(None));
    }

    proptest! {
        #[test]
        fn only_the_verifier_itself_meets_its_challenge(
            verifier in "[A-Za-z0-9._~-]{43,128}",
            other in "[A-Za-z0-9._~-]{43,128}",
        ) {
            let challenge = Challenge::of(&verifier);
            prop_assert_eq!(Challenge::read(Some(challenge.as_str()), Some("S256")), Ok(Some(challenge.clone())));
            prop_assert!(Challenge::is_met(Some(challenge.as_str()), Some(&verifier)));
            prop_assert_eq!(Challenge::is_met(Some(challenge.as_str()), Some(&other)), other == verifier);
        }

        #[test]
        fn what_is_no_verifier_meets_nothing(text in ".{0,42}|[A-Za-z0-9]{129,140}|[a-z]{50}[ +/=]") {
            prop_assert!(!Challenge::is_met(Some(Challenge::of(&text).as_str()), Some(&text)));
        }
    }
}
