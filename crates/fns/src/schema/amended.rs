//! Schemas of versions whose own ones are not public: the schema of the version before, with what is known to have changed.
//!
//! The changes are those that the tax service tells in words (order 970: 5.03 after 5.02). What it does not tell is held to the
//! version before.

use super::{SchemaError, title_schemas};
use crate::recognize::TitleFormat;
use crate::xml::{Attribute, Element, Piece};

/// A schema that follows from another one.
#[derive(Debug)]
pub struct Amended {
    /// What it is called here; no file of a publisher is called so.
    pub name: &'static str,
    /// The name that the schema is published under which it follows from.
    pub of: &'static str,
    /// The names of those in whose place it stands: it counts only where none of them is at hand.
    pub instead_of: &'static [&'static str],
    amendments: &'static [Amendment],
}

/// What changed about one attribute or element, wherever it is declared.
#[derive(Debug)]
struct Amendment {
    of: &'static str,
    change: Change,
}

#[derive(Debug)]
enum Change {
    /// It is called otherwise.
    Name(&'static str),
    /// Its values are of another type: the built-in one, and facets.
    Values(&'static str, &'static [(&'static str, &'static str)]),
    /// Its values are these.
    OneOf(&'static [&'static str]),
}

/// All of them.
pub static AMENDED: [Amended; 2] = [
    Amended {
        name: SELLER_970_V503,
        of: "ON_NSCHFDOPPR_1_997_01_05_02_01.xsd",
        instead_of: title_schemas(TitleFormat::Utd970V503, 0),
        amendments: &[
            VERSION,
            Amendment {
                of: "НалСт",
                change: Change::OneOf(&[
                    "0%",
                    "5%",
                    "7%",
                    "9,09%",
                    "10%",
                    "16,67%",
                    "18%",
                    "18,03%",
                    "20%",
                    "22%",
                    "5/105",
                    "7/107",
                    "10/110",
                    "18/118",
                    "20/120",
                    "22/122",
                    "без НДС",
                    "НДС исчисляется налоговым агентом",
                ]),
            },
            Amendment { of: "НомерСчета", change: Change::Values("string", ACCOUNT) },
            Amendment { of: "КорСчет", change: Change::Values("string", ACCOUNT) },
            Amendment {
                of: "ЦенаТов",
                change: Change::Values(
                    "decimal",
                    &[("totalDigits", "26"), ("fractionDigits", "11"), ("minInclusive", "0")],
                ),
            },
            Amendment {
                of: "НомТовПрослеж",
                change: Change::Values("string", &[("minLength", "25"), ("maxLength", "29")]),
            },
            Amendment {
                of: "СтТовБезНДСПрослеж",
                change: Change::Values("decimal", &[("totalDigits", "19"), ("fractionDigits", "2")]),
            },
            Amendment { of: "КодТовОКДП2", change: Change::Name("КодТовОКПД2") },
            Amendment {
                of: "ИнфПродЗаГосКазн", change: Change::Name("ИнфПродЗаГоскКазн")
            },
        ],
    },
    Amended {
        name: BUYER_970_V503,
        of: "ON_NSCHFDOPPOK_1_997_02_05_02_01.xsd",
        instead_of: title_schemas(TitleFormat::Utd970V503, 1),
        amendments: &[VERSION],
    },
];

/// Title of the seller of order 970, version 5.03.
pub(super) const SELLER_970_V503: &str = "ON_NSCHFDOPPR_1_997_01_05_02_01.xsd → 5.03";
/// Title of the buyer of order 970, version 5.03.
pub(super) const BUYER_970_V503: &str = "ON_NSCHFDOPPOK_1_997_02_05_02_01.xsd → 5.03";

const VERSION: Amendment = Amendment { of: "ВерсФорм", change: Change::OneOf(&["5.03"]) };
const ACCOUNT: &[(&str, &str)] = &[("minLength", "1"), ("maxLength", "34")];

impl Amended {
    /// Changes the document of the schema that it follows from.
    ///
    /// # Errors
    /// The schema does not declare what changed, or not as it is published.
    pub(super) fn apply(&self, schema: &mut Element) -> Result<(), SchemaError> {
        let prefix = match schema.name.split_once(':') {
            Some((prefix, _)) => format!("{prefix}:"),
            None => String::new(),
        };
        for amendment in self.amendments {
            if amendment.apply(schema, &prefix) == 0 {
                let reason = format!("{} is not declared as {} needs it", amendment.of, self.name);
                return Err(SchemaError::invalid(None, reason));
            }
        }
        Ok(())
    }
}

