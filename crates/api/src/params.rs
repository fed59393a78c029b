//! Typed query parameters.

use potok_types::limits::FILTER_VALUES;
use potok_types::{BoxId, DepartmentId, EntityId, EventId, IndexKey, MessageId, OrgId, UserId};

use crate::{ParamKind, ParamSpec, QueryError, QueryMap, QueryWriter};

/// The query of a method.
pub trait QueryParams: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static {
    /// Its parameters, required ones first.
    const PARAMS: &'static [ParamSpec];

    /// Reads them; parameters that are not ours are ignored.
    ///
    /// # Errors
    /// The first parameter that is missing or wrong.
    fn read(map: &QueryMap<'_>) -> Result<Self, QueryError>;

    /// Writes those that are set.
    fn write(&self, out: &mut QueryWriter);

    /// Reads the part of a target after `?`.
    ///
    /// # Errors
    /// As [`QueryParams::read`].
    fn parse(raw: &str) -> Result<Self, QueryError> {
        Self::read(&QueryMap::parse(raw))
    }

    /// The part of a target after `?`; empty when nothing is set.
    fn to_query_string(&self) -> String {
        let mut out = QueryWriter::default();
        self.write(&mut out);
        out.finish()
    }
}

/// A type that one parameter can have.
pub trait QueryField: Sized {
    /// How its text is read.
    const KIND: ParamKind;
    /// Whether a call without it is refused.
    const REQUIRED: bool;

