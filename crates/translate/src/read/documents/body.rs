//! The body of `POST /V4/GetDocuments`.

use std::str::FromStr;

use potok_domain::Direction;
use potok_domain::access::Scope;
use potok_domain::query::{DepartmentChoice, DocumentClass, DocumentFilter, DocumentOrder, DocumentsRequest};
use potok_domain::rows::{StatusSet, Sum, TagQuery, fold};
use potok_types::InvalidId;
use potok_wire::proto::SortDirection;
use potok_wire::proto::documents::GetDocumentsV4Request;

use super::category;
use super::names::Names;
use crate::BadRequest;

const NAMES: Names = Names {
    what: "GetDocumentsV4Request.",
    number: "DocumentNumbers",
    dates: ("FromDocumentDate", "ToDocumentDate"),
    times: ("FromTimestamp", "ToTimestamp"),
    count: "Count",
    after: "AfterIndexKey",
};

/// Elements of one list.
const LONGEST_LIST: usize = 10;

/// Reads the body.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn v4(body: GetDocumentsV4Request) -> Result<DocumentsRequest, BadRequest> {
    let is_descending = body.sort_direction() == SortDirection::Descending;
    let class = category::class(&body.document_category)
        .map_err(|expected| NAMES.wrong("DocumentCategory", &body.document_category, &expected))?;
    let ticks = |at: Option<potok_wire::proto::Timestamp>| at.map(|at| at.ticks);
    let times = NAMES.times(ticks(body.from_timestamp), ticks(body.to_timestamp))?;
    let dates = NAMES.dates(body.from_document_date.as_deref(), body.to_document_date.as_deref())?;
    NAMES.exclude_times(times != (None, None), !body.document_numbers.is_empty(), dates != (None, None))?;
    let order = if dates == (None, None) { DocumentOrder::Time } else { DocumentOrder::Date };
    let is_internal = class == DocumentClass::Direction(Direction::Internal);
    let statuses: Vec<StatusSet> =
        each("DocumentStatuses", body.document_statuses, |word| category::status(word))?;
    let counteragents = each("CounteragentBoxIds", body.counteragent_box_ids, |text| id(text))?;
    let from_departments = each("FromDepartmentIds", body.from_department_ids, |text| id(text))?;
    let to_departments = each("ToDepartmentIds", body.to_department_ids, |text| id(text))?;
    let sum_range = (
        body.from_total_sum.as_deref().map(|text| sum("FromTotalSum", text)).transpose()?,
        body.to_total_sum.as_deref().map(|text| sum("ToTotalSum", text)).transpose()?,
    );
    if let (Some(from), Some(to)) = sum_range
        && from > to
    {
        return Err(BadRequest::worded(
            "GetDocumentsV4Request.FromTotalSum is larger than ToTotalSum: exchange them",
        ));
    }
    let tags = each("CustomData", body.custom_data, |tag| {
        let is_key = !tag.key.trim().is_empty();
        let tag = TagQuery { key: fold(tag.key.trim()), value: tag.value.as_deref().map(fold) };
        is_key.then_some(tag).ok_or_else(|| "a tag without a key: name its Key".to_owned())
    })?;
    let departments = each("Departments", body.departments, |choice| {
        Ok(DepartmentChoice {
            department: id(&choice.department_id)?,
            with_children: !choice.exclude_subdepartments(),
            is_named: true,
        })
    })?;
    let text = |text: &String| Ok(text.trim().to_owned());
    Ok(DocumentsRequest {
        filter: DocumentFilter {
            class: Some(class),
            statuses: statuses.into_iter().reduce(StatusSet::with).unwrap_or(StatusSet::ANY),
            types: each("DocumentTypeNamedIds", body.document_type_named_ids, |name| {
                category::known_type(name)
            })?,
            counteragents,
            within: Scope::All,
            from_departments: if is_internal { from_departments } else { Vec::new() },
            to_departments: if is_internal { to_departments } else { Vec::new() },
            numbers: each("DocumentNumbers", body.document_numbers, text)?,
            file_names: each("FileNames", body.file_names, text)?,
            dates,
            times,
            sums: each("TotalSums", body.total_sums, |text| Sum::parse(text).ok_or_else(decimal))?,
            sum_range,
            tags,
        },
        departments,
        order,
        is_descending,
        after: NAMES.after(order, body.after_index_key.as_deref())?,
        limit: NAMES.count(body.count.map(i64::from))?,
    })
}

/// Reads a list of at most ten elements.
fn each<S, T>(
    name: &str,
    items: Vec<S>,
    read: impl Fn(&S) -> Result<T, String>,
) -> Result<Vec<T>, BadRequest> {
    if items.len() > LONGEST_LIST {
        return Err(BadRequest::worded(format!(
            "GetDocumentsV4Request.{name} has {} elements: give at most {LONGEST_LIST}",
            items.len()
        )));
    }
    let read = |(index, item)| {
        read(item)
            .map_err(|reason| BadRequest::worded(format!("GetDocumentsV4Request.{name}[{index}]: {reason}")))
    };
    items.iter().enumerate().map(read).collect()
}

