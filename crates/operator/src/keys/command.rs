//! Keys behind a program: a vendor's tool, a script around a remote service.

use std::io::{Read as _, Write as _};
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
        let (tell, told) = mpsc::channel();
        let reading = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            drop(output.take(MAX_ANSWER_BYTES).read_to_end(&mut bytes));
            let mut words = Vec::new();
            drop(complaints.take(MAX_ANSWER_BYTES).read_to_end(&mut words));
            // Nobody listens any more when it took too long.
            drop(tell.send((bytes, words)));
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
