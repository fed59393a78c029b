//! The Debian package: installed, upgraded, removed and purged by dpkg in a place of its own, with the scripts that this runs; and
//! its unit, judged by systemd's own tools where they are there.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::operations::text;
use crate::process::potok;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn made(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", text(&output));
    output
}

/// The package of this program, in `folder`.
fn package(folder: &Path) -> PathBuf {
    let mut command = Command::new(root().join("packaging/deb"));
    made(command.arg(env!("CARGO_BIN_EXE_potok")).arg(folder).env("POTOK_DEB_COMPRESSION", "none"));
    std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
}

/// The same with another version and another unit.
fn newer(package: &Path, folder: &Path) -> PathBuf {
    let (tree, next) = (folder.join("tree"), folder.join("next.deb"));
    made(Command::new("dpkg-deb").arg("-R").arg(package).arg(&tree));
    let control = tree.join("DEBIAN/control");
    let text = std::fs::read_to_string(&control).unwrap();
    let version = text.lines().find(|line| line.starts_with("Version: ")).unwrap();
    std::fs::write(&control, text.replace(version, "Version: 99.0.0")).unwrap();
    std::fs::write(tree.join("usr/share/man/man1/potok-new.1"), "new").unwrap();
    made(Command::new("dpkg-deb").args(["-Znone", "--root-owner-group", "--build"]).arg(&tree).arg(&next));
    next
}

/// A machine as far as dpkg needs one: its folders, and programs that note how they are called and touch nothing.
struct Machine {
    root: TempDir,
    programs: TempDir,
}

