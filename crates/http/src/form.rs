//! Forms of OAuth and of the pages, each parameter at most once.

use std::collections::BTreeMap;

use url::form_urlencoded;

/// A parameter that is given several times: which of them is meant, nobody knows (RFC 6749, 3.1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter {0:?} is given several times: once is allowed")]
pub(crate) struct Repeated(String);

/// The parameters of a request, by name. Empty ones are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    /// Reads a query or a body.
    ///
    /// # Errors
    /// [`Repeated`].
    pub(crate) fn parse(text: &str) -> Result<Self, Repeated> {
        let mut all = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let name = name.into_owned();
            if all.contains_key(&name) {
                return Err(Repeated(name.chars().take(64).collect()));
            }
            all.insert(name, value.into_owned());
        }
        all.retain(|_, value| !value.is_empty());
        Ok(Self(all))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value as a text of its own.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_parameter_is_given_once() {
        let form = Form::parse("a=1+2&b=%D1%8F&c=&d").unwrap();
        assert_eq!((form.get("a"), form.get("b")), (Some("1 2"), Some("я")));
        assert_eq!((form.get("c"), form.get("d"), form.get("A")), (None, None, None));
        assert_eq!(Form::parse("a=1&b=2&a=1"), Err(Repeated("a".to_owned())));
        assert_eq!(Form::parse("a=&a=1"), Err(Repeated("a".to_owned())));
    }
}
