//! The query of `GET /V3/GetDocuments`.

use potok_api::methods::GetDocumentsQuery;
use potok_domain::Direction;
use potok_domain::query::{DepartmentChoice, DocumentClass, DocumentFilter, DocumentOrder, DocumentsRequest};
use potok_types::DepartmentId;

use super::category;
use super::names::{self, Names};
use crate::BadRequest;

const NAMES: Names = Names {
    what: names::QUERY,
    number: "documentNumber",
    dates: ("fromDocumentDate", "toDocumentDate"),
    times: ("timestampFromTicks", "timestampToTicks"),
    count: "count",
    after: "afterIndexKey",
};

/// Reads the query.
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn v3(query: &GetDocumentsQuery) -> Result<DocumentsRequest, BadRequest> {
    let category = category::read(&query.filter_category)
        .map_err(|expected| NAMES.wrong("filterCategory", &query.filter_category, &expected))?;
    let times = NAMES.times(query.timestamp_from_ticks, query.timestamp_to_ticks)?;
    let dates = NAMES.dates(query.from_document_date.as_deref(), query.to_document_date.as_deref())?;
    let number = query.document_number.as_deref().map(str::trim).filter(|number| !number.is_empty());
    NAMES.exclude_times(times != (None, None), number.is_some(), dates != (None, None))?;
    let order = if dates == (None, None) { DocumentOrder::Time } else { DocumentOrder::Date };
    // Elsewhere a document has a department on one side only that is this box's own.
    let is_internal = category.class == DocumentClass::Direction(Direction::Internal);
    let on_route =
        |department: Option<DepartmentId>| department.filter(|_| is_internal).into_iter().collect();
    Ok(DocumentsRequest {
        filter: DocumentFilter {
            class: Some(category.class),
            statuses: category.statuses,
            types: category.types,
            counteragents: query.counteragent_box_id.into_iter().collect(),
            from_departments: on_route(query.from_department_id),
            to_departments: on_route(query.to_department_id),
            numbers: number.map(str::to_owned).into_iter().collect(),
            dates,
            times,
            ..DocumentFilter::default()
        },
        departments: vec![DepartmentChoice {
            department: query.department_id.unwrap_or(DepartmentId::ZERO),
            with_children: !query.exclude_subdepartments,
            is_named: query.department_id.is_some(),
        }],
        order,
        is_descending: match query.sort_direction.as_deref().map(str::trim) {
            None => false,
            Some(word) if word.eq_ignore_ascii_case("Ascending") => false,
            Some(word) if word.eq_ignore_ascii_case("Descending") => true,
            Some(word) => {
                return Err(NAMES.wrong("sortDirection", word, "Ascending or Descending is expected"));
            }
        },
        after: NAMES.after(order, query.after_index_key.as_ref().map(|key| key.0.as_str()))?,
        limit: NAMES.count(query.count)?,
    })
}

#[cfg(test)]
mod tests {
    use potok_api::QueryParams as _;
    use potok_domain::query::DocumentPlace;
    use potok_domain::rows::{DocumentDate, StatusSet, StatusWord};
    use potok_types::{EntityId, Ticks};

    use super::*;
    use crate::document::index_key;

    const BOX: &str = "boxId=1f208d032a604f6491b1b7aad54cfaf3";
    const PLACE: DocumentPlace = DocumentPlace { date: None, time: Ticks::new(7), entity_id: EntityId::ZERO };

    fn read(rest: &str) -> Result<DocumentsRequest, BadRequest> {
        v3(&GetDocumentsQuery::parse(&format!("{BOX}&{rest}")).unwrap())
    }

    #[test]
    fn without_parameters_the_first_hundred_of_the_category_are_asked_for() {
        let request = read("filterCategory=Any.InboundNotRevoked").unwrap();
        assert_eq!(request.filter.class, Some(DocumentClass::Direction(Direction::Inbound)));
        assert_eq!(request.filter.statuses, StatusSet::from(StatusWord::NotRevoked));
        assert_eq!((request.limit, request.is_descending, request.after), (100, false, None));
        assert_eq!(request.order, DocumentOrder::Time);
        let [choice] = request.departments[..] else { panic!("one department is looked in") };
        assert_eq!(
            (choice.department, choice.with_children, choice.is_named),
            (DepartmentId::ZERO, true, false)
        );
    }

