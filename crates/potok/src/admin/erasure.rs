//! `potok admin box erase` and `potok admin box erasures`: messages that a box has kept for as long as it has to.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Args, ValueEnum};
use potok_api::Date;
use potok_app::Admin;
use potok_app::admin::{ErasureWatcher, Foreseen};
use potok_cms::UnixTime;
use potok_domain::erasure::{Erasure, ErasureOrder};
use potok_evidence::{parse_rfc3339, rfc3339};
use potok_types::{BoxId, IndexKey, Ticks};
use serde_json::{Value, json};

use super::{Said, list};
use crate::print;

const SECONDS_OF_A_DAY: i64 = 24 * 3600;

#[derive(Args)]
pub(crate) struct Erase {
    /// The box; the other sides keep what they have
    #[arg(value_name = "BOX")]
    box_id: BoxId,
    /// Erase messages that got nothing new on this day or later: 2020-01-01, or 2020-01-01T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = instant, required_unless_present = "resume")]
    before: Option<Ticks>,
    /// Who wants it: stays in the journal
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Why: stays in the journal
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// What to do when somebody has yet to act in some of them, or when they are drafts or templates
    #[arg(long, value_enum, default_value_t)]
    unfinished: Unfinished,
    /// Do it; without this it is only counted
    #[arg(long, requires_all = ["by", "reason"])]
    yes: bool,
    /// Ends an act that was broken off
    #[arg(long, conflicts_with_all = ["before", "by", "reason", "yes"])]
    resume: bool,
}

/// What is done with messages in which somebody has yet to act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Unfinished {
    /// Erase nothing at all
    #[default]
    Refuse,
    /// Erase the others
    Keep,
    /// Erase them too
    Erase,
}

/// The start of a day, or an instant.
fn instant(text: &str) -> Result<Ticks, String> {
    if let Some(UnixTime(seconds)) = parse_rfc3339(text) {
        return Ok(Ticks::from_unix_seconds(seconds));
    }
    let day: Date = text.parse().map_err(|error| format!("{error}, or as 2027-04-03T00:00:00Z"))?;
    Ok(day.ends_at().plus_seconds(-SECONDS_OF_A_DAY))
}

/// Counts, or does it.
pub(super) async fn erase(admin: &Admin, given: Erase) -> Result<Said, Box<dyn Error>> {
    let Erase { box_id, before, by, reason, unfinished, yes, resume: _ } = given;
    let Some(before) = before else {
        let act = admin.open_erasure(box_id).await?;
        let act = act.ok_or_else(|| {
            format!("box {box_id} has no act that is not ended: `potok admin box erasures {box_id}` lists its acts")
        })?;
        let ErasureOrder { before, with_unfinished, .. } = act.order;
        let left = admin.foresee_erasure(box_id, before, with_unfinished).await?.messages;
        return work_off(admin, box_id, &act, left).await;
    };
    let with_unfinished = unfinished == Unfinished::Erase;
    let foreseen = admin.foresee_erasure(box_id, before, with_unfinished).await?;
    let (true, Some(by), Some(reason)) = (yes, by, reason) else {
        let text = format!(
            "box {box_id}: {}; nothing is erased yet: give --yes, --by and --reason",
            words(&foreseen)
        );
        let json = json!({
            "box_id": box_id.to_string(),
            "before": moment(before),
            "messages": foreseen.messages,
            "events": foreseen.events,
            "up_to": foreseen.up_to.map(|key| key.to_string()),
            "unfinished": foreseen.unfinished,
            "undelivered": foreseen.undelivered,
            "forwarded": foreseen.forwarded,
            "is_erased": false,
        });
        return Ok(Said::new(text, json));
    };
    if foreseen.unfinished > 0 && unfinished == Unfinished::Refuse {
        return Err(format!(
            "{} messages of box {box_id} are not finished, and nothing is erased: give --unfinished keep to leave them, or \
             --unfinished erase",
            foreseen.unfinished
        )
        .into());
    }
    let act = admin.begin_erasure(box_id, ErasureOrder { before, with_unfinished, by, reason }).await?;
    work_off(admin, box_id, &act, foreseen.messages).await
}

