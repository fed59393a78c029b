//! The folder of official schemas.

use std::path::{Path, PathBuf};

use potok_app::Schemas;
use potok_types::with_causes;

use crate::StartError;

/// All schemas of the folder: its files that end with `.xsd`.
///
/// # Errors
/// [`StartError::Schema`] names the file: a server that was given a schema and does not hold files to it would be worse
/// than one that does not start.
pub(crate) fn read(folder: &Path) -> Result<Schemas, StartError> {
    let refused = |path: &Path, reason: String| StartError::Schema { path: path.to_owned(), reason };
    let entries = std::fs::read_dir(folder).map_err(|error| refused(folder, error.to_string()))?;
    let mut schemas = Schemas::default();
    for entry in entries {
        let path: PathBuf = entry.map_err(|error| refused(folder, error.to_string()))?.path();
        let is_schema = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xsd"));
        let name = path.file_name().and_then(|name| name.to_str()).filter(|_| is_schema);
        let Some(name) = name else { continue };
        let bytes = std::fs::read(&path).map_err(|error| refused(&path, error.to_string()))?;
        schemas.add(name, &bytes).map_err(|error| refused(&path, with_causes(&error)))?;
    }
    if schemas.is_empty() {
        return Err(refused(folder, "the folder has no *.xsd files".to_owned()));
    }
    tracing::info!(folder = %folder.display(), schemas = schemas.len(), "posted files are held to schemas");
    Ok(schemas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_whole_or_the_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let refusal = || read(folder.path()).unwrap_err().to_string();
        assert!(refusal().contains("no *.xsd"), "{}", refusal());
        let schema = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:string"/></xs:schema>"#;
        std::fs::write(file("a.xsd"), schema).unwrap();
        std::fs::write(file("b.XSD"), schema).unwrap();
        std::fs::write(file("c.txt"), "<").unwrap();
        assert_eq!(read(folder.path()).unwrap().len(), 2);
        std::fs::write(file("d.xsd"), "<").unwrap();
        assert!(refusal().contains("d.xsd"), "{}", refusal());
        let missing = read(&file("none")).unwrap_err().to_string();
        assert!(missing.contains("none"), "{missing}");
    }
}
