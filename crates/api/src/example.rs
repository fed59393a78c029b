//! Calls that work.

/// A call that works, and what it is answered.
///
/// In query and body stand names of things in braces, such as `{box}`. [`Example::fill`] puts values there; what is there
/// to be named is up to the caller of it. The tests of the server fill in:
///
/// | name | value |
/// |---|---|
/// | `box`, `org`, `inn` | the caller's box, its organization, its INN |
/// | `department`, `spare_department` | a department of it; all documents below lie there; and one in which nothing is |
/// | `user`, `leaver` | an employee who is no caller; another one, who is taken out |
/// | `partner`, `partner_org` | a box that the caller's box exchanges documents with, its organization |
/// | `customer`, `customer_org` | another partner, which stays one; its organization |
/// | `group`, `spare_group` | groups of counteragents of the caller's box |
/// | `task` | an invitation that the caller who may do everything has begun |
/// | `message`, `document` | a message that came from the partner, its document, a universal transfer document |
/// | `signature`, `event`, `packet`, `number` | the signature on it, the event that brought it, its packet, its number |
/// | `universal` | a universal message about that document |
/// | `amended`, `amendment_request` | another such message, and a request to amend its document |
/// | `letter`, `letter_document` | a message that came, its document, which waits for a signature |
/// | `finished`, `finished_document` | the same, signed by both sides |
/// | `spare`, `spare_document` | the same, for what is deleted and moved |
/// | `marked`, `marked_document` | a message that the box sent, and its document, whose goods are marked |
/// | `draft`, `draft_document`, `spare_draft` | a draft to the partner, its document; another one, for what is thrown away |
/// | `forwarded`, `forwarded_message`, `forwarded_document` | the event by which the partner forwarded a document, which others exchanged |
/// | `template`, `template_document` | a template that came, of which the caller's box makes letters, any number of them; its document |
/// | `spare_template`, `spare_template_document` | another one, for what is refused |
/// | `custom` | the id that the caller's box gave to a document when it sent it |
/// | `shelf` | a file on the shelf of every caller |
/// | `own_shelf` | a file on the shelf of the caller who may do everything |
/// | `power`, `registration` | a power of attorney of its organization in the register, and the task that put it there |
/// | `attached`, `handed_on_by` | another one, which the employee `user` has at hand, and the INN of who gave it |
/// | `attached_power` | the power of attorney of the signature under `document` |
/// | `dss`, `cloud`, `signed`, `receipts` | what the caller who may do everything has begun to sign: as `DssSign`, as `CloudSign`, done, and receipts |
/// | `certificate` | a certificate, in base64 |
/// | `client`, `secret`, `refresh` | an API client with a secret and a refresh token |
/// | `app`, `redirect` | an API client that people sign in to, and where its answers go |
/// | `login`, `password` | somebody who logs in by password |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What stands behind the `?` of the address.
    pub query: &'static str,
    /// The body; structures as JSON.
    pub body: &'static str,
    /// The status of the answer to a caller who may do everything.
    pub status: u16,
}

impl Example {
    /// A call without parameters, answered by 200.
    pub const PLAIN: Self = Self::query("");

    /// A call without a body, answered by 200.
    pub const fn query(query: &'static str) -> Self {
        Self::new(query, "")
    }

    /// A call answered by 200.
    pub const fn new(query: &'static str, body: &'static str) -> Self {
        Self { query, body, status: 200 }
    }

    /// The same, answered otherwise: where a call that is answered by 200 cannot be written down.
    #[must_use]
    pub const fn answered(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Query and body with values in the place of names; values stand in the query as they are.
    ///
    /// # Errors
    /// The name for which there is no value.
    pub fn fill(&self, value: impl Fn(&str) -> Option<String>) -> Result<(String, String), String> {
        Ok((filled(self.query, &value)?, filled(self.body, &value)?))
    }
}

/// Braces around anything but a name are those of JSON.
fn filled(text: &str, value: &impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let name = behind.split_once('}').map(|(name, _)| name).filter(|name| is_name(name));
        match name {
            Some(name) => {
                out.push_str(&value(name).ok_or_else(|| name.to_owned())?);
                rest = &behind[name.len() + 1..];
            }
            None => {
                out.push('{');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<String> {
        (name != "unknown").then(|| name.to_uppercase())
    }

    #[test]
    fn names_are_filled_in_and_json_stays() {
        let example = Example::new("boxId={box}&x={}", r#"{"A":{"B":"{sent_document}"},"C":{}}"#);
        let expected = ("boxId=BOX&x={}".to_owned(), r#"{"A":{"B":"SENT_DOCUMENT"},"C":{}}"#.to_owned());
        assert_eq!(example.fill(value), Ok(expected));
        assert_eq!(Example::query("boxId={unknown}").fill(value), Err("unknown".to_owned()));
    }
}
