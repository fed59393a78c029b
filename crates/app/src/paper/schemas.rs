//! Official schemas that whoever runs the server has given it, and files held to them.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use potok_fns::Remark;
use potok_fns::recognize::TitleFormat;
use potok_fns::schema::{AMENDED, Schema, SchemaError, service_schemas, title_checks};
use potok_fns::service::ServiceKind;
use potok_fns::xml::{Limits, XmlError};
use potok_room::Room;
use potok_titles::{Format, LIMITS, broken_rules, has_rules};

use super::titles::room_for;
use crate::CoreError;

/// Schemas by the names that they are published under. Without any, nothing is held to them.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    by_name: Arc<HashMap<String, Given>>,
    /// Those that follow from them, by the names they have here.
    amended: Arc<HashMap<&'static str, Schema>>,
    /// Titles are held to the rules of their formats too that schemas do not say.
    has_rules: bool,
}

/// What a file is, and so what it is held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfficialFile {
    /// A title of a format, by its number.
    Title(TitleFormat, i32),
    /// A service document.
    Service(ServiceKind),
}

impl OfficialFile {
    /// Names of schemas, the newest first, and what such a file may be at most.
    const fn held_to(self) -> (&'static [&'static str], Limits) {
        match self {
            Self::Title(format, index) => (title_checks(format, index), Limits::TITLE),
            Self::Service(kind) => (service_schemas(kind), Limits::SERVICE),
        }
    }

    /// Whether its format asks for what no schema says.
    fn has_rules(self) -> bool {
        matches!(self, Self::Title(format, index) if has_rules(format, index))
    }
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
        for amended in AMENDED.iter().filter(|amended| amended.of == file_name) {
            match Schema::amended(bytes, amended) {
                Ok(schema) => {
                    Arc::make_mut(&mut self.amended).insert(amended.name, schema);
                }
                // The schema itself is good, and was given for what it says.
                Err(error) => {
                    tracing::warn!(file = file_name, %error, "the next version does not follow from a schema")
                }
            }
        }
        Arc::make_mut(&mut self.by_name).insert(file_name.to_owned(), given);
        Ok(())
    }

    /// The same, with or without the rules that schemas do not say.
    #[must_use]
    pub fn with_rules(self, has_rules: bool) -> Self {
        Self { has_rules, ..self }
    }

    /// The file of this name, as it was given.
    pub(crate) fn bytes(&self, file_name: &str) -> Option<Bytes> {
        Some(self.by_name.get(file_name)?.bytes.clone())
    }

    /// The schema of this name, or one that follows from another and stands in the place of what is not here.
    pub(crate) fn schema(&self, name: &str) -> Option<Schema> {
        let own = |name: &str| self.by_name.get(name).map(|given| &given.schema);
        let amended = || {
            let amended = AMENDED.iter().find(|amended| amended.name == name)?;
            let is_needed = amended.instead_of.iter().all(|&name| own(name).is_none());
            self.amended.get(name).filter(|_| is_needed)
        };
        own(name).or_else(amended).cloned()
    }

    /// Those of a title, as far as they are here, the newest first.
    pub(crate) fn of_title(&self, format: Format) -> Vec<Schema> {
        let names = format.title_format().map_or(&[][..], |known| title_checks(known, format.title_index()));
        names.iter().filter_map(|name| self.schema(name)).collect()
    }

    /// Whether titles are held to the rules of their formats that schemas do not say.
    pub const fn has_rules(&self) -> bool {
        self.has_rules
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// What an official file has against the schemas of its format, as far as they are among these, and the rules beside them.
    ///
    /// # Errors
    /// [`CoreError::NoRoom`], [`CoreError::CutOff`].
    pub(crate) async fn remarks(
        &self,
        room: &Room,
        bytes: &Bytes,
        file: OfficialFile,
    ) -> Result<Vec<Remark>, CoreError> {
        let (names, limits) = file.held_to();
        let schemas: Vec<Schema> = names.iter().filter_map(|name| self.schema(name)).collect();
        // Of longer ones no trees are made.
        let has_rules = self.has_rules && file.has_rules() && bytes.len() <= LIMITS.bytes;
        if schemas.is_empty() && !has_rules {
            return Ok(Vec::new());
        }
        // Rules are looked for in the whole file at once.
        let _taken = room.memory.take(if has_rules { room_for(bytes.len()) } else { 0 })?;
        let judged = room.read(bytes, move |bytes| {
            let mut found = judge(&schemas, bytes, &limits)?;
            if has_rules {
                found.extend(broken_rules(bytes, None)?.iter().map(Remark::from));
            }
            Ok(found)
        });
        Ok(judged.await?.unwrap_or_else(|error: XmlError| vec![Remark::from(&error)]))
    }
}

/// What the newest of some schemas does not allow; nothing when one of them allows all, or there is none.
fn judge(schemas: &[Schema], bytes: &[u8], limits: &Limits) -> Result<Vec<Remark>, XmlError> {
    let mut first = None;
    for schema in schemas {
        let violations = schema.validate(bytes, limits)?;
        if violations.is_empty() {
            return Ok(Vec::new());
        }
        first.get_or_insert(violations);
    }
    Ok(first.iter().flatten().map(Remark::from).collect())
}
