//! What a server keeps, so that tests can say that a call has changed nothing.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};

use crate::World;

impl World {
    /// Everything that the server keeps over the embedded store: the number of rows and a hash of all of them by table, and the
    /// length of each file beside the database.
    ///
    /// # Panics
    /// On PostgreSQL.
    pub fn kept(&self) -> BTreeMap<String, String> {
        let folder = self.folder();
        let mut kept = BTreeMap::new();
        files(folder, folder, &mut kept);
        let open = Connection::open_with_flags(folder.join("potok.db"), OpenFlags::SQLITE_OPEN_READ_ONLY);
        let connection = open.expect("the database can be read beside the server");
        let mut names = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .expect("every database has this table");
        let names = names.query_map([], |row| row.get::<_, String>(0)).expect("it can be asked");
        for name in names {
            let name = name.expect("names are text");
            let rows = rows(&connection, &name);
            kept.insert(name, rows);
        }
        kept
    }
}

fn rows(connection: &Connection, table: &str) -> String {
    let mut statement =
        connection.prepare(&format!("SELECT * FROM \"{table}\"")).expect("the table is there");
    let columns = statement.column_count();
    let (mut count, mut hash) = (0, Sha256::new());
    let mut rows = statement.query([]).expect("it can be asked");
    while let Some(row) = rows.next().expect("it can be read") {
        count += 1;
        for column in 0..columns {
            match row.get_ref(column).expect("the column is there") {
                ValueRef::Null => hash.update([0]),
                ValueRef::Integer(value) => hash.update(value.to_le_bytes()),
                ValueRef::Real(value) => hash.update(value.to_le_bytes()),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                    hash.update(bytes.len().to_le_bytes());
                    hash.update(bytes);
                }
            }
        }
    }
    let hash: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{count} {hash}")
}

fn files(root: &Path, folder: &Path, kept: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            files(root, &path, kept);
            continue;
        }
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        if !name.starts_with("potok.db") {
            kept.insert(
                name,
                std::fs::metadata(&path).map(|file| file.len()).unwrap_or_default().to_string(),
            );
        }
    }
}
