//! Where a browser may be sent with an answer.

use url::{Host, Url};

/// Characters of the longest address.
const MOST_CHARACTERS: usize = 2000;

/// An address that browsers cannot be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// No absolute address.
    #[error(
        "it must be an absolute address, as https://shop.example/signed-in or com.example.shop:/signed-in"
    )]
    Relative,
    /// Answers are put behind what there is.
    #[error("it must have no fragment (#…)")]
    Fragment,
    /// Anybody on the way could read the code.
    #[error("http is for the loopback addresses 127.0.0.1, [::1] and localhost only: use https")]
    Plain,
    /// The browser would run it, or read a file.
    #[error(
        "the scheme {0:?} cannot be redirected to: use https, or a scheme of the program's own with a dot in it"
    )]
    Scheme(&'static str),
    /// It does not fit.
    #[error("it must have at most 2000 characters, none of them blank")]
    Length,
    /// The password would stand in the address.
    #[error("it must hold no user and no password")]
    Credentials,
}

/// An address that a program is registered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

/// Schemes with which a browser does something else than going there.
const NEVER: [&str; 6] = ["javascript", "data", "vbscript", "file", "blob", "about"];

impl RedirectUri {
    /// Checks an address before a program is registered with it.
    ///
    /// # Errors
    /// [`RedirectError`].
    pub fn parse(text: &str) -> Result<Self, RedirectError> {
        if text.len() > MOST_CHARACTERS || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(RedirectError::Length);
        }
        let url = Url::parse(text).map_err(|_| RedirectError::Relative)?;
        if url.fragment().is_some() {
            return Err(RedirectError::Fragment);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(RedirectError::Credentials);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(RedirectError::Plain),
            scheme if NEVER.contains(&scheme) || !scheme.contains('.') => {
                let found = NEVER.iter().find(|never| **never == scheme);
                return Err(RedirectError::Scheme(found.copied().unwrap_or("without a dot")));
            }
            _ => {}
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `asked` is this address, character for character. Of a loopback address by number that is registered without a
    /// port any port is good: programs on a desktop take the one that is free (RFC 8252, 7.3).
    pub fn allows(registered: &str, asked: &str) -> bool {
        if registered == asked {
            return true;
        }
        let (Ok(own), Ok(url)) = (Url::parse(registered), Url::parse(asked)) else { return false };
        let takes_any_port =
            own.scheme() == "http" && own.port().is_none() && is_number(&own) && is_loopback(&own);
        if !takes_any_port || own.host() != url.host() {
            return false;
        }
        // The port is cut out of the text as it was sent, so that nothing else is forgiven.
        let Some(port) = url.port() else { return false };
        let Some((before, rest)) = asked.split_once(&format!(":{port}")) else { return false };
        format!("{before}{rest}") == registered
    }
}

fn is_number(url: &Url) -> bool {
    matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// How a content security policy names where `uri` leads: its origin, or the scheme of a program. `None` for no address.
pub fn source_of(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    match url.scheme() {
        "http" | "https" => Some(url.origin().ascii_serialization()),
        scheme => Some(format!("{scheme}:")),
    }
}

/// `uri` with parameters behind it, in its query or, with `in_fragment`, in its fragment. What stands in its query stays.
pub fn with_parameters(uri: &str, parameters: &[(&str, &str)], in_fragment: bool) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        form.append_pair(name, value);
    }
    let form = form.finish();
    match (in_fragment, uri.contains('?')) {
        (true, _) => format!("{uri}#{form}"),
        (false, true) if uri.ends_with(['?', '&']) => format!("{uri}{form}"),
        (false, true) => format!("{uri}&{form}"),
        (false, false) => format!("{uri}?{form}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_may_be_registered() {
        for good in [
            "https://shop.example/signed-in",
            "https://shop.example",
            "https://shop.example/a?b=c",
            "http://127.0.0.1/",
            "http://127.0.0.1:8080/x",
            "http://[::1]/",
            "http://localhost:3000/",
            "com.example.shop:/signed-in",
        ] {
            assert!(RedirectUri::parse(good).is_ok(), "{good}");
        }
        for (wrong, error) in [
            ("/signed-in", RedirectError::Relative),
            ("shop.example", RedirectError::Relative),
            ("https://shop.example/#x", RedirectError::Fragment),
            ("https://shop.example/#", RedirectError::Fragment),
            ("http://shop.example/", RedirectError::Plain),
            ("http://127.0.0.1.shop.example/", RedirectError::Plain),
            ("javascript:alert(1)", RedirectError::Scheme("javascript")),
            ("shop:/x", RedirectError::Scheme("without a dot")),
            ("https://a:b@shop.example/", RedirectError::Credentials),
            ("https://shop.example/ x", RedirectError::Length),
        ] {
            assert_eq!(RedirectUri::parse(wrong), Err(error), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_matched_character_for_character() {
        let registered = "https://shop.example/in";
        assert!(RedirectUri::allows(registered, registered));
        for near in [
            "https://shop.example/in/",
            "https://shop.example/In",
            "https://SHOP.example/in",
            "https://shop.example:443/in",
            "https://shop.example/in?",
            "https://shop.example/%69n",
            "https://shop.example/./in",
            "http://shop.example/in",
            "https://shop.example.evil/in",
            "https://shop.example@evil/in",
            "",
        ] {
            assert!(!RedirectUri::allows(registered, near), "{near}");
        }
    }

    #[test]
    fn a_program_on_a_desktop_takes_the_port_that_is_free() {
        for (registered, asked, expected) in [
            ("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb", true),
            ("http://[::1]/cb", "http://[::1]:51234/cb", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51234/other", false),
            ("http://127.0.0.1/cb", "http://127.0.0.2:51234/cb", false),
            ("http://127.0.0.1/cb", "https://127.0.0.1:51234/cb", false),
            ("http://127.0.0.1/cb", "http://a@127.0.0.1:51234/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb?x", false),
            ("http://127.0.0.1:1/cb", "http://127.0.0.1:51234/cb", false),
            // Names can be made to lead elsewhere.
            ("http://localhost/cb", "http://localhost:51234/cb", false),
            ("https://127.0.0.1/cb", "https://127.0.0.1:51234/cb", false),
        ] {
            assert_eq!(RedirectUri::allows(registered, asked), expected, "{registered} {asked}");
        }
    }

    #[test]
    fn parameters_stand_behind_what_there_is() {
        let state = [("code", "a b"), ("state", "&=é")];
        assert_eq!(with_parameters("https://a/", &state, false), "https://a/?code=a+b&state=%26%3D%C3%A9");
        assert_eq!(with_parameters("https://a/?x=1", &[("code", "c")], false), "https://a/?x=1&code=c");
        assert_eq!(with_parameters("https://a/?x=1", &[("code", "c")], true), "https://a/?x=1#code=c");
    }

    #[test]
    fn a_policy_names_the_origin() {
        for (uri, source) in [
            ("https://shop.example/in?a=b", Some("https://shop.example")),
            ("http://127.0.0.1:8080/x", Some("http://127.0.0.1:8080")),
            ("com.example.shop:/in", Some("com.example.shop:")),
            ("in", None),
        ] {
            assert_eq!(source_of(uri).as_deref(), source, "{uri}");
        }
    }

    proptest! {
        #[test]
        fn no_other_host_is_ever_allowed(host in "[a-z]{1,8}\\.example", path in "[a-z/]{0,8}", port in 1u16..) {
            let registered = "http://127.0.0.1/cb";
            for asked in [format!("http://{host}/{path}"), format!("http://127.0.0.1:{port}@{host}/cb"),
                          format!("http://{host}:{port}/cb"), format!("http://127.0.0.1:{port}.{host}/cb")] {
                prop_assert!(!RedirectUri::allows(registered, &asked));
            }
        }
    }
}
