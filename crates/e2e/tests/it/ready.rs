//! Answers that are kept are those that would be made: after every kind of change, for every reader, in both formats.

use potok_testkit::domain::directory::{AccessLevel, Permissions};
use potok_testkit::sdk::api::methods::DeleteQuery;
use potok_testkit::sdk::proto::DocumentId;
use potok_testkit::sdk::proto::events::{MessagePatchToPostV2, ReceiptAttachment};
use potok_testkit::{Letter, Org, PAPER, Person, RawAnswer, RawRequest, World, test_signed};
use potok_types::{DepartmentId, Entropy as _, MessageId, SeededEntropy};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What is asked again and again: a method, what follows the box in its query, and a body where there is one.
type Question = (&'static str, String, Option<String>);

struct Table {
    world: World,
    random: SeededEntropy,
    from: Org,
    to: Org,
    department: DepartmentId,
    /// Sees a part of the box of `to`, and another one after each change of rights.
    clerk: Person,
    /// Message, document, and in the box of `to` the first event has the id of the message.
    sent: Vec<(String, String)>,
    fresh: u64,
}

impl Table {
    async fn new() -> Self {
        let world = World::start_embedded().await;
        let (from, to) = world.two_sides().await;
        let department = world.department(&to, "Продажи", DepartmentId::ZERO).await.id;
        let rights = Permissions { department, ..Permissions::none() };
        let clerk = world.person(to.box_id(), "clerk@b", rights).await;
        let random = SeededEntropy::new(11);
        Self { world, random, from, to, department, clerk, sent: Vec::new(), fresh: 0 }
    }

    fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % bound as u64) as usize
    }

    async fn send(&mut self) {
        let mut letter = Letter::new(self.from.box_id(), self.to.box_id()).wants_receipt();
        letter = letter.comment(&self.sent.len().to_string());
        if self.below(2) == 0 {
            letter.0.to_department_id = Some(self.department.to_string());
        }
        if let Some((message_id, entity_id)) = self.sent.get(self.below(self.sent.len() + 1)).cloned() {
            let base = DocumentId { message_id, entity_id };
            letter.0.document_attachments[0].initial_document_ids = vec![base];
        }
        let message = self.from.boss.post(&letter).await.unwrap();
        self.sent.push((message.message_id, message.entities[0].entity_id.clone()));
    }

    /// One change of anything; what it was.
    async fn change(&mut self) -> &'static str {
        let Some((message, document)) = self.sent.get(self.below(self.sent.len().max(1))).cloned() else {
            self.send().await;
            return "a letter";
        };
        match self.below(7) {
            0 | 1 => {
                self.send().await;
                "a letter"
            }
            2 => {
                self.world.drain().await;
                "deliveries"
            }
            3 => {
                let receipt = ReceiptAttachment {
                    parent_entity_id: document,
                    signed_content: test_signed(PAPER),
                    labels: Vec::new(),
                };
                let patch = MessagePatchToPostV2 {
                    message_id: message,
                    receipts: vec![receipt],
                    ..Default::default()
                };
                // It may be there already, or the letter may be gone, or not have come yet.
                let _refused = self.to.boss.patch(patch).await;
                "a receipt"
            }
            4 => {
                let query = DeleteQuery::new(self.to.box_id(), message.parse::<MessageId>().unwrap());
                let _refused = self.to.boss.client.delete(&query).await;
                "a deletion"
            }
            5 => {
                let none = Permissions::none();
                let rights = match self.below(4) {
                    0 => Permissions { access: AccessLevel::AllDocuments, ..none },
                    1 => Permissions { department: self.department, ..none },
                    2 => Permissions { access: AccessLevel::AllDocuments, is_blocked: true, ..none },
                    _ => none,
                };
                let admin = self.world.app().admin();
                admin.put_employee(self.to.box_id(), self.clerk.user_id, "", rights).await.unwrap();
                "rights"
            }
            _ => {
                self.world.department(&self.to, "Ещё", DepartmentId::ZERO).await;
                "a department"
            }
        }
    }

    fn questions(&self) -> Vec<Question> {
        let request = |(message, document): &(String, String)| json!({"DocumentId": {"MessageId": message, "EntityId": document}, "InjectEntityContent": true});
        let requests: Vec<_> = self.sent.iter().rev().take(10).map(request).collect();
        let docflows = json!({"Requests": requests}).to_string();
        let events = json!({"Filter": {}, "Limit": 50, "PopulateDocuments": true}).to_string();
        let mut questions = vec![
            ("/V7/GetNewEvents", String::new(), None),
            ("/V8/GetNewEvents", format!("&departmentId={}", self.department), None),
            ("/V2/GetLastEvent", String::new(), None),
            ("/V3/GetDocuments", "&filterCategory=Any.Inbound".to_owned(), None),
            ("/V5/GetDocflows", String::new(), Some(docflows)),
            ("/V4/GetDocflowEvents", String::new(), Some(events)),
        ];
        if let Some((message, document)) = self.sent.last() {
            questions.push(("/V3/GetEvent", format!("&eventId={message}"), None));
            questions.push(("/V6/GetMessage", format!("&messageId={message}"), None));
            let document = format!("&messageId={message}&entityId={document}");
            questions.push(("/V3/GetDocument", document, None));
        }
        questions
    }

    async fn ask(&self, who: &Person, question: &Question, more: &str, accept: &str) -> RawAnswer {
        let (method, query, body) = question;
        let path = format!("{method}?boxId={}{query}{more}", who.box_id);
        let request = match body {
            Some(body) => RawRequest::post(path, body.clone()).header("Content-Type", "application/json"),
            None => RawRequest::get(path),
        };
        self.world.raw(request.bearer(&who.access_token).header("Accept", accept)).await
    }

    /// Asks everything, as it was asked before and in words that nobody has used yet. How many answers were ready.
    async fn check(&mut self, change: &str) -> usize {
        let mut ready = 0;
        for question in self.questions() {
            for who in [&self.to.boss, &self.clerk] {
                for accept in ["application/json", "application/x-protobuf"] {
                    self.fresh += 1;
                    let kept = self.ask(who, &question, "", accept).await;
                    let readings = self.world.readings();
                    let again = self.ask(who, &question, "", accept).await;
                    ready += usize::from(self.world.readings() == readings && again.status == 200);
                    let made = self.ask(who, &question, &format!("&unasked={}", self.fresh), accept).await;
                    let place = format!("after {change}: {question:?}, {accept}");
                    assert_eq!((kept.status, kept.text()), (made.status, made.text()), "{place}");
                    assert_eq!([&kept.body, &again.body], [&made.body, &made.body], "{place}");
                    assert_eq!(kept.header("content-type"), made.header("content-type"), "{place}");
                    assert_eq!(again.header("content-type"), made.header("content-type"), "{place}");
                }
            }
        }
        ready
    }
}

