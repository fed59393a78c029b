//! `docs/adding-a-method.md` holds: every method that is served stands in the places that the page lists, and no list of
//! methods stands beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use potok_testkit::sdk::api::{Caller, MethodSpec, by_label, methods};

const PAGE: &str = "docs/adding-a-method.md";
/// Files outside of the places may speak of a few methods, as examples do. More are a list.
const FEW: usize = 12;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            found.insert(path, source);
        }
    }
}

fn below(folder: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    sources(&root().join(folder), &mut found);
    found
}

fn served() -> Vec<&'static MethodSpec> {
    potok_http::served().into_iter().map(|label| by_label(label).unwrap()).collect()
}

/// Words of letters, digits and underscores.
fn words(source: &str) -> impl Iterator<Item = &str> {
    source.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The type of a method, and the function of the client.
macro_rules! names {
    ($($endpoint:ident $function:ident($query:ident, $($request:ident)::+) #[doc = $summary:literal],)*) => {
        NAMES.with_borrow_mut(|names| {
            $(names.insert(
                <methods::$endpoint as potok_testkit::sdk::api::Endpoint>::SPEC.label,
                (stringify!($endpoint), stringify!($function)),
            );)*
        });
    };
}

thread_local! {
    static NAMES: std::cell::RefCell<BTreeMap<&'static str, (&'static str, &'static str)>> =
        const { std::cell::RefCell::new(BTreeMap::new()) };
}

fn names() -> BTreeMap<&'static str, (&'static str, &'static str)> {
    use potok_testkit::sdk::api as potok_api;
    potok_api::for_each_endpoint!(names);
    NAMES.take()
}

#[test]
fn the_page_lists_places_that_are_there() {
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| ") && line.contains("| `")).collect();
    assert_eq!(rows.len(), 6, "six places");
    for row in rows {
        let place = row.split('`').nth(1).unwrap();
        let folder: PathBuf =
            place.split('/').take_while(|part| !part.contains("AREA") && !part.contains("METHOD")).collect();
        assert!(root().join(&folder).is_dir(), "{place}");
    }
    for named in page.split('`').skip(1).step_by(2).filter(|text| text.starts_with("crates/")) {
        let is_pattern = named.contains("AREA") || named.contains("METHOD");
        assert!(is_pattern || root().join(named).exists(), "{PAGE} names {named}, which is not there");
    }
}

#[test]
fn every_served_method_stands_once_in_each_place() {
    let (declarations, handlers) = (below("crates/api/src/methods"), below("crates/http/src/handlers"));
    let (use_cases, stories) = (below("crates/app/src"), below("crates/e2e/tests/it"));
    let names = names();
    for spec in served() {
        let (endpoint, function) = names[spec.label];
        let head = format!("{endpoint} {function}");
        let declared: Vec<_> = declarations.iter().filter(|(_, source)| source.contains(&head)).collect();
        assert_eq!(declared.len(), 1, "{spec} is declared in {declared:?}");
        assert!(declared[0].0.ends_with(format!("{}.rs", spec.area.file())), "{spec}: {:?}", declared[0].0);

        let registration = format!("on::<{endpoint}, _>(");
        let registered: usize = handlers.values().map(|source| source.matches(&registration).count()).sum();
        assert_eq!(registered, 1, "{spec} is registered {registered} times");

        // Handlers call use cases through the areas of `App`; what the permit holds needs none.
        let (_, handler) = handlers.iter().find(|(_, source)| source.contains(&registration)).unwrap();
        let calls = [
            "call.exchange().",
            "call.reading().",
            "call.people().",
            "call.paper().",
            "call.partners().",
            "call.powers().",
            "call.login().",
            "call.shelf().",
        ]
        .into_iter()
        .flat_map(|area| handler.split(area).skip(1))
        .filter_map(|rest| rest.split_once('('));
        for (called, arguments) in calls {
            let function = format!("fn {called}");
            let found = use_cases.values().any(|source| source.contains(&function));
            assert!(found, "{spec} calls {called}, which is no use case");
            // Whoever proves itself in the form is nobody before.
            let is_asked = !matches!(spec.access.caller, Caller::Anyone | Caller::OAuthClient);
            assert!(
                !is_asked || arguments.trim_start().starts_with("&call.permit"),
                "{spec}: {called} asks for no permit"
            );
        }

        let path = spec.path;
        let is_told = |source: &String| {
            words(source).any(|word| word == function) || source.contains(path) || source.contains(spec.name)
        };
        let story = stories.iter().find(|(file, source)| !file.ends_with("adding.rs") && is_told(source));
        assert!(story.is_some(), "no story tells of {spec}");
    }
}

#[test]
fn no_list_of_methods_stands_beside_the_places() {
    let names = names();
    let types: BTreeMap<&str, &str> = served().iter().map(|spec| (names[spec.label].0, spec.name)).collect();
    let mut sources = below("crates");
    sources.retain(|path, _| {
        let path = path.to_string_lossy();
        path.contains("/src/") && !path.contains("/api/src/methods/")
    });
    for (path, source) in sources {
        let named: BTreeSet<&str> = words(&source).filter_map(|word| types.get(word).copied()).collect();
        assert!(named.len() <= FEW, "{} names {} methods: {named:?}", path.display(), named.len());
    }
}
