//! A box with many callers, and what its feed is to be.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::methods::{DeleteQuery, GetNewEventsQuery, OperationQuery};
use potok_testkit::sdk::proto::events::{BoxEvent, EntityPatch};
use potok_testkit::{Letter, Org, Person, World};
use potok_types::{BoxId, IndexKey, MessageId};
use tokio::task::JoinSet;

use super::check::{Model, Recorded};

const CALLERS: u64 = 5;
const CALLS: u64 = 8;
/// Calls of a round that are given up before their answer is heard: each may have been done at any time, which is what a search
/// costs most.
const GIVEN_UP: u64 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum What {
    Created,
    Deleted,
    Restored,
}

/// An event, and the number of its message.
pub(crate) type Item = (What, usize);

#[derive(Clone, Debug)]
pub(crate) enum Call {
    /// Also again, by the same operation.
    Post(usize),
    Delete(usize),
    Restore(usize),
    /// Everything behind so many events.
    Read(usize),
}

#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Done,
    Refused,
    Seen(Vec<Item>),
}

/// The feed of a box.
pub(crate) struct Feed;

impl Model for Feed {
    type State = Vec<Item>;
    type Call = Call;
    type Answer = Answer;

    fn apply(state: &Vec<Item>, call: &Call, answer: Option<&Answer>) -> Option<Vec<Item>> {
        let last = |message: usize| state.iter().rev().find(|item| item.1 == message).map(|item| item.0);
        let (item, applies, may_repeat) = match *call {
            Call::Post(message) => ((What::Created, message), last(message).is_none(), true),
            Call::Delete(message) => (
                (What::Deleted, message),
                matches!(last(message), Some(What::Created | What::Restored)),
                false,
            ),
            Call::Restore(message) => {
                ((What::Restored, message), last(message) == Some(What::Deleted), false)
            }
            Call::Read(after) => {
                let is_so = match answer {
                    Some(Answer::Seen(items)) => state.get(after..).is_some_and(|behind| behind == items),
                    Some(_) => false,
                    None => true,
                };
                return is_so.then(|| state.clone());
            }
        };
        match answer {
            Some(Answer::Done) | None if applies => {
                let mut next = state.clone();
                next.push(item);
                Some(next)
            }
            Some(Answer::Done) => may_repeat.then(|| state.clone()),
            Some(Answer::Refused) => (!applies).then(|| state.clone()),
            None => Some(state.clone()),
            Some(Answer::Seen(_)) => None,
        }
    }
}

/// What callers know together.
#[derive(Default)]
struct Known {
    /// Names of files, which posts are known by before their messages have ids.
    numbers: HashMap<String, usize>,
    messages: HashMap<String, usize>,
    /// Messages that somebody has posted.
    posted: Vec<(usize, MessageId)>,
}

impl Known {
    fn number(&mut self, name: &str) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(name.to_owned()).or_insert(next)
    }

    /// A message is the one of its name, whoever says so.
    fn is(&mut self, number: usize, message: &str) {
        let known = self.messages.insert(message.to_owned(), number);
        assert!(known.is_none_or(|known| known == number), "message {message} is two");
        let id: MessageId = message.parse().unwrap();
        match self.posted.iter().find(|(posted, _)| *posted == number) {
            Some((_, other)) => assert_eq!(*other, id, "post {number} made two messages"),
            None => self.posted.push((number, id)),
        }
    }
}

type Said = Recorded<Call, Answer>;

/// A box, and what was seen there.
struct Desk {
    boss: Person,
    to: BoxId,
    known: Mutex<Known>,
    time: AtomicU64,
    said: Mutex<Vec<Said>>,
}

impl Desk {
    fn tick(&self) -> u64 {
        self.time.fetch_add(1, Ordering::SeqCst)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }

    fn item(&self, event: &BoxEvent) -> Item {
        let mut known = self.known();
        if let Some(message) = &event.message {
            let number = known.number(message.entities[0].file_name());
            known.is(number, &message.message_id);
            return (What::Created, number);
        }
        let patch = event.patch.as_ref().unwrap();
        let number = *known.messages.get(&patch.message_id).expect("its message was seen or answered before");
        let any = |what: fn(&EntityPatch) -> bool| patch.entity_patches.iter().any(what);
        let is_deleted = patch.message_is_deleted() || any(EntityPatch::document_is_deleted);
        let is_restored = patch.message_is_restored() || any(EntityPatch::document_is_restored);
        match (is_deleted, is_restored) {
            (true, false) => (What::Deleted, number),
            (false, true) => (What::Restored, number),
            both => panic!("{both:?} is no event of these: {event:?}"),
        }
    }