impl Amendment {
    /// In how many places it changed something.
    fn apply(&self, within: &mut Element, prefix: &str) -> usize {
        let mut changed = 0;
        let is_declaration =
            ["attribute", "element"].iter().any(|kind| within.name.strip_prefix(prefix) == Some(kind));
        if is_declaration && within.attribute("name") == Some(self.of) {
            changed += usize::from(self.apply_at(within, prefix));
        }
        for child in &mut within.children {
            changed += self.apply(child, prefix);
        }
        changed
    }

    fn apply_at(&self, declaration: &mut Element, prefix: &str) -> bool {
        if let Change::Name(name) = self.change {
            return set(declaration, "name", name);
        }
        let restriction = ["simpleType", "restriction"].iter().try_fold(declaration, |element, kind| {
            element.children.iter_mut().find(|child| child.name.strip_prefix(prefix) == Some(kind))
        });
        let Some(restriction) = restriction else { return false };
        let (base, facets) = match self.change {
            Change::Name(_) => return false,
            Change::Values(base, facets) => (base, facets.to_vec()),
            Change::OneOf(values) => ("string", values.iter().map(|value| ("enumeration", *value)).collect()),
        };
        let position = restriction.position;
        let facet = |(kind, value): (&str, &str)| Element {
            name: Piece::from(format!("{prefix}{kind}")),
            attributes: vec![Attribute { name: "value".into(), value: value.into(), position }],
            children: Vec::new(),
            text: String::new(),
            position,
        };
        restriction.children = facets.into_iter().map(facet).collect();
        set(restriction, "base", &format!("{prefix}{base}"))
    }
}

/// Gives an attribute that is there another value.
fn set(element: &mut Element, name: &str, value: &str) -> bool {
    let found = element.attributes.iter_mut().find(|attribute| attribute.name == *name);
    found.map(|attribute| attribute.value = value.into()).is_some()
}

#[cfg(test)]
mod tests {
    use crate::schema::Schema;
    use crate::xml::Limits;

    use super::*;

    fn schema(attributes: &str) -> String {
        format!(
            r#"<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema"><s:element name="Файл"><s:complexType>{attributes}</s:complexType></s:element></s:schema>"#
        )
    }

    fn attribute(name: &str, restriction: &str) -> String {
        format!(r#"<s:attribute name="{name}"><s:simpleType>{restriction}</s:simpleType></s:attribute>"#)
    }

    const AMENDED: Amended = Amended {
        name: "new",
        of: "old",
        instead_of: &[],
        amendments: &[
            VERSION,
            Amendment { of: "Цена", change: Change::Values("decimal", &[("fractionDigits", "2")]) },
            Amendment { of: "Старое", change: Change::Name("Новое") },
        ],
    };

    #[test]
    fn what_changed_is_held_to_the_new_version_and_the_rest_to_the_old_one() {
        let old = [
            attribute(
                "ВерсФорм",
                r#"<s:restriction base="s:string"><s:enumeration value="5.02"/></s:restriction>"#,
            ),
            attribute("Цена", r#"<s:restriction base="s:integer"/>"#),
            attribute("Старое", r#"<s:restriction base="s:string"><s:maxLength value="2"/></s:restriction>"#),
        ];
        let bytes = schema(&old.concat());
        let before = Schema::compile(bytes.as_bytes()).unwrap();
        let after = Schema::amended(bytes.as_bytes(), &AMENDED).unwrap();
        for (attributes, is_old, is_new) in [
            (r#"ВерсФорм="5.02""#, true, false),
            (r#"ВерсФорм="5.03""#, false, true),
            (r#"Цена="1""#, true, true),
            (r#"Цена="1.25""#, false, true),
            (r#"Цена="1.255""#, false, false),
            (r#"Старое="1""#, true, false),
            (r#"Новое="1""#, false, true),
            (r#"Новое="123""#, false, false),
        ] {
            let file = format!("<Файл {attributes}/>");
            let allows =
                |schema: &Schema| schema.validate(file.as_bytes(), &Limits::TITLE).unwrap().is_empty();
            assert_eq!((allows(&before), allows(&after)), (is_old, is_new), "{attributes}");
        }
    }

    #[test]
    fn a_schema_that_lacks_what_changed_is_refused_by_its_name() {
        let bytes = schema(&attribute("Цена", r#"<s:restriction base="s:integer"/>"#));
        let error = Schema::amended(bytes.as_bytes(), &AMENDED).unwrap_err().to_string();
        assert!(error.contains("ВерсФорм") && error.contains("new"), "{error}");
    }
}
