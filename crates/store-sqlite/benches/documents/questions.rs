//! What is asked of a box.

use potok_domain::Direction;
use potok_domain::access::Scope;
use potok_domain::query::{DocumentClass, DocumentFilter, DocumentOrder, DocumentPlace};
use potok_domain::rows::{DocumentDate, StatusSet, StatusWord, Sum, TagQuery};
use potok_store::{DocumentQuery, SearchQuery, SearchWords};
use potok_types::{DepartmentId, EntityId, Ticks};

use crate::shelf::{BEGINNING, DEPARTMENTS, MINUTE, Shelf, counteragent, date_of, department, spread};

/// What is asked.
pub(crate) enum Question {
    /// A page of a list with its total.
    List(Box<DocumentQuery>),
    /// A page of a search.
    Search(SearchQuery),
}

/// A partner with one document in eighty.
const MIDDLE: usize = 7;

impl Shelf {
    /// The same of every box, with its own numbers.
    pub(crate) fn questions(&self) -> Vec<(String, Question)> {
        let named = self.well_known().into_iter().map(|(name, question)| (name.to_owned(), question));
        named.chain(self.categories()).chain(self.deep_pages()).chain(self.scopes()).collect()
    }

    /// Every status of every class, in the whole box and in parts of it.
    fn categories(&self) -> Vec<(String, Question)> {
        let classes = [
            ("Inbound", DocumentClass::Direction(Direction::Inbound)),
            ("Outbound", DocumentClass::Direction(Direction::Outbound)),
            ("Internal", DocumentClass::Direction(Direction::Internal)),
            ("Proxy", DocumentClass::Proxy),
        ];
        let statuses: Vec<(&str, StatusSet)> = [("", StatusSet::ANY)]
            .into_iter()
            .chain(StatusWord::ALL.iter().map(|word| (word.name(), StatusSet::from(*word))))
            .collect();
        let (from, half) = (DocumentDate::parse("01.01.2023"), self.size / 2);
        let mut all = Vec::new();
        for (class_name, class) in classes {
            for &(status, statuses) in &statuses {
                let filter = || DocumentFilter { class: Some(class), statuses, ..DocumentFilter::default() };
                let partner =
                    |number| DocumentFilter { counteragents: vec![counteragent(number)], ..filter() };
                let dated = |filter| DocumentFilter { dates: (from, None), ..filter };
                let rare = Scope::of_departments([department(DEPARTMENTS)]);
                let mut add = |what: &str, question| {
                    all.push((format!("{class_name}{status}{what}"), question));
                };
                add("", self.list(filter(), DocumentOrder::Time, true, None));
                add(" of a counteragent", self.list(partner(MIDDLE), DocumentOrder::Time, false, None));
                add(" by date", self.list(dated(filter()), DocumentOrder::Date, true, None));
                add(
                    " of a counteragent by date",
                    self.list(dated(partner(MIDDLE)), DocumentOrder::Date, false, None),
                );
                if class_name == "Inbound" {
                    add(" of the largest", self.list(partner(0), DocumentOrder::Time, true, None));
                    add(
                        " in a department",
                        self.list(
                            DocumentFilter { within: rare, ..filter() },
                            DocumentOrder::Time,
                            true,
                            None,
                        ),
                    );
                    let invoices = DocumentFilter { types: vec!["Invoice".to_owned()], ..filter() };
                    add(" invoices", self.list(invoices, DocumentOrder::Time, false, None));
                    let number = DocumentFilter { numbers: vec![half.to_string()], ..filter() };
                    add(" of one number", self.list(number, DocumentOrder::Time, false, None));
                }
            }
        }
        all
    }

    /// From the middle and from near the end of a list, in both orders and directions.
    fn deep_pages(&self) -> Vec<(String, Question)> {
        let mut all = Vec::new();
        for (order_name, order) in [("time", DocumentOrder::Time), ("date", DocumentOrder::Date)] {
            for is_descending in [false, true] {
                for (place_name, number) in [("middle", self.size / 2), ("end", self.size - self.size / 50)] {
                    let number = if is_descending { self.size - number } else { number };
                    for (who, counteragents) in
                        [("", vec![]), (" of a counteragent", vec![counteragent(MIDDLE)])]
                    {
                        let filter = DocumentFilter {
                            class: Some(DocumentClass::Direction(Direction::Inbound)),
                            statuses: StatusSet::ANY,
                            counteragents,
                            dates: match order {
                                DocumentOrder::Date => (DocumentDate::parse("01.01.2023"), None),
                                DocumentOrder::Time => (None, None),
                            },
                            ..DocumentFilter::default()
                        };
                        let direction = if is_descending { ", descending" } else { "" };
                        let name =
                            format!("Inbound{who} by {order_name}{direction}, from the {place_name} on");
                        all.push((name, self.list(filter, order, is_descending, Some(number))));
                    }
                }
            }
        }
        all
    }