#[tokio::test]
async fn what_is_ready_is_what_would_be_made_after_every_change() {
    let mut table = Table::new().await;
    let mut ready = 0;
    for _ in 0..30 {
        let change = table.change().await;
        ready += table.check(change).await;
    }
    assert!(ready > 500, "{ready} answers were ready");
    table.world.drain().await;
    table.world.end().await;
}

/// A question that comes in pieces has the answer of one that comes at once, whether that is kept or not.
#[tokio::test]
async fn a_question_may_come_in_pieces() {
    let mut table = Table::new().await;
    table.send().await;
    table.world.drain().await;
    let questions = table.questions();
    let question = questions.iter().find(|(method, ..)| *method == "/V5/GetDocflows").unwrap();
    let boss = &table.to.boss;
    for _ in 0..3 {
        let whole = table.ask(boss, question, "", "application/json").await;
        assert_eq!(whole.status, 200, "{}", whole.text());
        let body = question.2.clone().unwrap();
        let head = format!(
            "POST {}?boxId={} HTTP/1.1\r\nHost: potok\r\nConnection: close\r\nAccept: application/json\r\n\
             Content-Type: application/json\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
            question.0,
            boss.box_id,
            boss.access_token,
            body.len()
        );
        let mut socket = TcpStream::connect(table.world.address()).await.unwrap();
        for piece in [&head, &body[..1], &body[1..]] {
            socket.write_all(piece.as_bytes()).await.unwrap();
            // It has come by the time this is answered.
            table.ask(boss, question, "", "application/json").await;
        }
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        assert!(answer.ends_with(&whole.body), "{}", String::from_utf8_lossy(&answer));
    }
    table.world.end().await;
}

/// What comes of a request of which `first` bytes come before the rest, but for what names this answer alone: its head, and its body.
async fn answer_of(table: &Table, socket: &mut TcpStream, request: &str, first: usize) -> (String, Vec<u8>) {
    let (begun, rest) = request.split_at(first);
    if !begun.is_empty() {
        socket.write_all(begun.as_bytes()).await.unwrap();
        // It has come by the time this is answered.
        table.ask(&table.to.boss, &table.questions()[0], "", "application/json").await;
    }
    socket.write_all(rest.as_bytes()).await.unwrap();
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(socket.read_u8().await.unwrap()));
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    socket.read_exact(&mut body).await.unwrap();
    let is_its_own = |line: &&str| line.starts_with("date: ") || line.starts_with("x-kontur-trace-id: ");
    assert_eq!(head.lines().filter(is_its_own).count(), 2, "{head}");
    (head.split_inclusive('\n').filter(|line| !is_its_own(line)).collect(), body)
}

/// Who asks in one piece for what is at hand is answered before hyper, and in two pieces by hyper.
#[tokio::test]
async fn an_answer_is_the_same_whoever_writes_it() {
    let mut table = Table::new().await;
    for _ in 0..60 {
        table.send().await;
    }
    table.world.drain().await;
    let boss = &table.to.boss;
    let mut socket = TcpStream::connect(table.world.address()).await.unwrap();
    for (method, query, body) in table.questions() {
        for more in [
            "Accept: application/json",
            "Accept: application/x-protobuf",
            "If-None-Match: *",
            "X-Solution-Info: a",
        ] {
            let (verb, body) =
                (if body.is_some() { "POST" } else { "GET" }, body.clone().unwrap_or_default());
            let request = format!(
                "{verb} {method}?boxId={}{query} HTTP/1.1\r\nHost: potok\r\n{more}\r\nContent-Type: application/json\r\n\
                 Authorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{body}",
                boss.box_id,
                boss.access_token,
                body.len()
            );
            answer_of(&table, &mut socket, &request, 0).await;
            let of_hyper = answer_of(&table, &mut socket, &request, 10).await;
            // Hyper has this one or the one before it, and the next one not.
            for _ in 0..3 {
                let found = answer_of(&table, &mut socket, &request, 0).await;
                assert!(found == of_hyper, "{method} {more}: {} but of hyper {}", found.0, of_hyper.0);
            }
            assert!(of_hyper.0.starts_with("HTTP/1.1 200") || more.starts_with("If-"), "{}", of_hyper.0);
        }
    }
    table.world.end().await;
}
