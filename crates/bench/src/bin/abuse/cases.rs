//! The abuse, case by case. What each of them did to a server without bounds stands beside it.

mod bodies;
mod files;
mod lists;
mod logins;
mod sockets;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::Failed;
use crate::stage::Scene;

type Doing<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// One way to mean no good.
pub(crate) struct Case {
    /// For `POTOK_ABUSE_CASES`.
    pub(crate) name: &'static str,
    /// For people.
    pub(crate) what: &'static str,
    /// How many do it at once.
    callers: usize,
    /// What has to be there before; not measured.
    pub(crate) prepare: fn(Scene) -> Doing<Result<(), Failed>>,
    /// One caller doing it once, and again as long as the case lasts.
    act: fn(Scene, usize) -> Doing<Result<Outcome, Failed>>,
}

/// What came of one act.
pub(crate) enum Outcome {
    /// It was answered by this status.
    Answered(u16),
    /// It holds something until the case is over.
    Holds(Box<dyn std::any::Any + Send>),
}

/// How often the abuse was answered by what.
#[derive(Clone, Default)]
pub(crate) struct Answers(Arc<Mutex<BTreeMap<String, usize>>>);

impl Answers {
    fn count(&self, what: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += 1;
    }
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let told: Vec<String> = counts.iter().map(|(what, count)| format!("{what} × {count}")).collect();
        f.write_str(&told.join(", "))
    }
}

fn nothing(_: Scene) -> Doing<Result<(), Failed>> {
    Box::pin(async { Ok(()) })
}

macro_rules! cases {
    ($($name:literal, $what:literal, $callers:literal, $prepare:path, $act:path;)*) => {
        /// All of them.
        pub(crate) const CASES: &[Case] = &[$(Case {
            name: $name,
            what: $what,
            callers: $callers,
            prepare: |scene| Box::pin($prepare(scene)),
            act: |scene, caller| Box::pin($act(scene, caller)),
        }),*];
    };
}

cases! {
    "shelf-part", "one byte as part 100 000 000 of a file", 4, nothing, files::far_part;
    "shelf-parts", "files of thousands of parts of one byte", 4, nothing, files::many_parts;
    "large-parts", "parts of 60 MB, each in the place of the one before", 4, nothing, files::large_parts;
    "downloads", "files of 400 MB that nobody reads", 40, files::large_file, files::unread_download;
    "words", "searches of 60 000 words", 4, nothing, lists::words;
    "signatures", "patches of 20 000 test signatures", 4, nothing, lists::signatures;
    "allowed-signatures", "patches of as many test signatures as allowed", 4, nothing, lists::allowed_signatures;
    "requests", "patches of 8000 requests for resolutions", 4, nothing, lists::requests;
    "many-requests", "readers of a message with thousands of requests", 2, lists::thousands_of_requests, lists::read_message;
    "labels", "patches of 93 MB of empty labels", 4, lists::prepare_labels, lists::labels;
    "metadata", "a document number of 27 MB", 4, lists::prepare_metadata, lists::metadata;
    "allowed-metadata", "documents with as many words as allowed", 4, nothing, lists::allowed_metadata;
    "json", "85 MB of JSON that is nothing", 4, bodies::prepare_json, bodies::json;
    "held", "bodies of 99 MB that stop before their end", 20, nothing, bodies::held;
    "titles", "titles of millions of elements", 6, bodies::prepare_titles, bodies::titles;
    "forms", "forms of two million pairs for a token", 30, bodies::prepare_forms, bodies::forms;
    "passwords", "wrong passwords for one login", 100, nothing, logins::passwords;
    "made-up", "passwords for logins that nobody has", 100, nothing, logins::made_up;
    "nobody", "empty logins by the name of a known client", 8, nothing, logins::empty;
    "tokens", "calls with tokens that are none", 16, nothing, logins::bad_tokens;
    "silent", "connections that say nothing", 500, nothing, sockets::silent;
    "slow-heads", "heads that never end", 200, nothing, sockets::slow_heads;
}

/// Plays a case for this long; what it was answered.
pub(crate) async fn play(case: &'static Case, scene: &Scene, time: Duration) -> Answers {
    let answers = Answers::default();
    let end = Instant::now() + time;
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..case.callers {
        let (scene, answers) = (Arc::clone(scene), answers.clone());
        callers.spawn(async move {
            while Instant::now() < end {
                let Ok(outcome) = tokio::time::timeout_at(end, (case.act)(Arc::clone(&scene), caller)).await
                else {
                    answers.count("none".to_owned());
                    return;
                };
                match outcome {
                    Ok(Outcome::Answered(status)) => answers.count(status.to_string()),
                    Ok(Outcome::Holds(held)) => {
                        answers.count("held".to_owned());
                        tokio::time::timeout_at(end, std::future::pending::<()>()).await.unwrap_or_default();
                        drop(held);
                    }
                    Err(_) => answers.count("cut off".to_owned()),
                }
            }
        });
    }
    while callers.join_next().await.is_some() {}
    answers
}