/// Does the `left` messages of an act.
async fn work_off(admin: &Admin, box_id: BoxId, act: &Erasure, left: u64) -> Result<Said, Box<dyn Error>> {
    let shown = Shown { all: act.messages + left, tenths: AtomicU64::new(0) };
    let act = admin.work_off_erasure(box_id, act.id, &shown).await?;
    let subject = format!("{} messages of box {box_id} by act {}", act.messages, act.id);
    Ok(Said::new(line(&act), json_of(&act)).changed("box.erase", &subject))
}

/// Every act of a box.
pub(super) async fn erasures(admin: &Admin, box_id: BoxId) -> Result<Said, Box<dyn Error>> {
    Ok(list(&admin.erasures(box_id).await?, line, json_of))
}

/// A line for each tenth, for whoever waits.
struct Shown {
    all: u64,
    tenths: AtomicU64,
}

impl ErasureWatcher for Shown {
    fn advanced(&self, messages: u64) {
        let tenths = (messages * 10).checked_div(self.all).unwrap_or(10);
        if self.tenths.swap(tenths, Ordering::Relaxed) < tenths {
            print::complaint(format!("{messages} of {} messages are gone", self.all));
        }
    }
}

fn words(foreseen: &Foreseen) -> String {
    let Foreseen { messages, events, up_to, unfinished, undelivered, forwarded } = foreseen;
    let last = up_to.map(|key| format!(", the last of them of {}", at(key))).unwrap_or_default();
    format!(
        "{messages} messages would go with {events} events{last}; not finished: {unfinished}; stay until they are delivered: \
         {undelivered}; stay because another box reads them here: {forwarded}"
    )
}

/// An act in words: who, when, why, up to which event, how many.
pub(crate) fn line(act: &Erasure) -> String {
    let Erasure { id, begun_at, order, messages, events, up_to, ended, .. } = act;
    let last = up_to.map(|key| format!(", the last of them {key} of {}", at(key))).unwrap_or_default();
    let end = match ended {
        Some((at, contents)) => format!("ended {}, {contents} contents", moment(*at)),
        None => "not ended".to_owned(),
    };
    format!(
        "{id}  begun {} by {:?} because of {:?}: what is before {}; {messages} messages with {events} events went{last}; {end}",
        moment(*begun_at),
        order.by,
        order.reason,
        moment(order.before)
    )
}

fn json_of(act: &Erasure) -> Value {
    let Erasure { id, begun_at, order, messages, events, up_to, ended, .. } = act;
    json!({
        "act": id.to_string(),
        "begun_at": moment(*begun_at),
        "by": order.by,
        "reason": order.reason,
        "before": moment(order.before),
        "with_unfinished": order.with_unfinished,
        "messages": messages,
        "events": events,
        "up_to": up_to.map(|key| key.to_string()),
        "ended_at": ended.map(|(at, _)| moment(at)),
        "contents": ended.map(|(_, contents)| contents),
        "is_erased": true,
    })
}

/// Keys are close to the time at which they were given.
fn at(key: IndexKey) -> String {
    moment(Ticks::new(key.get()))
}

fn moment(at: Ticks) -> String {
    rfc3339(UnixTime(at.unix_seconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_are_read() {
        let day = instant("2026-02-01").unwrap();
        assert_eq!(Ok(day), instant("2026-02-01T00:00:00Z"));
        assert_eq!(moment(day), "2026-02-01T00:00:00Z");
        assert_eq!(instant("2026-02-01T09:00:00Z"), Ok(day.plus_seconds(9 * 3600)));
        for bad in ["", "2026-02-31", "2026-02-01 09:00", "yesterday"] {
            assert!(instant(bad).unwrap_err().contains("is not a date"), "{bad}");
        }
    }
}
