//! `docs/guarantees.md` against the code: each promise names a test that is there.

use std::path::Path;

#[test]
fn every_guarantee_has_a_test() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(top.join("docs/guarantees.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise"));
    let mut promises = 0;
    for row in rows {
        let (_, named) = row.rsplit_once(" | ").unwrap();
        let mut names = named.split('`').skip(1).step_by(2);
        let (file, test) = (names.next().unwrap(), names.next().unwrap());
        let code = std::fs::read_to_string(top.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        // A story is told by a test that a macro makes, or is one.
        let is_there = code.contains(&format!("fn {test}("))
            || code.contains(&format!("{test};"))
            || code.contains(&format!("{test},"));
        assert!(is_there, "{file} has no test {test}: {row}");
        promises += 1;
    }
    assert!(promises > 30, "the tables were not found: {promises}");
}