    #[test]
    fn dates_order_by_date() {
        let place = DocumentPlace { date: DocumentDate::parse("01.02.2026"), ..PLACE };
        let request = read(&format!(
            "filterCategory=Contract.Outbound&fromDocumentDate=01.02.2026&toDocumentDate=01.02.2026&documentNumber= 7 \
             &sortDirection=descending&count=0&afterIndexKey={}",
            index_key(place)
        ))
        .unwrap();
        assert_eq!((request.order, request.after), (DocumentOrder::Date, Some(place)));
        assert_eq!(request.filter.numbers, ["7"]);
        assert_eq!((request.limit, request.is_descending), (0, true));
    }

    #[test]
    fn departments_of_a_route_count_inside_the_organization_only() {
        let department = "4c422f4e-7ecd-492d-a652-3aa45007da1b";
        for (class, count) in [("Internal", 1), ("Inbound", 0), ("Proxy", 0)] {
            let request = read(&format!(
                "filterCategory=Any.{class}&fromDepartmentId={department}&toDepartmentId={department}"
            ))
            .unwrap();
            assert_eq!(request.filter.from_departments.len(), count, "{class}");
            assert_eq!(request.filter.to_departments.len(), count, "{class}");
        }
        let request =
            read(&format!("filterCategory=Any.Inbound&departmentId={department}&excludeSubdepartments"));
        let [choice] = request.unwrap().departments[..] else { panic!("one department is looked in") };
        assert!(choice.is_named && !choice.with_children);
    }

    #[test]
    fn mistakes_are_named() {
        let by_time = index_key(PLACE);
        let by_date = index_key(DocumentPlace { date: DocumentDate::parse("01.02.2026"), ..PLACE });
        for (query, words) in [
            ("filterCategory=Any", "filterCategory"),
            ("filterCategory=Nothing.Inbound", "filterCategory"),
            ("filterCategory=Any.Inbound&count=101", "count"),
            ("filterCategory=Any.Inbound&count=-1", "count"),
            ("filterCategory=Any.Inbound&sortDirection=Random", "sortDirection"),
            ("filterCategory=Any.Inbound&fromDocumentDate=2026-02-01", "fromDocumentDate"),
            ("filterCategory=Any.Inbound&toDocumentDate=30.02.2026", "toDocumentDate"),
            (
                "filterCategory=Any.Inbound&fromDocumentDate=02.02.2026&toDocumentDate=01.02.2026",
                "fromDocumentDate 02.02.2026 is later than toDocumentDate 01.02.2026",
            ),
            (
                "filterCategory=Any.Inbound&timestampFromTicks=2&timestampToTicks=1",
                "timestampFromTicks 2 is later than timestampToTicks 1",
            ),
            ("filterCategory=Any.Inbound&timestampToTicks=1&documentNumber=7", "exclude documentNumber"),
            (
                "filterCategory=Any.Inbound&timestampFromTicks=1&toDocumentDate=01.02.2026",
                "exclude fromDocumentDate and toDocumentDate",
            ),
            ("filterCategory=Any.Inbound&afterIndexKey=CN3T_DeCTa4", "cursor must have valid value"),
            ("filterCategory=Any.Inbound&afterIndexKey=!", "afterIndexKey"),
            (&format!("filterCategory=Any.Inbound&afterIndexKey={by_date}"), "without document dates"),
            (
                &format!("filterCategory=Any.Inbound&fromDocumentDate=01.02.2026&afterIndexKey={by_time}"),
                "with document dates",
            ),
        ] {
            let refused = read(query).unwrap_err();
            assert!(refused.to_string().contains(words), "{query}: {refused}");
        }
    }
}
