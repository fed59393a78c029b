//! What holds for all pages.

mod escaping;

/// Every pair of texts in templates and code says the same in both languages: the first in Russian, the second in English.
#[test]
fn both_languages_are_spoken_everywhere() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pairs = 0;
    let mut folders = vec![root.join("templates"), root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let mut rest = text.as_str();
            while let Some((_, behind)) = rest.split_once("say(") {
                rest = behind;
                let Some(both) = behind.trim_start().strip_prefix('"') else { continue };
                let Some((russian, both)) = both.split_once('"') else { continue };
                let Some(both) = both.trim_start().strip_prefix(',') else { continue };
                let Some(english) = both.trim_start().strip_prefix('"').and_then(|it| it.split('"').next())
                else {
                    continue;
                };
                let is_code = russian == "ru";
                assert!(
                    is_code
                        || russian.chars().any(|c| ('а'..='я').contains(&c.to_lowercase().next().unwrap())),
                    "{}: {russian:?}",
                    path.display()
                );
                assert!(
                    !english.chars().any(|c| ('\u{400}'..'\u{500}').contains(&c)),
                    "{}: {english:?}",
                    path.display()
                );
                pairs += 1;
            }
        }
    }
    assert!(pairs > 50, "{pairs}");
}

#[test]
fn pages_need_nothing_that_the_policy_forbids() {
    let templates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for entry in std::fs::read_dir(templates).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if path.extension().is_some_and(|it| it == "html") {
            for forbidden in [
                " style=",
                "<style",
                " onclick",
                " onload",
                " onchange",
                "http:",
                "https:",
                "javascript:",
                "|safe",
                "autoescape",
            ] {
                assert!(!text.contains(forbidden), "{}: {forbidden}", path.display());
            }
        }
        assert!(!text.contains("innerHTML") && !text.contains("eval("), "{}", path.display());
    }
}
