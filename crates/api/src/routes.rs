//! From a path to a method.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::query::percent_decode;
use crate::{Deprecation, MethodSpec, Verb, methods};

/// What stands at a path.
#[derive(Clone, Copy, Debug)]
pub enum Lookup {
    /// Methods, one per verb.
    Found(&'static Route),
    /// A method that is gone, whatever the verb: 410.
    Gone(&'static MethodSpec),
    /// Nothing: 404.
    Unknown,
}

/// The methods of one path.
#[derive(Debug)]
pub struct Route(Vec<&'static MethodSpec>);

impl Route {
    /// The method for `verb` as it stands in the request line; a `HEAD` asks for the `GET`. `None` is a 405.
    pub fn method(&self, verb: &str) -> Option<&'static MethodSpec> {
        let verb = if verb == "HEAD" { Verb::Get.as_str() } else { verb };
        self.0.iter().find(|spec| spec.verb.as_str() == verb).copied()
    }

    /// All methods of the path.
    pub fn methods(&self) -> &[&'static MethodSpec] {
        &self.0
    }

    /// The `Allow` header of a 405 and of an answer to `OPTIONS`.
    pub fn allow(&self) -> String {
        let mut verbs: Vec<&str> = self.0.iter().map(|spec| spec.verb.as_str()).collect();
        verbs.sort_unstable();
        if verbs.contains(&"GET") {
            verbs.push("HEAD");
        }
        verbs.push("OPTIONS");
        verbs.join(", ")
    }
}

/// The paths, in the form [`normalize`] gives them.
static ROUTES: LazyLock<HashMap<String, Route>> = LazyLock::new(|| {
    let mut routes: HashMap<String, Route> = HashMap::new();
    let mut add = |path: String, spec| routes.entry(path).or_insert_with(|| Route(Vec::new())).0.push(spec);
    for &spec in methods::all().iter().chain(methods::RETIRED) {
        let path = normalize(spec.path).into_owned();
        // Clients that always write a version write `/V1/X`; the other paths have their version or are not the API's.
        if !path[1..].contains('/') && spec.version == 1 {
            add(format!("/v1{path}"), spec);
        }
        add(path, spec);
    }
    routes
});

/// The same by the spelling of the documentation, which programs nearly always write.
static SPELLED: LazyLock<HashMap<&'static str, &'static Route>> = LazyLock::new(|| {
    let all = methods::all().iter().chain(methods::RETIRED);
    all.filter_map(|spec| Some((spec.path, ROUTES.get(normalize(spec.path).as_ref())?))).collect()
});

static BY_LABEL: LazyLock<HashMap<&'static str, &'static MethodSpec>> =
    LazyLock::new(|| methods::all().iter().chain(methods::RETIRED).map(|&spec| (spec.label, spec)).collect());

/// Finds what stands at `path`, the part of the target before `?`.
///
/// Case, doubled slashes and a slash at the end make no difference; `/V1/X` is `/X`.
pub fn find(path: &str) -> Lookup {
    let spelled = SPELLED.get(path).copied();
    match spelled.or_else(|| ROUTES.get(normalize(path).as_ref())) {
        None => Lookup::Unknown,
        Some(route) => match route.0.iter().find(|spec| !spec.is_gone()) {
            Some(_) => Lookup::Found(route),
            None => route.0.first().map_or(Lookup::Unknown, |spec| Lookup::Gone(spec)),
        },
    }
}

/// The method with this label, gone ones too.
pub fn by_label(label: &str) -> Option<&'static MethodSpec> {
    BY_LABEL.get(label).copied()
}

/// The method to use instead of `spec`: the one its declaration names, else the newest documented version of the same
/// name. `None` when `spec` is the newest itself or nothing takes its place.
pub fn successor(spec: &MethodSpec) -> Option<&'static MethodSpec> {
    if let Some(label) = spec.replaced_by {
        return by_label(label);
    }
    methods::all()
        .iter()
        .filter(|other| other.name == spec.name && other.version > spec.version)
        .filter(|other| other.documented && other.deprecation != Deprecation::Gone)
        .max_by_key(|other| other.version)
        .copied()
}

/// Lower case, single slashes, one slash in front and none behind.
fn normalize(path: &str) -> Cow<'_, str> {
    let plain = |byte: &u8| !byte.is_ascii_uppercase() && *byte != b'%';
    if path.starts_with('/')
        && !path.ends_with('/')
        && !path.contains("//")
        && path.as_bytes().iter().all(plain)
    {
        return Cow::Borrowed(path);
    }
    let decoded = percent_decode(path, false);
    let decoded = String::from_utf8_lossy(&decoded);
    let mut out = String::with_capacity(decoded.len() + 1);
    for segment in decoded.split('/').filter(|segment| !segment.is_empty()) {
        out.push('/');
        out.push_str(&segment.to_ascii_lowercase());
    }
    Cow::Owned(out)
}
