//! The table of constructs, held to libxml2.

use std::io;
use std::path::Path;

use crate::oracle;

/// The number of documents that the table and libxml2 see differently.
pub(crate) fn judge(out: &mut impl io::Write, table: &Path, work: &Path) -> io::Result<usize> {
    let text = std::fs::read_to_string(table)?;
    let (mut judged, mut different) = (0, 0);
    for (index, part) in text.split("\n== ").skip(1).enumerate() {
        let (name, rest) = part.split_once('\n').unwrap_or((part, ""));
        let (documents, declarations): (Vec<_>, Vec<_>) =
            rest.lines().partition(|line| line.starts_with("+ ") || line.starts_with("- "));
        let folder = work.join(format!("table{index:03}"));
        std::fs::create_dir_all(&folder)?;
        let schema = folder.join("schema.xsd");
        let declarations = declarations.join("\n");
        std::fs::write(
            &schema,
            if declarations.contains("schema xmlns") {
                declarations
            } else {
                format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{declarations}</xs:schema>")
            },
        )?;
        let mut files = Vec::new();
        for (number, document) in documents.iter().enumerate() {
            let file = folder.join(format!("{number:03}.xml"));
            std::fs::write(&file, &document[2..])?;
            files.push(file);
        }
        for (document, verdict) in documents.iter().zip(oracle::judge(&schema, &files)?) {
            judged += 1;
            if verdict.good != document.starts_with('+') {
                different += 1;
                writeln!(out, "TABLE {name}: {document}: libxml2 says {}", verdict.good)?;
            }
        }
    }
    writeln!(out, "{judged} documents of the table, {different} of them seen differently by libxml2")?;
    Ok(different)
}