fn id<T: FromStr<Err = InvalidId>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: InvalidId| error.to_string())
}

fn sum(name: &str, text: &str) -> Result<Sum, BadRequest> {
    Sum::parse(text).ok_or_else(|| NAMES.wrong(name, text, &decimal()))
}

fn decimal() -> String {
    "a decimal number is expected, as in 1200.50".to_owned()
}

#[cfg(test)]
mod tests {
    use potok_domain::rows::StatusWord;
    use potok_wire::proto::documents::DepartmentFilter;
    use potok_wire::proto::{CustomDataItem, Timestamp};

    use super::*;

    fn body() -> GetDocumentsV4Request {
        GetDocumentsV4Request { document_category: "Inbound".to_owned(), ..GetDocumentsV4Request::default() }
    }

    #[test]
    fn a_bare_category_asks_for_everything_of_the_class() {
        let request = v4(body()).unwrap();
        let expected = DocumentFilter {
            class: Some(DocumentClass::Direction(Direction::Inbound)),
            statuses: StatusSet::ANY,
            ..DocumentFilter::default()
        };
        assert_eq!(request.filter, expected);
        assert!(request.departments.is_empty() && !request.is_descending);
        assert_eq!(request.limit, 100);
    }

    #[test]
    fn elements_of_a_list_are_alternatives() {
        let request = v4(GetDocumentsV4Request {
            document_statuses: vec!["Finished".to_owned(), "Deleted".to_owned()],
            total_sums: vec!["1200.50".to_owned(), "1200,5".to_owned()],
            custom_data: vec![
                CustomDataItem { key: " Проект ".to_owned(), value: None },
                CustomDataItem { key: "b".to_owned(), value: Some("Ёлка".to_owned()) },
            ],
            sort_direction: Some(SortDirection::Descending as i32),
            count: Some(0),
            ..body()
        })
        .unwrap();
        let statuses = StatusSet::from(StatusWord::Finished).with(StatusWord::Deleted.into());
        assert_eq!(request.filter.statuses, statuses);
        assert_eq!(request.filter.sums[0], request.filter.sums[1]);
        let tag = |key: &str, value: Option<&str>| TagQuery {
            key: key.to_owned(),
            value: value.map(str::to_owned),
        };
        assert_eq!(request.filter.tags, [tag("проект", None), tag("b", Some("елка"))]);
        assert!(request.is_descending && request.limit == 0);
    }

    #[test]
    fn mistakes_are_named() {
        let refuse = |body: GetDocumentsV4Request, words: &str| {
            let refused = v4(body).unwrap_err();
            assert!(refused.to_string().contains(words), "{refused}");
        };
        let text = |text: &str| vec![text.to_owned()];
        refuse(
            GetDocumentsV4Request { document_category: "Any.Inbound".to_owned(), ..body() },
            "DocumentCategory",
        );
        refuse(GetDocumentsV4Request { document_statuses: text("Read"), ..body() }, "DocumentStatuses[0]");
        refuse(
            GetDocumentsV4Request { document_type_named_ids: text("Act"), ..body() },
            "DocumentTypeNamedIds[0]",
        );
        refuse(GetDocumentsV4Request { counteragent_box_ids: text("x"), ..body() }, "CounteragentBoxIds[0]");
        refuse(GetDocumentsV4Request { document_numbers: vec!["1".to_owned(); 11], ..body() }, "at most 10");
        refuse(GetDocumentsV4Request { total_sums: text("много"), ..body() }, "TotalSums[0]");
        refuse(GetDocumentsV4Request { from_total_sum: Some("x".to_owned()), ..body() }, "FromTotalSum");
        refuse(
            GetDocumentsV4Request {
                from_total_sum: Some("2".to_owned()),
                to_total_sum: Some("1".to_owned()),
                ..body()
            },
            "FromTotalSum is larger",
        );
        refuse(
            GetDocumentsV4Request {
                departments: vec![DepartmentFilter {
                    department_id: "x".to_owned(),
                    exclude_subdepartments: None,
                }],
                ..body()
            },
            "Departments[0]",
        );
        refuse(
            GetDocumentsV4Request { custom_data: vec![CustomDataItem::default()], ..body() },
            "CustomData[0]",
        );
        refuse(
            GetDocumentsV4Request {
                from_timestamp: Some(Timestamp { ticks: 1 }),
                document_numbers: text("7"),
                ..body()
            },
            "exclude DocumentNumbers",
        );
        refuse(
            GetDocumentsV4Request {
                to_timestamp: Some(Timestamp { ticks: 1 }),
                from_document_date: Some("01.02.2026".to_owned()),
                ..body()
            },
            "exclude FromDocumentDate",
        );
        refuse(GetDocumentsV4Request { count: Some(101), ..body() }, "Count");
        refuse(GetDocumentsV4Request { after_index_key: Some("AAAA".to_owned()), ..body() }, "AfterIndexKey");
    }
}