impl Machine {
    fn new(has_systemd: bool) -> Self {
        let machine = Self { root: TempDir::new().unwrap(), programs: TempDir::new().unwrap() };
        for folder in ["var/lib/dpkg/updates", "var/lib/dpkg/info", "var/lib/potok"] {
            std::fs::create_dir_all(machine.at(folder)).unwrap();
        }
        if has_systemd {
            std::fs::create_dir_all(machine.at("run/systemd/system")).unwrap();
        }
        std::fs::write(machine.at("var/lib/dpkg/status"), "").unwrap();
        std::fs::write(machine.at("var/lib/potok/potok.db"), "documents").unwrap();
        // Whoever was added is there.
        let log = machine.log_file();
        let (added, log) = (format!("grep -q '^adduser' {0} 2>/dev/null", log.display()), log.display());
        for (name, answer) in [("adduser", "true"), ("systemctl", "true"), ("getent", added.as_str())] {
            let file = machine.programs.path().join(name);
            let note =
                if name == "getent" { String::new() } else { format!("echo {name} \"$@\" >> {log}\n") };
            std::fs::write(&file, format!("#!/bin/sh\n{note}{answer}\n")).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        machine
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn log_file(&self) -> PathBuf {
        self.programs.path().join("log")
    }

    /// What was called since the last question.
    fn called(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.log_file()).unwrap_or_default();
        // Who was added stays so.
        let kept: String =
            log.lines().filter(|line| line.starts_with("adduser")).map(|it| format!("{it}\n")).collect();
        std::fs::write(self.log_file(), kept).unwrap();
        log.lines().map(str::to_owned).collect()
    }

    fn dpkg(&self, words: &[&str]) -> Output {
        let others = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("dpkg");
        command.arg(format!("--root={}", self.root.path().display()));
        command.arg(format!("--log={}", self.programs.path().join("dpkg.log").display()));
        command.args(["--force-not-root", "--force-depends", "--force-script-chrootless"]).args(words);
        // The machine of the test is never asked or changed: the programs of the scripts are found here first.
        made(command.env("PATH", format!("{}:{others}:/usr/sbin:/sbin", self.programs.path().display())))
    }

    fn status(&self) -> String {
        let told = self.dpkg(&["--status", "potok"]);
        let words = text(&told);
        let lines =
            words.lines().filter(|line| line.starts_with("Status: ") || line.starts_with("Version: "));
        lines.collect::<Vec<_>>().join(", ")
    }

    /// Judged by systemd's own tools, as it is installed; `false` where there are none.
    fn unit_holds(&self) -> bool {
        let units = Path::new("/usr/lib/systemd/system");
        let analyze = |words: &[&str]| {
            let mut command = Command::new("systemd-analyze");
            command
                .args(words)
                .arg(format!("--root={}", self.root.path().display()))
                .arg("potok.service")
                .output()
        };
        if !units.join("sysinit.target").exists() {
            return false;
        }
        // What it stands on, and the program that it calls.
        for target in ["sysinit", "basic", "shutdown", "network", "network-online", "multi-user"] {
            let name = format!("{target}.target");
            std::fs::copy(units.join(&name), self.at("usr/lib/systemd/system").join(&name)).unwrap();
        }
        std::fs::create_dir_all(self.at("bin")).unwrap();
        std::fs::copy("/bin/kill", self.at("bin/kill")).unwrap();
        let Ok(security) = analyze(&["security", "--offline=true", "--no-pager", "--threshold=20"]) else {
            return false;
        };
        assert!(security.status.success(), "an exposure of 2.0 at most: {}", text(&security));
        let verified = analyze(&["verify", "--man=no", "--recursive-errors=no"]).unwrap();
        assert!(verified.status.success() && verified.stderr.is_empty(), "{}", text(&verified));
        true
    }
}

#[test]
fn the_package_is_installed_upgraded_removed_and_purged() {
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let first = package(folders[0].path());
    let second = newer(&first, folders[1].path());
    for has_systemd in [true, false] {
        let machine = Machine::new(has_systemd);
        let calls = |expected: &[&str]| {
            let expected: Vec<&str> = expected
                .iter()
                .copied()
                .filter(|call| has_systemd || !call.starts_with("systemctl"))
                .collect();
            assert_eq!(machine.called(), expected);
        };
        let user = "adduser --system --group --home /var/lib/potok --no-create-home --quiet potok";
        let reloaded = ["systemctl daemon-reload", "systemctl try-restart potok.service"];
        machine.dpkg(&["--install", first.to_str().unwrap()]);
        let version = format!("Version: {}", env!("CARGO_PKG_VERSION"));
        assert_eq!(machine.status(), format!("Status: install ok installed, {version}"));
        calls(&[user, reloaded[0], reloaded[1]]);
        for file in [
            "usr/bin/potok",
            "usr/lib/systemd/system/potok.service",
            "etc/potok/potok.toml",
            "usr/share/bash-completion/completions/potok",
            "usr/share/zsh/vendor-completions/_potok",
            "usr/share/fish/vendor_completions.d/potok.fish",
            "usr/share/man/man1/potok.1.gz",
            "usr/share/man/man1/potok-serve.1.gz",
            "usr/share/man/man1/potok-admin-user.1.gz",
        ] {
            assert!(machine.at(file).exists(), "{file}");
        }
        let settings = machine.at("etc/potok/potok.toml");
        let mode = std::fs::metadata(&settings).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640, "passwords may stand there");
        let mut check = potok(machine.root.path());
        made(check.args(["config", "--config"]).arg(&settings).arg("check"));
        made(Command::new(machine.at("usr/bin/potok")).arg("--version"));
        let is_judged = machine.unit_holds();
        assert!(is_judged || !Path::new("/usr/bin/systemd-analyze").exists());

        // What the administrator wrote outlives an upgrade, and documents outlive everything.
        let own = "data = \"/var/lib/potok\"\nburst = 7\n";
        std::fs::write(&settings, own).unwrap();
        machine.dpkg(&["--install", second.to_str().unwrap()]);
        assert_eq!(machine.status(), "Status: install ok installed, Version: 99.0.0");
        // The one user is there by now, and the old unit is forgotten before the new one is read.
        calls(&[user, reloaded[0], reloaded[0], reloaded[1]]);
        assert!(machine.at("usr/share/man/man1/potok-new.1").exists());
        assert_eq!(std::fs::read_to_string(&settings).unwrap(), own);
        machine.dpkg(&["--remove", "potok"]);
        calls(&[user, "systemctl disable --now potok.service", "systemctl daemon-reload"]);
        assert!(
            !machine.at("usr/bin/potok").exists()
                && !machine.at("usr/lib/systemd/system/potok.service").exists()
        );
        assert_eq!(std::fs::read_to_string(&settings).unwrap(), own);
        machine.dpkg(&["--purge", "potok"]);
        assert!(!settings.exists());
        assert_eq!(std::fs::read_to_string(machine.at("var/lib/potok/potok.db")).unwrap(), "documents");
    }
}
