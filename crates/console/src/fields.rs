//! Queries and forms.

use bytes::Bytes;
use url::form_urlencoded;

/// Fields of all kinds that one form may have.
const MOST_FIELDS: usize = 200;

/// Names and values; of a name that is given several times the first one counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

/// A file of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// What the browser calls it.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A form that was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// What was typed and chosen.
    pub fields: Fields,
    pub(crate) files: Vec<(String, File)>,
}

/// A form that no page of ours sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadableForm;

impl Fields {
    /// Reads a query, or a form that was sent like one.
    pub fn parse(text: &str) -> Self {
        let pairs = form_urlencoded::parse(text.as_bytes()).take(MOST_FIELDS);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The value, without blanks around it; `None` when there is none, or nothing in it.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }

    /// The value, or nothing.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The value as it was typed; `None` when there is none, or nothing in it.
    pub(crate) fn whole(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        found.filter(|value| !value.is_empty())
    }

    /// Whether a box is ticked.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The same fields as a query, with `name` changed; without it when the value is empty.
    pub(crate) fn with(&self, name: &str, value: &str) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        let kept = self.0.iter().filter(|(known, value)| known != name && !value.trim().is_empty());
        for (known, value) in kept {
            out.append_pair(known, value);
        }
        if !value.is_empty() {
            out.append_pair(name, value);
        }
        out.finish()
    }
}

impl Sent {
    /// Reads a form by its `Content-Type`: like a query, or in parts (RFC 7578).
    ///
    /// # Errors
    /// [`UnreadableForm`].
    pub fn parse(content_type: &str, body: &Bytes) -> Result<Self, UnreadableForm> {
        let Some(rest) = content_type.strip_prefix("multipart/form-data") else {
            let text = std::str::from_utf8(body).map_err(|_| UnreadableForm)?;
            return Ok(Self { fields: Fields::parse(text), files: Vec::new() });
        };
        let boundary = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="));
        let boundary = boundary.map(|it| it.trim_matches('"')).filter(|it| (1..=70).contains(&it.len()));
        let limit = format!("--{}", boundary.ok_or(UnreadableForm)?);
        let mut sent = Self::default();
        let mut rest = after(body, limit.as_bytes()).ok_or(UnreadableForm)?;
        let limit = format!("\r\n{limit}");
        while !rest.starts_with(b"--") {
            let part = rest.strip_prefix(b"\r\n").ok_or(UnreadableForm)?;
            let end = find(part, limit.as_bytes()).ok_or(UnreadableForm)?;
            sent.add(&part[..end], body)?;
            rest = &part[end + limit.len()..];
        }
        Ok(sent)
    }

    fn add(&mut self, part: &[u8], whole: &Bytes) -> Result<(), UnreadableForm> {
        if self.fields.0.len() + self.files.len() >= MOST_FIELDS {
            return Err(UnreadableForm);
        }
        let end = find(part, b"\r\n\r\n").ok_or(UnreadableForm)?;
        let head = std::str::from_utf8(&part[..end]).map_err(|_| UnreadableForm)?;
        let value = &part[end + 4..];
        let is_it = |line: &&str| line.to_ascii_lowercase().starts_with("content-disposition:");
        let line = head.split("\r\n").find(is_it).ok_or(UnreadableForm)?;
        let name = parameter(line, "name").ok_or(UnreadableForm)?;
        match parameter(line, "filename") {
            Some(file) => {
                // Some browsers tell the whole path.
                let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                self.files.push((name, File { name: file, bytes: whole.slice_ref(value) }));
            }
            None => {
                let value = std::str::from_utf8(value).map_err(|_| UnreadableForm)?;
                self.fields.0.push((name, value.to_owned()));
            }
        }
        Ok(())
    }

    /// The file that was chosen; `None` when nothing was.
    pub(crate) fn file(&self, name: &str) -> Option<&File> {
        let found = self.files.iter().find(|(known, _)| known == name).map(|(_, file)| file);
        found.filter(|file| !file.bytes.is_empty())
    }
}

/// A quoted parameter of a header of a part; browsers write quotation marks and ends of lines as `%22`, `%0D` and `%0A`.
fn parameter(line: &str, name: &str) -> Option<String> {
    let (_, rest) = line.split_once(&format!("; {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(value.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    // Files are large: most of their bytes are passed over by the search for one byte.
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        if bytes[from + at..].starts_with(what) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

fn after<'a>(bytes: &'a [u8], what: &[u8]) -> Option<&'a [u8]> {
    find(bytes, what).map(|at| &bytes[at + what.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(parts: &[&str]) -> Bytes {
        let parts: String = parts.iter().map(|part| format!("--x\r\n{part}\r\n")).collect();
        Bytes::from(format!("{parts}--x--\r\n"))
    }

    #[test]
    fn forms_are_read_in_both_shapes() {
        let sent = Sent::parse("application/x-www-form-urlencoded", &Bytes::from("a=1+2&b=%D1%8F&a=3&c=+"));
        let sent = sent.unwrap();
        assert_eq!((sent.fields.get("a"), sent.fields.get("b")), (Some("1 2"), Some("я")));
        assert_eq!((sent.fields.get("c"), sent.fields.text("d")), (None, ""));
        let body = parts(&[
            "Content-Disposition: form-data; name=\"a\"\r\n\r\nя",
            "Content-Disposition: form-data; name=\"file\"; filename=\"C:\\a%22.pdf\"\r\nContent-Type: x/y\r\n\r\n\r\n--\0",
            "Content-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n",
        ]);
        let sent = Sent::parse("multipart/form-data; boundary=x", &body).unwrap();
        assert_eq!(sent.fields.get("a"), Some("я"));
        let file = sent.file("file").unwrap();
        assert_eq!((file.name.as_str(), &file.bytes[..]), ("a\".pdf", &b"\r\n--\0"[..]));
        assert_eq!(sent.file("none"), None);
    }

    #[test]
    fn what_no_browser_sends_is_refused() {
        for (kind, body) in [
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=x", ""),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
            ),
            ("multipart/form-data; boundary=x", "--x\r\nno head\r\n--x--"),
            ("multipart/form-data; boundary=x", "--x\r\nA: b\r\n\r\nc\r\n--x--"),
            ("multipart/form-data; boundary=x", "--xgarbage"),
        ] {
            assert_eq!(Sent::parse(kind, &Bytes::from(body)), Err(UnreadableForm), "{kind} {body:?}");
        }
    }

    #[test]
    fn one_field_of_a_query_is_changed() {
        let fields = Fields::parse("a=1&after=x&b=+");
        assert_eq!(fields.with("after", "y z"), "a=1&after=y+z");
        assert_eq!(fields.with("after", ""), "a=1");
    }
}