    /// Reads the parameter.
    ///
    /// # Errors
    /// It is required and absent, or has the wrong form.
    fn read(map: &QueryMap<'_>, param: &ParamSpec) -> Result<Self, QueryError>;

    /// Writes the parameter if it is set.
    fn write(&self, name: &str, out: &mut QueryWriter);
}

/// Text that the server made and the client hands back: a token, a page position. It holds no blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Opaque(pub String);

impl<T: Into<String>> From<T> for Opaque {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// Implements [`QueryField`] for a type and for its `Option`, from a reader and a writer.
macro_rules! fields {
    ($($type:ty: $kind:ident, $read:expr, $write:expr;)*) => {$(
        impl QueryField for $type {
            const KIND: ParamKind = ParamKind::$kind;
            const REQUIRED: bool = true;

            fn read(map: &QueryMap<'_>, param: &ParamSpec) -> Result<Self, QueryError> {
                <Option<Self> as QueryField>::read(map, param)?.ok_or_else(|| QueryError::missing(param))
            }

            fn write(&self, name: &str, out: &mut QueryWriter) {
                let text: fn(&$type) -> String = $write;
                out.push(name, &text(self));
            }
        }

        impl QueryField for Option<$type> {
            const KIND: ParamKind = ParamKind::$kind;
            const REQUIRED: bool = false;

            fn read(map: &QueryMap<'_>, param: &ParamSpec) -> Result<Self, QueryError> {
                let value: fn(&str) -> Option<$type> = $read;
                map.text(param)?
                    .map(|text| value(&text).ok_or_else(|| QueryError::invalid(param, &text)))
                    .transpose()
            }

            fn write(&self, name: &str, out: &mut QueryWriter) {
                if let Some(value) = self {
                    value.write(name, out);
                }
            }
        }
    )*};
}

fields! {
    String: Text, |text| Some(text.to_owned()), String::clone;
    // The GUID form is the one that the API asks callers to send.
    BoxId: BoxId, |text| text.parse().ok(), |id| id.guid();
    MessageId: Guid, |text| text.parse().ok(), MessageId::to_string;
    EntityId: Guid, |text| text.parse().ok(), EntityId::to_string;
    EventId: Guid, |text| text.parse().ok(), EventId::to_string;
    UserId: Guid, |text| text.parse().ok(), UserId::to_string;
    DepartmentId: Guid, |text| text.parse().ok(), DepartmentId::to_string;
    OrgId: Guid, |text| text.parse().ok(), OrgId::to_string;
    IndexKey: IndexKey, |text| text.parse().ok(), IndexKey::to_string;
    Opaque: Opaque, |text| Some(Opaque(text.to_owned())), |text| text.0.clone();
    i64: Int, |text| text.trim().parse().ok(), i64::to_string;
}

fn read_bool(text: &str) -> Option<bool> {
    match text.trim() {
        "1" => Some(true),
        "0" => Some(false),
        word if word.eq_ignore_ascii_case("true") => Some(true),
        word if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A presence flag.
impl QueryField for bool {
    const KIND: ParamKind = ParamKind::Flag;
    const REQUIRED: bool = false;

    /// Any value but `false` and `0` means true, also none.
    fn read(map: &QueryMap<'_>, param: &ParamSpec) -> Result<Self, QueryError> {
        Ok(map.has(param.name) && map.text(param)?.is_none_or(|text| read_bool(&text) != Some(false)))
    }

    fn write(&self, name: &str, out: &mut QueryWriter) {
        if *self {
            out.push_flag(name);
        }
    }
}

/// A boolean whose default the method knows.
impl QueryField for Option<bool> {
    const KIND: ParamKind = ParamKind::Bool;
    const REQUIRED: bool = false;

    fn read(map: &QueryMap<'_>, param: &ParamSpec) -> Result<Self, QueryError> {
        map.text(param)?
            .map(|text| read_bool(&text).ok_or_else(|| QueryError::invalid(param, &text)))
            .transpose()
    }

    fn write(&self, name: &str, out: &mut QueryWriter) {
        if let Some(value) = self {
            out.push(name, if *value { "true" } else { "false" });
        }
    }
}

/// Values separated by commas; blanks around them and empty ones are dropped.
impl QueryField for Vec<String> {
    const KIND: ParamKind = ParamKind::List;
    const REQUIRED: bool = false;

    fn read(map: &QueryMap<'_>, param: &ParamSpec) -> Result<Self, QueryError> {
        let text = map.text(param)?.unwrap_or_default();
        let items: Vec<String> =
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect();
        if items.len() > FILTER_VALUES {
            return Err(QueryError::TooMany { param: *param, most: FILTER_VALUES });
        }
        Ok(items)
    }

    fn write(&self, name: &str, out: &mut QueryWriter) {
        if !self.is_empty() {
            out.push(name, &self.join(","));
        }
    }
}

/// Declares query structs: required fields first, then a semicolon, then optional ones.
macro_rules! queries {
    ($(
        $(#[$meta:meta])*
        $name:ident {
            $($(#[$rmeta:meta])* $rfield:ident: $rtype:ty = $rname:literal),* $(,)?;
            $($(#[$ometa:meta])* $ofield:ident: $otype:ty = $oname:literal),* $(,)?
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$rmeta])* pub $rfield: $rtype,)*
            $($(#[$ometa])* pub $ofield: $otype,)*
        }

        impl $name {
            /// The query with what is required; everything else is absent.
            #[expect(clippy::allow_attributes, reason = "only some declarations trip the lints")]
            #[allow(clippy::too_many_arguments, clippy::new_without_default, reason = "one argument per parameter")]
            pub fn new($($rfield: impl Into<$rtype>),*) -> Self {
                Self { $($rfield: $rfield.into(),)* $($ofield: Default::default(),)* }
            }
        }

        impl $crate::QueryParams for $name {
            const PARAMS: &'static [$crate::ParamSpec] = &[
                $($crate::ParamSpec {
                    name: $rname,
                    required: <$rtype as $crate::QueryField>::REQUIRED,
                    kind: <$rtype as $crate::QueryField>::KIND,
                },)*
                $($crate::ParamSpec {
                    name: $oname,
                    required: <$otype as $crate::QueryField>::REQUIRED,
                    kind: <$otype as $crate::QueryField>::KIND,
                },)*
            ];

            fn read(map: &$crate::QueryMap<'_>) -> Result<Self, $crate::QueryError> {
                let mut params = Self::PARAMS.iter();
                let mut next = || params.next().expect("PARAMS has one entry per field");
                Ok(Self {
                    $($rfield: $crate::QueryField::read(map, next())?,)*
                    $($ofield: $crate::QueryField::read(map, next())?,)*
                })
            }

            fn write(&self, out: &mut $crate::QueryWriter) {
                $($crate::QueryField::write(&self.$rfield, $rname, out);)*
                $($crate::QueryField::write(&self.$ofield, $oname, out);)*
            }
        }
    )*};
}
pub(crate) use queries;

/// The query of a method that takes no parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoQuery;

impl QueryParams for NoQuery {
    const PARAMS: &'static [ParamSpec] = &[];

    fn read(_: &QueryMap<'_>) -> Result<Self, QueryError> {
        Ok(Self)
    }

    fn write(&self, _: &mut QueryWriter) {}
}
