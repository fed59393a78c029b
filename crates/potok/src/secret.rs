//! Passwords that are given to a command: never in its words, which everybody on the machine can read.

use std::io::{BufRead as _, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;

/// Where the password of a person may come from when no file is named.
pub(crate) const VARIABLE: &str = "POTOK_NEW_PASSWORD";

/// Longer first lines are no passwords.
const MAX_BYTES: u64 = 4096;

/// A password for a person.
#[derive(Args)]
pub(crate) struct NewPassword {
    /// File whose first line is the password, or - for standard input; else it is taken from POTOK_NEW_PASSWORD
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Refused: it would stand in the list of processes
    #[arg(long, hide = true)]
    password: Option<String>,
}

/// Why there is no password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPassword {
    #[error(
        "--password shows the password to everybody on this machine: put it into a file and give --password-file FILE, \
         or write it to standard input and give --password-file -, or set {VARIABLE}"
    )]
    InWords,
    #[error("the password could not be read from {}", .0.display())]
    Unreadable(PathBuf, #[source] std::io::Error),
    #[error("the first line of {} is empty or longer than {MAX_BYTES} bytes: it has to be the password", .0.display())]
    NoLine(PathBuf),
}

impl NewPassword {
    /// The password, if one is given.
    ///
    /// # Errors
    /// [`NoPassword`].
    pub(crate) fn read(self) -> Result<Option<String>, NoPassword> {
        if self.password.is_some() {
            return Err(NoPassword::InWords);
        }
        match self.password_file {
            Some(path) => first_line(&path).map(Some),
            None => Ok(std::env::var(VARIABLE).ok().filter(|password| !password.is_empty())),
        }
    }
}

fn first_line(path: &Path) -> Result<String, NoPassword> {
    let mut line = String::new();
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin().lock().take(MAX_BYTES).read_line(&mut line),
        false => std::fs::File::open(path)
            .and_then(|file| std::io::BufReader::new(file.take(MAX_BYTES)).read_line(&mut line)),
    };
    let length = read.map_err(|error| NoPassword::Unreadable(path.to_owned(), error))?;
    let password = line.trim_end_matches(['\r', '\n']);
    match password.is_empty() || length as u64 == MAX_BYTES {
        true => Err(NoPassword::NoLine(path.to_owned())),
        false => Ok(password.to_owned()),
    }
}
