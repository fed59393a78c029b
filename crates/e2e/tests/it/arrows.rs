//! The arrows between crates are those of the table in `ARCHITECTURE.md`, no more and no fewer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

type Arrows = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn short(package: &str) -> String {
    package.strip_prefix("potok-").unwrap_or(package).to_owned()
}

/// Rows of the table look like ``| `app` | what it owns | `types`, `domain` |``.
fn arrows_of_the_page() -> Arrows {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let table =
        page.split("<!-- arrows -->").nth(1).expect("ARCHITECTURE.md marks its table with <!-- arrows -->");
    let names =
        |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            let targets = names(cells.last().expect("a row has cells"));
            names(cells[0]).into_iter().map(move |name| (name, targets.clone()))
        })
        .collect()
}

fn arrows_of_the_code() -> Arrows {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let text = |value: &serde_json::Value| value.as_str().expect("a string").to_owned();
    let ours: BTreeSet<String> = packages.iter().map(|package| text(&package["name"])).collect();
    packages
        .iter()
        .map(|package| {
            let targets = package["dependencies"]
                .as_array()
                .expect("dependencies")
                .iter()
                // What only tests need is no arrow of the house.
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .map(|dependency| text(&dependency["name"]))
                .filter(|name| ours.contains(name))
                .map(|name| short(&name))
                .collect();
            (short(&text(&package["name"])), targets)
        })
        .collect()
}

#[test]
fn the_page_tells_the_arrows_of_the_code() {
    assert_eq!(arrows_of_the_page(), arrows_of_the_code(), "left: ARCHITECTURE.md, right: the manifests");
}