    /// Calls, unless it is given up after so many turns of others: then nobody hears the answer.
    async fn call<T>(
        &self,
        call: Call,
        patience: Option<u64>,
        work: impl Future<Output = Result<T, Error>>,
        heard: impl FnOnce(T) -> Answer,
    ) {
        let begun = self.tick();
        let given_up = async {
            match patience {
                Some(turns) => {
                    for _ in 0..turns {
                        tokio::task::yield_now().await;
                    }
                }
                None => std::future::pending().await,
            }
        };
        let answer = tokio::select! {
            answered = work => match answered {
                Ok(answered) => Some(heard(answered)),
                Err(error) if error.status().is_some_and(|status| status < 500) => Some(Answer::Refused),
                Err(_) => None,
            },
            () = given_up => None,
        };
        // What was heard is known before the time at which it ended.
        self.said.lock().unwrap().push(Recorded { begun, ended: self.tick(), call, answer });
    }

    async fn post(&self, name: &str, patience: Option<u64>) {
        let mut letter = Letter::new(self.boss.box_id, self.to);
        letter.0.document_attachments[0] = Letter::document(name, name.to_owned());
        let mut query = OperationQuery::new();
        query.operation_id = Some(name.to_owned());
        let number = self.known().number(name);
        let work = self.boss.client.post_message_v3(&query, letter.0);
        self.call(Call::Post(number), patience, work, |message| {
            self.known().is(number, &message.message_id);
            Answer::Done
        })
        .await;
    }

    async fn delete_or_restore(&self, (number, message): (usize, MessageId), deletes: bool) {
        let query = DeleteQuery::new(self.boss.box_id, message);
        let client = &self.boss.client;
        if deletes {
            self.call(Call::Delete(number), None, client.delete(&query), |_| Answer::Done).await;
        } else {
            self.call(Call::Restore(number), None, client.restore(&query), |_| Answer::Done).await;
        }
    }

    /// Reads what comes behind a place; the place behind that.
    async fn read(&self, (seen, key): (usize, Option<IndexKey>)) -> (usize, Option<IndexKey>) {
        let mut query = GetNewEventsQuery::new(self.boss.box_id);
        (query.after_index_key, query.limit) = (key, Some(100));
        let mut place = (seen, key);
        let work = self.boss.client.get_new_events_v8(&query);
        self.call(Call::Read(seen), None, work, |page| {
            let items: Vec<Item> = page.events.iter().map(|event| self.item(event)).collect();
            if let Some(last) = page.events.last() {
                place = (seen + items.len(), Some(last.index_key().parse().unwrap()));
            }
            Answer::Seen(items)
        })
        .await;
        place
    }

    /// One of those who call at once.
    async fn caller(&self, round: u64, nth: u64, from: (usize, Option<IndexKey>)) {
        let mut chance = round * 1_000_003 + nth * 7919;
        let mut next = move |bound: u64| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (chance >> 33) % bound
        };
        let mut place = from;
        for call in 0..CALLS {
            let name = format!("{round}-{nth}-{call}");
            // The first ones of a round are given up, and done again later.
            if call == 0 && nth < GIVEN_UP {
                self.post(&name, Some(next(60))).await;
                continue;
            }
            let posted = {
                let known = self.known();
                let among = known.posted.len() as u64;
                (among > 0).then(|| known.posted[next(among) as usize])
            };
            match (next(10), posted) {
                (0..=3, _) | (8.., None) => self.post(&name, None).await,
                (4, _) => self.post(&format!("{round}-{nth}-0"), None).await,
                (5..=7, _) => place = self.read(place).await,
                (it, Some(posted)) => self.delete_or_restore(posted, it == 8).await,
            }
        }
    }
}

/// A world with the box in it.
pub(crate) struct Place {
    world: World,
    desk: Arc<Desk>,
    /// The feed so far, and the place of its end.
    begin: Vec<Item>,
    end: Option<IndexKey>,
    _other: Org,
}

impl Place {
    pub(crate) async fn new(mut world: World) -> Self {
        let (a, b) = world.two_sides().await;
        // Nothing is delivered: the events of the box are those that its callers make.
        world.leave_deliveries();
        let desk = Desk {
            boss: a.boss.clone(),
            to: b.box_id(),
            known: Mutex::default(),
            time: AtomicU64::new(0),
            said: Mutex::default(),
        };
        Self { world, desk: Arc::new(desk), begin: Vec::new(), end: None, _other: b }
    }

    /// Lets many call at once, and one read everything when they have ended: the feed before, and what each saw.
    pub(crate) async fn round(&mut self, round: u64) -> (Vec<Item>, Vec<Said>) {
        let from = (self.begin.len(), self.end);
        let mut callers = JoinSet::new();
        for nth in 0..CALLERS {
            let desk = Arc::clone(&self.desk);
            callers.spawn(async move { desk.caller(round, nth, from).await });
        }
        callers.join_all().await;
        // What was given up is not done after its repeat: the next round begins with what this one ends with.
        for nth in 0..CALLERS {
            self.desk.post(&format!("{round}-{nth}-0"), None).await;
        }
        let (_, end) = self.desk.read(from).await;
        let history = std::mem::take(&mut *self.desk.said.lock().unwrap());
        let begin = self.begin.clone();
        if let Some(Answer::Seen(items)) = &history.last().unwrap().answer {
            self.begin.extend(items);
        }
        self.end = end;
        (begin, history)
    }

    pub(crate) async fn end(self) {
        self.world.end().await;
    }
}
