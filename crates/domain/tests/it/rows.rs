//! What lists show of a document and find it by. Its statuses are told with its lifecycle.

use potok_domain::Direction;
use potok_domain::rows::{DocumentRow, counteragent_token, document_rows};
use potok_stories::{Story, Who, box_of};

fn row(story: &Story, who: Who) -> DocumentRow {
    let state = story.simulation.state(who, story.message()).expect("the message is there");
    let mut rows = document_rows(&potok_domain::docflow::Docflows::of(&state));
    assert_eq!(rows.len(), 1, "one document, one row");
    rows.remove(0)
}

#[test]
fn what_a_row_holds() {
    let mut story = Story::new();
    let step = |story: &mut Story, step: &str| story.step(step).expect("it is taken");
    step(&mut story, "post Contract delay filled number=7");
    let before = row(&story, Who::A);
    assert_eq!(before.listed_at, before.created_at, "what is not sent is listed by when it was made");
    assert!(!before.traits.is_sent);
    step(&mut story, "A signs d1");
    step(&mut story, "deliver");
    let [sent, arrived] = [Who::A, Who::B].map(|who| row(&story, who));
    assert!(sent.created_at == before.created_at && sent.listed_at > before.listed_at, "by when it was sent");
    let at_b = story.simulation.state(Who::B, story.message()).expect("it has arrived");
    assert_eq!(arrived.listed_at, at_b.created_at(), "by when it arrived");
    for (row, direction, who) in
        [(&sent, Direction::Outbound, Who::B), (&arrived, Direction::Inbound, Who::A)]
    {
        assert!(row.traits.is_sent && !row.traits.has_proxy && row.traits.route.is_none());
        assert_eq!((row.traits.direction, row.traits.type_named_id.as_str()), (direction, "Contract"));
        assert_eq!(row.counteragent, box_of(who));
        assert_eq!(row.number.as_deref(), Some("7"));
        assert_eq!(row.date.map(|date| date.to_string()).as_deref(), Some("01.02.2026"));
        assert_eq!(row.file_name.as_deref(), Some("contract.pdf"));
    }
    step(&mut story, "A tags d1 Проект=Ёлка-7");
    let tagged = row(&story, Who::A);
    let added: Vec<&str> =
        tagged.tokens.iter().filter(|token| !sent.tokens.contains(token)).map(String::as_str).collect();
    assert_eq!(added, ["елка", "елка-7", "проект"]);
    for word in ["7", "01.02.2026", "contract.pdf", "contract", "pdf", &counteragent_token(box_of(Who::B))] {
        assert!(sent.tokens.iter().any(|token| token == word), "{word}: {:?}", sent.tokens);
    }
    assert!(sent.tokens.is_sorted());
}
