//! Argon2id over passwords, in memory that is used again: 19 MiB a time, which an allocator gives back late or has to ask the
//! system for anew.

use std::cell::RefCell;

use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher as _, Version};
use potok_types::Entropy;

thread_local! {
    /// What the last password on this thread was hashed in. It goes with the thread.
    static BLOCKS: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// The Argon2id hash of a password, in PHC form.
pub(crate) fn hash_password(password: &str, entropy: &dyn Entropy) -> Option<String> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).ok().map(|hash| hash.to_string())
}

/// Whether `password` is the one of `hash`, in PHC form. Without a hash that can be read the same work is done, so that the
/// time tells nothing about which logins exist.
///
/// For threads of few: each of them keeps the memory that it worked in.
pub(super) fn is_right(password: &str, hash: Option<&str>) -> bool {
    let Some((argon2, salt, expected)) = hash.and_then(read) else {
        let nobody = hashed(&Argon2::default(), password, &[0; 16], Params::DEFAULT_OUTPUT_LEN);
        std::hint::black_box(nobody);
        return false;
    };
    // Outputs are compared in constant time.
    hashed(&argon2, password, &salt, expected.len()) == Some(expected)
}

/// How `hash` was made, and what came of it.
fn read(hash: &str) -> Option<(Argon2<'static>, Vec<u8>, Output)> {
    let hash = PasswordHash::new(hash).ok()?;
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let params = Params::try_from(&hash).ok()?;
    Some((Argon2::new(algorithm, version, params), hash.salt?.to_vec(), hash.hash?))
}

fn hashed(argon2: &Argon2<'_>, password: &str, salt: &[u8], length: usize) -> Option<Output> {
    let mut bytes = [0; Output::MAX_LENGTH];
    let bytes = bytes.get_mut(..length)?;
    let count = argon2.params().block_count();
    BLOCKS.with_borrow_mut(|blocks| {
        if blocks.len() < count {
            blocks.resize(count, Block::new());
        }
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, bytes, &mut blocks[..count]).ok()
    })?;
    Output::new(bytes).ok()
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier as _;
    use potok_types::SeededEntropy;

    use super::*;

    /// The memory of one password is that of the next one, and nobody's hash depends on it; also where one needs more of it.
    #[test]
    fn a_password_is_right_or_wrong_whatever_was_hashed_before() {
        let entropy = SeededEntropy::new(1);
        let smaller =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(1024, 3, 2, Some(24)).unwrap());
        let mut known = Vec::new();
        for password in ["", "secret", "длинный пароль из нескольких слов"] {
            known.push((password, hash_password(password, &entropy).unwrap()));
            known.push((
                password,
                smaller.hash_password_with_salt(password.as_bytes(), &[5; 16]).unwrap().to_string(),
            ));
        }
        for (password, hash) in &known {
            for (guess, _) in &known {
                assert_eq!(is_right(guess, Some(hash)), guess == password, "{guess} {hash}");
            }
            let judged =
                Argon2::default().verify_password(password.as_bytes(), &PasswordHash::new(hash).unwrap());
            assert!(judged.is_ok(), "as the library judges");
        }
        for unreadable in [None, Some(""), Some("$argon2id$"), Some("$scrypt$ln=1$c2FsdHNhbHQ$aGFzaA")] {
            assert!(!is_right("secret", unreadable), "{unreadable:?}");
        }
        let used = BLOCKS.with_borrow(Vec::len);
        assert_eq!(used, Params::default().block_count(), "no more than one password needs");
    }
}