    /// Every scope of a search, with words of all and of few documents.
    fn scopes(&self) -> Vec<(String, Question)> {
        let tag = TagQuery { key: "проект".to_owned(), value: Some("7".to_owned()) };
        let half = (self.size / 2).to_string();
        let mut all = Vec::new();
        for (scope, direction, is_deleted) in [
            ("Any", None, false),
            ("Incoming", Some(Direction::Inbound), false),
            ("Outgoing", Some(Direction::Outbound), false),
            ("Deleted", None, true),
            ("Internal", Some(Direction::Internal), false),
        ] {
            for (what, words) in [
                ("a common word", SearchWords::Any(vec!["ооо".to_owned()])),
                ("a middle word", SearchWords::Any(vec![format!("партнер{MIDDLE}")])),
                ("a number", SearchWords::Any(vec![half.clone()])),
                ("a tag", SearchWords::Tags(vec![tag.clone()])),
                ("nothing", SearchWords::Any(vec!["нет".to_owned()])),
            ] {
                for (where_, department) in [("", None), (" in a department", Some(department(DEPARTMENTS)))]
                {
                    let Question::Search(query) = self.search(words.clone(), is_deleted, department, 0)
                    else {
                        continue;
                    };
                    let query = SearchQuery { direction, ..query };
                    all.push((format!("search {scope}: {what}{where_}"), Question::Search(query)));
                }
            }
        }
        all
    }

