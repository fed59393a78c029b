//! The files of a folder as modules: a new file is compiled because it is there, so that what is added by many people at
//! once (handlers, use cases, answers, black-box tests) has no list in which their changes meet.
//!
//! A crate that uses [`modules!`] has a build script that names the folder in `cargo::rerun-if-changed`: cargo would not
//! see a new file otherwise. `cargo fmt` does not see these files either; `make fmt` gives them to `rustfmt` by name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};

/// Declares a module for each file `NAME.rs` and each folder with a `mod.rs` in a folder of the crate, in the order of
/// their names. `mod.rs`, `lib.rs` and `main.rs` are left out.
///
/// ```text
/// modules! { "src/handlers/people" except refusals => register }
/// modules! { pub "src/answers" }
/// ```
///
/// `pub` makes the modules public. `except` leaves out what is declared by hand. Behind `=>` stands the name of a macro
/// that is called with the names of all modules that were declared.
///
/// The folder must be the one where the modules of the calling file lie.
#[proc_macro]
pub fn modules(input: TokenStream) -> TokenStream {
    match Request::read(input).and_then(|request| request.answer()) {
        Ok(modules) => modules,
        Err(reason) => failure(&reason),
    }
}

/// What stands between the braces.
struct Request {
    is_public: bool,
    folder: PathBuf,
    except: BTreeSet<String>,
    callback: Option<Ident>,
}

impl Request {
    fn read(input: TokenStream) -> Result<Self, String> {
        let mut tokens = input.into_iter().peekable();
        let is_public = tokens.next_if(|token| token.to_string() == "pub").is_some();
        let literal = tokens.next().map(|token| token.to_string()).unwrap_or_default();
        let folder = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let folder = folder.ok_or_else(|| format!("{literal} is no folder: write it in quotes"))?;
        let root = env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?;
        let mut request = Self {
            is_public,
            folder: Path::new(&root).join(folder),
            except: BTreeSet::new(),
            callback: None,
        };
        if tokens.next_if(|token| token.to_string() == "except").is_some() {
            while let Some(token) = tokens.next_if(|token| token.to_string() != "=") {
                if let TokenTree::Ident(name) = token {
                    request.except.insert(name.to_string());
                }
            }
        }
        if tokens.next_if(|token| token.to_string() == "=").is_some() {
            tokens.next();
            match tokens.next() {
                Some(TokenTree::Ident(name)) => request.callback = Some(name),
                _ => return Err("the name of a macro is expected behind =>".to_owned()),
            }
        }
        match tokens.next() {
            Some(token) => Err(format!("{token} is not expected here")),
            None => Ok(request),
        }
    }

    fn answer(&self) -> Result<TokenStream, String> {
        let names = names_in(&self.folder)?;
        if let Some(name) = self.except.difference(&names).next() {
            return Err(format!("{} has no module {name} to leave out", self.folder.display()));
        }
        let mut out = TokenStream::new();
        let mut declared = TokenStream::new();
        for name in names.difference(&self.except) {
            let name = Ident::new(name, Span::call_site());
            if self.is_public {
                out.extend([TokenTree::from(Ident::new("pub", Span::call_site()))]);
            }
            out.extend([TokenTree::from(Ident::new("mod", Span::call_site())), name.clone().into()]);
            out.extend([TokenTree::from(Punct::new(';', Spacing::Alone))]);
            declared.extend([TokenTree::from(name)]);
        }
        if let Some(callback) = &self.callback {
            let call = Punct::new('!', Spacing::Alone);
            let names = Group::new(Delimiter::Brace, declared);
            out.extend([TokenTree::from(callback.clone()), call.into(), names.into()]);
        }
        Ok(out)
    }
}

fn names_in(folder: &Path) -> Result<BTreeSet<String>, String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_file = path.extension().is_some_and(|extension| extension == "rs");
        let Some(name) = path.file_stem().and_then(|name| name.to_str()) else { continue };
        if is_file && !["mod", "lib", "main"].contains(&name) || path.join("mod.rs").is_file() {
            names.insert(name.to_owned());
        }
    }
    Ok(names)
}

/// An error at the place of the call.
fn failure(reason: &str) -> TokenStream {
    format!("::core::compile_error!({reason:?});").parse().unwrap_or_default()
}
