//! Official schemas that whoever runs the server has given it, and files held to them.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use potok_fns::Remark;
use potok_fns::recognize::TitleFormat;
use potok_fns::schema::{Schema, SchemaError, Violation, title_schemas};
use potok_fns::xml::{Limits, XmlError};
use potok_room::Room;
use potok_titles::Format;

use crate::CoreError;

/// Schemas by the names that they are published under. Without any, nothing is held to them.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    by_name: Arc<HashMap<String, Given>>,
}

/// A schema as it was given, and as files are held to it.
#[derive(Clone, Debug)]
struct Given {
    bytes: Bytes,
    schema: Schema,
}

impl Schemas {
    /// Adds the schema of a file.
    ///
    /// # Errors
    /// The bytes are not safe, not a schema, or a schema that uses what is not known.
    pub fn add(&mut self, file_name: &str, bytes: &[u8]) -> Result<(), SchemaError> {
        let given = Given { bytes: Bytes::copy_from_slice(bytes), schema: Schema::compile(bytes)? };
        Arc::make_mut(&mut self.by_name).insert(file_name.to_owned(), given);
        Ok(())
    }

    /// The file of this name, as it was given.
    pub(crate) fn bytes(&self, file_name: &str) -> Option<Bytes> {
        Some(self.by_name.get(file_name)?.bytes.clone())
    }

    /// The schema of this name.
    pub(crate) fn schema(&self, file_name: &str) -> Option<Schema> {
        Some(self.by_name.get(file_name)?.schema.clone())
    }

    /// Those of a title, as far as they are here, the newest first.
    pub(crate) fn of_title(&self, format: Format) -> Vec<Schema> {
        let (version, index) = (format.version(), format.title_index());
        let names = TitleFormat::of_version(version).map_or(&[][..], |format| title_schemas(format, index));
        names.iter().filter_map(|name| self.schema(name)).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// What an official file has against the schemas of its format, the newest first under `names`, as far as they are
    /// among these.
    ///
    /// # Errors
    /// [`CoreError::NoRoom`], [`CoreError::CutOff`].
    pub(crate) async fn remarks(
        &self,
        room: &Room,
        bytes: &Bytes,
        (names, limits): (&'static [&'static str], Limits),
    ) -> Result<Vec<Remark>, CoreError> {
        if !names.iter().any(|&name| self.by_name.contains_key(name)) {
            return Ok(Vec::new());
        }
        let schemas = self.clone();
        let judged = room.read(bytes, move |bytes| schemas.judge(bytes, names, &limits));
        Ok(match judged.await? {
            Ok(violations) => violations.iter().flatten().map(Remark::from).collect(),
            Err(error) => vec![Remark::from(&error)],
        })
    }

    /// What the newest of the named schemas does not allow; `None` when one of them allows all, or none is here.
    fn judge(
        &self,
        bytes: &[u8],
        names: &[&str],
        limits: &Limits,
    ) -> Result<Option<Vec<Violation>>, XmlError> {
        let mut first = None;
        for &name in names {
            let Some(given) = self.by_name.get(name) else { continue };
            let violations = given.schema.validate(bytes, limits)?;
            if violations.is_empty() {
                return Ok(None);
            }
            first.get_or_insert(violations);
        }
        Ok(first)
    }
}