    fn well_known(&self) -> Vec<(&'static str, Question)> {
        let end = BEGINNING + self.size as i64 * MINUTE;
        let middle = self.size / 2;
        let of = |direction, word: Option<StatusWord>| DocumentFilter {
            class: Some(DocumentClass::Direction(direction)),
            statuses: word.map_or(StatusSet::ANY, StatusSet::from),
            ..DocumentFilter::default()
        };
        let inbound = || of(Direction::Inbound, None);
        let any = || DocumentFilter { class: None, ..inbound() };
        let list = |filter| self.list(filter, DocumentOrder::Time, false, None);
        let date = |text: &str| DocumentDate::parse(text);
        let text = |number: usize| vec![number.to_string()];
        let of_partner = |partner, filter: DocumentFilter| DocumentFilter {
            counteragents: vec![counteragent(partner)],
            ..filter
        };
        let half = self.size / 2;
        let (a_partner, a_tag) = (
            (half..).find(|number| self.partner(*number) >= 1000).unwrap_or(half),
            TagQuery { key: "проект".to_owned(), value: Some("7".to_owned()) },
        );
        vec![
            ("Any.Inbound", list(inbound())),
            ("Any.Inbound, descending", self.list(inbound(), DocumentOrder::Time, true, None)),
            (
                "Any.Inbound, from the middle on",
                self.list(inbound(), DocumentOrder::Time, false, Some(middle)),
            ),
            ("Any.InboundNotRead", list(of(Direction::Inbound, Some(StatusWord::NotRead)))),
            ("Any.OutboundFinished", list(of(Direction::Outbound, Some(StatusWord::Finished)))),
            (
                "Any.InboundInvoiceAmendmentRequested, hardly any",
                list(of(Direction::Inbound, Some(StatusWord::InvoiceAmendmentRequested))),
            ),
            ("Any.InboundDeleted", list(of(Direction::Inbound, Some(StatusWord::Deleted)))),
            (
                "Any.InboundRevocationAccepted, none",
                list(of(Direction::Inbound, Some(StatusWord::RevocationAccepted))),
            ),
            (
                "Invoices of a rare department",
                list(DocumentFilter {
                    types: vec!["Invoice".to_owned()],
                    within: Scope::of_departments([department(DEPARTMENTS)]),
                    ..any()
                }),
            ),
            ("Any.Inbound of the largest counteragent", list(of_partner(0, inbound()))),
            ("everything of a counteragent of one document", list(of_partner(1000 + a_partner, any()))),
            (
                "Any.InboundNotRead of the largest counteragent",
                list(of_partner(0, of(Direction::Inbound, Some(StatusWord::NotRead)))),
            ),
            (
                "Any.InboundNotFinished of a middle counteragent",
                list(of_partner(MIDDLE, of(Direction::Inbound, Some(StatusWord::NotFinished)))),
            ),
            (
                "Any.Inbound of the last day",
                list(DocumentFilter { times: (Some(Ticks::new(end - 1440 * MINUTE)), None), ..inbound() }),
            ),
            ("by number", list(DocumentFilter { numbers: text(half), ..any() })),
            (
                "Any.Inbound by date, one day",
                self.list(
                    DocumentFilter { dates: (date("03.01.2023"), date("03.01.2023")), ..inbound() },
                    DocumentOrder::Date,
                    false,
                    None,
                ),
            ),
            (
                "Any.InboundNotRead by date, descending",
                self.list(
                    DocumentFilter {
                        dates: (date("01.01.2023"), None),
                        ..of(Direction::Inbound, Some(StatusWord::NotRead))
                    },
                    DocumentOrder::Date,
                    true,
                    None,
                ),
            ),
            (
                "Any.Inbound of a counteragent by date",
                self.list(
                    of_partner(MIDDLE, DocumentFilter { dates: (date("01.01.2023"), None), ..inbound() }),
                    DocumentOrder::Date,
                    false,
                    None,
                ),
            ),
            (
                "V4: three statuses, two types",
                list(DocumentFilter {
                    statuses: [StatusWord::NotRead, StatusWord::Deleted, StatusWord::NotFinished]
                        .into_iter()
                        .fold(StatusSet::default(), |set, word| set.with(word.into())),
                    types: vec!["Invoice".to_owned(), "Nonformalized".to_owned()],
                    ..inbound()
                }),
            ),
            (
                "V4: by file name",
                list(DocumentFilter {
                    file_names: vec![
                        format!("act_{half}.xml"),
                        format!("upd_{half}.xml"),
                        format!("invoice_{half}.xml"),
                        format!("contract_{half}.xml"),
                    ],
                    ..any()
                }),
            ),
            (
                "V4: sums from 500 to 501",
                list(DocumentFilter { sum_range: (Sum::parse("500"), Sum::parse("501")), ..inbound() }),
            ),
            (
                "V4: sums up to 900000",
                list(DocumentFilter { sum_range: (None, Sum::parse("900000")), ..inbound() }),
            ),
            ("V4: by a tag", list(DocumentFilter { tags: vec![a_tag.clone()], ..inbound() })),
            ("search: a number", self.search(SearchWords::Any(text(half)), false, None, 0)),
            (
                "search: a word of every document",
                self.search(SearchWords::Any(vec!["ооо".to_owned()]), false, None, 0),
            ),
            (
                "search: three common words, page 10",
                self.search(
                    SearchWords::Any(["ооо", "xml", "upd"].map(str::to_owned).to_vec()),
                    false,
                    None,
                    900,
                ),
            ),
            (
                "search: a word of every document, deleted",
                self.search(SearchWords::Any(vec!["ооо".to_owned()]), true, None, 0),
            ),
            (
                "search: a common word in a rare department",
                self.search(
                    SearchWords::Any(vec!["xml".to_owned()]),
                    false,
                    Some(department(DEPARTMENTS)),
                    0,
                ),
            ),
            (
                "search: nothing is found",
                self.search(SearchWords::Any(vec!["нет".to_owned()]), false, None, 0),
            ),
            ("search: a tag", self.search(SearchWords::Tags(vec![a_tag]), false, None, 0)),
        ]
    }

    fn partner(&self, number: usize) -> usize {
        let spread = spread(number);
        if spread % 4 == 3 { 1000 + number } else { 0 }
    }

    /// A page behind the document of the number `after`.
    fn list(
        &self,
        filter: DocumentFilter,
        order: DocumentOrder,
        is_descending: bool,
        after: Option<usize>,
    ) -> Question {
        let after = after.map(|number| DocumentPlace {
            date: (order == DocumentOrder::Date).then(|| date_of(number)),
            time: Ticks::new(BEGINNING + number as i64 * MINUTE),
            entity_id: EntityId::ZERO,
        });
        let box_id = self.id;
        Question::List(Box::new(DocumentQuery {
            box_id,
            filter,
            order,
            is_descending,
            after,
            limit: 100,
            count_up_to: 1000,
        }))
    }

    fn search(
        &self,
        words: SearchWords,
        is_deleted: bool,
        department: Option<DepartmentId>,
        skip: usize,
    ) -> Question {
        let within = department.map_or(Scope::All, |department| Scope::of_departments([department]));
        let box_id = self.id;
        Question::Search(SearchQuery {
            box_id,
            words,
            direction: None,
            is_deleted: Some(is_deleted),
            within,
            skip,
            limit: 101,
        })
    }
}
