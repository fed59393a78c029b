//! What commands without a server share: the language in which they answer, and files of the command line.

use std::error::Error;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use potok_app::Language;

/// The language of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Words {
    /// English
    #[default]
    En,
    /// Russian
    Ru,
}

impl Words {
    /// The one that was given, or that of `LANG`.
    pub(crate) fn or_of_environment(given: Option<Self>) -> Language {
        let is_russian = || std::env::var("LANG").is_ok_and(|name| name.starts_with("ru"));
        given.unwrap_or_else(|| if is_russian() { Self::Ru } else { Self::En }).into()
    }
}

impl From<Words> for Language {
    fn from(words: Words) -> Self {
        match words {
            Words::En => Self::English,
            Words::Ru => Self::Russian,
        }
    }
}

/// A file of the command line.
#[derive(Debug, thiserror::Error)]
#[error("{path} cannot be {done}")]
pub(crate) struct FileError {
    pub(crate) path: PathBuf,
    pub(crate) done: &'static str,
    pub(crate) source: std::io::Error,
}

/// All bytes of a file.
///
/// # Errors
/// [`FileError`] names it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(|source| FileError { path: path.to_owned(), done: "read", source })
}

/// The same for a command that answers in a language, also when the file cannot be read.
///
/// # Errors
/// Names the file.
pub(crate) fn read_in(path: &Path, language: Language) -> Result<Vec<u8>, Box<dyn Error>> {
    let read = read(path);
    match language {
        Language::English => Ok(read?),
        Language::Russian => read.map_err(|FileError { path, source, .. }| {
            let why = match source.kind() {
                ErrorKind::NotFound => "такого файла нет",
                ErrorKind::PermissionDenied => "нет права его читать",
                ErrorKind::IsADirectory => "это папка",
                // Whatever else it is, the system tells it in its own language.
                _ => "ошибка чтения",
            };
            format!("{} не читается: {why}", path.display()).into()
        }),
    }
}
