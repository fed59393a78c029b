//! Keys behind a program: a vendor's tool, a script around a remote service.

use std::io::{self, Read, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use potok_cms::key::SignatureAlgorithm;
use potok_cms::{SigningError, SigningKey};

use super::{KeyError, digest_name};

/// How long the program may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than any signature has.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

/// Runs a program for each signature. Its input is the digest as bytes; its output is the signature as bytes: for GOST s
/// and r, for ECDSA the DER structure, for RSA the number. `POTOK_DIGEST` names the digest: `sha256`, `streebog256`.
#[derive(Clone, Debug)]
pub struct CommandKey {
    program: String,
    arguments: Vec<String>,
    algorithm: SignatureAlgorithm,
}

impl CommandKey {
    /// The program and arguments of `line` sign by `algorithm`.
    ///
    /// # Errors
    /// [`KeyError::NoCommand`].
    pub fn new(line: &[String], algorithm: SignatureAlgorithm) -> Result<Self, KeyError> {
        let (program, arguments) = line.split_first().ok_or(KeyError::NoCommand)?;
        Ok(Self { program: program.clone(), arguments: arguments.to_vec(), algorithm })
    }

    fn failed(&self, what: impl std::fmt::Display) -> SigningError {
        SigningError::Key(format!("the program {} {what}", self.program))
    }
}

impl SigningKey for CommandKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SigningError> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env("POTOK_DIGEST", digest_name(self))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.failed(format_args!("cannot be run: {error}")))?;
        let (Some(mut input), Some(output), Some(complaints)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(self.failed("has no input and output"));
        };
        // A program that does not read its input says by its answer what it wants.
        drop(input.write_all(digest));
        drop(input);
        // Both outputs at once: a program that fills one of them while nobody reads it would wait for ever.
        let (tell, told) = mpsc::channel();
        let reading = std::thread::spawn(move || {
            let complaining = std::thread::spawn(move || read(complaints));
            let bytes = read(output);
            // Nobody listens any more when it took too long.
            drop(tell.send((bytes, complaining.join().unwrap_or_default())));
        });
        let answer = told.recv_timeout(PATIENCE);
        if answer.is_err() {
            drop(child.kill());
        }
        let status = child.wait().map_err(|error| self.failed(error))?;
        let Ok((signature, words)) = answer else {
            return Err(self.failed(format_args!("gave no signature within {} seconds", PATIENCE.as_secs())));
        };
        drop(reading.join());
        if !status.success() {
            let words = String::from_utf8_lossy(&words);
            return Err(self.failed(format_args!("failed ({status}): {}", words.trim())));
        }
        if signature.is_empty() {
            return Err(self.failed("gave no signature"));
        }
        Ok(signature)
    }
}

/// What a program says, up to a limit; the rest is read too, so that it can go on.
fn read(mut from: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    drop(from.by_ref().take(MAX_ANSWER_BYTES).read_to_end(&mut bytes));
    drop(io::copy(&mut from, &mut io::sink()));
    bytes
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use potok_cms::DigestAlgorithm;

    use super::*;

    fn key(script: &str) -> CommandKey {
        let line = ["sh", "-c", script].map(str::to_owned);
        CommandKey::new(&line, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)).unwrap()
    }

    #[test]
    fn the_answer_is_what_the_program_writes() {
        assert_eq!(key("cat").sign_digest(b"digest").unwrap(), b"digest");
        assert_eq!(key("printf $POTOK_DIGEST").sign_digest(b"").unwrap(), b"sha256");
        let error = key("echo no card >&2; exit 3").sign_digest(b"").unwrap_err().to_string();
        assert!(error.contains("no card") && error.contains('3'), "{error}");
        assert!(key("true").sign_digest(b"").unwrap_err().to_string().contains("gave no signature"));
    }

    /// More than fits into a pipe, on both outputs, in either order.
    #[test]
    fn programs_that_say_much_do_not_hang() {
        let much = "dd if=/dev/zero bs=1024 count=1024 2>/dev/null";
        for script in [format!("{much} >&2; printf ok"), format!("printf ok; {much} >&2")] {
            assert_eq!(key(&script).sign_digest(b"").unwrap(), b"ok", "{script}");
        }
        let longest = usize::try_from(MAX_ANSWER_BYTES).unwrap();
        assert_eq!(key(much).sign_digest(b"").unwrap().len(), longest, "no more is kept");
    }
}
