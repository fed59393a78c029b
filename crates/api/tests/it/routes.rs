//! Paths as clients write them.

use potok_api::{Lookup, MethodSpec, find, methods};

fn label(verb: &str, path: &str) -> String {
    match find(path) {
        Lookup::Found(route) => match route.method(verb) {
            Some(spec) => spec.label.to_owned(),
            None => format!("405 {}", route.allow()),
        },
        Lookup::Gone(spec) => format!("410 {spec}"),
        Lookup::Unknown => "404".to_owned(),
    }
}

#[test]
fn paths_are_read_with_patience() {
    for (verb, path, expected) in [
        ("GET", "/V3/GetEvent", "GetEvent V3"),
        ("GET", "/v3/getevent", "GetEvent V3"),
        ("GET", "//V3///GetEvent/", "GetEvent V3"),
        ("GET", "V3/GetEvent", "GetEvent V3"),
        ("GET", "/V3%2FGetEvent", "GetEvent V3"),
        ("GET", "/%56%33/GetEvent", "GetEvent V3"),
        ("HEAD", "/V3/GetEvent", "GetEvent V3"),
        ("POST", "/V3/GetEvent", "405 GET, HEAD, OPTIONS"),
        ("get", "/V3/GetEvent", "405 GET, HEAD, OPTIONS"),
        ("DELETE", "/V3/PostMessage", "405 POST, OPTIONS"),
        ("PUT", "/V2/ExtendedSignerDetails", "405 GET, POST, HEAD, OPTIONS"),
        ("GET", "/V2/ExtendedSignerDetails", "GetExtendedSignerDetails V2"),
        ("POST", "/V2/ExtendedSignerDetails", "PostExtendedSignerDetails V2"),
        ("GET", "/GetBox", "GetBox"),
        ("GET", "/V1/GetBox", "GetBox"),
        ("GET", "/v1/getbox", "GetBox"),
        ("GET", "/V2/GetBox", "404"),
        ("GET", "/V1/GetSecurityEvents", "GetSecurityEvents"),
        ("GET", "/GetSecurityEvents", "404"),
        ("GET", "/admin/GetDepartments", "admin/GetDepartments"),
        ("GET", "/V1/admin/GetDepartments", "404"),
        ("POST", "/connect/token", "/connect/token"),
        ("GET", "/.well-known/openid-configuration", "/.well-known/openid-configuration"),
        ("POST", "/Authenticate", "410 Authenticate"),
        ("GET", "/V1/Authenticate", "410 Authenticate"),
        ("GET", "/GetNewEvents", "410 GetNewEvents"),
        ("GET", "/V3/GetNewEvents", "410 GetNewEvents V3"),
        ("GET", "/V4/GetNewEvents", "GetNewEvents V4"),
        ("GET", "/", "404"),
        ("GET", "", "404"),
        ("GET", "/V3/Получить", "404"),
        ("GET", "/%ff", "404"),
        ("OPTIONS", "/V3/PostMessage", "405 POST, OPTIONS"),
    ] {
        assert_eq!(label(verb, path), expected, "{verb} {path}");
    }
}

fn spoil(path: &str) -> String {
    let upper = path
        .chars()
        .enumerate()
        .map(|(i, c)| if i % 2 == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() });
    format!("/{}/", upper.collect::<String>().replace('/', "//"))
}

#[test]
fn every_method_is_found_at_its_path_however_it_is_written() {
    let gone = |spec: &MethodSpec| format!("410 {spec}");
    for spec in methods::all() {
        let expected = if spec.is_gone() { gone(spec) } else { spec.label.to_owned() };
        assert_eq!(label(spec.verb.as_str(), spec.path), expected);
        assert_eq!(label(spec.verb.as_str(), &spoil(spec.path)), expected);
    }
}
