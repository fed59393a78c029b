//! Small schemas, each with one construct, and documents that they allow or not.

use potok_fns::schema::{Schema, SchemaError};
use potok_fns::xml::Limits;

use crate::samples::sample;

const HEAD: &str = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">";

/// A schema around declarations, unless they are one.
fn schema(text: &str) -> String {
    if text.contains("schema xmlns") { text.to_owned() } else { format!("{HEAD}{text}</xs:schema>") }
}

#[test]
fn constructs_mean_what_they_say() {
    let table = String::from_utf8(sample("constructs.txt")).unwrap();
    let mut judged = 0;
    for part in table.split("\n== ").skip(1) {
        let (name, rest) = part.split_once('\n').unwrap();
        let (documents, declarations): (Vec<_>, Vec<_>) =
            rest.lines().partition(|line| line.starts_with("+ ") || line.starts_with("- "));
        let schema = Schema::compile(schema(&declarations.join("\n")).as_bytes())
            .unwrap_or_else(|error| panic!("{name}: {error} {:?}", std::error::Error::source(&error)));
        for document in documents {
            let found = schema.validate(&document.as_bytes()[2..], &Limits::SERVICE).unwrap();
            assert_eq!(found.is_empty(), document.starts_with('+'), "{name}: {document}: {found:?}");
            judged += 1;
        }
    }
    assert!(judged > 200, "{judged}");
}

#[test]
fn unknown_constructs_are_refused_by_name() {
    let element = |inside: &str| format!("<xs:element name='а'>{inside}</xs:element>");
    let simple = |inside: &str| element(&format!("<xs:simpleType>{inside}</xs:simpleType>"));
    let complex = |inside: &str| element(&format!("<xs:complexType>{inside}</xs:complexType>"));
    for (declarations, named) in [
        ("<xs:include schemaLocation='b.xsd'/>".to_owned(), "include in schema"),
        ("<xs:import namespace='urn:x'/>".into(), "import in schema"),
        ("<xs:redefine schemaLocation='b.xsd'/>".into(), "redefine in schema"),
        ("<xs:notation name='n' public='p'/>".into(), "notation in schema"),
        (element("<xs:key name='k'><xs:selector xpath='.'/></xs:key>"), "key in element"),
        (element("<xs:unique name='k'/>"), "unique in element"),
        ("<xs:element name='а' substitutionGroup='б'/>".into(), "the attribute substitutionGroup of element"),
        ("<xs:element name='а' abstract='true'/>".into(), "the attribute abstract of element"),
        ("<xs:element name='а' block='extension'/>".into(), "the attribute block of element"),
        (simple("<xs:list itemType='xs:int'/>"), "list in simpleType"),
        (simple("<xs:union memberTypes='xs:int xs:date'/>"), "union in simpleType"),
        (
            simple("<xs:restriction base='xs:string'><xs:assertion test='1'/></xs:restriction>"),
            "assertion in",
        ),
        (simple("<xs:restriction base='xs:anySimpleType'/>"), "a restriction of anySimpleType"),
        (
            complex("<xs:complexContent><xs:restriction base='xs:anyType'/></xs:complexContent>"),
            "restriction in complexContent",
        ),
        (complex("<xs:openContent/>"), "openContent in complexType"),
        (complex("<xs:attribute name='б' type='xs:ID'/>"), "type xs:ID"),
        (complex("<xs:attribute name='б' type='xs:нет'/>"), "type xs:нет"),
        (complex("<xs:attribute ref='xml:lang'/>"), "xml:lang of another schema"),
        (complex("<x:y xmlns:x='urn:x'/>"), "x:y"),
    ] {
        match Schema::compile(schema(&declarations).as_bytes()) {
            Err(SchemaError::Unsupported { construct, .. }) => {
                assert!(construct.contains(named), "{construct} instead of {named}");
            }
            other => panic!("{declarations}: {other:?} instead of {named}"),
        }
    }
}

#[test]
fn wrong_schemas_are_refused_with_the_place() {
    let element = |inside: &str| format!("<xs:element name='а'>{inside}</xs:element>");
    let complex = |inside: &str| element(&format!("<xs:complexType>{inside}</xs:complexType>"));
    let two = "<xs:element name='б' minOccurs='0' type='xs:int'/><xs:element name='б' type='xs:int'/>";
    for (declarations, reason) in [
        ("<xs:element/>".to_owned(), "no name"),
        ("<xs:element name='а б'/>".into(), "is no name"),
        ("<xs:element name='а' type='нет'/>".into(), "there is no type"),
        ("<xs:element name='а' type='date'/>".into(), "there is no type \"date\""),
        ("<xs:element name='а' type='x:date'/>".into(), "prefix"),
        ("<xs:element name='а'/><xs:element name='а'/>".into(), "two of the name"),
        ("<xs:element name='а' type='xs:int' default='x'/>".into(), "none of its type"),
        ("<xs:element name='а' default='x' fixed='x'/>".into(), "a default and a fixed value"),
        ("<xs:element name='а' nillable='да'/>".into(), "nillable cannot be"),
        ("<xs:element name='а' minOccurs='2'/>".into(), "cannot have minOccurs here"),
        (complex("текст"), "text"),
        (complex(&format!("<xs:sequence>{two}</xs:sequence>")), "ambiguous"),
        (complex("<xs:sequence><xs:element name='б' maxOccurs='0'/></xs:sequence>"), "minOccurs is more"),
        (complex("<xs:sequence/><xs:choice/>"), "another one before it"),
        (complex("<xs:all><xs:element name='б' maxOccurs='2'/></xs:all>"), "at most once"),
        (complex("<xs:attribute name='б'/><xs:attribute name='б'/>"), "two attributes of one name"),
        (complex("<xs:attribute name='б' type='Т'/>") + "<xs:complexType name='Т'/>", "no simple type"),
        ("<xs:simpleType name='А'><xs:restriction base='Б'/></xs:simpleType><xs:simpleType name='Б'><xs:restriction base='А'/></xs:simpleType>".into(), "made from itself"),
        ("<xs:group name='г'><xs:sequence><xs:group ref='г'/></xs:sequence></xs:group>".into(), "made from each other"),
        ("<xs:simpleType name='А'><xs:restriction base='xs:string'><xs:pattern value='['/></xs:restriction></xs:simpleType>".into(), "'[' without ']'"),
    ] {
        match Schema::compile(schema(&declarations).as_bytes()) {
            Err(error @ SchemaError::Invalid { .. }) => {
                assert!(error.to_string().contains(reason), "{error} instead of {reason}");
            }
            other => panic!("{declarations}: {other:?} instead of {reason}"),
        }
    }
}

#[test]
fn values_are_compared_as_values_where_libxml2_compares_words() {
    let schema =
        schema("<xs:element name='а' type='xs:decimal' fixed='1.5'/><xs:element name='б' type='xs:date'/>");
    let schema = Schema::compile(schema.as_bytes()).unwrap();
    for document in ["<а>01.50</а>", "<а/>", "<б> 2024-02-29 </б>"] {
        assert_eq!(schema.validate(document.as_bytes(), &Limits::SERVICE), Ok(vec![]), "{document}");
    }
    assert_eq!(schema.validate("<а>1.51</а>".as_bytes(), &Limits::SERVICE).unwrap().len(), 1);
}
