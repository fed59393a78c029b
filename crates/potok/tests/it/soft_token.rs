//! A token in software, which Debian has (`softhsm2`).

use std::path::{Path, PathBuf};
use std::process::Command;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
/// The PIN of each: no time and no id has it by chance.
pub(crate) const PIN: &str = "told to nobody";

/// A token with a label and a PIN. Programs find it by the variable [`Self::env`].
pub(crate) struct SoftToken {
    config: PathBuf,
    pin: PathBuf,
}

impl SoftToken {
    /// A new token in `folder`; `None` when the library is not installed, which `make tools` cures.
    pub(crate) fn new(folder: &Path) -> Option<Self> {
        if !Path::new(MODULE).exists() {
            assert!(std::env::var_os("CI").is_none(), "softhsm2 is not installed: run `make tools`");
            return None;
        }
        let tokens = folder.join("tokens");
        std::fs::create_dir(&tokens).unwrap();
        let token = Self { config: folder.join("softhsm2.conf"), pin: folder.join("pin") };
        std::fs::write(&token.config, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
        std::fs::write(&token.pin, format!("{PIN}\n")).unwrap();
        token.tool(&["--init-token", "--free", "--label", "My token", "--pin", PIN, "--so-pin", "5678"]);
        Some(token)
    }

    /// Where programs look for the token.
    pub(crate) fn env(&self) -> (&'static str, &Path) {
        ("SOFTHSM2_CONF", &self.config)
    }

    /// Puts a key on it under a name; `id` is two hexadecimal digits.
    pub(crate) fn import(&self, key: &str, name: &str, id: &str) {
        self.tool(&["--import", key, "--token", "My token", "--pin", PIN, "--label", name, "--id", id]);
    }

    /// The rest of the URI of a key: by which library, and with which PIN.
    pub(crate) fn query(&self) -> String {
        format!("?module-path={MODULE}&pin-source={}", self.pin.display())
    }

    fn tool(&self, words: &[&str]) {
        let (name, value) = self.env();
        let output = Command::new("softhsm2-util").args(words).env(name, value).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
