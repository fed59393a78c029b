//! The arrows between the modules of `app` and `domain` are those of the tables in `ARCHITECTURE.md`, and modules that stand
//! beside each other, at whatever depth, use each other in one direction only.
//!
//! The files are read as tokens: `use` declarations, paths inside of code and those inside of macros all count, tests and
//! comments do not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::arrows::root;

/// Names of modules from the root of a crate; none is the root itself.
type Place = Vec<String>;
/// Which modules each one uses.
type Arrows = BTreeMap<String, BTreeSet<String>>;

/// One module: what it uses, and where the names lead that it gives on.
#[derive(Default)]
struct Module {
    /// Paths that begin at a module.
    used: Vec<(Place, Vec<String>)>,
    /// Names that stand for something in a module below, and that module.
    names: BTreeMap<String, String>,
    children: BTreeSet<String>,
}

struct Tree {
    modules: BTreeMap<Place, Module>,
}

impl Tree {
    fn read(krate: &str) -> Self {
        let mut tree = Self { modules: BTreeMap::new() };
        let source = root().join("crates").join(krate).join("src");
        tree.read_file(Vec::new(), &source.join("lib.rs"), &source);
        tree
    }

    /// `beside` is the folder of the files of its children.
    fn read_file(&mut self, place: Place, file: &Path, beside: &Path) {
        let text =
            std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let tokens = TokenStream::from_str(&text).expect("it compiles");
        self.read_tokens(&place, tokens, beside);
    }

    fn read_tokens(&mut self, place: &Place, tokens: TokenStream, beside: &Path) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        let mut is_test = false;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    is_test |=
                        matches!(tokens.get(at + 1), Some(TokenTree::Group(it)) if is_for_tests(it.stream()));
                    at += 2;
                    continue;
                }
                // What an attribute for tests stands before, up to its end.
                token if is_test => {
                    let is_end = is_brace(token) || is_punct(token, ';') || is_punct(token, ',');
                    is_test = !is_end;
                }
                token if is_ident(token, "mod") => at += self.read_module(place, &tokens[at..], beside),
                // Not `impl Trait + use<'a>`.
                token
                    if is_ident(token, "use")
                        && !tokens.get(at + 1).is_some_and(|next| is_punct(next, '<')) =>
                {
                    at += self.read_use(place, &tokens[at..]);
                }
                token
                    if is_ident(token, "modules")
                        && tokens.get(at + 1).is_some_and(|it| is_punct(it, '!')) =>
                {
                    if let Some(TokenTree::Group(folder)) = tokens.get(at + 2) {
                        self.read_folder(place, folder.stream(), beside);
                    }
                    at += 2;
                }
                token => {
                    if let Some((start, behind)) = start(place, &tokens[at..]) {
                        for path in paths(&tokens[at + behind..]) {
                            self.at(place).used.push((start.clone(), path));
                        }
                        at += behind;
                        continue;
                    }
                    if let TokenTree::Group(group) = token {
                        self.read_tokens(place, group.stream(), beside);
                    }
                }
            }
            at += 1;
        }
    }

    /// `mod name;` or `mod name { … }`; how many tokens besides the first.
    fn read_module(&mut self, place: &Place, tokens: &[TokenTree], beside: &Path) -> usize {
        let Some(TokenTree::Ident(name)) = tokens.get(1) else { return 0 };
        let name = name.to_string();
        let mut child = place.clone();
        child.push(name.clone());
        self.at(place).children.insert(name.clone());
        self.at(&child);
        match tokens.get(2) {
            Some(TokenTree::Group(body)) => self.read_tokens(&child, body.stream(), beside),
            _ => {
                let folder = beside.join(&name);
                let files: [PathBuf; 2] = [beside.join(format!("{name}.rs")), folder.join("mod.rs")];
                let file = files.iter().find(|file| file.exists()).expect("a module has a file");
                self.read_file(child, file, &folder);
            }
        }
        2
    }

    /// `potok_modules::modules! { "folder" except name => published }`: the files of the folder, with all that they publish.
    fn read_folder(&mut self, place: &Place, request: TokenStream, beside: &Path) {
        let excepted: BTreeSet<String> = request.into_iter().map(|token| token.to_string()).collect();
        let mut entries: Vec<PathBuf> = std::fs::read_dir(beside)
            .expect("the folder is there")
            .map(|entry| entry.expect("readable").path())
            .collect();
        entries.sort_unstable();
        for path in entries {
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let file = if path.is_dir() { path.join("mod.rs") } else { path };
            let is_module = file.extension().is_some_and(|ending| ending == "rs") && file.exists();
            if !is_module || ["mod", "lib", "main"].contains(&&*name) || excepted.contains(&name) {
                continue;
            }
            for published in published(&file) {
                self.at(place).names.insert(published, name.clone());
            }
            let child = place.iter().cloned().chain([name.clone()]).collect();
            self.at(place).children.insert(name.clone());
            self.at(&child);
            self.read_file(child, &file, &beside.join(&name));
        }
    }

    /// `use …;`: paths, and names that are given on. How many tokens besides the first.
    fn read_use(&mut self, place: &Place, tokens: &[TokenTree]) -> usize {
        let len = tokens.iter().position(|token| is_punct(token, ';')).unwrap_or(tokens.len());
        let mut tree = &tokens[1..len];
        let mut begin = None;
        if let Some((at, behind)) = start(place, tree) {
            (begin, tree) = (Some(at), &tree[behind..]);
        }
        for path in paths(tree) {
            match &begin {
                Some(at) => self.at(place).used.push((at.clone(), path)),
                // From a module below: others find it here.
                None => {
                    if let [first, .., last] = &path[..] {
                        self.at(place).names.insert(last.clone(), first.clone());
                    }
                }
            }
        }
        len
    }

    fn at(&mut self, place: &Place) -> &mut Module {
        self.modules.entry(place.clone()).or_default()
    }

    /// The module to which a path leads.
    fn resolve(&self, start: &Place, path: &[String]) -> Place {
        let mut place = start.clone();
        for segment in path {
            let module = &self.modules[&place];
            let child =
                if module.children.contains(segment) { Some(segment) } else { module.names.get(segment) };
            let Some(child) = child.filter(|child| module.children.contains(*child)) else { break };
            let is_name = child != segment;
            place.push(child.clone());
            if is_name {
                break;
            }
        }
        place
    }

    /// For each module that has others below: which of them use which.
    fn arrows(&self) -> BTreeMap<Place, Arrows> {
        let mut all: BTreeMap<Place, Arrows> = BTreeMap::new();
        for (from, module) in &self.modules {
            for (start, path) in &module.used {
                let to = self.resolve(start, path);
                let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
                if let (Some(one), Some(other)) = (from.get(common), to.get(common)) {
                    let beside = all.entry(from[..common].to_vec()).or_default();
                    beside.entry(one.clone()).or_default().insert(other.clone());
                }
            }
        }
        all
    }
}

