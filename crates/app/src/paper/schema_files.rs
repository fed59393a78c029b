//! `GetContent`: the schemas of a format, by which programs check what they make.

use bytes::Bytes;
use potok_domain::registry;
use potok_fns::recognize::TitleFormat;
use potok_fns::schema::title_schemas;
use potok_titles::Format;
use potok_types::Invalid;
use potok_types::access::KnownClient;

use super::{Paper, PaperError};
use crate::Permit;

/// Which schema is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedSchema {
    /// That of the title, as the tax service published it.
    Title,
    /// That of the data of which the title is made.
    Contract,
    /// That of what those data say of who signs.
    Signers,
}

/// A title of a format, as the query of `GetContent` names it.
#[derive(Clone, Copy, Debug)]
pub struct NamedTitle<'a> {
    /// The type.
    pub type_named_id: &'a str,
    /// The function.
    pub function: &'a str,
    /// The version.
    pub version: &'a str,
    /// The number of the title, from 0 on.
    pub index: i64,
}

/// A schema with the name of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFile {
    /// The name, ASCII.
    pub name: String,
    /// The schema itself.
    pub content: Bytes,
}

impl WantedSchema {
    /// The schema by its name or number.
    ///
    /// # Errors
    /// [`Invalid`] for anything else.
    pub fn named(text: &str) -> Result<Self, Invalid> {
        match text {
            "0" | "TitleXsd" => Ok(Self::Title),
            "1" | "UserContractXsd" => Ok(Self::Contract),
            "2" | "SignerUserContractXsd" => Ok(Self::Signers),
            _ => Err(invalid("contentType", "TitleXsd, UserContractXsd and SignerUserContractXsd are known")),
        }
    }
}

fn invalid(name: &str, reason: impl Into<String>) -> Invalid {
    Invalid::new(format!("query parameter {name}"), reason)
}

impl Paper {
    /// The schema of a title, of its contract, or of the signers in it. That of a title is one of those that whoever runs the
    /// server has given it; the others follow from the tables by which titles are made.
    ///
    /// # Errors
    /// `CoreError::Invalid` for what is not known, or not here.
    pub async fn schema(
        &self,
        _: &Permit<KnownClient>,
        title: NamedTitle<'_>,
        wanted: WantedSchema,
    ) -> Result<SchemaFile, PaperError> {
        let NamedTitle { type_named_id, function, version, index } = title;
        let resolved = registry::resolve(type_named_id, Some(function), Some(version), None);
        let kind = resolved.map_err(|error| {
            let name = match error {
                registry::Unresolved::Type(_) => "typeNamedId",
                registry::Unresolved::Function { .. } => "function",
                _ => "version",
            };
            invalid(name, error.to_string())
        })?;
        let version = kind.kind.version;
        let index = i32::try_from(index).unwrap_or(-1);
        if wanted == WantedSchema::Title {
            return self.title_schema(&version, index).map_err(PaperError::from);
        }
        let format = Format::find(&version, index).ok_or_else(|| {
            let reason = format!("this server does not make title {index} of version {version}");
            invalid("version", reason)
        })?;
        let of_signers = || {
            let reason = format!("the data of title {index} of version {version} say nothing of who signs");
            format.signers_schema().ok_or_else(|| invalid("contentType", reason))
        };
        let (what, content) = match wanted {
            WantedSchema::Signers => ("SignerUserContract", of_signers()?),
            _ => ("UserContract", format.contract_schema()),
        };
        Ok(SchemaFile { name: format!("{version}_{index}_{what}.xsd"), content: Bytes::from(content) })
    }

    fn title_schema(&self, version: &str, index: i32) -> Result<SchemaFile, Invalid> {
        let names = TitleFormat::of_version(version).map_or(&[][..], |format| title_schemas(format, index));
        let found = names.iter().find_map(|&name| Some((name, self.schemas.bytes(name)?)));
        let Some((name, content)) = found else {
            let reason = match names {
                [] => format!("no schema of title {index} of version {version} is known here"),
                _ => format!(
                    "the schema of title {index} of version {version} was not given to this server: its administrator puts {} \
                     into the folder of schemas",
                    names.join(" or ")
                ),
            };
            return Err(invalid("version", reason));
        };
        Ok(SchemaFile { name: name.to_owned(), content })
    }
}
