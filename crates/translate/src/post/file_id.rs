//! The name that an XML file gives itself.

/// `ИдФайл="` in windows-1251, the encoding of nearly all files of the exchange.
const IN_WINDOWS_1251: &[u8] = b"\xC8\xE4\xD4\xE0\xE9\xEB=\"";
const IN_UTF_8: &[u8] = "ИдФайл=\"".as_bytes();
/// The attribute belongs to the root element, so it stands near the beginning.
const SEARCHED_BYTES: usize = 4096;
const LONGEST: usize = 250;

/// `ИдФайл` of the root element with `.xml` added; `None` when there is none or it is no plain name.
///
/// A search instead of a parse: the file is stored and signed as it is, and whether it follows its format is for the
/// checks of the formats to say. A name is taken only if it can stand in a header and in a file system as it is.
pub(super) fn file_name(xml: &[u8]) -> Option<String> {
    let head = &xml[..xml.len().min(SEARCHED_BYTES)];
    let start = [IN_WINDOWS_1251, IN_UTF_8].into_iter().find_map(|attribute| {
        let found = head.windows(attribute.len()).position(|window| window == attribute)?;
        Some(found + attribute.len())
    })?;
    let value = head[start..].split(|byte| *byte == b'"').next()?;
    let is_plain =
        value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if value.is_empty() || value.len() > LONGEST || !is_plain {
        return None;
    }
    Some(format!("{}.xml", String::from_utf8_lossy(value)))
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn the_root_element_names_the_file() {
        let cp1251 = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><\xD4\xE0\xE9\xEB \xC8\xE4\xD4\xE0\xE9\xEB=\"DP_IZVPOL_1\">";
        for (xml, expected) in [
            (cp1251.as_slice(), Some("DP_IZVPOL_1.xml")),
            ("<Файл ИдФайл=\"DP_UVUTOCH_2\" ВерсФорм=\"1.03\">".as_bytes(), Some("DP_UVUTOCH_2.xml")),
            ("<Файл ИдФайл=\"\">".as_bytes(), None),
            ("<Файл ИдФайл=\"a/../b\">".as_bytes(), None),
            (b"%PDF-1.7".as_slice(), None),
            (b"".as_slice(), None),
        ] {
            assert_eq!(file_name(xml).as_deref(), expected);
        }
    }
}