/// Names of the items of a file that others may use.
fn published(file: &Path) -> Vec<String> {
    const WORDS: [&str; 11] =
        ["async", "const", "enum", "extern", "fn", "static", "struct", "trait", "type", "union", "unsafe"];
    let text = std::fs::read_to_string(file).expect("readable");
    let tokens: Vec<TokenTree> = TokenStream::from_str(&text).expect("it compiles").into_iter().collect();
    let public = tokens.iter().enumerate().filter(|(_, token)| is_ident(token, "pub")).map(|(at, _)| at + 1);
    let name = |at: usize| {
        tokens[at..].iter().find_map(|token| match token {
            TokenTree::Ident(word) if !WORDS.contains(&&*word.to_string()) => Some(word.to_string()),
            _ => None,
        })
    };
    public.filter_map(name).collect()
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn is_brace(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// `cfg(test)` or another condition that only tests fulfil.
fn is_for_tests(attribute: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = attribute.into_iter().collect();
    let [name, TokenTree::Group(condition)] = &tokens[..] else { return false };
    let has = |name: &str| condition.stream().into_iter().any(|token| is_ident(&token, name));
    is_ident(name, "cfg") && has("test") && !has("not")
}

fn is_colons(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [one, other, ..] if is_punct(one, ':') && is_punct(other, ':'))
}

/// `crate::`, `self::` or `super::` as often as it stands: where the path begins, and how many tokens that takes.
fn start(place: &Place, tokens: &[TokenTree]) -> Option<(Place, usize)> {
    let first = tokens.first().filter(|_| is_colons(&tokens[1..]))?;
    if is_ident(first, "crate") {
        return Some((Vec::new(), 3));
    }
    if is_ident(first, "self") {
        return Some((place.clone(), 3));
    }
    let (mut at, mut behind) = (place.clone(), 0);
    while tokens.get(behind).is_some_and(|token| is_ident(token, "super")) && is_colons(&tokens[behind + 1..])
    {
        at.pop();
        behind += 3;
    }
    (behind > 0).then_some((at, behind))
}

/// The paths of a tree: `a::{b, c::D as E}` are `a::b` and `a::c::D`, the latter with `E` behind.
fn paths(tokens: &[TokenTree]) -> Vec<Vec<String>> {
    match tokens {
        [TokenTree::Ident(name), rest @ ..] => {
            let below = match rest {
                rest if is_colons(rest) => paths(&rest[2..]),
                [word, TokenTree::Ident(name), ..] if is_ident(word, "as") => vec![vec![name.to_string()]],
                _ => Vec::new(),
            };
            let below = if below.is_empty() { vec![Vec::new()] } else { below };
            let own = if name == "self" { None } else { Some(name.to_string()) };
            below.into_iter().map(|path| own.iter().cloned().chain(path).collect()).collect()
        }
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace => {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            tokens.split(|token| is_punct(token, ',')).flat_map(paths).collect()
        }
        _ => Vec::new(),
    }
}

/// Rows of a table look like ``| `exchange` | `core`, `access` |``.
fn table(krate: &str) -> Arrows {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let mark = format!("<!-- modules of {krate} -->");
    let table = page.split(&mark).nth(1).unwrap_or_else(|| panic!("ARCHITECTURE.md has {mark} twice"));
    let names =
        |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    rows.flat_map(|line| {
        let (of, targets) = line.trim_matches('|').split_once('|').expect("a row has two cells");
        names(of).into_iter().map(move |name| (name, names(targets)))
    })
    .collect()
}

/// A way from a module back to itself.
fn circle(arrows: &Arrows) -> Option<Vec<String>> {
    fn walk(arrows: &Arrows, way: &mut Vec<String>, done: &mut BTreeSet<String>) -> bool {
        let last = way[way.len() - 1].clone();
        for next in arrows.get(&last).into_iter().flatten() {
            let is_back = way.contains(next);
            way.push(next.clone());
            if is_back || !done.contains(next) && walk(arrows, way, done) {
                return true;
            }
            way.pop();
        }
        done.insert(last);
        false
    }
    let mut done = BTreeSet::new();
    arrows.keys().find_map(|start| {
        let mut way = vec![start.clone()];
        (!done.contains(start) && walk(arrows, &mut way, &mut done)).then_some(way)
    })
}

#[test]
fn modules_use_each_other_as_the_page_tells_and_in_no_circle() {
    let mut circles = Vec::new();
    for krate in ["app", "domain"] {
        let tree = Tree::read(krate);
        let arrows = tree.arrows();
        let mut top = arrows.get(&Vec::new()).cloned().unwrap_or_default();
        for module in &tree.modules[&Vec::new()].children {
            top.entry(module.clone()).or_default();
        }
        assert_eq!(table(krate), top, "left: ARCHITECTURE.md, right: the modules of {krate}");
        for (place, arrows) in &arrows {
            circles.extend(
                circle(arrows).map(|way| format!("{krate}::{}: {}", place.join("::"), way.join(" → "))),
            );
        }
    }
    assert_eq!(circles, [""; 0], "modules beside each other use each other in one direction");
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let tokens =
        |text: &str| -> Vec<TokenTree> { TokenStream::from_str(text).expect("tokens").into_iter().collect() };
    let found = |text: &str| paths(&tokens(text)).iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(found("a::{self, b, c::{D as E, f}}"), ["a", "a::b", "a::c::D::E", "a::c::f"]);
    assert_eq!(found("a::B::<C>::d()"), ["a::B"]);
    let place = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(start(&place, &tokens("super::super::c")), Some((Vec::new(), 6)));
    assert_eq!(start(&place, &tokens("crate::c")), Some((Vec::new(), 3)));
    assert_eq!(start(&place, &tokens("(crate) fn c")), None);

    let mut tree = Tree { modules: BTreeMap::new() };
    let text = "mod a { use super::B; #[cfg(test)] mod t { use crate::c::D; } fn f() { vec![crate::c::d()] } }
                mod b { pub struct B; fn g(it: impl Fn() -> (&'static str, impl Sized + use<>)) {} } mod c {} pub use b::B;";
    tree.read_tokens(&Vec::new(), TokenStream::from_str(text).expect("tokens"), Path::new(""));
    let arrows = &tree.arrows()[&Vec::new()];
    assert_eq!(arrows["a"], BTreeSet::from(["b".to_owned(), "c".to_owned()]));
    assert_eq!(circle(arrows), None);
    let arrow = |from: &str, to: &str| (from.to_owned(), BTreeSet::from([to.to_owned()]));
    assert_eq!(
        circle(&BTreeMap::from([arrow("a", "b"), arrow("b", "a")])),
        Some(vec!["a".into(), "b".into(), "a".into()])
    );
}
